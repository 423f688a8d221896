"""Rules of a `HomeStore`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from photoprivacy.library import HomeStore
from photoprivacy.places import HomeZone
from photoprivacy.testing.stores._rules import Rule, at_once, equal

_Open = Callable[[], HomeStore]
_ZONES: Final = tuple(
    HomeZone.parse(code) for code in ("1:0:-90:9999:1000", "1:3:40:60:999999999", "1:5:2:3:1")
)


@contextmanager
def _kept(store: HomeStore) -> Iterator[None]:
    """Put back afterwards what was there before."""
    before = store.zones()
    try:
        yield
    finally:
        store.put(before)


def what_is_put_is_there_for_everyone_at_once(open_: _Open) -> None:
    """In its order, in place of what was there before; also nothing at all."""
    store, other = open_(), open_()
    with _kept(store):
        for zones in (_ZONES, _ZONES[:1], (), _ZONES[::-1]):
            store.put(iter(zones))
            for reader in (store, other, open_()):
                equal(reader.zones(), tuple(zones), "the home zones")


def a_reader_sees_what_was_put_once_and_never_a_mixture(open_: _Open) -> None:
    """Least of all nothing, for then homes would show."""
    store = open_()
    states = (_ZONES, _ZONES[:1])
    with _kept(store):
        store.put(states[0])

        written = threading.Event()

        def write() -> None:
            try:
                mine = open_()
                for number in range(24):
                    mine.put(states[number % 2])
            finally:
                written.set()

        def look() -> None:
            mine = open_()
            while not written.is_set():
                equal(mine.zones() in states, True, "what is read while others write")

        at_once(write, look, look)


HOME_RULES: Final[tuple[Rule[HomeStore], ...]] = (
    what_is_put_is_there_for_everyone_at_once,
    a_reader_sees_what_was_put_once_and_never_a_mixture,
)
