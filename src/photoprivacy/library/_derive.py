"""Clean files and renditions: made when first asked for, kept, and gone with their photo."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._strip import Stripped, strip
from photoprivacy.albums import Photo
from photoprivacy.containers import Format
from photoprivacy.errors import CannotStrip, NotGranted, StoreError
from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.library._stores import BlobStore
from photoprivacy.limits import Limits
from photoprivacy.policy import RENDERING, Category, Policy
from photoprivacy.sharing import Rendition

#: Goes up when derivatives are made differently: old ones are then not used again.
RECIPE: Final = 3
#: Longer side of a rendition in pixels; FULL is not drawn anew.
SIZES: Final = {Rendition.THUMB: 400, Rendition.DISPLAY: 1600}
_NEUTRAL: Final = "#8a8a8a"


def original_key(album_id: str, photo_id: str) -> str:
    """Return the key of the untouched original. Nothing for recipients reads it but this room."""
    return f"{album_id}/{photo_id}/original"


@attrs.frozen(kw_only=True)
class Telling:
    """What a file in full resolution may tell besides its picture.

    Attributes:
        place: The place as it is told, or ``None``. No file is given a sharper one, nor one
            that was guessed.
        video: Whether the moving part stays.
        hidden_pixels: Whether the file may be given out where pixels outside a crop are in it.
    """

    place: Place | None = attrs.field(default=None, repr=False)
    video: bool = False
    hidden_pixels: bool = False

    @property
    def policy(self) -> Policy:
        """What `strip` is to leave. Never a time, and never an exact place."""
        return Policy(
            keep=RENDERING | ({Category.EMBEDDED_VIDEO} if self.video else set()),
            location=Precision.NONE if self.names is None else Precision.CITY,
        )

    @property
    def names(self) -> Place | None:
        """The place to write."""
        return None if self.place is None or self.place.inferred else self.place.at(Precision.CITY)

    @property
    def variant(self) -> str:
        """A name for the bytes that come of it: the same for the same, else another."""
        if self.names is None and not self.video:
            return ""
        said = attrs.asdict(self.names) if self.names else None
        text = json.dumps([said, self.video], sort_keys=True)
        return f"-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class _Told:
    """A geocoder that knows one answer."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def reverse(self, _at: Coordinates, /) -> Place | None:
        return self._place


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
        """Return a photo's average colour as ``"#rrggbb"``; grey until its thumb was made."""
        known = self._blobs.read(_color_key(album_id, photo_id))
        return f"#{known.hex()}" if known is not None and len(known) == 3 else _NEUTRAL

    def _made(
        self, album_id: str, photo: Photo, rendition: Rendition, telling: Telling
    ) -> tuple[bytes, bool]:
        """Return the bytes of a derivative, and whether pixels outside a crop are in them."""
        original = self._blobs.read(original_key(album_id, photo.id))
        if original is None:
            raise StoreError("the original of a photo is gone")
        if rendition is Rendition.FULL:
            clean = self._stripped(original, telling)
            return clean.data, any(one.category is Category.HIDDEN_PIXELS for one in clean.kept)
        from photoprivacy.renditions import average_color, render

        data = render(original, size=SIZES[rendition], limits=self._limits)
        if rendition is Rendition.THUMB:
            self._blobs.put(_color_key(album_id, photo.id), bytes(average_color(data)))
        return data, False

    def _stripped(self, original: bytes, telling: Telling) -> Stripped:
        place = telling.names
        try:
            geocoder = _Told(place) if place else None
            clean = strip(original, telling.policy, geocoder=geocoder, limits=self._limits)
        except CannotStrip:
            # Less is always possible where anything is: it was tried when the photo came.
            return strip(original, Policy.SHARE, limits=self._limits)
        if place is not None and clean.before.coordinates is None:
            # Without a position its own words would be told, which are nobody's on the page.
            return self._stripped(original, attrs.evolve(telling, place=None))
        return clean

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
    """Return the format in which a rendition of *photo* is served."""
    return Format(photo.format) if rendition is Rendition.FULL else Format.JPEG


def _key(
    album_id: str,
    photo: Photo,
    rendition: Rendition,
    telling: Telling = Telling(),
    *,
    cropped: bool = False,
) -> str:
    # What hides pixels has a name of its own: it is never found by who may not have it.
    name = "cropped" if cropped else rendition.value
    return f"{album_id}/{photo.id}/{name}.{RECIPE}{telling.variant}"


def _color_key(album_id: str, photo_id: str) -> str:
    return f"{album_id}/{photo_id}/color.{RECIPE}"
