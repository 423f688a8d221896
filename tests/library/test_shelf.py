"""What is derived has a size limit; originals never go."""

from __future__ import annotations

import datetime as dt

import pytest

from library.photos import a_jpeg
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.library import _shelf as room
from photoprivacy.library._shelf import Shelf
from photoprivacy.library._wants import DERIVED, RECIPE
from photoprivacy.renditions import draw
from photoprivacy.sharing import Rendition, ShareSigner


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_GRACE", -1.0)


def named(number: int) -> str:
    return f"album/{number}/thumb.{RECIPE}"


def kept(blobs: MemoryBlobs) -> set[str]:
    return {entry.key for entry in blobs.list()}


def test_what_was_not_used_for_longest_goes() -> None:
    blobs = MemoryBlobs()
    shelf = Shelf(blobs, 300, DERIVED)
    for number in range(3):
        shelf.put(named(number), bytes(100))
    shelf.used(named(0))
    shelf.put(named(3), bytes(100))
    assert kept(blobs) == {named(0), named(2), named(3)}
    shelf.put(named(4), bytes(250))
    assert kept(blobs) == {named(4)}


def test_what_was_used_just_now_stays_though_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_GRACE", 60.0)
    blobs = MemoryBlobs()
    shelf = Shelf(blobs, 100, DERIVED)
    for number in range(3):
        shelf.put(named(number), bytes(100))
    assert len(kept(blobs)) == 3


def test_originals_and_what_is_remembered_of_photos_never_go() -> None:
    blobs = MemoryBlobs()
    others = [
        "album/1/original",
        "album/1/part-00",
        f"album/1/color.{RECIPE}",
        f"album/1/sum-full.{RECIPE}",
        "album/1/thumb.1",
    ]
    for key in others:
        blobs.put(key, bytes(1000))
    shelf = Shelf(blobs, 100, DERIVED)
    for number in range(5):
        shelf.put(named(number), bytes(100))
    assert kept(blobs) == {*others, named(4)}


def test_what_was_there_before_counts_the_oldest_first() -> None:
    blobs = MemoryBlobs()
    for number in (7, 5, 9):
        blobs.put(named(number), bytes(100))
    shelf = Shelf(blobs, 250, DERIVED)
    shelf.put(named(1), bytes(100))
    assert kept(blobs) == {named(9), named(1)}
    assert all(entry.modified <= dt.datetime.now(dt.UTC) for entry in blobs.list())


def test_what_others_put_there_is_seen_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = MemoryBlobs()
    shelf = Shelf(blobs, 250, DERIVED)
    shelf.put(named(1), bytes(100))
    blobs.put(named(2), bytes(100))  # by another process
    shelf.put(named(3), bytes(100))
    assert len(kept(blobs)) == 3
    monkeypatch.setattr(room, "_AGAIN", -1.0)
    shelf.put(named(4), bytes(100))
    # What nobody asked this process for goes first.
    assert kept(blobs) == {named(3), named(4)} | ({named(1)} - {named(1)})


def test_an_album_that_takes_half_of_the_room_sends_its_own_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_GRACE", -1.0)
    blobs = MemoryBlobs()
    shelf = Shelf(blobs, 1000, DERIVED)
    others = {f"other{n}/1/thumb.{RECIPE}" for n in range(4)}
    for key in others:
        shelf.put(key, bytes(100))
    greedy = [f"greedy/{n}/full.{RECIPE}-{n:016x}" for n in range(50)]
    for key in greedy:
        shelf.put(key, bytes(100))
    assert kept(blobs) == {*others, *greedy[-6:]}
    # Whoever comes new has room all the same.
    for n in range(4):
        shelf.put(f"new/{n}/thumb.{RECIPE}", bytes(100))
    assert len(kept(blobs)) == 10
    assert {f"new/{n}/thumb.{RECIPE}" for n in range(4)} < kept(blobs)


def test_what_comes_too_fast_to_be_sent_away_does_not_fill_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blobs = MemoryBlobs()
    shelf = Shelf(blobs, 1000, DERIVED)
    for n in range(8):
        shelf.put(f"other{n}/1/thumb.{RECIPE}", bytes(100))
    for book in shelf._books.values():
        book.used -= 100.0
    monkeypatch.setattr(room, "_GRACE", 60.0)
    for n in range(10):
        shelf.put(f"greedy/{n}/full.{RECIPE}", bytes(100))
    assert kept(blobs) == {f"greedy/{n}/full.{RECIPE}" for n in range(10)}


def test_a_library_keeps_its_limit_and_files_that_went_come_back() -> None:
    blobs = MemoryBlobs()
    library = Library(
        blobs,
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        draw=draw,
        room=10_000,
    )
    album = library.create_album("Spring")
    for number in range(12):
        library.add(album.id, a_jpeg(None, color=(20 * number, 9, 9)))
    shared = library.open(library.share(album.id).token)
    first = shared.file(shared.photos[0], Rendition.DISPLAY)
    data = first.read()
    for photo in shared.photos:
        for rendition in Rendition:
            shared.file(photo, rendition)
        shared.file(photo, Rendition.THUMB, media_type="image/webp")
    sizes = {e.key: e.size or 0 for e in blobs.list() if DERIVED.fullmatch(e.key.split("/")[-1])}
    assert 0 < sum(sizes.values()) <= 10_000
    assert len([e for e in blobs.list() if e.key.endswith("/original")]) == 12
    # It was taken away meanwhile; whoever is reading it notices nothing.
    assert first.read(5, 50) == data[5:50]
