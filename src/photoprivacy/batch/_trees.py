"""Trees of photos: listed without end, and each file found again by its name in them."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import posixpath
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import attrs

from photoprivacy.batch._find import PHOTO_SUFFIXES, find_photos, walk
from photoprivacy.batch._one import Place
from photoprivacy.batch._remote import Remote, is_url, modified, told

#: The folder in a target that holds the journal of a run; hidden, so that it is passed over.
JOURNALS = ".photoprivacy"


@attrs.frozen(kw_only=True)
class Entry:
    """A file in a tree.

    Attributes:
        name: What it is called from the tree's root on, with slashes.
        size: Its size in bytes, as far as the listing knows.
        modified: When it last changed, in seconds since 1970, ``None`` where nobody says.
        look: Whether only its first bytes tell if it is a photo.
    """

    name: str
    size: int = 0
    modified: float | None = None
    look: bool = False


class Tree(Protocol):
    """A folder, wherever it is. Picklable."""

    @property
    def address(self) -> str:
        """What it is called, and what its journals go by."""
        ...

    @property
    def clocks(self) -> float:
        """How far its clock may be from ours, in seconds."""
        ...

    @property
    def where(self) -> str:
        """What makes it another place than its address says, for whoever compares them."""
        ...

    def photos(self, besides: Tree | None) -> Iterator[Entry]:
        """Yield what may be photos, but for those in the tree *besides*."""
        ...

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield name and size of every file, nothing where there is no such folder yet."""
        ...

    def at(self, name: str) -> Place:
        """Return where *name* is.

        Raises:
            ValueError: Nothing can be called so here.
        """
        ...

    def spelled(self, name: str) -> str:
        """Return how people call it."""
        ...


def same(one: Tree, other: Tree) -> bool:
    """Return whether two trees surely are one: only there a photo gives way to its copy."""
    if isinstance(one, RemoteTree) and isinstance(other, RemoteTree):
        return one.remote.spelled == other.remote.spelled and (
            one.remote.options == other.remote.options
        )
    return one == other


def tree_of(place: str | os.PathLike[str] | Remote) -> Tree:
    """Return the tree at *place*."""
    if isinstance(place, Remote):
        return RemoteTree(place)
    if isinstance(place, str) and is_url(place):
        return RemoteTree(Remote(place))
    path = os.fspath(place)
    if path.startswith(("file://", "local://")):
        path = path.partition("://")[2]
    return LocalTree(os.path.realpath(path))


@attrs.frozen
class LocalTree:
    """A folder of this computer."""

    root: str

    @property
    def address(self) -> str:
        """Its path."""
        return self.root

    @property
    def clocks(self) -> float:
        """The same clock; stamps to two seconds on FAT."""
        return 2.0

    @property
    def where(self) -> str:
        """Nothing that its path does not say."""
        return ""

    def photos(self, besides: Tree | None) -> Iterator[Entry]:
        """Yield what `find_photos` finds, and a folder that cannot be read, to say so."""
        skip = os.path.join(besides.root, "") if isinstance(besides, LocalTree) else None
        unread: list[str] = []
        found = find_photos(self.root, unread=unread.append)
        for path in itertools.chain(found, unread):
            if skip is not None and path.startswith(skip):
                continue
            name = os.path.relpath(path, self.root).replace(os.sep, "/")
            try:
                status = os.stat(path)
            except OSError:
                yield Entry(name=name)  # whoever opens it will say why
            else:
                # The time of the last change of anything, which nobody can set back; where it is
                # the time of creation (Windows), that of the last writing is later.
                when = max(status.st_ctime, status.st_mtime)
                yield Entry(name=name, size=status.st_size, modified=when)

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield name and size of every file."""
        if not os.path.isdir(self.root):
            return
        for folder, _, names in walk(self.root):
            inside = os.path.relpath(folder, self.root).replace(os.sep, "/")
            for one in names:
                with contextlib.suppress(OSError):
                    size = os.stat(os.path.join(folder, one)).st_size
                    yield (one if inside == "." else f"{inside}/{one}"), size

    def at(self, name: str) -> str:
        """Return the path of *name*, which never leads out of the folder."""
        parts = name.split("/")
        if not all(parts) or {".", ".."} & set(parts) or "\0" in name:
            raise ValueError("no path")
        if os.sep != "/" and os.sep in name:
            raise ValueError("no path")
        return os.path.join(self.root, *parts)

    def spelled(self, name: str) -> str:
        """Return the path."""
        return os.path.join(self.root, *name.split("/"))


@attrs.frozen
class RemoteTree:
    """A folder behind a URL."""

    remote: Remote

    @property
    def address(self) -> str:
        """Its URL, without what proves who asks."""
        return str(self.remote).rstrip("/")

    @property
    def clocks(self) -> float:
        """What S3 allows a client's clock (RequestTimeTooSkewed): 15 minutes."""
        return 900.0

    @property
    def where(self) -> str:
        """Which endpoint, for example: buckets of one name are in many places."""
        return json.dumps(self.remote.elsewhere, default=repr, sort_keys=True)

    def photos(self, besides: Tree | None) -> Iterator[Entry]:
        """Yield what may be a photo, by its name; hidden ones and folders are passed over.

        Raises:
            FileNotFoundError: There is no such folder.
            StoreError: The storage says no.
        """
        skip = None
        if isinstance(besides, RemoteTree) and besides.where == self.where:
            inside = besides.address.startswith(f"{self.address}/")
            skip = besides.address[len(self.address) + 1 :] + "/" if inside else None
        anything = False
        for name, info in self._listed():
            anything = True
            hidden = any(
                part.startswith(".") and part not in {".", ".."} for part in name.split("/")
            )
            size = int(info.get("size") or info.get("Size") or 0)
            # What ends like a folder, and holds something, is a file that somebody will miss.
            folder = name.endswith("/") and not size
            if folder or hidden or (skip and name.startswith(skip)):
                continue
            yield Entry(
                name=name,
                size=size,
                modified=modified(info),
                look=posixpath.splitext(name)[1].lower() not in PHOTO_SUFFIXES,
            )
        if not anything:
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", self.address)

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield name and size of every object."""
        with contextlib.suppress(FileNotFoundError):
            for name, info in self._listed():
                yield name, int(info.get("size") or info.get("Size") or 0)

    def at(self, name: str) -> Remote:
        """Return what is called *name* here."""
        if not all(name.split("/")) or {".", ".."} & set(name.split("/")):
            raise ValueError("no name that every client understands")
        return self.remote / name

    def spelled(self, name: str) -> str:
        """Return the URL."""
        return f"{self.address}/{name}"

    def _listed(self) -> Iterator[tuple[str, dict[str, Any]]]:
        files, root = self.remote.opened()
        protocols = (files.protocol,) if isinstance(files.protocol, str) else files.protocol
        pages: Callable[[Any, str], Iterator[tuple[str, dict[str, Any]]]]
        pages = _pages if "s3" in protocols else _folders
        return pages(files, root)


def _pages(files: Any, root: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (name, what is known) of a bucket, a page of a thousand at a time."""
    bucket, prefix, _ = files.split_path(root)
    prefix = f"{prefix}/" if prefix else ""
    more: dict[str, str] = {}
    while True:
        with told():
            page = files.call_s3(
                "list_objects_v2", Bucket=bucket, Prefix=prefix, **more, **files.req_kw
            )
        for info in page.get("Contents", ()):
            if info["Key"] != prefix:
                yield info["Key"][len(prefix) :], info
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}


def _folders(files: Any, root: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (name, what is known) of any file system, a folder at a time."""
    with told():
        walked = iter(files.walk(root, detail=True, on_error="raise"))
    while True:
        with told():
            step = next(walked, None)
        if step is None:
            return
        _, folders, here = step
        # What is passed over need not be listed.
        for name in [name for name in folders if name.startswith(".") and name != JOURNALS]:
            del folders[name]
        for name in sorted(here):
            if name:
                yield here[name]["name"].removeprefix(root).lstrip("/"), here[name]
