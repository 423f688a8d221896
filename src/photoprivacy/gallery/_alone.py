"""One process at a time where an album is written down."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import Final

#: How a file system says that somebody else is in.
_BUSY: Final = (errno.EAGAIN, errno.EACCES)


@contextlib.contextmanager
def alone(folder: str | os.PathLike[str], *, wait: bool = False) -> Iterator[None]:
    """Keep others out of *folder* by a lock that goes with this process and leaves no file.

    Not on Windows, where folders have no locks, and not on network file systems without them.

    Args:
        folder: One that is there.
        wait: Whether to wait for whoever is in.

    Raises:
        BlockingIOError: Somebody else is in.
        OSError: The folder may not be read.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            if error.errno in _BUSY:
                raise BlockingIOError(
                    errno.EAGAIN, "another export is at work here", os.fspath(folder)
                ) from None
        yield
    finally:
        os.close(descriptor)
