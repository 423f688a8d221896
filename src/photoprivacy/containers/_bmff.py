"""HEIC and AVIF to segments (ISO/IEC 14496-12, 23008-12, 23000-22; AV1 Image File Format)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._bmff_meta import Box, Item, Location, Meta, boxes, read_meta
from photoprivacy.containers._bmff_names import (
    AUXILIARY,
    C2PA_UUID,
    PICTURES,
    TOP_LEVEL,
    XMP_UUID,
    format_of,
)
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
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

_EXIF, _XMP_TYPE = "Exif", "application/rdf+xml"
#: Most bytes of ``ftyp`` that are looked at for brands.
_FTYP: Final = 512
#: Stretches that hold items, and boxes that hold those: each pair is looked at.
_MOST_SPANS, _MOST_MDATS = 8_000, 16


@attrs.frozen(kw_only=True)
class BmffContainer(Container):
    """A HEIC or AVIF file taken apart.

    Attributes:
        boxes: Top-level boxes in file order.
        meta: The ``meta`` box of the file, ``None`` when there is none.
        extents: Item id → the stretches of the file that hold it.
    """

    boxes: tuple[Box, ...]
    meta: Meta | None = None
    extents: dict[int, tuple[Span, ...]] = attrs.field(factory=dict, repr=False)


def sniff_bmff(data: bytes) -> Format | None:
    """Return HEIC or AVIF by the brands of ``ftyp``, ``None`` for other ISO media files."""
    size = min(int.from_bytes(data[:4], "big"), _FTYP, len(data))
    words = [data[at : at + 4].decode("latin-1") for at in (8, *range(16, size - 3, 4))]
    return format_of(words)


def parse_bmff(data: bytes, limits: Limits) -> BmffContainer:
    """Take a HEIC or AVIF file apart.

    Raises:
        MalformedImage: Its boxes or items are broken.
        LimitExceeded: It holds more boxes, items or extents than *limits* allow.
    """
    kind = sniff_bmff(data)
    if kind is None:
        raise MalformedImage("heif", 0, "no brand of HEIC or AVIF")
    top = tuple(boxes(data, 0, len(data), limits, last=True))
    if sum(box.type == "mdat" for box in top) > _MOST_MDATS:
        raise LimitExceeded(kind.value, 0, limit="max_segments", value=_MOST_MDATS)
    metas = [box for box in top if box.type == "meta"]
    if len(metas) != 1:
        raise MalformedImage(kind.value, 0, "not exactly one meta box")
    meta = read_meta(data, metas[0], limits)
    extents, damage = _extents(data, meta, kind)
    segments = tuple(_segments(data, top, meta, extents))
    width, height = _dimensions(data, meta)
    problems = (
        ()
        if damage is None
        else (Problem(what=damage.what, where=Span(damage.offset, damage.offset)),)
    )
    return BmffContainer(
        format=kind,
        size=len(data),
        segments=segments,
        blocks=tuple(_blocks(data, top, meta, extents, segments, limits)),
        width=width,
        height=height,
        rotation=rotation_of(data, meta),
        problems=problems,
        damage=damage,
        boxes=top,
        meta=meta,
        extents=extents,
    )


def _extents(
    data: bytes, meta: Meta, kind: Format
) -> tuple[dict[int, tuple[Span, ...]], MalformedImage | None]:
    """Return where every item is, and the first damage among those of pictures."""
    found: dict[int, tuple[Span, ...]] = {}
    damage: MalformedImage | None = None
    _bounded(meta, len(data), kind)
    for entry in meta.locations.entries:
        try:
            found[entry.id] = tuple(_spans(data, meta, entry, kind))
        except MalformedImage as error:
            item = meta.item(entry.id)
            if damage is None and (item is None or item.type in PICTURES):
                damage = error
    return found, damage


def _bounded(meta: Meta, size: int, kind: Format) -> None:
    """Refuse items that name far more than the file holds: their stretches may overlap."""
    lengths = [length for entry in meta.locations.entries for _, _, length in entry.extents]
    if len(lengths) > _MOST_SPANS:
        raise LimitExceeded(kind.value, 0, limit="max_extents", value=_MOST_SPANS)
    if sum(min(length, size) for length in lengths) > 8 * size:
        raise LimitExceeded(kind.value, 0, limit="max_block", value=8 * size)


def _spans(data: bytes, meta: Meta, entry: Location, kind: Format) -> Iterator[Span]:
    at = meta.box.span.start
    if entry.reference != 0 or entry.method > 1:
        raise MalformedImage(kind.value, at, "an item that is not in this file")
    if entry.method == 1:
        if meta.idat is None:
            raise MalformedImage(kind.value, at, "an item in an idat box that is not there")
        low, high = meta.idat.start, meta.idat.stop
    else:
        low, high = 0, len(data)
    for _, offset, length in entry.extents:
        start = low + entry.base + offset
        if start + length > high:
            raise TruncatedImage(kind.value, at, needed=start + length, available=high)
        if length:
            yield Span(start, start + length)


def _segments(
    data: bytes, top: tuple[Box, ...], meta: Meta, extents: dict[int, tuple[Span, ...]]
) -> Iterator[Segment]:
    """Yield segments that tile the file: boxes, and inside mdat and idat the items."""
    owned = sorted((span, number) for number, spans in extents.items() for span in spans)
    for box in top:
        if box.type == "meta":
            yield from _inside_meta(meta, owned)
        elif box.type == "mdat":
            yield _part("mdat", Role.STRUCTURE, box.span.start, box.body.start)
            yield from _items(box.body, owned, meta)
        else:
            role = TOP_LEVEL.get(box.type, (Role.UNKNOWN, None, ""))[0]
            if role is Role.PADDING and any(data[box.body.start : box.body.stop]):
                role = Role.STRAY
            name = box.type if role is Role.UNKNOWN else ""
            yield Segment(kind=box.type, role=role, span=box.span, body=box.body, name=name)


def _part(kind: str, role: Role, start: int, stop: int, item: int | None = None) -> Segment:
    span = Span(start, stop)
    return Segment(kind=kind, role=role, span=span, body=span, item=item)


def _inside_meta(meta: Meta, owned: list[tuple[Span, int]]) -> Iterator[Segment]:
    yield _part("meta", Role.STRUCTURE, meta.box.span.start, meta.start)
    for child in meta.children:
        if child.type == "idat":
            yield _part("idat", Role.STRUCTURE, child.span.start, child.body.start)
            yield from _items(child.body, owned, meta)
        else:
            yield Segment(kind=child.type, role=Role.STRUCTURE, span=child.span, body=child.body)


def _items(body: Span, owned: list[tuple[Span, int]], meta: Meta) -> Iterator[Segment]:
    at = body.start
    for span, number in owned:
        start, stop = max(span.start, at), min(span.stop, body.stop)
        if start >= stop or span.stop <= body.start:
            continue
        if start > at:
            yield _part("mdat", Role.STRAY, at, start)
        item = meta.item(number)
        role = Role.PICTURE if item is not None and item.type in PICTURES else Role.METADATA
        yield _part("item", role, start, stop, number)
        at = stop
    if at < body.stop:
        yield _part("mdat", Role.STRAY, at, body.stop)


def auxiliary_of(data: bytes, meta: Meta, item: int) -> str:
    """Return what an auxiliary image shows (``"alpha"``, ``"depth"`` …), ``""`` for others."""
    for box, _ in meta.properties_of(item):
        if box.type == "auxC":
            text = data[box.body.start + 4 : box.body.stop].partition(b"\x00")[0].decode("latin-1")
            for prefix, name in AUXILIARY:
                if text.startswith(prefix):
                    return name
            return "auxiliary picture"
    return ""


def rotation_of(data: bytes, meta: Meta) -> int:
    """Return the orientation that ``irot`` and ``imir`` order, as the Exif value of its effect.

    They apply in the order of association (23000-22, 7.3.6.7): ``irot`` turns anticlockwise
    in steps of 90°, ``imir`` exchanges top and bottom (axis 0) or left and right (axis 1).
    """
    # The stored picture's axes as seen after the transforms: right = (1, 0), down = (0, 1).
    right, down = (1, 0), (0, 1)
    for box, _ in meta.properties_of(meta.primary):
        value = data[box.body.start] if len(box.body) else 0
        if box.type == "irot":
            for _ in range(value & 3):
                right, down = (right[1], -right[0]), (down[1], -down[0])
        elif box.type == "imir":
            flip = (1, -1) if not value & 1 else (-1, 1)
            right = (right[0] * flip[0], right[1] * flip[1])
            down = (down[0] * flip[0], down[1] * flip[1])
    return _EXIF_VALUES[right, down]


_EXIF_VALUES: Final = {
    ((1, 0), (0, 1)): 1,
    ((-1, 0), (0, 1)): 2,
    ((-1, 0), (0, -1)): 3,
    ((1, 0), (0, -1)): 4,
    ((0, 1), (1, 0)): 5,
    ((0, 1), (-1, 0)): 6,
    ((0, -1), (-1, 0)): 7,
    ((0, -1), (1, 0)): 8,
}


def _dimensions(data: bytes, meta: Meta) -> tuple[int, int]:
    for box, _ in meta.properties_of(meta.primary):
        if box.type == "ispe" and len(box.body) >= 12:
            head = data[box.body.start + 4 : box.body.start + 12]
            return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
    return 0, 0


def _blocks(  # what a block is made of
    data: bytes,
    top: tuple[Box, ...],
    meta: Meta,
    extents: dict[int, tuple[Span, ...]],
    segments: tuple[Segment, ...],
    limits: Limits,
) -> Iterator[Block]:
    for item in meta.items:
        yield from _item_blocks(data, meta, item, extents.get(item.id, ()), limits)
    for box in (*meta.properties, *meta.children):
        yield from _meta_block(data, box, limits)
    for box in top:
        kind, name = TOP_LEVEL.get(box.type, (Role.UNKNOWN, BlockKind.OTHER, "unknown box"))[1:]
        if box.uuid == XMP_UUID:
            kind, name = BlockKind.XMP, ""
        elif box.uuid == C2PA_UUID:
            kind, name = BlockKind.JUMBF, ""
        if kind is not None:
            yield _block(data, kind, box.type, box.body, name, limits)
    for segment in segments:
        if segment.role is Role.STRAY and any(data[segment.span.start : segment.span.stop]):
            name = "bytes that nothing refers to"
            yield _block(data, BlockKind.OTHER, segment.kind, segment.span, name, limits)


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
    described = [
        ref.targets for ref in meta.references if ref.type == "cdsc" and ref.source == item.id
    ]
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
    if any(ref.type == "thmb" and ref.source == item.id for ref in meta.references):
        return "thumbnail"
    used = {target for ref in meta.references if ref.type == "dimg" for target in ref.targets}
    if item.id != meta.primary and item.id not in used and not auxiliary:
        return "another image"
    if item.id == meta.primary:
        return (
            "hidden pixels" if any(b.type == "clap" for b, _ in meta.properties_of(item.id)) else ""
        )
    return ""


def _meta_block(data: bytes, box: Box, limits: Limits) -> Iterator[Block]:
    if box.type == "colr" and data[box.body.start : box.body.start + 4] in (b"prof", b"rICC"):
        span = Span(box.body.start + 4, box.body.stop)
        yield _block(data, BlockKind.ICC, "colr", span, "", limits)
    elif box.type == "uuid":
        kind = BlockKind.XMP if box.uuid == XMP_UUID else BlockKind.OTHER
        yield _block(data, kind, "uuid", box.body, "uuid", limits)
    elif box.type in ("udes", "altt", "crtt", "mdft", "cmin", "cmex", "udta"):
        yield _block(data, BlockKind.OTHER, box.type, box.body, box.type, limits)
    elif box.type == "hdlr" and data[box.body.start + 24 : box.body.stop].strip(b"\x00"):
        span = Span(box.body.start + 24, box.body.stop)
        yield _block(data, BlockKind.OTHER, "hdlr", span, "handler name", limits)
