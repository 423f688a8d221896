"""HEIC and AVIF to segments (ISO/IEC 14496-12, 23008-12, 23000-22; AV1 Image File Format)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from photoprivacy.containers._bmff_blocks import blocks_of
from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._bmff_meta import Meta, read_meta, spans_of
from photoprivacy.containers._bmff_movie import Movie
from photoprivacy.containers._bmff_names import PICTURES, TOP_LEVEL, format_of
from photoprivacy.containers._bmff_top import top_boxes
from photoprivacy.containers._bmff_tracks import read_movie
from photoprivacy.containers._model import Container, Format, Problem, Role, Segment, Span
from photoprivacy.errors import LimitExceeded, MalformedImage
from photoprivacy.limits import Limits

#: what a picture needs, and what must not be cut short: an mdat that is, is a file that is
_NEEDED, _CUT = frozenset({"meta"}), frozenset({b"mdat"})
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
        movie: The tracks of an image sequence, ``None`` when there is none.
    """

    boxes: tuple[Box, ...]
    meta: Meta | None = None
    extents: dict[int, tuple[Span, ...]] = attrs.field(factory=dict, repr=False)
    movie: Movie | None = None


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
    top, problems = top_boxes(data, limits, needed=_NEEDED, pictures=_CUT)
    if sum(box.type == "mdat" for box in top) > _MOST_MDATS:
        raise LimitExceeded(kind.value, 0, limit="max_segments", value=_MOST_MDATS)
    metas = [box for box in top if box.type == "meta"]
    movies = [box for box in top if box.type == "moov"]
    if len(metas) != 1 or len(movies) > 1:
        raise MalformedImage(kind.value, 0, "not exactly one meta box, or two movies")
    meta = read_meta(data, metas[0], limits)
    movie = read_movie(data, movies[0], limits) if movies else None
    extents, damage = _extents(data, meta, kind)
    segments = tuple(_segments(data, top, meta, extents, movie))
    width, height = _dimensions(data, meta)
    if damage is not None:
        problems.append(Problem(what=damage.what, where=Span(damage.offset, damage.offset)))
    return BmffContainer(
        format=kind,
        size=len(data),
        segments=segments,
        blocks=tuple(blocks_of(data, top, meta, extents, segments, movie, limits)),
        width=width,
        height=height,
        rotation=rotation_of(data, meta),
        problems=tuple(problems),
        damage=damage,
        boxes=top,
        meta=meta,
        extents=extents,
        movie=movie,
    )


def _extents(
    data: bytes, meta: Meta, kind: Format
) -> tuple[dict[int, tuple[Span, ...]], MalformedImage | None]:
    """Return where every item is, and the first damage among those of pictures."""
    found: dict[int, tuple[Span, ...]] = {}
    damage: MalformedImage | None = None
    _bounded(meta, len(data), kind)
    for entry in meta.locations:
        try:
            found[entry.id] = tuple(spans_of(data, meta, entry))
        except MalformedImage as error:
            item = meta.item(entry.id)
            if damage is None and (item is None or item.type in PICTURES):
                damage = error
    return found, damage


def _bounded(meta: Meta, size: int, kind: Format) -> None:
    """Refuse items that name far more than the file holds: their stretches may overlap."""
    lengths = [length for entry in meta.locations for _, _, length in entry.extents]
    if len(lengths) > _MOST_SPANS:
        raise LimitExceeded(kind.value, 0, limit="max_extents", value=_MOST_SPANS)
    if sum(min(length, size) for length in lengths) > 8 * size:
        raise LimitExceeded(kind.value, 0, limit="max_block", value=8 * size)


def _segments(
    data: bytes,
    top: tuple[Box, ...],
    meta: Meta,
    extents: dict[int, tuple[Span, ...]],
    movie: Movie | None,
) -> Iterator[Segment]:
    """Yield segments that tile the file: boxes, and inside mdat and idat the items."""
    owned: list[tuple[Span, int | None]] = [
        (span, number) for number, spans in extents.items() for span in spans
    ]
    tracks = movie.tracks if movie else ()
    owned += [(span, None) for track in tracks for span in track.chunks if len(span)]
    owned.sort(key=lambda owner: (owner[0], owner[1] is None))
    at = 0
    for box in top:
        at = box.span.stop
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
    if at < len(data):
        yield _part("trailer", Role.TRAILER, at, len(data))


def _part(kind: str, role: Role, start: int, stop: int, item: int | None = None) -> Segment:
    span = Span(start, stop)
    return Segment(kind=kind, role=role, span=span, body=span, item=item)


def _inside_meta(meta: Meta, owned: Iterable[tuple[Span, int | None]]) -> Iterator[Segment]:
    yield _part("meta", Role.STRUCTURE, meta.box.span.start, meta.start)
    for child in meta.children:
        if child.type == "idat":
            yield _part("idat", Role.STRUCTURE, child.span.start, child.body.start)
            yield from _items(child.body, owned, meta)
        else:
            yield Segment(kind=child.type, role=Role.STRUCTURE, span=child.span, body=child.body)


def _items(body: Span, owned: Iterable[tuple[Span, int | None]], meta: Meta) -> Iterator[Segment]:
    at = body.start
    for span, number in owned:
        start, stop = max(span.start, at), min(span.stop, body.stop)
        if start >= stop or span.stop <= body.start:
            continue
        if start > at:
            yield _part("mdat", Role.STRAY, at, start)
        item = meta.item(number) if number is not None else None
        picture = number is None or (item is not None and item.type in PICTURES)
        role = Role.PICTURE if picture else Role.METADATA
        yield _part("item" if number is not None else "sample", role, start, stop, number)
        at = stop
    if at < body.stop:
        yield _part("mdat", Role.STRAY, at, body.stop)


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
