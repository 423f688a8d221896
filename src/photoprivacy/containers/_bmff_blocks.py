"""What a HEIC or AVIF file says beside its picture, as metadata blocks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._bmff_boxes import FORMAT, Box, boxes
from photoprivacy.containers._bmff_meta import Item, Meta, read_meta, spans_of
from photoprivacy.containers._bmff_movie import Movie, SampleEntry, Track
from photoprivacy.containers._bmff_names import (
    AUXILIARY,
    C2PA_UUID,
    PICTURES,
    TOP_LEVEL,
    XMP_UUID,
)
from photoprivacy.containers._bmff_tracks import dates_of
from photoprivacy.containers._model import Block, BlockKind, Role, Segment, Span
from photoprivacy.errors import LimitExceeded, MalformedImage
from photoprivacy.limits import Limits

_UUIDS: Final = {XMP_UUID: BlockKind.XMP, C2PA_UUID: BlockKind.JUMBF}
#: Most that the metadata boxes of a movie may name, in lengths of the file.
_MOST_NAMED: Final = 2
#: pixels: coders fill a picture up to whole blocks, the smallest of which has so many a side
_BLOCK: Final = 8
_EXIF, _XMP_TYPE = "Exif", "application/rdf+xml"


def auxiliary_of(data: bytes, meta: Meta, item: int) -> str:
    """Return what an auxiliary image shows (``"alpha"``, ``"depth"`` …), ``""`` for others."""
    for box, _ in meta.properties_of(item):
        if box.type == "auxC":
            return auxiliary_name(data, box)
    return ""


def auxiliary_name(data: bytes, box: Box) -> str:
    """Return what the type in an ``auxC`` or ``auxi`` box means."""
    text = data[box.body.start + 4 : box.body.stop].partition(b"\x00")[0].decode("latin-1")
    return AUXILIARY.get(text, "auxiliary picture")


def blocks_of(
    data: bytes,
    top: tuple[Box, ...],
    meta: Meta,
    extents: dict[int, tuple[Span, ...]],
    segments: tuple[Segment, ...],
    movie: Movie | None,
    limits: Limits,
) -> Iterator[Block]:
    """Yield the metadata blocks of a HEIC or AVIF file."""
    yield from _meta_blocks(data, meta, extents, limits)
    for box in top:
        kind, name = TOP_LEVEL.get(box.type, (Role.UNKNOWN, BlockKind.OTHER, "unknown box"))[1:]
        if box.uuid in _UUIDS:
            kind, name = _UUIDS[box.uuid], ""
        if kind is not None:
            yield _block(data, kind, box.type, box.body, name, limits)
        if box.type == "mpvd":  # Motion Photo 1.0: a video of its own
            from photoprivacy.containers._movie import inner_movie

            yield from inner_movie(data, box.body, limits)
    if movie is not None:
        yield from movie_blocks(data, movie, limits)
    for segment in segments:
        if segment.role is Role.TRAILER:
            yield _block(data, BlockKind.TRAILER, "trailer", segment.span, "", limits)
        elif segment.role is Role.STRAY and any(data[segment.span.start : segment.span.stop]):
            name = "bytes that nothing refers to"
            yield _block(data, BlockKind.OTHER, segment.kind, segment.span, name, limits)


def _meta_blocks(
    data: bytes,
    meta: Meta,
    extents: dict[int, tuple[Span, ...]],
    limits: Limits,
    *,
    primary: bool = True,
) -> Iterator[Block]:
    for item in meta.items:
        for block in _item_blocks(data, meta, item, extents.get(item.id, ()), limits):
            yield block if primary else attrs.evolve(block, primary=False)
    for box in (*meta.properties, *meta.children):
        yield from _meta_block(data, box, limits)


#: boxes of a movie that say how to play its pictures; all others say something else
_PLAYING: Final = frozenset(
    {
        *("mvhd", "trak", "tkhd", "edts", "elst", "tref", "mdia", "mdhd", "hdlr", "minf", "vmhd"),
        *("nmhd", "dinf", "stbl", "stsd", "stts", "ctts", "stss", "stsc", "stsz", "stco", "co64"),
        *("sdtp", "sgpd", "sbgp", "cslg", "gmhd", "dref", "smhd", "tapt", "clef", "prof", "enof"),
    }
)
#: handler of a track → what it is; pictures are what the file is about
_TRACKS: Final = {
    "soun": "audio track",
    "vide": "video track",
    "auxv": "",
    "pict": "",
    "meta": "timed metadata",
    "camm": "timed metadata",
    "tmcd": "time code",
    **dict.fromkeys(("text", "sbtl", "subt", "clcp"), "subtitles"),
}


def movie_blocks(
    data: bytes, movie: Movie, limits: Limits, *, shown: str = "pict"
) -> Iterator[Block]:
    """Yield what a movie says beside how its pictures are played.

    Args:
        data: The file.
        movie: Its tracks.
        limits: How much is read.
        shown: Handler of the tracks that the file is about.
    """
    # What all metadata boxes together may name: their items may overlap.
    room = _MOST_NAMED * len(data)
    for box in movie.boxes:
        if box.type in ("mvhd", "tkhd", "mdhd"):
            dates = dates_of(data, box)
            if any(data[dates.start : dates.stop]):
                yield _block(data, BlockKind.OTHER, box.type, dates, "movie dates", limits)
        elif box.type == "meta":
            blocks, named = _track_meta(data, box, limits, room)
            room -= named
            yield from blocks
        elif box.type == "hdlr":
            yield from _meta_block(data, box, limits)
        elif box.type in ("free", "skip"):
            if any(data[box.body.start : box.body.stop]):
                yield _block(data, BlockKind.OTHER, box.type, box.body, "unknown box", limits)
        elif box.type == "udta":
            yield from _user_data(data, box, limits)
        elif box.type not in _PLAYING:
            yield _block(data, BlockKind.OTHER, box.type, box.body, "unknown box", limits)
    for track in movie.tracks:
        what = _TRACKS.get(track.handler, "track of unknown kind")
        what = "" if track.handler == shown else what
        where = track.entries[0].name if track.entries else movie.boxes[0].span
        if track.handler == "auxv":
            what = _auxiliary_track(data, track)
        if what:
            yield Block(kind=BlockKind.OTHER, data=b"", origin="trak", where=where, name=what)
        for entry in track.entries:
            yield from _entry_blocks(data, entry, limits)


def _entry_blocks(data: bytes, entry: SampleEntry, limits: Limits) -> Iterator[Block]:
    if any(data[entry.name.start : entry.name.stop]):
        yield _block(data, BlockKind.OTHER, entry.type, entry.name, "compressor name", limits)
    for box in entry.properties:
        yield from _meta_block(data, box, limits)
        if box.type == "clap" and _hides(box.body.of(data), (entry.width, entry.height)):
            name = "hidden pixels"
            yield Block(
                kind=BlockKind.OTHER, data=b"", origin=entry.type, where=box.body, name=name
            )


def _user_data(data: bytes, box: Box, limits: Limits) -> Iterator[Block]:
    """Yield QuickTime's user data, and the packet inside it (ISO 16684-3, 1.1.5)."""
    try:
        inside = list(boxes(data, box.body.start, box.body.stop, limits, last=False))
    except MalformedImage:
        inside = []
    for one in inside:
        if one.type == "XMP_":
            yield _block(data, BlockKind.XMP, "udta", one.body, "", limits)
    if not inside or any(one.type != "XMP_" for one in inside):
        yield _block(data, BlockKind.MOVIE, "udta", box.body, "udta", limits)


def _auxiliary_track(data: bytes, track: Track) -> str:
    """Return what an auxiliary track shows, ``""`` for transparency (23008-12, 7.5.3)."""
    shows = [
        auxiliary_name(data, box)
        for entry in track.entries
        for box in entry.properties
        if box.type == "auxi"
    ]
    return "" if shows == ["alpha"] else (shows or ["auxiliary picture"])[0]


def _track_meta(data: bytes, box: Box, limits: Limits, room: int) -> tuple[list[Block], int]:
    """Return what the ``meta`` box of a movie or a track says, and how many bytes that names.

    It is read like that of the file, unless it names more than *room* bytes.
    """
    try:
        meta = read_meta(data, box, limits, primary=False)
        named = sum(length for entry in meta.locations for _, _, length in entry.extents)
        if named > room:
            raise LimitExceeded(FORMAT, box.span.start, limit="max_block", value=room)
        extents = {entry.id: tuple(spans_of(data, meta, entry)) for entry in meta.locations}
    except MalformedImage:
        return [_block(data, BlockKind.OTHER, box.type, box.body, "unknown box", limits)], 0
    blocks = list(_meta_blocks(data, meta, extents, limits, primary=False))
    if not meta.items:
        # QuickTime's keys and values, which have no items.
        blocks.append(_block(data, BlockKind.MOVIE, box.type, box.body, "meta", limits))
    return blocks, named


def _block(
    data: bytes, kind: BlockKind, origin: str, span: Span, name: str, limits: Limits
) -> Block:
    stop = min(span.stop, span.start + limits.max_block)
    return Block(
        kind=kind,
        data=data[span.start : stop],
        origin=origin,
        where=span,
        base=span.start,
        name=name,
    )


def _item_blocks(
    data: bytes, meta: Meta, item: Item, spans: tuple[Span, ...], limits: Limits
) -> Iterator[Block]:
    if item.name.strip("\x00 "):
        text = item.name.encode("utf-8", "replace")
        yield Block(
            kind=BlockKind.OTHER, data=text, origin="infe", where=meta.box.span, name="item name"
        )
    where = Span(spans[0].start, max(span.stop for span in spans)) if spans else meta.box.span
    if item.type in PICTURES:
        name = _picture_name(data, meta, item)
        if name:
            yield Block(
                kind=BlockKind.OTHER, data=b"", origin=f"item {item.id}", where=where, name=name
            )
        return
    # Extents may overlap: what they name together can be far more than the file holds.
    room, pieces = min(limits.max_block, len(data)), []
    for span in spans:
        pieces.append(data[span.start : min(span.stop, span.start + room)])
        room -= len(pieces[-1])
    joined = b"".join(pieces)
    base = spans[0].start if len(spans) == 1 else None
    kind, skip, name = _item_kind(item, joined)
    described = [ref.targets for ref in meta.references_of(item.id) if ref.type == "cdsc"]
    yield Block(
        kind=kind,
        data=joined[skip:],
        origin=f"item {item.id}",
        where=where,
        base=None if base is None else base + skip,
        name=name,
        primary=not described or any(meta.primary in targets for targets in described),
    )


def _item_kind(item: Item, data: bytes) -> tuple[BlockKind, int, str]:
    if item.type == _EXIF:
        # 23008-12, A.2.1: four bytes say how far the TIFF header is from behind them.
        skip = 4 + int.from_bytes(data[:4], "big")
        return BlockKind.EXIF, skip if skip < len(data) else 4, ""
    if item.type == "mime" and item.content_type == _XMP_TYPE:
        return BlockKind.XMP, 0, ""
    return BlockKind.OTHER, 0, "metadata item"


def _picture_name(data: bytes, meta: Meta, item: Item) -> str:
    """Return what a coded item is for, ``""`` when it is part of the picture itself."""
    auxiliary = auxiliary_of(data, meta, item.id)
    if auxiliary and auxiliary != "alpha":
        return auxiliary
    if item.type in ("tmap", "sato"):
        return "tmap" if item.type == "tmap" else ""
    if any(ref.type == "thmb" for ref in meta.references_of(item.id)):
        return "thumbnail"
    if item.id != meta.primary and item.id not in meta.made_of and not auxiliary:
        return "another image"
    if item.id == meta.primary:
        properties = {box.type: box.body.of(data) for box, _ in meta.properties_of(item.id)}
        size = properties.get("ispe", b"")
        sides = struct.unpack_from(">II", size, 4) if len(size) >= 12 else ()
        return "hidden pixels" if _hides(properties.get("clap"), sides) else ""
    return ""


def _hides(crop: bytes | None, sides: tuple[int, ...]) -> bool:
    """Return whether a crop hides more than what coders fill up the last block with.

    14496-12, 12.1.4: width, height and the shift of the middle, each as a fraction.
    """
    if crop is None:
        return False
    if len(crop) < 32 or not sides:
        return True
    for number, whole in enumerate(sides):
        top, bottom = struct.unpack_from(">Ii", crop, 8 * number)
        shift, unit = struct.unpack_from(">ii", crop, 16 + 8 * number)
        if (
            bottom <= 0
            or unit <= 0
            or whole - top / bottom >= _BLOCK
            or abs(shift / unit) >= _BLOCK
        ):
            return True
    return False


def _meta_block(data: bytes, box: Box, limits: Limits) -> Iterator[Block]:
    if box.type == "colr" and data[box.body.start : box.body.start + 4] in (b"prof", b"rICC"):
        span = Span(box.body.start + 4, box.body.stop)
        yield _block(data, BlockKind.ICC, "colr", span, "", limits)
    elif box.type == "uuid":
        kind = _UUIDS.get(box.uuid, BlockKind.OTHER)
        yield _block(data, kind, "uuid", box.body, "uuid", limits)
    elif box.type in ("udes", "altt", "crtt", "mdft", "cmin", "cmex", "udta"):
        yield _block(data, BlockKind.OTHER, box.type, box.body, box.type, limits)
    elif box.type == "hdlr" and data[box.body.start + 24 : box.body.stop].strip(b"\x00"):
        span = Span(box.body.start + 24, box.body.stop)
        yield _block(data, BlockKind.OTHER, "hdlr", span, "handler name", limits)
