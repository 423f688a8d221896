"""Which tables of a JPEG's picture its scans use, and how far their coded data goes.

ITU-T T.81, Annex B. What is longer or shorter than it says is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy.containers._jpeg_frame import (
    ARITHMETIC,
    COMPONENTS,
    FRAMES,
    HIERARCHICAL,
    LOSSLESS,
    PROGRESSIVE,
    Frame,
)
from photoprivacy.containers._jpeg_names import RESTARTS, marker_name
from photoprivacy.containers._jpeg_tails import Coded
from photoprivacy.containers._model import Role, Segment, Span
from photoprivacy.errors import CannotStrip

SOS, DNL = 0xDA, 0xDC
_DHT, _DAC, _DQT, _DRI = 0xC4, 0xCC, 0xDB, 0xDD
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_RESTARTS: Final = re.compile(rb"(?:\xff+[\xd0-\xd7])*")

#: marker, and which one: the place that a table takes until another takes it
Slot = tuple[int, int]
#: number of the segment, and of the table in it
Which = tuple[int, int]


@attrs.define
class Walk:
    """Which tables of a picture count.

    Attributes:
        data: The file.
        segments: Those of one picture.
        tables: Slot and bytes of each table, by its segment's number.
        now: Who holds each slot.
        used: Tables that a scan uses.
        quantised: The table by which a component is quantised, from its first scan on.
        scans: The scans so far, as they stand.
        frame: Its frame header, once it was read.
        height: How many lines it has.
        line_count: Number of the segment that says so behind the first scan, -1 for none.
    """

    data: bytes
    segments: Sequence[Segment]
    tables: dict[int, list[tuple[Slot, bytes]]] = attrs.field(factory=dict)
    now: dict[Slot, Which] = attrs.field(factory=dict)
    used: set[Which] = attrs.field(factory=set)
    quantised: dict[int, bytes] = attrs.field(factory=dict)
    scans: list[Coded] = attrs.field(factory=list)
    frame: Frame | None = None
    height: int = 0
    line_count: int = -1

    def define(self, index: int, code: int, body: bytes) -> None:
        found = list(tables_in(code, body))
        self.tables[index] = found
        for number, (slot, _) in enumerate(found):
            self.now[slot] = index, number

    def bytes_of(self, slot: Slot) -> bytes | None:
        which = self.now.get(slot)
        return None if which is None else self.tables[which[0]][which[1]][1]

    def use(self, body: bytes) -> list[int]:
        """Take note of the tables of a scan with header *body*; return its components."""
        frame = self.frame
        if frame is None:
            raise CannotStrip("a scan in front of its frame")
        count = body[0] if body else 0
        if not 1 <= count <= COMPONENTS or len(body) != 4 + 2 * count:
            raise CannotStrip("a scan header of another length than it says")
        parts = list(body[1 : 1 + 2 * count : 2])
        if not set(parts) <= frame.components.keys():
            raise CannotStrip("a scan of components that are not there")
        coder = _DAC if frame.code in ARITHMETIC else _DHT
        first = body[1 + 2 * count]
        slots: list[Slot] = [(_DRI, 0)]
        for part, chosen in zip(parts, body[2 : 2 + 2 * count : 2], strict=True):
            if frame.code not in PROGRESSIVE or not first:
                slots.append((coder, chosen >> 4))
            if frame.code not in LOSSLESS and (frame.code not in PROGRESSIVE or first):
                slots.append((coder, 0x10 | chosen & 15))
            if frame.code in LOSSLESS:
                continue
            slot = (_DQT, frame.components[part][2])
            table = self.bytes_of(slot) or b""
            if part not in self.quantised:
                slots.append(slot)
                self.quantised[part] = table
            elif table != self.quantised[part]:
                # Forbidden, also where the first scan had none: decoders differ in what they take.
                raise CannotStrip("a component with two quantisation tables")
        self.used |= {self.now[slot] for slot in slots if slot in self.now}
        return parts

    def note(
        self, header: bytes, parts: Sequence[int], spans: Sequence[Span], restarts: Sequence[int]
    ) -> None:
        """Take down a scan and the codes that it is written in."""
        chosen = zip(header[1:-3:2], header[2:-3:2], strict=True)
        tables = {
            part: (self._codes(which >> 4), self._codes(0x10 | which & 15))
            for part, which in chosen
        }
        self.scans.append(
            Coded(
                header=header,
                parts=parts,
                tables=[tables[part] for part in parts],
                interval=self.interval(),
                spans=spans,
                restarts=restarts,
            )
        )

    def _codes(self, slot: int) -> bytes:
        return (self.bytes_of((_DHT, slot)) or b"")[1:]

    def interval(self) -> int:
        return int.from_bytes(self.bytes_of((_DRI, 0)) or b"", "big")


def walked(segments: Sequence[Segment], data: bytes) -> tuple[Walk, dict[int, Span]]:
    """Return which tables count, and what stays of each segment of coded data."""
    walk = Walk(data, segments)
    scans: dict[int, Span] = {}
    # The height may stand behind the first scan, and how many restarts that has depends on it.
    walk.line_count = _line_count(segments)
    walk.height = _height(segments, data, walk.line_count)
    for index, segment in enumerate(segments):
        code = _code(segment, data)
        body = segment.body.of(data) if code else b""
        if code in HIERARCHICAL:
            raise CannotStrip("a hierarchical JPEG")
        if code in FRAMES:
            if walk.frame is not None:
                raise CannotStrip("a picture with two frames")
            walk.frame = Frame.of(code, body)
        elif code in (_DHT, _DAC, _DQT, _DRI):
            walk.define(index, code, body)
        elif code == SOS:
            parts = walk.use(body)
            restarts: list[int] = []
            coded = _scan(walk, list(_coded(segments, index + 1)), parts, restarts)
            scans.update(coded)
            walk.note(body, parts, list(coded.values()), restarts)
    if not any(segment.kind == "SOS" for segment in segments):
        raise CannotStrip("a picture without a scan")
    return walk, scans


def _code(segment: Segment, data: bytes) -> int:
    """Return the marker of a segment that a decoder needs, 0 for others."""
    if segment.role is not Role.PICTURE or segment.kind == "scan":
        return 0
    return data[segment.span.start + 1]


def tables_in(code: int, body: bytes) -> Iterator[tuple[Slot, bytes]]:
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


def _scan(
    walk: Walk, coded: Sequence[int], parts: Sequence[int], restarts: list[int]
) -> dict[int, Span]:
    """Return what stays of coded data: as many restart intervals as the scan has.

    Where their markers stand goes into *restarts*.

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
            restarts.append(restart.start())
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
    frame = next((one for one in segments if _code(one, data) in FRAMES), None)
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
