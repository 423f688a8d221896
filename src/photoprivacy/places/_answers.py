"""What online geocoders answer, read as a place. Nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from photoprivacy.geo import Place

#: part of a place → names under which services tell it, the best first:
#: Nominatim's ``address`` (its manual, "Place address"), Photon's ``properties`` (its README),
#: Pelias' ``properties`` (its documentation, "Data sources").
_PARTS: Final = {
    "country_code": ("country_code", "countrycode", "country_a"),
    "country": ("country",),
    "region": ("state", "region", "province", "state_district", "county"),
    "city": ("city", "town", "village", "municipality", "locality", "localadmin", "hamlet"),
    "neighbourhood": ("suburb", "city_district", "district", "neighbourhood", "quarter", "borough"),
}
_LONGEST: Final = 200


class BadAnswer(ValueError):
    """An answer is not in a format that is known. Says nothing of what it holds."""


def place_from(answer: object) -> Place | None:
    """Return the place that a service's answer names, ``None`` when it names none.

    It has no point: a service's point is an address, or the middle of nothing.

    Args:
        answer: The parsed JSON of one result.

    Raises:
        BadAnswer: It is in no format that is known.
    """
    if not isinstance(answer, Mapping):
        raise BadAnswer("the answer is not an object")
    for name in ("address", "properties"):
        if name in answer:
            answer = answer[name]
            break
    if not isinstance(answer, Mapping):
        raise BadAnswer("the answer's address is not an object")
    parts = {part: _first(answer, names) for part, names in _PARTS.items()}
    code = parts["country_code"].upper()
    if not code and not parts["country"]:
        return None
    if len(code) == 3:
        code = ""  # ISO 3166-1 alpha-3, as Pelias writes it: the offline answer knows better
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise BadAnswer("the answer's country is no ISO 3166-1 code")
    return Place(
        country_code=code,
        country=parts["country"],
        region=parts["region"],
        city=parts["city"],
        neighbourhood=parts["neighbourhood"],
    )


def _first(answer: Mapping[object, object], names: tuple[str, ...]) -> str:
    for name in names:
        value = answer.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise BadAnswer("a name in the answer is not a text")
        text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
        if text:
            return text[:_LONGEST]
    return ""
