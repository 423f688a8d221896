"""The map: as a picture, and with streets of an operator's choice."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser.conftest import Served, Visitor, Watched
from photoprivacy.gallery import MapTiles
from photoprivacy.gallery._serve import serve

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_script_the_map_is_a_picture(
    visitor: Visitor, samples: Served, scheme: str
) -> None:
    watched = visitor(java_script_enabled=False, color_scheme=scheme)
    watched.open(samples)
    picture = watched.page.get_by_role("img", name=re.compile("^Map of the world around: Lisbon"))
    picture.scroll_into_view_if_needed()
    watched.page.wait_for_load_state("networkidle")
    colors = _colors(picture.screenshot())
    land = {"light": (0xF3, 0xEF, 0xE6), "dark": (0x2D, 0x2C, 0x29)}[scheme]
    pin = {"light": (0xB4, 0x41, 0x1F), "dark": (0xFF, 0x9A, 0x72)}[scheme]
    assert colors[land] > 1000
    assert colors[pin] > 20
    picture.click()
    watched.page.wait_for_url(re.compile(r"/map\.svg$"))


def _colors(data: bytes) -> dict[tuple[int, int, int], int]:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        counted = picture.convert("RGB").getcolors(1 << 24) or []
    return {color: count for count, color in counted}  # type: ignore[misc]


class Tiles:
    """A map server: remembers what it was asked, and by whom."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from PIL import Image

        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], headers))
        file = io.BytesIO()
        Image.new("RGB", (256, 256), (250, 10, 250)).save(file, "PNG")
        told = [(b"content-type", b"image/png"), (b"cross-origin-resource-policy", b"cross-origin")]
        await send({"type": "http.response.start", "status": 200, "headers": told})
        await send({"type": "http.response.body", "body": file.getvalue()})


@pytest.mark.parametrize("told", [False, True])
def test_streets_come_when_asked_for_and_the_album_s_address_is_told_to_nobody(
    watched: Watched, samples: Served, again: Callable[..., Served], *, told: bool
) -> None:
    tiles = Tiles()
    with serve(tiles) as elsewhere:
        offered = MapTiles(
            url=elsewhere + "/{z}/{x}/{y}.png", attribution="© <b>mappers</b>",
            origin_as_referrer=told,
        )  # fmt: skip
        served = again(samples, map_tiles=offered)
        token = watched.open(served)
        page = watched.page
        page.get_by_role("button", name="Map", exact=True).click()
        page.locator("dialog[data-state=ready]").wait_for()
        page.wait_for_load_state("networkidle")
        notice = page.locator(".map-tiles p").inner_text()
        assert notice.startswith(f"Streets come from {urlsplit(elsewhere).hostname}, which then")
        assert tiles.asked == []
        watched.check()
        watched.allowed.add(elsewhere)
        page.get_by_role("button", name="Show street map").click()
        page.locator("img.leaflet-tile-loaded").first.wait_for()
        page.wait_for_timeout(1500)
        assert tiles.asked
        for _, headers in tiles.asked:
            referrer = headers.get("referer", "")
            assert referrer == (served.base + "/" if told else "")
            assert token not in str(headers)
        credit = page.locator(".leaflet-control-attribution")
        assert credit.inner_text() == "© <b>mappers</b>"
        count = len(tiles.asked)
        page.get_by_role("button", name="Hide street map").click()
        assert page.locator("img.leaflet-tile").count() == 0
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(600)
        assert len(tiles.asked) == count
        page.goto("about:blank")


def test_the_map_opens_from_the_small_one_and_gives_focus_back(
    watched: Watched, samples: Served
) -> None:
    watched.open(samples)
    page = watched.page
    small = page.locator("a.locator")
    small.focus()
    page.keyboard.press("Enter")
    page.locator("dialog[data-state=ready]").wait_for()
    assert page.get_by_role("button", name="Kyoto 2 photos", exact=True).is_visible()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="hidden")
    assert page.locator("a.locator:focus").count() == 1


def test_on_a_page_from_right_to_left_pins_stand_where_they_stand_otherwise(
    visitor: Visitor, samples: Served
) -> None:
    spots = []
    for language in ("en", "ar"):
        watched = visitor(locale=language)
        watched.open(samples)
        watched.page.locator("button[data-opens=map]").click()
        watched.page.locator("dialog[data-state=ready]").wait_for()
        spots.append(
            watched.page.evaluate(
                """() => {
                  const map = document.querySelector('.map-canvas').getBoundingClientRect();
                  return [...document.querySelectorAll('.pin b')].map((pin) => {
                    const box = pin.getBoundingClientRect();
                    return [Math.round(box.left - map.left), Math.round(box.top - map.top)];
                  }).sort((a, b) => a[0] - b[0]);
                }"""
            )
        )
    assert len(spots[0]) >= 4
    assert spots[0] == spots[1]
