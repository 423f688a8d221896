"""Whether an AV1 sequence header says more than its numbers: a look of its own.

Written from the AV1 bitstream specification, 5.5.
"""

from __future__ import annotations


class _Digits:
    """The bits of a header, written out; reading past the last one makes it one that is cut."""

    def __init__(self, header: bytes) -> None:
        self.left = "".join(f"{byte:08b}" for byte in header)
        self.cut = False

    def number(self, count: int) -> int:
        self.cut |= count > len(self.left)
        taken, self.left = self.left[:count], self.left[count:]
        return int(taken or "0", 2)

    def flag(self) -> bool:
        return self.number(1) == 1


def nothing_behind(header: bytes) -> bool:
    """Return whether a header ends with its numbers, a bit of one, and zeros in the same byte."""
    digits = _Digits(header)
    profile = digits.number(3)
    digits.flag()
    brief = digits.flag()
    if brief:
        digits.number(5)
    else:
        _moments(digits)
    wide, high = digits.number(4), digits.number(4)
    digits.number(wide + high + 2)
    if not brief and digits.flag():
        digits.number(4 + 3)
    digits.number(3)
    if not brief:
        digits.number(4)
        ordered = digits.flag()
        digits.number(2 if ordered else 0)
        # Whether frames choose their tools for what is on a screen, or which they have.
        if (digits.flag() or digits.flag()) and not digits.flag():
            digits.flag()
        digits.number(3 if ordered else 0)
    digits.number(3)
    _planes(digits, profile)
    digits.flag()
    rest = digits.left
    return not digits.cut and 0 < len(rest) <= 8 and rest == "1".ljust(len(rest), "0")


def _moments(digits: _Digits) -> None:
    """Read how fast pictures follow each other, and the points at which a decoder may operate."""
    width, modelled = 0, False
    if digits.flag():
        digits.number(32 + 32)
        if digits.flag():
            zeros = len(digits.left) - len(digits.left.lstrip("0"))
            digits.number(2 * zeros + 1 if zeros < 32 else zeros + 1)
        modelled = digits.flag()
    if modelled:
        width = 1 + digits.number(5)
        digits.number(32 + 5 + 5)
    delayed = digits.flag()
    for _ in range(1 + digits.number(5)):
        digits.number(12)
        if digits.number(5) >= 8:
            digits.flag()
        if modelled and digits.flag():
            digits.number(width + width + 1)
        if delayed and digits.flag():
            digits.number(4)


def _planes(digits: _Digits, profile: int) -> None:
    """Read how deep pictures are, and of which planes and colours (5.5.2)."""
    deep = digits.flag()
    twelve = profile == 2 and deep and digits.flag()
    grey = profile != 1 and digits.flag()
    points = [digits.number(8) for _ in range(3)] if digits.flag() else []
    if grey:
        digits.flag()
        return
    if points != [1, 13, 0]:  # 6.4.2: sRGB as it is, of full range, each plane as large
        digits.flag()
        across = profile == 0 or (profile == 2 and (not twelve or digits.flag()))
        down = profile == 0 or (twelve and across and digits.flag())
        if across and down:
            digits.number(2)
    digits.flag()
