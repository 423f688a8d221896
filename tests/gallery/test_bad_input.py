"""Whatever comes, from askers and from photos: said, bounded, and over with that one."""

from __future__ import annotations

import datetime as dt
import re
import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, MutableMapping
from typing import Any

import anyio
import anyio.to_thread
import attrs
import httpx
import pytest

from gallery.client import Client
from gallery.conftest import Shown
from gallery.test_app import http
from gallery.test_archive import Shaken, shaken  # noqa: F401 - a fixture
from library.photos import a_jpeg
from photoprivacy.albums import Album
from photoprivacy.errors import MalformedImage
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._page import Page, page
from photoprivacy.gallery._serve import serve
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares, SharedAlbum
from photoprivacy.limits import Limits
from photoprivacy.renditions import Drawn, draw
from photoprivacy.sharing import ShareSigner, narrow


def photos_at(client: Client, link: str) -> list[str]:
    found = re.findall(r"p/([0-9a-f]{32})/thumb", client.get(f"{link}plain").text)
    return list(dict.fromkeys(found))


def test_a_thousand_ranges_are_answered_with_the_one_file(shown: Shown) -> None:
    link = shown.link()
    photo = photos_at(shown.client, link)[0]
    path = f"{link}p/{photo}/full"
    whole = shown.client.get(path).content
    ranges = ",".join(f"{n}-{n}" for n in range(1000))
    for given in (ranges, "0-,0-,0-", "-0,-1", "5-1", "9" * 30 + "-", "a-b", "0-0" + "," * 999):
        answer = shown.client.get(path, headers={"Range": f"bytes={given}"})
        assert answer.status_code == 200
        assert answer.content == whole


@pytest.mark.parametrize(
    "end",
    [
        *("huge", "thumb.png", "full.webp", "video.webp", "video", "display.avif", "original"),
        *("thumb.webp.webp", "thumb/", "1600", "thumb.jpg", "", "../full", "thumb%00", "THUMB"),
    ],
)
def test_there_are_no_other_sizes(shown: Shown, end: str) -> None:
    link = shown.link()
    photo = photos_at(shown.client, link)[0]
    assert shown.client.get(f"{link}p/{photo}/{end}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("p/../album.css/thumb", "p/..%2f..%2foriginal/full", "p//thumb", "p/%00/thumb"),
        *("p/" + "a" * 5000 + "/thumb", "..%2f..%2fetc%2fpasswd", "%5c..%5c/", "p/\udcff/full"),
        "p/" + "0" * 32 + "/full",
    ],
)
def test_a_path_leads_nowhere_else(shown: Shown, path: str) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        await anyio.sleep_forever()
        raise AssertionError

    raw = f"{shown.link()}{path}"
    decoded = urllib.parse.unquote(raw)
    scope = http("/") | {"path": decoded, "raw_path": raw.encode("utf-8", "surrogateescape")}
    anyio.run(Gallery(shown.library), scope, receive, send)
    assert sent[0]["status"] == 404
    assert len(b"".join(one.get("body", b"") for one in sent)) < 10_000


def test_names_and_titles_cannot_add_headers(shown: Shown) -> None:
    album = shown.library.album(shown.album_id)
    assert album.photos[1].place is not None
    place = attrs.evolve(album.photos[1].place, city='L"\u2028isbon; filename=x', key="x/1")
    album = album.with_photo(attrs.evolve(album.photos[1], place=place))
    shown.library.save(
        attrs.evolve(album, title="Set-Cookie: a=b; \u202egnirpS </title>" + "x" * 100)
    )
    link = shown.link()
    for path in (
        "",
        "album.zip",
        "place-1.zip",
        *(f"p/{p}/full" for p in photos_at(shown.client, link)),
    ):
        answer = shown.client.get(link + path, follow=False)
        assert "a=b" not in str(answer.headers)
        for name, value in answer.headers.items():
            assert value.isascii(), name
        found = answer.headers.get("content-disposition", 'attachment; filename="ok.zip"')
        assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', found)


def test_a_huge_title_is_a_long_page_and_nothing_else(shown: Shown) -> None:
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    title = "T" * 300
    album = library.create_album(title)
    library.add(album.id, a_jpeg())
    client = Client(Gallery(library))
    link = f"/{library.share(album.id).token}/"
    assert title in client.get(link).text
    assert len(str(client.get(f"{link}album.zip").headers)) < 2000


def test_a_photo_that_vanished_is_said_in_its_own_shape(shaken: Shaken) -> None:  # noqa: F811
    first, *others = photos_at(shaken.client, shaken.link)
    shaken.blobs.remove(f"{shaken.album.id}/{shaken.album.photos[0].id}/original")
    for size, shape in (("thumb", (400, 300)), ("display", (640, 480)), ("thumb.webp", (400, 300))):
        answer = shaken.client.get(f"{shaken.link}p/{first}/{size}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "private, no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        width, height = shape
        assert f'width="{width}" height="{height}"' in answer.text
        assert "etag" not in answer.headers
    whole = shaken.client.get(f"{shaken.link}p/{first}/full")
    assert whole.status_code == 404
    assert "This photo is not here" in whole.text
    assert shaken.client.get(shaken.link).status_code == 200
    for other in others:
        assert shaken.client.get(f"{shaken.link}p/{other}/thumb").status_code == 200


def test_a_store_that_is_down_is_said_and_comes_back(shaken: Shaken) -> None:  # noqa: F811
    first = photos_at(shaken.client, shaken.link)[0]
    shaken.blobs.down = True
    picture = shaken.client.get(f"{shaken.link}p/{first}/thumb")
    assert picture.status_code in (503, 200)
    assert shaken.client.get(f"{shaken.link}p/{first}/full").status_code == 503
    shaken.blobs.down = False
    assert shaken.client.get(f"{shaken.link}p/{first}/thumb").status_code == 200
    assert shaken.client.get(f"{shaken.link}p/{first}/full").status_code == 200


class Deadly:
    """Draws, and comes to grief over one colour; it counts."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.hold = threading.Event()
        self.hold.set()
        self.started = threading.Semaphore(0)

    def __call__(self, data: bytes, /, *, size: int, media_type: str, limits: Limits) -> Drawn:
        self.asked.append(size)
        self.started.release()
        assert self.hold.wait(30)
        drawn = draw(data, size=size, media_type=media_type, limits=limits)
        if drawn.color[0] < 40:
            raise MalformedImage("picture", 0, "ended the process that decoded it")
        return drawn


@attrs.frozen(kw_only=True)
class Drawing:
    library: Library
    deadly: Deadly
    albums: tuple[str, ...]
    client: Client

    def link(self, number: int = 0) -> str:
        return f"/{self.library.share(self.albums[number]).token}/"


@pytest.fixture
def drawing() -> Iterator[Drawing]:
    deadly = Deadly()
    library = Library(
        MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}), draw=deadly
    )
    albums = []
    for title in ("Spring", "Autumn"):
        album = library.create_album(title)
        albums.append(album.id)
        for number in range(8):
            library.add(album.id, a_jpeg(None, color=(30 * number, 90, 9)))
    yield Drawing(
        library=library, deadly=deadly, albums=tuple(albums), client=Client(Gallery(library))
    )
    deadly.hold.set()


def test_a_hostile_photo_is_tried_once_and_the_others_go_on(drawing: Drawing) -> None:
    link = drawing.link()
    photos = photos_at(drawing.client, link)
    answers = [drawing.client.get(f"{link}p/{one}/thumb") for one in photos for _ in range(3)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [404] * 6 + [200] * 18
    assert len(drawing.deadly.asked) == 8  # the two that fail are not tried again
    # In full resolution it is served: no pixel is decoded for that.
    assert drawing.client.get(f"{link}p/{photos[0]}/full").status_code == 200


def test_a_photo_that_failed_is_tried_again_some_time_later(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy.library._derive._GIVEN_UP", 0.0)
    link = drawing.link()
    photo = photos_at(drawing.client, link)[0]
    for _ in range(3):
        assert drawing.client.get(f"{link}p/{photo}/thumb").status_code == 404
    assert len(drawing.deadly.asked) == 3


def test_who_leaves_before_it_began_has_nothing_drawn(drawing: Drawing) -> None:
    link = drawing.link()
    photos = photos_at(drawing.client, link)[2:]
    gallery = Gallery(drawing.library)
    drawing.deadly.hold.clear()
    answered: list[str] = []

    async def one(photo: str, leave: anyio.Event) -> None:
        async def receive() -> dict[str, object]:
            await leave.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            answered.append(photo)

        await gallery(http(f"{link}p/{photo}/display"), receive, send)

    async def at_once() -> None:
        leave, stay = anyio.Event(), anyio.Event()
        with anyio.fail_after(30):
            async with anyio.create_task_group() as group:
                for number, photo in enumerate(photos):
                    group.start_soon(one, photo, stay if number < 3 else leave)
                    await anyio.sleep(0.02)
                for _ in range(3):
                    await anyio.to_thread.run_sync(drawing.deadly.started.acquire)
                leave.set()
                await anyio.sleep(0.1)
                drawing.deadly.hold.set()

    anyio.run(at_once)
    assert len(drawing.deadly.asked) == 3  # as many as one share may have drawn at once
    assert set(answered) == set(photos[:3])


def test_a_share_that_asks_for_everything_leaves_room_for_others(drawing: Drawing) -> None:
    greedy, other = drawing.link(0), drawing.link(1)
    theirs = photos_at(drawing.client, greedy)[2:]
    mine = photos_at(drawing.client, other)[5]
    gallery = Gallery(drawing.library)
    slow = drawing.deadly
    slow.hold.clear()
    statuses: list[int] = []

    async def at_once() -> None:
        transport = httpx.ASGITransport(gallery)
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:

            async def ask(path: str) -> None:
                statuses.append((await client.get(path)).status_code)

            with anyio.fail_after(30):
                async with anyio.create_task_group() as group:
                    for photo in theirs:
                        group.start_soon(ask, f"{greedy}p/{photo}/display")
                    for _ in range(3):
                        await anyio.to_thread.run_sync(slow.started.acquire)
                    await anyio.sleep(0.2)
                    assert len(slow.asked) == 3
                    group.start_soon(ask, f"{other}p/{mine}/thumb")
                    # It begins, though the greedy one has more waiting.
                    await anyio.to_thread.run_sync(slow.started.acquire)
                    slow.hold.set()

    anyio.run(at_once)
    assert statuses == [200] * 7


def test_those_who_wait_are_no_more_than_may(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy.gallery._files._WAITING", 4)
    link = drawing.link()
    photos = photos_at(drawing.client, link)[2:]
    gallery = Gallery(drawing.library)
    drawing.deadly.hold.clear()
    statuses: list[int] = []

    async def at_once() -> None:
        transport = httpx.ASGITransport(gallery)
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:

            async def ask(path: str) -> None:
                statuses.append((await client.get(path)).status_code)
                if statuses.count(429) == 2:
                    drawing.deadly.hold.set()

            with anyio.fail_after(30):
                async with anyio.create_task_group() as group:
                    for photo in photos:
                        group.start_soon(ask, f"{link}p/{photo}/display")

    anyio.run(at_once)
    assert sorted(statuses) == [200] * 4 + [429] * 2


def test_a_slow_reader_and_one_who_leaves_hold_up_nobody(shown: Shown) -> None:
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    album = library.create_album("Spring")
    for _ in range(3):
        library.add(album.id, a_jpeg() + b"", name="x.jpg")
    token = library.share(album.id).token
    before = threading.active_count()
    with serve(Gallery(library)) as base:
        host, port = base.removeprefix("http://").split(":")
        idle: list[socket.socket] = []
        for number in range(60):
            one = socket.create_connection((host, int(port)), timeout=10)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            asked = f"GET /{token}/album.zip HTTP/1.1\r\nHost: x\r\n\r\n"
            # Some never finish asking, some never read, some go at once.
            one.sendall(asked.encode()[: 20 if number % 3 == 0 else None])
            if number % 3 == 1:
                one.close()
            else:
                idle.append(one)
        took = []
        for _ in range(5):
            began = time.perf_counter()
            with urllib.request.urlopen(f"{base}/{token}/plain", timeout=20) as answer:
                assert answer.status == 200
            took.append(time.perf_counter() - began)
        assert min(took) < 2
        for one in idle:
            one.close()
    assert threading.active_count() <= before + 40


def test_thumbs_of_a_page_that_is_open_are_drawn_before_they_are_asked_for(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy.gallery._files._PAUSE", 0.01)
    link = drawing.link()
    with serve(Gallery(drawing.library)) as base:
        with urllib.request.urlopen(f"{base}{link}plain", timeout=20) as answer:
            found = re.findall(r"p/([0-9a-f]{32})/thumb", answer.read().decode())
        until = time.monotonic() + 20
        while len(drawing.deadly.asked) < 8 and time.monotonic() < until:
            time.sleep(0.02)
    assert drawing.deadly.asked == [400] * 8
    # They are there, all but those that cannot be drawn.
    photos = list(dict.fromkeys(found))
    statuses = [drawing.client.get(f"{link}p/{one}/thumb").status_code for one in photos]
    assert statuses == [404] * 2 + [200] * 6
    assert drawing.deadly.asked == [400] * 8


def test_nothing_is_drawn_ahead_for_a_link_that_was_ended(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy.gallery._files._PAUSE", 0.5)
    link = drawing.link()
    with serve(Gallery(drawing.library)) as base:
        with urllib.request.urlopen(f"{base}{link}plain", timeout=20) as answer:
            assert answer.status == 200
        drawing.library.revoke_all(drawing.albums[0])
        time.sleep(1.0)
    assert drawing.deadly.asked == []


def test_a_page_that_is_asked_for_many_times_is_drawn_ahead_once(shown: Shown) -> None:
    token = shown.link().strip("/")
    opened = [shown.library.open(token) for _ in range(20)]
    asked: list[str] = []
    line = SharedAlbum.line

    def counted(album: SharedAlbum, photo: str, *given: Any, **named: Any) -> str | None:
        asked.append(photo)
        return line(album, photo, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("photoprivacy.gallery._files._PAUSE", 0.01)
        patch.setattr(SharedAlbum, "line", counted)

        async def visit() -> None:
            files = Gallery(shown.library)._files
            for _ in range(2):
                async with anyio.create_task_group() as group:
                    for album in opened:
                        group.start_soon(files.ahead, album, "image/jpeg")

        anyio.run(visit)
    # The second crowd, which comes when the first is done, is drawn for once more.
    assert len(asked) == 2 * 4
    assert len(set(asked)) == 4


def test_albums_take_turns_at_being_drawn_ahead(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process draws for one album alone: to go to and fro would cost one for each picture."""
    monkeypatch.setattr("photoprivacy.gallery._files._PAUSE", 0.01)
    monkeypatch.setattr("photoprivacy.gallery._files._ALBUMS_AHEAD", 1)
    monkeypatch.setattr("photoprivacy.gallery._files._TURN", 2)
    opened = [shown.library.open(shown.link().strip("/")) for _ in range(3)]
    drawn: list[str] = []

    def make(album: SharedAlbum, *_: Any) -> None:
        drawn.append(album.id)
        time.sleep(0.02)

    monkeypatch.setattr(SharedAlbum, "make", make)

    async def visit() -> None:
        files = Gallery(shown.library)._files
        with anyio.fail_after(30):
            async with anyio.create_task_group() as group:
                for album in opened:
                    group.start_soon(files.ahead, album, "image/jpeg")

    anyio.run(visit)
    turns = [drawn[at : at + 2] for at in range(0, len(drawn), 2)]
    assert len(turns) == 6
    assert all(one == other for one, other in turns)
    # Nobody has a second turn before everybody had one.
    assert {one for one, _ in turns[:3]} == {album.id for album in opened}


class Stuck(MemoryAlbums):
    """A store that answers for one album when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = ""
        self.go_on = threading.Event()
        self.asked = threading.Semaphore(0)

    def get(self, album_id: str, /) -> Album | None:
        if album_id == self.slow:
            self.asked.release()
            self.go_on.wait(30)
        return super().get(album_id)


def narrowings(link: str, count: int) -> list[str]:
    """Return *count* links that open as much as *link* does, a little shorter."""
    until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    token = link.strip("/")
    return [f"/{narrow(token, expires=until + dt.timedelta(seconds=one))}/" for one in range(count)]


@pytest.mark.parametrize("end", ["plain", "photos.json", "album.zip", "p/" + "0" * 32 + "/thumb"])
def test_a_link_in_many_narrowings_leaves_threads_to_others(end: str) -> None:
    albums = Stuck()
    library = Library(MemoryBlobs(), albums, MemoryShares(), ShareSigner({1: b"k" * 32}))
    greedy, other = (library.create_album(title) for title in ("Greedy", "Other"))
    for album in (greedy, other):
        library.add(album.id, a_jpeg(None))
    theirs = narrowings(f"/{library.share(greedy.id).token}/", 40)
    mine = f"/{library.share(other.id).token}/plain"
    gallery = Gallery(library)
    albums.slow = greedy.id
    statuses: list[int] = []

    async def at_once() -> None:
        transport = httpx.ASGITransport(gallery)
        async with httpx.AsyncClient(transport=transport, base_url="http://gallery.test") as client:

            async def ask(path: str) -> None:
                statuses.append((await client.get(path)).status_code)

            async with anyio.create_task_group() as group:
                for link in theirs:
                    group.start_soon(ask, f"{link}{end}")
                await anyio.to_thread.run_sync(albums.asked.acquire)
                await anyio.sleep(0.2)
                try:
                    with anyio.fail_after(5):
                        assert (await client.get(mine)).status_code == 200
                    assert not statuses
                finally:
                    albums.go_on.set()

    anyio.run(at_once)
    assert len(statuses) == 40
    assert set(statuses) <= {200, 404}


def test_a_page_that_many_ask_for_is_laid_out_once_and_its_narrowings_in_turn(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, busy, most, made = threading.Lock(), 0, 0, 0

    def counted(*given: Any, **named: Any) -> Page:
        nonlocal busy, most, made
        with lock:
            busy, made = busy + 1, made + 1
            most = max(most, busy)
        time.sleep(0.02)
        try:
            return page(*given, **named)
        finally:
            with lock:
                busy -= 1

    monkeypatch.setattr("photoprivacy.gallery._app.page", counted)
    monkeypatch.setattr("photoprivacy.gallery._page.DRAWN", 1)
    link, gallery = shown.link(), Gallery(shown.library)

    def ask(paths: list[str]) -> list[int]:
        statuses: list[int] = []

        async def at_once() -> None:
            transport = httpx.ASGITransport(gallery)
            async with httpx.AsyncClient(transport=transport, base_url="http://x.test") as client:

                async def one(path: str) -> None:
                    statuses.append((await client.get(path)).status_code)

                async with anyio.create_task_group() as group:
                    for path in paths:
                        group.start_soon(one, path)

        anyio.run(at_once)
        return statuses

    assert ask([f"{link}plain"] * 20) == [200] * 20
    assert (made, most) == (1, 1)
    # What follows from the whole album is the same from whichever photo on the page begins.
    assert ask([f"{link}photos.json?from={one}" for one in range(1, 5)]) == [200] * 4
    assert made == 1
    assert ask([f"{one}places.json" for one in narrowings(link, 12)]) == [200] * 12
    assert (made, most) == (13, 1)
