"""A folder of photos, whole processes: against ExifTool and exiv2, and two jobs against one.

    python tests/bench/folder.py [PHOTOS]

With PHOTOS, a folder, `inspect` of it is timed against ExifTool, too. Makes its own photos in a
temporary folder of up to 3 GB. Programs take turns, several times; what is printed are ratios of
medians. Peers wait for no disk; neither do we, but where it is said.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import attrs
from PIL import Image

from photoprivacy.testing import sample_photo

ROUNDS = 5


def photo(width: int, height: int) -> bytes:
    """Return a JPEG with the metadata of a phone: noise over a gradient."""
    base = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    noise = Image.effect_noise((width, height), 26).convert("RGB")
    file = io.BytesIO()
    Image.blend(base, noise, 0.5).save(file, "jpeg", quality=88)
    head, body = sample_photo(), file.getvalue()
    return head[: _end(head)] + body[_end(body) :]


def _end(data: bytes) -> int:
    """Return where the application segments at the beginning end."""
    at = 2
    while data[at + 1] >= 0xE0:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


@attrs.frozen
class Contender:
    """A program over a folder: what is made ready outside the clock's time, and what is timed."""

    command: Callable[[Path], tuple[str, ...]]
    in_place: bool = False


def in_turns(contenders: dict[str, Contender], source: Path, room: Path) -> dict[str, float]:
    """Return the median seconds of each, run in turns, each into a fresh folder."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, one in contenders.items():
            target = room / "out"
            if one.in_place:
                shutil.copytree(source, target)
            else:
                target.mkdir()
            command = one.command(target)
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, timeout=1800)
            times[name].append(time.perf_counter() - start)
            shutil.rmtree(target)
    return {name: statistics.median(row) for name, row in times.items()}


def ours(source: Path, *words: str) -> Contender:
    """Return our command over a folder."""
    command = (sys.executable, "-m", "photoprivacy", "strip", "-r", str(source), *words, "-o")
    return Contender(lambda target: (*command, str(target)))


def exiftool(source: Path) -> Contender:
    """Return ExifTool in batch mode."""
    return Contender(lambda target: ("exiftool", "-q", "-all=", "-o", f"{target}/", str(source)))


def exiv2() -> Contender:
    """Return exiv2, which cleans in place alone."""
    return Contender(
        lambda target: ("exiv2", "rm", *map(str, sorted(target.iterdir()))), in_place=True
    )


def filled(room: Path, name: str, count: int, data: bytes) -> Path:
    """Return a folder with so many files."""
    folder = room / name
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.jpg").write_bytes(data)
    return folder


def told(photos: str) -> None:
    """Print how long it takes to say what a folder of photos gives away."""
    commands = {
        "photoprivacy": (sys.executable, "-m", "photoprivacy", "inspect", "-r", "--json", photos),
        "ExifTool": ("exiftool", "-q", "-r", "-j", "-G1", "-a", "-u", "-ee", photos),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            start = time.perf_counter()
            # Both say by their exit code that some files could not be read.
            subprocess.run(command, check=False, capture_output=True, timeout=600)
            times[name].append(time.perf_counter() - start)
    ours, others = (statistics.median(row) for row in times.values())
    print(f"inspect of a folder: {ours:.2f} s, {ours / others:.2f} of ExifTool's time")


def main() -> None:
    """Print the ratios."""
    cores = f"{os.cpu_count()} cores"
    print(f"Python {sys.version.split()[0]}, photoprivacy {version('photoprivacy')}, {cores}")
    for name, flag in (("exiftool", "-ver"), ("exiv2", "--version")):
        if shutil.which(name):
            said = subprocess.run([name, flag], capture_output=True, text=True, check=True)
            print(name, said.stdout.split("\n")[0])
    if sys.argv[1:]:
        told(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        big = photo(4000, 3000)
        source = filled(room, "hundred", 100, big)
        contenders = {"photoprivacy": ours(source, "--no-fsync"), "with fsync": ours(source)}
        if shutil.which("exiftool"):
            contenders["ExifTool"] = exiftool(source)
        if shutil.which("exiv2"):
            contenders["exiv2"] = exiv2()
        found = in_turns(contenders, source, room)
        print(f"100 JPEGs of {len(big) / 1e6:.1f} MB, one job:")
        for name, seconds in found.items():
            ratio = found["photoprivacy"] / seconds
            print(f"  {name}: {seconds:.2f} s; photoprivacy takes {ratio:.2f} of it")
        shutil.rmtree(source)
        small = photo(2000, 1500)
        source = filled(room, "thousand", 1000, small)
        jobs = {str(n): ours(source, "--no-fsync", "--jobs", str(n)) for n in (1, 2)}
        found = in_turns(jobs, source, room)
        faster = found["1"] / found["2"]
        print(f"1,000 JPEGs of {len(small) / 1e6:.1f} MB: two jobs {faster:.2f} times one")


if __name__ == "__main__":
    main()
