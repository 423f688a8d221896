"""The movie of an image sequence, read apart from the parser that the writer uses.

What a clean file must say is put together here from the source's values once more, and
held against its bytes. Written from ISO/IEC 14496-12, 8.2-8.8.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain, groupby, pairwise
from typing import Final

import attrs

from photoprivacy._verify._bmff_properties import bare, may_stay, once, shown
from photoprivacy._verify._model import refuse
from photoprivacy.policy import Policy

_UNITY: Final = struct.pack(">9I", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
_ALPHA: Final = frozenset(
    {
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        b"urn:mpeg:hevc:2015:auxid:1",
        b"urn:mpeg:avc:2015:auxid:1",
    }
)
_CODECS: Final = (b"hvc1", b"hev1", b"av01")
#: properties of items that say nothing of a sequence
_ITEMS_ALONE: Final = frozenset(b"ispe irot imir auxC lsel a1lx a1op iscl".split())
_Boxes = dict[bytes, list[bytes]]


@attrs.define
class Track:
    """One track, as far as pictures need it."""

    number: int
    flags: int
    duration: int
    size: bytes
    turned: bool
    handler: bytes
    refers: list[tuple[bytes, tuple[int, ...]]]
    inside: _Boxes
    scale: int
    length: int
    edits: tuple[int, list[tuple[int, int, int]]]

    @property
    def stbl(self) -> _Boxes:
        return _open(_open(self.inside[b"minf"][0])[b"stbl"][0])

    def entry(self) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
        """Return type, size, and boxes of the one sample entry."""
        body = self.stbl[b"stsd"][0]
        if struct.unpack_from(">I", body, 4)[0] != 1:
            refuse("a track with several sample entries", 0)
        ((kind, content),) = _boxes(body[8:])
        if kind not in _CODECS:
            refuse("a track coded in a way that may not be kept", 0)
        return kind, content[24:28], list(_boxes(content[78:]))

    def shows(self) -> bytes:
        """Return what an auxiliary track says that it shows."""
        for _, entry in _boxes(self.stbl[b"stsd"][0][8:]):
            for kind, body in _boxes(entry[78:]):
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
        return list(struct.unpack_from(f">{_count(body)}{letter}", body, 8))

    def per_chunk(self) -> list[int]:
        rows = _rows(self.stbl[b"stsc"][0], ">III")
        ends = [first for first, _, _ in rows[1:]] + [len(self.offsets()) + 1]
        return [n for (first, n, _), end in zip(rows, ends, strict=True) for _ in range(first, end)]

    def samples(self) -> list[tuple[int, int]]:
        """Return start and length of every sample that is not empty."""
        out, sizes = [], iter(self.sizes())
        for start, count in zip(self.offsets(), self.per_chunk(), strict=True):
            at = start
            for _ in range(count):
                size = next(sizes)
                out.append((at, size))
                at += size
        return [sample for sample in out if sample[1]]


def _boxes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
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


def _open(body: bytes) -> _Boxes:
    found: _Boxes = {}
    for kind, content in _boxes(body):
        found.setdefault(kind, []).append(content)
    return found


def _count(body: bytes) -> int:
    return int(struct.unpack_from(">I", body, 4)[0])


def _rows(body: bytes, form: str) -> list[tuple[int, ...]]:
    size = struct.calcsize(form)
    return list(struct.iter_unpack(form, body[8 : 8 + size * _count(body)]))


def _head(body: bytes) -> tuple[int, int]:
    """Return timescale and duration of ``mvhd`` and ``mdhd``."""
    scale, duration = struct.unpack_from(
        ">IQ" if body[0] == 1 else ">II", body, 20 if body[0] == 1 else 12
    )
    return scale, duration


def tracks(moov: bytes) -> list[Track]:
    """Return the tracks of a movie."""
    return [_track(_open(body)) for body in _open(moov).get(b"trak", [])]


def _track(boxes: _Boxes) -> Track:
    head = boxes[b"tkhd"][0]
    long = head[0] == 1
    number, duration = struct.unpack_from(">I4xQ" if long else ">I4xI", head, 20 if long else 12)
    rest = head[36 if long else 24 :]
    media = _open(boxes[b"mdia"][0])
    scale, length = _head(media[b"mdhd"][0])
    edits: list[tuple[int, int, int]] = []
    again = 0
    for body in chain.from_iterable(_open(b).get(b"elst", []) for b in boxes.get(b"edts", [])):
        again = body[3] & 1
        edits = [(a, b, c) for a, b, c in _rows(body, ">QqI" if body[0] == 1 else ">IiI")]
    refers = [
        (kind, struct.unpack_from(f">{len(body) // 4}I", body))
        for body in boxes.get(b"tref", [])
        for kind, body in _boxes(body)
    ]
    return Track(
        number=number,
        flags=head[3] & 7,
        duration=duration,
        size=rest[52:60],
        turned=rest[16:52] != _UNITY,
        handler=media[b"hdlr"][0][8:12],
        refers=refers,
        inside=media,
        scale=scale,
        length=length,
        edits=(again, edits),
    )


def kept(moov: bytes) -> list[Track]:
    """Return the tracks of a source that its clean copy must have."""
    every = tracks(moov)
    shown = [
        track
        for track in every
        if track.handler == b"pict" and not {kind for kind, _ in track.refers} & {b"auxl", b"thmb"}
    ]
    if not shown:
        refuse("a sequence without pictures", 0)
    beside = [
        track
        for track in every
        if track.handler == b"auxv"
        and any(kind == b"auxl" and shown[0].number in to for kind, to in track.refers)
        and track.shows() in _ALPHA
    ]
    return [shown[0], *beside]


def clean(moov: bytes, old: list[Track], new: list[Track], policy: Policy) -> bytes:
    """Return the content of ``moov`` that a clean copy with the offsets of *new* has."""
    numbers = {track.number: number for number, track in enumerate(old, 1)}
    scale, duration = _head(_open(moov)[b"mvhd"][0])
    long = duration >> 32 > 0
    head = struct.pack(">B3xQQIQ" if long else ">B3xIIII", long, 0, 0, scale, duration)
    head += struct.pack(">IH10x", 65536, 256) + _UNITY + bytes(24)
    out = _box(b"mvhd", head + struct.pack(">I", len(old) + 1))
    for number, (mine, theirs) in enumerate(zip(new, old, strict=True), 1):
        if theirs.turned:
            refuse("a sequence that is turned while it is played", 0)
        out += _box(b"trak", _trak(theirs, number, numbers, mine, policy))
    return out


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _trak(old: Track, number: int, numbers: dict[int, int], new: Track, policy: Policy) -> bytes:
    long = old.duration >> 32 > 0
    form = ">B2xBQQI4xQ16x" if long else ">B2xBIII4xI16x"
    out = _box(
        b"tkhd", struct.pack(form, long, old.flags, 0, 0, number, old.duration) + _UNITY + old.size
    )
    rows = [
        _box(kind, *(struct.pack(">I", numbers[n]) for n in to if n in numbers))
        for kind, to in old.refers
        if kind in (b"auxl", b"prem") and any(n in numbers for n in to)
    ]
    out += _box(b"tref", *rows) if rows else b""
    again, edits = old.edits
    if edits:
        long = any(a >> 32 or not -(1 << 31) <= b < 1 << 31 for a, b, _ in edits)
        lines = [struct.pack(">QqI" if long else ">IiI", *edit) for edit in edits]
        out += _box(b"edts", _box(b"elst", struct.pack(">B2xBI", long, again, len(edits)), *lines))
    return out + _box(b"mdia", _mdia(old, new, policy))


def _mdia(old: Track, new: Track, policy: Policy) -> bytes:
    long = old.length >> 32 > 0
    head = struct.pack(">B3xQQIQ" if long else ">B3xIIII", long, 0, 0, old.scale, old.length)
    url = _box(b"url ", b"\0\0\0\1")
    here = _box(b"dinf", _box(b"dref", bytes(4), b"\0\0\0\1", url))
    return b"".join(
        (
            _box(b"mdhd", head + b"\x55\xc4\0\0"),
            _box(b"hdlr", bytes(8), old.handler, bytes(13)),
            _box(
                b"minf",
                _box(b"vmhd", b"\0\0\0\1", bytes(8)),
                here,
                _box(b"stbl", *_tables(old, new, policy)),
            ),
        )
    )


def _tables(old: Track, new: Track, policy: Policy) -> Iterator[bytes]:
    kind, size, boxes = old.entry()
    body = bytes(6) + b"\0\1" + bytes(16) + size + struct.pack(">IIIH", 72 << 16, 72 << 16, 0, 1)
    described = [(name, _described(name, content, kind, policy)) for name, content in boxes]
    once((name, content[8:], False) for name, content in described if content)
    parts = [content for _, content in described]
    entry = _box(kind, body, bytes(32), b"\0\x18\xff\xff", *parts)
    yield _box(b"stsd", bytes(4), b"\0\0\0\1", entry)
    yield _runs(b"stts", _rows(old.stbl[b"stts"][0], ">II"))
    for shifts in old.stbl.get(b"ctts", []):
        if _count(shifts):
            yield _runs(b"ctts", _rows(shifts, ">Ii" if shifts[0] else ">II"))
    for sync in old.stbl.get(b"stss", []):
        numbers = [0, *(n for (n,) in _rows(sync, ">I")), len(old.sizes()) + 1]
        if any(a >= b for a, b in pairwise(numbers)):
            refuse("pictures out of order", 0)
        yield _box(b"stss", bytes(4), sync[4 : 8 + 4 * _count(sync)])
    yield _chunks(old.per_chunk())
    sizes = old.sizes()
    if min(sizes) == max(sizes) > 0:
        yield _box(b"stsz", struct.pack(">4xII", sizes[0], len(sizes)))
    else:
        yield _box(b"stsz", struct.pack(f">8xI{len(sizes)}I", len(sizes), *sizes))
    offsets = new.offsets()
    wide = b"co64" in new.stbl
    form = f">4xI{len(offsets)}{'Q' if wide else 'I'}"
    yield _box(b"co64" if wide else b"stco", struct.pack(form, len(offsets), *offsets))


def _described(kind: bytes, body: bytes, coding: bytes, policy: Policy) -> bytes:
    if kind == b"ccst":
        return _box(kind, bytes(4), bytes([body[4] & 0xFC]), bytes(3))
    if kind == b"auxi":
        name = shown(body)
        return _box(kind, bytes(4), name, b"\0") if name else b""
    if kind in _ITEMS_ALONE:
        return b""
    content = bare(kind, body) if may_stay(kind, policy, coding) else b""
    return _box(kind, content) if content else b""


def _runs(kind: bytes, rows: list[tuple[int, ...]]) -> bytes:
    joined = [
        (sum(count for count, _ in run), value)
        for value, run in (
            (v, list(r)) for v, r in groupby((r for r in rows if r[0]), key=lambda r: r[1])
        )
    ]
    signed = any(value < 0 for _, value in joined)
    lines = [struct.pack(">Ii" if signed else ">II", *row) for row in joined]
    return _box(kind, struct.pack(">B3xI", signed, len(joined)), *lines)


def _chunks(counts: list[int]) -> bytes:
    starts = [1, *(n + 1 for n, (a, b) in enumerate(pairwise(counts), 1) if a != b)]
    lines = [struct.pack(">III", start, counts[start - 1], 1) for start in starts]
    return _box(b"stsc", struct.pack(">4xI", len(lines)), *lines)
