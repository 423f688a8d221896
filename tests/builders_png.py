"""PNG files by hand: ``png(ihdr(), text(b"…"), idat())``. Clauses of ISO/IEC 15948."""

from __future__ import annotations

import struct
import zlib

from builders import CANARY

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: colour type → samples a pixel
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


def chunk(kind: bytes, body: bytes = b"", *, checksum: int | None = None) -> bytes:
    """Return a chunk with its length and checksum (5.3)."""
    crc = zlib.crc32(kind + body) if checksum is None else checksum
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def ihdr(
    width: int = 8, height: int = 8, *, depth: int = 8, colour: int = 2, lace: int = 0
) -> bytes:
    """Return the header chunk (11.2.2)."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, lace))


def rows(
    width: int = 8, height: int = 8, *, depth: int = 8, colour: int = 2, lace: int = 0
) -> bytes:
    """Return rows of a pattern, each behind its filter byte, as they are before deflate."""
    out = bytearray()
    for left, top, across, down in ADAM7 if lace else ((0, 0, 1, 1),):
        columns, lines = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0:
            length = -(-columns * depth * SAMPLES[colour] // 8)
            for line in range(max(lines, 0)):
                out += b"\x00" + bytes((line * 37 + at * 11) % 256 for at in range(length))
    return bytes(out)


def idat(raw: bytes | None = None, *, tail: bytes = b"", parts: int = 1) -> bytes:
    """Return *raw* rows in as many IDAT chunks as *parts* says, *tail* behind their stream."""
    stream = zlib.compress(rows() if raw is None else raw) + tail
    size = -(-len(stream) // parts)
    return b"".join(
        chunk(b"IDAT", stream[at : at + size]) for at in range(0, len(stream), max(size, 1))
    )


IEND = chunk(b"IEND")


def png(*parts: bytes, end: bytes = IEND) -> bytes:
    """Return the signature, *parts*, and IEND."""
    return SIGNATURE + b"".join(parts) + end


def picture(*before: bytes, after: bytes = b"", end: bytes = IEND) -> bytes:
    """Return a picture in truecolour of 8 × 8 pixels, with chunks around its image data."""
    return png(ihdr(), *before, idat(), after, end=end)


def palette(colours: int = 4) -> bytes:
    """Return a palette (11.2.3)."""
    return chunk(b"PLTE", bytes(range(3 * colours)))


def indexed(*before: bytes, after_palette: bytes = b"", depth: int = 2) -> bytes:
    """Return a picture of indices, with chunks in front of its palette and behind it."""
    kind = {"depth": depth, "colour": 3}
    head = ihdr(depth=depth, colour=3)
    return png(head, *before, palette(1 << depth), after_palette, idat(rows(**kind)))


def iccp(profile: bytes, *, name: bytes = b"ICC profile", tail: bytes = b"") -> bytes:
    """Return a colour profile chunk (11.3.2.3)."""
    return chunk(b"iCCP", name + b"\x00\x00" + zlib.compress(profile, 9) + tail)


def actl(frames: int, *, tail: bytes = b"") -> bytes:
    """Return the head of an animation (third edition, 11.3.6.1)."""
    return chunk(b"acTL", struct.pack(">II", frames, 0) + tail)


def fctl(number: int, *, width: int = 8, height: int = 8, left: int = 0) -> bytes:
    """Return the head of a frame (third edition, 11.3.6.2)."""
    body = struct.pack(">IIIIIHHBB", number, width, height, left, 0, 1, 10, 0, 0)
    return chunk(b"fcTL", body)


def fdat(number: int, raw: bytes | None = None, *, tail: bytes = b"") -> bytes:
    """Return rows of a frame (third edition, 11.3.6.3)."""
    stream = zlib.compress(rows()[::-1] if raw is None else raw) + tail
    return chunk(b"fdAT", struct.pack(">I", number) + stream)


def _second() -> bytes:
    return zlib.compress(b"".join(b"\x00" + bytes(range(row, row + 24)) for row in range(8)))


def animation(*extra: bytes, frame: bytes | None = None, frames: int = 2) -> bytes:
    """Return an animation of two frames, the image itself the first; *extra* before IDAT."""
    second = chunk(b"fdAT", struct.pack(">I", 2) + _second()) if frame is None else frame
    return png(ihdr(), actl(frames), *extra, fctl(0), idat(), fctl(1), second)


#: A canary in every slot of a still picture: name → the whole file.
SLOTS = {
    **{
        kind: picture(chunk(kind.encode(), b"k\x00\x00" + CANARY))
        for kind in (
            *("tEXt", "iTXt", "eXIf", "tIME", "caBX", "iDOT", "sPLT", "hIST", "oFFs", "pCAL"),
            *("sCAL", "sTER", "prVt", "zxIf", "dSIG", "gIFx", "vpAg", "gdAT", "mkBF"),
        )
    },
    "zTXt": picture(chunk(b"zTXt", b"k\x00\x00" + zlib.compress(CANARY))),
    "text after the image": picture(after=chunk(b"tEXt", b"k\x00" + CANARY)),
    "after IEND": picture() + CANARY,
    "inside IEND": picture(end=chunk(b"IEND", CANARY)),
    "behind the stream": png(ihdr(), idat(tail=CANARY)),
    "in an IDAT of its own": png(ihdr(), idat(), chunk(b"IDAT", CANARY)),
    "behind the stream, in two": png(ihdr(), idat(tail=CANARY * 3, parts=4)),
    "a suggested palette": picture(chunk(b"PLTE", CANARY[:24])),
    "a second header of a frame": picture(chunk(b"fcTL", CANARY + b"x")),
    "a frame that nobody shows": picture(after=fctl(0) + fdat(1, CANARY * 8)),
    "an animation announced too late": picture(after=actl(1) + fctl(0) + fdat(1, CANARY * 8)),
    "a profile that is none": picture(iccp(CANARY * 8)),
    "a profile of the right length that is none": picture(
        iccp(struct.pack(">I", 4 + len(CANARY) * 8) + CANARY * 8)
    ),
}
#: Kept chunks as they should be, in truecolour.
FIXED = {
    "gAMA": struct.pack(">I", 45455),
    "cHRM": struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000),
    "sRGB": b"\x00",
    "sBIT": b"\x08\x08\x08",
    "bKGD": bytes(6),
    "cICP": b"\x01\x0d\x00\x01",
    "mDCV": bytes(24),
    "cLLI": bytes(8),
    "pHYs": bytes(8) + b"\x01",
}
