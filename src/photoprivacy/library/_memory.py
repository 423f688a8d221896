"""Stores in memory: for tests and for albums that live as long as the process."""

from __future__ import annotations

import threading

import attrs

from photoprivacy.albums import Album, Photo
from photoprivacy.errors import StoreError
from photoprivacy.library._stores import ShareRecord


class MemoryBlobs:
    """A `BlobStore` in memory."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*."""
        with self._lock:
            self._blobs[key] = data

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None``."""
        data = self._blobs.get(key)
        return data if data is None or (start == 0 and stop is None) else data[start:stop]

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None``."""
        data = self._blobs.get(key)
        return None if data is None else len(data)

    def remove(self, prefix: str, /) -> None:
        """Forget everything under *prefix*."""
        with self._lock:
            for key in [k for k in self._blobs if k == prefix or k.startswith(f"{prefix}/")]:
                del self._blobs[key]


class MemoryAlbums:
    """An `AlbumStore` in memory."""

    def __init__(self) -> None:
        self._albums: dict[str, Album] = {}
        self._lock = threading.Lock()

    def list(self) -> tuple[Album, ...]:
        """Return all albums, the oldest first."""
        with self._lock:
            return tuple(self._albums.values())

    def get(self, album_id: str, /) -> Album | None:
        """Return an album, or ``None``."""
        return self._albums.get(album_id)

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        album = self._albums.get(album_id)
        return album.photo(photo_id) if album else None

    def put(self, album: Album, /) -> None:
        """Create or replace an album."""
        with self._lock:
            self._albums[album.id] = album

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo; ``False`` if there is no such album."""
        with self._lock:
            album = self._albums.get(album_id)
            if album is None:
                return False
            self._albums[album_id] = album.with_photo(photo)
            return True

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out; ``False`` if it is not there."""
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
            StoreError: The album has no epoch.
        """
        with self._lock:
            known = self._albums.get(record.album_id)
            if known is None:
                raise StoreError("there is no such album")
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
