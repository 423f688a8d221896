"""What a library asks of its stores: three small protocols. Any app may bring its own."""

from __future__ import annotations

from typing import Protocol

import attrs

from photoprivacy.albums import Album, Photo
from photoprivacy.geo import Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Expiry, Scope


@attrs.frozen(kw_only=True)
class ShareRecord:
    """What a store keeps of a share: everything but the token.

    Attributes:
        id: The share's identifier.
        album_id: Which album.
        key_id: The number of the key that signed it.
        scopes: What recipients may do.
        expires: When it ends.
        location: How sharply places are told.
        time: How sharply times are told.
        password: A hash with its salt, or ``None``.
    """

    id: str
    album_id: str
    key_id: int
    scopes: Scope
    expires: Expiry
    location: Precision
    time: TimePrecision
    password: str | None = attrs.field(default=None, repr=False)


class BlobStore(Protocol):
    """Bytes by key. A key is two or three names of ``[a-z0-9.-]`` with ``/`` between.

    Every method may be called from several threads at once.
    """

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*, whole or not at all."""
        ...

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None`` if there is no such key."""
        ...

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None`` if there is no such key."""
        ...

    def remove(self, prefix: str, /) -> None:
        """Forget everything whose key starts with the names of *prefix*, if anything."""
        ...


class AlbumStore(Protocol):
    """Albums by identifier. Each method is one step: seen whole by others, or not at all."""

    def list(self) -> tuple[Album, ...]:
        """Return all albums, the oldest first."""
        ...

    def get(self, album_id: str, /) -> Album | None:
        """Return an album with its photos, or ``None``."""
        ...

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        ...

    def put(self, album: Album, /) -> None:
        """Create or replace an album."""
        ...

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo; ``False`` if there is no such album."""
        ...

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out; ``False`` if it is not there."""
        ...

    def delete(self, album_id: str, /) -> bool:
        """Forget an album; ``False`` if it is not there."""
        ...


class ShareStore(Protocol):
    """Shares by identifier, and the one epoch that each album is in."""

    def epoch(self, album_id: str, /) -> int | None:
        """Return an album's epoch, or ``None`` if it has none: then no link works."""
        ...

    def renew(self, album_id: str, epoch: int, /) -> None:
        """Set an album's epoch and forget all its shares, in one step."""
        ...

    def forget(self, album_id: str, /) -> None:
        """Forget an album's epoch and all its shares."""
        ...

    def add(self, record: ShareRecord, /) -> None:
        """Keep a share."""
        ...

    def get(self, share_id: str, /) -> ShareRecord | None:
        """Return a share, or ``None``: then its link does not work."""
        ...

    def list(self, album_id: str, /) -> tuple[ShareRecord, ...]:
        """Return an album's shares, the oldest first."""
        ...

    def revoke(self, share_id: str, /) -> bool:
        """Forget a share; ``False`` if it is not there."""
        ...
