"""Whether coded data ends with the picture: that what was cut off was none, and nothing is left.

Written from T.81, apart from the writer's own way to tell.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy._verify import _jpeg_bits as bits
from photoprivacy._verify._jpeg_tables import FRAMES, Decoder
from photoprivacy._verify._model import refuse

#: Coded data of a whole picture that is always walked through, in bytes.
FEW: Final = 1 << 14
#: What is looked at in front of a marker, and of a restart.
_END, _SHORT_END = 200, 16
#: So many letters in a row are no codes, if they are not the same few.
_WORD, _DIFFERENT = 16, 6
#: Blocks of a picture that are walked through.
_MOST: Final = 1 << 25
#: Those of which is kept what later scans refine: as many bytes as eight times that.
_KEPT: Final = 1 << 23
_LETTERS: Final = frozenset({9, 10, 13, *range(32, 127)})


@attrs.frozen(kw_only=True)
class Scanned:
    """A scan of a clean file.

    Attributes:
        header: The body of its header.
        tables: Kind and number → what stands there when it begins.
        start: Where its coded data begins.
        stop: Where that ends.
        restarts: Where its restart markers stand.
        cut: Where stretches of it end of which the source has more.
    """

    header: bytes
    tables: dict[bytes, bytes]
    start: int
    stop: int
    restarts: Sequence[int]
    cut: frozenset[int]


def check(
    output: bytes, state: Decoder, scans: Sequence[Scanned], *, every: bool, few: int
) -> None:
    """Check that the scans of a picture end where their last blocks do.

    Those of pictures with more than *few* bytes are looked at alone, unless something was cut
    off, or their end reads like words, or *every* one is asked for.

    Raises:
        Unclean: They do not, or what was cut off may have been picture.
    """
    strange = any(_words(output, scan) for scan in scans)
    cut = any(scan.cut for scan in scans)
    small = sum(scan.stop - scan.start for scan in scans) <= few
    if not (strange or cut or small or every):
        return
    left: list[int] = []
    at = scans[0].start
    try:
        known = _known(state, scans)
        for scan in scans:
            at = scan.start
            left += _walk(output, state, scan, known)
    except bits.Unreadable:
        if strange or cut or every:
            refuse("coded data that cannot be walked through", at)
        return  # a damaged picture, of which no end can be told
    if left:
        refuse("bytes behind the last block of coded data", left[0])


def _known(state: Decoder, scans: Sequence[Scanned]) -> dict[int, bits.Known]:
    """Return what is known at first of the components that are refined.

    Raises:
        Unreadable: They have more blocks than are kept, or are gone over too often.
    """
    code, frame = state.frame
    if not FRAMES[code][0]:
        return {}
    rows = [(one.header[1], one.header[-1] > 15) for one in scans if one.header[-3]]
    shape = _shape(frame)
    counts = {part: _units(state, part, shape) for part, refines in rows if refines}
    if sum(counts.values()) > _KEPT or sum(counts.get(part, 0) for part, _ in rows) > _MOST:
        raise bits.Unreadable
    return {part: bits.Known.nothing(count) for part, count in counts.items()}


def _shape(frame: bytes) -> dict[int, tuple[int, int]]:
    """Return how many blocks of each component a unit has, across and down."""
    return {row[0]: divmod(row[1], 16) for row in zip(frame[6::3], frame[7::3], strict=True)}


def _walk(output: bytes, state: Decoder, scan: Scanned, known: dict[int, bits.Known]) -> list[int]:
    """Return where bytes stand behind the last blocks of a scan's stretches."""
    units, per_block, read = _reader(state, scan, known)
    interval = int.from_bytes(scan.tables.get(b"\xdd", b""), "big") or units
    if per_block * units > _MOST:
        raise bits.Unreadable
    first, out = 0, []
    for start, stop in _stretches(output, scan):
        stretch = bits.Bits(output[start:stop])
        try:
            read(stretch, first, min(first + interval, units))
            if stretch.left():
                out.append(stop - stretch.left())
        except bits.Short:
            if stop in scan.cut:
                refuse("coded data that was cut short", stop)
        first += interval
    return out


def _reader(
    state: Decoder, scan: Scanned, known: dict[int, bits.Known]
) -> tuple[int, int, bits.Reader]:
    """Return how many units a scan has, how many blocks a unit, and who reads them."""
    code, frame = state.frame
    progressive, arithmetic, lossless = FRAMES[code]
    if arithmetic or lossless:
        raise bits.Unreadable
    shape = _shape(frame)
    parts = list(struct.iter_unpack("BB", scan.header[1:-3]))
    alone = len(parts) == 1
    chosen = [
        pair for part, pair in parts for _ in range(1 if alone else shape[part][0] * shape[part][1])
    ]
    first, last, steps = scan.header[-3:]
    units = _units(state, parts[0][0] if alone else None, shape)

    def codes(slot: int) -> bits.Codes:
        return bits.codes(scan.tables.get(b"\xc4" + bytes([slot]), b""), scan.stop - scan.start)

    if not progressive:
        made = {pair: (codes(pair // 16), codes(16 + pair % 16)) for pair in set(chosen)}
        return units, len(chosen), bits.sequential([made[pair] for pair in chosen])
    if first == 0 and steps > 15:
        return units, len(chosen), bits.averages_refined(len(chosen))
    if first == 0:
        tables = {pair: codes(pair // 16) for pair in set(chosen)}
        return units, len(chosen), bits.averages([tables[pair] for pair in chosen])
    if not alone or not first <= last < 64:
        raise bits.Unreadable
    mine, table = known.get(parts[0][0]), codes(16 + chosen[0] % 16)
    return units, 1, bits.band(table, first, last, mine, refines=steps > 15)


def _units(state: Decoder, alone: int | None, shape: dict[int, tuple[int, int]]) -> int:
    sizes = (int.from_bytes(state.frame[1][3:5], "big"), state.lines)
    most = [max(one[axis] for one in shape.values()) for axis in (0, 1)]
    if alone is None:
        counts = [math.ceil(size / (8 * high)) for size, high in zip(sizes, most, strict=True)]
    else:
        counts = [
            math.ceil(math.ceil(size * own / high) / 8)
            for size, own, high in zip(sizes, shape[alone], most, strict=True)
        ]
    return counts[0] * counts[1]


def _stretches(output: bytes, scan: Scanned) -> Iterator[tuple[int, int]]:
    at = scan.start
    for number, restart in enumerate(scan.restarts):
        if output[restart + 1] & 7 != number & 7:
            raise bits.Unreadable
        yield at, restart
        at = restart + 2
    yield at, scan.stop


def _words(output: bytes, scan: Scanned) -> bool:
    """Return whether coded data ends in letters, also in those of two bytes each."""
    if _has_word(output[max(scan.start, scan.stop - _END) : scan.stop]):
        return True
    ends = (output[at - _SHORT_END : at] for at in scan.restarts)
    return any(end.isascii() and _has_word(end) for end in ends)


def _has_word(end: bytes) -> bool:
    if _runs_on(list(end), _WORD):
        return True
    if end.count(0) < _WORD // 2:
        return False
    for odd in (0, 1):
        pairs = list(zip(end[odd::2], end[odd + 1 :: 2], strict=False))
        for silent in (0, 1):
            heard = [-1 if pair[silent] else pair[1 - silent] for pair in pairs]
            if _runs_on(heard, _WORD // 2):
                return True
    return False


def _runs_on(letters: Sequence[int], wanted: int) -> bool:
    run: list[int] = []
    for one in letters:
        if one not in _LETTERS:
            run = []
            continue
        run.append(one)
        if len(run) >= wanted and len(set(run)) >= _DIFFERENT:
            return True
    return False
