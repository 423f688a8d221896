"""How long the body of a derived item is: a look of its own."""

from __future__ import annotations

from typing import Final

#: lengths of numbers in the two forms of a grid and of an overlay
_SHORT, _LONG = 2, 4
#: of a token list: two bytes, then at most 255 tokens of nine bytes
_MOST: Final = 4096


def stated_length(kind: bytes, data: bytes, spans: list[tuple[int, int]], inputs: int) -> int:
    """Return how many bytes the body of an item has that is made of *inputs* others; -1 for all."""
    body = b"".join(data[start : min(stop, start + _MOST)] for start, stop in spans)
    if kind == b"iden":
        return 0
    if kind in (b"grid", b"iovl"):
        number = _LONG if body[1] % 2 else _SHORT
        # Version, flags, then rows and columns, or a colour of four channels.
        return 4 + 2 * number if kind == b"grid" else 10 + 2 * number + inputs * 2 * number
    if kind == b"tmap":
        wide, shared = body[5] >> 7, body[5] >> 3 & 1
        return ((38, 62), (78, 142))[wide][1 - shared]  # ISO 21496-1, C.2
    if kind == b"sato":
        constant = (1, 2, 4, 8)[body[0] % 4]
        at = 2
        for _ in range(body[1]):
            at += 1 if body[at] else 1 + constant
        return at
    return -1
