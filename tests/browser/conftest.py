"""A real browser, and a really served album."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs
import pytest

from browser.mounts import MOUNTS
from gallery.conftest import TwoTowns
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._serve import serve
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner
from photoprivacy.testing import sample_photos

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

# Animations take a third of a second; a busy machine takes longer.
PATIENCE = 30_000
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
    #: Other origins that the page may go to, because somebody asked it to.
    allowed: set[str] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.requests.append(request.url))
        heard = (
            self._heard
        )  # playwright keeps a wrapper on a method's own object, which has no room
        self.page.on("console", lambda message: heard(message))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium says that a page is a 404 itself; that is what the page is there to say.
        itself = message.location["url"] == self.page.url
        if not (itself and "server responded with a status of" in message.text):
            self.complaints.append(message.text)

    def open(self, served: Served, fragment: str = "", **grant: object) -> str:
        token = served.token(**grant)
        self.page.goto(f"{served.base}/{token}/{fragment}")
        self.page.wait_for_load_state("networkidle")
        return token

    def check(self) -> None:
        """No console message, no violation of the policy, no request to anyone else."""
        assert self.complaints == []
        assert self.requests
        # What a page makes of its own memory comes from nowhere.
        own = ("about:blank", "blob:", "data:")
        parts = [urlsplit(url) for url in self.requests if not url.startswith(own)]
        origins = {f"{one.scheme}://{one.netloc}" for one in parts}
        assert len(origins - self.allowed) <= 1


Visitor = Callable[..., Watched]


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


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    with served_by("by itself") as one:
        yield one


@pytest.fixture(scope="session", params=MOUNTS)
def mounted(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Return the same album in each framework: for the few tests that go through everything."""
    with served_by(request.param) as one:
        yield one


@contextlib.contextmanager
def served_by(where: str) -> Iterator[Served]:
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
    with MOUNTS[where](library) as base:
        yield Served(library=library, album_id=album.id, base=base)


@pytest.fixture(scope="session")
def samples() -> Iterator[Served]:
    """The album of the demo: drawn photos of six places on three continents."""
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    album = library.create_album("A year of places")
    for sample in sample_photos():
        library.add(album.id, sample.data, name=sample.name)
    first = library.album(album.id).photos[0]
    library.save(
        library.album(album.id).with_photo(attrs.evolve(first, caption="The last tram home"))
    )
    with serve(Gallery(library)) as base:
        yield Served(library=library, album_id=album.id, base=base)


@pytest.fixture
def again() -> Iterator[Callable[..., Served]]:
    """Return a way to serve a library once more, by a gallery with other options."""
    with contextlib.ExitStack() as stack:

        def served(of: Served, app: Callable[[Gallery], object] = lambda app: app,
                   **options: object) -> Served:  # fmt: skip
            gallery = Gallery(of.library, **options)  # type: ignore[arg-type]
            return attrs.evolve(of, base=stack.enter_context(serve(app(gallery))))

        yield served


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Return a way to visit pages; whatever was visited is checked at the end."""
    met: list[Watched] = []
    with contextlib.ExitStack() as stack:

        def visit(*, phone: bool = False, **given: Any) -> Watched:
            size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
            context = browser.new_context(
                **{"viewport": size, "is_mobile": phone, "has_touch": phone} | given,  # type: ignore[arg-type]
                accept_downloads=True,
            )
            stack.callback(context.close)
            met.append(Watched(page=context.new_page()))
            return met[-1]

        yield visit
    for watched in met:
        watched.check()


@pytest.fixture(params=["desktop", "phone"])
def watched(request: pytest.FixtureRequest, visitor: Visitor) -> Watched:
    return visitor(phone=request.param == "phone")


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return axe-core's script, as pinned in axe/package-lock.json."""
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).parent / "axe" / name, folder)
    npm = shutil.which("npm")
    command = [npm or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = npm and subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if not done or done.returncode:
        reason = "needs npm and its registry for axe-core"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")
