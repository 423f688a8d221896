"""How far the coded data of a scan goes: up to its last block, and not one byte further.

ITU-T T.81, F.2.2 (sequential) and G.2 (progressive), both with Huffman codes. Codes are walked
through and no coefficient is decoded. Lossless and arithmetic coding are not walked.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy.containers._jpeg_codes import (
    ENDED,
    FAR,
    WINDOW,
    Damaged,
    Steps,
    Table,
    first_steps,
    steps,
    symbols,
)
from photoprivacy.containers._model import Span

_MASK: Final = (1 << WINDOW) - 1
#: Bytes of coded data that are worth tables of several steps at once.
_MANY: Final = 1 << 18
#: Bytes that are not worth tables of all windows.
_FEW: Final = 1 << 12
#: bytes that are looked at as one number, and that may be looked at behind the end
_CHUNK: Final = 24
#: bits that no coefficient exceeds: a code of 16, and 16 of its own
_ENOUGH: Final = 64
_LAST: Final = 63
_FULL: Final = 64
#: as many zeros in front of a coefficient that they go on: no block ends with them
_FULL_RUN: Final = 15


@attrs.frozen(kw_only=True)
class Scan:
    """A scan, ready to be walked through.

    Attributes:
        stretches: Where its coded data is: one stretch a restart interval, without the markers.
        units: How many units it has (MCU, A.2).
        interval: Units between two restarts, 0 for no restarts.
        parts: Components, as the scan header numbers them.
        blocks: For each block of a unit, its tables for the first coefficient and for others;
            ``b""`` for one that the scan does not use.
        band: First and last coefficient (Ss, Se).
        refines: Whether it adds a bit to what earlier scans began (Ah is not 0).
        progressive: Whether the frame is.
    """

    stretches: tuple[Span, ...]
    units: int
    interval: int
    parts: tuple[int, ...]
    blocks: tuple[tuple[bytes, bytes], ...]
    band: tuple[int, int]
    refines: bool
    progressive: bool

    def shares(self) -> Iterator[tuple[Span, int, int]]:
        """Yield each stretch, the number of its first unit, and how many units it has."""
        every = self.interval or self.units
        for number, stretch in enumerate(self.stretches):
            start = number * every
            yield stretch, start, max(0, min(every, self.units - start))


@attrs.frozen
class Seen:
    """Which coefficients of a component's blocks earlier scans began (G.1.2.3).

    Attributes:
        which: For each block its coefficients, a bit each.
    """

    which: array[int]

    @classmethod
    def of(cls, blocks: int) -> Seen:
        """Take a component of so many *blocks*, none of which was begun."""
        return cls(array("Q", bytes(8 * blocks)))


def ends(data: bytes, scan: Scan, seen: Seen | None = None) -> list[int]:
    """Return where the coded data of each stretch of *scan* ends.

    The bits that fill the last byte (F.1.2.3) belong to it. Data that ends before its last block
    ends where its stretch does: decoders make up the rest.

    Args:
        data: The file.
        scan: What to walk through.
        seen: What scans before began of its component, and takes what this one begins. ``None``
            where no scan refines it.

    Raises:
        Damaged: No encoder writes that.
    """
    walk = _walker(scan, seen)
    out = []
    for stretch, start, count in scan.shares():
        body = data[stretch.start : stretch.stop].replace(b"\xff\x00", b"\xff")
        used = -(-walk.bits(body, start, count) // 8)
        if used >= len(body):
            out.append(stretch.stop)
        else:  # B.1.1.5: a zero follows each FF
            out.append(stretch.start + used + body.count(b"\xff", 0, used))
    return out


@attrs.frozen
class _Sequential:
    """Blocks of a sequential scan, by turns (F.2.2)."""

    blocks: Sequence[tuple[Table | Steps, Table | Steps, Table]]

    def bits(self, body: bytes, _start: int, count: int) -> int:
        padded = body + bytes(_CHUNK)
        size, at, left, window = len(body), 0, 0, 0
        for _ in range(count):
            for starts, others, single in self.blocks:
                if left < _ENOUGH:
                    at -= left + 7 >> 3
                    if at >= size:
                        return 8 * size
                    window = int.from_bytes(padded[at : at + _CHUNK])
                    at += _CHUNK
                    left = 8 * _CHUNK - (-left & 7)
                bits, here = starts[window >> left - WINDOW & _MASK]
                left -= bits
                here += 1
                while here <= _LAST:
                    if left < _ENOUGH:
                        at -= left + 7 >> 3
                        if at >= size:
                            return 8 * size
                        window = int.from_bytes(padded[at : at + _CHUNK])
                        at += _CHUNK
                        left = 8 * _CHUNK - (-left & 7)
                    bits, step = others[window >> left - WINDOW & _MASK]
                    reach = here + step
                    if reach > _FULL and not ENDED <= reach <= ENDED + _LAST:
                        # A block that is full has no end of its own: the rest is of the next one.
                        bits, step = single[window >> left - WINDOW & _MASK]
                    left -= bits
                    here += step
                if _FULL < here < ENDED or here >= FAR:
                    raise Damaged
        return min(8 * at - left, 8 * size)


@attrs.frozen
class _First:
    """The first coefficient of each block, in its upper bits (G.1.2.1)."""

    blocks: Sequence[Table]

    def bits(self, body: bytes, _start: int, count: int) -> int:
        total, at = 8 * len(body), 0
        padded = body + bytes(_CHUNK)
        for _ in range(count):
            if at >= total:
                break
            for table in self.blocks:
                byte = at >> 3
                three = padded[byte] << 16 | padded[byte + 1] << 8 | padded[byte + 2]
                bits, far = table[three >> 8 - (at & 7) & _MASK]
                if far:
                    raise Damaged
                at += bits
                if at > total:
                    return total
        return min(at, total)


@attrs.frozen
class _OneBit:
    """One bit more of the first coefficient of each block (G.1.2.1)."""

    blocks: int

    def bits(self, body: bytes, _start: int, count: int) -> int:
        return min(self.blocks * count, 8 * len(body))


@attrs.frozen
class _Band:
    """Some coefficients of each block of a component, in their upper bits (G.1.2.2)."""

    symbols: Table
    first: int
    last: int
    seen: Seen | None

    def bits(self, body: bytes, start: int, count: int) -> int:
        total, at, block, end = 8 * len(body), 0, start, start + count
        table, seen, last = self.symbols, self.seen, self.last
        padded = body + bytes(_CHUNK)
        while block < end and at < total:
            here, began, following = self.first, 0, block + 1
            while here <= last:
                byte = at >> 3
                three = padded[byte] << 16 | padded[byte + 1] << 8 | padded[byte + 2]
                length, symbol = table[three >> 8 - (at & 7) & _MASK]
                if not length:
                    raise Damaged
                run, size = symbol >> 4, symbol & 15
                at += length + size
                if size:
                    here += run
                    began |= 1 << here
                    here += 1
                elif run < _FULL_RUN:
                    # G.1.2.2: this block, and as many behind it, have no more.
                    following = block + (1 << run) + _number(padded, at, run)
                    at += run
                    break
                else:
                    here += 16
                if at > total:
                    break
            if here > last + 1:
                raise Damaged
            if began and seen is not None:
                seen.which[block] |= began
            block = following
        if seen is not None and (block < end or at > total):
            raise Damaged  # what refines it is as long as nobody knows
        return min(at, total)


@attrs.frozen
class _Refined:
    """One bit more of some coefficients of each block of a component (G.1.2.3)."""

    symbols: Table
    first: int
    last: int
    seen: Seen

    def bits(self, body: bytes, start: int, count: int) -> int:
        total, at, block, end = 8 * len(body), 0, start, start + count
        band = (1 << self.last + 1) - (1 << self.first)
        which, table, last = self.seen.which, self.symbols, self.last
        padded = body + bytes(_CHUNK)
        while block < end and at < total:
            known = which[block]
            here, began, following = self.first, 0, block + 1
            while here <= last:
                byte = at >> 3
                three = padded[byte] << 16 | padded[byte + 1] << 8 | padded[byte + 2]
                length, symbol = table[three >> 8 - (at & 7) & _MASK]
                if not length:
                    raise Damaged
                run, size = symbol >> 4, symbol & 15
                at += length
                if not size and run < _FULL_RUN:
                    following = block + (1 << run) + _number(padded, at, run)
                    # Of all that have nothing new, a bit for each coefficient that was known.
                    at += run + (known & band >> here << here).bit_count()
                    break
                at += size > 0  # the sign of a new one
                while here <= last:
                    if known >> here & 1:
                        at += 1
                    elif run:
                        run -= 1
                    else:
                        break
                    here += 1
                if here > last:
                    raise Damaged
                began |= (size > 0) << here
                here += 1
                if at > total:
                    break
            which[block] = known | began
            following = min(following, end)
            if following > block + 1:
                for begun in filter(None, which[block + 1 : following]):
                    at += (begun & band).bit_count()
            block = following
        if block < end or at > total:
            raise Damaged
        return min(at, total)


def _number(padded: bytes, at: int, size: int) -> int:
    """Return the number of *size* bits from bit *at* on."""
    byte = at >> 3
    return int.from_bytes(padded[byte : byte + 3]) >> 24 - size - (at & 7) & (1 << size) - 1


def _walker(scan: Scan, seen: Seen | None) -> _Sequential | _First | _OneBit | _Band | _Refined:
    first, last = scan.band
    size = sum(len(stretch) for stretch in scan.stretches)
    few = size < _FEW
    if not scan.progressive:
        made = {pair: _tables(*pair, few=few, many=size > _MANY) for pair in set(scan.blocks)}
        return _Sequential([made[pair] for pair in scan.blocks])
    if not first:
        if last:
            raise Damaged  # G.1.1.1.1: the first coefficient has scans of its own
        if scan.refines:
            return _OneBit(len(scan.blocks))
        tables = {dc: first_steps(dc, few=few) for dc, _ in scan.blocks}
        return _First([tables[dc] for dc, _ in scan.blocks])
    if len(scan.blocks) != 1 or not first <= last <= _LAST:
        raise Damaged
    table = symbols(scan.blocks[0][1], few=few)
    if not scan.refines:
        return _Band(table, first, last, seen)
    if seen is None:
        raise Damaged
    return _Refined(table, first, last, seen)


def _tables(
    first: bytes, rest: bytes, *, few: bool, many: bool
) -> tuple[Table | Steps, Table | Steps, Table]:
    """Return what blocks are walked by: at their start, behind it, and step by step."""
    starts, single = first_steps(first, few=few), steps(rest, few=few)
    if not many:
        return starts, single, single
    return Steps(starts, single, start=True), Steps(single, single, start=False), single
