"""Where someone seems to live, on their own side: to be asked, not to be told."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import statistics
from collections.abc import Iterable
from typing import Final

from photoprivacy._time import CapturedAt
from photoprivacy.geo import Coordinates
from photoprivacy.places._home import FLOOR, HomeZone
from photoprivacy.places._moments import Located, position

#: Squares in which photos are counted: about half a kilometre high.
_PER_DEGREE: Final = 200
#: A home has at least so many photos, on so many days, over so long.
_PHOTOS, _DAYS, _RANGE = 10, 8, dt.timedelta(days=90)
#: No gap between these days may be longer than this part of their range.
_GAP: Final = 0.6
_MOST: Final = 3

_Square = tuple[int, int]
_Shot = tuple[dt.date, Coordinates]


def suggest_homes(photos: Iterable[Located], *, floor: int = FLOOR) -> tuple[HomeZone, ...]:
    """Return zones around where the owner seems to live, the likeliest first, three at most.

    A place is a home when photos were taken there on many days, over months, without a long
    gap. It is a suggestion for the owner: another regular place, such as a workplace, makes
    one too. Photos need a ``captured_at`` and ``coordinates``.

    Args:
        photos: The owner's own photos.
        floor: How many people each zone hides among; see `HomeZone.around`.

    Raises:
        PlaceError: The table of places is missing or damaged.
    """
    squares: dict[_Square, list[_Shot]] = {}
    for photo in photos:
        at, moment = position(photo), getattr(photo, "captured_at", None)
        if at is not None and isinstance(moment, CapturedAt):
            squares.setdefault(_square(at), []).append((moment.local.date(), at))
    scored = []
    for square, own in squares.items():
        around = [shot for near in _around(square) for shot in squares.get(near, ())]
        days = sorted({day for day, _ in around})
        if len(around) >= _PHOTOS and _regular(days):
            scored.append((len(days), len(own), square, around))
    zones: dict[HomeZone, None] = {}
    taken: set[_Square] = set()
    for _, _, square, around in sorted(scored, key=lambda one: (-one[0], -one[1], one[2])):
        if len(zones) == _MOST:
            break
        if square in taken:
            continue
        taken.update(near for one in _around(square) for near in _around(one))
        zones[HomeZone.around(_middle([at for _, at in around]), floor=floor)] = None
    return tuple(zones)


def _square(at: Coordinates) -> _Square:
    return math.floor(at.latitude * _PER_DEGREE), math.floor(at.longitude * _PER_DEGREE)


def _around(square: _Square) -> list[_Square]:
    row, column = square
    return [(row + up, column + along) for up in (-1, 0, 1) for along in (-1, 0, 1)]


def _regular(days: list[dt.date]) -> bool:
    if len(days) < _DAYS or days[-1] - days[0] < _RANGE:
        return False
    longest = max(later - one for one, later in itertools.pairwise(days))
    return longest <= (days[-1] - days[0]) * _GAP


def _middle(points: list[Coordinates]) -> Coordinates:
    # Squares touch the antimeridian from one side only: longitudes do not jump here.
    return Coordinates(
        latitude=statistics.median(at.latitude for at in points),
        longitude=statistics.median(at.longitude for at in points),
    )
