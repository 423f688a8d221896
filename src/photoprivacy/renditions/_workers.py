"""Decoders are where hostile pictures hit: they run in processes that have nothing to lose."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing.spawn
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Hashable, Iterator
from typing import BinaryIO, Final, cast

import attrs

from photoprivacy.containers import Format
from photoprivacy.errors import LimitExceeded, MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.renditions._render import Draw, Drawn, check_rendition
from photoprivacy.renditions._worker import READY, frame, framed

_CODE: Final = (
    "import sys; memory, seconds, *sys.path = sys.argv[1:]; "
    "from photoprivacy.renditions._worker import main; main(int(memory), int(seconds))"
)
#: No rendition comes near: 1600 pixels a side are 10 MB before they are coded.
_LONGEST: Final = 64 << 20
#: What an interpreter may need to start at all; nothing of the app's is among it.
_PASSED: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
#: Pictures that one process draws: what a decoder leaks ends with it.
_PICTURES: Final = 500
_START: Final = 60.0
#: Seconds after which a process that had nothing to draw is ended, when somebody comes by.
_IDLE: Final = 120.0


class Workers:
    """Draws renditions in processes of their own. Safe to use from several threads.

    A process is started when there is something to draw, from the interpreter anew: it shares no
    memory, key, store, descriptor or environment with this one. It can open neither files nor
    sockets. What takes too much memory or time is ended with its process, fails one picture, and
    holds up no other.

    A picture that takes its process over sees what that process draws later. So a process draws
    for one alone: see `apart`.

    The kernel's limits are those of Linux: macOS knows no limit of memory, Windows none at all;
    the clock holds everywhere.

    Args:
        count: How many processes draw at once.
        memory: Bytes of address space of each.
        cpu: Seconds of processor time for one picture.
        wall: Seconds for one picture by the clock.
        kept: How many processes are there at most, those included that wait for another picture
            of the same: four times *count* by default, and never fewer than *count*. Where
            pictures of more than so many come in turn, each has a process started for it.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        memory: int = 4 << 30,
        cpu: int = 60,
        wall: float = 120.0,
        kept: int | None = None,
    ) -> None:
        self._count = count or min(4, os.cpu_count() or 1)
        self._kept = max(self._count, 4 * self._count if kept is None else kept)
        self._limits = memory, cpu, wall
        self._lock = threading.Condition()
        self._idle: list[_Process] = []  # who waits for longest stands first
        self._running = 0
        self._owner = os.getpid()

    def __call__(self, data: bytes, /, *, size: int, media_type: str, limits: Limits) -> Drawn:
        """Return a rendition of a photo, checked. Nobody said whose it is: `apart` says it.

        Raises:
            UnsupportedFormat: Not a format we read, or none we can draw.
            MalformedImage: The picture cannot be decoded, or ended its decoder.
            LimitExceeded: It takes more pixels, memory or time than it may.
            OSError: No process can be started.
        """
        return self._drawn(None, data, size=size, media_type=media_type, limits=limits)

    def apart(self, whose: Hashable) -> Draw:
        """Return who draws in processes that saw, and will see, no pictures but *whose*.

        Args:
            whose: Says what belongs together: an album, a customer. Compared, and held while a
                process waits.
        """
        return functools.partial(self._drawn, (whose,))

    def _drawn(
        self, whose: Hashable, data: bytes, /, *, size: int, media_type: str, limits: Limits
    ) -> Drawn:
        task = {"size": size, "type": media_type, "limits": attrs.asdict(limits)}
        with self._one(whose) as worker:
            header, result = worker.do(frame(task, data), self._limits[2])
        _raise_for(header)
        check_rendition(result, size=size, media_type=media_type)
        color = header.get("color")
        if not (isinstance(color, list) and len(color) == 3 and all(map(_is_byte, color))):
            raise MalformedImage("picture", 0, "was drawn by nobody we know")
        red, green, blue = color
        return Drawn(data=result, color=(red, green, blue), moving=header.get("moving") is True)

    def close(self) -> None:
        """End the processes that are idle. Later pictures start new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    @contextlib.contextmanager
    def _one(self, whose: Hashable) -> Iterator[_Process]:
        """Hold a process for one picture of *whose*; it goes back if it still lives."""
        with self._lock:
            if self._owner != os.getpid():
                # Forked: the processes there belong to the parent, and their pipes with them.
                self._idle, self._running, self._owner = [], 0, os.getpid()
            while self._running >= self._count:
                self._lock.wait()
            self._running += 1
            worker = next((one for one in reversed(self._idle) if one.whose == whose), None)
            if worker is not None:
                self._idle.remove(worker)
            surplus = self._surplus()
        try:
            for one in surplus:
                one.end()
            if worker is None:
                memory, cpu, _ = self._limits
                worker = _Process(memory, cpu, whose)
            yield worker
        finally:
            with self._lock:
                self._running -= 1
                if worker is not None and worker.usable:
                    worker.since = time.monotonic()
                    self._idle.append(worker)
                    worker = None
                self._lock.notify()
            if worker is not None:
                worker.end()

    def _surplus(self) -> list[_Process]:
        """Take out who waited for too long, and who waited for longest where there are too many."""
        late = time.monotonic() - _IDLE
        many = len(self._idle) + self._running - self._kept
        number = max(many, sum(one.since < late for one in self._idle))
        gone, self._idle = self._idle[: max(0, number)], self._idle[max(0, number) :]
        return gone


class _Process:
    """One process, and its pipes.

    Args:
        memory: Bytes of address space that it may have.
        cpu: Seconds of processor time for one picture.
        whose: Whose pictures it draws.
    """

    def __init__(self, memory: int, cpu: int, whose: Hashable = None) -> None:
        self.whose = whose
        self.since = 0.0
        environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
        self._drawn = 0
        self._fit = True
        paths = [path or os.getcwd() for path in sys.path]
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and words of ours
            [_interpreter(), "-I", "-c", _CODE, str(memory), str(cpu), *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=os.path.abspath(os.sep),
            close_fds=True,
            # An interrupt in a terminal is for the server, which ends its workers.
            start_new_session=os.name == "posix",
        )
        self._owner = os.getpid()
        self.end = weakref.finalize(self, _ended, self._process, self._owner)
        with self._watched(_START):
            ready = self._output.read(len(READY))
        if ready != READY:
            self.end()
            raise OSError("no process for drawing can be started")

    @property
    def usable(self) -> bool:
        """Whether it can draw another picture."""
        return self._fit and self._drawn < _PICTURES and self._process.poll() is None

    @property
    def _output(self) -> BinaryIO:
        return cast("BinaryIO", self._process.stdout)

    def do(self, task: bytes, wall: float) -> tuple[dict[str, object], bytes]:
        """Return the answer to a task.

        Raises:
            MalformedImage: The process came to its end.
            LimitExceeded: It was ended by the clock.
        """
        self._drawn += 1
        self._fit = False
        began = time.monotonic()
        entry = cast("BinaryIO", self._process.stdin)
        try:
            with self._watched(wall):
                entry.write(task)
                entry.flush()
                answer = framed(self._output, _LONGEST)
        except (OSError, ValueError):
            answer = None
        if answer is not None:
            self._fit = True
            return answer
        if time.monotonic() - began >= wall:
            raise LimitExceeded("picture", 0, limit="seconds", value=int(wall))
        raise MalformedImage("picture", 0, "ended the process that decoded it")

    @contextlib.contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Kill the process when this takes longer."""
        watch = threading.Timer(seconds, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _ended(process: subprocess.Popen[bytes], owner: int) -> None:
    """End a process and let go of its pipes; in a fork of its owner only the latter."""
    if owner == os.getpid():
        process.kill()
    else:
        process.returncode = 0
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    if owner == os.getpid():
        process.wait()


def _interpreter() -> str:
    """Return the interpreter: where one is embedded, `multiprocessing` is told which it is."""
    told = multiprocessing.spawn.get_executable()
    return os.fsdecode(told) if told else sys.executable


def _raise_for(header: dict[str, object]) -> None:
    """Raise what a process said. It may say anything: no word of it goes on."""
    error, what, value = (header.get(name) for name in ("error", "what", "value"))
    if error is None:
        return
    if error == "unsupported":
        known = {kind.value.upper() for kind in Format}
        raise UnsupportedFormat(what if isinstance(what, str) and what in known else None)
    if error == "limit":
        known = {*attrs.fields_dict(Limits), "memory"}
        limit = what if isinstance(what, str) and what in known else "memory"
        raise LimitExceeded("picture", 0, limit=limit, value=value if isinstance(value, int) else 0)
    raise MalformedImage("picture", 0, "cannot be decoded")


def _is_byte(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255


@functools.cache
def shared_workers() -> Workers:
    """Return the workers that the whole process has in common."""
    return Workers()
