"""Where the owner lives, hidden from recipients: by a cell that does not depend on the home."""

from __future__ import annotations

import array
import bisect
import functools
import re
from collections.abc import Iterable
from typing import Final, Self

import attrs

from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.places._gazetteer import Gazetteer
from photoprivacy.places._loaded import table
from photoprivacy.places._partition import LEVELS, Cell, cell_of
from photoprivacy.places._table import Table, population_of

#: People among whom a home is hidden, unless the owner says otherwise.
FLOOR: Final = 50_000
_CODE: Final = re.compile(r"1:([0-7]):(-?\d{1,4}):(\d{1,4}):(\d{1,9})", re.ASCII)


@attrs.frozen(kw_only=True)
class HomeZone:
    """A part of the world in which recipients are told a region at best.

    It is a cell of a fixed `partition <Cell>`, taken larger until it holds *floor* people and
    the home is well inside. Of the home itself it keeps nothing: every home of the same cell
    makes the same zone, and every recipient sees the same for each of them. It is the owner's:
    it belongs in a `Library`, never in an album.

    Attributes:
        cell: Which cell.
        floor: How many people it hides among.

    >>> zone = HomeZone.around(Coordinates(latitude=48.137, longitude=11.575))
    >>> photo = Coordinates(latitude=48.15, longitude=11.58)
    >>> zone.told(Gazetteer().reverse(photo), Precision.CITY, at=photo).title
    'Bavaria'
    >>> zone
    HomeZone(…)
    """

    cell: Cell = attrs.field(repr=False)
    floor: int = attrs.field(default=FLOOR, repr=False)

    def __repr__(self) -> str:
        return "HomeZone(…)"

    @classmethod
    def around(cls, home: Coordinates, *, floor: int = FLOOR) -> Self:
        """Return the zone of a home.

        Args:
            home: Where it is. It is not kept.
            floor: How many people the cell must hold, counted where recipients could tell it
                apart: in the home's region if that may be told, else in its country.

        Raises:
            PlaceError: The table of places is missing or damaged.
            ValueError: The floor is not between 1 and a billion.
        """
        if not 1 <= floor < 10**9:
            raise ValueError("floor is a number of people")
        scope = _scope(home, floor)
        cell = cell_of(LEVELS - 1, home.latitude, home.longitude)
        for level in range(LEVELS):
            cell = cell_of(level, home.latitude, home.longitude)
            enough = _people(cell, scope) >= floor
            if enough and not cell.edges_near(home.latitude, home.longitude):
                break
        return cls(cell=cell, floor=floor)

    @classmethod
    def parse(cls, code: str) -> Self:
        """Return the zone that `code` spells.

        Raises:
            ValueError: It spells none.
        """
        found = _CODE.fullmatch(code)
        if found is None:
            raise ValueError("not the code of a home zone")
        level, row, column, floor = map(int, found.groups())
        return cls(cell=Cell(level=level, row=row, column=column), floor=floor)

    @property
    def code(self) -> str:
        """The zone as a short text, to keep on the owner's side."""
        return f"1:{self.cell.level}:{self.cell.row}:{self.cell.column}:{self.floor}"

    def hides(self, place: Place | None, *, at: Coordinates | None = None) -> bool:
        """Whether a photo is of the zone: by its position, or by the place it is given.

        An inferred or corrected place has no position that proves it: its name counts.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        if at is not None and self.cell.holds(at.latitude, at.longitude):
            return True
        if place is None:
            return False
        own = place.coordinates
        if own is not None and self.cell.holds(own.latitude, own.longitude):
            return True
        known = _members(self.cell)
        parts = place.key.split("/")
        if parts[0] == place.country_code and known.ids.intersection(parts[2:]):
            return True
        if own is not None or any(map(_numbered, parts[2:])):
            return False
        # A place by name alone: a region may be spelled as its city is, and a city in another
        # language or by another geocoder. Without a position it may be the home's.
        name = (place.city or place.region).casefold()
        unproven = at is None and bool(place.city) and place.country_code in known.people
        return unproven or (place.country_code, name) in known.names

    def told(
        self, place: Place | None, precision: Precision, *, at: Coordinates | None = None
    ) -> Place | None:
        """Return what recipients are told of a place: as granted, inside the zone less.

        Args:
            place: Where a photo was taken, by name.
            precision: How sharply the grant tells places.
            at: Where it was taken, exactly, if that is known.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        if place is None:
            return None
        if not self.hides(place, at=at):
            return place.at(precision)
        # Not the country instead: only Berlin would ever be told as "Germany".
        best = Precision.REGION if self._tells(place) else Precision.NONE
        return place.at(min(precision, best))

    def _tells(self, place: Place) -> bool:
        """Whether a region may be told: where that leaves enough people to hide among."""
        if not place.region:
            return False
        scope = "/".join(place.key.split("/")[:2])
        return _wide(scope, self.floor) and _people(self.cell, scope) >= self.floor


def told(
    place: Place | None,
    precision: Precision,
    *,
    at: Coordinates | None = None,
    homes: Iterable[HomeZone] = (),
) -> Place | None:
    """Return what recipients are told of a place when the owner has several homes, or none.

    Raises:
        PlaceError: The table of places is missing or damaged.
    """
    answers = [zone.told(place, precision, at=at) for zone in homes]
    answers.append(place.at(precision) if place else None)
    return min(answers, key=lambda one: -1 if one is None or one.level is None else one.level.rank)


@attrs.frozen
class _Members:
    ids: frozenset[str]
    names: frozenset[tuple[str, str]]
    people: dict[str, float]


@functools.lru_cache(maxsize=256)
def _members(cell: Cell) -> _Members:
    """Return which places a cell has, and how many people live there, by country and region."""
    known = table()
    ids, names, people = set(), set(), dict[str, float]()
    for row in known.within(*cell.box):
        if not cell.holds(*known.point(row)):
            continue
        code = known.countries[known.country[row]][0]
        ids.add(str(known.ids[row]))
        names.add((code, known.name(row).casefold()))
        # A part of a city is counted with the city: twice would hide among too few.
        if known.parents[row] < 0:
            for scope in ("", code, _scope_of(known, row)):
                people[scope] = people.get(scope, 0) + population_of(known.size[row])
    return _Members(frozenset(ids), frozenset(names), people)


def _numbered(part: str) -> bool:
    """Whether a part of a key is a GeoNames identifier that the table has."""
    if not (part.isascii() and part.isdigit()):
        return False
    ids = _ids()
    at = bisect.bisect_left(ids, int(part))
    return at < len(ids) and ids[at] == int(part)


@functools.cache
def _ids() -> array.array[int]:
    return array.array("I", sorted(table().ids))


def _people(cell: Cell, scope: str) -> float:
    return _members(cell).people.get(scope, 0)


def _scope(home: Coordinates, floor: int) -> str:
    """Return the smallest of region, country and world that recipients may be told of a home."""
    place = Gazetteer().reverse(home)
    if place is None:
        return ""
    parts = place.key.split("/")
    for scope in ("/".join(parts[:2]) if place.region else "", parts[0]):
        if scope and _wide(scope, floor):
            return scope
    return ""


@functools.cache
def _wide(scope: str, floor: int) -> bool:
    """Whether naming a region or country leaves open where in it: not one city, not too few."""
    total, largest = _totals().get(scope, (0.0, 0.0))
    return total >= 2 * floor and largest <= total / 2


@functools.cache
def _totals() -> dict[str, tuple[float, float]]:
    """Return region or country → (people in its places, people in the largest of them)."""
    known = table()
    totals: dict[str, tuple[float, float]] = {}
    for row in range(len(known.ids)):
        if known.parents[row] < 0:
            people = population_of(known.size[row])
            for scope in (known.countries[known.country[row]][0], _scope_of(known, row)):
                total, largest = totals.get(scope, (0.0, 0.0))
                totals[scope] = total + people, max(largest, people)
    return totals


def _scope_of(known: Table, row: int) -> str:
    return f"{known.countries[known.country[row]][0]}/{known.regions[known.region[row]][0]}"
