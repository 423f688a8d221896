"""A set of 64-bit marks that stays small: ten million of them in a third of a gigabyte."""

from __future__ import annotations

from array import array


class Marks:
    """A set of whole numbers from 1 to 2⁶⁴-1, in 16 to 32 bytes each.

    A `set` of such numbers takes four times as much. They are digests, so their lowest bits
    scatter them well.

    >>> marks = Marks()
    >>> marks.add(7)
    >>> 7 in marks, 8 in marks, len(marks)
    (True, False, 1)
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 16))
        self._count = 0

    def add(self, mark: int) -> None:
        """Put *mark* in."""
        if 2 * (self._count + 1) > len(self._slots):
            old, self._slots = self._slots, array("Q", bytes(16)) * len(self._slots)
            for one in old:
                if one:
                    self._slots[self._slot(one)] = one
        slot = self._slot(mark)
        if not self._slots[slot]:
            self._slots[slot] = mark
            self._count += 1

    def _slot(self, mark: int) -> int:
        """Return where *mark* is, or would be."""
        last = len(self._slots) - 1
        at = mark & last
        while self._slots[at] and self._slots[at] != mark:
            at = (at + 1) & last
        return at

    def __contains__(self, mark: int) -> bool:
        return bool(self._slots[self._slot(mark)])

    def __len__(self) -> int:
        return self._count
