"""What a sealed album tells about its photos: what the page shows, as JSON."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterator
from typing import Any, Final

import attrs

from photoprivacy.gallery._copies import Copy
from photoprivacy.gallery._page import Page
from photoprivacy.gallery._photos import PhotoView
from photoprivacy.gallery._seal._format import FILE_HEADER, FORMAT, SALT
from photoprivacy.gallery._seal._stream import chunks_of, padded, stored
from photoprivacy.gallery._sections import PlaceView, Section
from photoprivacy.library import Rendition, SharedFile

_ORDER: Final = (Rendition.THUMB, Rendition.DISPLAY, Rendition.FULL)


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


def entries(made: dict[str, Copy], *, pad: bool) -> Iterator[tuple[str, Rendition, Entry]]:
    """Yield the files of an album: what is looked at first comes first."""
    for rendition in _ORDER:
        for identity, copy in made.items():
            file = copy.files.get(rendition)
            if file is not None:
                yield (
                    identity,
                    rendition,
                    Entry(
                        path=f"d/{secrets.token_hex(16)}.bin",
                        salt=secrets.token_bytes(SALT),
                        length=file.size,
                        filled=padded(file.size) if pad else file.size,
                        file=file,
                    ),
                )


def manifest(
    shown: Page, made: dict[str, Copy], listed: list[tuple[str, Rendition, Entry]], *, drawn: str
) -> bytes:
    """Return the manifest of an album: its files, and its page.

    Args:
        shown: The page.
        made: Its photos.
        listed: Their files.
        drawn: Its map as SVG, or ``""``.
    """
    numbers = {(identity, rendition): at for at, (identity, rendition, _) in enumerate(listed)}

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
            "thumb": numbers[view.id, Rendition.THUMB],
            "large": numbers[view.id, Rendition(view.largest)],
            "full": numbers.get((view.id, Rendition.FULL)) if view.whole else None,
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

    # Grouped by place, sections are places, in one order; an album that names none has no places.
    places = shown.places or (None,) * len(shown.sections)
    sections = [part(*both) for both in zip(shown.sections, places, strict=True)]
    told = {
        "format": FORMAT,
        "files": [entry.told() for _, _, entry in listed],
        "album": {
            "title": shown.title,
            "description": shown.description,
            "facts": shown.facts,
            "download": shown.allows_download,
            "map": drawn,
            "sections": sections,
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
