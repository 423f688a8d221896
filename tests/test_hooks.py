"""The hooks that other repositories run before a commit: the commands in them are ours."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from photoprivacy import Format
from photoprivacy.cli._app import app
from photoprivacy.testing import sample_photo

ROOT = Path(__file__).parent.parent
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text().split("- id: ")[1:]


def line(hook: str, key: str) -> str:
    (value,) = re.findall(rf"^  {key}: (.*)$", hook, re.MULTILINE)
    return str(value)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.split()[0])
def test_a_hook_takes_every_format_that_is_read(hook: str) -> None:
    wanted = re.compile(line(hook, "files"))

    assert all(wanted.search(f"album/PHOTO{kind.suffix.upper()}") for kind in Format)
    assert not wanted.search("album/photo.jpg.txt")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.split()[0])
def test_a_hook_brings_what_the_command_line_needs(hook: str) -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

    brought = set(re.findall(r'"([^"]+)"', line(hook, "additional_dependencies")))
    assert brought <= set(extra["cli"])
    assert {name.split(">")[0] for name in brought} == {"click", "rich"}


def test_the_check_fails_and_the_cleaning_makes_it_pass(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(sample_photo())
    check, clean = (shlex.split(line(hook, "entry"))[1:] for hook in HOOKS)

    def run(words: list[str]) -> int:
        return CliRunner().invoke(app, [*words, str(photo)]).exit_code

    assert [run(check), run(clean), run(check)] == [1, 0, 0]
