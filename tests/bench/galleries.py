"""What static galleries of the same photos load, tell and leave: this one's export, and others'.

    python tests/bench/galleries.py NAME=FOLDER/album.html …

Each page is opened from a server on loopback in headless Chromium, on a desktop and a phone, with
and without scripts. Needs playwright, Chromium (``PHOTOPRIVACY_CHROMIUM`` says where), ExifTool,
and axe-core, whose file ``PHOTOPRIVACY_AXE`` names. Other hosts are never reached: what is asked of
them is counted. ``--shots FOLDER`` keeps pictures of the first view.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

CHROMIUM: Final = os.environ.get("PHOTOPRIVACY_CHROMIUM", "/usr/bin/chromium")
AXE: Final = os.environ.get("PHOTOPRIVACY_AXE", "")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK: Final = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
  return violations.map(({ id, nodes }) => `${id} (${nodes.length})`);
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve *folder* on loopback."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def visit(browser: Browser, address: str, shot: Path | None, **given: Any) -> dict[str, Any]:
    """Return what one visit asked for, and what axe says of it."""
    context = browser.new_context(**given)
    here, kinds, sizes, others = urlsplit(address).netloc, [], [], set()

    def route(one: Route) -> None:
        asked = urlsplit(one.request.url)
        if asked.netloc in ("", here):
            one.continue_()
            return
        others.add(asked.netloc)
        one.abort()

    context.route("**/*", route)
    page = context.new_page()
    page.on("response", lambda answer: kinds.append((answer.request.resource_type, answer)))
    page.goto(address, wait_until="networkidle")
    for kind, answer in kinds:
        if answer.ok:
            sizes.append((kind, len(answer.body())))
    if shot:
        page.screenshot(path=str(shot))
    scripts = given.get("java_script_enabled", True)
    wrong = None
    if scripts and AXE:
        page.evaluate(Path(AXE).read_text("utf-8"))
        wrong = page.evaluate(CHECK, RULES)
    seen = page.locator("img:visible").count()
    context.close()
    return {
        "requests": len(sizes),
        "kB": round(sum(size for _, size in sizes) / 1000),
        "scripts kB": round(sum(size for kind, size in sizes if kind == "script") / 1000),
        "other hosts": sorted(others),
        "pictures seen": seen,
        "axe": wrong,
    }


def told(folder: Path) -> dict[str, int]:
    """Return how many pictures a recipient can fetch, and how many of them tell what."""
    tags = ["-GPSLatitude", "-SerialNumber", "-DateTimeOriginal", "-Model", "-Make"]
    command = ["exiftool", "-q", "-r", "-j", "-n", *tags, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    files = json.loads(run.stdout or "[]")
    count = {"files": sum(1 for _ in folder.rglob("*.jpg"))}
    for tag in tags:
        count[tag[1:]] = sum(1 for one in files if tag[1:] in one)
    return count


def main() -> None:
    """Print every figure."""
    from playwright.sync_api import sync_playwright

    words = sys.argv[1:]
    shots = Path(words[words.index("--shots") + 1]) if "--shots" in words else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for word in words:
            name, _, path = word.partition("=")
            if not path:
                continue
            page = Path(path)
            root = page.parent if page.parent.name != "album" else page.parent.parent
            print(name, "leaves", told(root))
            with served(root) as base:
                address = f"{base}/{page.relative_to(root)}"
                screens: dict[str, dict[str, Any]] = {
                    "desktop": {"viewport": {"width": 1440, "height": 900}},
                    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True},
                    "no-script": {"java_script_enabled": False},
                }
                for screen, given in screens.items():
                    shot = shots / f"{name}-{screen}.png" if shots else None
                    print(name, screen, visit(browser, address, shot, **given))
        browser.close()


if __name__ == "__main__":
    main()
