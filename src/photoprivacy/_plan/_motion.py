"""The video of a motion photo (Motion Photo 1.0), rebuilt like any other video."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from photoprivacy._plan._model import Copy, Fresh, Piece, Rule, Wanted, size_of
from photoprivacy._plan._xmp import Video
from photoprivacy.containers._model import BlockKind, Container, Span
from photoprivacy.errors import CannotStrip, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.metadata._xmp import properties
from photoprivacy.policy import Category

#: Why a video may stay in a photo.
VIDEO: Final[dict[str, Rule]] = {
    "video": Rule(category=Category.EMBEDDED_VIDEO, reason="the moments around the photo"),
}
#: when in its video a photo was taken: microseconds, -1 where nobody knows
_MOMENTS: Final = (
    "GCamera:MotionPhotoPresentationTimestampUs",
    "GCamera:MicroVideoPresentationTimestampUs",
)
_MOMENT: Final = re.compile(r"-1|\d{1,10}")


def video_pieces(
    container: Container, where: Span | None, data: bytes, wanted: Wanted
) -> tuple[list[Piece], Video | None]:
    """Return the pieces of a clean video, and what the packet says of it; none if it goes.

    Args:
        container: The photo.
        where: Its video, ``None`` for none.
        data: The file.
        wanted: What the output shall carry.

    Raises:
        CannotStrip: It shall stay, and cannot be cleaned.
    """
    if where is None or not VIDEO["video"].holds(wanted.policy):
        return [], None
    # Loaded where there is a video: most photos have none.
    from photoprivacy._plan._movie import plan_movie
    from photoprivacy.containers._movie import parse_movie

    inner = where.of(data)
    try:
        movie = parse_movie(inner, Limits())
        plan = plan_movie(movie, inner, Wanted(policy=wanted.policy))
    except (MalformedImage, UnsupportedFormat):
        raise CannotStrip("the video of a motion photo is damaged") from None
    pieces = list(_moved(plan.pieces, where.start))
    length = sum(map(size_of, pieces))
    return pieces, Video(
        length=length, moment=_moment(container), beside=container.format.media_type
    )


def _moved(pieces: tuple[Piece, ...], by: int) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, Fresh):
            yield piece
        else:
            yield Copy(Span(piece.span.start + by, piece.span.stop + by))


def _moment(container: Container) -> int:
    for block in container.blocks:
        if block.kind is BlockKind.XMP and block.primary:
            found, _ = properties(block.data, Limits())
            for one in found:
                if one.name in _MOMENTS and _MOMENT.fullmatch(one.text):
                    return int(one.text)
    return -1
