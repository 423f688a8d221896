"""Libraries to test: every store that ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from library import servers
from photoprivacy.albums import new_id
from photoprivacy.library import (
    Library,
    MemoryAlbums,
    MemoryBlobs,
    MemoryShares,
    ObjectBlobs,
    PostgresDatabase,
)
from photoprivacy.sharing import ShareSigner


@pytest.fixture(scope="session")
def a_server() -> Iterator[dict[str, Any]]:
    """Give what reaches a PostgreSQL server."""
    with servers.postgres() as options:
        yield options


@pytest.fixture(scope="session")
def a_bucket() -> Iterator[dict[str, Any]]:
    """Give what reaches an S3 endpoint with the bucket ``photos``."""
    with servers.s3() as options:
        yield options


# The rules of stores run on servers each time; all that libraries do, on demand.
@pytest.fixture(params=["memory", "folder", pytest.param("servers", marks=pytest.mark.slow)])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    signer = ShareSigner({1: b"k" * 32})
    if request.param == "memory":
        yield Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), signer)
    elif request.param == "folder":
        yield Library.at(tmp_path / "library")
    else:
        database = PostgresDatabase(**request.getfixturevalue("a_server"))
        blobs = ObjectBlobs(f"s3://photos/{new_id()}", **request.getfixturevalue("a_bucket"))
        library = Library.on(database, blobs, signer)
        yield library
        library.set_homes(())
        for album in library.albums():
            library.delete_album(album.id)
        database.close()
