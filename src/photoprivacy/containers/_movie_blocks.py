"""What an MP4 or MOV says beside its pictures, as metadata blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._bmff_blocks import movie_blocks
from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._bmff_movie import Movie
from photoprivacy.containers._bmff_names import C2PA_UUID, XMP_UUID
from photoprivacy.containers._model import Block, BlockKind, Role, Segment, Span
from photoprivacy.limits import Limits

_UUIDS: Final = {XMP_UUID: BlockKind.XMP, C2PA_UUID: BlockKind.JUMBF}


def blocks_of(
    data: bytes,
    top: tuple[Box, ...],
    movie: Movie,
    segments: tuple[Segment, ...],
    limits: Limits,
) -> Iterator[Block]:
    """Yield the metadata blocks of an MP4 or MOV file."""
    for box in top:
        if box.type == "uuid":
            yield _block(data, _UUIDS.get(box.uuid, BlockKind.OTHER), box, box.body, limits)
        elif box.type in ("udta", "meta"):
            yield _block(data, BlockKind.MOVIE, box, box.body, limits)
    yield from movie_blocks(data, movie, limits, shown="vide")
    for segment in segments:
        span = segment.span
        if segment.role is Role.TRAILER:
            yield _part(data, BlockKind.TRAILER, segment.kind, span, "", limits)
        elif segment.role in (Role.STRAY, Role.UNKNOWN):
            name = "bytes that nothing refers to" if segment.kind == "mdat" else "unknown box"
            yield _part(data, BlockKind.OTHER, segment.kind, span, name, limits)


def _block(data: bytes, kind: BlockKind, box: Box, span: Span, limits: Limits) -> Block:
    return _part(data, kind, box.type, span, box.type, limits)


def _part(
    data: bytes, kind: BlockKind, origin: str, span: Span, name: str, limits: Limits
) -> Block:
    return Block(
        kind=kind,
        data=data[span.start : min(span.stop, span.start + limits.max_block)],
        origin=origin,
        where=span,
        base=span.start,
        name=name,
    )
