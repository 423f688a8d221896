"""The recipe for a queue does, with a real worker of Celery on a broker in memory."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pages import all_blocks
from photoprivacy.testing import assert_clean, sample_photo

pytest.importorskip("celery")


@pytest.fixture
def clean() -> Any:
    """Return the page's task, with its code as it stands there."""
    (block,) = (one for one in all_blocks() if one.first.startswith("from celery"))
    module = ModuleType("recipe")
    exec(compile(block.code, block.page, "exec"), module.__dict__)
    return module.__dict__["clean"]


@pytest.mark.filterwarnings("default")  # kombu and celery warn of their own affairs
def test_a_worker_cleans_what_the_queue_names_and_passes_no_other_file_on(
    clean: Any, tmp_path: Path
) -> None:
    from celery.contrib.testing.worker import start_worker

    (tmp_path / "in.jpg").write_bytes(sample_photo())
    (tmp_path / "none.jpg").write_bytes(b"no photo")
    with start_worker(clean.app, perform_ping_check=False):
        told = [
            clean.delay(str(tmp_path / name), str(tmp_path / f"out-{name}"))
            for name in ("in.jpg", "in.jpg", "none.jpg")
        ]
        said = [one.get(timeout=60) for one in told]
    assert said == ["cleaned", "already-clean", "unsupported"]
    assert_clean((tmp_path / "out-in.jpg").read_bytes())
    assert not (tmp_path / "out-none.jpg").exists()
