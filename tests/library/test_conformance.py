"""All stores that ship keep the rules that apps can run against their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from photoprivacy.library import (
    AlbumStore,
    BlobStore,
    Database,
    FolderBlobs,
    MemoryAlbums,
    MemoryBlobs,
    MemoryShares,
    ObjectBlobs,
    PostgresAlbums,
    PostgresDatabase,
    PostgresShares,
    ShareStore,
    SqliteAlbums,
    SqliteShares,
)
from photoprivacy.testing.stores import ALBUM_RULES, BLOB_RULES, SHARE_RULES, Rule


@pytest.fixture
def connect(a_server: dict[str, Any]) -> Iterator[Callable[[], PostgresDatabase]]:
    opened: list[PostgresDatabase] = []

    def one() -> PostgresDatabase:
        opened.append(PostgresDatabase(**a_server))
        return opened[-1]

    yield one
    for database in opened:
        database.close()


@pytest.fixture
def connect_sqlite(tmp_path: Path) -> Iterator[Callable[[], Database]]:
    opened: list[Database] = []

    def one() -> Database:
        opened.append(Database(tmp_path / "db"))
        return opened[-1]

    yield one
    for database in opened:
        database.close()


@pytest.mark.parametrize("rule", BLOB_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("kind", ["memory", "folder", "s3"])
def test_blobs(
    rule: Rule[BlobStore], kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    memory = MemoryBlobs()
    opens: dict[str, Callable[[], BlobStore]] = {
        "memory": lambda: memory,
        "folder": lambda: FolderBlobs(tmp_path / "blobs"),
        "s3": lambda: ObjectBlobs("s3://photos/of/mine", **request.getfixturevalue("a_bucket")),
    }
    rule(opens[kind])
    assert list(opens[kind]().list()) == []


@pytest.mark.parametrize("rule", ALBUM_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgres"])
def test_albums(rule: Rule[AlbumStore], kind: str, request: pytest.FixtureRequest) -> None:
    memory = MemoryAlbums()
    if kind == "memory":
        rule(lambda: memory)
    elif kind == "sqlite":
        connect_sqlite: Callable[[], Database] = request.getfixturevalue("connect_sqlite")
        rule(lambda: SqliteAlbums(connect_sqlite()))
    else:
        connect: Callable[[], PostgresDatabase] = request.getfixturevalue("connect")
        rule(lambda: PostgresAlbums(connect()))


@pytest.mark.parametrize("rule", SHARE_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgres"])
def test_shares(rule: Rule[ShareStore], kind: str, request: pytest.FixtureRequest) -> None:
    memory = MemoryShares()
    if kind == "memory":
        rule(lambda: memory)
    elif kind == "sqlite":
        connect_sqlite: Callable[[], Database] = request.getfixturevalue("connect_sqlite")
        rule(lambda: SqliteShares(connect_sqlite()))
    else:
        connect: Callable[[], PostgresDatabase] = request.getfixturevalue("connect")
        rule(lambda: PostgresShares(connect()))


def test_the_rules_are_as_many_as_are_said() -> None:
    assert (len(BLOB_RULES), len(ALBUM_RULES), len(SHARE_RULES)) == (8, 8, 7)
    names = [rule.__name__ for rule in itertools.chain(BLOB_RULES, ALBUM_RULES, SHARE_RULES)]
    assert len(set(names)) == 23
