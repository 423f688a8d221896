"""The table of places: how it is stored, and how it is asked.

File, all numbers little-endian::

    magic "PPLACES1"   sha256 of the rest:32   xz of: header length:4  header (JSON)  columns

Rows are sorted by bands of 0.25° of latitude, then by longitude, so that a query is a few
binary searches. A column of wide numbers is stored by byte planes, which compress better.
"""

from __future__ import annotations

import array
import bisect
import hashlib
import itertools
import json
import lzma
import math
import sys
from collections.abc import Iterator, Sequence
from typing import Final, Self

import attrs

from photoprivacy.errors import PlaceError

FILE: Final = "_data/places.bin"
_MAGIC: Final = b"PPLACES1"
BAND: Final = 0.25  # degrees of latitude
BANDS: Final = 720
UNIT: Final = 100_000  # positions are stored in 1e-5 degrees, about a metre
KM: Final = 111.195  # kilometres a degree on a sphere of 6,371 km

#: Points are looked up to 1e-4 degrees, about 8 metres: finer than any position of a photo.
GRAIN: Final = 10_000

#: Farther than this from every place, a point has no city (kilometres).
REACH_KM: Final = 30.0
#: Closer than this, all places are equally close: a village does not beat a city by metres.
FLOOR_KM: Final = 0.3

Row = tuple[float, float, int, int, int, int, int, str]


def radius_km(population: float) -> float:
    """Return how far a town of *population* reaches, in kilometres.

    The area of towns grows about with their population: 0.5 km for a hamlet, 4 km for a
    hundred thousand people, 15 km for two million.
    """
    return 0.5 + 0.01 * math.sqrt(max(population, 0))


def row_of(latitude: float) -> int:
    """Return the band of latitude that a row is sorted into."""
    return min(BANDS - 1, int((latitude + 90) / BAND))


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance of two near points, in kilometres; across the antimeridian too."""
    east = abs(lon1 - lon2)
    east = min(east, 360 - east) * math.cos(math.radians((lat1 + lat2) / 2))
    return KM * math.hypot(lat1 - lat2, east)


@attrs.frozen(kw_only=True, eq=False)
class Table:
    """The places, column by column.

    Attributes:
        countries: (ISO code, name) by number.
        regions: (code, name) by number.
        zones: Time zone → ISO codes of its countries, the usual one first.
        latitudes: In 1e-5 degrees.
        longitudes: In 1e-5 degrees.
        country: Number of the country.
        region: Number of the region.
        size: Population as a logarithm: about 6 % exact, 0 to 255.
        parents: Row of the city that a place is part of, -1 for none.
        ids: GeoNames identifier.
        names: All names, one after the other.
        ends: Where each name ends in *names*.
        starts: First row of each band of latitude.
    """

    countries: list[tuple[str, str]]
    regions: list[tuple[str, str]]
    zones: dict[str, list[str]]
    latitudes: Sequence[int] = attrs.field(repr=False)
    longitudes: Sequence[int] = attrs.field(repr=False)
    country: Sequence[int] = attrs.field(repr=False)
    region: Sequence[int] = attrs.field(repr=False)
    size: Sequence[int] = attrs.field(repr=False)
    parents: Sequence[int] = attrs.field(repr=False)
    ids: Sequence[int] = attrs.field(repr=False)
    names: bytes = attrs.field(repr=False)
    ends: Sequence[int] = attrs.field(repr=False)
    starts: Sequence[int] = attrs.field(repr=False)

    @classmethod
    def of(
        cls,
        *,
        countries: list[tuple[str, str]],
        regions: list[tuple[str, str]],
        zones: dict[str, list[str]],
        rows: list[Row],
    ) -> Self:
        """Return the table of *rows*, which are sorted already."""
        encoded = [row[7].encode() for row in rows]
        return cls(
            countries=countries,
            regions=regions,
            zones=zones,
            latitudes=array.array("i", (round(row[0] * UNIT) for row in rows)),
            longitudes=array.array("i", (round(row[1] * UNIT) for row in rows)),
            country=bytes(row[2] for row in rows),
            region=array.array("H", (row[3] for row in rows)),
            size=bytes(size_of(row[4]) for row in rows),
            parents=array.array("i", (row[5] for row in rows)),
            ids=array.array("I", (row[6] for row in rows)),
            names=b"".join(encoded),
            ends=array.array("I", itertools.accumulate(len(name) for name in encoded)),
            starts=_starts([round(row[0] * UNIT) for row in rows]),
        )

    def name(self, row: int) -> str:
        """Return the name of a place."""
        start = self.ends[row - 1] if row else 0
        return self.names[start : self.ends[row]].decode()

    def point(self, row: int) -> tuple[float, float]:
        """Return the latitude and longitude of a place, in degrees."""
        return self.latitudes[row] / UNIT, self.longitudes[row] / UNIT

    def near(self, latitude: float, longitude: float, reach: float) -> Iterator[tuple[float, int]]:
        """Yield (distance, row) of the places within *reach* kilometres of a point."""
        north = reach / KM
        widest = min(89.9, abs(latitude) + north)
        east = min(180.0, north / math.cos(math.radians(widest)))
        for band in range(
            row_of(max(-90, latitude - north)), row_of(min(90, latitude + north)) + 1
        ):
            low, high = self.starts[band], self.starts[band + 1]
            for west, end in _windows(longitude, east):
                first = bisect.bisect_left(self.longitudes, west, low, high)
                last = bisect.bisect_right(self.longitudes, end, low, high)
                for row in range(first, last):
                    distance = distance_km(latitude, longitude, *self.point(row))
                    if distance <= reach:
                        yield distance, row

    def within(self, south: float, north: float, west: float, east: float) -> Iterator[int]:
        """Yield the rows of the places in a box of degrees; *east* may exceed 180."""
        for band in range(row_of(south), row_of(north) + 1):
            low, high = self.starts[band], self.starts[band + 1]
            for first, end in _windows((west + east) / 2, min(180.0, (east - west) / 2)):
                start = bisect.bisect_left(self.longitudes, first, low, high)
                stop = bisect.bisect_right(self.longitudes, end, low, high)
                for row in range(start, stop):
                    if south <= self.latitudes[row] / UNIT <= north:
                        yield row


def _windows(longitude: float, east: float) -> Iterator[tuple[int, int]]:
    """Yield the stretches of longitude around a point, cut at the antimeridian."""
    west, end = longitude - east, longitude + east
    if east >= 180:
        yield -180 * UNIT, 180 * UNIT
        return
    yield round(max(west, -180) * UNIT), round(min(end, 180) * UNIT)
    if west < -180:
        yield round((west + 360) * UNIT), 180 * UNIT
    if end > 180:
        yield -180 * UNIT, round((end - 360) * UNIT)


def size_of(population: int) -> int:
    """Return a population as the table stores it: a logarithm, 0 to 255."""
    return min(255, round(8 * math.log2(population + 1)))


def population_of(size: int) -> float:
    """Return the population that `size_of` stored, about 6 % exact."""
    return float(2 ** (size / 8) - 1)


#: size of a row → radius in kilometres
RADII: Final = tuple(radius_km(population_of(size)) for size in range(256))


def _starts(latitudes: Sequence[int]) -> array.array[int]:
    starts = array.array("I", [0] * (BANDS + 1))
    for latitude in latitudes:
        starts[row_of(latitude / UNIT) + 1] += 1
    return array.array("I", itertools.accumulate(starts))


_COLUMNS: Final = (
    ("latitudes", "i"),
    ("longitudes", "i"),
    ("region", "H"),
    ("parents", "i"),
    ("ids", "I"),
)


def pack(table: Table) -> bytes:
    """Return the file of *table*."""
    header = {
        "countries": table.countries,
        "regions": table.regions,
        "zones": table.zones,
        "bands": list(table.starts),
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    lengths = bytes(
        end - start for start, end in itertools.pairwise(itertools.chain((0,), table.ends))
    )
    parts = [len(text).to_bytes(4, "little"), text]
    for name, kind in _COLUMNS:
        parts.append(_planes(array.array(kind, getattr(table, name))))
    parts += [bytes(table.country), bytes(table.size), lengths, table.names]
    body = lzma.compress(b"".join(parts), preset=9 | lzma.PRESET_EXTREME)
    return _MAGIC + hashlib.sha256(body).digest() + body


def _planes(column: array.array[int]) -> bytes:
    if sys.byteorder == "big":
        column.byteswap()
    data = column.tobytes()
    return b"".join(data[plane :: column.itemsize] for plane in range(column.itemsize))


def unpack(data: bytes) -> Table:
    """Return the table in a file.

    Raises:
        PlaceError: The file is damaged.
    """
    body = data[40:]
    if data[:8] != _MAGIC or hashlib.sha256(body).digest() != data[8:40]:
        raise PlaceError("the table of places is damaged; install the package again")
    plain = lzma.decompress(body)
    length = int.from_bytes(plain[:4], "little")
    header = json.loads(plain[4 : 4 + length])
    rows, at = header["bands"][-1], 4 + length
    columns: dict[str, array.array[int]] = {}
    for name, kind in _COLUMNS:
        column = array.array(kind)
        width = column.itemsize
        woven = bytearray(rows * width)
        for plane in range(width):
            woven[plane::width] = plain[at : at + rows]
            at += rows
        column.frombytes(woven)
        if sys.byteorder == "big":
            column.byteswap()
        columns[name] = column
    country, size, lengths = (plain[at + i * rows : at + (i + 1) * rows] for i in range(3))
    names = plain[at + 3 * rows :]
    return Table(
        countries=[(code, name) for code, name in header["countries"]],
        regions=[(code, name) for code, name in header["regions"]],
        zones=header["zones"],
        country=country,
        size=size,
        names=names,
        ends=array.array("I", itertools.accumulate(lengths)),
        starts=array.array("I", header["bands"]),
        **columns,
    )
