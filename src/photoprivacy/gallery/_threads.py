"""Work off the event loop, each kind in a queue of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from anyio.lowlevel import RunVar

_T = TypeVar("_T")


class Queue(Enum):
    """What waits for what. The value is how many threads work on it at once.

    A queue that is full holds up nothing but itself: guesses at a password never keep those
    from their photos who know it, and pictures being drawn never keep pages from opening.
    """

    #: Stores are read.
    READ = 24
    #: A picture may have to be decoded and drawn first: some hundred megabytes at worst.
    DRAW = 4
    #: A password is hashed: 32 MiB and about 80 ms each.
    HASH = 2


async def thread(queue: Queue, work: Callable[..., _T], *args: object, **named: object) -> _T:
    """Return what *work* returns, run in a thread, when its queue has room."""
    from anyio import to_thread

    limiter = _limiters()[queue]
    return await to_thread.run_sync(functools.partial(work, *args, **named), limiter=limiter)


@functools.cache
def _variable() -> RunVar[dict[Queue, CapacityLimiter]]:
    from anyio.lowlevel import RunVar

    return RunVar("photoprivacy.gallery.threads")


def _limiters() -> dict[Queue, CapacityLimiter]:
    """Return this event loop's limiters."""
    from anyio import CapacityLimiter

    variable = _variable()
    found = variable.get(None)
    if found is None:
        found = {queue: CapacityLimiter(queue.value) for queue in Queue}
        variable.set(found)
    return found
