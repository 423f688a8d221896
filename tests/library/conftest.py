"""Libraries to test: every store that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner


@pytest.fixture(params=["memory", "folder"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    if request.param == "folder":
        return Library.at(tmp_path / "library")
    return Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
