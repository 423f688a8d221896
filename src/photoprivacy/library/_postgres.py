"""Albums and shares in PostgreSQL, by pg8000."""

from __future__ import annotations

from typing import Any, Final

from photoprivacy.albums import Album, Photo
from photoprivacy.errors import StoreError
from photoprivacy.library import _documents as documents
from photoprivacy.library._pool import PostgresDatabase
from photoprivacy.library._stores import AlbumSummary, ShareRecord, same_album, same_photo

_REMEMBERED: Final = 16
# Whoever changes an album's photos holds its row: one after the other, in one order for all.
_LOCK: Final = "SELECT number, change FROM photoprivacy_albums WHERE id = :album FOR UPDATE"
_CHANGED: Final = "UPDATE photoprivacy_albums SET change = change + 1 WHERE id = :album"
_UPDATE: Final = (
    "UPDATE photoprivacy_photos SET document = :text WHERE album_id = :album AND id = :photo"
)


class PostgresAlbums:
    """An `AlbumStore` in a `PostgresDatabase`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        # A page of photos asks for its album once a photo: read it once a change.
        self._read: dict[str, tuple[tuple[int, int], Album]] = {}

    def list(self) -> tuple[AlbumSummary, ...]:
        """Return what a list of all albums shows, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.run(
                "SELECT head, (SELECT count(*) FROM photoprivacy_photos p WHERE p.album_id = a.id)"
                " FROM photoprivacy_albums a ORDER BY number"
            )
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
            rows = connection.run(
                "SELECT document FROM photoprivacy_photos WHERE album_id = :album"
                " ORDER BY number LIMIT :count OFFSET :start",
                album=album_id,
                count=max(0, count),
                start=max(0, start),
            )
        return documents.photos_of(text for (text,) in rows)

    def put(self, album: Album, /) -> None:
        """Create an album, or replace it whatever it holds."""
        with self._database.transaction(write=True) as connection:
            _put(connection, album)

    def replace(self, seen: Album, album: Album, /) -> bool:
        """Replace *seen* by *album*; ``False`` if it is not *seen* any more."""
        same_album(seen, album)
        with self._database.transaction(write=True) as connection:
            if not connection.run(_LOCK, album=album.id):
                return False
            now = self._album(connection, album.id)
            if now is not seen and now != seen:
                return False
            if [photo.id for photo in seen.photos] != [photo.id for photo in album.photos]:
                _put(connection, album)
                return True
            _put_head(connection, album)
            for old, photo in zip(seen.photos, album.photos, strict=True):
                if photo is not old:
                    text = documents.photo_text(photo)
                    connection.run(_UPDATE, text=text, album=album.id, photo=photo.id)
            return True

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo, or put it in its namesake's place; ``False`` without such an album."""
        with self._database.transaction(write=True) as connection:
            connection.run(_CHANGED, album=album_id)
            if not connection.row_count:
                return False
            connection.run(
                "INSERT INTO photoprivacy_photos (album_id, id, document)"
                " VALUES (:album, :photo, :text)"
                " ON CONFLICT (album_id, id) DO UPDATE SET document = excluded.document",
                album=album_id,
                photo=photo.id,
                text=documents.photo_text(photo),
            )
            return True

    def replace_photo(self, album_id: str, seen: Photo, photo: Photo, /) -> bool:
        """Replace *seen* by *photo*; ``False`` if it is not *seen* any more."""
        same_photo(seen, photo)
        with self._database.transaction(write=True) as connection:
            connection.run(_CHANGED, album=album_id)
            text = _photo_text(connection, album_id, seen.id)
            if text is None or documents.photo_of(text) != seen:
                return False
            text = documents.photo_text(photo)
            connection.run(_UPDATE, text=text, album=album_id, photo=photo.id)
            return True

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out, of cover and sections too; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            connection.run(_CHANGED, album=album_id)
            connection.run(
                "DELETE FROM photoprivacy_photos WHERE album_id = :album AND id = :photo",
                album=album_id,
                photo=photo_id,
            )
            gone = bool(connection.row_count)
            for (head,) in connection.run(
                "SELECT head FROM photoprivacy_albums WHERE id = :album", album=album_id
            ):
                without = documents.head_without(head, photo_id)
                if without is not None:
                    connection.run(
                        "UPDATE photoprivacy_albums SET head = :head WHERE id = :album",
                        head=without,
                        album=album_id,
                    )
            return gone

    def delete(self, album_id: str, /) -> bool:
        """Forget an album; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            connection.run("DELETE FROM photoprivacy_albums WHERE id = :album", album=album_id)
            return bool(connection.row_count)

    def _album(self, connection: Any, album_id: str) -> Album | None:
        rows = connection.run(
            "SELECT number, change, head FROM photoprivacy_albums WHERE id = :album",
            album=album_id,
        )
        if not rows:
            self._read.pop(album_id, None)
            return None
        ((number, change, head),) = rows
        known = self._read.get(album_id)
        if known is not None and known[0] == (number, change):
            return known[1]
        texts = connection.run(
            "SELECT document FROM photoprivacy_photos WHERE album_id = :album ORDER BY number",
            album=album_id,
        )
        album = documents.album_of(head, (text for (text,) in texts))
        if len(self._read) >= _REMEMBERED:
            self._read.clear()
        self._read[album_id] = (number, change), album
        return album


class PostgresShares:
    """A `ShareStore` in a `PostgresDatabase`."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def epoch(self, album_id: str, /) -> int | None:
        """Return an album's epoch, or ``None``."""
        with self._database.transaction() as connection:
            rows = connection.run(
                "SELECT epoch FROM photoprivacy_epochs WHERE album_id = :album", album=album_id
            )
        return documents.epoch_of(rows[0][0]) if rows else None

    def renew(self, album_id: str, epoch: int, /) -> None:
        """Set an album's epoch and forget all its shares, in one step."""
        with self._database.transaction(write=True) as connection:
            # The row is locked first: a share that is being added waits, and finds another epoch.
            connection.run(
                "INSERT INTO photoprivacy_epochs (album_id, epoch) VALUES (:album, :epoch)"
                " ON CONFLICT (album_id) DO UPDATE SET epoch = excluded.epoch",
                album=album_id,
                epoch=documents.epoch_text(epoch),
            )
            connection.run(
                "DELETE FROM photoprivacy_shares WHERE album_id = :album", album=album_id
            )

    def forget(self, album_id: str, /) -> None:
        """Forget an album's epoch and all its shares."""
        with self._database.transaction(write=True) as connection:
            connection.run(
                "DELETE FROM photoprivacy_epochs WHERE album_id = :album", album=album_id
            )

    def add(self, record: ShareRecord, /) -> None:
        """Keep a share.

        Raises:
            StoreError: The album is not in the share's epoch.
        """
        epoch = documents.epoch_text(record.epoch)
        with self._database.transaction(write=True) as connection:
            rows = connection.run(
                "SELECT epoch FROM photoprivacy_epochs WHERE album_id = :album FOR SHARE",
                album=record.album_id,
            )
            if rows != [[epoch]]:
                raise StoreError("the album's links were ended meanwhile")
            connection.run(
                "INSERT INTO photoprivacy_shares (id, album_id, epoch, document)"
                " VALUES (:share, :album, :epoch, :text)",
                share=record.id,
                album=record.album_id,
                epoch=epoch,
                text=documents.share_text(record),
            )

    def get(self, share_id: str, /) -> ShareRecord | None:
        """Return a share, or ``None``."""
        with self._database.transaction() as connection:
            rows = connection.run(
                "SELECT id, album_id, epoch, document FROM photoprivacy_shares WHERE id = :share",
                share=share_id,
            )
        return documents.share_of(*rows[0]) if rows else None

    def list(self, album_id: str, /) -> tuple[ShareRecord, ...]:
        """Return an album's shares, the oldest first."""
        with self._database.transaction() as connection:
            rows = connection.run(
                "SELECT id, album_id, epoch, document FROM photoprivacy_shares"
                " WHERE album_id = :album ORDER BY number",
                album=album_id,
            )
        return tuple(documents.share_of(*row) for row in rows)

    def revoke(self, share_id: str, /) -> bool:
        """Forget a share; ``False`` if it is not there."""
        with self._database.transaction(write=True) as connection:
            connection.run("DELETE FROM photoprivacy_shares WHERE id = :share", share=share_id)
            return bool(connection.row_count)


def _photo_text(connection: Any, album_id: str, photo_id: str) -> str | None:
    rows = connection.run(
        "SELECT document FROM photoprivacy_photos WHERE album_id = :album AND id = :photo",
        album=album_id,
        photo=photo_id,
    )
    return rows[0][0] if rows else None


def _put_head(connection: Any, album: Album) -> None:
    connection.run(
        "INSERT INTO photoprivacy_albums (id, head) VALUES (:album, :head)"
        " ON CONFLICT (id) DO UPDATE SET head = excluded.head,"
        " change = photoprivacy_albums.change + 1",
        album=album.id,
        head=documents.head_text(album),
    )


def _put(connection: Any, album: Album) -> None:
    _put_head(connection, album)
    connection.run("DELETE FROM photoprivacy_photos WHERE album_id = :album", album=album.id)
    connection.run(
        "INSERT INTO photoprivacy_photos (album_id, id, document)"
        " SELECT :album, photo, text FROM unnest(CAST(:photos AS text[]), CAST(:texts AS text[]))"
        " WITH ORDINALITY AS given (photo, text, place) ORDER BY place",
        album=album.id,
        photos=[photo.id for photo in album.photos],
        texts=[documents.photo_text(photo) for photo in album.photos],
    )
