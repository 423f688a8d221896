"""A small, strict TIFF walker: what may stand in a fresh Exif block under a policy.

Every byte of the block must be header, entry or value; nothing may hide between.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

import attrs

from photoprivacy._verify._model import refuse
from photoprivacy.geo import Precision
from photoprivacy.policy import Category, Policy, TimePrecision

IMAGE, PHOTO, GPS = "image", "photo", "GPS"
_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 1, 2, 3, 4, 5, 7


@attrs.frozen
class _May:
    """One tag that may stand: for which category, as which type, how often, in what shape."""

    category: Category
    kind: int
    count: int | None = 1
    shape: re.Pattern[bytes] | None = None


# TIFF 6.0, 2: text ends with its zero. What follows an earlier zero no reader shows.
_TEXT: Final = re.compile(rb"[^\x00]+\x00")
# Exif 3.0, 4.6.5: the photographer's and the editor's, each with its zero.
_RIGHTS: Final = re.compile(rb"[^\x00]+\x00(?:[^\x00]+\x00)?")
# Exif 3.0, 4.6.6: eight bytes of character code, then the words.
_COMMENT: Final = re.compile(rb"ASCII\x00{3}[^\x00]+|UNICODE\x00(?:..)+", re.DOTALL)
_ANGLE: Final = re.compile(rb"(?:.{4}\x00\x00\x00\x01){2}.{4}\x00\x00\x27\x10", re.DOTALL)

# Apple's: name, version, an IFD of one number or two, and nothing else. Offsets count from here.
_NOTE: Final = re.compile(
    rb"Apple iOS\x00\x00\x01MM(?:"
    rb"\x00\x01\x00[\x21\x30]\x00\x0a\x00{3}\x01\x00{3}\x20\x00{4}.{8}|"
    rb"\x00\x02\x00\x21\x00\x0a\x00{3}\x01\x00{3}\x2c"
    rb"\x00\x30\x00\x0a\x00{3}\x01\x00{3}\x34\x00{4}.{16})",
    re.DOTALL,
)

#: Nothing else may be written, ever: no serial number, owner, maker's note of more than two
#: numbers, unique id, thumbnail or second IFD.
_MAY: Final = {
    (IMAGE, 274): _May(Category.ORIENTATION, _SHORT),
    (IMAGE, 270): _May(Category.CAPTION, _ASCII, None, _TEXT),
    (PHOTO, 37510): _May(Category.CAPTION, _UNDEFINED, None, _COMMENT),
    (IMAGE, 315): _May(Category.RIGHTS, _ASCII, None, _TEXT),
    (IMAGE, 33432): _May(Category.RIGHTS, _ASCII, None, _RIGHTS),
    (IMAGE, 271): _May(Category.DEVICE, _ASCII, None, _TEXT),
    (IMAGE, 272): _May(Category.DEVICE, _ASCII, None, _TEXT),
    (PHOTO, 42035): _May(Category.DEVICE, _ASCII, None, _TEXT),
    (PHOTO, 42036): _May(Category.DEVICE, _ASCII, None, _TEXT),
    (PHOTO, 33434): _May(Category.TECHNICAL, _RATIONAL),
    (PHOTO, 33437): _May(Category.TECHNICAL, _RATIONAL),
    (PHOTO, 34855): _May(Category.TECHNICAL, _SHORT),
    (PHOTO, 37386): _May(Category.TECHNICAL, _RATIONAL),
    (PHOTO, 41989): _May(Category.TECHNICAL, _SHORT),
    (PHOTO, 37385): _May(Category.TECHNICAL, _SHORT),
    (PHOTO, 41987): _May(Category.TECHNICAL, _SHORT),
    (PHOTO, 37500): _May(Category.HDR, _UNDEFINED, None, _NOTE),
    (PHOTO, 36867): _May(Category.TIME, _ASCII, None),
    (PHOTO, 36881): _May(Category.TIME, _ASCII, 7, re.compile(rb"[+-]\d\d:\d\d\x00")),
    (GPS, 0): _May(Category.LOCATION, _BYTE, 4, re.compile(rb"\x02\x03\x00\x00")),
    (GPS, 1): _May(Category.LOCATION, _ASCII, 2, re.compile(rb"[NS]\x00")),
    (GPS, 2): _May(Category.LOCATION, _RATIONAL, 3, _ANGLE),
    (GPS, 3): _May(Category.LOCATION, _ASCII, 2, re.compile(rb"[EW]\x00")),
    (GPS, 4): _May(Category.LOCATION, _RATIONAL, 3, _ANGLE),
}
_VERSION, _ORIENTATION, _TAKEN, _OFFSET, _MAKER_NOTE = 36864, 274, 36867, 36881, 37500
#: pointer → the IFD that it leads to, in their order (Exif 3.0, 4.6.3)
INNER: Final = {34665: PHOTO, 34853: GPS}
#: what a first page may tell, besides which side is up
IN_IMAGE: Final = frozenset(tag for ifd, tag in _MAY if ifd == IMAGE) - {_ORIENTATION}
#: Exif 3.0, 4.6.6: one point is version, two references and two angles.
_POINT: Final = [0, 1, 2, 3, 4]
_WIDTH: Final = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, _UNDEFINED: 1}

#: precision of time → what DateTimeOriginal must look like
_SHAPES: Final = {
    TimePrecision.YEAR: re.compile(rb"\d{4}:01:01 00:00:00\x00"),
    TimePrecision.MONTH: re.compile(rb"\d{4}:\d\d:01 00:00:00\x00"),
    TimePrecision.DAY: re.compile(rb"\d{4}:\d\d:\d\d 00:00:00\x00"),
    TimePrecision.EXACT: re.compile(rb"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d\x00"),
}


@attrs.frozen
class Entry:
    """One tag as it stands in a clean file, its values in big-endian order."""

    ifd: str
    at: int
    tag: int
    kind: int
    count: int
    value: bytes = attrs.field(repr=False)


def check(block: bytes, policy: Policy, source: bytes) -> int:
    """Return the orientation that *block* states, 1 for none.

    Args:
        block: The Exif block of a clean file.
        policy: What may stay.
        source: The file that was cleaned.

    Raises:
        Unclean: The block holds what the policy does not allow, or more than it accounts for.
    """
    if not block:
        return 1
    if block[:8] != b"MM\x00\x2a\x00\x00\x00\x08":
        refuse("an Exif block that is not fresh", 0)
    used: list[tuple[int, int]] = [(0, 8)]
    orientation = 1
    queue = [(IMAGE, 8)]
    while queue:
        ifd, at = queue.pop()
        entries = _entries(block, ifd, at, used)
        check_ifd(ifd, entries, policy, at)
        for entry in entries:
            if entry.tag in INNER and ifd == IMAGE:
                queue.append((INNER[entry.tag], int.from_bytes(entry.value, "big")))
            if entry.tag == _MAKER_NOTE:
                _brightness(entry, source)
            if (ifd, entry.tag) == (IMAGE, _ORIENTATION):
                orientation = int.from_bytes(entry.value, "big")
    _tiles(used, len(block))
    return orientation


def check_ifd(ifd: str, entries: Sequence[Entry], policy: Policy, at: int) -> None:
    """Check the tags of one IFD at byte *at*: what they are, and in which order.

    Raises:
        Unclean: A tag may not stand there, not in this way, or not without another.
    """
    tags = [entry.tag for entry in entries]
    # TIFF 6.0, 2: in ascending order, so none twice; an order of its own would be a trace.
    if not tags or any(one >= next_ for one, next_ in itertools.pairwise(tags)):
        refuse("an Exif IFD that is empty or out of order", at)
    if ifd == GPS and tags != _POINT:
        refuse("a position half told, or with more to it than a point", at)
    for entry in entries:
        if entry.tag in INNER and ifd == IMAGE:
            if (entry.kind, entry.count) != (_LONG, 1):
                refuse("a pointer to an IFD that is none", entry.at)
        else:
            _allowed(entry, policy)


def _entries(block: bytes, ifd: str, at: int, used: list[tuple[int, int]]) -> list[Entry]:
    """Return the entries of the IFD at *at*, and add what they take up to *used*."""
    count = _number(block, at, 2)
    end = at + 2 + 12 * count
    if _number(block, end, 4) != 0:
        refuse("a further IFD in an Exif block", end)
    used.append((at, end + 4))
    entries = []
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
        entries.append(Entry(ifd, entry, tag, kind, number, value))
    return entries


def _allowed(entry: Entry, policy: Policy) -> None:
    ifd, tag, value = entry.ifd, entry.tag, entry.value
    if (ifd, tag, entry.kind, value) == (PHOTO, _VERSION, _UNDEFINED, b"0300"):
        return
    may = _MAY.get((ifd, tag))
    if may is None or not policy.allows(may.category):
        refuse(f"an Exif tag that may not be kept (0x{tag:04X})", entry.at)
    if entry.kind != may.kind or (may.count is not None and entry.count != may.count):
        refuse(f"an Exif value of another kind than its tag has (0x{tag:04X})", entry.at)
    if may.shape is not None and not may.shape.fullmatch(value):
        refuse(f"an Exif value with more in it than it shows (0x{tag:04X})", entry.at)
    if (ifd, tag) == (PHOTO, _TAKEN) and not _SHAPES[policy.time].fullmatch(value):
        refuse("a time that is sharper than the policy", entry.at)
    if (ifd, tag) == (PHOTO, _OFFSET):
        exact = policy.time is TimePrecision.EXACT and policy.location is not Precision.NONE
        if not exact:
            refuse("a time zone that gives a place away", entry.at)
    if ifd == GPS and policy.location not in (Precision.CITY, Precision.EXACT):
        refuse("a position that is sharper than the policy", entry.at)


def _brightness(entry: Entry, source: bytes) -> None:
    """Check that the numbers of Apple's note are the source's: HDR looks another way if not."""
    count = entry.value[15]
    for at in range(len(entry.value) - 8 * count, len(entry.value), 8):
        if entry.value[at : at + 8] not in source:
            refuse("a number that the source does not have", entry.at)


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
