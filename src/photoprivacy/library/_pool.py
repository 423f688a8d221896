"""Connections to one PostgreSQL database, for any number of threads and processes."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
from collections.abc import Iterator
from typing import Any, Final

from photoprivacy.errors import MissingExtra, StoreError

#: What makes each version of the tables out of the one before; the first one out of nothing.
_STEPS: Final = (
    """
    CREATE TABLE photoprivacy_albums (
        number bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY, head text NOT NULL,
        change bigint NOT NULL DEFAULT 0
    );
    CREATE TABLE photoprivacy_photos (
        number bigint GENERATED ALWAYS AS IDENTITY,
        album_id text NOT NULL REFERENCES photoprivacy_albums ON DELETE CASCADE,
        id text NOT NULL, document text NOT NULL, PRIMARY KEY (album_id, id)
    );
    CREATE INDEX photoprivacy_photos_in_order ON photoprivacy_photos (album_id, number);
    CREATE TABLE photoprivacy_epochs (album_id text PRIMARY KEY, epoch text NOT NULL);
    CREATE TABLE photoprivacy_shares (
        number bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY,
        album_id text NOT NULL REFERENCES photoprivacy_epochs ON DELETE CASCADE,
        epoch text NOT NULL, document text NOT NULL
    );
    CREATE INDEX photoprivacy_shares_of_album ON photoprivacy_shares (album_id)
    """,
    # Guesses at passwords and home zones hold for all processes, so they stand here too.
    """
    CREATE TABLE photoprivacy_attempts (
        ticket text PRIMARY KEY, share_id text NOT NULL, client text NOT NULL,
        at double precision NOT NULL
    );
    CREATE INDEX photoprivacy_attempts_at_share ON photoprivacy_attempts (share_id);
    CREATE INDEX photoprivacy_attempts_by_time ON photoprivacy_attempts (at);
    CREATE TABLE photoprivacy_homes (
        number bigint GENERATED ALWAYS AS IDENTITY, code text NOT NULL
    )
    """,
)
#: Any number: who makes the tables holds it, and others wait.
_MAKING: Final = 7_309_455_101_883


class PostgresDatabase:
    """One PostgreSQL database. Its tables are made when missing; their names begin alike.

    Args:
        at_once: How many connections are open at the same time, at most; others wait.
        options: What `pg8000.native.Connection` takes: ``user``, ``password``, ``host``, ``port``,
            ``database``, ``unix_sock``, ``ssl_context``, ``timeout`` in seconds.

    Raises:
        MissingExtra: pg8000 is not installed.
        StoreError: The database cannot be reached, or holds tables of a newer version.
    """

    def __init__(self, *, at_once: int = 4, **options: Any) -> None:
        try:
            self._driver = importlib.import_module("pg8000.native")
        except ImportError:
            raise MissingExtra("postgres") from None
        self._options = {"application_name": "photoprivacy", "timeout": 30} | options
        self._room = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._idle: list[Any] = []
        self._inherited: list[Any] = []
        self._process = os.getpid()
        with self.transaction(write=True) as connection:
            connection.run("SELECT pg_advisory_xact_lock(:number)", number=_MAKING)
            connection.run("CREATE TABLE IF NOT EXISTS photoprivacy_version (version int NOT NULL)")
            versions = connection.run("SELECT version FROM photoprivacy_version")
            version = versions[0][0] if versions else 0
            if version > len(_STEPS):
                raise StoreError("the store was written by a newer version")
            for step in _STEPS[version:]:
                for statement in step.split(";"):
                    connection.run(statement)
            connection.run("DELETE FROM photoprivacy_version")
            connection.run("INSERT INTO photoprivacy_version VALUES (:now)", now=len(_STEPS))

    @contextlib.contextmanager
    def transaction(self, *, write: bool = False) -> Iterator[Any]:
        """Enter a transaction; all of it happens, or nothing.

        Raises:
            StoreError: The database cannot be reached, is locked or damaged.
        """
        # A reader sees one moment; writers lock what they decide by, and see what was done by
        # whoever held it before, however the server begins transactions otherwise.
        level = "READ COMMITTED READ WRITE" if write else "REPEATABLE READ READ ONLY"
        begin = f"BEGIN ISOLATION LEVEL {level}"
        with self._room:
            try:
                connection = self._begun(begin)
                try:
                    yield connection
                    connection.run("COMMIT")
                except StoreError:
                    connection.run("ROLLBACK")
                    self._give_back(connection)
                    raise
                except BaseException:
                    # Whether it can still be used is not known: the server rolls back by itself.
                    _hang_up(connection)
                    raise
                self._give_back(connection)
            except (self._driver.DatabaseError, self._driver.InterfaceError, OSError) as error:
                # The message may quote a value; its class may not.
                what = type(error).__name__
                msg = f"the store's database is locked, damaged or gone ({what})"
                raise StoreError(msg) from None

    def close(self) -> None:
        """Close the connections that nobody uses. Others open when asked."""
        for connection in self._taken():
            _hang_up(connection)

    def _begun(self, begin: str) -> Any:
        """Return a connection in which a transaction has begun."""
        while True:
            with self._lock:
                if self._process != os.getpid():
                    # What a fork inherited is the parent's: not used and not closed here.
                    self._inherited = self._idle
                    self._idle, self._process = [], os.getpid()
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = self._driver.Connection(**self._options)
                connection.run(begin)
                return connection
            try:
                connection.run(begin)
            except (self._driver.DatabaseError, self._driver.InterfaceError, OSError):
                # The server was started anew since: the next idle one, or a fresh one.
                _hang_up(connection)
            else:
                return connection

    def _give_back(self, connection: Any) -> None:
        with self._lock:
            self._idle.append(connection)

    def _taken(self) -> list[Any]:
        with self._lock:
            idle, self._idle = self._idle, []
            return idle if self._process == os.getpid() else []


def _hang_up(connection: Any) -> None:
    with contextlib.suppress(Exception):
        connection.close()
