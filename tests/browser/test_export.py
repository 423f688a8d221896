"""An album as plain files in a real browser, from the disk and from a host."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from PIL import Image

from bench.gallery_page import a_library
from browser.conftest import Served, Visitor, Watched
from browser.exports import PATIENCE, decoded, drawn, elsewhere, farthest, static_server
from photoprivacy.gallery import MapTiles, Theme, export
from photoprivacy.library import Rendition, SharedAlbum

pytestmark = pytest.mark.browser


_FILE = io.BytesIO()
Image.new("RGB", (256, 256), (250, 10, 250)).save(_FILE, "PNG")
PNG = _FILE.getvalue()


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
    assert page.locator("section.part:visible h2").all_inner_texts() == ["Paris"]
    assert page.evaluate("document.activeElement.innerText") == "Paris"
    page.get_by_role("button", name="Show all").click()
    assert page.locator(".photo:visible").count() == 5
    assert "#" not in page.url
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


@pytest.mark.parametrize("way", ["disk", "host"])
def test_a_link_to_a_place_shows_it_alone_and_the_slideshow_runs(
    watched: Watched, plain: Plain, way: str
) -> None:
    page = watched.page
    page.set_default_timeout(PATIENCE)
    page.goto(f"{getattr(plain, way)}index.html#at-1")
    page.locator(".filter:visible").wait_for()
    assert page.locator(".photo:visible").count() == 2
    page.get_by_role("button", name="Slideshow").click()
    page.locator(".pswp.playing").wait_for()
    page.locator(".pswp__counter").filter(has_text="2 / 2").wait_for()
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    assert watched.complaints == []
    assert elsewhere(watched.requests, getattr(plain, way)) == []


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("large")
    library, token = a_library(600)
    export(library.open(token), out, language="de", theme=Theme(accent="#1565c0"))
    return out.as_uri()


PLAIN = """(item) => [item, ...item.querySelectorAll('*')].map((one) => [
  one.tagName, ...[...one.attributes].map(({ name, value }) => `${name}=${value}`).sort()])"""


def test_a_large_album_on_the_disk_is_all_there(watched: Watched, large: str) -> None:
    page = watched.page
    page.goto(f"{large}/index.html")
    page.locator("#photo-600").wait_for(state="attached")
    assert page.locator(".photo").count() == 600
    assert page.locator(".more").count() == 0
    mine = page.locator("#photo-481").evaluate(PLAIN)
    page.goto(f"{large}/from-481.html")
    assert page.locator("#photo-481").evaluate(PLAIN) == mine
    page.goto("about:blank")
    page.goto(f"{large}/index.html#photo-555")
    page.locator(".pswp__counter").filter(has_text="555 / 600").wait_for()
    page.locator(".pswp__img:not(.pswp__img--placeholder)").first.wait_for()
    page.goto("about:blank")
    page.goto(f"{large}/index.html#at-60")
    page.locator(".filter:visible").wait_for()
    assert page.locator(".photo:visible").count() == 10
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator(".filter [role=status]").inner_text().endswith("10 Fotos")
    page.goto("about:blank")
    assert watched.complaints == []


def test_a_large_album_on_the_disk_is_all_there_without_a_script(
    visitor: Visitor, large: str
) -> None:
    page = visitor(java_script_enabled=False).page
    page.goto(f"{large}/index.html")
    assert page.locator(".photo").count() == 480
    page.locator(".more a").first.click()
    page.locator("#photo-481").wait_for()
    assert page.url.startswith(f"{large}/from-481.html#part-")
    assert page.locator(".photo").count() == 120
    page.locator(".more a").first.click()
    page.locator("#photo-1").wait_for()
    assert page.url.startswith(f"{large}/index.html#part-")


def test_streets_are_offered_from_the_disk_and_come_from_one_server(
    visitor: Visitor, served: Served, tmp_path: Path
) -> None:
    with static_server(tmp_path) as elsewhere_:
        (tmp_path / "0.png").write_bytes(PNG)
        tiles = MapTiles(url=elsewhere_ + "/0.png?{z}/{x}/{y}", attribution="mappers")
        out = tmp_path / "out"
        export(served.library.open(served.token()), out, map_tiles=tiles)
        watched = visitor()
        page = watched.page
        page.goto(f"{out.as_uri()}/index.html")
        page.get_by_role("button", name="Map", exact=True).click()
        page.locator("dialog[data-state=ready]").wait_for()
        assert elsewhere(watched.requests, out.as_uri()) == []
        watched.allowed.add(elsewhere_)
        page.get_by_role("button", name="Show street map").click()
        page.locator("img.leaflet-tile-loaded").first.wait_for()
        page.goto("about:blank")
