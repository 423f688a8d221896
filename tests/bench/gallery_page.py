"""The page of an album of 10,000 photos: bytes, time until it is ready, what moves meanwhile.

    python tests/bench/gallery_page.py [PHOTOS [RUNS]]

Needs playwright and Chromium (``PHOTOPRIVACY_CHROMIUM`` says where). Photos are sixteen drawn ones,
under 10,000 names; each has its own files as far as the gallery can tell.
"""

from __future__ import annotations

import datetime as dt
import gzip
import os
import statistics
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

sys.path.insert(0, str(Path(__file__).parents[1]))

from library.photos import a_jpeg
from photoprivacy import CapturedAt, Coordinates, Place, Rendition
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._serve import serve
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM: Final = os.environ.get("PHOTOPRIVACY_CHROMIUM", "/usr/bin/chromium")
PLACES: Final = 60
RUNS: Final = 7


class Alike(MemoryBlobs):
    """Blobs of a few photos, found under the names of many."""

    def __init__(self) -> None:
        super().__init__()
        self.originals: dict[str, str] = {}

    def _key(self, key: str) -> str:
        album, _, rest = key.partition("/")
        photo, _, name = rest.partition("/")
        return f"{album}/{self.originals.get(photo, photo)}/{name}" if name else key

    def put(self, key: str, data: bytes, /) -> None:
        super().put(self._key(key), data)

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        return super().read(self._key(key), start, stop)

    def size(self, key: str, /) -> int | None:
        return super().size(self._key(key))


def a_place(number: int) -> Place:
    return Place(
        country_code="PT",
        country="Portugal",
        region="Region",
        city=f"Town of {number} stones",
        key=f"PT/{number % 9}/{9_000_000 + number}",
        coordinates=Coordinates(latitude=37 + number % 8 * 0.6, longitude=-9 + number // 8 * 1.3),
    )


def a_library(count: int) -> tuple[Library, str]:
    """Return a library and the token of an album of *count* photos."""
    blobs, albums = Alike(), MemoryAlbums()
    library = Library(blobs, albums, MemoryShares(), ShareSigner({1: b"k" * 32}))
    album = library.create_album("Ten thousand")
    shapes = [(1600, 1200), (1200, 1600), (1600, 1067), (1500, 1500)]
    for i in range(16):
        color = (40 + 13 * i, 90 + i % 5 * 30, 210 - 11 * i)
        library.add(album.id, a_jpeg(None, size=shapes[i % 4], color=color), name=f"{i}.jpg")
    models = library.album(album.id).photos
    begin = dt.datetime.fromisoformat("2024-01-01T08:00:00")
    photos = []
    for number in range(count):
        model = models[number * 7 % 16]
        taken = begin + dt.timedelta(minutes=53 * number)
        photos.append(
            attrs.evolve(
                model,
                id=f"{number:032x}",
                sha256=f"{number:064x}",
                name="",
                captured_at=CapturedAt(local=taken),
                place=a_place(number * PLACES // count),
                caption="A caption to be found" if number == count - 1 else "",
            )
        )
        blobs.originals[photos[-1].id] = model.id
    albums.put(attrs.evolve(album, photos=photos))
    token = library.share(album.id).token
    shared = library.open(token)
    for photo in shared.photos[:64]:
        for rendition in (Rendition.THUMB, Rendition.DISPLAY):
            shared.file(photo, rendition)  # a warm cache is what is measured
    return library, token


#: Browsers with and without cookies.
KEEPS: Final = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
KEEPS_NONE: Final = urllib.request.build_opener()


def fetched(
    address: str, browser: urllib.request.OpenerDirector = KEEPS
) -> tuple[bytes, int, float]:
    """Return a body, its length as sent, and the seconds until it was there."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    begin = time.perf_counter()
    with browser.open(request) as answer:
        data = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(data) if packed else data, len(data), time.perf_counter() - begin


class Bare:
    """The same markup and files, each answered from memory: what a page like it costs at least."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._kept: dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"] + ("?" + scope["query_string"].decode()).rstrip("?")
        if path not in self._kept:
            import httpx

            async with httpx.AsyncClient(follow_redirects=True, timeout=60) as client:
                answer = await client.get(self._base + path)
            kind = answer.headers["content-type"].encode()
            body = gzip.compress(answer.content) if b"image" not in kind else answer.content
            told = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
            if b"image" not in kind:
                told.append((b"content-encoding", b"gzip"))
            self._kept[path] = answer.status_code, told, body
        status, headers, body = self._kept[path]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


WATCH: Final = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def visit(browser: Browser, address: str, *, phone: bool, count: int) -> dict[str, float]:
    """Return what one visit took: milliseconds, and the sum of layout shifts."""
    size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
    context = browser.new_context(viewport=size, is_mobile=phone, has_touch=phone)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.locator(f"#photo-{count}").wait_for(state="attached")
    whole = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    for at in (0.2, 0.5, 0.8, 1, 0.4, 0):
        page.evaluate(f"scrollTo(0, document.documentElement.scrollHeight * {at})")
        page.wait_for_timeout(120)
    found = page.evaluate("window.find('A caption to be found')")
    told: dict[str, float] = page.evaluate(
        """() => {
          const [entry] = performance.getEntriesByType('navigation');
          return { html: entry.responseEnd, ready: entry.domContentLoadedEventEnd,
                   load: entry.loadEventEnd, shifted: window.shifted,
                   paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
                   nodes: document.querySelectorAll('*').length };
        }"""
    )
    context.close()
    return told | {"whole": whole, "found": float(found)}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    from playwright.sync_api import sync_playwright

    library, token = a_library(count)
    gallery = Gallery(library)
    with serve(gallery) as base, serve(Bare(base)) as bare, sync_playwright() as playwright:
        page = f"{base}/{token}/"
        print(f"page without cookies: {fetched(page, KEEPS_NONE)[1]:,} B sent")
        for name in ("", "album.css", "photos.json", "places.json", "map.svg"):
            told = [fetched(page + name) for _ in range(4)]
            data, sent, seconds = min(told, key=lambda one: one[2])
            print(
                f"{name or 'page':12} {len(data):9,} B, {sent:9,} B sent, "
                f"first {told[0][2]:.3f} s, then {seconds:.3f} s"
            )
        names = gallery._static._names
        for plain in ("page.css", "page.js", "lightbox.js", "map.js", "map.css", "world.json"):
            if plain in names:
                data, sent, _ = fetched(f"{base}/-/assets/{names[plain]}")
                print(f"{plain:12} {len(data):9,} B, {sent:9,} B sent")
        for name in sorted(
            os.listdir(Path(str(sys.modules[Gallery.__module__].__file__)).parent / "_assets")
        ):
            if name.endswith(".js"):
                data, sent, _ = fetched(f"{base}/-/assets/{name}")
                print(f"  {name:26} {sent:9,} B sent")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for phone in (False, True):
            visits: dict[str, list[dict[str, float]]] = {}
            for _ in range(runs):
                for name, address in (("gallery", page), ("bare", f"{bare}/{token}/")):
                    visits.setdefault(name, []).append(
                        visit(browser, address, phone=phone, count=count)
                    )
            for name, seen in visits.items():
                medians = {key: statistics.median(one[key] for one in seen[1:]) for key in seen[0]}
                print("phone" if phone else "desktop", name,
                      {key: round(value, 3) for key, value in medians.items()})  # fmt: skip
        browser.close()


if __name__ == "__main__":
    main()
