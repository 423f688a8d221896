"""Does a thumbnail show what the picture shows? The leak of crops and of blurred faces.

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

#: Both are compared at so many pixels a side: noise and sharpness are gone, shapes are not.
_SIDE: Final = 32
#: From this mean difference on, of at most 1, two pictures are called different. Thumbnails of the
#: same picture, coded again, stay below 0.04 on the real photos this was tried with.
_DIFFERENT: Final = 0.08
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
    """

    code: str
    width: int
    height: int
    same_shape: bool
    difference: float

    @property
    def differs(self) -> bool:
        """Whether it shows something else than the picture."""
        return not self.same_shape or self.difference >= _DIFFERENT


def compare_thumbnail(source: Source, *, limits: Limits = Limits()) -> ThumbnailComparison | None:
    """Return how a photo's thumbnail differs from it, ``None`` when it has none that decodes.

    Of several the one that differs most counts. Brightness is compared, not colour: cameras
    write thumbnails before they correct it.

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
    found = [
        (finding.code, small)
        for finding in report.findings
        if finding.category in (Category.THUMBNAIL, Category.HIDDEN_PIXELS)
        and (small := _thumbnail(data[finding.where.start : finding.where.stop])) is not None
    ]
    if not found:
        return None
    try:
        picture = decoded(data, report.format, 2 * _SIDE).convert("L")
    except unreadable():
        raise MalformedImage(report.format.value, 0, "the picture cannot be decoded") from None
    compared = [_compared(code, small, picture) for code, small in found]
    return max(compared, key=lambda one: (not one.same_shape, one.difference))


def _thumbnail(block: bytes) -> Image.Image | None:
    """Return the JPEG inside a block of metadata, in grey."""
    start = block.find(b"\xff\xd8\xff")
    if start < 0:
        return None
    try:
        with Image.open(io.BytesIO(block[start:]), formats=("JPEG",)) as image:
            return image.convert("L") if image.width * image.height < 1 << 22 else None
    except unreadable():
        return None


def _compared(code: str, small: Image.Image, picture: Image.Image) -> ThumbnailComparison:
    ratio = picture.width / picture.height
    inner = _without_bars(small, ratio)
    sides = [
        ImageOps.autocontrast(one.resize((_SIDE, _SIDE), Image.Resampling.BOX))
        for one in (inner, picture)
    ]
    (mean,) = ImageStat.Stat(ImageChops.difference(*sides)).mean
    # Thumbnails have few pixels: their sides are right to about one.
    slack = 2.5 / min(inner.size)
    return ThumbnailComparison(
        code=code,
        width=small.width,
        height=small.height,
        same_shape=abs(inner.width / inner.height / ratio - 1) <= slack,
        difference=mean / 255,
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
