"""Saving with Pillow, with nothing carried over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

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
