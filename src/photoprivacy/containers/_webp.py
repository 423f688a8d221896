"""WebP to segments (RIFF; WebP Container Specification, RFC 9649)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._icc import whole_profile
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
from photoprivacy.containers._turn import turn_told
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
    "C2PA": BlockKind.JUMBF,
}
#: Chunks that may stand inside an animation frame after its 16 bytes (RFC 9649, 2.7.1.1).
FRAME_CHUNKS: Final = frozenset({"ALPH", "VP8 ", "VP8L"})
FRAME_HEADER: Final = 16
ANIM_SIZE: Final = 6
# RFC 9649, 2.7: bits of the first byte of VP8X.
ANIMATION, XMP, EXIF, ALPHA, ICC = 0x02, 0x04, 0x08, 0x10, 0x20
#: What one picture may be made of (2.5-2.7): transparency goes with lossy pixels alone.
_STILL: Final = (["VP8 "], ["VP8L"], ["ALPH", "VP8 "])


@attrs.frozen(kw_only=True)
class WebpContainer(Container):
    """A WebP taken apart.

    What follows a bitstream inside its own ``VP8 ``, ``VP8L`` or compressed ``ALPH`` chunk
    cannot be told from it without decoding (RFC 6386, 9.5: the last partition has no length),
    and counts as picture.

    Attributes:
        frames: What each ANMF holds behind its 16 bytes, in the order of the file.
        flags: The first byte of VP8X; 0 in a file without.
        extended: Whether the file begins with VP8X. Otherwise its first chunk is all of it.
        profile: The ICC profile that decoders use, ``b""`` for none.
    """

    frames: tuple[tuple[Segment, ...], ...] = ()
    flags: int = 0
    extended: bool = False
    profile: bytes = attrs.field(default=b"", repr=False)


def parse_webp(data: bytes, limits: Limits) -> WebpContainer:
    """Take a WebP file apart.

    Raises:
        MalformedImage: The walk over its chunks cannot go on.
        LimitExceeded: More chunks than *limits* allow, those inside frames included.
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
    if end < 12:
        raise MalformedImage("webp", 4, "a RIFF size that does not reach its own name")
    segments = [Segment(kind="RIFF", role=_S, span=Span(0, 12), body=Span(8, 12))]
    segments.extend(_chunks(data, 12, end, limits, 0))
    frames: list[tuple[Segment, ...]] = []
    count = len(segments)
    for segment in segments:
        if segment.kind == "ANMF":
            frames.append(_frame(data, segment, limits, count))
            count += len(frames[-1])
    first = segments[1] if len(segments) > 1 else segments[0]
    extended = first.kind == "VP8X"
    flags = data[first.body.start] if extended and len(first.body) else 0
    profile = _profile(data, segments) if flags & ICC else b""
    blocks = list(_blocks(data, segments, frames, limits, profile))
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
    exif = [block for block in blocks if block.kind is BlockKind.EXIF] if flags & EXIF else []
    width, height = _canvas(data, first)
    wrong = _wrong(data, segments, frames, flags, (width, height))
    return WebpContainer(
        format=Format.WEBP,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(blocks),
        width=width,
        height=height,
        # 2.7: decoders look for Exif where the header announces it, and take the first (libwebp).
        rotation=turn_told(blocks, exif[0] if exif else None),
        problems=tuple(problems),
        damage=MalformedImage("webp", 12, wrong) if wrong else None,
        frames=tuple(frames),
        flags=flags,
        extended=extended,
        profile=profile,
    )


def _chunks(data: bytes, start: int, end: int, limits: Limits, count: int) -> Iterator[Segment]:
    """Yield the chunks of *data* from *start* to *end*; there are *count* in the file so far."""
    at = start
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


def _frame(data: bytes, frame: Segment, limits: Limits, count: int) -> tuple[Segment, ...]:
    start = frame.body.start + FRAME_HEADER
    if start > frame.body.stop:
        raise MalformedImage("webp", frame.span.start, "an animation frame without its header")
    return tuple(_chunks(data, start, frame.body.stop, limits, count))


def _profile(data: bytes, segments: list[Segment]) -> bytes:
    """Return the first profile (2.7.1.4); decoders ask for no other."""
    for segment in segments:
        if segment.kind == "ICCP":
            return whole_profile(segment.body.of(data))
    return b""


def _wrong(
    data: bytes,
    segments: list[Segment],
    frames: list[tuple[Segment, ...]],
    flags: int,
    canvas: tuple[int, int],
) -> str:
    """Return why no decoder shows the picture, ``""`` when they do (as libwebp reads 2.7)."""
    first = segments[1].kind if len(segments) > 1 else ""
    if first in ("VP8 ", "VP8L"):
        return "" if canvas[0] and canvas[1] else "no picture"
    if first != "VP8X" or len(segments[1].body) != 10:
        return "no picture" if first != "VP8X" else "a VP8X chunk of another length than ten bytes"
    picture = [
        segment for segment in segments if segment.role in (_P, _R) and segment.kind != "ICCP"
    ]
    kinds = [segment.kind for segment in picture]
    if [segment.kind for segment in segments].count("VP8X") > 1:
        return "a VP8X chunk that stands twice"
    if not flags & ANIMATION:
        if kinds not in _STILL:
            return "not one picture"
        pixels = picture[-1]
        return "" if picture_size(data, pixels) == canvas else "a picture other than its canvas"
    announced = [segment for segment in picture if segment.kind == "ANIM"]
    if kinds[:1] != ["ANIM"] or len(announced[0].body) < ANIM_SIZE or not frames:
        return "an animation without its header or frames"
    if set(kinds) != {"ANIM", "ANMF"}:
        return "a picture beside an animation"
    for inner in frames:
        shown = [chunk for chunk in inner if chunk.kind in FRAME_CHUNKS]
        if [chunk.kind for chunk in shown] not in _STILL or not all(picture_size(data, shown[-1])):
            return "a frame that is not one picture"
    return ""


def alpha_size(data: bytes, alpha: Segment, pixels: Segment) -> int:
    """Return how many bytes of ALPH count (2.7.1.2): all, unless it is not compressed."""
    size = len(alpha.body)
    if not size or data[alpha.body.start] & 0x03:
        return size
    width, height = picture_size(data, pixels)
    return min(size, 1 + width * height)


def _blocks(
    data: bytes,
    segments: list[Segment],
    frames: list[tuple[Segment, ...]],
    limits: Limits,
    profile: bytes,
) -> Iterator[Block]:
    inside = iter(frames)
    used = profile
    before: Segment | None = None
    for segment in segments:
        if segment.kind == "ANMF":
            for chunk in next(inside):
                if chunk.kind not in FRAME_CHUNKS:
                    yield _rest(data, chunk, chunk.body, limits, "unknown chunk inside a frame")
        elif segment.kind == "ANIM" and len(segment.body) > ANIM_SIZE:
            rest = Span(segment.body.start + ANIM_SIZE, segment.body.stop)
            yield _rest(data, segment, rest, limits, "after the animation header")
        elif segment.kind == "ICCP":
            if used:
                yield Block(kind=BlockKind.ICC, data=used, origin="ICCP", where=segment.span)
            else:
                yield _rest(data, segment, segment.body, limits, "a profile that nobody uses")
            used = b""
        elif segment.kind == "VP8 " and before is not None and before.kind == "ALPH":
            rest = Span(before.body.start + alpha_size(data, before, segment), before.body.stop)
            if len(rest):
                yield _rest(data, before, rest, limits, "after the transparency")
        yield from _block(data, segment, limits)
        before = segment


def _rest(data: bytes, chunk: Segment, rest: Span, limits: Limits, name: str) -> Block:
    return Block(
        kind=BlockKind.OTHER,
        data=data[rest.start : min(rest.stop, rest.start + limits.max_block)],
        origin=chunk.kind.strip(),
        where=chunk.span,
        base=rest.start,
        name=name,
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


def _canvas(data: bytes, first: Segment) -> tuple[int, int]:
    """Return width and height in pixels, as the first chunk says them; 0 when it does not."""
    if first.kind != "VP8X":
        return picture_size(data, first)
    if len(first.body) < 10:
        return 0, 0
    # RFC 9649, 2.7: canvas width and height minus one, 24 bits each.
    body = first.body.of(data)
    return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1


def picture_size(data: bytes, pixels: Segment) -> tuple[int, int]:
    """Return width and height of a ``VP8 `` or ``VP8L`` chunk in pixels, 0 when it is neither."""
    body = data[pixels.body.start : min(pixels.body.start + 10, pixels.body.stop)]
    if pixels.kind == "VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) == 10:
        # RFC 6386, 9.1: 14 bits of width, 2 of scale, the same for height.
        return (
            int.from_bytes(body[6:8], "little") & 0x3FFF,
            int.from_bytes(body[8:10], "little") & 0x3FFF,
        )
    if pixels.kind == "VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        # RFC 9649, 3.4: 14 bits of width minus one, 14 of height minus one.
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0


def has_alpha(data: bytes, pixels: Segment) -> bool:
    """Return whether a picture without VP8X has an alpha channel (RFC 9649, 3.4)."""
    at = pixels.body.start + 4
    return pixels.kind == "VP8L" and at < pixels.body.stop and bool(data[at] & 0x10)
