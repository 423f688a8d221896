"""JPEG XL by hand (ISO/IEC 18181): ``jxl(box(b"Exif", …), parts=2)``."""

from __future__ import annotations

import struct

from verify.built import box

SIGNATURE = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
FTYP = box(b"ftyp", b"jxl ", bytes(4), b"jxl ")


def stream(
    width: int = 100, height: int = 80, *, orientation: int = 1, ratio: int = 0, small: bool = False
) -> bytes:
    """Return the beginning of a codestream (18181-1, D.2 and D.3), and something behind it."""
    number = at = 0

    def put(value: int, count: int) -> None:
        nonlocal number, at
        number |= value << at
        at += count

    def size(value: int) -> None:
        if small:
            put(value // 8 - 1, 5)
        else:
            put(1, 2)
            put(value - 1, 13)

    put(int(small), 1)
    size(height)
    put(ratio, 3)
    if not ratio:
        size(width)
    if orientation != 1:
        put(0, 1)
        put(1, 1)
        put(orientation - 1, 3)
    else:
        put(1, 1)
    head = number.to_bytes(-(-at // 8), "little")
    return b"\xff\x0a" + head + bytes(4) + b"coded pixels, for whoever decodes them" * 3


def jxl(
    *more: bytes, coded: bytes = b"", parts: int = 0, behind: bytes = b"", front: bytes = FTYP
) -> bytes:
    """Return a file with *more* boxes in front of the codestream.

    Args:
        more: Boxes.
        coded: The codestream.
        parts: How many parts it is cut into; 0 for one whole.
        behind: Bytes behind it.
        front: The brand.
    """
    coded = coded or stream()
    if not parts:
        cut = box(b"jxlc", coded)
    else:
        size = -(-len(coded) // parts)
        cut = b"".join(
            box(
                b"jxlp",
                struct.pack(">I", number | (0x80000000 if number == parts - 1 else 0)),
                coded[number * size : (number + 1) * size],
            )
            for number in range(parts)
        )
    return SIGNATURE + front + b"".join(more) + cut + behind
