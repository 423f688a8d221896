"""Links open albums, and then stay out of sight."""

from __future__ import annotations

import datetime as dt
import re
import time
import urllib.parse
from typing import Any

import httpx
import pytest

from gallery.client import Client
from gallery.conftest import Shown, door, slot
from gallery.test_app import Tags
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.sharing import Never, Rendition, narrow


def test_a_link_leads_to_an_address_that_does_not_hold_it(shown: Shown) -> None:
    link = shown.link()
    answer = shown.client.get(link)
    assert [one.status_code for one in answer.history] == [303, 303]
    assert answer.url.path == slot(link)
    assert "Spring" in answer.text
    token = link.strip("/")
    assert token not in answer.text
    tags = Tags(answer.text)
    addresses = [*tags.values("href", "src"), *tags.values("srcset")]
    assert len(addresses) > 12
    for address in tags.values("src"):
        found = shown.client.get(urllib.parse.urljoin(answer.url.path, address))
        assert (found.status_code, found.history) == (200, [])
    for one in answer.history:
        assert one.headers["cache-control"] == "private, no-store"
        assert one.headers["referrer-policy"] == "no-referrer"


def test_the_cookie_is_for_scripts_and_other_sites_out_of_reach_and_ends_with_the_link(
    shown: Shown,
) -> None:
    for expires, least, most in (
        (dt.timedelta(hours=2), 7100, 7200),
        (dt.timedelta(days=300), 30 * 86400 - 1, 30 * 86400),
        (Never, 30 * 86400 - 1, 30 * 86400),
    ):
        link = shown.link(expires=expires)
        shown.client.get(link, follow=False)
        (cookie,) = shown.client.get(door(link), follow=False).headers.get_list("set-cookie")
        name, *rest = (part.strip() for part in cookie.split(";"))
        assert name == f"photoprivacy={link.strip('/')}"
        said = dict(part.lower().partition("=")[::2] for part in rest)
        assert said.keys() >= {"httponly", "samesite", "max-age"}
        assert said["samesite"] == "lax"
        # Kept for the folder of its address alone (RFC 6265, 5.1.4).
        assert "path" not in said
        assert "domain" not in said
        assert least <= int(said["max-age"]) <= most


def test_several_albums_are_open_side_by_side(shown: Shown) -> None:
    other = shown.library.create_album("Autumn")
    links = [shown.link(), f"/{shown.library.share(other.id).token}/", shown.link(download=False)]
    for link in links:
        assert shown.client.get(link).status_code == 200
    for link, title, zips in zip(
        links, ("Spring", "Autumn", "Spring"), (200, 404, 404), strict=True
    ):
        assert title in shown.client.get(slot(link)).text
        assert shown.client.get(f"{slot(link)}album.zip").status_code == zips


def test_a_narrowed_link_has_an_address_of_its_own(shown: Shown) -> None:
    link = shown.link()
    small = f"/{narrow(link.strip('/'), rendition=Rendition.THUMB)}/"
    assert slot(link) != slot(small)
    photo = shown.library.open(link.strip("/")).photos[0].id
    for one in (link, small):
        shown.client.get(one)
    assert shown.client.get(f"{slot(link)}p/{photo}/full").status_code == 200
    assert shown.client.get(f"{slot(small)}p/{photo}/full").status_code == 404


def test_an_albums_own_address_opens_nothing_elsewhere(shown: Shown) -> None:
    link, other = shown.link(), shown.link()
    shown.client.get(link)
    stranger = Client(Gallery(shown.library))
    for path in ("", "album.css", "album.zip", "places.json", f"p/{'0' * 32}/thumb"):
        answer = stranger.get(slot(link) + path)
        assert answer.status_code == 404
        assert "Spring" not in answer.text
        assert "cookie" in answer.text
        # Alike, whether there is such an album or not.
        assert stranger.get(f"/{'A' * 22}/{path}").text == answer.text
    # A cookie that was put there for another album is none for this one.
    tossed = {"Cookie": f"photoprivacy={other.strip('/')}"}
    assert stranger.get(slot(link), headers=tossed).status_code == 404
    assert stranger.get(slot(other) + link.strip("/")).status_code == 404


class Forgetful(Client):
    """A browser that keeps no cookies."""

    def request(
        self, method: str, path: str, *, follow: bool = False, **given: Any
    ) -> httpx.Response:
        seen: list[httpx.Response] = []
        while True:
            self._cookies = httpx.Cookies()
            answer = super().request(method, path, **given)
            seen.append(answer)
            assert len(seen) < 5, "it goes round"
            if not follow or answer.status_code not in (303, 307):
                answer.history = seen[:-1]
                return answer
            path = urllib.parse.urljoin(path, answer.headers["location"])
            method = "GET" if answer.status_code == 303 else method


def test_where_cookies_are_refused_each_address_opens_one_file(shown: Shown) -> None:
    link = shown.link()
    client = Forgetful(Gallery(shown.library))
    answer = client.get(link)
    assert answer.url.path == f"{link}plain"
    assert "Spring" in answer.text
    tags = Tags(answer.text)
    addresses = {one for one in tags.values("src", "href") if "/p/" in one}
    addresses |= {p.split()[0] for one in tags.values("srcset") for p in one.split(",")}
    assert len(addresses) == 4 * 5
    token = link.strip("/")
    for address in addresses:
        path = urllib.parse.urljoin(answer.url.path, address)
        assert client.get(path).status_code == 200
        narrowed, photo, size = re.fullmatch(
            r"/([\w-]+)/p/([\w-]+)/(\w+)(?:\.webp)?", path
        ).groups()  # type: ignore[union-attr]
        assert narrowed != token
        (alone,) = shown.library.open(narrowed).photos
        assert alone.id == photo
        expires = shown.library.open(narrowed).expires
        assert isinstance(expires, dt.datetime)
        assert expires < dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
        if size != "full":
            assert client.get(path.replace(f"/{size}", "/full")).status_code == 404
    for path in ("album.css", "places.json", "album.zip"):
        assert client.get(link + path).status_code == 200


def test_a_locked_album_without_cookies_says_what_it_needs_and_does_not_go_round(
    shown: Shown,
) -> None:
    link = shown.link(password="open sesame")
    client = Forgetful(Gallery(shown.library))
    told = client.get(link)
    assert (told.status_code, told.url.path) == (200, f"{link}plain")
    # No password is asked for that nothing would remember.
    assert "<form" not in told.text
    assert "This album needs a cookie" in told.text
    assert "Spring" not in told.text
    (again,) = (one for one in Tags(told.text).values("href") if "assets" not in one)
    path = urllib.parse.urljoin(told.url.path, again)
    assert client.get(path).text == told.text
    # Who allows them meanwhile is asked, and gets in.
    allowing = Client(Gallery(shown.library))
    form = allowing.get(path)
    assert 'type="password"' in form.text
    assert (
        "Spring"
        in allowing.request(
            "POST", form.url.path, follow=True, data={"password": "open sesame"}
        ).text
    )
    # What a program sends all the same opens nothing for the next one who asks.
    answer = client.request("POST", path, follow=True, data={"password": "open sesame"})
    assert answer.status_code == 404
    assert "cookie" in answer.text


@pytest.mark.parametrize("code", LANGUAGES)
def test_that_a_locked_album_needs_cookies_is_said_in_every_language(
    shown: Shown, code: str
) -> None:
    client, link = Forgetful(Gallery(shown.library)), shown.link(password="open sesame")
    for path, status in (("plain", 200), ("album.zip", 403)):
        answer = client.get(link + path, headers={"Accept-Language": code})
        assert answer.status_code == status
        assert answer.headers["cache-control"] == "private, no-store"
        for key in ("cookies", "cookies_words", "again"):
            assert str(LANGUAGES[code].messages[key]) in answer.text


def test_dead_links_take_the_same_time(shown: Shown) -> None:
    revoked = shown.library.share(shown.album_id)
    shown.library.revoke(revoked.id)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    expired = narrow(shown.link().strip("/"), expires=past)
    dead = {"revoked": revoked.token, "expired": expired, "unknown": "A" * 86, "none": "B" * 60}
    took: dict[str, list[float]] = {name: [] for name in dead}
    for _ in range(5):
        for name, token in dead.items():
            for path in (f"/{token}/", f"/{token}/album.zip", door(token)):
                began = time.perf_counter()
                assert shown.client.get(path).status_code == 404
                took[name].append(time.perf_counter() - began)
    assert all(len(times) == 15 for times in took.values())
    assert all(min(times) >= 0.1 for times in took.values())
    # The quickest of fifteen: what a busy machine adds is in the others.
    quickest = [min(times) for times in took.values()]
    assert max(quickest) - min(quickest) < 0.02


@pytest.mark.parametrize(
    ("peer_trusted", "told", "secure"),
    [(True, "https", True), (True, "http", False), (False, "https", False), (True, "", False)],
)
def test_a_trusted_proxy_says_whether_recipients_come_over_https(
    shown: Shown,
    peer_trusted: bool,  # noqa: FBT001
    told: str,
    secure: bool,  # noqa: FBT001
) -> None:
    trusted = ["127.0.0.1"] if peer_trusted else ["10.0.0.0/8"]
    client = Client(Gallery(shown.library, trusted_proxies=trusted))
    answer = client.get(shown.link(), follow=False, headers={"X-Forwarded-Proto": told})
    assert ("; secure" in answer.headers["set-cookie"].lower()) is secure


def test_a_cookie_of_another_app_of_that_name_hides_no_album(shown: Shown) -> None:
    link = shown.link()
    token, client = link.strip("/"), Client(Gallery(shown.library))
    for kept, status in (
        (f"photoprivacy={token}; photoprivacy=x", 200),
        (f"photoprivacy=x; photoprivacy={token}", 200),
        (f"photoprivacy=x; other=1;photoprivacy={token}", 200),
        (f"photoprivacy=x; other={token}", 404),
        (f"photoprivacy={'x; photoprivacy=' * 20}{token}", 404),  # so many are not looked at
    ):
        assert client.get(slot(link), headers={"Cookie": kept}).status_code == status, kept


def test_the_password_stays_given_beside_a_cookie_of_that_name_for_the_whole_host(
    shown: Shown,
) -> None:
    link = shown.link(password="open sesame")
    shown.client.get(link)
    answer = shown.client.post(slot(link), data={"password": "open sesame"})
    cookies = [one.partition(";")[0] for one in answer.headers.get_list("set-cookie")]
    assert [one.partition("=")[0] for one in cookies] == ["photoprivacy", "photoprivacy-password"]
    kept = "; ".join([*cookies, "photoprivacy-password=x"])  # RFC 6265, 5.4: long paths first
    answer = Client(Gallery(shown.library)).get(slot(link), headers={"Cookie": kept})
    assert "Spring" in answer.text


def test_a_cookie_full_of_quoting_takes_no_time(shown: Shown) -> None:
    # Python's own reader took 3.5 seconds for this one before 3.11.10 (CVE-2024-7592).
    quoted = 'photoprivacy="' + "\\1" * 30_000 + '"'
    began = time.perf_counter()
    for path in (slot(shown.link()), shown.link(), f"{shown.link()}plain"):
        shown.client.get(path, follow=False, headers={"Cookie": quoted})
    assert time.perf_counter() - began < 1.0


@pytest.mark.parametrize("host", ["[", "[::1", "x]", "a b", "x:99999999", "/", "?", ""])
def test_a_host_that_is_none_is_no_error(shown: Shown, host: str) -> None:
    # The oldest Starlette that is allowed, 0.45, fails to read the address of such a request.
    link = shown.link()
    answer = shown.client.get(link, follow=False, headers={"Host": host})
    assert (answer.status_code, answer.headers["location"]) == (303, f"..{door(link)}")


@pytest.mark.parametrize("spelled", ["%2f", "%2F"])
def test_no_cookie_is_kept_for_a_folder_above(shown: Shown, spelled: str) -> None:
    # To a browser `/s/{slot}%2f{token}` lies in the folder of all albums (RFC 6265, 5.1.4).
    link = shown.link(password="open sesame")
    token = link.strip("/")
    hidden = slot(link)[:-1] + spelled + token
    for method, path in (("GET", hidden), ("POST", hidden), ("GET", f"/{token}{spelled}")):
        cookies = {"Cookie": "photoprivacy-try=1"}
        form = {"password": "open sesame"} if method == "POST" else None
        answer = shown.client.request(method, path, headers=cookies, data=form)
        assert answer.status_code == 404
        assert "set-cookie" not in answer.headers
    for method in ("GET", "POST"):
        form = {"password": "open sesame"} if method == "POST" else None
        answer = shown.client.request(method, door(link), headers=cookies, data=form)
        assert (answer.status_code, "set-cookie" in answer.headers) == (303, True)
