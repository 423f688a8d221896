"""Workers that end, executors that go, files that change: nothing is lost, all is counted once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from photoprivacy import inspect, strip
from photoprivacy.batch import Job, Outcome, Status, strip_one, strip_tree
from photoprivacy.batch._crew import Hands, Here
from photoprivacy.batch._find import walk
from photoprivacy.batch._tree import _crew_for
from photoprivacy.batch._trees import tree_of
from photoprivacy.testing import sample_photo


def folder_of(path: Path, count: int) -> Path:
    path.mkdir()
    for number in range(count):
        (path / f"{number:04}.jpg").write_bytes(sample_photo())
    return path


def shout(_serial: int, words: Sequence[str]) -> Sequence[str]:
    """Answer each word, but end the whole process at some."""
    if any(word.startswith("kill") for word in words):
        os.kill(os.getpid(), 9)
    if any(word.startswith("fail") for word in words):
        raise ArithmeticError
    return [word.upper() for word in words]


def given_up(word: str, reason: str) -> str:
    return f"{word} lost: {reason}"


def two() -> Executor:
    return ProcessPoolExecutor(2)


def results(words: list[str], crew: Executor | Callable[[], Executor]) -> Counter[str]:
    chunks = [words[at : at + 5] for at in range(0, len(words), 5)]
    hands = Hands(shout, given_up, crew, None)
    return Counter(one for some in hands.through(chunks) for one in some)


def test_what_ends_each_worker_is_given_up_and_no_neighbour_with_it() -> None:
    words = [f"word{number}" for number in range(100)]
    words[13], words[14], words[77] = "kill-a", "kill-b", "kill-c"

    found = results(words, two)

    assert found.total() == 100
    assert {one for one in found if "lost" in one} == {
        f"kill-{one} lost: BrokenProcessPool" for one in "abc"
    }
    assert set(found.values()) == {1}


def test_what_fails_in_the_executor_is_tried_alone_and_then_given_up() -> None:
    found = results(["a", "fail", "b"], Here())

    assert found == Counter({"A": 1, "B": 1, "fail lost: ArithmeticError": 1})


def test_an_executor_that_ends_and_cannot_be_replaced_is_an_error() -> None:
    with (
        pytest.raises(ConnectionError, match="BrokenProcessPool"),
        ProcessPoolExecutor(2) as pool,
    ):
        results(["a", "kill", "b"], pool)
    ended = ThreadPoolExecutor(1)
    ended.shutdown()
    with pytest.raises(ConnectionError, match="RuntimeError"):
        results(["a"], ended)


def test_little_is_out_at_once_and_the_listing_waits() -> None:
    out = most = 0
    lock = threading.Lock()
    drawn = 0

    def work(_serial: int, some: Sequence[int]) -> Sequence[int]:
        nonlocal out, most
        with lock:
            out += 1
            most = max(most, out)
        time.sleep(0.001)
        with lock:
            out -= 1
        return some

    def listing() -> Iterator[tuple[int]]:
        nonlocal drawn
        for number in range(300):
            drawn += 1
            yield (number,)

    done = 0
    with ThreadPoolExecutor(3) as pool:
        for some in Hands(work, lambda _one, _why: 0, pool, None).through(listing()):
            assert drawn - done <= 12  # four for each worker
            done += len(some)
    assert done == drawn == 300
    assert most <= 3


def test_whoever_stops_has_no_more_worked_on_than_what_is_at_hand(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 400)

    def enough(_outcome: Outcome, done: int, _found: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ThreadPoolExecutor(1) as pool:
        strip_tree(source, tmp_path / "out", executor=pool, progress=enough, durable=False)
    assert 1 <= len(list((tmp_path / "out").glob("*.jpg"))) <= 5 * 16


def test_workers_are_killed_and_every_photo_is_there_once(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 200)
    crews: list[ProcessPoolExecutor] = []
    seen: list[str] = []
    killed = 0

    def crew() -> Executor:
        crews.append(ProcessPoolExecutor(2))
        return crews[-1]

    def kill(outcome: Outcome, done: int, _found: int) -> None:
        nonlocal killed
        seen.append(outcome.source)
        if killed < 3 and done > 40 * (killed + 1):
            killed += 1
            os.kill(next(iter(crews[-1]._processes)), 9)

    report = strip_tree(source, tmp_path / "out", executor=crew, progress=kill)

    assert killed == 3
    assert len(crews) >= 3  # two kills may hit one crew
    assert sorted(seen) == sorted(map(str, source.iterdir()))
    assert (
        report.total == report.counts[Status.CLEANED] + report.counts[Status.ALREADY_CLEAN] == 200
    )
    copies = list((tmp_path / "out").iterdir())
    assert len(copies) == 200  # and nothing else
    clean = strip(sample_photo()).data
    assert all(copy.read_bytes() == clean for copy in copies)


def test_a_file_that_is_written_all_the_time_has_no_copy(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample_photo())
    stop = threading.Event()

    def touch() -> None:
        while not stop.is_set():
            os.utime(photo)

    writer = threading.Thread(target=touch)
    writer.start()
    try:
        outcome = strip_one(Job(source=str(photo), target=str(tmp_path / "clean.jpg")))
    finally:
        stop.set()
        writer.join()

    assert outcome.error == "it changes while it is read"
    assert outcome.again
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


class Late(ThreadPoolExecutor):
    """Comes when some photos have gone."""

    def __init__(self, gone: list[Path]) -> None:
        super().__init__(1)
        self._gone = gone

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        for path in self._gone:
            path.unlink(missing_ok=True)
        return super().submit(fn, *args, **kwargs)


def test_a_file_that_vanishes_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 20)

    with Late([source / "0003.jpg"]) as pool:
        report = strip_tree(source, tmp_path / "out", executor=pool)

    assert report.counts == {Status.CLEANED: 19, Status.FAILED: 1}
    assert [Path(one.source).name for one in report.left_out] == ["0003.jpg"]
    assert report.left_out[0].error == "No such file or directory"


FULL = """
import resource, signal, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from photoprivacy import StoreError
from photoprivacy.batch import strip_tree

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
source, out = map(Path, sys.argv[1:])
with ThreadPoolExecutor(1) as pool:
    # No file may be larger than that: a disk that is full for the larger photos.
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(6e4), resource.RLIM_INFINITY))
    try:
        strip_tree(source, out, executor=pool)
    except StoreError as error:
        print(error)
    print(*sorted(path.name for path in out.glob("*.jpg")))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    report = strip_tree(source, out, executor=pool)
    print(report.total, len(report.left_out))
"""


@pytest.mark.skipif(os.name == "nt", reason="has no such limit")
def test_a_disk_without_room_stops_the_run_and_one_with_room_ends_it(tmp_path: Path) -> None:
    source, out = folder_of(tmp_path / "in", 20), tmp_path / "out"
    large = sample_photo(size=(1600, 1200))
    for number in range(20, 150):
        (source / f"{number:04}.jpg").write_bytes(large)
    told = subprocess.run(
        [sys.executable, "-c", FULL, source, out],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout.splitlines()

    assert "100 photos in a row failed" in told[0]
    assert "File too large" in told[0]
    assert told[1].split() == [f"{number:04}.jpg" for number in range(20)]
    assert told[2] == "150 0"
    small, big = strip(sample_photo()).data, strip(large).data
    assert len(big) > 60_000
    left = [path for path in out.rglob("*") if path.is_file()]
    assert len(left) == 150
    assert all(path.read_bytes() == (small if int(path.stem) < 20 else big) for path in left)


class Forgetful(ThreadPoolExecutor):
    """Answers now and then for fewer photos than it was given, or not at all."""

    def __init__(self) -> None:
        super().__init__(2)
        self._times = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._times += 1
        number = self._times

        def forgets() -> Any:
            answer = fn(*args, **kwargs)
            return {1: answer[:-3], 2: None}.get(number, answer)

        return super().submit(forgets)


def test_what_an_executor_loses_is_asked_for_again(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 60)

    with Forgetful() as pool:
        report = strip_tree(source, tmp_path / "out", executor=pool)

    assert report.total == 60
    assert not report.left_out


def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder_of(tmp_path / "in", 2)
    for name in ("a", "z"):
        folder_of(source / name, 2)
    scandir = os.scandir

    def locked(path: str) -> Any:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    report = strip_tree(source, tmp_path / "out", executor=Here())

    assert report.counts == {Status.CLEANED: 4, Status.FAILED: 1}
    assert [Path(one.source).name for one in report.left_out] == ["a"]
    with pytest.raises(PermissionError):
        strip_tree(source / "a", tmp_path / "other", executor=Here())


@pytest.mark.skipif(os.name == "nt", reason="paths are shorter there")
def test_a_folder_below_a_thousand_others_is_reached(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 1)
    deep = f"{source}{'/a' * 1200}"
    for count in range(100, 1201, 100):
        os.makedirs(f"{source}{'/a' * count}", exist_ok=True)
    Path(deep, "b.jpg").write_bytes(sample_photo())
    report = strip_tree(source, tmp_path / "out", executor=Here())

    assert report.counts == {Status.CLEANED: 2}
    assert os.path.exists(f"{tmp_path}/out{'/a' * 1200}/b.jpg")
    assert strip_tree(source, tmp_path / "out", executor=Here(), journal=tmp_path).total == 2
    for root in ("in", "out"):
        remove_all(tmp_path / root)  # pytest's own way calls itself for each folder


def remove_all(folder: Path) -> None:
    for here, _, files in reversed(list(walk(folder))):
        for name in files:
            os.unlink(os.path.join(here, name))
        os.rmdir(here)


def test_a_default_crew_of_this_computer_makes_another_one_when_it_is_killed() -> None:
    here = tree_of("/nowhere")

    assert not isinstance(_crew_for(here), Executor)
    assert isinstance(_crew_for(tree_of("memory://x"), here), Here)


def test_a_photo_that_waits_does_not_hold_back_the_others(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 3)
    for path in source.iterdir():
        path.write_bytes(sample_photo() + bytes(5 << 20))  # one a call
    release = threading.Event()
    told: list[str] = []

    class Slow(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            def waits() -> Any:
                if args[1][0].name == "0000.jpg":
                    assert release.wait(60)
                return fn(*args, **kwargs)

            return super().submit(waits)

    def note(outcome: Outcome, done: int, _found: int) -> None:
        told.append(Path(outcome.source).name)
        if done == 2:
            release.set()

    with Slow(2) as pool:
        strip_tree(source, tmp_path / "out", executor=pool, progress=note)

    assert told[-1] == "0000.jpg"
    assert len(told) == 3
    assert not any(inspect(path).violations() for path in (tmp_path / "out").iterdir())
