"""Apple's maker note: the two numbers that say how bright a gain map makes a picture.

Apple, "Applying Apple HDR effect to your photos": the headroom is computed from tags 33 and 48.
"""

from __future__ import annotations

import struct
from typing import Final

#: name, version 1, byte order; an IFD follows, with offsets from the name's first byte
HEADER: Final = b"Apple iOS\x00\x00\x01MM"
HDR_TAGS: Final = (0x0021, 0x0030)
_SRATIONAL: Final = 10
_MOST: Final = 500
_Number = tuple[int, int, int]


def hdr_numbers(note: bytes) -> tuple[_Number, ...]:
    """Return tag, numerator and denominator of the numbers for HDR, in order of their tags."""
    found: dict[int, _Number] = {}
    if not note.startswith(HEADER) or len(note) < len(HEADER) + 2:
        return ()
    [count] = struct.unpack_from(">H", note, len(HEADER))
    for index in range(min(count, _MOST)):
        at = len(HEADER) + 2 + 12 * index
        if at + 12 > len(note):
            break
        tag, kind, number, offset = struct.unpack_from(">HHII", note, at)
        if tag not in HDR_TAGS or (kind, number) != (_SRATIONAL, 1) or offset + 8 > len(note):
            continue
        top, bottom = struct.unpack_from(">ii", note, offset)
        if bottom:
            found.setdefault(tag, (tag, top, bottom))
    return tuple(found[tag] for tag in HDR_TAGS if tag in found)


def hdr_note(numbers: tuple[_Number, ...]) -> bytes:
    """Return a maker note of *numbers* alone, ``b""`` for none."""
    if not numbers:
        return b""
    first = len(HEADER) + 2 + 12 * len(numbers) + 4
    rows = [
        struct.pack(">HHII", tag, _SRATIONAL, 1, first + 8 * index)
        for index, (tag, _, _) in enumerate(numbers)
    ]
    values = [struct.pack(">ii", top, bottom) for _, top, bottom in numbers]
    return b"".join((HEADER, struct.pack(">H", len(numbers)), *rows, bytes(4), *values))
