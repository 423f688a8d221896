"""JPEG 2000 by hand (ISO/IEC 15444-1): ``jp2(box(b"xml ", …), coded=stream(com(b"words")))``.

The packets are Pillow's encoder's; markers and boxes around them are put down here.
"""

from __future__ import annotations

import functools
import io
import struct

from PIL import Image

from verify.built import box

SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
FTYP = box(b"ftyp", b"jp2 ", bytes(4), b"jp2 ")
EXIF = b"JpgTiffExif->JP2"
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
COLR = box(b"colr", b"\1\0\0", struct.pack(">I", 16))


@functools.cache
def coded(mode: str = "RGB", *, tiled: bool = False) -> bytes:
    """Return a bare codestream of 40 by 24 pixels."""
    parts = [Image.effect_noise((40, 24), 30 + number).tobytes() for number in range(len(mode))]
    planes = [Image.frombytes("L", (40, 24), part) for part in parts]
    image = planes[0] if len(mode) == 1 else Image.merge(mode, planes)
    file = io.BytesIO()
    options: dict[str, object] = {"tile_size": (16, 16)} if tiled else {}
    image.save(file, "jpeg2000", no_jp2=True, comment="", **options)
    # The encoder's own comment goes: this is what a clean codestream is.
    return without(file.getvalue(), 0x64)


def segments(data: bytes) -> list[tuple[int, int, int]]:
    """Return (marker, start, stop) of the main header."""
    at, out = 2, []
    while data[at + 1] != 0x90:
        stop = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        out.append((data[at + 1], at, stop))
        at = stop
    return out


def without(data: bytes, marker: int) -> bytes:
    """Return a codestream without a marker of its main header."""
    for kind, start, stop in reversed(segments(data)):
        if kind == marker:
            data = data[:start] + data[stop:]
    return data


def marker(kind: int, body: bytes) -> bytes:
    """Return a marker segment."""
    return bytes((0xFF, kind)) + struct.pack(">H", len(body) + 2) + body


def stream(*more: bytes, base: bytes = b"") -> bytes:
    """Return a codestream with *more* at the end of its main header."""
    data = base or coded()
    at = segments(data)[-1][2]
    return data[:at] + b"".join(more) + data[at:]


def in_tile(*more: bytes, base: bytes = b"") -> bytes:
    """Return a codestream with *more* in the header of its first tile-part."""
    data = base or coded()
    at = segments(data)[-1][2]
    size = struct.unpack_from(">I", data, at + 6)[0] + sum(map(len, more))
    head = data[at : at + 6] + struct.pack(">I", size) + data[at + 10 : at + 12]
    return data[:at] + head + b"".join(more) + data[at + 12 :]


def ihdr(width: int = 40, height: int = 24, *, count: int = 3, depth: int = 7) -> bytes:
    """Return an image header box."""
    return box(b"ihdr", struct.pack(">IIHBBBB", height, width, count, depth, 7, 0, 0))


def jp2(
    *more: bytes,
    data: bytes = b"",
    header: bytes = ihdr() + COLR,
    behind: bytes = b"",
    brand: bytes = FTYP,
) -> bytes:
    """Return a file with *more* boxes between its header and its codestream."""
    picture = box(b"jp2c", data or coded())
    return SIGNATURE + brand + box(b"jp2h", header) + b"".join(more) + picture + behind
