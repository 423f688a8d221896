"""A tolerant walk over whatever the source of a clean JPEG was.

Written from T.81 Annex B, apart from the parser that the writer uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: What a marker segment of a clean file may be, besides the application segments below.
TABLES_AND_FRAMES: Final = frozenset(
    {
        *(0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF),  # SOFn
        *(0xC4, 0xCC, 0xDB, 0xDD, 0xDC, 0xDE, 0xDF),  # DHT DAC DQT DRI DNL DHP EXP
    }
)
SOS, EOI = 0xDA, 0xD9
# Anything but a stuffed zero or a restart after an FF ends entropy-coded data (B.1.1.5).
ANY_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]")

# An FF that is no code: of a restart, or of what ends the scan.
AFTER_CODE: Final = re.compile(rb"\xff[^\x00]")
RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
#: A segment of two bytes (B.2.5)
NUMBER_OF_LINES: Final = re.compile(rb"\xff+\xdc\x00\x04(..)", re.DOTALL)

# Coded data ends here: fill, if any, and a marker that is no restart.
ENDS: Final = re.compile(rb"\xff+[\xc0-\xcf\xd8-\xfe]")
# A segment, or the end: no fill, no stuffed zero, no marker that stands alone.
_SEGMENT: Final = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")
# Where decoders go on after damage.
_GOES_ON: Final = re.compile(rb"\xff[\xc0-\xfe]")
# How far is looked at once, in bytes: meanwhile no other thread does anything.
_AT_ONCE: Final = 1 << 20


def first_of(pair: re.Pattern[bytes], data: bytes, start: int) -> re.Match[bytes] | None:
    """Return the first match from *start* on of a pattern that is two bytes long."""
    for here in range(start, len(data), _AT_ONCE):
        # One byte of the next part too, for a pair that lies across.
        if (match := pair.search(data, here, here + _AT_ONCE + 1)) is not None:
            return match
    return None


class Source:
    """A tolerant walk over the source: fill, garbage and empty markers are passed over."""

    def __init__(self, data: bytes, at: int = 2) -> None:
        self.data = data
        self.at = at
        self.restarts = False
        self.ended = False

    def next(self, *, anything: bool = False) -> tuple[int, int, int] | None:
        """Return (start, stop, code) of the next segment of the picture, ``None`` at EOI.

        With *anything*, of the next segment of any kind.
        """
        data, size = self.data, len(self.data)
        while (match := first_of(_SEGMENT, data, self.at)) is not None:
            start, code = match.start(), data[match.end() - 1]
            self.at = start
            if code == EOI or start + 4 > size:
                self.ended = code == EOI
                return None
            stop = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
            self.at = stop
            if code == 0xDD:
                self.restarts = data[start + 4 : start + 6] != b"\x00\x00"
            if anything or code in TABLES_AND_FRAMES or code == SOS:
                return start, min(stop, size), code
        return None

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of coded data from here, and move behind them."""
        data = self.data
        while True:
            start = self.at
            match = first_of(ANY_MARKER, data, start)
            if match is None:
                self.at = len(data)
                yield start, self.at
                return
            self.at = match.start()
            yield start, self.at
            at = _past_fill(data, self.at)
            code = data[at] if at < len(data) else EOI
            if 0xD0 <= code <= 0xD7:
                self.at = at - 1  # a restart with fill in front of it
                continue
            if code >= 0xC0 or not self.restarts:
                return
            # Damage in a scan with restart intervals: decoders go on at the next marker.
            following = first_of(_GOES_ON, data, at + 1)
            if following is None:
                return
            self.at = following.start()
            if not 0xD0 <= data[following.end() - 1] <= 0xD7:
                return


def _past_fill(data: bytes, at: int) -> int:
    """Return where the FFs end that begin at *at* (B.1.1.2)."""
    while at < len(data) and data[at] == 0xFF:
        window = data[at : at + 65536]
        at += len(window) - len(window.lstrip(b"\xff"))
    return at


def between_restarts(data: bytes, at: int, stop: int) -> list[tuple[int, int, int]]:
    """Return the restart in front of each stretch of coded data, 0 for none, and both its ends."""
    out, code = [], 0
    for restart in RESTART.finditer(data, at, stop):
        out.append((code, at, restart.start()))
        code, at = data[restart.start() + 1], restart.end()
    return [*out, (code, at, stop)]


def front(walk: Source) -> list[tuple[int, bytes]] | None:
    """Return marker and body of each segment in front of the first scan, from where *walk* is.

    ``None`` if another picture begins between them: then this one is none.
    """
    header = []
    at = walk.at
    while (found := walk.next(anything=True)) is not None and found[2] != SOS:
        if walk.data.find(b"\xff\xd8", at, found[0]) >= 0:
            return None
        header.append((found[2], walk.data[found[0] + 4 : found[1]]))
        at = walk.at
    return header
