"""GIFs by hand (GIF89a): ``gif(loop(3), control(), image(), comment(b"…"))``."""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Iterable

from PIL import Image

PALETTE = bytes(range(48))
MAGIC = bytes((1, *range(255, -1, -1), 0))


def sub_blocks(body: bytes, size: int = 255) -> bytes:
    """Return *body* in sub-blocks of *size* bytes."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\x00"


def extension(label: int, *bodies: bytes, size: int = 255) -> bytes:
    """Return an extension: its first sub-block, then the rest."""
    first, *rest = bodies or (b"",)
    head = bytes((0x21, label)) + (bytes((len(first),)) + first if first else b"")
    return head + sub_blocks(b"".join(rest), size)


def control(delay: int = 5, *, packed: int = 0, index: int = 0, more: bytes = b"") -> bytes:
    return extension(0xF9, struct.pack("<BHB", packed, delay, index), more)


def comment(text: bytes) -> bytes:
    return extension(0xFE, b"", text)


def plain_text(text: bytes) -> bytes:
    return extension(0x01, bytes(12), text)


def application(name: bytes, body: bytes = b"", *, size: int = 255) -> bytes:
    return extension(0xFF, name, body, size=size)


def loop(count: int, name: bytes = b"NETSCAPE2.0", more: bytes = b"") -> bytes:
    return application(name, b"\x01" + struct.pack("<H", count) + more)


def xmp(packet: bytes) -> bytes:
    """Return a packet as the specification has it, not in sub-blocks."""
    return b"\x21\xff\x0bXMP DataXMP" + packet + MAGIC


def codes(numbers: Iterable[int], size: int = 4, *, tail: int = 0) -> bytes:
    """Return *numbers* coded as Appendix F says, with *tail* in the bits behind the last."""
    clear = 1 << size
    value = at = 0
    width, entries = size + 1, clear + 1
    for number in numbers:
        value |= number << at
        at += width
        if number == clear:
            width, entries = size + 1, clear + 1
            continue
        entries += 1
        if entries == 1 << width and width < 12:
            width += 1
    value |= tail << at
    return value.to_bytes(-(-max(at, value.bit_length()) // 8), "little")


#: sixteen pixels of sixteen colours, with clear code in front and end code behind
CODES = codes([16, *range(16), 17])


def image(
    coded: bytes = CODES,
    *,
    size: int = 4,
    packed: int = 0,
    table: bytes = b"",
    width: int = 4,
    height: int = 4,
    cut: int = 255,
) -> bytes:
    """Return a picture of sixteen pixels, in sub-blocks of *cut* bytes."""
    head = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, packed)
    return head + table + bytes((size,)) + sub_blocks(coded, cut)


def gif(
    *blocks: bytes,
    version: bytes = b"GIF89a",
    packed: int = 0xF3,
    background: int = 0,
    shape: int = 0,
    table: bytes = PALETTE,
    end: bytes = b"\x3b",
) -> bytes:
    """Return a GIF of *blocks*, one picture by default."""
    screen = struct.pack("<HHBBB", 4, 4, packed, background, shape)
    return version + screen + table + b"".join(blocks or (image(),)) + end


@functools.cache
def animation(frames: int = 3, size: int = 48) -> bytes:
    """Return a drawn animation as an encoder writes it."""
    pictures = [Image.effect_noise((size, size), 30 + 20 * n).convert("P") for n in range(frames)]
    file = io.BytesIO()
    pictures[0].save(
        file, "GIF", save_all=True, append_images=pictures[1:], duration=[40, 70, 110][:frames],
        loop=2, disposal=2, comment=b"drawn somewhere",
    )  # fmt: skip
    return file.getvalue()
