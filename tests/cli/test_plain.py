"""Damage of files, as the command line says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from photoprivacy import PhotoPrivacyError, inspect
from photoprivacy.cli._app import app
from photoprivacy.cli._plain import plain
from photoprivacy.errors import LimitExceeded
from photoprivacy.testing import sample_photo


def test_a_file_that_is_cut_short_is_told_in_words_and_programs_get_what_was_raised(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(sample_photo(format="png")[:2000])
    with pytest.raises(PhotoPrivacyError, match=r"^png: incomplete: ") as raised:
        inspect(file)

    for words in (["inspect", str(file)], ["strip", str(file), "--dry-run"]):
        told = CliRunner().invoke(app, words)
        assert told.exit_code == 3
        assert "the file is cut short (PNG, at byte " in told.stderr
        assert "incomplete" not in told.output
        objects = CliRunner().invoke(app, [*words, "--json"])
        assert json.loads(objects.stdout)["error"] == str(raised.value)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            "heif: two: of them (byte 7)",
            "the file is damaged: two: of them (HEIC or AVIF, at byte 7)",
        ),
        (
            str(LimitExceeded("jpeg", 1, limit="max_scans", value=9)),
            "the file goes beyond what is read: max_scans=9 (JPEG, at byte 1)",
        ),
        ("No such file or directory", "No such file or directory"),
        ("its copy would take the place of another's: jpeg: x", None),
    ],
)
def test_other_damage_keeps_its_words_and_what_is_none_is_left_alone(
    reason: str, said: str | None
) -> None:
    assert plain(reason) == (said or reason)
