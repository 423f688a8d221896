"""The atomic write: old or new, never between."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from photoprivacy import _files
from photoprivacy._files import replace_file

CALLS = ("open", "write", "fchmod", "fsync", "link", "close", "replace")

#: Dies by itself at one system call of `replace_file`, right before or right after it, and says
#: which were done until then.
KILLED = """
import os, signal, sys
from photoprivacy import _files

path, turn, moment, overwrite = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4] == "over"
if sys.argv[5] == "named":
    _files._unnamed = lambda folder, mode: None
say, done = os.write, 0

def counted(name):
    real = getattr(os, name)

    def call(*args, **kwargs):
        global done
        done += 1
        if done == turn and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*args, **kwargs)
        say(1, name.encode() + b" ")
        if done == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(os, name, call)

for name in sys.argv[6:]:
    counted(name)
_files.replace_file(path, (b"new" * 1000, b"er" * 1000), overwrite=overwrite)
"""

#: A disk that is full after so many bytes, as the kernel tells it.
FULL = """
import resource, signal, sys
from photoprivacy._files import replace_file

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    replace_file(sys.argv[1], (b"new" * 1000, b"er" * 1000), overwrite=True)
except OSError as error:
    print(error.errno)
"""


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".")]


def test_a_new_file_is_written_whole(tmp_path: Path) -> None:
    replace_file(tmp_path / "new", (b"one", memoryview(b"two")))

    assert (tmp_path / "new").read_bytes() == b"onetwo"
    assert not leftovers(tmp_path)


def test_an_existing_file_is_refused_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")

    with pytest.raises(FileExistsError):
        replace_file(tmp_path / "old", (b"new",))

    assert (tmp_path / "old").read_bytes() == b"old"


def test_permissions_of_a_replaced_file_stay(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    old.chmod(0o640)

    replace_file(old, (b"new",), overwrite=True)

    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert old.read_bytes() == b"new"


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")

    replace_file(tmp_path / "link", (b"new",), overwrite=True)

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.fixture(params=["unnamed", "named"])
def naming(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether files may be without a name: not every file system has such."""
    if request.param == "named":
        monkeypatch.setattr(_files, "_unnamed", lambda _folder, _mode: None)
    elif sys.platform != "linux":
        pytest.skip("Linux alone has files without names")
    return str(request.param)


#: Where and at which call it may fail: a file with a name replaces another without a link.
FAILING = [
    (naming, call) for naming in ("unnamed", "named") for call in CALLS
    if (naming, call) != ("named", "link")
]  # fmt: skip


@pytest.mark.parametrize(("naming", "call"), FAILING, indirect=["naming"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_failing_system_call_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, naming: str, call: str, code: int
) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    real = getattr(os, call)

    def fail(*args: object, **kwargs: object) -> None:
        if call == "close":
            real(*args, **kwargs)
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(OSError, match=os.strerror(code)):
            replace_file(old, (b"new",), overwrite=True)

    assert old.read_bytes() == b"old"
    assert not leftovers(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has files without names")
@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("code", [errno.EXDEV, errno.EACCES, errno.ENOENT])
def test_where_an_unnamed_file_gets_no_name_the_bytes_are_written_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, *, overwrite: bool
) -> None:
    path, real, looks = tmp_path / "photo", os.link, []
    if overwrite:
        path.write_bytes(b"old")
        path.chmod(0o640)

    def link(source: str, name: str, **options: Any) -> None:
        if source.startswith("/proc/"):
            raise OSError(code, os.strerror(code))
        real(source, name, **options)

    monkeypatch.setattr(os, "link", link)
    replace_file(
        path, iter([b"one", b"two"]), overwrite=overwrite, mode=0o640, times=(10**18, 10**18),
        check=lambda whole: looks.append(bytes(whole)),
    )  # fmt: skip

    assert path.read_bytes() == b"onetwo"
    assert looks == [b"onetwo"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_mtime_ns == 10**18
    assert os.listdir(tmp_path) == ["photo"]

    with pytest.raises(FileExistsError):
        replace_file(path, (b"other",))


@pytest.mark.usefixtures("naming")
def test_what_fails_its_check_is_written_nowhere(tmp_path: Path) -> None:
    seen = []

    def refuse(data: bytes) -> None:
        seen.append((data[:], leftovers(tmp_path)))
        raise ValueError("not clean")

    for name in ("old", "new"):
        (tmp_path / "old").write_bytes(b"old")
        with pytest.raises(ValueError, match="not clean"):
            replace_file(tmp_path / name, (b"one", b"two"), overwrite=True, check=refuse)

    # What is looked at is all of it, and there is no name for it yet.
    assert seen == [(b"onetwo", [])] * 2
    assert (tmp_path / "old").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["old"]


@pytest.mark.usefixtures("naming")
def test_what_passes_its_check_is_what_is_written(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def note(data: bytes) -> None:
        seen.append(data[:])

    for overwrite in (False, True):
        for parts in ((b"one", memoryview(b"two")), (b"",), ()):
            target = tmp_path / f"{overwrite}{len(parts)}"
            seen.clear()
            replace_file(target, parts, overwrite=overwrite, check=note)
            assert seen == [b"".join(parts)] == [target.read_bytes()]
    assert len(os.listdir(tmp_path)) == 6


@pytest.mark.usefixtures("naming")
def test_times_go_over_only_when_they_are_given(tmp_path: Path) -> None:
    long_ago = (1_000_000_000_123_456_789, 1_100_000_000_123_456_789)
    replace_file(tmp_path / "old", (b"x",), times=long_ago)
    replace_file(tmp_path / "new", (b"x",))

    assert (tmp_path / "old").stat().st_mtime_ns == long_ago[1]
    assert time.time() - (tmp_path / "new").stat().st_mtime < 600


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda fd, view: real(fd, bytes(view[:3])))
        replace_file(tmp_path / "new", (b"0123456789",))

    assert (tmp_path / "new").read_bytes() == b"0123456789"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("over", ["over", "beside"])
def test_killed_at_any_system_call_the_file_is_old_or_new(
    tmp_path: Path, naming: str, over: str, moment: str
) -> None:
    new = b"new" * 1000 + b"er" * 1000
    finished, turn = False, 0
    while not finished:
        turn += 1
        folder = tmp_path / str(turn)
        folder.mkdir()
        path = folder / "photo"
        if over == "over":
            path.write_bytes(b"old")
        words = (str(path), str(turn), moment, over, naming, *CALLS)
        ended = subprocess.run(
            [sys.executable, "-c", KILLED, *words], check=False, timeout=60, capture_output=True
        )
        done = ended.stdout.decode().split()
        finished = ended.returncode == 0
        assert finished or ended.returncode == -signal.SIGKILL
        # What a killed process leaves has a name that says nothing, and is hidden.
        assert all(len(name) == 29 and name.endswith(".tmp") for name in leftovers(folder))
        if over == "over":
            assert path.read_bytes() == (new if "replace" in done else b"old")
        else:
            assert path.exists() == ("link" in done)
            assert not path.exists() or path.read_bytes() == new
        if naming == "unnamed" and (over == "beside" or "link" not in done):
            assert not leftovers(folder)
    assert turn > 9


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
@pytest.mark.parametrize("room", [0, 1, 2999, 3000, 4999])
def test_a_disk_that_fills_up_leaves_the_old_file_and_no_litter(tmp_path: Path, room: int) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")

    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(old), str(room)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.stdout.strip() == str(errno.EFBIG)
    assert old.read_bytes() == b"old"
    assert not leftovers(tmp_path)


def test_a_new_file_is_no_more_open_than_it_may_be(tmp_path: Path) -> None:
    replace_file(tmp_path / "closed", (b"new",), mode=0o600)

    assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_who_owned_a_replaced_file_still_does(tmp_path: Path) -> None:
    path = tmp_path / "hers"
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    path.chmod(0o600)

    replace_file(path, (b"new",), overwrite=True)

    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 23456, 0o600)
