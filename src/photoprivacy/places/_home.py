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
from photoprivacy.places._crowd import enough, members, scope_of, stops
from photoprivacy.places._gazetteer import Gazetteer
from photoprivacy.places._loaded import table
from photoprivacy.places._partition import LEVELS, Cell, cell_of
from photoprivacy.places._table import REACH_KM

#: People among whom a home is hidden, unless the owner says otherwise.
FLOOR: Final = 50_000
_CODE: Final = re.compile(r"1:([0-5]):(-?\d{1,4}):(\d{1,4}):(\d{1,9})", re.ASCII)


@attrs.frozen(kw_only=True)
class HomeZone:
    """A part of the world in which recipients are told a region at best.

    It is a cell of a fixed `partition <Cell>`, taken larger until it hides the home among
    *floor* people and the home is well inside. Of the home itself it keeps nothing: homes of
    the same cell make the same zone, and every recipient sees the same for each of them. It is
    the owner's: it belongs in a `Library`, never in an album.

    Attributes:
        cell: Which cell.
        floor: Among how many people it hides a home.

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
            floor: Among how many people it is to be hidden, counted as an attacker would:
                those of the same region (of the country, where the region is not told) for
                whom no smaller cell would do. In a country of fewer than four times as
                many, a quarter of them. Where no cell up to 450 km wide has as many, it is
                that wide, and nothing is told in it.

        Raises:
            PlaceError: The table of places is missing or damaged.
            ValueError: The floor is not between 1 and a billion.
        """
        if not 1 <= floor < 10**9:
            raise ValueError("floor is a number of people")
        at = home.latitude, home.longitude
        scope = _scope_of(Gazetteer().reverse(home), floor)
        cells = [cell_of(level, *at) for level in range(LEVELS)]
        cell = next((one for one in cells if stops(one, *at, scope, floor)), cells[-1])
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

        A place without a position, inferred or told by hand, is hidden unless it is certain to
        be elsewhere: photos of home are named after a city whose own point may be far outside.

        Raises:
            PlaceError: The table of places is missing or damaged.
        """
        if at is not None and self.cell.holds(at.latitude, at.longitude):
            return True
        if place is None:
            return False
        known = members(self.cell)
        parts = place.key.split("/")
        if parts[0] == place.country_code and known.ids.intersection(parts[2:]):
            return True
        own = place.coordinates or _point_of(parts[2:3])
        if own is not None:
            # Without a position, a city that reaches into the cell may be the home's.
            reach = 0.0 if at is not None else REACH_KM
            return self.cell.away(own.latitude, own.longitude) <= reach
        # By name alone: a region may be spelled as its city is, and a city in another language
        # or by another geocoder.
        name = (place.city or place.region).casefold()
        unproven = at is None and bool(place.city) and place.country_code in known.countries
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
        scope = _scope_of(place, self.floor)
        return bool(place.region) and "/" in scope and enough(self.cell, scope, self.floor)


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


def _scope_of(place: Place | None, floor: int) -> str:
    if place is None:
        return ""
    return scope_of(place.country_code, "/".join(place.key.split("/")[:2]), floor)


def _point_of(parts: list[str]) -> Coordinates | None:
    """Return the point of the place of a GeoNames identifier, if the table has it."""
    number = parts[0] if parts else ""
    if not (number.isascii() and number.isdigit()):
        return None
    known, order = table(), _by_id()
    at = bisect.bisect_left(order, int(number), key=known.ids.__getitem__)
    if at == len(order) or known.ids[order[at]] != int(number):
        return None
    latitude, longitude = known.point(order[at])
    return Coordinates(latitude=latitude, longitude=longitude)


@functools.cache
def _by_id() -> array.array[int]:
    """Return the rows of the table in the order of their identifiers."""
    ids = table().ids
    return array.array("I", sorted(range(len(ids)), key=ids.__getitem__))
