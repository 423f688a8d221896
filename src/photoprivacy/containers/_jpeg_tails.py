"""Where the scans of a picture end, and which of them are walked through to tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy.containers._jpeg_codes import Damaged
from photoprivacy.containers._jpeg_ends import SMALL, looks_planted, tails
from photoprivacy.containers._jpeg_frame import ARITHMETIC, LOSSLESS, PROGRESSIVE, Frame
from photoprivacy.containers._jpeg_probe import fits
from photoprivacy.containers._jpeg_scan import Scan
from photoprivacy.containers._model import Span

_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
#: Blocks of which is noted what refinements need: eight bytes each, of half a gigapixel.
_MOST_BLOCKS: Final = 1 << 23
#: Blocks that such scans go over, all together. A run of a few bits goes over thousands.
_MOST_PASSED: Final = 1 << 25
#: Bytes of coded data of a picture that is walked when nobody asks for it: some ten seconds.
_LONGEST: Final = 32 << 20


@attrs.frozen(kw_only=True)
class Coded:
    """A scan as it stands in the file.

    Attributes:
        header: What its header says (B.2.3).
        parts: Its components.
        tables: For each of them, the codes of first and of other coefficients; ``b""`` for none.
        interval: Units between restarts, 0 for none.
        spans: Its coded data, as far as decoders read it.
        restarts: Where restart markers stand in them.
    """

    header: bytes
    parts: Sequence[int]
    tables: Sequence[tuple[bytes, bytes]]
    interval: int
    spans: Sequence[Span]
    restarts: Sequence[int]


@attrs.frozen(kw_only=True)
class Ends:
    """What is known of where the scans of a picture end.

    Attributes:
        tails: What stands behind their last blocks, found by walking.
        doubtful: Whether an end looks like words, and cannot be walked to.
        proved: Whether all were walked to.
    """

    tails: tuple[Span, ...] = ()
    doubtful: bool = False
    proved: bool = False


def ends_of(
    data: bytes,
    frame: Frame,
    height: int,
    scans: Sequence[Coded],
    *,
    every: bool,
    small: int = SMALL,
) -> Ends:
    """Return what stands behind the last blocks of *scans*.

    Args:
        data: The file.
        frame: The frame header that they have.
        height: Number of lines of the picture.
        scans: All of one picture, in order.
        every: Whether they are walked, however long that takes. If not, then those of small
            pictures, and of such in which one ends like something else than its codes.
        small: Bytes of coded data of a small picture.
    """
    words = any(looks_planted(data, scan.spans, scan.restarts) for scan in scans)
    size = sum(len(span) for scan in scans for span in scan.spans)
    if not (every or words or size <= small or _seems_odd(data, frame, scans)):
        return Ends()
    if size > _LONGEST and not every:
        return Ends(doubtful=words)
    try:
        walked = [_scan(data, frame, height, scan) for scan in scans]
        found = tuple(tails(data, walked, _refined(frame, height, walked)))
    except Damaged:
        return Ends(doubtful=words)
    return Ends(tails=found, proved=True)


def _seems_odd(data: bytes, frame: Frame, scans: Sequence[Coded]) -> bool:
    """Return whether a sequential scan seems not to end with its codes."""
    if frame.code in ARITHMETIC | LOSSLESS | PROGRESSIVE:
        return False
    for scan in scans:
        spans = [span for span in scan.spans if len(span)]
        if spans:
            last = spans[-1]
            start = max(last.start, scan.restarts[-1] + 2 if scan.restarts else 0)
            if not fits(data, Span(start, last.stop), _per_unit(frame, scan)):
                return True
    return False


def _per_unit(frame: Frame, coded: Coded) -> list[tuple[bytes, bytes]]:
    """Return the tables of each block of a unit (A.2.2, A.2.3).

    Alone, a component goes block by block; together, by their factors.
    """
    tables: list[tuple[bytes, bytes]] = []
    for part, pair in zip(coded.parts, coded.tables, strict=True):
        across, down, _ = frame.components[part]
        tables += [pair] * (across * down if len(coded.parts) > 1 else 1)
    return tables


def _refined(frame: Frame, height: int, scans: Sequence[Scan]) -> dict[int, int]:
    """Return how many blocks each component has that a scan refines.

    Raises:
        Damaged: Too many, or scans go over them too often.
    """
    refined = {scan.parts[0] for scan in scans if scan.refines and scan.band[0]}
    blocks = {part: frame.units([part], height) for part in refined}
    passed = sum(blocks.get(scan.parts[0], 0) for scan in scans if scan.band[0])
    if sum(blocks.values()) > _MOST_BLOCKS or passed > _MOST_PASSED:
        raise Damaged
    return blocks


def _scan(data: bytes, frame: Frame, height: int, coded: Coded) -> Scan:
    if frame.code in ARITHMETIC | LOSSLESS:
        raise Damaged
    progressive = frame.code in PROGRESSIVE
    first, last, bits = coded.header[-3:]
    return Scan(
        stretches=tuple(_stretches(data, coded.spans)),
        units=frame.units(coded.parts, height),
        interval=coded.interval,
        parts=tuple(coded.parts),
        blocks=tuple(_per_unit(frame, coded)),
        band=(first, last) if progressive else (0, 63),  # decoders look at no other
        refines=bits >> 4 > 0,
        progressive=progressive,
    )


def _stretches(data: bytes, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the stretches between restarts, which are numbered by turns (B.1.1.3)."""
    number = 0
    for position, span in enumerate(spans):
        if not len(span):
            continue
        at = span.start
        if position and not _RESTART.match(data, at, span.stop):
            raise Damaged
        for restart in _RESTART.finditer(data, at, span.stop):
            if data[restart.start() + 1] != 0xD0 + number % 8:
                raise Damaged
            number += 1
            if not position or restart.start() > span.start:
                yield Span(at, restart.start())
            at = restart.end()
        yield Span(at, span.stop)
