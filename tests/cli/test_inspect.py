"""``photoprivacy inspect``: a screen for a photo, a line for one of many, a summary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders import exif, jfif, jpeg, picture
from photoprivacy import inspect, strip
from photoprivacy.cli import _inspect
from photoprivacy.cli._app import app
from photoprivacy.testing import sample_photo
from verify.built import short, tiff, words


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["inspect", *[str(word) for word in words]])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.jpg").write_bytes(sample_photo())
    (tmp_path / "two.png").write_bytes(sample_photo(format="png"))
    (tmp_path / "clean.jpg").write_bytes(strip(sample_photo()).data)
    (tmp_path / "torn.jpg").write_bytes(b"no photo")
    return tmp_path


def test_a_screen_groups_what_is_told_by_what_a_person_asks(folder: Path) -> None:
    told = run(folder / "one.jpg").stdout

    asked = ("Where", "When", "Who", "Which device", "Hidden inside", "Settings")
    assert all(question in told for question in asked)
    assert "GPS position" in told
    assert "strip removes" in told
    assert len(told.splitlines()) <= 24


def test_the_worst_severity_of_an_answer_has_a_mark_that_needs_no_colour(folder: Path) -> None:
    lines = run(folder / "one.jpg").stdout.splitlines()

    marks = {line[4:18].strip(): line[2] for line in lines if line.startswith("  ")}
    assert marks["Where"] == "●"
    assert marks["Which device"] in "●○"
    assert marks["Settings"] == "·"


def test_a_folder_ends_with_how_many_photos_answer_what(folder: Path) -> None:
    result = run("-r", folder)

    assert result.exit_code == 3
    summary = result.stdout[result.stdout.index("4 files") :]
    assert "2 tell something, 1 clean, 1 could not be read" in summary
    assert any(line.split() == ["Where", "2"] for line in summary.splitlines())


def test_of_many_photos_each_has_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_inspect, "_SCREENS", 2)

    lines = run("-r", folder).stdout.splitlines()

    (one,) = (line for line in lines if "one.jpg" in line)
    assert "where · when" in one
    (clean,) = (line for line in lines if "clean.jpg" in line)
    assert clean.endswith("clean")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_programs_get_one_object_a_line_in_the_order_of_the_files(folder: Path, jobs: str) -> None:
    result = run("-r", "--json", "--jobs", jobs, folder)

    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    names = [Path(row["file"]).name for row in rows]
    assert names == ["clean.jpg", "one.jpg", "torn.jpg", "two.png"]
    torn = rows.pop(2)
    assert sorted(torn) == ["error", "file"]
    assert [len(row["findings"]) for row in rows] == [
        len(inspect(row["file"]).findings) for row in rows
    ]
    assert "torn.jpg" in result.stderr


def test_a_field_that_says_nothing_is_said_to_be_empty(tmp_path: Path) -> None:
    note = tiff((short(274, 1), words(0x013B, b"  \0")))
    path = tmp_path / "empty.jpg"
    path.write_bytes(jpeg(jfif(), exif(note), *picture()))

    assert "Artist (empty)" in run(path).stdout
