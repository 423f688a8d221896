"""Makers' own blocks beside Exif: Canon's CIFF, GoPro's GPMF, Samsung's data behind the picture."""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, BlockKind, Problem, Span
from photoprivacy.metadata._exif import text_of
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata.makers._cells import MOST, Cell
from photoprivacy.metadata.makers._findings import said_by
from photoprivacy.metadata.makers._model import BUILT, REAL, STATED, Fact, Family
from photoprivacy.metadata.makers._values import digits, hexadecimal, moment, number, text
from photoprivacy.policy import Category as C

_MOST_CELLS: Final = 2000


def block_findings(block: Block, problems: list[Problem]) -> Iterator[Finding]:
    """Yield what a maker's own block says; nothing for other blocks. Nothing raises.

    What was wrong with it is added to *problems*.
    """
    if block.data[6:14] == b"HEAPJPGM":
        family, cells = CIFF, _heap(block.data)
    elif block.name == "GoPro":
        family, cells = GOPRO, _lengths(block.data)
    elif block.kind is BlockKind.TRAILER and _SAMSUNG.search(block.data):
        family, cells = SAMSUNG_DATA, _fields(block.data)
    else:
        return

    def span(start: int, stop: int) -> Span:
        base = block.base
        return block.where if base is None else Span(base + start, base + stop)

    def unread(what: str) -> None:
        problems.append(Problem(what=f"maker's block: {what}", where=block.where))

    yield from said_by(family, "", cells, span, block.origin, unread)


# CIFF 1.0, revision 4: a heap ends with the offset of its directory; rows of ten bytes.
_IN_ROW, _TAG, _HEAPS = 0x4000, 0x3FFF, (0x2800, 0x3000)


def _heap(data: bytes) -> dict[int, Cell]:
    order = ">" if data[:2] == b"MM" else "<"
    [first] = struct.unpack_from(f"{order}I", data, 2)
    cells: dict[int, Cell] = {}
    queue, rows = [(first, len(data))], 0
    for start, stop in queue:
        if not 0 <= start <= stop - 4 or len(queue) > 100:
            continue
        [directory] = struct.unpack_from(f"{order}I", data, stop - 4)
        at = start + directory
        if at + 2 > stop:
            continue
        [count] = struct.unpack_from(f"{order}H", data, at)
        for here in range(at + 2, min(at + 2 + 10 * count, stop - 9), 10):
            rows += 1
            if rows > _MOST_CELLS:
                return cells
            kind, size, offset = struct.unpack_from(f"{order}HII", data, here)
            begin = start + offset
            if kind & 0x3800 in _HEAPS:
                queue.append((begin, min(begin + size, stop)))
                continue
            inline = bool(kind & _IN_ROW)
            begin, size = (here + 2, 8) if inline else (begin, min(size, MOST))
            if begin + size <= stop:
                width = 4 if kind & 0x3800 == 0x1800 else 7
                raw = data[begin : begin + size]
                cells.setdefault(kind & _TAG, Cell(kind & _TAG, width, raw, order, begin))
    return cells


def _taken(cell: Cell) -> str | None:
    """Return seconds since 1970 by the camera's clock."""
    [seconds] = cell.unpacked("I", 0, 1) or (0,)
    return _spelled(seconds) if seconds else None


def _spelled(seconds: float) -> str | None:
    at = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(seconds))  # noqa: DTZ001 - wall clock
    return moment(at.year, at.month, at.day, at.hour, at.minute, at.second)


def _maker(cell: Cell) -> str | None:
    """Return the first of two texts, one behind the other."""
    return text_of(cell.raw.partition(b"\x00")[0]) or None


def _model(cell: Cell) -> str | None:
    return text_of(cell.raw.partition(b"\x00")[2].partition(b"\x00")[0]) or None


CIFF: Final = Family(
    code="canon",
    facts={
        "": (
            Fact(0x0805, "comment", C.CAPTION, "Comment", text, BUILT),
            Fact(0x080A, "make", C.DEVICE, "Camera maker", _maker, REAL),
            Fact(0x080A, "model", C.DEVICE, "Camera model", _model, REAL),
            Fact(0x080B, "firmware", C.SOFTWARE, "Firmware of the camera", text, REAL),
            Fact(0x0810, "owner", C.PERSON, "Name of the camera's owner", text, REAL),
            Fact(0x0816, "file-name", C.HISTORY, "Name of the file, with its folder", text, REAL),
            Fact(0x0817, "thumbnail-name", C.HISTORY, "Name of the thumbnail's file", text, REAL),
            Fact(0x180B, "serial", C.SERIAL, "Serial number of the camera", digits, STATED),
            Fact(0x180E, "time", C.TIME, "Time of capture", _taken, REAL),
            Fact(0x1817, "file-number", C.HISTORY, "Number of the file on the card", number, REAL),
        ),
    },
)


def _tag(key: str) -> int:
    return int.from_bytes(key.encode(), "big")


def _lengths(data: bytes) -> dict[int, Cell]:
    """Return values of GPMF: key, type, size and count, padded to four bytes; type 0 nests."""
    cells: dict[int, Cell] = {}
    start = 6 if data.startswith(b"GoPro\x00") else 0
    queue, rows = [(start, len(data))], 0
    for at, stop in queue:
        while at + 8 <= stop and rows < _MOST_CELLS:
            rows += 1
            size = data[at + 5] * int.from_bytes(data[at + 6 : at + 8], "big")
            begin = at + 8
            if data[at + 4] == 0:
                queue.append((begin, min(begin + size, stop)))
            elif begin + size <= stop:
                tag = int.from_bytes(data[at : at + 4], "big")
                raw = data[begin : begin + min(size, MOST)]
                cells.setdefault(tag, Cell(tag, 7, raw, ">", begin))
            at = begin + size + -size % 4  # noqa: PLW2901 - the cursor of this level
    return cells


def _size(cell: Cell) -> int:
    return len(cell.raw)


def _gps_time(cell: Cell) -> str | None:
    """Return a time of twelve digits: a year of two, month, day, hour, minute, second."""
    if not re.match(rb"[0-9]{12}", cell.raw):
        return None
    year, *rest = (int(cell.raw[at : at + 2]) for at in range(0, 12, 2))
    return moment(2000 + year, *rest)


GOPRO: Final = Family(
    code="gopro",
    facts={
        "": (
            Fact(_tag("CASN"), "serial", C.SERIAL, "Serial number of the camera", text, BUILT),
            Fact(_tag("MUID"), "unique-id", C.TRACKING, "Unique identifier of the picture", hexadecimal, BUILT),
            Fact(_tag("FMWR"), "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(_tag("FWVS"), "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(_tag("GPSU"), "gps-time", C.TIME, "GPS time", _gps_time, BUILT),
            Fact(_tag("GPS5"), "gps", C.LOCATION, "GPS positions", _size, BUILT),
            Fact(_tag("GPS9"), "gps", C.LOCATION, "GPS positions", _size, STATED),
            Fact(_tag("GLPI"), "gps", C.LOCATION, "GPS positions", _size, STATED),
            Fact(_tag("GPRI"), "gps", C.LOCATION, "GPS positions", _size, STATED),
        ),
    },
)  # fmt: skip

_SAMSUNG: Final = re.compile(rb"Image_UTC_Data(\d{13})|MCC_Data(\d{3})")


def _fields(data: bytes) -> dict[int, Cell]:
    """Return the fields of Samsung's data by the group of the pattern that found them."""
    cells: dict[int, Cell] = {}
    for found, _ in zip(_SAMSUNG.finditer(data), range(100), strict=False):
        group = found.lastindex or 0
        cells.setdefault(group, Cell(group, 7, found[group], "<", found.start(group)))
    return cells


def _milliseconds(cell: Cell) -> str | None:
    return _spelled(int(cell.raw) // 1000)


SAMSUNG_DATA: Final = Family(
    code="samsung",
    facts={
        "": (
            Fact(1, "time", C.TIME, "Time of capture, UTC", _milliseconds, REAL, whole=True),
            Fact(2, "country", C.LOCATION, "Country of the mobile network", text, REAL),
        ),
    },
)
