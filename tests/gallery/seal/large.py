"""Seals an album of many large files, and says how much memory that took.

    python tests/gallery/seal/large.py TARGET FILES BYTES

The files are sparse: what stands for photos in full resolution are holes in files of the store.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

from library.photos import a_jpeg
from photoprivacy.gallery import seal
from photoprivacy.library import Library, Rendition, SharedAlbum

MIB = 1024 * 1024


def a_large_album(folder: Path, *, files: int, size: int) -> SharedAlbum:
    """Return an album of so many photos, each of so many bytes in full resolution."""
    library = Library.at(folder, durable=False)
    album = library.create_album("Large")
    for number in range(files):
        data = a_jpeg(size=(320, 240), color=(number % 256, 90, 40))
        library.add(album.id, data, name=f"{number}.jpg")
    shared = library.open(library.share(album.id).token)
    for photo in shared.photos:
        for rendition in Rendition:
            shared.file(photo, rendition)
    full = [path for path in folder.rglob("full.*") if path.is_file()]
    if len(full) != files:
        raise ValueError("the store keeps its files otherwise by now")
    for path in full:
        with path.open("r+b") as file:
            file.truncate(size)
    return shared


def resident() -> int:
    """Return how many bytes of memory this process has now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


class Most:
    """The most memory that was taken while it watched."""

    def __enter__(self) -> Self:
        self.start = self.most = resident()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            self.most = max(self.most, resident())


def main(target: str, files: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        album = a_large_album(Path(folder), files=files, size=size)
        with Most() as most:
            began = time.perf_counter()
            sealed = seal(album, target)
            took = time.perf_counter() - began
    told = {"bytes": sealed.size, "seconds": took, "above": most.most - most.start}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
