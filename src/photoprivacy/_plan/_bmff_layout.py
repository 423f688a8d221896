"""Where kept bytes of a HEIF or AVIF file go: one behind the other, nothing between."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

import attrs

from photoprivacy._plan._model import Copy
from photoprivacy.containers._model import Span


@attrs.frozen
class Homes:
    """Where coded bytes may lie: boxes of the file, none of which overlaps another."""

    spans: tuple[Span, ...]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Homes:
        """Return the homes *spans*."""
        return cls(tuple(sorted(spans)))

    def hold(self, span: Span) -> bool:
        """Return whether one of them holds all of *span*."""
        index = bisect.bisect_right(self.spans, span.start, key=lambda home: home.start) - 1
        return index >= 0 and span.stop <= self.spans[index].stop


@attrs.frozen
class Layout:
    """Kept stretches of the source, in its order, and where each one goes.

    Stretches that touch or overlap are one: a picture and the first sample of a sequence
    may share their bytes, and go on sharing them.
    """

    spans: tuple[Span, ...]
    starts: tuple[int, ...]
    size: int

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Layout:
        """Return where *spans* go, counted from the first of them."""
        joined: list[Span] = []
        for span in sorted(spans):
            if joined and span.start <= joined[-1].stop:
                joined[-1] = Span(joined[-1].start, max(joined[-1].stop, span.stop))
            elif len(span):
                joined.append(span)
        starts, at = [], 0
        for span in joined:
            starts.append(at)
            at += len(span)
        return cls(tuple(joined), tuple(starts), at)

    def moved(self, span: Span) -> Span:
        """Return where *span*, a part of a kept stretch, goes."""
        if not len(span):
            return Span(0, 0)
        index = bisect.bisect_right(self.spans, span.start, key=lambda kept: kept.start) - 1
        start = self.starts[index] + span.start - self.spans[index].start
        return Span(start, start + len(span))

    def extents(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return where the parts of one item go; those that then touch are one."""
        out: list[Span] = []
        for span in map(self.moved, spans):
            if out and out[-1].stop == span.start:
                out[-1] = Span(out[-1].start, span.stop)
            else:
                out.append(span)
        return tuple(out)

    def touches(self, span: Span) -> bool:
        """Return whether a kept stretch shares a byte with *span*."""
        index = bisect.bisect_left(self.spans, span.stop, key=lambda kept: kept.start) - 1
        return index >= 0 and self.spans[index].stop > span.start

    def copies(self) -> list[Copy]:
        """Return the pieces of the output."""
        return [Copy(span) for span in self.spans]
