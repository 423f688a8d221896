"""Fresh Exif blocks: read back by others, and nothing in them that the policy forbids."""

from __future__ import annotations

import datetime as dt
import io
import struct

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from builders import exif, jpeg, picture
from photoprivacy import inspect, strip
from photoprivacy import policy as policies
from photoprivacy._plan._exif import KEPT, coarse_time, fresh_entries, fresh_exif
from photoprivacy.geo import Coordinates, Precision
from photoprivacy.policy import Category, Policy, TimePrecision

TAKEN = dt.datetime(2026, 7, 14, 18, 32, 5)  # noqa: DTZ001 - wall-clock time, as in a file


def note(*rationals: tuple[int, int, int], tail: bytes = b"") -> bytes:
    """Return a maker note of Apple's with these tags, each a fraction, and a *tail*."""
    first = 20 + 12 * len(rationals)
    rows = [
        struct.pack(">HHII", tag, 10, 1, first + 8 * n) for n, (tag, _, _) in enumerate(rationals)
    ]
    values = [struct.pack(">ii", top, bottom) for _, top, bottom in rationals]
    head = b"Apple iOS\x00\x00\x01MM" + struct.pack(">H", len(rationals))
    return head + b"".join(rows) + bytes(4) + b"".join(values) + tail


FIELDS = {
    "IFD0:Make": "Maker",
    "IFD0:Model": "Model 1",
    "IFD0:Copyright": "© Somebody",
    "IFD0:ImageDescription": "A quay",
    "Exif:UserComment": "schöner Tag",
    "Exif:FNumber": (28, 10),
    "Exif:ISO": 200,
    "Exif:BodySerialNumber": "SN-0042-4711",
}
NOTE = note((1, 5, 9), (33, 82317, 54194), (17, -3, 7), (48, 0, 1))
EVERYTHING = Policy(
    keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN},
    location=Precision.EXACT,
    time=TimePrecision.EXACT,
)


def block(
    policy: Policy, *, orientation: int = 1, fields: dict[str, object] | None = None
) -> bytes:
    entries = fresh_entries(
        FIELDS if fields is None else fields,
        policy,
        orientation=orientation,
        taken=TAKEN,
        offset=dt.timedelta(hours=-3, minutes=-30),
        position=Coordinates(latitude=-38.7139, longitude=9.1334)
        if policy.location is Precision.EXACT
        else None,
    )
    return fresh_exif(entries)


def parsed(data: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(b"Exif\x00\x00" + data)
    return exif


def test_nothing_kept_is_no_block_at_all() -> None:
    assert block(Policy.SHARE) == b""


def test_an_orientation_alone_is_26_bytes() -> None:
    data = block(Policy.SHARE, orientation=6)

    assert len(data) == 26
    assert dict(parsed(data)) == {Base.Orientation: 6}


def test_what_is_kept_is_read_back() -> None:
    exif = parsed(block(EVERYTHING, orientation=8))
    inner = exif.get_ifd(IFD.Exif)
    gps = exif.get_ifd(IFD.GPSInfo)

    assert exif[Base.Make] == "Maker"
    assert exif[Base.Orientation] == 8
    assert inner[Base.FNumber] == 2.8
    assert inner[Base.DateTimeOriginal] == "2026:07:14 18:32:05"
    assert inner[Base.OffsetTimeOriginal] == "-03:30"
    assert inner[Base.UserComment] == b"UNICODE\x00\xfe\xff" + "schöner Tag".encode("utf-16-be")
    assert (gps[GPS.GPSLatitudeRef], gps[GPS.GPSLongitudeRef]) == ("S", "E")
    degrees, minutes, seconds = gps[GPS.GPSLatitude]
    assert float(degrees + minutes / 60 + seconds / 3600) == pytest.approx(38.7139, abs=1e-8)


def test_serial_numbers_are_never_written() -> None:
    assert b"SN-0042-4711" not in block(EVERYTHING)


BRIGHT = note((33, 82317, 54194), (48, 0, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (NOTE, BRIGHT),
        (note((48, 0, 1), (33, 82317, 54194), tail=b"words"), BRIGHT),
        (note((33, -1, 2)), note((33, -1, 2))),
        (note((33, 1, 0)), b""),
        (note((34, 1, 2)), b""),
        (note((33, 1, 2))[:-1], b""),
        (note((33, 1, 2)).replace(b"Apple iOS", b"Other iOS"), b""),
        (b"Apple iOS\x00\x00\x01MM\xff\xff", b""),
        (b"Apple iOS\x00\x00\x01MM", b""),
    ],
)
def test_of_a_maker_note_two_numbers_stay(old: bytes, new: bytes) -> None:
    data = block(Policy(keep={Category.HDR}), fields={"Exif:MakerNote": old})

    assert data[-len(new) :] == new if new else not data
    assert len(data) == (44 + len(new) if new else 0)


@pytest.mark.parametrize("category", sorted({row.category for row in KEPT}))
def test_a_category_brings_its_own_tags_and_no_others(category: Category) -> None:
    fields = FIELDS | {"Exif:MakerNote": NOTE}
    exif = parsed(block(Policy(keep={category}), orientation=3, fields=fields))
    tags = set(exif) | set(exif.get_ifd(IFD.Exif))

    allowed = {row.tag for row in KEPT if row.category is category}
    assert tags - {Base.ExifOffset, Base.ExifVersion} <= allowed
    assert tags


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (TimePrecision.YEAR, "2026:01:01 00:00:00"),
        (TimePrecision.MONTH, "2026:07:01 00:00:00"),
        (TimePrecision.DAY, "2026:07:14 00:00:00"),
        (TimePrecision.EXACT, "2026:07:14 18:32:05"),
    ],
)
def test_time_is_written_at_its_precision(precision: TimePrecision, expected: str) -> None:
    inner = parsed(block(Policy(time=precision))).get_ifd(IFD.Exif)

    assert inner[Base.DateTimeOriginal] == expected
    assert Base.OffsetTimeOriginal not in inner


def test_coarse_time_stays_itself() -> None:
    day = coarse_time(TAKEN, TimePrecision.DAY)

    assert coarse_time(day, TimePrecision.DAY) == day


@pytest.mark.parametrize(("latitude", "size"), [(1e-9, 0), (1e-7, 140)])
def test_a_position_that_reads_as_none_is_not_written(latitude: float, size: int) -> None:
    at = Coordinates(latitude=latitude, longitude=0.0)
    told = fresh_entries({}, EVERYTHING, orientation=1, taken=None, offset=None, position=at)

    assert len(fresh_exif(told)) == size


@pytest.mark.parametrize(
    "value", [None, "", "   ", -1, 70_000, (1, 2, 3), (1, -1), (1.5, 2), b"bytes", object()]
)
def test_values_that_do_not_fit_are_left_out(value: object) -> None:
    names = [f"{row.ifd}:{row.name}" for row in KEPT if row.name != "Orientation"]
    told = fresh_entries(
        dict.fromkeys(names, value),
        EVERYTHING,
        orientation=1,
        taken=None,
        offset=None,
        position=None,
    )

    assert fresh_exif(told) == b""


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        ("IFD0:Copyright", "photographer\x00editor", b"photographer"),
        ("IFD0:Copyright", " \x00editor\x00more", b"editor"),
        ("IFD0:Copyright", "\x00editor", None),
        ("IFD0:Artist", " \x00hidden", None),
        ("IFD0:Artist", "shown\x00hidden", b"shown"),
        ("Exif:UserComment", "shown\x00hidden", b"shown"),
    ],
)
def test_a_text_ends_where_readers_end_it(field: str, text: str, shown: bytes | None) -> None:
    out = block(EVERYTHING, fields={field: text})

    assert b"hidden" not in out
    assert b"more" not in out
    assert out == block(EVERYTHING, fields={}) if shown is None else shown in out


@pytest.mark.parametrize("text", ["日本語", "schöner Tag", "plain"])
def test_a_comment_is_read_back_whatever_its_script(text: str) -> None:
    photo = jpeg(exif(block(EVERYTHING, fields={"Exif:UserComment": text})), *picture())
    once = strip(photo, EVERYTHING).data
    said = [f.value for f in inspect(once).findings if f.code == "exif.photo.user-comment"]

    assert said == [text]
    assert strip(once, EVERYTHING).data == once


def test_a_comment_that_cannot_be_read_is_not_kept() -> None:
    fields: dict[str, object] = {"Exif:UserComment": "\ufffd\ufffd\ufeff"}

    assert block(EVERYTHING, fields=fields) == block(EVERYTHING, fields={})


def test_the_version_that_a_kept_comment_needs_is_no_violation() -> None:
    photo = jpeg(exif(block(EVERYTHING, fields={"Exif:UserComment": "words"})), *picture())
    clean = strip(photo, Policy.PUBLISH).data

    assert not inspect(clean).violations(Policy.PUBLISH)
    assert inspect(clean).violations(Policy.SHARE)


def test_exiftool_style_readers_take_the_block_inside_a_jpeg() -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "jpeg", exif=b"Exif\x00\x00" + block(EVERYTHING))

    with Image.open(file) as image:
        assert image.getexif()[Base.Copyright] == "© Somebody".encode().decode("latin-1")


def test_the_presets_agree_with_the_table() -> None:
    assert policies.RENDERING <= Policy.PUBLISH.keep <= Policy.ARCHIVE.keep
