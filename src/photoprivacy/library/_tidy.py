"""Files that nobody names any more."""

from __future__ import annotations

import datetime as dt

from photoprivacy.albums._ids import is_id
from photoprivacy.library._derive import keys_of
from photoprivacy.library._stores import AlbumStore, BlobStore


def tidied(blobs: BlobStore, albums: AlbumStore, before: dt.datetime) -> int:
    """Delete what was written before *before* and belongs to no photo; return how much it was.

    A store's clock that runs behind makes files look old only together with this one's; one that
    runs ahead makes them stay longer.
    """
    known: dict[str, set[str]] = {}
    gone = 0
    for entry in blobs.list():
        album_id, _, rest = entry.key.partition("/")
        photo_id, _, _ = rest.partition("/")
        # What is not spelled like ours is somebody else's who keeps things there too.
        if entry.modified > before or not (is_id(album_id) and is_id(photo_id)):
            continue
        folder = f"{album_id}/{photo_id}"
        if folder not in known:
            photo = albums.photo(album_id, photo_id)
            known[folder] = set() if photo is None else keys_of(album_id, photo)
        if entry.key not in known[folder]:
            blobs.remove(entry.key)
            gone += 1
    return gone
