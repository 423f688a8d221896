"""Thumbnails that show more than their picture: told by shape, with nothing decoded."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from builders import app, exif, jfif, jpeg
from builders_exif import block
from photoprivacy import Category, inspect, strip
from photoprivacy.metadata import Severity
from photoprivacy.metadata._thumbnails import jpeg_size, other_shape


def coded(width: int, height: int, *, progressive: bool = False) -> bytes:
    """Return a JPEG of a size, as Pillow codes it."""
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "jpeg", progressive=progressive)
    return file.getvalue()


def photo(width: int, height: int, *segments: bytes) -> bytes:
    """Return a picture with *segments* in front of its own."""
    return jpeg(*segments, coded(width, height)[2:-2])


def codes(data: bytes) -> set[str]:
    return {one.code for one in inspect(data).findings}


def test_a_cropped_picture_with_its_old_thumbnail_hides_pixels() -> None:
    source = photo(400, 400, exif(block(thumbnail=coded(160, 107))))

    [one] = [f for f in inspect(source).findings if f.code == "exif.thumbnail.other-shape"]

    assert (one.category, one.severity) == (Category.HIDDEN_PIXELS, Severity.HIGH)
    assert one.value == "160 × 107"
    assert coded(160, 107) == one.where.of(source)
    assert codes(strip(source).data) == set()


@pytest.mark.parametrize(
    ("picture", "thumbnail"),
    [
        ((400, 300), (160, 120)),
        ((300, 400), (160, 120)),  # turned, its thumbnail not
        ((600, 400), (160, 107)),
        ((600, 400), (160, 120)),  # between black bars, as DCF asks
        ((640, 360), (160, 120)),
        ((400, 400), (160, 120)),
        ((640, 360), (320, 180)),
        ((601, 400), (240, 160)),
    ],
)
def test_a_thumbnail_of_the_whole_picture_hides_none(
    picture: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    assert not other_shape(thumbnail, picture)
    assert "exif.thumbnail.other-shape" not in codes(
        photo(*picture, exif(block(thumbnail=coded(*thumbnail))))
    )


@pytest.mark.parametrize(
    ("picture", "thumbnail"),
    [
        ((500, 300), (160, 107)),
        ((600, 250), (160, 120)),  # no sensor has this shape
        ((400, 300), (160, 90)),
        ((400, 400), (240, 160)),
    ],
)
def test_a_thumbnail_of_more_than_the_picture_is_told(
    picture: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    assert other_shape(thumbnail, picture)


def test_a_size_that_is_not_known_says_nothing() -> None:
    assert not other_shape((0, 0), (400, 300))
    assert not other_shape((160, 120), (0, 0))


def test_thumbnails_of_photoshop_and_jfif_are_compared_too() -> None:
    resource = b"8BIM\x04\x0c\x00\x00" + (28 + len(coded(160, 107))).to_bytes(4, "big")
    photoshop = app(13, b"Photoshop 3.0\x00" + resource + bytes(28) + coded(160, 107))
    jfxx = app(0, b"JFXX\x00\x10" + coded(160, 107))
    old = jfif(bytes(3 * 12 * 4), width=12, height=4)

    assert "photoshop.thumbnail-other-shape" in codes(photo(400, 400, photoshop))
    assert "jfif.thumbnail-other-shape" in codes(photo(400, 400, jfxx))
    assert "jfif.thumbnail-other-shape" in codes(photo(400, 400, old))
    assert not {one for one in codes(photo(600, 400, photoshop, jfxx)) if "other-shape" in one}


def test_the_size_of_a_jpeg_is_that_of_its_frame_header() -> None:
    assert jpeg_size(coded(40, 30)) == (40, 30)
    assert jpeg_size(coded(40, 30, progressive=True)) == (40, 30)
    assert jpeg_size(b"\xff\xd8\xff\xff" + coded(40, 30)[3:]) == (40, 30)  # a fill byte
    assert jpeg_size(b"") == (0, 0)
    assert jpeg_size(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 9) == (0, 0)
    assert jpeg_size(b"\xff\xd8\x00\x00" + bytes(20)) == (0, 0)
