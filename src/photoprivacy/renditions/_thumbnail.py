"""Does a thumbnail show what the picture shows? The leak of crops and of what was covered.

Programs that edit a picture often leave its old thumbnail inside. `inspect` decodes nothing and
sees other shapes alone; here both are decoded and held against each other, on request.
"""

from __future__ import annotations

import io
from typing import Final

import attrs
from PIL import Image, ImageChops, ImageOps, ImageStat

from photoprivacy._inspect import inspect
from photoprivacy._source import Source, read_source
from photoprivacy.errors import LimitExceeded, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.policy import Category
from photoprivacy.renditions._render import decoded, is_drawn, unreadable

#: Both are compared at so many pixels a side, in tiles of so many: noise is gone, faces are not.
_SIDE: Final = 64
_TILE: Final = 8
#: From this mean difference on, of at most 1, two pictures are called different; a tile that alone
#: differs so much shows that something was covered. Thumbnails of the same picture, coded again,
#: stay below both on the real photos this was tried with.
_DIFFERENT: Final = 0.08
_TILE_DIFFERENT: Final = 0.22
#: Thumbnails of the largest that are decoded, in pixels, and how many are.
_LARGEST: Final = 1 << 21
_MOST: Final = 16
#: Bars that pad a picture to 4:3 are this dark, of 255.
_BAR: Final = 24


@attrs.frozen(kw_only=True)
class ThumbnailComparison:
    """How the thumbnail that differs most from its picture differs.

    Attributes:
        code: The finding that it is: ``"exif.thumbnail.picture"``.
        width: Of the thumbnail, in pixels.
        height: Of the thumbnail, in pixels.
        same_shape: Whether its sides have the picture's ratio, bars aside.
        difference: Mean difference of both in grey, 0 (the same) to 1.
        largest: The same in the part, an eighth of each side, that differs most: what is covered
            or pixelated is small in all.
    """

    code: str
    width: int
    height: int
    same_shape: bool
    difference: float
    largest: float

    @property
    def differs(self) -> bool:
        """Whether it shows something else than the picture."""
        return (
            not self.same_shape or self.difference >= _DIFFERENT or self.largest >= _TILE_DIFFERENT
        )


def compare_thumbnail(source: Source, *, limits: Limits = Limits()) -> ThumbnailComparison | None:
    """Return how a photo's thumbnail differs from it, ``None`` when it has none that decodes.

    Of several the one that differs most counts, of the first 16 that are JPEGs. Brightness is
    compared, not colour: cameras write thumbnails before they correct it. Crops are seen, and
    what covers about a quarter of each side; a blur, pixelation and small boxes go unnoticed.

    Args:
        source: A path, bytes, or a binary file open for reading.
        limits: How much work one photo may cause.

    Raises:
        UnsupportedFormat: Not a format we read, or none we can draw.
        MalformedImage: The picture cannot be decoded.
        LimitExceeded: It has more pixels than ``limits.max_pixels``.
    """
    data = read_source(source, limits)
    report = inspect(data, limits=limits)
    if not is_drawn(report.format):
        raise UnsupportedFormat(report.format.value.upper())
    if report.width * report.height > limits.max_pixels:
        raise LimitExceeded(report.format.value, 0, limit="max_pixels", value=limits.max_pixels)
    picture = None
    compared: list[ThumbnailComparison] = []
    for finding in report.findings:
        if finding.category not in (Category.THUMBNAIL, Category.HIDDEN_PIXELS):
            continue
        small = _thumbnail(data[finding.where.start : finding.where.stop])
        if small is None:
            continue
        try:
            picture = picture or decoded(data, report.format, 2 * _SIDE, limits).convert("L")
        except unreadable():
            raise MalformedImage(report.format.value, 0, "the picture cannot be decoded") from None
        compared.append(_compared(finding.code, small, picture))
        if len(compared) == _MOST:
            break
    return max(compared, key=_how_much, default=None)


def _how_much(one: ThumbnailComparison) -> tuple[bool, float]:
    return not one.same_shape, max(one.difference / _DIFFERENT, one.largest / _TILE_DIFFERENT)


def _thumbnail(block: bytes) -> Image.Image | None:
    """Return the JPEG inside a block of metadata, in grey."""
    start = block.find(b"\xff\xd8\xff")
    if start < 0:
        return None
    try:
        with Image.open(io.BytesIO(block[start:]), formats=("JPEG",)) as image:
            return image.convert("L") if image.width * image.height <= _LARGEST else None
    except unreadable():
        return None


def _compared(code: str, small: Image.Image, picture: Image.Image) -> ThumbnailComparison:
    ratio = picture.width / picture.height
    inner = _without_bars(small, ratio)
    sides = [
        ImageOps.autocontrast(one.resize((_SIDE, _SIDE), Image.Resampling.BOX))
        for one in (inner, picture)
    ]
    apart = ImageChops.difference(*sides)
    (mean,) = ImageStat.Stat(apart).mean
    tiles = apart.resize((_SIDE // _TILE, _SIDE // _TILE), Image.Resampling.BOX)
    largest = tiles.getextrema()[1]
    assert isinstance(largest, int | float)  # noqa: S101 - of one band
    # Thumbnails have few pixels: their sides are right to about one.
    slack = 2.5 / min(inner.size)
    return ThumbnailComparison(
        code=code,
        width=small.width,
        height=small.height,
        same_shape=abs(inner.width / inner.height / ratio - 1) <= slack,
        difference=mean / 255,
        largest=largest / 255,
    )


def _without_bars(image: Image.Image, ratio: float) -> Image.Image:
    """Return the middle of *image* that has the *ratio*, if what is cut off is dark (DCF 4.6)."""
    width, height = image.size
    if width / height > ratio:
        wide, high = round(height * ratio), height
    else:
        wide, high = width, round(width / ratio)
    left, top = (width - wide) // 2, (height - high) // 2
    middle = (left, top, left + wide, top + high)
    rest = image.copy()
    rest.paste(0, middle)
    bars = rest.getextrema()
    dark = isinstance(bars[1], int | float) and bars[1] <= _BAR
    return image.crop(middle) if dark and wide and high else image
