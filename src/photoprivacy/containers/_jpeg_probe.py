"""Whether the last bytes of a scan read as codes that end with the scan: a guess, and a quick one.

Huffman codes find their feet: whoever begins to read in the middle soon reads what was written.
So the last few hundred bytes are read from each place where a block may begin. If one reading
goes on without a fault up to the last bit of a whole unit, and nothing but ones fill the byte
(T.81, F.1.2.3), the scan most likely ends there. Other bytes behind it, even random ones, pass
about one time in fifty; then, and only then, they are not looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from photoprivacy.containers._jpeg_codes import ENDED, FAR, WINDOW, first_step, step
from photoprivacy.containers._model import Span

#: Bytes that are read. Blocks of the best quality take sixty.
_LOOK: Final = 384
#: codes up to this length are found at once
_SHORT: Final = 10
#: Codes that are read before the guess is that nothing fits: one or two milliseconds, and up to
#: ten where to walk through the whole scan would take as long.
_PATIENCE: Final = (8_000, 60_000)
_LAST, _FULL = 63, 64
_MASK: Final = (1 << WINDOW) - 1


class _Codes:
    """Windows of sixteen bits → bits of the coefficient that they begin with, and its steps."""

    def __init__(self, table: bytes, *, first: bool) -> None:
        of = first_step if first else step
        self.short: list[tuple[int, int] | None] = []
        self._long: dict[int, tuple[int, int]] = {}
        code, at = 0, WINDOW
        for length, count in enumerate(table[:WINDOW], 1):
            for symbol in table[at : at + count]:
                if length <= _SHORT:
                    self.short += [of(length, symbol)] * (1 << _SHORT - length)
                else:
                    self._long[1 << length | code] = of(length, symbol)
                code += 1
            at += count
            code <<= 1
        self.short += [None] * ((1 << _SHORT) - len(self.short))

    def long(self, window: int) -> tuple[int, int]:
        for length in range(_SHORT + 1, WINDOW + 1):
            found = self._long.get(1 << length | window >> WINDOW - length)
            if found is not None:
                return found
        return 0, FAR


def fits(data: bytes, stretch: Span, blocks: Sequence[tuple[bytes, bytes]]) -> bool:
    """Return whether *stretch* seems to end with the last bit of a sequential scan.

    Args:
        data: The file.
        stretch: Coded data behind the last restart.
        blocks: For each block of a unit, its tables for the first coefficient and for others.
    """
    start = max(stretch.start, stretch.stop - _LOOK)
    if start > stretch.start and data[start - 1] == 0xFF:
        start += 1  # a stuffed zero
    body = data[start : stretch.stop].replace(b"\xff\x00", b"\xff")
    made = {
        pair: (_Codes(pair[0], first=True), _Codes(pair[1], first=False)) for pair in set(blocks)
    }
    # From its start, there is one way to read a stretch; from its middle, one of many.
    places = 4 * len(body) if start > stretch.start else 1
    turns = len(blocks) if start > stretch.start else 1
    patience = min(_PATIENCE[0] + len(stretch), _PATIENCE[1])
    return _Reading(body, [made[pair] for pair in blocks], patience).any(places, turns)


class _Reading:
    """The ways in which bytes can be read; each place is gone through once."""

    def __init__(self, body: bytes, blocks: Sequence[tuple[_Codes, _Codes]], patience: int) -> None:
        self._bits = int.from_bytes(body + bytes(4))
        self._total = 8 * len(body)
        self._blocks = blocks
        self._seen: set[int] = set()
        self._read = 0
        self._patience = patience

    def any(self, places: int, turns: int) -> bool:
        """Return whether one way from the first *places* reads on to the end."""
        for place in range(places):
            for turn in range(turns):
                if self._ends(place, turn):
                    return True
                if self._read > self._patience:
                    return False
        return False

    def _ends(self, at: int, turn: int) -> bool:
        count, total = len(self._blocks), self._total
        while at <= total:
            key = at * count + turn
            if key in self._seen or self._read > self._patience:
                return False
            self._seen.add(key)
            at = self._block(at, *self._blocks[turn])
            turn = (turn + 1) % count
            left = total - at
            if not turn and 0 <= left < 8:
                ones = (1 << left) - 1
                if self._bits >> 32 & ones == ones:
                    return True
        return False

    def _block(self, at: int, first: _Codes, rest: _Codes) -> int:
        """Return where the block ends that begins at bit *at*, behind the end if none does."""
        bits, top, beyond = self._bits, self._total + 32 - WINDOW, self._total + 1
        window = bits >> top - at & _MASK
        size, far = first.short[window >> WINDOW - _SHORT] or first.long(window)
        if far:
            return beyond
        at += size
        here, short = 1, rest.short
        while here <= _LAST:
            if at >= beyond:
                return beyond
            self._read += 1
            window = bits >> top - at & _MASK
            size, far = short[window >> WINDOW - _SHORT] or rest.long(window)
            at += size
            here += far
        return at if here == _FULL or ENDED <= here < FAR else beyond
