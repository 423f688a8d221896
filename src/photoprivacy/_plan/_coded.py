"""Coded pictures in several stretches of a file: looked at as one, kept stretch by stretch."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence

from photoprivacy.containers._model import Span


def joined(data: bytes, spans: Sequence[Span]) -> tuple[bytes, Span]:
    """Return bytes that hold all of *spans* in a row, and where; without a copy if one does."""
    if len(spans) == 1:
        return data, spans[0]
    body = b"".join(span.of(data) for span in spans)
    return body, Span(0, len(body))


def kept_of(spans: Sequence[Span], kept: Iterable[Span]) -> tuple[Span, ...]:
    """Return where *kept*, parts of what `joined` returned for *spans*, stand in the file."""
    merged = touching(kept)
    return tuple(merged) if len(spans) == 1 else tuple(_back(spans, merged))


def touching(spans: Iterable[Span]) -> list[Span]:
    """Return *spans* with those that follow each other without a gap as one."""
    out: list[Span] = []
    for span in spans:
        if out and out[-1].stop == span.start:
            out[-1] = Span(out[-1].start, span.stop)
        else:
            out.append(span)
    return out


def _back(spans: Sequence[Span], kept: Iterable[Span]) -> Iterator[Span]:
    starts = [0]
    for span in spans:
        starts.append(starts[-1] + len(span))
    for one in kept:
        at = one.start
        while at < one.stop:
            index = bisect.bisect_right(starts, at) - 1
            step = min(one.stop, starts[index + 1]) - at
            start = spans[index].start + at - starts[index]
            yield Span(start, start + step)
            at += step
