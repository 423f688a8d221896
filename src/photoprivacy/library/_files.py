"""Files that recipients are given: clean, and asked for anew at each read."""

from __future__ import annotations

import attrs

from photoprivacy.albums import Photo
from photoprivacy.errors import NotGranted, StoreError
from photoprivacy.library._gate import Gate
from photoprivacy.library._wants import Want, motion_part
from photoprivacy.sharing import Grant


@attrs.frozen(kw_only=True)
class Packed:
    """How a file in full resolution goes into an archive.

    Attributes:
        photo: The ``id`` of the photo.
        moving: Whether it is the photo's moving part.
        name: A neutral file name, no other one of the album.
        size: Length in bytes.
        crc32: Of its bytes (ISO 3309), as archives have it.
        etag: That of the file.
    """

    photo: str
    moving: bool
    name: str = attrs.field(repr=False)
    size: int
    crc32: int
    etag: str


@attrs.frozen(kw_only=True)
class SharedFile:
    """A clean file for a recipient.

    Attributes:
        name: A neutral file name.
        media_type: For example ``"image/jpeg"``.
        size: Length in bytes.
        etag: Changes with the bytes; another share of the same photo has another one.
    """

    name: str = attrs.field(repr=False)
    media_type: str
    size: int
    etag: str
    _gate: Gate = attrs.field(repr=False, eq=False)
    _grant: Grant = attrs.field(repr=False, eq=False)
    _left: Grant = attrs.field(repr=False, eq=False)
    _password: str | None = attrs.field(repr=False, eq=False)
    _key: str = attrs.field(repr=False, eq=False)
    _own: Photo = attrs.field(repr=False, eq=False)
    _want: Want = attrs.field(repr=False, eq=False)

    def read(self, start: int = 0, stop: int | None = None) -> bytes:
        """Return the bytes from *start* to *stop*, or to the end.

        Whether the link still stands is asked anew: a download ends where it is revoked.

        Raises:
            ExpiredToken: The link's time is over.
            InvalidToken: The link was revoked.
            ShareLocked: The password was changed.
            NotGranted: The owner has taken something back from the link.
            StoreError: The photo was deleted meanwhile.
            ValueError: *start* or *stop* is negative.
        """
        if start < 0 or (stop is not None and stop < 0):
            msg = "start and stop count from the beginning"
            raise ValueError(msg)
        if self._gate.still(self._grant, self._password) != self._left:
            raise NotGranted("this link gives less by now")
        # Stores need not know numbers that no file is as long as.
        start, stop = min(start, self.size), None if stop is None else min(stop, self.size)
        data = self._gate.blobs.read(self._key, start, stop)
        return self._made_again(start, stop) if data is None else data

    def _made_again(self, start: int, stop: int | None) -> bytes:
        """Return the same bytes of a file that had to make room, unless its photo is gone."""
        try:
            made = derived(self._gate, self._grant.album_id, self._own, self._want)
        except NotGranted:
            raise StoreError("the photo was deleted") from None
        if made != (self._key, self.size):
            raise StoreError("the file is another one by now")
        data = self._gate.blobs.read(self._key, start, stop)
        if data is None:
            raise StoreError("the photo was deleted")
        return data


def derived(gate: Gate, album_id: str, own: Photo, want: Want) -> tuple[str, int]:
    """Return the key and the size of what is wanted, if its photo is still there afterwards."""
    found = gate.deriver.found(album_id, own, want)
    if found is not None:
        return found
    made = gate.deriver.derived(album_id, own, want)
    now = gate.albums.photo(album_id, own.id)
    if now is None:
        # Deleted while its file was made: the file goes too.
        gate.blobs.remove(f"{album_id}/{own.id}")
        raise NotGranted("this photo is not here any more")
    if want.moving and motion_part(now) != motion_part(own):
        gate.blobs.remove(made[0])
        raise NotGranted("this video is not here any more")
    return made
