"""MP4 and MOV to segments (ISO/IEC 14496-12, 14496-14; QuickTime File Format)."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._bmff_movie import Movie, Track
from photoprivacy.containers._bmff_top import top_boxes
from photoprivacy.containers._bmff_tracks import read_movie
from photoprivacy.containers._model import Block, Container, Format, Role, Segment, Span
from photoprivacy.containers._movie_blocks import blocks_of
from photoprivacy.errors import LimitExceeded, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits

#: first box of a MOV that does not say its brand (QuickTime File Format, 1: before 2004)
_OLD: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_QUICKTIME: Final = b"qt  "
#: major brand of ISO media files that are videos (mp4ra.org), and of makers of cameras
_BRANDS: Final = frozenset(
    {
        *(b"isom", b"mp41", b"mp42", b"mp71", b"avc1", b"av01", b"MSNV", b"NDSC", b"NDSS", b"NDXS"),
        *(b"M4V ", b"M4VH", b"M4VP", b"XAVC", b"CAEP", b"dash", b"mmp4", b"dby1", b"hvc1", b"MGSV"),
        *(bytes((*b"iso", digit)) for digit in b"23456789abc"),
        *(bytes((*b"3gp", digit)) for digit in b"123456789"),
        *(b"3gg6", b"3ge6", b"3ge9", b"3gh9", b"3gm9", b"3gr6", b"3gs6", b"3gs9", b"3g2a", b"3g2b"),
    }
)

#: top-level box → what it is there for; a type that is not here is UNKNOWN
_TOP: Final = {
    "ftyp": Role.STRUCTURE,
    "moov": Role.STRUCTURE,
    "mdat": Role.STRUCTURE,
    **dict.fromkeys(("free", "skip", "wide"), Role.PADDING),
    **dict.fromkeys(("udta", "meta", "uuid", "pnot", "PICT", "sefd", "inst"), Role.METADATA),
    **dict.fromkeys(("moof", "mfra", "sidx", "styp", "ssix", "prft", "emsg"), Role.STRUCTURE),
}
#: what a video needs, and what must not be cut short
_NEEDED, _CUT = frozenset({"moov", "mdat"}), frozenset({b"mdat"})
#: boxes of files whose samples stand in fragments (14496-12, 8.8)
_FRAGMENTS: Final = frozenset({"moof", "mfra", "sidx", "styp"})
#: handler of a track → what its samples are; those of others are metadata
_SAMPLES: Final = {"vide": Role.PICTURE, "soun": Role.RENDERING}


@attrs.frozen(kw_only=True)
class MovieContainer(Container):
    """An MP4 or MOV taken apart.

    Attributes:
        boxes: Top-level boxes in file order.
        movie: The tracks.
        fragmented: Whether samples may stand in fragments.
    """

    boxes: tuple[Box, ...]
    movie: Movie
    fragmented: bool = False


def sniff_movie(data: bytes) -> Format | None:
    """Return MP4 or MOV by the first box, ``None`` for other files."""
    kind, brand = data[4:8], data[8:12]
    if kind == b"ftyp":
        if brand == _QUICKTIME:
            return Format.MOV
        return Format.MP4 if brand in _BRANDS else None
    size = int.from_bytes(data[:4], "big")
    sized = size == 1 or 8 <= size <= len(data) or (kind == b"mdat" and size == 0)
    return Format.MOV if kind in _OLD and sized else None


def parse_movie(data: bytes, limits: Limits) -> MovieContainer:
    """Take an MP4 or MOV file apart.

    Raises:
        MalformedImage: Its boxes or tables are broken.
        LimitExceeded: It holds more boxes or samples than *limits* allow.
    """
    kind = sniff_movie(data)
    if kind is None:
        raise MalformedImage("mp4", 0, "no brand of MP4 or MOV")
    top, problems = top_boxes(data, limits, needed=_NEEDED, pictures=_CUT)
    movies = [box for box in top if box.type == "moov"]
    if len(movies) != 1:
        raise MalformedImage(kind.value, 0, "not exactly one movie box")
    movie = read_movie(data, movies[0], limits)
    segments = tuple(_segments(data, top, movie, limits))
    shown = [track for track in movie.tracks if track.handler == "vide" and track.entries]
    first = shown[0].entries[0] if shown else None
    return MovieContainer(
        format=kind,
        size=len(data),
        segments=segments,
        blocks=tuple(blocks_of(data, top, movie, segments, limits)),
        width=first.width if first else 0,
        height=first.height if first else 0,
        rotation=_rotation(shown[0].matrix) if shown else 1,
        problems=tuple(problems),
        damage=None if shown else MalformedImage(kind.value, 0, "a movie without pictures"),
        boxes=top,
        movie=movie,
        fragmented=movie.fragmented or any(box.type in _FRAGMENTS for box in top),
    )


def _segments(data: bytes, top: tuple[Box, ...], movie: Movie, limits: Limits) -> Iterator[Segment]:
    """Yield segments that tile the file: boxes, and inside mdat the chunks of tracks."""
    owned = sorted(_chunks(movie.tracks))
    starts = [span.start for span, _ in owned]
    if len(owned) + len(top) > limits.max_segments:
        raise LimitExceeded("mp4", 0, limit="max_segments", value=limits.max_segments)
    at = 0
    for box in top:
        at = box.span.stop
        if box.type == "mdat":
            yield _part("mdat", Role.STRUCTURE, box.span.start, box.body.start)
            first = bisect.bisect_left(starts, box.body.start)
            # One that begins in front of the box may reach into it; it belongs to no box then.
            yield from _inside(data, box.body, owned, first)
        else:
            role = _TOP.get(box.type, Role.UNKNOWN)
            if role is Role.PADDING and any(data[box.body.start : box.body.stop]):
                role = Role.STRAY
            name = box.type if role is Role.UNKNOWN else ""
            yield Segment(kind=box.type, role=role, span=box.span, body=box.body, name=name)
    if at < len(data):
        yield _part("trailer", Role.TRAILER, at, len(data))


def _chunks(tracks: tuple[Track, ...]) -> Iterator[tuple[Span, str]]:
    for track in tracks:
        for chunk in track.chunks:
            if len(chunk):
                yield chunk, track.handler


def _inside(
    data: bytes, body: Span, owned: list[tuple[Span, str]], first: int
) -> Iterator[Segment]:
    at = body.start
    for index in range(first, len(owned)):
        span, handler = owned[index]
        if span.start >= body.stop:
            break
        start, stop = max(span.start, at), min(span.stop, body.stop)
        if start >= stop:
            continue
        if start > at:
            yield _gap(data, at, start)
        yield _part("samples", _SAMPLES.get(handler, Role.METADATA), start, stop, handler)
        at = stop
    if at < body.stop:
        yield _gap(data, at, body.stop)


def _gap(data: bytes, start: int, stop: int) -> Segment:
    role = Role.STRAY if any(data[start:stop]) else Role.PADDING
    return _part("mdat", role, start, stop)


def _part(kind: str, role: Role, start: int, stop: int, name: str = "") -> Segment:
    span = Span(start, stop)
    return Segment(kind=kind, role=role, span=span, body=span, name=name)


def inner_movie(data: bytes, where: Span, limits: Limits) -> list[Block]:
    """Return the metadata blocks of a video inside another file; ``[]`` for a damaged one."""
    try:
        movie = parse_movie(where.of(data), limits)
    except (MalformedImage, UnsupportedFormat):
        return []
    by = where.start
    return [
        attrs.evolve(
            block,
            where=Span(block.where.start + by, block.where.stop + by),
            base=None if block.base is None else block.base + by,
            # It goes with its video, where that goes: the photo hides nothing then.
            name="crop of a clip" if block.name == "hidden pixels" else block.name,
            primary=False,
        )
        for block in movie.blocks
    ]


def _rotation(matrix: bytes) -> int:
    """Return how a track is turned (8.3.2), as the Exif value of its effect, 1 for none."""
    numbers = (int.from_bytes(matrix[at : at + 4], "big", signed=True) for at in (0, 4, 12, 16))
    a, b, c, d = ((n > 0) - (n < 0) for n in numbers)
    return _TURNS.get((a, b, c, d), 1)


#: signs of a, b, c and d: where x and y of the picture go → Exif orientation
_TURNS: Final = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
