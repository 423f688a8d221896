"""Where LZW codes end, without decoding them (GIF89a, Appendix F; TIFF 6.0, 13).

Codes have from three to twelve bits. How many is known from how many came since the last clear
code, so that whole stretches can be searched at once for the two codes that mean something else.
"""

from __future__ import annotations

from typing import Final

_WIDEST: Final = 12
#: codes that are looked at together where their width does not change
_STRETCH: Final = 4096
_FEW: Final = 16
#: bits that are taken out of the data at once
_WINDOW: Final = 4096


def end_of_codes(codes: bytes, size: int, *, high_first: bool = False) -> tuple[int, int]:
    """Return how many bytes of *codes* are codes, and how many bits of the last of them.

    All of them where no end code is found: decoders go on until the data ends.

    Args:
        codes: The codes of a picture, and maybe something behind.
        size: Bits of what is coded, 2 to 8.
        high_first: Whether a byte is filled from its highest bit on, and codes grow one early,
            as in TIFF; otherwise from its lowest, and when the table needs it, as in GIF.
    """
    clear, end = 1 << size, (1 << size) + 1
    total = 8 * len(codes)
    at = 0
    # The first code behind a clear code makes no entry of the table; each further one makes one,
    # from behind the end code on.
    first = 1 + (1 << (size + 1)) - high_first - (clear + 2)
    width, left, step = size + 1, first, _FEW
    while at + width <= total:
        if step == _FEW:
            # Clear codes may follow each other at once; a stretch for each would take long.
            code = _next(codes, at, width, high_first=high_first)
            where, count = 0 if code in (clear, end) else -1, 1
        else:
            count = min(left, step, (total - at) // width)
            bits = _digits(codes, at, count * width, high_first=high_first)
            where, code = _special(bits, width, (clear, end), high_first=high_first)
        if where < 0:
            step = min(2 * step, _STRETCH)
            at += count * width
            left -= count
            if not left:
                width = min(width + 1, _WIDEST)
                left = _STRETCH if width == _WIDEST else 1 << (width - 1)
            continue
        at += (where + 1) * width
        if code == end:
            return -(-at // 8), (at - 1) % 8 + 1
        width, left, step = size + 1, first, _FEW
    return len(codes), 8


def end_of_picture(codes: bytes, size: int, pixels: int) -> tuple[int, int] | None:
    """Return how many bytes of *codes* of GIF a picture needs, and how many bits of the last.

    Decoders look at no code behind the one that paints the last pixel, but many files have the
    end code there, and keep it. Codes that end before all is painted are all needed.

    Args:
        codes: The codes of a picture, and maybe something behind.
        size: Bits of what is coded, 2 to 8.
        pixels: How many the picture has.

    Returns:
        Bytes and bits; ``None`` when a code stands there that means nothing yet.
    """
    clear, end = 1 << size, (1 << size) + 1
    lengths = [1] * clear + [0, 0]  # how many pixels each code paints
    total, at, width, last = 8 * len(codes), 0, size + 1, 0
    base, window = 0, int.from_bytes(codes[: 2 + _WINDOW // 8], "little")
    while at + width <= total:
        if at - base > _WINDOW:
            base = at // 8 * 8
            window = int.from_bytes(codes[base // 8 : base // 8 + 4 + _WINDOW // 8], "little")
        code = window >> (at - base) & ((1 << width) - 1)
        if pixels <= 0 and code != end:
            break
        at += width
        if code == end:
            break
        if code == clear:
            del lengths[clear + 2 :]
            width, last = size + 1, 0
            continue
        if last and len(lengths) < 1 << _WIDEST:
            lengths.append(last + 1)
        if code >= len(lengths):
            return None
        last = lengths[code]
        pixels -= last
        if len(lengths) == 1 << width and width < _WIDEST:
            width += 1
    else:
        return len(codes), 8
    return -(-at // 8), (at - 1) % 8 + 1


def _next(codes: bytes, at: int, width: int, *, high_first: bool) -> int:
    """Return the code of *width* bits at bit *at*."""
    some = codes[at // 8 : at // 8 + 3]
    if high_first:
        number = int.from_bytes(some.ljust(3, b"\0"), "big") >> (24 - at % 8 - width)
    else:
        number = int.from_bytes(some, "little") >> (at % 8)
    return number & ((1 << width) - 1)


def _digits(codes: bytes, at: int, count: int, *, high_first: bool) -> str:
    """Return *count* bits from bit *at* on as digits, in the order in which they are read."""
    start, stop = at // 8, -(-(at + count) // 8)
    if high_first:
        number = int.from_bytes(codes[start:stop], "big") >> (8 * stop - at - count)
        return format(number & ((1 << count) - 1), f"0{count}b")
    number = int.from_bytes(codes[start:stop], "little") >> (at % 8)
    return format(number & ((1 << count) - 1), f"0{count}b")[::-1]


def _special(bits: str, width: int, codes: tuple[int, int], *, high_first: bool) -> tuple[int, int]:
    """Return the place of the first of two *codes*, counted in codes, and which; -1 for none."""
    found = {}
    for code in codes:
        digits = format(code, f"0{width}b")
        digits = digits if high_first else digits[::-1]
        at = bits.find(digits)
        while at >= 0 and at % width:
            at = bits.find(digits, at + 1)
        if at >= 0:
            found[at // width] = code
    first = min(found, default=-1)
    return first, found.get(first, -1)
