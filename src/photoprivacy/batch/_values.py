"""What goes in and what comes out: jobs, outcomes, reports."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from photoprivacy._inspect import Report
from photoprivacy.batch._remote import without_credentials
from photoprivacy.policy import Category


def _shown(place: str | None) -> str:
    """Return the `repr` of a path, or of a URL without what proves who asks."""
    return repr(place if place is None else without_credentials(place))


class Status(enum.StrEnum):
    """How one file of a batch ended."""

    CLEANED = "cleaned"
    ALREADY_CLEAN = "already-clean"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"

    @property
    def good(self) -> bool:
        """Whether a clean file is there now."""
        return self in (Status.CLEANED, Status.ALREADY_CLEAN)


@attrs.frozen(kw_only=True)
class Job:
    """One file to clean.

    Attributes:
        source: Which file to read: a path, or a URL that fsspec knows.
        target: Which file to write, as above; the same one cleans in place; ``None`` writes
            nothing.
        overwrite: Whether an existing *target* may be replaced.
        dry: Whether everything is done but writing.
    """

    source: str = attrs.field(repr=_shown)
    target: str | None = attrs.field(repr=_shown)
    overwrite: bool = False
    dry: bool = False


@attrs.frozen(kw_only=True)
class Outcome:
    """What became of a `Job`. Picklable, and carries no metadata value.

    Attributes:
        source: Which file it was.
        status: How it ended.
        output: Where the clean file is, ``None`` when none was written.
        removed: Codes of the findings that were removed, each once.
        categories: What kinds of thing they told, each once, the worst first; none that says
            hardly anything.
        kept: What kinds of thing the copy tells, besides how it looks: what the policy allows.
        residue: What the copy still tells about what was removed, in words.
        error: Why there is no clean file, ``""`` when there is one.
        again: Whether it may end otherwise another time: a disk, a storage or a worker failed,
            and not the file.
    """

    source: str = attrs.field(repr=_shown)
    status: Status
    output: str | None = attrs.field(default=None, repr=_shown)
    removed: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    kept: tuple[Category, ...] = ()
    residue: tuple[str, ...] = ()
    error: str = ""
    again: bool = False


@attrs.frozen(kw_only=True)
class Inspected:
    """What `inspect_many` found in one file. Picklable.

    Attributes:
        source: Which file it was.
        report: What it gives away, ``None`` when it could not be read.
        error: Why not, ``""`` when it was.
    """

    source: str = attrs.field(repr=_shown)
    report: Report | None = None
    error: str = ""


@attrs.frozen(kw_only=True)
class TreeReport:
    """What became of a tree of photos. Its counts add up to the number of photos in it.

    Attributes:
        counts: How many files ended in which way.
        left_out: Those without a clean copy, each with its reason, in name order.
    """

    counts: Mapping[Status, int]
    left_out: tuple[Outcome, ...] = ()

    @property
    def total(self) -> int:
        """How many photos there were."""
        return sum(self.counts.values())
