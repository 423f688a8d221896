"""Where the codes of a GIF's picture end (GIF89a, Appendix F), without decoding them.

Codes have from three to twelve bits. How many is known from how many came since the last clear
code, so that whole stretches can be searched at once for the two codes that mean something else.
"""

from __future__ import annotations

from typing import Final

_WIDEST: Final = 12
#: codes that are looked at together where their width does not change
_STRETCH: Final = 4096
_FEW: Final = 16


def end_of_codes(codes: bytes, size: int) -> tuple[int, int]:
    """Return how many bytes of *codes* are codes, and how many bits of the last of them.

    All of them where no end code is found: decoders go on until the data ends.

    Args:
        codes: The joined sub-blocks of a picture.
        size: Its minimum code size, 2 to 8.
    """
    clear, end = 1 << size, (1 << size) + 1
    total = 8 * len(codes)
    at = 0
    width, left, step = size + 1, _first(size), _FEW
    while at + width <= total:
        if step == _FEW and (code := _next(codes, at, width)) in (clear, end):
            # Clear codes may follow each other at once; a stretch for each would take long.
            at += width
            if code == end:
                return -(-at // 8), (at - 1) % 8 + 1
            width, left = size + 1, _first(size)
            continue
        count = min(left, step, (total - at) // width)
        step = min(2 * step, _STRETCH)
        bits = _bits(codes, at, count * width)
        where, code = _special(bits, width, clear, end)
        if where < 0:
            at += count * width
            left -= count
            if not left:
                width = min(width + 1, _WIDEST)
                left = _STRETCH if width == _WIDEST else 1 << (width - 1)
            continue
        at += (where + 1) * width
        if code == end:
            return -(-at // 8), (at - 1) % 8 + 1
        # Where clear codes follow each other closely, long stretches would be searched in vain.
        width, left, step = size + 1, _first(size), _FEW
    return len(codes), 8


def _first(size: int) -> int:
    """Return how many codes of the first width follow a clear code.

    The first makes no entry of the table; each further one makes one, from behind the end code
    on, and with the last number of that width codes become wider.
    """
    return 1 + (1 << (size + 1)) - ((1 << size) + 2)


def _next(codes: bytes, at: int, width: int) -> int:
    """Return the code of *width* bits at bit *at*."""
    first = at // 8
    number = int.from_bytes(codes[first : first + 3], "little") >> (at % 8)
    return number & ((1 << width) - 1)


def _bits(codes: bytes, at: int, count: int) -> str:
    """Return *count* bits from bit *at* on as digits, the last code first."""
    first, last = at // 8, -(-(at + count) // 8)
    number = int.from_bytes(codes[first:last], "little") >> (at % 8)
    return format(number & ((1 << count) - 1), f"0{count}b")


def _special(bits: str, width: int, clear: int, end: int) -> tuple[int, int]:
    """Return the place of the first clear or end code, counted in codes, and which; -1 for none."""
    found = {_place(bits, width, code): code for code in (clear, end)}
    found.pop(-1, None)
    first = min(found, default=-1)
    return first, found.get(first, -1)


def _place(bits: str, width: int, code: int) -> int:
    digits = format(code, f"0{width}b")
    stop = len(bits)
    while (at := bits.rfind(digits, 0, stop)) >= 0:
        behind = len(bits) - at - width
        if behind % width == 0:
            return behind // width
        # The next place that could be one: some digits further to the left.
        stop = at + width - 1
    return -1
