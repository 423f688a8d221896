"""Figures of the integrations: what an adapter costs over `strip_stream`, and a big upload.

Each framework runs in a fresh process. The upload as a whole goes through the example app, asked
as a server would ask it, with a body that is read from a file. Run it with
``python tests/bench/adapters.py`` in an environment with all extras.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Final

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"
FRAMEWORKS: Final = ("starlette", "fastapi", "litestar", "flask", "django")
ROUNDS: Final = 31
# Long enough to stand in no photo by chance.
FORM: Final = b"multipart/form-data; boundary=a-boundary"
HEAD: Final = (
    b'--a-boundary\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
)
TAIL: Final = b"\r\n--a-boundary--\r\n"
PIECE: Final = 65_536


def a_photo(side: int) -> bytes:
    """Return a JPEG with everything that gives people away in it, of `side` times `side` pixels."""
    from PIL import Image

    from photoprivacy.testing import sample_photo

    file = io.BytesIO()
    with Image.open(io.BytesIO(sample_photo())) as sample:
        exif = sample.info["exif"]
    Image.effect_noise((side, side), 100).convert("RGB").save(file, "JPEG", quality=98, exif=exif)
    return file.getvalue()


def spooled(data: bytes) -> Any:
    """Return a file as frameworks hand uploads on."""
    file = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - handed on
    file.write(data)
    file.seek(0)
    return file


def adapter(name: str) -> Callable[[Any], Any]:
    """Return what an app of that framework calls with the file of an upload."""
    if name == "django":
        from photoprivacy import Limits, Policy
        from photoprivacy.integrations.django._cleaned import clean_copy

        return lambda file: clean_copy(file, "a.jpg", Policy.SHARE, Limits())
    if name == "flask":
        from werkzeug.datastructures import FileStorage

        from photoprivacy.integrations.flask import clean_file

        return lambda file: clean_file(FileStorage(file, "a.jpg"))
    loop = asyncio.new_event_loop()
    if name == "litestar":
        from litestar.datastructures import UploadFile as LitestarFile

        from photoprivacy.integrations import litestar

        def litestar_s(file: Any) -> Any:
            upload = LitestarFile("image/jpeg", "a.jpg")
            upload.file = file
            return loop.run_until_complete(litestar.clean_file(upload))

        return litestar_s
    from starlette.datastructures import UploadFile

    from photoprivacy.integrations import starlette

    return lambda file: loop.run_until_complete(starlette.clean_file(UploadFile(file)))


def overhead(name: str) -> dict[str, float]:
    """Return milliseconds of `strip_stream`, and of the adapter beyond that, by both clocks."""
    from photoprivacy import strip_stream

    data, clean = a_photo(1900), adapter(name)

    def plain(file: Any) -> None:
        with tempfile.TemporaryFile() as target:
            strip_stream(file, target)

    def adapted(file: Any) -> None:
        clean(file).close()

    times: dict[str, list[tuple[float, float]]] = {"plain": [], "adapted": []}
    for number in range(ROUNDS + 2):
        for kind, work in (("plain", plain), ("adapted", adapted)):
            file = spooled(data)
            wall, cpu = time.perf_counter(), time.process_time()
            work(file)
            spent = time.perf_counter() - wall, time.process_time() - cpu
            file.close()
            if number > 1:
                times[kind].append(spent)
    found = {"size": len(data) / 1e6}
    for at, clock in enumerate(("wall", "cpu")):
        before = statistics.median(one[at] for one in times["plain"])
        pairs = zip(times["adapted"], times["plain"], strict=True)
        found[f"plain {clock}"] = before * 1e3
        found[f"beyond {clock}"] = statistics.median(a[at] - p[at] for a, p in pairs) * 1e3
    return found


def an_app(name: str) -> Any:
    """Return the example app of a framework, with a folder of its own."""
    os.environ["DATA"] = tempfile.mkdtemp()
    sys.path.insert(0, str(EXAMPLES / name))
    if name != "django":
        import app  # type: ignore[import-not-found]

        return app.app
    os.environ["DJANGO_SETTINGS_MODULE"] = "photos.settings"
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    found = get_wsgi_application()
    call_command("migrate", verbosity=0)
    return found


def asked_by_asgi(app: Any, body: BinaryIO, length: int) -> tuple[int, float]:
    """Return the status of an upload, and how long the loop was held, in seconds of CPU time.

    Of CPU time, because a machine that does other work too holds everybody up.
    """
    status, held, done = 0, 0.0, False

    async def receive() -> dict[str, Any]:
        piece = body.read(PIECE)
        return {"type": "http.request", "body": piece, "more_body": len(piece) == PIECE}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    async def tick() -> None:
        nonlocal held
        last = time.process_time()
        while not done:
            await asyncio.sleep(0.001)
            now = time.process_time()
            held, last = max(held, now - last), now

    async def ask() -> None:
        nonlocal done
        headers = [
            (b"host", b"127.0.0.1"),
            (b"content-type", FORM),
            (b"content-length", str(length).encode()),
        ]
        scope: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1"}
        scope |= {"method": "POST", "path": "/photos", "raw_path": b"/photos", "root_path": ""}
        scope |= {"query_string": b"", "headers": headers, "scheme": "http"}
        scope |= {"server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1)}
        ticking = asyncio.ensure_future(tick())
        await app(scope, receive, send)
        done = True
        await ticking

    asyncio.run(ask())
    return status, held


def asked_by_wsgi(app: Any, body: BinaryIO, length: int) -> tuple[int, float]:
    """Return the status of an upload."""
    status = 0

    def start(line: str, *_: Any) -> None:
        nonlocal status
        status = int(line.split(maxsplit=1)[0])

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/photos", "SCRIPT_NAME": ""}
    environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"}
    environ |= {
        "CONTENT_TYPE": FORM.decode(),
        "CONTENT_LENGTH": str(length),
    }
    given: dict[str, Any] = {"wsgi.input": body, "wsgi.errors": sys.stderr, "wsgi.version": (1, 0)}
    given |= {"wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.run_once": False}
    thread = threading.Thread(target=lambda: b"".join(app(environ | given, start)))
    thread.start()
    thread.join()
    return status, 0.0


def whole(name: str) -> dict[str, float]:
    """Return what 50 MB take: memory in their own length, and the loop's longest wait."""
    app = an_app(name)
    ask = asked_by_wsgi if name in ("flask", "django") else asked_by_asgi
    with tempfile.TemporaryFile() as body:
        body.write(HEAD + a_photo(6100) + TAIL)
        length = body.tell()
        waits = []
        for number in range(5):
            body.seek(0)
            if number == 4:
                tracemalloc.start()
            status, held = ask(app, body, length)
            assert status == 201, status
            if 0 < number < 4:
                waits.append(held * 1e3)
        peak = tracemalloc.get_traced_memory()[1]
    return {"size": length / 1e6, "memory": peak / length, "held": statistics.median(waits)}


def main() -> None:
    """Print every figure."""
    if len(sys.argv) > 1:
        work = {"overhead": overhead, "whole": whole}[sys.argv[1]]
        print(json.dumps(work(sys.argv[2])))
        return
    print(", ".join(f"{name} {version(name)}" for name in FRAMEWORKS))
    for name in FRAMEWORKS:
        for part in ("overhead", "whole"):
            command = [sys.executable, __file__, part, name]
            answer = subprocess.run(command, capture_output=True, text=True, check=True)
            told = json.loads(answer.stdout.splitlines()[-1])
            print(name, part, ", ".join(f"{key} {value:.2f}" for key, value in told.items()))


if __name__ == "__main__":
    main()
