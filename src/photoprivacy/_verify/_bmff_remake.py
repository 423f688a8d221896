"""What the ``moov`` box of a clean file says, put together from the source's values once more.

Held against its bytes. Written from ISO/IEC 14496-12, 8.2-8.8, and the QuickTime File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from photoprivacy._verify._bmff_movie import (
    UNITY,
    Track,
    counted,
    head_of,
    opened,
    rows_of,
)
from photoprivacy._verify._bmff_properties import bare, may_stay, once, shown
from photoprivacy._verify._model import refuse, same
from photoprivacy.policy import Category, Policy

_CODECS: Final = (b"hvc1", b"hev1", b"av01")
#: properties of items that say nothing of a sequence
_ITEMS_ALONE: Final = frozenset(b"ispe irot imir auxC lsel a1lx a1op iscl".split())
#: returns the sample entry that a clean copy of a track has
Entry = Callable[[Track, Policy], bytes]


def clean(
    moov: bytes,
    data: bytes,
    old: Sequence[Track],
    new: Sequence[Track],
    policy: Policy,
    entry: Entry,
    *,
    quicktime: bool = False,
) -> bytes:
    """Return the content of ``moov`` that a clean copy with the offsets of *new* has.

    Args:
        moov: The source's.
        data: The source.
        old: Tracks of it that stay.
        new: Those of the copy.
        policy: What may stay.
        entry: Who says what a sample entry must be.
        quicktime: Whether handlers are spelled as QuickTime does it.
    """
    numbers = {track.number: number for number, track in enumerate(old, 1)}
    header = opened(moov)[b"mvhd"][0]
    scale, duration = head_of(header)
    rest = header[32 if header[0] == 1 else 20 :]
    long = duration >> 32 > 0
    head = struct.pack(">B3xQQIQ" if long else ">B3xIIII", long, 0, 0, scale, duration)
    # 8.2.2: rate, full volume, reserved, how it is turned, and QuickTime's places in time
    head += rest[:4] + b"\x01\0" + bytes(10) + _turned(rest[16:52], policy) + bytes(24)
    out = _box(b"mvhd", head + struct.pack(">I", len(old) + 1))
    layers = sorted({track.layer for track in old})
    groups = sorted({0} | {track.group for track in old})
    for number, (mine, theirs) in enumerate(zip(new, old, strict=True), 1):
        place = layers.index(theirs.layer), groups.index(theirs.group)
        parts = (
            _tkhd(theirs, number, place, policy),
            _tapt(theirs),
            _tref(theirs, numbers),
            _edts(theirs),
            _box(
                b"mdia",
                _mdia(theirs, mine, entry(theirs, policy), _sizes(theirs, data), quicktime),
            ),
        )
        out += _box(b"trak", *parts)
    return out


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _turned(matrix: bytes, policy: Policy) -> bytes:
    return matrix if policy.allows(Category.ORIENTATION) else UNITY


def _sizes(track: Track, data: bytes) -> list[int]:
    every = track.sizes()
    if not track.looked_into():
        return every
    kept = track.pictures(data)
    # Those of no length are not asked for.
    return [sum(b - a for a, b in next(kept)) if size else 0 for size in every]


def _tkhd(old: Track, number: int, place: tuple[int, int], policy: Policy) -> bytes:
    long = old.duration >> 32 > 0
    form = ">B2xBQQI4xQ8xHH" if long else ">B2xBIII4xI8xHH"
    head = struct.pack(form, long, old.flags, 0, 0, number, old.duration, *place)
    volume = 256 if old.handler == b"soun" else 0
    return _box(b"tkhd", head, struct.pack(">H2x", volume), _turned(old.matrix, policy), old.size)


def _tapt(old: Track) -> bytes:
    rows = [_box(kind, bytes(4), size) for kind, size in old.apertures]
    return _box(b"tapt", *rows) if rows else b""


def _tref(old: Track, numbers: dict[int, int]) -> bytes:
    rows = [
        _box(kind, *(struct.pack(">I", numbers[n]) for n in to if n in numbers))
        for kind, to in old.refers
        if kind in (b"auxl", b"prem") and any(n in numbers for n in to)
    ]
    return _box(b"tref", *rows) if rows else b""


def _edts(old: Track) -> bytes:
    again, edits = old.edits
    if not edits:
        return b""
    long = any(a >> 32 or not -(1 << 31) <= b < 1 << 31 for a, b, _ in edits)
    lines = [struct.pack(">QqI" if long else ">IiI", *edit) for edit in edits]
    return _box(b"edts", _box(b"elst", struct.pack(">B2xBI", long, again, len(edits)), *lines))


def _mdia(old: Track, new: Track, entry: bytes, sizes: list[int], quicktime: bool) -> bytes:  # noqa: FBT001
    long = old.length >> 32 > 0
    head = struct.pack(">B3xQQIQ" if long else ">B3xIIII", long, 0, 0, old.scale, old.length)
    here = _box(b"dinf", _box(b"dref", bytes(4), b"\0\0\0\1", _box(b"url ", b"\0\0\0\1")))
    shown = _box(b"vmhd", b"\0\0\0\1", bytes(8))
    if old.handler == b"soun":
        shown = _box(b"smhd", bytes(8))
    words = (b"mhlr", b"dhlr") if quicktime else (bytes(4), b"")
    there = _box(b"hdlr", bytes(4), words[1], b"url ", bytes(13)) if quicktime else b""
    return b"".join(
        (
            _box(b"mdhd", head + b"\x55\xc4\0\0"),
            _box(b"hdlr", bytes(4), words[0], old.handler, bytes(13)),
            _box(b"minf", shown, there, here, _box(b"stbl", *_tables(old, new, entry, sizes))),
        )
    )


def _tables(old: Track, new: Track, entry: bytes, sizes: list[int]) -> Iterator[bytes]:
    yield _box(b"stsd", bytes(4), b"\0\0\0\1", entry)
    yield _runs(b"stts", rows_of(old.stbl[b"stts"][0], ">II"))
    for shifts in old.stbl.get(b"ctts", []):
        if counted(shifts):
            yield _runs(b"ctts", rows_of(shifts, ">Ii" if shifts[0] else ">II"))
    for sync in old.stbl.get(b"stss", []):
        numbers = [0, *(n for (n,) in rows_of(sync, ">I")), len(sizes) + 1]
        if any(a >= b for a, b in pairwise(numbers)):
            refuse("pictures out of order", 0)
        yield _box(b"stss", bytes(4), sync[4 : 8 + 4 * counted(sync)])
    yield _chunks(old.per_chunk())
    if min(sizes) == max(sizes) > 0:
        yield _box(b"stsz", struct.pack(">4xII", sizes[0], len(sizes)))
    else:
        yield _box(b"stsz", struct.pack(f">8xI{len(sizes)}I", len(sizes), *sizes))
    offsets = new.offsets()
    wide = b"co64" in new.stbl
    form = f">4xI{len(offsets)}{'Q' if wide else 'I'}"
    yield _box(b"co64" if wide else b"stco", struct.pack(form, len(offsets), *offsets))


def sequence_entry(old: Track, policy: Policy) -> bytes:
    """Return the sample entry that a clean copy of a track of a sequence has."""
    kind, head, boxes = old.entry()
    if kind not in _CODECS:
        refuse("a track coded in a way that may not be kept", 0)
    return picture_entry(
        kind, head, [(name, _described(name, content, kind, policy)) for name, content in boxes]
    )


def picture_entry(kind: bytes, head: bytes, described: list[tuple[bytes, bytes]]) -> bytes:
    """Return a clean entry of pictures with these boxes, each once."""
    body = bytes(6) + b"\0\1" + bytes(16) + head[24:28]
    body += struct.pack(">IIIH", 72 << 16, 72 << 16, 0, 1)
    once((name, content[8:], False) for name, content in described if content)
    return _box(kind, body, bytes(32), b"\0\x18\xff\xff", *(one for _, one in described))


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


def same_samples(
    output: bytes, source: bytes, tracks: list[Track], kept: list[Track]
) -> list[tuple[int, int]]:
    """Check that samples of the output are the source's; return where they stand."""
    found: list[tuple[int, int]] = []
    for track, original in zip(tracks, kept, strict=True):
        theirs = (spans for spans in original.pictures(source) if spans)
        mine = track.samples() if original.looked_into() else track.chunks()
        for (at, size), spans in zip(mine, theirs, strict=True):
            here = at
            for start, stop in spans:
                if not same(output, here, source, start, stop - start):
                    refuse("a sample that differs from the source", at)
                here += stop - start
            if here != at + size:
                refuse("a sample of another size than the source's", at)
            # A movie may have millions of samples, most of them one behind the other.
            if found and found[-1][1] == at:
                found[-1] = found[-1][0], here
            else:
                found.append((at, here))
    return found
