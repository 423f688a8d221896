"""A real Dask cluster on loopback: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import attrs

from library.servers import a_free_port, missing, wait_for


@attrs.frozen
class Cluster:
    """Where its scheduler listens, and the processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    nannies: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """Return the process numbers of the workers that are alive now, oldest first."""
        return sorted(
            number
            for number in map(int, filter(str.isdigit, os.listdir("/proc")))
            if _is_worker(number, self.nannies.pid)
        )

    def wait_until_grown(self, count: int) -> None:
        """Wait until so many workers are there, and old enough to be killed."""
        until = time.monotonic() + 60
        while sum(_age(number) > _GROWN for number in self.workers()) < count:
            assert time.monotonic() < until, "the workers do not start"
            time.sleep(0.1)

    def kill_a_worker(self) -> bool:
        """End the oldest worker as the kernel ends one that takes too much memory.

        One that is only starting is left alone: Dask's nanny gives up when it loses that.
        """
        grown = [(age, number) for number in self.workers() if (age := _age(number)) > _GROWN]
        if not grown:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(max(grown)[1], signal.SIGKILL)
        return True


#: Seconds after which a worker has surely started.
_GROWN = 5.0


def _age(number: int) -> float:
    """Return for how many seconds a process has been there."""
    try:
        with open(f"/proc/{number}/stat", "rb") as file:
            started = int(file.read().rpartition(b")")[2].split()[19])
    except OSError:
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")


def _is_worker(number: int, parent: int) -> bool:
    try:
        with open(f"/proc/{number}/stat", "rb") as file:
            above = int(file.read().rpartition(b")")[2].split()[1])
        with open(f"/proc/{number}/cmdline", "rb") as file:
            return above == parent and b"spawn_main" in file.read()
    except OSError:
        return False


@contextlib.contextmanager
def cluster(workers: int, environment: dict[str, str] | None = None) -> Iterator[Cluster]:
    """Run a cluster with so many *workers* of one thread, which come again when they are killed."""
    try:
        __import__("distributed")
    except ImportError:
        missing("dask.distributed")
    port = a_free_port()
    address = f"tcp://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "dask"]
    with tempfile.TemporaryDirectory() as folder, open(Path(folder) / "log", "wb") as log:
        options = {"stdout": log, "stderr": log, "cwd": folder}
        options["env"] = {**os.environ, **(environment or {})}
        scheduler = subprocess.Popen(  # type: ignore[call-overload]
            [*command, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            **options,
        )
        try:
            wait_for(port, scheduler)
            words = f"worker {address} --nworkers {workers} --nthreads 1 --no-dashboard"
            nannies = subprocess.Popen([*command, *words.split()], **options)  # type: ignore[call-overload]
            try:
                yield Cluster(address, scheduler, nannies)
            finally:
                _end(nannies)
        finally:
            _end(scheduler)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
