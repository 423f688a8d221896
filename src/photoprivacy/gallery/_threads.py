"""Work off the event loop, each kind in a queue of its own, and in line where it must be."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator, Callable
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

import attrs

if TYPE_CHECKING:
    from anyio import CapacityLimiter, Lock
    from anyio.lowlevel import RunVar

_T = TypeVar("_T")


class Queue(Enum):
    """What waits for what. The value is how many threads work on it at once.

    A queue that is full holds up nothing but itself: guesses at a password never keep those
    from their photos who know it, and pictures being drawn never keep pages from opening.
    """

    #: Stores are read.
    READ = 24
    #: A picture is decoded and drawn: some hundred megabytes, and gigabytes for very big ones,
    #: which stand in a line of their own.
    DRAW = 4
    #: A password is hashed: 32 MiB and about 80 ms each.
    HASH = 2


async def thread(queue: Queue, work: Callable[..., _T], *args: object, **named: object) -> _T:
    """Return what *work* returns, run in a thread, when its queue has room."""
    from anyio import to_thread

    limiter = _loop().limiters[queue]
    return await to_thread.run_sync(functools.partial(work, *args, **named), limiter=limiter)


class Busy(Exception):
    """The line is as long as it may be."""


@contextlib.asynccontextmanager
async def in_line(name: str, *, most: int | None = None) -> AsyncIterator[None]:
    """Wait until nobody else of that name works; whoever waits here holds no thread.

    Args:
        name: Which line.
        most: How many may stand in it, the one who works included.

    Raises:
        Busy: That many stand in it.
    """
    from anyio import Lock

    lines = _loop().lines
    line = lines.setdefault(name, _Line(Lock()))
    if most is not None and line.length >= most:
        raise Busy
    line.length += 1
    try:
        async with line.lock:
            yield
    finally:
        line.length -= 1
        if not line.length:
            del lines[name]


@attrs.define
class _Line:
    lock: Lock
    length: int = 0


@attrs.frozen
class _Loop:
    """What belongs to one event loop."""

    limiters: dict[Queue, CapacityLimiter]
    lines: dict[str, _Line] = attrs.field(factory=dict)


@functools.cache
def _variable() -> RunVar[_Loop]:
    from anyio.lowlevel import RunVar

    return RunVar("photoprivacy.gallery.threads")


def _loop() -> _Loop:
    """Return what belongs to this event loop."""
    from anyio import CapacityLimiter

    variable = _variable()
    found = variable.get(None)
    if found is None:
        found = _Loop({queue: CapacityLimiter(queue.value) for queue in Queue})
        variable.set(found)
    return found
