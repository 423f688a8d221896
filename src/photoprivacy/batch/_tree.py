"""A whole tree of photos, wherever it is and wherever the work is done."""

from __future__ import annotations

import contextlib
import functools
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final

from photoprivacy.batch._crew import Crew, Hands, Here
from photoprivacy.batch._journal import Journal
from photoprivacy.batch._orphans import end_with_parent
from photoprivacy.batch._remote import Remote
from photoprivacy.batch._trees import JOURNALS, Entry, RemoteTree, Tree, same, tree_of
from photoprivacy.batch._values import Inspected, Outcome, Status, TreeReport
from photoprivacy.batch._work import Ended, inspect_some, strip_some
from photoprivacy.errors import StoreError
from photoprivacy.policy import Policy

#: Photos given out together: to give one out costs as much as to clean a small one. Few, and
#: not many bytes, so that nobody waits for the last of them.
_TOGETHER: Final = 16
_BYTES_TOGETHER: Final = 4 << 20
#: After so many failures of disk, storage or workers without one success the run stops: nothing
#: is gained by failing ten million times.
_IN_A_ROW: Final = 100


def strip_tree(  # noqa: PLR0913 - each of them by name
    source: str | os.PathLike[str] | Remote,
    target: str | os.PathLike[str] | Remote,
    policy: Policy = Policy.SHARE,
    *,
    executor: Crew | None = None,
    progress: Callable[[Outcome, int, int], None] | None = None,
    resume: bool = True,
    journal: str | os.PathLike[str] | Remote | None = None,
    at_once: int | None = None,
    durable: bool = True,
    preserve_times: bool = False,
) -> TreeReport:
    """Clean every photo below *source* into the same place below *target*.

    The same folder twice cleans in place. A run that was cut short goes on where it ended. One
    file that fails stops no other, and no copy is ever there in part.

    Args:
        source: What to read: a folder as `find_photos` walks it, a URL that fsspec knows, or a
            `Remote`; what lies below *target* is not read again.
        target: What to write, as above; a folder and its folders are made.
        policy: What may stay.
        executor: Where to work, for example ``dask.distributed.Client(…).get_executor()``; or
            what makes an executor, and another one when its workers were killed. A pool of
            processes, one a core, when ``None``.
        progress: Called after each photo, as they are done, with its outcome, how many are done,
            and how many were found until now.
        resume: Whether what earlier runs noted is believed, and noted for later ones. Without,
            copies that are there are looked at one by one.
        journal: The folder for these notes, which stay there and save the next run's time. By
            default they lie in ``.photoprivacy`` in *target*, until a run had an answer for every
            photo. In place there are none: a clean photo is known when it is looked at.
        at_once: How many calls are out at a time, each of up to 16 photos: for a cluster, a few
            for each of its threads.
        durable: Whether to wait until the disk has each file.
        preserve_times: Whether copies get the times of their sources; from disk to disk alone.

    Returns:
        How many files ended in which way, and those that were left out.

    Raises:
        OSError: A folder cannot be read.
        StoreError: A storage cannot be listed, or fails again and again; asked again, the run
            goes on where it ended.
        ConnectionError: The executor is gone; the same holds.
        MissingExtra: What a URL needs is not installed, here or where the work is done.
        ValueError: *preserve_times* is asked of what has no such times.
    """
    home, into = tree_of(source), tree_of(target)
    if preserve_times and (isinstance(home, RemoteTree) or isinstance(into, RemoteTree)):
        raise ValueError("times are preserved from disk to disk alone")
    work = functools.partial(
        strip_some,
        source=home,
        target=into,
        policy=policy,
        durable=durable,
        preserve_times=preserve_times,
    )
    in_place = same(home, into)
    notes = None
    if resume and not in_place:
        notes = Journal(_place_of(journal, into), home, policy)
    crew = executor or _crew_for(home, into)
    tally = _Tally(home, into, progress)
    answered = False
    try:
        done = notes.done_before(into) if notes else lambda _entry: False
        hands = Hands(work, functools.partial(_lost, home), crew, at_once)
        photos = home.photos(None if in_place else into)
        with contextlib.closing(
            hands.through(_together(tally.left_to_do(photos, done)))
        ) as results:
            for some in results:
                if notes:
                    notes.add((one.name, one.size) for one in some if one.size >= 0)
                for one in some:
                    tally.end(one.outcome)
        answered = not any(one.again for one in tally.left)
    finally:
        if notes:
            notes.close(keep=journal is not None or not answered)
    return tally.report()


def inspect_tree(
    source: str | os.PathLike[str] | Remote,
    *,
    executor: Crew | None = None,
    at_once: int | None = None,
) -> Generator[Inspected, None, None]:
    """Inspect every photo below *source*, and yield each result as it comes.

    Args:
        source: What to read: a folder, a URL or a `Remote`, as for `strip_tree`.
        executor: Where to work, as there.
        at_once: How many calls are out at a time, as there.

    Raises:
        OSError: A folder cannot be read.
        StoreError: A storage cannot be listed.
        ConnectionError: The executor is gone.
        MissingExtra: What a URL needs is not installed, here or where the work is done.
    """
    home = tree_of(source)
    work = functools.partial(inspect_some, source=home)
    hands = Hands(work, functools.partial(_unread, home), executor or _crew_for(home), at_once)
    with contextlib.closing(hands.through(_together(home.photos(None)))) as results:
        for some in results:
            yield from filter(None, some)


def _lost(home: Tree, entry: Entry, reason: str) -> Ended:
    outcome = Outcome(
        source=home.spelled(entry.name),
        status=Status.FAILED,
        error=f"whoever worked on it ended, each time ({reason})",
        again=True,
    )
    return Ended(entry.name, outcome)


def _unread(home: Tree, entry: Entry, reason: str) -> Inspected | None:
    error = f"whoever worked on it ended, each time ({reason})"
    return Inspected(source=home.spelled(entry.name), error=error)


class _Tally:
    """Counts, so that the report adds up."""

    def __init__(
        self, home: Tree, into: Tree, progress: Callable[[Outcome, int, int], None] | None
    ) -> None:
        self._home, self._into, self._progress = home, into, progress
        self._counts: Counter[Status] = Counter()
        self._found = 0
        self._in_a_row = 0
        self.left: list[Outcome] = []

    def left_to_do(self, photos: Iterable[Entry], done: Callable[[Entry], bool]) -> Iterator[Entry]:
        """Yield what is not done, and count what is."""
        for entry in photos:
            self._found += 1
            if not done(entry):
                yield entry
                continue
            name = entry.name
            source, output = self._home.spelled(name), self._into.spelled(name)
            self.end(Outcome(source=source, status=Status.ALREADY_CLEAN, output=output))

    def end(self, outcome: Outcome | None) -> None:
        """Count a photo, or what turned out to be none.

        Raises:
            StoreError: Too many failed in a row, and not for what they are.
        """
        if outcome is None:
            self._found -= 1
            return
        self._counts[outcome.status] += 1
        if not outcome.status.good:
            self.left.append(outcome)
        if self._progress is not None:
            self._progress(outcome, self._counts.total(), self._found)
        self._in_a_row = self._in_a_row + 1 if outcome.again else 0
        if self._in_a_row >= _IN_A_ROW:
            raise StoreError(
                f"{self._in_a_row} photos in a row failed, the last one so: {outcome.error}; "
                f"{self._counts.total():,} are looked at; asked again, the run goes on from there"
            )

    def report(self) -> TreeReport:
        """Return what became of all."""
        left = sorted(self.left, key=lambda one: one.source)
        return TreeReport(counts=self._counts, left_out=tuple(left))


def _together(entries: Iterable[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield a few entries at a time."""
    some: list[Entry] = []
    size = 0
    for entry in entries:
        some.append(entry)
        size += entry.size
        if len(some) >= _TOGETHER or size >= _BYTES_TOGETHER:
            yield tuple(some)
            some, size = [], 0
    if some:
        yield tuple(some)


def _place_of(journal: str | os.PathLike[str] | Remote | None, into: Tree) -> str | Remote:
    if journal is None:
        return into.at(JOURNALS)
    where = tree_of(journal)
    return where.remote if isinstance(where, RemoteTree) else where.address


def _crew_for(*trees: Tree) -> Crew:
    """Return what makes a crew of this computer's processes."""
    remote = [str(tree.remote) for tree in trees if isinstance(tree, RemoteTree)]
    if any(url.startswith("memory:") for url in remote):
        return Here()  # no other process has this memory
    from concurrent.futures import ProcessPoolExecutor  # which one job alone does not need

    make = functools.partial(ProcessPoolExecutor, initializer=end_with_parent)
    if not remote:
        return make
    import multiprocessing

    # What reaches a storage has threads, which a fork would cut off.
    way = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return functools.partial(make, mp_context=multiprocessing.get_context(way))
