"""The offline geocoder: country by time-zone polygon, then the place inside that country."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from photoprivacy.geo import Coordinates, Place
from photoprivacy.places._contest import Contest
from photoprivacy.places._loaded import table
from photoprivacy.places._names import Names
from photoprivacy.places._table import GRAIN, Table

#: The division of the nearest place counts up to here; beyond, only the country (kilometres).
_REGION_KM: Final = 100.0
#: Zones of several countries are told apart by the nearest place up to here (kilometres).
_BORDER_KM: Final = 200.0
#: From this many points on, a batch is worth numpy's start.
_BATCH: Final = 2_000
_KEPT: Final = 100_000


class Gazetteer:
    """Names points from a table inside the package. No position leaves the process.

    The country comes from time-zone polygons (tzfpy, made from OpenStreetMap), so that a
    border is a border and not the middle between two towns. The place is the one whose
    reach, which grows with its population, covers the point best; sections and suburbs
    belong to their city. Nothing is named at sea, at the poles, and for (0, 0).

    Safe to use from several threads.

    Args:
        countries: Time zone to ISO code, to override whose a zone is where that is disputed
            (``{"Europe/Simferopol": "UA"}``). A code that the table does not have is a
            ``ValueError`` when the first point is looked up.
        language: In which language to name countries and large cities, such as ``"de"``;
            what has no name in it keeps its local one. By default names are GeoNames' own.

    Raises:
        MissingExtra: A language is given, and the extra ``[i18n]`` is not installed.
        ValueError: The language is none.

    >>> place = Gazetteer().reverse(Coordinates(latitude=38.7139, longitude=-9.1334))
    >>> place.city, place.country, place.timezone
    ('Lisbon', 'Portugal', 'Europe/Lisbon')
    """

    def __init__(self, *, countries: Mapping[str, str] | None = None, language: str = "") -> None:
        self._override = dict(countries or {})
        self._names = Names.of(language) if language else None
        self._asked: Asked | None = None

    def __getstate__(self) -> dict[str, object]:
        # To another process goes what was asked for, not what was read.
        return self.__dict__ | {"_asked": None}

    def reverse(self, at: Coordinates, /) -> Place | None:
        """Return the place of a point, ``None`` where nothing has a name.

        The answer's own `Place.coordinates` are the city's point in the gazetteer. Where no
        city is near, only the region and the country are named, without a point.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        return self._ready().place(at)

    def reverse_many(self, points: Iterable[Coordinates]) -> list[Place | None]:
        """Return the places of many points, in their order.

        Points of one spot are looked up once. With the extra ``[fast]``, large batches are
        looked up by numpy, with the same answers.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        asked = self._ready()
        points = list(points)
        if len(points) >= _BATCH:
            try:
                from photoprivacy.places._fast import answer
            except ImportError:
                pass  # no numpy: the same answers take longer
            else:
                return answer(asked, points)
        return [asked.place(at) for at in points]

    def _ready(self) -> Asked:
        if self._asked is None:
            import tzfpy

            # Both take a while to be read, and neither needs the other.
            polygons = threading.Thread(target=tzfpy.get_tz, args=(0.0, 0.0))
            polygons.start()
            try:
                known = table()
            finally:
                polygons.join()
            self._asked = Asked(known, self._override, tzfpy.get_tz, self._names)
        return self._asked


class _Unknown:
    """What was not asked yet: that a spot has no place is known, too."""


_UNKNOWN: Final = _Unknown()


class Asked:
    """A table with what was asked of it already."""

    def __init__(
        self,
        known: Table,
        override: Mapping[str, str],
        zone_at: Callable[[float, float], str],
        names: Names | None,
    ) -> None:
        self.table = known
        self.zone_at = zone_at
        self.contest = Contest(known)
        self._number = {code: number for number, (code, _) in enumerate(known.countries)}
        if not set(override.values()) <= self._number.keys():
            raise ValueError("countries names a code that the table of places does not have")
        self._override = override
        self._names = names
        self._spots: dict[tuple[int, int], Place | None] = {}
        self._cities: dict[tuple[int, str], Place] = {}

    def place(self, at: Coordinates) -> Place | None:
        """Return the place of a point."""
        if at.suspect:
            return None
        return self.spot(round(at.latitude * GRAIN), round(at.longitude * GRAIN))

    def spot(self, latitude: int, longitude: int) -> Place | None:
        """Return the place of a spot in grains."""
        spot = latitude, longitude
        known = self._spots.get(spot, _UNKNOWN)
        if not isinstance(known, _Unknown):
            return known
        place = self._look_up(latitude / GRAIN, longitude / GRAIN)
        if len(self._spots) > _KEPT:
            self._spots.clear()
        self._spots[spot] = place
        return place

    def countries(self, zone: str) -> tuple[int, ...]:
        """Return the numbers of a time zone's countries, the usual one first."""
        codes = [self._override[zone]] if zone in self._override else self.table.zones.get(zone, [])
        return tuple(self._number[code] for code in codes if code in self._number)

    def city(self, row: int, zone: str) -> Place:
        """Return the place of a row of the table; the same value for the same row."""
        found = self._cities.get((row, zone))
        if found is None:
            found = self._cities[row, zone] = self._city(row, zone)
        return found

    def country(self, number: int) -> tuple[str, str]:
        """Return the code and the name of a country."""
        code, name = self.table.countries[number]
        return code, self._names.countries.get(code, name) if self._names else name

    def _name(self, row: int) -> str:
        own = self.table.name(row)
        return self._names.cities.get(self.table.ids[row], own) if self._names else own

    def _look_up(self, latitude: float, longitude: float) -> Place | None:
        zone = self.zone_at(longitude, latitude)
        countries = self.countries(zone)
        if not countries:
            return None  # the open sea
        country = countries[0]
        if len(countries) > 1:
            # Which of the zone's countries: the nearest place says, whatever its size.
            row = self.contest.nearest(latitude, longitude, countries)
            country = self.table.country[row] if row >= 0 else -1
        row = self.contest.winner(latitude, longitude, country)
        return (
            self.city(row, zone)
            if row >= 0
            else self._countryside(latitude, longitude, countries, zone)
        )

    def _countryside(
        self, latitude: float, longitude: float, countries: tuple[int, ...], zone: str
    ) -> Place:
        """Return region and country, or the country alone, where no city is near."""
        known = self.table
        near = known.near(latitude, longitude, _BORDER_KM)
        found = min((pair for pair in near if known.country[pair[1]] in countries), default=None)
        if found is None:
            code, country = self.country(countries[0])
            return Place(country_code=code, country=country, key=code, timezone=zone)
        distance, row = found
        code, country = self.country(known.country[row])
        division, region = known.regions[known.region[row]]
        if distance > _REGION_KM or not region:
            return Place(country_code=code, country=country, key=code, timezone=zone)
        return Place(
            country_code=code,
            country=country,
            region=region,
            key=f"{code}/{division}",
            timezone=zone,
        )

    def _city(self, row: int, zone: str) -> Place:
        known = self.table
        parent = known.parents[row]
        city = parent if parent >= 0 else row
        code, country = self.country(known.country[city])
        division, region = known.regions[known.region[city]]
        latitude, longitude = known.point(city)
        key = f"{code}/{division}/{known.ids[city]}"
        return Place(
            country_code=code,
            country=country,
            region=region,
            city=self._name(city),
            neighbourhood=self._name(row) if parent >= 0 else "",
            key=f"{key}/{known.ids[row]}" if parent >= 0 else key,
            coordinates=Coordinates(latitude=latitude, longitude=longitude),
            timezone=zone,
        )
