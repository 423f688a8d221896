"""What a run notes, so that the next one need not look again: and what it does not note."""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from photoprivacy import Limits, Policy, strip
from photoprivacy.batch import Outcome, Remote, Status, TreeReport, _journal, strip_tree
from photoprivacy.batch._marks import Marks
from photoprivacy.batch._trees import RemoteTree
from photoprivacy.testing import sample_photo

NAMES = [f"{folder}/{number:02}.jpg" for folder in ("a", "b") for number in range(10)]


class Counting(ThreadPoolExecutor):
    """Knows which photos it was asked to look at."""

    def __init__(self) -> None:
        super().__init__(2)
        self.looked_at: list[str] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.looked_at.extend(entry.name for entry in args[1])
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of photos that are older than clocks may differ."""
    for name in NAMES:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample_photo())
    time.sleep(2.1)
    return tmp_path / "in"


def looked_at(*args: Any, **kwargs: Any) -> tuple[TreeReport, list[str]]:
    """Run, and return also which photos were looked at."""
    with Counting() as pool:
        report = strip_tree(*args, executor=pool, **kwargs)
    return report, sorted(pool.looked_at)


def the_journal(folder: Path) -> Path:
    (path,) = folder.glob("*.journal")
    return path


def test_what_is_noted_and_still_holds_is_not_looked_at_again(folder: Path, tmp_path: Path) -> None:
    out, notes = tmp_path / "out", tmp_path / "notes"
    assert looked_at(folder, out, journal=notes)[1] == NAMES

    report, again = looked_at(folder, out, journal=notes)

    assert again == []
    assert report.counts == {Status.ALREADY_CLEAN: 20}

    (out / "a/03.jpg").unlink()
    (out / "a/04.jpg").write_bytes(b"of another size")
    (folder / "a/05.jpg").write_bytes(sample_photo(orientation=6))
    os.utime(folder / "a/05.jpg", (1, 1))  # a time that can be set is not believed
    (folder / "a/06.jpg").rename(folder / "a/07.jpg")
    (folder / "a/99.jpg").write_bytes(sample_photo())
    report, again = looked_at(folder, out, journal=notes)

    assert again == ["a/03.jpg", "a/04.jpg", "a/05.jpg", "a/07.jpg", "a/99.jpg"]
    assert [Path(one.source).name for one in report.left_out] == ["04.jpg", "05.jpg"]
    assert report.total == 20
    assert (out / "a/03.jpg").read_bytes() == strip(sample_photo()).data


def test_notes_of_another_policy_source_or_version_are_not_believed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, notes = tmp_path / "out", tmp_path / "notes"
    looked_at(folder, out, journal=notes)

    assert looked_at(folder, out, Policy.PUBLISH, journal=notes)[1] == NAMES
    assert looked_at(folder, out, journal=notes, resume=False)[1] == NAMES
    folder.rename(folder.with_name("moved"))
    assert looked_at(folder.with_name("moved"), out, journal=notes)[1] == NAMES
    folder.with_name("moved").rename(folder)
    assert looked_at(folder, out, journal=notes)[1] == []
    monkeypatch.setattr(_journal, "_version", lambda: "99")
    assert looked_at(folder, out, journal=notes)[1] == NAMES


def test_a_torn_last_line_costs_one_look_and_foreign_lines_none(
    folder: Path, tmp_path: Path
) -> None:
    out, notes = tmp_path / "out", tmp_path / "notes"
    looked_at(folder, out, journal=notes)
    journal = the_journal(notes)
    os.truncate(journal, journal.stat().st_size - 1)
    (notes / "nonsense.journal").write_bytes(b"[1, 2]\n" + b"0" * 16 + b"\n")
    (notes / "empty.journal").touch()

    _, again = looked_at(folder, out, journal=notes)

    assert len(again) == 1
    with open(journal, "ab") as file:
        file.write(b"\nz" * 9 + b"\xff" * 40)
    assert looked_at(folder, out, journal=notes)[1] == []


def test_a_journal_says_nothing_of_any_photo(folder: Path, tmp_path: Path) -> None:
    (folder / "secret-name.jpg").write_bytes(b"no photo")
    notes = tmp_path / "notes"
    looked_at(folder, tmp_path / "out", journal=notes)

    said = the_journal(notes).read_text()

    head, *lines = said.splitlines()
    assert json.loads(head).keys() == {"form", "began", "salt", "of"}
    assert len(lines) == 20
    assert all(re.fullmatch("[0-9a-f]{16}", line) for line in lines)
    assert the_journal(notes).stat().st_mode & 0o777 == 0o600
    again = tmp_path / "again"
    looked_at(folder, tmp_path / "out2", journal=again)
    assert not set(lines) & set(the_journal(again).read_text().splitlines())


def test_a_run_that_was_cut_short_leaves_its_journal_and_the_next_one_takes_it_along(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def enough(_outcome: Outcome, done: int, _found: int) -> None:
        if done == 17:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        looked_at(folder, out, progress=enough)
    noted = len(the_journal(out / ".photoprivacy").read_text().splitlines()) - 1
    assert noted in {16, 20}
    report, again = looked_at(folder, out)

    assert len(again) == 20 - noted
    assert report.total == 20
    assert not report.left_out
    assert not (out / ".photoprivacy").exists()
    assert len([path for path in out.rglob("*") if path.is_file()]) == 20


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that nobody may write, root neither")
def test_a_journal_that_cannot_be_written_stops_nobody(folder: Path, tmp_path: Path) -> None:
    report, _ = looked_at(folder, tmp_path / "out", journal="/proc/notes")

    assert report.counts == {Status.CLEANED: 20}


@pytest.fixture
def same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects of this very second count as older than a run that begins now."""
    monkeypatch.setattr(RemoteTree, "clocks", property(lambda _tree: -5.0))


@pytest.fixture(params=["memory", "s3"])
def root(request: pytest.FixtureRequest) -> Iterator[Remote]:
    if request.param == "s3":
        yield request.getfixturevalue("bucket")
    else:
        yield Remote(f"memory://{secrets.token_hex(4)}")


@pytest.mark.usefixtures("same_clock")
def test_behind_a_url_a_journal_is_objects_and_holds_as_well(root: Remote) -> None:
    source, out, notes = root / "in", root / "out", root / "notes"
    for name in NAMES:
        (source / name).write(sample_photo(), overwrite=True)
    assert looked_at(source, out, journal=notes)[1] == NAMES
    files, path = out.opened()
    files.rm_file(f"{path}/a/03.jpg")

    report, again = looked_at(source, out, journal=notes)

    assert again == ["a/03.jpg"]
    assert report.counts == {Status.ALREADY_CLEAN: 19, Status.CLEANED: 1}
    assert len(files.find(notes.opened()[1])) == 2
    assert len(files.find(path)) == 20


def test_objects_that_may_be_newer_than_the_run_are_looked_at(bucket: Remote) -> None:
    (bucket / "in" / "a.jpg").write(sample_photo(), overwrite=True)
    looked_at(bucket / "in", bucket / "out", journal=bucket / "notes")

    assert looked_at(bucket / "in", bucket / "out", journal=bucket / "notes")[1] == ["a.jpg"]


def test_marks_are_a_set() -> None:
    chance = random.Random(9)
    some = {chance.getrandbits(64) or 1 for _ in range(5_000)}
    some |= {number << 40 for number in range(1, 500)}  # the same lowest bits
    marks = Marks()
    for mark in [*some, *some]:
        marks.add(mark)

    assert len(marks) == len(some) > 5_000
    assert all(mark in marks for mark in some)
    assert not any(mark in marks for mark in range(1, 5_000) if mark not in some)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def brackets(path: Path) -> None:
    path.write_bytes(b"[" * 200_000)


@pytest.mark.skipif(os.name == "nt", reason="has no such files")
@pytest.mark.parametrize("make", [a_pipe, a_folder, a_device, brackets])
def test_what_is_no_journal_holds_up_nobody(
    folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    make(notes / "x.journal")
    report, _ = looked_at(folder, tmp_path / "out", journal=notes)

    assert report.counts == {Status.CLEANED: 20}
    assert looked_at(folder, tmp_path / "out", journal=notes)[1] == []


@pytest.mark.parametrize("began", ["1" + "0" * 400, "NaN", "Infinity", "[]", "1e999"])
def test_a_journal_of_no_time_is_not_believed(folder: Path, tmp_path: Path, began: str) -> None:
    notes = tmp_path / "notes"
    looked_at(folder, tmp_path / "out", journal=notes)
    path = the_journal(notes)
    path.write_text(re.sub(r'(?<="began": )[^,]+', began, path.read_text(), count=1))
    report, again = looked_at(folder, tmp_path / "out", journal=notes)

    assert again == NAMES
    assert report.counts == {Status.ALREADY_CLEAN: 20}


def test_a_run_by_a_clock_that_was_fast_is_not_believed(folder: Path, tmp_path: Path) -> None:
    notes, now = tmp_path / "notes", time.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: now + 86_400)
        looked_at(folder, tmp_path / "out", journal=notes)
    (folder / NAMES[3]).write_bytes(sample_photo(orientation=6))
    report, again = looked_at(folder, tmp_path / "out", journal=notes)

    assert again == NAMES
    assert [Path(one.source).name for one in report.left_out] == ["03.jpg"]


def test_lines_that_are_no_marks_are_passed_over(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    looked_at(folder, tmp_path / "out", journal=notes)
    path = the_journal(notes)
    head, *lines = path.read_bytes().splitlines(keepends=True)
    odd = [b"-000000000000001\n", b"0" * 16 + b"\n", b"0x00000000000001\n", b"z" * (1 << 20)]
    path.write_bytes(b"".join([head, *odd[:3], *lines, odd[3]]))
    report, again = looked_at(folder, tmp_path / "out", journal=notes)

    assert again == []
    assert report.counts == {Status.ALREADY_CLEAN: 20}


def test_a_journal_that_another_run_has_just_done_with_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = Remote(f"memory://{secrets.token_hex(4)}")
    (root / "in" / "a.jpg").write(sample_photo(), overwrite=True)
    (root / "notes" / "x.journal").write(b"gone at once", overwrite=True)
    read = Remote.read

    def gone(place: Remote, limits: Limits) -> bytes:
        if place.name.endswith("x.journal"):
            raise FileNotFoundError
        return read(place, limits)

    monkeypatch.setattr(Remote, "read", gone)
    report, _ = looked_at(root / "in", root / "out", journal=root / "notes")
    assert report.counts == {Status.CLEANED: 1}
