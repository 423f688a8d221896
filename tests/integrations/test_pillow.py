"""Saving with Pillow, with nothing carried over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from photoprivacy import inspect
from photoprivacy.integrations.pillow import save_clean
from photoprivacy.testing import assert_clean, sample_photo


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_an_opened_photo_is_saved_clean(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    with Image.open(io.BytesIO(sample_photo())) as image:
        assert image.getexif()
        save_clean(image, target)

    assert_clean(target)
    assert inspect(target).width == 320


def test_an_existing_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "out.jpg"
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        save_clean(Image.new("RGB", (8, 8)), target)

    assert target.read_bytes() == b"mine"


def test_a_file_takes_it_too_and_must_be_told_the_format() -> None:
    target = io.BytesIO()
    with Image.open(io.BytesIO(sample_photo())) as image:
        save_clean(image, target, format="WEBP")
        with pytest.raises(ValueError, match="format="):
            save_clean(image, target)

    assert_clean(target.getvalue())
    assert inspect(target.getvalue()).format.value == "webp"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_saved_as_viewers_show_it(tmp_path: Path, orientation: int) -> None:
    source = Image.new("RGB", (32, 16))
    source.paste((255, 0, 0), (0, 0, 16, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    source.save(tmp_path / "in.png", exif=exif)
    with Image.open(tmp_path / "in.png") as image:
        save_clean(image, tmp_path / "out.png")
        shown = ImageOps.exif_transpose(image)

    with Image.open(tmp_path / "out.png") as out:
        assert out.size == shown.size
        assert out.tobytes() == shown.tobytes()


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_what_is_transparent_stays_so(tmp_path: Path, suffix: str) -> None:
    source = Image.new("P", (8, 8))
    source.putpalette([0, 0, 0, 255, 0, 0])
    source.paste(1, (0, 0, 4, 8))
    source.save(tmp_path / f"in.{suffix}", transparency=0)
    with Image.open(tmp_path / f"in.{suffix}") as image:
        save_clean(image, tmp_path / f"out.{suffix}")
        before = image.convert("RGBA").tobytes()

    with Image.open(tmp_path / f"out.{suffix}") as out:
        assert out.convert("RGBA").tobytes() == before
    assert before[3] != before[-1]
