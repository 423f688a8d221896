"""One partition of the world into cells, the same for everyone: it knows no home.

Cells of a level are about square and twice as wide as those of the level below. Their edges
start a fifth of a cell off: a parallel that is an edge on one level lies at least a fifth of a
cell away from the edges of the next three, so whoever lives on an edge is moved off it by a
larger cell, whose own edges are elsewhere. (With edges that nest, the equator would be an edge
on every level.)
"""

from __future__ import annotations

import math
from typing import Final

import attrs

from photoprivacy.places._table import distance_km

#: Height of the smallest cells in degrees: about 14 km.
_SMALLEST: Final = 0.125
#: Sizes of cells: from 14 km, doubled, to 4 degrees, about 450 km.
LEVELS: Final = 6
_OFFSET: Final = 0.2
#: Nearer to an edge than this part of a cell's width counts as on it: 870 m at the smallest.
_EDGE: Final = 1 / 16


@attrs.frozen(kw_only=True)
class Cell:
    """A cell of the partition. It is one of a fixed set, whoever asks.

    Attributes:
        level: 0 for the smallest cells.
        row: From the south.
        column: From the antimeridian, eastwards.
    """

    level: int
    row: int
    column: int

    @property
    def box(self) -> tuple[float, float, float, float]:
        """South, north, west, east in degrees; east may exceed 180 where it wraps around."""
        height, width = _height(self.level), _width(self.level, self.row)
        south = (self.row + _OFFSET) * height - 90
        west = (self.column + _OFFSET) * width - 180
        return max(south, -90.0), min(south + height, 90.0), west, west + width

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies in it."""
        return cell_of(self.level, latitude, longitude) == self

    def touches(self, south: float, north: float, west: float, east: float) -> bool:
        """Whether a box of degrees has a part in it."""
        low, high, first, last = self.box
        # Turned to begin at this cell's western edge, so that the antimeridian is nowhere near.
        turned = (west - first) % 360
        along = turned <= last - first or turned + (east - west) >= 360
        return south <= high and north >= low and along

    def away(self, latitude: float, longitude: float) -> float:
        """Return how many kilometres a point is away from the cell, 0 inside."""
        south, north, west, east = self.box
        up = max(south - latitude, 0.0, latitude - north)
        turned = (longitude - west) % 360
        along = 0.0 if turned <= east - west else min(turned - (east - west), 360 - turned)
        return distance_km(latitude, 0.0, latitude + math.copysign(up, -latitude), along)

    def edges_near(self, latitude: float, longitude: float) -> bool:
        """Whether a point inside is so near to an edge that its photos may lie on both sides."""
        south, north, west, east = self.box
        up = (latitude - south) / (north - south)
        along = ((longitude - west) % 360) / (east - west)
        return not (_EDGE <= up <= 1 - _EDGE and (_EDGE <= along <= 1 - _EDGE or east - west > 359))


def cell_of(level: int, latitude: float, longitude: float) -> Cell:
    """Return the cell of that level in which a point lies."""
    row = math.floor((latitude + 90) / (_height(level)) - _OFFSET)
    width = _width(level, row)
    column = math.floor((longitude + 180) / width - _OFFSET) % round(360 / width)
    return Cell(level=level, row=row, column=column)


def _height(level: int) -> float:
    return math.ldexp(_SMALLEST, level)


def _width(level: int, row: int) -> float:
    """Return how many degrees of longitude make a cell of this row about square."""
    height = _height(level)
    middle = (row + _OFFSET + 0.5) * height - 90
    cosine = math.cos(math.radians(max(-90.0, min(90.0, middle))))
    return 360 / max(1, round(360 * cosine / height))
