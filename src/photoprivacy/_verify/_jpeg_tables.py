"""What the scans of a JPEG are decoded by: the same in source and copy, and nothing else there.

Written from T.81, Annex B, apart from the tables that the writer goes by. Two pictures are the
same when each scan has the same header, data, tables and restarts; a clean one has no table that
no scan uses.
"""

from __future__ import annotations

import math
import struct
from typing import Final

import attrs

from photoprivacy._verify._jpeg_source import SOS, Source
from photoprivacy._verify._model import refuse

_QUANTISATION, _HUFFMAN, _CONDITIONING, _INTERVAL = b"\xdb", b"\xc4", b"\xcc", b"\xdd"
TABLES: Final = frozenset(b"".join((_QUANTISATION, _HUFFMAN, _CONDITIONING, _INTERVAL)))
#: second byte of a frame's marker → whether it is (progressive, arithmetic, lossless)
FRAMES: Final = {
    **dict.fromkeys((0xC0, 0xC1), (False, False, False)),
    0xC2: (True, False, False),
    0xC3: (False, False, True),
    0xC9: (False, True, False),
    0xCA: (True, True, False),
    0xCB: (False, True, True),
}
DNL: Final = 0xDC


@attrs.define
class Decoder:
    """As much of a decoder as it takes to know what each scan needs.

    Attributes:
        clean: Whether nothing may be defined that no scan uses.
        slots: Kind and number → what was last put there, and whether a scan has used it.
        frame: Marker and body of the frame header.
        lines: How many lines the picture has, also where the header leaves it open.
        by: Component → its quantisation table at its first scan.
        asked: Each kind and number that a scan used, with the table that stood there.
    """

    clean: bool
    slots: dict[bytes, tuple[bytes, bool]] = attrs.field(factory=dict)
    frame: tuple[int, bytes] = (0, b"")
    lines: int = 0
    by: dict[int, bytes] = attrs.field(factory=dict)
    asked: set[tuple[bytes, bytes]] = attrs.field(factory=set)

    def define(self, code: int, body: bytes, at: int) -> None:
        """Take a segment of tables (B.2.4): they fill it to its last byte."""
        kind = bytes([code])
        if kind == _INTERVAL:
            self._put(kind, body if len(body) == 2 else b"", at)
            return
        here = 0
        while here < len(body):
            high, low = divmod(body[here], 16)
            size = {
                _QUANTISATION: 1 + 64 * (high + 1),
                _HUFFMAN: 17 + sum(body[here + 1 : here + 17]),
                _CONDITIONING: 2,
            }[kind]
            table = body[here : here + size]
            if high > 1 or low > 3 or size > 273 or len(table) != size:
                refuse("tables of another length than they say", at)
            number = low if kind == _QUANTISATION else body[here]
            self._put(kind + bytes([number]), table, at)
            here += size
        if self.clean and not body:
            refuse("a segment of tables without one", at)

    def _put(self, slot: bytes, table: bytes, at: int) -> None:
        if not table:
            refuse("tables of another length than they say", at)
        if self.clean and not self.slots.get(slot, (b"", True))[1]:
            refuse("a table that no scan uses", at)
        self.slots[slot] = (table, False)

    def begin(self, code: int, body: bytes, at: int) -> None:
        """Take the frame header (B.2.2)."""
        if self.frame[0] or code not in FRAMES or len(body) < 6:
            refuse("a picture of several frames, or of none", at)
        if not 1 <= body[5] <= 4 or len(body) != 6 + 3 * body[5]:
            refuse("a frame header of another length than it says", at)
        if len(set(body[6::3])) != body[5] or not {*body[7::3]} <= _FACTORS:
            refuse("components that cannot be told apart", at)
        self.frame = (code, body)
        self.lines = int.from_bytes(body[1:3], "big")

    def scan(self, body: bytes, at: int) -> tuple[bytes, ...]:
        """Take a scan header (B.2.3), and return what its data is decoded by."""
        code, frame = self.frame
        if not frame or len(body) < 6 or len(body) != 4 + 2 * body[0] or body[0] > 4:
            refuse("a scan header of another length than it says", at)
        progressive, arithmetic, lossless = FRAMES[code]
        first, second = not (progressive and body[-3]), not (progressive and not body[-3])
        quantised = dict(zip(frame[6::3], frame[8::3], strict=True))
        needs = [_INTERVAL]
        for part, chosen in struct.iter_unpack("BB", body[1:-3]):
            if part not in quantised:
                refuse("a scan of components that are not there", at)
            coder = _CONDITIONING if arithmetic else _HUFFMAN
            needs += [coder + bytes([chosen // 16])] * first
            needs += [coder + bytes([16 + chosen % 16])] * (second and not lossless)
            if lossless:
                continue
            slot = _QUANTISATION + bytes([quantised[part]])
            if part not in self.by:
                needs.append(slot)
            held = self.slots.get(slot, (b"", True))[0]
            if self.by.setdefault(part, held) != held:
                refuse("a component with two quantisation tables", at)
        return tuple(self._use(slot) for slot in needs)

    def _use(self, slot: bytes) -> bytes:
        table = self.slots.get(slot, (b"", True))[0]
        self.slots[slot] = (table, True)
        self.asked.add((slot, table))
        return table

    def restarts(self, body: bytes) -> int:
        """Return how many restart markers the data behind scan header *body* may have (B.2.1)."""
        interval = int.from_bytes(self.slots.get(_INTERVAL, (b"", True))[0], "big")
        if not interval:
            return 0
        code, frame = self.frame
        shape = {row[0]: divmod(row[1], 16) for row in zip(frame[6::3], frame[7::3], strict=True)}
        most = [max(one[axis] for one in shape.values()) for axis in (0, 1)]
        side = 1 if FRAMES[code][2] else 8
        sizes = (int.from_bytes(frame[3:5], "big"), self.lines)
        if body[0] > 1:
            grid = [math.ceil(size / (side * high)) for size, high in zip(sizes, most, strict=True)]
        else:
            alone = shape[body[1]]
            samples = [
                math.ceil(size * own / high)
                for size, own, high in zip(sizes, alone, most, strict=True)
            ]
            grid = [math.ceil(size / side) for size in samples]
        return max(0, math.ceil(grid[0] * grid[1] / interval) - 1)

    def close(self) -> None:
        """Check that everything that was defined is of use."""
        if self.clean and not all(used for _, used in self.slots.values()):
            refuse("a table that no scan uses", 0)


_FACTORS: Final = {16 * across + down for across in range(1, 5) for down in range(1, 5)}


def advance(theirs: Source, state: Decoder) -> tuple[int, int, int] | None:
    """Move to the next frame or scan header of a source, and take what is defined before it."""
    while (found := theirs.next()) is not None:
        start, stop, code = found
        if code in TABLES:
            state.define(code, theirs.data[start + 4 : stop], 0)
        elif code in FRAMES or code == SOS:
            return found
        elif code != DNL:
            refuse("a picture of several frames", 0)
    return None
