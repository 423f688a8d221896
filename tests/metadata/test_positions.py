"""Where a photo was taken: the sharpest that can be trusted, and problems for the rest."""

from __future__ import annotations

import struct

import pytest

from builders import exif, jpeg, picture
from builders_exif import asciz, block, byte, position
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
