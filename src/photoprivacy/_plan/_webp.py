"""How a clean WebP is put together."""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged, size_of
from photoprivacy.containers._model import Container, Role, Segment, Span
from photoprivacy.containers._webp import (
    ALPHA,
    ANIM_SIZE,
    ANIMATION,
    EXIF,
    FRAME_CHUNKS,
    FRAME_HEADER,
    ICC,
    XMP,
    WebpContainer,
    alpha_size,
    has_alpha,
)
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Unknown

#: What may stay in a WebP, by chunk type. Everything else goes. Clauses of RFC 9649.
KEEP: Final[dict[str, Rule]] = {
    "VP8X": Rule(category=None, reason="canvas and features (2.7); rebuilt, its flags fresh"),
    "VP8 ": Rule(category=None, reason="lossy pixels (2.5)"),
    "VP8L": Rule(category=None, reason="lossless pixels (2.6)"),
    "ALPH": Rule(category=None, reason="transparency (2.7.1.2)"),
    "ANIM": Rule(category=None, reason="loops and background (2.7.1.1)"),
    "ANMF": Rule(category=None, reason="a frame, its place and time (2.7.1.1); rebuilt"),
    "ICCP": Rule(category=Category.COLOR, reason="colour profile (2.7.1.4)"),
}  # fmt: skip

_ORDER: Final = ("ANIM", "ANMF", "ALPH", "VP8 ", "VP8L")


def plan_webp(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: No decoder shows the picture.
        CannotStrip: Decoders disagree about its transparency, or unknown chunks are to be refused.
    """
    if not isinstance(container, WebpContainer):
        raise TypeError("a WebP is planned from a WebpContainer")
    if container.damage is not None:
        raise container.damage
    _refuse_unknown(container, wanted)
    picture = _picture(container)
    profile = clean_profile(container.profile) if KEEP["ICCP"].holds(wanted.policy) else b""
    pieces: list[Piece] = []
    if container.extended or profile or wanted.exif or wanted.xmp:
        features = _features(container, data, picture, profile, wanted)
        pieces.append(Fresh(_chunk(b"VP8X", features)))
    if profile:
        pieces.append(Fresh(_chunk(b"ICCP", profile)))
    frames = iter(container.frames)
    for segment in picture:
        if segment.kind == "ANIM":
            # 2.7.1.1: its six bytes; decoders skip what follows.
            body = Span(segment.body.start, segment.body.start + ANIM_SIZE)
            pieces.append(Fresh(_chunk(b"ANIM", body.of(data))))
        elif segment.kind == "ANMF":
            pieces.extend(_frame(segment, next(frames), data))
        else:
            pieces.extend(_still([segment], data, picture[-1]))
    if wanted.exif:
        pieces.append(Fresh(_chunk(b"EXIF", wanted.exif)))
    if wanted.xmp:
        pieces.append(Fresh(_chunk(b"XMP ", wanted.xmp)))
    size = 4 + sum(map(size_of, pieces))
    head = Fresh(b"RIFF" + size.to_bytes(4, "little") + b"WEBP")
    return Plan(pieces=merged([head, *pieces]))


def _refuse_unknown(container: WebpContainer, wanted: Wanted) -> None:
    if wanted.policy.unknown is not Unknown.REFUSE:
        return
    inside = (chunk for inner in container.frames for chunk in inner)
    for segment in (*container.segments, *inside):
        if segment.role in (Role.UNKNOWN, Role.TRAILER):
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")


def _picture(container: WebpContainer) -> list[Segment]:
    """Return the chunks that make the picture, without those that decoders pass over."""
    if not container.extended:
        return [container.segments[1]]  # 2.5, 2.6: a simple file is its first chunk
    picture = [segment for segment in container.segments if segment.kind in _ORDER]
    inside = (chunk for inner in container.frames for chunk in inner)
    alpha = any(segment.kind == "ALPH" for segment in (*picture, *inside))
    if alpha and not container.flags & ALPHA:
        # Some decoders go by the flag, some by the chunk.
        raise CannotStrip("transparency that the header does not announce")
    if container.flags & ANIMATION:
        return [picture[0], *(segment for segment in picture if segment.kind == "ANMF")]
    return picture


def _features(
    container: WebpContainer, data: bytes, picture: list[Segment], profile: bytes, wanted: Wanted
) -> bytes:
    if container.extended:
        flags = container.flags & (ANIMATION | ALPHA)
    else:
        flags = ALPHA if has_alpha(data, picture[0]) else 0
    flags |= ICC if profile else 0
    flags |= EXIF if wanted.exif else 0
    flags |= XMP if wanted.xmp else 0
    width, height = container.width - 1, container.height - 1
    return bytes((flags, 0, 0, 0)) + width.to_bytes(3, "little") + height.to_bytes(3, "little")


def _frame(segment: Segment, inner: tuple[Segment, ...], data: bytes) -> list[Piece]:
    """Return a frame with its pixels, and nothing else in it."""
    good = [chunk for chunk in inner if chunk.kind in FRAME_CHUNKS]
    start = segment.body.start
    pixels = _still(good, data, good[-1])
    size = FRAME_HEADER + sum(map(size_of, pixels))
    # 2.7.1.1: place, size and time; two bits of the last byte mean something.
    place = data[start : start + FRAME_HEADER - 1] + bytes((data[start + FRAME_HEADER - 1] & 0x03,))
    return [Fresh(b"ANMF" + size.to_bytes(4, "little") + place), *pixels]


def _still(chunks: list[Segment], data: bytes, pixels: Segment) -> list[Piece]:
    """Return the chunks of one picture, their pad bytes zero (2.3)."""
    pieces: list[Piece] = []
    for chunk in chunks:
        size = len(chunk.body)
        if chunk.kind == "ALPH":
            size = alpha_size(data, chunk, pixels)
        head = chunk.kind.encode("latin-1") + size.to_bytes(4, "little")
        start = chunk.body.start
        whole = size == len(chunk.body)
        pieces.append(Copy(Span(chunk.span.start, start)) if whole else Fresh(head))
        pieces.append(Copy(Span(start, start + size)))
        if size % 2:
            pieces.append(Fresh(b"\x00"))
    return pieces


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
