"""The door: what it lists is what it exports, and opening it is cheap."""

from __future__ import annotations

import subprocess
import sys

import photoprivacy

HEAVY = (
    *("PIL", "pillow_heif", "geopy", "tzfpy", "numpy", "scipy", "sqlite3", "asyncio"),
    *("starlette", "jinja2", "uvicorn", "click", "rich", "django", "flask", "litestar", "fastapi"),
)


def test_the_door_exports_exactly_what_it_lists() -> None:
    public = {name for name in dir(photoprivacy) if not name.startswith("_")}

    assert list(photoprivacy.__all__) == sorted(photoprivacy.__all__)
    assert public == set(photoprivacy.__all__)


def test_every_name_behind_the_door_is_there() -> None:
    for name in photoprivacy.__all__:
        assert getattr(photoprivacy, name) is not None
        assert getattr(photoprivacy, name).__doc__


def test_opening_the_door_loads_nothing_heavy() -> None:
    code = "import sys, photoprivacy; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.partition(".")[0] for name in answer.stdout.split()}

    assert "photoprivacy" in loaded
    assert not loaded.intersection(HEAVY)
