"""How a clean WebP is put together."""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy.containers._model import Container, Role, Segment, Span
from photoprivacy.containers._webp import FRAME_CHUNKS, FRAME_HEADER, chunks, has_alpha
from photoprivacy.errors import CannotStrip
from photoprivacy.limits import Limits
from photoprivacy.policy import Category, Unknown

#: What may stay in a WebP, by chunk type. Everything else goes. Clauses of RFC 9649.
KEEP: Final[dict[str, Rule]] = {
    "VP8X": Rule(category=None, reason="canvas and features (2.7); rebuilt, its flags fresh"),
    "VP8 ": Rule(category=None, reason="lossy pixels (2.5)"),
    "VP8L": Rule(category=None, reason="lossless pixels (2.6)"),
    "ALPH": Rule(category=None, reason="transparency (2.7.1.2)"),
    "ANIM": Rule(category=None, reason="loops and background (2.7.1.1)"),
    "ANMF": Rule(category=None, reason="a frame with its time (2.7.1.1); rebuilt if more is in it"),
    "ICCP": Rule(category=Category.COLOR, reason="colour profile (2.7.1.4)"),
}  # fmt: skip

# RFC 9649, 2.7: bits of the first byte of VP8X.
_ANIMATION, _XMP, _EXIF, _ALPHA, _ICC = 0x02, 0x04, 0x08, 0x10, 0x20
_SINGLE: Final = frozenset({"VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ICCP"})


def plan_webp(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its picture is.
        CannotStrip: A picture stands twice, or unknown chunks are to be refused.
    """
    if container.damage is not None:
        raise container.damage
    kept = [segment for segment in container.segments if _stays(segment, wanted)]
    kinds = [segment.kind for segment in kept]
    for kind in _SINGLE:
        if kinds.count(kind) > 1:
            # Decoders disagree about which one counts.
            raise CannotStrip(f"a {kind.strip()} chunk that stands twice")
    pieces: list[Piece] = []
    extended = "VP8X" in kinds or "ICCP" in kinds or bool(wanted.exif or wanted.xmp)
    if extended:
        pieces.append(Fresh(_chunk(b"VP8X", _features(container, data, kinds, wanted))))
    for kind in ("ICCP", "ANIM", "ANMF", "ALPH", "VP8 ", "VP8L"):
        # The order of RFC 9649, 2.7; frames keep theirs.
        for segment in kept:
            if segment.kind == kind:
                pieces.extend(_pieces(segment, data, wanted))
    if wanted.exif:
        pieces.append(Fresh(_chunk(b"EXIF", wanted.exif)))
    if wanted.xmp:
        pieces.append(Fresh(_chunk(b"XMP ", wanted.xmp)))
    size = 4 + sum(len(p.span) if isinstance(p, Copy) else len(_fresh(p)) for p in pieces)
    head = Fresh(b"RIFF" + size.to_bytes(4, "little") + b"WEBP")
    return Plan(pieces=merged([head, *pieces]))


def _stays(segment: Segment, wanted: Wanted) -> bool:
    if segment.role in (Role.UNKNOWN, Role.TRAILER) and wanted.policy.unknown is Unknown.REFUSE:
        where = segment.span.start
        raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")
    rule = KEEP.get(segment.kind)
    return rule is not None and rule.holds(wanted.policy)


def _features(container: Container, data: bytes, kinds: list[str], wanted: Wanted) -> bytes:
    flags = 0
    old = [segment for segment in container.segments if segment.kind == "VP8X"]
    if old:
        flags = data[old[0].body.start] & (_ANIMATION | _ALPHA)
    elif "ALPH" in kinds or has_alpha(data, container.segments):
        flags = _ALPHA
    flags |= _ICC if "ICCP" in kinds else 0
    flags |= _EXIF if wanted.exif else 0
    flags |= _XMP if wanted.xmp else 0
    canvas = (container.width - 1).to_bytes(3, "little") + (container.height - 1).to_bytes(
        3, "little"
    )
    return bytes((flags, 0, 0, 0)) + canvas


def _pieces(segment: Segment, data: bytes, wanted: Wanted) -> list[Piece]:
    body = segment.body
    if segment.kind == "ANMF":
        inner = list(chunks(data, body.start + FRAME_HEADER, body.stop, Limits()))
        good = [chunk for chunk in inner if chunk.kind in FRAME_CHUNKS]
        if len(good) != len(inner):
            if wanted.policy.unknown is Unknown.REFUSE:
                raise CannotStrip("the policy refuses bytes of unknown purpose inside a frame")
            parts = [_chunk(chunk.kind.encode("latin-1"), chunk.body.of(data)) for chunk in good]
            head = data[body.start : body.start + FRAME_HEADER]
            return [Fresh(_chunk(b"ANMF", head + b"".join(parts)))]
    if len(body) % 2 == 0:
        return [Copy(segment.span)]
    # RFC 9649, 2.3: the pad byte is zero; whatever stood there goes.
    return [Copy(Span(segment.span.start, body.stop)), Fresh(b"\x00")]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def _fresh(piece: Piece) -> bytes:
    return piece.data if isinstance(piece, Fresh) else b""
