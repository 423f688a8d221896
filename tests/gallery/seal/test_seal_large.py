"""Albums larger than memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GIB = 1024**3
#: The format's own promise: whatever the size of an album, this much memory and no more.
MOST = 64 * 1024**2


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="reads Linux's own figures")
@pytest.mark.parametrize("name", ["album", "album.html"])
def test_an_album_of_five_gigabytes_takes_little_memory(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    if shutil.disk_usage(tmp_path).free < 9 * GIB:
        pytest.skip("needs nine gigabytes of disk")
    script = Path(__file__).with_name("large.py")
    done = subprocess.run(
        [sys.executable, str(script), str(target), "100", str(50 * 1024**2)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True, timeout=900,
    )  # fmt: skip
    told = json.loads(done.stdout)
    print(told)  # noqa: T201 - the figure is what a run on demand is for
    shutil.rmtree(target) if target.is_dir() else target.unlink()

    assert told["bytes"] > 5 * 1000**3
    assert told["above"] < MOST
