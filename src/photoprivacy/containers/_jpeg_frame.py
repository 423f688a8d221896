"""What the frame header of a JPEG says, and how many units its scans have (T.81, A.2 and B.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from photoprivacy.errors import CannotStrip

#: Several frames, each a better picture (T.81, Annex J): libjpeg and browsers read none of it.
HIERARCHICAL: Final = frozenset({0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF})
FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA, 0xCB})
ARITHMETIC: Final = frozenset({0xC9, 0xCA, 0xCB})
LOSSLESS: Final = frozenset({0xC3, 0xCB})
#: A scan has either the first coefficient of each block, or others (G.1.1.1).
PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
#: T.81 allows 255 in a sequential picture; decoders show up to four.
COMPONENTS: Final = 4


@attrs.frozen
class Frame:
    """What a frame header says (B.2.2).

    Attributes:
        code: Its marker.
        height: Number of lines, 0 if DNL says it.
        width: Samples a line.
        components: Identifier → factors across and down, and which quantisation table.
    """

    code: int
    height: int
    width: int
    components: dict[int, tuple[int, int, int]]

    @classmethod
    def of(cls, code: int, body: bytes) -> Frame:
        count = body[5] if len(body) > 5 else 0
        rows = [body[at : at + 3] for at in range(6, len(body), 3)]
        if not 1 <= count <= COMPONENTS or len(body) != 6 + 3 * count:
            raise CannotStrip("a frame header of another length than it says")
        components = {row[0]: (row[1] >> 4, row[1] & 15, row[2]) for row in rows}
        factors = [factor for row in components.values() for factor in row[:2]]
        if len(components) != count or not all(1 <= factor <= 4 for factor in factors):
            raise CannotStrip("components that cannot be told apart")
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        return cls(code, height, width, components)

    def units(self, parts: Sequence[int], height: int) -> int:
        """Return how many units a scan of components *parts* is coded in (A.2)."""
        across = max(row[0] for row in self.components.values())
        down = max(row[1] for row in self.components.values())
        side = 1 if self.code in LOSSLESS else 8
        if len(parts) > 1:
            return -(-self.width // (side * across)) * -(-height // (side * down))
        wide, high, _ = self.components[parts[0]]
        columns, rows = -(-self.width * wide // across), -(-height * high // down)
        return -(-columns // side) * -(-rows // side)
