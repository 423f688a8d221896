"""What comes back over HTTP."""

from __future__ import annotations

import datetime as dt
import html.parser
import json
import re
import threading
import urllib.parse
from collections.abc import Callable, MutableMapping
from typing import Any

import anyio
import anyio.to_thread
import attrs
import httpx
import pytest

from gallery.client import Client
from gallery.conftest import LISBON_TOWN, Shown, door, slot
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy.albums import Photo
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._page import page
from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.library._derive import Deriver
from photoprivacy.policy import Policy
from photoprivacy.sharing import Rendition, ShareSigner, narrow


class Tags(html.parser.HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, *names: str) -> list[str]:
        return [tag[name] for _, tag in self.found for name in names if name in tag]


def downloads(text: str) -> list[str]:
    return [tag["href"] for name, tag in Tags(text).found if name == "a" and "download" in tag]


def test_the_page_tells_places_in_the_order_of_time_and_the_placeless_last(shown: Shown) -> None:
    answer = shown.client.get(shown.link())
    assert answer.status_code == 200
    text = answer.text
    order = [text.index(f'<h2 id="part-{n}-title"') for n in (1, 2, 3)]
    assert order == sorted(order)
    for before, name in zip(order, ("Lisbon", "Paris", "Elsewhere"), strict=True):
        assert f"<bdi>{name}</bdi></h2>" in text[before : before + 90]
    assert "4 photos</span><span>2 places</span><span>1–3 May 2024" in text
    assert "Alfama" not in text


def test_words_of_the_owner_cannot_become_markup(
    shown: Shown, captioned: Callable[[str], None]
) -> None:
    captioned('"><script>alert(1)</script>')
    text = shown.client.get(shown.link()).text
    assert "<title>Spring &amp; &lt;b&gt;sun&lt;/b&gt;</title>" in text
    assert "<script>" not in text
    assert "alert(1)" in text
    assert not Tags(text).values("style", "onclick", "onerror")


def test_an_error_page_finds_its_style_sheet_at_any_depth(shown: Shown) -> None:
    for path in ("/", "/nothing", f"{shown.link()}p/{'0' * 32}/full"):
        answer = shown.client.get(path)
        assert answer.status_code == 404
        sheet = next(t["href"] for _, t in Tags(answer.text).found if t.get("rel") == "stylesheet")
        assert shown.client.get(urllib.parse.urljoin(path, sheet)).status_code == 200


@pytest.mark.parametrize("path", ["", "album.css", "places.json", "x", "../-/assets/none"])
def test_every_answer_carries_the_strict_headers(shown: Shown, path: str) -> None:
    answer = shown.client.get(urllib.parse.urljoin(shown.link(), path))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["cache-control"] == "private, no-store"


def test_unknown_revoked_and_expired_links_answer_alike(shown: Shown) -> None:
    revoked = shown.library.share(shown.album_id)
    shown.library.revoke(revoked.id)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    expired = f"/{narrow(shown.link().strip('/'), expires=past)}/"
    answers = [shown.client.get(link) for link in (f"/{revoked.token}/", expired, f"/{'A' * 60}/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_download_is_the_clean_file_under_a_neutral_name(shown: Shown) -> None:
    link = shown.link()
    album = shown.library.open(link.strip("/"))
    paths = downloads(shown.client.get(link).text)
    assert len(paths) == 4
    for path in paths:
        answer = shown.client.get(link + path)
        assert answer.status_code == 200
        kind, _, name = answer.headers["content-disposition"].partition("; filename=")
        assert kind == "attachment"
        assert name.strip('"') in {photo.name for photo in album.photos}
        assert answer.content == album.file(path.split("/")[1], Rendition.FULL).read()
        assert not inspect(answer.content).violations(Policy(location=Precision.CITY))


def test_without_the_right_to_download_there_is_no_way_to(shown: Shown) -> None:
    link = shown.link(download=False)
    text = shown.client.get(link).text
    assert not downloads(text)
    photo = shown.library.open(link.strip("/")).photos[0].id
    assert shown.client.get(f"{link}p/{photo}/display").status_code == 200
    assert shown.client.get(f"{link}p/{photo}/full").status_code == 404


def a_file(shown: Shown, rendition: str = "full") -> tuple[str, bytes, str]:
    link = shown.link()
    path = f"{link}p/{shown.library.open(link.strip('/')).photos[0].id}/{rendition}"
    answer = shown.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))
    return path, answer.content, answer.headers["etag"]


def test_a_link_to_small_sizes_shows_nothing_larger(shown: Shown) -> None:
    token = shown.link().strip("/")
    link = f"/{narrow(token, rendition=Rendition.THUMB)}/"
    page = Tags(shown.client.get(link).text)
    sizes = {word for text in page.values("src", "href", "srcset") for word in text.split()}
    photos = {one for one in sizes if one.startswith("p/")}

    assert photos
    assert {one.rpartition("/")[2] for one in photos} == {"thumb", "thumb.webp"}
    assert all(shown.client.get(link + one).status_code == 200 for one in photos)


def test_head_says_what_get_would_and_sends_nothing(shown: Shown) -> None:
    path, whole, _ = a_file(shown)
    for address in (path, path[: path.index("p/")]):
        got, head = shown.client.get(address), shown.client.head(address)
        assert head.status_code == got.status_code
        assert head.headers == got.headers
        assert head.content == b""
    assert shown.client.head(path).headers["content-length"] == str(len(whole))


def test_a_browser_that_has_the_photo_asks_and_is_told_so(shown: Shown) -> None:
    path, _, etag = a_file(shown, "thumb")
    answer = shown.client.get(path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == "private, no-cache"


def test_revoking_ends_photos_that_a_browser_already_has(shown: Shown) -> None:
    path, _, etag = a_file(shown)
    shown.library.revoke_all(shown.album_id)
    answer = shown.client.get(path, headers={"If-None-Match": etag, "Range": "bytes=0-9"})
    assert answer.status_code == 404
    assert "etag" not in answer.headers


def test_a_part_of_a_photo_is_that_part(shown: Shown) -> None:
    path, whole, etag = a_file(shown)
    answer = shown.client.get(path, headers={"Range": "bytes=10-99"})
    assert (answer.status_code, answer.content) == (206, whole[10:100])
    assert answer.headers["content-range"] == f"bytes 10-99/{len(whole)}"
    again = shown.client.get(path, headers={"Range": "bytes=10-99", "If-Range": etag})
    assert again.status_code == 206
    other = shown.client.get(path, headers={"Range": "bytes=10-99", "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, whole)
    beyond = shown.client.get(path, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{len(whole)}"


def test_a_locked_album_tells_nothing_before_its_password(shown: Shown) -> None:
    link = shown.link(password="open sesame")
    page = shown.client.get(link)
    assert page.status_code == 200
    assert 'type="password"' in page.text
    for secret in ("Spring", "Lisbon", "photos", "album.css", "p/"):
        assert secret not in page.text.replace("</p>", "")
    photo = "0" * 32
    for path in ("album.css", "places.json", f"p/{photo}/thumb"):
        assert shown.client.get(link + path).status_code == 403


def test_the_password_opens_its_share_and_no_other(shown: Shown) -> None:
    link, other = (shown.link(password="open sesame") for _ in range(2))
    shown.client.get(link)
    wrong = shown.client.post(slot(link), data={"password": "guess"})
    assert wrong.status_code == 403
    assert "set-cookie" not in wrong.headers
    right = shown.client.post(slot(link), data={"password": "open sesame"})
    assert (right.status_code, right.headers["location"]) == (303, "./")
    cookies = [cookie.lower() for cookie in right.headers.get_list("set-cookie")]
    assert len(cookies) == 2
    for cookie in cookies:
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=" not in cookie
    assert "Spring" in shown.client.get(slot(link)).text
    proof = next(
        one.partition(";")[0] for one in right.headers.get_list("set-cookie") if "pass" in one
    )
    stolen = httpx.Headers({"Cookie": proof})
    plain = "plain"
    assert "Spring" in Client(Gallery(shown.library)).get(link + plain, headers=stolen).text
    assert "Spring" not in Client(Gallery(shown.library)).get(other + plain, headers=stolen).text


def test_guesses_at_a_password_hold_up_nobody_but_each_other(shown: Shown) -> None:
    locked, link = shown.link(password="open sesame"), shown.link()
    guesses = 60  # more than a pool of threads has

    async def at_once() -> int:
        transport = httpx.ASGITransport(Gallery(shown.library))
        tried: list[int] = []
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:

            async def guess() -> None:
                answer = await client.post(door(locked), data={"password": "guess"})
                tried.append(answer.status_code)

            async with anyio.create_task_group() as group:
                for _ in range(guesses):
                    group.start_soon(guess)
                await anyio.sleep(0.1)
                assert (await client.get(link + "plain")).status_code == 200
                before = len(tried)
        # Few wait for their turn; the rest is told to come back.
        assert tried.count(403) >= 8
        assert {*tried} == {403, 429}
        return tried[:before].count(403)

    assert anyio.run(at_once) < guesses / 4


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"password", b"a=1&" * 20, b"x" * 20_000])
def test_a_form_that_is_none_opens_nothing(shown: Shown, body: bytes) -> None:
    answer = shown.client.post(door(shown.link(password="open sesame")), content=body)
    assert answer.status_code in {400, 403, 413}
    assert "Spring" not in answer.text


def test_the_map_has_towns_and_never_a_photos_own_point(shown: Shown) -> None:
    answer = shown.client.get(shown.link() + "places.json")
    features = json.loads(answer.text)["features"]
    at = LISBON_TOWN.coordinates
    assert at is not None
    assert features[0]["geometry"]["coordinates"] == [at.longitude, at.latitude]
    assert features[0]["properties"] == {
        "title": "Lisbon",
        "within": "Portugal",
        "count": 2,
        "place": 1,
    }
    assert [feature["properties"]["count"] for feature in features] == [2, 1, 1]
    assert features[2]["geometry"] is None
    for latitude, longitude in (LISBON, PARIS):
        assert str(latitude) not in answer.text
        assert str(longitude) not in answer.text


def test_countries_have_no_points_and_so_there_is_no_map(shown: Shown) -> None:
    link = shown.link(location=Precision.COUNTRY)
    text = shown.client.get(link).text
    assert "<bdi>Portugal</bdi></h2>" in text
    assert "Lisbon" not in text
    assert "<dialog" not in text
    features = shown.client.get(link + "places.json").json()["features"]
    assert [feature["geometry"] for feature in features] == [None, None, None]


def test_without_places_the_page_is_one_section_without_a_heading(shown: Shown) -> None:
    text = shown.client.get(shown.link(location=Precision.NONE)).text
    assert "<nav" not in text
    assert text.count("<section") == 1
    assert 'class="quiet"' in text


def test_an_empty_album_says_so(shown: Shown) -> None:
    album = shown.library.create_album("Nothing yet")
    answer = shown.client.get(f"/{shown.library.share(album.id).token}/")
    assert answer.status_code == 200
    assert "No photos yet" in answer.text


def test_the_page_has_one_address(shown: Shown) -> None:
    link = shown.link()
    answer = shown.client.get(link.rstrip("/"), follow=False)
    assert answer.status_code == 307
    assert urllib.parse.urljoin(link.rstrip("/"), answer.headers["location"]) == link


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(shown: Shown, method: str) -> None:
    answer = shown.client.request(method, shown.link() + "places.json")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["-/assets/../_app.py", "-/assets/%2e%2e/_app.py", "-/assets/manifest.json", "-/"]
)
def test_only_assets_are_assets(shown: Shown, path: str) -> None:
    assert shown.client.get(f"/{path}").status_code == 404


def test_pages_are_compressed_for_those_who_can_read_it(shown: Shown) -> None:
    link = shown.link()
    packed = shown.client.get(link, headers={"Accept-Encoding": "br, gzip"})
    plain = shown.client.get(link, headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


def test_guesses_at_one_link_leave_the_password_of_another_alone(shown: Shown) -> None:
    attacked, link = (shown.link(password="open sesame") for _ in range(2))

    async def at_once() -> tuple[int, int]:
        transport = httpx.ASGITransport(Gallery(shown.library))
        done: list[int] = []
        found = 0, 0
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:

            async def guess() -> None:
                done.append((await client.post(door(attacked), data={"password": "x"})).status_code)

            async with anyio.create_task_group() as group:
                for _ in range(40):
                    group.start_soon(guess)
                await anyio.sleep(0.05)
                right = await client.post(door(link), data={"password": "open sesame"})
                found = right.status_code, done.count(403)
        return found

    status, before = anyio.run(at_once)
    assert status == 303
    assert before <= 6


def test_a_photo_that_is_made_already_waits_for_none_that_is_drawn(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = shown.link()
    first, *others = photos_of(shown.client.get(link).text)
    assert shown.client.get(f"{link}p/{first}/thumb").status_code == 200
    started, go_on = threading.Semaphore(0), threading.Event()
    drawn: list[str] = []
    real = Deriver._made

    def slow(self: Deriver, album_id: str, photo: Photo, *how: Any) -> tuple[bytes, bool]:
        drawn.append(photo.id)
        started.release()
        assert go_on.wait(30)
        return real(self, album_id, photo, *how)

    monkeypatch.setattr(Deriver, "_made", slow)

    async def at_once() -> int:
        transport = httpx.ASGITransport(Gallery(shown.library))
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:
            async with anyio.create_task_group() as group:
                for _ in range(30):  # more than may draw at once, all for one photo
                    group.start_soon(client.get, f"{link}p/{others[0]}/display")
                await anyio.to_thread.run_sync(started.acquire)
                # Neither the one that is there nor another that is not has to wait.
                group.start_soon(client.get, f"{link}p/{others[1]}/thumb")
                await anyio.to_thread.run_sync(started.acquire)
                with anyio.fail_after(20):
                    answer = await client.get(f"{link}p/{first}/thumb")
                go_on.set()
            return answer.status_code

    assert anyio.run(at_once) == 200
    assert len(drawn) == 2


def test_big_pictures_are_drawn_one_at_a_time(shown: Shown) -> None:
    album = shown.library.open(shown.link().strip("/"))
    one, other = (photo.id for photo in album.photos[:2])
    assert album.line(one, Rendition.THUMB) != album.line(other, Rendition.THUMB)
    big = attrs.evolve(shown.library.album(shown.album_id).photos[0], width=10_000, height=8_000)
    shown.library.save(shown.library.album(shown.album_id).with_photo(big))
    album = shown.library.open(shown.link().strip("/"))
    lines = {album.line(photo.id, Rendition.DISPLAY) for photo in album.photos}
    assert "big" in lines
    assert len(lines) == len(album.photos)
    album.file(album.photos[1], Rendition.THUMB)
    assert album.line(album.photos[1], Rendition.THUMB) is None


def photos_of(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"p/([\w-]{16,})/thumb", text)))


def test_who_has_no_link_is_not_listened_to(shown: Shown) -> None:
    asked: list[str] = []

    async def receive() -> dict[str, object]:
        asked.append("body")
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(message)

    for path in (door("A" * 80), door(shown.link())):
        sent: list[MutableMapping[str, object]] = []
        scope = http(path, method="POST")
        anyio.run(Gallery(shown.library), scope, receive, send)
        assert sent[0]["status"] in (404, 303)
    assert not asked


def http(path: str, method: str = "GET") -> dict[str, object]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
    }  # fmt: skip


def test_a_form_that_breaks_off_is_no_error(shown: Shown) -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, object]) -> None:
        raise AssertionError(message)

    link = door(shown.link(password="open sesame"))
    anyio.run(Gallery(shown.library), http(link, method="POST"), receive, send)


def test_a_websocket_is_closed(shown: Shown) -> None:
    sent: list[MutableMapping[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(message)

    anyio.run(Gallery(shown.library), {"type": "websocket", "path": "/"}, receive, send)
    assert [one["type"] for one in sent] == ["websocket.close"]


@pytest.mark.parametrize("end", ["revoke", "remove"])
def test_a_running_download_ends_with_its_link_and_with_its_photo(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr("photoprivacy.gallery._files._CHUNK", 512)
    share = shown.library.share(shown.album_id)
    photo = shown.library.open(share.token).photos[0].id
    sent: list[MutableMapping[str, object]] = []

    async def receive() -> dict[str, object]:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(message)
        if len(sent) == 3:
            if end == "revoke":
                shown.library.revoke(share.id)
            else:
                for one in shown.library.album(shown.album_id).photos:
                    shown.library.remove(shown.album_id, one.id)

    anyio.run(Gallery(shown.library), http(f"/{share.token}/p/{photo}/full"), receive, send)
    assert sent[0]["status"] == 200
    assert len(sent) < 6
    assert sent[-1].get("more_body")


def test_an_address_of_many_folders_makes_no_long_answer(shown: Shown) -> None:
    answer = shown.client.get("/a" + "/" * 5000)
    assert answer.status_code == 404
    assert len(answer.text) < 10_000


def test_the_form_at_a_locked_photo_goes_to_the_page(shown: Shown) -> None:
    link = shown.link(password="open sesame")
    shown.client.get(shown.link())  # which shows that cookies are kept
    answer = shown.client.get(f"{link}p/{'0' * 32}/thumb")
    (action,) = Tags(answer.text).values("action")
    assert urllib.parse.urljoin(f"{link}p/{'0' * 32}/thumb", action) == link
    assert shown.client.post(link + action, data={"password": "open sesame"}).status_code != 405


@pytest.mark.parametrize(("given", "said"), [(True, True), (False, False), (None, False)])
def test_who_knows_of_a_proxy_can_ask_for_secure_cookies(
    shown: Shown,
    given: bool | None,  # noqa: FBT001
    said: bool,  # noqa: FBT001
) -> None:
    client = Client(Gallery(shown.library, secure_cookies=given))
    answer = client.post(door(shown.link(password="open sesame")), data={"password": "open sesame"})
    assert ("secure" in answer.headers["set-cookie"].lower()) is said


def test_places_without_a_key_are_told_apart() -> None:
    class Named:
        def reverse(self, at: Coordinates, /) -> Place | None:
            return Place(country_code="PT", country="Portugal", city=f"{at.latitude:.0f} north")

    library = Library(
        MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}), geocoder=Named()
    )
    album = library.create_album("x")
    for at in (LISBON, PARIS, None):
        library.add(album.id, a_jpeg(at))
    shown = page(library.open(library.share(album.id).token), Options(), LANGUAGES["en"])
    assert [one.title for one in shown.sections] == ["39 north", "49 north", "Elsewhere"]
    assert "north" not in repr(shown)
