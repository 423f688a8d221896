"""How long the body of an item is, and what of it is its picture: a look of its own."""

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


def units_of_picture(data: bytes, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what of an AV1 item is coded picture (AV1, 5.3); all where that cannot be told."""
    if len(spans) != 1:
        return spans
    (here, stop), kept = spans[0], []
    while here < stop:
        begin, first = here, data[here]
        here += 1 + (first >> 2 & 1)
        length = stop - here
        if first >> 1 & 1:
            window = data[here : min(here + 8, stop)]
            count = next((n for n, byte in enumerate(window, 1) if byte < 128), 0)
            length = sum((byte & 127) << 7 * n for n, byte in enumerate(window[:count]))
            here += count
            if not count:
                return spans
        if first >> 7 or here + length > stop or here > stop:
            return spans
        unit = first >> 3 & 15
        shows = unit in (1, 2, 3, 4, 6, 7, 8)
        # 6.7.1: of metadata, light level, mastering colours and scalability.
        if shows or (unit == 5 and length and 1 <= data[here] <= 3):
            kept.append((begin, here + length))
        here += length
    return kept or spans
