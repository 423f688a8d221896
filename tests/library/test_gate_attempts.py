"""Wrong passwords: how many are listened to, over threads, processes, addresses and clocks."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from library.photos import a_jpeg
from photoprivacy.errors import ShareLocked, StoreError
from photoprivacy.library import (
    Allowance,
    AttemptStore,
    Library,
    MemoryAlbums,
    MemoryAttempts,
    MemoryBlobs,
    MemoryShares,
    SqliteAttempts,
)
from photoprivacy.library._password import PasswordCheck
from photoprivacy.sharing import ShareSigner

FEW = Allowance(by_client=3, by_share=5, seconds=60)


@pytest.fixture(params=["memory", "sqlite"])
def attempts(request: pytest.FixtureRequest, tmp_path: Path) -> AttemptStore:
    return MemoryAttempts() if request.param == "memory" else SqliteAttempts(tmp_path / "a.sqlite3")


def test_an_address_is_listened_to_so_often_and_a_link_so_often(attempts: AttemptStore) -> None:
    asked = [("x", "a")] * 4 + [("x", "b")] * 4 + [("y", "a")]
    heard = [bool(attempts.reserve(share, client, FEW, 100.0).ticket) for share, client in asked]
    assert heard == [True, True, True, False, True, True, False, False, True]
    refused = attempts.reserve("x", "c", FEW, 130.0)
    assert (refused.ticket, refused.retry_after) == ("", 30.0)
    assert attempts.reserve("x", "a", FEW, 160.0).ticket


def test_those_of_unknown_addresses_count_together_only(attempts: AttemptStore) -> None:
    heard = [bool(attempts.reserve("x", "", FEW, 100.0).ticket) for _ in range(6)]
    assert heard == [True] * 5 + [False]


def test_a_guess_that_was_right_is_forgotten(attempts: AttemptStore) -> None:
    for _ in range(20):
        attempt = attempts.reserve("x", "a", FEW, 100.0)
        assert attempt.ticket
        attempts.release("x", attempt.ticket)
    attempts.release("x", "no such ticket")
    attempts.release("no such share", "x")


def test_a_clock_that_jumps_back_forgives_nothing(attempts: AttemptStore) -> None:
    for _ in range(3):
        assert attempts.reserve("x", "a", FEW, 1_000_000.0).ticket
    refused = attempts.reserve("x", "a", FEW, 10.0)
    # Nobody is told to wait longer than a guess counts.
    assert (refused.ticket, refused.retry_after) == ("", 60.0)


def test_no_two_threads_share_an_attempt(attempts: AttemptStore) -> None:
    heard: list[str] = []
    start = threading.Barrier(16)

    def guess() -> None:
        start.wait()
        heard.append(attempts.reserve("x", "a", FEW, 100.0).ticket)

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 16
    assert len(list(filter(None, heard))) == 3


GUESS = """
import sys
from photoprivacy.errors import ShareLocked
from photoprivacy.library import Library
library = Library.at(sys.argv[1])
for number in range(8):
    try:
        library.open(sys.argv[2], password=f"wrong {number}", client="192.0.2.1")
    except ShareLocked as locked:
        print("refused" if locked.retry_after else "looked at")
"""


def test_processes_count_together(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    library.add(album.id, a_jpeg(), name="x.jpg")
    token = library.share(album.id, password="right").token
    running = [
        subprocess.Popen(
            [sys.executable, "-c", GUESS, str(tmp_path), token], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = [line for process in running for line in process.communicate()[0].split("\n") if line]
    assert len(said) == 24
    assert said.count("looked at") == 10


def test_a_file_of_attempts_is_the_owners_alone_and_knows_no_address(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    token = library.share(album.id, password="right").token
    with pytest.raises(ShareLocked):
        library.open(token, password="wrong", client="192.0.2.1")
    file = tmp_path / "private" / "attempts.sqlite3"
    assert file.stat().st_mode & 0o077 == 0
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT share_id, client FROM attempts").fetchall()
    connection.close()
    assert len(rows) == 1
    assert "192.0" not in rows[0][1]


@pytest.mark.parametrize("damage", [b"no database at all, whatever it is" * 40, None])
def test_who_cannot_count_listens_to_nobody(tmp_path: Path, damage: bytes | None) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    token = library.share(album.id, password="right").token
    file = tmp_path / "private" / "attempts.sqlite3"
    if damage is None:
        file.mkdir()
    else:
        file.write_bytes(damage)
    with pytest.raises(StoreError):
        library.open(token, password="right")


def test_a_hash_that_fails_counts_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(
        MemoryBlobs(),
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        allowance=FEW,
    )
    album = library.create_album("Spring")
    token = library.share(album.id, password="right").token

    def fails(*_: object) -> bool:
        raise StoreError("the hash of a password is damaged")

    with monkeypatch.context() as patched:
        patched.setattr(PasswordCheck, "matches", fails)
        for _ in range(9):
            with pytest.raises(StoreError):
                library.open(token, password="right", client="a")
    assert library.open(token, password="right", client="a").title == "Spring"


@pytest.mark.parametrize(
    "none",
    [
        {"by_share": 0},
        {"by_client": 0},
        {"by_share": -1},
        {"seconds": 0},
        {"seconds": float("nan")},
    ],
    ids=str,
)
def test_an_allowance_that_would_count_nothing_is_refused(none: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Allowance(**none)


def test_an_address_may_be_any_text() -> None:
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    token = library.share(library.create_album("Spring").id, password="tram 28").token
    with pytest.raises(ShareLocked):
        library.open(token, password="tram 29", client="\ud800")
