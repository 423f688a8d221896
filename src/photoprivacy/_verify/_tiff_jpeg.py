"""JPEG inside TIFF: each strip a picture of its own, and the tables that they share.

Written from Adobe's technical note 2 (1995) and T.81, B.5, apart from the writer's own way.
"""

from __future__ import annotations

import attrs

from photoprivacy._verify._jpeg import walk
from photoprivacy._verify._jpeg_ends import FEW
from photoprivacy._verify._jpeg_source import Source
from photoprivacy._verify._jpeg_tables import TABLES, Decoder
from photoprivacy._verify._model import refuse
from photoprivacy.policy import Policy, Unknown

_BARE = Policy(keep=())


@attrs.define
class Strips:
    """The strips of a page, in source and output.

    Attributes:
        mine: The tables that the output's share: kind and number → table.
        theirs: Those of the source.
        every: Whether all coded data is walked through.
        asked: The tables that strips of the output used.
    """

    mine: dict[bytes, bytes] = attrs.field(repr=False)
    theirs: dict[bytes, bytes] = attrs.field(repr=False)
    every: bool
    asked: set[tuple[bytes, bytes]] = attrs.field(factory=set)

    @classmethod
    def of(cls, mine: bytes, theirs: bytes, policy: Policy, size: int) -> Strips:
        """Take the shared tables of a page with *size* bytes of strips.

        Raises:
            Unclean: What the output has there is more than tables.
        """
        every = policy.unknown is Unknown.REFUSE or size <= FEW
        found = _alone(mine)
        return cls(mine=_tables(found, clean=True), theirs=_lenient(theirs), every=every)

    def check(self, output: bytes, source: bytes) -> None:
        """Hold a strip of the output against that of the source.

        Raises:
            Unclean: It is another picture, or not alone.
        """
        states = (_prepared(self.mine, clean=True), _prepared(self.theirs, clean=False))
        seen = walk(Source(source), output, 0, _BARE, states, every=self.every, few=0)
        if seen.stop != len(output) or any(seen.plain()) or seen.adobe or seen.jfif:
            refuse("a strip of JPEG with more than its picture", 0)
        self.asked |= states[0].asked

    def close(self) -> None:
        """Check that each table that strips share is used by one."""
        if not self.mine.items() <= self.asked:
            refuse("a table that no strip uses", 0)


def _prepared(tables: dict[bytes, bytes], *, clean: bool) -> Decoder:
    return Decoder(clean=clean, slots={slot: (table, True) for slot, table in tables.items()})


def _alone(stream: bytes) -> list[tuple[int, bytes]]:
    """Return marker and body of each segment between SOI and EOI; all must be tables."""
    out, at = [], 2
    if not stream:
        return []
    if stream[:2] != b"\xff\xd8" or stream[-2:] != b"\xff\xd9" or len(stream) < 9:
        refuse("tables of JPEG that are none", 0)
    while at < len(stream) - 2:
        stop = at + 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
        if stream[at] != 0xFF or stream[at + 1] not in TABLES or at + 4 > stop:
            refuse("tables of JPEG with more than tables", 0)
        out.append((stream[at + 1], stream[at + 4 : stop]))
        at = stop
    if at != len(stream) - 2:
        refuse("tables of JPEG that are none", 0)
    return out


def _lenient(stream: bytes) -> dict[bytes, bytes]:
    source, found = Source(stream), []
    while (one := source.next(anything=True)) is not None:
        if one[2] in TABLES:
            found.append((one[2], stream[one[0] + 4 : one[1]]))
    return _tables(found, clean=False)


def _tables(found: list[tuple[int, bytes]], *, clean: bool) -> dict[bytes, bytes]:
    state = Decoder(clean=clean)
    for code, body in found:
        state.define(code, body, 0)
    return {slot: table for slot, (table, _) in state.slots.items()}
