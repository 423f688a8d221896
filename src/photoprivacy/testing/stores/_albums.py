"""Rules of an `AlbumStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import attrs

from photoprivacy.albums import Album, Photo, new_id
from photoprivacy.library import AlbumStore, AlbumSummary
from photoprivacy.testing.stores._rules import Rule, at_once, equal, refuses
from photoprivacy.testing.stores._values import a_photo, an_album

_Open = Callable[[], AlbumStore]


@contextmanager
def _kept(store: AlbumStore, *albums: Album) -> Iterator[None]:
    for album in albums:
        store.put(album)
    try:
        yield
    finally:
        for album in albums:
            store.delete(album.id)


def what_is_kept_comes_back_equal(open_: _Open) -> None:
    """Odd texts, exact numbers and unknown fields included; to others too."""
    store = open_()
    for album in (Album(title=""), an_album(), an_album(60)):
        with _kept(store, album):
            for reader in (store, open_()):
                equal(reader.get(album.id), album, "an album")
                for photo in album.photos[:3]:
                    equal(reader.photo(album.id, photo.id), photo, "a photo")


def what_is_not_there_is_none_or_false(open_: _Open) -> None:
    """A missing album has no photos, no page, and takes none."""
    store, nobody = open_(), new_id()
    album = an_album()
    photo = album.photos[0]
    equal(store.get(nobody), None, "a missing album")
    equal(store.photo(nobody, photo.id), None, "a photo of a missing album")
    equal(store.page(nobody, 0, 10), (), "a page of a missing album")
    equal(store.add_photo(nobody, photo), False, "adding to a missing album")
    equal(store.remove_photo(nobody, photo.id), False, "removing from a missing album")
    equal(store.replace_photo(nobody, photo, photo), False, "replacing in a missing album")
    equal(store.replace(album, album), False, "replacing a missing album")
    equal(store.delete(nobody), False, "deleting a missing album")
    equal(store.get(nobody), None, "a missing album that photos were added to")
    with _kept(store, album):
        equal(store.photo(album.id, nobody), None, "a missing photo")
        equal(store.remove_photo(album.id, nobody), False, "removing a missing photo")
        equal(store.get(album.id), album, "an album nothing happened to")


def a_list_shows_all_albums_the_oldest_first(open_: _Open) -> None:
    """With title, cover and count, and whatever was edited since."""
    store = open_()
    albums = (an_album(2), Album(title="b"), an_album(5))
    with _kept(store, *albums):
        store.replace(albums[0], albums[0].retitled("later"))
        expected = [
            AlbumSummary(id=one.id, title=title, cover=one.cover, count=len(one.photos))
            for one, title in zip(albums, ("later", "b", albums[2].title), strict=True)
        ]
        wanted = {one.id for one in albums}
        equal([one for one in open_().list() if one.id in wanted], expected, "the list")


def pages_put_together_are_the_album(open_: _Open) -> None:
    """In the owner's order, however they are cut."""
    store = open_()
    album = an_album(7)
    turned = album.reordered(photo.id for photo in reversed(album.photos))
    with _kept(store, album):
        store.replace(album, turned)
        for count in (1, 3, 7, 100):
            found: list[Photo] = []
            for start in range(0, 7, count):
                found.extend(open_().page(album.id, start, count))
            equal(tuple(found), turned.photos, f"pages of {count}")
        equal(store.page(album.id, 7, 3), (), "a page behind the end")
        equal(store.page(album.id, 0, 0), (), "a page of nothing")


def photos_come_and_go_one_by_one(open_: _Open) -> None:
    """At the end, in the place of a namesake, and from cover and sections too."""
    store = open_()
    album = an_album(3)
    with _kept(store, album):
        new = a_photo()
        equal(store.add_photo(album.id, new), True, "adding")
        equal(open_().get(album.id), album.with_photo(new), "an album with one more")
        again = attrs.evolve(album.photos[1], caption="anew")
        equal(store.add_photo(album.id, again), True, "adding a namesake")
        now = album.with_photo(new).with_photo(again)
        equal(open_().get(album.id), now, "an album with a namesake")
        cover = album.photos[0].id
        equal(store.remove_photo(album.id, cover), True, "removing the cover")
        equal(open_().get(album.id), now.without_photo(cover), "an album without its cover")
        equal(open_().photo(album.id, cover), None, "a photo that was removed")
        equal(store.remove_photo(album.id, cover), False, "removing again")


def only_what_was_seen_is_replaced(open_: _Open) -> None:
    """An edit of something that others changed meanwhile does nothing."""
    store, other = open_(), open_()
    album = an_album(3)
    with _kept(store, album):
        edited = album.retitled("mine").covered(album.photos[2].id).sectioned(())
        equal(store.replace(album, edited), True, "replacing")
        equal(other.get(album.id), edited, "what was replaced")
        equal(other.replace(album, album.retitled("theirs")), False, "replacing what is old")
        equal(other.get(album.id), edited, "what was not replaced")
        photo = album.photos[1]
        captioned = attrs.evolve(photo, caption="mine")
        equal(other.replace_photo(album.id, photo, captioned), True, "replacing a photo")
        equal(store.get(album.id), edited.with_photo(captioned), "an album with another photo")
        equal(store.replace_photo(album.id, photo, photo), False, "replacing an old photo")
        equal(store.replace(edited, album), False, "replacing an album with an old photo")
        for there in (edited.with_photo(captioned), album):
            equal(store.replace(open_().get(album.id) or album, there), True, "replacing anew")
            equal(other.get(album.id), there, "what was replaced anew")
        refuses(ValueError, lambda: store.replace(album, an_album()), "another album")
        refuses(
            ValueError,
            lambda: store.replace_photo(album.id, photo, album.photos[0]),
            "another photo",
        )


def what_is_deleted_is_gone_and_can_be_made_anew(open_: _Open) -> None:
    """With all its photos; one of the same id begins without them."""
    store, other = open_(), open_()
    album = an_album(2)
    other.get(album.id)
    store.put(album)
    equal(other.get(album.id), album, "an album made after it was asked for")
    equal(store.delete(album.id), True, "deleting")
    equal(other.get(album.id), None, "a deleted album")
    equal(other.photo(album.id, album.photos[0].id), None, "a photo of a deleted album")
    equal(store.delete(album.id), False, "deleting again")
    empty = Album(id=album.id, title="anew")
    with _kept(store, empty):
        equal(other.get(album.id), empty, "an album made anew")


def whoever_comes_at_once_loses_nothing(open_: _Open) -> None:
    """Adding, removing and editing by several threads, each with a store of its own."""
    store = open_()
    album = Album(title="")
    stays: list[str] = []

    def work() -> None:
        mine = open_()
        for number in range(6):
            photo = a_photo(caption=str(number), extra={})
            equal(mine.add_photo(album.id, photo), True, "adding")
            if number % 2:
                equal(mine.remove_photo(album.id, photo.id), True, "removing")
            else:
                stays.append(photo.id)
            while True:
                seen = mine.get(album.id)
                if seen is None:
                    raise AssertionError("the album is gone")
                count = int(seen.title or "0") + 1
                if mine.replace(seen, seen.retitled(str(count))):
                    break

    with _kept(store, album):
        at_once(*([work] * 4))
        found = open_().get(album.id)
        if found is None:
            raise AssertionError("the album is gone")
        equal({photo.id for photo in found.photos}, set(stays), "photos that were added")
        equal(found.title, "24", "edits that each counted one further")


ALBUM_RULES: Final[tuple[Rule[AlbumStore], ...]] = (
    what_is_kept_comes_back_equal,
    what_is_not_there_is_none_or_false,
    a_list_shows_all_albums_the_oldest_first,
    pages_put_together_are_the_album,
    photos_come_and_go_one_by_one,
    only_what_was_seen_is_replaced,
    what_is_deleted_is_gone_and_can_be_made_anew,
    whoever_comes_at_once_loses_nothing,
)
