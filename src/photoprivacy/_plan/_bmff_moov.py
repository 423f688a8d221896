"""A fresh ``moov`` box for an image sequence (ISO/IEC 14496-12, 8.2-8.8; 23008-12, 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from photoprivacy._plan._bmff_layout import Layout
from photoprivacy._plan._bmff_properties import Once, boxed, full_box, kept_property
from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff_blocks import auxiliary_name
from photoprivacy.containers._bmff_meta import Box
from photoprivacy.containers._bmff_names import AUXILIARY
from photoprivacy.containers._bmff_tracks import UNITY, Edit, Movie, SampleEntry, Track
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy

#: sample entry → why it may stay
ENTRIES: Final[dict[str, Rule]] = {
    "hvc1": Rule(category=None, reason="coded pictures (14496-15, 8.4.1)"),
    "hev1": Rule(category=None, reason="coded pictures (14496-15, 8.4.1)"),
    "av01": Rule(category=None, reason="coded pictures (AV1-ISOBMFF, 2.2)"),
}
#: what may stand in a sample entry: what says how to decode and how to show its pictures
IN_ENTRIES: Final = frozenset(
    {
        *("hvcC", "av1C", "ccst", "auxi", "colr", "pasp", "clap"),
        *("pixi", "clli", "mdcv", "cclv", "amve", "ndwt"),
    }
)
#: reference between tracks → why it may stay
TRACK_REFERENCES: Final[dict[str, Rule]] = {
    "auxl": Rule(category=None, reason="what an auxiliary track belongs to (23008-12, 7.5.3.1)"),
    "prem": Rule(category=None, reason="colours are multiplied with alpha (23000-22, 7.3.5.2)"),
}
# 14496-12, 8.7.2: one data reference that says "this file".
_DINF: Final = boxed(
    b"dinf", full_box(b"dref", 0, b"\x00\x00\x00\x01", full_box(b"url ", 0, flags=1))
)
_UNDETERMINED: Final = b"\x55\xc4"  # 8.4.2.3: ISO 639-2 "und"
_NONE_32: Final = 0xFFFFFFFF


def kept_tracks(data: bytes, movie: Movie) -> tuple[Track, ...]:
    """Return the track of pictures, and those of its transparency.

    Raises:
        CannotStrip: There is none, or decoders may show more than is understood here.
    """
    if movie.fragmented:
        raise CannotStrip("a sequence in fragments")
    shown = [track for track in movie.tracks if track.handler == "pict" and not _aside(track)]
    if not shown:
        raise CannotStrip("a sequence without a track of pictures")
    main = shown[0]
    beside = [
        track
        for track in movie.tracks
        if track.handler == "auxv"
        and main.id in _targets(track, "auxl")
        and _shows_alpha(data, track)
    ]
    for track in (main, *beside):
        if not track.plain:
            raise CannotStrip("a sequence that is turned while it is played")
        if len(track.entries) != 1 or track.entries[0].type not in ENTRIES:
            raise CannotStrip("a sequence coded in a way that is not known to be clean")
        if not track.sizes or not track.timescale:
            raise CannotStrip("a sequence without samples")
        sync = track.sync or ()
        if list(sync) != sorted(set(sync)) or any(not 0 < n <= len(track.sizes) for n in sync):
            raise CannotStrip("a sequence that begins where it has no pictures")
    return (main, *beside)


def _aside(track: Track) -> bool:
    return any(kind in ("auxl", "thmb") for kind, _ in track.references)


def _targets(track: Track, kind: str) -> set[int]:
    return {target for name, targets in track.references if name == kind for target in targets}


def _shows_alpha(data: bytes, track: Track) -> bool:
    kinds = [
        auxiliary_name(data, box)
        for entry in track.entries
        for box in entry.properties
        if box.type == "auxi"
    ]
    if not kinds:
        raise CannotStrip("an auxiliary track that does not say what it shows")
    return kinds[0] == "alpha"


def fresh_moov(
    data: bytes,
    movie: Movie,
    tracks: tuple[Track, ...],
    *,
    layout: Layout,
    base: int,
    wide: bool,
    policy: Policy,
) -> bytes:
    """Return a new ``moov`` box with *tracks*, numbered from 1, and nothing else.

    Args:
        data: The source.
        movie: Its ``moov`` box.
        tracks: What stays of it.
        layout: Where kept bytes go in the payload of ``mdat``.
        base: Where that begins in the output.
        wide: Whether offsets need eight bytes.
        policy: What may stay.
    """
    numbers = {track.id: number for number, track in enumerate(tracks, 1)}
    parts = [_mvhd(movie, len(tracks) + 1)]
    for track in tracks:
        offsets = [base + layout.moved(chunk).start for chunk in track.chunks]
        parts.append(_trak(data, track, numbers, offsets, wide=wide, policy=policy))
    return boxed(b"moov", *parts)


def _u32(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "big") for value in values)


def _version(*values: int) -> tuple[int, int]:
    """Return the version of a box that holds *values*, and their width (4.2.2)."""
    long = any(value > _NONE_32 for value in values)
    return (1, 8) if long else (0, 4)


def _mvhd(movie: Movie, after: int) -> bytes:
    """8.2.2: no dates; played at its own speed; no volume other than full."""
    version, width = _version(movie.duration)
    body = bytes(2 * width) + _u32(movie.timescale) + movie.duration.to_bytes(width, "big")
    body += _u32(0x10000) + b"\x01\x00" + bytes(10) + UNITY + bytes(24) + _u32(after)
    return full_box(b"mvhd", version, body)


def _trak(
    data: bytes,
    track: Track,
    numbers: dict[int, int],
    offsets: list[int],
    *,
    wide: bool,
    policy: Policy,
) -> bytes:
    version, width = _version(track.duration)
    number = _u32(numbers[track.id])
    tkhd = bytes(2 * width) + number + bytes(4) + track.duration.to_bytes(width, "big")
    tkhd += bytes(16) + UNITY + _u32(track.width, track.height)
    parts = [full_box(b"tkhd", version, tkhd, flags=track.flags)]
    parts.append(_tref(track, numbers))
    parts.append(_edts(track))
    parts.append(_mdia(data, track, offsets, wide=wide, policy=policy))
    return boxed(b"trak", *parts)


def _tref(track: Track, numbers: dict[int, int]) -> bytes:
    rows = []
    for kind, targets in track.references:
        mine = [numbers[target] for target in targets if target in numbers]
        if kind in TRACK_REFERENCES and mine:
            rows.append(boxed(kind.encode("latin-1"), _u32(*mine)))
    return boxed(b"tref", *rows) if rows else b""


def _edts(track: Track) -> bytes:
    if not track.edits:
        return b""
    version, width = _version(*(value for edit in track.edits for value in _spread(edit)))
    rows = [
        edit.duration.to_bytes(width, "big")
        + edit.start.to_bytes(width, "big", signed=True)
        + _u32(edit.rate)
        for edit in track.edits
    ]
    return boxed(
        b"edts", full_box(b"elst", version, _u32(len(rows)), *rows, flags=int(track.repeats))
    )


def _spread(edit: Edit) -> tuple[int, int]:
    # A signed number of 32 bits has one bit less.
    return edit.duration, (edit.start if edit.start >= 0 else ~edit.start) * 2


def _mdia(data: bytes, track: Track, offsets: list[int], *, wide: bool, policy: Policy) -> bytes:
    version, width = _version(track.media_duration)
    mdhd = bytes(2 * width) + _u32(track.timescale) + track.media_duration.to_bytes(width, "big")
    handler = bytes(4) + track.handler.encode("latin-1") + bytes(13)
    stbl = [
        full_box(b"stsd", 0, _u32(1), _entry(data, track.entries[0], policy)),
        _runs(b"stts", track.times),
    ]
    if track.shifts:
        stbl.append(_runs(b"ctts", track.shifts))
    if track.sync is not None:
        stbl.append(full_box(b"stss", 0, _u32(len(track.sync), *track.sync)))
    stbl += [_stsc(track.counts), _stsz(track.sizes), _stco(offsets, wide=wide)]
    minf = boxed(b"minf", full_box(b"vmhd", 0, bytes(8), flags=1), _DINF, boxed(b"stbl", *stbl))
    return boxed(
        b"mdia",
        full_box(b"mdhd", version, mdhd, _UNDETERMINED, bytes(2)),
        full_box(b"hdlr", 0, handler),
        minf,
    )


def _entry(data: bytes, entry: SampleEntry, policy: Policy) -> bytes:
    """12.1.3: size, 72 dots an inch, one picture a sample, 24 bits, and no compressor's name."""
    body = bytes(6) + b"\x00\x01" + bytes(16)
    body += entry.width.to_bytes(2, "big") + entry.height.to_bytes(2, "big")
    body += _u32(0x480000, 0x480000, 0) + b"\x00\x01" + bytes(32) + b"\x00\x18\xff\xff"
    once = Once()
    parts = [once.take(_described(data, box, entry.type, policy)) for box in entry.properties]
    return boxed(entry.type.encode("latin-1"), body, *parts)


def _described(data: bytes, box: Box, kind: str, policy: Policy) -> bytes:
    if box.type not in IN_ENTRIES:
        return b""
    body = box.body.of(data)
    if box.type == "ccst":
        # 23008-12, 7.2.3: two bits and a number of 4 bits; the rest is reserved.
        if len(body) < 8:
            raise CannotStrip("a property that is cut short")
        return full_box(b"ccst", 0, bytes((body[4] & 0xFC, 0, 0, 0)))
    if box.type == "auxi":
        # 23008-12, 7.5.3.2; a type that is not known may say anything.
        shows = body[4:].partition(b"\x00")[0]
        known = shows.decode("latin-1") in AUXILIARY
        return full_box(b"auxi", 0, shows + b"\x00") if known else b""
    return kept_property(data, box, kind, essential=False, policy=policy)


def _joined(values: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return runs of (how many, what) with neighbours of one value joined."""
    out: list[tuple[int, int]] = []
    for count, value in values:
        if out and out[-1][1] == value:
            out[-1] = (out[-1][0] + count, value)
        elif count:
            out.append((count, value))
    return out


def _runs(kind: bytes, runs: Iterable[tuple[int, int]]) -> bytes:
    """8.6.1: durations, and composition offsets, which are signed in version 1."""
    rows = _joined(runs)
    signed = any(value < 0 for _, value in rows)
    body = b"".join(_u32(count) + (value % (1 << 32)).to_bytes(4, "big") for count, value in rows)
    return full_box(kind, int(signed), _u32(len(rows)), body)


def _stsc(counts: Sequence[int]) -> bytes:
    """8.7.4: how many samples a chunk holds, from which chunk on."""
    rows, before = [], None
    for number, count in enumerate(counts, 1):
        if count != before:
            rows.append(_u32(number, count, 1))
        before = count
    return full_box(b"stsc", 0, _u32(len(rows)), *rows)


def _stsz(sizes: Sequence[int]) -> bytes:
    """8.7.3.2: one size where all are the same."""
    if len(set(sizes)) == 1 and sizes[0]:
        return full_box(b"stsz", 0, _u32(sizes[0], len(sizes)))
    return full_box(b"stsz", 0, _u32(0, len(sizes), *sizes))


def _stco(offsets: list[int], *, wide: bool) -> bytes:
    width = 8 if wide else 4
    rows = (offset.to_bytes(width, "big") for offset in offsets)
    return full_box(b"co64" if wide else b"stco", 0, _u32(len(offsets)), *rows)
