"""``photoprivacy strip`` with URLs and journals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from photoprivacy import inspect, strip
from photoprivacy.batch import Remote
from photoprivacy.cli._app import app
from photoprivacy.testing import sample_photo


def run(options: dict[str, Any], *words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FSSPEC_S3": json.dumps(options)}
    command = [sys.executable, "-m", "photoprivacy", "strip", *map(str, words)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_a_bucket_goes_to_a_folder_and_one_photo_to_a_file(
    bucket: Remote, s3_options: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("a.jpg", "b/c.jpg"):
        (bucket / name).write(sample_photo(), overwrite=True)
    (bucket / "b/torn.jpg").write(sample_photo()[:3000], overwrite=True)

    done = run(s3_options, "-r", bucket, "-o", tmp_path / "out", "--jobs", 2)

    assert done.returncode == 3, done.stderr
    assert "2 cleaned, 1 failed" in done.stdout or "1 failed, 2 cleaned" in done.stdout
    assert "b/torn.jpg: failed: the file is cut short (JPEG" in done.stderr
    copies = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(copies) == 2
    assert not any(inspect(copy).violations() for copy in copies)

    one = run(s3_options, bucket / "a.jpg", "-o", tmp_path / "one.jpg", "--json")
    assert one.returncode == 0, one.stderr
    assert json.loads(one.stdout)["status"] == "cleaned"
    assert (tmp_path / "one.jpg").read_bytes() == strip(sample_photo()).data
    assert run(s3_options, "--in-place", bucket / "a.jpg").returncode == 0
    assert (bucket / "a.jpg").head(1 << 20) == strip(sample_photo()).data


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("photos", "--cluster", "tcp://127.0.0.1:9", "-o", "out"), "say -r"),
        (("-r", "photos", "-o", "memory://out", "--names", "neutral"), "--names neutral"),
        (("s3://bucket/a.jpg", "-o", "-"), "-o -"),
        (("-r", "s3://bucket/a", "-o", "out", "--dry-run"), "--dry-run"),
    ],
)
def test_what_trees_do_not_do_is_said(words: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(app, ["strip", *words])

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_folder_that_is_not_there_and_a_url_of_no_kind_are_named(tmp_path: Path) -> None:
    missing = CliRunner().invoke(
        app, ["strip", "-r", str(tmp_path / "x"), "-o", "memory://out", "--json"]
    )
    unknown = CliRunner().invoke(app, ["strip", "nonsense://x/a.jpg", "-o", str(tmp_path)])

    assert missing.exit_code == unknown.exit_code == 3
    assert "No such file or directory" in missing.stderr
    assert "no file system is known" in unknown.stderr


def test_a_journal_of_ones_own_stays(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(sample_photo())
    words = ["-r", str(tmp_path / "in"), "-o", str(tmp_path / "out")]

    result = CliRunner().invoke(app, ["strip", *words, "--journal", str(tmp_path / "notes")])

    assert result.exit_code == 0
    assert len(list((tmp_path / "notes").iterdir())) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.jpg"]
