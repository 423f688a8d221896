"""The model of `docs/scale.md`: measured here, held against real runs and against a simulation.

    python tests/bench/scale.py

Measures what a photo costs a core, runs real trees, simulates the same trees and then much larger
ones with the same rules (few calls out at once, up to 16 photos or 4 MB each, workers that are
killed), and prints where model and simulation disagree. Prices are assumptions: put in your own.
"""

from __future__ import annotations

import heapq
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import attrs

sys.path[0] = str(Path(__file__).parent.parent)  # not this folder: it has a batch of its own

from bench.batch import cost, processors  # noqa: E402 - found by the line above
from bench.folder import photo  # noqa: E402
from builders import EOI, SOI, picture  # noqa: E402
from photoprivacy import strip_file  # noqa: E402
from photoprivacy.batch import _tree, strip_tree  # noqa: E402

#: Width and height of photos that are measured, about 0.05 to 4.5 MB.
SIZES = ((400, 300), (1800, 1350), (2600, 1950), (4000, 3000))
REAL = 200


@attrs.frozen(kw_only=True)
class Costs:
    """What a photo costs, in seconds of one core, and what the driver adds.

    Attributes:
        each: For any photo.
        byte: For each byte of it.
        given: Of the driver, for a call.
        noted: Of the driver, for a photo.
        waits: Of the worker, for a photo, waiting for storage.
    """

    each: float
    byte: float
    given: float
    noted: float
    waits: float = 0.0

    def work(self, size: int) -> float:
        """Return the seconds that a worker is busy with a photo."""
        return self.each + self.byte * size + self.waits


@attrs.frozen(kw_only=True)
class Prices:
    """Dollars: a core for an hour, a thousand reads, a thousand writes or pages of a listing."""

    core_hour: float = 0.04
    reads: float = 0.0004
    writes: float = 0.005


def measured(room: Path) -> tuple[Costs, list[tuple[int, float]]]:
    """Return the line through what photos of several sizes cost, and the points."""
    points = []
    for number, (width, height) in enumerate(SIZES):
        file = room / f"{number}.jpg"
        file.write_bytes(photo(width, height))

        def some(file: Path = file) -> int:
            for _ in range(30):
                strip_file(file, room / "copy.jpg", overwrite=True, durable=False)
            return 30

        some()
        points.append((file.stat().st_size, min(cost(some) for _ in range(5)) / 1e3))
    mean_size, mean_time = (statistics.mean(row) for row in zip(*points, strict=True))
    byte = sum((size - mean_size) * (took - mean_time) for size, took in points)
    byte /= sum((size - mean_size) ** 2 for size, _ in points)
    given, noted = driven(room)
    each = max(mean_time - byte * mean_size, 0.0)
    return Costs(each=each, byte=byte, given=given, noted=noted), points


def driven(room: Path) -> tuple[float, float]:
    """Return what a call and a photo cost the process that gives them out, in seconds of it."""
    source = room / "little"
    source.mkdir()
    for number in range(2_000):
        (source / f"{number}.jpg").write_bytes(SOI + b"".join(picture()) + EOI)
    spent = {}
    for together in (1, 16):
        _tree._TOGETHER = together  # type: ignore[misc]
        runs = []
        for _ in range(3):
            with ProcessPoolExecutor(2) as pool:
                before = resource.getrusage(resource.RUSAGE_SELF)
                strip_tree(source, room / "out", executor=pool, durable=False)
                after = resource.getrusage(resource.RUSAGE_SELF)
            runs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            shutil.rmtree(room / "out")
        spent[together] = min(runs) / 2_000
    shutil.rmtree(source)
    given = (spent[1] - spent[16]) / (1 - 1 / 16)
    return given, spent[1] - given


def calls(sizes: Iterator[int]) -> Iterator[list[int]]:
    """Yield the sizes of the photos of each call, as `strip_tree` gathers them."""
    some: list[int] = []
    for size in sizes:
        some.append(size)
        if len(some) >= 16 or sum(some) >= 4 << 20:
            yield some
            some = []
    if some:
        yield some


@attrs.frozen(kw_only=True)
class Simulated:
    """How a run went: its seconds, those from the first idle worker on, and photos done twice."""

    seconds: float
    tail: float
    twice: int


def simulated(
    sizes: Iterator[int],
    costs: Costs,
    workers: int,
    *,
    killed_every: float = 0.0,
    back: float = 5.0,
) -> Simulated:
    """Play a run: a driver that gives out calls, and workers that end now and then."""
    chance = random.Random(1)
    free = [0.0] * workers  # when each worker is free
    driver = 0.0
    twice = 0
    lost: list[list[int]] = []
    coming = calls(sizes)
    while (call := lost.pop() if lost else next(coming, [])) != []:
        driver += costs.given + costs.noted * len(call)
        # The driver is ahead of the workers by a few calls each: it waits for the first of them.
        start = max(heapq.heappop(free), driver)
        driver = max(driver, start - 4 * costs.given * workers)
        end = start + sum(map(costs.work, call))
        if killed_every and chance.random() < 1 - 2.718281828 ** (-(end - start) / killed_every):
            died = start + chance.random() * (end - start)
            twice += len(call)
            lost.extend([size] for size in call)
            heapq.heappush(free, died + back)
        else:
            heapq.heappush(free, end)
    return Simulated(seconds=max(free), tail=max(free) - min(free), twice=twice)


def model(count: int, mean: float, costs: Costs, workers: int) -> float:
    """Return the seconds that the formula of the page gives."""
    work = count * (costs.each + costs.byte * mean + costs.waits) / workers
    return max(work, driver_alone(count, mean, costs))


def driver_alone(count: int, mean: float, costs: Costs) -> float:
    """Return the seconds that giving out and noting take."""
    per_call = min(16.0, (4 << 20) / mean + 0.5)
    return count * (costs.noted + costs.given / per_call)


def phone(chance: random.Random) -> int:
    """Return the size of a photo: 2.5 MB in the middle, a few of twenty."""
    return int(min(2.5e6 * chance.lognormvariate(0, 0.6), 40e6))


def real_runs(room: Path, costs: Costs) -> None:
    """Time real trees, and say what model and simulation say of them."""
    chance = random.Random(2)
    photos = sorted(room.glob("[0-9].jpg"))
    source = room / "in"
    source.mkdir()
    sizes = []
    for number in range(REAL):
        one = chance.choice(photos)
        os.link(one, source / f"{number:05}.jpg")
        sizes.append(one.stat().st_size)
    for workers in (1, 2):
        times, busy = [], []
        for _ in range(3):
            before = processors()
            with ProcessPoolExecutor(workers) as pool:
                for warm in [pool.submit(int) for _ in range(workers)]:
                    warm.result()
                start = time.perf_counter()
                strip_tree(source, room / "out", executor=pool, durable=False)
                times.append(time.perf_counter() - start)
            busy.append(processors() - before)
            shutil.rmtree(room / "out")
        took, used = min(times), min(busy)
        plan = model(REAL, statistics.mean(sizes), costs, workers)
        play = simulated(iter(sizes), costs, workers).seconds
        print(
            f"{REAL} photos, {workers} processes: {took:.2f} s, the model says {plan:.2f} "
            f"({plan / took - 1:+.0%}), the simulation {play:.2f} ({play / took - 1:+.0%}); "
            f"{used:.2f} s of processors, the model {plan * workers:.2f}"
        )


def large_runs(costs: Costs) -> None:
    """Hold the model against simulations of what nobody runs on two cores."""
    for count, workers, waits, every in (
        (100_000, 100, 0.0, 0.0),
        (100_000, 100, 0.06, 0.0),
        (100_000, 100, 0.06, 600.0),
        (1_000_000, 1_000, 0.06, 0.0),
        (1_000_000, 1_000, 0.06, 600.0),
    ):
        chance = random.Random(3)
        far = attrs.evolve(costs, waits=waits)
        sizes = [phone(chance) for _ in range(count)]
        play = simulated(iter(sizes), far, workers, killed_every=every)
        plan = model(count, statistics.mean(sizes), far, workers)
        print(
            f"{count:,} photos, {workers:,} workers, {waits * 1e3:.0f} ms of storage each, killed "
            f"every {every:.0f} s: {play.seconds:.1f} s, the model {plan:.1f} "
            f"({plan / play.seconds - 1:+.0%}); one driver feeds "
            f"{count / driver_alone(count, statistics.mean(sizes), far):,.0f} a second; "
            f"tail {play.tail:.1f} s, twice {play.twice:,}"
        )


def prices(costs: Costs, mean: float, prices: Prices) -> None:
    """Say what a million photos cost."""
    for waits in (0.0, 0.06):
        seconds = 1e6 * (costs.each + costs.byte * mean + waits)
        cores = seconds / 3600 * prices.core_hour
        asked = 1e3 * (prices.reads + prices.writes) + 2 * prices.writes
        print(
            f"a million of {mean / 1e6:.1f} MB, {waits * 1e3:.0f} ms of storage each: "
            f"{seconds / 3600:.1f} core hours, ${cores:.2f}; requests ${asked:.2f}"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        costs, points = measured(Path(folder))
        for size, took in points:
            print(f"{size / 1e6:.2f} MB: {took * 1e3:.2f} ms, {size / took / 1e6:.0f} MB/s")
        print(f"the driver: a call {costs.given * 1e3:.3f} ms, a photo {costs.noted * 1e3:.3f} ms")
        print(f"a photo {costs.each * 1e3:.2f} ms, a megabyte {costs.byte * 1e9:.2f} ms")
        prices(costs, 3.0e6, Prices())
        large_runs(costs)
        real_runs(Path(folder), costs)
