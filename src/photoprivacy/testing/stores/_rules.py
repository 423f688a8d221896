"""What rules are made of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

S = TypeVar("S")

#: Checks one thing of a store; it is given what opens it.
Rule = Callable[[Callable[[], S]], None]


def equal(found: object, expected: object, what: str) -> None:
    """Raise `AssertionError` unless both are equal; it says *what* was looked at, not how it is."""
    if found != expected:
        msg = f"{what}: not what it should be"
        raise AssertionError(msg)


def refuses(
    error: type[BaseException] | tuple[type[BaseException], ...],
    call: Callable[[], object],
    what: str,
) -> None:
    """Raise `AssertionError` unless *call* raises *error*."""
    try:
        call()
    except error:
        return
    msg = f"{what}: not refused"
    raise AssertionError(msg)


def at_once(*calls: Callable[[], None]) -> None:
    """Make all *calls* at the same time, a thread each, and raise what the first of them raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(calls))

    def made(call: Callable[[], None]) -> None:
        try:
            start.wait(timeout=60)
            call()
        except BaseException as error:  # noqa: BLE001 - raised in the caller's thread
            failures.append(error)

    threads = [threading.Thread(target=made, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
