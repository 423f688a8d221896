"""Ways through an album: days, places, trips, and ten thousand photos."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.gallery_page import WATCH, a_library
from browser.conftest import Served, Visitor, Watched
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._serve import serve

pytestmark = pytest.mark.browser


PLAIN = """(item) => [item, ...item.querySelectorAll('*')].map((one) => [
  one.tagName, ...[...one.attributes].map(({ name, value }) => `${name}=${value}`).sort()])"""


def visible(watched: Watched) -> int:
    return watched.page.locator(".photo:visible").count()


def test_by_day_a_place_leads_to_its_photos_of_all_days(
    watched: Watched, served: Served, again: Callable[..., Served]
) -> None:
    watched.open(again(served, sections="day"))
    page = watched.page
    assert page.locator("section.part").count() == 5
    page.locator(".where [data-shows=at-1]").click()
    page.locator(".filter:visible").wait_for()
    assert visible(watched) == 2
    assert page.locator("section.part:visible h2").all_inner_texts() == ["1 May 2024", "2 May 2024"]
    # The viewer shows what the page shows.
    page.locator("#photo-2 a.open").click()
    page.locator(".pswp--open").wait_for()
    assert page.locator(".pswp__counter").inner_text() == "2 / 2"
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    assert page.url.endswith("#at-1")
    assert visible(watched) == 2
    page.get_by_role("button", name="Show all").click()
    assert visible(watched) == 5
    assert "#" not in page.url


def test_a_link_to_a_place_shows_that_place_alone(watched: Watched, served: Served) -> None:
    watched.open(served, "#at-1")
    watched.page.locator(".filter:visible").wait_for()
    assert visible(watched) == 2
    watched.page.evaluate("location.hash = '#part-2'")
    watched.page.locator(".filter").wait_for(state="hidden")
    assert visible(watched) == 5


def test_a_link_to_a_place_that_is_none_shows_everything(watched: Watched, served: Served) -> None:
    watched.open(served, "#at-99")
    assert visible(watched) == 5
    assert watched.page.locator(".filter").is_hidden()


def test_the_keyboard_filters_and_comes_back(visitor: Visitor, served: Served) -> None:
    watched = visitor()
    watched.open(served)
    page = watched.page
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").inner_text() == "Skip to the photos"
    page.locator(".where [data-shows=at-2]").focus()
    page.keyboard.press("Enter")
    page.locator(".filter:visible").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Paris"
    page.locator(".filter button").focus()
    page.keyboard.press("Enter")
    assert visible(watched) == 5
    assert page.evaluate("document.activeElement.id") == "photos"


@pytest.fixture(scope="module")
def large() -> tuple[Gallery, str]:
    library, token = a_library(2000)
    return Gallery(library), token


def test_two_thousand_photos_are_all_there_and_nothing_moves(
    watched: Watched, large: tuple[Gallery, str]
) -> None:
    gallery, token = large
    page = watched.page
    page.add_init_script(WATCH)
    with serve(gallery) as base:
        page.goto(f"{base}/{token}/")
        page.locator("#photo-2000").wait_for(state="attached")
        assert page.locator(".photo").count() == 2000
        assert page.evaluate("window.shifted") == 0
        assert page.locator(".more").count() == 0
        # Each as the server would have written it.
        mine = page.locator("#photo-481").evaluate(PLAIN)
        page.goto(f"{base}/{token}/?from=481")
        assert page.locator("#photo-481").evaluate(PLAIN) == mine
        shifts: list[float] = []
        # A machine that paints late shows parts as they were guessed: it may try again.
        while not shifts or (shifts[-1] >= 0.01 and len(shifts) < 4):
            page.goto(f"{base}/{token}/")
            page.locator("#photo-2000").wait_for(state="attached")
            assert page.evaluate("window.find('A caption to be found')")
            for part in (0.3, 0.7, 1, 0):
                page.evaluate(f"scrollTo(0, document.documentElement.scrollHeight * {part})")
                page.wait_for_timeout(150)
            shifts.append(page.evaluate("window.shifted"))
        assert shifts[-1] < 0.01, shifts
        page.goto(f"{base}/{token}/#photo-1999")
        page.locator(".pswp--open").wait_for()
        assert page.locator(".pswp__counter").inner_text() == "1,999 / 2,000"
        page.goto("about:blank")


def test_a_large_album_whose_rest_does_not_come_keeps_its_links(
    visitor: Visitor, large: tuple[Gallery, str]
) -> None:
    gallery, token = large
    watched = visitor(java_script_enabled=False)
    with serve(gallery) as base:
        watched.page.goto(f"{base}/{token}/")
        more = watched.page.locator(".more a")
        assert (more.first.text_content() or "").startswith("Show ")
        first = int(watched.page.locator(".more").first.get_attribute("data-from") or 0)
        assert first == 481
        more.first.click()
        watched.page.locator("#photo-481 img").wait_for()
        assert watched.page.locator(".photo").count() == 480
        watched.page.goto("about:blank")
