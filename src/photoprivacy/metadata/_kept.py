"""The findings of one file, as many as its limits allow: a flood of some hides no others."""

from __future__ import annotations

import collections
from collections.abc import Iterable
from typing import Final

import attrs

from photoprivacy.containers._model import Span
from photoprivacy.metadata._findings import Finding, Severity
from photoprivacy.metadata._make import found
from photoprivacy.policy import Category

#: Of all that are kept, so many may have one code: one part in this many.
_A_CODE: Final = 10
#: Problems that are told of the container, and of what is in it: a million tell no more.
MOST_PROBLEMS: Final = 1_000
MORE_PROBLEMS: Final = "more problems than are told"
_MORE: Final = ("report.more", Category.UNKNOWN, "More of the same than is listed")


@attrs.define
class Kept:
    """Takes findings, and lets go of the mildest when there are too many.

    Attributes:
        most: How many are kept.
        offered: How much there was to choose from.
    """

    most: int
    offered: int = 0
    _found: list[Finding | None] = attrs.field(factory=list)
    _by_code: collections.Counter[str] = attrs.field(factory=collections.Counter)
    _places: dict[Severity, list[int]] = attrs.field(factory=dict)
    _count: int = 0
    _left_out: Span | None = None

    def take(self, some: Iterable[Finding]) -> None:
        """Take *some* findings, as far as there is room for their codes and how bad they are."""
        for one in some:
            self.offered += 1
            if self._by_code[one.code] >= max(1, self.most // _A_CODE) or not self._room(one):
                self._left_out = self._left_out or one.where
                continue
            self._by_code[one.code] += 1
            self._places.setdefault(one.severity, []).append(len(self._found))
            self._found.append(one)
            self._count += 1

    def _room(self, one: Finding) -> bool:
        if self._count < self.most:
            return True
        for severity in sorted(self._places):
            if severity >= one.severity:
                return False
            if self._places[severity]:
                at = self._places[severity].pop()
                self._left_out = self._left_out or self._found[at].where  # type: ignore[union-attr]
                self._found[at] = None
                self._count -= 1
                return True
        return False

    def all(self) -> list[Finding]:
        """Return what was kept in the order it came, and last that there is more, if there is."""
        kept = [one for one in self._found if one is not None]
        if self._left_out is not None:
            kept.append(found(_MORE, origin="report", where=self._left_out))
        return kept
