"""A fresh Exif block from kept values: written from scratch, never edited.

The entries alone are what a TIFF takes into its own directories. Layout of a block after Exif
3.0, 4.5-4.6 and TIFF 6.0, 2: the IFDs one after the other, each followed by its long values,
nothing else, so that no byte of an old block survives.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final, Literal

import attrs

from photoprivacy.geo import Coordinates, Precision
from photoprivacy.metadata._apple import hdr_note, hdr_numbers
from photoprivacy.policy import Category, Policy, TimePrecision

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 1, 2, 3, 4, 5, 7
#: type → bytes of a number in it, which a byte order turns round
_UNITS: Final = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 4, _UNDEFINED: 1}

IFD0, EXIF, GPS = "IFD0", "Exif", "GPS"
#: IFD → tag in IFD0 that says where it is, in their order (Exif 3.0, 4.6.3)
POINTERS: Final = {EXIF: 0x8769, GPS: 0x8825}
_COPYRIGHT: Final = 0x8298
_MAKER_NOTE: Final = 0x927C
_A_DEGREE: Final = 36_000_000
_NO_WORDS: Final = dict.fromkeys((0xFFFD, 0xFFFE, 0xFEFF))


@attrs.frozen
class Kept:
    """One row: a tag that may be written anew when the policy keeps its category."""

    ifd: str
    tag: int
    name: str
    type: int
    category: Category
    reason: str


#: Every tag a fresh block may hold, besides time and position, which are written from
#: parsed values at the policy's precision. Serial numbers, owner names, maker notes as they
#: were, unique ids and thumbnails are not here, and so are never written.
KEPT: Final = (
    Kept(IFD0, 0x0112, "Orientation", _SHORT, Category.ORIENTATION, "which side is up"),
    Kept(IFD0, 0x010E, "ImageDescription", _ASCII, Category.CAPTION, "the owner's words"),
    Kept(EXIF, 0x9286, "UserComment", _UNDEFINED, Category.CAPTION, "the owner's words"),
    Kept(IFD0, 0x013B, "Artist", _ASCII, Category.RIGHTS, "who made it"),
    Kept(IFD0, _COPYRIGHT, "Copyright", _ASCII, Category.RIGHTS, "whose it is"),
    Kept(IFD0, 0x010F, "Make", _ASCII, Category.DEVICE, "kind of camera, not which one"),
    Kept(IFD0, 0x0110, "Model", _ASCII, Category.DEVICE, "kind of camera, not which one"),
    Kept(EXIF, 0xA433, "LensMake", _ASCII, Category.DEVICE, "kind of lens, not which one"),
    Kept(EXIF, 0xA434, "LensModel", _ASCII, Category.DEVICE, "kind of lens, not which one"),
    Kept(EXIF, 0x829A, "ExposureTime", _RATIONAL, Category.TECHNICAL, "how it was exposed"),
    Kept(EXIF, 0x829D, "FNumber", _RATIONAL, Category.TECHNICAL, "how it was exposed"),
    Kept(EXIF, 0x8827, "ISO", _SHORT, Category.TECHNICAL, "how it was exposed"),
    Kept(EXIF, 0x920A, "FocalLength", _RATIONAL, Category.TECHNICAL, "how it was framed"),
    Kept(EXIF, 0xA405, "FocalLengthIn35mm", _SHORT, Category.TECHNICAL, "how it was framed"),
    Kept(EXIF, 0x9209, "Flash", _SHORT, Category.TECHNICAL, "how it was lit"),
    Kept(EXIF, 0xA403, "WhiteBalance", _SHORT, Category.TECHNICAL, "how it was balanced"),
    Kept(EXIF, _MAKER_NOTE, "MakerNote", _UNDEFINED, Category.HDR, "brightness: two numbers"),
)  # fmt: skip


@attrs.frozen
class Entry:
    """One tag to write: its type, how many values, and these in big-endian order."""

    tag: int
    type: int
    count: int
    data: bytes = attrs.field(repr=False)

    def spelled(self, order: Literal["little", "big"]) -> bytes:
        """Return the values in the byte order of a file (TIFF 6.0, 2)."""
        unit = _UNITS[self.type]
        if order == "big" or unit == 1:
            return self.data
        starts = range(0, len(self.data), unit)
        return b"".join(self.data[at : at + unit][::-1] for at in starts)


#: IFD → its entries, in the order of their tags
Entries = Mapping[str, tuple[Entry, ...]]


def fresh_entries(
    fields: Mapping[str, object],
    policy: Policy,
    *,
    orientation: int,
    taken: dt.datetime | None,
    offset: dt.timedelta | None,
    position: Coordinates | None,
) -> Entries:
    """Return what is kept as entries of IFDs, without those that point to another IFD.

    Args:
        fields: Decoded values of the old block by name (``"IFD0:Copyright"``).
        policy: What may stay.
        orientation: Exif orientation 1-8; 1 is what every reader assumes and is not written.
        taken: Local time of capture, written at ``policy.time``.
        offset: Its offset from UTC, written only beside an exact time and a location.
        position: What to write as position: already as coarse as it shall be, or ``None``.
    """
    ifds: dict[str, list[Entry]] = {IFD0: [], EXIF: [], GPS: []}
    for row in KEPT:
        if not policy.allows(row.category):
            continue
        value = fields.get(f"{row.ifd}:{row.name}")
        if row.name == "Orientation":
            value = orientation if orientation != 1 else None
        entry = _entry(row.tag, row.type, value)
        if entry is not None:
            ifds[row.ifd].append(entry)
    if taken is not None and policy.time is not TimePrecision.NONE:
        ifds[EXIF].extend(_time(taken, offset, policy))
    if position is not None:
        ifds[GPS].extend(_gps(position))
    if any(entry.tag != _MAKER_NOTE for entry in ifds[EXIF]):
        # Exif 3.0, 4.6.5: mandatory. For two numbers alone nobody asks.
        ifds[EXIF].append(Entry(0x9000, _UNDEFINED, 4, b"0300"))
    return {name: tuple(sorted(ifds[name], key=lambda entry: entry.tag)) for name in ifds}


def fresh_exif(entries: Entries) -> bytes:
    """Return a new Exif block from its TIFF header on, or ``b""`` when nothing is kept."""
    ifds = {name: list(entries.get(name, ())) for name in (IFD0, EXIF, GPS)}
    return _block(ifds)


def coarse_time(taken: dt.datetime, precision: TimePrecision) -> dt.datetime:
    """Return *taken* with everything finer than *precision* set to its first value."""
    if precision is TimePrecision.EXACT:
        return taken.replace(microsecond=0)
    taken = taken.replace(hour=0, minute=0, second=0, microsecond=0)
    if precision is TimePrecision.DAY:
        return taken
    taken = taken.replace(day=1)
    return taken if precision is TimePrecision.MONTH else taken.replace(month=1)


def _time(taken: dt.datetime, offset: dt.timedelta | None, policy: Policy) -> list[Entry]:
    text = coarse_time(taken, policy.time).strftime("%Y:%m:%d %H:%M:%S").rjust(19, "0")
    entries = [_ascii(0x9003, text)]
    # An offset narrows down the country, so it needs a location that may be told.
    if (
        offset is not None
        and policy.time is TimePrecision.EXACT
        and policy.location is not Precision.NONE
    ):
        minutes = round(offset / dt.timedelta(minutes=1))
        sign = "-" if minutes < 0 else "+"
        entries.append(_ascii(0x9011, f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"))
    return entries


def _gps(at: Coordinates) -> list[Entry]:
    # Exif 3.0, 4.6.6: version, then latitude and longitude as three rationals each.
    if not _units(at.latitude) and not _units(at.longitude):
        return []  # readers take exactly 0, 0 for a device without a position
    return [
        Entry(0x0000, _BYTE, 4, b"\x02\x03\x00\x00"),
        _ascii(0x0001, "S" if at.latitude < 0 else "N"),
        _degrees(0x0002, at.latitude),
        _ascii(0x0003, "W" if at.longitude < 0 else "E"),
        _degrees(0x0004, at.longitude),
    ]


def written_as(at: Coordinates) -> Coordinates:
    """Return the point that a fresh block tells: *at*, to 3 mm."""
    latitude, longitude = (_units(value) / _A_DEGREE for value in (at.latitude, at.longitude))
    return Coordinates(
        latitude=math.copysign(latitude, at.latitude),
        longitude=math.copysign(longitude, at.longitude),
    )


def _units(degrees: float) -> int:
    # Whole ten-thousandths of a second (3 mm), so that no digit of the original's own
    # way of writing remains.
    return round(abs(degrees) * _A_DEGREE)


def _degrees(tag: int, value: float) -> Entry:
    degrees, rest = divmod(_units(value), _A_DEGREE)
    minutes, seconds = divmod(rest, 600_000)
    pairs = ((degrees, 1), (minutes, 1), (seconds, 10_000))
    data = b"".join(n.to_bytes(4, "big") + d.to_bytes(4, "big") for n, d in pairs)
    return Entry(tag, _RATIONAL, 3, data)


def _ascii(tag: int, text: str) -> Entry:
    data = text.encode() + b"\x00"
    return Entry(tag, _ASCII, len(data), data)


def _words(text: str, *, editor: bool) -> str:
    """Return what readers show of a text: it ends at its first zero.

    Exif 3.0, 4.6.4: a Copyright may be two texts, the photographer's and the *editor*'s; a
    space stands first where only the latter is named.
    """
    # What could not be read was replaced; marks of byte order are none of the words.
    first, _, rest = text.translate(_NO_WORDS).partition("\x00")
    if editor and first.isspace():
        first = rest.partition("\x00")[0]
    return first.strip()


def _entry(tag: int, kind: int, value: object) -> Entry | None:
    """Return the entry for a decoded *value*, ``None`` for one that does not fit its type."""
    if tag == _MAKER_NOTE:
        note = hdr_note(hdr_numbers(value)) if isinstance(value, bytes) else b""
        return Entry(tag, _UNDEFINED, len(note), note) if note else None
    text = _words(value, editor=tag == _COPYRIGHT) if isinstance(value, str) else ""
    if kind == _ASCII and text:
        # Exif 3.0 4.6.2 has a type for UTF-8; readers understand UTF-8 in ASCII better.
        return _ascii(tag, text)
    if kind == _UNDEFINED and text:
        plain = text.isascii()
        code = b"ASCII\x00\x00\x00" if plain else b"UNICODE\x00"  # Exif 3.0, Table 9
        data = code + (text.encode() if plain else b"\xfe\xff" + text.encode("utf-16-be"))
        return Entry(tag, _UNDEFINED, len(data), data)
    if kind == _SHORT and isinstance(value, int) and 0 <= value <= 0xFFFF:
        return Entry(tag, _SHORT, 1, value.to_bytes(2, "big"))
    if kind == _RATIONAL and isinstance(value, tuple) and len(value) == 2:
        parts = [part for part in value if isinstance(part, int) and 0 <= part <= 0xFFFFFFFF]
        if len(parts) == 2:
            return Entry(tag, _RATIONAL, 1, b"".join(part.to_bytes(4, "big") for part in parts))
    return None


def pointer_to(tag: int, at: int) -> Entry:
    """Return the entry that says where another IFD is (Exif 3.0, 4.6.3: a LONG)."""
    return Entry(tag, _LONG, 1, at.to_bytes(4, "big"))


def _block(ifds: dict[str, list[Entry]]) -> bytes:
    if not any(ifds.values()):
        return b""
    # Sizes first, then pointers, then bytes: IFD0 at 8, its values, and so on.
    for name, tag in POINTERS.items():
        if ifds[name]:
            ifds[IFD0].append(pointer_to(tag, 0))
    ifds[IFD0].sort(key=lambda entry: entry.tag)
    starts: dict[str, int] = {}
    at = 8
    for name, entries in ifds.items():
        if entries:
            starts[name] = at
            at += _size(entries)
    for name, tag in POINTERS.items():
        if name in starts:
            index = next(i for i, entry in enumerate(ifds[IFD0]) if entry.tag == tag)
            ifds[IFD0][index] = pointer_to(tag, starts[name])
    body = b"".join(_ifd(entries, starts[name]) for name, entries in ifds.items() if entries)
    return b"MM\x00\x2a\x00\x00\x00\x08" + body


def _size(entries: list[Entry]) -> int:
    # A long value starts on a word boundary (TIFF 6.0, 2).
    return 2 + 12 * len(entries) + 4 + sum(_even(len(e.data)) for e in entries if len(e.data) > 4)


def _even(length: int) -> int:
    return length + length % 2


def _ifd(entries: list[Entry], start: int) -> bytes:
    head, tail = [len(entries).to_bytes(2, "big")], []
    at = start + 2 + 12 * len(entries) + 4
    for entry in entries:
        row = entry.tag.to_bytes(2, "big") + entry.type.to_bytes(2, "big")
        row += entry.count.to_bytes(4, "big")
        if len(entry.data) <= 4:
            row += entry.data.ljust(4, b"\x00")
        else:
            row += at.to_bytes(4, "big")
            tail.append(entry.data.ljust(_even(len(entry.data)), b"\x00"))
            at += _even(len(entry.data))
        head.append(row)
    head.append(bytes(4))  # no next IFD
    return b"".join(head + tail)
