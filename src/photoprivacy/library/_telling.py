"""What a file in full resolution may tell besides its picture."""

from __future__ import annotations

import hashlib
import json

import attrs

from photoprivacy._strip import Stripped, strip
from photoprivacy.errors import CannotStrip
from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.limits import Limits
from photoprivacy.policy import RENDERING, Category, Policy


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
        text = json.dumps([said, self.video, self.video and self.hidden_pixels], sort_keys=True)
        return f"-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class _Told:
    """A geocoder that knows one answer."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def reverse(self, _at: Coordinates, /) -> Place | None:
        return self._place


def hides(clean: Stripped) -> bool:
    """Return whether pixels outside a crop are in a clean copy."""
    return any(one.category is Category.HIDDEN_PIXELS for one in clean.kept)


def stripped(original: bytes, telling: Telling, limits: Limits) -> Stripped:
    """Return the clean copy of an original that tells what it may, or less.

    Raises:
        CannotStrip: No clean copy is known to be lossless.
        MalformedImage: It is damaged where that matters.
    """
    place = telling.names
    try:
        geocoder = _Told(place) if place else None
        clean = strip(original, telling.policy, geocoder=geocoder, limits=limits)
    except CannotStrip:
        # Less is always possible where anything is: it was tried when the photo came.
        return strip(original, Policy.SHARE, limits=limits)
    if telling.video and not telling.hidden_pixels and hides(clean):
        # Of a photo that shows all it holds, the video alone may have been cropped.
        return stripped(original, attrs.evolve(telling, video=False), limits)
    if place is not None and clean.before.coordinates is None:
        # Without a position its own words would be told, which are nobody's on the page.
        return stripped(original, attrs.evolve(telling, place=None), limits)
    return clean
