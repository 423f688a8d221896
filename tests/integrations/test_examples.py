"""The example apps on real servers: what comes in tells a place, what is stored does not."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import httpx
import pytest

from photoprivacy.testing import assert_clean, sample_photo

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = ROOT / "docs" / "examples"
UVICORN: Final = ("uvicorn", "--no-access-log", "--port", "{port}")
#: Its name, its folder, and what serves it.
SERVERS: Final = {
    "fastapi": ("fastapi", (*UVICORN, "app:app")),
    "starlette": ("starlette", (*UVICORN, "app:app")),
    "litestar": ("litestar", (*UVICORN, "app:app")),
    "flask": ("flask", ("flask", "run", "--port", "{port}")),
    "django": ("django", ("django", "runserver", "--noreload", "{port}")),
    "django under ASGI": ("django", (*UVICORN, "photos.asgi:application")),
}
#: Photos of the corpus that tell where they were taken.
CORPUS_PHOTOS: Final = (
    "exif-samples/jpg/gps/DSCN0010.jpg",
    "exif-samples/heic/mobile/HMD_Nokia_8.3_5G.heif",
    "pillow-heif/heif_other/pug.heic",
    "libavif/paris_icc_exif_xmp.png",
)


@attrs.frozen(kw_only=True)
class App:
    """An example that runs."""

    name: str
    port: int
    data: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stored(self) -> set[Path]:
        return set((self.data / "uploads").glob("*"))

    def send(self, data: bytes, name: str, kind: str = "image/jpeg", to: str = "photos") -> Any:
        files = {"photo": (name, data, kind)}
        return httpx.post(f"{self.base}/{to}", files=files, timeout=60)


@contextlib.contextmanager
def running(name: str, data: Path) -> Iterator[App]:
    folder, command = SERVERS[name]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {"DATA": str(data), "PYTHONWARNINGS": "default"}
    if folder == "django":
        run = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(run, cwd=EXAMPLES / folder, env=environment, check=True, timeout=120)
    words = [sys.executable, "-m", *(word.format(port=port) for word in command)]
    process = subprocess.Popen(
        words,
        cwd=EXAMPLES / folder,
        env=environment | {"DJANGO_SETTINGS_MODULE": "photos.settings", "PYTHONPATH": path()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield App(name=name, port=port, data=data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def path() -> str:
    """Return what finds the library and, for ``python -m django``, the example's own modules."""
    return os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), ".")))


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture(scope="module", params=SERVERS)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(request.param, tmp_path_factory.mktemp("example")) as app:
        yield app


def tags_of(exiftool: str, path: Path) -> dict[str, Any]:
    """Return what ExifTool reads from a file, by its groups' names."""
    answer = subprocess.run(
        [exiftool, "-j", "-G1", "-a", "-u", "-ee", str(path)],
        capture_output=True,
        check=True,
        timeout=60,
    )
    [tags] = json.loads(answer.stdout)
    return dict(tags)


def telling(tags: dict[str, Any]) -> set[str]:
    words = ("GPS", "Serial", "Owner", "Artist", "Make", "Model", "DateTimeOriginal", "UserComment")
    return {
        name
        for name in tags
        if name.partition(":")[0] not in ("System", "File", "ExifTool", "Composite")
        and not name.startswith("ICC")
        and any(word in name for word in words)
    }


def photos(corpus: Path) -> list[tuple[str, bytes]]:
    real = [(Path(name).name, (corpus / name).read_bytes()) for name in CORPUS_PHOTOS]
    return [
        *real,
        ("screen.png", sample_photo(format="png")),
        ("a.heic", sample_photo(format="heic")),
    ]


def test_what_is_stored_tells_nothing_as_exiftool_reads_it(
    app: App, corpus: Path, exiftool: str, tmp_path: Path
) -> None:
    for name, data in photos(corpus):
        source = tmp_path / name
        source.write_bytes(data)
        assert any("GPS" in tag for tag in telling(tags_of(exiftool, source))), name
        before = app.stored()
        answer = app.send(data, name)
        assert answer.status_code == 201, answer.text
        [path] = app.stored() - before
        assert path.name == answer.json()["stored"]
        assert path.stem != source.stem
        assert telling(tags_of(exiftool, path)) == set()
        assert_clean(path)
    assert len(app.stored()) >= 6


def test_a_type_and_a_name_that_lie_change_nothing(app: App) -> None:
    before = app.stored()
    answer = app.send(sample_photo(format="png"), "page.html", "text/html")
    [path] = app.stored() - before

    assert answer.status_code == 201
    assert path.suffix == ".png"
    assert_clean(path)


def test_two_of_one_name_stand_beside_each_other(app: App) -> None:
    before = app.stored()
    for _ in range(2):
        assert app.send(sample_photo(), "photo.jpg").status_code == 201

    assert len(app.stored() - before) == 2


@pytest.mark.parametrize("data", [b"not a photo", sample_photo()[:2000]], ids=["text", "cut"])
def test_what_is_no_photo_is_refused_with_a_reason_and_not_stored(app: App, data: bytes) -> None:
    before = app.stored()
    answer = app.send(data, "photo.jpg")

    assert answer.status_code == 422
    told = answer.json()
    assert told.get("detail") or told.get("errors")
    assert app.stored() == before


def test_a_client_that_stops_in_the_middle_leaves_nothing(app: App) -> None:
    before = app.stored()
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    body = head + sample_photo()
    request = (
        f"POST /photos HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body) + 100_000}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", app.port)) as client:
        client.sendall(request + body)
        time.sleep(0.2)

    assert app.send(b"not a photo", "a.txt").status_code == 422  # and it goes on
    assert app.stored() == before


def test_a_link_opens_the_gallery_under_its_prefix(app: App) -> None:
    answer = app.send(sample_photo(size=(1600, 1200)), "photo.jpg", to="albums")
    assert answer.status_code == 201, answer.text
    link = app.base + answer.json()["link"]
    with httpx.Client(follow_redirects=True) as recipient:
        page = recipient.get(link)

        assert page.status_code == 200
        assert "From the app" in page.text
        photo = page.text.split('/full"')[0].rsplit('"', 1)[1] + "/full"
        full = recipient.get(page.url.join(photo))
    assert full.status_code == 200
    assert_clean(full.content)
    part = httpx.get(link + photo, headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, b"\xff\xd8")
    assert httpx.get(link[:-4] + "/").status_code == 404


def test_every_example_has_a_section_with_one_command() -> None:
    page = (EXAMPLES / "README.md").read_text()
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}

    assert folders == {"django", "fastapi", "flask", "litestar", "starlette"}
    for folder in folders:
        [_, section] = page.split(f"\n## {folder}\n")
        lines = section.split("\n## ")[0].splitlines()
        [command] = [line[21:] for line in lines if line.startswith("    cd docs/examples/")]
        words = [word for word in SERVERS[folder][1] if not word.startswith(("--", "{", "django"))]
        assert command.startswith(f"{folder} && "), command
        assert all(word in command for word in words if folder != "litestar"), command
