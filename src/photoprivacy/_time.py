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
        offset_source: Where the offset came from: a tag or date that says it, or
            ``"exif:GPSTimeStamp"`` where it is how far the clock was from that of GPS, which is
            UTC, rounded to a quarter of an hour. ``""`` when nothing says.
    """

    local: dt.datetime = attrs.field(repr=False)
    offset: dt.timedelta | None = attrs.field(default=None, repr=False)
    source: str = ""
    offset_source: str = ""
