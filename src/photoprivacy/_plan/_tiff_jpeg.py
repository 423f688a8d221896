"""JPEG inside TIFF (Adobe technical note 2, 1995): tables and strips, without anything else."""

from __future__ import annotations

from photoprivacy.containers._jpeg import parse_jpeg
from photoprivacy.containers._model import Role
from photoprivacy.errors import CannotStrip, MalformedImage
from photoprivacy.limits import Limits

#: markers of tables (T.81, B.2.4): quantisation, Huffman, arithmetic conditioning, restarts
_TABLES = frozenset({0xDB, 0xC4, 0xCC, 0xDD})


def clean_tables(body: bytes) -> bytes:
    """Return an abbreviated stream of tables with its tables alone.

    Raises:
        CannotStrip: It is none.
    """
    out, at = [b"\xff\xd8"], 2
    if body[:2] != b"\xff\xd8":
        raise CannotStrip("tables of JPEG that are none")
    while True:
        if body[at : at + 2] == b"\xff\xd9":
            out.append(b"\xff\xd9")
            return b"".join(out)
        size = int.from_bytes(body[at + 2 : at + 4], "big")
        if at + 4 > len(body) or body[at] != 0xFF or size < 2 or at + 2 + size > len(body):
            raise CannotStrip("tables of JPEG that are none")
        if body[at + 1] in _TABLES:
            out.append(body[at : at + 2 + size])
        at += 2 + size


def clean_strip(body: bytes) -> bytes:
    """Return a strip or tile with what its picture needs, and nothing else.

    What colours mean is said by the TIFF; Adobe's segment is of no use here.

    Raises:
        CannotStrip: It cannot be walked through.
    """
    try:
        container = parse_jpeg(body, Limits())
    except MalformedImage:
        raise CannotStrip("a strip of JPEG that is none") from None
    if container.damage is not None:
        raise CannotStrip("a strip of JPEG that is damaged")
    kept = [
        body[segment.span.start : segment.span.stop]
        for segment in container.segments
        if segment.role is Role.PICTURE or segment.kind in ("SOI", "EOI")
    ]
    return b"".join(kept)
