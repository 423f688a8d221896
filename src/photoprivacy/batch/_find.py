"""The photos below a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from photoprivacy._source import read_head
from photoprivacy.containers import sniff
from photoprivacy.errors import UnsupportedFormat

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


def find_photos(
    folder: str | os.PathLike[str],
    *,
    passed: Callable[[str, str], None] | None = None,
    unread: Callable[[str], None] | None = None,
) -> Iterator[str]:
    """Yield the photos below *folder* in name order.

    A photo is a file whose suffix promises one or whose first bytes are one of our formats.
    Hidden files and folders, links to folders, and links that lead out of *folder* are passed
    over: a link may name anything that its owner never meant to be among these.

    Args:
        folder: Where to look.
        passed: Told of each path that is passed over, and what it is.
        unread: Told of each folder below that cannot be read; the others go on then.

    Raises:
        OSError: A folder cannot be read.
    """
    over = passed or (lambda _path, _why: None)
    home = os.path.realpath(folder)

    for root, folders, files in walk(folder, unread=unread):
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


def walk(
    folder: str | os.PathLike[str], *, unread: Callable[[str], None] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (folder, folders in it, files in it) as `os.walk` does, however deep it is.

    Python's own calls itself for each folder below another one, until 3.12. Who takes names out
    of the folders, or sorts them, says where it goes on.

    Args:
        folder: Where to begin.
        unread: Told of each folder below that cannot be read; the others go on then.

    Raises:
        OSError: A folder cannot be read.
    """
    home = os.fspath(folder)
    waiting = [home]
    while waiting:
        here = waiting.pop()
        folders: list[str] = []
        files: list[str] = []
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    (folders if _is_folder(entry) else files).append(entry.name)
        except OSError:
            if unread is None or here == home:
                raise
            unread(here)
            continue
        yield here, folders, files
        below = [os.path.join(here, name) for name in folders]
        waiting.extend(path for path in reversed(below) if not os.path.islink(path))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


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
