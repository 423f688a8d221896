"""Stores in memory: for tests and for albums that live as long as the process."""

from __future__ import annotations

import datetime as dt
import threading

import attrs

from photoprivacy.albums import Album, Photo
from photoprivacy.errors import StoreError
from photoprivacy.library._stores import (
    AlbumSummary,
    BlobEntry,
    ShareRecord,
    names_of,
    same_album,
    same_photo,
)


class MemoryBlobs:
    """A `BlobStore` in memory."""

    def __init__(self) -> None:
        self._blobs: dict[str, tuple[bytes, dt.datetime]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*."""
        names_of(key)
        with self._lock:
            self._blobs[key] = data, dt.datetime.now(dt.UTC)

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None``."""
        names_of(key)
        kept = self._blobs.get(key)
        if kept is None:
            return None
        return kept[0] if start == 0 and stop is None else kept[0][start:stop]

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None``."""
        names_of(key)
        kept = self._blobs.get(key)
        return None if kept is None else len(kept[0])

    def remove(self, prefix: str, /) -> None:
        """Forget everything under *prefix*."""
        names_of(prefix)
        with self._lock:
            for key in [k for k in self._blobs if k == prefix or k.startswith(f"{prefix}/")]:
                del self._blobs[key]

    def list(self) -> tuple[BlobEntry, ...]:
        """Return what is kept."""
        with self._lock:
            return tuple(
                BlobEntry(key=key, modified=when, size=len(data))
                for key, (data, when) in self._blobs.items()
            )


class MemoryAlbums:
    """An `AlbumStore` in memory."""

    def __init__(self) -> None:
        self._albums: dict[str, Album] = {}
        self._lock = threading.Lock()

    def list(self) -> tuple[AlbumSummary, ...]:
        """Return what a list of all albums shows, the oldest first."""
        with self._lock:
            return tuple(
                AlbumSummary(id=one.id, title=one.title, cover=one.cover, count=len(one.photos))
                for one in self._albums.values()
            )

    def get(self, album_id: str, /) -> Album | None:
        """Return an album, or ``None``."""
        return self._albums.get(album_id)

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        album = self._albums.get(album_id)
        return album.photo(photo_id) if album else None

    def page(self, album_id: str, start: int, count: int, /) -> tuple[Photo, ...]:
        """Return up to *count* photos of an album in its order, from the one at *start*."""
        album = self._albums.get(album_id)
        first = max(0, start)
        return album.photos[first : first + max(0, count)] if album else ()

    def put(self, album: Album, /) -> None:
        """Create an album, or replace it whatever it holds."""
        with self._lock:
            self._albums[album.id] = album

    def replace(self, seen: Album, album: Album, /) -> bool:
        """Replace *seen* by *album*; ``False`` if it is not *seen* any more."""
        same_album(seen, album)
        with self._lock:
            if self._albums.get(album.id) != seen:
                return False
            self._albums[album.id] = album
            return True

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo, or put it in its namesake's place; ``False`` without such an album."""
        with self._lock:
            album = self._albums.get(album_id)
            if album is None:
                return False
            self._albums[album_id] = album.with_photo(photo)
            return True

    def replace_photo(self, album_id: str, seen: Photo, photo: Photo, /) -> bool:
        """Replace *seen* by *photo*; ``False`` if it is not *seen* any more."""
        same_photo(seen, photo)
        with self._lock:
            album = self._albums.get(album_id)
            if album is None or album.photo(seen.id) != seen:
                return False
            self._albums[album_id] = album.with_photo(photo)
            return True

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out, of cover and sections too; ``False`` if it is not there."""
        with self._lock:
            album = self._albums.get(album_id)
            if album is None or album.photo(photo_id) is None:
                return False
            self._albums[album_id] = album.without_photo(photo_id)
            return True

    def delete(self, album_id: str, /) -> bool:
        """Forget an album; ``False`` if it is not there."""
        with self._lock:
            return self._albums.pop(album_id, None) is not None


@attrs.define
class _Shares:
    epoch: int
    records: dict[str, ShareRecord] = attrs.field(factory=dict)


class MemoryShares:
    """A `ShareStore` in memory."""

    def __init__(self) -> None:
        self._albums: dict[str, _Shares] = {}
        self._lock = threading.Lock()

    def epoch(self, album_id: str, /) -> int | None:
        """Return an album's epoch, or ``None``."""
        with self._lock:
            known = self._albums.get(album_id)
            return known.epoch if known else None

    def renew(self, album_id: str, epoch: int, /) -> None:
        """Set an album's epoch and forget all its shares."""
        with self._lock:
            self._albums[album_id] = _Shares(epoch)

    def forget(self, album_id: str, /) -> None:
        """Forget an album's epoch and all its shares."""
        with self._lock:
            self._albums.pop(album_id, None)

    def add(self, record: ShareRecord, /) -> None:
        """Keep a share.

        Raises:
            StoreError: The album is not in the share's epoch.
        """
        with self._lock:
            known = self._albums.get(record.album_id)
            if known is None or known.epoch != record.epoch:
                raise StoreError("the album's links were ended meanwhile")
            known.records[record.id] = record

    def get(self, share_id: str, /) -> ShareRecord | None:
        """Return a share, or ``None``."""
        with self._lock:
            found = (known.records.get(share_id) for known in self._albums.values())
            return next(filter(None, found), None)

    def list(self, album_id: str, /) -> tuple[ShareRecord, ...]:
        """Return an album's shares, the oldest first."""
        with self._lock:
            known = self._albums.get(album_id)
            return tuple(known.records.values()) if known else ()

    def revoke(self, share_id: str, /) -> bool:
        """Forget a share; ``False`` if it is not there."""
        with self._lock:
            found = [known for known in self._albums.values() if share_id in known.records]
            for known in found:
                del known.records[share_id]
            return bool(found)
