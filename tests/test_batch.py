"""Many files: each ends in its own way, and none is lost."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from photoprivacy import inspect, strip
from photoprivacy.batch import Outcome, Status, TreeReport, strip_tree
from photoprivacy.testing import sample_photo


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "2026" / "July").mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "2026/c.jpg", "2026/July/d.jpg"):
        (folder / name).write_bytes(sample_photo())
    (folder / "2026" / "torn.jpg").write_bytes(sample_photo()[:3000])
    (folder / "2026" / "words.jpg").write_text("no photo at all")
    (folder / "notes.txt").write_text("not tried")
    return folder


def counts(report: TreeReport) -> dict[str, int]:
    return {status.value: number for status, number in report.counts.items()}


def test_every_photo_has_a_clean_copy_in_its_place_or_a_reason(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "clean"

    report = strip_tree(tree, out)

    assert counts(report) == {"cleaned": 4, "failed": 1, "unsupported": 1}
    assert report.total == 6
    assert [Path(one.source).name for one in report.left_out] == ["torn.jpg", "words.jpg"]
    assert all(one.error for one in report.left_out)
    copies = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
    assert copies == ["2026/July/d.jpg", "2026/c.jpg", "a.jpg", "b.jpg"]
    assert not any(inspect(out / name).violations() for name in copies)


def test_progress_is_told_after_each_file_and_ends_at_the_number_of_files(
    tree: Path, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []

    def note(outcome: Outcome, done: int, total: int) -> None:
        told.append((Path(outcome.source).name, done, total))

    with ThreadPoolExecutor(2) as pool:
        strip_tree(tree, tmp_path / "clean", executor=pool, progress=note)

    assert told == [
        (name, number, 6)
        for number, name in enumerate(
            ("a.jpg", "b.jpg", "c.jpg", "torn.jpg", "words.jpg", "d.jpg"), 1
        )
    ]


def test_a_run_that_was_cut_short_goes_on_where_it_ended(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "clean"
    (out / "2026").mkdir(parents=True)
    (out / "2026" / "c.jpg").write_bytes(strip(sample_photo()).data)
    (out / "b.jpg").write_bytes(b"somebody's own file of that name")

    with ThreadPoolExecutor(2) as pool:
        report = strip_tree(tree, out, executor=pool)

    assert counts(report) == {"cleaned": 2, "already-clean": 1, "failed": 2, "unsupported": 1}
    assert (out / "b.jpg").read_bytes() == b"somebody's own file of that name"


def test_the_same_folder_twice_cleans_in_place(tree: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = strip_tree(tree, tree, executor=pool)
        second = strip_tree(tree, tree, executor=pool)

    assert first.counts[Status.CLEANED] == second.counts[Status.ALREADY_CLEAN] == 4
    assert not inspect(tree / "2026" / "c.jpg").violations()


def test_copies_inside_the_folder_are_not_taken_for_photos_of_it(tree: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        strip_tree(tree, tree / "clean", executor=pool)
        again = strip_tree(tree, tree / "clean", executor=pool)

    assert again.total == 6
    assert not (tree / "clean" / "clean").exists()


def test_a_new_file_is_as_open_as_the_mask_of_the_process_says(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "usual").touch()

    with ThreadPoolExecutor(2) as pool:
        strip_tree(tree, tmp_path / "clean", executor=pool)

    mode = stat.S_IMODE((tmp_path / "clean" / "a.jpg").stat().st_mode)
    assert mode == stat.S_IMODE((tmp_path / "usual").stat().st_mode)
