"""What may stand where a sealed album goes, and a folder that is there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
import re
import shutil
from collections.abc import Iterator
from typing import Final

from photoprivacy.gallery._alone import alone
from photoprivacy.gallery._hosting import SEALED
from photoprivacy.gallery._seal._document import TITLE
from photoprivacy.gallery._seal._format import ENTRY

#: What tells a host which headers to send: people edit it, and theirs stays.
_NEW: Final = ".new"
_OURS: Final = {"d", "index.html", ENTRY, *SEALED, *(name + _NEW for name in SEALED)}
#: More than the reader is long: what follows it begins within.
_READER: Final = 1024 * 1024
_FILE: Final = re.compile(r"[0-9a-f]{32}\.bin")


@contextlib.contextmanager
def new_folder(path: pathlib.Path, *, overwrite: bool) -> Iterator[pathlib.Path]:
    """Make a folder that takes the name *path* when all that is written into it is there.

    Until then it is called ``.{name}.unfinished``, beside *path*. What a killed process left
    there holds nothing that can be read, and goes when the same is sealed again.

    Raises:
        FileExistsError: There is something else at *path*, or beside it where sealing works.
        BlockingIOError: Another process is sealing into *path*.
        OSError: The disk says no.
    """
    path = pathlib.Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    work, old = (path.parent / f".{path.name}.{word}" for word in ("unfinished", "replaced"))
    with contextlib.ExitStack() as mine:
        with alone(path.parent, wait=True):  # while names change, not while photos are sealed
            _clear(path, work, old)
            _may_replace(path, overwrite=overwrite)
            work.mkdir()
            mine.enter_context(alone(work))
        try:
            yield work
            with alone(path.parent, wait=True):
                _may_replace(path, overwrite=overwrite)
                if path.exists():
                    path.rename(old)
                work.rename(path)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            if old.exists() and not path.exists():
                old.rename(path)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _clear(path: pathlib.Path, work: pathlib.Path, old: pathlib.Path) -> None:
    """Take away what a killed process left, and nothing of one that is at work.

    Raises:
        FileExistsError: There is something else.
        BlockingIOError: Another process is at work.
    """
    for left in (work, old):
        if os.path.lexists(left) and not _left(left):
            raise FileExistsError(errno.EEXIST, "is nothing that sealing left", str(left))
    if work.exists():
        with alone(work):
            shutil.rmtree(work)
    if old.exists() and not path.exists():
        old.rename(path)  # a process was killed just between the two names
    if old.exists():
        shutil.rmtree(old)


def hosting(before: pathlib.Path, after: pathlib.Path) -> tuple[str, ...]:
    """Write what tells a host which headers to send, and return which of it somebody had edited.

    What says something else in the folder *before* than we say is somebody's own: it goes along,
    and ours lies beside it.

    Raises:
        OSError: The disk says no.
    """
    edited: list[str] = []
    for name, text in SEALED.items():
        ours, there = text.encode(), before / name
        theirs = there.read_bytes() if there.is_file() and not there.is_symlink() else ours
        (after / name).write_bytes(theirs)
        if theirs != ours:
            edited.append(name)
            (after / (name + _NEW)).write_bytes(ours)
    return tuple(edited)


def may_replace_file(path: pathlib.Path, *, overwrite: bool) -> None:
    """Return if *path* is free, or an earlier sealed album that may be replaced.

    Raises:
        FileExistsError: It is not.
    """
    if not path.exists():
        return
    if not overwrite:
        raise FileExistsError(errno.EEXIST, "exists; say overwrite=True to replace it", str(path))
    start = b""
    if path.is_file():
        with path.open("rb") as file:
            start = file.read(_READER)
    if TITLE.encode() not in start or f'id="{ENTRY}#0"'.encode() not in start:
        raise FileExistsError(errno.EEXIST, "is no sealed album", str(path))


def _may_replace(path: pathlib.Path, *, overwrite: bool) -> None:
    if not path.exists():
        return
    names = set(os.listdir(path)) if path.is_dir() else {"a file"}
    if not names:
        return
    if ENTRY in names and (path / "d").is_dir() and _left(path):
        if overwrite:
            return
        raise FileExistsError(errno.EEXIST, "exists; say overwrite=True to replace it", str(path))
    raise FileExistsError(errno.EEXIST, "is not empty, and no sealed album", str(path))


def _left(path: pathlib.Path) -> bool:
    """Return whether *path* is a folder that holds nothing but what sealing writes, or part of it.

    What a killed process left is removed with all that is in it: it must be known for what it is.
    """
    if os.path.islink(path) or not path.is_dir() or not set(os.listdir(path)) <= _OURS:
        return False
    files = path / "d"
    if not os.path.lexists(files):
        return True
    real = files.is_dir() and not os.path.islink(files)
    return real and all(_FILE.fullmatch(name) for name in os.listdir(files))
