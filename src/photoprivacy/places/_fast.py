"""Many points at once with numpy: the answers of `Gazetteer.reverse`, by the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from photoprivacy.geo import Coordinates, Place
from photoprivacy.places._contest import PER_DEGREE, SLACK_KM
from photoprivacy.places._table import (
    BAND,
    BANDS,
    FLOOR_KM,
    GRAIN,
    KM,
    RADII,
    REACH_KM,
    UNIT,
    Table,
)

if TYPE_CHECKING:
    from photoprivacy.places._gazetteer import Asked

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.int64]

#: Pairs of a cell and a place that are judged at a time: a few arrays of 16 MB.
_PAIRS: Final = 2_000_000
_ROW: Final = 2**34  # wider than any longitude in units


def answer(asked: Asked, points: Sequence[Coordinates]) -> list[Place | None]:
    """Return the places of *points*, in their order."""
    count = len(points)
    latitude = np.fromiter(map(attrgetter("latitude"), points), np.float64, count)
    longitude = np.fromiter(map(attrgetter("longitude"), points), np.float64, count)
    spots = (np.rint(latitude * GRAIN) + 900_000).astype(np.int64) * _ROW
    spots += (np.rint(longitude * GRAIN) + 1_800_000).astype(np.int64)
    # (0, 0) itself means nothing; a point beside it is a point.
    spots[(latitude == 0) & (longitude == 0)] = -1
    distinct, back = np.unique(spots, return_inverse=True)
    start = int(distinct.size > 0 and distinct[0] == -1)
    south_north = distinct[start:] // _ROW - 900_000
    west_east = distinct[start:] % _ROW - 1_800_000
    found = np.empty(distinct.size, object)
    found[start:] = _spots(asked, south_north, west_east)
    answers: list[Place | None] = found[back].tolist()
    return answers


def _spots(asked: Asked, latitudes: _Ints, longitudes: _Ints) -> npt.NDArray[np.object_]:
    zone_at, countries = asked.zone_at, asked.countries
    lat, lon = latitudes / GRAIN, longitudes / GRAIN
    zones = [zone_at(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
    number = {zone: index for index, zone in enumerate(dict.fromkeys(zones))}
    only = np.full(len(number), -1, np.int64)
    for zone, index in number.items():
        of_zone = countries(zone)
        # Zones of several countries are rare, and so is the open sea: asked one by one.
        only[index] = of_zone[0] if len(of_zone) == 1 else -1
    country = only[np.fromiter((number[zone] for zone in zones), np.int64, len(zones))]
    rows = np.full(lat.size, -1, np.int64)
    plain = np.flatnonzero(country >= 0)
    rows[plain] = _winners(_columns(asked.table), lat[plain], lon[plain], country[plain])
    found = np.empty(lat.size, object)
    city, spot = asked.city, asked.spot
    pairs = zip(rows.tolist(), zones, latitudes.tolist(), longitudes.tolist(), strict=True)
    found[:] = [
        city(row, zone) if row >= 0 else spot(north, east) for row, zone, north, east in pairs
    ]
    return found


class _Columns:
    """The table as arrays."""

    def __init__(self, table: Table) -> None:
        self.latitude = np.array(table.latitudes, np.float64) / UNIT
        self.longitude = np.array(table.longitudes, np.float64) / UNIT
        self.radius = np.array(RADII)[np.frombuffer(bytes(table.size), np.uint8)]
        self.country = np.frombuffer(bytes(table.country), np.uint8)
        bands = np.repeat(np.arange(BANDS, dtype=np.int64), np.diff(np.array(table.starts)))
        #: Rows are sorted by band, then longitude: one number orders them all.
        self.order = bands * _ROW + np.array(table.longitudes, np.int64) + 180 * UNIT


_known: list[tuple[Table, _Columns]] = []


def _columns(table: Table) -> _Columns:
    if not _known or _known[0][0] is not table:
        _known[:] = [(table, _Columns(table))]
    return _known[0][1]


def _winners(columns: _Columns, lat: _Floats, lon: _Floats, country: _Ints) -> _Ints:
    """Return the winner of each point among its country's places, -1 for none."""
    cells = np.floor(lat * PER_DEGREE).astype(np.int64) * 2**24
    cells = (cells + np.floor(lon * PER_DEGREE).astype(np.int64) + 2**20) * 256 + country
    distinct, back = np.unique(cells, return_inverse=True)
    ends, rows = _candidates(columns, distinct)
    lengths = np.diff(ends, prepend=0)
    # Every point against the candidates of its cell.
    points, places = _spread(ends[back] - lengths[back], lengths[back])
    places = rows[places]
    distance = _distance(
        lat[points], lon[points], columns.latitude[places], columns.longitude[places]
    )
    score = np.maximum(distance, FLOOR_KM) / columns.radius[places]
    score[distance > REACH_KM] = np.inf
    winners = np.full(lat.size, -1, np.int64)
    # Sorted by point, score, then row: the first of each point is its winner.
    order = np.lexsort((places, score, points))
    first = order[np.flatnonzero(np.diff(points[order], prepend=-1))]
    first = first[np.isfinite(score[first])]
    winners[points[first]] = places[first]
    return winners


def _candidates(columns: _Columns, cells: _Ints) -> tuple[_Ints, _Ints]:
    """Return the places that can win in each cell: where each cell's end, and their rows."""
    counts, found = [], []
    for part in _parts(columns, cells):
        some, rows = _filtered(columns, part)
        counts.append(some)
        found.append(rows)
    if not counts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.cumsum(np.concatenate(counts)), np.concatenate(found)


def _parts(columns: _Columns, cells: _Ints) -> list[_Ints]:
    """Return *cells* in parts that make no more pairs at a time than memory should hold."""
    if not cells.size:
        return []
    starts, lengths, owner = _windows(columns, cells)
    del starts
    pairs = np.bincount(owner, lengths, cells.size)
    parts = np.cumsum(pairs) // _PAIRS
    return np.split(cells, np.flatnonzero(np.diff(parts)) + 1)


def _circles(cells: _Ints) -> tuple[_Floats, _Floats, _Floats]:
    """Return the middles of cells, and the radius around each that holds it."""
    half = 0.5 / PER_DEGREE
    north, east = cells // 256 // 2**24, (cells // 256) % 2**24 - 2**20
    lat, lon = north / PER_DEGREE + half, east / PER_DEGREE + half
    wide = half * np.cos(np.radians(np.abs(lat) - half))
    return lat, lon, KM * np.hypot(half, wide) + SLACK_KM


def _windows(columns: _Columns, cells: _Ints) -> tuple[_Ints, _Ints, _Ints]:
    """Return the stretches of rows near cells: where each begins, its length, whose it is."""
    lat, lon, around = _circles(cells)
    north = (REACH_KM + around) / KM
    widest = np.minimum(89.9, np.abs(lat) + north)
    east = np.minimum(180.0, north / np.cos(np.radians(widest)))
    low = _band(np.maximum(-90, lat - north))
    high = _band(np.minimum(90, lat + north))
    owner, band = _spread(low, high - low + 1)
    starts, lengths, owners = [], [], []
    west, end = (lon - east)[owner], (lon + east)[owner]
    # As it is, and around the antimeridian from either side.
    for turn in (0, 360, -360):
        first = np.maximum(west + turn, -180)
        last = np.minimum(end + turn, 180)
        some = np.flatnonzero(first <= last)
        base = band[some] * _ROW + 180 * UNIT
        start = np.searchsorted(
            columns.order, base + np.floor(first[some] * UNIT).astype(np.int64), "left"
        )
        stop = np.searchsorted(
            columns.order, base + np.ceil(last[some] * UNIT).astype(np.int64), "right"
        )
        starts.append(start.astype(np.int64))
        lengths.append((stop - start).astype(np.int64))
        owners.append(owner[some])
    return np.concatenate(starts), np.concatenate(lengths), np.concatenate(owners)


def _filtered(columns: _Columns, cells: _Ints) -> tuple[_Ints, _Ints]:
    """Return how many candidates each cell has, and their rows, cell by cell."""
    starts, lengths, owner = _windows(columns, cells)
    window, rows = _spread(starts, lengths)
    cell = owner[window]
    some = columns.country[rows] == cells[cell] % 256
    cell, rows = cell[some], rows[some]
    lat, lon, around = _circles(cells)
    distance = _distance(lat[cell], lon[cell], columns.latitude[rows], columns.longitude[rows])
    around = around[cell]
    radius = columns.radius[rows]
    worst = np.maximum(distance + around, FLOOR_KM) / radius
    worst[distance + around > REACH_KM] = np.inf
    bound = np.full(cells.size, np.inf)
    np.minimum.at(bound, cell, worst)
    best = np.maximum(distance - around, FLOOR_KM) / radius
    some = (best <= bound[cell]) & (distance - around <= REACH_KM)
    cell, rows = cell[some], rows[some]
    order = np.argsort(cell, kind="stable")
    return np.bincount(cell, minlength=cells.size).astype(np.int64), rows[order]


def _spread(starts: _Ints, lengths: _Ints) -> tuple[_Ints, _Ints]:
    """Return, for ranges, the number of its range and the value of every member, in order."""
    owner = np.repeat(np.arange(starts.size, dtype=np.int64), lengths)
    first = np.cumsum(lengths) - lengths
    return owner, np.arange(owner.size, dtype=np.int64) - np.repeat(first - starts, lengths)


def _band(lat: _Floats) -> _Ints:
    return np.minimum(BANDS - 1, np.floor((lat + 90) / BAND).astype(np.int64))


def _distance(lat1: _Floats, lon1: _Floats, lat2: _Floats, lon2: _Floats) -> _Floats:
    """Return `distance_km`, for arrays."""
    east = np.abs(lon1 - lon2)
    east = np.minimum(east, 360 - east) * np.cos(np.radians((lat1 + lat2) / 2))
    distance: _Floats = KM * np.hypot(lat1 - lat2, east)
    return distance
