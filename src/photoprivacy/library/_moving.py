"""The moving part of a photo as a file of its own: from the file beside it, or from inside it."""

from __future__ import annotations

from typing import Final

from photoprivacy._strip import strip
from photoprivacy.containers import parse
from photoprivacy.errors import NotGranted
from photoprivacy.library._telling import Telling, hides, stripped
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

#: What containers call the video inside a photo.
_INSIDE: Final = "motion video"


def moving_part(original: bytes, limits: Limits, *, whole: bool) -> tuple[bytes, bool]:
    """Return the clean moving part of a photo, and whether pixels outside a crop are in it.

    Args:
        original: The video itself, or the photo with it inside.
        limits: How much work it may cause.
        whole: Whether it is the video itself.

    Raises:
        NotGranted: There is none inside.
        CannotStrip: No clean copy is known to be lossless.
        MalformedImage: It is damaged where that matters.
        UnsupportedFormat: It is no video that we read.
    """
    if whole:
        clip = strip(original, Policy.SHARE, limits=limits)
        return clip.data, hides(clip)
    clean = stripped(original, Telling(video=True, hidden_pixels=True), limits).data
    for segment in parse(clean, limits).segments:
        if segment.name == _INSIDE:
            video = clean[segment.body.start : segment.body.stop]
            # It was rebuilt with its photo; by itself it must stand as well.
            clip = strip(video, Policy.SHARE, limits=limits)
            return clip.data, hides(clip)
    raise NotGranted("this photo does not move")
