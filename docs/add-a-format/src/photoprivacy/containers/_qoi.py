"""QOI to segments (The Quite OK Image Format, specification 1.0, 2022)."""

from __future__ import annotations

from typing import Final

from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

MAGIC: Final = b"qoif"
HEADER: Final = 14
#: What the stream of bytes ends with: seven bytes of 0, and one of 1.
END: Final = bytes(7) + b"\x01"
RGB, RGBA = 0xFE, 0xFF
#: two highest bits of a chunk's first byte → how long the chunk is: index, diff, luma, run
_LENGTHS: Final = (1, 1, 2, 1)


def parse_qoi(data: bytes, limits: Limits) -> Container:
    """Take a QOI file apart.

    Raises:
        MalformedImage: No header, or one that means nothing; or the chunks do not end with a pixel.
        LimitExceeded: More pixels than *limits* allow.
    """
    if len(data) < HEADER or not data.startswith(MAGIC):
        raise MalformedImage("qoi", 0, "no header of QOI")
    width, height = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if not width or not height or data[12] not in (3, 4) or data[13] > 1:
        raise MalformedImage("qoi", 4, "a header that means nothing")
    if width * height > limits.max_pixels:
        raise LimitExceeded("qoi", 4, limit="max_pixels", value=limits.max_pixels)
    stop = _last_pixel(data, width * height)
    segments = [
        _segment("header", Role.STRUCTURE, 0, HEADER),
        _segment("chunks", Role.PICTURE, HEADER, stop),
    ]
    if data.startswith(END, stop):
        segments.append(_segment("end", Role.STRUCTURE, stop, stop + len(END)))
        stop += len(END)
    blocks = []
    if stop < len(data):
        # The format has no place for metadata: whatever tells something stands behind the end.
        segments.append(_segment("trailer", Role.TRAILER, stop, len(data)))
        blocks.append(
            Block(
                kind=BlockKind.TRAILER,
                data=data[stop:][: limits.max_block],
                origin="after the end",
                where=Span(stop, len(data)),
                name="after the end",
            )
        )
    return Container(
        format=Format.QOI,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(blocks),
        width=width,
        height=height,
    )


def _segment(kind: str, role: Role, start: int, stop: int) -> Segment:
    span = Span(start, stop)
    return Segment(kind=kind, role=role, span=span, body=span)


def _last_pixel(data: bytes, left: int) -> int:
    """Return where the chunk ends that paints the last of the pixels that are *left*."""
    at = HEADER
    while left > 0:
        if at >= len(data):
            raise TruncatedImage("qoi", at, needed=1, available=0)
        tag = data[at]
        if tag in (RGB, RGBA):
            at, painted = at + (4 if tag == RGB else 5), 1
        else:
            painted = (tag & 0x3F) + 1 if tag >> 6 == 3 else 1
            at += _LENGTHS[tag >> 6]
        left -= painted
    if left < 0:
        raise MalformedImage("qoi", at, "a run that leaves the picture")
    if at > len(data):
        raise TruncatedImage("qoi", at, needed=at - len(data), available=0)
    return at
