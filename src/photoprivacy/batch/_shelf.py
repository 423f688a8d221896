"""Where journals lie: a folder that can be appended to, or object storage that cannot."""

from __future__ import annotations

import contextlib
import os
import posixpath
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, Protocol

from photoprivacy._source import open_regular
from photoprivacy.batch._remote import Remote, told
from photoprivacy.errors import LimitExceeded, PhotoPrivacyError
from photoprivacy.limits import Limits

SUFFIX: Final = ".journal"
#: Lines of an object, and the seconds after which one is written even if it has fewer.
_LINES: Final = 1000
_WAIT: Final = 30.0
#: More than a line has.
_LINE: Final = 1 << 12


class Shelf(Protocol):
    """Keeps the journal of one run, and reads those of others."""

    def earlier(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the name and the lines of what lies here."""
        ...

    def add(self, lines: Sequence[bytes]) -> None:
        """Write some whole lines, or hold them until there are enough."""
        ...

    def close(self) -> None:
        """Write what was held."""
        ...

    def remove(self, names: Sequence[str]) -> None:
        """Forget what this run wrote, and journals of these names."""
        ...


class LocalShelf:
    """A folder on a disk; the run's journal is a file that grows, and nobody else reads."""

    def __init__(self, folder: str, head: bytes) -> None:
        self._folder = folder
        self._head = head
        self._name = f"{secrets.token_hex(8)}{SUFFIX}"
        self._file: int | None = None

    def earlier(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the name and the lines of what lies here."""
        try:
            names = sorted(os.listdir(self._folder))
        except OSError:
            return
        for name in names:
            if name.endswith(SUFFIX):
                with contextlib.suppress(OSError), open_regular(f"{self._folder}/{name}") as file:
                    yield name, _lines(file)

    def add(self, lines: Sequence[bytes]) -> None:
        """Append *lines* with one call, so that a torn one can be the last alone."""
        if self._file is None:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
            self._file = os.open(os.path.join(self._folder, self._name), flags, 0o600)
            lines = (self._head, *lines)
        os.write(self._file, b"".join(lines))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self, names: Sequence[str]) -> None:
        """Remove the files, and the folder if it is empty then."""
        for name in (self._name, *names):
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(self._folder, name))
        with contextlib.suppress(OSError):
            os.rmdir(self._folder)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of *file*; a longer one than any of ours in pieces, which are none."""
    with contextlib.suppress(OSError):
        while line := file.readline(_LINE):
            yield line


class RemoteShelf:
    """A folder behind a URL; the run's journal is one object after the other."""

    def __init__(self, folder: Remote, head: bytes) -> None:
        self._folder = folder
        self._head = head
        self._run = secrets.token_hex(8)
        self._names: list[str] = []
        self._held: list[bytes] = []
        self._since = time.monotonic()

    def earlier(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the name and the lines of what lies here."""
        files, root = self._folder.opened()
        try:
            with told():
                paths = files.ls(root, detail=False)
        except FileNotFoundError:
            return
        for name in sorted(map(posixpath.basename, paths)):
            if name.endswith(SUFFIX):
                # Another run may have done with it just now; one this long is none of ours.
                with contextlib.suppress(FileNotFoundError, LimitExceeded):
                    data = (self._folder / name).read(Limits())
                    yield name, iter(data.splitlines(keepends=True))

    def add(self, lines: Sequence[bytes]) -> None:
        """Hold *lines*, and write an object when there are enough or it has been long."""
        self._held.extend(lines)
        if len(self._held) >= _LINES or time.monotonic() - self._since >= _WAIT:
            self._write()

    def close(self) -> None:
        """Write what was held."""
        if self._held:
            self._write()

    def _write(self) -> None:
        name = f"{self._run}-{len(self._names):06}{SUFFIX}"
        (self._folder / name).write(b"".join((self._head, *self._held)), overwrite=False)
        self._names.append(name)
        self._held.clear()
        self._since = time.monotonic()

    def remove(self, names: Sequence[str]) -> None:
        """Remove the objects."""
        self._held.clear()
        with contextlib.suppress(PhotoPrivacyError, OSError):
            files, root = self._folder.opened()
            for name in (*self._names, *names):
                with told():
                    files.rm_file(f"{root}/{name}")
