"""Files that nobody names any more."""

from __future__ import annotations

import datetime as dt

from photoprivacy.albums import Photo
from photoprivacy.albums._ids import is_id
from photoprivacy.errors import StoreError
from photoprivacy.library._derive import is_of
from photoprivacy.library._stores import AlbumStore, BlobStore


def tidied(blobs: BlobStore, albums: AlbumStore, before: dt.datetime) -> int:
    """Delete what was written before *before* and belongs to no photo; return how much it was.

    Times are those of the store's clock, *before* is by this one's: where that one runs ahead,
    files stay longer; where it runs behind, *before* must lie as much further back.

    Raises:
        StoreError: There is something to delete, and no album at all.
    """
    known: dict[str, Photo | None] = {}
    gone = 0
    for entry in blobs.list():
        album_id, _, rest = entry.key.partition("/")
        photo_id, _, name = rest.partition("/")
        # What is not spelled like ours is somebody else's who keeps things there too.
        if entry.modified > before or not (is_id(album_id) and is_id(photo_id)):
            continue
        folder = f"{album_id}/{photo_id}"
        if folder not in known:
            known[folder] = albums.photo(album_id, photo_id)
        photo = known[folder]
        if photo is None or not is_of(photo, name):
            # A store of albums that was lost, and made anew, names nothing either.
            if not gone and not albums.list():
                raise StoreError("files are there and no album is: the wrong store of albums?")
            blobs.remove(entry.key)
            gone += 1
    return gone
