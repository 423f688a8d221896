"""Among how many people a home is hidden: counted as an attacker would count.

Who sees that a cell was chosen knows that no smaller one was enough. People for whom a smaller
cell would have been chosen are therefore not who lives there, and do not count (the minimality
attack on k-anonymity: Wong, Fu, Wang, Pei, VLDB 2007). Neither do people at the cell's edge,
nor those whose photos would be told as another region than the home's.
"""

from __future__ import annotations

import functools
from typing import Final

import attrs

from photoprivacy.places._loaded import table
from photoprivacy.places._partition import Cell, cell_of
from photoprivacy.places._table import Table, population_of

_KEPT: Final = 50_000


@attrs.frozen
class Members:
    """What is in a cell.

    Attributes:
        ids: GeoNames identifiers of its places.
        names: (ISO code, name in small letters) of its places.
        countries: ISO codes of its places.
    """

    ids: frozenset[str]
    names: frozenset[tuple[str, str]]
    countries: frozenset[str]


@functools.lru_cache(maxsize=256)
def members(cell: Cell) -> Members:
    """Return which places a cell has."""
    known = table()
    rows = _rows(cell)
    codes = [known.countries[known.country[row]][0] for row in rows]
    return Members(
        frozenset(str(known.ids[row]) for row in rows),
        frozenset(
            (code, known.name(row).casefold()) for code, row in zip(codes, rows, strict=True)
        ),
        frozenset(codes),
    )


def scope_of(country: str, region: str, floor: int) -> str:
    """Return the smallest of region and country that recipients may be told of a home there.

    A region that is one city, or that has too few people, is not told.

    Args:
        country: ISO code.
        region: Key of the region, ``"DE/02"``.
        floor: Among how many people a home is to be hidden.
    """
    total, largest = _totals().get(region, (0.0, 0.0))
    return region if total >= 2 * floor and largest <= total / 2 else country


def enough(cell: Cell, scope: str, floor: int) -> bool:
    """Return whether a cell hides a home of that scope among enough people.

    Where a whole country has fewer than four times the floor, a quarter of it must do: cells
    cut it into pieces.
    """
    need = floor if "/" in scope else min(floor, _people_of(floor).get(scope, 0.0) / 4)
    return need > 0 and _crowd(cell, floor).get(scope, 0.0) >= need


@functools.lru_cache(maxsize=_KEPT)
def _crowd(cell: Cell, floor: int) -> dict[str, float]:
    """Return scope → people of whom this cell is the smallest that may hide them."""
    known = table()
    people: dict[str, float] = {}
    for row in _rows(cell):
        # A part of a city is counted with the city: twice would hide among too few.
        if known.parents[row] >= 0:
            continue
        latitude, longitude = known.point(row)
        scope = _scope(known, row, floor)
        if not cell.edges_near(latitude, longitude) and not any(
            stops(cell_of(level, latitude, longitude), latitude, longitude, scope, floor)
            for level in range(cell.level)
        ):
            people[scope] = people.get(scope, 0.0) + population_of(known.size[row])
    return people


def stops(cell: Cell, latitude: float, longitude: float, scope: str, floor: int) -> bool:
    """Return whether a cell may hide a home at that point, which lies in it."""
    return not cell.edges_near(latitude, longitude) and enough(cell, scope, floor)


def _rows(cell: Cell) -> list[int]:
    known = table()
    return [row for row in known.within(*cell.box) if cell.holds(*known.point(row))]


def _scope(known: Table, row: int, floor: int) -> str:
    return _scopes(floor)[known.region[row]]


@functools.lru_cache(maxsize=8)
def _scopes(floor: int) -> dict[int, str]:
    """Return number of a region → its scope."""
    known = table()
    countries = dict(zip(known.region, known.country, strict=True))
    scopes = {}
    for region, country in countries.items():
        code = known.countries[country][0]
        scopes[region] = scope_of(code, f"{code}/{known.regions[region][0]}", floor)
    return scopes


@functools.lru_cache(maxsize=8)
def _people_of(floor: int) -> dict[str, float]:
    """Return scope → people of that scope."""
    known = table()
    people: dict[str, float] = {}
    for row in range(len(known.ids)):
        if known.parents[row] < 0:
            scope = _scope(known, row, floor)
            people[scope] = people.get(scope, 0.0) + population_of(known.size[row])
    return people


@functools.cache
def _totals() -> dict[str, tuple[float, float]]:
    """Return key of a region → (people in its places, people in the largest of them)."""
    known = table()
    totals: dict[str, tuple[float, float]] = {}
    for row in range(len(known.ids)):
        if known.parents[row] < 0:
            people = population_of(known.size[row])
            code = known.countries[known.country[row]][0]
            region = f"{code}/{known.regions[known.region[row]][0]}"
            total, largest = totals.get(region, (0.0, 0.0))
            totals[region] = total + people, max(largest, people)
    return totals
