"""Rules of an `AttemptStore`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from photoprivacy.albums import new_id
from photoprivacy.library import Allowance, Attempt, AttemptStore
from photoprivacy.testing.stores._rules import Rule, at_once, equal

_Open = Callable[[], AttemptStore]
_FEW: Final = Allowance(by_client=3, by_share=5, seconds=60)
#: An hour ago: no guess that still counts is pushed out by what is told here of a later time.
_AGO: Final = 3600.0


class _Guesses:
    """Guesses at one share that nobody else knows, and which of them are still counted."""

    def __init__(self, store: AttemptStore) -> None:
        self.store = store
        self.share = new_id()[:16]
        self.began = time.time() - _AGO
        self.tickets: list[str] = []

    def guess(
        self, client: str = "", *, after: float = 0, by: AttemptStore | None = None
    ) -> Attempt:
        """Guess *after* so many seconds."""
        store = self.store if by is None else by
        attempt = store.reserve(self.share, client, _FEW, self.began + after)
        if attempt.ticket:
            self.tickets.append(attempt.ticket)
        return attempt

    def heard(self, *clients: str, after: float = 0) -> list[bool]:
        """Return which guesses of *clients*, one after the other, are listened to."""
        return [bool(self.guess(client, after=after).ticket) for client in clients]


@contextmanager
def _guesses(store: AttemptStore) -> Iterator[_Guesses]:
    guesses = _Guesses(store)
    try:
        yield guesses
    finally:
        for ticket in guesses.tickets:
            store.release(guesses.share, ticket)


def so_many_of_one_client_are_listened_to_and_so_many_of_all(open_: _Open) -> None:
    """Whoever comes after the last one waits, whatever their name; other shares do not."""
    store = open_()
    with _guesses(store) as one, _guesses(store) as other:
        equal(one.heard(*"aaaa"), [True, True, True, False], "guesses of one client")
        equal(one.heard(*"bbb"), [True, True, False], "guesses of two clients")
        equal(one.heard("c", ""), [False, False], "guesses beyond those of all")
        equal(other.heard("a"), [True], "a guess at another share")


def those_whom_nobody_knows_count_together_alone(open_: _Open) -> None:
    """An empty name is no client's."""
    with _guesses(open_()) as guesses:
        equal(guesses.heard(*[""] * 6), [True] * 5 + [False], "guesses of nobody known")


def what_is_listened_to_has_a_name_of_its_own(open_: _Open) -> None:
    """And what is not has none, and is told how long to wait."""
    with _guesses(open_()) as guesses:
        for _ in range(3):
            equal(guesses.guess("a").retry_after, 0.0, "how long to wait for nothing")
        equal(len(set(guesses.tickets)), 3, "the names of guesses")
        refused = guesses.guess("a", after=20)
        equal(refused.ticket, "", "the name of a guess that is not listened to")
        equal(abs(refused.retry_after - 40) < 1, True, "how long to wait")


def a_guess_counts_for_everyone_until_its_time_is_over(open_: _Open) -> None:
    """Also for who opens the store anew, and not a moment longer."""
    with _guesses(open_()) as guesses:
        equal(guesses.heard(*"aaa"), [True] * 3, "guesses")
        equal(guesses.guess("a", after=59, by=open_()).ticket, "", "a guess, asked by others")
        equal(guesses.heard(*"aaaa", after=61), [True] * 3 + [False], "guesses after their time")


def a_guess_that_was_right_is_forgotten(open_: _Open) -> None:
    """As often as there is one; what is not there, or is another share's, is let be."""
    store, other = open_(), open_()
    with _guesses(store) as guesses, _guesses(store) as beside:
        for _ in range(9):
            attempt = guesses.guess("a")
            equal(bool(attempt.ticket), True, "a guess after right ones")
            other.release(guesses.share, attempt.ticket)
        equal(guesses.heard(*"aaa"), [True] * 3, "guesses after right ones")
        store.release(guesses.share, "no such ticket")
        store.release(beside.share, guesses.tickets[-1])
        equal(guesses.heard("a"), [False], "a guess after what was not forgotten")


def a_clock_that_goes_back_forgives_nothing(open_: _Open) -> None:
    """And makes nobody wait longer than a wrong guess counts."""
    with _guesses(open_()) as guesses:
        equal(guesses.heard(*"aaa"), [True] * 3, "guesses")
        refused = guesses.guess("a", after=-100_000)
        equal(refused.ticket, "", "a guess by an earlier clock")
        equal(refused.retry_after, 60.0, "how long to wait")


def guesses_at_once_are_listened_to_no_more_than_one_by_one(open_: _Open) -> None:
    """Whichever of them comes first."""
    with _guesses(open_()) as guesses:

        def guess() -> None:
            mine = open_()
            for number in range(3):
                guesses.guess(f"{number}", by=mine)

        at_once(*[guess] * 6)
        equal(len(guesses.tickets), 5, "how many of many at once are listened to")


ATTEMPT_RULES: Final[tuple[Rule[AttemptStore], ...]] = (
    so_many_of_one_client_are_listened_to_and_so_many_of_all,
    those_whom_nobody_knows_count_together_alone,
    what_is_listened_to_has_a_name_of_its_own,
    a_guess_counts_for_everyone_until_its_time_is_over,
    a_guess_that_was_right_is_forgotten,
    a_clock_that_goes_back_forgives_nothing,
    guesses_at_once_are_listened_to_no_more_than_one_by_one,
)
