"""The only writer of photos to disk: old or new, never between."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from photoprivacy._spool import mapped

_NEW: Final = (
    getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
)
#: Where Linux shows what a process has open.
_DESCRIPTORS: Final = "/proc/self/fd"
#: What a file is called until it is whole, where it must have a name.
UNNAMED: Final = re.compile(r"\.[0-9a-f]{24}\.tmp")
#: How a file system, or an old kernel, says that it has no files without names.
_NO_UNNAMED: Final = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)
#: How it says that such a file gets no name: it has no links, or this process may not look into
#: its own ``/proc`` (after a change of user, in some sandboxes).
_NO_LINK: Final = (
    *(errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV, errno.EMLINK),
    *(errno.EACCES, errno.EPERM, errno.ENOENT),
)


def replace_file(
    target: str | os.PathLike[str],
    parts: Iterable[bytes | memoryview],
    *,
    overwrite: bool = False,
    durable: bool = True,
    mode: int = 0o666,
    times: tuple[int, int] | None = None,
    check: Callable[[bytes], None] | None = None,
) -> None:
    """Write *parts* to *target* so that it is at every moment the old file or the new one.

    The new bytes go to a file in the same folder that has no name, or a random one where files
    need one, which then takes the target's name. A symbolic link is followed: its target is
    replaced, the link stays. The permissions of a replaced file are kept, and its owner where
    that is allowed; extended attributes and times are not, they may tell where a photo came from.

    Args:
        target: Where to write.
        parts: What to write, in order.
        overwrite: Whether an existing file may be replaced.
        durable: Whether to wait until the disk has it (``fsync`` of file and folder).
        mode: How open a new file may be; the process's own mask narrows it.
        times: Its times of access and change, in nanoseconds since 1970; now by default.
        check: Looks at the bytes before they take a name, and raises if they may not.

    Raises:
        FileExistsError: *target* exists and *overwrite* is false.
        PermissionError: *target* exists and may not be written.
        OSError: The disk says no. The old file is still there, unless the failure
            was the folder's own ``fsync``, after the swap.
    """
    path = os.path.realpath(target)
    folder = os.path.dirname(path)
    old = _replaced(path, overwrite=overwrite)
    # The name says nothing about the photo, also if a crash leaves it behind.
    temporary = os.path.join(folder, f".{secrets.token_hex(12)}.tmp")
    mode = mode & 0o666 if old is None else 0o600
    descriptor = _unnamed(folder, mode)
    named = descriptor is None
    if descriptor is None:
        if check is not None:
            # What has a name is there for everybody: it is looked at before it is written.
            parts = (b"".join(parts),)
            check(parts[0])
            check = None
        descriptor = _open_new(temporary, mode)
    finish = functools.partial(_finish, old=old, times=times, durable=durable)
    try:
        try:
            for part in parts:
                _write(descriptor, part)
            if check is not None:
                check(mapped(descriptor))
            finish(descriptor, temporary if named else None)
            if not named and not _name(descriptor, temporary if overwrite else path):
                named = True
                with _closing(_open_new(temporary, mode)) as again:
                    _write(again, mapped(descriptor))
                    finish(again, temporary)
        finally:
            os.close(descriptor)
        if overwrite:
            os.replace(temporary, path)
        elif named:
            _claim_name(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        sync_folder(folder)


def _unnamed(folder: str, mode: int) -> int | None:
    """Return a file that goes with the process if it gets no name; ``None`` where there are none.

    Linux alone has them (open(2), O_TMPFILE), not on every file system, and names them through
    ``/proc`` alone.
    """
    if not hasattr(os, "O_TMPFILE") or not os.path.exists(_DESCRIPTORS):
        return None
    try:
        return os.open(folder, _NEW | os.O_RDWR | os.O_TMPFILE, mode)
    except OSError as error:
        if error.errno in _NO_UNNAMED:
            return None
        raise


def _open_new(path: str, mode: int) -> int:
    return os.open(path, _NEW | os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)


@contextlib.contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _finish(
    descriptor: int,
    name: str | None,
    *,
    old: os.stat_result | None,
    times: tuple[int, int] | None,
    durable: bool,
) -> None:
    """Make a written file what it shall be before it takes its name; *name* is what it has now."""
    if old is not None:
        _as_it_was(descriptor, old)
    if times is not None:
        os.utime(descriptor if name is None else name, ns=times)
    if durable:
        os.fsync(descriptor)


def _name(descriptor: int, path: str) -> bool:
    """Give an unnamed file a name that nobody has; return whether there is a way to.

    Raises:
        FileExistsError: Somebody has it.
    """
    # A folder's descriptor makes Python ask for linkat(2), which follows the link in /proc.
    source = f"{_DESCRIPTORS}/{descriptor}"
    folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.link(source, os.path.basename(path), src_dir_fd=folder, dst_dir_fd=folder)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, "exists", path) from None
    except OSError as error:
        if error.errno in _NO_LINK:
            return False
        raise
    finally:
        os.close(folder)
    return True


def _replaced(path: str, *, overwrite: bool) -> os.stat_result | None:
    """Return what the file is that will be replaced, ``None`` when there is none."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    if not overwrite:
        raise FileExistsError(errno.EEXIST, "exists; say overwrite=True to replace it", path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)
    # Renaming over a file asks only the folder; a read-only file means what it says.
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "may not be written", path)
    return status


def _as_it_was(descriptor: int, old: os.stat_result) -> None:
    """Give a new file the owner and the permissions of the old one."""
    if not hasattr(os, "fchmod"):
        return
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (old.st_uid, old.st_gid):
        with contextlib.suppress(PermissionError):  # only root gives files away
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _write(descriptor: int, part: bytes | memoryview) -> None:
    view = memoryview(part)
    while view:
        view = view[os.write(descriptor, view) :]


def _claim_name(temporary: str, path: str) -> None:
    """Give *temporary* the name *path* unless somebody took it meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):
        # No hard links here (FAT, some network disks): check, then rename.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "exists", path) from None
        os.replace(temporary, path)
    else:
        os.unlink(temporary)


def sync_folder(folder: str) -> None:
    """Wait until the disk has the names in *folder*.

    Raises:
        OSError: The disk says no.
    """
    if os.name == "nt":  # Windows cannot fsync a folder.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
