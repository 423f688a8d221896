"""Display copies: upright, in sRGB, of the asked size, and bare."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageCms

from builders_gif import animation
from builders_movie import video
from library.photos import a_cropped_avif
from photoprivacy.errors import LimitExceeded, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.renditions import average_color, render
from photoprivacy.testing import assert_clean, sample_photo

RED, BLUE = (200, 20, 20), (20, 20, 200)


def halves(**options: object) -> bytes:
    """Return a JPEG of 80 by 40 pixels: red on the left, blue on the right, as stored."""
    image = Image.new("RGB", (80, 40), RED)
    image.paste(BLUE, (40, 0, 80, 40))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, subsampling=0, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(pixel: object, expected: tuple[int, ...], by: int = 12) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= by for one, other in zip(pixel, expected, strict=True))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif"])
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp"])
def test_a_rendition_is_bare_and_fits(kind: str, media_type: str) -> None:
    copy = render(sample_photo(format=kind), size=64, media_type=media_type)

    assert_clean(copy)
    assert max(opened(copy).size) == 64
    assert Image.MIME[opened(copy).format or ""] == media_type


#: orientation → where red is seen (Exif 3.0, 4.6.5.1.6): (x, y) as parts of the upright picture
SEEN = {
    1: (0.1, 0.5), 2: (0.9, 0.5), 3: (0.9, 0.5), 4: (0.1, 0.5),
    5: (0.5, 0.1), 6: (0.5, 0.1), 7: (0.5, 0.9), 8: (0.5, 0.9),
}  # fmt: skip


@pytest.mark.parametrize("orientation", SEEN)
def test_a_rendition_is_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    copy = opened(render(halves(exif=exif), size=80))
    across, down = SEEN[orientation]

    assert copy.size == ((80, 40) if orientation < 5 else (40, 80))
    assert near(copy.getpixel((int(across * copy.width), int(down * copy.height))), RED)
    assert near(
        copy.getpixel((int((1 - across) * copy.width), int((1 - down) * copy.height))), BLUE
    )


def test_colours_are_converted_to_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile that says: what is stored as red is blue, and the other way round.
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")

    assert near(opened(render(halves(icc_profile=srgb), size=80)).getpixel((9, 9)), RED)
    assert near(opened(render(halves(icc_profile=swapped), size=80)).getpixel((9, 9)), BLUE)


def test_a_profile_that_cannot_be_read_is_passed_over() -> None:
    assert near(opened(render(halves(icc_profile=b"none" * 40), size=80)).getpixel((9, 9)), RED)


def test_transparency_is_laid_on_white_for_jpeg_alone() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (16, 16), (*RED, 0)).save(file, "PNG")
    jpeg = opened(render(file.getvalue(), size=16))
    webp = opened(render(file.getvalue(), size=16, media_type="image/webp"))

    assert near(jpeg.getpixel((8, 8)), (255, 255, 255))
    assert webp.convert("RGBA").getpixel((8, 8))[3] == 0  # type: ignore[index]


def test_sixteen_bits_of_grey_are_scaled() -> None:
    file = io.BytesIO()
    Image.new("I;16", (16, 16), 0x8000).save(file, "PNG")

    assert near(opened(render(file.getvalue(), size=16)).getpixel((8, 8)), (128, 128, 128))


def test_nothing_is_enlarged() -> None:
    assert opened(render(halves(), size=4000)).size == (80, 40)


def test_an_average_colour_is_three_numbers() -> None:
    assert near(average_color(halves()), (110, 20, 110))


def test_limits_and_wrong_arguments_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        render(halves(), size=80, limits=Limits(max_pixels=3000))
    with pytest.raises(ValueError, match="at least one pixel"):
        render(halves(), size=0)
    with pytest.raises(ValueError, match="one of image/jpeg"):
        render(halves(), size=80, media_type="image/png; no: image/png")
    with pytest.raises(UnsupportedFormat):
        render(b"no photo", size=80)


def test_threads_draw_the_same() -> None:
    photo = halves()
    with ThreadPoolExecutor(4) as pool:
        copies = set(pool.map(lambda _: render(photo, size=40), range(16)))

    assert len(copies) == 1


def test_the_first_picture_of_an_animation_is_drawn() -> None:
    with Image.open(io.BytesIO(render(animation(), size=24))) as small:
        assert small.size == (24, 24)
    with pytest.raises(UnsupportedFormat):
        render(video(), size=24)


@pytest.mark.parametrize("size", [400, 64])
def test_what_a_crop_hides_is_not_drawn(size: int) -> None:
    copy = opened(render(a_cropped_avif(), size=size)).convert("RGB")
    assert copy.width * 2 == copy.height
    # Beside the edge a decoder mixes colours: they are coded at half the size.
    places = [(x, y) for x in (2, 9, 31) for y in (0, 60)]
    assert all(near(copy.getpixel(one), (0, 0, 255), by=40) for one in places)
    assert near(average_color(a_cropped_avif()), (0, 0, 255))


def test_a_pixel_that_a_crop_cuts_through_is_not_drawn() -> None:
    # From 10.5 to 245.5, and down from 2.75 to 254.75.
    assert opened(render(a_cropped_avif((235, 1, 252, 1, 0, 1, 3, 4)), size=400)).size == (234, 251)


@pytest.mark.parametrize("crop", [(0, 1, 256, 1, 0, 1, 0, 1), (64, 1, 64, 1, 999, 1, 0, 1)])
def test_a_crop_that_shows_nothing_is_not_drawn(crop: tuple[int, ...]) -> None:
    with pytest.raises(MalformedImage):
        render(a_cropped_avif(crop), size=400)
