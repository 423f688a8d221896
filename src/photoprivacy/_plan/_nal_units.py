"""AVC and HEVC samples and items without the units that are no picture."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from typing import Final

from photoprivacy._plan._bmff_moov import Kept
from photoprivacy._plan._bmff_obus import picture_units as av1_units
from photoprivacy.containers._bmff_movie import SampleEntry, Track
from photoprivacy.containers._model import Span
from photoprivacy.containers._nal_units import Coding, Use, units
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy, Unknown

#: sample entry → coding, box that says how wide lengths are, and the byte of it that does
_ENTRIES: Final = {
    **dict.fromkeys(("avc1", "avc3"), (Coding.AVC, "avcC", 4)),
    **dict.fromkeys(("hvc1", "hev1", "dvh1", "dvhe"), (Coding.HEVC, "hvcC", 21)),
}


def picture_samples(data: bytes, track: Track, policy: Policy) -> Kept:
    """Return *track* without what is no picture in its samples.

    Raises:
        CannotStrip: That cannot be told, or the policy refuses it.
    """
    entry = track.entries[0]
    if entry.type not in _ENTRIES and entry.type != "av01":
        return Kept.whole(track)
    coding, width = _coding(data, entry)
    dolby = any(box.type in ("dvcC", "dvvC") for box in entry.properties)
    dolby = dolby and policy.allows(Category.HDR)
    sizes: list[int] = []
    chunks: list[tuple[Span, ...]] = []
    at = 0
    for chunk, count in zip(track.chunks, track.counts, strict=True):
        start = chunk.start
        spans: list[Span] = []
        for size in track.sizes[at : at + count]:
            sample = (Span(start, start + size),)
            start += size
            if coding is None:
                kept = av1_units(data, sample) if size else ()
            else:
                kept = picture_units(data, sample, coding, width, policy, dolby=dolby)
            sizes.append(sum(map(len, kept)))
            spans.extend(kept)
        at += count
        chunks.append(tuple(_joined(span for span in spans if len(span))))
    return Kept(track=track, sizes=tuple(sizes), chunks=tuple(chunks))


def _coding(data: bytes, entry: SampleEntry) -> tuple[Coding | None, int]:
    if entry.type == "av01":
        return None, 0
    coding, name, at = _ENTRIES[entry.type]
    found = [box.body for box in entry.properties if box.type == name]
    if len(found) != 1 or len(found[0]) <= at:
        raise CannotStrip("a picture that does not say how to decode it")
    return coding, (data[found[0].start + at] & 3) + 1


def picture_units(
    data: bytes,
    spans: Sequence[Span],
    coding: Coding,
    width: int,
    policy: Policy,
    *,
    dolby: bool = False,
) -> tuple[Span, ...]:
    """Return those stretches of an item or a sample that are its picture.

    Args:
        data: The file.
        spans: Where it is, in the order in which it is read.
        coding: How it is coded.
        width: Bytes of the length in front of each unit.
        policy: What may stay.
        dolby: Whether units of Dolby Vision belong to it.

    Raises:
        CannotStrip: Its units cannot be told apart, or one of them says two things; or some
            say something else, and the policy refuses that.
    """
    if not sum(map(len, spans)):
        return tuple(spans)
    whole = len(spans) == 1
    joined = data if whole else b"".join(span.of(data) for span in spans)
    where = spans[0] if whole else Span(0, len(joined))
    found = units(joined, where, coding, width, dolby=dolby)
    if not found:
        raise CannotStrip("coded pictures whose units cannot be told apart")
    if any(unit.use is Use.BOTH for unit in found):
        raise CannotStrip("a unit that says how to show the picture, and something else")
    kept = [unit.span for unit in found if unit.use is not Use.BESIDE]
    if len(kept) == len(found):
        return tuple(spans)
    if policy.unknown is Unknown.REFUSE:
        raise CannotStrip("the policy refuses bytes of unknown purpose: inside the coded picture")
    if not kept:
        raise CannotStrip("coded pictures without a picture")
    kept = _joined(kept)
    return tuple(kept) if whole else tuple(_back(spans, kept))


def _joined(spans: Iterable[Span]) -> list[Span]:
    out: list[Span] = []
    for span in spans:
        if out and out[-1].stop == span.start:
            out[-1] = Span(out[-1].start, span.stop)
        else:
            out.append(span)
    return out


def _back(spans: Sequence[Span], kept: Iterable[Span]) -> Iterable[Span]:
    """Yield where stretches of the joined bytes stand in the file."""
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
