"""What became of each finding: what the copy keeps, what is gone, and what must not be found again.

A policy allows categories; a copy has places for fewer things. Of each finding its own fate says
what becomes of it; whether a place has a name, the geocoder knew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import attrs

from photoprivacy._plan import Wanted
from photoprivacy._plan._exif import GPS, coarse_time
from photoprivacy._plan._own_words import own_words
from photoprivacy.geo import Precision
from photoprivacy.metadata import CapturedAt, Fate, Finding, Reading
from photoprivacy.metadata._again import PLACES, POINT, plain, spelled
from photoprivacy.policy import Category, TimePrecision

_LATITUDE: Final = "exif:GPSLatitude"


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


def ledger_of(reading: Reading, wanted: Wanted) -> Ledger:
    """Return what becomes of each finding of *reading* when *wanted* is written."""
    kept, gone, unsaid = [], [], []
    for finding in reading.findings:
        if not finding.stays(wanted.policy):
            gone.append(finding)
        elif finding.fate(wanted.policy) is not Fate.REMOVED and _is_placed(finding, wanted):
            kept.append(finding)
        else:
            unsaid.append(finding)
    left = {*map(id, kept)}
    return Ledger(
        kept=tuple(kept),
        removed=tuple(one for one in reading.findings if id(one) not in left),
        secrets=frozenset(_secrets(gone, unsaid, kept, wanted, reading.captured_at)),
    )


def _is_placed(finding: Finding, wanted: Wanted) -> bool:
    """Return whether a place that may be told is: at sea there is none with a name."""
    if finding.category is not Category.LOCATION:
        return True
    if finding.code in POINT:
        return bool(wanted.entries.get(GPS)) or _LATITUDE in wanted.said
    if wanted.policy.location is Precision.EXACT:
        return True
    code = PLACES.get(finding.code, finding.code)
    return code.removeprefix("xmp.").replace(".", ":", 1) in wanted.said


def _secrets(
    gone: list[Finding],
    unsaid: list[Finding],
    kept: list[Finding],
    wanted: Wanted,
    taken: CapturedAt | None,
) -> set[bytes]:
    """Return the spellings of removed values that must stand nowhere in the clean file.

    Not those that stand in a kept value too, in a name that is written (a city may be called
    as its region), or in the words of a clean file itself. What the policy allows, and no fresh
    block has a place for, may be a part of what is said.
    """
    fresh = _spelled(wanted)
    spoken = [raw for finding in kept for raw in finding.raw]
    # A copy may say it in another spelling than the source, and than where it goes.
    spoken += [raw for finding in kept for raw in _spellings(finding)]
    if taken is not None and wanted.policy.time is not TimePrecision.NONE:
        told = coarse_time(taken.local, wanted.policy.time)
        spoken += [text.encode() for text in spelled(told)]
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


def _spellings(finding: Finding) -> Iterator[bytes]:
    """Yield a kept value as Exif and XMP spell it."""
    if isinstance(finding.value, str):
        for text in (finding.value, plain(finding.value)):
            yield from (text.encode(coding, "replace") for coding in ("utf-8", "utf-16-be"))


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
