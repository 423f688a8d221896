"""A share may have its links narrowed in thousands of ways: what it sends away is its own."""

from __future__ import annotations

import datetime as dt
import random
import threading
from typing import Any

import anyio
import httpx
import pytest

from gallery.client import Client
from gallery.conftest import Shown
from photoprivacy.gallery import Gallery
from photoprivacy.gallery import _archive as archives
from photoprivacy.gallery import _files as files
from photoprivacy.gallery._rations import Rations
from photoprivacy.library import SharedAlbum
from photoprivacy.sharing import narrow


def test_a_share_that_has_too_much_loses_its_own_oldest() -> None:
    kept: Rations[str, int] = Rations(10, 3)
    kept.put("other", "o", 1)
    for number in range(1000):
        kept.put("greedy", f"g{number}", number)
    assert kept.get("o") == 1
    assert [kept.get(f"g{number}") for number in range(995, 1000)] == [None, None, 997, 998, 999]


def test_where_all_have_too_much_the_share_with_most_loses() -> None:
    kept: Rations[str, int] = Rations(10, 6)
    for number in range(6):
        kept.put("greedy", f"g{number}", number)
    for share in "abcdefgh":
        kept.put(share, share, 1)
    assert [kept.get(share) for share in "abcdefgh"] == [1] * 8
    assert [kept.get(f"g{number}") for number in range(6)] == [None] * 4 + [4, 5]
    # Of shares alike, the one that kept nothing for longest.
    for share in "ijk":
        kept.put(share, share, 1)
    assert [kept.get(f"g{number}") for number in range(6)] == [None] * 6
    assert [kept.get(share) for share in "abcdefghijk"] == [None] + [1] * 10


def test_the_newest_is_kept_however_much_it_is() -> None:
    kept: Rations[str, int] = Rations(10, 3)
    kept.put("a", "small", 1, weight=2)
    kept.put("b", "huge", 2, weight=100)
    assert (kept.get("small"), kept.get("huge")) == (None, 2)
    kept.put("b", "huge", 3, weight=1)
    kept.put("a", "small", 4, weight=2)
    assert (kept.get("small"), kept.get("huge")) == (4, 3)
    kept.drop(3)
    assert (kept.get("small"), kept.get("huge")) == (4, None)


def test_no_more_is_kept_than_may_be_whatever_comes() -> None:
    drawn = random.Random(7)
    kept: Rations[int, int] = Rations(40, 12)
    sizes: dict[int, tuple[str, int]] = {}
    for _ in range(5000):
        key = drawn.randrange(200)
        share, weight = f"share {key % 23}", drawn.randrange(1, 8)
        sizes[key] = share, weight
        kept.put(share, key, key, weight)
        there = [one for one in sizes if kept.get(one) is not None]
        assert key in there
        assert sum(sizes[one][1] for one in there) <= 40
        for name in {sizes[one][0] for one in there}:
            assert sum(sizes[one][1] for one in there if sizes[one][0] == name) <= 12


def narrowed(link: str, count: int) -> list[str]:
    """Return that many links that a recipient makes of one, each another one."""
    now = dt.datetime.now(dt.UTC)
    ends = (now + dt.timedelta(hours=1, seconds=number) for number in range(count))
    return [f"/{narrow(link.strip('/'), expires=end)}/" for end in ends]


def test_narrowed_links_of_one_share_send_no_archive_and_no_album_of_another_away(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_OPENED", 600.0)
    monkeypatch.setattr(archives, "_KNOWN_EACH", 1020)  # five of four files each
    other, greedy = shown.link(), shown.link()
    gallery = Gallery(shown.library)
    client = Client(gallery)
    photo = shown.library.open(other.strip("/")).photos[0].id
    opened: list[str] = []
    packed: list[str] = []
    pack = SharedAlbum.packed

    def opening(token: str, **given: Any) -> SharedAlbum:
        opened.append(token)
        return shown.library.open(token, **given)

    def packing(album: SharedAlbum, one: str, **given: Any) -> Any:
        packed.append(one)
        return pack(album, one, **given)

    monkeypatch.setattr(gallery._files, "_open", opening)
    monkeypatch.setattr(SharedAlbum, "packed", packing)
    for path in ("album.zip", f"p/{photo}/thumb"):
        assert client.get(other + path).status_code == 200
    before = len(opened), len(packed)
    mine = shown.library.open(greedy.strip("/")).photos[0].id
    for link in narrowed(greedy, 80):
        assert client.get(f"{link}p/{mine}/thumb").status_code == 200
        assert client.get(f"{link}album.zip").status_code == 200
    assert (len(opened), len(packed)) == (before[0] + 80, before[1] + 80 * 4)
    for path in ("album.zip", f"p/{photo}/thumb"):
        assert client.get(other + path).status_code == 200
    assert (len(opened), len(packed)) == (before[0] + 80, before[1] + 80 * 4)


@pytest.mark.parametrize(("of_all", "status"), [(False, 429), (True, 503)])
def test_those_who_wait_for_archives_are_no_more_than_may(
    shown: Shown, monkeypatch: pytest.MonkeyPatch, *, of_all: bool, status: int
) -> None:
    monkeypatch.setattr(archives, "_PACKING_ALL" if of_all else "_PACKING", 3)
    shares = [shown.link() for _ in range(4 if of_all else 1)]
    links = [link for share in shares for link in narrowed(share, 8 // len(shares))]
    (ready,) = narrowed(shares[0], 9)[8:]
    gallery = Gallery(shown.library)
    assert Client(gallery).get(f"{ready}album.zip").status_code == 200
    hold, answers = threading.Event(), []
    pack = SharedAlbum.packed

    def held(album: SharedAlbum, *given: Any, **named: Any) -> Any:
        assert hold.wait(30)
        return pack(album, *given, **named)

    monkeypatch.setattr(SharedAlbum, "packed", held)

    async def at_once() -> None:
        transport = httpx.ASGITransport(gallery)
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:

            async def ask(path: str) -> None:
                answers.append(await client.get(path, timeout=30))
                if len(answers) == 5:  # whoever could not wait
                    # What is ready is given out all the same.
                    assert (await client.get(f"{ready}album.zip")).status_code == 200
                    hold.set()

            with anyio.fail_after(30):
                async with anyio.create_task_group() as group:
                    for link in links:
                        group.start_soon(ask, f"{link}album.zip")

    anyio.run(at_once)
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [status] * 5
    refused = [answer for answer in answers if answer.status_code == status]
    assert all("Too much at once" in answer.text for answer in refused)
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert all(answer.headers["cache-control"] == "private, no-store" for answer in refused)
