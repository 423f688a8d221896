"""Wrong passwords of links: how many are listened to, by whom, and for how long they count."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import attrs

from photoprivacy.errors import StoreError

#: Seconds to wait for another process.
_PATIENCE: Final = 5.0


@attrs.frozen(kw_only=True)
class Allowance:
    """How many wrong passwords a link listens to.

    Right ones never count, nor do links that are over, nor opening an album again that was
    unlocked already: twenty people behind one address do not lock each other out.

    Attributes:
        by_client: From one address, at least one.
        by_share: From all of them together, at least one.
        seconds: How long a wrong password counts, more than 0.

    Raises:
        ValueError: One is none: nobody would be listened to, or nothing be counted.
    """

    by_client: int = attrs.field(default=10, validator=attrs.validators.ge(1))
    by_share: int = attrs.field(default=50, validator=attrs.validators.ge(1))
    seconds: float = attrs.field(default=15 * 60, validator=attrs.validators.gt(0))


@attrs.frozen(kw_only=True)
class Attempt:
    """A guess that was asked for.

    Attributes:
        ticket: Its name, to `AttemptStore.release` it by; empty if it is not listened to.
        retry_after: Seconds after which to ask again, if it is not listened to.
    """

    ticket: str = ""
    retry_after: float = 0.0


class AttemptStore(Protocol):
    """Keeps guesses. Each method is one step, whatever threads and processes do meanwhile."""

    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Count a guess as wrong before it is looked at, or say that there were too many.

        Guesses made at the same time then count like those made one after the other.

        Args:
            share_id: Which share.
            client: Who guesses, a name that says nothing outside of this share; empty if
                nobody knows.
            allowance: How many are listened to.
            now: Seconds since 1970.
        """
        ...

    def release(self, share_id: str, ticket: str, /) -> None:
        """Forget a guess: it was right, or was never looked at."""
        ...


def answer(
    known: Iterable[tuple[float, str]], client: str, allowance: Allowance, now: float
) -> Attempt:
    """Return whether a guess is listened to beside those that are *known*: when, and whose.

    What was made in the future counts too: clocks jump back.
    """
    recent = sorted(one for one in known if one[0] > now - allowance.seconds)
    own = [one for one in recent if client and one[1] == client]
    waits = [
        # The oldest of the last so many must be forgotten first. One counted by a clock ahead
        # of this one, a thread's or a process's, is waited for no longer than one counted now.
        min(counted[-most][0], now) + allowance.seconds - now
        for counted, most in ((recent, allowance.by_share), (own, allowance.by_client))
        if len(counted) >= most
    ]
    return Attempt(retry_after=max(1.0, *waits)) if waits else Attempt(ticket=secrets.token_hex(8))


class MemoryAttempts:
    """An `AttemptStore` in memory: each process counts for itself."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[float, str]]] = {}
        self._lock = threading.Lock()

    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Count a guess, or say that there were too many."""
        with self._lock:
            known = self._known.setdefault(share_id, {})
            for ticket in [
                name for name, (at, _) in known.items() if at <= now - allowance.seconds
            ]:
                del known[ticket]
            attempt = answer(known.values(), client, allowance, now)
            if attempt.ticket:
                known[attempt.ticket] = now, client
            return attempt

    def release(self, share_id: str, ticket: str, /) -> None:
        """Forget a guess."""
        with self._lock:
            known = self._known.get(share_id, {})
            known.pop(ticket, None)
            if not known:
                self._known.pop(share_id, None)


class SqliteAttempts:
    """An `AttemptStore` in a SQLite file of its own: guesses never hold up the library's.

    Args:
        path: The file; made when missing, for its owner only.

    All methods raise `StoreError` if the file is damaged, locked or gone.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)

    def reserve(self, share_id: str, client: str, allowance: Allowance, now: float, /) -> Attempt:
        """Count a guess, or say that there were too many."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM attempts WHERE at <= ?", (now - allowance.seconds,))
            known = connection.execute(
                "SELECT at, client FROM attempts WHERE share_id = ?", (share_id,)
            ).fetchall()
            attempt = answer(known, client, allowance, now)
            if attempt.ticket:
                connection.execute(
                    "INSERT INTO attempts (ticket, share_id, client, at) VALUES (?, ?, ?, ?)",
                    (attempt.ticket, share_id, client, now),
                )
            return attempt

    def release(self, share_id: str, ticket: str, /) -> None:
        """Forget a guess."""
        with self._transaction() as connection:
            connection.execute(
                "DELETE FROM attempts WHERE ticket = ? AND share_id = ?", (ticket, share_id)
            )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # A connection each: next to a hash of 80 ms it costs nothing, and knows no threads.
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            with contextlib.closing(connection):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS attempts (ticket TEXT PRIMARY KEY,"
                    " share_id TEXT NOT NULL, client TEXT NOT NULL, at REAL NOT NULL)"
                )
                yield connection
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError):
            # Who cannot count listens to nobody.
            raise StoreError("the file of password attempts is damaged, locked or gone") from None
