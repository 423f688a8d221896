"""The ``meta`` box of HEIF and AVIF (ISO/IEC 14496-12, 8.11; 23008-12): items, properties.

Every count is checked against the bytes that are there before anything is looped over.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import attrs

from photoprivacy._reader import Reader
from photoprivacy.containers._bmff_boxes import FORMAT, Box, boxes, full_reader
from photoprivacy.containers._model import Span
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits


@attrs.frozen(kw_only=True)
class Item:
    """One entry of ``iinf`` (8.11.6)."""

    id: int
    type: str
    flags: int
    protected: bool
    name: str = attrs.field(repr=False)
    content_type: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Location:
    """One entry of ``iloc`` (8.11.3): where an item's bytes are.

    Attributes:
        id: Item.
        method: Construction method: 0 the file, 1 ``idat``, 2 another item.
        reference: Index of the data reference; 0 is this file.
        base: Base offset.
        extents: (index, offset, length) as they stand.
    """

    id: int
    method: int
    reference: int
    base: int
    extents: tuple[tuple[int, int, int], ...]


@attrs.frozen
class Reference:
    """One typed reference (8.11.12): from an item to others."""

    type: str
    source: int
    targets: tuple[int, ...]


@attrs.frozen
class Group:
    """One entity group (23008-12, 9.4)."""

    type: str
    id: int
    members: tuple[int, ...]


@attrs.frozen
class Association:
    """The properties of one item (23008-12, 9.3): (index from 1, essential) in order."""

    item: int
    properties: tuple[tuple[int, bool], ...]


@attrs.frozen(kw_only=True)
class Meta:
    """A ``meta`` box taken apart. Boxes are kept in file order."""

    box: Box
    start: int
    children: tuple[Box, ...]
    primary: int = 0
    items: tuple[Item, ...] = ()
    locations: tuple[Location, ...] = ()
    references: tuple[Reference, ...] = ()
    properties: tuple[Box, ...] = ()
    associations: tuple[Association, ...] = ()
    groups: tuple[Group, ...] = ()
    idat: Span | None = None

    @cached_property
    def _items(self) -> dict[int, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _locations(self) -> dict[int, Location]:
        return {entry.id: entry for entry in self.locations}

    @cached_property
    def _associations(self) -> dict[int, Association]:
        return {entry.item: entry for entry in self.associations}

    @cached_property
    def _from(self) -> dict[int, tuple[Reference, ...]]:
        found: dict[int, list[Reference]] = {}
        for reference in self.references:
            found.setdefault(reference.source, []).append(reference)
        return {source: tuple(references) for source, references in found.items()}

    @cached_property
    def made_of(self) -> frozenset[int]:
        """Items that others are derived from (8.11.12, ``dimg``)."""
        return frozenset(
            target for ref in self.references if ref.type == "dimg" for target in ref.targets
        )

    def references_of(self, number: int) -> tuple[Reference, ...]:
        """Return the references from that item, in file order."""
        return self._from.get(number, ())

    def item(self, number: int) -> Item | None:
        """Return the item of that id."""
        return self._items.get(number)

    def location(self, number: int) -> Location | None:
        """Return where the item of that id is."""
        return self._locations.get(number)

    def properties_of(self, number: int) -> tuple[tuple[Box, bool], ...]:
        """Return the properties of an item in order, each with its essential bit."""
        entry = self._associations.get(number)
        return tuple(
            (self.properties[index - 1], essential)
            for index, essential in (entry.properties if entry else ())
            if 1 <= index <= len(self.properties)
        )


def read_meta(data: bytes, box: Box, limits: Limits, *, primary: bool = True) -> Meta:
    """Take a ``meta`` box apart, which must name a *primary* item.

    Raises:
        MalformedImage: Its structure is broken.
        LimitExceeded: It holds more items than *limits* allow.
    """
    # 8.11.1 makes it a FullBox; QuickTime does not. A handler must come first in both.
    plain = data[box.body.start + 4 : box.body.start + 8] == b"hdlr"
    start = box.body.start + (0 if plain else 4)
    if start > box.body.stop:
        raise TruncatedImage(FORMAT, box.body.start, needed=4, available=len(box.body))
    children = tuple(boxes(data, start, box.body.stop, limits, last=False))
    meta = Meta(box=box, start=start, children=children)
    for child in children:
        reader = _READERS.get(child.type)
        if reader is not None:
            if sum(other.type == child.type for other in children) > 1:
                raise MalformedImage(FORMAT, child.span.start, f"a second {child.type} box")
            meta = reader(data, meta, child, limits)
    _check(meta, primary=primary)
    return meta


def _pitm(data: bytes, meta: Meta, box: Box, _limits: Limits) -> Meta:
    reader, version, _ = full_reader(data, box)
    primary = reader.u16() if version == 0 else reader.u32()
    return attrs.evolve(meta, primary=primary)


def _iinf(data: bytes, meta: Meta, box: Box, limits: Limits) -> Meta:
    reader, version, _ = full_reader(data, box)
    count = reader.u16() if version == 0 else reader.u32()
    if count > limits.max_items:
        raise LimitExceeded(FORMAT, box.span.start, limit="max_items", value=limits.max_items)
    items = [
        _infe(data, entry)
        for entry in boxes(data, reader.pos, box.body.stop, limits, last=False)
        if entry.type == "infe"
    ]
    if len(items) != count:
        raise MalformedImage(FORMAT, box.span.start, "another number of items than announced")
    return attrs.evolve(meta, items=tuple(items))


def _infe(data: bytes, box: Box) -> Item:
    reader, version, flags = full_reader(data, box)
    if version not in (2, 3):
        raise MalformedImage(FORMAT, box.span.start, "an item entry of a version without types")
    number = reader.u16() if version == 2 else reader.u32()
    protected = reader.u16() != 0
    kind = reader.take(4).decode("latin-1")
    name, _, rest = reader.take(reader.left).partition(b"\x00")
    content = rest.partition(b"\x00")[0] if kind in ("mime", "uri ") else b""
    return Item(
        id=number,
        type=kind,
        flags=flags,
        protected=protected,
        name=name.decode("utf-8", "replace"),
        content_type=content.decode("utf-8", "replace"),
    )


def _iloc(data: bytes, meta: Meta, box: Box, limits: Limits) -> Meta:
    reader, version, _ = full_reader(data, box)
    if version > 2:
        raise MalformedImage(FORMAT, box.span.start, "an item location box of unknown version")
    sizes = reader.u16()
    offset_size, length_size = sizes >> 12, sizes >> 8 & 15
    base_size, index_size = sizes >> 4 & 15, sizes & 15 if version else 0
    if {offset_size, length_size, base_size, index_size} - {0, 4, 8}:
        raise MalformedImage(FORMAT, box.span.start, "a field width that is not 0, 4 or 8")
    count = reader.u16() if version < 2 else reader.u32()
    if count > limits.max_items:
        raise LimitExceeded(FORMAT, box.span.start, limit="max_items", value=limits.max_items)
    entries = []
    for _ in range(count):
        number = reader.u16() if version < 2 else reader.u32()
        method = reader.u16() & 15 if version else 0
        reference = reader.u16()
        base = reader.uint(base_size)
        extents = reader.u16()
        if extents > limits.max_extents:
            raise LimitExceeded(FORMAT, reader.pos, limit="max_extents", value=limits.max_extents)
        parts = tuple(
            (reader.uint(index_size), reader.uint(offset_size), reader.uint(length_size))
            for _ in range(extents)
        )
        entries.append(
            Location(id=number, method=method, reference=reference, base=base, extents=parts)
        )
    return attrs.evolve(meta, locations=tuple(entries))


def _iref(data: bytes, meta: Meta, box: Box, limits: Limits) -> Meta:
    reader, version, _ = full_reader(data, box)
    width = 2 if version == 0 else 4
    found = []
    for entry in boxes(data, reader.pos, box.body.stop, limits, last=False):
        inner = Reader(data, FORMAT, start=entry.body.start, stop=entry.body.stop)
        source, count = inner.uint(width), inner.u16()
        if count * width > inner.left:
            raise TruncatedImage(FORMAT, inner.pos, needed=count * width, available=inner.left)
        found.append(Reference(entry.type, source, tuple(inner.uint(width) for _ in range(count))))
    return attrs.evolve(meta, references=tuple(found))


def _iprp(data: bytes, meta: Meta, box: Box, limits: Limits) -> Meta:
    associations: list[Association] = []
    children = tuple(boxes(data, box.body.start, box.body.stop, limits, last=False))
    for child in children:
        if child.type == "ipco":
            if sum(other.type == "ipco" for other in children) > 1:
                # Some decoders read the first one, others the last.
                raise MalformedImage(FORMAT, child.span.start, "a second ipco box")
            found = tuple(boxes(data, child.body.start, child.body.stop, limits, last=False))
            meta = attrs.evolve(meta, properties=found)
        elif child.type == "ipma":
            # 23008-12, 9.3.1: one for each version and width, and no item in two of them.
            reader, version, flags = full_reader(data, child)
            count = reader.u32()
            if count > limits.max_items:
                raise LimitExceeded(
                    FORMAT, child.span.start, limit="max_items", value=limits.max_items
                )
            associations.extend(_association(reader, version, flags) for _ in range(count))
    return attrs.evolve(meta, associations=tuple(associations))


def _association(reader: Reader, version: int, flags: int) -> Association:
    item = reader.u16() if version < 1 else reader.u32()
    found = []
    for _ in range(reader.u8()):
        value = reader.u16() if flags & 1 else reader.u8()
        top = 0x8000 if flags & 1 else 0x80
        found.append((value & (top - 1), bool(value & top)))
    return Association(item, tuple(found))


def _grpl(data: bytes, meta: Meta, box: Box, limits: Limits) -> Meta:
    found = []
    for entry in boxes(data, box.body.start, box.body.stop, limits, last=False):
        reader, _, _ = full_reader(data, entry)
        number, count = reader.u32(), reader.u32()
        if count * 4 > reader.left:
            raise TruncatedImage(FORMAT, reader.pos, needed=count * 4, available=reader.left)
        found.append(Group(entry.type, number, tuple(reader.u32() for _ in range(count))))
    return attrs.evolve(meta, groups=tuple(found))


def _idat(_data: bytes, meta: Meta, box: Box, _limits: Limits) -> Meta:
    return attrs.evolve(meta, idat=box.body)


_READERS: Final = {
    "pitm": _pitm,
    "iinf": _iinf,
    "iloc": _iloc,
    "iref": _iref,
    "iprp": _iprp,
    "grpl": _grpl,
    "idat": _idat,
}


def _check(meta: Meta, *, primary: bool) -> None:
    at = meta.box.span.start
    ids = [item.id for item in meta.items]
    if len(set(ids)) != len(ids):
        raise MalformedImage(FORMAT, at, "an item that stands twice")
    places = [entry.id for entry in meta.locations]
    if len(set(places)) != len(places):
        raise MalformedImage(FORMAT, at, "an item with two locations")
    described = [entry.item for entry in meta.associations]
    if len(set(described)) != len(described):
        raise MalformedImage(FORMAT, at, "an item whose properties stand twice")
    if primary and meta.primary not in ids:
        raise MalformedImage(FORMAT, at, "no primary item")


def spans_of(data: bytes, meta: Meta, entry: Location) -> Iterator[Span]:
    """Yield the stretches of the file that hold an item (8.11.3).

    Raises:
        MalformedImage: It is not in this file, or not all of it.
    """
    at = meta.box.span.start
    if entry.reference != 0 or entry.method > 1:
        raise MalformedImage(FORMAT, at, "an item that is not in this file")
    low, high = 0, len(data)
    if entry.method == 1:
        if meta.idat is None:
            raise MalformedImage(FORMAT, at, "an item in an idat box that is not there")
        low, high = meta.idat.start, meta.idat.stop
    for _, offset, length in entry.extents:
        start = low + entry.base + offset
        if start + length > high:
            raise TruncatedImage(FORMAT, at, needed=start + length, available=high)
        if length:
            yield Span(start, start + length)
