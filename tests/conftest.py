"""Where the real photos are, and what to do without them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real photos that ``PHOTOPRIVACY_CORPUS`` names."""
    folder = os.environ.get("PHOTOPRIVACY_CORPUS")
    if not folder:
        if os.environ.get("CI"):
            pytest.fail("CI runs with real photos: set PHOTOPRIVACY_CORPUS")
        pytest.skip("needs real photos: set PHOTOPRIVACY_CORPUS to their folder")
    return Path(folder)


@pytest.fixture(scope="session")
def exiftool() -> str:
    """Where ExifTool is, which reads back what others will read."""
    path = shutil.which("exiftool")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI reads back with ExifTool: install it")
        pytest.skip("needs exiftool")
    return path
