"""Where a clean copy waits while it is looked at: in memory, or on disk when it is big."""

from __future__ import annotations

import contextlib
import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import Final, cast

#: From this size on, in bytes, a second copy in memory counts for more than the disk's time.
_BIG: Final = 1 << 20


class _Mapped(mmap.mmap):
    """A file as the walkers of `_verify` read it: what they use of `bytes`, page by page."""

    def startswith(self, prefix: bytes, start: int = 0) -> bool:
        """Return whether the bytes from *start* on begin with *prefix*."""
        return self[start : start + len(prefix)] == prefix


@contextlib.contextmanager
def spooled(parts: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """Give *parts* as one run of bytes for as long as the context lasts.

    A big run stands in a temporary file that has no name and goes with the context.

    Raises:
        OSError: The disk says no.
    """
    held: list[bytes | memoryview] = list(parts)
    if sum(len(part) for part in held) < _BIG:
        yield b"".join(held)
        return
    with tempfile.TemporaryFile(buffering=0) as file:
        for part in held:
            view = memoryview(part)
            while view:
                view = view[file.write(view) :]
        yield mapped(file.fileno())


def mapped(descriptor: int) -> bytes:
    """Return an open file that nobody else can change as bytes to read, page by page."""
    if not os.fstat(descriptor).st_size:
        return b""
    # Not closed here: whoever looked at it may still hold a view, in a traceback for one.
    # No walker asks for more of bytes than this has; a test walks every format so.
    return cast("bytes", _Mapped(descriptor, 0, access=mmap.ACCESS_READ))


__all__ = ["mapped", "spooled"]
