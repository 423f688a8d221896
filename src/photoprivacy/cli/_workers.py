"""Who works through many files: this process or a few others, each keeping its memory.

Memory that goes back to the system after one photo has to be fetched again for the next, and that
costs more than cleaning: the kernel clears every page. A command owns its process, so it may say
that freed memory stays here; a library may not.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from photoprivacy.batch._orphans import end_with_parent
from photoprivacy.errors import MissingExtra

if TYPE_CHECKING:
    from concurrent.futures import Executor

#: mallopt(3) of glibc: how much may lie free at the end before it is given back, and from which
#: size on a block is mapped, and given back, on its own.
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
#: A few photos' worth, in bytes. glibc maps from 32 MiB on whatever is said.
_KEPT: Final = 256 << 20
_MAPPED: Final = 32 << 20


@contextlib.contextmanager
def workers(jobs: int) -> Iterator[Executor | None]:
    """Give an executor of so many processes, ``None`` where this one is enough."""
    _keep_memory()
    if jobs == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor  # which one job does not need

    with ProcessPoolExecutor(jobs, initializer=_begin) as pool:
        yield pool


def crew(jobs: int, *, far: bool) -> Callable[[], Executor]:
    """Return what makes an executor of so many processes, again when one of them was killed.

    Args:
        jobs: How many.
        far: Whether photos are behind URLs: what reaches them has threads, and they do not fork.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    ways = multiprocessing.get_all_start_methods()
    way = "forkserver" if far and "forkserver" in ways else ways[0]
    context = multiprocessing.get_context(way)
    return functools.partial(ProcessPoolExecutor, jobs, mp_context=context, initializer=_begin)


@contextlib.contextmanager
def cluster_at(address: str) -> Iterator[tuple[Executor, int]]:
    """Give an executor of the Dask cluster at *address*, and how many calls keep it busy.

    Raises:
        MissingExtra: Dask is not installed.
        OSError: Nobody answers.
    """
    try:
        client_of = importlib.import_module("distributed").Client
    except ImportError:
        raise MissingExtra("cluster") from None
    # What ends is said once, in our words; Dask would add a page of its own.
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    with client_of(address, timeout=10, set_as_default=False) as client:
        threads = sum(client.nthreads().values())
        yield client.get_executor(), max(_BUSY * threads, 2 * _BUSY)


#: Calls for each thread of a cluster: one at work, the others on their way.
_BUSY: Final = 4


def _begin() -> None:
    """Begin as a worker."""
    # Ctrl-C reaches all processes of a terminal: the command hears it, and lets its workers go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    _keep_memory()


def _keep_memory() -> None:
    """Ask glibc to keep freed memory for the next photo. Elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return  # musl has no such call
    mallopt(_TRIM_THRESHOLD, _KEPT)
    mallopt(_MMAP_THRESHOLD, _MAPPED)
