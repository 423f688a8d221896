"""Runs the tests with the oldest, or the newest, versions of every dependency that is promised.

By hand, before a release: ``python tests/release/versions.py lowest FOLDER``, then ``newest``;
*FOLDER* gets a virtual environment. The floors come from ``pyproject.toml`` and nowhere else. What
tests need besides (pytest, moto) is the newest either way. Whatever follows FOLDER goes to pytest.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Everything but the browser, the pages and the making of packages, which know no versions.
PARTS = (
    "src",
    "tests/albums",
    "tests/batch",
    "tests/cli",
    "tests/containers",
    "tests/gallery",
    "tests/integrations",
    "tests/library",
    "tests/metadata",
    "tests/places",
    "tests/plan",
    "tests/renditions",
    "tests/sharing",
    "tests/verify",
    "tests/test_batch.py",
    "tests/test_destinations.py",
    "tests/test_door.py",
    "tests/test_files.py",
    "tests/test_prepare.py",
    "tests/test_source.py",
    "tests/test_stream.py",
    "tests/test_values.py",
)
_ROW = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,]+\])?(?:>=(?P<floor>[\d.]+))?")


def requirements(project: dict[str, object], extra: str | None = None) -> Iterator[str]:
    """Yield what *project* needs to run, with *extra*, and what that extra is made of."""
    extras = project["optional-dependencies"]
    assert isinstance(extras, dict)
    rows = project["dependencies"] if extra is None else extras[extra]
    assert isinstance(rows, list)
    for row in rows:
        own = re.fullmatch(rf"{project['name']}\[(.+)\]", row)
        if own is None:
            yield row
        else:
            for name in own[1].split(","):
                yield from requirements(project, name)


def floors(root: Path = ROOT) -> dict[str, str]:
    """Return the lowest version promised of each package that a user may come to install.

    Raises:
        ValueError: A row of ``pyproject.toml`` says no lowest version, or two say different ones.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, str] = {}
    for row in [*requirements(project), *requirements(project, "all")]:
        match = _ROW.match(row)
        if match is None or match["floor"] is None:
            raise ValueError(f"no lowest version: {row}")
        if found.setdefault(match["name"], match["floor"]) != match["floor"]:
            raise ValueError(f"two lowest versions: {row}")
    return found


def main(which: str, folder: str, *rest: str) -> int:
    """Make the environment, say what is in it, run the tests; return pytest's exit code."""
    venv = Path(folder)
    python = str(venv / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    # uv tries versions of what dependencies need in turn where pip takes half an hour to give up.
    subprocess.run([python, "-m", "pip", "install", "-q", "uv"], check=True)
    uv = [python, "-m", "uv", "pip"]
    install = [*uv, "install", "-q", "--python", python, "-e", f"{ROOT}[test]"]
    if which == "lowest":
        rows = "".join(f"{name}=={floor}\n" for name, floor in sorted(floors().items()))
        (venv / "constraints.txt").write_text(rows, "utf-8")
        install += ["-c", str(venv / "constraints.txt")]
    subprocess.run(install, check=True)
    subprocess.run([*uv, "check", "--python", python], check=True)
    said = subprocess.run(
        [*uv, "list", "--python", python, "--format=freeze"],
        check=True,
        capture_output=True,
        text=True,
    )
    rows_by_name = dict(row.split("==", 1) for row in said.stdout.split() if "==" in row)
    here = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in rows_by_name.items()}
    for name in sorted(floors()):
        sys.stdout.write(f"{name} {here[name.lower()]}\n")
    sys.stdout.flush()
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(rest or PARTS)]
    return subprocess.run(command, cwd=ROOT, env=os.environ, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in {"lowest", "newest"}:
        sys.exit("usage: versions.py lowest|newest FOLDER [PYTEST ARGUMENTS]")
    sys.exit(main(*sys.argv[1:]))
