"""What ``photoprivacy strip`` says of each file, in words that are true."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders_movie import pictures, sound, start_of_sound, video
from photoprivacy import inspect, strip
from photoprivacy.cli._app import app
from photoprivacy.testing import sample_photo
from verify.built import HVCC, ISPE, box, heic

#: half of the width and of the height (14496-12, 12.1.4)
CLAP = box(b"clap", struct.pack(">8I", 32, 1, 32, 1, 0, 1, 0, 1))


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["strip", *[str(word) for word in words]])


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(sample_photo())
    return path


def test_a_copy_that_is_there_already_is_not_called_a_clean_source(photo: Path) -> None:
    target = photo.with_name("clean.jpg")

    assert "removed" in run(photo, "-o", target).stdout
    assert "its clean copy is there already" in run(photo, "-o", target).stdout
    assert "already clean" in run(target, "-o", photo.with_name("again.jpg")).stdout


def test_what_a_policy_adds_to_a_clean_file_is_said(photo: Path) -> None:
    clean = photo.with_name("clean.jpg")
    clean.write_bytes(strip(photo).data)

    told = run(clean, "-o", photo.with_name("published.jpg"), "--policy", "publish").stdout

    assert "nothing to remove; written as the policy says" in told


def test_a_video_that_loses_its_sound_says_so_and_how_to_keep_it(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(video(pictures(), sound(2, start_of_sound())))

    assert "--keep audio" in run(film, "-o", tmp_path / "clean.mp4").stdout
    kept = run(film, "-o", tmp_path / "loud.mp4", "--keep", "audio")
    assert "--keep audio" not in kept.stdout


def test_what_stays_inside_is_named_to_people_and_programs(tmp_path: Path) -> None:
    cropped = tmp_path / "cropped.heic"
    cropped.write_bytes(heic(properties=(HVCC, ISPE, CLAP)))
    assert strip(cropped).residue

    assert "still inside: Pixels outside the crop" in run(cropped, "--dry-run").stdout
    (row,) = map(json.loads, run(cropped, "--dry-run", "--json").stdout.splitlines())
    assert row["residue"] == ["Pixels outside the crop"]


def test_a_dry_run_with_an_output_writes_nothing(photo: Path) -> None:
    result = run(photo, "-o", photo.with_name("clean.jpg"), "--dry-run")

    assert result.exit_code == 0
    assert "Nothing was written." in result.stdout
    assert [path.name for path in photo.parent.iterdir()] == ["photo.jpg"]


def test_pictures_of_a_format_that_is_not_read_are_named_and_other_files_counted(
    photo: Path,
) -> None:
    (photo.parent / "scan.bmp").write_bytes(b"BM" + bytes(64))
    (photo.parent / "notes.txt").write_text("not a photo")
    (photo.parent / "table.csv").write_text("1,2")

    result = run("-r", photo.parent, "-o", photo.parent / "out")

    assert result.exit_code == 3
    assert "scan.bmp: unsupported: BMP is not supported" in result.stderr
    assert "other files (2)" in result.stderr
    assert not inspect(photo.parent / "out" / "photo.jpg").violations()


def test_help_lists_what_can_be_kept() -> None:
    told = " ".join(run("--help").stdout.split())

    assert "audio" in told
    assert "embedded-video" in told


def test_neutral_names_keep_nothing_of_the_old_ones(photo: Path) -> None:
    photo.rename(photo.with_name("Anna 2024.05.04 John"))
    photo.with_name("party.JPEG").write_bytes(sample_photo())

    result = run("-r", photo.parent, "-o", photo.parent / "out", "--names", "neutral")

    assert result.exit_code == 0
    names = sorted(path.name for path in (photo.parent / "out").iterdir())
    assert names == ["photo-001.jpg", "photo-002.jpg"]


def test_folders_that_make_no_sense_are_refused_before_anything_is_done(photo: Path) -> None:
    same = run("-r", photo.parent, "-o", photo.parent)
    single = run(photo, "-o", photo.with_name("x.jpg"), "--names", "neutral")

    assert (same.exit_code, single.exit_code) == (2, 2)
    assert "--in-place" in same.stderr
    assert [path.name for path in photo.parent.iterdir()] == ["photo.jpg"]


def test_a_copy_is_no_more_open_than_its_source(photo: Path) -> None:
    photo.chmod(0o600)

    run(photo, "-o", photo.with_name("clean.jpg"))

    assert photo.with_name("clean.jpg").stat().st_mode & 0o777 == 0o600


def test_a_dry_run_says_what_the_real_one_would(photo: Path) -> None:
    target = photo.with_name("clean.jpg")
    target.write_bytes(b"another file")

    dry = run(photo, "-o", target, "--dry-run")

    assert dry.exit_code == run(photo, "-o", target).exit_code == 3
    assert "another file has its copy's name" in dry.stderr
    target.unlink()
    run(photo, "-o", target)
    assert "its clean copy is there already" in run(photo, "-o", target, "--dry-run").stdout


def test_what_was_removed_is_told_by_what_it_answers(photo: Path) -> None:
    told = run(photo, "-o", photo.with_name("clean.jpg")).stdout

    assert "removed: where, when, who, device" in told


def test_the_file_itself_is_no_place_for_its_copy(photo: Path) -> None:
    result = run(photo, "-o", photo)

    assert result.exit_code == 3
    assert "--in-place" in result.stderr


def test_every_file_counts_in_the_summary(photo: Path) -> None:
    inner = photo.parent / "inner"
    inner.mkdir()
    (inner / "photo.jpg").write_bytes(sample_photo())

    result = run(photo, inner / "photo.jpg", "-o", photo.parent / "out")

    assert "1 failed, 1 cleaned" in result.stdout


def test_place_and_time_are_kept_by_options_of_their_own(photo: Path) -> None:
    result = run(photo, "--dry-run", "--keep", "location,time")

    assert result.exit_code == 2
    assert "--location" in result.stderr


def test_what_a_copy_still_tells_is_not_called_removed(photo: Path, tmp_path: Path) -> None:
    bare = run(photo, "-o", tmp_path / "bare.jpg").stdout
    city = run(photo, "-o", tmp_path / "city.jpg", "--location", "city").stdout
    signed = run(photo, "-o", tmp_path / "signed.jpg", "--keep", "rights,caption").stdout

    assert "removed: where, when, who" in bare
    assert "still told" not in bare
    assert city.rstrip().endswith("still told: where")
    assert "removed: when" in city
    assert signed.rstrip().endswith("still told: who, words")
    assert "removed: where" in signed


def test_a_coarse_copy_passes_the_check_of_the_same_options(photo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "city.jpg"
    options = ("--location", "city", "--keep", "rights")
    assert run(photo, "-o", copy, *options).exit_code == 0

    for words, code in (((), 1), (options, 0), (("--location", "region"), 1)):
        checked = CliRunner().invoke(app, ["inspect", "--check", *words, str(copy)])
        assert checked.exit_code == code, words
    wrong = CliRunner().invoke(app, ["inspect", "--location", "street", str(copy)])
    assert wrong.exit_code == 2
