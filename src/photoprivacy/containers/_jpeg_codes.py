"""Huffman codes of a JPEG, as far as it takes to know how many bits a block is coded in.

ITU-T T.81, Annex C (codes), F.2.2 (sequential) and G.2 (progressive). No coefficient is decoded:
of each, only the length of its code and of its bits counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

#: bits of a window that tables are asked with: the longest code (C.2)
WINDOW: Final = 16
_MASK: Final = (1 << WINDOW) - 1
#: added to the coefficients that a window steps over when a block ends in it (EOB)
ENDED: Final = 1 << 10
#: how far something steps that is no code
FAR: Final = 1 << 12
#: symbols of F.1.2.2.1: the end of a block, and sixteen zeros
_EOB, _ZEROS = 0x00, 0xF0


#: coefficients that may stand between the first of a block and its end, and be told at once
_MOST: Final = 62


class Damaged(Exception):
    """Coded data that no encoder writes: where it ends cannot be told."""


class Few(dict[int, tuple[int, int]]):
    """A table of which few windows are met: each is looked up when it is."""

    def __init__(self, rows: Sequence[tuple[int, tuple[int, int]]]) -> None:
        """Take what each window stands for from a first one on, in their order."""
        super().__init__()
        self._starts = [start for start, _ in rows]
        self._found = [found for _, found in rows]

    def __missing__(self, window: int) -> tuple[int, int]:
        self[window] = found = self._found[bisect_right(self._starts, window) - 1]
        return found


#: For each window of sixteen bits: two numbers.
Table = list[tuple[int, int]] | Few


def symbols(table: bytes, *, few: bool = False) -> Table:
    """Return for each window the length of the code that it begins with, and its symbol.

    Length 0 where it begins with none.

    Args:
        table: From the number of codes of each length on (B.2.4.2, behind Tc and Th).
        few: Whether few windows will be asked for, so that not all are written down.

    Raises:
        Damaged: It is none, or has more codes than there are.
    """
    return _windows(table, lambda length, symbol: (length, symbol), (0, 0), few=few)


def first_steps(table: bytes, *, few: bool = False) -> Table:
    """Return for each window the bits of the first coefficient of a block, and 0 for its steps.

    What is no code steps `FAR`. The same goes for *table* and *few* as in `symbols`.
    """
    return _windows(table, first_step, (0, FAR), few=few)


def steps(table: bytes, *, few: bool = False) -> Table:
    """Return for each window the bits of another coefficient, and how far it steps.

    `ENDED` is added to the steps of the end of a block, and what is no code steps `FAR`.
    """
    return _windows(table, step, (0, FAR), few=few)


def first_step(length: int, symbol: int) -> tuple[int, int]:
    """Return the bits of the first coefficient of a block, and 0 for its steps."""
    return (length + symbol, 0) if symbol <= WINDOW else (0, FAR)


def step(length: int, symbol: int) -> tuple[int, int]:
    """Return the bits of another coefficient, and how far it steps."""
    if symbol == _EOB:
        return length, ENDED
    if symbol & 15 or symbol == _ZEROS:
        return length + (symbol & 15), (symbol >> 4) + 1
    return 0, FAR  # F.1.2.2.1: of no meaning here


def _windows(
    table: bytes, of: Callable[[int, int], tuple[int, int]], other: tuple[int, int], *, few: bool
) -> Table:
    rows: list[tuple[int, tuple[int, int]]] = []
    at, window = WINDOW, 0
    for length, count in enumerate(table[:WINDOW], 1):
        for symbol in table[at : at + count]:
            # C.2: codes follow one another, and windows are taken in their order.
            rows.append((window, of(length, symbol)))
            window += 1 << WINDOW - length
        at += count
    if not 0 < window <= 1 << WINDOW:
        raise Damaged
    rows.append((window, other))
    if few:
        return Few(rows)
    out: list[tuple[int, int]] = []
    for (start, found), (stop, _) in pairwise([*rows, (1 << WINDOW, other)]):
        out += [found] * (stop - start)
    return out


class Steps(dict[int, tuple[int, int]]):
    """Window → bits of all coefficients whose codes it shows whole, and how far they step.

    At least one, of which the bits may stand outside. Filled as windows are met.
    """

    def __init__(self, first: Table, rest: Table, *, start: bool) -> None:
        """Take the codes of a block's *first* coefficient and of the *rest*.

        Args:
            first: What `first_steps` returns, or *rest* once more.
            rest: What `steps` returns.
            start: Whether windows are those at the start of a block.
        """
        super().__init__()
        self._first = first
        self._rest = rest
        self._most = _MOST if start else ENDED

    def __missing__(self, window: int) -> tuple[int, int]:
        bits, far = first = self._first[window]
        while bits < WINDOW and far < ENDED and bits:
            length, step = self._rest[window << bits & _MASK]
            if not length or bits + length > WINDOW:
                break
            bits += length
            far += step
        found = first if far % ENDED > self._most else (bits, far)
        self[window] = found
        return found
