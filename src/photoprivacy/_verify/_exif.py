"""A small, strict TIFF walker: what may stand in a fresh Exif block under a policy.

Every byte of the block must be header, entry or value; nothing may hide between.
"""

from __future__ import annotations

import re
from typing import Final

from photoprivacy._verify._model import refuse
from photoprivacy.geo import Precision
from photoprivacy.policy import Category, Policy, TimePrecision

_IMAGE, _PHOTO, _GPS = "image", "photo", "GPS"

#: (IFD, tag) → category that must be allowed. Nothing else may be written, ever: no serial
#: number, owner, maker note, unique id, thumbnail or second IFD.
_MAY: Final = {
    (_IMAGE, 274): Category.ORIENTATION,
    (_IMAGE, 270): Category.CAPTION,
    (_PHOTO, 37510): Category.CAPTION,
    (_IMAGE, 315): Category.RIGHTS,
    (_IMAGE, 33432): Category.RIGHTS,
    (_IMAGE, 271): Category.DEVICE,
    (_IMAGE, 272): Category.DEVICE,
    (_PHOTO, 42035): Category.DEVICE,
    (_PHOTO, 42036): Category.DEVICE,
    (_PHOTO, 33434): Category.TECHNICAL,
    (_PHOTO, 33437): Category.TECHNICAL,
    (_PHOTO, 34855): Category.TECHNICAL,
    (_PHOTO, 37386): Category.TECHNICAL,
    (_PHOTO, 41989): Category.TECHNICAL,
    (_PHOTO, 37385): Category.TECHNICAL,
    (_PHOTO, 41987): Category.TECHNICAL,
    (_PHOTO, 36867): Category.TIME,
    (_PHOTO, 36881): Category.TIME,
    (_GPS, 0): Category.LOCATION,
    (_GPS, 1): Category.LOCATION,
    (_GPS, 2): Category.LOCATION,
    (_GPS, 3): Category.LOCATION,
    (_GPS, 4): Category.LOCATION,
}
_VERSION, _ORIENTATION, _TAKEN, _OFFSET = 36864, 274, 36867, 36881
_INNER: Final = {34665: _PHOTO, 34853: _GPS}
_WIDTH: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}

#: precision of time → what DateTimeOriginal must look like
_SHAPES: Final = {
    TimePrecision.YEAR: re.compile(rb"\d{4}:01:01 00:00:00\x00"),
    TimePrecision.MONTH: re.compile(rb"\d{4}:\d\d:01 00:00:00\x00"),
    TimePrecision.DAY: re.compile(rb"\d{4}:\d\d:\d\d 00:00:00\x00"),
    TimePrecision.EXACT: re.compile(rb"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d\x00"),
}


def check(block: bytes, policy: Policy) -> int:
    """Return the orientation that *block* states, 1 for none.

    Raises:
        Unclean: The block holds what the policy does not allow, or more than it accounts for.
    """
    if not block:
        return 1
    if block[:8] != b"MM\x00\x2a\x00\x00\x00\x08":
        refuse("an Exif block that is not fresh", 0)
    used: list[tuple[int, int]] = [(0, 8)]
    orientation = 1
    queue = [(_IMAGE, 8)]
    while queue:
        ifd, at = queue.pop()
        count = _number(block, at, 2)
        end = at + 2 + 12 * count
        if _number(block, end, 4) != 0:
            refuse("a further IFD in an Exif block", end)
        used.append((at, end + 4))
        for entry in range(at + 2, end, 12):
            tag, kind, number = (
                _number(block, entry, 2),
                _number(block, entry + 2, 2),
                _number(block, entry + 4, 4),
            )
            size = _WIDTH.get(kind, 0) * number
            start = entry + 8 if size <= 4 else _number(block, entry + 8, 4)
            value = block[start : start + size]
            if size == 0 or len(value) != size:
                refuse("an Exif value that leaves its block", entry)
            if size <= 4:
                if block[entry + 8 + size : entry + 12].strip(b"\x00"):
                    refuse("bytes behind a short Exif value", entry)
            else:
                used.append((start, start + size + size % 2))
                if size % 2 and block[start + size : start + size + 1] != b"\x00":
                    refuse("a byte behind an Exif value", start)
            if tag in _INNER and ifd == _IMAGE and kind == 4:
                queue.append((_INNER[tag], int.from_bytes(value, "big")))
                continue
            _allowed(ifd, tag, value, policy, entry)
            if (ifd, tag) == (_IMAGE, _ORIENTATION):
                orientation = int.from_bytes(value, "big")
    _tiles(used, len(block))
    return orientation


def _allowed(ifd: str, tag: int, value: bytes, policy: Policy, at: int) -> None:
    if (ifd, tag) == (_PHOTO, _VERSION) and value == b"0300":
        return
    category = _MAY.get((ifd, tag))
    if category is None or not policy.allows(category):
        refuse(f"an Exif tag that may not be kept (0x{tag:04X})", at)
    if tag == _TAKEN and not _SHAPES[policy.time].fullmatch(value):
        refuse("a time that is sharper than the policy", at)
    if tag == _OFFSET and ifd == _PHOTO:
        exact = policy.time is TimePrecision.EXACT and policy.location is not Precision.NONE
        if not exact:
            refuse("a time zone that gives a place away", at)
    if ifd == _GPS and policy.location not in (Precision.CITY, Precision.EXACT):
        refuse("a position that is sharper than the policy", at)


def _number(block: bytes, at: int, size: int) -> int:
    if at < 0 or at + size > len(block):
        refuse("an Exif block that leads out of itself", at)
    return int.from_bytes(block[at : at + size], "big")


def _tiles(used: list[tuple[int, int]], size: int) -> None:
    at = 0
    for start, stop in sorted(used):
        if start != at:
            refuse("bytes of an Exif block that nothing refers to", at)
        at = stop
    if at != size:
        refuse("bytes behind an Exif block", at)
