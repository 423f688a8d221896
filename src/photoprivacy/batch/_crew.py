"""Much work for few hands: little of it out at once, each result as it comes, nothing lost.

What a worker's end takes along is given out once more, one piece at a time; what has ended a
worker again and again, lastly with nobody else at work, is given up with a reason.
"""

from __future__ import annotations

import collections
import errno
import itertools
import queue
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Final, Generic, ParamSpec, TypeVar

from photoprivacy.errors import PhotoPrivacyError

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_P = ParamSpec("_P")

#: How often a piece may be at hand when a worker ends, before it is given up.
_CHARGES: Final = 4
#: From so many on it is given out alone, so that no neighbour takes the blame.
_ALONE: Final = 2
#: Pieces at hand in a crew whose size nobody knows.
_AT_ONCE: Final = 64
#: As many for each worker: one in work, the others ready for it.
_EACH: Final = 4

#: An executor, or what makes one: and another one when its workers were killed.
Crew = Executor | Callable[[], Executor]


class Here(Executor):
    """Does at once what it is given, in this thread."""

    def submit(
        self, fn: Callable[_P, _Out], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Future[_Out]:
        """Call *fn*, and return its result as a future that is done."""
        future: Future[_Out] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)
        return future


class Hands(Generic[_In, _Out]):
    """Gives work out, and takes it back.

    Args:
        work: Done elsewhere: from a serial number, which no other call has, and a few pieces,
            to a result a piece.
        lost: What stands for a piece that is given up; gets the piece and the reason.
        crew: Who works.
        at_once: How many calls are out at a time; a few for each worker when ``None``.
    """

    def __init__(
        self,
        work: Callable[[int, Sequence[_In]], Sequence[_Out]],
        lost: Callable[[_In, str], _Out],
        crew: Crew,
        at_once: int | None,
    ) -> None:
        self._work = work
        self._lost = lost
        self._make = None if isinstance(crew, Executor) else crew
        self._crew = crew if isinstance(crew, Executor) else crew()
        # Known of the pools of the standard library; others may be told.
        self._width = 1 if isinstance(crew, Here) else int(getattr(self._crew, "_max_workers", 0))
        self._limit = at_once or self._width * _EACH or _AT_ONCE
        self._out: dict[Future[Sequence[_Out]], tuple[Sequence[_In], int]] = {}
        self._back: queue.SimpleQueue[Future[Sequence[_Out]]] = queue.SimpleQueue()
        self._serial = itertools.count()
        #: Pieces to give out once more, those least often at hand first.
        self._again: list[collections.deque[_In]] = [collections.deque() for _ in range(_CHARGES)]
        self._careful = False

    def through(self, chunks: Iterable[Sequence[_In]]) -> Generator[Sequence[_Out], None, None]:
        """Yield the results of all *chunks*, those of one together, as they come.

        Raises:
            ConnectionError: The executor has ended, and there is no other.
            MissingExtra: Workers lack a dependency.
        """
        coming = iter(chunks)
        try:
            while True:
                yield from self._give(coming)
                if not self._out:
                    return
                future = self._back.get()
                given = self._out.pop(future, None)
                if given is None:
                    continue  # of a crew that has gone
                try:
                    results = future.result()
                except PhotoPrivacyError:
                    raise
                except (BrokenExecutor, CancelledError) as error:
                    yield from self._after_the_end(given, error)
                except Exception as error:  # noqa: BLE001 - Dask's KilledWorker, a pickle that fails
                    yield from self._charge(given, type(error).__name__)
                else:
                    # An answer for each piece, or something got lost: executors may be anybody's.
                    if _count(results) == len(given[0]):
                        yield results
                    else:
                        yield from self._charge(given, "it lost an answer")
        finally:
            # Whoever stops here wants no more to be worked on than what is at hand.
            for future in list(self._out):
                future.cancel()
            if self._make is not None:
                self._crew.shutdown(cancel_futures=True)

    def _give(self, coming: Iterator[Sequence[_In]]) -> Generator[Sequence[_Out], None, None]:
        """Give out as much as may be out."""
        while True:
            pieces, charges = self._next(coming)
            if not pieces:
                return
            try:
                future = self._crew.submit(self._work, next(self._serial), pieces)
            except Exception as error:  # noqa: BLE001 - each executor has words of its own for its end
                yield from self._after_the_end((pieces, charges), error)
                continue
            self._out[future] = pieces, charges
            future.add_done_callback(self._back.put)

    def _next(self, coming: Iterator[Sequence[_In]]) -> tuple[Sequence[_In], int]:
        charges = next((charges for charges, pieces in enumerate(self._again) if pieces), None)
        if charges is None:
            self._careful = self._careful and bool(self._out)
            if self._careful or len(self._out) >= self._limit:
                return (), 0
            return next(coming, ()), 0
        # Where the end of one worker takes all along, few are out while one is suspected.
        room = self._limit
        if self._careful:
            room = 1 if charges >= _ALONE else self._width or 1
        if len(self._out) >= room:
            return (), 0
        return (self._again[charges].popleft(),), charges

    def _after_the_end(
        self, given: tuple[Sequence[_In], int], error: BaseException
    ) -> Generator[Sequence[_Out], None, None]:
        """Go on with another crew, and without what was out."""
        gone = [given, *self._out.values()]
        self._out.clear()
        if self._make is None:
            raise ConnectionError(
                errno.ECONNABORTED, f"whoever did the work has gone ({type(error).__name__})"
            ) from None
        self._crew.shutdown(wait=False, cancel_futures=True)
        self._crew = self._make()
        self._careful = True
        for one in gone:
            yield from self._charge(one, type(error).__name__)

    def _charge(
        self, given: tuple[Sequence[_In], int], reason: str
    ) -> Generator[Sequence[_Out], None, None]:
        pieces, charges = given
        for piece in pieces:
            if charges + 1 < _CHARGES:
                self._again[charges + 1].append(piece)
            else:
                yield (self._lost(piece, reason),)


def _count(results: object) -> int:
    return len(results) if isinstance(results, Sequence) else -1
