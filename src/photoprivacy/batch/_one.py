"""One file, and every way in which it may end."""

from __future__ import annotations

import errno
import os
from typing import Final

from photoprivacy._files import replace_file
from photoprivacy._inspect import inspect
from photoprivacy._source import read_source
from photoprivacy._strip import Stripped, StripResult, strip, strip_file
from photoprivacy.batch._remote import Remote, is_url
from photoprivacy.batch._values import Inspected, Job, Outcome, Status
from photoprivacy.errors import (
    CannotStrip,
    MissingExtra,
    PhotoPrivacyError,
    StoreError,
    UnsupportedFormat,
)
from photoprivacy.limits import Limits
from photoprivacy.metadata import Severity
from photoprivacy.policy import Policy

#: A path here, or what is behind a URL.
Place = str | Remote

#: What is said of a file that is too large for this computer: the others go on.
_TOO_LARGE: Final = "needs more memory than there is"
#: What is said of a file that somebody writes at the same time.
_CHANGES: Final = "it changes while it is read"
_NO_NAME: Final = "its name cannot be used there"
#: How often a file that changes is read.
_READS: Final = 3

#: What the system says when it is the disk's fault or the network's, and no file's own.
NOT_THE_FILE: Final = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.ENOMEM),
        *(errno.EMFILE, errno.ENFILE, errno.ESTALE, errno.ETIMEDOUT, errno.ENODEV, errno.ENOTCONN),
    }
)


class _ChangingError(Exception):
    """The source is another one than when it was read."""


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
    source, target = _place(job.source), job.target and _place(job.target)
    outcome, _ = strip_at(
        job, source, target, policy, durable=durable, preserve_times=preserve_times
    )
    return outcome


def _place(spelled: str) -> Place:
    return Remote(spelled) if is_url(spelled) else spelled


def strip_at(
    job: Job,
    source: Place,
    target: Place | None,
    policy: Policy,
    *,
    durable: bool,
    preserve_times: bool = False,
) -> tuple[Outcome, int]:
    """Clean *source* to *target*; *job* says how they are called, and what is wanted.

    Returns:
        What became of it, and how many bytes the copy has, -1 if nobody counted.

    Raises:
        MissingExtra: What a URL needs is not installed.
    """
    if not (_usable(source) and (target is None or _usable(target))):
        return Outcome(source=job.source, status=Status.FAILED, error=_NO_NAME), -1
    for _ in range(_READS):
        try:
            result = _stripped(
                job, source, target, policy, durable=durable, preserve_times=preserve_times
            )
        except _ChangingError:
            continue
        except MissingExtra:
            raise
        except FileExistsError as error:
            there = _already_there(source, target, policy)
            if there is None:
                return _failed(job, error), -1
            return _done(job, there, Status.ALREADY_CLEAN), len(there.data)
        except (PhotoPrivacyError, OSError, MemoryError) as error:
            return _failed(job, error), -1
        status = Status.CLEANED if result.changed else Status.ALREADY_CLEAN
        size = len(result.data) if isinstance(result, Stripped) else -1
        return _done(job, result, status), size
    return Outcome(source=job.source, status=Status.FAILED, error=_CHANGES, again=True), -1


#: What an error makes of a file; the first kind that fits.
_KINDS: Final = (
    (UnsupportedFormat, Status.UNSUPPORTED),
    (CannotStrip, Status.REFUSED),
    (Exception, Status.FAILED),
)


def _failed(job: Job, error: Exception) -> Outcome:
    if isinstance(error, OSError) and not isinstance(error, PhotoPrivacyError):
        return _not_written(job, error)
    return Outcome(
        source=job.source,
        status=next(status for kind, status in _KINDS if isinstance(error, kind)),
        error=_TOO_LARGE if isinstance(error, MemoryError) else str(error),
        again=isinstance(error, StoreError),
    )


def _stripped(
    job: Job,
    source: Place,
    target: Place | None,
    policy: Policy,
    *,
    durable: bool,
    preserve_times: bool,
) -> StripResult:
    """Clean, and write what is to be written.

    Raises:
        _ChangingError: Somebody else wrote the source meanwhile. Then nothing was written.
    """
    if target is None or job.dry:
        result = _read_and_strip(source, policy)
        _check_free(job, target)
        return result
    if isinstance(source, str) and isinstance(target, str):
        return _from_path_to_path(
            job, source, target, policy, durable=durable, preserve_times=preserve_times
        )
    before = source.version() if isinstance(source, Remote) and job.overwrite else None
    clean = _read_and_strip(source, policy)
    if before is not None and isinstance(source, Remote) and source == target:
        if not clean.changed:
            return clean
        # A newer object must not give way to the clean copy of an older one.
        if source.version() != before:
            raise _ChangingError
    _write(target, clean.data, overwrite=job.overwrite, durable=durable)
    return clean


def _from_path_to_path(
    job: Job,
    source: str,
    target: str,
    policy: Policy,
    *,
    durable: bool,
    preserve_times: bool,
) -> StripResult:
    before = _state(source)
    result = strip_file(
        source,
        target,
        policy,
        overwrite=job.overwrite,
        durable=durable,
        preserve_times=preserve_times,
    )
    after = _state(source)
    # Only a copy of our own making is taken back, and only if there is something to read again.
    if not job.overwrite and after is not None and before != after:
        os.unlink(target)
        raise _ChangingError
    return result


def _state(path: str) -> tuple[int, int, int] | None:
    """Return what changes when somebody writes the file; ``None`` when it is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _usable(place: Place) -> bool:
    """Return whether *place* can be asked for: paths know no NUL, URLs only text."""
    if isinstance(place, str):
        return "\0" not in place
    return not any("\ud800" <= char <= "\udfff" for char in f"{place.url}{place.name}")


def _read_and_strip(source: Place, policy: Policy) -> Stripped:
    return strip(source if isinstance(source, str) else source.read(Limits()), policy)


def _write(target: Place, data: bytes, *, overwrite: bool, durable: bool) -> None:
    if isinstance(target, Remote):
        target.write(data, overwrite=overwrite)
    else:
        replace_file(target, (data,), overwrite=overwrite, durable=durable)


def _check_free(job: Job, target: Place | None) -> None:
    """Return when the copy could be written under its name.

    Raises:
        FileExistsError: Another file has it.
    """
    if target is None or job.overwrite:
        return
    if isinstance(target, str):
        there = os.path.lexists(target)
    else:
        try:
            there = bool(target.version())
        except FileNotFoundError:
            there = False
    if there:
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
        kept=tuple(
            dict.fromkeys(one.category for one in result.kept if one.severity > Severity.INFO)
        ),
        residue=tuple(left.what for left in result.residue),
    )


def _already_there(source: Place, target: Place | None, policy: Policy) -> Stripped | None:
    """Return how the target was made if it is the copy that was asked for: a run was cut short."""
    try:
        if target is None or (isinstance(target, str) and not os.path.isfile(target)):
            return None
        result = _read_and_strip(source, policy)
        there = read_source(target, Limits()) if isinstance(target, str) else target.read(Limits())
    except (PhotoPrivacyError, OSError, MemoryError):
        return None
    return result if there == result.data else None


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
        again=error.errno in NOT_THE_FILE,
    )


def inspect_one(source: str) -> Inspected:
    """Inspect one file, and turn every expected failure into an `Inspected`."""
    return inspect_at(source, _place(source))


def inspect_at(name: str, source: Place) -> Inspected:
    """Inspect *source*, which is called *name*."""
    if not _usable(source):
        return Inspected(source=name, error=_NO_NAME)
    try:
        where = source if isinstance(source, str) else source.read(Limits())
        return Inspected(source=name, report=inspect(where))
    except PhotoPrivacyError as error:
        return Inspected(source=name, error=str(error))
    except OSError as error:
        return Inspected(source=name, error=error.strerror or type(error).__name__)
    except MemoryError:
        return Inspected(source=name, error=_TOO_LARGE)
