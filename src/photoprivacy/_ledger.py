"""What became of each finding: what the copy keeps, what is gone, and what must not be found again.

A policy allows categories; a format and a fresh block have places for fewer things. What is said
to be kept is what the copy will say: read from the fresh blocks themselves, not from the policy.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

from photoprivacy._plan import Wanted
from photoprivacy._plan._exif import fresh_exif
from photoprivacy._plan._own_words import own_words
from photoprivacy.containers import Container, Format
from photoprivacy.containers._model import Block, BlockKind, Span
from photoprivacy.geo import Coordinates, Precision
from photoprivacy.limits import Limits
from photoprivacy.metadata import INSEPARABLE, Finding, Reading, read
from photoprivacy.policy import RENDERING, Category

#: How codes begin of findings that stand in a block of words. They stay only where a fresh block
#: says them again; all else that may stay is copied, or rebuilt in its own place.
_IN_BLOCKS: Final = (
    "exif.",
    "xmp.",
    "iptc.",
    "photoshop.",
    "text.",
    "comment.",
    "movie.",
    "maker.",
)
_BY_ITSELF: Final = RENDERING | {Category.RESOLUTION}


@attrs.frozen(kw_only=True)
class Ledger:
    """What becomes of each finding of a file under a policy.

    Attributes:
        kept: What the copy says too, in whatever spelling, or shows by what is copied.
        removed: All the rest.
        secrets: Byte strings that must stand nowhere in the copy.
    """

    kept: tuple[Finding, ...]
    removed: tuple[Finding, ...]
    secrets: frozenset[bytes] = attrs.field(repr=False)


def ledger_of(container: Container, reading: Reading, wanted: Wanted, limits: Limits) -> Ledger:
    """Return what becomes of each finding of *reading* when *wanted* is written."""
    told = _told(container, wanted, limits)
    kept, gone, unsaid = [], [], []
    for finding in reading.findings:
        if not finding.stays(wanted.policy):
            gone.append(finding)
        elif _is_told(finding, told, container):
            kept.append(finding)
        else:
            unsaid.append(finding)
    left = {*map(id, kept)}
    return Ledger(
        kept=tuple(kept),
        removed=tuple(one for one in reading.findings if id(one) not in left),
        secrets=frozenset(_secrets(gone, unsaid, kept, wanted)),
    )


def _told(container: Container, wanted: Wanted, limits: Limits) -> Reading:
    """Return what a reader will find in the fresh blocks."""
    if not (wanted.entries or wanted.xmp):
        return Reading(findings=())
    nowhere = Span(0, 0)
    blocks = [
        Block(kind=kind, data=data, origin="fresh", where=nowhere)
        for kind, data in (
            (BlockKind.EXIF, fresh_exif(wanted.entries)),
            (BlockKind.XMP, wanted.xmp),
        )
        if data
    ]
    fresh = Container(format=container.format, size=0, segments=(), blocks=tuple(blocks))
    return read(fresh, b"", limits)


def _is_told(finding: Finding, told: Reading, container: Container) -> bool:
    if finding.code in INSEPARABLE or not finding.code.startswith(_IN_BLOCKS):
        return True
    if finding.category is Category.HDR:
        return True  # a gain map describes itself, in a packet of its own
    if container.format is Format.TIFF and finding.category in _BY_ITSELF:
        return True  # a page's own tags
    if finding.value is not None and any(finding.value == one.value for one in told.findings):
        return True
    if isinstance(finding.value, Coordinates) and told.coordinates is not None:
        return True
    return any(finding.code == one.code for one in told.findings)


def _secrets(
    gone: list[Finding], unsaid: list[Finding], kept: list[Finding], wanted: Wanted
) -> set[bytes]:
    """Return the spellings of removed values that must stand nowhere in the clean file.

    Not those that stand in a kept value too, in a name that is written (a city may be called
    as its region), or in the words of a clean file itself. What the policy allows, and no fresh
    block has a place for, may be a part of what is said.
    """
    fresh = _spelled(wanted)
    spoken = [raw for finding in kept for raw in finding.raw]
    spoken += [name.encode() for name in wanted.said.values()]
    spoken.append(_user_data(wanted))  # the same words, and the point in its own spelling
    shared = b"\x00".join([own_words(), *spoken])
    secrets = {raw for finding in gone for raw in finding.raw if raw not in shared}
    secrets |= {raw for one in unsaid for raw in one.raw if raw not in shared and raw not in fresh}
    if wanted.policy.location is not Precision.EXACT:
        # A position is told coarsely now; its exact spelling goes, unless it was as coarse before.
        places = (finding for finding in kept if finding.category is Category.LOCATION)
        secrets |= {raw for finding in places for raw in finding.raw if raw not in fresh}
    return secrets


def _spelled(wanted: Wanted) -> bytes:
    """Return all that is said anew, in every spelling in which a format says it."""
    told = [entry for inside in wanted.entries.values() for entry in inside]
    orders: tuple[Literal["little", "big"], ...] = ("little", "big")
    inside = (one.spelled(order) for one in told for order in orders)
    return b"\x00".join([wanted.xmp, _user_data(wanted), *inside])


def _user_data(wanted: Wanted) -> bytes:
    if not wanted.said:
        return b""
    from photoprivacy._plan._movie_words import user_data

    return user_data(wanted.said)
