"""What was built installs on a machine that has neither node nor a compiler, and works there."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest

from release.archives import VERSION, Built

pytestmark = pytest.mark.release
#: What turns sources into machine code or runs scripts of front ends.
TOOLS = ("node", "npm", "gcc", "cc", "clang", "c++", "rustc", "cargo", "make")


@attrs.frozen(kw_only=True)
class Installed:
    """A fresh environment, and a path with nothing on it but that environment."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {"HOME", "LANG", "SSL_CERT_FILE", "PIP_CERT", "PIP_INDEX_URL", "PIP_CONFIG_FILE"}
        kept |= {"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"}
        found = {name: value for name, value in os.environ.items() if name in kept}
        return {**found, "PATH": str(self.folder / "bin"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *command: str, fine: tuple[int, ...] = (0,)) -> str:
        ended = subprocess.run(
            [str(self.folder / "bin" / command[0]), *command[1:]],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert ended.returncode in fine, ended.stdout[-2000:] + ended.stderr[-2000:]
        return ended.stdout


#: What is installed, and with which extras.
KINDS = {"sdist": "cli,gallery", "wheel": "all"}


@pytest.fixture(scope="module")
def places(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Installed]:
    """Install what was built, both kinds at once, each into an environment of its own."""
    found = {kind: Installed(folder=tmp_path_factory.mktemp(kind) / "venv") for kind in KINDS}
    for place in found.values():
        assert not [one for one in TOOLS if shutil.which(one, path=place.environment["PATH"])]
    with ThreadPoolExecutor(len(KINDS)) as pool:
        started = [pool.submit(_install, kind, place, built) for kind, place in found.items()]
        for one in started:
            one.result()
    return found


def _install(kind: str, place: Installed, built: Built) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(place.folder)], check=True)
    # Of what others wrote, wheels alone; ours is built here if it is a source archive.
    ours = ["--no-binary=photoprivacy"] if kind == "sdist" else []
    package = f"photoprivacy[{KINDS[kind]}] @ {getattr(built, kind).as_uri()}"
    place.run("pip", "install", "--quiet", "--only-binary=:all:", *ours, package)


@pytest.fixture(
    params=list(KINDS), ids=["from the source archive", "from the wheel, with everything"]
)
def installed(request: pytest.FixtureRequest, places: dict[str, Installed]) -> Installed:
    return places[request.param]


def test_it_says_its_version_and_fits_what_is_beside_it(installed: Installed) -> None:
    assert VERSION in installed.run("photoprivacy", "--version")
    assert "No broken requirements" in installed.run("pip", "check")
    where = installed.run("python", "-c", "import photoprivacy; print(photoprivacy.__file__)")
    assert where.startswith(str(installed.folder))


def test_it_cleans_real_photos(installed: Installed, corpus: Path, tmp_path: Path) -> None:
    cleaned = 0
    for name in ("nom-exif/exif.jpg", "exif-samples/jpg/Canon_40D.jpg", "c2pa/sample1.heif"):
        source = corpus / name
        target = tmp_path / f"clean{cleaned}{source.suffix}"
        assert installed.run("photoprivacy", "inspect", "--check", str(source), fine=(1,))
        installed.run("photoprivacy", "strip", str(source), "-o", str(target))
        installed.run("photoprivacy", "inspect", "--check", str(target))
        cleaned += 1
    assert cleaned == 3


def test_it_names_places(installed: Installed) -> None:
    said = installed.run(
        "python",
        "-c",
        "from photoprivacy import Coordinates, Gazetteer;"
        "print(Gazetteer().reverse(Coordinates(latitude=38.7139, longitude=-9.1334)).city)",
    )
    assert said.strip() == "Lisbon"


@pytest.fixture
def link(installed: Installed) -> Iterator[str]:
    """The link that ``photoprivacy demo`` prints, while it serves."""
    running = subprocess.Popen(
        [str(installed.folder / "bin" / "photoprivacy"), "demo"],
        env=installed.environment,
        cwd=installed.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    too_long = threading.Timer(120, running.kill)
    too_long.start()
    try:
        assert running.stdout is not None
        said = ""
        for line in running.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\S+", line):
                yield found[0]
                break
        else:
            pytest.fail(said)
    finally:
        too_long.cancel()
        running.terminate()
        running.communicate(timeout=60)


def test_the_demo_shows_a_page_with_lightbox_and_map(link: str) -> None:
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
    with opener.open(link, timeout=60) as answer:
        page, address = answer.read().decode(), answer.url
    files = set(re.findall(r'(?:src|data-[\w-]+|href)="([^"]*-/assets/[^"]+)"', page))
    names = {path.rpartition("/")[2].partition("-")[0] for path in files}
    assert {"page", "lightbox", "map", "world"} <= names
    scripts = [path for path in files if path.endswith(".js")]
    for path in files:
        with opener.open(urllib.parse.urljoin(address, path), timeout=60) as answer:
            data = answer.read()
        assert data
        if path in scripts:
            assert b"lightbox-" in data  # what it loads once a photo is opened
    assert len(scripts) == 1
