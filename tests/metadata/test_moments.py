"""When a photo was taken, and where the offset of its clock came from."""

from __future__ import annotations

import datetime as dt

import pytest

from builders import XMP, app, exif, jpeg, picture
from builders_exif import Entry, asciz, block, rational
from photoprivacy import CapturedAt, inspect

SOURCE = "exif:DateTimeOriginal"
TAKEN = asciz(0x9003, "2026:07:14 18:32:05")


def taken(
    *entries: Entry, gps: list[Entry] | None = None, image: list[Entry] | None = None
) -> CapturedAt | None:
    data = block(image, exif=list(entries), gps=gps)
    return inspect(jpeg(exif(data), *picture())).captured_at


def clock(date: str, *time: int) -> list[Entry]:
    """Return date and time of a GPS clock."""
    return [asciz(0x1D, date), rational(7, *((part, 1) for part in time))]


def test_the_local_time_is_what_the_clock_showed() -> None:
    at = taken(TAKEN, asciz(0x9291, "25"))

    assert at is not None
    assert at.local == dt.datetime(2026, 7, 14, 18, 32, 5, 250_000)  # noqa: DTZ001
    assert (at.offset, at.source) == (None, SOURCE)


def test_a_tag_says_the_offset() -> None:
    at = taken(TAKEN, asciz(0x9011, "-03:30"), gps=clock("2026:07:14", 16, 32, 5))

    assert at is not None
    assert at.offset == -dt.timedelta(hours=3, minutes=30)
    assert at.source == f"{SOURCE}, exif:OffsetTimeOriginal"


@pytest.mark.parametrize(
    ("gps", "offset"),
    [
        (clock("2026:07:14", 16, 32, 5), dt.timedelta(hours=2)),
        (clock("2026:07:14", 16, 30, 1), dt.timedelta(hours=2)),  # a fix two minutes old
        (clock("2026:07:14", 12, 47, 5), dt.timedelta(hours=5, minutes=45)),
        (clock("2026:07:15", 4, 2, 5), -dt.timedelta(hours=9, minutes=30)),
        (clock("2026:07:14", 4, 32, 0), dt.timedelta(hours=14)),
    ],
)
def test_a_gps_clock_tells_the_offset_to_a_quarter_of_an_hour(
    gps: list[Entry], offset: dt.timedelta
) -> None:
    at = taken(TAKEN, gps=gps)

    assert at is not None
    assert (at.offset, at.source) == (offset, f"{SOURCE}, exif:GPSTimeStamp")


@pytest.mark.parametrize(
    "gps",
    [
        clock("2026:07:14", 16, 25, 5),  # an old fix: no offset ends in seven minutes
        clock("2026:07:14", 17, 17, 5),  # no place is a quarter of an hour off
        clock("2026:07:12", 16, 32, 5),  # another day
        clock("", 16, 32, 5),
        clock("2026:07:14", 25, 61, 5),
        [asciz(0x1D, "2026:07:14"), rational(7, (16, 0), (32, 0), (5, 0))],
    ],
)
def test_a_gps_clock_that_cannot_be_trusted_tells_none(gps: list[Entry]) -> None:
    at = taken(TAKEN, gps=gps)

    assert at is not None
    assert (at.offset, at.source) == (None, SOURCE)


def test_the_offset_of_the_last_change_counts_where_nothing_was_changed() -> None:
    zone = asciz(0x9010, "+02:00")
    same = taken(TAKEN, zone, image=[asciz(0x0132, "2026:07:14 18:32:05")])
    later = taken(TAKEN, zone, image=[asciz(0x0132, "2026:08:01 09:00:00")])

    assert same is not None
    assert later is not None
    assert (same.offset, same.source) == (dt.timedelta(hours=2), f"{SOURCE}, exif:OffsetTime")
    assert later.offset is None


def test_whole_hours_of_tiff_ep_are_an_offset() -> None:
    at = taken(TAKEN, (0x882A, 8, 1, b"\xff\xfb"))

    assert at is not None
    assert (at.offset, at.source) == (-dt.timedelta(hours=5), f"{SOURCE}, exif:TimeZoneOffset")


def test_a_gps_clock_alone_is_utc() -> None:
    at = taken(gps=clock("2026:07:14", 16, 32, 5))

    assert at is not None
    assert (at.local.hour, at.offset) == (16, dt.timedelta(0))
    assert at.source == "exif:GPSTimeStamp"


def test_a_date_in_xmp_says_its_own_offset() -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        b'photoshop:DateCreated="2026-07-14T18:32:05+02:00"/></rdf:RDF></x:xmpmeta>'
    )
    at = inspect(jpeg(app(1, XMP + packet), *picture())).captured_at

    assert at is not None
    assert at.offset == dt.timedelta(hours=2)
    assert at.source == "xmp:photoshop:DateCreated"


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "2026:13:01 00:00:00",
        "    :  :     :  :  ",
        "٢٠٢٦:07:14 18:32:05",
        "",
    ],
)
def test_a_date_that_is_none_is_none(text: str) -> None:
    assert taken(asciz(0x9003, text)) is None
