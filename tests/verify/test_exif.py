"""A fresh Exif block says what the policy allows, and holds not one byte besides."""

from __future__ import annotations

import attrs
import pytest

from builders import between_scans, exif, jfif, jpeg, picture
from photoprivacy.containers import Format
from photoprivacy.geo import Precision
from photoprivacy.policy import Category, Policy, TimePrecision
from verify.built import (
    ASCII,
    BYTE,
    CANARY,
    EVERYTHING,
    LONG,
    NOTHING,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Entry,
    passes,
    short,
    tiff,
    trips,
    words,
)

VERSION: Entry = (36864, UNDEFINED, 4, b"0300")
TAKEN = 36867
DEGREES = bytes.fromhex("00000026 00000001 0000002b 00000001 0000a1b2 00002710")
GPS: tuple[Entry, ...] = (
    (0, BYTE, 4, b"\x02\x03\x00\x00"),
    words(1, b"N"),
    (2, RATIONAL, 3, DEGREES),
    words(3, b"E"),
    (4, RATIONAL, 3, DEGREES),
)
RATIO = bytes.fromhex("0000001c 0000000a")

#: what may be kept, and by which category
KEPT: list[tuple[Category, tuple[Entry, ...], tuple[Entry, ...]]] = [
    (Category.CAPTION, (words(270, b"A quay"),), ()),
    (Category.CAPTION, (), (VERSION, (37510, UNDEFINED, 11, b"ASCII\x00\x00\x00sea"))),
    (Category.RIGHTS, (words(315, b"Somebody"),), ()),
    (Category.RIGHTS, (words(33432, b"(c) Somebody"),), ()),
    (Category.DEVICE, (words(271, b"Maker"),), ()),
    (Category.DEVICE, (words(272, b"Model"),), ()),
    (Category.DEVICE, (), (VERSION, words(42035, b"Maker"))),
    (Category.DEVICE, (), (VERSION, words(42036, b"Lens"))),
    (Category.TECHNICAL, (), ((33434, RATIONAL, 1, RATIO), VERSION)),
    (Category.TECHNICAL, (), ((33437, RATIONAL, 1, RATIO), VERSION)),
    (Category.TECHNICAL, (), (short(34855, 200), VERSION)),
    (Category.TECHNICAL, (), (VERSION, short(37385, 16))),
    (Category.TECHNICAL, (), (VERSION, (37386, RATIONAL, 1, RATIO))),
    (Category.TECHNICAL, (), (VERSION, short(41987, 0))),
    (Category.TECHNICAL, (), (VERSION, short(41989, 28))),
    (Category.LOCATION, (), ()),
    (Category.TIME, (), (VERSION, words(TAKEN, b"2026:07:14 18:32:05"))),
]

#: what no policy allows
NEVER: dict[str, tuple[tuple[Entry, ...], tuple[Entry, ...], tuple[Entry, ...]]] = {
    "software": ((words(305, b"Editor 9"),), (), ()),
    "time of change": ((words(306, b"2026:07:14 18:32:05"),), (), ()),
    "host computer": ((words(316, b"My phone"),), (), ()),
    "document name": ((words(269, b"IMG_1"),), (), ()),
    "print image matching": (((50341, UNDEFINED, 6, b"PrintI"),), (), ()),
    "Windows author": (((40093, BYTE, 4, b"M\x00e\x00"),), (), ()),
    "old XMP": (((700, BYTE, 6, b"<x:xmp"),), (), ()),
    "IPTC": (((33723, LONG, 2, bytes(8)),), (), ()),
    "Photoshop": (((34377, BYTE, 6, b"8BIM\x04\x04"),), (), ()),
    "padding": (((59932, UNDEFINED, 6, bytes(6)),), (), ()),
    "resolution": (((282, RATIONAL, 1, RATIO),), (), ()),
    "digitised": ((), (VERSION, words(36868, b"2026:07:14 18:32:05")), ()),
    "maker note": ((), (VERSION, (37500, UNDEFINED, 8, b"Maker\x00\x00\x01")), ()),
    "subseconds": ((), (VERSION, words(37521, b"123")), ()),
    "unique id": ((), (VERSION, words(42016, b"0" * 32)), ()),
    "owner": ((), (VERSION, words(42032, b"Somebody")), ()),
    "body serial": ((), (VERSION, words(42033, b"SN-0042-4711")), ()),
    "lens serial": ((), (VERSION, words(42037, b"SN-0042-4711")), ()),
    "photographer": ((), (VERSION, words(42039, b"Somebody")), ()),
    "temperature": ((), (VERSION, (37888, RATIONAL, 1, RATIO)), ()),
    "composite": ((), (VERSION, short(42080, 2)), ()),
    "another version": ((), ((36864, UNDEFINED, 4, b"0232"),), ()),
    "altitude": ((), (), (*GPS, (6, RATIONAL, 1, RATIO))),
    "GPS time": ((), (), (*GPS, (7, RATIONAL, 3, DEGREES))),
    "direction": ((), (), (*GPS, (17, RATIONAL, 1, RATIO))),
    "GPS date": ((), (), (*GPS, words(29, b"2026:07:14"))),
    "position error": ((), (), (*GPS, (31, RATIONAL, 1, RATIO))),
    "interoperability": (
        (),
        (VERSION, (40965, LONG, 1, b"\x00\x00\x00\x1a")),
        (),
    ),
}


#: a block that is wrong in one way
WRONG: dict[str, bytes] = {
    "a block in the other byte order": b"II\x2a\x00\x08\x00\x00\x00" + bytes(6),
    "a first IFD elsewhere": b"MM\x00\x2a\x00\x00\x00\x0a" + bytes(8),
    "a thumbnail's IFD": tiff((short(274, 6),), following=b"\x00\x00\x00\x1a", tail=bytes(6)),
    "bytes behind the block": tiff((short(274, 6),), tail=CANARY),
    "one zero behind the block": tiff((short(274, 6),), tail=b"\x00"),
    "bytes behind a short value": tiff(((274, SHORT, 1, b"\x00\x06ab"),)),
    "a byte behind an odd value": tiff((words(315, b"Some"), words(33432, b"body"))).replace(
        b"Some\x00\x00", b"Some\x00!"
    ),
    "no block at all": b"\x00" * 4,
    "a pointer out of the block": tiff((short(274, 6), (34665, LONG, 1, b"\xff\xff\xff\x00"))),
    "a pointer to itself": tiff((short(274, 6), (34665, LONG, 1, b"\x00\x00\x00\x08"))),
    "a value out of the block": tiff(((315, ASCII, 99, b"ab\x00\x00"),)),
    "a count of four thousand million": tiff(((315, ASCII, 0xFFFFFFFF, b"\x00\x00\x00\x08"),)),
    "a value of an unknown type": tiff(((315, 129, 1, b"a\x00"),)),
    "an orientation twice": tiff((short(274, 3), short(274, 6))),
    "an orientation as a long": tiff(((274, LONG, 1, b"\x00\x00\x00\x06"),)),
    "an orientation of two": tiff(((274, SHORT, 2, b"\x00\x00\x00\x06"),)),
    "tags out of order": tiff((words(315, b"Somebody"), short(274, 6))),
    "text behind the end of text": tiff((words(315, b"Me\x00" + CANARY),)),
    "text without an end": tiff(((315, ASCII, 8, b"Somebody"),)),
    "a copyright of bytes": tiff(((33432, UNDEFINED, 10, CANARY),)),
    "a model of numbers": tiff(((272, RATIONAL, 3, DEGREES),)),
    "many exposure times": tiff((), ((33434, RATIONAL, 3, DEGREES), VERSION)),
    "another GPS version": tiff(gps=((0, BYTE, 4, b"abcd"), *GPS[1:])),
    "a latitude to the west": tiff(gps=(GPS[0], words(1, b"W"), *GPS[2:])),
    "a longitude of a word": tiff(gps=(*GPS[:3], words(3, b"EAST"), GPS[4])),
    "a position half told": tiff(gps=GPS[:3]),
    "a GPS IFD with nothing in it": tiff((short(274, 6),))[:8]
    + bytes.fromhex("0002 0112 0003 00000001 00060000 8825 0004 00000001 00000026 00000000")
    + bytes(6),
    "a time zone of words": tiff((), (VERSION, words(36881, b"Lisbon"))),
}


def around(block: bytes, side: int = 1) -> tuple[bytes, bytes]:
    """Return a JPEG with which *side* is up, and the same one with *block*."""
    said = [exif(tiff((short(274, side),)))] if side > 1 else []
    return jpeg(jfif(), *said, *picture()), jpeg(jfif(), exif(block), *picture())


def refused(block: bytes, policy: Policy = EVERYTHING, *, orientation: int = 1) -> str:
    source, output = around(block, orientation)
    return trips(Format.JPEG, source, output, policy, orientation=orientation)


def allowed(block: bytes, policy: Policy, *, orientation: int = 1) -> None:
    source, output = around(block, orientation)
    passes(Format.JPEG, source, output, policy, orientation=orientation)


def only(category: Category) -> Policy:
    if category is Category.LOCATION:
        return attrs.evolve(NOTHING, location=Precision.EXACT)
    if category is Category.TIME:
        return attrs.evolve(NOTHING, time=TimePrecision.EXACT)
    return Policy(keep={category})


def without(category: Category) -> Policy:
    if category is Category.LOCATION:
        return attrs.evolve(EVERYTHING, location=Precision.NONE)
    if category is Category.TIME:
        return attrs.evolve(EVERYTHING, time=TimePrecision.NONE)
    return attrs.evolve(EVERYTHING, keep=EVERYTHING.keep - {category})


@pytest.mark.parametrize(("category", "image", "photo"), KEPT)
def test_a_kept_tag_needs_its_category(
    category: Category, image: tuple[Entry, ...], photo: tuple[Entry, ...]
) -> None:
    block = tiff(image, photo, GPS if category is Category.LOCATION else ())

    allowed(block, only(category))
    refused(block, without(category))
    refused(block, NOTHING)


@pytest.mark.parametrize("what", NEVER)
def test_no_policy_allows(what: str) -> None:
    assert refused(tiff(*NEVER[what]))


def test_a_copyright_may_name_photographer_and_editor() -> None:
    allowed(tiff((words(33432, b"Somebody\x00Somebody else"),)), only(Category.RIGHTS))

    refused(tiff((words(33432, b"Somebody\x00Somebody else\x00" + CANARY),)), only(Category.RIGHTS))


@pytest.mark.parametrize("stated", range(2, 9))
def test_the_orientation_is_the_sources(stated: int) -> None:
    block = tiff((short(274, stated),))

    allowed(block, Policy.SHARE, orientation=stated)
    assert "orientation" in refused(block, Policy.SHARE, orientation=1)
    assert "orientation" in refused(block, Policy.SHARE, orientation=stated % 8 + 1)
    assert "may not" in refused(block, NOTHING, orientation=stated)


def test_a_copy_does_not_turn_where_no_viewer_turns_the_source() -> None:
    note = exif(tiff((short(274, 6),)))
    for hidden, scans in (
        (jpeg(exif(b"MM\x00*"), note, *picture()), picture()),
        (between_scans(note), picture(progressive=True)),
    ):
        passes(Format.JPEG, hidden, jpeg(*scans))
        assert "viewers" in trips(Format.JPEG, hidden, jpeg(note, *scans), orientation=6)


def test_no_block_where_one_must_say_the_orientation_is_refused() -> None:
    plain, _ = around(b"")

    assert "orientation" in trips(Format.JPEG, plain, plain, orientation=6)


@pytest.mark.parametrize(
    ("precision", "good", "sharper"),
    [
        (TimePrecision.YEAR, b"2026:01:01 00:00:00", b"2026:07:01 00:00:00"),
        (TimePrecision.YEAR, b"2026:01:01 00:00:00", b"2026:01:14 00:00:00"),
        (TimePrecision.MONTH, b"2026:07:01 00:00:00", b"2026:07:14 00:00:00"),
        (TimePrecision.MONTH, b"2026:07:01 00:00:00", b"2026:07:01 18:00:00"),
        (TimePrecision.DAY, b"2026:07:14 00:00:00", b"2026:07:14 18:00:00"),
        (TimePrecision.DAY, b"2026:07:14 00:00:00", b"2026:07:14 00:00:05"),
        (TimePrecision.EXACT, b"2026:07:14 18:32:05", b"2026:07:14 18:32:05.123"),
    ],
)
def test_a_time_is_as_coarse_as_the_policy(
    precision: TimePrecision, good: bytes, sharper: bytes
) -> None:
    policy = attrs.evolve(EVERYTHING, time=precision)

    allowed(tiff((), (VERSION, words(TAKEN, good))), policy)
    assert "time" in refused(tiff((), (VERSION, words(TAKEN, sharper))), policy)


@pytest.mark.parametrize(
    ("time", "location", "fine"),
    [
        (TimePrecision.EXACT, Precision.EXACT, True),
        (TimePrecision.EXACT, Precision.COUNTRY, True),
        (TimePrecision.EXACT, Precision.NONE, False),
        (TimePrecision.DAY, Precision.EXACT, False),
    ],
)
def test_a_time_zone_needs_an_exact_time_and_a_place(
    time: TimePrecision, location: Precision, *, fine: bool
) -> None:
    policy = attrs.evolve(EVERYTHING, time=time, location=location)
    block = tiff((), (VERSION, words(36881, b"+02:00")))

    if fine:
        allowed(block, policy)
    else:
        assert "time zone" in refused(block, policy)


@pytest.mark.parametrize("precision", Precision)
def test_a_position_needs_a_city_or_more(precision: Precision) -> None:
    policy = attrs.evolve(EVERYTHING, location=precision)

    if precision in (Precision.CITY, Precision.EXACT):
        allowed(tiff(gps=GPS), policy)
    else:
        refused(tiff(gps=GPS), policy)


@pytest.mark.parametrize("what", WRONG)
def test_an_exif_block_is_refused_with(what: str) -> None:
    block = WRONG[what]
    stated = 6 if b"\x01\x12" in block else 1

    assert refused(block, orientation=stated)


def test_every_byte_of_a_block_matters() -> None:
    block = tiff(
        (short(274, 6), words(315, b"Somebody")),
        (VERSION, words(TAKEN, b"2026:07:14 00:00:00")),
        GPS,
    )
    policy = attrs.evolve(EVERYTHING, time=TimePrecision.DAY)
    allowed(block, policy, orientation=6)

    # A value may be another value; nothing else may change, grow or shrink.
    for at in range(len(block)):
        refused(block[:at], policy, orientation=6)
    for at in range(2, len(block) + 1):
        refused(block[:at] + b"\x00" + block[at:], policy, orientation=6)
