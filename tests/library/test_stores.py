"""Stores when something is in their way: full disks, other processes, files that are gone."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from albums.test_json import places_in, replaced
from library import servers
from library.photos import a_jpeg
from photoprivacy.albums import Album, new_id
from photoprivacy.errors import InvalidToken, MissingExtra, ShareLocked, StoreError
from photoprivacy.library import (
    Allowance,
    Attempt,
    Database,
    FolderBlobs,
    Library,
    MemoryAlbums,
    MemoryAttempts,
    MemoryBlobs,
    MemoryHomes,
    MemoryShares,
    ObjectBlobs,
    PostgresAlbums,
    PostgresDatabase,
    PostgresShares,
    ShareRecord,
    SqliteAlbums,
    SqliteShares,
    add_key,
    load_keys,
    make_keys,
)
from photoprivacy.library._attempts import answer
from photoprivacy.library._derive import RECIPE
from photoprivacy.places import HomeZone
from photoprivacy.sharing import Rendition, ShareSigner
from photoprivacy.testing.stores import (
    ALBUM_RULES,
    ATTEMPT_RULES,
    BLOB_RULES,
    HOME_RULES,
    SHARE_RULES,
    Rule,
)

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX alone")


def in_another_process(code: str, *words: str | Path) -> str:
    """Run *code* and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# Rules that find what they are there to find


class ForgetfulBlobs(MemoryBlobs):
    def remove(self, prefix: str, /) -> None:
        """Take names that only begin alike as well."""
        for key in [one.key for one in self.list()]:
            if key.startswith(prefix):
                super().remove(key)


class LooseBlobs(MemoryBlobs):
    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Take a missing blob for an empty one."""
        return super().read(key, start, stop) or b""


class OverwritingAlbums(MemoryAlbums):
    def replace(self, seen: Album, album: Album, /) -> bool:
        """Overwrite whatever is there."""
        self.put(album)
        return True


class CoverKeepingAlbums(MemoryAlbums):
    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Say so and do nothing."""
        return self.photo(album_id, photo_id) is not None


class RevivingShares(MemoryShares):
    def add(self, record: ShareRecord, /) -> None:
        """Take a share of any epoch."""
        epoch = self.epoch(record.album_id)
        super().add(attrs.evolve(record, epoch=epoch or 0))


class KeepingShares(MemoryShares):
    def renew(self, album_id: str, epoch: int, /) -> None:
        """Change the epoch and keep the shares."""
        known = self._albums.get(album_id)
        super().renew(album_id, epoch)
        if known is not None:
            self._albums[album_id].records.update(known.records)


class LateAttempts(MemoryAttempts):
    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Look first and count then: guesses at once all find room."""
        known = self._known.get(share_id, {}).values()
        attempt = answer(list(known), client, allowance, now)
        time.sleep(0.01)
        if attempt.ticket:
            self._known.setdefault(share_id, {})[attempt.ticket] = now, client
        return attempt


class ClockBelievingAttempts(MemoryAttempts):
    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Forget what is not of this clock's past."""
        known = self._known.setdefault(share_id, {})
        for ticket in [name for name, (at, _) in known.items() if at > now]:
            del known[ticket]
        return super().reserve(share_id, client, allowance, now)


class EmptyingHomes(MemoryHomes):
    def put(self, zones: Iterable[HomeZone], /) -> None:
        """Take the old ones away before the new ones are there."""
        super().put(())
        time.sleep(0.01)
        super().put(zones)


@pytest.mark.parametrize(
    ("store", "rules"),
    [
        (ForgetfulBlobs(), BLOB_RULES),
        (LooseBlobs(), BLOB_RULES),
        (OverwritingAlbums(), ALBUM_RULES),
        (CoverKeepingAlbums(), ALBUM_RULES),
        (RevivingShares(), SHARE_RULES),
        (KeepingShares(), SHARE_RULES),
        (LateAttempts(), ATTEMPT_RULES),
        (ClockBelievingAttempts(), ATTEMPT_RULES),
        (EmptyingHomes(), HOME_RULES),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_store_that_does_otherwise_breaks_a_rule(
    store: Any, rules: tuple[Rule[Any], ...]
) -> None:
    broken = 0
    for rule in rules:
        try:
            rule(lambda: store)
        except AssertionError:
            broken += 1
    assert broken >= 1


# Disks


FULL: str = """
    import resource, sys
    from photoprivacy import Library, PhotoPrivacyError
    folder, album, small, big = sys.argv[1:]
    library = Library.at(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    library.add(album, small)
    try:
        library.add(album, big)
    except OSError as error:
        print(error.errno)
    library.add(album, small)
"""


@posix
@pytest.mark.parametrize("segments", [4, 24], ids=["small", "kept beside the look at it"])
def test_a_disk_that_is_full_costs_the_photo_and_nothing_else(
    tmp_path: Path, segments: int
) -> None:
    import errno

    library = Library.at(tmp_path / "library")
    album = library.create_album("")
    small, big = tmp_path / "small.jpg", tmp_path / "big.jpg"
    small.write_bytes(a_jpeg(size=(64, 64)))
    noise = os.urandom(120_000).hex().encode()
    data = a_jpeg(None, size=(64, 64))
    big.write_bytes(
        data[:2] + b"".join(b"\xff\xfe\xff\xff" + noise[:65533] for _ in range(segments)) + data[2:]
    )
    told = in_another_process(FULL, tmp_path / "library", album.id, small, big)
    assert told == str(errno.EFBIG)
    assert [photo.name for photo in library.album(album.id).photos] == ["small.jpg"] * 2
    assert len(files_under(tmp_path / "library" / "blobs")) == 2


TOO_LONG: str = """
    import resource, sys
    from photoprivacy import Library, StoreError
    folder, album, photo = sys.argv[1:]
    library = Library.at(folder)
    added = 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    try:
        while True:
            library.add(album, photo)
            added += 1
    except StoreError:
        print(added)
"""


@posix
def test_a_disk_that_is_full_for_the_database_costs_the_photo_and_nothing_else(
    tmp_path: Path,
) -> None:
    library = Library.at(tmp_path / "library")
    album = library.create_album("")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(a_jpeg(size=(16, 16)))
    added = int(in_another_process(TOO_LONG, tmp_path / "library", album.id, photo))
    assert added > 1
    assert len(library.album(album.id).photos) == added
    assert len(files_under(tmp_path / "library" / "blobs")) == added
    library.add(album.id, photo)
    with sqlite3.connect(tmp_path / "library" / "private" / "library.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


# Databases


def test_a_database_that_is_gone_is_told_and_not_written_to(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("")
    token = library.share(album.id).token
    database = tmp_path / "private" / "library.sqlite3"
    aside = tmp_path / "aside.sqlite3"
    library._albums._database.close()  # type: ignore[attr-defined]
    database.rename(aside)
    for call in (lambda: library.create_album(""), library.albums, lambda: library.open(token)):
        with pytest.raises(StoreError, match="gone"):
            call()
    assert not database.exists()
    shutil.copy(aside, database)
    assert [one.id for one in library.albums()] == [album.id]


def test_a_database_put_back_from_a_backup_is_read_anew(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    first = library.create_album("first")
    database = tmp_path / "private" / "library.sqlite3"
    library._albums._database.close()  # type: ignore[attr-defined]
    backup = tmp_path / "backup"
    shutil.copy(database, backup)
    second = library.create_album("second")
    assert library.album(second.id) == second
    library._albums._database.close()  # type: ignore[attr-defined]
    os.replace(backup, database)
    assert [one.id for one in library.albums()] == [first.id]
    with pytest.raises(StoreError):
        library.album(second.id)


def test_opening_a_library_twice_in_one_process_drops_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "db"
    first = SqliteAlbums(Database(path))
    first.put(Album(title="1"))
    second = SqliteAlbums(Database(path))
    # Whoever closes last in another process clears the journal away, if nobody else has locks.
    code = """
        import sys
        from photoprivacy.albums import Album
        from photoprivacy.library import Database, SqliteAlbums
        database = Database(sys.argv[1])
        SqliteAlbums(database).put(Album(title="2"))
        database.close()
    """
    in_another_process(code, path)
    assert Path(f"{path}-wal").exists()
    first.put(Album(title="3"))
    second.put(Album(title="4"))
    code = """
        import sys
        from photoprivacy.library import Database, SqliteAlbums
        print(*(one.title for one in SqliteAlbums(Database(sys.argv[1])).list()))
    """
    assert in_another_process(code, path) == "1 2 3 4"


def test_a_database_of_the_first_version_is_taken_further(tmp_path: Path) -> None:
    from photoprivacy.library import _database

    path = tmp_path / "db"
    connection = sqlite3.connect(path)
    for statement in _database._STEPS[0].split(";"):
        connection.execute(statement)
    album = Album(title="old")
    head = f'{{"schema":"photoprivacy.album/1","id":"{album.id}","title":"old"}}'
    connection.execute("INSERT INTO albums (id, head) VALUES (?, ?)", (album.id, head))
    connection.execute("INSERT INTO epochs VALUES (?, ?)", (album.id, f"{2**63:016x}"))
    share = (
        '{"key":1,"scopes":3,"expires":null,"location":"city","time":"day","password":null}',
        album.id,
    )
    connection.execute("INSERT INTO shares (id, document, album_id) VALUES ('ab', ?, ?)", share)
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    database = Database(path)
    assert SqliteAlbums(database).get(album.id) == album
    (record,) = SqliteShares(database).list(album.id)
    assert record.epoch == 2**63
    database.close()
    Database(path).close()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
ROWS = (("albums", "head"), ("photos", "document"), ("shares", "document"), ("epochs", "epoch"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = Library.at(tmp_path_factory.mktemp("kept"), durable=False)
    album = library.create_album("Spring")
    library.edit_photo(
        album.id, library.add(album.id, a_jpeg()).id, lambda seen: attrs.evolve(seen, caption="c")
    )
    library.share(album.id, password="tram 28")
    library._albums._database.close()  # type: ignore[attr-defined]
    return Path(library._albums._database._path)  # type: ignore[attr-defined]


@settings(max_examples=250, deadline=None)
@given(JSON, st.sampled_from(ROWS), st.integers(0, 10_000))
def test_a_document_with_anything_anywhere_in_it_is_read_or_a_store_error(
    kept: Path, value: Any, row: tuple[str, str], seed: int
) -> None:
    table, column = row
    connection = sqlite3.connect(kept)
    (was,) = connection.execute(f"SELECT {column} FROM {table}").fetchone()
    if table == "epochs":
        text = value if isinstance(value, str) else json.dumps(value)
    else:
        plain = json.loads(was)
        path = random.Random(seed).choice(list(places_in(plain)))
        text = json.dumps(replaced(plain, path, value))
    connection.execute(f"UPDATE {table} SET {column} = ?", (text,))
    connection.commit()
    (album_id,) = connection.execute("SELECT id FROM albums").fetchone()
    (photo_id,) = connection.execute("SELECT id FROM photos").fetchone()
    library = Library.at(kept.parent.parent)
    calls: tuple[Callable[[], object], ...] = (
        library.albums,
        lambda: library.album(album_id),
        lambda: library.page(album_id, 0, 9),
        lambda: library._albums.photo(album_id, photo_id),
        lambda: library.shares(album_id),
        lambda: [library.open(share.token, password="x") for share in library.shares(album_id)],
    )
    try:
        for call in calls:
            with contextlib.suppress(StoreError, InvalidToken, ShareLocked):
                call()
    finally:
        connection.execute(f"UPDATE {table} SET {column} = ?", (was,))
        connection.commit()
        connection.close()
        library._albums._database.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("location", "none"),
        ("location", []),
        ("time", "none"),
        ("scopes", 0),
        ("scopes", 64),
        ("scopes", True),
        ("expires", "0001-01-01T00:00:00+00:00"),
        ("expires", "9999-12-31T23:59:59+00:00"),
        ("expires", "9999-12-31T23:59:59-23:59"),
        ("expires", "2024-05-01T12:00:00"),
        ("expires", 7),
        ("key", 256),
        ("key", 9),
        ("key", []),
        ("password", ""),
        ("password", "a$b"),
        ("password", 7),
    ],
)
def test_a_share_that_was_meddled_with_opens_nothing_it_did_not_and_breaks_nothing(
    tmp_path: Path, field: str, value: object
) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    share = library.share(album.id, password="tram 28")
    with sqlite3.connect(tmp_path / "private" / "library.sqlite3") as connection:
        (text,) = connection.execute("SELECT document FROM shares").fetchone()
        changed = json.dumps(json.loads(text) | {field: value})
        connection.execute("UPDATE shares SET document = ?", (changed,))
    connection.close()
    with contextlib.suppress(StoreError):
        assert len(library.shares(album.id)) <= 1
    with pytest.raises((StoreError, ShareLocked)):
        library.open(share.token, password="another")


def test_photos_are_kept_and_shared_with_a_database_server_and_object_storage(
    a_server: dict[str, Any], a_bucket: dict[str, Any]
) -> None:
    database = PostgresDatabase(**a_server)
    blobs = ObjectBlobs("s3://photos/library", **a_bucket)
    library = Library(
        blobs, PostgresAlbums(database), PostgresShares(database), ShareSigner({1: b"k" * 32})
    )
    album = library.create_album("Spring")
    data = a_jpeg()
    photo = library.add(album.id, data)
    library.edit_photo(album.id, photo.id, lambda seen: attrs.evolve(seen, caption="tram"))
    share = library.share(album.id, password="tram 28")
    shared = library.open(share.token, password="tram 28")
    (seen,) = shared.photos
    assert seen.caption == "tram"
    clean = shared.file(seen, Rendition.FULL)
    assert clean.read() != data
    assert clean.read(2, 4) == clean.read()[2:4]
    assert shared.file(seen, Rendition.THUMB).read()
    assert blobs.read(f"{album.id}/{photo.id}/original") == data
    assert len(list(blobs.list())) == 4
    assert library.revoke(share.id)
    library.delete_album(album.id)
    assert list(blobs.list()) == []
    assert library.albums() == ()
    database.close()


def test_a_database_server_that_was_started_anew_is_found_again_and_one_that_is_gone_is_told() -> (
    None
):
    with servers.postgres() as options:
        database = PostgresDatabase(**options)
        albums = PostgresAlbums(database)
        albums.put(Album(title="x"))
        other = PostgresDatabase(**options)
        with other.transaction() as connection:
            connection.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'photoprivacy' AND pid <> pg_backend_pid()"
            )
        assert len(albums.list()) == 1
        other.close()
    with pytest.raises(StoreError, match="gone"):
        albums.list()
    with pytest.raises(StoreError, match="gone"):
        PostgresDatabase(**options)
    database.close()


def test_a_row_that_somebody_holds_is_a_store_error_after_the_timeout(
    a_server: dict[str, Any],
) -> None:
    holder, waiter = PostgresDatabase(**a_server), PostgresDatabase(**a_server, timeout=1)
    album = Album(title="x")
    PostgresAlbums(holder).put(album)
    with holder.transaction(write=True) as connection:
        connection.run("SELECT 1 FROM photoprivacy_albums FOR UPDATE")
        with pytest.raises(StoreError):
            PostgresAlbums(waiter).delete(album.id)
    assert PostgresAlbums(waiter).delete(album.id)
    holder.close()
    waiter.close()


def test_object_storage_that_is_gone_or_says_no_is_told_without_its_address() -> None:
    with servers.s3() as options:
        blobs = ObjectBlobs("s3://photos", **options)
        blobs.put("a/b", b"x")
        nowhere = ObjectBlobs("s3://no-such-bucket", **options)
        with pytest.raises(StoreError) as refused:
            nowhere.put("a/b", b"x")
        assert "bucket" not in str(refused.value)
    options["config_kwargs"] = {"retries": {"max_attempts": 0}, "connect_timeout": 1}
    gone = ObjectBlobs("s3://photos", **options)
    calls: tuple[Callable[[], object], ...] = (
        lambda: gone.put("a/b", b"x"),
        lambda: gone.read("a/b"),
        lambda: gone.size("a/b"),
        lambda: gone.remove("a"),
        lambda: list(gone.list()),
    )
    for call in calls:
        with pytest.raises(StoreError) as refused:
            call()
        assert "127.0.0.1" not in str(refused.value)


def test_a_store_whose_extra_is_missing_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000.native", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(MissingExtra) as missed:
        PostgresDatabase()
    assert missed.value.extra == "postgres"
    with pytest.raises(MissingExtra) as missed:
        ObjectBlobs("s3://photos")
    assert missed.value.extra == "s3"


FORKED: str = """
    import json, os, sys
    from photoprivacy.albums import Album
    from photoprivacy.library import Database, ObjectBlobs, PostgresAlbums, PostgresDatabase
    from photoprivacy.library import SqliteAlbums
    server, bucket, path = json.loads(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]
    blobs = ObjectBlobs("s3://photos/forked", **bucket)
    stores = (PostgresAlbums(PostgresDatabase(**server)), SqliteAlbums(Database(path)))

    def work(name):
        for store in stores:
            for number in range(20):
                album = Album(title=f"{name} {number}")
                store.put(album)
                assert store.get(album.id) == album
        for number in range(5):
            blobs.put(f"{name}/{number}", name.encode())
            assert blobs.read(f"{name}/{number}") == name.encode()

    work("before")
    child = os.fork()
    if not child:
        work("child")
        sys.exit()  # with all that is done at an exit
    work("parent")
    _, status = os.waitpid(child, 0)
    work("after")
    print(status, *(len(store.list()) for store in stores), len(list(blobs.list())))
    for store in stores:
        for one in store.list():
            store.delete(one.id)
        store._database.close()
"""


@posix
def test_both_sides_of_a_fork_go_on_with_connections_of_their_own(
    a_server: dict[str, Any], a_bucket: dict[str, Any], tmp_path: Path
) -> None:
    words = json.dumps(a_server), json.dumps(a_bucket), tmp_path / "db"
    assert in_another_process(FORKED, *words) == "0 80 80 20"


# What is left behind


def test_what_a_killed_process_left_behind_is_tidied_away_and_nothing_else(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("")
    photo = library.add(album.id, a_jpeg())
    shared = library.open(library.share(album.id).token)
    for rendition in Rendition:
        shared.file(shared.photos[0], rendition)
    blobs = tmp_path / "blobs"
    variant = blobs / album.id / photo.id / f"full.{RECIPE}-0123456789abcdef"
    variant.write_bytes(b"told otherwise")
    kept = {path: path.read_bytes() for path in files_under(blobs)}
    left = [
        blobs / album.id / photo.id / f".{'a' * 24}.tmp",
        blobs / album.id / photo.id / "thumb.1",
        blobs / album.id / new_id() / "original",
        blobs / new_id() / new_id() / "original",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    foreign = blobs / "foreign" / "file"
    foreign.parent.mkdir()
    foreign.write_bytes(b"x")
    assert library.tidy() == 0
    assert all(path.exists() for path in left)
    hours_ago = dt.datetime.now(dt.UTC).timestamp() - 7200
    for path in (*left, *kept, foreign):
        os.utime(path, (hours_ago, hours_ago))
    assert library.tidy() == len(left)
    assert not any(path.exists() for path in left)
    assert {path: path.read_bytes() for path in files_under(blobs)} == kept | {foreign: b"x"}


def test_a_database_that_was_lost_takes_no_original_along(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    library.add(library.create_album("Spring").id, a_jpeg())
    kept = {path: path.read_bytes() for path in files_under(tmp_path / "blobs")}
    for path in files_under(tmp_path / "private"):
        path.unlink()
    again = Library.at(tmp_path)
    with pytest.raises(StoreError, match="no album"):
        again.tidy(older=dt.timedelta(0))
    assert len(kept) == 1
    assert {path: path.read_bytes() for path in files_under(tmp_path / "blobs")} == kept


def test_a_clock_that_jumps_back_tidies_nothing_away(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Earlier:
            return cls(2001, 1, 1, tzinfo=tz)

    album = library.create_album("")
    library._blobs.put(f"{album.id}/{new_id()}/original", b"being added")
    monkeypatch.setattr(dt, "datetime", Earlier)
    first = library.add(album.id, a_jpeg())
    assert library.tidy() == 0
    monkeypatch.undo()
    second = library.add(album.id, a_jpeg())
    assert library.album(album.id).photos == (first, second)
    assert library.tidy(older=dt.timedelta(0)) == 1
    assert len(list(library._blobs.list())) == 2


# Keys


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_keys_that_others_may_read_are_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    make_keys(path)
    path.chmod(mode)
    with pytest.raises(StoreError, match="others"):
        load_keys(path)


def test_keys_are_never_overwritten_and_their_numbers_end(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    umask = os.umask(0)
    try:
        make_keys(path)
        with pytest.raises(FileExistsError):
            make_keys(path)
        assert add_key(path) == 2
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys = load_keys(path)
    assert len(set(keys.values())) == 2
    path.write_text('{"255": "' + "ab" * 32 + '"}')
    with pytest.raises(StoreError, match="taken"):
        add_key(path)


@pytest.mark.skipif(os.name != "posix", reason="folders are not locked there")
def test_keys_that_are_added_at_once_are_all_there(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_keys(path)
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda _: add_key(path), range(24)))
    assert sorted(numbers) == list(range(2, 26))
    assert set(load_keys(path)) == set(range(1, 26))


def test_a_link_signed_by_an_older_key_stays_good_when_a_new_one_is_added(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    old = library.share(album.id)
    add_key(tmp_path / "private" / "keys.json")
    again = Library.at(tmp_path)
    new = again.share(album.id)
    for share in (old, new):
        assert again.open(share.token).title == "Spring"
    assert [one.token for one in again.shares(album.id)] == [old.token, new.token]


def test_a_folder_that_is_removed_while_something_is_put_there_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    make = FolderBlobs._make_folders
    times = 0

    def swept(self: FolderBlobs, path: str) -> None:
        nonlocal times
        make(self, path)
        times += 1
        if times == 1:
            blobs.remove("a")

    monkeypatch.setattr(FolderBlobs, "_make_folders", swept)
    blobs.put("a/b/c", b"x")
    assert blobs.read("a/b/c") == b"x"
    assert times >= 2
