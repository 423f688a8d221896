"""JPEG 2000 to segments (ISO/IEC 15444-1, Annex I): boxes around a codestream, or it alone."""

from __future__ import annotations

import re
from typing import Final

import attrs

from photoprivacy.containers._bmff_boxes import Box, boxes
from photoprivacy.containers._bmff_top import top_boxes
from photoprivacy.containers._j2k import FORMAT, START, Codestream, read_codestream
from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Problem,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits

SIGNATURE: Final = b"\x00\x00\x00\x0cjP  \r\n\x87\n"

#: box → what it is there for (Table I.2); a type that is not here is UNKNOWN
_ROLES: Final = {
    **dict.fromkeys(("jP  ", "ftyp", "jp2h", "rreq", "ihdr", "bpcc"), Role.STRUCTURE),
    **dict.fromkeys(("pclr", "cmap", "cdef"), Role.PICTURE),
    "colr": Role.RENDERING,
    **dict.fromkeys(("res ", "uuid", "xml ", "jp2i", "uinf", "asoc", "jumb"), Role.METADATA),
    **dict.fromkeys(("free", "skip"), Role.PADDING),
}
#: UUID → (kind of block, its name). From ExifTool's table of what writers use.
_UUIDS: Final = {
    b"JpgTiffExif->JP2": (BlockKind.EXIF, ""),
    bytes.fromhex("0537cdab9d0c4431a72afa561f2a113e"): (BlockKind.EXIF, ""),
    bytes.fromhex("be7acfcb97a942e89c71999491e3afac"): (BlockKind.XMP, ""),
    bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38"): (BlockKind.IPTC, ""),
    bytes.fromhex("09a14e97c0b442e0bebf36df6f0ce36f"): (BlockKind.IPTC, ""),
    bytes.fromhex("2c4c0100850440b9a03e562148d6dfeb"): (BlockKind.IPTC, ""),
    bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03"): (BlockKind.OTHER, "GeoTIFF"),
}
_BLOCKS: Final = {
    "jp2i": "claims of rights",
    "uinf": "list of identifiers",
    "asoc": "labelled XML",
    "res ": "resolution of a scan",
}
_XMP: Final = re.compile(rb"<(?:\w+:)?(?:xmpmeta|RDF)\b")
_HEADER: Final = frozenset({"ihdr", "bpcc", "colr", "pclr", "cmap", "cdef", "res "})
_NEEDED: Final = frozenset({"jP  ", "ftyp", "jp2h", "jp2c"})
#: 15444-1 and 15444-15; 15444-2 where the file says that a reader of the first will do
_BRANDS: Final = frozenset({b"jp2 ", b"jph "})
_FOREIGN: Final = {b"mjp2": "Motion JPEG 2000", b"jpm ": "JPM, a document of pictures"}


@attrs.frozen(kw_only=True)
class Jp2Container(Container):
    """A JPEG 2000 file taken apart.

    Attributes:
        coded: Its codestream.
        header: The boxes of its header, none where there is a codestream alone.
        plain: Whether it says that a reader of 15444-1 or 15444-15 shows it.
    """

    coded: Codestream
    header: tuple[Box, ...] = ()
    plain: bool = True


def parse_jp2(data: bytes, limits: Limits) -> Jp2Container:
    """Take a JPEG 2000 file apart.

    Raises:
        UnsupportedFormat: A video or a document of the same family.
        MalformedImage: Its boxes or its codestream are broken.
        LimitExceeded: It holds more boxes or markers than *limits* allow.
    """
    if data.startswith(START):
        coded = read_codestream(data, 0, len(data), limits)
        segments = coded.segments(0)
        blocks = [block for one in segments for block in _comment(data, one, limits)]
        return _container(data, segments, blocks, coded, limits)
    if not data.startswith(SIGNATURE) or data[16:20] != b"ftyp":
        raise MalformedImage(FORMAT, 0, "no signature of JPEG 2000")
    if data[20:24] in _FOREIGN:
        raise UnsupportedFormat(_FOREIGN[data[20:24]])
    found, problems = top_boxes(data, limits, needed=_NEEDED, pictures=frozenset({b"jp2c"}))
    header, stream = _first(found, "jp2h"), _first(found, "jp2c")
    if header.span.start > stream.span.start:
        raise MalformedImage(FORMAT, stream.span.start, "a picture in front of its header")
    inner = tuple(boxes(data, header.body.start, header.body.stop, limits, last=False))
    coded = read_codestream(data, stream.body.start, stream.body.stop, limits)
    segments, blocks = [], []
    for box in found:
        if box is header:
            segments.append(_made("jp2h", Role.STRUCTURE, box.span.start, box.body.start))
            segments += [_segment(data, one) for one in inner]
            blocks += [block for one in inner for block in _block(data, one, limits)]
        elif box is stream:
            segments.append(_made("jp2c", Role.STRUCTURE, box.span.start, box.body.start))
            markers = coded.segments(box.body.start)
            segments += markers
            blocks += [block for one in markers for block in _comment(data, one, limits)]
            if coded.stop < box.body.stop:
                segments.append(_made("", Role.STRAY, coded.stop, box.body.stop))
                blocks.append(_rest(data, coded.stop, box.body.stop, limits))
        else:
            segments.append(_segment(data, box))
            blocks += _block(data, box, limits)
    brands = found[1].body.of(data)
    plain = bool({brands[at : at + 4] for at in (0, *range(8, len(brands), 4))} & _BRANDS)
    made = _container(data, segments, blocks, coded, limits, at=found[-1].span.stop)
    return attrs.evolve(made, header=inner, plain=plain, problems=(*problems, *made.problems))


def _container(
    data: bytes,
    segments: list[Segment],
    blocks: list[Block],
    coded: Codestream,
    limits: Limits,
    *,
    at: int = 0,
) -> Jp2Container:
    at = at or coded.stop
    if at < len(data):
        segments.append(_made("trailer", Role.TRAILER, at, len(data)))
        blocks.append(_rest(data, at, len(data), limits))
    lost = (
        ()
        if coded.ended
        else (Problem(what="no end marker", where=Span(coded.stop - 1, coded.stop)),)
    )
    return Jp2Container(
        format=Format.JP2,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(blocks),
        width=coded.width,
        height=coded.height,
        problems=lost,
        coded=coded,
    )


def _first(found: tuple[Box, ...], kind: str) -> Box:
    for box in found:
        if box.type == kind:
            return box
    raise MalformedImage(FORMAT, found[-1].span.stop, "no picture, or none with a header")


def _made(kind: str, role: Role, start: int, stop: int) -> Segment:
    whole = Span(start, stop)
    return Segment(kind=kind or "stray", role=role, span=whole, body=whole)


def _segment(data: bytes, box: Box) -> Segment:
    role = _ROLES.get(box.type, Role.UNKNOWN)
    if box.type == "jp2c":
        role = Role.STRAY  # a reader shows the first (I.5.4)
    if role is Role.PADDING and any(data[box.body.start : box.body.stop]):
        role = Role.STRAY
    name = box.type if role is Role.UNKNOWN else ""
    return Segment(kind=box.type, role=role, span=box.span, body=box.body, name=name)


def _block(data: bytes, box: Box, limits: Limits) -> list[Block]:
    """Return what a box says about the picture."""
    role = _ROLES.get(box.type, Role.UNKNOWN)
    start, body = box.body.start, data[box.body.start : box.body.stop][: limits.max_block]
    kind, name = BlockKind.OTHER, _BLOCKS.get(box.type, "unknown box")
    if box.type == "uuid":
        kind, name = _UUIDS.get(box.uuid, (kind, name))
        skip = 6 if kind is BlockKind.EXIF and body.startswith(b"Exif\0\0") else 0
        start, body = start + skip, body[skip:]
    elif box.type == "xml ":
        kind, name = (BlockKind.XMP, "") if _XMP.search(body) else (kind, "XML")
    elif box.type == "jumb":
        kind, name = BlockKind.JUMBF, ""
    elif box.type == "jp2c":
        name = "embedded image"
    elif box.type == "colr":
        if body[:1] not in (b"\x02", b"\x03"):
            return []
        kind, name, start, body = BlockKind.ICC, "", start + 3, body[3:]
    elif role in (Role.STRUCTURE, Role.PICTURE) or (role is Role.PADDING and not any(body)):
        return []
    return [
        Block(kind=kind, data=body, origin=box.type.strip(), where=box.span, base=start, name=name)
    ]


def _comment(data: bytes, segment: Segment, limits: Limits) -> list[Block]:
    """Return a comment (A.9.2): two bytes say whether it is text, which few writers mean."""
    if segment.role is Role.UNKNOWN:
        kind, name, skip = BlockKind.OTHER, "unknown marker", 0
    elif segment.kind == "COM":
        kind, name, skip = BlockKind.COMMENT, "", 2
    else:
        return []
    start = min(segment.body.start + skip, segment.body.stop)
    body = data[start : segment.body.stop][: limits.max_block]
    return [
        Block(kind=kind, data=body, origin=segment.kind, where=segment.span, base=start, name=name)
    ]


def _rest(data: bytes, start: int, stop: int, limits: Limits) -> Block:
    return Block(
        kind=BlockKind.TRAILER, data=data[start : min(stop, start + limits.max_block)],
        origin="trailer", where=Span(start, stop), base=start,
    )  # fmt: skip
