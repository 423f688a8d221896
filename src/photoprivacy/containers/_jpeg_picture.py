"""The picture of a JPEG, with the tables that its scans use, and no others (ITU-T T.81, Annex B).

A table that is announced and never used, or replaced before it is, can say anything; so can the
rest of a segment that is longer than its tables. Used tables stay to the last number, and what
their numbers say besides cannot be told from how the picture is coded.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import attrs

from photoprivacy.containers._jpeg_ends import SMALL
from photoprivacy.containers._jpeg_names import marker_name
from photoprivacy.containers._jpeg_tails import Ends, ends_of
from photoprivacy.containers._jpeg_walk import DNL, Walk, Which, tables_in, walked
from photoprivacy.containers._model import Role, Segment, Span
from photoprivacy.errors import CannotStrip


def picture(
    segments: Sequence[Segment], data: bytes, tails: Sequence[Span] = ()
) -> list[Span | bytes]:
    """Return what stays of one picture, from behind its SOI on: stretches, and tables written anew.

    Args:
        segments: Those of the picture.
        data: The file.
        tails: What stands behind the last blocks of scans, in order, as `ends` found it.

    Raises:
        CannotStrip: A segment says more than it is long, or less; or decoders differ about what
            the picture is.
    """
    walk, scans = walked(segments, data)
    pieces = [piece for index in range(len(segments)) for piece in _pieces(walk, index, scans)]
    return list(_without(pieces, tails)) if tails else pieces


@attrs.frozen
class Look:
    """What a picture has that is not of its picture.

    Attributes:
        unused: Each segment that has something that no scan uses, and that.
        ends: What is known of where its scans end.
    """

    unused: tuple[tuple[Segment, bytes], ...] = attrs.field(default=(), repr=False)
    ends: Ends = attrs.field(factory=Ends)


def look(segments: Sequence[Segment], data: bytes) -> Look:
    """Return what a picture has that no scan uses; nothing of one that `picture` refuses."""
    try:
        walk, scans = walked(segments, data)
    except CannotStrip:
        return Look()
    unused = tuple(_unused(walk, scans))
    if walk.frame is None:
        return Look(unused)
    return Look(unused, ends_of(data, walk.frame, walk.height, walk.scans, every=False))


def ends(
    segments: Sequence[Segment], data: bytes, *, every: bool = True, small: int = SMALL
) -> Ends:
    """Return where scans of a picture end; of *every* one, that takes a second for four megabytes.

    Args:
        segments: Those of the picture.
        data: The file.
        every: Whether all are walked through.
        small: Bytes of coded data with which they are in any case.

    Raises:
        CannotStrip: As `picture` does.
    """
    walk, _ = walked(segments, data)
    if walk.frame is None:
        return Ends()
    return ends_of(data, walk.frame, walk.height, walk.scans, every=every, small=small)


def picture_behind(
    segments: Sequence[Segment], data: bytes, start: int, tails: Sequence[Span]
) -> tuple[list[Span | bytes], set[Which]]:
    """Return what `picture` does, from byte *start* on, and which tables in front of it are used.

    Raises:
        CannotStrip: As `picture` does.
    """
    walk, scans = walked(segments, data)
    first = sum(segment.span.start < start for segment in segments)
    pieces = [
        piece for index in range(first, len(segments)) for piece in _pieces(walk, index, scans)
    ]
    return list(_without(pieces, tails)), {which for which in walk.used if which[0] < first}


def only(stream: bytes, used: Container[Which]) -> Iterator[bytes]:
    """Yield the segments of an abbreviated *stream* of tables (B.5), with the *used* ones alone.

    They are numbered as in a picture that begins with it: SOI is segment 0.
    """
    at, index = 2, 1
    while at < len(stream) - 2:
        stop = at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
        found = enumerate(tables_in(stream[at + 1], stream[at + 4 : stop]))
        body = b"".join(one for number, (_, one) in found if (index, number) in used)
        if body:
            yield stream[at : at + 2] + (len(body) + 2).to_bytes(2, "big") + body
        at, index = stop, index + 1


def _without(pieces: Sequence[Span | bytes], tails: Sequence[Span]) -> Iterator[Span | bytes]:
    """Yield *pieces* without *tails*, each of which lies in one of them."""
    left = list(reversed(tails))
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
            continue
        at = piece.start
        while left and left[-1].start < piece.stop:
            tail = left.pop()
            yield Span(at, tail.start)
            at = tail.stop
        yield Span(at, piece.stop)


def _unused(walk: Walk, scans: dict[int, Span]) -> Iterator[tuple[Segment, bytes]]:
    segments, data = walk.segments, walk.data
    for index, found in walk.tables.items():
        rest = [one for number, (_, one) in enumerate(found) if (index, number) not in walk.used]
        if rest:
            yield segments[index], b"".join(rest)
    for index, segment in enumerate(segments):
        if segment.kind == marker_name(DNL) and index != walk.line_count:
            yield segment, segment.body.of(data)
        elif index in scans and len(scans[index]) < len(segment.span):
            yield segment, data[scans[index].stop : segment.span.stop]


def _pieces(walk: Walk, index: int, scans: dict[int, Span]) -> Iterator[Span | bytes]:
    segment = walk.segments[index]
    if index in walk.tables:
        found = walk.tables[index]
        kept = [one for number, (_, one) in enumerate(found) if (index, number) in walk.used]
        if len(kept) == len(found):
            yield segment.span
        elif kept:
            body = b"".join(kept)
            head = walk.data[segment.span.start : segment.span.start + 2]
            yield head + (len(body) + 2).to_bytes(2, "big") + body
    elif index in scans:
        yield scans[index]
    elif segment.kind == marker_name(DNL):
        if index == walk.line_count:
            yield segment.span
    elif segment.role is Role.PICTURE or segment.kind == "EOI":
        yield segment.span
