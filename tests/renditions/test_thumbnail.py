"""Thumbnails that still show what the picture no longer does."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from builders import app, exif
from photoprivacy import PhotoPrivacyError, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.renditions import compare_thumbnail
from photoprivacy.testing import sample_photo


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """Return a picture with something in each corner, and two people in the middle."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 4, height // 4), fill="black")
    draw.rectangle((3 * width // 4, height // 2, width, height), fill="white")
    draw.ellipse((width // 3, height // 3, width // 2, height // 2), fill="white")
    draw.ellipse((width // 2, height // 3, 2 * width // 3, height // 2), fill="black")
    return image


def coded(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "jpeg", quality=85)
    return file.getvalue()


def with_thumbnail(image: Image.Image, small: Image.Image) -> bytes:
    """Return a JPEG whose Exif has *small* as its thumbnail (Exif 3.0, 4.5.5)."""
    body = coded(small)
    lead = struct.pack(">2sHIHI", b"MM", 42, 8, 0, 14)
    rows = struct.pack(">HHHIIHHII", 2, 0x0201, 4, 1, 44, 0x0202, 4, 1, len(body))
    picture = coded(image)
    return picture[:2] + exif(lead + rows + bytes(4) + body) + picture[2:]


def shrunk(image: Image.Image, size: tuple[int, int] = (160, 120)) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS)


def test_a_thumbnail_of_the_picture_does_not_differ() -> None:
    found = compare_thumbnail(with_thumbnail(scene(), shrunk(scene())))

    assert found is not None
    assert (found.code, found.width, found.height) == ("exif.thumbnail.picture", 160, 120)
    assert found.same_shape
    assert not found.differs


def test_a_crop_leaves_a_thumbnail_of_all_that_was_there() -> None:
    cropped = scene().crop((160, 120, 480, 360))

    found = compare_thumbnail(with_thumbnail(cropped, shrunk(scene())))

    assert found is not None
    assert found.same_shape
    assert found.differs


def test_a_covered_face_shows_in_the_thumbnail() -> None:
    covered = scene()
    ImageDraw.Draw(covered).rectangle((100, 80, 540, 400), fill="grey")

    found = compare_thumbnail(with_thumbnail(covered, shrunk(scene())))

    assert found is not None
    assert found.differs


def test_another_shape_is_another_picture_but_dark_bars_are_none() -> None:
    wide = scene(640, 360)
    padded = Image.new("RGB", (160, 120), "black")
    padded.paste(shrunk(wide, (160, 90)), (0, 15))

    barred = compare_thumbnail(with_thumbnail(wide, padded))
    other = compare_thumbnail(with_thumbnail(wide, shrunk(scene())))

    assert barred is not None
    assert other is not None
    assert not barred.differs
    assert not other.same_shape


def test_colours_that_a_camera_corrected_later_do_not_count() -> None:
    darker = scene().point(lambda value: value * 3 // 4)

    found = compare_thumbnail(with_thumbnail(scene(), shrunk(darker)))

    assert found is not None
    assert not found.differs


def test_of_several_the_one_that_differs_most_counts() -> None:
    cropped = scene().crop((160, 120, 480, 360))
    photo = with_thumbnail(cropped, shrunk(cropped))
    second = app(0, b"JFXX\x00\x10" + coded(shrunk(scene())))

    found = compare_thumbnail(photo[:2] + second + photo[2:])

    assert found is not None
    assert found.code == "jfif.thumbnail"
    assert found.differs


@pytest.mark.parametrize("end", [1, 40, 700])
def test_a_thumbnail_that_does_not_decode_is_none(end: int) -> None:
    small = shrunk(scene())
    photo = with_thumbnail(scene(), small)
    body = coded(small)
    broken = photo.replace(body, body[:end].ljust(len(body), b"\x00"))

    found = compare_thumbnail(broken)

    assert found is None or found.differs


def test_a_photo_without_one_and_what_is_no_photo() -> None:
    assert compare_thumbnail(coded(scene())) is None
    with pytest.raises(UnsupportedFormat):
        compare_thumbnail(b"no photo at all")
    with pytest.raises(PhotoPrivacyError):
        compare_thumbnail(with_thumbnail(scene(), shrunk(scene()))[: -len(coded(scene())) // 2])
    with pytest.raises(PhotoPrivacyError):
        compare_thumbnail(sample_photo(), limits=Limits(max_pixels=100))


def test_of_the_real_photos_two_show_more_in_the_thumbnail(corpus: Path) -> None:
    found = {}
    for path in sorted(corpus.rglob("*")):
        if path.is_file():
            try:
                found[path.name] = compare_thumbnail(path)
            except PhotoPrivacyError:
                continue

    there = {name: one for name, one in found.items() if one is not None}
    assert len(there) >= 65
    assert {name for name, one in there.items() if one.differs} == {
        "35-empty.jpg",
        "ricoh-rdc5300.jpg",
    }


def test_a_small_black_box_shows_in_the_part_that_it_covers() -> None:
    covered = scene()
    ImageDraw.Draw(covered).rectangle((220, 170, 300, 250), fill="black")  # a face, an eighth

    found = compare_thumbnail(with_thumbnail(covered, shrunk(scene())))

    assert found is not None
    assert found.difference < 0.08
    assert found.differs
