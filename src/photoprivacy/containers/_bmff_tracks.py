"""The ``moov`` box of an image sequence or a movie (ISO/IEC 14496-12, 8.2-8.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._reader import Reader
from photoprivacy.containers._bmff_boxes import FORMAT, Box, boxes, full_reader
from photoprivacy.containers._bmff_movie import Edit, Movie, Track
from photoprivacy.containers._bmff_samples import Room, counted, signed, with_samples
from photoprivacy.containers._model import Span
from photoprivacy.errors import LimitExceeded, MalformedImage
from photoprivacy.limits import Limits

#: Boxes with nothing in them but other boxes.
_HOLDERS: Final = frozenset({"edts", "mdia", "minf", "stbl", "dinf", "tapt"})
#: box → the holder it stands in, once
_PARENTS: Final = {
    **dict.fromkeys(("tkhd", "tref", "edts", "mdia", "tapt"), "trak"),
    "elst": "edts",
    **dict.fromkeys(("clef", "prof", "enof"), "tapt"),
    **dict.fromkeys(("mdhd", "hdlr", "minf"), "mdia"),
    **dict.fromkeys(("stbl", "dinf"), "minf"),
    "dref": "dinf",
    **dict.fromkeys(("stsd", "stts", "ctts", "stss", "stsc", "stsz", "stco", "co64"), "stbl"),
}


#: handlers of tracks that are pictures; what the tables of all others say may be broken
PICTURES: Final = frozenset({"pict", "auxv", "vide"})


def read_movie(
    data: bytes, box: Box, limits: Limits, *, needed: frozenset[str] = PICTURES
) -> Movie:
    """Take a ``moov`` box apart.

    Args:
        data: The file.
        box: The box.
        limits: How much work it may cause.
        needed: Handlers of the tracks whose samples must be read without damage.

    Raises:
        MalformedImage: Its structure is broken.
        LimitExceeded: It holds more boxes or samples than *limits* allow.
    """
    movie = Movie()
    tracks: dict[int, Track] = {}
    room = Room.of(data, limits)
    found: list[Box] = []
    for child in boxes(data, box.body.start, box.body.stop, limits, last=False):
        found.append(child)
        if child.type == "mvhd":
            movie = _mvhd(data, movie, child)
        elif child.type == "trak":
            inside = tuple(_inside(data, child, limits))
            found.extend(box for _, box in inside)
            # What stands in another place than its own says nothing.
            known = [box for parent, box in inside if _PARENTS.get(box.type) == parent]
            track, tables = _headed(data, known)
            if track.id in tracks:
                raise MalformedImage(FORMAT, child.span.start, "a track that stands twice")
            tracks[track.id] = _sampled(data, track, tables, room, needed)
        elif child.type == "mvex":
            movie = attrs.evolve(movie, fragmented=True)
    if len(found) > limits.max_segments:
        raise LimitExceeded(FORMAT, box.span.start, limit="max_segments", value=len(found))
    if sum(child.type == "mvhd" for child in found) != 1:
        raise MalformedImage(FORMAT, box.span.start, "a movie without its header, or with two")
    return attrs.evolve(movie, tracks=tuple(tracks.values()), boxes=tuple(found))


def _inside(data: bytes, parent: Box, limits: Limits) -> Iterator[tuple[str, Box]]:
    """Yield the boxes of a track, those of its holders too, each with its holder's type."""
    for child in boxes(data, parent.body.start, parent.body.stop, limits, last=False):
        yield parent.type, child
        if child.type in _HOLDERS and _PARENTS[child.type] == parent.type:
            yield from _inside(data, child, limits)


def _mvhd(data: bytes, movie: Movie, box: Box) -> Movie:
    reader, version, flags = full_reader(data, box)
    timescale, duration, _ = _times((reader, version, flags))
    rate, volume = reader.u32(), reader.u16()
    reader.skip(10)
    return attrs.evolve(
        movie,
        timescale=timescale,
        duration=duration,
        rate=rate,
        volume=volume,
        matrix=bytes(reader.take(36)),
    )


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


def _headed(data: bytes, inside: list[Box]) -> tuple[Track, dict[str, Box]]:
    """Return a track as its headers say it, and its boxes by their types."""
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
    return track, tables


def _sampled(
    data: bytes, track: Track, tables: dict[str, Box], room: Room, needed: frozenset[str]
) -> Track:
    try:
        return with_samples(data, track, tables, room)
    except LimitExceeded:
        raise
    except MalformedImage:
        if track.handler in needed:
            raise
        return track


def _tkhd(data: bytes, track: Track, box: Box) -> Track:
    reader, version, flags = full_reader(data, box)
    reader.skip(16 if version == 1 else 8)
    number = reader.u32()
    reader.skip(4)
    duration = reader.uint(8 if version == 1 else 4)
    reader.skip(8)
    layer, group = signed(reader.u16(), 2), reader.u16()
    reader.skip(4)
    return attrs.evolve(
        track,
        id=number,
        flags=flags & 7,
        duration=duration,
        layer=layer,
        group=group,
        matrix=bytes(reader.take(36)),
        width=reader.u32(),
        height=reader.u32(),
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
    count = counted(reader, 2 * width + 4)
    edits = tuple(
        Edit(
            duration=reader.uint(width), start=signed(reader.uint(width), width), rate=reader.u32()
        )
        for _ in range(count)
    )
    return attrs.evolve(track, edits=edits, repeats=bool(flags & 1))


def _aperture(data: bytes, track: Track, box: Box) -> Track:
    reader, _, _ = full_reader(data, box)
    size = bytes(reader.take(8))
    return attrs.evolve(track, apertures=(*track.apertures, (box.type, size)))


def _dref(data: bytes, track: Track, box: Box) -> Track:
    """8.7.2: bit 0 of each entry says that the samples are in this file."""
    reader, _, _ = full_reader(data, box)
    reader.skip(4)
    found = list(boxes(data, reader.pos, box.body.stop, Limits(), last=False))
    here = all(full_reader(data, entry)[2] & 1 for entry in found)
    return attrs.evolve(track, away=not found or not here)


def _tref(data: bytes, track: Track, box: Box) -> Track:
    found = []
    for at in boxes(data, box.body.start, box.body.stop, Limits(), last=False):
        reader = Reader(data, FORMAT, start=at.body.start, stop=at.body.stop)
        targets = tuple(reader.u32() for _ in range(len(at.body) // 4))
        found.append((at.type, targets))
    return attrs.evolve(track, references=tuple(found))


_READERS: Final = {
    "tkhd": _tkhd,
    "mdhd": _mdhd,
    "hdlr": _hdlr,
    "elst": _elst,
    "tref": _tref,
    "dref": _dref,
    **dict.fromkeys(("clef", "prof", "enof"), _aperture),
}
