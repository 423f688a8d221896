"""What stands behind the last block of a scan, in front of the next marker: nobody's picture.

To find it, all codes of the scan have to be walked through, which takes a second for four
megabytes. So big scans are walked only where their ends look like something else than codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from photoprivacy.containers._jpeg_codes import Damaged
from photoprivacy.containers._jpeg_scan import Scan, Seen, ends
from photoprivacy.containers._model import Span

#: Pictures with no more coded data than this are always walked: it takes milliseconds.
SMALL: Final = 16384
#: Bytes in front of a marker that are looked at, and of a restart marker.
_LOOK, _GLANCE = 256, 16
# What codes do by chance less than once in ten thousand files: text in UTF-8 or UTF-16.
_TEXT: Final = re.compile(
    rb"(?:[\t\n\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x80-\xbf]{3}){16,}"
    rb"|(?:[\t\n\r -~]\x00){8,}|(?:\x00[\t\n\r -~]){8,}"
)
#: Even areas make codes that repeat, and may look like text of a few letters.
_LETTERS: Final = 6


def looks_planted(data: bytes, coded: Sequence[Span], restarts: Sequence[int]) -> bool:
    """Return whether what stands in front of a marker looks like text, and not like codes.

    Args:
        data: The file.
        coded: The stretches of a scan's coded data.
        restarts: Where the restart markers are that end a stretch, or stand in one.
    """
    for span in coded:
        if _reads(data[max(span.start, span.stop - _LOOK) : span.stop]):
            return True
    # Some cameras set one every few blocks, so the quickest question comes first.
    ends = (data[at - _GLANCE : at] for at in restarts)
    return any(end.isascii() and _reads(end) for end in ends)


def _reads(end: bytes) -> bool:
    return any(len(set(match[0])) >= _LETTERS for match in _TEXT.finditer(end))


def tails(data: bytes, scans: Sequence[Scan], blocks: dict[int, int]) -> Iterator[Span]:
    """Yield what stands behind the last block of each stretch of *scans*.

    Args:
        data: The file.
        scans: Those of one picture, in order.
        blocks: Component that a scan refines → how many blocks its own scans have.

    Raises:
        Damaged: One cannot be walked.
    """
    # G.1.2.3: how long a refinement is depends on what all scans before it began.
    seen = {part: Seen.of(count) for part, count in blocks.items()}
    for scan in scans:
        mine = seen.get(scan.parts[0]) if scan.band[0] else None
        for stretch, end in zip(scan.stretches, ends(data, scan, mine), strict=True):
            if end < stretch.stop:
                yield Span(end, stretch.stop)


__all__ = ["SMALL", "Damaged", "looks_planted", "tails"]
