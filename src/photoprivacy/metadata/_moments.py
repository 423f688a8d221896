"""When a photo was taken, and how far its clock was from UTC: what the blocks of a file say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from photoprivacy._time import CapturedAt
from photoprivacy.metadata._exif_findings import Exif
from photoprivacy.metadata._gps_words import utc_time
from photoprivacy.metadata._movie import Movie
from photoprivacy.metadata._tags import EXIF, GPS, IFD0
from photoprivacy.metadata._xmp import Xmp

_DATE: Final = re.compile(
    r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.(\d{1,6})\d*)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
#: (tag of the time, of its fraction, of its offset), the best first
_TIMES: Final = (
    ("DateTimeOriginal", "SubSecTimeOriginal", "OffsetTimeOriginal"),
    ("DateTimeDigitized", "SubSecTimeDigitized", "OffsetTimeDigitized"),
)
_XMP_TIMES: Final = ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate")
_MOVIE_TIMES: Final = ("creationdate", "\xa9day", "date")
#: Offsets of clocks are whole or half hours, and at some places 45 minutes (tz database, 2025).
_QUARTER: Final = dt.timedelta(minutes=15)
_ODD_OFFSETS: Final = frozenset({dt.timedelta(hours=hours, minutes=45) for hours in (5, 8, 12, 13)})
_WEST, _EAST = dt.timedelta(hours=-12), dt.timedelta(hours=14)
#: How long before a photo its position may have been found.
_STALE: Final = dt.timedelta(minutes=4)


def captured_at(
    exif: Sequence[Exif], xmp: Sequence[Xmp], movie: Sequence[Movie], made: Sequence[dt.datetime]
) -> CapturedAt | None:
    """Return when a photo was taken or a video filmed, ``None`` when nothing says.

    Args:
        exif: Exif blocks of the primary picture.
        xmp: Its packets.
        movie: What a movie says.
        made: When a movie says that it was made, in UTC.
    """
    for block in exif:
        for time, fraction, zone in _TIMES:
            found = _exif_time(block, time, fraction, zone)
            if found is not None:
                return found
    for packet in xmp:
        for name in _XMP_TIMES:
            found = moment(_filled(packet.first(name)), f"xmp:{name}")
            if found is not None:
                return found
    for block in exif:
        found = _gps_time(block)
        if found is not None:
            return found
    for part in movie:
        for name in _MOVIE_TIMES:
            found = moment(part.said.get(name, "")[:40], f"movie:{name}")
            if found is not None:
                return found
    utc = dt.timedelta(0)
    for one in made:
        return CapturedAt(local=one, offset=utc, source="movie:mvhd")
    return None


def _exif_time(block: Exif, time: str, fraction: str, zone: str) -> CapturedAt | None:
    text = block.text(f"{EXIF}:{time}", f"{IFD0}:{time}")
    found = moment(text, f"exif:{time}", fraction=block.text(f"{EXIF}:{fraction}"))
    if found is None:
        return None
    for tag in (zone, "OffsetTime"):
        # OffsetTime is of the last change: of use where the photo was not changed since.
        same = tag == zone or block.text(f"{IFD0}:DateTime") == text
        offset = offset_of(block.text(f"{EXIF}:{tag}", f"{IFD0}:{tag}")) if same else None
        if offset is not None:
            return _with_offset(found, offset, f"exif:{tag}")
    hours = block.value(f"{EXIF}:TimeZoneOffset", f"{IFD0}:TimeZoneOffset")  # TIFF/EP, 5.2.48
    hours = hours[0] if isinstance(hours, tuple) and hours else hours
    if isinstance(hours, int) and -12 <= hours <= 14:
        return _with_offset(found, dt.timedelta(hours=hours), "exif:TimeZoneOffset")
    clock = _gps_time(block)
    offset = None if clock is None else _between(found.local, clock.local)
    return found if offset is None else _with_offset(found, offset, "exif:GPSTimeStamp")


def _with_offset(found: CapturedAt, offset: dt.timedelta, source: str) -> CapturedAt:
    return CapturedAt(local=found.local, offset=offset, source=f"{found.source}, {source}")


def _between(local: dt.datetime, utc: dt.datetime) -> dt.timedelta | None:
    """Return the offset that lies between two clocks, to a quarter of an hour; ``None`` if none does."""
    apart = local.replace(microsecond=0) - utc
    offset = round(apart / _QUARTER) * _QUARTER
    if abs(apart - offset) > _STALE or not _WEST <= offset <= _EAST:
        return None
    half = offset % dt.timedelta(minutes=30) == dt.timedelta(0)
    return offset if half or offset in _ODD_OFFSETS else None


def _filled(text: str) -> str:
    """Return a date of ISO 16684-1, 8.2.1.2, which may end early, with what it leaves out."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text.strip())
    return f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}T00:00" if match else text


def moment(text: str, source: str, *, fraction: str = "") -> CapturedAt | None:
    """Return the moment that *text* spells, ``None`` for none.

    Args:
        text: A date as Exif or XMP writes it, maybe with an offset.
        source: Where it stands.
        fraction: Digits behind the second, or ``""``.
    """
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute = (int(match[group]) for group in range(1, 6))
    digits = fraction.strip() if fraction.strip().isdecimal() else match[7] or "0"
    try:
        local = dt.datetime(  # noqa: DTZ001 - wall-clock time by definition
            year, month, day, hour, minute, int(match[6] or 0), int(digits[:6].ljust(6, "0"))
        )
    except ValueError:
        return None
    return CapturedAt(local=local, offset=offset_of(match[8] or ""), source=source)


def offset_of(text: str) -> dt.timedelta | None:
    """Return the offset that *text* spells (``"+02:00"``, ``"Z"``), ``None`` for none."""
    if text == "Z":
        return dt.timedelta(0)
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text.strip())
    if match is None or int(match[2]) > 15 or int(match[3]) > 59:
        return None
    value = dt.timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -value if match[1] == "-" else value


def _gps_time(block: Exif) -> CapturedAt | None:
    """Return the GPS clock's time, which is UTC (Exif 3.0, 4.6.6)."""
    time = utc_time(block.value(f"{GPS}:GPSTimeStamp"))
    if time is None:
        return None
    date = block.text(f"{GPS}:GPSDateStamp")
    return moment(f"{date} {time[:8]}Z", "exif:GPSTimeStamp")
