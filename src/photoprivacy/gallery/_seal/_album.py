"""What a sealed album tells about its photos: what the page shows, as JSON."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from photoprivacy.gallery._copies import Copy
from photoprivacy.gallery._page import Page
from photoprivacy.gallery._photos import PhotoView
from photoprivacy.gallery._seal._format import FILE_HEADER, FORMAT, SALT
from photoprivacy.gallery._seal._stream import chunks_of, padded, stored
from photoprivacy.gallery._sections import PlaceView, Section
from photoprivacy.library import Rendition, SharedFile

#: What the moving part of a photo is called beside its sizes.
_VIDEO: Final = "video"
_ORDER: Final = (*(one.value for one in (Rendition.DISPLAY, Rendition.FULL)), _VIDEO)


@attrs.frozen(kw_only=True)
class Entry:
    """One file of a sealed album, decided before it is written."""

    path: str
    salt: bytes
    length: int
    filled: int
    file: SharedFile = attrs.field(repr=False)

    @property
    def size(self) -> int:
        """How long it is where it is stored."""
        return FILE_HEADER + stored(self.filled)

    def told(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        return {
            "path": self.path,
            "salt": self.salt.hex(),
            "length": self.length,
            "size": self.size,
            "chunks": chunks_of(self.filled),
            "type": self.file.media_type,
        }


def entries(
    made: Mapping[str, Copy], order: Iterable[str], *, pad: bool
) -> list[tuple[str, str, Entry]]:
    """Return the files of an album: photo, what it is, file.

    What is looked at first comes first, as the page shows it. Others stand in the order of their
    names, which are random: who cannot read them does not see which belong together, and who can
    does not learn in which order the owner has them.

    Args:
        made: Name of a photo → its files.
        order: These names, in the order of the page.
        pad: Whether sizes are padded.
    """
    first: list[tuple[str, str, Entry]] = []
    rest: list[tuple[str, str, Entry]] = []
    for identity in order:
        copy = made[identity]
        for rendition, file in copy.files.items():
            part = first if rendition is Rendition.THUMB else rest
            part.append((identity, rendition.value, _entry(file, pad=pad)))
        if copy.video is not None:
            rest.append((identity, _VIDEO, _entry(copy.video, pad=pad)))
    # The larger, the later it is wanted: a single file is read from its start.
    ranks = {what: rank for rank, what in enumerate(_ORDER)}
    return first + sorted(rest, key=lambda one: (ranks[one[1]], one[2].path))


def _entry(file: SharedFile, *, pad: bool) -> Entry:
    return Entry(
        path=f"d/{secrets.token_hex(16)}.bin",
        salt=secrets.token_bytes(SALT),
        length=file.size,
        filled=padded(file.size) if pad else file.size,
        file=file,
    )


def manifest(
    shown: Page,
    made: dict[str, Copy],
    listed: list[tuple[str, str, Entry]],
    *,
    drawn: str,
    others: Mapping[str, Page],
) -> bytes:
    """Return the manifest of an album: its files, and its page.

    Args:
        shown: The page, in English.
        made: Its photos.
        listed: Their files.
        drawn: Its map as SVG, or ``""``.
        others: Code → the same page in another language.
    """
    numbers = {(identity, what): at for at, (identity, what, _) in enumerate(listed)}
    album = {
        "title": shown.title,
        "description": shown.description,
        "facts": shown.facts,
        "download": shown.allows_download,
        "map": drawn,
        "sections": _sections(shown, made, numbers),
    }
    english = _said(shown)
    album["words"] = {code: _translated(english, _said(page)) for code, page in others.items()}
    told = {"format": FORMAT, "files": [entry.told() for _, _, entry in listed], "album": album}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _sections(
    shown: Page, made: dict[str, Copy], numbers: dict[tuple[str, str], int]
) -> list[dict[str, Any]]:
    def photo(view: PhotoView) -> dict[str, Any]:
        own = made[view.id].photo
        return {
            "name": own.name,
            "alt": view.alt,
            "caption": view.caption,
            "where": view.where,
            "when": view.when,
            "width": view.width,
            "height": view.height,
            "color": own.color,
            "thumb": numbers[view.id, Rendition.THUMB.value],
            "large": numbers[view.id, view.largest],
            "full": numbers.get((view.id, Rendition.FULL.value)) if view.whole else None,
            "video": numbers.get((view.id, _VIDEO)),
        }

    views = shown.photos

    def part(section: Section, place: PlaceView | None) -> dict[str, Any]:
        at = place.place.coordinates if place and place.place else None
        return {
            "title": section.title,
            "within": place.within if place else "",
            "facts": section.facts,
            "heading": section.heading,
            "point": [at.longitude, at.latitude] if at else None,
            "photos": [photo(view) for view in itertools.islice(views, section.count)],
        }

    return [part(*both) for both in _with_places(shown)]


def _with_places(shown: Page) -> Iterator[tuple[Section, PlaceView | None]]:
    # Grouped by place, sections are places, in one order; an album that names none has no places.
    places = shown.places or (None,) * len(shown.sections)
    return zip(shown.sections, places, strict=True)


def _said(shown: Page) -> dict[tuple[object, ...], str]:
    """Return what the library says on a page, and the owner does not: where it stands → words."""
    said: dict[tuple[object, ...], str] = {
        ("facts", at): fact for at, fact in enumerate(shown.facts)
    }
    for section, place in _with_places(shown):
        said["title", section.number] = section.title
        said["within", section.number] = place.within if place else ""
        for at, fact in enumerate(section.facts):
            said["facts", section.number, at] = fact
    for view in shown.photos:
        said["alt", view.id] = view.alt
        said["where", view.id] = view.where
        said["when", view.id] = view.when
    return said


def _translated(
    english: dict[tuple[object, ...], str], theirs: dict[tuple[object, ...], str]
) -> dict[str, str]:
    """Return English words → those of another language, where they differ: each said once."""
    words: dict[str, str] = {}
    for where, text in english.items():
        other = theirs.get(where, text)
        if other != text:
            words.setdefault(text, other)
    return words
