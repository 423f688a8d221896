"""Huffman codes of a JPEG, as far as it takes to know how many bits a block is coded in.

ITU-T T.81, Annex C (codes), F.2.2 (sequential) and G.2 (progressive). No coefficient is decoded:
of each, only the length of its code and of its bits counts.
"""

from __future__ import annotations

from typing import Final

#: bits of a window that tables are asked with: the longest code (C.2)
WINDOW: Final = 16
_MASK: Final = (1 << WINDOW) - 1
#: added to the coefficients that a window steps over when a block ends in it (EOB)
ENDED: Final = 1 << 10
#: symbols of F.1.2.2.1: the end of a block, and sixteen zeros
_EOB, _ZEROS = 0x00, 0xF0


#: coefficients that may stand between the first of a block and its end, and be told at once
_MOST: Final = 62


class Damaged(Exception):
    """Coded data that no encoder writes: where it ends cannot be told."""


class Symbols(dict[int, tuple[int, int]]):
    """Window of sixteen bits → length of the code that it begins with, and what that means.

    Filled as windows are met: of the 65536 a small picture has few.
    """

    def __init__(self, table: bytes) -> None:
        """Take *table* from the number of codes of each length on (B.2.4.2, behind Tc and Th)."""
        super().__init__()
        if len(table) < WINDOW:
            raise Damaged  # a table that is not there
        self._codes: dict[int, int] = {}
        code, at = 0, WINDOW
        for length in range(1, WINDOW + 1):
            for symbol in table[at : at + table[length - 1]]:
                if code >> length:
                    raise Damaged  # more codes than there are of that length
                self._codes[1 << length | code] = symbol
                code += 1
            at += table[length - 1]
            code <<= 1

    def __missing__(self, window: int) -> tuple[int, int]:
        for length in range(1, WINDOW + 1):
            symbol = self._codes.get(1 << length | window >> (WINDOW - length))
            if symbol is not None:
                self[window] = length, symbol
                return length, symbol
        raise Damaged


class Steps(dict[int, tuple[int, int]]):
    """Window → bits of all coefficients whose codes it shows whole, and how far they step.

    At least one, of which the bits may stand outside. Where the block ends with them, `ENDED` is
    added to the steps.
    """

    def __init__(self, symbols: Symbols) -> None:
        super().__init__()
        self._symbols = symbols

    def __missing__(self, window: int) -> tuple[int, int]:
        found = _steps(self._symbols, window, 0)
        if not found[0]:
            raise Damaged
        self[window] = found
        return found


class Starts(dict[int, tuple[int, int]]):
    """Window at the start of a block → the same, the first coefficient (DC) included."""

    def __init__(self, first: Symbols, rest: Symbols) -> None:
        super().__init__()
        self._first = first
        self._rest = rest

    def __missing__(self, window: int) -> tuple[int, int]:
        length, size = self._first[window]
        if size > 16:
            raise Damaged
        found = _steps(self._rest, window, length + size)
        if found[1] % ENDED > _MOST:
            found = length + size, 0
        self[window] = found
        return found


def _steps(symbols: Symbols, window: int, bits: int) -> tuple[int, int]:
    """Return the bits of *window*, *bits* of which were used, and the coefficients in them."""
    steps = 0
    while bits < WINDOW:
        try:
            length, symbol = symbols[window << bits & _MASK]
        except Damaged:
            break
        if bits + length > WINDOW:
            break
        size = symbol & 15
        if symbol == _EOB:
            return bits + length, steps + ENDED
        if not size and symbol != _ZEROS:
            break  # F.1.2.2.1: of no meaning here
        bits += length + size
        steps += (symbol >> 4) + 1
    return bits, steps


class Single(dict[int, tuple[int, int]]):
    """Window → bits of the one coefficient that it begins with, and how far it steps."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__()
        self._symbols = symbols

    def __missing__(self, window: int) -> tuple[int, int]:
        length, symbol = self._symbols[window]
        if symbol == _EOB:
            found = length, ENDED
        elif symbol & 15 or symbol == _ZEROS:
            found = length + (symbol & 15), (symbol >> 4) + 1
        else:
            raise Damaged
        self[window] = found
        return found
