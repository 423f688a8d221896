"""Blobs in a folder that only its owner can read."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from typing import Final

from photoprivacy._files import replace_file, sync_folder
from photoprivacy.library._stores import BlobEntry, names_of

#: What `replace_file` calls a file that has no name of its own yet.
_UNFINISHED: Final = re.compile(r"\.[0-9a-f]{24}\.tmp")
_TRIES: Final = 5


def private_folder(path: str) -> str:
    """Make *path* a folder of its owner alone, and return it.

    Raises:
        OSError: The disk says no.
    """
    os.makedirs(path, mode=0o700, exist_ok=True)
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077 and os.name == "posix":
        os.chmod(path, 0o700)
    return path


class FolderBlobs:
    """A `BlobStore` in a folder: one file a blob, owner-only, replaced atomically.

    Args:
        folder: Where. It is made when missing, and closed to others.
        durable: Whether `put` waits until the disk has it. Without, the last blobs may be lost
            when the power goes.

    Raises:
        OSError: The disk says no.
    """

    def __init__(self, folder: str | os.PathLike[str], *, durable: bool = True) -> None:
        self._folder = private_folder(os.fspath(folder))
        self._durable = durable

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*: the file is there whole, or not at all."""
        path = self._path(names_of(key))
        for left in range(_TRIES, 0, -1):
            try:
                self._make_folders(os.path.dirname(path))
                replace_file(path, (data,), overwrite=True, durable=self._durable, mode=0o600)
            except FileNotFoundError:
                # `remove` took the folder away between the two.
                if left == 1:
                    raise
            else:
                return

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None``."""
        try:
            with open(self._path(names_of(key)), "rb") as file:
                file.seek(start)
                return file.read() if stop is None else file.read(max(0, stop - start))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None``."""
        try:
            status = os.stat(self._path(names_of(key)))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def remove(self, prefix: str, /) -> None:
        """Forget everything under *prefix*."""
        folder, _, last = prefix.rpartition("/")
        if _UNFINISHED.fullmatch(last):
            path = os.path.join(self._path(names_of(folder)), last)
        else:
            path = self._path(names_of(prefix))
        if os.path.isdir(path):
            # A derivative may land while we sweep: what is gone is gone, then look again.
            for _ in range(_TRIES):
                shutil.rmtree(path, ignore_errors=True)
                if not os.path.exists(path):
                    return
            shutil.rmtree(path)
        else:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(path)

    def list(self) -> Iterator[BlobEntry]:
        """Yield what is kept, and what a killed `put` left behind."""
        for folder, _, names in os.walk(self._folder):
            where = os.path.relpath(folder, self._folder).replace(os.sep, "/")
            for name in names:
                key = name if where == "." else f"{where}/{name}"
                with contextlib.suppress(FileNotFoundError):
                    status = os.stat(os.path.join(folder, name))
                    when = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
                    yield BlobEntry(key=key, modified=when, size=status.st_size)

    def _path(self, names: Sequence[str]) -> str:
        return os.path.join(self._folder, *names)

    def _make_folders(self, path: str) -> None:
        """Make *path* and what leads there, closed to others and as durable as what goes in."""
        if os.path.isdir(path):
            return
        parent = os.path.dirname(path)
        if parent != self._folder:
            self._make_folders(parent)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)
        if self._durable:
            sync_folder(parent)
