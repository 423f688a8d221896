"""``photoprivacy export --library``: a second run that prepares only what changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from builders_movie import video
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy import Library, inspect
from photoprivacy.cli._app import app
from photoprivacy.cli._export_kept import Kept
from photoprivacy.gallery import _static, unseal

pytestmark = pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: str | Path) -> dict[str, Any]:
    result = run("export", *words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "Wannsee"
    (inside / "later").mkdir(parents=True)
    (inside / "a.jpg").write_bytes(a_jpeg(LISBON, color=(200, 10, 10)))
    (inside / "b.jpg").write_bytes(a_jpeg(PARIS, color=(10, 200, 10)))
    (inside / "later" / "a.jpg").write_bytes(a_jpeg(None, color=(10, 10, 200)))
    return inside


def times(folder: Path) -> dict[str, int]:
    return {
        one.relative_to(folder).as_posix(): one.stat().st_mtime_ns
        for one in folder.rglob("*")
        if one.is_file() and one.name != ".photoprivacy-export"
    }


def the_album(kept: Path) -> tuple[Library, str]:
    library = Library.at(kept)
    (one,) = library.albums()
    return library, one.id


def origins(kept: Path) -> dict[str, str]:
    """Return photo → digest of the file that it came from."""
    library, album = the_album(kept)
    return {photo.id: photo.sha256 for photo in library.album(album).photos}


def test_a_second_run_prepares_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    first = told(folder, out, "--library", kept)
    assert (first["photos"], first["removed"]) == (3, 0)
    before, made = times(out), times(kept / "blobs")
    second = told(folder, out, "--library", kept)
    assert (second["photos"], second["written"], second["removed"]) == (3, 0, 0)
    assert times(out) == before
    assert times(kept / "blobs") == made
    assert len(made) > 9  # originals, and three sizes each


def test_what_was_changed_added_and_removed_is_followed(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    before = origins(kept)
    pictures = {name for name in times(out) if name.startswith("p/")}

    (folder / "a.jpg").write_bytes(a_jpeg(LISBON, color=(250, 250, 0)))
    changed = told(folder, out, "--library", kept)
    assert (changed["photos"], changed["removed"]) == (3, 3)
    after = origins(kept)
    assert len(set(after) & set(before)) == 2
    # In the order of the folder: the one that changed stands where it stood.
    assert list(after)[1:] == list(before)[1:]

    (folder / "a0.jpg").write_bytes(a_jpeg(PARIS, color=(0, 250, 250)))
    assert told(folder, out, "--library", kept)["photos"] == 4
    grown, was = list(origins(kept)), list(after)
    assert [grown[0], *grown[2:]] == was

    (folder / "b.jpg").unlink()
    gone = told(folder, out, "--library", kept)
    assert (gone["photos"], gone["removed"]) == (3, 3)
    now = {name for name in times(out) if name.startswith("p/")}
    assert len(now) == 9
    assert len(now & pictures) == 3  # of three photos one is as it was on the first day
    assert len(list((kept / "blobs").rglob("original*"))) == 3


def test_an_export_of_a_library_is_what_a_first_one_would_be(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    (folder / "c.jpg").write_bytes(a_jpeg(PARIS, color=(1, 2, 3)))
    (folder / "a.jpg").unlink()
    told(folder, out, "--library", kept)
    told(folder, tmp_path / "fresh")

    def contents(where: Path) -> list[bytes]:
        return sorted(one.read_bytes() for one in (where / "p").iterdir())

    assert contents(out) == contents(tmp_path / "fresh")
    assert len(contents(out)) == 9


def test_a_file_that_was_only_touched_is_not_taken_in_again(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    before = origins(kept)
    os.utime(folder / "a.jpg", (1, 1))
    (folder / "b.jpg").write_bytes((folder / "b.jpg").read_bytes())
    assert told(folder, out, "--library", kept)["written"] == 0
    assert origins(kept) == before


def test_an_edit_that_keeps_size_and_time_is_seen(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    before = origins(kept)
    old, status = (folder / "a.jpg").read_bytes(), (folder / "a.jpg").stat()
    at = old.rindex(b"\xff\xd9")
    (folder / "a.jpg").write_bytes(old[: at - 1] + bytes([old[at - 1] ^ 1]) + old[at:])
    os.utime(folder / "a.jpg", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (folder / "a.jpg").stat().st_size == status.st_size
    told(folder, out, "--library", kept)
    assert len(set(origins(kept)) & set(before)) == 2


def test_captions_of_the_library_are_shown_and_stay(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    library, album = the_album(kept)
    for caption in ("Under the lime trees", "Below the lime trees"):
        seen = library.album(album)
        library.save(seen.with_photo(attrs.evolve(seen.photos[0], caption=caption)))
        edited = told(folder, out, "--library", kept)
        assert edited["written"] == 1  # the page
        assert caption in (out / "index.html").read_text("utf-8")
    # The photo is developed anew: its caption is still its caption.
    (folder / "a.jpg").write_bytes(a_jpeg(LISBON, color=(5, 5, 5)))
    told(folder, out, "--library", kept)
    page = (out / "index.html").read_text("utf-8")
    assert "Below the lime trees" in page
    assert "Under" not in page


KILLED = """
import os, signal, sys
from photoprivacy.cli._export_kept import Kept
from photoprivacy.library import group_files

def two_and_no_more(folder):
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    for number, group in enumerate(group_files(one for one in paths if os.path.isfile(one))):
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield group

def missed(*words):
    raise SystemExit(words)

kept, folder = sys.argv[1:]
with Kept.at(kept, folder, lasting=True) as library:
    library.take_in(two_and_no_more(folder), folder, "Killed", video=False, missed=missed)
"""


def test_a_run_that_was_killed_is_gone_on_with(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    (folder / "c.jpg").write_bytes(a_jpeg(PARIS, color=(1, 2, 3)))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, kept, folder],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    begun = origins(kept)
    assert len(begun) == 2
    # The line that was being written, and a photo of which no line tells any more.
    with (kept / "private" / "export.jsonl").open("a") as log:
        log.write('["photo", "c.jpg", "beg')
    library, album = the_album(kept)
    library.add(album, a_jpeg(None, color=(3, 3, 3)))

    assert told(folder, out, "--library", kept)["photos"] == 4
    assert set(begun) < set(origins(kept))
    assert len(origins(kept)) == 4
    assert told(folder, out, "--library", kept)["written"] == 0


FULL = """
import resource, signal, sys
from photoprivacy.cli._app import app

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
app(sys.argv[2:])
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX's")
def test_a_disk_that_takes_no_more_is_said_so_and_the_next_run_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    before = origins(kept)
    large = a_jpeg(PARIS, color=(1, 2, 3)) + bytes(600_000)
    (folder / "c.jpg").write_bytes(large)
    done = subprocess.run(
        [sys.executable, "-c", FULL, "500000", "export", folder, out, "--library", kept],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False, timeout=120, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert origins(kept) == before
    assert told(folder, out, "--library", kept)["photos"] == 4
    assert set(before) < set(origins(kept))


def test_nothing_private_stands_in_the_export_and_nobody_else_reads_the_library(
    folder: Path, tmp_path: Path
) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    secrets = [
        *(one.read_bytes() for one in folder.rglob("*.jpg")),
        (kept / "private" / "keys.json").read_bytes(),
        str(kept).encode(),
        str(folder).encode(),
        *(identity.encode() for identity in origins(kept)),
        *(digest.encode() for digest in origins(kept).values()),
    ]
    public = [one.read_bytes() for one in out.rglob("*") if one.is_file()]
    assert len(public) > 12
    assert not any(secret in data for secret in secrets for data in public)
    assert all(not inspect(one).violations() for one in (out / "p").iterdir())
    if os.name == "posix":
        for place in (kept / "private", kept / "blobs"):
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert stat.S_IMODE((kept / "private" / "export.jsonl").stat().st_mode) == 0o600


def test_a_library_that_is_deleted_is_forgotten(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    shutil.rmtree(kept)
    again = told(folder, out, "--library", kept)
    # Another link: every file has another name, and what stood there is gone.
    assert (again["photos"], again["removed"]) == (3, 9)
    assert len(list((out / "p").iterdir())) == 9


def test_each_grant_has_a_link_of_its_own_and_keeps_it(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    made = times(kept / "blobs")
    less = told(folder, out, "--library", kept, "--no-download", "--location", "country")
    assert less["removed"] >= 9
    assert len(list((out / "p").iterdir())) == 6
    assert told(folder, out, "--library", kept)["removed"] >= 6
    assert len(list((out / "p").iterdir())) == 9
    assert told(folder, out, "--library", kept)["written"] == 0
    assert times(kept / "blobs") == made  # nothing was drawn anew for that
    library, album = the_album(kept)
    assert len(library.shares(album)) == 2


def test_every_seal_of_a_library_is_a_new_one(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = told(folder, tmp_path / "one", "--sealed", "--library", kept)
    made = times(kept / "blobs")
    second = told(folder, tmp_path / "two", "--sealed", "--library", kept)
    assert times(kept / "blobs") == made
    assert first["key"] != second["key"]
    names = [{one.name for one in (tmp_path / each / "d").iterdir()} for each in ("one", "two")]
    assert len(names[0]) == len(names[1]) == 9
    assert not names[0] & names[1]
    assert unseal(tmp_path / "two", second["key"]).verify() > 0


def test_a_library_is_of_one_folder_and_stands_apart(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    for place in (folder / "kept", folder, out, out / "kept", tmp_path):
        result = run("export", folder, out, "--library", place)
        assert result.exit_code == 2, result.output
    assert not out.exists()
    told(folder, out, "--library", kept)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    result = run("export", other, tmp_path / "second", "--library", kept)
    assert result.exit_code == 3
    assert "another folder" in result.stderr
    assert not (tmp_path / "second").exists()


def test_a_folder_of_something_else_is_no_library(folder: Path, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "letter.txt").write_text("Dear", "utf-8")
    mine = tmp_path / "mine"
    Library.at(mine).create_album("An app's own")
    for place in (letters, mine):
        before = times(place)
        result = run("export", folder, tmp_path / "out", "--library", place)
        assert result.exit_code == 3
        assert "something else" in result.stderr
        assert set(times(place)) == set(before)


def test_what_a_kill_at_the_very_start_left_is_no_hindrance(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "private").mkdir(parents=True)
    (kept / "private" / "export.lock").touch()
    assert told(folder, tmp_path / "out", "--library", kept)["photos"] == 3


def test_a_lock_that_is_none_is_said_so(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    told(folder, tmp_path / "out", "--library", kept)
    (kept / "private" / "export.lock").write_bytes(b"no database" * 100)
    result = run("export", folder, tmp_path / "out", "--library", kept)
    assert result.exit_code == 3
    assert "lock" in result.stderr


def test_two_exports_do_not_work_in_one_library(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with Kept.at(str(kept), str(folder), lasting=True):
        result = run("export", folder, tmp_path / "out", "--library", kept)
        assert result.exit_code == 3
        assert "another export" in result.stderr
    assert run("export", folder, tmp_path / "out", "--library", kept).exit_code == 0


def test_what_moves_goes_along_where_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    (folder / "a.mov").write_bytes(video())  # beside a.jpg, as a Live Photo has it
    (folder / "b.jpg").write_bytes(a_jpeg(PARIS) + video())  # inside, as Google appends it
    without = told(folder, out, "--library", kept)
    assert without["photos"] == 3
    assert {one.suffix for one in (out / "p").iterdir()} == {".jpg"}
    told(folder, out, "--library", kept, "--video")
    assert sorted(one.suffix for one in (out / "p").iterdir()) == [*[".jpg"] * 9, *[".mp4"] * 2]
    assert told(folder, out, "--library", kept, "--video")["written"] == 0
    assert run("export", folder, out, "--video", "--no-download").exit_code == 2


def test_a_photo_that_cannot_be_read_any_more_leaves_the_export(
    folder: Path, tmp_path: Path
) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    told(folder, out, "--library", kept)
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    result = run("export", folder, out, "--library", kept, "--json")
    assert result.exit_code == 3
    assert "a.jpg" in result.stderr
    assert json.loads(result.stdout)["photos"] == 2
    assert len(list((out / "p").iterdir())) == 6


KILLED_WITHOUT = """
import os, signal, sys
from photoprivacy.cli import main, _export

def killing(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

_export.export = killing
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="nothing kills like that on Windows")
def test_copies_that_a_killed_run_left_go_with_the_next(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(place)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WITHOUT, "export", str(folder), str(tmp_path / "out")],
        env=environment, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert len(list(place.rglob("original*"))) == 3

    monkeypatch.setattr("tempfile.tempdir", str(place))
    assert told(folder, tmp_path / "out")["photos"] == 3
    assert list(place.iterdir()) == []
    assert len(list(folder.rglob("*.jpg"))) == 3
