"""Albums and shares in one SQLite file, by the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from photoprivacy.albums import Album, Photo
from photoprivacy.errors import StoreError
from photoprivacy.library import _documents as documents
from photoprivacy.library._database import Database
from photoprivacy.library._stores import AlbumSummary, ShareRecord, same_album, same_photo

if TYPE_CHECKING:
    import sqlite3

_REMEMBERED: Final = 16
_INSERT: Final = "INSERT INTO photos (album_id, id, document) VALUES (?, ?, ?)"
_UPDATE: Final = "UPDATE photos SET document = ? WHERE album_id = ? AND id = ?"


class SqliteAlbums:
    """An `AlbumStore` in a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A page of photos asks for its album once a photo: read it once.
        self._read: dict[str, Album | None] = {}
        self._read_at: tuple[int, int, int] | None = None

    def list(self) -> tuple[AlbumSummary, ...]:
        """Return what a list of all albums shows, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT head, (SELECT count(*) FROM photos WHERE album_id = albums.id)"
                " FROM albums ORDER BY number"
            ).fetchall()
        return tuple(documents.summary_of(head, count) for head, count in rows)

    def get(self, album_id: str, /) -> Album | None:
        """Return an album with its photos, or ``None``."""
        with self._database.transaction() as connection:
            return self._album(connection, album_id)

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        with self._database.transaction() as connection:
            text = _photo_text(connection, album_id, photo_id)
        return None if text is None else documents.photo_of(text)

    def page(self, album_id: str, start: int, count: int, /) -> tuple[Photo, ...]:
        """Return up to *count* photos of an album in its order, from the one at *start*."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT document FROM photos WHERE album_id = ? ORDER BY number LIMIT ? OFFSET ?",
                (album_id, max(0, count), max(0, start)),
            ).fetchall()
        return documents.photos_of(text for (text,) in rows)

    def put(self, album: Album, /) -> None:
        """Create an album, or replace it whatever it holds."""
        with self._database.transaction(write=True) as connection:
            _put(connection, album)

    def replace(self, seen: Album, album: Album, /) -> bool:
        """Replace *seen* by *album*; ``False`` if it is not *seen* any more."""
        same_album(seen, album)
        with self._database.transaction(write=True) as connection:
            now = self._album(connection, album.id)
            if now is None or (now is not seen and now != seen):
                return False
            if [photo.id for photo in seen.photos] != [photo.id for photo in album.photos]:
                _put(connection, album)
                return True
            _put_head(connection, album)
            connection.executemany(
                _UPDATE,
                [
                    (documents.photo_text(photo), album.id, photo.id)
                    for old, photo in zip(seen.photos, album.photos, strict=True)
                    if photo is not old
                ],
            )
            return True

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo, or put it in its namesake's place; ``False`` without such an album."""
        with self._database.transaction(write=True) as connection:
            if _head(connection, album_id) is None:
                return False
            connection.execute(
                f"{_INSERT} ON CONFLICT (album_id, id) DO UPDATE SET document = excluded.document",
                (album_id, photo.id, documents.photo_text(photo)),
            )
            return True

    def replace_photo(self, album_id: str, seen: Photo, photo: Photo, /) -> bool:
        """Replace *seen* by *photo*; ``False`` if it is not *seen* any more."""
        same_photo(seen, photo)
        with self._database.transaction(write=True) as connection:
            text = _photo_text(connection, album_id, seen.id)
            if text is None or documents.photo_of(text) != seen:
                return False
            connection.execute(_UPDATE, (documents.photo_text(photo), album_id, photo.id))
            return True

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out, of cover and sections too; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            gone = connection.execute(
                "DELETE FROM photos WHERE album_id = ? AND id = ?", (album_id, photo_id)
            )
            head = _head(connection, album_id)
            without = None if head is None else documents.head_without(head, photo_id)
            if without is not None:
                connection.execute("UPDATE albums SET head = ? WHERE id = ?", (without, album_id))
            return bool(gone.rowcount)

    def delete(self, album_id: str, /) -> bool:
        """Forget an album; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            return bool(connection.execute("DELETE FROM albums WHERE id = ?", (album_id,)).rowcount)

    def _album(self, connection: sqlite3.Connection, album_id: str) -> Album | None:
        now = self._database.version(connection)
        if self._read_at != now or len(self._read) > _REMEMBERED:
            self._read.clear()
            self._read_at = now
        if album_id not in self._read:
            head = _head(connection, album_id)
            rows = connection.execute(
                "SELECT document FROM photos WHERE album_id = ? ORDER BY number", (album_id,)
            )
            self._read[album_id] = (
                None if head is None else documents.album_of(head, (text for (text,) in rows))
            )
        return self._read[album_id]


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
        return None if row is None else documents.epoch_of(row[0])

    def renew(self, album_id: str, epoch: int, /) -> None:
        """Set an album's epoch and forget all its shares, in one step."""
        with self._database.transaction(write=True) as connection:
            connection.execute("DELETE FROM epochs WHERE album_id = ?", (album_id,))
            connection.execute(
                "INSERT INTO epochs (album_id, epoch) VALUES (?, ?)",
                (album_id, documents.epoch_text(epoch)),
            )

    def forget(self, album_id: str, /) -> None:
        """Forget an album's epoch and all its shares."""
        with self._database.transaction(write=True) as connection:
            connection.execute("DELETE FROM epochs WHERE album_id = ?", (album_id,))

    def add(self, record: ShareRecord, /) -> None:
        """Keep a share.

        Raises:
            StoreError: The album is not in the share's epoch.
        """
        epoch = documents.epoch_text(record.epoch)
        row = (record.id, record.album_id, epoch, documents.share_text(record))
        with self._database.transaction(write=True) as connection:
            added = connection.execute(
                "INSERT INTO shares (id, album_id, epoch, document) SELECT ?, ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM epochs WHERE album_id = ? AND epoch = ?)",
                (*row, record.album_id, epoch),
            )
            if not added.rowcount:
                raise StoreError("the album's links were ended meanwhile")

    def get(self, share_id: str, /) -> ShareRecord | None:
        """Return a share, or ``None``."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT id, album_id, epoch, document FROM shares WHERE id = ?", (share_id,)
            ).fetchone()
        return None if row is None else documents.share_of(*row)

    def list(self, album_id: str, /) -> tuple[ShareRecord, ...]:
        """Return an album's shares, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, album_id, epoch, document FROM shares WHERE album_id = ?"
                " ORDER BY number",
                (album_id,),
            ).fetchall()
        return tuple(documents.share_of(*row) for row in rows)

    def revoke(self, share_id: str, /) -> bool:
        """Forget a share; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            return bool(connection.execute("DELETE FROM shares WHERE id = ?", (share_id,)).rowcount)


def _head(connection: sqlite3.Connection, album_id: str) -> str | None:
    row = connection.execute("SELECT head FROM albums WHERE id = ?", (album_id,)).fetchone()
    return None if row is None else row[0]


def _photo_text(connection: sqlite3.Connection, album_id: str, photo_id: str) -> str | None:
    row = connection.execute(
        "SELECT document FROM photos WHERE album_id = ? AND id = ?", (album_id, photo_id)
    ).fetchone()
    return None if row is None else row[0]


def _put_head(connection: sqlite3.Connection, album: Album) -> None:
    connection.execute(
        "INSERT INTO albums (id, head) VALUES (?, ?)"
        " ON CONFLICT (id) DO UPDATE SET head = excluded.head",
        (album.id, documents.head_text(album)),
    )


def _put(connection: sqlite3.Connection, album: Album) -> None:
    _put_head(connection, album)
    connection.execute("DELETE FROM photos WHERE album_id = ?", (album.id,))
    rows = [(album.id, photo.id, documents.photo_text(photo)) for photo in album.photos]
    connection.executemany(_INSERT, rows)
