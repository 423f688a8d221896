"""The viewer: a slideshow, photos that move, captions that are no markup."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from browser.conftest import Served, Visitor, Watched
from photoprivacy.gallery import Gallery, _photos
from photoprivacy.sharing import Rendition

pytestmark = pytest.mark.browser


def counter(watched: Watched) -> str:
    return watched.page.locator(".pswp__counter").inner_text()


def shows(watched: Watched, number: int) -> None:
    watched.page.wait_for_url(re.compile(f"#photo-{number}$"))


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_slideshow_goes_on_by_itself_until_somebody_stops_it(
    visitor: Visitor, served: Served, motion: str
) -> None:
    watched = visitor(reduced_motion=motion)
    watched.open(served)
    page = watched.page
    page.clock.install()
    page.get_by_role("button", name="Slideshow").click()
    page.locator(".pswp--open.playing").wait_for()
    shows(watched, 1)
    pause = page.get_by_role("button", name="Pause slideshow")
    # What changes by itself is not read out.
    assert page.locator(".pswp [role=status]").get_attribute("aria-live") == "off"
    for number in (2, 3):
        page.clock.run_for(5600)
        shows(watched, number)
    moving = page.evaluate("getComputedStyle(document.querySelector('.pswp'), '::after').animation")
    assert ("stay" in moving) is (motion == "no-preference")
    pause.click()
    page.clock.run_for(20_000)
    shows(watched, 3)
    assert page.locator(".pswp [role=status]").get_attribute("aria-live") == "polite"
    page.locator(".pswp__caption").click(force=True)
    page.keyboard.press("Space")
    page.locator(".pswp.playing").wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(".pswp:not(.playing)").wait_for()
    shows(watched, 4)
    page.keyboard.press("Escape")
    page.clock.run_for(2000)
    page.locator(".pswp").wait_for(state="detached")
    # Focus is back where the slideshow was started.
    assert page.evaluate("document.activeElement.dataset.opens") == "slideshow"
    assert "#" not in page.url


def test_every_button_of_the_viewer_is_reached_by_keyboard_and_has_a_name(
    watched: Watched, served: Served
) -> None:
    watched.open(served, "#photo-2")
    page = watched.page
    page.locator(".pswp--open").wait_for()
    page.wait_for_timeout(400)
    names = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside, name = page.evaluate(
            """() => [Boolean(document.activeElement.closest('.pswp')),
                      document.activeElement.getAttribute('aria-label')
                      ?? document.activeElement.title]"""
        )
        assert inside, "focus must not leave the viewer"
        names.add(name)
    wanted = {"Close (Esc)", "Zoom", "Play slideshow", "Download in full resolution"}
    assert wanted <= names
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.pswp__button')].filter((b) => b.offsetParent)
            .map((b) => [b.offsetWidth, b.offsetHeight])"""
    )
    assert len(sizes) >= 4
    assert all(min(size) >= 24 for size in sizes)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_viewer_speaks_the_language_of_the_page(
    visitor: Visitor, served: Served, language: str
) -> None:
    watched = visitor(locale=language, phone=True)
    watched.open(served, "#photo-3")
    viewer = watched.page.locator(".pswp--open")
    viewer.wait_for()
    label = {"de": "Fotobetrachter", "ar": "عارض الصور"}[language]
    assert viewer.get_attribute("aria-label") == label
    told = {"de": "Foto 3 von 5. Foto: Paris, Frankreich, 3. Mai 2024", "ar": "الصورة 3 من 5. "}
    watched.page.locator(".pswp [role=status]").filter(has_text=told[language]).wait_for(
        state="attached"
    )


def test_a_caption_is_words_whatever_stands_in_it(visitor: Visitor, served: Served) -> None:
    album = served.library.create_album("<img src=x onerror=alert(1)>\u202eevil")
    shared = served.library.open(served.token())
    data = shared.file(shared.photos[0], Rendition.FULL).read()
    added = served.library.add(album.id, data, name="x.jpg")
    odd = "<b onclick=alert(1)>\u202e<script>alert(1)</script>"
    served.library.save(served.library.album(album.id).with_photo(attrs.evolve(added, caption=odd)))
    watched = visitor()
    watched.open(attrs.evolve(served, album_id=album.id), "#photo-1")
    watched.page.locator(".pswp__caption strong").wait_for()
    assert watched.page.locator(".pswp__caption strong").inner_text() == odd
    assert watched.page.locator("h1").inner_text() == album.title
    assert watched.page.locator("script:not([src]), b, [onerror]").count() == 0


RECORD = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
  const pen = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  for (let i = 0; i < 12; i += 1) {
    pen.fillStyle = `hsl(${i * 30} 80% 50%)`;
    pen.fillRect(0, 0, 64, 48);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""


def test_a_photo_that_moves_is_played_when_asked_for_and_not_before(
    visitor: Visitor,
    served: Served,
    again: Callable[..., Served],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = visitor()
    recorder.open(served)
    video = base64.b64decode(recorder.page.evaluate(RECORD))
    monkeypatch.setattr(_photos, "moves", lambda photo: photo.rank == 1)

    def with_video(gallery: Gallery) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            if not scope["path"].endswith("/video"):
                await gallery(scope, receive, send)
                return
            told = [(b"content-type", b"video/webm"), (b"content-length", b"%d" % len(video))]
            await send({"type": "http.response.start", "status": 200, "headers": told})
            await send({"type": "http.response.body", "body": video})

        return app

    moving = again(served, with_video)
    watched = visitor()
    watched.open(moving, "#photo-2")
    page = watched.page
    assert page.locator(".badge").count() == 1
    page.locator(".pswp--open").wait_for()
    assert not [url for url in watched.requests if url.endswith("/video")]
    page.get_by_role("button", name="Play the moving photo").click()
    page.locator("video.moving").wait_for()
    shape = page.locator("video.moving").bounding_box()
    still = page.locator(".pswp__item[aria-hidden=false] img.pswp__img").last.bounding_box()
    assert shape == still
    page.locator("video.moving").wait_for(state="detached")  # it ends, and the photo is there
    assert [url for url in watched.requests if url.endswith("/video")]
    page.keyboard.press("ArrowRight")
    shows(watched, 3)
    assert page.locator(".pswp__button--moving").is_hidden()
    page.keyboard.press("Escape")
    page.locator(".pswp").wait_for(state="detached")
    page.locator("#photo-2 .badge").click()
    shows(watched, 2)
    page.locator("video.moving").wait_for()
