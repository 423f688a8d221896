"""What a crop leaves of a picture: the clean aperture (ISO/IEC 14496-12, 12.1.4)."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from photoprivacy.containers._bmff import BmffContainer
from photoprivacy.containers._bmff_boxes import FORMAT
from photoprivacy.containers._model import Container
from photoprivacy.errors import MalformedImage

#: left, top, right and bottom in pixels, as Pillow counts them
Window = tuple[int, int, int, int]
#: width, height, and how far the middle is moved across and down, each as a fraction
_CROP: Final = struct.Struct(">IiIiiiii")


def window_of(data: bytes, container: Container, width: int, height: int) -> Window | None:
    """Return what all crops together show of a picture of that size, ``None`` without one.

    A pixel that a crop cuts through is not shown. Of a sequence both count, the crop of its
    still picture and that of its track: which of them a decoder draws is its own choice.

    Raises:
        MalformedImage: A crop is cut short, says nothing that can be counted, or shows nothing.
    """
    windows = [_window(crop, width, height) for crop in _crops(data, container)]
    if not windows:
        return None
    lefts, tops, rights, bottoms = zip(*windows, strict=True)
    left, top, right, bottom = max(lefts), max(tops), min(rights), min(bottoms)
    if left >= right or top >= bottom:
        raise MalformedImage(FORMAT, 0, "a crop that shows nothing")
    return left, top, right, bottom


def _crops(data: bytes, container: Container) -> Iterator[bytes]:
    if not isinstance(container, BmffContainer):
        return
    meta, movie = container.meta, container.movie
    if meta is not None:
        for box, _ in meta.properties_of(meta.primary):
            if box.type == "clap":
                yield box.body.of(data)
    for track in () if movie is None else movie.tracks:
        for entry in track.entries if track.handler == "pict" else ():
            for box in entry.properties:
                if box.type == "clap":
                    yield box.body.of(data)


def _window(crop: bytes, width: int, height: int) -> Window:
    if len(crop) < _CROP.size:
        raise MalformedImage(FORMAT, 0, "a crop that is cut short")
    across, across_by, down, down_by, right, right_by, low, low_by = _CROP.unpack_from(crop)
    if min(across_by, down_by, right_by, low_by) <= 0:
        raise MalformedImage(FORMAT, 0, "a crop that cannot be counted")
    first, last = _side(Fraction(across, across_by), Fraction(right, right_by), width)
    top, bottom = _side(Fraction(down, down_by), Fraction(low, low_by), height)
    return first, top, last, bottom


def _side(shown: Fraction, moved: Fraction, whole: int) -> tuple[int, int]:
    start = moved + (whole - shown) / 2
    return max(0, math.ceil(start)), min(whole, math.floor(start + shown))
