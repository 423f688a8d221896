"""JUMBF (ISO 19566-5): boxes with labels, in boxes with labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.limits import Limits

_MOST: Final = 4_000
_LABEL: Final = 2  # B.3: the toggle that says that there is a label


@attrs.frozen(kw_only=True)
class Content:
    """One content box.

    Attributes:
        labels: Those of the boxes around it, the outermost first.
        type: ``"cbor"``, ``"json"``, ``"bfdb"``, ``"bidb"``, ``"uuid"``.
        data: What it holds.
        at: Where that begins in the block.
    """

    labels: tuple[str, ...] = attrs.field(repr=False)
    type: str
    data: bytes = attrs.field(repr=False)
    at: int

    @property
    def label(self) -> str:
        """The label of the box it stands in, ``""`` for none."""
        return self.labels[-1] if self.labels else ""


@attrs.define
class Jumbf:
    """All content boxes of one block.

    Attributes:
        data: The block.
        limits: How deep it is read.
        problems: What was wrong with it, in words.
    """

    data: bytes = attrs.field(repr=False)
    limits: Limits
    problems: list[str] = attrs.field(factory=list)

    def contents(self) -> Iterator[Content]:
        """Yield the content boxes in their order."""
        data = self.data
        start = data[:4096].find(b"jumb") - 4
        if data[4:8] == b"jumd" or start < 0:
            start = 0
        # Boxes still to be read, the next one last: nesting costs no stack.
        queue: list[tuple[int, int, tuple[str, ...]]] = [(start, len(data), ())]
        for _ in range(_MOST):
            if not queue:
                return
            at, stop, labels = queue.pop()
            box = self._box(at, stop)
            if box is None:
                continue
            kind, body, end = box
            if kind == "jumd":
                labels = (*labels, _label(data[body:end]))
            if end < stop:
                queue.append((end, stop, labels))
            if kind == "jumb":
                if len(labels) >= self.limits.max_depth:
                    self._problem("boxes are nested too deep")
                    continue
                queue.append((body, end, labels))
            elif kind not in ("jumd", "c2sh", "free"):
                yield Content(labels=labels, type=kind, data=data[body:end], at=body)
        self._problem("more boxes than the limit")

    def _box(self, at: int, stop: int) -> tuple[str, int, int] | None:
        """Return type, start and end of the body of a box (ISO 15444-1, I.4)."""
        data = self.data
        if at + 8 > stop:
            if any(data[at:stop]):
                self._problem("bytes that are no box")
            return None
        size, body = int.from_bytes(data[at : at + 4], "big"), at + 8
        if size == 1 and at + 16 <= stop:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = stop - at
        if size < body - at:
            self._problem("a box smaller than its header")
            return None
        if at + size > stop:
            self._problem("a box that leaves the one around it")
        return data[at + 4 : at + 8].decode("latin-1"), body, min(at + size, stop)

    def _problem(self, what: str) -> None:
        if what not in self.problems:
            self.problems.append(what)


def _label(description: bytes) -> str:
    """B.3: a type of sixteen bytes, toggles, and a label up to its zero byte."""
    if len(description) < 17 or not description[16] & _LABEL:
        return ""
    return description[17:].partition(b"\x00")[0].decode("utf-8", "replace")
