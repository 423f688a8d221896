"""What was asked of online geocoders before: kept, so that it is asked once."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any, Final

from photoprivacy.errors import PlaceError
from photoprivacy.places._answers import BadAnswer, place_from

if TYPE_CHECKING:
    import sqlite3

    from photoprivacy.geo import Place

_VERSION: Final = 1
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS answers"
    " (service TEXT, cell TEXT, answer TEXT, PRIMARY KEY (service, cell))"
)


class AnswerCache:
    """Answers by service and cell: in memory, and in a file where one is given.

    It holds cells, not photos; still it says which parts of the world they are from. The file
    is readable by its owner only.

    Args:
        path: A SQLite file; made when missing.
        service: Which service, in which language, by cells of which size.

    Raises:
        PlaceError: The file is not one of ours, or damaged.
    """

    def __init__(self, path: str | os.PathLike[str] | None, service: str) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._known: dict[str, Place | None] = {}
        self._connection: sqlite3.Connection | None = None
        if path is not None:
            self._open(os.fspath(path))

    def get(self, cell: str) -> tuple[Place | None] | None:
        """Return what is known of a cell, in a tuple: that it has no name is known, too."""
        with self._lock:
            if cell in self._known:
                return (self._known[cell],)
            if self._connection is None:
                return None
            row = self._execute(
                "SELECT answer FROM answers WHERE service = ? AND cell = ?", (self._service, cell)
            )
            if not row:
                return None
            try:
                answer = json.loads(row[0][0])
                self._known[cell] = place_from(answer) if answer is not None else None
            except (BadAnswer, ValueError, TypeError):
                return None
            return (self._known[cell],)

    def put(self, cell: str, place: Place | None) -> None:
        """Keep what a service said of a cell."""
        with self._lock:
            self._known[cell] = place
            if self._connection is not None:
                self._execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                    (self._service, cell, _written(place)),
                )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self, path: str) -> None:
        import sqlite3

        # SQLite's own file mode follows the umask.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=30
        )
        try:
            version = self._prepared()
        except BaseException:
            self._connection.close()
            raise
        if version != _VERSION:
            self._connection.close()
            raise PlaceError("the file of known places was written by another version")

    def _prepared(self) -> int:
        """Return the file's version, once an empty file has its table."""
        ((version,),) = self._execute("PRAGMA user_version", ())
        if version != 0:
            return int(version)
        self._execute(_TABLE, ())
        self._execute(f"PRAGMA user_version = {_VERSION}", ())
        return _VERSION

    def _execute(self, statement: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        import sqlite3

        assert self._connection is not None  # noqa: S101 - callers have looked
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            # The message may quote what was written; its class may not.
            what = type(error).__name__
            raise PlaceError(f"the file of known places cannot be used ({what})") from None


def _written(place: Place | None) -> str:
    if place is None:
        return "null"
    return json.dumps(
        {
            "country_code": place.country_code,
            "country": place.country,
            "state": place.region,
            "city": place.city,
            "suburb": place.neighbourhood,
        },
        ensure_ascii=False,
    )
