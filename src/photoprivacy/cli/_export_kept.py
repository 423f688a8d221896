"""The library that an export goes on with: what of a folder is in it already, and what changed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Self, TextIO

import attrs

from photoprivacy import Library, PhotoPrivacyError, SharedAlbum
from photoprivacy._files import replace_file
from photoprivacy.albums import PartKind, Photo
from photoprivacy.cli._console import Missed, words
from photoprivacy.cli._served import why
from photoprivacy.library import FileGroup
from photoprivacy.sharing import Never, Share

#: In the part of a library that only its owner may look into.
_PRIVATE: Final = "private"
_NAME: Final = "export.jsonl"
_LOCK: Final = "export.lock"
_FIRST: Final = "photoprivacy export library 1"
_CHUNK: Final = 1 << 20

#: What tells whether a file changed: its size, and when it and what is known of it changed.
_Stamp = list[int]


@attrs.frozen(kw_only=True)
class _Known:
    """A photo that is in the library, and the files it came from as they were then."""

    photo: str
    stamps: list[_Stamp]


class Kept:
    """A library with one album: the photos of one folder.

    What was taken in is written down after each photo, so that a process that is killed goes on
    where it was.

    `at` makes one.
    """

    def __init__(self, library: Library, log: TextIO, album: str) -> None:
        self.library = library
        self.album = album
        self._log = log
        self._known: dict[str, _Known] = {}
        self._shares: dict[str, str] = {}

    @classmethod
    @contextlib.contextmanager
    def at(cls, place: str, folder: str, *, lasting: bool) -> Iterator[Self]:
        """Open the library in *place* for the photos of *folder*, made where it is missing.

        Args:
            place: A folder that nobody else may read.
            folder: Where the photos are.
            lasting: Whether it outlives this process: then the disk has what was written, and
                nothing that was made has to make room.

        Raises:
            FileExistsError: There is something else in *place*, or another folder's photos.
            BlockingIOError: Another process is at work in it.
            StoreError: It is damaged, or others may read its keys.
            OSError: The disk says no.
        """
        private = os.path.join(place, _PRIVATE)
        path, home = os.path.join(private, _NAME), os.path.realpath(folder)
        _check_ours(place, path)
        for one in (place, private):
            os.makedirs(one, mode=0o700, exist_ok=True)
        with _alone(os.path.join(private, _LOCK)):
            lines = _lines(path)
            if lines and lines[0] != [_FIRST, home]:
                raise FileExistsError(errno.EEXIST, "holds the photos of another folder", place)
            # The last line may be half written: what comes next begins on one of its own.
            _written(path, lines or [[_FIRST, home]])
            library = Library.at(place, room=None) if lasting else Library.at(place, durable=False)
            with open(path, "a", encoding="utf-8") as log:
                kept = cls(library, log, "")
                kept._read(lines[1:])
                yield kept
            _written(path, [[_FIRST, home], *kept._told()])

    def take_in(
        self, groups: Iterable[FileGroup], folder: str, title: str, *, video: bool, missed: Missed
    ) -> int:
        """Bring the album up to date with *groups*, and return how many photos are in it.

        A file that did not change is not read. Captions and corrected places stay with a photo,
        also when its file has changed.

        Args:
            groups: What is one photo each.
            folder: Where they are.
            title: What the album is called.
            video: Whether the videos of Live Photos come along.
            missed: Told of what cannot be in it.
        """
        before = {photo.id: photo for photo in self.library.album(self.album).photos}
        old = {path: one for path, one in self._known.items() if one.photo in before}
        order: list[str] = []
        self._known = {}
        for group in groups:
            name = os.path.relpath(group.photo, folder)
            moving = [path for path, kind in group.parts if video and kind is PartKind.MOTION][:1]
            try:
                known = self._one(old.pop(name, None), group.photo, moving, before, missed)
            except (PhotoPrivacyError, OSError) as error:
                missed(group.photo, why(error))
                continue
            self._known[name] = known
            self._note("photo", name, known.photo, known.stamps)
            order.append(known.photo)
        ranks = {identity: rank for rank, identity in enumerate(order)}
        # What is gone from the folder, what could not be read any more, and what a killed process
        # took in and did not write down.
        for photo in self.library.album(self.album).photos:
            if photo.id not in ranks:
                self.library.remove(self.album, photo.id)
        self.library.edit(
            self.album,
            lambda album: attrs.evolve(
                album, title=title, photos=sorted(album.photos, key=lambda one: ranks[one.id])
            ),
        )
        self.library.tidy()
        return len(order)

    def opened(self, **granted: object) -> SharedAlbum:
        """Return what a link that grants this shows: the same link for the same, each time.

        It ends with the library: nobody is given it, and names of files hang on it.
        """
        told = json.dumps({name: str(value) for name, value in sorted(granted.items())})
        mine = self._shares.get(told)
        share: Share | None = next(
            (one for one in self.library.shares(self.album) if one.id == mine), None
        )
        if share is None:
            share = self.library.share(self.album, expires=Never, **granted)  # type: ignore[arg-type]
            self._shares[told] = share.id
            self._note("share", told, share.id)
        return self.library.open(share.token)

    def _one(
        self,
        known: _Known | None,
        path: str,
        moving: Sequence[str],
        before: dict[str, Photo],
        missed: Missed,
    ) -> _Known:
        stamps = [_stamp(one) for one in (path, *moving)]
        if known is not None:
            if known.stamps == stamps:
                return known
            if _same(before[known.photo], path, moving):
                return _Known(photo=known.photo, stamps=stamps)
        photo = self.library.add(self.album, path, name=os.path.basename(path))
        if known is not None:
            self._carry_over(before[known.photo], photo)
        for video in moving:
            try:
                self.library.add_part(self.album, photo.id, video, PartKind.MOTION)
            except (PhotoPrivacyError, OSError) as error:
                missed(video, words(error))
        return _Known(photo=photo.id, stamps=stamps)

    def _carry_over(self, old: Photo, new: Photo) -> None:
        """Give the photo that took another one's place what its owner said of that."""
        self.library.edit_photo(
            self.album,
            new.id,
            lambda seen: attrs.evolve(
                seen,
                caption=old.caption or seen.caption,
                alt=old.alt or seen.alt,
                place=old.place if old.place and old.place.source == "owner" else seen.place,
            ),
        )

    def _read(self, lines: Iterable[list[object]]) -> None:
        for line in lines:
            match line:
                case ["album", str(album)]:
                    self.album = album
                case ["photo", str(name), str(photo), list(stamps)]:
                    self._known[name] = _Known(photo=photo, stamps=stamps)
                case ["share", str(told), str(share)]:
                    self._shares[told] = share
        albums = {one.id for one in self.library.albums()}
        if self.album not in albums:
            self._known, self._shares = {}, {}
            self.album = self.library.create_album("").id
            self._note("album", self.album)
        for other in albums - {self.album}:
            self.library.delete_album(other)  # made, and not written down

    def _told(self) -> Iterator[list[object]]:
        yield ["album", self.album]
        for told, share in self._shares.items():
            yield ["share", told, share]
        for name, one in self._known.items():
            yield ["photo", name, one.photo, one.stamps]

    def _note(self, *line: object) -> None:
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()


def _check_ours(place: str, path: str) -> None:
    """Return if *place* is free, or holds what an export keeps.

    Raises:
        FileExistsError: It does not.
    """
    private = os.path.dirname(path)
    if os.path.exists(path) or not os.path.lexists(place):
        return
    # A process that was killed at the very start left no more than the lock.
    inside = set(os.listdir(place))
    begun = os.path.isdir(private) and all(
        name.startswith(_LOCK) or name.endswith(".tmp") for name in os.listdir(private)
    )
    if inside - {_PRIVATE} or (inside and not begun):
        raise FileExistsError(errno.EEXIST, "holds something else than an export's library", place)


@contextlib.contextmanager
def _alone(path: str) -> Iterator[None]:
    """Keep other processes out: a lock that goes with this one, on every system.

    Raises:
        BlockingIOError: One is in.
        OSError: The disk says no.
    """
    with contextlib.ExitStack() as ends:
        try:
            lock = ends.enter_context(
                contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None))
            )
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise OSError(errno.EIO, "the lock of this library cannot be taken", path) from None
            raise BlockingIOError(
                errno.EAGAIN, "another export is at work in this library", os.path.dirname(path)
            ) from None
        yield


def _lines(path: str) -> list[list[object]]:
    found: list[list[object]] = []
    with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as file:
        for line in file:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # the last one, half written
            if isinstance(told, list):
                found.append(told)
    return found


def _written(path: str, lines: Iterable[object]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    replace_file(path, (text.encode(),), overwrite=True, durable=False, mode=0o600)


def _stamp(path: str) -> _Stamp:
    status = os.stat(path)
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _same(photo: Photo, path: str, moving: Sequence[str]) -> bool:
    """Return whether *photo* came from these very bytes."""
    parts = [part.sha256 for part in photo.parts if part.kind is PartKind.MOTION]
    if len(parts) != len(moving) or photo.size != os.path.getsize(path):
        return False
    wanted = [photo.sha256, *parts]
    return all(_sha256(one) == sha for one, sha in zip((path, *moving), wanted, strict=True))


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
