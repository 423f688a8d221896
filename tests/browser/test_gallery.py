"""What a recipient does with the page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from browser.conftest import Served, Visitor, Watched
from photoprivacy.gallery import Gallery
from photoprivacy.sharing import Rendition

pytestmark = pytest.mark.browser


def open_album(watched: Watched, served: Served, fragment: str = "") -> str:
    return watched.open(served, fragment)


def focused(watched: Watched) -> str:
    found: str = watched.page.evaluate(
        "document.activeElement.closest('.photo, .part')?.id ?? document.activeElement.tagName"
    )
    return found


def counter(watched: Watched) -> str:
    return watched.page.locator(".pswp__counter").inner_text()


def test_the_keyboard_walks_the_lightbox_and_comes_back(watched: Watched, served: Served) -> None:
    open_album(watched, served)
    page = watched.page
    page.locator("#photo-1 a.open").focus()
    page.keyboard.press("Enter")
    viewer = page.locator(".pswp--open[role=dialog][aria-modal=true]")
    viewer.wait_for()
    page.wait_for_timeout(600)  # the opening animation
    assert counter(watched) == "1 / 5"
    assert "The last tram home" in page.locator(".pswp__caption").inner_text()
    assert "Lisbon, Portugal" in page.locator(".pswp__caption").inner_text()
    for number in (2, 3):
        page.keyboard.press("ArrowRight")
        told = page.locator(".pswp [role=status]")
        told.filter(has_text=f"Photo {number} of 5. Photo from ").wait_for(state="attached")
        assert page.url.endswith(f"#photo-{number}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("#photo-2$"))
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    assert focused(watched) == "photo-2"
    page.wait_for_url(re.compile("/$"))


def test_the_back_button_closes_the_photo_and_not_the_album(
    watched: Watched, served: Served
) -> None:
    open_album(watched, served)
    watched.page.locator("#photo-4 a.open").click()
    watched.page.locator(".pswp--open").wait_for()
    watched.page.go_back()
    watched.page.locator(".pswp").wait_for(state="detached")
    assert watched.page.locator("h1").inner_text() == "Spring by tram"


def test_a_link_to_a_photo_opens_that_photo(watched: Watched, served: Served) -> None:
    open_album(watched, served, "#photo-3")
    watched.page.locator(".pswp--open").wait_for()
    assert counter(watched) == "3 / 5"
    watched.page.keyboard.press("Escape")
    watched.page.locator(".pswp").wait_for(state="detached")
    assert "#" not in watched.page.url


def test_the_map_is_fetched_when_opened_and_leads_to_the_place(
    watched: Watched, mounted: Served
) -> None:
    from playwright.sync_api import expect

    open_album(watched, mounted)
    page = watched.page
    assert not [url for url in watched.requests if re.search(r"world|map-\w+\.js|places.json", url)]
    page.get_by_role("button", name="Map", exact=True).click()
    page.locator("dialog[data-state=ready]").wait_for()
    pins = page.locator(".pin")
    assert sorted(pins.locator("b").all_inner_texts()) == ["2", "2"]
    assert sorted(pins.locator("span").all_text_contents()) == ["Lisbon", "Paris"]
    drawn = page.evaluate(
        """() => {
            const canvas = document.querySelector('.map-canvas canvas');
            const { data } = canvas.getContext('2d').getImageData(
                0, 0, canvas.width, canvas.height);
            const colours = new Set();
            for (let i = 0; i < data.length; i += 400) colours.add(data.slice(i, i + 4).join());
            return colours.size;
        }"""
    )
    assert drawn > 2
    pins.filter(has_text="Paris").click()
    page.locator("dialog").wait_for(state="hidden")
    assert focused(watched) == "part-2"
    expect(page.locator("#part-2 h2")).to_be_in_viewport()
    assert page.locator(".photo:visible").count() == 2
    assert page.locator(".filter [role=status]").inner_text() == "Paris: 2 photos shown"
    assert page.url.endswith("#at-2")
    page.go_back()
    expect(page.locator(".photo:visible")).to_have_count(5)
    assert page.locator(".filter").is_hidden()


def test_a_photo_downloads_as_the_clean_file(
    watched: Watched, mounted: Served, tmp_path: Path
) -> None:
    token = open_album(watched, mounted)
    page = watched.page
    page.locator("#photo-3 a.open").click()
    page.locator(".pswp--open").wait_for()
    with page.expect_download() as waiting:
        page.locator(".pswp__button--download").click()
    waiting.value.save_as(tmp_path / "saved")
    album = mounted.library.open(token)
    photo = album.photos[2]
    assert waiting.value.suggested_filename == photo.name
    saved = (tmp_path / "saved").read_bytes()
    assert saved == album.file(photo, Rendition.FULL).read()


def test_photos_keep_their_shape_and_the_page_its_width(watched: Watched, served: Served) -> None:
    open_album(watched, served)
    shapes = watched.page.evaluate(
        """() => [...document.querySelectorAll('.open')].map((a) => {
            const box = a.getBoundingClientRect();
            const image = a.querySelector("img");
            const [width, height] = ["width", "height"].map((name) => image.getAttribute(name));
            return [box.width / box.height, width / height];
        })"""
    )
    assert len(shapes) == 5
    for drawn, real in shapes:
        assert drawn == pytest.approx(real, rel=0.03)
    assert watched.page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_a_locked_album_opens_by_its_password(watched: Watched, mounted: Served) -> None:
    page = watched.page
    page.goto(f"{mounted.base}/{mounted.token(password='open sesame')}/")
    page.locator("input[type=password]:focus").wait_for()  # ready to type at once
    page.keyboard.type("open sesame")
    page.keyboard.press("Enter")
    page.locator("#photo-1 img").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").inner_text() == "Spring by tram"
    assert page.evaluate("document.querySelector('#photo-1 img').naturalWidth") > 0
    assert page.evaluate("document.cookie") == ""


def test_without_javascript_every_photo_can_be_seen_and_taken(
    visitor: Visitor, mounted: Served, tmp_path: Path
) -> None:
    watched = visitor(java_script_enabled=False)
    page = watched.page
    token = open_album(watched, mounted)
    album = mounted.library.open(token)
    assert page.locator("a.open").count() == 5
    assert page.locator("button[data-opens]:visible").count() == 0
    for number in range(1, 6):
        with page.expect_download() as waiting:
            page.locator(f"#photo-{number} a.download").click()
        waiting.value.save_as(tmp_path / str(number))
        saved = (tmp_path / str(number)).read_bytes()
        assert saved == album.file(album.photos[number - 1], Rendition.FULL).read()
    page.locator(".ways").get_by_role("link", name=re.compile("^Paris")).click()
    assert page.url.endswith("#part-2")
    page.locator("#photo-1 a.open").click()
    page.wait_for_url(re.compile("/display$"))


def test_it_is_the_same_mounted_somewhere_in_another_app(
    watched: Watched, served: Served, again: Callable[..., Served]
) -> None:
    def mounted(gallery: Gallery) -> Starlette:
        return Starlette(routes=[Mount("/below/here", app=gallery)])

    inside = again(served, mounted)
    watched.open(attrs.evolve(inside, base=f"{inside.base}/below/here"))
    page = watched.page
    page.locator("button[data-opens=map]").click()
    page.locator("dialog[data-state=ready]").wait_for()
    page.locator(".map-panel [data-shows=at-2]").click()
    page.locator(".filter:visible").wait_for()
    page.locator("#photo-3 a.open").click()
    page.locator(".pswp--open img.pswp__img").first.wait_for()
    page.wait_for_timeout(600)
    assert counter(watched) == "1 / 2"
    assert page.evaluate("document.querySelector('.pswp__img').naturalWidth") > 0
    assert all("/below/here/" in url for url in watched.requests)
