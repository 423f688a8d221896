"""Pictures are decoded where nothing is to be had, and what ends a decoder ends one picture."""

from __future__ import annotations

import contextlib
import io
import json
import os
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from library.photos import a_jpeg
from photoprivacy.albums import Album
from photoprivacy.errors import (
    LimitExceeded,
    MalformedImage,
    PhotoPrivacyError,
    UnsupportedFormat,
)
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.limits import Limits
from photoprivacy.renditions import Workers, check_rendition, draw
from photoprivacy.renditions import _workers as room
from photoprivacy.sharing import Rendition, ShareSigner
from photoprivacy.testing import sample_photo

LIMITS = Limits()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers(2)
    yield workers
    workers.close()


def a_picture(size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif"])
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp"])
def test_they_draw_what_would_be_drawn_here(workers: Workers, kind: str, media_type: str) -> None:
    data = sample_photo(format=kind)
    theirs = workers(data, size=64, media_type=media_type, limits=LIMITS)
    assert theirs == draw(data, size=64, media_type=media_type, limits=LIMITS)
    check_rendition(theirs.data, size=64, media_type=media_type)


def test_real_photos_come_out_as_they_would_here(workers: Workers, corpus: Path) -> None:
    """Whatever their metadata needs was loaded before nothing could be loaded any more."""
    files = [
        file
        for file in sorted(corpus.rglob("*"))
        if file.suffix.lower() in {".jpg", ".heic", ".avif", ".hif"}
        and file.stat().st_size < 1 << 20
    ]
    assert len(files) > 150
    drawn = 0
    for file in files[::4]:
        data = file.read_bytes()
        try:
            ours = draw(data, size=64, media_type="image/jpeg", limits=LIMITS)
        except PhotoPrivacyError:
            with pytest.raises(PhotoPrivacyError):
                workers(data, size=64, media_type="image/jpeg", limits=LIMITS)
        else:
            drawn += 1
            assert workers(data, size=64, media_type="image/jpeg", limits=LIMITS) == ours
    assert drawn > 30


def test_errors_keep_their_kind_and_no_word_of_the_picture(workers: Workers) -> None:
    secret = b"MARIA-SERIAL"
    for data, kind in (
        (b"%PDF-1.7 " + secret, UnsupportedFormat),
        (sample_photo(format="jpeg")[:400] + secret, MalformedImage),
        (b"", UnsupportedFormat),
    ):
        with pytest.raises(kind) as raised:
            workers(data, size=64, media_type="image/jpeg", limits=LIMITS)
        assert "MARIA" not in str(raised.value)
    with pytest.raises(LimitExceeded) as limited:
        workers(a_picture(), size=64, media_type="image/jpeg", limits=Limits(max_pixels=1000))
    assert (limited.value.limit, limited.value.value) == ("max_pixels", 1000)


PROBE = """
import ctypes, json, os, socket, sys
from photoprivacy.renditions import _worker, _render
def probe(data, /, *, size, media_type, limits):
    found = {"environment": sorted(os.environ), "folder": os.getcwd()}
    for name, work in (
        ("file", lambda: open("/etc/hostname")),
        ("socket", lambda: socket.socket()),
        ("pipe", os.pipe),
        ("listing", lambda: os.listdir("/")),
        ("import", lambda: __import__("wave")),
        ("memory", lambda: bytearray(8 << 30)),
    ):
        try:
            work()
            found[name] = "had"
        except BaseException as error:
            found[name] = type(error).__name__
    found["open to others of this user"] = ctypes.CDLL(None).prctl(3)  # PR_GET_DUMPABLE
    found["descriptors"] = [n for n in range(256) if still(n)]
    os.close(2)
    try:
        found["a number that was closed"] = os.open("/etc/hostname", os.O_RDONLY)
    except OSError as error:
        found["a number that was closed"] = type(error).__name__
    found["keys"] = [name for name in sys.modules if "library" in name or "sharing" in name]
    return _render.Drawn(data=json.dumps(found).encode(), color=(0, 0, 0))
def still(n):
    try:
        os.fstat(n)
    except OSError:
        return False
    return True
shut = _worker._shut
def probed(memory):
    shut(memory)
    _render.draw = probe
_worker._shut = probed
_worker.main(4 << 30, 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's limits are those of Linux")
def test_a_worker_has_no_environment_no_files_and_no_network(tmp_path: Path) -> None:
    from photoprivacy.renditions._worker import READY, frame, framed

    held = (tmp_path / "secret").open("w")
    os.set_inheritable(held.fileno(), True)
    worker = room._Process(4 << 30, 10)
    code, paths = PROBE, [path or os.getcwd() for path in sys.path]
    probing = f"import sys; sys.path = sys.argv[1:]\n{code}"
    popen, calls = subprocess.Popen, []

    def started(command: list[str], **given: object) -> subprocess.Popen[bytes]:
        calls.append(given)
        at = command.index("-c")
        return popen([*command[: at + 1], probing, *paths], **given)  # type: ignore[call-overload,no-any-return]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", started)
        patch.setenv("PHOTOPRIVACY_SECRET", "key")
        probed = room._Process(4 << 30, 10)
    task = {"size": 4, "type": "image/jpeg", "limits": {}}
    _, data = probed.do(frame(task, b""), 30)
    found = json.loads(data)
    held.close()
    worker.end()
    probed.end()
    assert framed(io.BytesIO(frame({"a": 1}, b"x")), 1) == ({"a": 1, "length": 1}, b"x")
    assert len(READY) > 1
    assert found.pop("keys") == []
    assert found.pop("descriptors") == [0, 1, 2]
    assert set(found.pop("environment")) <= {"LC_CTYPE", "LD_LIBRARY_PATH"}
    assert found.pop("folder") == "/"
    assert found == {
        "file": "OSError",
        "socket": "OSError",
        "pipe": "OSError",
        "listing": "OSError",
        "import": "ModuleNotFoundError",
        "memory": "MemoryError",
        "a number that was closed": "OSError",
        "open to others of this user": 0,
    }


HOSTILE = {
    "crash": "os.kill(os.getpid(), 11)",
    "exit": "os._exit(0)",
    "spin": "exec('while True: pass')",
    "sleep": "time.sleep(60)",
    "memory": "b'x' * (6 << 30)",
    "garbage": "sys.stdout.buffer.write(b'\\xff' * 100)",
    "lies": "sys.stdout.buffer.write((4).to_bytes(4) + b'null')",
}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's limits are those of Linux")
@pytest.mark.parametrize("how", HOSTILE)
def test_what_ends_a_decoder_ends_one_picture(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = (
        "import sys; memory, seconds, *sys.path = sys.argv[1:]\n"
        "import os, time\n"
        "from photoprivacy.renditions import _worker, _render\n"
        "real = _render.draw\n"
        "def draw(data, /, **given):\n"
        f"    if data[:7] == b'hostile': {HOSTILE[how]}\n"
        "    return real(data, **given)\n"
        "_render.draw = draw\n"
        "_worker.main(int(memory), int(seconds))\n"
    )
    monkeypatch.setattr(room, "_CODE", hostile)
    # Who spins is ended by the kernel, who sleeps by the clock.
    workers = Workers(1, memory=3 << 30, cpu=1, wall=4.0 if how == "sleep" else 60.0)
    good = a_picture((60, 40))
    began = time.monotonic()
    with contextlib.closing(workers):
        before = workers(good, size=20, media_type="image/jpeg", limits=LIMITS)
        with pytest.raises((MalformedImage, UnsupportedFormat)):
            workers(b"hostile", size=20, media_type="image/jpeg", limits=LIMITS)
        assert workers(good, size=20, media_type="image/jpeg", limits=LIMITS) == before
    assert time.monotonic() - began < 30


SPYING = """
import sys; memory, seconds, *sys.path = sys.argv[1:]
import attrs
from photoprivacy.renditions import _worker, _render
real, met = _render.draw, []
def draw(data, /, **given):
    # It was taken over: in a colour it says whose pictures it has met.
    met.append(data[-1])
    return attrs.evolve(real(data[:-1], **given), color=tuple((met + [0, 0, 0])[:3]))
shut = _worker._shut
def begin(memory):
    shut(memory)
    met.clear()  # its own, from getting ready
_worker._shut, _render.draw = begin, draw
_worker.main(int(memory), int(seconds))
"""


def test_a_process_that_was_taken_over_meets_no_picture_of_another_album(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_CODE", SPYING)
    plain = a_picture((30, 20))
    with contextlib.closing(Workers(1)) as workers:
        spring, autumn = workers.apart("spring"), workers.apart("autumn")
        met = [
            draw(plain + bytes([mark]), size=9, media_type="image/jpeg", limits=LIMITS).color
            for draw, mark in ((spring, 1), (autumn, 2), (workers, 3), (spring, 4), (autumn, 5))
        ]
        # Each goes on where it was: no process is started for each picture.
        assert met == [(1, 0, 0), (2, 0, 0), (3, 0, 0), (1, 4, 0), (2, 5, 0)]
        assert len(workers._idle) == 3


def test_pictures_of_two_albums_of_a_library_are_drawn_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_CODE", SPYING.replace("data[:-1]", "data"))
    with contextlib.closing(Workers(1)) as workers:
        met: list[str] = []
        for _ in range(2):  # two customers, each with albums of the same names
            albums, shares = MemoryAlbums(), MemoryShares()
            library = Library(
                MemoryBlobs(), albums, shares, ShareSigner({1: b"k" * 32}), draw=workers
            )
            for name in ("a" * 32, "b" * 32):
                album = Album(title="Spring", id=name)
                shares.renew(name, 1)
                albums.put(album)
                for number in range(2):
                    library.add(album.id, a_jpeg(None, color=(90 * number, 9, 9)))
                token = library.share(album.id).token
                for photo in library.open(token).photos:
                    library.open(token).file(photo, Rendition.THUMB)
                met += [photo.color for photo in library.open(token).photos]
        end = a_jpeg(None)[-1]
        assert met == [f"#{end:02x}0000", f"#{end:02x}{end:02x}00"] * 4


def test_no_more_processes_are_kept_than_may_be_and_who_waits_for_longest_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = a_picture((20, 20))
    with contextlib.closing(Workers(1, kept=3)) as workers:

        def drawn(whose: str) -> list[object]:
            workers.apart(whose)(data, size=9, media_type="image/jpeg", limits=LIMITS)
            return [one.whose for one in workers._idle]

        for name in "abc":
            drawn(name)
        processes = {one.whose: one._process for one in workers._idle}
        assert drawn("a") == [("b",), ("c",), ("a",)]
        assert drawn("d") == [("c",), ("a",), ("d",)]
        assert processes["b",].returncode is not None
        assert [processes[one].returncode for one in (("a",), ("c",))] == [None, None]
        monkeypatch.setattr(room, "_IDLE", -1.0)
        assert drawn("a") == [("a",)]
        assert workers._idle[0]._process is processes["a",]
        assert processes["c",].returncode is not None


def test_many_albums_at_once_take_turns_and_none_waits_for_ever() -> None:
    data, failed = a_picture((90, 60)), []
    with contextlib.closing(Workers(2, kept=2)) as workers:

        def one(number: int) -> None:
            try:
                draw = workers.apart(number % 6)
                for _ in range(2):
                    draw(data, size=64, media_type="image/jpeg", limits=LIMITS)
                    assert len(workers._idle) + workers._running <= 2
            except Exception as error:  # noqa: BLE001 - counted below
                failed.append(error)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not failed
        assert not any(thread.is_alive() for thread in threads)
        assert workers._running == 0


def test_a_bomb_is_refused_before_it_goes_off(workers: Workers) -> None:
    data = bytearray(a_picture((64, 64), "PNG"))
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    with pytest.raises(LimitExceeded):
        workers(bytes(data), size=400, media_type="image/jpeg", limits=LIMITS)


def test_no_more_processes_work_than_were_allowed() -> None:
    workers = Workers(2)
    data, failed = a_picture(), []

    def one() -> None:
        try:
            workers(data, size=64, media_type="image/jpeg", limits=LIMITS)
        except Exception as error:  # noqa: BLE001 - counted below
            failed.append(error)

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert 1 <= len(workers._idle) <= 2
    processes = [worker._process for worker in workers._idle]
    workers.close()
    assert all(process.returncode is not None for process in processes)


def test_a_worker_is_replaced_before_what_it_lost_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PICTURES", 2)
    with contextlib.closing(Workers(1)) as workers:
        seen = set()
        for _ in range(4):
            workers(a_picture((20, 20)), size=9, media_type="image/jpeg", limits=LIMITS)
            seen |= {worker._process.pid for worker in workers._idle}
        assert len(seen) == 2


@pytest.mark.skipif(os.name != "posix", reason="forks")
def test_a_fork_has_workers_of_its_own() -> None:
    with contextlib.closing(Workers(1)) as workers:
        data = a_picture((20, 20))
        ours = workers(data, size=9, media_type="image/jpeg", limits=LIMITS)
        (worker,) = workers._idle
        child = os.fork()
        if child == 0:  # pragma: no cover - nobody measures there
            status = 1
            with contextlib.suppress(BaseException):
                same = workers(data, size=9, media_type="image/jpeg", limits=LIMITS) == ours
                (theirs,) = workers._idle
                status = 0 if same and theirs._process.pid != worker._process.pid else 2
                theirs.end()
            os._exit(status)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert workers(data, size=9, media_type="image/jpeg", limits=LIMITS) == ours
        assert workers._idle == [worker]


def test_a_rendition_is_looked_at_before_it_is_kept() -> None:
    plain = draw(a_picture((90, 60)), size=50, media_type="image/jpeg", limits=LIMITS).data
    check_rendition(plain, size=50, media_type="image/jpeg")
    exif = Image.Exif()
    exif[0x0110] = "Phone of Maria"
    file = io.BytesIO()
    Image.open(io.BytesIO(plain)).save(file, "JPEG", exif=exif)
    for bad, size, media_type in (
        (file.getvalue(), 50, "image/jpeg"),
        (plain, 49, "image/jpeg"),
        (plain, 50, "image/webp"),
        (plain + b"Maria", 50, "image/jpeg"),
        (plain[:-30], 50, "image/jpeg"),
        (b"<html>", 50, "image/jpeg"),
    ):
        with pytest.raises((MalformedImage, UnsupportedFormat)):
            check_rendition(bad, size=size, media_type=media_type)
