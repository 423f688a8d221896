"""What is in a wheel and a source archive: all that must be, nothing else, the same each time."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
from email.parser import BytesParser
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from release.archives import INFO, ROOT, VERSION, Built, members

pytestmark = pytest.mark.release

PACKAGE = ROOT / "src" / "photoprivacy"
#: Everything in a wheel that is no module; each pattern stands for as many files as its number.
DATA = {
    "photoprivacy/py.typed": 1,
    "photoprivacy/_large_places.txt": 1,
    "photoprivacy/report.schema.json": 1,
    "photoprivacy/albums/album.schema.json": 1,
    "photoprivacy/places/_data/names.bin": 1,
    "photoprivacy/places/_data/places.bin": 1,
    "photoprivacy/gallery/_pages/*.html": 6,
    "photoprivacy/gallery/_pages/icon.svg": 1,
    "photoprivacy/gallery/_pages/page.css": 1,
    "photoprivacy/gallery/_assets/manifest.json": 1,
    "photoprivacy/gallery/_assets/THIRD_PARTY_LICENSES.txt": 1,
    "photoprivacy/gallery/_assets/page-*.js": 1,
    "photoprivacy/gallery/_assets/chunk-*.js": 1,
    "photoprivacy/gallery/_assets/classic-*.js": 1,
    "photoprivacy/gallery/_assets/lightbox-*": 2,
    "photoprivacy/gallery/_assets/map-*": 2,
    "photoprivacy/gallery/_assets/sealed-*": 2,
    "photoprivacy/gallery/_assets/land-*.json": 1,
    "photoprivacy/gallery/_assets/world-*.json": 1,
    "photoprivacy/gallery/_assets/layers-*.png": 2,
    "photoprivacy/gallery/_assets/marker-icon-*.png": 1,
    f"{INFO}/METADATA": 1,
    f"{INFO}/WHEEL": 1,
    f"{INFO}/RECORD": 1,
    f"{INFO}/entry_points.txt": 1,
    f"{INFO}/licenses/LICENSE": 1,
    f"{INFO}/licenses/NOTICE": 1,
    f"{INFO}/sboms/photoprivacy.cdx.json": 1,
}
#: Bytes. The table of places is the largest file; docs/stability.md says these.
LARGEST = 3_000_000
WHEEL = 4_700_000
UNPACKED = 8_000_000
SDIST = 5_500_000


def test_the_same_sources_give_the_same_bytes_anywhere_and_at_any_time(
    builds: tuple[Built, Built],
) -> None:
    first, second = builds
    # Which file differs says more than that the archives do.
    assert members(first.wheel) == members(second.wheel)
    assert members(first.sdist) == members(second.sdist)
    assert first.wheel.read_bytes() == second.wheel.read_bytes()
    assert first.sdist.read_bytes() == second.sdist.read_bytes()


def test_a_wheel_holds_every_module_and_named_file_and_nothing_else(built: Built) -> None:
    inside = set(members(built.wheel))
    modules = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "_frontend" not in path.parts and not path.name.startswith("_build")
    }
    assert len(modules) > 300
    assert modules <= inside
    rest = inside - modules
    matches = {pattern: {n for n in rest if fnmatchcase(n, pattern)} for pattern in DATA}
    assert {pattern: len(names) for pattern, names in matches.items()} == DATA
    assert rest == set().union(*matches.values())


def test_a_record_lists_each_file_once(built: Built) -> None:
    inside = members(built.wheel)
    listed = [row[0] for row in csv.reader(io.StringIO(inside[f"{INFO}/RECORD"].decode()))]
    assert sorted(listed) == sorted(inside)


def test_a_source_archive_holds_what_a_packager_needs(built: Built) -> None:
    inside = set(members(built.sdist))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "PKG-INFO"):
        assert name in inside
    here = {
        path.relative_to(ROOT).as_posix()
        for top in ("src", "tests", "docs")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules", "_build"} & set(path.parts)
    }
    assert len(here) > 600
    missing = {name for name in here - inside if not name.endswith((".pyc", ".pyo"))}
    assert missing == set()
    # The front end, built, so that nobody needs node; and what it is built from.
    assert "src/photoprivacy/gallery/_assets/manifest.json" in inside
    assert "src/photoprivacy/gallery/_frontend/package-lock.json" in inside
    assert inside - here <= {
        *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE"),
        *("PKG-INFO", ".gitignore"),
    }


def test_archives_are_as_small_as_the_docs_say(built: Built) -> None:
    inside = members(built.wheel)
    assert max(map(len, inside.values())) < LARGEST
    assert sum(map(len, inside.values())) < UNPACKED
    assert built.wheel.stat().st_size < WHEEL
    assert built.sdist.stat().st_size < SDIST
    assert max(map(len, members(built.sdist).values())) < LARGEST
    said = (ROOT / "docs" / "stability.md").read_text("utf-8")
    for limit in (LARGEST, WHEEL, UNPACKED, SDIST):
        assert f"{limit / 1e6:.1f} MB" in said


def test_archives_say_nothing_of_the_machine_they_were_made_on(
    builds: tuple[Built, Built],
) -> None:
    made_in = builds[0].wheel.parent.parent
    names = {socket.gethostname(), os.environ.get("HOSTNAME", ""), f"{Path.home()}/", "/tmp/"}
    words = {"registry.npmjs.org", "files.pythonhosted.org", str(made_in)}
    # A name as short as "vm" stands in many a word.
    words |= {name for name in names if len(name) >= 5}
    # This file names the registries in order to look for them.
    own = Path(__file__).relative_to(ROOT).as_posix()
    for one in (builds[0].wheel, builds[1].wheel, builds[1].sdist):
        inside = members(one)
        for name, data in inside.items():
            assert not name.startswith(("/", "..")), name
            found = [word for word in words if word.encode() in data]
            assert not found or name == own, (name, found)


def test_metadata_is_what_an_index_asks_for(built: Built) -> None:
    said = BytesParser().parsebytes(members(built.wheel)[f"{INFO}/METADATA"])
    assert said["Name"] == "photoprivacy"
    assert said["Version"] == VERSION
    assert said["License-Expression"] == "MIT"
    assert said.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert said["Requires-Python"] == ">=3.11"
    assert said["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in (said.get_all("Classifier") or [])


def test_the_heading_of_the_changelog_is_the_version() -> None:
    headings = [
        line
        for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert f"## {VERSION}" in [line.split(" – ")[0] for line in headings]


def test_the_page_names_only_files_that_are_there(built: Built) -> None:
    inside = members(built.wheel)
    folder = "photoprivacy/gallery/_assets"
    files = json.loads(inside[f"{folder}/manifest.json"])["files"]
    assert len(files) >= 10
    assert all(f"{folder}/{name}" in inside for name in files.values())
