"""Figures of albums and their stores: documents, lists, ingest, and eight processes at once.

    python tests/bench/sharing.py [--quick]

Prints each figure beside its aim, with versions. Times are medians of runs in turns, and those of
the processor alone unless something else is said, because machines are noisy. Ingest is held
against `inspect` and a copy of the same file, made in turns with it, to the same disk and as
durable.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from photoprivacy import inspect
from photoprivacy._time import CapturedAt
from photoprivacy.albums import Album, Photo, dumps, loads
from photoprivacy.geo import Coordinates, Place
from photoprivacy.library import Library
from photoprivacy.testing import sample_photo

MANY = 10_000
CPU, WALL = time.process_time, time.perf_counter
TESTS = Path(__file__).parent.parent


def an_album(count: int) -> Album:
    """Return an album of so many photos with every field that a phone's photo has."""
    places = [
        Place(
            country_code="PT",
            country="Portugal",
            region="Lisboa",
            city=f"Town {number}",
            neighbourhood="Graça",
            key=f"PT/14/{number}",
            coordinates=Coordinates(latitude=38.7 + number / 1000, longitude=-9.1),
            timezone="Europe/Lisbon",
        )
        for number in range(100)
    ]
    photos = tuple(
        Photo(
            sha256=f"{number:064x}",
            coded_sha256=f"{number:064x}",
            format="jpeg",
            size=4_500_000 + number,
            width=4000,
            height=3000,
            captured_at=CapturedAt(
                local=dt.datetime(2024, 5, 1) + dt.timedelta(minutes=number),  # noqa: DTZ001
                offset=dt.timedelta(hours=1),
                source="exif:DateTimeOriginal",
            ),
            place=places[number % 100],
            coordinates=Coordinates(latitude=38.7 + number / 1e6, longitude=-9.1 - number / 1e6),
            name=f"IMG_{number:05}.jpg",
            caption="Tram at Graça",
        )
        for number in range(count)
    )
    return Album(title="Lisbon", photos=photos, cover=photos[0].id)


def a_photo(width: int, height: int) -> bytes:
    """Return a JPEG with the metadata of a phone: noise over a gradient."""
    base = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    noise = Image.effect_noise((width, height), 26).convert("RGB")
    file = io.BytesIO()
    Image.blend(base, noise, 0.5).save(file, "jpeg", quality=88)
    head, body = sample_photo(), file.getvalue()
    return head[: _end(head)] + body[_end(body) :]


def _end(data: bytes) -> int:
    at = 2
    while data[at + 1] >= 0xE0:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


def in_turns(
    calls: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = CPU
) -> dict[str, float]:
    """Return the median milliseconds of each call by *clock*, made in turns."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = clock()
            call()
            times[name].append((clock() - start) * 1e3)
    return {name: statistics.median(row) for name, row in times.items()}


def said(figure: str, aim: str, measured: str) -> None:
    print(f"| {figure} | {aim} | {measured} |", flush=True)


def documents() -> None:
    """Measure an album's text."""
    album = an_album(MANY)
    text = dumps(album)
    assert loads(text) == album
    found = in_turns({"dumps": lambda: dumps(album), "loads": lambda: loads(text)}, 9)
    for name, milliseconds in found.items():
        said(
            f"`{name}` of an album of 10,000 photos ({len(text) / 1e6:.1f} MB)",
            "under 500 ms",
            f"{milliseconds:.0f} ms",
        )


def lists(room: Path) -> None:
    """Measure pages out of SQLite: a library of 200 albums, one of them with 10,000 photos."""
    library = Library.at(room / "lists", durable=False)
    album = an_album(MANY)
    library._albums.put(album)
    for number in range(199):
        library.create_album(f"Album {number}")
    assert library.albums()[0].count == MANY
    start = iter(range(0, MANY, 97))
    calls: dict[str, Callable[[], object]] = {
        "the list of 200 albums": library.albums,
        "a page of 100 of 10,000 photos": lambda: library.page(album.id, next(start), 100),
        "the whole album, first time": lambda: Library.at(room / "lists").album(album.id),
        "the whole album again": lambda: library.album(album.id),
    }
    aims = ("under 20 ms", "under 20 ms", "none", "none")
    for (name, milliseconds), aim in zip(in_turns(calls, 15).items(), aims, strict=True):
        said(f"SQLite: {name}", aim, f"{milliseconds:.2f} ms")


def ingest(room: Path, *, durable: bool, width: int, height: int) -> None:
    """Measure `Library.add` against `inspect` and a copy."""
    data = a_photo(width, height)
    source = room / "source.jpg"
    source.write_bytes(data)
    library = Library.at(room / f"ingest-{durable}-{width}", durable=durable)
    album = library.create_album("")
    copies = room / f"copies-{durable}-{width}"
    copies.mkdir()
    numbers = iter(range(10_000))

    def copy() -> None:
        target = copies / str(next(numbers))
        with open(source, "rb") as read, open(target, "wb") as write:
            write.write(read.read())
            if durable:
                write.flush()
                os.fsync(write.fileno())
        if durable:
            folder = os.open(copies, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)

    library.add(album.id, source)  # the gazetteer's table is read once
    calls: dict[str, Callable[[], object]] = {
        "inspect": lambda: inspect(source),
        "copy": copy,
        "add": lambda: library.add(album.id, source),
    }
    for clock, words in ((CPU, "processor"), (WALL, "by the clock on the wall")):
        found = in_turns(calls, 25, clock)
        more = found["add"] - found["inspect"] - found["copy"]
        said(
            f"ingest of a JPEG of {len(data) / 1e6:.1f} MB{', durable' if durable else ''}, "
            f"beyond `inspect` and a copy, {words}",
            "at most 1 ms",
            f"{more:.1f} ms ({found['add']:.1f} - {found['inspect']:.1f} - {found['copy']:.1f})",
        )


def processes(room: Path, operations: int) -> None:
    """Run eight processes on one library, killing one each second."""
    path = os.pathsep.join((str(TESTS), os.environ.get("PYTHONPATH", "")))
    folder = room / "processes"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, str(TESTS / "library" / "processes.py"), str(folder), str(operations)],
        capture_output=True,
        text=True,
        timeout=3600,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    counts = json.loads(done.stdout)
    said(
        f"8 processes on one library, {counts['operations']:,} operations, one killed each second",
        "nothing lost, nothing torn",
        f"{counts['wrong'] or 'nothing'}; {counts['killed']} killed in {counts['seconds']:.0f} s, "
        f"{counts['left']} files left behind and tidied away",
    )


def main() -> None:
    """Print the figures."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("attrs", "pillow"))
    print(f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}")
    print("| figure | aim | measured |\n|---|---|---|")
    quick = "--quick" in sys.argv[1:]
    room = Path(tempfile.mkdtemp(prefix="photoprivacy-bench-"))
    try:
        documents()
        lists(room)
        for durable in (False, True):
            ingest(room, durable=durable, width=4000, height=3000)
            ingest(room, durable=durable, width=1000, height=750)
        processes(room, 1000 if quick else 10_000)
    finally:
        shutil.rmtree(room)


if __name__ == "__main__":
    main()
