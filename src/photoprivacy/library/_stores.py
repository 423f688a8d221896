"""What a library asks of its stores: three small protocols. Any app may bring its own.

`photoprivacy.testing.stores` holds the rules that each of them keeps, to run against yours.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final, Protocol

import attrs

from photoprivacy.albums import Album, Photo
from photoprivacy.geo import Precision
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Expiry, Rendition, Scope


@attrs.frozen(kw_only=True)
class ShareRecord:
    """What a store keeps of a share: everything but the token.

    Attributes:
        id: The share's identifier.
        album_id: Which album.
        epoch: The album's epoch when the share was made.
        key_id: The number of the key that signed it.
        scopes: What recipients may do.
        expires: When it ends.
        location: How sharply places are told.
        time: How sharply times are told.
        password: A hash with its salt, or ``None``.
        rendition: The finest size that may be opened.
        not_before: When it begins, or ``None``: at once.
    """

    id: str
    album_id: str
    epoch: int = attrs.field(repr=False)
    key_id: int
    scopes: Scope
    expires: Expiry
    location: Precision
    time: TimePrecision
    password: str | None = attrs.field(default=None, repr=False)
    rendition: Rendition = Rendition.FULL
    not_before: dt.datetime | None = None


@attrs.frozen(kw_only=True)
class AlbumSummary:
    """What a list of albums shows, without reading their photos.

    Attributes:
        id: Which album.
        title: The owner's title.
        cover: The ``id`` of the photo that stands for it, or ``None``.
        count: How many photos it has.
    """

    id: str
    title: str = attrs.field(repr=False)
    cover: str | None
    count: int


@attrs.frozen(kw_only=True)
class BlobEntry:
    """What a store says of a blob without reading it.

    Attributes:
        key: Its key.
        modified: When it was last put there, an aware time by the store's own clock.
        size: Its length in bytes, where the store says it without being asked for each.
    """

    key: str
    modified: dt.datetime
    size: int | None = None


class BlobStore(Protocol):
    """Bytes by key. A key is one to four names of ``[a-z0-9.-]`` with ``/`` between.

    A name begins with a letter or a digit and has at most 81 characters; other keys are a
    ``ValueError``. Every method may be called from several threads and processes at once.
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

    def list(self) -> Iterable[BlobEntry]:
        """Return what is kept, and what a `put` that was killed left behind.

        `remove` takes every key that is told here.
        """
        ...


class AlbumStore(Protocol):
    """Albums by identifier. Each method is one step: seen whole by others, or not at all.

    What is kept comes back equal, unknown fields included. Every method may be called from
    several threads and processes at once. A document that cannot be read is a `StoreError`.
    """

    def list(self) -> tuple[AlbumSummary, ...]:
        """Return what a list of all albums shows, the oldest first."""
        ...

    def get(self, album_id: str, /) -> Album | None:
        """Return an album with its photos, or ``None``."""
        ...

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        ...

    def page(self, album_id: str, start: int, count: int, /) -> tuple[Photo, ...]:
        """Return up to *count* photos of an album in its order, from the one at *start*."""
        ...

    def put(self, album: Album, /) -> None:
        """Create an album, or replace it whatever it holds."""
        ...

    def replace(self, seen: Album, album: Album, /) -> bool:
        """Replace *seen* by *album*; ``False``, and nothing happens, if it is not *seen* any more.

        Raises:
            ValueError: The two are not of one ``id``.
        """
        ...

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo, or put it in its namesake's place; ``False`` without such an album."""
        ...

    def replace_photo(self, album_id: str, seen: Photo, photo: Photo, /) -> bool:
        """Replace *seen* by *photo*; ``False``, and nothing happens, if it is not *seen* any more.

        Raises:
            ValueError: The two are not of one ``id``.
        """
        ...

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out, of cover and sections too; ``False`` if it is not there."""
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
        """Keep a share.

        Raises:
            StoreError: The album is not in the share's epoch: all its links were ended meanwhile.
        """
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


def same_album(seen: Album, album: Album) -> None:
    """Refuse to replace an album by another one.

    Raises:
        ValueError: The two are not of one ``id``.
    """
    if seen.id != album.id:
        raise ValueError("an album is replaced by a later state of itself")


def same_photo(seen: Photo, photo: Photo) -> None:
    """Refuse to replace a photo by another one.

    Raises:
        ValueError: The two are not of one ``id``.
    """
    if seen.id != photo.id:
        raise ValueError("a photo is replaced by a later state of itself")


#: Nothing in a name says more than it must, and none leads out of its folder.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}")


def names_of(key: str) -> list[str]:
    """Return the names that *key* is made of.

    Raises:
        ValueError: It is no key.
    """
    names = key.split("/")
    if len(names) > 4 or not all(_NAME.fullmatch(name) for name in names):
        msg = "a blob's key is names of lower-case letters, digits, dots and hyphens"
        raise ValueError(msg)
    return names
