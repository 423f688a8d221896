"""The movie of a sequence or a video, read apart from the parser that the writer uses.

Written from ISO/IEC 14496-12, 8.2-8.8.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain
from typing import Final

import attrs

from photoprivacy._verify._av1 import units_of_picture
from photoprivacy._verify._coded import nal_units
from photoprivacy._verify._model import refuse
from photoprivacy._verify._prores import CODINGS, frame

UNITY: Final = struct.pack(">9I", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
_ALPHA: Final = frozenset(
    {
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        b"urn:mpeg:hevc:2015:auxid:1",
        b"urn:mpeg:avc:2015:auxid:1",
    }
)
_DOLBY: Final = frozenset((b"dvcC", b"dvvC", b"dvwC"))
_LOOKED_INTO: Final = CODINGS | {b"av01", b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe"}
_Boxes = dict[bytes, list[bytes]]


@attrs.define
class Track:
    """One track, as far as pictures need it."""

    number: int
    flags: int
    duration: int
    size: bytes
    matrix: bytes
    layer: int
    group: int
    apertures: list[tuple[bytes, bytes]]
    handler: bytes
    refers: list[tuple[bytes, tuple[int, ...]]]
    inside: _Boxes
    scale: int
    length: int
    edits: tuple[int, list[tuple[int, int, int]]]

    @property
    def stbl(self) -> _Boxes:
        return opened(opened(self.inside[b"minf"][0])[b"stbl"][0])

    def entry(self) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
        """Return type, fields, and boxes of the one sample entry."""
        body = self.stbl[b"stsd"][0]
        if struct.unpack_from(">I", body, 4)[0] != 1:
            refuse("a track with several sample entries", 0)
        ((kind, content),) = boxes_in(body[8:])
        head = 78
        if self.handler == b"soun":
            head = {0: 28, 1: 44, 2: 64}[content[9] | content[8] << 8]
        rest = content[head:]
        at = 0
        while at + 8 <= len(rest):
            at += max(8, struct.unpack_from(">I", rest, at)[0])
        if at + 4 == len(rest) and not any(rest[at:]):
            rest = rest[:at]  # QuickTime may end a list of boxes with a zero
        return kind, content[:head], list(boxes_in(rest))

    def looked_into(self) -> bool:
        """Return whether a clean file may have less of a sample than there is."""
        return self.handler != b"soun" and self.entry()[0] in _LOOKED_INTO

    def pictures(self, data: bytes) -> Iterator[list[tuple[int, int]]]:
        """Yield for each sample of some length the stretches that a clean file has of it.

        Where samples are not looked into, for each chunk of them.
        """
        if not self.looked_into():
            for at, size in self.chunks():
                yield [(at, at + size)]
            return
        kind, _, boxes = self.entry()
        inside = dict(reversed(boxes))
        avc = kind in (b"avc1", b"avc3")
        width = 0
        if kind != b"av01" and kind not in CODINGS:
            width = 1 + (inside[b"avcC"][4] if avc else inside[b"hvcC"][21]) % 4
        dolby = bool(_DOLBY & inside.keys())
        for at, size in self.samples():
            if kind == b"av01":
                yield units_of_picture(data, [(at, at + size)])
            elif not width:
                yield [frame(data, at, size)]
            else:
                yield nal_units(data, [(at, at + size)], width, avc=avc, dolby=dolby)

    def shows(self) -> bytes:
        """Return what an auxiliary track says that it shows."""
        for _, entry in boxes_in(self.stbl[b"stsd"][0][8:]):
            for kind, body in boxes_in(entry[78:]):
                if kind == b"auxi":
                    return body[4:].split(b"\0")[0]
        return b""

    def sizes(self) -> list[int]:
        every, count = struct.unpack_from(">II", self.stbl[b"stsz"][0], 4)
        if every:
            return [every] * count
        return list(struct.unpack_from(f">{count}I", self.stbl[b"stsz"][0], 12))

    def offsets(self) -> list[int]:
        tables = self.stbl
        letter, body = ("I", tables[b"stco"][0]) if b"stco" in tables else ("Q", tables[b"co64"][0])
        return list(struct.unpack_from(f">{counted(body)}{letter}", body, 8))

    def per_chunk(self) -> list[int]:
        rows = rows_of(self.stbl[b"stsc"][0], ">III")
        ends = [first for first, _, _ in rows[1:]] + [len(self.offsets()) + 1]
        return [n for (first, n, _), end in zip(rows, ends, strict=True) for _ in range(first, end)]

    def chunks(self) -> Iterator[tuple[int, int]]:
        """Yield start and length of every chunk that is not empty."""
        sizes, first = self.sizes(), 0
        for start, count in zip(self.offsets(), self.per_chunk(), strict=True):
            if size := sum(sizes[first : first + count]):
                yield start, size
            first += count

    def samples(self) -> Iterator[tuple[int, int]]:
        """Yield start and length of every sample that is not empty."""
        sizes = iter(self.sizes())
        for start, count in zip(self.offsets(), self.per_chunk(), strict=True):
            at = start
            for _ in range(count):
                size = next(sizes)
                if size:
                    yield at, size
                at += size


def boxes_in(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        skip = 8
        if size == 1:
            size, skip = struct.unpack_from(">Q", body, at + 8)[0], 16
        if size < skip or at + size > len(body):
            refuse("a box that leaves its parent", at)
        yield kind, body[at + skip : at + size]
        at += size


def opened(body: bytes) -> _Boxes:
    found: _Boxes = {}
    for kind, content in boxes_in(body):
        found.setdefault(kind, []).append(content)
    return found


def counted(body: bytes) -> int:
    return int(struct.unpack_from(">I", body, 4)[0])


def rows_of(body: bytes, form: str) -> list[tuple[int, ...]]:
    size = struct.calcsize(form)
    return list(struct.iter_unpack(form, body[8 : 8 + size * counted(body)]))


def head_of(body: bytes) -> tuple[int, int]:
    """Return timescale and duration of ``mvhd`` and ``mdhd``."""
    scale, duration = struct.unpack_from(
        ">IQ" if body[0] == 1 else ">II", body, 20 if body[0] == 1 else 12
    )
    return scale, duration


def tracks_of(moov: bytes) -> list[Track]:
    """Return the tracks of a movie."""
    return [_track(opened(body)) for body in opened(moov).get(b"trak", [])]


def _track(boxes: _Boxes) -> Track:
    head = boxes[b"tkhd"][0]
    long = head[0] == 1
    number, duration = struct.unpack_from(">I4xQ" if long else ">I4xI", head, 20 if long else 12)
    rest = head[36 if long else 24 :]
    media = opened(boxes[b"mdia"][0])
    scale, length = head_of(media[b"mdhd"][0])
    edits: list[tuple[int, int, int]] = []
    again = 0
    for body in chain.from_iterable(opened(b).get(b"elst", []) for b in boxes.get(b"edts", [])):
        again = body[3] & 1
        edits = [(a, b, c) for a, b, c in rows_of(body, ">QqI" if body[0] == 1 else ">IiI")]
    refers = [
        (kind, struct.unpack_from(f">{len(body) // 4}I", body))
        for body in boxes.get(b"tref", [])
        for kind, body in boxes_in(body)
    ]
    return Track(
        number=number,
        flags=head[3] & 7,
        duration=duration,
        size=rest[52:60],
        matrix=rest[16:52],
        layer=struct.unpack_from(">h", rest, 8)[0],
        group=struct.unpack_from(">H", rest, 10)[0],
        apertures=[
            (kind, content[4:12])
            for body in boxes.get(b"tapt", [])
            for kind, content in boxes_in(body)
            if kind in (b"clef", b"prof", b"enof")
        ],
        handler=media[b"hdlr"][0][8:12],
        refers=refers,
        inside=media,
        scale=scale,
        length=length,
        edits=(again, edits),
    )


def kept(moov: bytes) -> list[Track]:
    """Return the tracks of a source that its clean copy must have."""
    every = tracks_of(moov)
    shown = [
        track
        for track in every
        if track.handler == b"pict" and not {kind for kind, _ in track.refers} & {b"auxl", b"thmb"}
    ]
    if not shown:
        refuse("a sequence without pictures", 0)
    shown = shown[:1]
    beside = [
        track
        for track in every
        if track.handler == b"auxv"
        and any(kind == b"auxl" and shown[0].number in to for kind, to in track.refers)
        and track.shows() in _ALPHA
    ]
    for track in (*shown, *beside):
        if track.matrix != UNITY:
            refuse("a sequence that is turned while it is played", 0)
        track.layer, track.group, track.apertures = 0, 0, []
    return [*shown, *beside]
