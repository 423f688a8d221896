"""The sample tables of a track (ISO/IEC 14496-12, 8.5-8.7), which must agree with each other.

Every count is checked against the bytes that are there before anything is looped over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._reader import Reader
from photoprivacy.containers._bmff_boxes import FORMAT, Box, boxes, full_reader
from photoprivacy.containers._bmff_movie import SampleEntry, Track
from photoprivacy.containers._model import Span
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

#: Version of a sound's entry → bytes in front of its boxes (QuickTime File Format, Sound Sample
#: Description; 14496-12, 12.2.3 has version 0 alone).
_SOUND_HEADS: Final = {0: 28, 1: 44, 2: 64}


def counted(reader: Reader, size: int) -> int:
    """Return a 32-bit count of entries of *size* bytes, which must all be there."""
    count = reader.u32()
    if count * size > reader.left:
        raise TruncatedImage(FORMAT, reader.pos, needed=count * size, available=reader.left)
    return count


def signed(value: int, width: int) -> int:
    """Return *value* of *width* bytes as a signed number."""
    return value - (1 << 8 * width) if value >> (8 * width - 1) else value


def entries(data: bytes, box: Box, handler: str) -> Iterator[SampleEntry]:
    """Yield the sample entries of an ``stsd`` box of pictures or sound.

    Raises:
        MalformedImage: They are not as many as announced, or cut short.
    """
    reader, _, _ = full_reader(data, box)
    count = reader.u32()
    found = list(boxes(data, reader.pos, box.body.stop, Limits(), last=False))
    if len(found) != count:
        raise MalformedImage(FORMAT, box.span.start, "another number of entries than announced")
    for entry in found:
        yield _sound(data, entry) if handler == "soun" else _picture(data, entry)


def _picture(data: bytes, entry: Box) -> SampleEntry:
    inner = Reader(data, FORMAT, start=entry.body.start, stop=entry.body.stop)
    inner.skip(24)  # 8.5.2.2 and 12.1.3.2: reserved, and the index of the data reference
    width, height = inner.u16(), inner.u16()
    inner.skip(14)
    name = Span(inner.pos, inner.pos + 32)
    inner.skip(32)
    depth = inner.u16()
    inner.skip(2)
    return SampleEntry(
        type=entry.type,
        width=width,
        height=height,
        properties=_inside(data, inner.pos, entry.body.stop),
        name=name,
        depth=depth,
        head=Span(entry.body.start, inner.pos),
    )


def _sound(data: bytes, entry: Box) -> SampleEntry:
    inner = Reader(data, FORMAT, start=entry.body.start, stop=entry.body.stop)
    inner.skip(8)
    version = inner.u16()
    inner.skip(_SOUND_HEADS.get(version, 28) - 10)
    known = version in _SOUND_HEADS
    return SampleEntry(
        type=entry.type,
        width=0,
        height=0,
        properties=_inside(data, inner.pos, entry.body.stop) if known else (),
        name=Span(inner.pos, inner.pos),
        depth=0,
        head=Span(entry.body.start, inner.pos),
    )


def _inside(data: bytes, start: int, stop: int) -> tuple[Box, ...]:
    """Return the boxes of an entry. QuickTime may end them with four bytes of zero."""
    if stop - start >= 4 and not any(data[stop - 4 : stop]) and _ended(data, start, stop):
        stop -= 4
    return tuple(boxes(data, start, stop, Limits(), last=False))


def _ended(data: bytes, start: int, stop: int) -> bool:
    while start + 8 <= stop:
        start += max(8, int.from_bytes(data[start : start + 4], "big"))
    return start + 4 == stop


@attrs.define
class Room:
    """How many samples, and bytes of them, the tracks of one movie may still name.

    Tracks may name the same bytes again and again: what they name together can be far more than
    the file holds.
    """

    samples: int
    size: int

    @classmethod
    def of(cls, data: bytes, limits: Limits) -> Room:
        """Return the room of a file: a track beside another may share its samples."""
        return cls(64 * limits.max_segments, 2 * len(data))

    def take(self, samples: int, size: int, at: int) -> None:
        """Take it for a track whose table stands at *at*.

        Raises:
            LimitExceeded: There is not so much left.
        """
        self.samples -= samples
        self.size -= size
        if self.samples < 0:
            raise LimitExceeded(FORMAT, at, limit="max_segments", value=samples)
        if self.size < 0:
            raise LimitExceeded(FORMAT, at, limit="max_bytes", value=size)


def with_samples(data: bytes, track: Track, tables: dict[str, Box], room: Room) -> Track:
    """Return *track* with its samples (8.6.1, 8.7.3-8.7.5).

    Raises:
        MalformedImage: A table is missing, or they do not agree.
        LimitExceeded: There are more samples than there is *room* for.
    """
    at = tables["stbl"].span.start if "stbl" in tables else 0
    needed = {"stsd", "stts", "stsc", "stsz"}
    if not needed <= tables.keys() or ("stco" in tables) == ("co64" in tables):
        raise MalformedImage(FORMAT, at, "a track without its sample tables")
    sizes = _sizes(data, tables["stsz"], room)
    offsets = _numbers(data, tables.get("stco") or tables["co64"], 4 if "stco" in tables else 8)
    counts = tuple(_counts(data, tables["stsc"], len(offsets)))
    times = _runs(data, tables["stts"])
    shifts = _runs(data, tables["ctts"], signs=True) if "ctts" in tables else ()
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
    described = track.handler in ("pict", "auxv", "vide", "soun")
    return attrs.evolve(
        track,
        entries=tuple(entries(data, tables["stsd"], track.handler)) if described else (),
        times=times,
        shifts=shifts,
        sync=_numbers(data, tables["stss"], 4) if "stss" in tables else None,
        sizes=sizes,
        counts=counts,
        chunks=tuple(chunks),
        unsigned="ctts" in tables and data[tables["ctts"].body.start] == 0,
    )


def _sizes(data: bytes, box: Box, room: Room) -> tuple[int, ...]:
    reader, _, _ = full_reader(data, box)
    every = reader.u32()
    if not every:
        count = counted(reader, 4)
        room.take(count, 0, box.span.start)
        sizes = tuple(reader.u32() for _ in range(count))
        room.take(0, sum(sizes), box.span.start)
        return sizes
    count = reader.u32()
    if count * every > len(data):
        raise TruncatedImage(FORMAT, box.span.start, needed=count * every, available=len(data))
    room.take(count, count * every, box.span.start)
    return (every,) * count


def _numbers(data: bytes, box: Box, width: int) -> tuple[int, ...]:
    reader, _, _ = full_reader(data, box)
    return tuple(reader.uint(width) for _ in range(counted(reader, width)))


def _runs(data: bytes, box: Box, *, signs: bool = False) -> tuple[tuple[int, int], ...]:
    reader, version, _ = full_reader(data, box)
    found = []
    for _ in range(counted(reader, 8)):
        count, value = reader.u32(), reader.u32()
        # 8.6.1.3: composition offsets are signed from version 1 on.
        found.append((count, signed(value, 4) if signs and version else value))
    return tuple(found)


def _counts(data: bytes, box: Box, chunks: int) -> Iterator[int]:
    """Yield how many samples each chunk holds (8.7.4)."""
    reader, _, _ = full_reader(data, box)
    rows = [(reader.u32(), reader.u32(), reader.u32()) for _ in range(counted(reader, 12))]
    starts = [first for first, _, _ in rows]
    if rows and (starts[0] != 1 or sorted(set(starts)) != starts or starts[-1] > chunks):
        raise MalformedImage(FORMAT, box.span.start, "chunks out of order")
    if any(index != 1 for _, _, index in rows):
        raise MalformedImage(FORMAT, box.span.start, "samples of an entry that is not the first")
    for row, (first, count, _) in enumerate(rows):
        after = rows[row + 1][0] if row + 1 < len(rows) else chunks + 1
        for _ in range(first, after):
            yield count
