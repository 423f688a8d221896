"""How a clean TIFF is put together: coded pixels copied, every directory written anew.

Header, then page by page its directory, the values that do not fit into it, and its strips or
tiles, one behind the other: no slack, no order of its own, and nothing that nothing points to.
What a policy keeps of the words stands in the first page: as tags of its own, and in directories
for Exif and GPS behind it (Exif 3.0, 4.6.3).
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from photoprivacy._plan._exif import IFD0, POINTERS, Entries, Entry, pointer_to
from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Wanted, merged
from photoprivacy._plan._tiff_jpeg import Strips
from photoprivacy._plan._tiff_tags import KEEP, Row
from photoprivacy.containers import _tiff_tags as tags
from photoprivacy.containers._model import Container, Role, Span
from photoprivacy.containers._tiff import Field, Ifd, TiffContainer
from photoprivacy.containers._tiff_codes import coded
from photoprivacy.containers._tiff_parts import Layout, check_together, layout_of
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy, Unknown

_BYTE, _LONG, _UNDEFINED, _LONG8 = 1, 4, 7, 16
_JPEG = 7
_REDUCED, _OLD_REDUCED = 1, 2


@attrs.frozen
class _Entry:
    """A row of a directory, its values in the byte order of the file."""

    tag: int
    type: int
    count: int
    value: bytes = attrs.field(repr=False)


def plan_tiff(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: A page is damaged where its pixels are.
        LimitExceeded: Its pages together inflate to more pixels than the limits allow.
        CannotStrip: It is a camera's raw file, or stored in a way that is not known to be clean.
    """
    if not isinstance(container, TiffContainer):
        raise TypeError("a TIFF is planned from a TiffContainer")
    if container.raw:
        raise CannotStrip("a raw file: what a sensor saw cannot be told from what is hidden in it")
    if container.damage is not None:
        raise container.damage
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    pages = kept_pages(container, data, wanted.policy)
    layouts = [layout_of(container, data, page) for page in pages]
    check_together(layouts, data, container.max_pixels)
    writer = _Writer(container, data)
    pieces: list[Piece] = []
    at = 16 if container.big else 8
    for number, (page, layout) in enumerate(zip(pages, layouts, strict=True)):
        last = number == len(pages) - 1
        # Words are of the file: they stand where readers look, in its first page.
        told = wanted if number == 0 else Wanted(policy=wanted.policy)
        made, at = writer.page(page, layout, at, told, last=last)
        pieces += made
    return Plan(pieces=merged([Fresh(writer.header()), *pieces]))


def kept_pages(container: TiffContainer, data: bytes, policy: Policy) -> list[Ifd]:
    """Return the pages that stay: all but smaller copies of others (8, NewSubfileType)."""
    if policy.allows(Category.THUMBNAIL):
        return list(container.pages)
    full = [page for page in container.pages if not _is_reduced(container, data, page)]
    return full or list(container.pages[:1])


def _is_reduced(container: TiffContainer, data: bytes, page: Ifd) -> bool:
    new = container.number(data, page, tags.SUBFILE, 0)
    return bool(new & _REDUCED) or (
        tags.SUBFILE not in page.fields
        and container.number(data, page, tags.OLD_SUBFILE, 1) == _OLD_REDUCED
    )


def _refuse_unknown(container: TiffContainer) -> None:
    for segment in container.segments:
        if segment.role in (Role.UNKNOWN, Role.STRAY):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")


@attrs.frozen
class _Writer:
    container: TiffContainer
    data: bytes

    def _pack(self, value: int, size: int) -> bytes:
        return value.to_bytes(size, self.container.order)

    def header(self) -> bytes:
        little = self.container.order == "little"
        mark = b"II" if little else b"MM"
        if self.container.big:
            parts = (self._pack(43, 2), self._pack(8, 2), self._pack(0, 2), self._pack(16, 8))
            return mark + b"".join(parts)
        return mark + self._pack(42, 2) + self._pack(8, 4)

    def page(
        self, page: Ifd, layout: Layout, at: int, wanted: Wanted, *, last: bool
    ) -> tuple[list[Piece], int]:
        """Return the pieces of a page that begins at byte *at*, and where the next one does."""
        strips = self._strips(page, layout, wanted.policy)
        parts = [self._part(span, size, layout, strips) for span, size in zip(
            layout.parts, layout.sizes, strict=True)]  # fmt: skip
        lengths = [len(one.span) if isinstance(one, Copy) else len(one.data) for one in parts]
        entries = [*self._entries(page, layout, wanted.policy)]
        if strips is not None and (shared := strips.shared()):
            entries.append(self._bytes(tags.JPEG_TABLES, _UNDEFINED, shared))
        if wanted.xmp:
            entries.append(self._bytes(tags.XMP, _BYTE, wanted.xmp))
        entries += self._told(wanted.entries, IFD0)
        starts_tag = tags.TILES if layout.tiled else tags.STRIPS
        lengths_tag = tags.TILE_LENGTHS if layout.tiled else tags.STRIP_LENGTHS
        kind, width = (_LONG8, 8) if self.container.big else (_LONG, 4)
        count = len(parts)
        entries.append(
            _Entry(lengths_tag, kind, count, b"".join(self._pack(n, width) for n in lengths))
        )
        empty = _Entry(starts_tag, kind, count, bytes(width * count))
        inner = [(tag, self._told(wanted.entries, name)) for name, tag in POINTERS.items()]
        inner = [(tag, inside) for tag, inside in inner if inside]
        pointers = [self._as_row(pointer_to(tag, 0)) for tag, _ in inner]
        here = at + self._size([*entries, empty, *pointers])
        behind = []
        for number, (tag, inside) in enumerate(inner):
            pointers[number] = self._as_row(pointer_to(tag, here))
            behind.append(self._ifd(inside, here, 0))
            here += len(behind[-1])
        offsets = []
        for length in lengths:
            offsets.append(here)
            here += length + length % 2
        if here > 0xFFFFFFFF and not self.container.big:
            raise CannotStrip("a TIFF of more than 4 GiB")
        starts = attrs.evolve(empty, value=b"".join(self._pack(n, width) for n in offsets))
        rows = sorted([*entries, starts, *pointers], key=lambda entry: entry.tag)
        directory = self._ifd(rows, at, 0 if last else here)
        pieces: list[Piece] = [Fresh(b"".join([directory, *behind]))]
        for part, length in zip(parts, lengths, strict=True):
            pieces.append(part)
            if length % 2:
                pieces.append(Fresh(b"\x00"))  # 2: everything begins on a word
        return pieces, here

    def _strips(self, page: Ifd, layout: Layout, policy: Policy) -> Strips | None:
        """Return who cleans the strips of a page of JPEG, ``None`` for another page."""
        if layout.coding != _JPEG:
            return None
        field, row = page.fields.get(tags.JPEG_TABLES), KEEP[tags.JPEG_TABLES]
        entry = self._entry(field, row, layout) if field and row.when(layout) else None
        size = sum(len(span) for span in layout.parts)
        return Strips.of(entry.value if entry else b"", policy, size)

    def _part(self, span: Span, size: int, layout: Layout, strips: Strips | None) -> Piece:
        if strips is not None:
            return Fresh(strips.clean(self.data[span.start : span.stop]))
        return Copy(coded(self.data, span, size, layout.coding, exact=layout.exact))

    def _told(self, entries: Entries, name: str) -> list[_Entry]:
        """Return the rows of what is kept in a directory."""
        return [self._as_row(entry) for entry in entries.get(name, ())]

    def _as_row(self, entry: Entry) -> _Entry:
        return _Entry(entry.tag, entry.type, entry.count, entry.spelled(self.container.order))

    def _entries(self, page: Ifd, layout: Layout, policy: Policy) -> Iterator[_Entry]:
        for tag, field in page.fields.items():
            row = KEEP.get(tag)
            if tag == tags.JPEG_TABLES:
                continue  # those that strips use are known when all strips were looked at
            if row is None or not (row.rule.holds(policy) and row.when(layout)):
                continue
            entry = self._entry(field, row, layout)
            if entry is None:
                continue
            if tag == tags.ICC:
                profile = clean_profile(entry.value)
                if not profile:
                    continue
                entry = self._bytes(tag, _UNDEFINED, profile)
            elif tag == tags.SUBFILE:
                value = next(iter(self.container.numbers(self.data, field)), 0)
                entry = _Entry(tag, _LONG, 1, self._pack(value & 7, 4))
            yield entry

    def _bytes(self, tag: int, kind: int, value: bytes) -> _Entry:
        return _Entry(tag, kind, len(value), value)

    def _entry(self, field: Field, row: Row, layout: Layout) -> _Entry | None:
        """Return an entry with the values that may be there, ``None`` for none.

        Raises:
            CannotStrip: It must be there, and is not as it must be.
        """
        count = row.room(field, layout)
        numbers = self.container.numbers(self.data, field, count) if row.values else ()
        if not count or any(one not in (row.values or ()) for one in numbers):
            if row.needed(layout):
                raise CannotStrip(f"tag {field.tag} is not of the form that it must have")
            return None
        start = field.where.start
        stop = start + tags.WIDTHS[field.type] * count
        return _Entry(field.tag, field.type, count, self.data[start:stop])

    def _size(self, rows: list[_Entry]) -> int:
        wide, row, inline = (8, 20, 8) if self.container.big else (2, 12, 4)
        long = sum(_even(len(one.value)) for one in rows if len(one.value) > inline)
        return _even(wide + row * len(rows) + inline) + long

    def _ifd(self, rows: list[_Entry], at: int, following: int) -> bytes:
        wide, row, inline = (8, 20, 8) if self.container.big else (2, 12, 4)
        table = wide + row * len(rows) + inline
        place = at + _even(table)
        head, tail = [self._pack(len(rows), wide)], []
        for one in rows:
            head.append(self._pack(one.tag, 2) + self._pack(one.type, 2))
            head.append(self._pack(one.count, inline))
            if len(one.value) <= inline:
                head.append(one.value.ljust(inline, b"\x00"))
            else:
                head.append(self._pack(place, inline))
                tail.append(one.value.ljust(_even(len(one.value)), b"\x00"))
                place += _even(len(one.value))
        head.append(self._pack(following, inline))
        head.append(bytes(_even(table) - table))
        return b"".join(head + tail)


def _even(length: int) -> int:
    return length + length % 2
