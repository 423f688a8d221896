"""Which side of a source is up: the copy has to say the same, and may not say more.

TIFF 6.0, 2, as tolerant as viewers are; apart from the reader that the writer goes by.
"""

from __future__ import annotations

import struct
from typing import Final

#: type of a whole number → its letter for `struct`
_WHOLE: Final = dict(zip((1, 3, 4, 6, 8, 9, 13), "BHIbhiI", strict=True))
#: types that say something else: the tag is there, and says no side
_OTHER: Final = frozenset({2, 5, 7, 10, 11, 12, 16, 17, 18})
_TAG: Final = 274


def turned(tiff: bytes) -> int:
    """Return the orientation (1 to 8) that the first IFD of *tiff* states, 1 for none."""
    sign = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if sign is None or len(tiff) < 8:
        return 1
    start = struct.unpack_from(f"{sign}I", tiff, 4)[0]
    if not 8 <= start <= len(tiff) - 2:
        return 1
    rows = tiff[start + 2 :][: 12 * struct.unpack_from(f"{sign}H", tiff, start)[0]]
    for tag, kind, count, value in struct.iter_unpack(f"{sign}HHI4s", rows[: len(rows) // 12 * 12]):
        if tag == _TAG and kind in {*_WHOLE, *_OTHER}:
            stated = struct.unpack_from(f"{sign}{_WHOLE.get(kind, 'B')}", value)[0]
            good = kind in _WHOLE and count == 1 and 1 <= stated <= 8
            return int(stated) if good else 1
    return 1
