"""The codestream of a clean JPEG 2000, held against its source's (ISO/IEC 15444-1, Annex A).

In a clean codestream each marker is one of a few, no longer than its numbers ask for; of the
source, what stands between those is passed over.
"""

from __future__ import annotations

import math
import re
import struct
from typing import Final

import attrs

from photoprivacy._verify._model import refuse, same

#: markers of a main header, and of a tile-part's: how often one of a kind and component may stand
_BOTH: Final = {0x52: 1, 0x53: 1, 0x5C: 1, 0x5D: 1, 0x5E: 1, 0x5F: 9999}
_MAIN: Final = {**_BOTH, 0x50: 1, 0x51: 1, 0x60: 9999, 0x63: 1}
_TILE: Final = {**_BOTH, 0x61: 9999}
_OF_COMPONENT: Final = frozenset({0x53, 0x5D, 0x5E})
_MARK: Final = re.compile(rb"\xff[\x90\x93-\xff]")


@attrs.define
class Stream:
    """What one codestream is made of.

    Attributes:
        main: (second byte of the marker, start and end of what is behind its length).
        parts: (tile, number of the part, number of parts, its header, start and end of packets).
        stop: Where it ends.
        size: Width, height.
        depths: A byte for each component.
        uneven: Whether a component has fewer samples than the picture has pixels.
    """

    main: list[tuple[int, int, int]]
    parts: list[tuple[int, int, int, list[tuple[int, int, int]], int, int]]
    stop: int
    size: tuple[int, int]
    depths: bytes
    uneven: bool
    tiles: int = 0

    @property
    def wide(self) -> int:
        """Bytes that the number of a component takes (A.6.2)."""
        return 1 if len(self.depths) <= 256 else 2


def read(data: bytes, at: int, end: int, *, strict: bool) -> Stream:
    """Return what stands in the codestream from *at* to at most *end*."""
    if data[at : at + 4] != b"\xff\x4f\xff\x51":
        refuse("no codestream", at)
    main, at = _header(data, at + 2, end, 0x90, _MAIN, strict=strict)
    start, stop = main[0][1:]
    right, bottom, left, top = struct.unpack_from(">4I", data, start + 2)
    depths = data[start + 36 : stop : 3]
    if stop - start != 36 + 3 * struct.unpack_from(">H", data, start + 34)[0]:
        refuse("components that are not all there", start)
    steps = data[start + 37 : stop : 3] + data[start + 38 : stop : 3]
    size_of_it = (right - left, bottom - top)
    wide, high, first, upper = struct.unpack_from(">4I", data, start + 18)
    stream = Stream(main, [], at, size_of_it, depths, uneven=set(steps) != {1})
    stream.tiles = math.ceil((right - first) / wide) * math.ceil((bottom - upper) / high)
    while data[at : at + 2] == b"\xff\x90":
        length, tile, size, number, count = struct.unpack_from(">HHIBB", data, at + 2)
        head, body = _header(data, at + 12, end, 0x93, _TILE, strict=strict)
        body += 2
        if not size and not strict:
            mark = _MARK.search(data, body, end)
            size = (mark.start() if mark else end) - at
        if length != 10 or at + size < body or at + size > end:
            refuse("a tile-part of another size than it says", at)
        stream.parts.append((tile, number, count, head, body, at + size))
        at += size
    if data[at : at + 2] == b"\xff\xd9":
        at += 2
    elif strict:
        refuse("a picture without its end", at)
    stream.stop = at
    if strict:
        _strict(data, stream)
    return stream


def _header(
    data: bytes, at: int, end: int, last: int, may: dict[int, int], *, strict: bool
) -> tuple[list[tuple[int, int, int]], int]:
    out: list[tuple[int, int, int]] = []
    while True:
        if at + 4 > end or data[at] != 0xFF:
            refuse("no marker where one must stand", at)
        kind = data[at + 1]
        if kind == last:
            return out, at
        length = struct.unpack_from(">H", data, at + 2)[0]
        if length < 2 or at + 2 + length > end:
            refuse("a marker segment that leaves its header", at)
        if kind in may:
            out.append((kind, at + 4, at + 2 + length))
        elif strict:
            refuse("a marker that may not stand in a clean file", at)
        at += 2 + length


def _strict(data: bytes, stream: Stream) -> None:
    """Check that no marker segment is longer than its numbers ask for."""
    wide, count = stream.wide, len(stream.depths)
    _parts(stream)
    headers = [stream.main, *(part[3] for part in stream.parts)]
    levels = 0
    for header in headers:
        for kind, start, _ in header:
            if kind in (0x52, 0x53):
                levels = max(levels, data[start + (5 if kind == 0x52 else wide + 1)])
    for header in headers:
        seen: dict[tuple[int, bytes], int] = {}
        for kind, start, stop in header:
            which = data[start : start + wide] if kind in _OF_COMPONENT else b""
            seen[kind, which] = seen.get((kind, which), 0) + 1
            if seen[kind, which] > {**_MAIN, **_TILE}[kind]:
                refuse("a marker that is there twice", start)
            if which and int.from_bytes(which, "big") >= count:
                refuse("a component that is not there", start)
            most, exact = _most(kind, data[start + len(which) : stop], levels, count, wide)
            size = stop - start - len(which)
            body = data[start:stop]
            if size > most or (exact and size != most) or not _good_rows(kind, body, count, wide):
                refuse("a marker segment longer than what it says", start)


def _parts(stream: Stream) -> None:
    """Check that each tile has the parts that it says, one after the other (A.4.2)."""
    tiles: dict[int, list[tuple[int, int]]] = {}
    for tile, number, count, _, start, _ in stream.parts:
        if tile >= stream.tiles:
            refuse("a tile that the picture does not have", start)
        tiles.setdefault(tile, []).append((number, count))
    for parts in tiles.values():
        counts = {count for _, count in parts if count}
        if [number for number, _ in parts] != list(range(len(parts))) or counts - {len(parts)}:
            refuse("another number of tile-parts than the tile has", 0)


def _good_rows(kind: int, body: bytes, count: int, wide: int) -> bool:
    """Return whether the rows of POC and CRG, and what CAP names, are what they may be."""
    if kind == 0x50:
        return body[:4] == bytes((0, 2, 0, 0))  # the coder of part 15
    if kind == 0x63:
        return all(value % 0x4000 == 0 for (value,) in struct.iter_unpack(">H", body))
    if kind != 0x5F:
        return True
    form = ">BBHBBB" if wide == 1 else ">BHHBHB"
    rows = list(struct.iter_unpack(form, body))
    return len(rows) <= 32 and all(
        first < last < 34 and layers and start < count and way < 5
        and (start < stop <= count or stop in (0, 255))
        for first, start, layers, last, stop, way in rows
    )  # fmt: skip


def _most(kind: int, body: bytes, levels: int, count: int, wide: int) -> tuple[int, bool]:
    """Return how long a segment may be behind the number of its component, and if it must be."""
    if kind in (0x52, 0x53):
        at = 5 if kind == 0x52 else 1
        own = body[0] & 1
        known = body[0] < (8 if kind == 0x52 else 2) and body[at + 3] < 128 and body[at + 4] < 2
        if kind == 0x52:
            known = known and body[1] < 5 and body[4] < 2
        return (at + 5 + (body[at] + 1) * own if known else -1), True
    if kind in (0x5C, 0x5D):
        way = body[0] & 31
        return {0: 2 + 3 * levels, 1: 3, 2: 3 + 6 * levels}.get(way, -1), way == 1
    if kind == 0x5E:
        return (2 if body[0] == 0 else -1), True
    if kind == 0x5F:
        row = 5 + 2 * wide
        return max(row, len(body) // row * row), True
    if kind == 0x63:
        return 4 * count, True
    if kind == 0x50:
        return 6, True
    return 65535, False


def same_picture(output: bytes, mine: Stream, source: bytes, theirs: Stream) -> None:
    """Check that headers and packets of the output are the source's, all and in their order."""
    _same_header(output, mine.main, source, theirs.main)
    if len(mine.parts) != len(theirs.parts):
        refuse("another number of tile-parts than the source's", mine.stop)
    for one, other in zip(mine.parts, theirs.parts, strict=True):
        if one[:3] != other[:3]:
            refuse("a tile-part of another place than the source's", one[4])
        _same_header(output, one[3], source, other[3])
        size = one[5] - one[4]
        if size != other[5] - other[4] or not same(output, one[4], source, other[4], size):
            refuse("packets that differ from the source's", one[4])


def _same_header(
    output: bytes,
    mine: list[tuple[int, int, int]],
    source: bytes,
    theirs: list[tuple[int, int, int]],
) -> None:
    if [kind for kind, *_ in mine] != [kind for kind, *_ in theirs]:
        refuse("other markers than the source's", 0)
    for (_, start, stop), (_, there, end) in zip(mine, theirs, strict=True):
        if stop - start != end - there or not same(output, start, source, there, stop - start):
            refuse("a marker that differs from the source's", start)
