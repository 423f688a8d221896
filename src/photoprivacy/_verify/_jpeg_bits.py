"""A second walk through coded data, to know which bytes hold bits of the picture.

Written from ITU-T T.81, Annexes C, F.2.2 and G.2, apart from the walk that the writer goes by:
symbol by symbol, each looked up in a table of all sixteen bits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final

import attrs

#: a code's length and its symbol, for each sixteen bits that begin with it
_Codes = list[tuple[int, int]]
_NO_CODE: Final = (0, 0)


class Unreadable(Exception):
    """Bits that are no code, or coefficients that no block has room for."""


class Short(Exception):
    """The bits end before the blocks do."""


def codes(table: bytes) -> _Codes:
    """Return the codes of a Huffman table (C.2): its kind, sixteen counts, its symbols."""
    counts, symbols = list(enumerate(table[1:17], 1)), table[17:]
    taken = sum(count << 16 - length for length, count in counts)
    if not 0 < taken <= 1 << 16 or sum(table[1:17]) != len(symbols):
        raise Unreadable
    lengths = [length for length, count in counts for _ in range(count)]
    out: _Codes = []
    for length, symbol in zip(lengths, symbols, strict=True):
        out += [(length, symbol)] * (1 << 16 - length)
    return out + [_NO_CODE] * ((1 << 16) - taken)


class Bits:
    """The bits of a stretch of coded data, with its stuffed zeros taken out (B.1.1.5)."""

    def __init__(self, stretch: bytes) -> None:
        self.bytes = stretch.replace(b"\xff\x00", b"\xff") + bytes(4)
        self._end = 8 * (len(self.bytes) - 4)
        self.at = 0

    def symbol(self, table: _Codes) -> int:
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


@attrs.define
class Known:
    """What earlier scans told of the blocks of a component: which coefficients are not zero."""

    blocks: dict[int, set[int]] = attrs.field(factory=dict)


#: reads units from one number up to another
Reader = Callable[[Bits, int, int], None]


def sequential(pairs: Sequence[tuple[_Codes, _Codes]]) -> Reader:
    """Return who reads units of which each block has its two tables (F.2.2)."""

    def block(bits: Bits, first: _Codes, other: _Codes) -> None:
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


def averages(tables: Sequence[_Codes]) -> Reader:
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


def band(table: _Codes, first: int, last: int, known: Known, *, refines: bool) -> Reader:
    """Return who reads coefficients *first* to *last* of a progressive picture (G.1.2.2, .3)."""
    before = sorted(known.blocks)

    def corrected(bits: Bits, block: int, place: int) -> None:
        told = known.blocks.get(block)
        if told and refines:
            bits.at += sum(place <= one <= last for one in told)

    def one(bits: Bits, block: int) -> int:
        """Read a block; return how many behind it have nothing new."""
        told = known.blocks.get(block, set()) if refines else set()
        new: set[int] = set()
        place = first
        while place <= last:
            symbol = bits.symbol(table)
            run, size = symbol >> 4, symbol & 15
            if size == 0 and run < 15:
                following = (1 << run) + bits.number(run) - 1
                corrected(bits, block, place)
                break
            bits.at += min(size, 1) if refines else size
            while place <= last and (place in told or run):
                if place in told:
                    bits.at += 1
                else:
                    run -= 1
                place += 1
            if place > last:
                raise Unreadable
            if size:
                new.add(place)
            place += 1
        else:
            following = 0
        if new:
            known.blocks[block] = known.blocks.get(block, set()) | new
        return following

    def read(bits: Bits, start: int, stop: int) -> None:
        block = start
        while block < stop:
            following = min(one(bits, block), stop - block - 1)
            if refines and following:
                # What this scan began stands in front of here.
                some = slice(bisect_right(before, block), bisect_right(before, block + following))
                for behind in before[some]:
                    corrected(bits, behind, first)
            block += 1 + following
            bits.left()

    return _whole(read)


def _whole(read: Reader) -> Reader:
    def whole(bits: Bits, start: int, stop: int) -> None:
        try:
            read(bits, start, stop)
        except Short:
            # How long a refinement of it is cannot be told.
            raise Unreadable from None

    return whole
