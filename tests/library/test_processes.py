"""Several processes on one library folder, some of them killed: nothing lost, nothing torn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent.parent


def supervised(folder: Path, operations: int) -> dict[str, Any]:
    """Run the workers in a process of their own: forking one with threads is not safe."""
    path = os.pathsep.join((str(TESTS), os.environ.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, str(TESTS / "library" / "processes.py"), str(folder), str(operations)],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)
    return counts


@pytest.mark.skipif(os.name != "posix", reason="signals and fork are POSIX")
@pytest.mark.parametrize(
    "operations", [1_500, pytest.param(10_000, marks=pytest.mark.slow)], ids=str
)
def test_eight_processes_of_which_one_is_killed_each_second_lose_and_tear_nothing(
    tmp_path: Path, operations: int
) -> None:
    counts = supervised(tmp_path, operations)
    assert counts["wrong"] == {}
    assert counts["failed"] == []
    assert counts["operations"] >= operations
    assert counts["killed"] >= 1
    assert counts["photos"] > operations // 50
