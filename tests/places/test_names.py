"""Names in other languages: what is not known in one keeps its local name, and is never empty."""

from __future__ import annotations

import sys

import pytest

from photoprivacy.errors import MissingExtra, PlaceError
from photoprivacy.geo import Coordinates
from photoprivacy.places import Gazetteer
from photoprivacy.places._loaded import table
from photoprivacy.places._names import Names, languages, pack_names, unpack_names

LISBON = Coordinates(latitude=38.7139, longitude=-9.1334)
MUNICH = Coordinates(latitude=48.1374, longitude=11.5755)


@pytest.mark.parametrize(
    ("language", "lisbon", "munich"),
    [
        ("de", ("Lissabon", "Portugal"), ("München", "Deutschland")),
        ("de-AT", ("Lissabon", "Portugal"), ("München", "Deutschland")),
        ("pt_BR", ("Lisboa", "Portugal"), ("Munique", "Alemanha")),
        ("fr", ("Lisbonne", "Portugal"), ("Munich", "Allemagne")),
        ("ja", ("リスボン", "ポルトガル"), ("ミュンヘン", "ドイツ")),
        ("ru", ("Лиссабон", "Португалия"), ("Мюнхен", "Германия")),
    ],
)
def test_countries_and_large_cities_have_names_in_the_language(
    language: str, lisbon: tuple[str, str], munich: tuple[str, str]
) -> None:
    pytest.importorskip("babel")
    gazetteer = Gazetteer(language=language)
    for at, expected in ((LISBON, lisbon), (MUNICH, munich)):
        place = gazetteer.reverse(at)
        assert place is not None
        assert (place.city, place.country) == expected
        plain = Gazetteer().reverse(at)
        assert plain is not None
        # Another name is no other place.
        assert (place.key, place.coordinates) == (plain.key, plain.coordinates)


def test_no_place_loses_its_name_in_any_language() -> None:
    pytest.importorskip("babel")
    known = table()
    codes = {code for code, _ in known.countries}
    for language in (*languages(), "sw", "eo", "gsw"):
        names = Names.of(language)
        assert all(name.strip() for name in names.cities.values())
        assert all(names.countries.get(code, "x").strip() for code in codes)
    assert len(languages()) == 23


def test_a_language_that_is_none_is_refused() -> None:
    pytest.importorskip("babel")
    for wrong in ("xx", "german", "de-", "../de", "12", "d" * 500):
        with pytest.raises(ValueError, match="language"):
            Gazetteer(language=wrong)


def test_without_the_extra_a_language_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)

    with pytest.raises(MissingExtra, match=r"photoprivacy\[i18n\]"):
        Gazetteer(language="de")
    place = Gazetteer().reverse(LISBON)
    assert place is not None
    assert place.city == "Lisbon"


def test_a_damaged_file_of_names_is_a_clear_error() -> None:
    data = pack_names({"de": {1: "Eins", 7: "Sieben"}, "fr": {}})

    assert unpack_names(data) == {"de": {1: "Eins", 7: "Sieben"}, "fr": {}}
    for damaged in (b"", data[:-1], data[:60] + b"x" + data[61:], b"x" + data[1:]):
        with pytest.raises(PlaceError, match="damaged"):
            unpack_names(damaged)
