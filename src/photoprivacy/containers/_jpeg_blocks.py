"""JPEG segments to metadata blocks: what was split over segments is joined again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from photoprivacy.containers import _jpeg_names as names
from photoprivacy.containers._icc import whole_profile
from photoprivacy.containers._jpeg_behind import Picture
from photoprivacy.containers._jpeg_gain_map import lists_two
from photoprivacy.containers._jpeg_picture import Look
from photoprivacy.containers._model import Block, BlockKind, Role, Segment, Span
from photoprivacy.limits import Limits

_TIFF_HEADERS: Final = (b"II*\x00", b"MM\x00*")
_ICC_HEADER: Final = len(names.ICC) + 2  # sequence number and count follow the signature
_EXTENDED_HEADER: Final = len(names.EXTENDED_XMP) + 32 + 4 + 4  # GUID, full length, offset

#: name of a segment → (kind of block, bytes before the block itself)
_PLAIN: Final = {
    "XMP": (BlockKind.XMP, len(names.XMP)),
    "JFIF": (BlockKind.JFIF, 0),
    "JFXX": (BlockKind.JFIF, 0),
    "MPF": (BlockKind.MPF, len(names.MPF)),
}


def blocks_of(
    data: bytes,
    segments: tuple[Segment, ...],
    limits: Limits,
    pictures: Iterable[Picture] = (),
    video: Span | None = None,
    looks: Iterable[Look] = (),
) -> tuple[Block, ...]:
    """Return the metadata blocks of a JPEG's *segments* in file order.

    Args:
        data: The file.
        segments: Those of the primary picture, and what stands behind it.
        limits: How much is joined.
        pictures: Each further picture; their blocks are not of the primary one.
        video: Where the video of a motion photo is.
        looks: What of each picture, the primary one first, no scan uses.
    """
    found = _of_picture(data, segments, limits)
    if any(segment.name == "gain map" for segment in segments):
        found = [_directory(block) for block in found]
    for picture in pictures:
        inner = _of_picture(data, picture.segments, limits)
        found += [attrs.evolve(block, primary=False) for block in inner]
    for number, one in enumerate(looks):
        left = [*_unused(one, limits), *_tails(data, one.ends.tails, limits)]
        found += [attrs.evolve(block, primary=not number) for block in left]
    if video is not None:
        from photoprivacy.containers._movie import inner_movie

        found += inner_movie(data, video, limits)
    return tuple(sorted(found, key=lambda block: block.where.start))


def _of_picture(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> list[Block]:
    return [
        *_exif(data, segments, limits),
        *_icc(data, segments, limits),
        *_extended_xmp(data, segments, limits),
        *_photoshop(data, segments, limits),
        *_jumbf(data, segments, limits),
        *_others(data, segments, limits),
    ]


def _directory(block: Block) -> Block:
    """Return *block*, named if it is a directory of no more than a picture and its gain map."""
    lists = block.kind is BlockKind.MPF and lists_two(block.data)
    return attrs.evolve(block, name="gain map directory") if lists else block


def _named(segments: tuple[Segment, ...], name: str) -> list[Segment]:
    return [segment for segment in segments if segment.name == name]


def _hull(parts: list[Segment]) -> Span:
    return Span(parts[0].span.start, parts[-1].span.stop)


def _joined(
    data: bytes, parts: list[Segment], skip: int, kind: BlockKind, limits: Limits, name: str = ""
) -> Block:
    room = limits.max_block
    pieces = []
    for part in parts:
        piece = data[part.body.start + skip : min(part.body.stop, part.body.start + skip + room)]
        room -= len(piece)
        pieces.append(piece)
    base = parts[0].body.start + skip if len(parts) == 1 else None
    return Block(
        kind=kind,
        data=b"".join(pieces),
        origin=parts[0].kind,
        where=_hull(parts),
        base=base,
        name=name,
    )


def _exif(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> Iterator[Block]:
    # An Exif block over 64 KiB goes on in the next APP1, which repeats the signature but
    # has no TIFF header of its own. Each header starts a block: duplicates are all read.
    groups: list[list[Segment]] = []
    for segment in _named(segments, "Exif"):
        start = segment.body.start + 6
        if data.startswith(_TIFF_HEADERS, start, segment.body.stop) or not groups:
            groups.append([segment])
        else:
            groups[-1].append(segment)
    for group in groups:
        yield _joined(data, group, 6, BlockKind.EXIF, limits)


def exif_read(data: bytes, segments: tuple[Segment, ...], blocks: Iterable[Block]) -> Block | None:
    """Return the block of Exif that decoders read, ``None`` for none.

    Exif 3.0, 4.7.2: it follows SOI. Decoders take the first one in front of the first scan, and
    none when that is broken: they have begun to show the picture when others come.
    """
    for segment in segments:
        if segment.kind == "SOS":
            break
        start = segment.body.start
        if segment.name == "Exif" and data.startswith(b"Exif\x00\x00", start, segment.body.stop):
            where = segment.span.start
            return next(
                (
                    block
                    for block in blocks
                    if block.kind is BlockKind.EXIF and block.where.start == where
                ),
                None,
            )
    return None


def icc_profile(data: bytes, segments: tuple[Segment, ...]) -> bytes:
    """Return the joined ICC profile, ``b""`` when its chunks do not fit or are none.

    ICC.1 B.4: chunks are numbered from 1 and each says how many there are. A decoder
    that finds one missing or twice uses no profile; so do we.
    """
    chunks: dict[int, bytes] = {}
    total = 0
    for segment in _named(segments, "ICC_PROFILE"):
        if len(segment.body) < _ICC_HEADER:
            return b""
        number, count = data[segment.body.start + 12], data[segment.body.start + 13]
        if number in chunks or count != (total or count) or not 1 <= number <= count:
            return b""
        total = count
        chunks[number] = data[segment.body.start + _ICC_HEADER : segment.body.stop]
    if not chunks or len(chunks) != total:
        return b""
    return whole_profile(b"".join(chunks[number] for number in sorted(chunks)))


def _icc(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> Iterator[Block]:
    parts = _named(segments, "ICC_PROFILE")
    if not parts:
        return
    profile = icc_profile(data, segments)
    if profile and len(parts) > 1:
        yield Block(
            kind=BlockKind.ICC, data=profile[: limits.max_block], origin="APP2", where=_hull(parts)
        )
    else:
        for part in parts:
            yield _joined(
                data,
                [part],
                _ICC_HEADER,
                BlockKind.ICC if profile else BlockKind.OTHER,
                limits,
                name="" if profile else "ICC chunks that make no profile",
            )


def _extended_xmp(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> Iterator[Block]:
    # XMP part 3, 1.1.3.1: parts of one packet share a GUID and say their offset in it.
    groups: dict[bytes, list[tuple[int, Segment]]] = {}
    for segment in _named(segments, "ExtendedXMP"):
        head = segment.body.of(data)[:_EXTENDED_HEADER]
        if len(head) < _EXTENDED_HEADER:
            yield _joined(data, [segment], 0, BlockKind.OTHER, limits, name="broken extended XMP")
            continue
        groups.setdefault(head[-40:-8], []).append((int.from_bytes(head[-4:], "big"), segment))
    for parts in groups.values():
        parts.sort(key=lambda part: part[0])
        ordered = [segment for _, segment in parts]
        block = _joined(data, ordered, _EXTENDED_HEADER, BlockKind.XMP, limits, name="extended")
        starts = [segment.span.start for segment in ordered]
        stops = [segment.span.stop for segment in ordered]
        yield Block(
            kind=block.kind,
            data=block.data,
            origin="APP1",
            where=Span(min(starts), max(stops)),
            base=block.base,
            name=block.name,
        )


def _photoshop(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> Iterator[Block]:
    # Image resources over 64 KiB go on in the next APP13; "8BIM" starts anew in each or not.
    parts = _named(segments, "Photoshop")
    if parts:
        yield _joined(data, parts, len(names.PHOTOSHOP), BlockKind.IPTC, limits)


def _jumbf(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> Iterator[Block]:
    # ISO 19566-5 Annex D: CI, box instance number, packet sequence number, then LBox and
    # TBox, which every further packet of the same box repeats.
    groups: dict[int, list[Segment]] = {}
    for segment in _named(segments, "JUMBF"):
        if len(segment.body) < 16:
            yield _joined(data, [segment], 0, BlockKind.OTHER, limits, name="broken JUMBF")
            continue
        head = segment.body.start
        groups.setdefault(int.from_bytes(data[head + 2 : head + 4], "big"), []).append(segment)
    for parts in groups.values():
        first, *rest = parts
        pieces = [data[first.body.start + 8 : first.body.stop]]
        pieces += [data[part.body.start + 16 : part.body.stop] for part in rest]
        yield Block(
            kind=BlockKind.JUMBF,
            data=b"".join(pieces)[: limits.max_block],
            origin="APP11",
            where=_hull(parts),
            base=first.body.start + 8 if not rest else None,
        )


def _others(data: bytes, segments: tuple[Segment, ...], limits: Limits) -> Iterator[Block]:
    joined = {"Exif", "ICC_PROFILE", "ExtendedXMP", "Photoshop", "JUMBF"}
    for segment in segments:
        if segment.name in joined:
            continue
        if segment.name in _PLAIN:
            kind, skip = _PLAIN[segment.name]
            yield _joined(data, [segment], skip, kind, limits, name=segment.name)
        elif segment.kind == "COM":
            yield _joined(data, [segment], 0, BlockKind.COMMENT, limits)
        elif segment.kind == "image":
            kind = BlockKind.OTHER if segment.name == "gain map" else BlockKind.TRAILER
            yield _joined(data, [segment], 0, kind, limits, name=segment.name)
        elif segment.kind == "video":
            yield _joined(data, [segment], 0, BlockKind.TRAILER, limits, name=segment.name)
        elif segment.role is Role.TRAILER:
            name = _trailer_name(data, segment.span)
            yield _joined(data, [segment], 0, BlockKind.TRAILER, limits, name=name)
        elif segment.role is Role.STRAY:
            yield _joined(data, [segment], 0, BlockKind.OTHER, limits, name="stray bytes")
        elif segment.role in (Role.METADATA, Role.UNKNOWN):
            name = segment.name or segment.kind
            yield _joined(data, [segment], 0, BlockKind.OTHER, limits, name=name)
        elif segment.name == "Adobe" and len(segment.body) > 12:
            tail = Span(segment.body.start + 12, segment.body.stop)
            yield Block(
                kind=BlockKind.OTHER,
                data=tail.of(data),
                origin="APP14",
                where=tail,
                base=tail.start,
                name="bytes after the Adobe segment",
            )


def _unused(look: Look, limits: Limits) -> Iterator[Block]:
    for segment, rest in look.unused:
        yield Block(
            kind=BlockKind.OTHER,
            data=rest[: limits.max_block],
            origin=segment.kind,
            where=segment.span,
            name="what no scan uses",
        )


def _tails(data: bytes, tails: Iterable[Span], limits: Limits) -> Iterator[Block]:
    for tail in tails:
        yield Block(
            kind=BlockKind.OTHER,
            data=data[tail.start : min(tail.stop, tail.start + limits.max_block)],
            origin="scan",
            where=tail,
            base=tail.start,
            name="behind the last block",
        )


def _trailer_name(data: bytes, span: Span) -> str:
    if not data.count(b"\x00", span.start, span.stop) < len(span):
        return "zero bytes"
    for signature, offset, name in names.TRAILERS:
        if offset is None:
            if data.find(signature, span.start, span.stop) >= 0:
                return name
        elif data.startswith(signature, span.start + offset):
            return name
    return "unknown"
