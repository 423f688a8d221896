"""WCAG 2.2 AA as far as a machine can tell, in every state, on every screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from browser.conftest import Served, Visitor, Watched
from browser.exports import static_server
from photoprivacy.errors import StoreError
from photoprivacy.gallery import MapTiles, Theme, export, seal
from photoprivacy.gallery import _archive as archives
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner, narrow

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async (tags) => {
  const { violations, passes } = await axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
  });
  return [violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) =>
    `${n.html.slice(0, 160)} ${n.failureSummary}`).join(' | ')}`), passes.length];
}"""


def check(watched: Watched, axe: str) -> None:
    watched.page.evaluate(axe)
    violations, passed = watched.page.evaluate(CHECK, RULES)
    assert violations == []
    assert passed > 8


@pytest.fixture(params=["light", "dark"])
def seen(request: pytest.FixtureRequest, visitor: Visitor) -> Callable[..., Watched]:
    """Return a way to visit in a scheme, with motion reduced: nothing is half faded in."""

    def visit(*, phone: bool, **given: object) -> Watched:
        return visitor(phone=phone, color_scheme=request.param, reduced_motion="reduce", **given)

    return visit


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("phone", [False, True])
def test_the_album_its_viewer_and_its_map(
    seen: Callable[..., Watched], samples: Served, axe: str, language: str, *, phone: bool
) -> None:
    watched = seen(phone=phone, locale=language)
    watched.open(samples)
    page = watched.page
    check(watched, axe)
    page.locator(".where [data-shows=at-2]").click()
    page.locator(".filter:visible").wait_for()
    check(watched, axe)
    page.go_back()
    page.locator("#photo-2 a.open").click()
    page.locator(".pswp--open").wait_for()
    page.wait_for_timeout(300)
    check(watched, axe)
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    page.locator("button[data-opens=map]").click()
    page.locator("dialog[data-state=ready]").wait_for()
    check(watched, axe)


@pytest.mark.parametrize("phone", [False, True])
def test_a_themed_gallery_by_day_with_streets_on_offer(
    seen: Callable[..., Watched],
    samples: Served,
    again: Callable[..., Served],
    axe: str,
    *,
    phone: bool,
) -> None:
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 28" width="90" height="28"/>'
    served = again(
        samples,
        sections="day",
        theme=Theme(accent="#ffd400", paper="#ffffff", night="#000000", logo=logo, name="Studio"),
        map_tiles=MapTiles(url="https://tiles.example/{z}/{x}/{y}.png", attribution="x"),
    )
    watched = seen(phone=phone)
    watched.open(served)
    assert watched.page.get_by_role("img", name="Studio").is_visible()
    check(watched, axe)
    watched.page.locator("button[data-opens=map]").click()
    watched.page.locator("dialog[data-state=ready]").wait_for()
    assert watched.page.get_by_role("button", name="Show street map").is_visible()
    check(watched, axe)


@pytest.mark.parametrize("phone", [False, True])
def test_every_state_that_is_no_album(
    seen: Callable[..., Watched], samples: Served, axe: str, *, phone: bool
) -> None:
    watched = seen(phone=phone)
    page = watched.page
    token = samples.token()
    past = narrow(token, expires=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    for path in (f"{past}/", f"{token}/p/{'0' * 32}/full"):
        page.goto(f"{samples.base}/{path}")
        check(watched, axe)
    page.goto(f"{samples.base}/{samples.token(password='open sesame')}/")
    check(watched, axe)
    page.keyboard.type("guess")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    check(watched, axe)
    empty = samples.library.create_album("Nothing yet")
    watched.open(attrs.evolve(samples, album_id=empty.id))
    page.get_by_role("heading", name="No photos yet").wait_for()
    check(watched, axe)


class Failing(MemoryShares):
    """A store of links that can be taken down."""

    down = False

    def epoch(self, album_id: str, /) -> int | None:
        if self.down:
            raise StoreError("the store is locked, damaged or gone")
        return super().epoch(album_id)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("phone", [False, True])
def test_what_is_said_when_there_is_no_time_no_store_and_no_cookie(
    seen: Callable[..., Watched],
    samples: Served,
    again: Callable[..., Served],
    axe: str,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    *,
    phone: bool,
) -> None:
    served, words = again(samples), LANGUAGES[language].messages
    watched = seen(phone=phone, locale=language)
    page = watched.page

    def shows(address: str, status: int, key: str) -> None:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status
        page.get_by_role("heading", name=str(words[key])).wait_for()
        check(watched, axe)

    # An archive that is being packed, and those for which there is no room in the line.
    with monkeypatch.context() as patch:
        patch.setattr(archives, "_PATIENCE", -1.0)
        shows(f"{served.base}/{served.token()}/album.zip", 503, "packing")
        for name, status in (("_PACKING", 429), ("_PACKING_ALL", 503)):
            patch.setattr(archives, name, 0)
            shows(f"{served.base}/{served.token()}/album.zip", status, "crowded")
    # A password that is not looked at any more.
    token = served.token(password="open sesame")
    page.goto(f"{served.base}/{token}/")
    for _ in range(10):
        wrong = page.context.request.post(page.url, form={"password": "guess"})
        assert wrong.status == 403
    page.keyboard.type("guess")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=str(words["busy"])).wait_for()
    check(watched, axe)
    # A locked album where cookies are not kept.
    page.context.clear_cookies()
    shows(f"{served.base}/{token}/plain", 200, "cookies")
    # A store that is down.
    shares = Failing()
    library = Library(MemoryBlobs(), MemoryAlbums(), shares, ShareSigner({1: b"k" * 32}))
    album = library.create_album("Spring")
    down = again(Served(library=library, album_id=album.id, base=""))
    watched.allowed.add(down.base)
    link = f"{down.base}/{down.token()}/"
    shares.down = True
    shows(link, 503, "away")


def test_what_can_be_pressed_is_large_enough(watched: Watched, samples: Served) -> None:
    watched.open(samples)
    watched.page.locator("button[data-opens=map]").click()
    watched.page.locator("dialog[data-state=ready]").wait_for()
    sizes = watched.page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([hidden])')]
            .filter((one) => one.checkVisibility() && !one.matches('.skip'))
            .map((one) => { const box = one.getBoundingClientRect();
                            return [Math.min(box.width, box.height), one.outerHTML.slice(0, 90)]; })
        """
    )
    assert len(sizes) >= 30
    # WCAG 2.2, 2.5.8
    assert [what for size, what in sizes if size < 24] == []


def test_tabbing_through_the_page_always_shows_where_one_is(
    visitor: Visitor, samples: Served
) -> None:
    watched = visitor(reduced_motion="reduce")  # what glides is not there yet when it is looked for
    watched.open(samples)
    met = []
    for _ in range(70):
        watched.page.keyboard.press("Tab")
        told = watched.page.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
              const box = one.getBoundingClientRect();
              return [one.tagName, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth),
                      box.width > 0 && box.bottom > 0 && box.top < innerHeight]; }"""
        )
        if told[0] == "BODY":
            break
        met.append(told)
    # 12 photos and as many downloads, chips, buttons, the map, and the list of places.
    assert len(met) >= 40
    assert [one for one in met if not one[1] or one[1] < 2 or not one[2]] == []


def test_reduced_motion_moves_nothing(visitor: Visitor, samples: Served) -> None:
    for motion, moves in (("no-preference", True), ("reduce", False)):
        watched = visitor(reduced_motion=motion)
        watched.open(samples)
        running = watched.page.evaluate("document.getAnimations().length")
        scroll = watched.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        styled = watched.page.evaluate(
            "getComputedStyle(document.querySelector('.cover img')).animationName"
        )
        assert (scroll == "smooth") is moves
        assert (styled != "none") is moves
        assert moves or running == 0


@pytest.mark.parametrize("phone", [False, True])
def test_a_sealed_album_its_question_and_its_viewer(
    seen: Callable[..., Watched], samples: Served, axe: str, tmp_path: Path, *, phone: bool
) -> None:
    album = samples.library.open(samples.token())
    sealed = seal(album, tmp_path / "album.html", password="tram")
    watched = seen(phone=phone, bypass_csp=True)  # the page takes no script but its own
    page = watched.page
    page.goto(sealed.url())
    page.locator("input[type=password]").fill("train")
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()
    check(watched, axe)
    page.locator("input[type=password]").fill("tram")
    page.keyboard.press("Enter")
    page.locator(".open.here").first.wait_for()
    check(watched, axe)
    page.locator(".open").first.click()
    page.locator(".stage img.here").wait_for()
    check(watched, axe)
    page.get_by_role("button", name="Zoom").click()
    page.locator(".viewer.near").wait_for()
    check(watched, axe)


def test_an_export_in_arabic(
    seen: Callable[..., Watched], samples: Served, axe: str, tmp_path: Path
) -> None:
    export(samples.library.open(samples.token()), tmp_path, language="ar")
    watched = seen(phone=True, bypass_csp=True)  # axe reads style sheets once more
    with static_server(tmp_path) as base:
        watched.page.goto(f"{base}/index.html")
        check(watched, axe)
        assert watched.page.locator("html").get_attribute("dir") == "rtl"
