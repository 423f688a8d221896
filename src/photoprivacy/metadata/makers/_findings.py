"""A maker note to findings: find its directory, read what the maker's table names."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from photoprivacy.containers._model import Block, Problem, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata._severity import severity_of
from photoprivacy.metadata.makers._cells import (
    MOST,
    Cell,
    Row,
    base_of,
    cell_of,
    looks_right,
    rows_at,
)
from photoprivacy.metadata.makers._families import FAMILIES
from photoprivacy.metadata.makers._layouts import BLOCK, HEADER, Layout, layout_of
from photoprivacy.metadata.makers._model import Fact, Family
from photoprivacy.metadata.makers._values import Said, spelling
from photoprivacy.policy import Category

ORIGIN: Final = "exif:MakerNote"
_ORDERS: Final = {b"II": "<", b"MM": ">"}
_SUB_IFD: Final = (4, 13)
#: Says little on its own, or is shared by many: such words may stand in a clean file too.
_COMMON: Final = (Category.DEVICE, Category.SOFTWARE, Category.TECHNICAL)
#: A day alone may be the day that a clean file says; a moment is not.
_MOMENT: Final = 16
#: what arithmetic on hostile values may raise
_UNFORESEEN: Final = (ValueError, OverflowError, ZeroDivisionError, IndexError, struct.error)


@attrs.frozen(kw_only=True)
class Note:
    """A maker note in its Exif block.

    Attributes:
        block: The Exif block.
        start: Where the note starts in it.
        stop: Where it ends.
        make: Maker of the camera, as Exif says.
        model: Model of the camera, as Exif says.
        limits: How much work it may cause.
    """

    block: Block
    start: int
    stop: int
    make: str = attrs.field(repr=False)
    model: str = attrs.field(repr=False)
    limits: Limits = Limits()

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.block.data[self.start : self.stop]

    def span(self, start: int, stop: int) -> Span:
        """Return where bytes of the block stand in the file."""
        base = self.block.base
        return self.block.where if base is None else Span(base + start, base + stop)


def maker_findings(note: Note) -> tuple[tuple[Finding, ...], tuple[Problem, ...]]:
    """Return what *note* gives away, and what was wrong with it.

    Nothing raises: what cannot be read is left to the one finding that names the whole note.
    Reads at most a thousand rows a directory and 64 KiB a value.
    """
    layout = layout_of(note.block.data[note.start : note.start + 32], note.make)
    if layout is None or note.stop - note.start < 8:
        return (), ()
    family = FAMILIES[layout.family]
    reading = _Reading(note, family)
    if family.structure:
        order = _ORDERS.get(note.block.data[:2], "<")
        raw = note.block.data[note.start : min(note.stop, note.start + MOST)]
        reading.take("", {0: Cell(0, 7, raw, order, note.start, note.model)})
    else:
        reading.directory(layout)
    return tuple(reading.findings), tuple(reading.problems)


@attrs.define
class _Reading:
    note: Note
    family: Family
    findings: list[Finding] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)

    def problem(self, what: str) -> None:
        where = self.note.span(self.note.start, self.note.stop)
        self.problems.append(Problem(what=f"maker note: {what}", where=where))

    def directory(self, layout: Layout) -> None:
        """Read the note's own directory, and those it leads to."""
        data = self.note.block.data
        at, order, bases = _place(layout, self.note)
        if not looks_right(data, at, order):
            order = "><"["<>".index(order)]
            if not looks_right(data, at, order):
                if layout.signature:
                    self.problem("no directory")
                return
        most = self.note.limits.max_ifd_entries
        rows = rows_at(data, at, order, most)
        base = base_of(rows, bases, self.note.stop)
        self.rows("", rows, order, base)
        for row in rows:
            name = self.family.inner.get(row.tag)
            if name is None:
                continue
            inner = base + row.offset if row.type in _SUB_IFD or not row.inline else -1
            if looks_right(data, inner, order):
                self.rows(name, rows_at(data, inner, order, most), order, base)
            else:
                self.problem("a directory outside the block")

    def rows(self, name: str, rows: tuple[Row, ...], order: str, base: int) -> None:
        """Read the values that the table of directory *name* asks for."""
        wanted = {fact.tag for fact in self.family.facts[name]}
        cells: dict[int, Cell] = {}
        lost = False
        for row in rows:
            if row.tag in wanted and row.tag not in cells:
                cell = cell_of(self.note.block.data, row, order, base, self.note.model, cells)
                if cell is None:
                    lost = True
                else:
                    cells[row.tag] = cell
        if lost:
            self.problem("a value that leaves the block")
        self.take(name, cells)

    def take(self, name: str, cells: Mapping[int, Cell]) -> None:
        found = said_by(self.family, name, cells, self.note.span, ORIGIN, self.problem)
        seen = {(finding.code, finding.value) for finding in self.findings}
        self.findings += [one for one in found if (one.code, one.value) not in seen]


def said_by(
    family: Family,
    directory: str,
    cells: Mapping[int, Cell],
    span: Callable[[int, int], Span],
    origin: str,
    unread: Callable[[str], None],
) -> Iterator[Finding]:
    """Yield what *cells* of a *directory* say, by the facts of *family*; nothing twice.

    A value that its reader cannot make sense of is handed to *unread* as a problem: the tables
    are long, and what one of them did not foresee must not keep a photo from being cleaned.
    """
    seen = set()
    for fact in family.facts[directory]:
        cell = cells.get(fact.tag)
        try:
            said = None if cell is None else fact.read(cell)
        except _UNFORESEEN:
            unread("a value that cannot be read")
            continue
        code = f"maker.{family.code}.{fact.code}"
        if cell is None or said is None or (code, said) in seen:
            continue
        seen.add((code, said))
        yield Finding(
            code=code,
            category=fact.category,
            severity=severity_of(code, fact.category),
            label=fact.label,
            origin=origin,
            where=span(cell.start, cell.start + len(cell.raw)),
            value=said,
            raw=tuple(_spellings(fact, cell, said)),
        )


def _place(layout: Layout, note: Note) -> tuple[int, str, list[int]]:
    """Return where the directory starts, its byte order, and from where offsets may count."""
    data, start = note.block.data, note.start
    order = _ORDERS.get(data[:2], "<")
    if layout.order > 0:
        order = _ORDERS.get(data[start + layout.order : start + layout.order + 2], order)
    elif layout.order < 0:
        order = "<"
    at = start + layout.at
    if layout.base == HEADER:
        first = int.from_bytes(data[at + 4 : at + 8], "little" if order == "<" else "big")
        return at + first, order, [at]
    if layout.family == "fujifilm":
        # The place of the directory stands after the name.
        at = start + int.from_bytes(data[start + 8 : start + 12], "little")
    bases = [0, start] if layout.base == BLOCK else [start, 0]
    footer = data[note.stop - 8 : note.stop]
    if footer[:4] in (b"II*\x00", b"MM\x00*"):
        # Canon: a copy of the block's header, and where the note stood when it was written.
        written = int.from_bytes(footer[4:], "little" if footer[:1] == b"I" else "big")
        bases.insert(0, start - written)
    return at, order, bases


def _spellings(fact: Fact, cell: Cell, said: Said) -> Iterator[bytes]:
    """Yield the bytes that must not be left over when the note goes."""
    if fact.whole and len(cell.raw) >= 8 and len(set(cell.raw)) >= 4:
        yield cell.raw[:200]
    spelled = b"" if fact.category in _COMMON else spelling(said, cell.raw)
    if spelled and (fact.category is not Category.TIME or len(spelled) >= _MOMENT):
        yield spelled
