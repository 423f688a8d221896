"""The present, as the gate knows it: a clock that is set back revives nothing."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """Tells the time that the system says, or that has gone by since it was made: the later.

    A system clock that jumps back would open links whose time is over. One that was ahead when
    the process began ends them early, until the process begins anew.
    """

    __slots__ = ("_ahead",)

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()

    def now(self) -> dt.datetime:
        """Return this moment, aware."""
        seconds = max(time.time(), self._ahead + time.monotonic())
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
