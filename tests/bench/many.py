"""A tree of many photos, looked at in one process: time a file, and memory that must not grow.

    python tests/bench/many.py [COUNT …]

COUNT is how many files there are: 1,000, 20,000 and 100,000 unless said. Each is a hard link to
one of a few photos of 13 kB with a phone's metadata, a thousand to a folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import attrs

from photoprivacy.testing import sample_photo

_COUNTS = (1_000, 20_000, 100_000)
_IN_A_FOLDER = 1_000
#: A file of ext4 has 65,000 names at most.
_NAMES_OF_ONE = 10_000


@attrs.frozen
class Run:
    """What a run took: seconds by the clock and of the processor, and memory at most in MB."""

    wall: float
    processor: float
    memory: float
    lines: int


def tree(room: Path, count: int) -> Path:
    """Return a tree of so many photos."""
    top, data = room / f"tree-{count}", sample_photo()
    for number in range(count):
        folder = top / f"{number // _IN_A_FOLDER:04}"
        if number % _IN_A_FOLDER == 0:
            folder.mkdir(parents=True)
        if number % _NAMES_OF_ONE == 0:
            source = room / f"source-{count}-{number}.jpg"
            source.write_bytes(data)
        os.link(source, folder / f"{number:06}.jpg")
    return top


def run(folder: Path) -> Run:
    """Return what ``inspect -r --json --jobs 1`` of a folder takes, and its lines."""
    words = ("inspect", "-r", "--json", "--jobs", "1", str(folder))
    out = folder.with_suffix(".ndjson")
    start = time.perf_counter()
    with out.open("wb") as file:
        child = subprocess.Popen((sys.executable, "-m", "photoprivacy", *words), stdout=file)
        _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"inspect ended with {child.returncode}")
    with out.open("rb") as file:
        lines = sum(1 for _ in file)
    out.unlink()
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000, lines)


def main() -> None:
    """Print a line for each count."""
    counts = [int(word) for word in sys.argv[1:]] or _COUNTS
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            took = run(tree(Path(folder), count))
            if took.lines != count:
                raise SystemExit(f"{took.lines:,} lines for {count:,} files")
            each = 1_000 * took.processor / count
            print(
                f"{count:>7,} files: {took.wall:.1f} s, {each:.2f} ms of the processor a file, "
                f"{took.memory:.0f} MB at most"
            )


if __name__ == "__main__":
    main()
