"""Figures of albums that leave the server: sealing, unsealing, exporting, opening.

    python tests/bench/seal.py [--photos N] [--quick] [--only sealing|memory|exporting|command]

Prints each figure beside its aim, with versions. Sealing is held against plain AES-GCM of the same
library in the same run, in turns; exporting against stripping the same photos and drawing their
renditions. Memory is that of a process of its own (tests/gallery/seal/large.py).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import platform
import resource
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from gallery.seal.large import a_large_album
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy import strip
from photoprivacy.gallery import export, seal, unseal
from photoprivacy.library import SIZES, Library, Rendition
from photoprivacy.renditions import render, shared_workers

TESTS = Path(__file__).parent.parent
MB = 1_000_000
CPU, WALL = time.process_time, time.perf_counter


class Clock:
    """How long something takes: by the processor, and by the clock on the wall."""

    def __init__(self) -> None:
        self._cpu, self._wall = CPU(), WALL()

    def speed(self, total: int) -> tuple[float, float]:
        """Return megabytes a second of either."""
        return total / (CPU() - self._cpu) / MB, total / (WALL() - self._wall) / MB


def plain(path: Path, total: int) -> tuple[float, float]:
    """Return how fast AES-GCM alone writes so many bytes of ciphertext to a file."""
    cipher, piece = AESGCM(secrets.token_bytes(32)), bytes(1024 * 1024)
    clock = Clock()
    with path.open("wb") as file:
        for number in range(total // len(piece)):
            file.write(cipher.encrypt(number.to_bytes(12, "big"), piece, None))
    return clock.speed(total)


def plain_of_files(path: Path, sources: list[Path]) -> tuple[float, float]:
    """Return how fast AES-GCM alone reads these files and writes their ciphertext to another."""
    cipher, total = AESGCM(secrets.token_bytes(32)), 0
    clock = Clock()
    with path.open("wb") as file:
        for source in sources:
            with source.open("rb") as content:
                while piece := content.read(1024 * 1024):
                    file.write(cipher.encrypt(total.to_bytes(12, "big"), piece, None))
                    total += len(piece)
    return clock.speed(total)


def hashing(total: int) -> tuple[float, float]:
    """Return how fast SHA-256 alone takes in base64 of so many bytes, counted before base64."""
    digest, piece = hashlib.sha256(), base64.b64encode(bytes(1024 * 1024))
    clock = Clock()
    for _ in range(total // (1024 * 1024)):
        digest.update(piece)
    return clock.speed(total)


def sealing(*, quick: bool) -> Iterator[tuple[str, float, str]]:
    count, size = (6, 50 * 1024**2) if quick else (20, 50 * 1024**2)
    speeds: dict[str, list[tuple[float, float]]] = {
        "plain AES-GCM of memory to a file": [],
        "plain AES-GCM of the same files to a file": [],
        "SHA-256 of as many bytes as the HTML file has": [],
        "sealing into a folder": [],
        "sealing into one HTML file": [],
        "verifying a folder": [],
    }
    alone, files, sums, folder_, html, verify = speeds.values()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shared = a_large_album(folder / "library", files=count, size=size)
        sources = [one for one in folder.rglob("full.*") if one.is_file()]
        for _ in range(5):
            alone.append(plain(folder / "plain", count * size))
            files.append(plain_of_files(folder / "plain", sources))
            (folder / "plain").unlink()
            sums.append(hashing(count * size))
            for target, found in (("album", folder_), ("album.html", html)):
                clock = Clock()
                sealed = seal(shared, folder / target)
                found.append(clock.speed(sealed.size))
                if target == "album":
                    album = unseal(folder / target, sealed.key)
                    clock = Clock()
                    verify.append(clock.speed(album.verify()))
                    shutil.rmtree(folder / target)
                else:
                    (folder / target).unlink()
    for what, found in speeds.items():
        cpu, wall = (statistics.median(one[n] for one in found) for n in (0, 1))
        yield f"{what}, MB/s of CPU (of the clock)", cpu, f"({wall:.0f})"
        if what.startswith("sealing"):
            for named, base in (("of memory", alone), ("of files", files)):
                ratio = statistics.median(a[0] / b[0] for a, b in zip(found, base, strict=True))
                yield f"  of plain {named}, by CPU", ratio, "0.5"


def memory(*, quick: bool) -> Iterator[tuple[str, float, str]]:
    count = 10 if quick else 100
    with tempfile.TemporaryDirectory() as name:
        for target in ("album", "album.html"):
            done = subprocess.run(
                [sys.executable, TESTS / "gallery/seal/large.py", Path(name) / target,
                 str(count), str(50 * 1024**2)],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            told = json.loads(done.stdout)
            what = f"memory above start, {target}, {told['bytes'] / 1e9:.1f} GB, MiB"
            yield what, told["above"] / 1024**2, "64"


def photographs(count: int) -> Iterator[bytes]:
    """Yield so many JPEGs of 12 megapixels and some two megabytes, no two with the same pixels.

    Twenty pictures with grain are encoded. Further ones are these with one of the first steps of
    a quantisation table (T.81 B.2.4.1) made coarser: decoders do the same work, and most pixels
    come out otherwise. The finest 32 steps are left alone: nothing in these pictures needs them.
    """
    grain = Image.effect_noise((1000, 750), 60).resize((4000, 3000))
    encoded: list[bytes] = []
    for number in range(min(count, 20)):
        picture = Image.merge("RGB", (grain, grain.transpose(Image.Transpose.ROTATE_180), grain))
        file = io.BytesIO()
        picture.paste((number * 12, 40, 90), (0, 0, 200, 200))
        exif = Image.open(io.BytesIO(a_jpeg((LISBON, PARIS)[number % 2]))).getexif()
        picture.save(file, "JPEG", exif=exif, quality=85)
        encoded.append(file.getvalue())
    for number in range(count):
        data, other = bytearray(encoded[number % len(encoded)]), number // len(encoded)
        # Marker, length and number of the first table come before its 64 steps, the coarsest first.
        at = data.index(b"\xff\xdb") + 5
        data[at + other % 32] += other // 32 + 1
        yield bytes(data)


def spent() -> tuple[float, float]:
    """Return seconds of the processor, those of the drawing processes included, and of the clock.

    Those processes are ended: the system counts what they took when they are gone.
    """
    shared_workers().close()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return CPU() + children.ru_utime + children.ru_stime, WALL()


def since(before: tuple[float, float]) -> tuple[float, float]:
    """Return how much was `spent` since then."""
    cpu, wall = spent()
    return cpu - before[0], wall - before[1]


def exporting(photos: int) -> Iterator[tuple[str, float, str]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = Library.at(folder / "library", durable=False)
        album = library.create_album("Many")
        for number, data in enumerate(photographs(photos)):
            library.add(album.id, data, name=f"{number}.jpg")
        token = library.share(album.id).token
        originals = [path for path in folder.rglob("original*") if path.is_file()]
        if len({photo.sha256 for photo in library.album(album.id).photos}) != photos:
            raise ValueError("the photos are not all different")
        began = spent()
        for path in originals:
            data = path.read_bytes()
            strip(data)
            for edge in SIZES.values():
                render(data, size=edge)
        alone_cpu, alone_wall = since(began)
        began = spent()
        export(library.open(token), folder / "out")
        first_cpu, first_wall = since(began)
        own = library.album(album.id).photos[photos // 2]
        library.remove(album.id, own.id)
        *_, another = photographs(photos + 1)
        library.add(album.id, another, name="new.jpg")
        began = spent()
        done = export(library.open(token), folder / "out")
        again_cpu, again_wall = since(began)
        if (done.photos, done.removed) != (photos, len(Rendition)):
            raise ValueError("the second run did something else")
    took = f"{photos:,} photos, s of CPU (of clock)"
    yield f"strip and renditions of {took}", alone_cpu, f"({alone_wall:.1f})"
    yield "export of the same, s of CPU (of clock)", first_cpu, f"({first_wall:.1f})"
    yield "  of strip and renditions, by CPU", first_cpu / alone_cpu, "1.1"
    yield "second run, one photo changed, s of CPU (of clock)", again_cpu, f"({again_wall:.2f})"
    yield "  of the first, by CPU", again_cpu / first_cpu, "0.05"
    yield "  of the first, by the clock", again_wall / first_wall, "0.05"


def command(photos: int) -> Iterator[tuple[str, float, str]]:
    """Yield how long ``photoprivacy export --library`` takes, each run a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "photos"
        folder.mkdir()
        for number, data in enumerate(photographs(photos)):
            (folder / f"{number:05}.jpg").write_bytes(data)
        *_, another = photographs(photos + 1)
        runs: list[tuple[float, float]] = []
        for changed in (False, True, False):
            if changed:
                (folder / f"{photos // 2:05}.jpg").write_bytes(another)
            began = spent()
            subprocess.run(
                [sys.executable, "-m", "photoprivacy", "export", str(folder),
                 str(Path(name) / "out"), "--library", str(Path(name) / "library"), "--json"],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True, check=True,
            )  # fmt: skip
            runs.append(since(began))
    first, one, nothing = runs
    took = f"of {photos:,} photos, s of CPU (of clock)"
    yield f"export --library {took}", first[0], f"({first[1]:.1f})"
    for what, run in (("one photo changed", one), ("nothing changed", nothing)):
        yield f"the same again, {what}, s of CPU (of clock)", run[0], f"({run[1]:.2f})"
        yield "  of the first, by CPU", run[0] / first[0], "0.05"
        yield "  of the first, by the clock", run[1] / first[1], "0.05"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("sealing", "memory", "exporting", "command"))
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, cryptography {version('cryptography')}, "
          f"{platform.machine()}, {os.cpu_count()} cores")  # fmt: skip
    photos = 60 if given.quick else given.photos
    rooms = {
        "sealing": sealing(quick=given.quick),
        "memory": memory(quick=given.quick),
        "exporting": exporting(photos),
        "command": command(photos),
    }
    for name, room in rooms.items():
        if given.only not in (None, name):
            continue
        for what, value, aim in room:
            print(f"{what:<66} {value:>9.2f}  {aim}", flush=True)


if __name__ == "__main__":
    main()
