"""The command line, as a person or a script uses it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import stat
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import photoprivacy
from builders_movie import video
from photoprivacy import inspect
from photoprivacy.cli._app import app
from photoprivacy.geo import Precision
from photoprivacy.library import Library, Rendition, load_keys
from photoprivacy.sharing import Never, Scope, Share
from photoprivacy.testing import sample_photo

LISBON = (38.7139, -9.1334)
PARIS = (48.8530, 2.3499)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_20260704_120000.jpg"
    path.write_bytes(sample_photo())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "holiday"
    (inside / "day 2").mkdir(parents=True)
    (inside / "one.jpg").write_bytes(sample_photo())
    (inside / "day 2" / "two.png").write_bytes(sample_photo(format="png"))
    (inside / "notes.txt").write_text("not a photo")
    return inside


def test_help_names_every_command() -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert all(word in result.stdout for word in ("share", "inspect", "strip", "places", "demo"))


@pytest.mark.parametrize(
    "command", ["share", "export", "inspect", "strip", "places", "shares", "keygen", "demo"]
)
def test_every_command_has_help(command: str) -> None:
    result = run(command, "--help")

    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_inspect_answers_where_and_hides_values(photo: Path) -> None:
    result = run("inspect", photo)

    assert result.exit_code == 0
    assert "Where" in result.stdout
    serials = [f for f in inspect(photo).findings if f.category == "serial"]
    assert serials
    assert all(str(finding.value) not in result.stdout for finding in serials)


def test_inspect_shows_values_when_asked(photo: Path) -> None:
    result = run("inspect", "--values", photo)

    camera = inspect(photo).camera
    assert camera is not None
    assert camera.model in result.stdout


def test_inspect_check_finds_and_passes(photo: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.jpg"
    assert run("strip", photo, "-o", clean).exit_code == 0

    assert run("inspect", "--check", photo).exit_code == 1
    passed = run("inspect", "--check", clean)
    assert (passed.exit_code, passed.output) == (0, "")


def test_inspect_json_is_one_object_a_line_without_values(folder: Path) -> None:
    result = run("inspect", "-r", "--json", folder)

    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["format"] for line in lines] == ["jpeg", "png"]
    assert all("coordinates" not in line for line in lines)
    assert all("value" not in finding for line in lines for finding in line["findings"])


def test_strip_needs_to_know_where(photo: Path) -> None:
    before = photo.read_bytes()

    assert run("strip", photo).exit_code == 2
    assert photo.read_bytes() == before


def test_strip_into_a_folder_keeps_its_shape(folder: Path, tmp_path: Path) -> None:
    result = run("strip", "-r", folder, "-o", tmp_path / "out")

    assert result.exit_code == 0
    for name in ("one.jpg", "day 2/two.png"):
        assert not inspect(tmp_path / "out" / name).violations()


def test_strip_with_neutral_names_says_nothing_by_name(photo: Path, tmp_path: Path) -> None:
    assert run("strip", photo, "-o", tmp_path / "out", "--names", "neutral").exit_code == 0

    assert os.listdir(tmp_path / "out") == ["photo-001.jpg"]


def test_strip_in_place_keeps_permissions_and_says_already_clean_next_time(photo: Path) -> None:
    photo.chmod(0o600)
    first = run("strip", "--in-place", "--json", photo)
    second = run("strip", "--in-place", "--json", photo)

    assert json.loads(first.stdout)["status"] == "cleaned"
    assert json.loads(second.stdout)["status"] == "already-clean"
    assert stat.S_IMODE(photo.stat().st_mode) == 0o600
    assert not inspect(photo).violations()


def test_strip_does_not_overwrite_by_accident(photo: Path, tmp_path: Path) -> None:
    target = tmp_path / "there.jpg"
    target.write_bytes(b"mine")
    result = run("strip", photo, "-o", target)

    assert result.exit_code == 3
    assert target.read_bytes() == b"mine"


def test_dry_run_writes_nothing(photo: Path) -> None:
    before = {path.name: path.read_bytes() for path in photo.parent.iterdir()}
    result = run("strip", "--dry-run", photo)

    assert result.exit_code == 0
    assert {path.name: path.read_bytes() for path in photo.parent.iterdir()} == before


def test_two_jobs_give_the_same_files(folder: Path, tmp_path: Path) -> None:
    run("strip", "-r", folder, "-o", tmp_path / "one")
    result = run("strip", "-r", "--jobs", "2", folder, "-o", tmp_path / "two")

    assert result.exit_code == 0
    for name in ("one.jpg", "day 2/two.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_is_kept_is_what_was_asked_for(photo: Path, tmp_path: Path) -> None:
    target = tmp_path / "dated.jpg"
    assert run("strip", photo, "-o", target, "--time", "month").exit_code == 0

    taken = inspect(target).captured_at
    assert taken is not None
    assert (taken.local.day, taken.local.hour, taken.offset) == (1, 0, None)
    assert inspect(target).coordinates is None


@pytest.mark.parametrize("words", [["--keep", "location"], ["--keep", "smell"], ["--time", "soon"]])
def test_a_policy_that_makes_no_sense_is_wrong_usage(photo: Path, words: list[str]) -> None:
    assert run("strip", photo, "--dry-run", *words).exit_code == 2


def bad_files(folder: Path) -> dict[str, Path]:
    whole = sample_photo()
    png = bytearray(sample_photo(format="png"))
    png[8:12] = b"\x7f\xff\xff\xff"
    contents = {
        "empty.jpg": b"",
        "text.jpg": b"this is a text file\n",
        "truncated.jpg": whole[: len(whole) // 2],
        "length.png": bytes(png),
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in contents} | {
        "a directory": folder,
        "missing": folder / "no",
    }


@pytest.mark.parametrize(
    "name", ["empty.jpg", "text.jpg", "truncated.jpg", "length.png", "a directory", "missing"]
)
def test_bad_input_is_one_clear_line_and_exit_3(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    path = bad_files(inside)[name]
    result = run("strip", path, "-o", tmp_path / "x.jpg")

    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output
    assert not (tmp_path / "x.jpg").exists()


def test_the_good_ones_are_done_beside_the_bad(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.jpg").write_bytes(b"no photo")
    result = run("strip", "-r", "--json", folder, "-o", tmp_path / "out")

    states = {
        Path(line["file"]).name: line["status"]
        for line in map(json.loads, result.stdout.splitlines())
    }
    assert states == {"one.jpg": "cleaned", "two.png": "cleaned", "bad.jpg": "unsupported"}
    assert result.exit_code == 3


def test_places_prints_a_tree(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(sample_photo(coordinates=LISBON))
    (tmp_path / "b.jpg").write_bytes(sample_photo(coordinates=PARIS))
    result = run("places", tmp_path)

    assert result.exit_code == 0
    assert "Lisbon" in result.stdout
    assert "Paris" in result.stdout


def test_advice_is_for_one_destination(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(sample_photo(coordinates=LISBON))
    (tmp_path / "b.jpg").write_bytes(b"no photo")
    words = run("advise", tmp_path / "a.jpg", "--for", "threads")
    plain = run("advise", tmp_path / "a.jpg", tmp_path / "b.jpg", "--for", "link", "--json")
    wrong = run("advise", tmp_path / "a.jpg")

    assert words.exit_code == 0
    assert "where it was taken" in words.stdout
    assert plain.exit_code == 3
    assert json.loads(plain.stdout)["learns"] == []
    assert "b.jpg" in plain.stderr
    assert wrong.exit_code == 2


def test_a_folder_with_no_photo_is_one_clear_line(tmp_path: Path) -> None:
    result = run("share", tmp_path, "--once")

    assert result.exit_code == 3
    assert "no photos in here" in result.stderr


@pytest.mark.parametrize(
    ("time", "told"), [("none", r""), ("year", r"\d{4}"), ("day", r"\d{1,2} \w+ \d{4}")]
)
def test_share_tells_times_as_sharply_as_it_is_asked(
    folder: Path, time: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def look(link: str, **_: object) -> bool:
        with urllib.request.urlopen(link) as page:
            said.extend(re.findall(r'data-when="([^"]*)"', page.read().decode()))
        return True

    monkeypatch.setattr("photoprivacy.cli._served.visit", look)

    assert run("share", folder, "--once", "--time", time).exit_code == 0
    assert len(said) == 2
    assert all(re.fullmatch(told, one) for one in said)


def test_share_once_serves_what_a_recipient_gets(folder: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    result = run("share", folder, "--once")

    assert "broken.jpg" in result.stderr
    assert "2 photos" in result.stdout
    assert "every one is clean" in result.stdout
    assert result.exit_code == 3  # one was left out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("share", "{}"), True),
        (("share", "{}", "--title", "Trip"), False),
        (("share", "{}", "--location", "none"), False),
        (("demo",), False),
    ],
)
def test_another_title_is_offered_where_the_folder_gave_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], *, said: bool
) -> None:
    monkeypatch.setattr("photoprivacy.cli._served.Stop.wait", lambda *_: True)

    result = run(*(word.format(folder) for word in words))

    assert result.exit_code == 0
    assert "The link has ended." in result.stdout
    assert ("--title says another" in result.stdout) is said


def test_share_once_opens_its_own_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOPRIVACY_PASSWORD", "open sesame")
    result = run("share", folder, "--once", "--password")

    assert result.exit_code == 0
    assert "every one is clean" in result.stdout


def test_share_without_downloads_offers_none(folder: Path) -> None:
    result = run("share", folder, "--once", "--no-download")

    assert result.exit_code == 0
    assert "no downloads are offered" in result.stdout


def test_the_command_stops_on_a_signal_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [
        sys.executable,
        "-c",
        "from photoprivacy.cli import main; main()",
        "share",
        str(folder),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        assert any("http://127.0.0.1:" in line for line in lines)
        process.terminate()
        rest, errors = process.communicate(timeout=30)

    assert process.returncode == 0
    assert "no longer works" in rest
    assert "Traceback" not in errors
    assert not [name for name in os.listdir(tmp_path) if name.startswith("photoprivacy-")]


def test_strip_help_shows_its_examples_on_lines_of_their_own() -> None:
    lines = [line.strip() for line in run("strip", "--help").stdout.splitlines()]

    assert "photoprivacy strip photo.jpg -o clean.jpg" in lines
    assert "photoprivacy strip --in-place *.heic" in lines


def test_one_name_for_several_photos_is_wrong_usage(folder: Path, tmp_path: Path) -> None:
    result = run("strip", "-r", folder, "-o", tmp_path / "one.jpg")

    assert result.exit_code == 2
    assert "is one file" in result.stderr
    assert not (tmp_path / "one.jpg").exists()


def test_a_copy_that_cannot_be_written_blames_the_copy(photo: Path, tmp_path: Path) -> None:
    away = run("strip", photo, "-o", photo / "x.jpg")
    (tmp_path / "there.jpg").write_bytes(b"mine")
    there = run("strip", photo, "-o", tmp_path / "there.jpg")

    assert (away.exit_code, there.exit_code) == (3, 3)
    assert "its copy cannot be written: File exists" in away.stderr
    assert "another file has its copy's name, and is never replaced" in there.stderr
    assert (tmp_path / "there.jpg").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--keep", "smell"], "--keep: 'smell' is not a valid Category; there are device, serial"),
        (["--time", "soon"], "--time: "),
        (["--location", "street"], "--location: "),
        (["--in-place", "-o", "x.jpg"], "say only one of these"),
        ([], "say where the clean file goes"),
    ],
)
def test_wrong_words_name_the_option(photo: Path, words: list[str], said: str) -> None:
    where = [] if not words or "-o" in words else ["--dry-run"]
    result = run("strip", photo, *where, *words)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_places_of_nothing_says_only_what_is_missing(tmp_path: Path) -> None:
    result = run("places", tmp_path / "no")

    assert result.exit_code == 3
    assert result.stdout == ""


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "photoprivacy", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert photoprivacy.__version__ in said


def test_a_run_that_was_cut_short_goes_on(tmp_path: Path) -> None:
    photos, copies = tmp_path / "photos", tmp_path / "copies"
    photos.mkdir()
    for number in range(3):
        (photos / f"{number}.jpg").write_bytes(sample_photo(format="jpeg"))
    whole = ("strip", photos, "-r", "-o", copies)
    first = run(*whole)
    assert "3 cleaned" in first.stdout
    (copies / "1.jpg").unlink()
    (copies / "2.jpg").write_bytes(b"something else")
    again = run(*whole)
    assert "1 already-clean" in again.stdout
    assert "1 cleaned" in again.stdout
    assert "1 failed" in again.stdout
    assert (copies / "2.jpg").read_bytes() == b"something else"
    assert (copies / "1.jpg").read_bytes() == (copies / "0.jpg").read_bytes()


@pytest.mark.parametrize("journal", [False, True], ids=["", "journal"])
def test_what_was_left_out_is_named_once_as_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, journal: bool
) -> None:
    many(tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    notes = ["--journal", "notes"] if journal else []

    result = run("strip", "-r", "in", "-o", "out", *notes)

    assert result.exit_code == 3
    assert result.stderr == "✗ in/03.jpg: unsupported: not a supported image format\n"
    assert "✓ in/02.jpg → out/02.jpg  " in result.stdout
    assert result.stdout.endswith("\n21 cleaned, 1 unsupported\n") or (
        result.stdout.endswith("\n1 unsupported, 21 cleaned\n")
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
@pytest.mark.parametrize("journal", [False, True], ids=["", "journal"])
def test_on_a_terminal_what_was_left_out_is_named_last(tmp_path: Path, *, journal: bool) -> None:
    many(tmp_path / "in")
    notes = ["--journal", "notes"] if journal else []
    here, there = os.openpty()
    words = ["strip", "-r", "in", "-o", "out", *notes]
    with subprocess.Popen(
        [sys.executable, "-m", "photoprivacy", *words],
        stdin=there,
        stdout=there,
        stderr=there,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200", "TERM": "xterm"},
    ) as process:
        os.close(there)
        said = b""
        with contextlib.suppress(OSError):  # the terminal has gone with its last user
            while some := os.read(here, 1 << 16):
                said += some
    os.close(here)

    assert process.returncode == 3
    assert said.count(b"03.jpg") == 1
    assert said.rindex("✓".encode()) < said.index(b"03.jpg") < said.index(b"21 cleaned")


def many(folder: Path) -> None:
    """Make a folder of 21 photos, and one file that is none."""
    folder.mkdir()
    small = sample_photo(format="png")
    for number in range(22):
        (folder / f"{number:02}.jpg").write_bytes(b"no photo" if number == 3 else small)


def test_links_that_lead_out_of_a_folder_are_passed_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "private.jpg").write_bytes(sample_photo())
    (folder / "link.jpg").symlink_to(tmp_path / "private.jpg")
    (folder / "inside.jpg").symlink_to(folder / "one.jpg")
    (folder / ".hidden.jpg").write_bytes(sample_photo())

    result = run("inspect", "-r", "--check", folder)

    assert "inside.jpg" in result.stdout
    assert "link.jpg" not in result.stdout
    assert "hidden (1)" in result.stderr
    assert "links that lead out of it (1)" in result.stderr


def test_a_second_run_leaves_its_own_copies_alone(folder: Path) -> None:
    for _ in range(2):
        assert run("strip", "-r", folder, "-o", folder / "clean").exit_code == 0
    assert sorted(one.name for one in (folder / "clean").iterdir()) == ["day 2", "one.jpg"]
    assert len(list((folder / "clean").rglob("*.*"))) == 2


@pytest.mark.parametrize("target", ["notes.txt/", "notes.txt/deeper", "notes.txt/a/b"])
def test_a_folder_that_cannot_be_made_is_told_for_each_file(folder: Path, target: str) -> None:
    result = run("strip", "-r", folder, "-o", f"{folder}/{target}")

    assert result.exit_code == 3
    assert result.stderr.count("its copy cannot be written") == 2
    assert "Traceback" not in result.stderr
    assert (folder / "notes.txt").read_text() == "not a photo"


def test_a_clean_copy_on_standard_output(folder: Path) -> None:
    result = run("strip", folder / "one.jpg", "-o", "-")

    assert result.exit_code == 0
    assert result.stdout_bytes == photoprivacy.strip(folder / "one.jpg").data
    assert run("strip", "-r", folder, "-o", "-").exit_code == 2
    assert run("strip", folder / "notes.txt", "-o", "-").exit_code == 3


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_folder_that_one_file_would_need_is_not_made(folder: Path, dry: list[str]) -> None:
    above = folder / "a" / "b"
    result = run("strip", folder / "one.jpg", "-o", above / "clean.jpg", *dry)

    assert result.exit_code == 2
    assert f"there is no folder {above}\n" in result.stderr
    assert not above.parent.exists()


def test_folders_of_a_target_are_made(folder: Path) -> None:
    target = folder / "a" / "b"
    assert run("strip", "-r", folder, "-o", target).exit_code == 0
    assert (target / "day 2" / "two.png").exists()


def test_a_password_that_is_too_long_is_told_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOPRIVACY_PASSWORD", "x" * 1025)

    result = run("share", folder, "--password", "--once")

    assert result.exit_code == 2
    assert "1,024" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="asks the console itself")
@pytest.mark.parametrize("words", [("share",), ("export", "--sealed")])
def test_a_password_needs_a_terminal_to_ask_on(
    folder: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    environment = {**os.environ, "PHOTOPRIVACY_PASSWORD": ""}
    places = [str(folder), str(tmp_path / "out")][: len(words)]
    done = subprocess.run(
        [sys.executable, "-m", "photoprivacy", *words, "--password", *places],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        start_new_session=True,  # without a terminal
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "no terminal to ask on: set PHOTOPRIVACY_PASSWORD" in done.stderr
    assert "Warning" not in done.stderr


def test_a_password_in_the_environment_locks_the_link(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOPRIVACY_PASSWORD", "open sesame")
    given: list[str | None] = []
    real = Library.share

    def share(self: Library, album_id: str, **granted: Any) -> Share:
        given.append(granted["password"])
        return real(self, album_id, **granted)

    monkeypatch.setattr(Library, "share", share)

    assert run("share", folder, "--once").exit_code == 0
    assert given == ["open sesame"]


def test_an_address_for_recipients_says_how_it_is_reached(folder: Path) -> None:
    result = run("share", folder, "--base-url", "example.org", "--once")

    assert result.exit_code == 2
    assert "https://" in result.stderr


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Have a link that is shared opened over a proxy: the page, and the first cookie."""
    seen: list[tuple[str, str]] = []

    def opened(link: str) -> None:
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: Any) -> None:
                return None

        request = urllib.request.Request(link, headers={"X-Forwarded-Proto": "https"})
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.build_opener(Stay).open(request, timeout=30)
        assert answer.value.code == 303
        answer.value.close()
        with urllib.request.urlopen(f"{link}plain", timeout=30) as page:
            seen.append((page.read().decode(), answer.value.headers["set-cookie"]))

    announce = "photoprivacy.cli._served._announce"
    monkeypatch.setattr(announce, lambda link, *_: opened(link))
    monkeypatch.setattr("photoprivacy.cli._served.Stop.wait", lambda *_: False)
    return seen


def test_share_groups_by_place_or_by_day(folder: Path, asked: list[tuple[str, str]]) -> None:
    for words in ((), ("--sections", "place"), ("--sections", "day")):
        assert run("share", folder, *words).exit_code == 0
    heads = [re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL) for page, _ in asked]
    assert heads[0] == heads[1]
    assert [bool(re.search(r"\b20\d\d\b", head[0])) for head in heads] == [False, False, True]
    assert run("share", folder, "--sections", "mood").exit_code == 2


def test_share_believes_the_proxies_that_it_is_told_of_and_no_others(
    folder: Path, asked: list[tuple[str, str]]
) -> None:
    for words in (
        (),
        ("--trusted-proxy", "10.0.0.0/8"),
        ("--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "127.0.0.1"),
    ):
        assert run("share", folder, *words).exit_code == 0
    assert ["secure" in cookie.lower() for _, cookie in asked] == [False, False, True]
    for wrong in ("everybody", "10.0.0.1/8", "", "127.0.0.1,::1"):
        refused = run("share", folder, "--trusted-proxy", wrong)
        assert refused.exit_code == 2
        assert "10.0.0.0/8" in refused.stderr
    assert len(asked) == 3


def test_an_interrupt_has_a_code_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("photoprivacy.cli._inspect.inspect_many", stop)

    result = run("inspect", folder / "one.jpg")

    assert result.exit_code == 130
    assert "Stopped." in result.stderr


def test_control_characters_of_a_title_do_not_reach_the_terminal(folder: Path) -> None:
    result = run("share", folder, "--title", "a\x1b]0;b", "--once")

    assert result.exit_code == 0
    assert "\x1b" not in result.stdout


def test_inspect_does_not_promise_what_strip_refuses(tmp_path: Path) -> None:
    half = tmp_path / "half.jpg"
    half.write_bytes(sample_photo()[:-500])

    result = run("inspect", half)

    assert "strip refuses it" in result.stdout
    assert inspect(half).damaged
    assert json.loads(inspect(half).to_json())["damaged"] is True


def test_two_photos_of_one_name_do_not_fight_for_it(folder: Path) -> None:
    (folder / "day 2" / "one.jpg").write_bytes(sample_photo())
    both = folder / "one.jpg", folder / "day 2" / "one.jpg"

    result = run("strip", *both, "-o", folder / "out")

    assert result.exit_code == 3
    assert "take the place of another's" in result.stderr
    assert [one.name for one in (folder / "out").iterdir()] == ["one.jpg"]


def test_links_of_a_library_are_listed_without_what_opens_them_and_ended(tmp_path: Path) -> None:
    library = Library.at(tmp_path / "library")
    album = library.create_album("[bold]Lisbon")
    first = library.share(album.id, password="secret", download=False)
    second = library.share(album.id, expires=Never, location=Precision.COUNTRY)

    listed = run("shares", "list", tmp_path / "library")
    assert listed.exit_code == 0
    for word in ("[bold]Lisbon", first.id, second.id, "no download", "password", "country"):
        assert word in listed.stdout
    as_json = run("shares", "list", "--json", tmp_path / "library").stdout
    plain = [json.loads(line) for line in as_json.splitlines()]
    assert [one["id"] for one in plain] == [first.id, second.id]
    assert [one["expires"] is None for one in plain] == [False, True]
    for share in (first, second):
        assert share.token not in listed.stdout + as_json

    assert run("shares", "revoke", tmp_path / "library", first.id).exit_code == 0
    assert [one.id for one in library.shares(album.id)] == [second.id]
    again = run("shares", "revoke", tmp_path / "library", first.id)
    assert again.exit_code == 3
    assert "no such link" in again.stderr
    nowhere = run("shares", "revoke", tmp_path / "library", "--all", "nowhere")
    assert nowhere.exit_code == 3
    assert "nowhere: there is no such album" in nowhere.stderr
    assert run("shares", "revoke", tmp_path / "library", "--all", album.id).exit_code == 0
    assert library.shares(album.id) == ()
    assert run("shares", "revoke", tmp_path / "library").exit_code == 2


def test_where_there_is_no_library_none_is_made(tmp_path: Path) -> None:
    assert run("shares", "list", tmp_path).exit_code == 3
    assert run("shares", "revoke", tmp_path, "0" * 16).exit_code == 3
    assert list(tmp_path.iterdir()) == []


def test_keys_are_made_once_and_followed_by_new_ones(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    assert run("keygen", file).exit_code == 0
    (first,) = load_keys(file).values()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run("keygen", file)
    assert again.exit_code == 3
    assert f"{file}: exists; --add puts a key beside it" in again.stderr
    assert run("keygen", "--add", file).exit_code == 0
    keys = load_keys(file)
    assert keys[1] == first
    assert list(keys) == [1, 2]
    assert first.hex() not in again.output
    assert run("keygen", "--add", tmp_path / "none").exit_code == 3


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """Return a folder with a Live Photo, a raw file beside its JPEG, a burst, and a video alone."""
    inside = tmp_path / "live"
    inside.mkdir()
    (inside / "IMG_1.jpg").write_bytes(sample_photo())
    (inside / "IMG_1.mov").write_bytes(video(brand=b"qt  ", dates=3_800_000_000))
    (inside / "IMG_2.jpg").write_bytes(sample_photo())
    (inside / "IMG_2.dng").write_bytes(b"II*\0 what a sensor saw")
    for name in ("00000IMG_00000_BURST20180224150059", "00001IMG_00001_BURST20180224150059_COVER"):
        (inside / f"{name}.jpg").write_bytes(sample_photo())
    (inside / "alone.mov").write_bytes(video())
    return inside


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have pages looked at by their text, and return where it is kept."""
    said: list[str] = []

    def look(link: str, **_: object) -> bool:
        with urllib.request.urlopen(link) as page:
            said.append(page.read().decode())
            here = page.url
        for address in re.findall(r'href="([^"]*p/\w+/video)"', said[-1]):
            with urllib.request.urlopen(urllib.parse.urljoin(here, address)) as file:
                assert inspect(file.read()).violations() == ()
        return True

    monkeypatch.setattr("photoprivacy.cli._served.visit", look)
    return said


def test_files_that_are_one_photo_are_shared_as_one(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = looked_at(monkeypatch)
    result = run("share", live, "--once")

    assert "1 video of Live Photos: stay with you; --video" in result.stderr
    assert "1 raw file beside photos" in result.stderr
    assert "1 frame of bursts" in result.stderr
    assert "alone.mov: is a video that belongs to no photo" in result.stderr
    assert "IMG_1.mov" not in result.stderr
    assert result.exit_code == 3  # the video alone
    assert said[0].count('class="open"') == 3
    assert "/video" not in said[0]


def test_a_video_is_given_out_where_it_is_granted(
    live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = looked_at(monkeypatch)
    (live / "alone.mov").unlink()
    result = run("share", live, "--once", "--video")

    assert "1 video of Live Photos: go with their photos" in result.stderr
    assert result.exit_code == 0
    assert len(re.findall(r'href="[^"]*p/\w+/video"', said[0])) == 1
    monkeypatch.undo()
    taken = run("share", live, "--once", "--video")
    assert "downloaded 4 files (3 JPEG, 1 MOV)" in taken.stdout
    assert "every one is clean" in taken.stdout
    wrong = run("share", live, "--once", "--video", "--no-download")
    assert wrong.exit_code == 2
    assert "--video goes with downloads" in wrong.stderr


def test_a_largest_size_takes_the_download_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = looked_at(monkeypatch)
    assert run("share", folder, "--once", "--rendition", "thumb").exit_code == 0
    assert "/thumb" in said[0]
    assert "/display" not in said[0]
    assert "/full" not in said[0]


@pytest.mark.parametrize("when", ["2h", "2999-12-24T18:00"])
def test_a_link_that_begins_later_is_made_so(
    folder: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Share] = []
    real = Library.share

    def share(self: Library, album_id: str, **granted: Any) -> Share:
        made.append(real(self, album_id, **granted))
        return made[-1]

    monkeypatch.setattr(Library, "share", share)
    monkeypatch.setattr("photoprivacy.cli._served.Stop.wait", lambda *_: False)
    result = run("share", folder, "--not-before", when, "--expires", "1d", "--hidden-pixels")

    assert result.exit_code == 0
    assert made[0].not_before is not None
    assert made[0].expires == made[0].not_before + dt.timedelta(days=1)
    assert Scope.HIDDEN_PIXELS in made[0].scopes
    assert f"from {made[0].not_before.astimezone():%Y-%m-%d %H:%M}" in result.stdout
    for wrong in ("2000-01-01T00:00", "soon", "0h", "9999-12-30T00:00"):
        assert run("share", folder, "--not-before", wrong).exit_code == 2
    assert run("share", folder, "--not-before", when, "--once").exit_code == 2


def test_what_a_link_says_is_listed(tmp_path: Path) -> None:
    library = Library.at(tmp_path / "library")
    album = library.create_album("Lisbon")
    library.share(
        album.id,
        video=True,
        hidden_pixels=True,
        rendition=Rendition.DISPLAY,
        not_before=dt.timedelta(hours=3),
    )
    listed = run("shares", "list", tmp_path / "library").stdout
    for word in ("from 2", "until 2", "at most display", "video", "hidden pixels"):
        assert word in listed
    plain = json.loads(run("shares", "list", "--json", tmp_path / "library").stdout)
    assert (plain["video"], plain["hidden_pixels"], plain["rendition"]) == (True, True, "display")
    assert dt.datetime.fromisoformat(plain["not_before"]) > dt.datetime.now(dt.UTC)
