"""Colour profiles (ICC.1): their names, and what they tell besides colours."""

from __future__ import annotations

import struct

from builders import icc as segments
from builders import jpeg, picture
from builders_icc import NOT_STATED, described, icc, profile
from photoprivacy import Category, Finding, Policy, inspect, strip


def found(data: bytes) -> dict[str, Finding]:
    report = inspect(jpeg(segments(data), *picture()))
    return {one.code: one for one in report.findings}


def localised(*texts: str) -> bytes:
    """Return text in several languages (10.15)."""
    rows, bodies = b"", b""
    for text in texts:
        raw = text.encode("utf-16-be")
        rows += b"enUS" + struct.pack(">II", len(raw), 16 + 12 * len(texts) + len(bodies))
        bodies += raw
    return b"mluc" + bytes(4) + struct.pack(">II", len(texts), 12) + rows + bodies


TELLING = icc(
    {
        b"desc": described(b"Ada's display, calibrated"),
        b"cprt": b"text" + bytes(4) + b"Copyright Example Inc.\x00",
        b"dmnd": described(b"Maker of displays"),
        b"dmdd": localised("Display 27"),
        b"targ": b"text" + bytes(4) + b"CGATS.17 measured by Ada\x00",
        b"mmod": bytes(40),
        b"vcgt": bytes(60),
    },
    day=struct.pack(">6H", 2026, 7, 14, 18, 32, 5),
    creator=b"ADAE" + bytes(44),
)


def test_a_profile_names_itself_its_maker_and_its_display() -> None:
    told = found(TELLING)

    assert {code: one.value for code, one in told.items()} == {
        "icc.profile": "Ada's display, calibrated",
        "icc.copyright": "Copyright Example Inc.",
        "icc.device-maker": "Maker of displays",
        "icc.device-model": "Display 27",
        "icc.measured": "CGATS.17 measured by Ada",
        "icc.display": 40,
        "icc.calibration": 60,
        "icc.creator": "ADAE",
        "icc.made": "2026-07-14T18:32:05",
    }
    assert told["icc.display"].category is Category.SERIAL
    assert told["icc.calibration"].category is Category.TRACKING


def test_only_the_colours_stay() -> None:
    source = jpeg(segments(TELLING), *picture())

    clean = strip(source)

    assert [one.code for one in inspect(clean.data).findings] == ["icc.profile"]
    assert inspect(clean.data).violations() == ()
    assert b"Ada" not in clean.data


def test_what_a_profile_tells_of_its_maker_goes_under_every_policy() -> None:
    loose = Policy(keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN})
    clean = strip(jpeg(segments(TELLING), *picture()), loose)

    assert [one.code for one in clean.kept] == ["icc.profile"]
    assert {one.code for one in clean.removed} == set(found(TELLING)) - {"icc.profile"}


def test_a_clean_profile_tells_nothing_more() -> None:
    assert set(found(profile())) == {"icc.profile"}


def test_a_table_of_tags_that_lies_is_read_as_far_as_it_goes() -> None:
    data = bytearray(icc({b"desc": described(b"RGB"), b"cprt": NOT_STATED}))
    struct.pack_into(">II", data, 136, 2**31, 2**31)  # where the first tag is said to be

    assert found(bytes(data))["icc.profile"].value is None
