"""Many files that somebody has a list of, in its order."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

from photoprivacy.batch._one import inspect_one, strip_one
from photoprivacy.batch._values import Inspected, Job, Outcome
from photoprivacy.policy import Policy

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_In = TypeVar("_In")
_Out = TypeVar("_Out")

#: Files given to an executor ahead of the one that is waited for: enough to keep any pool busy.
_AT_ONCE: Final = 64


def inspect_many(
    sources: Iterable[str], *, executor: Executor | None = None
) -> Generator[Inspected, None, None]:
    """Inspect many files, and yield each result in the order of *sources*.

    Args:
        sources: Paths.
        executor: Where to work; in this thread when ``None``.
    """
    return _in_order(inspect_one, sources, executor)


def _in_order(
    work: Callable[[_In], _Out], items: Iterable[_In], executor: Executor | None
) -> Generator[_Out, None, None]:
    """Yield what *work* makes of each item, in their order, with few enough held to be many."""
    if executor is None:
        yield from map(work, items)
        return
    waiting: collections.deque[Future[_Out]] = collections.deque()
    try:
        for item in items:
            waiting.append(executor.submit(work, item))
            if len(waiting) >= _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Whoever stops here wants no more files to be worked on than those in hand.
        for future in waiting:
            future.cancel()


def strip_many(
    jobs: Iterable[Job],
    policy: Policy = Policy.SHARE,
    *,
    executor: Executor | None = None,
    durable: bool = True,
    preserve_times: bool = False,
) -> Generator[Outcome, None, None]:
    """Clean many files, and yield each `Outcome` in the order of *jobs*.

    Args:
        jobs: What to clean.
        policy: What may stay.
        executor: Where to work; in this thread when ``None``.
        durable: Whether to wait until the disk has each file.
        preserve_times: Whether copies get the times of their sources.
    """
    work = functools.partial(
        strip_one, policy=policy, durable=durable, preserve_times=preserve_times
    )
    return _in_order(work, jobs, executor)
