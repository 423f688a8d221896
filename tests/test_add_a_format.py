"""The worked example of the contributing page: its files and its diff make a format."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pages import ROOT

EXAMPLE = ROOT / "docs" / "add-a-format"
PAGE = ROOT / "docs" / "contributing.md"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git, to apply the diff")
def test_the_worked_example_adds_a_format_that_passes_its_tests(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("_frontend", "__pycache__", "_assets")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    for part in ("src", "tests"):
        shutil.copytree(EXAMPLE / part, tmp_path / part, dirs_exist_ok=True)
    apply = ["git", "apply", "--verbose", str(EXAMPLE / "tables.patch")]
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "LC_ALL": "C"}
    applied = subprocess.run(
        apply, check=False, cwd=tmp_path, env=outside, capture_output=True, text=True
    )
    assert applied.returncode == 0, applied.stderr
    assert applied.stderr.count("Applied patch") == 5

    there = os.pathsep.join(str(tmp_path / part) for part in ("src", "tests"))
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", str(tmp_path), "tests"],
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": there, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None
    assert int(passed[1]) >= 30


def test_the_page_shows_every_file_of_the_example() -> None:
    shown = set(
        re.findall(r"^```\{literalinclude\} add-a-format/(\S+)", PAGE.read_text(), re.MULTILINE)
    )

    files = [path for path in EXAMPLE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert shown == {path.relative_to(EXAMPLE).as_posix() for path in files}
    assert len(shown) == 6


def test_the_example_is_no_part_of_the_package() -> None:
    assert not list((ROOT / "src").rglob("*qoi*"))
