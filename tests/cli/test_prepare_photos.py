"""``photoprivacy prepare``, and ``advise``, which leads to it."""

from __future__ import annotations

import io
import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from photoprivacy import Format, inspect, strip
from photoprivacy.cli._app import app
from photoprivacy.destinations import Destination
from photoprivacy.testing import sample_photo


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def drawing(kind: str = "WEBP", size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a picture with a position in it."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 42.0, 50.0), 3: "W", 4: (9.0, 8.0, 0.0)})
    Image.new("RGB", size, "teal").save(file, kind, exif=exif)
    return file.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "the beach.webp").write_bytes(drawing())
    (tmp_path / "fine.jpeg").write_bytes(sample_photo())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_that_fits_keeps_its_pixels_and_one_that_does_not_says_why(folder: Path) -> None:
    result = run("prepare", "the beach.webp", "fine.jpeg", "--for", "Threads", "-o", "ready")

    assert result.exit_code == 0
    assert sorted(one.name for one in (folder / "ready").iterdir()) == [
        "fine.jpeg",
        "the beach.jpg",
    ]
    assert (folder / "ready" / "fine.jpeg").read_bytes() == strip(sample_photo()).data
    drawn = inspect(folder / "ready" / "the beach.jpg")
    assert drawn.format is Format.JPEG
    assert drawn.violations() == ()
    assert "drawn anew: it is WebP, and only JPEG and PNG are taken" in result.stdout
    assert "fine.jpeg  its own pixels, 320 by 240" in result.stdout


def test_what_advise_says_to_do_can_be_done(folder: Path) -> None:
    said = run("advise", "the beach.webp", "fine.jpeg", "--for", "threads").stdout
    [line] = [one for one in said.splitlines() if "photoprivacy prepare" in one]
    words = shlex.split(line[line.index("photoprivacy prepare") :])

    assert words[2:4] == ["the beach.webp", "fine.jpeg"]
    assert run(*words[1:]).exit_code == 0
    assert len(list((folder / words[-1]).iterdir())) == 2


def test_advice_for_a_whole_folder_can_be_done_too(folder: Path) -> None:
    for number in range(5):
        (folder / "day").mkdir(exist_ok=True)
        (folder / "day" / f"{number}.webp").write_bytes(drawing())
    said = run("advise", "-r", "day", "--for", "instagram").stdout
    [line] = [one for one in said.splitlines() if "photoprivacy prepare" in one]
    words = shlex.split(line[line.index("photoprivacy prepare") :])

    assert run(*words[1:]).exit_code == 0
    assert len(list((folder / words[-1]).iterdir())) == 5
    said = run("advise", *sorted((folder / "day").iterdir()), "--for", "instagram").stdout
    [line] = [one for one in said.splitlines() if "photoprivacy prepare" in one]
    assert "…" in line
    assert line.count(".webp") == 3


def test_a_name_is_told_as_it_is_whatever_it_is_called(folder: Path) -> None:
    (folder / "-OUT PHOTO.jpg").write_bytes(sample_photo())
    said = run("advise", "--for", "x", "--", "-OUT PHOTO.jpg").stdout

    assert "prepare './-OUT PHOTO.jpg' --for x -o ready" in said


@pytest.mark.parametrize(
    "order", [("fine.jpeg", "the beach.webp"), ("the beach.webp", "clean.jpg")]
)
def test_what_holds_for_all_photos_stands_once_at_the_end(
    folder: Path, order: tuple[str, str]
) -> None:
    (folder / "clean.jpg").write_bytes(strip(sample_photo()).data)
    for names in (order, order[::-1]):
        lines = run("advise", *names, "--for", "threads").stdout.splitlines()
        titles = [line.strip() for line in lines if line.startswith("  ") and "•" not in line]

        assert titles == [
            "It learns",
            "It learns",
            "What a clean copy changes",
            "What it does not change",
            "Do",
        ]
        assert sum("AI may be trained" in line for line in lines) == 1
        assert sum("photoprivacy prepare" in line for line in lines) == 1


def test_advice_for_programs_names_each_photo_in_its_own_step(folder: Path) -> None:
    result = run("advise", "the beach.webp", "fine.jpeg", "--for", "threads", "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]

    assert [one["destination"] for one in told] == ["threads", "threads"]
    assert "prepare 'the beach.webp' --for" in told[0]["steps"][0]
    assert "prepare fine.jpeg --for" in told[1]["steps"][0]
    assert folder.exists()


def test_what_is_there_already_is_replaced_only_when_asked(folder: Path) -> None:
    (folder / "ready.jpg").write_bytes(b"mine")
    words = ("prepare", "fine.jpeg", "--for", "x", "-o", "ready.jpg")
    result = run(*words)

    assert result.exit_code == 3
    assert "is there already: --overwrite replaces it" in result.stderr
    assert (folder / "ready.jpg").read_bytes() == b"mine"
    assert run(*words, "--overwrite").exit_code == 0
    assert (folder / "ready.jpg").read_bytes() == strip(sample_photo()).data


def test_a_photo_is_never_replaced_by_its_copy(folder: Path) -> None:
    for output in ("fine.jpeg", "."):
        result = run("prepare", "fine.jpeg", "--for", "x", "-o", output, "--overwrite")
        assert result.exit_code == 3
        assert "its copy would be the file itself" in result.stderr
    assert (folder / "fine.jpeg").read_bytes() == sample_photo()


def test_two_photos_do_not_become_one_file(folder: Path) -> None:
    (folder / "fine.webp").write_bytes(drawing())
    (folder / "fine.jpg").write_bytes(sample_photo())
    result = run("prepare", "fine.jpg", "fine.webp", "--for", "threads", "-o", "out", "--overwrite")

    assert result.exit_code == 3
    assert "would take the place of another's" in result.stderr
    assert (folder / "out" / "fine.jpg").read_bytes() == strip(sample_photo()).data


def test_a_file_is_not_called_what_it_is_not(folder: Path) -> None:
    result = run("prepare", "the beach.webp", "--for", "threads", "-o", "ready.webp")

    assert result.exit_code == 3
    assert "what is to be posted is JPEG: say -o ready.jpg" in result.stderr
    assert not (folder / "ready.webp").exists()


def test_what_fails_is_named_and_the_others_are_done(folder: Path) -> None:
    (folder / "no.jpg").write_bytes(b"no photo at all")
    result = run("prepare", "no.jpg", "none.jpg", "fine.jpeg", "--for", "x", "-o", "out", "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 3
    assert [bool(one["error"]) for one in told] == [True, True, False]
    assert told[2]["output"] == "out/fine.jpeg"
    assert told[2]["redrawn"] == []
    assert [one.name for one in (folder / "out").iterdir()] == ["fine.jpeg"]


def test_nothing_is_drawn_anew_where_that_is_refused(folder: Path) -> None:
    result = run("prepare", "the beach.webp", "--for", "threads", "-o", "out", "--no-redraw")

    assert result.exit_code == 3
    assert "Threads does not take it as it is: it is WebP" in result.stderr
    assert not (folder / "out").exists()


def test_wrong_words_are_wrong_usage(folder: Path) -> None:
    several = run("prepare", "fine.jpeg", "the beach.webp", "--for", "x", "-o", "one.jpg")
    unknown = run("prepare", "fine.jpeg", "--for", "geocities", "-o", "one.jpg")

    assert several.exit_code == unknown.exit_code == 2
    assert "there may be several" in several.stderr
    assert all(one.value in unknown.stderr for one in Destination)
    assert run("advise", "fine.jpeg", "--for", "geocities").exit_code == 2
    assert run("advise", "fine.jpeg", "--for", "Twitter").exit_code == 0
    assert not (folder / "one.jpg").exists()
