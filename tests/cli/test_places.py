"""``photoprivacy places``: a tree that a person agrees with, and the same for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy.cli._app import app

SINTRA = (38.7971, -9.3902)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["places", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shots = [
        *((LISBON, "2024:05:01 12:00:00"), (None, "2024:05:01 13:00:00")),
        *((LISBON, "2024:05:01 14:00:00"), (SINTRA, "2024:05:02 10:00:00")),
        *((PARIS, "2024:09:09 10:00:00"), (None, "2024:12:24 10:00:00")),
    ]
    for number, (at, when) in enumerate(shots):
        (tmp_path / f"{number}.jpg").write_bytes(a_jpeg(at, when=when))
    return tmp_path


def test_a_guess_is_counted_with_about_and_trips_are_listed(folder: Path) -> None:
    result = run(folder)

    assert result.exit_code == 0
    lines = [line.strip("│├└─ ") for line in result.stdout.splitlines()]
    assert lines[0] == "6 photos"
    assert lines[1].startswith("Portugal  about 4  2024-05-01 to 2024-05-02")
    assert lines[2].startswith("Lisbon  about 3  2024-05-01")
    assert "without a place  1" in lines
    assert lines[-2:] == ["1 trip", "Lisbon and Sintra  4  2024-05-01 to 2024-05-02"]


def test_programs_read_groups_guesses_and_trips(folder: Path) -> None:
    told = json.loads(run(folder, "--json").stdout)

    assert [group["title"] for group in told["groups"]] == ["Portugal", "France"]
    assert told["groups"][0]["span"] == ["2024-05-01", "2024-05-02"]
    assert [Path(path).name for path in told["inferred"]] == ["1.jpg"]
    assert [Path(path).name for path in told["nowhere"]] == ["5.jpg"]
    assert [trip["title"] for trip in told["trips"]] == ["Lisbon and Sintra"]


def test_maps_read_geojson_without_a_photos_position(folder: Path) -> None:
    said = run(folder, "--geojson").stdout
    features = json.loads(said)["features"]

    assert {one["properties"]["title"] for one in features} == {"Lisbon", "Sintra", "Paris"}
    assert str(LISBON[0]) not in said
    assert str(PARIS[1]) not in said


def test_a_language_without_the_extra_or_that_is_none_is_wrong_usage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    result = run(folder, "--language", "de")

    assert result.exit_code == 2
    assert "photoprivacy[i18n]" in result.stderr
