"""AVC and HEVC samples and items without the units that are no picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from photoprivacy._plan._bmff_moov import Kept
from photoprivacy._plan._bmff_obus import picture_units as av1_units
from photoprivacy._plan._coded import joined, kept_of
from photoprivacy._plan._prores import PRORES, frame_of
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
    if entry.type not in _ENTRIES and entry.type != "av01" and entry.type not in PRORES:
        return Kept.whole(track)
    coding, width = _coding(data, entry)
    dolby = any(box.type in ("dvcC", "dvvC") for box in entry.properties)
    dolby = dolby and policy.allows(Category.HDR)
    sizes: list[int] = []
    chunks: list[tuple[Span, ...]] = []
    number = 0
    for chunk, count in zip(track.chunks, track.counts, strict=True):
        start = chunk.start
        spans: list[Span] = []
        for size in track.sizes[number : number + count]:
            sample = (Span(start, start + size),)
            start += size
            if not size:
                kept: tuple[Span, ...] = ()
            elif coding is not None:
                kept = picture_units(data, sample, coding, width, policy, dolby=dolby)
            elif entry.type == "av01":
                kept = av1_units(data, sample, policy)
            else:
                kept = (frame_of(data, sample[0], policy),)
            sizes.append(sum(map(len, kept)))
            for span in kept:
                # A movie may have millions of samples; those that touch are one stretch.
                if spans and spans[-1].stop == span.start:
                    spans[-1] = Span(spans[-1].start, span.stop)
                else:
                    spans.append(span)
        number += count
        chunks.append(tuple(spans))
    return Kept(track=track, sizes=tuple(sizes), chunks=tuple(chunks))


def _coding(data: bytes, entry: SampleEntry) -> tuple[Coding | None, int]:
    if entry.type not in _ENTRIES:
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
    body, where = joined(data, spans)
    found = units(body, where, coding, width, dolby=dolby)
    if not found:
        raise CannotStrip("coded pictures whose units cannot be told apart")
    if any(unit.use is Use.BOTH for unit in found):
        raise CannotStrip("a unit that the picture needs, and that says something else")
    if any(unit.use is Use.RARE for unit in found):
        raise CannotStrip("coded pictures in parts that few decoders know")
    kept = [unit.span for unit in found if unit.use is not Use.BESIDE]
    if len(kept) == len(found):
        return tuple(spans)
    if policy.unknown is Unknown.REFUSE:
        raise CannotStrip("the policy refuses bytes of unknown purpose: inside the coded picture")
    if not kept:
        raise CannotStrip("coded pictures without a picture")
    return kept_of(spans, kept)
