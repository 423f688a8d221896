"""Where a ProRes frame ends inside its sample: a look of its own (SMPTE RDD 36, 5)."""

from __future__ import annotations

import struct
from typing import Final

from photoprivacy._verify._model import refuse

CODINGS: Final = frozenset(b"apch apcn apcs apco ap4h ap4x".split())


def frame(data: bytes, at: int, size: int) -> tuple[int, int]:
    """Return the stretch of a sample that is its frame."""
    body = data[at : at + size]
    if len(body) < 36:
        refuse("a sample that is no frame of ProRes", at)
    length, mark, front, across, lines = struct.unpack_from(">I4sH6xHH", body)
    if mark != b"icpf" or not 36 <= length <= size:
        refuse("a sample that is no frame of ProRes", at)
    tables = body[27] % 2 + body[27] // 2 % 2
    if front != 20 + 64 * tables:
        refuse("a frame of ProRes with more in front than is known", at)
    body = body[:length]
    interlaced = body[20] & 0b1100 != 0
    rows = (lines + 31) // 32 if interlaced else (lines + 15) // 16
    here = 8 + front
    for _ in range(2 if interlaced else 1):
        here = _behind_picture(body, here, (across + 15) // 16, rows, at)
    if any(body[here:]):
        refuse("a frame of ProRes with more behind than is known", at)
    return at, at + length


def _behind_picture(body: bytes, here: int, columns: int, rows: int, at: int) -> int:
    """Return where the picture at *here* ends; its slices must fill it."""
    if len(body) < here + 8:
        refuse("a frame of ProRes that is cut short", at)
    size = int.from_bytes(body[here + 1 : here + 5], "big")
    widest = 1 << (body[here + 7] >> 4 & 3)
    row, left = 0, columns
    while left:
        # As wide as they may be, and half of that where it no longer fits.
        while widest > left:
            widest //= 2
        left -= widest
        row += 1
    first = here + 8 + 2 * row * rows
    if body[here] // 8 != 8 or here + size > len(body) or first > here + size:
        refuse("a frame of ProRes that is cut short", at)
    lengths = memoryview(body)[here + 8 : first]
    end = first + sum(n for (n,) in struct.iter_unpack(">H", lengths))
    if end > here + size or any(body[end : here + size]):
        refuse("a picture of ProRes whose slices do not fill it", at)
    return here + size
