"""One SQLite file for any number of threads and processes."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import urllib.parse
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from photoprivacy._files import replace_file
from photoprivacy.errors import StoreError

if TYPE_CHECKING:
    import sqlite3

#: What makes each version of the tables out of the one before; the first one out of nothing.
_STEPS: Final = (
    """
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
    CREATE INDEX shares_of_album ON shares (album_id)
    """,
    # A page of an album's photos is read without sorting all of them; a share knows its epoch.
    """
    CREATE INDEX photos_in_order ON photos (album_id, number);
    ALTER TABLE shares ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
    UPDATE shares SET epoch = (SELECT epoch FROM epochs WHERE epochs.album_id = shares.album_id)
    """,
)
_PRAGMAS: Final = (
    "journal_mode = WAL",  # readers and one writer at a time, from any process
    "foreign_keys = ON",  # photos go with their album, shares with their epoch
    "secure_delete = ON",  # a deleted photo's place is overwritten, not just forgotten
)


class Database:
    """One SQLite file for any number of threads and processes.

    Args:
        path: The file; made when missing, readable by its owner only.
        timeout: Seconds to wait for another process that is writing.
        durable: Whether each change waits until the disk has it. Without, the last changes may be
            lost when the power goes; a process that is killed loses nothing either way.

    Raises:
        StoreError: The file is no database of ours, or a newer one.
        OSError: The disk says no.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, timeout: float = 30, durable: bool = True
    ) -> None:
        self._path = os.path.abspath(path)
        self._timeout = timeout
        # FULL: a revoked link stays revoked when the power goes.
        self._pragmas = (*_PRAGMAS, f"synchronous = {'FULL' if durable else 'NORMAL'}")
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._file = (0, 0)
        self._opened_times = 0
        # SQLite's own file mode follows the umask; its journal follows this file's mode. A file
        # that is there is not even opened: POSIX drops all of a process's locks on a file when
        # it closes one of its descriptors (SQLite, "How To Corrupt", 2.2).
        with contextlib.suppress(FileExistsError):
            replace_file(self._path, (), durable=durable, mode=0o600)
        # To look is not to write: others go on with what they read before.
        with self.transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(_STEPS):
            raise StoreError("the store was written by a newer version")
        if version < len(_STEPS):
            self._make_tables()

    def _make_tables(self) -> None:
        with self.transaction(write=True) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for step in _STEPS[version:]:
                for statement in step.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_STEPS)}")

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
        return self._opened_times, others, connection.total_changes

    def close(self) -> None:
        """Close the file. It opens again when asked."""
        with self._lock:
            if self._connection is not None:
                _close(self._connection, self._process)
            self._connection = None

    def _opened(self) -> sqlite3.Connection:
        import sqlite3

        try:
            status = os.stat(self._path)
        except OSError:
            # SQLite would go on with a file that has no name any more, and all would be lost.
            self.close()
            raise StoreError("the store's database is gone") from None
        if (status.st_dev, status.st_ino) != self._file:  # another one, from a backup perhaps
            self.close()
        # A connection must not be used on the other side of a fork.
        if self._connection is None or self._process != os.getpid():
            address = f"file:{urllib.parse.quote(self._path)}?mode=rw"
            connection = sqlite3.connect(
                address,
                timeout=self._timeout,
                isolation_level=None,
                check_same_thread=False,
                uri=True,
            )
            try:
                for pragma in self._pragmas:
                    self._patiently(connection, f"PRAGMA {pragma}")
            except BaseException:
                connection.close()
                raise
            weakref.finalize(self, _close, connection, os.getpid())
            self._connection, self._process = connection, os.getpid()
            self._file = (status.st_dev, status.st_ino)
            self._opened_times += 1
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


def _close(connection: sqlite3.Connection, process: int) -> None:
    """Close *connection* in the process that opened it, and nowhere else.

    What a fork inherited shares its locks and its journal with the parent.
    """
    if process == os.getpid():
        connection.close()
