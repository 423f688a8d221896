"""The only reader of photos from disk: path, bytes or file to bounded bytes."""

from __future__ import annotations

import errno
import io
import os
import stat
from typing import BinaryIO, Protocol

from photoprivacy.errors import LimitExceeded
from photoprivacy.limits import Limits


class Readable(Protocol):
    """A binary file open for reading."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to *size* bytes; ``b""`` at the end."""
        ...


#: Where a photo may come from.
Source = str | os.PathLike[str] | bytes | bytearray | memoryview | Readable | BinaryIO


def read_source(source: Source, limits: Limits) -> bytes:
    """Return the bytes of *source*, read once, so that what is checked is what is used.

    Bytes are returned as they are, without a copy.

    Raises:
        LimitExceeded: There are more than ``limits.max_bytes``.
        OSError: The disk says no; also for directories, devices and pipes.
        TypeError: *source* is none of the above.
    """
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, bytearray | memoryview):
        if memoryview(source).nbytes > limits.max_bytes:
            raise _too_big(limits)
        data = bytes(source)
    elif isinstance(source, str | os.PathLike):
        data = _read_path(source, limits)
    elif hasattr(source, "read"):
        data = read_all(source, limits)
    else:
        msg = f"a source is a path, bytes or a binary file, not {type(source).__name__}"
        raise TypeError(msg)
    if len(data) > limits.max_bytes:
        raise _too_big(limits)
    return data


def read_head(path: str | os.PathLike[str], count: int) -> bytes:
    """Return the first *count* bytes of the regular file *path*, fewer if it is shorter.

    Raises:
        OSError: The disk says no, or *path* is not a regular file.
    """
    with _open(path) as file:
        _regular(file, path)
        return file.read(count)


def open_regular(path: str | os.PathLike[str]) -> io.BufferedReader:
    """Open the regular file *path* for reading; a pipe that nobody writes to holds up nobody.

    Raises:
        OSError: The disk says no, or *path* is not a regular file.
    """
    file = _open(path)
    try:
        _regular(file, path)
    except OSError:
        file.close()
        raise
    return io.BufferedReader(file)


def _open(path: str | os.PathLike[str]) -> io.FileIO:
    # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    number = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    try:
        return io.FileIO(number, "rb")
    except OSError as error:
        # A directory: the error would name the number, and the number would stay open.
        os.close(number)
        raise type(error)(error.errno, error.strerror, os.fspath(path)) from None


def _regular(file: io.FileIO, path: str | os.PathLike[str]) -> os.stat_result:
    status = os.fstat(file.fileno())
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a directory", os.fspath(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))
    return status


def _read_path(path: str | os.PathLike[str], limits: Limits) -> bytes:
    with _open(path) as file:
        status = _regular(file, path)
        if status.st_size > limits.max_bytes:
            raise _too_big(limits)
        # One byte more than announced: a growing file is noticed, a still one read in one go.
        data = file.read(status.st_size + 1)
        if len(data) == status.st_size:
            return data
        return data + read_all(file, limits, already=len(data))


def read_all(file: Readable, limits: Limits, *, already: int = 0) -> bytes:
    """Return the rest of *file*, refusing to read past the limit.

    A file that knows its size is read in one go, so that there is never a second copy.
    """
    parts: list[bytes] = []
    room = limits.max_bytes + 1 - already
    rest = _rest_of(file)
    step = rest + 1 if rest else 1 << 20
    while room > 0:
        part: object = file.read(min(room, step))
        if not isinstance(part, bytes):
            msg = "the file must be open in binary mode"
            raise TypeError(msg)
        if not part:
            break
        parts.append(part)
        room -= len(part)
        step = 1 << 16 if rest else step  # behind the whole there is only its end
    if room <= 0:
        raise _too_big(limits)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _rest_of(file: Readable) -> int:
    """Return how many bytes *file* says are left, 0 when it cannot say."""
    if not isinstance(file, io.IOBase):
        return 0
    try:
        here = file.tell()
        there = file.seek(0, os.SEEK_END)
        file.seek(here)
    except (OSError, ValueError):
        return 0
    return max(there - here, 0)


def _too_big(limits: Limits) -> LimitExceeded:
    return LimitExceeded("file", 0, limit="max_bytes", value=limits.max_bytes)
