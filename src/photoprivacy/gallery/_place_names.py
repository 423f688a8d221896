"""Places in the recipient's language, as far as the gazetteer and babel know their names."""

from __future__ import annotations

import functools

from photoprivacy.errors import MissingExtra, PlaceError
from photoprivacy.geo import Place
from photoprivacy.places._names import Names


class PlaceNames:
    """Names of places in one language; what it does not know keeps the name that the album has.

    Args:
        code: The language.
    """

    def __init__(self, code: str) -> None:
        self._names = _names(code)

    def title(self, place: Place) -> str:
        """Return the finest name that *place* has."""
        if place.neighbourhood:
            return place.neighbourhood
        if place.city:
            return self._city(place)
        return place.region or self._country(place)

    def within(self, place: Place) -> str:
        """Return what *place* lies in: its city, if it is a part of one, and its country."""
        title = self.title(place)
        # "Luxembourg · Luxembourg" says it once; regions are said only for regions' sake.
        around = [self._city(place) if place.neighbourhood else "", self._country(place)]
        return ", ".join(name for name in around if name and name != title)

    def _city(self, place: Place) -> str:
        parts = place.key.split("/")
        number = parts[2] if len(parts) > 2 else ""
        known = self._names.cities if self._names else {}
        # A key made of names has none that is a GeoNames identifier.
        return known.get(int(number), place.city) if number.isdecimal() else place.city

    def _country(self, place: Place) -> str:
        known = self._names.countries if self._names else {}
        return known.get(place.country_code) or place.country or place.country_code


@functools.cache
def _names(code: str) -> Names | None:
    try:
        return Names.of(code)
    except (MissingExtra, PlaceError):
        return None
