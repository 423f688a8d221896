"""What can be derived of a photo, and under which names it is kept."""

from __future__ import annotations

import re
from typing import Final

import attrs

from photoprivacy.albums import Part, PartKind, Photo
from photoprivacy.containers import Format
from photoprivacy.errors import NotGranted, StoreError
from photoprivacy.library._telling import Telling
from photoprivacy.sharing import Rendition

#: Goes up when derivatives are made differently: old ones are then not used again.
RECIPE: Final = 5
#: Longer side of a rendition in pixels; FULL is not drawn anew.
SIZES: Final = {Rendition.THUMB: 400, Rendition.DISPLAY: 1600}
#: Last names of what is derived, and of what is remembered of it.
DERIVED: Final = re.compile(rf"(?!color|sum-)[a-z0-9-]+\.{RECIPE}(-[0-9a-f]+)?")
_INSIDE: Final = "inside"
#: How names of videos begin: of those that show all they hold, and of others.
_MOTION: Final = ("motion-", "cropped-motion-")
_REMEMBERED: Final = re.compile(rf"(color|sum-[a-z0-9-]+)\.{RECIPE}(-[0-9a-f]+)?")


@attrs.frozen(kw_only=True)
class Want:
    """One thing that is derived of a photo.

    Attributes:
        rendition: Its size.
        webp: Whether it is a WebP, and no JPEG. Never of FULL.
        moving: Whether it is the moving part alone, of FULL.
        telling: What it may tell besides its picture.
    """

    rendition: Rendition
    webp: bool = False
    moving: bool = False
    telling: Telling = attrs.field(factory=Telling)

    @property
    def format(self) -> Format:
        """The format in which it is drawn."""
        return Format.WEBP if self.webp else Format.JPEG

    def key(self, album_id: str, photo: Photo, *, cropped: bool = False) -> str:
        """Return the key under which it is kept."""
        part = motion_part(photo) if self.moving else None
        if self.moving:
            return motion_key(album_id, photo.id, part, cropped=cropped)
        # What hides pixels has a name of its own: it is never found by who may not have it.
        name = "cropped" if cropped else self.rendition.value
        name += "-webp" if self.webp else ""
        return f"{album_id}/{photo.id}/{name}.{RECIPE}{self.telling.variant}"


def wanted(rendition: Rendition, media_type: str | None, telling: Telling) -> Want:
    """Return what is asked for by these words.

    Raises:
        NotGranted: It is not made in that format.
    """
    if media_type in (None, "image/jpeg") and rendition is not Rendition.FULL:
        return Want(rendition=rendition)
    if media_type == "image/webp" and rendition is not Rendition.FULL:
        return Want(rendition=rendition, webp=True)
    if media_type is None:
        return Want(rendition=rendition, telling=telling)
    raise NotGranted("photos are not given out in that format")


def original_key(album_id: str, photo_id: str) -> str:
    """Return the key of the untouched original. Nothing for recipients reads it but this room."""
    return f"{album_id}/{photo_id}/original"


def part_key(album_id: str, photo_id: str, part_id: str) -> str:
    """Return the key of the untouched file of a part. Nothing for recipients reads it."""
    return f"{album_id}/{photo_id}/part-{part_id}"


def motion_key(album_id: str, photo_id: str, part_id: str | None, *, cropped: bool = False) -> str:
    """Return the key of the clean video of a photo, of a part beside it or from inside it.

    Where a crop hides pixels it is another one.
    """
    return f"{album_id}/{photo_id}/{_MOTION[cropped]}{part_id or _INSIDE}.{RECIPE}"


def color_key(album_id: str, photo_id: str) -> str:
    """Return the key of what was seen while the photo was drawn."""
    return f"{album_id}/{photo_id}/color.{RECIPE}"


def sum_key(key: str) -> str:
    """Return the key of the length and the checksum of a derivative."""
    folder, _, name = key.rpartition("/")
    return f"{folder}/sum-{name}"


def motion_part(photo: Photo) -> str | None:
    """Return the identifier of the video beside a photo, if there is one."""
    return next((part.id for part in photo.parts if part.kind is PartKind.MOTION), None)


def is_of(photo: Photo, name: str) -> bool:
    """Return whether a blob of *photo* may have that last name: not so what older recipes made."""
    if name.removeprefix("sum-").startswith(_MOTION):
        videos = (_INSIDE, *(part.id for part in photo.parts))
        known = {f"{kind}{one}.{RECIPE}" for one in videos for kind in _MOTION}
        return name.removeprefix("sum-") in known
    if name == "original" or DERIVED.fullmatch(name) or _REMEMBERED.fullmatch(name):
        return True
    return any(name == f"part-{part.id}" for part in photo.parts)


def served_format(photo: Photo, rendition: Rendition) -> Format:
    """Return the format in which a rendition of *photo* is served.

    Raises:
        StoreError: It is of a format that this version does not know.
    """
    return format_of(photo) if rendition is Rendition.FULL else Format.JPEG


def format_of(kept: Photo | Part) -> Format:
    """Return the format of what an album says it holds.

    Raises:
        StoreError: This version does not know it.
    """
    try:
        return Format(kept.format)
    except ValueError:
        raise StoreError("a file in the store is of a format that is not known here") from None
