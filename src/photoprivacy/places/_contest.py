"""Which place wins a point: by distance over reach, among the few that can win near there.

The winner among all places is found once a cell of 0.02°: places that lose everywhere in the
cell are dropped, and each point of it is then judged among those left, mostly one to five.
Dropping is exact: a place stays unless another is certain to beat it from everywhere inside.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from typing import Final

from photoprivacy.places._table import FLOOR_KM, RADII, REACH_KM, Table, distance_km

#: Cells a degree.
PER_DEGREE: Final = 50
#: Distances are taken on a plane; around a cell two of them disagree by less than this (km).
SLACK_KM: Final = 0.1
_KEPT: Final = 100_000


class Contest:
    """Finds winners in a table, and remembers who can win where. Safe to use from threads."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self._lock = threading.Lock()

    def winner(self, latitude: float, longitude: float, country: int) -> int:
        """Return the row of the place that names a point, -1 where none is near."""
        table = self._table
        best, score = -1, math.inf
        for row in self._candidates(latitude, longitude, country):
            distance = distance_km(latitude, longitude, *table.point(row))
            if distance <= REACH_KM:
                value = max(distance, FLOOR_KM) / RADII[table.size[row]]
                if value < score or (value == score and row < best):
                    best, score = row, value
        return best

    def nearest(self, latitude: float, longitude: float, countries: Iterable[int]) -> int:
        """Return the row of the nearest place of *countries* within reach, or -1."""
        allowed = frozenset(countries)
        table = self._table
        near = ((d, r) for d, r in table.near(latitude, longitude, REACH_KM))
        return min((pair for pair in near if table.country[pair[1]] in allowed), default=(0, -1))[1]

    def _candidates(self, latitude: float, longitude: float, country: int) -> tuple[int, ...]:
        cell = cell_at(latitude), cell_at(longitude)
        key = (*cell, country)
        found = self._known.get(key)
        if found is None:
            found = self._filtered(*cell, country)
            with self._lock:
                if len(self._known) > _KEPT:
                    self._known.clear()
                self._known[key] = found
        return found

    def _filtered(self, row: int, column: int, country: int) -> tuple[int, ...]:
        table = self._table
        latitude, longitude, around = circle(row, column)
        near = [
            (distance, place)
            for distance, place in table.near(latitude, longitude, REACH_KM + around)
            if table.country[place] == country
        ]

        def least(sign: int) -> Callable[[tuple[float, int]], float]:
            return lambda pair: max(pair[0] + sign * around, FLOOR_KM) / RADII[table.size[pair[1]]]

        farthest, closest = least(1), least(-1)
        bound = min((farthest(p) for p in near if p[0] + around <= REACH_KM), default=math.inf)
        return tuple(pair[1] for pair in near if closest(pair) <= bound)


def cell_at(degrees: float) -> int:
    """Return the number of the cell, in one direction."""
    return math.floor(degrees * PER_DEGREE)


def circle(row: int, column: int) -> tuple[float, float, float]:
    """Return the middle of a cell, and the radius around it in kilometres that holds the cell."""
    half = 0.5 / PER_DEGREE
    latitude, longitude = row / PER_DEGREE + half, column / PER_DEGREE + half
    corner = distance_km(latitude, longitude, latitude - math.copysign(half, latitude), longitude)
    # Towards the equator a cell is wider.
    east = distance_km(abs(latitude) - half, 0, abs(latitude) - half, half)
    return latitude, longitude, math.hypot(corner, east) + SLACK_KM
