"""Which side of a source is up: the copy has to say the same, and may not say more.

TIFF 6.0, 2, as tolerant as viewers are; apart from the reader that the writer goes by.
"""

from __future__ import annotations

import struct
from typing import Final

#: type of a whole number → its letter for `struct`
_WHOLE: Final = dict(zip((1, 3, 4, 6, 8, 9, 13, 16, 18), "BHIbhiIQQ", strict=True))
#: types that say something else: the tag is there, and says no side
_OTHER: Final = frozenset({2, 5, 7, 10, 11, 12, 17, 129})
_TAG: Final = 274
#: bytes behind the order of bytes → whether offsets have eight bytes
_KINDS: Final = {42: False, 43: True, 0x4F52: False, 0x5352: False, 0x55: False}


def turned(tiff: bytes) -> int:
    """Return the orientation (1 to 8) that the first IFD of *tiff* states, 1 for none."""
    sign = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if sign is None or len(tiff) < 8:
        return 1
    big = _KINDS.get(struct.unpack_from(f"{sign}H", tiff, 2)[0])
    if big is None:
        return 1
    count_of, wide = (f"{sign}Q", 8) if big else (f"{sign}H", 4)
    offset_of, row = (f"{sign}Q", 20) if big else (f"{sign}I", 12)
    try:
        at = struct.unpack_from(offset_of, tiff, 8 if big else 4)[0]
        count = struct.unpack_from(count_of, tiff, at)[0] if at >= 8 else 0
        at += struct.calcsize(count_of)
        for start in range(at, min(at + row * count, len(tiff) - row + 1), row):
            tag, kind = struct.unpack_from(f"{sign}HH", tiff, start)
            if tag != _TAG or kind not in {*_WHOLE, *_OTHER}:
                continue
            many = struct.unpack_from(offset_of, tiff, start + 4)[0]
            form = f"{sign}{_WHOLE.get(kind, '')}"
            if kind not in _WHOLE or many != 1:
                return 1
            place = start + 4 + wide
            if struct.calcsize(form) > wide:
                place = struct.unpack_from(offset_of, tiff, place)[0]
            value = int(struct.unpack_from(form, tiff, place)[0])
            return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1
