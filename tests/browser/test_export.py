"""An album as plain files in a real browser, from the disk and from a host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from browser.conftest import Served, Watched
from browser.exports import PATIENCE, decoded, drawn, elsewhere, farthest, static_server
from photoprivacy.gallery import export
from photoprivacy.library import Rendition, SharedAlbum

pytestmark = pytest.mark.browser


@attrs.frozen(kw_only=True)
class Plain:
    album: SharedAlbum
    folder: Path
    disk: str
    host: str


@pytest.fixture(scope="module")
def plain(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plain]:
    folder = tmp_path_factory.mktemp("host")
    album = served.library.open(served.token())
    out = folder / "some" / "path"
    export(album, out)
    with static_server(folder) as base:
        yield Plain(
            album=album, folder=out / "p", disk=f"{out.as_uri()}/", host=f"{base}/some/path/"
        )


@pytest.mark.parametrize("way", ["disk", "host"])
def test_an_export_is_walked_and_taken(
    watched: Watched, plain: Plain, way: str, tmp_path: Path
) -> None:
    here = getattr(plain, way)
    page = watched.page
    page.set_default_timeout(PATIENCE)
    page.goto(f"{here}index.html")
    assert page.locator("h1").inner_text() == "Spring by tram"
    page.locator("#photo-1 a.open").focus()
    page.keyboard.press("Enter")
    page.locator(".pswp--open").wait_for()
    for number, photo in enumerate(plain.album.photos, 1):
        page.locator(".pswp__counter").filter(has_text=f"{number} / 5").wait_for()
        selector = ".pswp__item[aria-hidden=false] img.pswp__img:not(.pswp__img--placeholder)"
        page.locator(selector).wait_for()
        page.wait_for_function(
            "(selector) => document.querySelector(selector)?.complete", arg=selector
        )
        if way == "host":  # canvases do not tell of files on the disk
            copy = decoded(plain.album.file(photo, Rendition.DISPLAY).read())
            assert farthest(drawn(page, selector), copy) <= 3
        if way == "host":
            with page.expect_download() as waiting:
                page.locator(".pswp__button--download").click()
            waiting.value.save_as(tmp_path / "saved")
            assert waiting.value.suggested_filename == photo.name
            saved = (tmp_path / "saved").read_bytes()
        else:
            # Chromium saves nothing from one file to another on the disk: it opens it.
            link = page.locator(".pswp__button--download").get_attribute("href") or ""
            saved = (plain.folder / link.rpartition("/p/")[2]).read_bytes()
        assert saved == plain.album.file(photo, Rendition.FULL).read()
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")

    page.get_by_role("button", name="Map", exact=True).click()
    page.locator("dialog[data-state=ready]").wait_for()
    assert sorted(page.locator(".pin span").all_text_contents()) == ["Lisbon", "Paris"]
    page.locator(".pin").filter(has_text="Paris").click()
    page.locator("dialog").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.closest('.place').id") == "place-2"
    assert watched.complaints == []
    assert elsewhere(watched.requests, here) == []


@pytest.mark.parametrize("way", ["disk", "host"])
def test_a_link_to_a_photo_opens_that_photo(watched: Watched, plain: Plain, way: str) -> None:
    page = watched.page
    page.set_default_timeout(PATIENCE)
    page.goto(f"{getattr(plain, way)}index.html#photo-3")
    page.locator(".pswp__counter").filter(has_text="3 / 5").wait_for()
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    assert watched.complaints == []
