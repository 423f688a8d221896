"""How a clean HEIC or AVIF is put together without moving one byte of its picture.

``meta`` is written anew at its old length, kept items stay where they are, and everything
else in ``mdat`` and ``idat`` becomes zeros. Offsets stay valid because nothing moves
(ISO/IEC 14496-12, 8.11.3).
"""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._bmff_items import BRANDS, kept_items
from photoprivacy._plan._bmff_meta import fresh_meta
from photoprivacy._plan._model import Blank, Copy, Fresh, Piece, Plan, Residue, Rule, Wanted, merged
from photoprivacy.containers._bmff import BmffContainer
from photoprivacy.containers._bmff_meta import Box, Meta
from photoprivacy.containers._model import Container, Role, Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Unknown

#: What may stay at the top level. Everything else goes.
KEEP: Final[dict[str, Rule]] = {
    "ftyp": Rule(category=None, reason="brands (14496-12, 4.3)"),
    "meta": Rule(category=None, reason="items and properties (8.11.1); rebuilt"),
    "mdat": Rule(category=None, reason="coded items (8.1.1); all else in it is zeroed"),
    "free": Rule(category=None, reason="padding (8.1.2); its bytes are zeroed"),
}


def plan_bmff(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its picture is.
        CannotStrip: No rewrite of it is known to be lossless and clean.
    """
    if not isinstance(container, BmffContainer) or container.meta is None:
        raise TypeError("a HEIC or AVIF is planned from a BmffContainer")
    if container.damage is not None:
        raise container.damage
    if any(box.type == "moov" for box in container.boxes):
        raise CannotStrip("an image sequence, which cannot be rewritten yet")
    if wanted.exif or wanted.xmp:
        raise CannotStrip("metadata cannot be written into HEIC and AVIF yet; keep none of it")
    if wanted.policy.unknown is Unknown.REFUSE:
        _refuse_unknown(container)
    meta = container.meta
    kept = kept_items(data, meta, wanted.policy)
    spans = _kept_spans(container, meta, kept)
    pieces: list[Piece] = []
    last = max(i for i, box in enumerate(container.boxes) if box.type in ("meta", "mdat"))
    for box in container.boxes[: last + 1]:
        pieces.extend(_pieces(box, data, meta, kept, spans, wanted))
    blank = sum(piece.count for piece in pieces if isinstance(piece, Blank))
    residue = Residue(what="zero bytes where removed items and padding stood", size=blank)
    return Plan(pieces=merged(pieces), residue=(residue,) if blank else ())


def _pieces(
    box: Box,
    data: bytes,
    meta: Meta,
    kept: frozenset[int],
    spans: list[Span],
    wanted: Wanted,
) -> list[Piece]:
    header = Copy(Span(box.span.start, box.body.start))
    if box.type == "ftyp":
        return [header, Fresh(_brands(box.body.of(data)))]
    if box.type == "meta":
        return fresh_meta(data, meta, kept, spans, wanted.policy)
    if box.type == "mdat":
        return [header, *blanked(box.body, spans)]
    # 8.1.2: free space, whatever stood there before. The size field says the same length.
    size = len(box.span).to_bytes(4, "big")
    if len(box.span) > 0xFFFFFFFF:
        raise CannotStrip("a box of more than 4 GiB that would have to go")
    return [Fresh(size + b"free"), Blank(len(box.span) - 8)]


def _brands(body: bytes) -> bytes:
    """Return the brands that are known, as many as before: others could be anything.

    4.3: major brand, minor version, compatible brands. A repeated brand says nothing new.
    """
    major = body[:4]
    if major.decode("latin-1") not in BRANDS or len(body) % 4:
        raise CannotStrip("a major brand that is not known")
    names = [body[at : at + 4] for at in range(8, len(body), 4)]
    known = [name if name.decode("latin-1") in BRANDS else major for name in names]
    return major + bytes(4) + b"".join(known)


def blanked(body: Span, spans: list[Span]) -> list[Piece]:
    """Return *body* with everything outside *spans* (sorted) as zeros."""
    pieces: list[Piece] = []
    at = body.start
    for span in spans:
        start, stop = max(span.start, at), min(span.stop, body.stop)
        if start >= stop:
            continue
        if start > at:
            pieces.append(Blank(start - at))
        pieces.append(Copy(Span(start, stop)))
        at = stop
    if at < body.stop:
        pieces.append(Blank(body.stop - at))
    return pieces


def _kept_spans(container: BmffContainer, meta: Meta, kept: frozenset[int]) -> list[Span]:
    """Return the stretches of all kept items, sorted, after checking that they are safe."""
    homes = [box.body for box in container.boxes if box.type == "mdat"]
    homes += [meta.idat] if meta.idat is not None else []
    found: list[Span] = []
    for number in sorted(kept):
        for span in container.extents.get(number, ()):
            if not any(home.start <= span.start and span.stop <= home.stop for home in homes):
                raise CannotStrip("a picture item that lies outside mdat and idat")
            found.append(span)
    found.sort()
    for number, spans in container.extents.items():
        item = meta.item(number)
        if item is None or number in kept or item.type not in ("Exif", "mime", "uri ", "iptc"):
            continue
        if any(_overlap(span, other) for span in spans for other in found):
            raise CannotStrip("metadata that shares bytes with the picture")
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.stop and other.start < one.stop


def _refuse_unknown(container: BmffContainer) -> None:
    for segment in container.segments:
        if segment.role is Role.UNKNOWN:
            where = segment.span.start
            raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")
