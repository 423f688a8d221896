"""Many files: each ends in its own way, and none is lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from photoprivacy import inspect, strip
from photoprivacy.batch import Job, Outcome, Status, TreeReport, strip_many, strip_tree
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


def test_copies_are_as_old_as_their_sources_only_when_asked(tree: Path, tmp_path: Path) -> None:
    long_ago = 1_100_000_000_123_456_789
    photos = [path for path in sorted(tree.rglob("*")) if path.is_file()]
    for path in photos:
        os.utime(path, ns=(long_ago, long_ago))
    made = 0
    with ThreadPoolExecutor(2) as pool:
        for preserve in (False, True):
            out = tmp_path / str(preserve)
            strip_tree(tree, out, executor=pool, preserve_times=preserve)
            for path in out.rglob("*.*"):
                made += 1
                assert (path.stat().st_mtime_ns == long_ago) is preserve
    assert made >= 4


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


_LITTLE = """
import resource, sys
from photoprivacy.batch import Job, inspect_many, strip_many
names = sys.argv[1:]
list(strip_many([Job(source=names[0], target=None)])), list(inspect_many(names[:1]))
room = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + (60 << 20)
resource.setrlimit(resource.RLIMIT_AS, (room, room))
for one in strip_many([Job(source=name, target=name + ".out") for name in names]):
    print(one.status.value, one.error)
for one in inspect_many(names):
    print(one.report is not None, one.error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="how much memory there is is said to Linux")
def test_a_file_that_needs_more_memory_than_there_is_stops_no_other(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.jpg", "b.jpg", "c.jpg")]
    for name in names:
        Path(name).write_bytes(sample_photo())
    with open(names[1], "ab") as file:
        file.truncate(100 << 20)

    command = [sys.executable, "-c", _LITTLE, *names]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    assert said == [
        "cleaned ",
        "failed needs more memory than there is",
        "cleaned ",
        "True ",
        "False needs more memory than there is",
        "True ",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["a.jpg", "a.jpg.out", "b.jpg", "c.jpg", "c.jpg.out"]
    )


def test_whoever_stops_has_no_more_files_cleaned_than_those_in_hand(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.jpg").write_bytes(sample_photo())
    jobs = [
        Job(source=str(path), target=str(path), overwrite=True)
        for path in sorted(tmp_path.iterdir())
    ]

    with ThreadPoolExecutor(1) as pool:
        outcomes = strip_many(jobs, executor=pool, durable=False)
        next(outcomes)
        outcomes.close()

    clean = [path for path in tmp_path.iterdir() if not inspect(path).violations()]
    assert 1 <= len(clean) < 40
