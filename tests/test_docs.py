"""What README and docs show is what happens."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml

import looked_for
import photoprivacy
from allow_lists import PAGE, with_tables
from pages import PAGES, ROOT, Block, all_blocks, blocks_of
from photoprivacy import (
    Category,
    albums,
    batch,
    destinations,
    gallery,
    library,
    places,
    renditions,
    rights,
    sharing,
    testing,
)
from photoprivacy.testing import sample_photo, stores

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

CODE = [block for block in all_blocks() if not block.kind.startswith("{")]

#: Blocks that are not run here: page and how it begins (behind an @, what else stands in it) → why,
#: and where it is run instead.
ELSEWHERE = {
    ("README.md", "python3 -m venv .venv && .venv/bin/pip install '.[cli,gallery]'"): (
        "installs, which .ci/run does, and serves until it is stopped: below, with --once"
    ),
    ("README.md", "python3 -m venv .venv && .venv/bin/pip install -e '.[test]'"): (
        "is what runs these tests: .ci/run takes it from the page"
    ),
    ("docs/start.md", "python3 -m venv .venv"): "installs: .ci/run does the same",
    (
        "docs/contributing.md",
        "cp -r docs/add-a-format",
    ): "test_add_a_format.py does, in a copy",
    ("docs/security.md", "SOURCE_DATE_EPOCH"): "builds a release: tests/release does",
    ("docs/contributing.md", "pytest tests/containers"): "are the checks themselves: .ci/run",
    (
        "docs/cookbook.md",
        "import os@atproto",
    ): "tests/test_posting.py runs it against a server",
    (
        "docs/cookbook.md",
        "import os@mastodon",
    ): "tests/test_posting.py runs it against a server",
    (
        "docs/albums.md",
        "import os@PostgresDatabase",
    ): "servers: tests/library has its own",
    ("docs/batch.md", "from distributed import Client"): "a cluster: tests/batch/test_cluster.py",
    ("docs/batch.md", "import ray"): "Ray, which the page says no test runs",
    ("docs/batch.md", "from celery"): "a queue: tests/batch/test_queue.py",
    ("docs/gallery.md", "from django.core.asgi"): "set up: tests/integrations/test_django.py",
    ("docs/gallery.md", "# What logs may hold"): "nginx: tests/gallery/test_nginx.py",
    ("docs/gallery.md", "uvicorn app:app"): "serves until it is stopped: below",
    (
        "docs/uploads.md",
        "from django.db import models",
    ): "set up: tests/integrations/test_django.py",
    (
        "docs/export.md",
        "photoprivacy export holiday out  ",
    ): "three ways to one place: tests/cli/test_export.py",
    (
        "docs/export.md",
        "photoprivacy export holiday out --library",
    ): "a second run: tests/cli/test_export_library.py",
    ("docs/examples/README.md", ""): "serve for ever: tests/integrations/test_examples.py",
}
#: What blocks without a fence are, in the pages that have some.
INDENTED = {"docs/uploads.md": "python"}


def elsewhere(block: Block) -> list[tuple[str, str]]:
    """Return the rows of the table that speak of *block*."""
    return [
        (page, words)
        for page, words in ELSEWHERE
        if page == block.page
        and block.first.startswith(words.partition("@")[0])
        and words.partition("@")[2] in block.code
        and block.kind not in ("text", "json", "yaml")
    ]


def kind_of(block: Block) -> str:
    """Return the language of *block*, for those that are run here."""
    kind = INDENTED.get(block.page, "") if block.kind == "indented" else block.kind
    return {"py": "python", "console": "sh"}.get(kind, kind)


def here(*kinds: str) -> list[ParameterSet]:
    """Return the blocks of these *kinds* that are run here."""
    return [
        pytest.param(block, id=f"{block.page} {block.line}")
        for block in CODE
        if kind_of(block) in kinds and not elsewhere(block)
    ]


def test_readme_is_two_screens_with_an_example_a_pillar_an_upload_and_a_screenshot() -> None:
    text = (ROOT / "README.md").read_text()
    python = [one.code for one in CODE if (one.page, one.kind) == ("README.md", "python")]

    assert len(python) == 6
    for pillar in ("report", "strip(", "Gazetteer", "dumps(", "library.share(", "clean_upload"):
        assert len([code for code in python if pillar in code]) >= 1
    lines = text.splitlines()
    assert len(lines) <= 115
    assert max(map(len, lines)) <= 100
    [shot] = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert (ROOT / shot).stat().st_size > 10_000


@pytest.mark.parametrize("block", here("python"))
def test_an_example_runs(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", module)  # where frameworks look up annotations
    exec(compile(block.code, "example", "exec"), module.__dict__)


def test_what_is_not_run_here_is_python_at_least() -> None:
    python = [one for one in CODE if one.kind in ("python", "py") and elsewhere(one)]

    assert len(python) == 8
    for block in python:
        compile(block.code, block.page, "exec")


@pytest.mark.parametrize("block", here("json", "yaml", "toml", "html"))
def test_data_in_a_page_can_be_read(block: Block) -> None:
    match block.kind:
        case "json":
            assert json.loads(block.code)
        case "yaml":
            assert yaml.safe_load(block.code)
        case "toml":
            assert tomllib.loads(block.code)
        case _:
            opened: list[str] = []
            reader = HTMLParser()
            reader.handle_starttag = lambda tag, attrs: opened.append(tag)  # type: ignore[method-assign]
            reader.feed(block.code)
            assert opened


def test_every_block_is_run_read_or_has_a_reason() -> None:
    known = {"python", "sh", "json", "yaml", "toml", "html", "text"}

    for block in CODE:
        assert elsewhere(block) or kind_of(block) in known, f"{block.page}:{block.line}"
    for row, reason in ELSEWHERE.items():
        found = [block for block in CODE if row in elsewhere(block)]
        assert len(found) == (6 if row[0] == "docs/examples/README.md" else 1), row
        assert reason
    assert len(here("python")) >= 49
    assert len(here("json", "yaml", "toml", "html")) >= 2


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("Say:\n\n```python\nx = 1\n```\n", "python", "x = 1\n"),
        ("- In a list:\n\n  ```sh\n  a \\\n    b\n  ```\n", "sh", "a \\\n  b\n"),
        ("1. One\n   ~~~json\n   {}\n   ~~~\n", "json", "{}\n"),
        ("````md\n```sh\na\n```\n````\n", "md", "```sh\na\n```\n"),
        ("Say:\n\n    a = 1\n\n    b = 2\n\nand\n", "indented", "a = 1\n\nb = 2\n"),
        ("Say:\n    no code, the line goes on\n\n```toml\na = 1\n```\n", "toml", "a = 1\n"),
        ("- A list\n\n    goes on\n\n```yaml\na: 1\n```", "yaml", "a: 1\n"),
    ],
)  # fmt: skip  # a page a line
def test_blocks_are_found_wherever_they_stand(text: str, kind: str, code: str) -> None:
    [block] = blocks_of(text, "page")

    assert (block.kind, block.code) == (kind, code)


def test_readme_opens_with_two_commands_and_no_more() -> None:
    commands = [one.code for one in CODE if (one.page, one.kind) == ("README.md", "sh")]

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


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("block", here("sh"))
def test_a_command_of_a_page_runs(block: Block, tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    for name in ("photo.jpg", "holiday/a.jpg", "holiday/b.jpg"):
        (tmp_path / name).write_bytes(sample_photo())
    # What the page told to save before.
    for one in CODE:
        if one.page == block.page and one.kind == "python" and "FastAPI()" in one.code:
            (tmp_path / "app.py").write_text(one.code)
    commands = block.code.replace("8000", str(free_port()))  # another may be served here
    # Programs of this environment, whatever the path of whoever runs the tests.
    (tmp_path / "bin").mkdir()
    for name in ("photoprivacy", "uvicorn"):
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name} "$@"\n')
        program.chmod(0o755)
    stop = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"  # what it left in the background
    ended = subprocess.run(
        ["bash", "-euc", stop + commands],
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout


def test_the_demo_of_the_readme_shows_an_album_that_is_clean(tmp_path: Path) -> None:
    [command] = [one.code for one in CODE if one.page == "README.md" and "demo" in one.code]
    words = command.split(" && ")[-1].split()
    assert words == [".venv/bin/photoprivacy", "demo"]
    ran = subprocess.run(
        [sys.executable, "-m", "photoprivacy", *words[1:], "--once"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=480,
    )
    assert ran.returncode == 0, ran.stderr
    assert "downloaded 12 photos" in ran.stdout
    assert "every one is clean" in ran.stdout


def test_the_server_of_the_gallery_page_serves(tmp_path: Path) -> None:
    blocks = [one for one in CODE if one.page == "docs/gallery.md"]
    [server] = [one.code.split() for one in blocks if one.code.startswith("uvicorn ")]
    [app] = [one.code for one in blocks if "trusted_proxies" in one.code and one.kind == "python"]
    (tmp_path / "app.py").write_text(app)
    port = str(free_port())
    command = [port if word == "8000" else word for word in server]
    with subprocess.Popen(
        [sys.executable, "-m", *command], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as process:
        try:
            asking = httpx.Client(transport=httpx.HTTPTransport(), trust_env=False)
            answer = None
            until = time.monotonic() + 60
            while answer is None and time.monotonic() < until:
                try:
                    answer = asking.get(f"http://127.0.0.1:{port}/robots.txt")
                except httpx.TransportError:
                    time.sleep(0.2)
            asking.close()
        finally:
            process.terminate()
    assert answer is not None
    assert answer.status_code == 200
    assert "server" not in answer.headers  # as --no-server-header says


def test_pages_have_commands() -> None:
    assert len(here("sh")) >= 5


def test_every_public_name_stands_in_the_reference_once() -> None:
    pages = "".join(page.read_text() for page in sorted((ROOT / "docs/reference").glob("*.md")))
    told = re.findall(r"^\.\. (?:autoclass|autofunction|py:data):: (\w+)$", pages, re.MULTILINE)
    assert set(photoprivacy.__all__) <= set(told)
    rooms = {
        *albums.__all__,
        *batch.__all__,
        *destinations.__all__,
        *library.__all__,
        *places.__all__,
        *renditions.__all__,
        *rights.__all__,
        *sharing.__all__,
        *testing.__all__,
        *stores.__all__,
        *gallery.__all__,
    }
    # Aliases are told where they are used.
    assert rooms - set(told) == {"Expiry", "NeverType"}


def test_constants_of_the_reference_are_there() -> None:
    told = 0
    for page in sorted((ROOT / "docs/reference").glob("*.md")):
        module = ""
        for kind, name in re.findall(
            r"^\.\. (currentmodule|py:data):: ([\w.]+)$", page.read_text(), re.MULTILINE
        ):
            if kind == "currentmodule":
                module = name
            else:
                assert hasattr(importlib.import_module(module), name), f"{module}.{name}"
                told += 1
    assert told >= 17


def test_what_examples_import_stands_in_the_reference() -> None:
    pages = "".join(page.read_text() for page in sorted((ROOT / "docs/reference").glob("*.md")))
    told = set(re.findall(r"^\.\. (?:auto\w+|py:data):: (\w+)$", pages, re.MULTILINE))
    imported = [
        (block.page, name.name)
        for block in CODE
        if kind_of(block) == "python"
        for node in ast.walk(ast.parse(block.code))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("photoprivacy")
        for name in node.names
    ]

    assert len(imported) >= 190
    rooms = {"batch", "destinations", "rights"}  # imported as a whole
    assert [(page, name) for page, name in imported if name not in told | rooms] == []


def test_no_page_installs_from_an_index_before_there_is_a_release() -> None:
    installs = [
        line
        for page in PAGES
        for line in page.read_text().splitlines()
        if re.search(r"pip install\b", line)
    ]

    assert len(installs) >= 8
    assert [line for line in installs if re.search(r"install [^`]*photoprivacy\b(?!/)", line)] == [
        line for line in installs if "bin/photoprivacy demo" in line
    ]
