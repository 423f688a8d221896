"""Albums and shares in one SQLite file, by the standard library."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import threading
import time
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from photoprivacy.albums import Album, Photo
from photoprivacy.albums._json import (
    SCHEMA,
    album_from_dict,
    dumps,
    photo_from_dict,
    photo_to_dict,
)
from photoprivacy.errors import InvalidAlbum, StoreError
from photoprivacy.geo import Precision
from photoprivacy.library._stores import ShareRecord
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Never, NeverType, Scope

if TYPE_CHECKING:
    import sqlite3

_VERSION: Final = 1
_REMEMBERED: Final = 16
_PRAGMAS: Final = (
    "journal_mode = WAL",  # readers and one writer at a time, from any process
    "synchronous = FULL",  # a revoked link stays revoked when the power goes
    "foreign_keys = ON",  # photos go with their album, shares with their epoch
    "secure_delete = ON",  # a deleted photo's place is overwritten, not just forgotten
)
_TABLES: Final = """
CREATE TABLE albums (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, head TEXT NOT NULL);
CREATE TABLE photos (
    number INTEGER PRIMARY KEY,
    album_id TEXT NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
    id TEXT NOT NULL, document TEXT NOT NULL, UNIQUE (album_id, id)
);
CREATE TABLE epochs (album_id TEXT PRIMARY KEY, epoch TEXT NOT NULL);
CREATE TABLE shares (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL,
    album_id TEXT NOT NULL REFERENCES epochs (album_id) ON DELETE CASCADE,
    document TEXT NOT NULL
);
CREATE INDEX shares_of_album ON shares (album_id);
"""


class Database:
    """One SQLite file for any number of threads and processes.

    Args:
        path: The file; made when missing, readable by its owner only.
        timeout: Seconds to wait for another process that is writing.

    Raises:
        StoreError: The file is no database of ours, or a newer one.
    """

    def __init__(self, path: str | os.PathLike[str], *, timeout: float = 30) -> None:
        self._path = os.fspath(path)
        self._timeout = timeout
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        # SQLite's own file mode follows the umask; its journal follows this file's mode.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with self.transaction(write=True) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
            elif version != _VERSION:
                raise StoreError("the store was written by another version")

    @contextlib.contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        """Enter a transaction; all of it happens, or nothing.

        Raises:
            StoreError: The database is locked, damaged or gone.
        """
        import sqlite3

        with self._lock:
            try:
                connection = self._opened()
                # IMMEDIATE: a reader that turns writer could deadlock with another one.
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    # A full disk has rolled back already.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                # The message may quote a value of a constraint; its class may not.
                what = type(error).__name__
                msg = f"the store's database is locked, damaged or gone ({what})"
                raise StoreError(msg) from None

    def version(self, connection: sqlite3.Connection) -> tuple[int, int, int]:
        """Return what changes whenever anyone, here or elsewhere, changed anything."""
        (others,) = connection.execute("PRAGMA data_version").fetchone()
        return id(connection), others, connection.total_changes

    def close(self) -> None:
        """Close the file. It opens again when asked."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection:
        import sqlite3

        # A connection must not be used on the other side of a fork.
        if self._connection is None or self._process != os.getpid():
            connection = sqlite3.connect(
                self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False
            )
            try:
                for pragma in _PRAGMAS:
                    self._patiently(connection, f"PRAGMA {pragma}")
            except BaseException:
                connection.close()
                raise
            weakref.finalize(self, connection.close)
            self._connection, self._process = connection, os.getpid()
        return self._connection

    def _patiently(self, connection: sqlite3.Connection, statement: str) -> None:
        """Execute *statement*; SQLite does not wait by itself while a journal changes mode."""
        import sqlite3

        deadline = time.monotonic() + self._timeout
        while True:
            try:
                connection.execute(statement)
            except sqlite3.OperationalError as error:
                # The low byte is the primary result code, whatever the reason in detail.
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() >= deadline:
                    raise
                time.sleep(0.005)
            else:
                return


class SqliteAlbums:
    """An `AlbumStore` in a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A page of photos asks for its album once a photo: read it once.
        self._read: dict[str, Album | None] = {}
        self._read_at: tuple[int, int, int] | None = None

    def list(self) -> tuple[Album, ...]:
        """Return all albums, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT id FROM albums ORDER BY number").fetchall()
            found = (_album(connection, album_id) for (album_id,) in rows)
            return tuple(album for album in found if album is not None)

    def get(self, album_id: str, /) -> Album | None:
        """Return an album with its photos, or ``None``."""
        with self._database.transaction() as connection:
            now = self._database.version(connection)
            if self._read_at != now or len(self._read) > _REMEMBERED:
                self._read.clear()
                self._read_at = now
            if album_id not in self._read:
                self._read[album_id] = _album(connection, album_id)
            return self._read[album_id]

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT document FROM photos WHERE album_id = ? AND id = ?", (album_id, photo_id)
            ).fetchone()
        if row is None:
            return None
        with _damage():
            return photo_from_dict(json.loads(row[0]), "")

    def put(self, album: Album, /) -> None:
        """Create or replace an album."""
        with self._database.transaction(write=True) as connection:
            _put_head(connection, album)
            connection.execute("DELETE FROM photos WHERE album_id = ?", (album.id,))
            connection.executemany(
                "INSERT INTO photos (album_id, id, document) VALUES (?, ?, ?)",
                [(album.id, photo.id, _document(photo)) for photo in album.photos],
            )

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo; ``False`` if there is no such album."""
        with self._database.transaction(write=True) as connection:
            if not _has_album(connection, album_id):
                return False
            connection.execute(
                "INSERT INTO photos (album_id, id, document) VALUES (?, ?, ?)"
                " ON CONFLICT (album_id, id) DO UPDATE SET document = excluded.document",
                (album_id, photo.id, _document(photo)),
            )
            return True

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            album = _album(connection, album_id)
            if album is None or album.photo(photo_id) is None:
                return False
            _put_head(connection, album.without_photo(photo_id))
            connection.execute(
                "DELETE FROM photos WHERE album_id = ? AND id = ?", (album_id, photo_id)
            )
            return True

    def delete(self, album_id: str, /) -> bool:
        """Forget an album; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            return bool(connection.execute("DELETE FROM albums WHERE id = ?", (album_id,)).rowcount)


class SqliteShares:
    """A `ShareStore` in a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def epoch(self, album_id: str, /) -> int | None:
        """Return an album's epoch, or ``None``."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT epoch FROM epochs WHERE album_id = ?", (album_id,)
            ).fetchone()
        return None if row is None else int(row[0], 16)

    def renew(self, album_id: str, epoch: int, /) -> None:
        """Set an album's epoch and forget all its shares, in one step."""
        with self._database.transaction(write=True) as connection:
            connection.execute("DELETE FROM epochs WHERE album_id = ?", (album_id,))
            # As text: SQLite's integers have 63 bits and a sign.
            connection.execute(
                "INSERT INTO epochs (album_id, epoch) VALUES (?, ?)", (album_id, f"{epoch:016x}")
            )

    def forget(self, album_id: str, /) -> None:
        """Forget an album's epoch and all its shares."""
        with self._database.transaction(write=True) as connection:
            connection.execute("DELETE FROM epochs WHERE album_id = ?", (album_id,))

    def add(self, record: ShareRecord, /) -> None:
        """Keep a share.

        Raises:
            StoreError: The album has no epoch.
        """
        with self._database.transaction(write=True) as connection:
            connection.execute(
                "INSERT INTO shares (id, album_id, document) VALUES (?, ?, ?)",
                (record.id, record.album_id, json.dumps(_plain_record(record))),
            )

    def get(self, share_id: str, /) -> ShareRecord | None:
        """Return a share, or ``None``."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT id, album_id, document FROM shares WHERE id = ?", (share_id,)
            ).fetchone()
        return None if row is None else _record(*row)

    def list(self, album_id: str, /) -> tuple[ShareRecord, ...]:
        """Return an album's shares, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, album_id, document FROM shares WHERE album_id = ? ORDER BY number",
                (album_id,),
            ).fetchall()
        return tuple(_record(*row) for row in rows)

    def revoke(self, share_id: str, /) -> bool:
        """Forget a share; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            return bool(connection.execute("DELETE FROM shares WHERE id = ?", (share_id,)).rowcount)


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (InvalidAlbum, ValueError, KeyError, TypeError):
        raise StoreError("a document in the store is damaged") from None


def _has_album(connection: sqlite3.Connection, album_id: str) -> bool:
    found = connection.execute("SELECT 1 FROM albums WHERE id = ?", (album_id,)).fetchone()
    return found is not None


def _album(connection: sqlite3.Connection, album_id: str) -> Album | None:
    row = connection.execute("SELECT head FROM albums WHERE id = ?", (album_id,)).fetchone()
    if row is None:
        return None
    photos = connection.execute(
        "SELECT document FROM photos WHERE album_id = ? ORDER BY number", (album_id,)
    )
    with _damage():
        head: dict[str, Any] = json.loads(row[0])
        head["photos"] = [json.loads(document) for (document,) in photos]
        if head["schema"] != SCHEMA:
            raise StoreError("a document in the store was written by another version")
        return album_from_dict(head)


def _put_head(connection: sqlite3.Connection, album: Album) -> None:
    head = json.loads(dumps(album))
    del head["photos"]
    connection.execute(
        "INSERT INTO albums (id, head) VALUES (?, ?)"
        " ON CONFLICT (id) DO UPDATE SET head = excluded.head",
        (album.id, json.dumps(head, ensure_ascii=False)),
    )


def _document(photo: Photo) -> str:
    return json.dumps(photo_to_dict(photo), ensure_ascii=False, allow_nan=False)


def _plain_record(record: ShareRecord) -> dict[str, object]:
    never = isinstance(record.expires, NeverType)
    return {
        "key": record.key_id,
        "scopes": record.scopes.value,
        "expires": None if never else record.expires.isoformat(),  # type: ignore[union-attr]
        "location": record.location.value,
        "time": record.time.value,
        "password": record.password,
    }


def _record(share_id: str, album_id: str, document: str) -> ShareRecord:
    with _damage():
        plain = json.loads(document)
        expires = plain["expires"]
        return ShareRecord(
            id=share_id,
            album_id=album_id,
            key_id=plain["key"],
            scopes=Scope(plain["scopes"]),
            expires=Never if expires is None else dt.datetime.fromisoformat(expires),
            location=Precision(plain["location"]),
            time=TimePrecision(plain["time"]),
            password=plain["password"],
        )
