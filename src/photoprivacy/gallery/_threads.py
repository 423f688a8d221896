"""Work off the event loop, each kind in a queue of its own, and in line where it must be."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

if TYPE_CHECKING:
    import asyncio

    from anyio import CapacityLimiter, Semaphore
    from anyio.lowlevel import RunVar
    from starlette.requests import Request

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


#: Links that open nothing are answered at whole multiples of so many seconds, whatever was asked
#: to find that out.
_EVENLY: Final = 0.1
#: Of one share: threads that read for it at once, and askers that may wait for pages of it.
_READ_EACH: Final = 8
_PAGES_WAITING: Final = 500


async def read(share: str, work: Callable[..., _T], *args: object, **named: object) -> _T:
    """Return what *work* returns, run in a thread that reads; of one *share* in some of them only.

    Who asks for everything at once, or in a thousand narrowings of one link, waits for nobody but
    themselves.
    """
    async with in_line(f"reads {share}", width=_READ_EACH):
        return await thread(Queue.READ, work, *args, **named)


async def lay_out(share: str, work: Callable[..., _T], *args: object) -> _T:
    """Return what *work* returns, which goes through all photos of an album: one at a time.

    That takes a quarter of a second for ten thousand photos, and threads that compute take the
    interpreter from all others. What one of them has made, those behind it find.

    Raises:
        Busy: Too many wait for pages of this share already.
    """
    async with in_line(f"lays out {share}", most=_PAGES_WAITING):
        return await thread(Queue.READ, work, *args)


async def evenly(began: float) -> None:
    """Wait until a whole multiple of some time has passed since *began*."""
    from anyio import current_time, sleep

    passed = current_time() - began
    await sleep(_EVENLY * math.ceil(passed / _EVENLY) - passed)


class Busy(Exception):
    """The line is as long as it may be."""


class AllBusy(Busy):
    """The line in which everybody stands is."""


class Left(Exception):
    """Whoever asked is not there any more."""


@contextlib.asynccontextmanager
async def in_line(
    name: str, *, width: int = 1, most: int | None = None, refusal: type[Busy] = Busy
) -> AsyncIterator[None]:
    """Wait until few enough others of that name work; whoever waits here holds no thread.

    Args:
        name: Which line.
        width: How many of it work at once; the same for everybody in it.
        most: How many may stand in it, those who work included.
        refusal: How it is said that it is full.

    Raises:
        Busy: That many stand in it.
    """
    from anyio import Semaphore

    lines = _loop().lines
    line = lines.get(name) or _Line(Semaphore(width))
    if most is not None and line.length >= most:
        raise refusal
    lines[name] = line
    line.length += 1
    try:
        async with line.places:
            yield
    finally:
        line.length -= 1
        if not line.length:
            del lines[name]


async def while_there(request: Request, work: Callable[[], Awaitable[_T]]) -> _T:
    """Return what *work* returns; it is called off when whoever asked leaves before.

    What runs in a thread already is waited for.

    Raises:
        Left: They left.
    """
    from anyio import create_task_group

    done: list[_T] = []
    failed: list[Exception] = []

    async def run() -> None:
        try:
            done.append(await work())
        except Exception as error:  # noqa: BLE001 - raised below, not in a group of one
            failed.append(error)
        group.cancel_scope.cancel()

    async with create_task_group() as group:
        group.start_soon(run)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise Left
    return done[0]


def aside(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Let *work* run by itself, if this event loop can; it ends with the loop."""
    import asyncio

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    tasks = _loop().tasks
    task = loop.create_task(work())
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def idle(queue: Queue) -> bool:
    """Return whether at least half of a queue's threads have nothing to do."""
    limiter = _loop().limiters[queue]
    return limiter.available_tokens * 2 >= limiter.total_tokens


@attrs.define
class _Line:
    places: Semaphore
    length: int = 0


@attrs.frozen
class _Loop:
    """What belongs to one event loop."""

    limiters: dict[Queue, CapacityLimiter]
    lines: dict[str, _Line] = attrs.field(factory=dict)
    tasks: set[asyncio.Task[None]] = attrs.field(factory=set)


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
