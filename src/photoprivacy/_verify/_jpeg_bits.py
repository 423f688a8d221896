"""A second walk through coded data, to know which bytes hold bits of the picture.

Written from ITU-T T.81, Annexes C, F.2.2 and G.2, apart from the walk that the writer goes by:
symbol by symbol, each looked up in a table of all sixteen bits.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Final

import attrs

_NO_CODE: Final = (0, 0)
#: So few bytes meet few codes: each is looked for when it is met.
_FEW: Final = 1 << 12


class Unreadable(Exception):
    """Bits that are no code, or coefficients that no block has room for."""


class Short(Exception):
    """The bits end before the blocks do."""


class _Sought(dict[int, tuple[int, int]]):
    """Sixteen bits → the code that they begin with, as they are met."""

    def __init__(self, lengths: Sequence[int], symbols: bytes) -> None:
        super().__init__()
        self._known: dict[tuple[int, int], int] = {}
        code = 0
        for length, symbol in zip(lengths, symbols, strict=True):
            self._known[length, code >> 16 - length] = symbol
            code += 1 << 16 - length

    def __missing__(self, window: int) -> tuple[int, int]:
        for length in range(1, 17):
            symbol = self._known.get((length, window >> 16 - length))
            if symbol is not None:
                return self.setdefault(window, (length, symbol))
        return self.setdefault(window, _NO_CODE)


#: a code's length and its symbol, for each sixteen bits that begin with it
Codes = list[tuple[int, int]] | _Sought


def codes(table: bytes, size: int) -> Codes:
    """Return the codes of a Huffman table (C.2): its kind, sixteen counts, its symbols.

    They are for *size* bytes of coded data.
    """
    counts, symbols = list(enumerate(table[1:17], 1)), table[17:]
    taken = sum(count << 16 - length for length, count in counts)
    if not 0 < taken <= 1 << 16 or sum(table[1:17]) != len(symbols):
        raise Unreadable
    lengths = [length for length, count in counts for _ in range(count)]
    if size < _FEW:
        return _Sought(lengths, symbols)
    out: list[tuple[int, int]] = []
    for length, symbol in zip(lengths, symbols, strict=True):
        out += [(length, symbol)] * (1 << 16 - length)
    return out + [_NO_CODE] * ((1 << 16) - taken)


class Bits:
    """The bits of a stretch of coded data, with its stuffed zeros taken out (B.1.1.5)."""

    def __init__(self, stretch: bytes) -> None:
        self.bytes = stretch.replace(b"\xff\x00", b"\xff") + bytes(4)
        self._end = 8 * (len(self.bytes) - 4)
        self.at = 0

    def symbol(self, table: Codes) -> int:
        """Read a code."""
        at, data = self.at, self.bytes
        byte = at >> 3
        if at >= self._end:
            raise Short
        three = data[byte] << 16 | data[byte + 1] << 8 | data[byte + 2]
        length, symbol = table[three >> 8 - at % 8 & 0xFFFF]
        if not length:
            raise Unreadable
        self.at = at + length
        return symbol

    def number(self, length: int) -> int:
        """Read a number of so many bits."""
        value = 0
        for _ in range(length):
            if self.at >= self._end:
                raise Short
            value = value << 1 | self.bytes[self.at >> 3] >> 7 - self.at % 8 & 1
            self.at += 1
        return value

    def left(self) -> int:
        """Return how many whole bytes are behind the last one that was read from.

        Raises:
            Short: More was read than there is.
        """
        if self.at > self._end:
            raise Short
        return (self._end - self.at) // 8


@attrs.frozen
class Known:
    """What earlier scans told of a component that is refined: which coefficients are not zero.

    Attributes:
        places: Of each block, the coefficient at place n as bit n.
    """

    places: array[int]

    @classmethod
    def nothing(cls, blocks: int) -> Known:
        """Return what is known of so many *blocks* at first."""
        return cls(array("Q", [0]) * blocks)


#: reads units from one number up to another
Reader = Callable[[Bits, int, int], None]


def sequential(pairs: Sequence[tuple[Codes, Codes]]) -> Reader:
    """Return who reads units of which each block has its two tables (F.2.2)."""

    def block(bits: Bits, first: Codes, other: Codes) -> None:
        size = bits.symbol(first)
        if size > 16:
            raise Unreadable
        at, data, place = bits.at + size, bits.bytes, 1
        while place < 64:
            byte = at >> 3
            if byte >= len(data) - 2:
                raise Short
            three = data[byte] << 16 | data[byte + 1] << 8 | data[byte + 2]
            length, symbol = other[three >> 8 - at % 8 & 0xFFFF]
            at += length + symbol % 16
            if symbol % 16:
                place += (symbol >> 4) + 1
            elif symbol == 0xF0:
                place += 16
            elif symbol or not length:
                raise Unreadable
            else:
                break
        if place > 64:
            raise Unreadable
        bits.at = at

    def read(bits: Bits, start: int, stop: int) -> None:
        for _ in range(start, stop):
            for first, other in pairs:
                block(bits, first, other)

    return read


def averages(tables: Sequence[Codes]) -> Reader:
    """Return who reads the first coefficients of a progressive picture (G.1.2.1)."""

    def read(bits: Bits, start: int, stop: int) -> None:
        for _ in range(start, stop):
            for table in tables:
                size = bits.symbol(table)
                if size > 16:
                    raise Unreadable
                bits.at += size

    return read


def averages_refined(blocks: int) -> Reader:
    """Return who reads one bit more of each of them."""

    def read(bits: Bits, start: int, stop: int) -> None:
        bits.at += blocks * (stop - start)

    return read


def band(table: Codes, first: int, last: int, known: Known | None, *, refines: bool) -> Reader:
    """Return who reads coefficients *first* to *last* of a progressive picture (G.1.2.2, .3).

    What is *known* matters to a component that a scan refines, and is ``None`` for others.
    """
    inside = sum(1 << place for place in range(first, last + 1))

    def one(bits: Bits, block: int) -> int:
        """Read a block; return how many behind it have nothing new."""
        told = known.places[block] if refines and known else 0
        new, place, following = 0, first, 0
        while place <= last:
            symbol = bits.symbol(table)
            run, size = symbol >> 4, symbol & 15
            if size == 0 and run < 15:
                following = (1 << run) + bits.number(run) - 1
                # A bit for each known one from here on.
                bits.at += ((told & inside) >> place).bit_count()
                break
            bits.at += min(size, 1) if refines else size
            while place <= last and (told >> place & 1 or run):
                if told >> place & 1:
                    bits.at += 1
                else:
                    run -= 1
                place += 1
            if place > last:
                raise Unreadable
            if size:
                new += 1 << place
            place += 1
        if new and known:
            known.places[block] |= new
        return following

    def read(bits: Bits, start: int, stop: int) -> None:
        block = start
        while block < stop:
            following = min(one(bits, block), stop - block - 1)
            if refines and known and following:
                behind = known.places[block + 1 : block + 1 + following]
                bits.at += sum((told & inside).bit_count() for told in behind if told)
            block += 1 + following
            bits.left()

    return read if known is None else _whole(read)


def _whole(read: Reader) -> Reader:
    def whole(bits: Bits, start: int, stop: int) -> None:
        try:
            read(bits, start, stop)
        except Short:
            # How long a refinement of it is cannot be told.
            raise Unreadable from None

    return whole
