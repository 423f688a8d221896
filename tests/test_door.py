"""The door: what it lists is what it exports, and opening it is cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import photoprivacy

HEAVY = (
    *("PIL", "pillow_heif", "geopy", "tzfpy", "numpy", "babel", "sqlite3", "asyncio"),
    *("starlette", "jinja2", "uvicorn", "click", "rich", "django", "flask", "litestar", "fastapi"),
)


def test_the_door_exports_exactly_what_it_lists() -> None:
    assert list(photoprivacy.__all__) == sorted(photoprivacy.__all__)
    assert dir(photoprivacy) == sorted(photoprivacy.__all__)


def test_a_name_that_is_not_listed_is_not_there() -> None:
    with pytest.raises(AttributeError):
        _ = photoprivacy.nothing


def test_every_name_behind_the_door_is_there() -> None:
    for name in photoprivacy.__all__:
        assert getattr(photoprivacy, name) is not None
        assert getattr(photoprivacy, name).__doc__


def test_type_checkers_see_the_same_door() -> None:
    tree = ast.parse(Path(photoprivacy.__file__).read_text())
    (seen,) = [node for node in tree.body if isinstance(node, ast.If)]
    imports = {
        alias.name: (node.module or "").removeprefix("photoprivacy.")
        for node in seen.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert imports == photoprivacy._ROOMS
    assert sorted(imports) == photoprivacy.__all__


def test_opening_the_door_loads_nothing_heavy() -> None:
    code = "import sys, photoprivacy; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in answer.stdout.split()}

    assert "photoprivacy" in loaded
    assert not loaded.intersection(HEAVY)
