"""JPEG inside TIFF (Adobe technical note 2, 1995): tables and strips, without anything else."""

from __future__ import annotations

from typing import Final

import attrs

from photoprivacy.containers._jpeg import segments_of
from photoprivacy.containers._jpeg_ends import SMALL
from photoprivacy.containers._jpeg_picture import ends, only, picture_behind
from photoprivacy.containers._jpeg_walk import Which
from photoprivacy.errors import CannotStrip, MalformedImage
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy, Unknown

#: markers of tables (T.81, B.2.4): quantisation, Huffman, arithmetic conditioning, restarts
_TABLES: Final = frozenset({0xDB, 0xC4, 0xCC, 0xDD})
_START, _END = b"\xff\xd8", b"\xff\xd9"


@attrs.define
class Strips:
    """The strips of a page, and the tables that they share.

    Attributes:
        tables: Those of the page, from its tag, without anything else; ``b""`` for none.
        policy: Whether what stands behind their last blocks goes or is refused.
        few: Whether the page has so little coded data that all of it is walked.
        used: The tables that one of them uses.
    """

    tables: bytes = attrs.field(repr=False)
    policy: Policy
    few: bool
    used: set[Which] = attrs.field(factory=set)

    @classmethod
    def of(cls, tables: bytes, policy: Policy, size: int) -> Strips:
        """Take a page with *tables* in its tag, and *size* bytes of strips."""
        return cls(segments_alone(tables) if tables else b"", policy, size <= SMALL)

    def clean(self, body: bytes) -> bytes:
        """Return a strip or tile with what its picture needs, and nothing else.

        What colours mean is said by the TIFF; Adobe's segment is of no use here.

        Raises:
            CannotStrip: It cannot be walked through; or something is longer than it says; or it
                has bytes behind its last block, and the policy refuses them.
        """
        if body[:2] != _START:
            raise CannotStrip("a strip of JPEG that is none")
        head = self.tables[:-2] or _START
        whole = head + body[2:]
        try:
            segments = segments_of(whole, Limits())
        except MalformedImage:
            raise CannotStrip("a strip of JPEG that is damaged") from None
        refuses = self.policy.unknown is Unknown.REFUSE
        known = ends(segments, whole, every=refuses or self.few, small=0)
        if known.doubtful:
            raise CannotStrip("coded data that ends in words, and cannot be walked through")
        if refuses and (known.tails or not known.proved):
            raise CannotStrip("the policy refuses bytes of unknown purpose: in a strip of JPEG")
        pieces, used = picture_behind(segments, whole, len(head), known.tails)
        self.used |= used
        parts = (one if isinstance(one, bytes) else one.of(whole) for one in pieces)
        return b"".join([_START, *parts])

    def shared(self) -> bytes:
        """Return the tables of the page that strips use, ``b""`` for none."""
        if not self.used:
            return b""
        return b"".join([_START, *only(self.tables, self.used), _END])


def segments_alone(body: bytes) -> bytes:
    """Return an abbreviated stream of tables (T.81, B.5) with its tables alone.

    Raises:
        CannotStrip: It is none.
    """
    out, at = [_START], 2
    if body[:2] != _START:
        raise CannotStrip("tables of JPEG that are none")
    while True:
        if body[at : at + 2] == _END:
            out.append(_END)
            return b"".join(out)
        size = int.from_bytes(body[at + 2 : at + 4], "big")
        if at + 4 > len(body) or body[at] != 0xFF or size < 2 or at + 2 + size > len(body):
            raise CannotStrip("tables of JPEG that are none")
        if body[at + 1] in _TABLES:
            out.append(body[at : at + 2 + size])
        at += 2 + size
