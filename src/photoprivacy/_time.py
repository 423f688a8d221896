"""When a photo was taken: a value only."""

from __future__ import annotations

import datetime as dt

import attrs


@attrs.frozen(kw_only=True)
class CapturedAt:
    """When a photo was taken, as far as the file knows.

    Attributes:
        local: Wall-clock time where the photo was taken; never time-zone aware.
        offset: Offset of that clock from UTC, or ``None`` when nothing says.
        source: Where it came from: ``"exif:DateTimeOriginal"``, ``"xmp:exif:DateTimeOriginal"``.
            Where the offset stands elsewhere, that follows behind a comma:
            ``"exif:DateTimeOriginal, exif:OffsetTimeOriginal"``. ``exif:GPSTimeStamp`` there
            means how far the clock was from that of GPS, which is UTC, rounded to a quarter
            of an hour; ``place`` means the time zone of the position.
    """

    local: dt.datetime = attrs.field(repr=False)
    offset: dt.timedelta | None = attrs.field(default=None, repr=False)
    source: str = ""
