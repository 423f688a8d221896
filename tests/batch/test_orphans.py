"""Workers of a run that is killed, or asked to end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from photoprivacy.testing import sample_photo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

#: strip_tree has one a core.
_WORKERS = min(2, os.cpu_count() or 1)
_STRIP = "from photoprivacy.cli import main; main()"
_TREE = "import sys; from photoprivacy.batch import strip_tree; strip_tree(*sys.argv[1:])"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    photo = sample_photo()
    for number in range(3000):
        (folder / f"{number:04}.jpg").write_bytes(photo)
    return folder


@contextlib.contextmanager
def at_work(*words: str, out: Path) -> Iterator[tuple[subprocess.Popen[str], set[int]]]:
    """Give a command that has begun to write to *out*, and its workers."""
    with subprocess.Popen(
        [sys.executable, "-c", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that whoever is left is found, whatever its parent
    ) as process:
        try:
            until(lambda: len(members(process.pid)) > _WORKERS and any(out.glob("*.jpg")))
            yield process, members(process.pid) - {process.pid}
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def members(session: int) -> set[int]:
    """Return the processes of a session that have not ended."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state = (entry / "stat").read_text().rpartition(")")[2].split()
                if state[0] != "Z" and int(state[3]) == session:
                    found.add(int(entry.name))
    return found


@pytest.mark.parametrize(
    "words",
    [
        (_STRIP, "strip", "-r", "--jobs", "2", "--no-fsync", "{in}", "-o", "{out}"),
        (_STRIP, "strip", "-r", "--jobs", "2", "--journal", "{notes}", "{in}", "-o", "{out}"),
        (_TREE, "{in}", "{out}"),
    ],
    ids=["strip", "strip --journal", "strip_tree"],
)
def test_workers_end_with_a_run_that_is_killed(
    words: tuple[str, ...], photos: Path, tmp_path: Path
) -> None:
    places = {"in": photos, "out": tmp_path / "out", "notes": tmp_path / "notes"}
    command = [word.format(**places) if "{" in word else word for word in words]

    with at_work(*command, out=tmp_path / "out") as (process, workers):
        assert len(workers) >= _WORKERS
        process.kill()
        process.wait(20)
        until(lambda: not members(process.pid))
    assert len(list((tmp_path / "out").glob("*.jpg"))) < 3000


@pytest.mark.parametrize("notes", ["", "notes"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_run_that_is_asked_to_end_says_once_how_far_it_came(
    photos: Path, tmp_path: Path, number: int, code: int, notes: str
) -> None:
    out = tmp_path / "out"
    journal = ["--journal", str(tmp_path / notes)] if notes else []
    command = [_STRIP, "strip", "-r", "--jobs", "2", *journal, str(photos), "-o", str(out)]

    with at_work(*command, out=out) as (process, workers):
        # As a terminal has it: all of them hear Ctrl-C.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        _, said = process.communicate(timeout=60)
        until(lambda: not members(process.pid))

    assert len(workers) >= _WORKERS
    assert process.returncode == code
    assert said.count("\n") == said.count("Stopped") == said.count("Stopped after ") == 1
