"""Adapters without their frameworks, and the library without any."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: An adapter, what is not installed, and the extra that brings it.
MISSING = (
    ("starlette", "starlette", "fastapi"),
    ("starlette", "python_multipart", "fastapi"),
    ("fastapi", "fastapi", "fastapi"),
    ("flask", "werkzeug", "flask"),
    ("litestar", "litestar", "litestar"),
    ("django", "django", "django"),
)


def run(code: str) -> str:
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return answer.stdout.strip()


@pytest.mark.parametrize(("adapter", "module", "extra"), MISSING)
def test_a_missing_framework_is_told_by_its_extra(adapter: str, module: str, extra: str) -> None:
    told = run(
        f"import sys; sys.modules[{module!r}] = None\n"
        "from photoprivacy import MissingExtra\n"
        f"try: import photoprivacy.integrations.{adapter}\n"
        "except MissingExtra as error: print(error.extra, error)\n"
    )

    assert told.startswith(f"{extra} ")
    assert f'pip install "photoprivacy[{extra}]"' in told


@pytest.mark.parametrize(("extra", "adapter"), [("flask", "flask"), ("gallery", "starlette")])
def test_a_gallery_that_cannot_be_mounted_names_its_extra(extra: str, adapter: str) -> None:
    module = {"flask": "a2wsgi", "gallery": "photoprivacy.gallery"}[extra]
    mount = {
        "flask": "from flask import Flask; f.PhotoPrivacy(Flask('x'), library=library)",
        "gallery": (
            "from starlette.applications import Starlette\n"
            "    import photoprivacy.gallery, sys; sys.modules['starlette'] = None\n"
            "    f.install(Starlette(), library=library)"
        ),
    }[extra]
    told = run(
        "import sys\n"
        + (f"sys.modules[{module!r}] = None\n" if extra == "flask" else "")
        + "from photoprivacy import MissingExtra\n"
        "from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares\n"
        "from photoprivacy.sharing import ShareSigner\n"
        "signer = ShareSigner({1: b'k' * 32})\n"
        "library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), signer)\n"
        f"import photoprivacy.integrations.{adapter} as f\n"
        f"try:\n    {mount}\nexcept MissingExtra as error: print(error.extra)\n"
    )

    assert told == extra


def test_the_library_loads_no_framework() -> None:
    told = run(
        "import sys, photoprivacy, photoprivacy.integrations\n"
        "from photoprivacy import strip; from photoprivacy.testing import sample_photo\n"
        "strip(sample_photo())\n"
        "names = ('starlette', 'fastapi', 'flask', 'werkzeug', 'litestar', 'django', 'a2wsgi')\n"
        "print([name for name in names if name in sys.modules])\n"
    )

    assert told == "[]"


def test_an_adapter_is_a_page_and_a_half() -> None:
    folder = Path(__file__).parents[2] / "src" / "photoprivacy" / "integrations"
    lines = {path.name: len(path.read_text().splitlines()) for path in folder.glob("*.py")}

    assert {"starlette.py", "fastapi.py", "flask.py", "litestar.py", "pillow.py"} < set(lines)
    assert {name: count for name, count in lines.items() if count > 150} == {}
