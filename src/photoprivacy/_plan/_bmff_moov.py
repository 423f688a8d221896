"""A fresh ``moov`` box for a sequence or a movie (ISO/IEC 14496-12, 8.2-8.8)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import attrs

from photoprivacy._plan._bmff_layout import Layout
from photoprivacy._plan._bmff_properties import boxed, full_box
from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff_movie import UNITY, Edit, Movie, SampleEntry, Track
from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy

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


@attrs.frozen(kw_only=True)
class Kept:
    """A track that stays.

    Attributes:
        track: As the source has it.
        sizes: Length of each sample, without what is no picture in it.
        chunks: For each chunk, the stretches of the source that it is made of.
    """

    track: Track
    sizes: tuple[int, ...]
    chunks: tuple[tuple[Span, ...], ...]

    @classmethod
    def whole(cls, track: Track) -> Kept:
        """Return *track* with all its samples as they are."""
        return cls(track=track, sizes=track.sizes, chunks=tuple((one,) for one in track.chunks))

    def starts(self, layout: Layout, base: int) -> list[int]:
        """Return where each chunk begins in the output.

        Raises:
            CannotStrip: Something else that stays lies inside a chunk.
        """
        found = []
        for spans in self.chunks:
            moved = layout.extents(spans)
            if len(moved) > 1:
                raise CannotStrip("samples that share bytes with what is no part of them")
            found.append(base + (moved[0].start if moved else 0))
        return found


#: Return a fresh sample entry: the file, the source's entry, the policy.
Entry = Callable[[bytes, SampleEntry, Policy], bytes]


@attrs.frozen(kw_only=True)
class Style:
    """How a kind of file spells its movie.

    Attributes:
        entry: Who writes sample entries.
        quicktime: Whether handlers are spelled as the QuickTime File Format does it.
        words: A box to stand last in the movie.
    """

    entry: Entry
    quicktime: bool = False
    words: bytes = b""


def fresh_moov(
    data: bytes,
    movie: Movie,
    tracks: tuple[Kept, ...],
    style: Style,
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
        style: How it is spelled.
        layout: Where kept bytes go in the payload of ``mdat``.
        base: Where that begins in the output.
        wide: Whether offsets need eight bytes.
        policy: What may stay.
    """
    numbers = {kept.track.id: number for number, kept in enumerate(tracks, 1)}
    parts = [_mvhd(movie, len(tracks) + 1, policy)]
    ranks = _Ranks.of(tracks)
    for kept in tracks:
        trak = (
            _tkhd(kept.track, numbers, ranks, policy),
            _tapt(kept.track),
            _tref(kept.track, numbers),
            _edts(kept.track),
            _mdia(data, kept, style, kept.starts(layout, base), wide=wide, policy=policy),
        )
        parts.append(boxed(b"trak", *trak))
    return boxed(b"moov", *parts, style.words)


@attrs.frozen
class _Ranks:
    """Layers and groups of tracks by their order alone: which numbers they have says nothing."""

    layers: tuple[int, ...]
    groups: tuple[int, ...]

    @classmethod
    def of(cls, tracks: Iterable[Kept]) -> _Ranks:
        layers = {kept.track.layer for kept in tracks}
        groups = {kept.track.group for kept in tracks if kept.track.group}
        return cls(tuple(sorted(layers)), tuple(sorted(groups)))

    def body(self, track: Track) -> bytes:
        group = self.groups.index(track.group) + 1 if track.group else 0
        return struct.pack(">HH", self.layers.index(track.layer), group)


def _u32(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "big") for value in values)


def _version(*values: int) -> tuple[int, int]:
    """Return the version of a box that holds *values*, and their width (4.2.2)."""
    long = any(value > _NONE_32 for value in values)
    return (1, 8) if long else (0, 4)


def _turning(matrix: bytes, policy: Policy) -> bytes:
    return matrix if policy.allows(Category.ORIENTATION) else UNITY


def _mvhd(movie: Movie, after: int, policy: Policy) -> bytes:
    """8.2.2: no dates, and no volume other than full."""
    version, width = _version(movie.duration)
    body = bytes(2 * width) + _u32(movie.timescale) + movie.duration.to_bytes(width, "big")
    body += _u32(movie.rate) + b"\x01\x00" + bytes(10) + _turning(movie.matrix, policy)
    return full_box(b"mvhd", version, body + bytes(24) + _u32(after))


def _tkhd(track: Track, numbers: dict[int, int], ranks: _Ranks, policy: Policy) -> bytes:
    version, width = _version(track.duration)
    body = bytes(2 * width) + _u32(numbers[track.id]) + bytes(4)
    body += track.duration.to_bytes(width, "big") + bytes(8) + ranks.body(track)
    body += (b"\x01\x00" if track.handler == "soun" else bytes(2)) + bytes(2)
    body += _turning(track.matrix, policy) + _u32(track.width, track.height)
    return full_box(b"tkhd", version, body, flags=track.flags)


def _tapt(track: Track) -> bytes:
    """QuickTime File Format, Track Aperture Mode Dimensions."""
    rows = [full_box(kind.encode("latin-1"), 0, size) for kind, size in track.apertures]
    return boxed(b"tapt", *rows) if rows else b""


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


def _mdia(
    data: bytes, kept: Kept, style: Style, offsets: list[int], *, wide: bool, policy: Policy
) -> bytes:
    track = kept.track
    version, width = _version(track.media_duration)
    mdhd = bytes(2 * width) + _u32(track.timescale) + track.media_duration.to_bytes(width, "big")
    stbl = [
        full_box(b"stsd", 0, _u32(1), style.entry(data, track.entries[0], policy)),
        _runs(b"stts", track.times),
    ]
    if track.shifts:
        stbl.append(_runs(b"ctts", track.shifts))
    if track.sync is not None:
        stbl.append(full_box(b"stss", 0, _u32(len(track.sync), *track.sync)))
    stbl += [_stsc(track.counts), _stsz(kept.sizes), _stco(offsets, wide=wide)]
    sound = track.handler == "soun"
    # 12.2.2 and 12.1.2: no balance; pictures are copied over what is there.
    media = full_box(b"smhd", 0, bytes(4)) if sound else full_box(b"vmhd", 0, bytes(8), flags=1)
    data_handler = _hdlr(b"dhlr", b"url ") if style.quicktime else b""
    minf = boxed(b"minf", media, data_handler, _DINF, boxed(b"stbl", *stbl))
    return boxed(
        b"mdia",
        full_box(b"mdhd", version, mdhd, _UNDETERMINED, bytes(2)),
        _hdlr(b"mhlr" if style.quicktime else bytes(4), track.handler.encode("latin-1")),
        minf,
    )


def _hdlr(kind: bytes, handler: bytes) -> bytes:
    """8.4.3; QuickTime says in front what kind of handler it is. No name."""
    return full_box(b"hdlr", 0, kind + handler + bytes(13))


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
