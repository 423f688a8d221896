"""``photoprivacy export``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gallery.seal import independent
from photoprivacy import inspect
from photoprivacy.cli._app import app
from photoprivacy.gallery import _static, unseal
from photoprivacy.testing import sample_photo

pytestmark = pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)


def run(*words: str | Path, password: str = "") -> Result:
    environment = {"PHOTOPRIVACY_PASSWORD": password or None}
    return CliRunner().invoke(app, [str(word) for word in words], env=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "Wannsee holiday"
    inside.mkdir()
    (inside / "one.jpg").write_bytes(sample_photo())
    (inside / "two.png").write_bytes(sample_photo(format="png"))
    return inside


def test_export_makes_plain_files(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("export", folder, out)

    assert result.exit_code == 0, result.output
    assert "2 photos" in result.stdout
    assert "Wannsee holiday" in (out / "index.html").read_text("utf-8")
    pictures = [path for path in (out / "p").iterdir() if path.suffix in (".jpg", ".png")]
    assert len(pictures) == 6
    assert all(not inspect(path).violations() for path in pictures)
    again = run("export", folder, out, "--json")
    assert json.loads(again.stdout)["photos"] == 2
    assert len(list((out / "p").iterdir())) == 6


def test_export_writes_the_page_in_a_language(folder: Path, tmp_path: Path) -> None:
    result = run("export", folder, tmp_path / "out", "--language", "fr")
    assert result.exit_code == 0, result.output
    assert '<html lang="fr"' in (tmp_path / "out" / "index.html").read_text("utf-8")
    for refused in (("--language", "tlh"), ("--language", "fr", "--sealed")):
        result = run("export", folder, tmp_path / "other", *refused)
        assert result.exit_code == 2
        assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["sealed", "sealed.html"])
def test_export_seals_and_checks(folder: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    result = run("export", folder, out, "--sealed", "--verify", "--qr")

    assert result.exit_code == 0, result.output
    assert "decrypted again" in result.stdout
    (link,) = [word for word in result.stdout.split() if word.startswith("file://")]
    told, contents = independent.read(
        independent.gathered(out), independent.secret_of(link.rpartition("#")[2])
    )
    assert told["title"] == "Wannsee holiday"
    assert len(contents) == 6
    key = result.stdout.partition("Key to type: ")[2].split()[0]
    assert unseal(out, key).verify() > 0
    assert "█" in result.stdout


@pytest.mark.skipif(os.name != "posix", reason="nothing kills like that on Windows")
def test_the_key_is_told_before_the_album_is_checked(folder: Path, tmp_path: Path) -> None:
    checking = """
import os, signal
from photoprivacy.cli import main, _export

def killing(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

_export.unseal = killing
main()
"""
    out = tmp_path / "sealed"
    assert run("export", folder, out, "--sealed").exit_code == 0
    done = subprocess.run(
        [
            *(sys.executable, "-c", checking, "export", str(folder), str(out)),
            *("--sealed", "--overwrite", "--verify"),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert "decrypted again" not in done.stdout
    # It took the place of another one, and it opens.
    assert unseal(out, done.stdout.partition("Key to type: ")[2].split()[0]).verify() > 0


def test_export_says_everything_to_programs(folder: Path, tmp_path: Path) -> None:
    result = run(
        *("export", folder, tmp_path / "out", "--sealed", "--json", "--verify"),
        *("--base-url", "https://host.example/a/"),
        password="caf\u00e9",
    )

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["link"] == f"https://host.example/a/#{told['key']}"
    assert told["verified"] is True
    assert unseal(told["path"], told["typed_key"], password="cafe\u0301").verify() > 0


def test_export_replaces_an_earlier_album_only_when_told(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("export", folder, out, "--sealed").exit_code == 0
    before = sorted(path.name for path in (out / "d").iterdir())

    refused = run("export", folder, out, "--sealed")
    assert refused.exit_code == 3
    assert "--overwrite" in refused.stderr
    assert sorted(path.name for path in (out / "d").iterdir()) == before
    assert run("export", folder, out, "--sealed", "--overwrite").exit_code == 0
    assert sorted(path.name for path in (out / "d").iterdir()) != before


def test_what_is_no_sealed_album_is_named_and_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("export", folder, out).exit_code == 0
    before = sorted(path.name for path in out.rglob("*"))

    refused = run("export", folder, out, "--sealed", "--overwrite")

    assert refused.exit_code == 3
    assert f"✗ {out}: is not empty, and no sealed album\n" in refused.stderr
    assert sorted(path.name for path in out.rglob("*")) == before


@pytest.mark.parametrize(
    "options",
    [["--password"], ["--verify"], ["--overwrite"], ["--sealed", "--base-url", "host.example"]],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    folder: Path, tmp_path: Path, options: list[str]
) -> None:
    result = run("export", folder, tmp_path / "out", *options)

    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_photo_is_named_and_the_others_are_done(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    result = run("export", folder, tmp_path / "out", "--sealed")

    assert result.exit_code == 3
    assert "broken.jpg" in result.stderr
    assert "2 photos" in result.stdout


def test_an_export_into_its_own_folder_is_refused_or_leaves_the_photos(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for around in (folder, folder.parent, folder / "..", f"{folder}/"):
        refused = run("export", folder, around)
        assert refused.exit_code == 2
        assert "OUT is FOLDER, or holds it: name another place" in refused.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    # Beside the photos: what was exported is not taken for photos the next time.
    for _ in range(2):
        assert "2 photos" in run("export", folder, folder / "out").stdout
