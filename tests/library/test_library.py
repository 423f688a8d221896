"""The owner's side: ingest, albums, stores."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from builders_gif import animation
from builders_movie import video
from library.photos import LISBON, a_jpeg
from photoprivacy import inspect
from photoprivacy.albums import Album, new_id
from photoprivacy.errors import (
    CannotStrip,
    InvalidToken,
    PhotoPrivacyError,
    PlaceError,
    StoreError,
    UnsupportedFormat,
)
from photoprivacy.geo import Coordinates, Place
from photoprivacy.library import FolderBlobs, Library, MemoryBlobs
from photoprivacy.sharing import Rendition
from verify.built import CODED, heic, iref


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_stored_untouched_with_what_it_tells(library: Library) -> None:
    album = library.create_album("Spring")
    data = a_jpeg(orientation=6)
    photo = library.add(album.id, data, name="IMG_1.jpg")
    assert library.album(album.id).photos == (photo,)
    assert photo.format == "jpeg"
    assert photo.size == len(data)
    assert (photo.width, photo.height, photo.orientation) == (640, 480, 6)
    assert photo.place is not None
    assert photo.place.city == "Lisbon"
    assert photo.coordinates is not None
    assert photo.coordinates.latitude == pytest.approx(LISBON[0], abs=1e-4)
    assert photo.captured_at is not None
    assert photo.captured_at.local.isoformat() == "2024-05-01T12:30:05"
    assert photo.name == "IMG_1.jpg"
    assert library._blobs.read(f"{album.id}/{photo.id}/original") == data


def test_a_path_lends_its_name(library: Library, tmp_path: Path) -> None:
    album = library.create_album("")
    path = tmp_path / "IMG_é.jpg"
    path.write_bytes(a_jpeg())
    assert library.add(album.id, path).name == "IMG_é.jpg"
    assert library.add(album.id, path.read_bytes()).name == ""
    odd = os.fsencode(tmp_path) + b"/\xff.jpg"
    Path(os.fsdecode(odd)).write_bytes(a_jpeg())
    assert library.add(album.id, os.fsdecode(odd)).name == "\ufffd.jpg"


@pytest.mark.parametrize(
    "data", [b"", b"hello, this is a text\n" * 50, b"%PDF-1.7\n", b"\xff\xd8\xff", a_jpeg()[:300]]
)
def test_what_is_no_photo_is_refused_and_nothing_is_stored(tmp_path: Path, data: bytes) -> None:
    library = Library.at(tmp_path / "library")
    album = library.create_album("")
    with pytest.raises(PhotoPrivacyError):
        library.add(album.id, data)
    assert library.album(album.id).photos == ()
    assert files_under(tmp_path / "library" / "blobs") == []


def test_a_text_named_like_a_photo_is_unsupported(library: Library, tmp_path: Path) -> None:
    album = library.create_album("")
    path = tmp_path / "photo.jpg"
    path.write_text("hello")
    with pytest.raises(UnsupportedFormat):
        library.add(album.id, path)


def test_a_photo_that_recipients_could_never_open_is_not_stored(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("")
    picture = (b"hvc1", CODED)
    a_part = heic({1: picture, 2: picture}, references=(iref(b"thmb", 1, 2),))
    inspect(a_part)
    with pytest.raises(CannotStrip):
        library.add(album.id, a_part)
    assert library.album(album.id).photos == ()
    assert files_under(tmp_path / "blobs") == []


def test_a_photo_for_no_album_is_not_stored(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    with pytest.raises(StoreError):
        library.add(new_id(), a_jpeg())
    assert files_under(tmp_path / "blobs") == []


def test_when_the_album_store_fails_the_original_does_not_stay(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = library.create_album("")
    kept: list[str] = []
    put = type(library._blobs).put

    def noting(self: MemoryBlobs | FolderBlobs, key: str, data: bytes) -> None:
        kept.append(key)
        put(self, key, data)

    def failing(*_: object) -> bool:
        raise StoreError("locked")

    monkeypatch.setattr(type(library._blobs), "put", noting)
    monkeypatch.setattr(type(library._albums), "add_photo", failing)
    with pytest.raises(StoreError, match="locked"):
        library.add(album.id, a_jpeg())
    assert len(kept) == 1
    assert library._blobs.size(kept[0]) is None


def test_a_geocoder_that_fails_costs_the_name_and_not_the_photo(tmp_path: Path) -> None:
    class Down:
        def reverse(self, at: Coordinates, /) -> Place | None:
            raise PlaceError("down")

    library = Library.at(tmp_path, geocoder=Down())
    album = library.create_album("")
    photo = library.add(album.id, a_jpeg())
    assert photo.place is None
    assert photo.coordinates is not None


def test_null_island_is_nowhere(library: Library) -> None:
    album = library.create_album("")
    assert library.add(album.id, a_jpeg((0.0, 0.0))).place is None


def test_albums_come_and_go(library: Library) -> None:
    first, second = library.create_album("a"), library.create_album("b")
    assert [one.id for one in library.albums()] == [first.id, second.id]
    library.add(first.id, a_jpeg())
    library.delete_album(first.id)
    assert [one.title for one in library.albums()] == [second.title]
    with pytest.raises(StoreError):
        library.album(first.id)
    for gone in (library.delete_album, library.revoke_all, library.share):
        with pytest.raises(StoreError):
            gone(first.id)
    assert library.shares(first.id) == ()


def test_deleting_an_album_deletes_everything_of_it(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("")
    library.add(album.id, a_jpeg())
    token = library.share(album.id).token
    shared = library.open(token)
    for rendition in Rendition:
        shared.file(shared.photos[0], rendition)
    assert len(files_under(tmp_path / "blobs")) == 5
    library.delete_album(album.id)
    assert files_under(tmp_path / "blobs") == []
    with pytest.raises(InvalidToken):
        library.open(token)


def test_removing_the_cover_leaves_an_album_without_one(library: Library) -> None:
    album = library.create_album("")
    photo, other = library.add(album.id, a_jpeg()), library.add(album.id, a_jpeg(None))
    edited = library.album(album.id)
    library.save(Album(id=album.id, title="new", photos=edited.photos[::-1], cover=photo.id))
    assert library.album(album.id).photos == (other, photo)
    library.remove(album.id, photo.id)
    assert library.album(album.id).cover is None
    assert library.album(album.id).title == "new"
    with pytest.raises(StoreError):
        library.remove(album.id, photo.id)


def test_saving_cannot_smuggle_photos_in_or_out(library: Library) -> None:
    first, second = library.create_album(""), library.create_album("")
    photo = library.add(first.id, a_jpeg())
    with pytest.raises(StoreError):
        library.save(second.with_photo(photo))
    with pytest.raises(StoreError):
        library.save(library.album(first.id).without_photo(photo.id))


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_all_files_are_the_owners_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        root = tmp_path / "library"
        library = Library.at(root)
        album = library.create_album("")
        library.add(album.id, a_jpeg())
        shared = library.open(library.share(album.id).token)
        shared.file(shared.photos[0], Rendition.THUMB)
    finally:
        os.umask(umask)
    files = files_under(root)
    assert len(files) >= 5
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    for path in (root, root / "private", root / "blobs"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_library_opens_again_with_its_keys(tmp_path: Path) -> None:
    first = Library.at(tmp_path)
    album = first.create_album("Spring")
    first.add(album.id, a_jpeg())
    token = first.share(album.id).token
    again = Library.at(tmp_path)
    assert again.open(token).title == "Spring"
    first.revoke_all(album.id)
    with pytest.raises(InvalidToken):
        again.open(token)


@pytest.mark.parametrize("keys", [b"", b"[]", b'{"1": "00"}', b'{"1": 7}', b"\xff", b"{}"])
def test_damaged_keys_are_a_store_error(tmp_path: Path, keys: bytes) -> None:
    Library.at(tmp_path)
    (tmp_path / "private" / "keys.json").write_bytes(keys)
    with pytest.raises(StoreError):
        Library.at(tmp_path)


def test_a_damaged_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    database = tmp_path / "private" / "library.sqlite3"
    database.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError):
        Library.at(tmp_path)
    database.unlink()
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE albums SET head = '{\"schema\": 1}'")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError):
        library.album(album.id)
    with pytest.raises(StoreError):
        Library.at(tmp_path)


def test_a_locked_database_is_a_store_error_after_its_timeout(tmp_path: Path) -> None:
    from photoprivacy.library import Database, SqliteAlbums

    path = tmp_path / "db"
    albums = SqliteAlbums(Database(path, timeout=0.05))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError):
        albums.put(Album(title=""))
    other.execute("ROLLBACK")
    other.close()
    albums.put(Album(title=""))
    assert len(albums.list()) == 1


def test_what_was_read_is_read_anew_when_anyone_changed_it(tmp_path: Path) -> None:
    here, there = Library.at(tmp_path), Library.at(tmp_path)
    album = here.create_album("a")
    for writer, reader in ((here, here), (here, there), (there, here), (there, there)):
        before = len(reader.album(album.id).photos)
        assert reader.album(album.id) is reader.album(album.id)
        photo = writer.add(album.id, a_jpeg(None, size=(16, 16)))
        assert len(reader.album(album.id).photos) == before + 1
        writer.save(writer.album(album.id).retitled(photo.id))
        assert reader.album(album.id).title == photo.id
        writer.remove(album.id, photo.id)
        assert len(reader.album(album.id).photos) == before
    there.delete_album(album.id)
    with pytest.raises(StoreError):
        here.album(album.id)


def test_a_full_database_is_a_store_error_and_leaves_it_usable(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("")
    database = library._albums._database  # type: ignore[attr-defined]
    with database.transaction() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    database._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    added = 0

    def add_until_full() -> None:
        nonlocal added
        for _ in range(200):
            library.add(album.id, a_jpeg(size=(16, 16)))
            added += 1

    with pytest.raises(StoreError):
        add_until_full()
    assert len(library.album(album.id).photos) == added
    assert len(files_under(tmp_path / "blobs")) == added
    database._connection.execute("PRAGMA max_page_count = 100000")
    library.add(album.id, a_jpeg(size=(16, 16)))
    assert len(library.album(album.id).photos) == added + 1


@pytest.mark.parametrize("key", ["", "../x", "a//b", "/a", "A", "a/../b", "a\0b", ".tmp"])
def test_a_blob_key_cannot_leave_its_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        FolderBlobs(tmp_path).put(key, b"x")


def test_blobs_are_kept_and_removed_by_prefix(tmp_path: Path) -> None:
    for blobs in (MemoryBlobs(), FolderBlobs(tmp_path)):
        for key in ("a/b/one", "a/b/two", "a/bc/three"):
            blobs.put(key, key.encode())
        blobs.put("a/b/one", b"again")
        assert blobs.read("a/b/one") == b"again"
        assert blobs.read("a/b/one", 1, 3) == b"ga"
        assert blobs.size("a/b/two") == 7
        blobs.remove("a/b")
        assert blobs.read("a/b/one") is None
        assert blobs.size("a/b/two") is None
        assert blobs.read("a/bc/three") == b"a/bc/three"
        blobs.remove("a/b")
        blobs.remove("nothing")


def test_threads_adding_at_once_lose_nothing(library: Library) -> None:
    album = library.create_album("")
    data = a_jpeg(None, size=(16, 16))
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                library.add(album.id, data)
                library.revoke(library.share(album.id).id)
        except BaseException as error:  # noqa: BLE001 - seen by the main thread
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.album(album.id).photos) == 30
    assert library.shares(album.id) == ()


def _add_some(folder: str, album_id: str, count: int) -> None:
    library = Library.at(folder)
    for _ in range(count):
        library.add(album_id, a_jpeg(None, size=(16, 16)))
        library.share(album_id)


@pytest.mark.skipif(os.name != "posix", reason="fork is POSIX")
def test_processes_adding_at_once_lose_nothing(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("")
    # Forked after the connection was opened: the children must not use it.
    context = multiprocessing.get_context("fork")
    workers = [
        context.Process(target=_add_some, args=(str(tmp_path), album.id, 6)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert len(library.album(album.id).photos) == 24
    shares = library.shares(album.id)
    assert len(shares) == 24
    assert library.open(shares[0].token).id


def _open_fresh(folder: str, start: str) -> None:
    while not os.path.exists(start):
        pass
    library = Library.at(folder)
    album = library.create_album("")
    library.open(library.share(album.id).token)


@pytest.mark.skipif(os.name != "posix", reason="fork is POSIX")
def test_processes_opening_a_new_library_at_once_share_one_key_and_one_database(
    tmp_path: Path,
) -> None:
    context = multiprocessing.get_context("fork")
    start = tmp_path / "start"
    for turn in range(4):
        folder = tmp_path / f"library-{turn}"
        workers = [
            context.Process(target=_open_fresh, args=(str(folder), str(start))) for _ in range(5)
        ]
        for worker in workers:
            worker.start()
        start.touch()
        for worker in workers:
            worker.join()
        start.unlink()
        assert [worker.exitcode for worker in workers] == [0] * 5
        library = Library.at(folder)
        assert len(library.albums()) == 5
        for album in library.albums():
            assert library.open(library.shares(album.id)[0].token).photos == ()


def test_a_video_is_refused_by_name_and_nothing_is_stored(library: Library) -> None:
    album = library.create_album("Sea")
    with pytest.raises(UnsupportedFormat, match="MP4"):
        library.add(album.id, video())
    assert not library.album(album.id).photos


def test_an_animation_is_a_photo(library: Library) -> None:
    album = library.create_album("Sea")
    photo = library.add(album.id, animation())
    assert photo.format == "gif"
    assert library.album(album.id).photos == (photo,)


@pytest.mark.parametrize("call", ["add", "album", "share", "shares", "revoke_all", "delete_album"])
def test_an_album_in_the_place_of_its_id_is_told(library: Library, call: str) -> None:
    album = library.create_album("Spring")
    more = (a_jpeg(),) if call == "add" else ()
    with pytest.raises(TypeError, match="named by their id"):
        getattr(library, call)(album, *more)


@pytest.mark.parametrize("name", ["\ud800", "caf\u00e9"])
def test_what_no_identifier_is_spelled_with_names_nothing(library: Library, name: str) -> None:
    album = library.create_album("Spring")
    for call in (library.album, library.share, library.delete_album, library.revoke_all):
        with pytest.raises(StoreError):
            call(name)
    with pytest.raises(StoreError):
        library.remove(album.id, name)
    assert not library.revoke(name)
    assert not library.shares(name)


def test_a_page_further_than_any_album_goes_is_empty(library: Library) -> None:
    album = library.create_album("Spring")
    photo = library.add(album.id, a_jpeg())
    assert library.page(album.id, 2**70, 2**70) == ()
    assert library.page(album.id, 0, 2**70) == (photo,)
