"""Eight processes on one library folder, one killed each second; then everything is counted.

    python tests/library/processes.py FOLDER OPERATIONS

Each worker writes down what it is about to do and what was done, so that afterwards it is known
of everything whether it must be there, must not, or may. Prints one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkProcess
from pathlib import Path

import attrs

from library.photos import a_jpeg
from photoprivacy import inspect
from photoprivacy.errors import InvalidToken, NotGranted, StoreError
from photoprivacy.library import Library
from photoprivacy.sharing import Rendition

WORKERS = 8
ALBUMS = 3


class Worker:
    """Does one thing after the other, each chosen by chance, and keeps a record of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.library = Library.at(folder / "library")
        self.chance = random.Random(seed)
        self.record = os.open(folder / f"{seed}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.albums = [album.id for album in self.library.albums()]
        self.photos: list[tuple[str, str]] = []
        self.shares: list[tuple[str, str]] = []
        self.number = 0

    def note(self, *words: str) -> None:
        os.write(self.record, (" ".join(words) + "\n").encode())

    def run(self) -> None:
        actions = [self.add] * 5 + [self.remove] * 2 + [self.caption] * 2 + [self.count] * 2
        actions += [self.share] * 2 + [self.revoke] + [self.look] * 3 + [self.list] * 3
        while True:
            self.chance.choice(actions)()
            self.note("operation")

    def add(self) -> None:
        album = self.chance.choice(self.albums)
        data = a_jpeg(None, size=(16, 16), color=self.color(), when=None)
        photo = self.library.add(album, data)
        assert photo.sha256 == hashlib.sha256(data).hexdigest()
        self.note("added", photo.id, photo.sha256)
        self.photos.append((album, photo.id))

    def color(self) -> tuple[int, int, int]:
        red, green, blue = self.chance.randbytes(3)
        return red, green, blue

    def remove(self) -> None:
        if self.photos:
            album, photo = self.photos.pop(self.chance.randrange(len(self.photos)))
            self.note("removing", photo)
            self.library.remove(album, photo)
            self.note("removed", photo)

    def caption(self) -> None:
        if self.photos:
            album, photo = self.chance.choice(self.photos)
            self.number += 1
            self.note("captioning", photo, str(self.number))
            self.library.edit_photo(
                album, photo, lambda seen: attrs.evolve(seen, caption=str(self.number))
            )
            self.note("captioned", photo, str(self.number))

    def count(self) -> None:
        album = self.chance.choice(self.albums)
        self.note("counting", album)
        self.library.edit(album, lambda seen: seen.described(str(int(seen.description or 0) + 1)))
        self.note("counted", album)

    def share(self) -> None:
        share = self.library.share(self.chance.choice(self.albums))
        self.note("shared", share.id)
        self.shares.append((share.id, share.token))

    def revoke(self) -> None:
        if self.shares:
            share, token = self.shares.pop()
            self.note("revoking", share)
            assert self.library.revoke(share)
            self.note("revoked", share)
            try:
                self.library.open(token)
            except InvalidToken:
                return
            raise AssertionError("a revoked link opened")

    def look(self) -> None:
        if self.shares:
            shared = self.library.open(self.chance.choice(self.shares)[1])
            if shared.photos:
                try:
                    data = shared.file(self.chance.choice(shared.photos), Rendition.FULL).read()
                except (NotGranted, StoreError):
                    return  # removed at this moment by its own worker
                assert not inspect(data).violations()

    def list(self) -> None:
        assert len(self.library.albums()) == ALBUMS
        self.library.page(self.chance.choice(self.albums), 0, 50)


def notes(folder: Path) -> Iterator[list[str]]:
    for path in folder.glob("*.log"):
        for line in path.read_text().splitlines():
            yield line.split()


def started(folder: Path, seed: int) -> ForkProcess:
    def work() -> None:
        Worker(folder, seed).run()

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process


def supervised(folder: Path, operations: int) -> dict[str, object]:
    """Run until so many operations are done, killing a worker each second; return the counts."""
    library = Library.at(folder / "library")
    for _ in range(ALBUMS):
        library.create_album("")
    chance = random.Random(operations)
    workers = [started(folder, seed) for seed in range(WORKERS)]
    killed = seeds = 0
    begun = time.monotonic()
    failed: list[int | None] = []
    while Counter(line[0] for line in notes(folder))["operation"] < operations:
        time.sleep(1)
        place = chance.randrange(WORKERS)
        failed += [one.exitcode for one in workers if one.exitcode is not None]
        os.kill(workers[place].pid or 0, signal.SIGKILL)
        workers[place].join()
        killed += 1
        seeds += 1
        workers[place] = started(folder, WORKERS + seeds)
    for worker in workers:
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
    seconds = time.monotonic() - begun
    return counted(folder, library) | {
        "killed": killed,
        "failed": failed,
        "seconds": round(seconds, 1),
    }


def counted(folder: Path, library: Library) -> dict[str, object]:
    """Return what was done, and everything that is not as it must be."""
    said: dict[str, dict[str, str]] = {}
    captions: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    operations = 0
    for word, *rest in notes(folder):
        operations += word == "operation"
        if word in ("counting", "counted"):
            counts[f"{word} {rest[0]}"] += 1
        elif word == "captioning":
            captions.setdefault(rest[0], {""}).add(rest[1])
        elif word == "captioned":
            captions[rest[0]] = {rest[1]}
        elif rest:
            said.setdefault(word, {})[rest[0]] = rest[-1]
    wrong: Counter[str] = Counter()
    found = {}
    for summary in library.albums():
        album = library.album(summary.id)
        low, high = counts[f"counted {album.id}"], counts[f"counting {album.id}"]
        wrong["count"] += not low <= int(album.description or 0) <= high
        for photo in album.photos:
            found[photo.id] = photo
            data = library._blobs.read(f"{album.id}/{photo.id}/original") or b""
            wrong["original torn or lost"] += hashlib.sha256(data).hexdigest() != photo.sha256
            wrong["caption"] += photo.caption not in captions.get(photo.id, {""})
    added, removing = said.get("added", {}), said.get("removing", {})
    wrong["photo lost"] = sum(one not in found for one in added if one not in removing)
    wrong["photo back"] = sum(one in found for one in said.get("removed", {}))
    wrong["photo changed"] = sum(
        photo.sha256 != added[one] for one, photo in found.items() if one in added
    )
    shares = {share.id for album in library.albums() for share in library.shares(album.id)}
    wrong["link lost"] = sum(
        one not in shares for one in said.get("shared", {}) if one not in said.get("revoking", {})
    )
    wrong["link back"] = sum(one in shares for one in said.get("revoked", {}))
    with sqlite3.connect(folder / "library" / "private" / "library.sqlite3") as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        wrong["database"] = verdict != "ok"
    connection.close()
    # A file of a photo that nobody names is left only where a process was killed.
    import datetime as dt

    left = library.tidy(older=dt.timedelta(0))
    names = {entry.key.split("/")[1] for entry in library._blobs.list()}
    wrong["files"] = len(names ^ set(found))
    return {
        "operations": operations,
        "photos": len(found),
        "links": len(shares),
        "left": left,
        "wrong": {what: number for what, number in wrong.items() if number},
    }


if __name__ == "__main__":
    print(json.dumps(supervised(Path(sys.argv[1]), int(sys.argv[2]))))
