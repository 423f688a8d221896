"""The folder that a command keeps its copies in, also when it is killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from photoprivacy.cli._app import app
from photoprivacy.testing import sample_photo

pytest.importorskip("fcntl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "holiday"
    inside.mkdir()
    (inside / "one.jpg").write_bytes(sample_photo())
    return inside


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    inside = tmp_path / "temp"
    inside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(inside))
    return inside


@contextlib.contextmanager
def serving(folder: Path, temp: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a `share` that serves."""
    environment = {**os.environ, "TMPDIR": str(temp), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "photoprivacy", "share", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            assert any("Ctrl-C" in line for line in process.stdout)
            yield process
        finally:
            process.kill()


def test_what_a_killed_command_left_is_removed_by_the_next(folder: Path, temp: Path) -> None:
    with serving(folder, temp) as process:
        process.kill()
        process.wait(20)
    (left,) = temp.iterdir()
    assert list(left.rglob("keys.json"))

    assert CliRunner().invoke(app, ["demo", "--once"]).exit_code == 0

    assert not list(temp.iterdir())


def test_what_is_in_use_or_somebody_elses_stays(folder: Path, temp: Path) -> None:
    for name in ("photoprivacy-abcdefgh", "photoprivacy-mine", "other-abcdefgh"):
        (temp / name).mkdir()
    (temp / "photoprivacy-mine" / "in-use").touch()
    (temp / "other-abcdefgh" / "in-use").touch()
    (temp / "photoprivacy-linked00").symlink_to(folder, target_is_directory=True)
    (folder / "in-use").touch()
    with serving(folder, temp) as process:
        before = {path for path in temp.iterdir() if path.name != "photoprivacy-linked00"}
        assert len(before) == 4
        assert CliRunner().invoke(app, ["demo", "--once"]).exit_code == 0
        assert before < set(temp.iterdir())
        assert (folder / "one.jpg").exists()
        process.terminate()
        process.wait(20)
    assert len(list(temp.iterdir())) == 4
