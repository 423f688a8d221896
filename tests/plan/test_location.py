"""Places told coarsely: names, the city's own point, and no digit of the photo's."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import XMP, app, jpeg, picture
from photoprivacy import Coordinates, Format, Place, Policy, Precision, inspect, strip
from photoprivacy.testing import sample_photo
from verify.built import trips

LISBON = Coordinates(latitude=38.7139, longitude=-9.1334)
#: precision → what is told of it
TOLD = {
    Precision.NONE: {},
    Precision.COUNTRY: {"CountryCode": "PT", "Country": "Portugal"},
    Precision.REGION: {"CountryCode": "PT", "Country": "Portugal", "State": "Lisbon"},
    Precision.CITY: {
        "CountryCode": "PT", "Country": "Portugal", "State": "Lisbon", "City": "Lisbon"
    },
}  # fmt: skip
COARSE = sorted(TOLD)[1:]


def names(data: bytes) -> dict[str, object]:
    """Return the names that a photo's XMP tells, by the last word of their property."""
    return {
        finding.code.rpartition(".")[2]: finding.value
        for finding in inspect(data).findings
        if finding.code.startswith(("xmp.photoshop.", "xmp.Iptc4xmpCore."))
    }


def packet(words: str) -> bytes:
    """Return an APP1 segment whose XMP says *words*."""
    return app(
        1,
        XMP
        + (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
            'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
            'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
            'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
            f"{words}</rdf:Description></rdf:RDF></x:xmpmeta>"
        ).encode(),
    )


def named(words: str) -> bytes:
    """Return a photo without a position, whose XMP names a place."""
    return jpeg(packet(words), *picture())


class Elsewhere:
    """A geocoder that knows one place."""

    def __init__(self, place: Place | None) -> None:
        self.place = place

    def reverse(self, _at: Coordinates, /) -> Place | None:
        return self.place


@pytest.mark.parametrize("precision", TOLD)
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif"])
def test_a_place_is_told_as_sharply_as_the_policy_says(kind: str, precision: Precision) -> None:
    photo = sample_photo(format=kind, coordinates=LISBON)
    policy = Policy(location=precision)
    clean = strip(photo, policy)

    assert names(clean.data) == TOLD[precision]
    assert (inspect(clean.data).coordinates is None) == (precision is not Precision.CITY)
    assert inspect(clean.data).coordinates != inspect(photo).coordinates
    assert not inspect(clean.data).violations(policy)
    again = strip(clean.data, policy)
    assert again.data == clean.data
    assert not again.changed


def test_no_digit_of_the_position_is_left() -> None:
    photo = sample_photo(coordinates=LISBON)
    exact = [
        raw
        for finding in inspect(photo).findings
        if finding.code == "exif.gps.position"
        for raw in finding.raw
    ]
    assert exact
    for precision in COARSE:
        clean = strip(photo, Policy(location=precision)).data
        assert not [raw for raw in exact if raw in clean]


@pytest.mark.parametrize("first", COARSE)
@pytest.mark.parametrize("second", TOLD)
def test_telling_less_later_is_the_same_as_telling_less_at_once(
    first: Precision, second: Precision
) -> None:
    photo = sample_photo(coordinates=LISBON)
    once = strip(photo, Policy(location=min(first, second))).data
    twice = strip(strip(photo, Policy(location=first)).data, Policy(location=second)).data

    assert twice == once


def test_names_alone_are_kept_without_a_position() -> None:
    photo = named(
        "<photoshop:City>Porto</photoshop:City><photoshop:State>Norte</photoshop:State>"
        "<photoshop:Country>Portugal</photoshop:Country>"
        "<Iptc4xmpCore:Location>Rua das Flores</Iptc4xmpCore:Location>"
    )

    assert names(strip(photo, Policy(location=Precision.COUNTRY)).data) == {"Country": "Portugal"}
    city = strip(photo, Policy(location=Precision.CITY)).data
    assert names(city) == {"Country": "Portugal", "State": "Norte", "City": "Porto"}
    assert names(strip(photo).data) == {}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("A &amp; B &lt;b&gt; &quot;C&quot;", 'A & B <b> "C"'),
        ("  two\n lines ", "two lines"),
        ("São João Item: photoshop:", "São João Item: photoshop:"),
        ("x" * 300, "x" * 200),
        ("\u202eotroP", None),
        ("", None),
    ],
)
def test_a_name_is_written_as_what_it_says(written: str, told: str | None) -> None:
    policy = Policy(location=Precision.CITY)
    clean = strip(named(f"<photoshop:City>{written}</photoshop:City>"), policy).data

    assert names(clean).get("City") == told
    assert strip(clean, policy).data == clean


def test_a_city_that_is_called_as_its_region_goes() -> None:
    photo = sample_photo(coordinates=LISBON)
    city = packet("<photoshop:City>Lisbon</photoshop:City>")
    clean = strip(photo[:2] + city + photo[2:], Policy(location=Precision.REGION))

    assert names(clean.data) == TOLD[Precision.REGION]
    assert "xmp.photoshop.City" in {finding.code for finding in clean.removed}


def test_a_code_that_is_none_is_not_written() -> None:
    photo = named("<Iptc4xmpCore:CountryCode>home sweet home</Iptc4xmpCore:CountryCode>")

    assert names(strip(photo, Policy(location=Precision.CITY)).data) == {}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (None, {}),
        (Place(), {}),
        (Place(country_code="AQ", key="AQ"), {"CountryCode": "AQ"}),
        (
            Place(country_code="PT", country="Portugal", coordinates=LISBON, key="PT"),
            {"CountryCode": "PT", "Country": "Portugal"},
        ),
    ],
)
def test_where_nothing_is_named_no_point_stands_in(
    place: Place | None, told: dict[str, str]
) -> None:
    photo = sample_photo(coordinates=LISBON)
    clean = strip(photo, Policy(location=Precision.CITY), geocoder=Elsewhere(place)).data

    assert names(clean) == told
    assert inspect(clean).coordinates is None


def test_an_altitude_beside_a_coarse_place_is_a_violation() -> None:
    codes = {
        finding.code
        for finding in inspect(sample_photo(coordinates=LISBON)).violations(
            Policy(location=Precision.CITY)
        )
    }

    assert "exif.gps.altitude" in codes
    assert "exif.gps.position" not in codes


def test_a_name_sharper_than_the_policy_does_not_pass() -> None:
    city = strip(sample_photo(coordinates=LISBON), Policy(location=Precision.CITY)).data
    for precision in (Precision.NONE, Precision.COUNTRY, Precision.REGION):
        assert trips(Format.JPEG, city, city, Policy(location=precision))


def test_exiftool_reads_the_names_where_it_looks_for_them(tmp_path: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("needs exiftool")
    for kind in (Format.JPEG, Format.PNG, Format.WEBP, Format.HEIC, Format.AVIF):
        path = tmp_path / f"photo{kind.suffix}"
        photo = sample_photo(format=kind.value, coordinates=LISBON)
        path.write_bytes(strip(photo, Policy(location=Precision.CITY)).data)
        command = ["exiftool", "-j", "-City", "-State", "-Country", "-CountryCode", str(path)]
        said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]

        assert {name: said.get(name) for name in TOLD[Precision.CITY]} == TOLD[Precision.CITY]
