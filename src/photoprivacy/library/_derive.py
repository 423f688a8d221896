"""Clean files and renditions: made when first asked for, kept, and gone with their photo."""

from __future__ import annotations

import contextlib
import math
import re
import threading
import time
from collections.abc import Iterator
from typing import Final

from photoprivacy._strip import strip
from photoprivacy.albums import Part, Photo
from photoprivacy.containers import Format
from photoprivacy.errors import NotGranted, StoreError
from photoprivacy.library._stores import BlobStore
from photoprivacy.library._telling import Telling, hides, stripped
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy
from photoprivacy.sharing import Rendition

#: Goes up when derivatives are made differently: old ones are then not used again.
RECIPE: Final = 4
#: Longer side of a rendition in pixels; FULL is not drawn anew.
SIZES: Final = {Rendition.THUMB: 400, Rendition.DISPLAY: 1600}
_DERIVED: Final = re.compile(rf"[a-z]+\.{RECIPE}(-[0-9a-f]+)?")
_NEUTRAL: Final = "#8a8a8a"
#: Seconds after which a colour that was not known is asked for again.
_UNSURE: Final = 30.0
_MOST_COLORS: Final = 200_000


def original_key(album_id: str, photo_id: str) -> str:
    """Return the key of the untouched original. Nothing for recipients reads it but this room."""
    return f"{album_id}/{photo_id}/original"


def part_key(album_id: str, photo_id: str, part_id: str) -> str:
    """Return the key of the untouched file of a part. Nothing for recipients reads it."""
    return f"{album_id}/{photo_id}/part-{part_id}"


def motion_key(album_id: str, photo_id: str, part_id: str, *, cropped: bool = False) -> str:
    """Return the key of the clean copy of a photo's video, another one if a crop hides pixels."""
    name = "motion-cropped" if cropped else "motion"
    return f"{album_id}/{photo_id}/{name}.{RECIPE}-{part_id}"


def is_of(photo: Photo, name: str) -> bool:
    """Return whether a blob of *photo* may have that last name: not so what older recipes made."""
    if name.startswith(("part-", "motion")):
        kinds = ("part", f"motion.{RECIPE}", f"motion-cropped.{RECIPE}")
        return any(name == f"{kind}-{one.id}" for one in photo.parts for kind in kinds)
    return name == "original" or _DERIVED.fullmatch(name) is not None


class Deriver:
    """Derives what recipients get from originals.

    Args:
        blobs: Where originals are, and derivatives go.
        limits: How much work one photo may cause.
    """

    def __init__(self, blobs: BlobStore, limits: Limits) -> None:
        self._blobs = blobs
        self._limits = limits
        self._lock = threading.Lock()
        self._colors: dict[str, tuple[str, float]] = {}
        self._flights: dict[str, tuple[threading.Lock, int]] = {}

    def derived(
        self, album_id: str, photo: Photo, rendition: Rendition, telling: Telling
    ) -> tuple[str, int]:
        """Return the key and the size of a derivative, made now if it is not there.

        Raises:
            NotGranted: Pixels outside a crop are in it, and may not be given out.
            CannotStrip: No clean copy of the photo is known to be lossless.
            MalformedImage: The photo is damaged where that matters.
            StoreError: The original is gone.
        """
        found = self._found(album_id, photo, rendition, telling)
        if found is None:
            with self._one_at_a_time(_key(album_id, photo, rendition, telling)):
                found = self._found(album_id, photo, rendition, telling)
                if found is None:
                    data, cropped = self._made(album_id, photo, rendition, telling)
                    key = _key(album_id, photo, rendition, telling, cropped=cropped)
                    self._blobs.put(key, data)
                    found = key, len(data), cropped
        key, size, cropped = found
        if cropped and not telling.hidden_pixels:
            raise NotGranted("this link does not give out what was cropped away")
        return key, size

    def motion(
        self, album_id: str, photo: Photo, part: Part, *, hidden_pixels: bool
    ) -> tuple[str, int]:
        """Return the key and the size of the clean copy of a photo's video, made now if need be.

        Raises:
            NotGranted: Pixels outside a crop are in it, and *hidden_pixels* are not granted.
            CannotStrip: No clean copy of it is known to be lossless.
            MalformedImage: It is damaged where that matters.
            StoreError: The video is gone.
        """
        with self._one_at_a_time(motion_key(album_id, photo.id, part.id)):
            found = self._found_motion(album_id, photo, part)
            if found is None:
                original = self._blobs.read(part_key(album_id, photo.id, part.id))
                if original is None:
                    raise StoreError("the video of a photo is gone")
                clean = strip(original, Policy.SHARE, limits=self._limits)
                cropped = hides(clean)
                key = motion_key(album_id, photo.id, part.id, cropped=cropped)
                self._blobs.put(key, clean.data)
                found = key, len(clean.data), cropped
        key, size, cropped = found
        if cropped and not hidden_pixels:
            raise NotGranted("this link does not give out what was cropped away")
        return key, size

    def _found_motion(
        self, album_id: str, photo: Photo, part: Part
    ) -> tuple[str, int, bool] | None:
        for cropped in (False, True):
            key = motion_key(album_id, photo.id, part.id, cropped=cropped)
            size = self._blobs.size(key)
            if size is not None:
                return key, size, cropped
        return None

    def is_made(self, album_id: str, photo: Photo, rendition: Rendition, telling: Telling) -> bool:
        """Return whether a derivative is there already."""
        return self._found(album_id, photo, rendition, telling) is not None

    def _found(
        self, album_id: str, photo: Photo, rendition: Rendition, telling: Telling
    ) -> tuple[str, int, bool] | None:
        for cropped in (False, True) if rendition is Rendition.FULL else (False,):
            key = _key(album_id, photo, rendition, telling, cropped=cropped)
            size = self._blobs.size(key)
            if size is not None:
                return key, size, cropped
        return None

    def color(self, album_id: str, photo_id: str) -> str:
        """Return a photo's average colour as ``"#rrggbb"``; grey until its thumb was made.

        A page asks for the colours of all its photos, and a store may be far away: what is known
        is not asked again, and what is not known only after a while, for others may make thumbs.
        """
        key = _color_key(album_id, photo_id)
        color, until = self._colors.get(key, (_NEUTRAL, 0.0))
        if time.monotonic() < until:
            return color
        known = self._blobs.read(key)
        if known is None or len(known) != 3:
            return self._remembered(key, _NEUTRAL, _UNSURE)
        return self._remembered(key, f"#{known.hex()}", math.inf)

    def _remembered(self, key: str, color: str, seconds: float) -> str:
        if len(self._colors) >= _MOST_COLORS:
            self._colors.clear()
        self._colors[key] = color, time.monotonic() + seconds
        return color

    def _made(
        self, album_id: str, photo: Photo, rendition: Rendition, telling: Telling
    ) -> tuple[bytes, bool]:
        """Return the bytes of a derivative, and whether pixels outside a crop are in them."""
        original = self._blobs.read(original_key(album_id, photo.id))
        if original is None:
            raise StoreError("the original of a photo is gone")
        if rendition is Rendition.FULL:
            clean = stripped(original, telling, self._limits)
            return clean.data, hides(clean)
        from photoprivacy.renditions import average_color, render

        data = render(original, size=SIZES[rendition], limits=self._limits)
        if rendition is Rendition.THUMB:
            color = bytes(average_color(data))
            self._blobs.put(_color_key(album_id, photo.id), color)
            self._remembered(_color_key(album_id, photo.id), f"#{color.hex()}", math.inf)
        return data, False

    @contextlib.contextmanager
    def _one_at_a_time(self, key: str) -> Iterator[None]:
        """Let one thread make *key*; others wait and find it made."""
        with self._lock:
            flight, waiting = self._flights.get(key, (threading.Lock(), 0))
            self._flights[key] = flight, waiting + 1
        try:
            with flight:
                yield
        finally:
            with self._lock:
                flight, waiting = self._flights[key]
                if waiting == 1:
                    del self._flights[key]
                else:
                    self._flights[key] = flight, waiting - 1


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


def _key(
    album_id: str,
    photo: Photo,
    rendition: Rendition,
    telling: Telling,
    *,
    cropped: bool = False,
) -> str:
    # What hides pixels has a name of its own: it is never found by who may not have it.
    name = "cropped" if cropped else rendition.value
    return f"{album_id}/{photo.id}/{name}.{RECIPE}{telling.variant}"


def _color_key(album_id: str, photo_id: str) -> str:
    return f"{album_id}/{photo_id}/color.{RECIPE}"
