"""What the walkers of `_verify` share: the way to say no, and what they hand back."""

from __future__ import annotations

import re
from typing import Final, NoReturn

import attrs

#: Slices of this size come from memory that is already there; larger ones cost fresh pages.
_STEP: Final = 65536


class Unclean(Exception):
    """The output is not clean. The text names structure and place, never content."""


def refuse(what: str, at: int) -> NoReturn:
    """Say no to the output, because of *what* at byte *at*."""
    msg = f"{what} (byte {at} of the output)"
    raise Unclean(msg)


@attrs.frozen(kw_only=True)
class Seen:
    """A clean file as its walker saw it.

    Attributes:
        exif: The Exif block from its TIFF header on, ``b""`` for none.
        xmp: The XMP packet, ``b""`` for none.
        profile: The ICC profile, ``b""`` for none.
        plain: Everything but coded pixels, also as it reads when inflated: where
            a removed value could still stand.
        gain_map: Length of the gain map that the XMP packet must list, 0 for none.
        video: Length of the video that it must list, and what it may say of the moment in it
            when the photo was taken; ``None`` for none.
        beside: Media type of the photo that has it.
    """

    exif: bytes = attrs.field(default=b"", repr=False)
    xmp: bytes = attrs.field(default=b"", repr=False)
    profile: bytes = attrs.field(default=b"", repr=False)
    plain: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    gain_map: int = 0
    video: tuple[int, frozenset[int]] | None = None
    beside: str = "image/jpeg"


_MOMENT: Final = re.compile(
    rb"(?:MotionPhoto|MicroVideo)PresentationTimestampUs"
    rb"\s*(?:=\s*[\"']|>)\s*(-1|\d{1,10})\s*[\"'<]"
)


def moments(source: bytes) -> frozenset[int]:
    """Return what a packet may say of the moment in a video when the photo was taken."""
    return frozenset({-1, *map(int, _MOMENT.findall(source))})


def same(one: bytes, at: int, other: bytes, where: int, size: int) -> bool:
    """Return whether *size* bytes of *one* from *at* equal those of *other* from *where*."""
    if at + size > len(one) or where + size > len(other):
        return False
    for done in range(0, size, _STEP):
        step = min(_STEP, size - done)
        if one[at + done : at + done + step] != other[where + done : where + done + step]:
            return False
    return True
