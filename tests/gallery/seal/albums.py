"""Albums to seal: opened by a real link, from a real library."""

from __future__ import annotations

from pathlib import Path

import attrs

from gallery.conftest import TwoTowns
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares, SharedAlbum
from photoprivacy.sharing import ShareSigner

TITLE = "Sommerfrische am Wannsee"
CAPTION = "Grandmother’s garden gate"
SIZES = ((640, 480), (480, 640), (900, 300), (2000, 1500))


def a_library() -> tuple[Library, str]:
    library = Library(
        MemoryBlobs(),
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        geocoder=TwoTowns(),
    )
    album = library.create_album(TITLE)
    for number, (at, size) in enumerate(zip((LISBON, PARIS, LISBON, None), SIZES, strict=True)):
        data = a_jpeg(at, size=size, color=(40 * number, 90, 200 - 30 * number))
        library.add(album.id, data, name=f"IMG_{number}.jpg")
    first = library.album(album.id).photos[0]
    captioned = attrs.evolve(first, caption=CAPTION)
    library.save(library.album(album.id).with_photo(captioned))
    return library, album.id


def an_album(**grant: object) -> SharedAlbum:
    library, album = a_library()
    return library.open(library.share(album, **grant).token)  # type: ignore[arg-type]


def stored(path: Path) -> list[bytes]:
    """Return the bytes of every file below *path*, or of *path* itself."""
    found = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return [one.read_bytes() for one in sorted(found)]
