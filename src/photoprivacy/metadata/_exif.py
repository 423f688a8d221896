"""Exif blocks: a bounded walk over TIFF IFDs (TIFF 6.0, 2; Exif 3.0, 4.5-4.6).

Damage becomes a problem and the walk goes on where it is certain: one bad entry does not
hide the others.
"""

from __future__ import annotations

import codecs
import collections
import math
import struct
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._model import Block, Problem, Span
from photoprivacy.containers._tiff_tags import WIDTHS
from photoprivacy.limits import Limits
from photoprivacy.metadata._tags import IFD0, IFD1, POINTERS

#: type → bytes of a value; Exif 3.0 adds text in UTF-8
_WIDTHS: Final = {**WIDTHS, 129: 1}
_ASCII, _UNDEFINED, _UTF8 = 2, 7, 129
_NUMBERS: Final = {
    1: "B",
    3: "H",
    4: "I",
    6: "b",
    8: "h",
    9: "i",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    18: "Q",
}
#: bytes of an inline value → tag, type and count of an entry
_ROWS: Final = {4: "HHI", 8: "HHQ"}
_RATIONALS: Final = {5: "I", 10: "i"}
_FLOATS: Final = (11, 12)
#: Values of an array that are decoded; longer ones are pictures, curves and padding.
_MOST_VALUES: Final = 64
#: Bytes of a text that are decoded: as many as a prompt is looked for in (200,000 characters).
MOST_TEXT: Final = 800_000
#: Tags whose value is more than text, whatever type it is said to have.
_WHOLE: Final = (0x02BC, 0x83BB, 0x8649, 0xCD41, 0x927C, 0x935C)
#: Values of a block that is not made to cost time do not share their bytes.
_MOST_SHARED: Final = 4


@attrs.frozen
class Entry:
    """One entry of an IFD.

    Attributes:
        ifd: Name of the IFD it stands in.
        tag: Tag number.
        type: TIFF type.
        count: Number of values, as announced.
        raw: The value's bytes as they stand; of a text, as many as are decoded.
        where: Their place in the file.
        value: Decoded: text, a number, a rational as a pair, or a tuple of those; ``None`` for a
            number that is none, or infinite.
        start: Where the value starts in the block.
        own: Whether it is about the picture itself: what IFD1, the thumbnail's or a further
            page's, leads to is about that one.
        order: Byte order of the block, ``"<"`` or ``">"``.
    """

    ifd: str
    tag: int
    type: int
    count: int
    raw: bytes = attrs.field(repr=False)
    where: Span
    value: object = attrs.field(repr=False)
    start: int = 0
    own: bool = True
    order: str = ">"


@attrs.define
class _Walk:
    data: bytes
    block: Block
    limits: Limits
    order: str = "<"
    big: bool = False
    entries: list[Entry] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    visited: set[int] = attrs.field(factory=set)
    read: int = 0
    own: bool = True

    def span(self, start: int, stop: int) -> Span:
        if self.block.base is None:
            return self.block.where
        return Span(self.block.base + start, self.block.base + stop)

    def problem(self, what: str, at: int) -> None:
        if len(self.problems) < 100:
            end = min(at + 12, len(self.data))
            self.problems.append(Problem(what=f"Exif: {what}", where=self.span(min(at, end), end)))

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], "little" if self.order == "<" else "big")


def walk(block: Block, limits: Limits) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Return the entries of all IFDs of an Exif *block*, and what was wrong with it."""
    data = block.data
    state = _Walk(data, block, limits)
    if data[:2] not in (b"II", b"MM") or len(data) < 8:
        state.problem("no TIFF header", 0)
        return (), tuple(state.problems)
    state.order = "<" if data[:2] == b"II" else ">"
    state.big = state.number(2, 2) == 43  # BigTIFF: eight bytes for offsets and counts
    # TIFF, and Olympus' and Panasonic's
    if not state.big and state.number(2, 2) not in (42, 0x4F52, 0x5352, 0x55):
        state.problem("no TIFF header", 0)
        return (), tuple(state.problems)
    first = state.number(8, 8) if state.big else state.number(4, 4)
    queue = collections.deque([(IFD0, first, 0, True)])
    while queue:
        name, at, depth, state.own = queue.popleft()
        if depth > limits.max_depth:
            state.problem("IFDs are nested too deep", at)
            continue
        following = list(_ifd(state, name, at))
        own = state.own and name != IFD1
        queue.extend((child, where, depth + 1, own) for child, where in following)
    return tuple(state.entries), tuple(state.problems)


def _ifd(state: _Walk, name: str, at: int) -> Iterator[tuple[str, int]]:
    """Read one IFD, and yield the name and offset of each that it leads to."""
    size = len(state.data)
    if at in state.visited:
        state.problem("an IFD that was read already", at)
        return
    if not 8 <= at <= size - 2:
        if at:
            state.problem("an IFD outside the block", min(at, size))
        return
    state.visited.add(at)
    wide, row, inline = (8, 20, 8) if state.big else (2, 12, 4)
    count = state.number(at, wide)
    room = (size - at - wide) // row
    if count > room:
        state.problem("an IFD longer than the block", at)
        count = room
    for index in range(count):
        if len(state.entries) >= state.limits.max_ifd_entries:
            state.problem("too many entries", at)
            return
        yield from _entry(state, name, at + wide + row * index, inline) or ()
    following = at + wide + row * count
    if following + inline <= size and name in (IFD0, IFD1):
        # Exif 3.0, 4.5.4: IFD0 leads to IFD1 with the thumbnail; further ones are not defined.
        offset = state.number(following, inline)
        if offset:
            yield IFD1, offset


def _entry(state: _Walk, name: str, at: int, inline: int) -> list[tuple[str, int]] | None:
    """Read the entry at *at*, and return where it leads to; values of *inline* bytes stand in it."""
    tag, kind, count = struct.unpack_from(f"{state.order}{_ROWS[inline]}", state.data, at)
    width = _WIDTHS.get(kind)
    if width is None:
        state.problem("an entry of unknown type", at)
        return None
    length = width * count
    start = at + 4 + inline
    if length > inline:
        start = min(state.number(start, inline), len(state.data))
    if start + length > len(state.data):
        state.problem("a value that leaves the block", at)
        length = max(0, len(state.data) - start)
        length -= length % width
    state.read += length
    if state.read > _MOST_SHARED * len(state.data):
        state.problem("values that share their bytes", at)
        length = 0
    most = state.limits.max_block
    if kind in (_ASCII, _UTF8) and tag not in _WHOLE:
        most = min(most, MOST_TEXT)
    raw = state.data[start : start + min(length, most)]
    value = _decoded(state.order, kind, raw)
    where = state.span(start, start + length)
    own, order = state.own, state.order
    state.entries.append(Entry(name, tag, kind, count, raw, where, value, start, own, order))
    if tag in POINTERS and kind in (4, 13, 18):
        offsets = value if isinstance(value, tuple) else (value,)
        return [(POINTERS[tag], offset) for offset in offsets[:16] if isinstance(offset, int)]
    return None


def _decoded(order: str, kind: int, raw: bytes) -> object:
    if kind in (_ASCII, _UTF8):
        return text_of(raw)
    if kind == _UNDEFINED:
        return raw
    if kind in _RATIONALS:
        count = min(len(raw) // 8, _MOST_VALUES)
        flat = struct.unpack_from(f"{order}{2 * count}{_RATIONALS[kind]}", raw)
        values: tuple[object, ...] = tuple(zip(flat[::2], flat[1::2], strict=True))
    elif kind in _NUMBERS:
        if kind == 3 and len(raw) == 2:  # what most entries are
            return int.from_bytes(raw, "little" if order == "<" else "big")
        count = min(len(raw) // _WIDTHS[kind], _MOST_VALUES)
        flat = values = struct.unpack_from(f"{order}{count}{_NUMBERS[kind]}", raw)
        if kind in _FLOATS:  # neither JSON nor arithmetic has what is no number, or infinite
            values = tuple(one if math.isfinite(one) else None for one in flat)
    else:
        return raw
    return values[0] if len(values) == 1 else values


def text_of(raw: bytes) -> str:
    """Return ASCII as writers use it: up to the end, UTF-8 where it is, Latin-1 where not.

    No more than `MOST_TEXT` bytes are decoded.
    """
    whole = len(raw) <= MOST_TEXT
    raw = raw[:MOST_TEXT].rstrip(b"\x00 ")
    try:
        return codecs.utf_8_decode(raw, "strict", whole)[0]  # a character that is cut is left out
    except UnicodeDecodeError:
        return raw.decode("latin-1")
