"""TIFF and BigTIFF to segments (TIFF 6.0; Adobe's technical notes; BigTIFF as libtiff has it).

A TIFF has no order: everything is where something else says it is. What nothing points to is
stray, however it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import attrs

from photoprivacy.containers import _tiff_tags as tags
from photoprivacy.containers._icc import whole_profile
from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

_Order = Literal["little", "big"]
_HEADERS: Final[dict[bytes, tuple[_Order, bool]]] = {
    b"II*\x00": ("little", False),
    b"MM\x00*": ("big", False),
    b"II+\x00": ("little", True),
    b"MM\x00+": ("big", True),
}
_POINTERS: Final = frozenset({tags.SUB_IFDS, tags.EXIF, tags.GPS, tags.INTEROP})
_MOST_IFDS: Final = 4_000
_INTEGERS: Final = frozenset({1, 3, 4, 13, 16, 18})
#: values that are read where nobody asks for all: one for each sample of a pixel
_FEW: Final = 64


@attrs.frozen
class Field:
    """One entry of an IFD: its type, how many values, and where these stand."""

    tag: int
    type: int
    count: int
    where: Span


@attrs.frozen(kw_only=True)
class Ifd:
    """One directory.

    Attributes:
        where: Its own bytes.
        fields: Tag → entry, the first of each.
        depth: 0 for pages, more for those that a page leads to.
        twice: Tags that stand in it more than once.
    """

    where: Span
    fields: dict[int, Field]
    depth: int = 0
    twice: frozenset[int] = frozenset()


@attrs.frozen(kw_only=True)
class TiffContainer(Container):
    """A TIFF taken apart.

    Attributes:
        order: That of its bytes: ``"little"`` or ``"big"``.
        big: Whether it is a BigTIFF.
        pages: Its directories in order, without those inside others.
        max_pixels: How many pixels all pages together may inflate to.
    """

    order: _Order
    big: bool
    pages: tuple[Ifd, ...] = ()
    max_pixels: int = 0

    def numbers(self, data: bytes, field: Field | None, most: int = _FEW) -> tuple[int, ...]:
        """Return the whole numbers of a *field*, *most* at most; ``()`` for none or others."""
        return numbers(data, field, self.order, most)

    def number(self, data: bytes, page: Ifd, tag: int, default: int) -> int:
        """Return the first number of a page's *tag*."""
        return next(iter(self.numbers(data, page.fields.get(tag), 1)), default)


def numbers(data: bytes, field: Field | None, order: _Order, most: int) -> tuple[int, ...]:
    """Return the whole numbers of a *field*, *most* at most; ``()`` for none or others."""
    if field is None or field.type not in _INTEGERS:
        return ()
    width = tags.WIDTHS[field.type]
    raw = data[field.where.start : min(field.where.stop, field.where.start + most * width)]
    return tuple(int.from_bytes(raw[at : at + width], order) for at in range(0, len(raw), width))


@attrs.define
class _Walk:
    data: bytes
    order: _Order
    big: bool
    limits: Limits
    ifds: list[Ifd] = attrs.field(factory=list)
    seen: set[int] = attrs.field(factory=set)
    entries: int = 0
    pointers: int = _MOST_IFDS

    def number(self, at: int, size: int) -> int:
        if at < 0 or at + size > len(self.data):
            left = max(0, len(self.data) - at)
            raise TruncatedImage("tiff", max(at, 0), needed=size, available=left)
        return int.from_bytes(self.data[at : at + size], self.order)

    def ifd(self, at: int, depth: int) -> tuple[Ifd, int]:
        """Return the directory at *at*, and where the next one is."""
        wide, row, inline = (8, 20, 8) if self.big else (2, 12, 4)
        count = self.number(at, wide)
        first = at + wide
        stop = first + row * count + inline
        if count * row > len(self.data) or stop > len(self.data):
            raise TruncatedImage("tiff", at, needed=stop - at, available=len(self.data) - at)
        self.entries += count
        if self.entries > self.limits.max_ifd_entries:
            limit = self.limits.max_ifd_entries
            raise LimitExceeded("tiff", at, limit="max_ifd_entries", value=limit)
        fields: dict[int, Field] = {}
        twice = set()
        for place in range(first, first + row * count, row):
            field = self._field(place, inline)
            if field is not None:
                twice.update({field.tag} & fields.keys())
                fields.setdefault(field.tag, field)
        following = self.number(stop - inline, inline)
        where = Span(at, stop)
        return Ifd(where=where, fields=fields, depth=depth, twice=frozenset(twice)), following

    def _field(self, at: int, inline: int) -> Field | None:
        tag, kind = self.number(at, 2), self.number(at + 2, 2)
        count = self.number(at + 4, inline)
        width = tags.WIDTHS.get(kind)
        if width is None or not count:
            return None
        size = width * count
        start = at + 4 + inline
        if size > inline:
            start = self.number(start, inline)
        if start + size > len(self.data):
            if tag in tags.STRUCTURE:
                raise TruncatedImage("tiff", at, needed=start + size, available=len(self.data))
            return None
        return Field(tag, kind, count, Span(start, start + size))


def sniff_tiff(data: bytes) -> bool:
    """Return whether *data* begins like a TIFF or a BigTIFF."""
    return data[:4] in _HEADERS


def parse_tiff(data: bytes, limits: Limits) -> TiffContainer:
    """Take a TIFF or BigTIFF file apart.

    Raises:
        MalformedImage: Its directories are broken.
        LimitExceeded: There are more directories or entries than *limits* allow.
    """
    if not sniff_tiff(data):
        raise MalformedImage("tiff", 0, "no header of TIFF")
    order, big = _HEADERS[data[:4]]
    walk = _Walk(data, order, big, limits)
    if big and (walk.number(4, 2), walk.number(6, 2)) != (8, 0):
        raise MalformedImage("tiff", 4, "a BigTIFF of unknown form")
    pages, inner = _directories(walk, walk.number(8 if big else 4, 8 if big else 4))
    _check_parts(pages, limits)
    parts = tuple(_pictures(data, pages, order))
    segments = tuple(_segments(data, big, [*pages, *inner], parts, limits))
    first = pages[0] if pages else Ifd(where=Span(0, 0), fields={})
    width, height = (
        next(iter(numbers(data, first.fields.get(tag), order, 1)), 0)
        for tag in (tags.WIDTH, tags.HEIGHT)
    )
    damage = None if width and height else MalformedImage("tiff", 0, "no picture")
    return TiffContainer(
        format=Format.TIFF,
        size=len(data),
        segments=segments,
        blocks=tuple(_blocks(data, pages, segments, limits)),
        width=width,
        height=height,
        damage=damage or _shared(data, pages, limits),
        order=order,
        big=big,
        pages=tuple(pages),
        max_pixels=limits.max_pixels,
        raw=data[8:10] == b"CR" or any(_is_raw(data, one, order) for one in (*pages, *inner)),
    )


def _directories(walk: _Walk, at: int) -> tuple[list[Ifd], list[Ifd]]:
    pages: list[Ifd] = []
    inner: list[Ifd] = []
    while at:
        if at in walk.seen:
            raise MalformedImage("tiff", at, "directories that go round in a circle")
        if len(walk.seen) >= _MOST_IFDS:
            raise LimitExceeded("tiff", at, limit="max_ifd_entries", value=_MOST_IFDS)
        walk.seen.add(at)
        page, at = walk.ifd(at, 0)
        pages.append(page)
    queue = list(pages)
    while queue:
        ifd = queue.pop(0)
        for tag in _POINTERS & ifd.fields.keys():
            field = ifd.fields[tag]
            found = numbers(walk.data, field, walk.order, walk.pointers)
            # Directories may share an array of pointers: so many are followed over the file.
            walk.pointers -= len(found)
            for where in found:
                if where in walk.seen or len(walk.seen) >= _MOST_IFDS or ifd.depth > 4:
                    continue
                walk.seen.add(where)
                try:
                    inside, _ = walk.ifd(where, ifd.depth + 1)
                except LimitExceeded:
                    raise
                except MalformedImage:
                    continue
                inner.append(inside)
                queue.append(inside)
    return pages, inner


def _check_parts(pages: list[Ifd], limits: Limits) -> None:
    """Refuse more strips and tiles than *limits* allow, before any is looked at.

    Pages may share an array of them: what counts is how many there are over all pages.
    """
    for kinds in ((tags.STRIPS, tags.TILES), (tags.STRIP_LENGTHS, tags.TILE_LENGTHS)):
        found = [page.fields[tag] for page in pages for tag in kinds if tag in page.fields]
        if sum(field.count for field in found) > limits.max_segments:
            at, limit = found[0].where.start, limits.max_segments
            raise LimitExceeded("tiff", at, limit="max_segments", value=limit)


def _shared(data: bytes, pages: list[Ifd], limits: Limits) -> LimitExceeded | None:
    """Return why values that pages share are too many to be written page by page, or ``None``."""
    room = _room(data, limits)
    for page in pages:
        for tag, field in page.fields.items():
            if tag in tags.SHARED:
                room -= len(field.where)
        if room < 0:
            at, limit = page.where.start, limits.max_block
            return LimitExceeded("tiff", at, limit="max_block", value=limit)
    return None


def _room(data: bytes, limits: Limits) -> int:
    """Return how many bytes the values of all pages may have that do not share any."""
    return max(len(data), limits.max_block)


def _is_raw(data: bytes, ifd: Ifd, order: _Order) -> bool:
    if tags.DNG in ifd.fields:
        return True
    photometric = numbers(data, ifd.fields.get(tags.PHOTOMETRIC), order, _FEW)
    coding = numbers(data, ifd.fields.get(tags.COMPRESSION), order, _FEW)
    return bool(tags.SENSORS.intersection(photometric) or tags.RAW_CODINGS.intersection(coding))


def _pictures(data: bytes, pages: list[Ifd], order: _Order) -> Iterator[Span]:
    for page in pages:
        for starts, lengths in (
            (tags.STRIPS, tags.STRIP_LENGTHS),
            (tags.TILES, tags.TILE_LENGTHS),
        ):
            one, other = page.fields.get(starts), page.fields.get(lengths)
            places = numbers(data, one, order, one.count if one else 0)
            sizes = numbers(data, other, order, other.count if other else 0)
            for start, size in zip(places, sizes, strict=False):
                if size and start + size <= len(data):
                    yield Span(start, start + size)


def _segments(
    data: bytes,
    big: bool,  # noqa: FBT001 - a fact of the file
    ifds: list[Ifd],
    pictures: tuple[Span, ...],
    limits: Limits,
) -> Iterator[Segment]:
    """Yield segments that tile the file, in its order; of what overlaps, the first to begin."""
    found: list[tuple[Span, str, Role]] = [
        (Span(0, 16 if big else 8), "header", Role.STRUCTURE),
        *((span, "picture", Role.PICTURE) for span in pictures),
    ]
    for ifd in ifds:
        role = Role.METADATA if ifd.depth else Role.STRUCTURE
        found.append((ifd.where, "IFD", role))
        for field in ifd.fields.values():
            inside = ifd.where.start <= field.where.start < ifd.where.stop
            if not inside and len(field.where):
                known = field.tag in tags.STRUCTURE and not ifd.depth
                kind = Role.STRUCTURE if known else Role.METADATA
                found.append((field.where, f"tag {field.tag}", kind))
    if len(found) > limits.max_segments:
        raise LimitExceeded("tiff", 0, limit="max_segments", value=limits.max_segments)
    at = 0
    for span, name, purpose in sorted(found, key=lambda one: one[0]):
        start = max(span.start, at)
        if start >= span.stop:
            continue
        if start > at:
            yield _gap(data, at, start)
        yield _part(name, purpose, start, span.stop)
        at = span.stop
    if at < len(data):
        yield _gap(data, at, len(data))


def _gap(data: bytes, start: int, stop: int) -> Segment:
    role = Role.STRAY if any(data[start:stop]) else Role.PADDING
    return _part("gap", role, start, stop)


def _part(kind: str, role: Role, start: int, stop: int) -> Segment:
    span = Span(start, stop)
    return Segment(kind=kind, role=role, span=span, body=span)


def _blocks(
    data: bytes, pages: list[Ifd], segments: tuple[Segment, ...], limits: Limits
) -> Iterator[Block]:
    whole = Span(0, len(data))
    # A TIFF is what Exif is made of: the same reader reads it, and passes over the pixels.
    yield Block(kind=BlockKind.EXIF, data=data, origin="IFD", where=whole, base=0, name="TIFF")
    room = _room(data, limits)
    seen: set[Span] = set()
    for page in pages:
        field = page.fields.get(tags.ICC)
        room -= len(field.where) if field is not None else 0
        if field is not None and room >= 0 and field.where not in seen:
            seen.add(field.where)
            raw = field.where.of(data)
            kind = BlockKind.ICC if whole_profile(raw) else BlockKind.OTHER
            name = "" if kind is BlockKind.ICC else "a profile that nobody uses"
            yield Block(
                kind=kind, data=raw[: limits.max_block], origin="IFD", where=field.where,
                base=field.where.start, name=name,
            )  # fmt: skip
        subfile = field_number(data, page, tags.SUBFILE)
        if subfile & 1 and len(pages) > 1:
            yield Block(
                kind=BlockKind.OTHER, data=b"", origin="IFD", where=page.where, name="thumbnail"
            )
    for segment in segments:
        if segment.role is Role.STRAY:
            yield Block(
                kind=BlockKind.OTHER,
                data=data[segment.span.start : segment.span.stop][: limits.max_block],
                origin="gap",
                where=segment.span,
                base=segment.span.start,
                name="bytes that nothing refers to",
            )


def field_number(data: bytes, page: Ifd, tag: int) -> int:
    """Return the first number of a page's *tag* in the file's byte order, 0 for none."""
    order = _HEADERS[data[:4]][0]
    return next(iter(numbers(data, page.fields.get(tag), order, 1)), 0)
