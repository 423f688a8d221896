"""Room for what was derived: what was not used for longest goes when there is too much."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, OrderedDict
from typing import Final

import attrs

from photoprivacy.library._stores import BlobStore

#: Seconds for which what was just used stays, however little room there is: it is being sent.
_GRACE: Final = 60.0
#: Seconds after which the store is looked through again: other processes put things there too.
_AGAIN: Final = 600.0


@attrs.define
class _Book:
    size: int
    used: float


class Shelf:
    """Puts derivatives into a store, and takes the least recently used ones out again.

    Args:
        blobs: Where they are. Originals are there too, and are never touched.
        most: How many bytes of derivatives may be there; ``None`` for any number.
        counted: Which last names of keys are derivatives.
    """

    def __init__(self, blobs: BlobStore, most: int | None, counted: re.Pattern[str]) -> None:
        self._blobs = blobs
        self._most = most
        self._counted = counted
        self._lock = threading.Lock()
        self._books: OrderedDict[str, _Book] = OrderedDict()
        self._total = 0
        self._albums: Counter[str] = Counter()
        self._looked: float | None = None

    def used(self, key: str) -> None:
        """Remember that *key* was asked for now."""
        with self._lock:
            book = self._books.get(key)
            if book is not None:
                book.used = time.monotonic()
                self._books.move_to_end(key)

    def put(self, key: str, data: bytes) -> None:
        """Keep *data* under *key*, and make room for it."""
        self._blobs.put(key, data)
        if self._most is None:
            return
        with self._lock:
            self._look()
            self._note(key, len(data), time.monotonic())
            gone = self._surplus(self._most, key)
        for old in gone:
            self._blobs.remove(old)

    def _note(self, key: str, size: int, used: float) -> None:
        self._forget(key)
        self._total += size
        self._albums[_album(key)] += size
        self._books[key] = _Book(size, used)

    def _forget(self, key: str) -> None:
        book = self._books.pop(key, None)
        if book is not None:
            self._total -= book.size
            self._albums[_album(key)] -= book.size
            if not self._albums[_album(key)]:
                del self._albums[_album(key)]

    def _surplus(self, most: int, put: str) -> list[str]:
        """Forget what has to make room for *put*, and return it.

        Who takes more than half of the room for one album makes room by what is its own: a link
        that is asked for all it gives, in every way it can be narrowed, sends nobody else's away.
        Unless that comes so fast that all of it is being sent: a disk that is full serves nobody.
        """
        gone: list[str] = []
        fresh = time.monotonic() - _GRACE
        while self._total > most and self._books:
            key = next(iter(self._books))
            if self._albums[_album(put)] * 2 > most:
                own = next(one for one in self._books if _album(one) == _album(put))
                key = own if self._books[own].used <= fresh else key
            if self._books[key].used > fresh:
                break
            self._forget(key)
            gone.append(key)
        return gone

    def _look(self) -> None:
        """Learn what is there, if that is not known or long ago."""
        now = time.monotonic()
        if self._looked is not None and now - self._looked < _AGAIN:
            return
        self._looked = now
        known, self._books, self._total = self._books, OrderedDict(), 0
        self._albums.clear()
        there: list[tuple[bool, float, str, int]] = []
        for entry in self._blobs.list():
            if not self._counted.fullmatch(entry.key.rpartition("/")[2]):
                continue
            size = entry.size if entry.size is not None else self._blobs.size(entry.key)
            book = known.get(entry.key)
            # What nobody asked this process for is as old as the store says, and goes first.
            age = (True, book.used) if book else (False, entry.modified.timestamp())
            there.append((*age, entry.key, size or 0))
        for ours, when, key, size in sorted(there):
            self._note(key, size, when if ours else float("-inf"))


def _album(key: str) -> str:
    return key.partition("/")[0]
