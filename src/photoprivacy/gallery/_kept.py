"""Pages that were made a moment ago: one visit asks for one page five times over."""

from __future__ import annotations

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

import attrs

from photoprivacy.gallery._page import Page
from photoprivacy.library import SharedAlbum

#: Photos on all kept pages together, and what a page counts for besides its photos.
_MOST: Final = 120_000
_EACH: Final = 200
#: Pages of one share (languages, parts, narrowings), and photos on them: who asks for more of them
#: puts out its own. Ten thousand photos take about 5 MB.
_ONE: Final = 8
_MOST_OF_ONE: Final = 60_000
#: Seconds after which a page is made again for the colours that have become known since.
_FRESH: Final = 300.0


@attrs.frozen(eq=False, repr=False)
class Kept:
    """A page, and what was answered from it.

    Attributes:
        page: What it shows.
    """

    page: Page
    _album: SharedAlbum
    _until: float
    _packed: dict[str, bytes | None] = attrs.field(factory=dict, init=False)

    def serves(self, album: SharedAlbum) -> bool:
        """Return whether *album* would be shown the same way now."""
        return time.monotonic() < self._until and album.shows_as(self._album)

    def packed(self, name: str, make: Callable[[Page], str | None]) -> bytes | None:
        """Return a part of the page in gzip's form, made by *make* if it must be.

        Args:
            name: Which part.
            make: Makes its text; ``None`` where there is nothing to draw.
        """
        if name not in self._packed:
            text = make(self.page)
            data = None if text is None else text.encode("utf-8", "replace")
            self._packed[name] = None if data is None else gzip.compress(data, 6, mtime=0)
        return self._packed[name]


class KeptPages:
    """Remembers pages for as long as they would come out the same.

    The link is opened anew for every request all the same: what is kept is no way past it.
    """

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, Hashable], Kept] = OrderedDict()
        self._photos = 0
        self._lock = threading.Lock()

    def get(self, album: SharedAlbum, wish: Hashable, make: Callable[[], Page]) -> Kept:
        """Return the page of *album* for a *wish* (language, part), made by *make* if it must be.

        Args:
            album: What was opened just now.
            wish: What else the page depends on.
            make: Makes it.
        """
        key = (album.id, wish)
        with self._lock:
            kept = self._pages.get(key)
        if kept and kept.serves(album):
            return kept
        kept = Kept(make(), album, time.monotonic() + _FRESH)
        with self._lock:
            self._forget(key)
            own = [other for other in self._pages if other[0] == album.id]
            mine = _weight(kept) + sum(_weight(self._pages[other]) for other in own)
            while own and (len(own) >= _ONE or mine > _MOST_OF_ONE):
                mine -= _weight(self._pages[own[0]])
                self._forget(own.pop(0))
            self._pages[key] = kept
            self._photos += _weight(kept)
            while self._photos > _MOST and len(self._pages) > 1:
                self._forget(next(iter(self._pages)))
        return kept

    def _forget(self, key: tuple[str, Hashable]) -> None:
        kept = self._pages.pop(key, None)
        self._photos -= _weight(kept) if kept else 0


def _weight(kept: Kept) -> int:
    return kept.page.count + _EACH
