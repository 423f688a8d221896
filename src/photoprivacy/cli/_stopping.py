"""What Ctrl-C and SIGTERM do: the work inside ends, and says how far it came."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator


class Terminated(KeyboardInterrupt):
    """Somebody asked the process to end: by SIGTERM, and not by Ctrl-C."""


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Have SIGTERM end the work inside as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return

    def caught(_number: int, _frame: object) -> None:
        raise Terminated

    previous = signal.signal(signal.SIGTERM, caught)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextlib.contextmanager
def told_where_it_stops(say: Callable[[], str]) -> Iterator[None]:
    """Have an interrupt of the work inside carry what *say* says of it."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        stopped.args = (say(),)
        raise
