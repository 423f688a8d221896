"""Builds the package twice, in two places that differ in all that must not matter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from release.archives import ROOT, WHEN, Built


def _source(folder: Path, *, assets: bool) -> Path:
    """Copy what a clone holds, with the front end that is built, or without."""
    kept_out = ["__pycache__", "node_modules", "_build", *([] if assets else ["_assets"])]
    for name in ("src", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*kept_out))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def _start(source: Path, out: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "build", "--outdir", str(out), str(source)],
        env={**os.environ, "SOURCE_DATE_EPOCH": WHEN, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Built]:
    """Two builds of the same sources: one here and now, one elsewhere and at another time.

    The second knows no front end yet, so it builds it anew; its files are of another date and open
    to their owner alone, its clock stands in another zone, and its names sort by other rules.
    """
    folder = tmp_path_factory.mktemp("release")
    (first := folder / "first").mkdir()
    (second := folder / "another place" / "second").mkdir(parents=True)
    _source(first, assets=True)
    for path in _source(second, assets=False).rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    started = [
        _start(first, folder / "out first"),
        _start(second, folder / "out second", TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7"),
    ]
    said = [one.communicate(timeout=300)[0] for one in started]
    for one, words in zip(started, said, strict=True):
        assert one.returncode == 0, words[-4000:]
    return _built(folder / "out first"), _built(folder / "out second")


def _built(out: Path) -> Built:
    (wheel,) = out.glob("*.whl")
    (sdist,) = out.glob("*.tar.gz")
    return Built(wheel=wheel, sdist=sdist)


@pytest.fixture(scope="session")
def built(builds: tuple[Built, Built]) -> Built:
    """The first of the two."""
    return builds[0]
