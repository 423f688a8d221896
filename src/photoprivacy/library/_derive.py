"""Clean files and renditions: made when first asked for, kept, and gone with their photo."""

from __future__ import annotations

import contextlib
import math
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.albums import Photo
from photoprivacy.errors import (
    CannotStrip,
    MalformedImage,
    NotGranted,
    PhotoPrivacyError,
    StoreError,
    UnsupportedFormat,
)
from photoprivacy.library._moving import moving_part
from photoprivacy.library._shelf import Shelf
from photoprivacy.library._stores import BlobStore
from photoprivacy.library._telling import hides, stripped
from photoprivacy.library._wants import (
    DERIVED,
    RECIPE,
    SIZES,
    Want,
    color_key,
    is_of,
    motion_part,
    original_key,
    part_key,
    served_format,
    sum_key,
)
from photoprivacy.limits import Limits
from photoprivacy.renditions import Draw, DrawsApart
from photoprivacy.sharing import Rendition

__all__ = ["RECIPE", "SIZES", "Deriver", "is_of", "original_key", "part_key", "served_format"]

_NEUTRAL: Final = "#8a8a8a"
#: Seconds after which a colour that was not known is asked for again.
_UNSURE: Final = 30.0
#: Seconds for which a photo that cannot be made is not tried again.
_GIVEN_UP: Final = 600.0
_MOST_REMEMBERED: Final = 200_000
_SUM: Final = struct.Struct(">QI")
_CHUNK: Final = 1 << 20


class OriginalGone(StoreError):
    """The store answers, and does not have the original of a photo any more."""


@attrs.frozen(kw_only=True)
class Seen:
    """What was seen of a photo when it was drawn.

    Attributes:
        color: Average colour, ``"#rrggbb"``; grey while it is not known.
        moving: Whether it has a moving part inside, as far as that is known.
    """

    color: str = _NEUTRAL
    moving: bool = False


class Deriver:
    """Derives what recipients get from originals.

    Args:
        blobs: Where originals are, and derivatives go.
        limits: How much work one photo may cause.
        draw: Who decodes pictures; processes that have nothing to lose by default.
        most: How many bytes of derivatives are kept; ``None`` for any number.
    """

    def __init__(
        self,
        blobs: BlobStore,
        limits: Limits,
        *,
        draw: Draw | None = None,
        most: int | None = None,
    ) -> None:
        self._blobs = blobs
        self._limits = limits
        self._draw = draw
        self._own = object()
        self._shelf = Shelf(blobs, most, DERIVED)
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[Seen, float]] = {}
        self._sums: dict[str, tuple[int, int]] = {}
        self._given_up: dict[str, tuple[PhotoPrivacyError, float]] = {}
        self._flights: dict[str, tuple[threading.Lock, int]] = {}

    def derived(self, album_id: str, photo: Photo, want: Want) -> tuple[str, int]:
        """Return the key and the size of a derivative, made now if it is not there.

        What could not be made is not tried again for a while.

        Raises:
            NotGranted: Pixels outside a crop are in it, and may not be given out; or the photo
                has no moving part.
            CannotStrip: No clean copy of the photo is known to be lossless.
            UnsupportedFormat: It cannot be drawn.
            MalformedImage: The photo is damaged where that matters.
            OriginalGone: The original is gone.
        """
        found = self.found(album_id, photo, want)
        if found is not None:
            return found
        key = want.key(album_id, photo)
        with self._one_at_a_time(key):
            found = self.found(album_id, photo, want)
            if found is not None:
                return found
            try:
                data, cropped = self._made(album_id, photo, want)
            except (CannotStrip, MalformedImage, UnsupportedFormat, NotGranted) as error:
                self._give_up(key, error)
                raise
            except OriginalGone:
                # It will not come out the same any more.
                for cropped in (False, True):
                    gone = want.key(album_id, photo, cropped=cropped)
                    self._sums.pop(gone, None)
                    self._blobs.remove(sum_key(gone))
                raise
            key = want.key(album_id, photo, cropped=cropped)
            self._shelf.put(key, data)
            return _given(key, len(data), want, cropped=cropped)

    def found(self, album_id: str, photo: Photo, want: Want) -> tuple[str, int] | None:
        """Return the key and the size of a derivative, or ``None`` where it is still to be made.

        Raises:
            The same as `derived`, for what was not given out or could not be made before.
        """
        found = self._found(album_id, photo, want)
        if found is None:
            self._still_given_up(want.key(album_id, photo))
            return None
        key, size, cropped = found
        self._shelf.used(key)
        return _given(key, size, want, cropped=cropped)

    def is_made(self, album_id: str, photo: Photo, want: Want) -> bool:
        """Return whether there is nothing to wait for: it is there, or was given up."""
        if self._found(album_id, photo, want) is not None:
            return True
        return self._given_up.get(want.key(album_id, photo), (None, 0.0))[1] > time.monotonic()

    def summed(self, album_id: str, photo: Photo, want: Want) -> tuple[str, int, int]:
        """Return the key, the size and the CRC-32 of a derivative.

        It is made where these are not known. Once known they are remembered, longer than the
        derivative itself stays: it comes out the same when it is made again.

        Raises:
            The same as `derived`.
        """
        for cropped in (False, True) if want.telling.hidden_pixels else (False,):
            key = want.key(album_id, photo, cropped=cropped)
            known = self._sums.get(key)
            if known is None:
                stored = self._blobs.read(sum_key(key))
                if stored is None or len(stored) != _SUM.size:
                    continue
                known = self._sum_remembered(key, *_SUM.unpack(stored))
            return key, *known
        key, size = self.derived(album_id, photo, want)
        crc = 0
        for start in range(0, size, _CHUNK):
            crc = zlib.crc32(self._blobs.read(key, start, min(size, start + _CHUNK)) or b"", crc)
        self._blobs.put(sum_key(key), _SUM.pack(size, crc))
        return key, *self._sum_remembered(key, size, crc)

    def _sum_remembered(self, key: str, size: int, crc: int) -> tuple[int, int]:
        if len(self._sums) >= _MOST_REMEMBERED:
            self._sums.clear()
        self._sums[key] = size, crc
        return size, crc

    def _found(self, album_id: str, photo: Photo, want: Want) -> tuple[str, int, bool] | None:
        for cropped in (False, True) if want.rendition is Rendition.FULL else (False,):
            key = want.key(album_id, photo, cropped=cropped)
            size = self._blobs.size(key)
            if size is not None:
                return key, size, cropped
        return None

    def seen(self, album_id: str, photo_id: str) -> Seen:
        """Return what was seen of a photo when its thumb was made.

        A page asks for the colours of all its photos, and a store may be far away: what is known
        is not asked again, and what is not known only after a while, for others may make thumbs.
        """
        key = color_key(album_id, photo_id)
        seen, until = self._seen.get(key, (Seen(), 0.0))
        if time.monotonic() < until:
            return seen
        known = self._blobs.read(key)
        if known is None or len(known) != 4:
            return self._remembered(key, Seen(), _UNSURE)
        return self._remembered(key, Seen(color=f"#{known[:3].hex()}", moving=known[3] == 1))

    def _remembered(self, key: str, seen: Seen, seconds: float = math.inf) -> Seen:
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen.clear()
        self._seen[key] = seen, time.monotonic() + seconds
        return seen

    def _made(self, album_id: str, photo: Photo, want: Want) -> tuple[bytes, bool]:
        """Return the bytes of a derivative, and whether pixels outside a crop are in them."""
        part = motion_part(photo) if want.moving else None
        own = part_key(album_id, photo.id, part) if part else original_key(album_id, photo.id)
        original = self._blobs.read(own)
        if original is None:
            raise OriginalGone("the original of a photo is gone")
        if want.moving:
            return moving_part(original, self._limits, whole=part is not None)
        if want.rendition is Rendition.FULL:
            clean = stripped(original, want.telling, self._limits)
            return clean.data, hides(clean)
        drawn = self._drawing(album_id)(
            original,
            size=SIZES[want.rendition],
            media_type=want.format.media_type,
            limits=self._limits,
        )
        if want.rendition is Rendition.THUMB:
            key, color = color_key(album_id, photo.id), bytes(drawn.color)
            self._blobs.put(key, color + bytes((drawn.moving,)))
            self._remembered(key, Seen(color=f"#{color.hex()}", moving=drawn.moving))
        return drawn.data, False

    def _drawing(self, album_id: str) -> Draw:
        """Return who draws pictures of an album, where no picture of another one is seen."""
        if self._draw is None:
            from photoprivacy.renditions import shared_workers

            self._draw = shared_workers()
        if isinstance(self._draw, DrawsApart):
            # Other libraries of this process may have an album of that name.
            return self._draw.apart((self._own, album_id))
        return self._draw

    def _give_up(self, key: str, error: PhotoPrivacyError) -> None:
        if len(self._given_up) >= _MOST_REMEMBERED:
            self._given_up.clear()
        self._given_up[key] = error, time.monotonic() + _GIVEN_UP

    def _still_given_up(self, key: str) -> None:
        error, until = self._given_up.get(key, (None, 0.0))
        if error is not None and time.monotonic() < until:
            # Or each asker's frames would hang on it.
            raise error.with_traceback(None)

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


def _given(key: str, size: int, want: Want, *, cropped: bool) -> tuple[str, int]:
    if cropped and not want.telling.hidden_pixels:
        raise NotGranted("this link does not give out what was cropped away")
    return key, size
