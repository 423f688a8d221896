"""Where a photo was taken: the sharpest that can be trusted, and problems for the rest."""

from __future__ import annotations

import struct

import pytest

from builders import exif, jpeg, picture
from builders_exif import asciz, block, byte, position
from builders_png import chunk
from builders_png import picture as png_picture
from builders_tiff import Tags, page, tiff
from builders_xmp import in_app1, packet
from photoprivacy import Report, inspect


def report(gps: list[tuple[int, int, int, bytes]] | None = None, xmp: str = "") -> Report:
    parts = [exif(block(gps=gps))] if gps else []
    parts += [in_app1(packet("", xmp))] if xmp else []
    return inspect(jpeg(*parts, *picture()))


def at(report: Report) -> tuple[float, float] | None:
    here = report.coordinates
    return None if here is None else (round(here.latitude, 4), round(here.longitude, 4))


def signed(*parts: tuple[int, int], sides: str = "SE") -> list[tuple[int, int, int, bytes]]:
    """Return a position whose latitude is of signed rationals (type 10)."""
    raw = b"".join(struct.pack(">ii", *part) for part in parts)
    rest = [one for one in position(sides=sides) if one[0] != 2]
    return [(2, 10, len(parts), raw), *rest]


XMP = 'exif:GPSLatitude="48,51.5N" exif:GPSLongitude="2,17.6667E"'
THERE = (48.8583, 2.2944)


def test_exif_comes_first() -> None:
    assert at(report(position(), XMP)) == (52.3702, 4.8952)


def test_a_position_in_whole_degrees_gives_way_to_a_sharper_one() -> None:
    coarse = position(((48, 1), (0, 1), (0, 1)), ((2, 1), (0, 1), (0, 1)))

    assert at(report(coarse, XMP)) == THERE
    assert at(report(coarse)) == (48.0, 2.0)


def test_a_position_without_a_fix_gives_way_to_one_with() -> None:
    assert at(report([*position(), asciz(9, "V")], XMP)) == THERE
    assert at(report([*position(), asciz(9, "V")])) == (52.3702, 4.8952)


@pytest.mark.parametrize(
    ("xmp", "expected"),
    [
        (XMP, THERE),
        ('exif:GPSLatitude="48,51,30N" exif:GPSLongitude="2,17,40W"', (48.8583, -2.2944)),
        ('drone-dji:GpsLatitude="+48.8583" drone-dji:GpsLongitude="-2.2944"', (48.8583, -2.2944)),
        ('drone-dji:GpsLatitude="48.8583" drone-dji:GpsLongtitude="2.2944"', THERE),
        ('exif:GPSLatitude="48,51.5 N" exif:GPSLongitude="2, 17.6667 e"', THERE),
        ('exif:GPSLatitude="48,51.5N"', None),
    ],
)
def test_xmp_spells_positions_in_its_ways(xmp: str, expected: tuple[float, float] | None) -> None:
    assert at(report(xmp=xmp)) == expected


@pytest.mark.parametrize(
    ("gps", "xmp", "problem"),
    [
        (position(((0, 1),), ((0, 1),)), "", "0, 0"),
        (position(sides="  "), "", "hemisphere"),
        (position(((91, 1),)), "", "not on Earth"),
        (position(((0, 0), (0, 0), (0, 0))), "", "cannot be computed"),
        (position(((52, 1), (22, 0), (0, 1))), "", "cannot be computed"),
        (None, 'exif:GPSLatitude="48,51.5" exif:GPSLongitude="2,17"', "hemisphere"),
        (None, 'exif:GPSLatitude="48.85" exif:GPSLongitude="2.2"', "hemisphere"),
        (None, 'exif:GPSLatitude="91,0N" exif:GPSLongitude="2,17E"', "not on Earth"),
        (None, 'exif:GPSLatitude="52,22W" exif:GPSLongitude="4,53E"', "misspelled"),
        (None, 'exif:GPSLatitude="4,53.5E" exif:GPSLongitude="52,22N"', "misspelled"),
        (None, 'exif:GPSLatitude="52,99.9N" exif:GPSLongitude="4,53E"', "misspelled"),
        (None, 'exif:GPSLatitude="52,22,99N" exif:GPSLongitude="4,53E"', "misspelled"),
        (None, 'exif:GPSLatitude="٥٢,22N" exif:GPSLongitude="4,53E"', "misspelled"),
        (position(((52, 1), (99, 1), (0, 1))), "", "cannot be computed"),
        (signed((-33, 1), (51, 1), sides="NE"), "", "cannot be computed"),
        (signed((33, 1), (-51, 1)), "", "cannot be computed"),
        (None, 'exif:GPSLatitude="0,0N" exif:GPSLongitude="0,0E"', "0, 0"),
    ],
)
def test_what_is_no_position_is_a_problem(
    gps: list[tuple[int, int, int, bytes]] | None, xmp: str, problem: str
) -> None:
    found = report(gps, xmp)

    assert found.coordinates is None
    assert [one.what for one in found.problems if problem in one.what]


@pytest.mark.parametrize(
    "parts",
    [
        ((-33, 1), (51, 1), (0, 1)),
        ((-33, 1), (-51, 1), (0, 1)),
        ((33, 1), (51, 1), (0, 1)),
        ((0, 1), (-2031, 50), (0, 1)),
    ],
)
def test_a_sign_and_a_hemisphere_that_agree_are_taken_once(
    parts: tuple[tuple[int, int], ...],
) -> None:
    expected = -0.677 if parts[0] == (0, 1) else -33.85

    assert at(report(signed(*parts))) == (expected, 4.8952)


def test_a_problem_is_told_once() -> None:
    found = report([*position(sides="  "), byte(5, b"\x00")])

    assert len(found.problems) == 1
    # The numbers without their hemispheres are found still.
    assert {"exif.gps.latitude", "exif.gps.longitude"} <= {one.code for one in found.findings}


def behind(exif_block: bytes, *, order: str = ">") -> bytes:
    """Return an Exif block whose IFD0 is empty, and whose IFD1 leads to what *exif_block* has."""
    shifted = bytearray(exif_block)
    # IFD0 becomes IFD1: an empty directory in front of it leads to it.
    shifted[4:8] = struct.pack(f"{order}I", len(shifted))
    return bytes(shifted) + struct.pack(f"{order}HI", 0, 8)


def test_what_only_the_thumbnail_leads_to_is_not_the_photos_place_and_time() -> None:
    other = block(exif=[asciz(0x9003, "1999:01:01 01:01:01")], gps=position())

    found = inspect(jpeg(exif(behind(other)), *picture()))

    assert (found.coordinates, found.captured_at) == (None, None)
    assert {one.code for one in found.findings} >= {"exif.gps.latitude", "exif.photo.taken"}


def test_a_further_page_does_not_say_where_the_first_was_taken() -> None:
    there: Tags = {1: (2, b"N\x00"), 2: (5, (48, 1, 51, 1, 30, 1))}
    inner = {0x8825: there | {3: (2, b"E\x00"), 4: (5, (2, 1, 17, 1, 40, 1))}}

    alone = inspect(tiff(page(inner=inner)))
    second = inspect(tiff(page(), page(inner=inner)))

    assert at(alone) == THERE
    assert at(second) is None
    assert "exif.gps.latitude" in {one.code for one in second.findings}


def test_what_is_said_of_another_resource_is_not_the_photos_place() -> None:
    ours = packet("", XMP)
    others = 'exif:GPSLatitude="10,22.5S" exif:GPSLongitude="20,22.5W"'
    space = 'xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    about = f'<rdf:Description rdf:about="uuid:other" {space} {others}/><rdf:Description'.encode()
    both = ours.replace(b"<rdf:Description", about, 1)
    alone = ours.replace(b'rdf:about=""', b'rdf:about="uuid:ours"')

    assert at(inspect(jpeg(in_app1(both), *picture()))) == THERE
    assert at(inspect(jpeg(in_app1(alone), *picture()))) == THERE


def test_exif_in_its_own_chunk_comes_before_exif_spelled_as_text() -> None:
    spelled = block(gps=position()).hex()
    words = f"Raw profile type exif\x00\nexif\n{len(spelled) // 2:8}\n{spelled}\n".encode()
    there = position(((48, 1), (51, 1), (30, 1)), ((2, 1), (17, 1), (40, 1)))
    chunks = (chunk(b"tEXt", words), chunk(b"eXIf", block(gps=there)))

    assert at(inspect(png_picture(*chunks))) == THERE
    assert at(inspect(png_picture(chunks[0]))) == (52.3702, 4.8952)
