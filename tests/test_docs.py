"""What README and docs show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import looked_for
import photoprivacy
from allow_lists import PAGE, with_tables
from photoprivacy import (
    Category,
    albums,
    batch,
    destinations,
    library,
    places,
    renditions,
    rights,
    sharing,
    testing,
)
from photoprivacy.testing import sample_photo

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
EXAMPLES = [
    (page.relative_to(ROOT).as_posix(), number, match[1])
    for page in PAGES
    for number, match in enumerate(
        re.finditer(r"```python\n(.*?)```", page.read_text(), re.DOTALL), 1
    )
]


def test_readme_has_an_example_a_pillar() -> None:
    assert len([page for page, _, _ in EXAMPLES if page == "README.md"]) == 5


@pytest.mark.parametrize(
    "code", [pytest.param(code, id=f"{page} {number}") for page, number, code in EXAMPLES]
)
def test_an_example_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", module)  # where frameworks look up annotations
    exec(compile(code, "example", "exec"), module.__dict__)


def test_readme_opens_with_two_commands_and_no_more() -> None:
    text = (ROOT / "README.md").read_text()

    commands = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(commands) == 2
    assert all(len(command.strip().splitlines()) == 1 for command in commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_tables_of_what_stays_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page) == page, "run: python tests/allow_lists.py"
    assert page.count("| always |") > 80


def test_the_table_of_what_is_looked_for_is_that_of_the_readers() -> None:
    page = looked_for.PAGE.read_text(encoding="utf-8")
    assert looked_for.with_table(page) == page, "run: python tests/looked_for.py"
    assert all(f"**{category.value}**" in page for category in Category)
    assert len(list(looked_for.everything())) > 700


#: Commands of pages, without those that install or serve.
COMMANDS = [
    (page.name, match[1])
    for page in PAGES
    if page.name != "README.md"
    for match in re.finditer(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
]


@pytest.mark.parametrize(("page", "commands"), COMMANDS, ids=lambda one: one.splitlines()[0])
def test_a_command_of_a_page_runs(page: str, commands: str, tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    for name in ("photo.jpg", "holiday/a.jpg", "holiday/b.jpg"):
        (tmp_path / name).write_bytes(sample_photo())
    words = f'photoprivacy() {{ "{sys.executable}" -m photoprivacy "$@"; }}\n{commands}'
    ended = subprocess.run(
        ["bash", "-euc", words],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr


def test_pages_have_commands() -> None:
    assert len(COMMANDS) >= 4


def test_every_public_name_stands_in_the_reference_once() -> None:
    pages = "".join(page.read_text() for page in sorted((ROOT / "docs/reference").glob("*.md")))
    told = re.findall(r"^\.\. auto(?:class|function):: (\w+)$", pages, re.MULTILINE)
    assert set(photoprivacy.__all__) <= set(told)
    rooms = {
        *albums.__all__,
        *batch_names(),
        *destinations.__all__,
        *library.__all__,
        *places.__all__,
        *renditions.__all__,
        *rights.__all__,
        *sharing.__all__,
        *testing.__all__,
    }
    # Constants and aliases are told where they are used.
    assert {name for name in rooms - set(told) if not name.isupper()} <= {"Expiry", "NeverType"}


def batch_names() -> set[str]:
    return {
        name
        for name, value in vars(batch).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == batch.__name__
    }
