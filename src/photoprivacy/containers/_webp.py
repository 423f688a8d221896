"""WebP to segments (RIFF; WebP Container Specification, RFC 9649)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Problem,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

_P, _R, _M, _S = Role.PICTURE, Role.RENDERING, Role.METADATA, Role.STRUCTURE
#: chunk type → role (RFC 9649, 2.3-2.7); a type that is not here is UNKNOWN
ROLES: Final = {
    "VP8X": _S,
    "VP8 ": _P,
    "VP8L": _P,
    "ALPH": _P,
    "ANIM": _R,
    "ANMF": _P,
    "ICCP": _R,
    "EXIF": _M,
    "XMP ": _M,
    "C2PA": _M,
}
_BLOCKS: Final = {
    "EXIF": BlockKind.EXIF,
    "XMP ": BlockKind.XMP,
    "ICCP": BlockKind.ICC,
    "C2PA": BlockKind.JUMBF,
}
#: Chunks that may stand inside an animation frame after its 16 bytes (RFC 9649, 2.7.1.1).
FRAME_CHUNKS: Final = frozenset({"ALPH", "VP8 ", "VP8L"})
FRAME_HEADER: Final = 16


def parse_webp(data: bytes, limits: Limits) -> Container:
    """Take a WebP file apart.

    Raises:
        MalformedImage: The walk over its chunks cannot go on.
        LimitExceeded: More chunks than *limits* allow.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise MalformedImage("webp", 0, "no RIFF header")
    end = 8 + int.from_bytes(data[4:8], "little")
    problems: list[Problem] = []
    if end == len(data) + 1 and end % 2 == 0:
        problems.append(Problem(what="the last pad byte is missing", where=Span(4, 8)))
        end = len(data)
    if end > len(data):
        raise TruncatedImage("webp", 4, needed=end, available=len(data))
    segments = [Segment(kind="RIFF", role=_S, span=Span(0, 12), body=Span(8, 12))]
    blocks: list[Block] = []
    for segment in chunks(data, 12, end, limits):
        segments.append(segment)
        if segment.kind == "ANMF":
            blocks.extend(_inside_frame(data, segment, limits))
        blocks.extend(_block(data, segment, limits))
    if end < len(data):
        rest = Span(end, len(data))
        segments.append(Segment(kind="trailer", role=Role.TRAILER, span=rest, body=rest))
        blocks.append(
            Block(
                kind=BlockKind.TRAILER,
                data=data[end : end + limits.max_block],
                origin="trailer",
                where=rest,
                base=end,
                name="after RIFF",
            )
        )
    width, height = _dimensions(data, segments)
    return Container(
        format=Format.WEBP,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(blocks),
        width=width,
        height=height,
        problems=tuple(problems),
        damage=None if width else MalformedImage("webp", 12, "no picture"),
    )


def chunks(data: bytes, start: int, end: int, limits: Limits) -> Iterator[Segment]:
    """Yield the chunks of *data* from *start* to *end*, pad bytes included.

    Raises:
        TruncatedImage: A chunk leaves its parent.
    """
    at, count = start, 0
    while at < end:
        if at + 8 > end:
            raise TruncatedImage("webp", at, needed=8, available=end - at)
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise TruncatedImage("webp", at, needed=size + 8, available=end - at)
        count += 1
        if count > limits.max_segments:
            raise LimitExceeded("webp", at, limit="max_segments", value=limits.max_segments)
        kind = data[at : at + 4].decode("latin-1")
        # RFC 9649, 2.3: an odd payload is followed by a pad byte, except where the file ends.
        stop = min(at + 8 + size + size % 2, end)
        known = kind in ROLES
        yield Segment(
            kind=kind,
            role=ROLES.get(kind, Role.UNKNOWN),
            span=Span(at, stop),
            body=Span(at + 8, at + 8 + size),
            name="" if known else kind,
        )
        at = stop


def _inside_frame(data: bytes, frame: Segment, limits: Limits) -> Iterator[Block]:
    start = frame.body.start + FRAME_HEADER
    if start > frame.body.stop:
        raise MalformedImage("webp", frame.span.start, "an animation frame without its header")
    for chunk in chunks(data, start, frame.body.stop, limits):
        if chunk.kind not in FRAME_CHUNKS:
            yield Block(
                kind=BlockKind.OTHER,
                data=chunk.body.of(data)[: limits.max_block],
                origin="ANMF",
                where=chunk.span,
                base=chunk.body.start,
                name="unknown chunk inside a frame",
            )


def _block(data: bytes, chunk: Segment, limits: Limits) -> Iterator[Block]:
    if chunk.kind in _BLOCKS:
        kind = _BLOCKS[chunk.kind]
    elif chunk.role is Role.UNKNOWN:
        kind = BlockKind.OTHER
    else:
        return
    start = chunk.body.start
    body = data[start : min(chunk.body.stop, start + limits.max_block)]
    if kind is BlockKind.EXIF and body.startswith(b"Exif\x00\x00"):
        # Many writers carry JPEG's signature over (RFC 9649 does not ask for it).
        body, start = body[6:], start + 6
    yield Block(
        kind=kind,
        data=body,
        origin=chunk.kind.strip(),
        where=chunk.span,
        base=start,
        name=chunk.name,
    )


def _dimensions(data: bytes, segments: list[Segment]) -> tuple[int, int]:
    for segment in segments:
        body = data[segment.body.start : segment.body.start + 10]
        if segment.kind == "VP8X" and len(body) == 10:
            # RFC 9649, 2.7: canvas width and height minus one, 24 bits each.
            return _u24(body[4:7]) + 1, _u24(body[7:10]) + 1
        if segment.kind == "VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) == 10:
            # RFC 6386, 9.1: 14 bits of width, 2 of scale, the same for height.
            return (
                int.from_bytes(body[6:8], "little") & 0x3FFF,
                int.from_bytes(body[8:10], "little") & 0x3FFF,
            )
        if segment.kind == "VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
            # RFC 9649, 3.4: 14 bits of width minus one, 14 of height minus one.
            bits = int.from_bytes(body[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0


def has_alpha(data: bytes, segments: tuple[Segment, ...]) -> bool:
    """Return whether a picture without a VP8X header has an alpha channel (RFC 9649, 3.4)."""
    for segment in segments:
        if segment.kind == "VP8L" and len(segment.body) >= 5:
            return bool(data[segment.body.start + 4] & 0x10)
    return False


def _u24(three: bytes) -> int:
    return int.from_bytes(three, "little")
