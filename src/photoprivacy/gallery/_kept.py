"""Pages that were made a moment ago: one visit asks for one page five times over."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

import attrs

from photoprivacy.gallery._page import Page
from photoprivacy.library import SharedAlbum

#: Photos on all kept pages together, and what a page counts for besides its photos: whoever asks
#: says from which photo on one begins, so small albums have as many pages as there are numbers.
_MOST: Final = 60_000
_EACH: Final = 200
#: Seconds after which a page is made again for the colours that have become known since.
_FRESH: Final = 300.0


@attrs.frozen
class _Kept:
    album: SharedAlbum
    page: Page
    until: float


class KeptPages:
    """Remembers pages for as long as they would come out the same.

    The link is opened anew for every request all the same: what is kept is no way past it.
    """

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._photos = 0
        self._lock = threading.Lock()

    def get(self, album: SharedAlbum, wish: Hashable, make: Callable[[], Page]) -> Page:
        """Return the page of *album* for a *wish* (language, part), made by *make* if it must be.

        Args:
            album: What was opened just now.
            wish: What else the page depends on.
            make: Makes it.
        """
        key = (album.id, wish)
        with self._lock:
            kept = self._pages.get(key)
        if kept and time.monotonic() < kept.until and album.shows_as(kept.album):
            return kept.page
        page = make()
        with self._lock:
            self._forget(key)
            self._pages[key] = _Kept(album, page, time.monotonic() + _FRESH)
            self._photos += page.count + _EACH
            while self._photos > _MOST:
                self._forget(next(iter(self._pages)))
        return page

    def _forget(self, key: Hashable) -> None:
        kept = self._pages.pop(key, None)
        self._photos -= kept.page.count + _EACH if kept else 0
