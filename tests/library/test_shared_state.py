"""What holds for all processes of a library: guesses at passwords, and home zones."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from photoprivacy.errors import ShareLocked, StoreError
from photoprivacy.geo import Coordinates
from photoprivacy.library import (
    FileHomes,
    FolderBlobs,
    Library,
    PostgresAttempts,
    PostgresDatabase,
    PostgresHomes,
)
from photoprivacy.places import HomeZone
from photoprivacy.sharing import ShareSigner
from photoprivacy.testing.stores import ATTEMPT_RULES


def test_a_library_on_a_database_is_one_for_all_its_processes(
    a_server: dict[str, Any], tmp_path: Path
) -> None:
    """Homes and guesses hold for the process that never heard of them, too."""
    databases = PostgresDatabase(**a_server), PostgresDatabase(**a_server)
    one, other = (
        Library.on(database, FolderBlobs(tmp_path), ShareSigner({1: b"k" * 32}))
        for database in databases
    )
    album = one.create_album("x")
    token = one.share(album.id, password="right").token
    home = HomeZone.around(Coordinates(latitude=48.0950, longitude=11.5400))
    one.set_homes([home])
    assert other.homes == (home,)
    for number in range(10):
        library = (one, other)[number % 2]
        with pytest.raises(ShareLocked) as locked:
            library.open(token, password="wrong", client="192.0.2.1")
        assert locked.value.retry_after is None
    for library in (one, other):
        with pytest.raises(ShareLocked) as locked:
            library.open(token, password="right", client="192.0.2.1")
        assert locked.value.retry_after
        assert library.open(token, password="right", client="192.0.2.2").title == "x"
    one.set_homes(())
    one.delete_album(album.id)
    for database in databases:
        database.close()


def test_a_database_server_of_the_first_version_is_taken_further(a_server: dict[str, Any]) -> None:
    from photoprivacy.library import _pool

    first = PostgresDatabase(**a_server)
    with first.transaction(write=True) as connection:
        connection.run("DROP TABLE photoprivacy_attempts")
        connection.run("DROP TABLE photoprivacy_homes")
        connection.run("UPDATE photoprivacy_version SET version = 1")
    second = PostgresDatabase(**a_server)
    assert PostgresHomes(second).zones() == ()
    with second.transaction() as connection:
        assert connection.run("SELECT version FROM photoprivacy_version") == [[len(_pool._STEPS)]]
    first.close()
    second.close()


def test_guesses_at_once_count_whatever_the_server_begins_transactions_with(
    a_server: dict[str, Any],
) -> None:
    maker = PostgresDatabase(**a_server)
    with maker.transaction(write=True) as connection:
        connection.run("CREATE ROLE strict LOGIN SUPERUSER")
        connection.run("ALTER ROLE strict SET default_transaction_isolation = 'repeatable read'")
        connection.run("ALTER ROLE strict SET default_transaction_read_only = on")
    opened: list[PostgresDatabase] = []

    def one() -> PostgresAttempts:
        opened.append(PostgresDatabase(**a_server | {"user": "strict"}))
        return PostgresAttempts(opened[-1])

    for rule in ATTEMPT_RULES:
        rule(one)
    for database in (*opened, maker):
        database.close()


def test_a_damaged_home_zone_shows_nothing(a_server: dict[str, Any]) -> None:
    database = PostgresDatabase(**a_server)
    with database.transaction(write=True) as connection:
        connection.run("INSERT INTO photoprivacy_homes (code) VALUES ('nowhere')")
    with pytest.raises(StoreError):
        PostgresHomes(database).zones()
    PostgresHomes(database).put(())
    assert PostgresHomes(database).zones() == ()
    database.close()


def test_a_file_of_homes_is_its_owners_alone_from_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    write = os.write

    def watched(descriptor: int, data: bytes) -> int:
        modes.append(os.fstat(descriptor).st_mode & 0o777)
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", watched)
    path = tmp_path / "homes.json"
    home = HomeZone.around(Coordinates(latitude=48.0950, longitude=11.5400))
    before = os.umask(0)
    try:
        FileHomes(str(path)).put([home])
        path.chmod(0o644)  # as a backup may put it back
        FileHomes(str(path)).put([home])
    finally:
        os.umask(before)
    assert modes == [0o600, 0o600]
    assert path.stat().st_mode & 0o777 == 0o600
