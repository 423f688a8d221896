"""A folder for as long as a command runs; what killed ones left is removed by the next.

It holds originals and keys, so it may not outlive the command. A process that is killed removes
nothing, but the system takes its locks back: a folder whose lock is free is nobody's any more.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import Final

#: Windows has no such locks, and nothing is swept there.
_LOCKS: Final = importlib.util.find_spec("fcntl") is not None
_PREFIX: Final = "photoprivacy-"
#: The names that `tempfile` makes of it.
_OURS: Final = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")
#: The file that is locked. A folder without it is no such folder, or not locked yet.
_LOCK: Final = "in-use"


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """Give an empty folder that only this user can read, and remove it in the end."""
    with contextlib.ExitStack() as ends:
        if _LOCKS:
            _sweep()
        folder = ends.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX))
        if _LOCKS:
            with contextlib.suppress(OSError):  # a file system may have none either
                ends.callback(os.close, _locked(folder))
        inside = os.path.join(folder, "album")
        os.mkdir(inside)
        yield inside


def _locked(folder: str) -> int:
    """Lock *folder*, and return what holds the lock.

    Raises:
        OSError: There are no locks.
    """
    import fcntl

    path = os.path.join(folder, _LOCK)
    descriptor = os.open(f"{path}.new", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(f"{path}.new", path)  # nobody ever finds it unlocked
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _sweep() -> None:
    """Remove the folders of this user's commands that were killed."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    _remove_if_left(entry)


def _remove_if_left(entry: os.DirEntry[str]) -> None:
    """Remove a folder whose lock is free.

    Raises:
        OSError: It has no lock, or somebody holds it.
    """
    import fcntl

    if entry.stat(follow_symlinks=False).st_uid != os.geteuid():
        return
    descriptor = os.open(os.path.join(entry.path, _LOCK), os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(entry.path, ignore_errors=True)
    finally:
        os.close(descriptor)


__all__ = ["scratch"]
