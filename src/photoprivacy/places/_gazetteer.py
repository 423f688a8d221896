"""The offline geocoder: country by time-zone polygon, then the place inside that country."""

from __future__ import annotations

import importlib.resources
import math
import threading
from collections.abc import Iterable, Mapping
from typing import Final

from photoprivacy.errors import PlaceError
from photoprivacy.geo import Coordinates, Place
from photoprivacy.places._table import FILE, FLOOR_KM, RADII, REACH_KM, Table, unpack

#: The division of the nearest place counts up to here; beyond, only the country (kilometres).
_REGION_KM: Final = 100.0
#: Zones of several countries are told apart by the nearest place up to here (kilometres).
_BORDER_KM: Final = 200.0

_lock = threading.Lock()
_loaded: list[Table] = []


def _table() -> Table:
    """Return the table in the package, read when first needed and once a process."""
    with _lock:
        if not _loaded:
            try:
                data = importlib.resources.files(__package__ or "").joinpath(FILE).read_bytes()
            except OSError:
                raise PlaceError(
                    "the table of places is missing; install the package again"
                ) from None
            _loaded.append(unpack(data))
        return _loaded[0]


class Gazetteer:
    """Names points from a table inside the package. No position leaves the process.

    The country comes from time-zone polygons (tzfpy, made from OpenStreetMap), so that a
    border is a border and not the middle between two towns. The place is the one whose
    reach, which grows with its population, covers the point best; sections and suburbs
    belong to their city. Nothing is named at sea, at the poles, and for (0, 0).

    Args:
        countries: Time zone to ISO code, to override whose a zone is where that is disputed
            (``{"Europe/Simferopol": "UA"}``).

    >>> place = Gazetteer().reverse(Coordinates(latitude=38.7139, longitude=-9.1334))
    >>> place.city, place.country, place.timezone
    ('Lisbon', 'Portugal', 'Europe/Lisbon')
    """

    def __init__(self, *, countries: Mapping[str, str] | None = None) -> None:
        self._override = dict(countries or {})

    def reverse(self, at: Coordinates, /) -> Place | None:
        """Return the place of a point, ``None`` where nothing has a name.

        The answer's own `Place.coordinates` are the city's point in the gazetteer. Where no
        city is near, only the region and the country are named, without a point.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        if at.suspect:
            return None
        import tzfpy

        zone = tzfpy.get_tz(at.longitude, at.latitude)
        table = _table()
        codes = [self._override[zone]] if zone in self._override else table.zones.get(zone, [])
        if not codes:
            return None  # the open sea
        numbers = {n: code for n, (code, _) in enumerate(table.countries) if code in codes}
        return _named(table, at, numbers, codes[0], zone)

    def reverse_many(self, points: Iterable[Coordinates]) -> list[Place | None]:
        """Return the places of many points, in their order. Equal points are looked up once.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        known: dict[Coordinates, Place | None] = {}
        answers = []
        for at in points:
            if at not in known:
                known[at] = self.reverse(at)
            answers.append(known[at])
        return answers


def _named(table: Table, at: Coordinates, numbers: dict[int, str], usual: str, zone: str) -> Place:
    best, score = -1, math.inf
    nearest, closest = -1, math.inf
    latitude, longitude = at.latitude, at.longitude
    for distance, row in table.near(latitude, longitude, REACH_KM):
        if table.country[row] not in numbers:
            continue
        if distance < closest:
            nearest, closest = row, distance
        value = max(distance, FLOOR_KM) / RADII[table.size[row]]
        if value < score or (value == score and row < best):
            best, score = row, value
    if len(numbers) > 1 and nearest >= 0:
        # Which of the zone's countries: the nearest place says, whatever its size.
        country = table.country[nearest]
        if best >= 0 and table.country[best] != country:
            best = _best_of(table, at, country)
    if best >= 0:
        return _city(table, best, zone)
    return _countryside(table, at, numbers, usual, zone)


def _best_of(table: Table, at: Coordinates, country: int) -> int:
    best, score = -1, math.inf
    for distance, row in table.near(at.latitude, at.longitude, REACH_KM):
        if table.country[row] == country:
            value = max(distance, FLOOR_KM) / RADII[table.size[row]]
            if value < score:
                best, score = row, value
    return best


def _city(table: Table, row: int, zone: str) -> Place:
    parent = table.parents[row]
    city = parent if parent >= 0 else row
    code, country = table.countries[table.country[city]]
    division, region = table.regions[table.region[city]]
    latitude, longitude = table.point(city)
    key = f"{code}/{division}/{table.ids[city]}"
    return Place(
        country_code=code,
        country=country,
        region=region,
        city=table.name(city),
        neighbourhood=table.name(row) if parent >= 0 else "",
        key=f"{key}/{table.ids[row]}" if parent >= 0 else key,
        coordinates=Coordinates(latitude=latitude, longitude=longitude),
        timezone=zone,
    )


def _countryside(
    table: Table, at: Coordinates, numbers: dict[int, str], usual: str, zone: str
) -> Place:
    """Return region and country, or the country alone, where no city is near."""
    for reach in (_REGION_KM, _BORDER_KM):
        found = [
            (distance, row)
            for distance, row in table.near(at.latitude, at.longitude, reach)
            if table.country[row] in numbers
        ]
        if found:
            row = min(found)[1]
            code, country = table.countries[table.country[row]]
            division, region = table.regions[table.region[row]]
            if reach > _REGION_KM or not region:
                return Place(country_code=code, country=country, key=code, timezone=zone)
            return Place(
                country_code=code,
                country=country,
                region=region,
                key=f"{code}/{division}",
                timezone=zone,
            )
    name = dict(table.countries).get(usual, "")
    return Place(country_code=usual, country=name, key=usual, timezone=zone)
