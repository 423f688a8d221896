"""What leaves the server when an album does: every file that its link opens, and the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import attrs

from photoprivacy.errors import CannotStrip, MalformedImage, NotGranted
from photoprivacy.gallery._page import Page, page
from photoprivacy.library import Rendition, SharedAlbum, SharedFile, SharedPhoto

#: Told how far the work is: what is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]

#: Bytes that are read from a store at once.
PIECE: Final = 2 * 1024 * 1024


@attrs.frozen(kw_only=True)
class Copy:
    """The files of one photo, as far as they can be made."""

    photo: SharedPhoto
    files: dict[Rendition, SharedFile] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Missed:
    """A file that is not in a copy of an album.

    Attributes:
        name: The neutral name of the photo.
        rendition: Which size.
        why: Why not, in words; never content of the photo.
    """

    name: str = attrs.field(repr=False)
    rendition: Rendition
    why: str


def copies(
    album: SharedAlbum, missed: list[Missed], progress: Progress | None = None
) -> Iterator[Copy]:
    """Yield the files of each photo that can be looked at, made now where they are not there.

    Args:
        album: What the link opens.
        missed: Where what cannot be made is noted.
        progress: Told after each photo.
    """
    photos = album.photos
    largest = min(album.finest, Rendition.DISPLAY)
    for number, photo in enumerate(photos, 1):
        files: dict[Rendition, SharedFile] = {}
        wanted = [Rendition.THUMB]
        wanted += [largest] if largest is not Rendition.THUMB else []
        wanted += [Rendition.FULL] if album.gives_whole(photo) else []
        for rendition in wanted:
            try:
                files[rendition] = album.file(photo, rendition)
            except (CannotStrip, MalformedImage, NotGranted) as error:
                missed.append(Missed(name=photo.name, rendition=rendition, why=str(error)))
        if Rendition.THUMB in files and largest in files:
            yield Copy(photo=photo, files=files)
        if progress is not None:
            progress("prepare", number, len(photos))


def pieces(file: SharedFile) -> Iterator[bytes]:
    """Yield the bytes of *file*. Whether the link still stands is asked for each piece."""
    for at in range(0, file.size, PIECE):
        yield file.read(at, min(at + PIECE, file.size))


def page_of(album: SharedAlbum, made: dict[str, Copy]) -> Page:
    """Return the page of what was *made*: without a date on which copies do not end."""
    # Colours are known once thumbs were made, and an album looks at its photos once.
    shown = page(attrs.evolve(album))
    sections = []
    for section in shown.sections:
        photos = tuple(
            attrs.evolve(one, whole=one.whole and Rendition.FULL in made[one.id].files)
            for one in section.photos
            if one.id in made
        )
        if photos:
            sections.append(attrs.evolve(section, photos=photos))
    cover = shown.cover if shown.cover is not None and shown.cover.id in made else None
    return attrs.evolve(shown, until="", sections=tuple(sections), cover=cover)
