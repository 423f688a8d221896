"""Many files, on any `concurrent.futures.Executor`: processes here, a cluster elsewhere."""

from __future__ import annotations

import collections
import contextlib
import enum
import errno
import functools
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

import attrs

from photoprivacy._inspect import Report, inspect
from photoprivacy._source import read_head, read_source
from photoprivacy._strip import StripResult, strip, strip_file
from photoprivacy.containers import sniff
from photoprivacy.errors import CannotStrip, PhotoPrivacyError, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.metadata import Severity
from photoprivacy.policy import Category, Policy

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_In = TypeVar("_In")
_Out = TypeVar("_Out")

#: Files given to an executor ahead of the one that is waited for: enough to keep any pool busy.
_AT_ONCE: Final = 64

#: What is said of a file that is too large for this computer: the others go on.
_TOO_LARGE: Final = "needs more memory than there is"

#: Suffixes that promise a photo, or the video that goes with one: such a file is tried, and
#: reported when it cannot be read.
PHOTO_SUFFIXES = frozenset(
    {
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".gif"),
        *(".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".j2k", ".jpx", ".tif", ".tiff"),
        *(".mp4", ".m4v", ".mov", ".qt", ".3gp"),
        *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef", ".srw"),
        # Pictures and videos that are not read: better refused by name than passed over.
        *(".bmp", ".psd", ".ico", ".tga", ".svg", ".exr", ".heics", ".heifs", ".jps", ".mpo"),
        *(".avi", ".mkv", ".webm", ".mts", ".m2ts", ".insp", ".insv"),
    }
)


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
        source: Which file to read.
        target: Which file to write; the same path cleans in place; ``None`` writes nothing.
        overwrite: Whether an existing *target* may be replaced.
        dry: Whether everything is done but writing.
    """

    source: str
    target: str | None
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
        residue: What the copy still tells about what was removed, in words.
        error: Why there is no clean file, ``""`` when there is one.
    """

    source: str
    status: Status
    output: str | None = None
    removed: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    residue: tuple[str, ...] = ()
    error: str = ""


def find_photos(
    folder: str | os.PathLike[str], *, passed: Callable[[str, str], None] | None = None
) -> Iterator[str]:
    """Yield the photos below *folder* in name order.

    A photo is a file whose suffix promises one or whose first bytes are one of our formats.
    Hidden files and folders, links to folders, and links that lead out of *folder* are passed
    over: a link may name anything that its owner never meant to be among these.

    Args:
        folder: Where to look.
        passed: Told of each path that is passed over, and what it is.

    Raises:
        OSError: A folder cannot be read.
    """

    def complain(error: OSError) -> None:
        raise error

    over = passed or (lambda _path, _why: None)
    home = os.path.realpath(folder)

    for root, folders, files in os.walk(folder, onerror=complain):
        for name in sorted(folders):
            path = os.path.join(root, name)
            if name.startswith("."):
                over(path, "hidden")
            elif os.path.islink(path):
                over(path, "links to folders")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(root, name)
            if name.startswith("."):
                over(path, "hidden")
            elif os.path.islink(path) and not _inside(path, home):
                over(path, "links that lead out of it")
            elif _is_photo(path):
                yield path
            else:
                over(path, "other files")


def _inside(path: str, home: str) -> bool:
    return os.path.realpath(path).startswith(os.path.join(home, ""))


def _is_photo(path: str) -> bool:
    if os.path.splitext(path)[1].lower() in PHOTO_SUFFIXES:
        return True
    try:
        sniff(read_head(path, 64))
    except (UnsupportedFormat, OSError):
        return False
    return True


def strip_one(
    job: Job,
    policy: Policy = Policy.SHARE,
    *,
    durable: bool = True,
    preserve_times: bool = False,
) -> Outcome:
    """Clean one file, and turn every expected failure into an `Outcome`.

    A target that is there already, and is what would be written, is already clean: a run that
    was cut short goes on where it ended.
    """
    try:
        result: StripResult
        if job.target is None or job.dry:
            result = strip(job.source, policy)
            _check_free(job)
        else:
            result = strip_file(
                job.source,
                job.target,
                policy,
                overwrite=job.overwrite,
                durable=durable,
                preserve_times=preserve_times,
            )
    except UnsupportedFormat as error:
        return Outcome(source=job.source, status=Status.UNSUPPORTED, error=str(error))
    except CannotStrip as error:
        return Outcome(source=job.source, status=Status.REFUSED, error=str(error))
    except PhotoPrivacyError as error:
        return Outcome(source=job.source, status=Status.FAILED, error=str(error))
    except FileExistsError as error:
        there = _already_there(job, policy)
        if there is None:
            return _not_written(job, error)
        return _done(job, there, Status.ALREADY_CLEAN)
    except OSError as error:
        return _not_written(job, error)
    except MemoryError:
        return Outcome(source=job.source, status=Status.FAILED, error=_TOO_LARGE)
    return _done(job, result, Status.CLEANED if result.changed else Status.ALREADY_CLEAN)


def _check_free(job: Job) -> None:
    """Return when the copy could be written under its name.

    Raises:
        FileExistsError: Another file has it.
    """
    if job.target is not None and not job.overwrite and os.path.lexists(job.target):
        raise FileExistsError(errno.EEXIST, "exists", job.target)


def _done(job: Job, result: StripResult, status: Status) -> Outcome:
    return Outcome(
        source=job.source,
        status=status,
        output=job.target,
        removed=tuple(dict.fromkeys(finding.code for finding in result.removed)),
        categories=tuple(
            dict.fromkeys(
                one.category
                for one in sorted(result.removed, key=lambda one: -one.severity)
                if one.severity > Severity.INFO
            )
        ),
        residue=tuple(left.what for left in result.residue),
    )


def _already_there(job: Job, policy: Policy) -> StripResult | None:
    """Return how the target was made if it is the copy that was asked for: a run was cut short."""
    try:
        if job.target is None or not os.path.isfile(job.target):
            return None
        result = strip(job.source, policy)
        return result if read_source(job.target, Limits()) == result.data else None
    except (PhotoPrivacyError, OSError, MemoryError):
        return None


def _not_written(job: Job, error: OSError) -> Outcome:
    if isinstance(error, FileExistsError):
        word = "another file has its copy's name, and is never replaced: name another place"
        return Outcome(source=job.source, status=Status.FAILED, error=word)
    # The system's word alone: str(error) repeats the path.
    written = error.filename is not None and error.filename != job.source
    word = error.strerror or type(error).__name__
    return Outcome(
        source=job.source,
        status=Status.FAILED,
        error=f"its copy cannot be written: {word}" if written else word,
    )


@attrs.frozen(kw_only=True)
class Inspected:
    """What `inspect_many` found in one file. Picklable.

    Attributes:
        source: Which file it was.
        report: What it gives away, ``None`` when it could not be read.
        error: Why not, ``""`` when it was.
    """

    source: str
    report: Report | None = None
    error: str = ""


def inspect_one(source: str) -> Inspected:
    """Inspect one file, and turn every expected failure into an `Inspected`."""
    try:
        return Inspected(source=source, report=inspect(source))
    except PhotoPrivacyError as error:
        return Inspected(source=source, error=str(error))
    except OSError as error:
        return Inspected(source=source, error=error.strerror or type(error).__name__)
    except MemoryError:
        return Inspected(source=source, error=_TOO_LARGE)


def inspect_many(
    sources: Iterable[str], *, executor: Executor | None = None
) -> Generator[Inspected, None, None]:
    """Inspect many files, and yield each result in the order of *sources*.

    Args:
        sources: Paths.
        executor: Where to work; in this thread when ``None``.
    """
    return _in_order(inspect_one, sources, executor)


def _in_order(
    work: Callable[[_In], _Out], items: Iterable[_In], executor: Executor | None
) -> Generator[_Out, None, None]:
    """Yield what *work* makes of each item, in their order, with few enough held to be many."""
    if executor is None:
        yield from map(work, items)
        return
    waiting: collections.deque[Future[_Out]] = collections.deque()
    try:
        for item in items:
            waiting.append(executor.submit(work, item))
            if len(waiting) >= _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Whoever stops here wants no more files to be worked on than those in hand.
        for future in waiting:
            future.cancel()


def strip_many(
    jobs: Iterable[Job],
    policy: Policy = Policy.SHARE,
    *,
    executor: Executor | None = None,
    durable: bool = True,
    preserve_times: bool = False,
) -> Generator[Outcome, None, None]:
    """Clean many files, and yield each `Outcome` in the order of *jobs*.

    Args:
        jobs: What to clean.
        policy: What may stay.
        executor: Where to work; in this thread when ``None``.
        durable: Whether to wait until the disk has each file.
        preserve_times: Whether copies get the times of their sources.
    """
    work = functools.partial(
        strip_one, policy=policy, durable=durable, preserve_times=preserve_times
    )
    return _in_order(work, jobs, executor)


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


def strip_tree(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    policy: Policy = Policy.SHARE,
    *,
    executor: Executor | None = None,
    progress: Callable[[Outcome, int, int], None] | None = None,
    durable: bool = True,
    preserve_times: bool = False,
) -> TreeReport:
    """Clean every photo below *source* into the same place below *target*.

    The same folder twice cleans in place. A run that was cut short goes on where it ended:
    copies that are there already are recognised. One file that fails stops no other.

    Args:
        source: The folder to read, as `find_photos` walks it; what lies below *target* is not
            read again.
        target: The folder to write; it and its folders are made.
        policy: What may stay.
        executor: Where to work; a pool of processes, one a core, when ``None``.
        progress: Called after each file with its outcome, how many are done, and how many
            there are.
        durable: Whether to wait until the disk has each file.
        preserve_times: Whether copies get the times of their sources.

    Returns:
        How many files ended in which way, and those that were left out.

    Raises:
        OSError: A folder cannot be read or made.
    """
    home, into = os.path.realpath(source), os.path.realpath(target)
    in_place = home == into
    jobs = []
    for path in find_photos(home):
        if in_place:
            jobs.append(Job(source=path, target=path, overwrite=True))
        elif not path.startswith(os.path.join(into, "")):
            copy = os.path.join(into, os.path.relpath(path, home))
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            jobs.append(Job(source=path, target=copy))
    counts: Counter[Status] = Counter()
    left: list[Outcome] = []
    with contextlib.ExitStack() as stack:
        pool = executor or stack.enter_context(_processes())
        outcomes = strip_many(
            jobs, policy, executor=pool, durable=durable, preserve_times=preserve_times
        )
        for outcome in outcomes:
            counts[outcome.status] += 1
            if not outcome.status.good:
                left.append(outcome)
            if progress is not None:
                progress(outcome, counts.total(), len(jobs))
    return TreeReport(counts=counts, left_out=tuple(left))


def _processes() -> Executor:
    from concurrent.futures import ProcessPoolExecutor  # which one job alone does not need

    return ProcessPoolExecutor()
