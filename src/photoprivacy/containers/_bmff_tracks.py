"""The ``moov`` box of an image sequence (ISO/IEC 14496-12, 8.2-8.8): tracks and samples.

Every count is checked against the bytes that are there before anything is looped over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._reader import Reader
from photoprivacy.containers._bmff_meta import FORMAT, Box, boxes, full_reader
from photoprivacy.containers._model import Span
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

#: Boxes with nothing in them but other boxes.
_HOLDERS: Final = frozenset({"edts", "mdia", "minf", "stbl"})
#: box → the holder it stands in, once
_PARENTS: Final = {
    **dict.fromkeys(("tkhd", "tref", "edts", "mdia"), "trak"),
    "elst": "edts",
    **dict.fromkeys(("mdhd", "hdlr", "minf"), "mdia"),
    "stbl": "minf",
    **dict.fromkeys(("stsd", "stts", "ctts", "stss", "stsc", "stsz", "stco", "co64"), "stbl"),
}


@attrs.frozen(kw_only=True)
class Edit:
    """One line of an edit list (8.6.6), in time units of the movie and of the media."""

    duration: int
    start: int
    rate: int


@attrs.frozen(kw_only=True)
class SampleEntry:
    """How the samples of a track are coded (8.5.2): its type, its size, and its boxes."""

    type: str
    width: int
    height: int
    properties: tuple[Box, ...]
    name: Span


@attrs.frozen(kw_only=True)
class Track:
    """One track.

    Attributes:
        id: What references call it.
        handler: What it shows: ``"pict"``, ``"auxv"``, ``"soun"`` …
        flags: Bit 0 enabled, 1 in the movie, 2 in the preview (8.3.2).
        duration: In time units of the movie; all bits set where it is not known.
        plain: Whether it is shown unturned: unity matrix.
        width: Of the presentation, in 1/65536 pixels.
        height: The same.
        timescale: Time units of the media a second.
        media_duration: In those units.
        edits: Its edit list.
        repeats: Whether the edit list is played again and again (8.6.6.3).
        references: Type, and the tracks it points to (8.3.3).
        entries: Its sample entries.
        times: Runs of samples of one duration: (how many, media time units).
        shifts: Runs of samples of one composition offset, ``()`` where there are none.
        sync: Numbers of samples that can be decoded alone, ``None`` for all of them.
        sizes: Length of each sample in bytes.
        counts: How many samples each chunk holds.
        chunks: Where each chunk is.
    """

    id: int = 0
    handler: str = ""
    flags: int = 0
    duration: int = 0
    plain: bool = True
    width: int = 0
    height: int = 0
    timescale: int = 0
    media_duration: int = 0
    edits: tuple[Edit, ...] = ()
    repeats: bool = False
    references: tuple[tuple[str, tuple[int, ...]], ...] = ()
    entries: tuple[SampleEntry, ...] = ()
    times: tuple[tuple[int, int], ...] = ()
    shifts: tuple[tuple[int, int], ...] = ()
    sync: tuple[int, ...] | None = None
    sizes: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    chunks: tuple[Span, ...] = ()


@attrs.frozen(kw_only=True)
class Movie:
    """A ``moov`` box taken apart.

    Attributes:
        timescale: Time units of the movie a second.
        duration: In those units.
        tracks: In file order.
        boxes: Every box inside it, holders too, in file order.
        fragmented: Whether samples may also stand in fragments (8.8.1).
    """

    timescale: int = 0
    duration: int = 0
    tracks: tuple[Track, ...] = ()
    boxes: tuple[Box, ...] = ()
    fragmented: bool = False


def read_movie(data: bytes, box: Box, limits: Limits) -> Movie:
    """Take a ``moov`` box apart.

    Raises:
        MalformedImage: Its structure is broken.
        LimitExceeded: It holds more boxes or samples than *limits* allow.
    """
    movie = Movie()
    tracks: list[Track] = []
    found: list[Box] = []
    for child in boxes(data, box.body.start, box.body.stop, limits, last=False):
        found.append(child)
        if child.type == "mvhd":
            timescale, duration, _ = _times(full_reader(data, child))
            movie = attrs.evolve(movie, timescale=timescale, duration=duration)
        elif child.type == "trak":
            inside = tuple(_inside(data, child, limits))
            found.extend(box for _, box in inside)
            # What stands in another place than its own says nothing.
            known = [box for parent, box in inside if _PARENTS.get(box.type) == parent]
            tracks.append(_track(data, known, limits))
        elif child.type == "mvex":
            movie = attrs.evolve(movie, fragmented=True)
    if len(found) > limits.max_segments:
        raise LimitExceeded(FORMAT, box.span.start, limit="max_segments", value=len(found))
    if sum(child.type == "mvhd" for child in found) != 1:
        raise MalformedImage(FORMAT, box.span.start, "a movie without its header, or with two")
    ids = [track.id for track in tracks]
    if len(set(ids)) != len(ids):
        raise MalformedImage(FORMAT, box.span.start, "a track that stands twice")
    return attrs.evolve(movie, tracks=tuple(tracks), boxes=tuple(found))


def _inside(data: bytes, parent: Box, limits: Limits) -> Iterator[tuple[str, Box]]:
    """Yield the boxes of a track, those of its holders too, each with its holder's type."""
    for child in boxes(data, parent.body.start, parent.body.stop, limits, last=False):
        yield parent.type, child
        if child.type in _HOLDERS and _PARENTS[child.type] == parent.type:
            yield from _inside(data, child, limits)


def _times(full: tuple[Reader, int, int]) -> tuple[int, int, Span]:
    """Return timescale, duration, and where the two dates stand (8.2.2, 8.4.2)."""
    reader, version, _ = full
    width = 8 if version == 1 else 4
    start = reader.pos
    reader.skip(2 * width)
    dates = Span(start, reader.pos)
    return reader.u32(), reader.uint(width), dates


def dates_of(data: bytes, box: Box) -> Span:
    """Return where the dates of an ``mvhd``, ``tkhd`` or ``mdhd`` box stand."""
    reader, version, _ = full_reader(data, box)
    start = reader.pos
    reader.skip(16 if version == 1 else 8)
    return Span(start, reader.pos)


def _track(data: bytes, inside: list[Box], limits: Limits) -> Track:
    track = Track()
    tables: dict[str, Box] = {}
    for box in inside:
        if box.type in tables:
            raise MalformedImage(FORMAT, box.span.start, f"a second {box.type} box")
        tables[box.type] = box
        if box.type in _READERS:
            track = _READERS[box.type](data, track, box)
    if not {"tkhd", "mdhd", "hdlr"} <= tables.keys():
        raise MalformedImage(FORMAT, 0, "a track without its headers")
    if track.handler in ("pict", "auxv", "vide"):
        track = _samples(data, track, tables, limits)
    return track


def _tkhd(data: bytes, track: Track, box: Box) -> Track:
    reader, version, flags = full_reader(data, box)
    reader.skip(16 if version == 1 else 8)
    number = reader.u32()
    reader.skip(4)
    duration = reader.uint(8 if version == 1 else 4)
    reader.skip(16)
    plain = reader.take(36) == UNITY
    return attrs.evolve(
        track,
        id=number,
        flags=flags & 7,
        duration=duration,
        plain=plain,
        width=reader.u32(),
        height=reader.u32(),
    )


#: 8.2.2.2: shown as it is.
UNITY: Final = b"".join(
    value.to_bytes(4, "big") for value in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
)


def _mdhd(data: bytes, track: Track, box: Box) -> Track:
    timescale, duration, _ = _times(full_reader(data, box))
    return attrs.evolve(track, timescale=timescale, media_duration=duration)


def _hdlr(data: bytes, track: Track, box: Box) -> Track:
    reader, _, _ = full_reader(data, box)
    reader.skip(4)
    return attrs.evolve(track, handler=reader.take(4).decode("latin-1"))


def _elst(data: bytes, track: Track, box: Box) -> Track:
    reader, version, flags = full_reader(data, box)
    width = 8 if version == 1 else 4
    count = _count(reader, 2 * width + 4)
    edits = tuple(
        Edit(
            duration=reader.uint(width), start=_signed(reader.uint(width), width), rate=reader.u32()
        )
        for _ in range(count)
    )
    return attrs.evolve(track, edits=edits, repeats=bool(flags & 1))


def _signed(value: int, width: int) -> int:
    return value - (1 << 8 * width) if value >> (8 * width - 1) else value


def _count(reader: Reader, size: int) -> int:
    """Return a 32-bit count of entries of *size* bytes, which must all be there."""
    count = reader.u32()
    if count * size > reader.left:
        raise TruncatedImage(FORMAT, reader.pos, needed=count * size, available=reader.left)
    return count


def _tref(data: bytes, track: Track, box: Box) -> Track:
    found = []
    for at in boxes(data, box.body.start, box.body.stop, Limits(), last=False):
        reader = Reader(data, FORMAT, start=at.body.start, stop=at.body.stop)
        targets = tuple(reader.u32() for _ in range(len(at.body) // 4))
        found.append((at.type, targets))
    return attrs.evolve(track, references=tuple(found))


def _entries(data: bytes, box: Box) -> Iterator[SampleEntry]:
    reader, _, _ = full_reader(data, box)
    count = reader.u32()
    found = list(boxes(data, reader.pos, box.body.stop, Limits(), last=False))
    if len(found) != count:
        raise MalformedImage(FORMAT, box.span.start, "another number of entries than announced")
    for entry in found:
        inner = Reader(data, FORMAT, start=entry.body.start, stop=entry.body.stop)
        inner.skip(24)  # 8.5.2.2 and 12.1.3.2: reserved, and the index of the data reference
        width, height = inner.u16(), inner.u16()
        inner.skip(14)
        name = Span(inner.pos, inner.pos + 32)
        inner.skip(36)
        properties = tuple(boxes(data, inner.pos, entry.body.stop, Limits(), last=False))
        yield SampleEntry(
            type=entry.type, width=width, height=height, properties=properties, name=name
        )


_READERS: Final = {
    "tkhd": _tkhd,
    "mdhd": _mdhd,
    "hdlr": _hdlr,
    "elst": _elst,
    "tref": _tref,
}


def _samples(data: bytes, track: Track, tables: dict[str, Box], limits: Limits) -> Track:
    """Read the sample tables (8.6.1, 8.7.3-8.7.5), which must agree with each other."""
    at = tables["stbl"].span.start if "stbl" in tables else 0
    needed = {"stsd", "stts", "stsc", "stsz"}
    if not needed <= tables.keys() or ("stco" in tables) == ("co64" in tables):
        raise MalformedImage(FORMAT, at, "a track without its sample tables")
    sizes = _sizes(data, tables["stsz"], limits)
    offsets = _numbers(data, tables.get("stco") or tables["co64"], 4 if "stco" in tables else 8)
    counts = tuple(_counts(data, tables["stsc"], len(offsets)))
    times = _runs(data, tables["stts"])
    shifts = _runs(data, tables["ctts"], signed=True) if "ctts" in tables else ()
    if len(counts) != len(offsets) or sum(counts) != len(sizes):
        raise MalformedImage(FORMAT, at, "sample tables that do not agree")
    if sum(count for count, _ in times) != len(sizes):
        raise MalformedImage(FORMAT, at, "sample tables that do not agree")
    if shifts and sum(count for count, _ in shifts) != len(sizes):
        raise MalformedImage(FORMAT, at, "sample tables that do not agree")
    chunks, first = [], 0
    for start, count in zip(offsets, counts, strict=True):
        stop = start + sum(sizes[first : first + count])
        if stop > len(data):
            raise TruncatedImage(FORMAT, at, needed=stop, available=len(data))
        chunks.append(Span(start, stop))
        first += count
    return attrs.evolve(
        track,
        entries=tuple(_entries(data, tables["stsd"])),
        times=times,
        shifts=shifts,
        sync=_numbers(data, tables["stss"], 4) if "stss" in tables else None,
        sizes=sizes,
        counts=counts,
        chunks=tuple(chunks),
    )


def _sizes(data: bytes, box: Box, limits: Limits) -> tuple[int, ...]:
    reader, _, _ = full_reader(data, box)
    every = reader.u32()
    if not every:
        return tuple(reader.u32() for _ in range(_count(reader, 4)))
    count = reader.u32()
    if count * every > len(data):
        raise TruncatedImage(FORMAT, box.span.start, needed=count * every, available=len(data))
    if count > limits.max_segments:
        raise LimitExceeded(FORMAT, box.span.start, limit="max_segments", value=count)
    return (every,) * count


def _numbers(data: bytes, box: Box, width: int) -> tuple[int, ...]:
    reader, _, _ = full_reader(data, box)
    return tuple(reader.uint(width) for _ in range(_count(reader, width)))


def _runs(data: bytes, box: Box, *, signed: bool = False) -> tuple[tuple[int, int], ...]:
    reader, version, _ = full_reader(data, box)
    found = []
    for _ in range(_count(reader, 8)):
        count, value = reader.u32(), reader.u32()
        # 8.6.1.3: composition offsets are signed from version 1 on.
        found.append((count, _signed(value, 4) if signed and version else value))
    return tuple(found)


def _counts(data: bytes, box: Box, chunks: int) -> Iterator[int]:
    """Yield how many samples each chunk holds (8.7.4)."""
    reader, _, _ = full_reader(data, box)
    rows = [(reader.u32(), reader.u32(), reader.u32()) for _ in range(_count(reader, 12))]
    starts = [first for first, _, _ in rows]
    if rows and (starts[0] != 1 or sorted(set(starts)) != starts or starts[-1] > chunks):
        raise MalformedImage(FORMAT, box.span.start, "chunks out of order")
    if any(index != 1 for _, _, index in rows):
        raise MalformedImage(FORMAT, box.span.start, "samples of an entry that is not the first")
    for row, (first, count, _) in enumerate(rows):
        after = rows[row + 1][0] if row + 1 < len(rows) else chunks + 1
        for _ in range(first, after):
            yield count
