"""What leaves the server when an album does: every file that its link opens, and the page."""

from __future__ import annotations

import contextlib
import functools
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from photoprivacy.errors import CannotStrip, MalformedImage, NotGranted, UnsupportedFormat
from photoprivacy.library import OriginalGone, Rendition, SharedAlbum, SharedFile, SharedPhoto
from photoprivacy.places import Trip, find_trips
from photoprivacy.sharing import Expiry, Never

#: Told how far the work is: what is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]

#: Bytes that are read from a store at once.
PIECE: Final = 2 * 1024 * 1024
#: Photos that are made at once: as many as there are processes that draw, and cores for them.
_AT_ONCE: Final = min(4, os.cpu_count() or 1)
#: What is wrong with one photo alone: the others go on.
_UNMADE: Final = (CannotStrip, MalformedImage, NotGranted, UnsupportedFormat, OriginalGone)


@attrs.frozen(kw_only=True)
class Copy:
    """The files of one photo, as far as they can be made."""

    photo: SharedPhoto
    files: dict[Rendition, SharedFile] = attrs.field(repr=False)
    video: SharedFile | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Missed:
    """A file that is not in a copy of an album.

    Attributes:
        name: The neutral name of the photo.
        rendition: Which size; a video counts as the largest.
        why: Why not, in words; never content of the photo.
    """

    name: str = attrs.field(repr=False)
    rendition: Rendition
    why: str


@attrs.frozen(kw_only=True, eq=False)
class Copied:
    """An album as far as it was copied: the page that goes with the copy shows this much.

    It was opened anew after its files were made: colours are known since then, and an album looks
    at its photos once.
    """

    title: str = attrs.field(repr=False)
    description: str = attrs.field(repr=False)
    id: str
    photos: tuple[SharedPhoto, ...] = attrs.field(repr=False)
    cover: SharedPhoto | None = attrs.field(repr=False)
    finest: Rendition
    expires: Expiry = Never  # copies do not end
    _whole: frozenset[str] = attrs.field(repr=False)

    @classmethod
    def of(cls, album: SharedAlbum, made: Mapping[str, Copy]) -> Copied:
        """Return *album* with the photos, downloads and videos that were *made*, and no others."""
        fresh = attrs.evolve(album)
        photos = tuple(
            attrs.evolve(photo, moves=made[photo.id].video is not None)
            for photo in fresh.photos
            if photo.id in made
        )
        cover = fresh.cover
        return cls(
            title=fresh.title,
            description=fresh.description,
            id=fresh.id,
            photos=photos,
            cover=cover if cover is not None and cover.id in made else None,
            finest=fresh.finest,
            whole=frozenset(one for one, copy in made.items() if Rendition.FULL in copy.files),
        )

    @functools.cached_property
    def trips(self) -> tuple[Trip[SharedPhoto], ...]:
        """The trips among its photos."""
        return find_trips(self.photos)

    @property
    def allows_download(self) -> bool:
        """Whether photos may be taken in full resolution."""
        return self.finest is Rendition.FULL

    def gives_whole(self, photo: SharedPhoto) -> bool:
        """Return whether *photo* is there in full resolution."""
        return photo.id in self._whole


def copies(
    album: SharedAlbum,
    missed: list[Missed],
    progress: Progress | None = None,
    *,
    videos: bool = False,
) -> dict[str, Copy]:
    """Return the files of each photo that can be looked at, made now where they are not there.

    Args:
        album: What the link opens.
        missed: Where what cannot be made is noted.
        progress: Told after each photo.
        videos: Whether the moving parts of photos are copied, where the link gives them out.

    Returns:
        The name of a photo → its files, in the order of the album.
    """
    photos = album.photos
    largest = min(album.finest, Rendition.DISPLAY)
    made: dict[str, Copy] = {}
    one = functools.partial(_one, album, largest, {})
    # Processes draw and threads wait for them. What they did not begin when one fails is dropped.
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for number, (copy, lacking) in enumerate(threads.map(one, photos), 1):
            missed += lacking
            if Rendition.THUMB in copy.files and largest in copy.files:
                made[copy.photo.id] = copy
            if progress is not None:
                progress("prepare", number, len(photos))
    return _with_videos(album, made, missed) if videos else made


def _one(
    album: SharedAlbum, largest: Rendition, lines: dict[str, threading.Lock], photo: SharedPhoto
) -> tuple[Copy, list[Missed]]:
    """Return the files of one photo, and what cannot be made; of each of *lines* one at a time."""
    files: dict[Rendition, SharedFile] = {}
    lacking: list[Missed] = []
    wanted = [Rendition.THUMB]
    wanted += [largest] if largest is not Rendition.THUMB else []
    wanted += [Rendition.FULL] if album.gives_whole(photo) else []
    for rendition in wanted:
        try:
            line = album.line(photo, rendition)
            with lines.setdefault(line, threading.Lock()) if line else contextlib.nullcontext():
                files[rendition] = album.file(photo, rendition)
        except _UNMADE as error:
            lacking.append(Missed(name=photo.name, rendition=rendition, why=str(error)))
    return Copy(photo=photo, files=files), lacking


def _with_videos(
    album: SharedAlbum, made: dict[str, Copy], missed: list[Missed]
) -> dict[str, Copy]:
    """Return *made* with what moves.

    Whether a video lies inside a photo is known since its thumb was drawn, which may have been
    just now; and an album looks at its photos once.
    """
    fresh, both = attrs.evolve(album), dict(made)
    for identity, copy in made.items():
        if not fresh.gives_video(copy.photo):
            continue
        try:
            both[identity] = attrs.evolve(copy, video=fresh.video(copy.photo))
        except _UNMADE as error:
            missed.append(Missed(name=copy.photo.name, rendition=Rendition.FULL, why=str(error)))
    return both


def pieces(file: SharedFile) -> Iterator[bytes]:
    """Yield the bytes of *file*. Whether the link still stands is asked for each piece."""
    for at in range(0, file.size, PIECE):
        yield file.read(at, min(at + PIECE, file.size))
