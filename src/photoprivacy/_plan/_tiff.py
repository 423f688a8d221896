"""How a clean TIFF is put together: coded pixels copied, every directory written anew.

Header, then page by page its directory, the values that do not fit into it, and its strips or
tiles, one behind the other: no slack, no order of its own, and nothing that nothing points to.
What a policy keeps of the words stands in the first page: as tags of its own, and in directories
for Exif and GPS behind it (Exif 3.0, 4.6.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._plan._exif import IFD0, POINTERS, Entries, Entry, pointer_to
from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy._plan._tiff_jpeg import clean_strip, clean_tables
from photoprivacy.containers import _tiff_tags as tags
from photoprivacy.containers._model import Container, Role, Span
from photoprivacy.containers._tiff import Field, Ifd, TiffContainer
from photoprivacy.containers._tiff_parts import Layout, coded, layout_of
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy, Unknown


def _row(reason: str, most: int, category: Category | None = None) -> tuple[Rule, int]:
    return Rule(category=category, reason=reason), most


_COLORS: Final = Category.COLOR
#: tag → why it may stay, and how many values it may have. Clauses of TIFF 6.0.
KEEP: Final[dict[int, tuple[Rule, int]]] = {
    254: _row("page, or mask of another (8, NewSubfileType)", 1),
    256: _row("width (3)", 1),
    257: _row("height (3)", 1),
    258: _row("bits a sample (8)", 64),
    259: _row("compression (3)", 1),
    262: _row("what samples mean (3)", 1),
    266: _row("order of bits (8)", 1),
    274: _row("which side is up (8)", 1, Category.ORIENTATION),
    277: _row("samples a pixel (8)", 1),
    278: _row("rows a strip (8)", 1),
    282: _row("resolution (8)", 1, Category.RESOLUTION),
    283: _row("resolution (8)", 1, Category.RESOLUTION),
    284: _row("planes (8)", 1),
    290: _row("unit of a curve of grays (8)", 1),
    291: _row("curve of grays (8)", 65536),
    292: _row("options of T.4 (11)", 1),
    293: _row("options of T.6 (11)", 1),
    296: _row("unit of resolution (8)", 1, Category.RESOLUTION),
    301: _row("transfer function (20)", 196608, _COLORS),
    317: _row("differences (14)", 1),
    318: _row("white (20)", 2, _COLORS),
    319: _row("primaries (20)", 6, _COLORS),
    320: _row("table of colours (5)", 196608),
    322: _row("width of tiles (15)", 1),
    323: _row("height of tiles (15)", 1),
    332: _row("inks (16)", 1),
    334: _row("number of inks (16)", 1),
    336: _row("dots (16)", 128),
    338: _row("what further samples mean (18)", 64),
    339: _row("integer or floating point (19)", 64),
    347: _row("tables of JPEG (technical note 2); rebuilt", 65536),
    529: _row("coefficients of YCbCr (21)", 3, _COLORS),
    530: _row("subsampling (21)", 2),
    531: _row("where colour samples are (21)", 1),
    532: _row("black and white (20)", 128, _COLORS),
    34675: _row("colour profile (technical note on ICC); rebuilt", 1 << 26, _COLORS),
}

_SHORT, _LONG, _UNDEFINED, _BYTE, _LONG8 = 3, 4, 7, 1, 16
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
    writer = _Writer(container, data)
    pieces: list[Piece] = []
    at = 16 if container.big else 8
    for number, page in enumerate(pages):
        last = number == len(pages) - 1
        # Words are of the file: they stand where readers look, in its first page.
        told = wanted if number == 0 else Wanted(policy=wanted.policy)
        made, at = writer.page(page, at, told, last=last)
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

    def page(self, page: Ifd, at: int, wanted: Wanted, *, last: bool) -> tuple[list[Piece], int]:
        """Return the pieces of a page that begins at byte *at*, and where the next one does."""
        layout = layout_of(self.container, self.data, page)
        parts = [self._part(span, size, layout) for span, size in zip(
            layout.parts, layout.sizes, strict=True)]  # fmt: skip
        lengths = [len(one.span) if isinstance(one, Copy) else len(one.data) for one in parts]
        entries = [*self._entries(page, layout, wanted.policy)]
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
            offsets.append(here if length else 0)
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

    def _part(self, span: Span, size: int, layout: Layout) -> Piece:
        if layout.coding == 7:
            return (
                Fresh(clean_strip(self.data[span.start : span.stop])) if len(span) else Copy(span)
            )
        return Copy(coded(self.data, span, size, layout.coding))

    def _told(self, entries: Entries, name: str) -> list[_Entry]:
        """Return the rows of what is kept in a directory."""
        return [self._as_row(entry) for entry in entries.get(name, ())]

    def _as_row(self, entry: Entry) -> _Entry:
        return _Entry(entry.tag, entry.type, entry.count, entry.spelled(self.container.order))

    def _entries(self, page: Ifd, layout: Layout, policy: Policy) -> Iterator[_Entry]:
        for tag, field in page.fields.items():
            if tag not in KEEP or not KEEP[tag][0].holds(policy) or not field.count:
                continue
            entry = self._entry(field, KEEP[tag][1])
            if tag in (tags.TILE_WIDTH, tags.TILE_HEIGHT) and not layout.tiled:
                continue
            if tag == tags.ROWS and layout.tiled:
                continue
            if tag == tags.JPEG_TABLES:
                entry = self._bytes(tag, _UNDEFINED, clean_tables(entry.value))
                if layout.coding != 7:
                    continue
            elif tag == tags.ICC:
                profile = clean_profile(entry.value)
                if not profile:
                    continue
                entry = self._bytes(tag, _UNDEFINED, profile)
            elif tag == tags.SUBFILE:
                entry = attrs.evolve(entry, type=_LONG, count=1, value=self._subfile(field))
            elif tag == tags.ORIENTATION and not self._side(field):
                continue
            yield entry

    def _subfile(self, field: Field) -> bytes:
        value = next(iter(self.container.numbers(self.data, field)), 0)
        return self._pack(value & 7, 4)

    def _side(self, field: Field) -> bool:
        value = next(iter(self.container.numbers(self.data, field)), 1)
        return 1 < value <= 8

    def _bytes(self, tag: int, kind: int, value: bytes) -> _Entry:
        return _Entry(tag, kind, len(value), value)

    def _entry(self, field: Field, most: int) -> _Entry:
        """Return an entry with its values, those that may be there at most."""
        count = min(field.count, most)
        width = tags.WIDTHS[field.type]
        start = field.where.start
        return _Entry(field.tag, field.type, count, self.data[start : start + width * count])

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
