"""Figures of the gallery's serving, beside Starlette's FileResponse in the same run.

Run it with ``python tests/bench/gallery_serving.py [SECONDS]``; the minute of 200 recipients is
as long as that says. Everything is on loopback: a server in a process of its own, clients in this
one. Requests are sent by sockets that are kept, so that the client costs both sides the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.metadata import version

from PIL import Image

from photoprivacy.library import Library
from photoprivacy.limits import Limits
from photoprivacy.renditions import draw
from photoprivacy.testing import sample_photo

ROUNDS = 11
CONNECTIONS = 4
PHOTOS = 24
RECIPIENTS = 200

SERVER = """
import asyncio, json, os, sys, threading, time
import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Mount, Route
from photoprivacy import Gallery, Library
folder, port = sys.argv[1], int(sys.argv[2])
late, longest, watched = [0.0], [0.0], []
real = asyncio.events.Handle._run
def run(handle):
    # What one step of the loop takes of the processor: others' work does not count.
    began = time.thread_time()
    real(handle)
    longest[0] = max(longest[0], time.thread_time() - began)
async def watch():
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        late.append(time.perf_counter() - began - 0.01)
async def told(request):
    found, late[:] = sorted(late), [0.0]
    step, longest[0] = longest[0], 0.0
    asyncio.events.Handle._run = run
    with open("/proc/self/statm") as file:
        memory = int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    at = {"late": found[-1], "late99": found[int(len(found) * 0.99)]}
    return JSONResponse(at | {"memory": memory, "step": step})
async def plain(request):
    return FileResponse(os.path.join(folder, "plain", request.path_params["name"]))
async def started(app, *rest):
    return
inner = Starlette(routes=[
    Route("/told", told), Route("/plain/{name}", plain), Mount("/s", Gallery(Library.at(folder))),
])
task = []
async def app(scope, receive, send):
    if not task:
        task.append(asyncio.ensure_future(watch()))
    await inner(scope, receive, send)
uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="error", lifespan="off")
"""


def a_photo(width: int, height: int, quality: int = 88) -> bytes:
    """Return a JPEG as a phone writes it: noise over a gradient, with its metadata in front."""
    base = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    noise = Image.effect_noise((width, height), 26).convert("RGB")
    file = io.BytesIO()
    Image.blend(base, noise, 0.5).save(file, "jpeg", quality=quality)
    picture, head = file.getvalue(), sample_photo()
    end = start = 2
    while head[end + 1] >= 0xE0:
        end += 2 + int.from_bytes(head[end + 2 : end + 4], "big")
    while picture[start + 1] >= 0xE0:
        start += 2 + int.from_bytes(picture[start + 2 : start + 4], "big")
    return head[:end] + picture[start:]


class Asker:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(1 << 20)

    def get(self, path: str, more: str = "") -> tuple[int, int]:
        """Return status and length of the body; the body is read and dropped."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionError
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        match = re.search(rb"content-length: (\d+)", head.lower())
        length = int(match[1]) if match else 0
        left = length - len(body)
        while left > 0:
            read = self._socket.recv_into(self._buffer)
            if not read:
                raise ConnectionError
            left -= read
        return int(head.split()[1]), length

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def rate(port: int, paths: list[str], seconds: float) -> tuple[float, float]:
    """Return requests and bytes a second, of several connections."""
    done: list[tuple[int, int]] = []
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        asker, count, size = Asker(port), 0, 0
        while time.perf_counter() < until:
            status, length = asker.get(paths[(number + count) % len(paths)])
            assert status == 200, status
            count, size = count + 1, size + length
        done.append((count, size))
        asker.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return sum(c for c, _ in done) / took, sum(s for _, s in done) / took


@contextlib.contextmanager
def serving(folder: str) -> Iterator[int]:
    """Serve the library in *folder* in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVER, folder, str(port)])
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def told(port: int) -> dict[str, float]:
    """Return what the server says of itself, since it was last asked."""
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.sendall(b"GET /told HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := asking.recv(65536):
            answer += piece
    found: dict[str, float] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


async def recipients(
    port: int, pages: list[str], files: list[str], seconds: float
) -> tuple[int, int, list[float]]:
    """Return requests, failures and durations of many who look at albums at once."""
    until, failed, times = time.perf_counter() + seconds, 0, []

    async def one(number: int) -> None:
        nonlocal failed
        count = 0
        reader = writer = None
        while time.perf_counter() < until:
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            path = (
                pages[number % len(pages)]
                if count % 20 == 0
                else files[(number * 7 + count) % len(files)]
            )
            began = time.perf_counter()
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                match = re.search(rb"content-length: (\d+)", head.lower())
                await reader.readexactly(int(match[1]) if match else 0)
                failed += head.split()[1] != b"200"
            except (OSError, asyncio.IncompleteReadError):
                failed += 1
                writer.close()
                writer = None
            times.append(time.perf_counter() - began)
            count += 1
            # Somebody who looks, and leaves the connection open meanwhile.
            await asyncio.sleep(0.5)

    await asyncio.gather(*(one(number) for number in range(RECIPIENTS)))
    return len(times), failed, times


def main() -> None:
    """Print every figure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    names = ("photoprivacy", "starlette", "uvicorn", "pillow")
    print(platform.python_version(), ", ".join(f"{name} {version(name)}" for name in names))
    big = a_photo(4000, 3000)
    print(f"photos of {len(big) / 1e6:.2f} MB")
    for size, kind in (
        (400, "image/jpeg"),
        (400, "image/webp"),
        (1600, "image/jpeg"),
        (1600, "image/webp"),
    ):
        times = []
        for _ in range(5):
            began = time.process_time()
            draw(big, size=size, media_type=kind, limits=Limits())
            times.append(time.process_time() - began)
        print(f"{size} pixels, {kind}: {statistics.median(times) * 1e3:.0f} ms of CPU")
    with tempfile.TemporaryDirectory() as folder:
        library = Library.at(folder)
        album = library.create_album("Spring")
        for _ in range(PHOTOS):
            library.add(album.id, big)
        token = library.share(album.id).token
        photos = [one.id for one in library.open(token).photos]
        os.mkdir(os.path.join(folder, "plain"))
        with serving(folder) as port:
            measure(port, folder, token, photos)
            with_recipients(port, token, photos, seconds)


def measure(port: int, folder: str, token: str, photos: list[str]) -> None:
    """Print what files take, first and from a warm cache."""
    own = f"/s/{token}/p"
    first: list[float] = []
    second: list[float] = []
    asker = Asker(port)
    for photo in photos:
        for times in (first, second):
            began = time.perf_counter()
            assert asker.get(f"{own}/{photo}/full")[0] == 200
            times.append(time.perf_counter() - began)
    added = [1e3 * (one - other) for one, other in zip(first, second, strict=True)]
    print(
        f"first strip of a photo adds {statistics.median(added):.1f} ms, "
        f"at most {max(added[1:]):.1f} (the very first {added[0]:.1f})"
    )
    library = Library.at(folder)
    shared = library.open(token)
    from photoprivacy.sharing import Rendition

    for name, rendition, duration in (
        ("thumb", Rendition.THUMB, 1.0),
        ("display", Rendition.DISPLAY, 1.0),
        ("full", Rendition.FULL, 2.0),
    ):
        asker = Asker(port)
        for number, photo in enumerate(photos):
            status, _ = asker.get(f"{own}/{photo}/{name}")
            assert status == 200
            with open(os.path.join(folder, "plain", f"{name}{number}.jpg"), "wb") as file:
                file.write(shared.file(photo, rendition).read())
        theirs = [f"/plain/{name}{number}.jpg" for number in range(len(photos))]
        ours = [f"{own}/{photo}/{name}" for photo in photos]
        ratios, rates = [], []
        for _ in range(ROUNDS):
            one, other = rate(port, ours, duration), rate(port, theirs, duration)
            ratios.append(one[0] / other[0])
            rates.append((*one, *other))
        mine, mine_bytes, their, their_bytes = (
            statistics.median(column) for column in zip(*rates, strict=True)
        )
        print(
            f"{name}: {mine:.0f} requests a second, {mine_bytes / 1e6:.0f} MB/s; FileResponse "
            f"{their:.0f}, {their_bytes / 1e6:.0f} MB/s; {statistics.median(ratios):.2f} times"
        )
    asker = Asker(port)
    began = time.perf_counter()
    status, length = asker.get(f"/s/{token}/album.zip")
    took = time.perf_counter() - began
    print(
        f"album.zip, first: {length / 1e6:.0f} MB in {took:.2f} s, {length / took / 1e6:.0f} MB/s"
    )
    began = time.perf_counter()
    asker.get(f"/s/{token}/album.zip")
    took = time.perf_counter() - began
    print(f"album.zip, again: {length / took / 1e6:.0f} MB/s")
    asker.close()


def with_recipients(port: int, token: str, photos: list[str], seconds: float) -> None:
    """Print how a crowd is served."""
    names = ["thumb"] * 8 + ["display"]
    files = [f"/s/{token}/p/{photo}/{name}" for photo in photos for name in names]
    pages = [f"/s/{token}/plain"]
    asyncio.run(recipients(port, pages, files, seconds / 4))
    before = told(port)
    count, failed, times = asyncio.run(recipients(port, pages, files, seconds))
    after = told(port)
    times.sort()
    print(
        f"{RECIPIENTS} recipients for {seconds:.0f} s: {count} requests, {failed} failed, "
        f"median {times[len(times) // 2] * 1e3:.0f} ms, "
        f"99 % {times[int(len(times) * 0.99)] * 1e3:.0f} ms"
    )
    print(
        f"memory {before['memory'] / 2**20:.0f} MiB after a warm-up, "
        f"{after['memory'] / 2**20:.0f} after; loop late by at most {after['late'] * 1e3:.0f} ms, "
        f"99 % {after['late99'] * 1e3:.1f} ms; longest step {after['step'] * 1e3:.1f} ms of CPU"
    )


if __name__ == "__main__":
    main()
