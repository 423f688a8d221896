"""A real browser, and a really served album."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs
import pytest

from browser.mounts import MOUNTS
from gallery.conftest import TwoTowns
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("PHOTOPRIVACY_CHROMIUM", "/usr/bin/chromium")
# Chromium's own calls home are switched off, so that what is left is the page's doing.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@attrs.frozen(kw_only=True)
class Served:
    """A library on the loopback interface, with one album of five photos."""

    library: Library
    album_id: str
    base: str

    def token(self, **grant: object) -> str:
        return self.library.share(self.album_id, **grant).token  # type: ignore[arg-type]


@attrs.define(kw_only=True)
class Watched:
    """A page, where it went, and what it complained about."""

    page: Page
    requests: list[str] = attrs.field(factory=list)
    complaints: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if importlib.util.find_spec("playwright") is None or not os.path.exists(CHROMIUM):
        reason = "needs playwright and Chromium (PHOTOPRIVACY_CHROMIUM says where)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session", params=MOUNTS)
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    library = Library(
        MemoryBlobs(),
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        geocoder=TwoTowns(),
    )
    album = library.create_album("Spring by tram")
    for number, at in enumerate((LISBON, LISBON, PARIS, PARIS, None)):
        color = (60 + 40 * number, 120, 200 - 30 * number)
        when = f"2024:05:0{number + 1} 12:00:00"
        data = a_jpeg(at, size=(2400, 1800 - 200 * number), color=color, when=when)
        library.add(album.id, data, name=f"IMG_{number}.jpg")
    first = library.album(album.id).photos[0]
    captioned = attrs.evolve(first, caption="The last tram home")
    library.save(library.album(album.id).with_photo(captioned))
    with MOUNTS[request.param](library) as base:
        yield Served(library=library, album_id=album.id, base=base)


@pytest.fixture(params=["desktop", "phone"])
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    phone = request.param == "phone"
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
        is_mobile=phone,
        has_touch=phone,
        accept_downloads=True,
    )
    yield Watched(page=context.new_page())
    context.close()
