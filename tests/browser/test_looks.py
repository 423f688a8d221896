"""What it looks like: pictures of the page, for eyes and for the documentation, and on paper.

``PHOTOPRIVACY_SCREENSHOTS=docs/screenshots`` keeps them.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from browser.conftest import Served, Visitor, Watched

pytestmark = pytest.mark.browser

#: Name → phone, scheme, language, what is looked at.
SHOTS = {
    "album-desktop-light": (False, "light", "en", "album"),
    "album-desktop-dark": (False, "dark", "en", "album"),
    "album-phone-light": (True, "light", "en", "album"),
    "album-phone-dark-arabic": (True, "dark", "ar", "album"),
    "places-phone-dark": (True, "dark", "en", "places"),
    "map-desktop-light": (False, "light", "en", "map"),
    "map-phone-dark": (True, "dark", "en", "map"),
    "viewer-phone": (True, "light", "en", "viewer"),
    "locked-phone-light": (True, "light", "en", "locked"),
}


def settle(watched: Watched) -> None:
    watched.page.wait_for_load_state("networkidle")
    watched.page.evaluate("Promise.all([...document.images].filter((i) => i.complete)"
                          ".map((i) => i.decode().catch(() => 0)))")  # fmt: skip
    watched.page.wait_for_timeout(500)


@pytest.mark.parametrize("name", SHOTS)
def test_it_has_its_picture_taken(
    visitor: Visitor, samples: Served, tmp_path: Path, name: str
) -> None:
    phone, scheme, language, what = SHOTS[name]
    watched = visitor(phone=phone, color_scheme=scheme, locale=language, reduced_motion="reduce")
    page = watched.page
    watched.open(samples, **({"password": "x"} if what == "locked" else {}))
    if what == "map":
        page.locator("button[data-opens=map]").click()
        page.locator("dialog[data-state=ready]").wait_for()
    elif what == "viewer":
        page.locator("#photo-1 a.open").click()
        page.locator(".pswp--open img.pswp__img").first.wait_for()
    elif what == "places":
        page.locator(".where").scroll_into_view_if_needed()
    settle(watched)
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        picture = taken.convert("RGB")
    assert picture.size == ((390, 844) if phone else (1440, 900))
    # Something is drawn, and in the scheme that was asked for.
    assert len(picture.getcolors(1 << 24) or []) > 60
    if what in {"locked", "places"}:
        corner = picture.getpixel((3, picture.height - 3))
        assert isinstance(corner, tuple)
        assert (sum(corner) > 380) is (scheme == "light")
    folder = Path(os.environ.get("PHOTOPRIVACY_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.webp"
    picture.save(file, "WebP", quality=82, method=6)
    assert file.stat().st_size < 150_000


def test_on_paper_there_are_photos_and_words_and_nothing_to_press(
    visitor: Visitor, samples: Served
) -> None:
    watched = visitor(color_scheme="dark")
    watched.open(samples)
    page = watched.page
    page.emulate_media(media="print")
    shown = page.evaluate(
        """() => ['button', '.download', '.bar', '.cover', '.lists a', '.photo img', 'h1', 'h2',
                  '.locator img'].filter((query) =>
                    [...document.querySelectorAll(query)].some((one) => one.checkVisibility()))"""
    )
    assert shown == [".photo img", "h1", "h2", ".locator img"]
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    assert page.pdf().count(b"/Type /Page\n") >= 1
