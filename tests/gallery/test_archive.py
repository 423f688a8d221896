"""Albums and places taken as archives."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, MutableMapping
from typing import Any

import anyio
import attrs
import pytest

from gallery.client import Client
from gallery.conftest import Shown, slot
from gallery.test_app import http
from library.photos import PARIS, a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy.albums import Album
from photoprivacy.errors import StoreError
from photoprivacy.gallery import Gallery
from photoprivacy.geo import Precision
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares, UseKind
from photoprivacy.library._wants import RECIPE
from photoprivacy.policy import Policy
from photoprivacy.sharing import Rendition, Scope, ShareSigner, narrow


def opened(data: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


@pytest.fixture
def link(shown: Shown) -> str:
    link = shown.link()
    shown.client.get(link)
    return slot(link)


def test_an_album_is_taken_whole_under_neutral_names(shown: Shown) -> None:
    link = shown.link()
    answer = shown.client.get(f"{link}album.zip")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="album.zip"'
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["cache-control"] == "private, no-cache"
    album = shown.library.open(link.strip("/"))
    with opened(answer.content) as archive:
        names = ["lisbon-01.jpg", "lisbon-02.jpg", "paris-01.jpg", "photo-01.jpg"]
        assert sorted(archive.namelist()) == names
        for photo in album.photos:
            data = archive.read(photo.name)
            assert data == album.file(photo, Rendition.FULL).read()
            assert not inspect(data).violations(Policy.SHARE)
    assert b"MARIA" not in answer.content


@pytest.mark.parametrize(
    ("number", "name", "files"),
    [
        (1, "lisbon.zip", {"lisbon-01.jpg", "lisbon-02.jpg"}),
        (2, "paris.zip", {"paris-01.jpg"}),
        (3, "photo.zip", {"photo-01.jpg"}),
    ],
)
def test_a_place_is_taken_by_the_number_that_the_page_gives_it(
    shown: Shown, link: str, number: int, name: str, files: set[str]
) -> None:
    answer = shown.client.get(f"{link}place-{number}.zip")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    with opened(answer.content) as archive:
        assert set(archive.namelist()) == files


@pytest.mark.parametrize("name", ["place-0", "place-4", "place-99999999", "place-", "Album", "x"])
def test_there_are_no_other_archives(shown: Shown, link: str, name: str) -> None:
    assert shown.client.get(f"{link}{name}.zip").status_code == 404


def test_a_download_that_broke_off_goes_on_anywhere(shown: Shown, link: str) -> None:
    path = f"{link}album.zip"
    whole = shown.client.get(path)
    etag, size = whole.headers["etag"], len(whole.content)
    rng = random.Random(7)
    other = Client(Gallery(shown.library))  # another process, that knows of nothing
    other._cookies = shown.client._cookies
    for start in [0, 1, size - 1, *(rng.randrange(size) for _ in range(40))]:
        headers = {"Range": f"bytes={start}-", "If-Range": etag}
        answer = other.get(path, headers=headers)
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
        assert answer.headers["etag"] == etag
        assert answer.content == whole.content[start:]
    beyond = shown.client.get(path, headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416
    assert shown.client.get(path, headers={"If-None-Match": etag}).status_code == 304
    head = shown.client.head(path)
    assert head.headers == whole.headers
    assert head.content == b""


def test_an_album_that_changed_is_not_glued_to_what_it_was(shown: Shown, link: str) -> None:
    path = f"{link}album.zip"
    before = shown.client.get(path)
    shown.library.add(shown.album_id, a_jpeg(PARIS, color=(1, 2, 3)))
    headers = {"Range": "bytes=100-", "If-Range": before.headers["etag"]}
    after = shown.client.get(path, headers=headers)
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    with opened(after.content) as archive:
        assert len(archive.namelist()) == 5


def test_links_that_give_out_no_files_give_out_no_archive(shown: Shown) -> None:
    token = shown.link().strip("/")
    for link in (
        shown.link(download=False),
        f"/{narrow(token, rendition=Rendition.DISPLAY)}/",
        f"/{narrow(token, scopes=Scope.VIEW)}/",
    ):
        assert shown.client.get(f"{link}album.zip").status_code == 404
    locked = shown.link(password="open sesame")
    assert shown.client.get(f"{locked}album.zip").status_code == 403
    photo = shown.library.open(token).photos[1].id
    with opened(shown.client.get(f"/{narrow(token, photo=photo)}/album.zip").content) as archive:
        assert len(archive.namelist()) == 1


def test_a_narrowed_link_has_an_archive_of_its_own(shown: Shown) -> None:
    token = shown.link(video=True).strip("/")
    narrower = (
        narrow(token, location=Precision.NONE),
        narrow(token, scopes=Scope.VIEW),
        narrow(token, scopes=Scope.VIEW | Scope.DOWNLOAD),
    )
    for _ in range(2):
        names: list[str | None] = []
        for one in (token, *narrower):
            answer = shown.client.get(f"/{one}/album.zip")
            if answer.status_code == 404:
                names.append(None)
                continue
            with opened(answer.content) as archive:
                names.append(min(archive.namelist()))
        assert names == ["lisbon-01.jpg", "photo-01.jpg", None, "lisbon-01.jpg"]


def test_what_the_owner_changes_is_another_archive_at_once(shown: Shown, link: str) -> None:
    before = shown.client.get(f"{link}album.zip")
    album = shown.library.album(shown.album_id)
    for photo in album.photos:
        shown.library.save(
            shown.library.album(album.id).with_photo(attrs.evolve(photo, place=None))
        )
    after = shown.client.get(f"{link}album.zip")
    assert after.headers["etag"] != before.headers["etag"]
    with opened(after.content) as archive:
        assert sorted(archive.namelist()) == [f"photo-0{number}.jpg" for number in range(1, 5)]


def test_what_was_cropped_away_stays_out(shown: Shown) -> None:
    album = shown.library.album(shown.album_id)
    shown.library.save(album.with_photo(attrs.evolve(album.photos[0], cropped=True)))
    for hidden, count in ((False, 3), (True, 4)):
        answer = shown.client.get(f"{shown.link(hidden_pixels=hidden)}album.zip")
        with opened(answer.content) as archive:
            assert len(archive.namelist()) == count


def ask(
    gallery: Gallery, path: str, between: Any = None, headers: dict[str, str] | None = None
) -> list[MutableMapping[str, Any]]:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, object]:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        if between is not None:
            between(len(sent))

    scope = http(path) | {
        "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()]
    }
    anyio.run(gallery, scope, receive, send)
    return sent


@pytest.mark.parametrize("end", ["revoke", "remove", "take back", "password"])
def test_an_archive_ends_short_where_its_link_ends(shown: Shown, end: str) -> None:
    gallery = Gallery(shown.library)
    share = shown.library.share(shown.album_id)
    photos = shown.library.album(shown.album_id).photos
    shares = shown.library._shares

    def between(count: int) -> None:
        if count != 3:
            return
        record = shares.get(share.id)
        assert record is not None
        if end == "revoke":
            shown.library.revoke(share.id)
        elif end == "remove":
            for one in photos:
                shown.library.remove(shown.album_id, one.id)
        else:
            shares.revoke(share.id)
            changed = {"scopes": Scope.VIEW} if end == "take back" else {"password": "x"}
            shares.add(attrs.evolve(record, **changed))

    sent = ask(gallery, f"/{share.token}/album.zip", between)
    assert sent[0]["status"] == 200
    promised = int(dict(sent[0]["headers"])[b"content-length"])
    body = b"".join(one.get("body", b"") for one in sent[1:])
    assert 0 < len(body) < promised
    # The server is not told that this is the end: it breaks the connection off.
    assert sent[-1]["more_body"]
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(body))


class Shaky(MemoryBlobs):
    """A store that can be down, and can lose things."""

    down = False

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        if self.down:
            raise StoreError("away")
        return super().read(key, start, stop)

    def size(self, key: str, /) -> int | None:
        if self.down:
            raise StoreError("away")
        return super().size(key)


@attrs.frozen(kw_only=True)
class Shaken:
    blobs: Shaky
    library: Library
    album: Album
    link: str
    client: Client


@pytest.fixture
def shaken() -> Iterator[Shaken]:
    blobs = Shaky()
    library = Library(blobs, MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    album = library.create_album("Spring")
    for number in range(4):
        library.add(album.id, a_jpeg(None, color=(50 * number, 9, 9)))
    yield Shaken(
        blobs=blobs,
        library=library,
        album=library.album(album.id),
        link=f"/{library.share(album.id).token}/",
        client=Client(Gallery(library)),
    )
    blobs.down = False


def test_what_has_no_clean_copy_is_said_inside(shaken: Shaken) -> None:
    ids = [photo.id for photo in shaken.album.photos]
    shaken.blobs.remove(f"{shaken.album.id}/{ids[1]}/original")
    shaken.blobs.put(f"{shaken.album.id}/{ids[2]}/original", b"\xff\xd8\xff\xe0 nothing")
    answer = shaken.client.get(f"{shaken.link}album.zip")
    assert answer.status_code == 200
    with opened(answer.content) as archive:
        assert archive.namelist() == ["photo-01.jpg", "photo-04.jpg", "NOT-INCLUDED.txt"]
        assert archive.read("NOT-INCLUDED.txt").startswith(b"2 of 4 files")


def test_what_is_lost_later_is_said_the_next_time(shaken: Shaken) -> None:
    ids = [photo.id for photo in shaken.album.photos]
    path = f"{shaken.link}album.zip"
    assert shaken.client.get(path).status_code == 200
    shaken.blobs.remove(f"{shaken.album.id}/{ids[0]}/original")
    shaken.blobs.remove(f"{shaken.album.id}/{ids[0]}/full.{RECIPE}")
    for client in (shaken.client, Client(Gallery(shaken.library))):
        with opened(client.get(path).content) as archive:
            assert len(archive.namelist()) == 4
            assert archive.read("NOT-INCLUDED.txt").startswith(b"1 of 4 files")
    for one in ids:
        for name in ("original", f"full.{RECIPE}"):
            shaken.blobs.remove(f"{shaken.album.id}/{one}/{name}")
    # Each try finds some of them lost, and in the end there is nothing to give out.
    statuses = [Client(Gallery(shaken.library)).get(path).status_code for _ in range(4)]
    assert set(statuses) <= {503, 404}
    assert statuses[-1] == 404


def test_a_store_that_is_down_is_no_empty_archive(shaken: Shaken) -> None:
    shaken.blobs.down = True
    answer = shaken.client.get(f"{shaken.link}album.zip")
    assert answer.status_code == 503
    assert answer.headers["cache-control"] == "private, no-store"
    shaken.blobs.down = False
    assert shaken.client.get(f"{shaken.link}album.zip").status_code == 200


def test_a_clean_copy_that_had_to_make_room_is_made_again_for_the_same_archive(
    shaken: Shaken,
) -> None:
    before = shaken.client.get(f"{shaken.link}album.zip")
    for photo in shaken.album.photos:
        shaken.blobs.remove(f"{shaken.album.id}/{photo.id}/full.{RECIPE}")
    after = shaken.client.get(f"{shaken.link}album.zip")
    assert after.headers["etag"] == before.headers["etag"]
    assert after.content == before.content
    # The same where nothing is remembered in memory.
    again = Client(Gallery(shaken.library)).get(f"{shaken.link}album.zip")
    assert again.content == before.content


def test_what_takes_long_to_pack_is_told_and_goes_on(
    shaken: Shaken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy.gallery._archive._PATIENCE", 0.0)
    monkeypatch.setattr("photoprivacy.gallery._archive._TURN", 0.0)
    answers = []
    for _ in range(10):
        answers.append(shaken.client.get(f"{shaken.link}album.zip"))
        if answers[-1].status_code == 200:
            break
        assert answers[-1].status_code == 503
        assert answers[-1].headers["retry-after"] == answers[-1].headers["refresh"] == "5"
        monkeypatch.setattr("photoprivacy.gallery._archive._PATIENCE", 0.02 * len(answers))
    assert "of 4 files are ready" in answers[0].text
    with opened(answers[-1].content) as archive:
        assert len(archive.namelist()) == 4


def test_only_so_many_archives_of_one_link_are_sent_at_once(shaken: Shaken) -> None:
    gallery = Gallery(shaken.library)
    statuses: list[int] = []
    go_on = anyio.Event

    async def at_once() -> None:
        let = go_on()

        async def one() -> None:
            async def receive() -> dict[str, object]:
                await anyio.sleep_forever()
                raise AssertionError

            async def send(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])
                    if len(statuses) == 20:
                        let.set()
                    await let.wait()

            await gallery(http(f"{shaken.link}album.zip"), receive, send)

        with anyio.fail_after(30):
            async with anyio.create_task_group() as group:
                for _ in range(20):
                    group.start_soon(one)

    anyio.run(at_once)
    assert sorted(statuses) == [200] * 16 + [429] * 4


def test_the_owner_is_told_of_each_file_that_goes_out_and_of_none_that_does_not() -> None:
    told: list[tuple[UseKind, str | None]] = []
    library = Library(
        MemoryBlobs(),
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        audit=lambda use: told.append((use.kind, use.photo_id)),
    )
    album = library.create_album("Spring")
    photos = [library.add(album.id, a_jpeg(None, color=(n, 9, 9))) for n in (1, 90, 200)]
    link = f"/{library.share(album.id).token}/album.zip"
    client = Client(Gallery(library))
    client.head(link)
    assert [kind for kind, _ in told] == [UseKind.OPENED]
    client.get(link)
    files = [photo for kind, photo in told if kind is UseKind.FILE]
    assert files == [photo.id for photo in photos]
