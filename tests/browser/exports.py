"""Exports on the disk and behind a static server, as a browser meets them."""

from __future__ import annotations

import base64
import functools
import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 30_000
#: A page counts the addresses of Blobs that it holds, and the most that it ever held.
COUNTING = """
    window.alive = new Set(); window.most = 0;
    const make = URL.createObjectURL, drop = URL.revokeObjectURL;
    URL.createObjectURL = (blob) => {
        const url = make.call(URL, blob);
        alive.add(url); most = Math.max(most, alive.size);
        return url;
    };
    URL.revokeObjectURL = (url) => { alive.delete(url); drop.call(URL, url); };
"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        # A test changes files within a second, which is all that dates of files tell.
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _Patient(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Browsers hang up when they have seen enough; anything else is the tests' to notice."""


@contextmanager
def static_server(folder: Path) -> Iterator[str]:
    """Serve *folder* on loopback, as any static host would, and yield its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Patient(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def elsewhere(requests: list[str], here: str) -> list[str]:
    """Return the requests that left *here*, or for the page's own memory."""
    return [url for url in requests if not url.startswith((here, "blob:", "data:"))]


def drawn(page: Page, selector: str) -> Image.Image:
    """Return what a picture of the page shows, pixel by pixel."""
    text = page.evaluate(
        """(selector) => {
            const image = document.querySelector(selector);
            const canvas = document.createElement('canvas');
            canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
            canvas.getContext('2d').drawImage(image, 0, 0);
            return canvas.toDataURL('image/png');
        }""",
        selector,
    )
    with Image.open(io.BytesIO(base64.b64decode(text.partition(",")[2]))) as picture:
        return picture.convert("RGB")


def farthest(one: Image.Image, other: Image.Image) -> int:
    """Return by how much two pictures of one size differ at most."""
    assert one.size == other.size
    bands = ImageChops.difference(one, other).split()
    return max(int(band.getextrema()[1]) for band in bands)  # type: ignore[arg-type]


def decoded(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")
