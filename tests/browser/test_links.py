"""What a browser keeps of a link, and what it does where it keeps no cookies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.conftest import CHROMIUM, FLAGS, Served, Watched
from photoprivacy.gallery._links import slot_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_the_link_is_in_no_address_after_it_was_opened(watched: Watched, served: Served) -> None:
    token = served.token()
    page = watched.page
    page.goto(f"{served.base}/{token}/")
    page.wait_for_load_state("networkidle")
    assert page.url == f"{served.base}/{slot_of(token)}/"
    after = [url for url in watched.requests if "/p/" in url or "/-/" in url or ".css" in url]
    assert len(after) > 8
    assert not any(token in url for url in after)
    assert token not in page.content()
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("performance.getEntries().map((one) => one.name).join()").count(token) == 0
    # Back leads to where one came from, not through the link again.
    page.reload()
    page.locator("#photo-1 img").wait_for()
    assert page.url == f"{served.base}/{slot_of(token)}/"
    assert watched.complaints == []


def test_two_albums_are_open_in_one_browser(watched: Watched, served: Served) -> None:
    first, second = served.token(), served.token(download=False)
    page = watched.page
    for token in (first, second):
        page.goto(f"{served.base}/{token}/")
    for token, count in ((first, 5), (second, 0)):
        page.goto(f"{served.base}/{slot_of(token)}/")
        assert page.locator("a.download").count() == count
    cookies = page.context.cookies()
    kept = {one["path"]: one for one in cookies if one["name"] == "photoprivacy"}
    assert {f"/{slot_of(first)}", f"/{slot_of(second)}"} == kept.keys()
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in kept.values())
    assert watched.complaints == []


def test_a_browser_that_refuses_cookies_shows_the_whole_album(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    profile = tmp_path / "Default"
    profile.mkdir()
    refused = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(refused))
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=CHROMIUM, args=list(FLAGS)
    )
    watched = Watched(page=context.new_page())
    page = watched.page
    token = served.token()
    page.goto(f"{served.base}/{token}/")
    page.wait_for_load_state("networkidle")
    assert context.cookies() == []
    assert page.url == f"{served.base}/{token}/plain"
    assert page.locator("h1").inner_text() == "Spring by tram"
    for number in range(1, 6):
        image = page.locator(f"#photo-{number} img")
        image.scroll_into_view_if_needed()
        page.wait_for_function(f"document.querySelector('#photo-{number} img').naturalWidth > 0")
    photos = [url for url in watched.requests if "/p/" in url]
    assert len(photos) >= 5
    assert not any(token in url for url in photos)
    assert watched.complaints == []
    context.close()
