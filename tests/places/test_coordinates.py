"""Coordinates as files spell them: read, or refused without repeating what was there."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoprivacy.geo import Coordinates

EIFFEL = (48.8584, 2.2945)

ISO_6709 = [
    ("+48.8584+002.2945/", *EIFFEL),
    ("+48.8584+002.2945", *EIFFEL),
    ("+48.8584+002.2945+035.000/", *EIFFEL),
    ("+48.8584+002.2945+35CRSWGS_84/", *EIFFEL),
    ("+4851.504+00217.670/", *EIFFEL),
    ("+485130.24+0021740.20/", *EIFFEL),
    ("-2257.1140-04312.6300/", -22.9519, -43.2105),
    ("+40-075/", 40, -75),
    ("-90+000/", -90, 0),
    ("+00-179.9999/", 0, -179.9999),
    ("+52.37+4.89/", 52.37, 4.89),  # one digit too few, as some phones write
]


@pytest.mark.parametrize(("text", "latitude", "longitude"), ISO_6709)
def test_iso_6709_is_read_by_its_number_of_digits(
    text: str, latitude: float, longitude: float
) -> None:
    at = Coordinates.from_iso6709(text)

    assert at.latitude == pytest.approx(latitude, abs=1e-5)
    assert at.longitude == pytest.approx(longitude, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "48.8584+002.2945", "+48.8584", "+48.8584 +002.2945", "+nan+inf/"),
        *("+91+000/", "+48+181/", "+48+0181/", "+4861.0+00217.670/", "+485161+0021740/"),
        *("+12345+0021740/", "+48.85", "٤٨+٠٠٢", "++48+002/", "+1234567+00217/"),
    ],
)
def test_what_is_no_point_by_iso_6709_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"ISO 6709|outside|out of range") as caught:
        Coordinates.from_iso6709(text)

    assert not text.strip("+/") or text not in str(caught.value)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("48,51.504N", "2,17.67E"), ("48,51,30.24N", "2,17,40.2E"), (" 48,51.504N\n", "2,17.67E")],
)
def test_xmp_is_read_in_minutes_and_in_seconds(latitude: str, longitude: str) -> None:
    at = Coordinates.from_xmp(latitude, longitude)

    assert [at.latitude, at.longitude] == pytest.approx([48.8584, 2.2945])


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        *(("48,51.504", "2,17.67E"), ("48,51.504N", "2,17.67"), ("48.8584N", "2.2945E")),
        # Swapped: an E where a latitude stands.
        *(("2,17.67E", "48,51.504N"), ("48,61N", "2,17.67E"), ("91,0N", "2,17.67E")),
        *(("48,51.504N", "181,0E"), ("", ""), ("N", "E"), ("48,51,30,1N", "2,17.67E")),
    ],
)
def test_xmp_without_a_hemisphere_or_off_the_earth_is_refused(
    latitude: str, longitude: str
) -> None:
    with pytest.raises(ValueError, match=r"coordinate|outside"):
        Coordinates.from_xmp(latitude, longitude)


def test_exif_is_read_from_numbers_and_from_rationals() -> None:
    for latitude, longitude in (
        ((48, 51, 30.24), (2, 17, 40.2)),
        (((48, 1), (51504, 1000)), ((2, 1), (1767, 100))),
        (((48, 1), (51504, 1000), (0, 0)), ((2, 1), (1767, 100), (0, 0))),
        ((48.8584,), (2.2945,)),
    ):
        at = Coordinates.from_exif(latitude, "N", longitude, "E\x00")
        assert [at.latitude, at.longitude] == pytest.approx([48.8584, 2.2945])

    south = Coordinates.from_exif((22, 57, 6.84), "S", (43, 12, 37.8), "W")
    assert [south.latitude, south.longitude] == pytest.approx([-22.9519, -43.2105])


@pytest.mark.parametrize(
    ("latitude", "north", "longitude", "east"),
    [
        ((48, 51, 30), "", (2, 17, 40), "E"),
        ((48, 51, 30), "N", (2, 17, 40), "\x00"),
        ((48, 51, 30), "E", (2, 17, 40), "N"),
        ((48, 61, 0), "N", (2, 17, 40), "E"),
        ((-48, 51, 0), "N", (2, 17, 40), "E"),
        (((48, 0), 51, 0), "N", (2, 17, 40), "E"),
        ((math.nan, 0, 0), "N", (2, 17, 40), "E"),
        ((math.inf, 0, 0), "N", (2, 17, 40), "E"),
        ((), "N", (2, 17, 40), "E"),
        ((1, 2, 3, 4), "N", (2, 17, 40), "E"),
        ((91, 0, 0), "N", (2, 17, 40), "E"),
        # Swapped: 100° of latitude.
        ((100, 0, 0), "N", (48, 0, 0), "E"),
    ],
)
def test_exif_that_spells_no_point_is_refused(
    latitude: tuple[float, ...], north: str, longitude: tuple[float, ...], east: str
) -> None:
    with pytest.raises(ValueError, match=r"coordinate|latitude"):
        Coordinates.from_exif(latitude, north, longitude, east)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read_or_refused(one: str, other: str) -> None:
    points = []
    with contextlib.suppress(ValueError):
        points.append(Coordinates.from_iso6709(one))
    with contextlib.suppress(ValueError):
        points.append(Coordinates.from_xmp(one, other))

    assert all(abs(at.latitude) <= 90 and abs(at.longitude) <= 180 for at in points)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_iso_6709_spells_is_what_was_meant(latitude: float, longitude: float) -> None:
    at = Coordinates.from_iso6709(f"{latitude:+010.6f}{longitude:+011.6f}/")

    assert at.latitude == pytest.approx(latitude, abs=1e-6)
    assert at.longitude == pytest.approx(longitude, abs=1e-6)
