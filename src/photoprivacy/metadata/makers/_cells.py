"""Directories inside maker notes: a bounded walk that trusts neither offsets nor byte order.

Maker notes borrow the IFD of TIFF 6.0, 2, and differ in where offsets count from and in which
order bytes stand. Software that moves a note without mending it leaves its offsets stale.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from photoprivacy.containers._tiff_tags import WIDTHS

_NUMBERS: Final = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
_RATIONALS: Final = {5: "I", 10: "i"}
_FLOATS: Final = ("e", "f", "d")
#: Bytes of one value that are looked at; what a note says of people and devices is shorter.
MOST: Final = 65536
_MOST_ENTRIES: Final = 1000
_MOST_VALUES: Final = 2048


@attrs.frozen
class Cell:
    """One value of a directory.

    Attributes:
        tag: Tag number.
        type: TIFF type; 7 for bytes of a structure without directory.
        raw: Its bytes, at most `MOST`.
        order: ``"<"`` or ``">"``.
        start: Where they stand in the Exif block.
        camera: Model of the camera, for layouts that differ by model.
        beside: Values of the same directory, by tag, for what is enciphered with them.
    """

    tag: int
    type: int
    raw: bytes = attrs.field(repr=False)
    order: str = "<"
    start: int = 0
    camera: str = attrs.field(default="", repr=False)
    beside: Mapping[int, Cell] = attrs.field(factory=dict, repr=False, eq=False)

    def numbers(self) -> tuple[float, ...]:
        """Return the numbers it consists of; rationals as quotients, ``()`` for bytes."""
        if self.type in _RATIONALS:
            count = min(len(self.raw) // 8, _MOST_VALUES)
            flat = struct.unpack_from(f"{self.order}{2 * count}{_RATIONALS[self.type]}", self.raw)
            pairs = zip(flat[::2], flat[1::2], strict=True)
            return tuple(top / bottom for top, bottom in pairs if bottom)
        code = _NUMBERS.get(self.type)
        return self.unpacked(code) if code else ()

    def unpacked(self, code: str, at: int = 0, count: int | None = None) -> tuple[float, ...]:
        """Return numbers of the `struct` *code* from byte *at* on, as many as are there.

        What is no number, or infinite, is left out: no fact of a camera is either.
        """
        room = max(len(self.raw) - at, 0) // struct.calcsize(f"{self.order}{code}")
        count = min(room, _MOST_VALUES if count is None else count)
        found = struct.unpack_from(f"{self.order}{count}{code}", self.raw, at) if count else ()
        return tuple(filter(math.isfinite, found)) if code in _FLOATS else found


@attrs.frozen
class Row:
    """One row of a directory as it stands, its value still an offset where it is long."""

    tag: int
    type: int
    length: int
    at: int
    offset: int

    @property
    def inline(self) -> bool:
        """Whether the value stands in the row itself."""
        return self.length <= 4


def rows_at(data: bytes, at: int, order: str, most: int) -> tuple[Row, ...]:
    """Return at most *most* rows of a directory at *at*, ``()`` where there is none.

    Rows of unknown type are left out: old cameras have some.
    """
    if not 0 <= at <= len(data) - 2:
        return ()
    [count] = struct.unpack_from(f"{order}H", data, at)
    room = (len(data) - at - 2) // 12
    found = []
    for index in range(min(count, room, _MOST_ENTRIES, most)):
        here = at + 2 + 12 * index
        tag, kind, number, offset = struct.unpack_from(f"{order}HHII", data, here)
        width = WIDTHS.get(kind)
        if width is not None and number:
            found.append(Row(tag, kind, width * number, here + 8, offset))
    return tuple(found)


def looks_right(data: bytes, at: int, order: str) -> bool:
    """Return whether a directory stands at *at*: most of its rows are of a known type."""
    if not 0 <= at <= len(data) - 14:
        return False
    [count] = struct.unpack_from(f"{order}H", data, at)
    room = (len(data) - at - 2) // 12
    if not 0 < count <= _MOST_ENTRIES:
        return False
    seen = min(count, room, 16)
    kinds = [struct.unpack_from(f"{order}H", data, at + 4 + 12 * index)[0] for index in range(seen)]
    known: int = sum(kind in WIDTHS for kind in kinds)
    return bool(3 * known > 2 * seen)


def base_of(rows: Sequence[Row], bases: Sequence[int], stop: int) -> int:
    """Return from which of *bases* offsets count: the one that keeps most values in the note.

    Values stand after the directory, and before *stop*.

    The first one wins a tie. A base that fits where values start right after the directory
    is tried too, for notes that were moved.
    """
    far = [row for row in rows if not row.inline]
    if not far:
        return bases[0]
    after = max(row.at for row in rows) + 4

    def inside(base: int) -> int:
        return sum(after <= base + row.offset <= stop - row.length for row in far)

    lowest = min(row.offset for row in far)
    moved = (after + 4 - lowest, after - lowest)
    best = max(bases, key=inside)
    best_moved = max(moved, key=inside)
    # Values of some cameras stand outside on purpose, and some notes say that they are shorter
    # than they are: a guess must explain all that the note's own base explains badly.
    return best_moved if inside(best_moved) == len(far) > 2 * inside(best) else best


def cell_of(
    data: bytes, row: Row, order: str, base: int, camera: str, beside: Mapping[int, Cell]
) -> Cell | None:
    """Return the value of *row*, ``None`` when it leaves the block."""
    at = row.at if row.inline else base + row.offset
    if not 0 <= at <= len(data) - row.length:
        return None
    raw = data[at : at + min(row.length, MOST)]
    return Cell(row.tag, row.type, raw, order, at, camera, beside)
