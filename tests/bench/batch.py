"""Whole trees: two workers of a Dask cluster against one, and what each small file costs more.

    python tests/bench/batch.py [dask] [small]

Makes its own photos in a temporary folder of up to 4 GB. Nothing waits for the disk. Runs take
turns; what is printed are medians, and times of processors where those of the clock would tell how
busy the others were.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)  # not this folder: it has a batch of its own

from batch.clusters import cluster  # noqa: E402 - found by the line above
from bench.folder import photo  # noqa: E402
from builders import EOI, SOI, com, picture  # noqa: E402
from photoprivacy import strip_file  # noqa: E402
from photoprivacy.batch import Outcome, strip_tree  # noqa: E402

ROUNDS = 3
#: JPEGs of 1.1 MB for the cluster, and small ones of 1.9 kB.
LARGE = 2_000
SMALL = 100_000


def tree(room: Path, data: bytes, count: int) -> Path:
    """Return a folder with so many files, a thousand in each of its folders."""
    source = room / "in"
    for number in range(count):
        if number % 1000 == 0:
            folder = source / f"{number // 1000:03}"
            folder.mkdir(parents=True)
        (folder / f"{number:06}.jpg").write_bytes(data)
    return source


def dask(room: Path) -> None:
    """Time the command over a tree, start-up and all, with one worker and with two."""
    source = tree(room, photo(1800, 1350), LARGE)
    size = next(source.rglob("*.jpg")).stat().st_size
    times: dict[int, list[float]] = {1: [], 2: []}
    starts: list[float] = []
    for _ in range(ROUNDS):
        for workers, row in times.items():
            with cluster(workers) as one:
                run(source / "000", room, one.address)  # workers load what they need
                row.append(run(source, room, one.address))
                starts.append(run(room / "none", room, one.address))
                print(f"  {workers}: {row[-1]:.1f} s", flush=True)
    alone, both, start = (statistics.median(row) for row in (times[1], times[2], starts))
    print(f"{LARGE:,} JPEGs of {size / 1e6:.1f} MB; the start of the command takes {start:.1f} s")
    print(f"one worker {alone:.1f} s, two {both:.1f} s: {alone / both:.2f} times as fast")
    print(f"without the start {(alone - start) / (both - start):.2f} times")


def run(source: Path, room: Path, address: str) -> float:
    """Clean *source* into a fresh folder, and return the seconds of the command."""
    source.mkdir(exist_ok=True)
    out = room / "out"
    command = (sys.executable, "-m", "photoprivacy", "strip", "-r", str(source), "-o", str(out))
    start = time.perf_counter()
    subprocess.run(
        (*command, "--cluster", address, "--no-fsync", "--json"),
        check=True,
        capture_output=True,
        timeout=1800,
    )
    seconds = time.perf_counter() - start
    shutil.rmtree(out, ignore_errors=True)
    return seconds


def processors() -> float:
    """Return the seconds that this process and its ended children have used."""
    mine, theirs = (resource.getrusage(who) for who in (0, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def small(room: Path) -> None:
    """Say what a small file costs in a tree beyond `strip_file`, and what memory does."""
    data = SOI + com(b"somebody's words") + b"".join(picture()) + EOI
    source = tree(room, data, SMALL)
    files = sorted(source.rglob("*.jpg"))
    sample = files[:: max(1, SMALL // 5_000)]

    def alone() -> int:
        out = room / "alone"
        out.mkdir()
        for number, file in enumerate(sample):
            strip_file(file, out / f"{number:06}.jpg", durable=False)
        shutil.rmtree(out)
        return len(sample)

    memory: list[tuple[int, float, float]] = []

    def watch(_outcome: Outcome, done: int, _found: int) -> None:
        if done in {SMALL // 10, SMALL // 2, SMALL}:
            memory.append((done, resident(os.getpid()), max(map(resident, children()), default=0)))

    def all_of_them() -> int:
        with ProcessPoolExecutor(2) as pool:
            report = strip_tree(source, room / "out", executor=pool, progress=watch, durable=False)
        assert report.total == SMALL
        assert not report.left_out
        shutil.rmtree(room / "out")
        return SMALL

    alone()  # loads what is loaded once
    before = cost(alone)
    in_tree = cost(all_of_them)
    after = cost(alone)
    beyond = in_tree - statistics.mean((before, after))
    print(f"{SMALL:,} JPEGs of {len(data):,} bytes, two processes")
    print(f"  {in_tree:.3f} ms of processors each; strip_file {before:.3f} and {after:.3f} ms")
    print(f"  beyond it {beyond:.3f} ms")
    for done, here, there in memory:
        print(f"  after {done:,}: {here:.1f} MB, the largest worker {there:.1f} MB")


def cost(work: Callable[[], int]) -> float:
    """Return the milliseconds of processors that each file took."""
    start = processors()
    count = work()
    return (processors() - start) / count * 1e3


def children() -> list[int]:
    """Return the processes that this one has started."""
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(word) for word in text.split()]


def resident(pid: int) -> float:
    """Return the memory of a process, in megabytes."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    for part in sys.argv[1:] or ("dask", "small"):
        with tempfile.TemporaryDirectory() as folder:
            {"dask": dask, "small": small}[part](Path(folder))
