"""Display copies: decode, keep bare pixels, encode. The only room that decodes pictures."""

from __future__ import annotations

import io
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

import attrs

from photoprivacy._inspect import Report, inspect
from photoprivacy.containers import Format, parse
from photoprivacy.containers._bmff_crop import window_of
from photoprivacy.errors import LimitExceeded, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.policy import Category, Policy

if TYPE_CHECKING:
    from PIL import Image

#: media type → (Pillow's name, options of the encoder)
_ENCODERS: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "image/jpeg": ("JPEG", {"quality": 82, "optimize": True, "progressive": True}),
    "image/webp": ("WEBP", {"quality": 80, "method": 4}),
}
#: Pillow's decoders that may look at each format. HEIC has its own, below.
_DECODERS: Final = {
    Format.JPEG: ("JPEG",),  # which hands files of several pictures to MPO itself
    Format.PNG: ("PNG",),
    Format.WEBP: ("WEBP",),
    Format.AVIF: ("AVIF",),
    Format.GIF: ("GIF",),
    Format.TIFF: ("TIFF",),
    Format.JP2: ("JPEG2000",),
}


@attrs.frozen(kw_only=True)
class Drawn:
    """A rendition, and what was seen while it was drawn.

    Attributes:
        data: The coded picture.
        color: Average colour: red, green and blue, each 0-255.
        moving: Whether the photo has a moving part inside.
    """

    data: bytes = attrs.field(repr=False)
    color: tuple[int, int, int]
    moving: bool = False


class Draw(Protocol):
    """Who draws renditions: `draw` in this process, or `Workers` in others."""

    def __call__(self, data: bytes, /, *, size: int, media_type: str, limits: Limits) -> Drawn:
        """Return a rendition of a photo.

        Raises:
            UnsupportedFormat: Not a format we read, or none we can draw.
            MalformedImage: The picture cannot be decoded.
            LimitExceeded: It takes more than it may.
            OSError: Nobody is there to draw it.
        """
        ...


@runtime_checkable
class DrawsApart(Draw, Protocol):
    """Who keeps pictures apart that do not belong together, as `Workers` does."""

    def apart(self, whose: Hashable) -> Draw:
        """Return who draws where no pictures but *whose* were or will be drawn."""
        ...


def unreadable() -> tuple[type[Exception], ...]:
    """Return the decoders' ways to say that pixels cannot be read. Their texts may quote them."""
    from PIL import Image

    errors = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, IndexError, Warning)
    return (*errors, Image.DecompressionBombError)


def is_drawn(kind: Format) -> bool:
    """Return whether there is a decoder for pictures of that format here."""
    return kind is Format.HEIC or kind in _DECODERS


def check_drawn(data: bytes, kind: Format) -> None:
    """Return when the decoder of that format takes *data* for a picture. No pixel is decoded.

    Raises:
        UnsupportedFormat: There is none here.
        MalformedImage: It does not.
    """
    if not is_drawn(kind):
        raise UnsupportedFormat(kind.value.upper())
    try:
        _opened(data, kind)
    except unreadable():
        raise MalformedImage(kind.value, 0, "the picture cannot be decoded") from None


def render(
    data: bytes, *, size: int, media_type: str = "image/jpeg", limits: Limits = Limits()
) -> bytes:
    """Return a copy of a photo that fits into *size* pixels, and carries no metadata at all.

    Orientation is applied, colours are converted to sRGB, transparency is laid on white
    for JPEG, and only the first frame of an animation is drawn. Nothing is enlarged.

    Args:
        data: A photo in one of our formats.
        size: Longest edge of the result, in pixels.
        media_type: ``"image/jpeg"`` or ``"image/webp"``.
        limits: How much work one photo may cause.

    Raises:
        UnsupportedFormat: Not a format we read, or none we can draw, such as a video.
        MalformedImage: The picture cannot be decoded.
        LimitExceeded: It has more pixels than ``limits.max_pixels``.
        ValueError: There is no encoder for *media_type*, or *size* is not positive.
    """
    return draw(data, size=size, media_type=media_type, limits=limits).data


def draw(data: bytes, /, *, size: int, media_type: str, limits: Limits) -> Drawn:
    """Return a rendition as `render` does, drawn in this process, with what was seen on the way.

    Raises:
        The same as `render`.
    """
    if media_type not in _ENCODERS or size < 1:
        msg = f"a rendition is one of {', '.join(_ENCODERS)}, of at least one pixel"
        raise ValueError(msg)
    name, options = _ENCODERS[media_type]
    image, report = _bare(data, size, limits)
    plain = _on_white(image)
    file = io.BytesIO()
    (plain if name == "JPEG" else image).save(file, name, **options)
    moving = any(one.category is Category.EMBEDDED_VIDEO for one in report.findings)
    return Drawn(data=file.getvalue(), color=_average(plain), moving=moving)


def check_rendition(data: bytes, *, size: int, media_type: str) -> None:
    """Return when *data* is such a rendition and tells nothing: whoever drew it is not believed.

    Raises:
        MalformedImage: It is not.
    """
    report = inspect(data)
    if report.format.media_type != media_type or report.problems:
        raise MalformedImage(report.format.value, 0, "is no rendition as it was asked for")
    if not 0 < max(report.width, report.height) <= size:
        raise MalformedImage(report.format.value, 0, "is a rendition of another size")
    if report.violations(Policy(keep=frozenset())) or report.orientation != 1:
        raise MalformedImage(report.format.value, 0, "is a rendition that tells something")


def average_color(data: bytes, *, limits: Limits = Limits()) -> tuple[int, int, int]:
    """Return the average colour of a photo as red, green and blue, each 0-255.

    Raises:
        The same as `render`.
    """
    return _average(_on_white(_bare(data, 32, limits)[0]))


def _average(image: Image.Image) -> tuple[int, int, int]:
    red, green, blue = image.resize((1, 1), resample=4).tobytes()  # a box filter
    return red, green, blue


def _bare(data: bytes, size: int, limits: Limits) -> tuple[Image.Image, Report]:
    """Return upright sRGB pixels, RGB or RGBA, with nothing attached, and what the photo is."""
    from PIL import Image

    report = inspect(data, limits=limits)
    if not is_drawn(report.format):
        raise UnsupportedFormat(report.format.value.upper())
    if report.width * report.height > limits.max_pixels:
        raise LimitExceeded(report.format.value, 0, limit="max_pixels", value=limits.max_pixels)
    try:
        # Pillow's warnings go where the app sends warnings: filters belong to the whole process.
        image = decoded(data, report.format, size, limits)
        image = _upright(image, report)
        image = _srgb(image)
        image.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    except unreadable():
        raise MalformedImage(report.format.value, 0, "the picture cannot be decoded") from None
    if 0 in image.size:  # what libheif of pillow-heif 1.1 makes of a crop to nothing
        raise MalformedImage(report.format.value, 0, "the picture has no pixels")
    # A fresh picture: no text, no profile, no Exif comes along.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare, report


def _opened(data: bytes, kind: Format) -> Any:
    """Return the picture before its pixels are decoded: Pillow's own, or that of pillow-heif."""
    if kind is Format.HEIC:
        import pillow_heif

        return pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    from PIL import Image

    return Image.open(io.BytesIO(data), formats=_DECODERS[kind])


def decoded(data: bytes, kind: Format, size: int, limits: Limits) -> Image.Image:
    """Return the picture with its pixels, of a JPEG not many more than *size* a side needs.

    Raises:
        MalformedImage: What its crop shows cannot be told.
        Exception: One of `unreadable`.
    """
    opened = _opened(data, kind)
    image: Image.Image = opened.to_pillow() if kind is Format.HEIC else opened
    if kind is Format.HEIC:
        return image
    # JPEG decodes to a half, quarter or eighth at once; before the pixels are loaded.
    image.draft("RGB", (size * 2, size * 2))
    image.load()
    if kind is Format.AVIF:
        # libavif leaves cropping to its callers (avif.h, avifImage.clap), and Pillow does not.
        window = window_of(data, parse(data, limits), image.width, image.height)
        image = image if window is None else image.crop(window)
    return image


def _upright(image: Image.Image, report: Report) -> Image.Image:
    """Return the picture as a viewer turns it. libheif has turned HEIC while decoding."""
    from PIL import Image

    if report.format is Format.HEIC or report.orientation == 1:
        return image
    turn = (
        *(Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180),
        *(Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.TRANSPOSE),
        *(Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90),
    )
    return image.transpose(turn[report.orientation - 2])


def _srgb(image: Image.Image) -> Image.Image:
    """Return *image* as RGB or RGBA in sRGB; a profile that cannot be read is ignored."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    alpha = "A" in image.getbands() or "transparency" in image.info
    target = "RGBA" if alpha else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image,
                source,
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if image.mode == "RGBA" else "RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted.convert(target)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        # 16 bits of grey: Pillow would clip them to white.
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert(target)


def _on_white(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
