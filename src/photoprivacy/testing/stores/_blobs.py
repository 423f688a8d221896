"""Rules of a `BlobStore`."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from photoprivacy.albums import new_id
from photoprivacy.library import BlobStore
from photoprivacy.testing.stores._rules import Rule, at_once, equal, refuses

_Open = Callable[[], BlobStore]


@contextmanager
def _room(store: BlobStore) -> Iterator[str]:
    """Enter a prefix nobody else uses, which is empty again afterwards."""
    name = new_id()
    try:
        yield name
    finally:
        store.remove(name)


def what_is_put_is_read_by_everyone(open_: _Open) -> None:
    """Bytes come back as they went in, also to who opens the store anew."""
    store = open_()
    with _room(store) as room:
        for number, data in enumerate((b"", b"\0", bytes(range(256)) * 4096)):
            key = f"{room}/a-{number}.b/original"
            store.put(key, data)
            for reader in (store, open_()):
                equal(reader.read(key), data, "what is read")
                equal(reader.size(key), len(data), "its size")


def what_is_not_there_is_none(open_: _Open) -> None:
    """Neither a missing key nor a prefix of others is a blob; to remove it is no error."""
    store = open_()
    with _room(store) as room:
        store.put(f"{room}/a/one", b"1")
        for key in (f"{room}/b", f"{room}/b/one", f"{room}/a", room, f"{room}/a/one/x"):
            equal(store.read(key), None, "a missing key, read")
            equal(store.read(key, 1, 2), None, "a missing key, read in part")
            equal(store.size(key), None, "the size of a missing key")
        store.remove(f"{room}/b")
        equal(store.read(f"{room}/a/one"), b"1", "a blob beside a removed one")


def a_range_ends_where_the_blob_does(open_: _Open) -> None:
    """Ranges are those of slices, whatever lies behind the end."""
    store = open_()
    data = b"0123456789"
    with _room(store) as room:
        key = f"{room}/x"
        store.put(key, data)
        store.put(f"{room}/empty", b"")
        for start in (0, 1, 9, 10, 11, 1000):
            for stop in (None, 0, 1, 5, 10, 11, 1000):
                equal(store.read(key, start, stop), data[start:stop], f"from {start} to {stop}")
        equal(store.read(f"{room}/empty", 0, 5), b"", "a range of nothing")


def a_later_put_takes_the_place_of_an_earlier(open_: _Open) -> None:
    """The last one counts, longer or shorter."""
    store, other = open_(), open_()
    with _room(store) as room:
        for data in (b"first", b"a longer second", b"3"):
            store.put(f"{room}/x", data)
            equal(other.read(f"{room}/x"), data, "what was put last")
            equal(other.size(f"{room}/x"), len(data), "its size")


def names_are_removed_and_never_beginnings_of_names(open_: _Open) -> None:
    """``a/b`` takes ``a/b/c`` along, and leaves ``a/bc``."""
    store = open_()
    with _room(store) as room:
        for name in ("a/b/one", "a/b/two", "a/bc/three", "a/b-c", "a/b.c"):
            store.put(f"{room}/{name}", name.encode())
        store.remove(f"{room}/a/b")
        equal(open_().read(f"{room}/a/b/one"), None, "what was removed")
        equal(open_().size(f"{room}/a/b/two"), None, "what was removed")
        for name in ("a/bc/three", "a/b-c", "a/b.c"):
            equal(store.read(f"{room}/{name}"), name.encode(), "what is named alike")
        store.remove(f"{room}/a/bc/three")
        equal(store.read(f"{room}/a/bc/three"), None, "one blob that was removed")
        store.put(f"{room}/a/b/one", b"again")
        equal(store.read(f"{room}/a/b/one"), b"again", "what is put where something was")


def a_key_leads_nowhere_else(open_: _Open) -> None:
    """What is no key is refused, before anything is touched."""
    store = open_()
    for key in ("", "..", "../x", "a//b", "/a", "a/", "A", "a/../b", "a\0b", ".a", "a b", "é"):
        refuses(ValueError, functools.partial(store.put, key, b"x"), "putting under no key")
        for call in (store.read, store.size, store.remove):
            refuses(ValueError, functools.partial(call, key), "asking by no key")


def what_is_there_is_listed(open_: _Open) -> None:
    """Every blob once, with the time it was put."""
    store = open_()
    with _room(store) as room:
        keys = {f"{room}/{name}" for name in ("a/one", "a/two", "b/c/three")}
        for key in keys:
            store.put(key, b"x")
        found = [one for one in open_().list() if one.key.startswith(room)]
        equal(len(found), len(keys), "how many are listed")
        equal({one.key for one in found}, keys, "what is listed")
        for one in found:
            age = abs(dt.datetime.now(dt.UTC) - one.modified)
            equal(age < dt.timedelta(hours=1), True, "when it was put")


def a_blob_is_one_of_those_that_were_put_and_never_a_mixture(open_: _Open) -> None:
    """While several write one key, a reader sees one of them whole."""
    store = open_()
    size = 300_000
    with _room(store) as room:
        key = f"{room}/x"
        store.put(key, bytes(size))

        def write(byte: int) -> None:
            mine = open_()
            for _ in range(8):
                mine.put(key, bytes((byte,)) * size)

        def look() -> None:
            mine = open_()
            for _ in range(24):
                data = mine.read(key) or b""
                equal((len(data), len(set(data))), (size, 1), "what is read while others write")

        at_once(*(functools.partial(write, byte) for byte in (1, 2, 3)), look, look)


BLOB_RULES: Final[tuple[Rule[BlobStore], ...]] = (
    what_is_put_is_read_by_everyone,
    what_is_not_there_is_none,
    a_range_ends_where_the_blob_does,
    a_later_put_takes_the_place_of_an_earlier,
    names_are_removed_and_never_beginnings_of_names,
    a_key_leads_nowhere_else,
    what_is_there_is_listed,
    a_blob_is_one_of_those_that_were_put_and_never_a_mixture,
)
