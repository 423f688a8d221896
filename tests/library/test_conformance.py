"""All stores that ship keep the rules that apps can run against their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from photoprivacy.library import (
    AlbumStore,
    AttemptStore,
    BlobStore,
    Database,
    FileHomes,
    FolderBlobs,
    HomeStore,
    MemoryAlbums,
    MemoryAttempts,
    MemoryBlobs,
    MemoryHomes,
    MemoryShares,
    ObjectBlobs,
    PostgresAlbums,
    PostgresAttempts,
    PostgresDatabase,
    PostgresHomes,
    PostgresShares,
    ShareStore,
    SqliteAlbums,
    SqliteAttempts,
    SqliteShares,
)
from photoprivacy.testing.stores import (
    ALBUM_RULES,
    ATTEMPT_RULES,
    BLOB_RULES,
    HOME_RULES,
    SHARE_RULES,
    Rule,
)


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


@pytest.mark.parametrize("rule", ATTEMPT_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgres"])
def test_attempts(
    rule: Rule[AttemptStore], kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    memory = MemoryAttempts()
    if kind == "memory":
        rule(lambda: memory)
    elif kind == "sqlite":
        rule(lambda: SqliteAttempts(tmp_path / "attempts"))
    else:
        connect: Callable[[], PostgresDatabase] = request.getfixturevalue("connect")
        rule(lambda: PostgresAttempts(connect()))
        with connect().transaction() as connection:
            assert connection.run("SELECT count(*) FROM photoprivacy_attempts") == [[0]]


@pytest.mark.parametrize("rule", HOME_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("kind", ["memory", "file", "postgres"])
def test_homes(
    rule: Rule[HomeStore], kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    memory = MemoryHomes()
    if kind == "memory":
        rule(lambda: memory)
    elif kind == "file":
        rule(lambda: FileHomes(str(tmp_path / "homes")))
        assert (tmp_path / "homes").stat().st_mode & 0o077 == 0
    else:
        connect: Callable[[], PostgresDatabase] = request.getfixturevalue("connect")
        rule(lambda: PostgresHomes(connect()))


def test_the_rules_are_as_many_as_are_said() -> None:
    every = (BLOB_RULES, ALBUM_RULES, SHARE_RULES, ATTEMPT_RULES, HOME_RULES)
    assert [len(rules) for rules in every] == [8, 8, 7, 7, 2]
    names = [rule.__name__ for rule in itertools.chain.from_iterable(every)]
    assert len(set(names)) == 32
