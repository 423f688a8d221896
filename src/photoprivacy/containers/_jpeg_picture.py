"""The picture of a JPEG, with the tables that its scans use, and no others (ITU-T T.81, Annex B).

A table that is announced and never used, or replaced before it is, can say anything; so can the
rest of a segment that is longer than its tables. Used tables stay to the last number, and what
their numbers say besides cannot be told from how the picture is coded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy.containers._jpeg_names import RESTARTS, marker_name
from photoprivacy.containers._model import Role, Segment, Span
from photoprivacy.errors import CannotStrip

SOS, DNL = 0xDA, 0xDC
_DHT, _DAC, _DQT, _DRI = 0xC4, 0xCC, 0xDB, 0xDD
#: Several frames, each a better picture (T.81, Annex J): libjpeg and browsers read none of it.
HIERARCHICAL: Final = frozenset({0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF})
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB})
_ARITHMETIC: Final = frozenset({0xC9, 0xCA, 0xCB})
_LOSSLESS: Final = frozenset({0xC3, 0xCB})
#: A scan has either the first coefficient of each block, or others (G.1.1.1).
_PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
#: T.81 allows 255 in a sequential picture; decoders show up to four.
_COMPONENTS: Final = 4
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_RESTARTS: Final = re.compile(rb"(?:\xff+[\xd0-\xd7])*")

#: marker, and which one: the place that a table takes until another takes it
_Slot = tuple[int, int]
#: number of the segment, and of the table in it
_Which = tuple[int, int]


@attrs.frozen
class _Frame:
    """What a frame header says (B.2.2).

    Attributes:
        code: Its marker.
        height: Number of lines, 0 if DNL says it.
        width: Samples a line.
        components: Identifier → factors across and down, and which quantisation table.
    """

    code: int
    height: int
    width: int
    components: dict[int, tuple[int, int, int]]

    @classmethod
    def of(cls, code: int, body: bytes) -> _Frame:
        count = body[5] if len(body) > 5 else 0
        rows = [body[at : at + 3] for at in range(6, len(body), 3)]
        if not 1 <= count <= _COMPONENTS or len(body) != 6 + 3 * count:
            raise CannotStrip("a frame header of another length than it says")
        components = {row[0]: (row[1] >> 4, row[1] & 15, row[2]) for row in rows}
        factors = [factor for row in components.values() for factor in row[:2]]
        if len(components) != count or not all(1 <= factor <= 4 for factor in factors):
            raise CannotStrip("components that cannot be told apart")
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        return cls(code, height, width, components)

    def units(self, parts: Sequence[int], height: int) -> int:
        """Return how many units a scan of components *parts* is coded in (A.2)."""
        across = max(row[0] for row in self.components.values())
        down = max(row[1] for row in self.components.values())
        side = 1 if self.code in _LOSSLESS else 8
        if len(parts) > 1:
            return -(-self.width // (side * across)) * -(-height // (side * down))
        wide, high, _ = self.components[parts[0]]
        columns, rows = -(-self.width * wide // across), -(-height * high // down)
        return -(-columns // side) * -(-rows // side)


@attrs.define
class _Walk:
    """Which tables of a picture count.

    Attributes:
        data: The file.
        segments: Those of one picture.
        tables: Slot and bytes of each table, by its segment's number.
        now: Who holds each slot.
        used: Tables that a scan uses.
        quantised: The table by which a component is quantised, from its first scan on.
        frame: Its frame header, once it was read.
        height: How many lines it has.
        line_count: Number of the segment that says so behind the first scan, -1 for none.
    """

    data: bytes
    segments: Sequence[Segment]
    tables: dict[int, list[tuple[_Slot, bytes]]] = attrs.field(factory=dict)
    now: dict[_Slot, _Which] = attrs.field(factory=dict)
    used: set[_Which] = attrs.field(factory=set)
    quantised: dict[int, bytes] = attrs.field(factory=dict)
    frame: _Frame | None = None
    height: int = 0
    line_count: int = -1

    def define(self, index: int, code: int, body: bytes) -> None:
        found = list(_tables(code, body))
        self.tables[index] = found
        for number, (slot, _) in enumerate(found):
            self.now[slot] = index, number

    def bytes_of(self, slot: _Slot) -> bytes | None:
        which = self.now.get(slot)
        return None if which is None else self.tables[which[0]][which[1]][1]

    def use(self, body: bytes) -> list[int]:
        """Take note of the tables of a scan with header *body*; return its components."""
        frame = self.frame
        if frame is None:
            raise CannotStrip("a scan in front of its frame")
        count = body[0] if body else 0
        if not 1 <= count <= _COMPONENTS or len(body) != 4 + 2 * count:
            raise CannotStrip("a scan header of another length than it says")
        parts = list(body[1 : 1 + 2 * count : 2])
        if not set(parts) <= frame.components.keys():
            raise CannotStrip("a scan of components that are not there")
        coder = _DAC if frame.code in _ARITHMETIC else _DHT
        first = body[1 + 2 * count]
        slots: list[_Slot] = [(_DRI, 0)]
        for part, chosen in zip(parts, body[2 : 2 + 2 * count : 2], strict=True):
            if frame.code not in _PROGRESSIVE or not first:
                slots.append((coder, chosen >> 4))
            if frame.code not in _LOSSLESS and (frame.code not in _PROGRESSIVE or first):
                slots.append((coder, 0x10 | chosen & 15))
            if frame.code in _LOSSLESS:
                continue
            slot = (_DQT, frame.components[part][2])
            table = self.bytes_of(slot)
            if part not in self.quantised:
                slots.append(slot)
                if table is not None:
                    self.quantised[part] = table
            elif table != self.quantised[part]:
                # Forbidden, and decoders differ in which of the two they take.
                raise CannotStrip("a component with two quantisation tables")
        self.used |= {self.now[slot] for slot in slots if slot in self.now}
        return parts

    def interval(self) -> int:
        return int.from_bytes(self.bytes_of((_DRI, 0)) or b"", "big")


def picture(segments: Sequence[Segment], data: bytes) -> list[Span | bytes]:
    """Return what stays of one picture, from behind its SOI on: stretches, and tables written anew.

    Raises:
        CannotStrip: A segment says more than it is long, or less; or decoders differ about what
            the picture is.
    """
    walk, scans = _walked(segments, data)
    return [piece for index in range(len(segments)) for piece in _pieces(walk, index, scans)]


def unused(segments: Sequence[Segment], data: bytes) -> Iterator[tuple[Segment, bytes]]:
    """Yield each segment that has something that no scan uses, and that.

    Nothing of a picture that `picture` refuses.
    """
    try:
        walk, scans = _walked(segments, data)
    except CannotStrip:
        return
    for index, found in walk.tables.items():
        rest = [one for number, (_, one) in enumerate(found) if (index, number) not in walk.used]
        if rest:
            yield segments[index], b"".join(rest)
    for index, segment in enumerate(segments):
        if segment.kind == marker_name(DNL) and index != walk.line_count:
            yield segment, segment.body.of(data)
        elif index in scans and len(scans[index]) < len(segment.span):
            yield segment, data[scans[index].stop : segment.span.stop]


def _walked(segments: Sequence[Segment], data: bytes) -> tuple[_Walk, dict[int, Span]]:
    """Return which tables count, and what stays of each segment of coded data."""
    walk = _Walk(data, segments)
    scans: dict[int, Span] = {}
    # The height may stand behind the first scan, and how many restarts that has depends on it.
    walk.line_count = _line_count(segments)
    walk.height = _height(segments, data, walk.line_count)
    for index, segment in enumerate(segments):
        code = _code(segment, data)
        body = segment.body.of(data) if code else b""
        if code in HIERARCHICAL:
            raise CannotStrip("a hierarchical JPEG")
        if code in _FRAMES:
            if walk.frame is not None:
                raise CannotStrip("a picture with two frames")
            walk.frame = _Frame.of(code, body)
        elif code in (_DHT, _DAC, _DQT, _DRI):
            walk.define(index, code, body)
        elif code == SOS:
            parts = walk.use(body)
            scans.update(_scan(walk, list(_coded(segments, index + 1)), parts))
    if not any(segment.kind == "SOS" for segment in segments):
        raise CannotStrip("a picture without a scan")
    return walk, scans


def _code(segment: Segment, data: bytes) -> int:
    """Return the marker of a segment that a decoder needs, 0 for others."""
    if segment.role is not Role.PICTURE or segment.kind == "scan":
        return 0
    return data[segment.span.start + 1]


def _pieces(walk: _Walk, index: int, scans: dict[int, Span]) -> Iterator[Span | bytes]:
    segment = walk.segments[index]
    if index in walk.tables:
        found = walk.tables[index]
        kept = [one for number, (_, one) in enumerate(found) if (index, number) in walk.used]
        if len(kept) == len(found):
            yield segment.span
        elif kept:
            body = b"".join(kept)
            head = walk.data[segment.span.start : segment.span.start + 2]
            yield head + (len(body) + 2).to_bytes(2, "big") + body
    elif index in scans:
        yield scans[index]
    elif segment.kind == marker_name(DNL):
        if index == walk.line_count:
            yield segment.span
    elif segment.role is Role.PICTURE or segment.kind == "EOI":
        yield segment.span


def _tables(code: int, body: bytes) -> Iterator[tuple[_Slot, bytes]]:
    """Yield slot and bytes of each table that a segment defines (B.2.4)."""
    at = 0
    while at < len(body):
        kind, which = body[at] >> 4, body[at] & 15
        if code == _DRI:
            size, good = 2, len(body) == 2
        elif code == _DQT:
            size, good = 65 + 64 * kind, kind < 2
        elif code == _DHT:
            values = sum(body[at + 1 : at + 17])
            size, good = 17 + values, kind < 2 and values <= 256
        else:
            size, good = 2, kind < 2
        if not good or at + size > len(body) or (code != _DRI and which > 3):
            raise CannotStrip("tables of another length than they say")
        slot = 0 if code == _DRI else which if code == _DQT else kind << 4 | which
        yield (code, slot), body[at : at + size]
        at += size
    if not body and code == _DRI:
        raise CannotStrip("tables of another length than they say")


def _coded(segments: Sequence[Segment], index: int) -> Iterator[int]:
    """Yield the numbers of the segments that are the coded data of the scan before *index*."""
    for number in range(index, len(segments)):
        segment = segments[number]
        if segment.kind == "scan":
            yield number
        elif segment.role not in (Role.PADDING, Role.STRAY):
            return


def _scan(walk: _Walk, coded: Sequence[int], parts: Sequence[int]) -> dict[int, Span]:
    """Return what stays of coded data: as many restart intervals as the scan has.

    Where restarts are not announced, or there are more than the picture has units for, decoders
    do not get beyond them. More than further restarts there is no picture, and is not cut off:
    there are decoders that look for where to go on.
    """
    interval, frame = walk.interval(), walk.frame
    room = 0
    if interval and frame is not None:
        room = max(0, -(-frame.units(parts, walk.height) // interval) - 1)
    out: dict[int, Span] = {}
    ended = False
    for number in coded:
        span = walk.segments[number].span
        stop = span.start if ended else span.stop
        inside = walk.segments[number].name == RESTARTS
        for restart in _RESTART.finditer(walk.data, span.start, span.stop) if inside else ():
            if not room:
                stop, ended = min(stop, restart.start()), True
                break
            room -= 1
        if ended and not _RESTARTS.fullmatch(walk.data, stop, span.stop):
            raise CannotStrip("coded data behind the last restart of its scan")
        out[number] = Span(span.start, stop)
    return out


def _line_count(segments: Sequence[Segment]) -> int:
    """Return the number of the DNL segment that counts: directly behind the first scan (B.2.5)."""
    scanned = False
    for number, segment in enumerate(segments):
        passed_over = segment.kind == "scan" or segment.role in (Role.PADDING, Role.STRAY)
        if scanned and not passed_over:
            return number if segment.kind == marker_name(DNL) else -1
        scanned = scanned or segment.kind == "SOS"
    return -1


def _height(segments: Sequence[Segment], data: bytes, where: int) -> int:
    """Return the number of lines, from the frame header or from segment number *where*."""
    frame = next((one for one in segments if _code(one, data) in _FRAMES), None)
    height = int.from_bytes(frame.body.of(data)[1:3], "big") if frame is not None else 0
    if where < 0:
        if not height:
            raise CannotStrip("a picture that does not say how many lines it has")
        return height
    body = segments[where].body.of(data)
    lines = int.from_bytes(body, "big")
    if len(body) != 2 or not lines or height not in (0, lines):
        raise CannotStrip("a picture that says twice how many lines it has")
    return lines
