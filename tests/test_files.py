"""The atomic write: old or new, never between."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from photoprivacy._files import replace_file

CALLS = ("open", "write", "fchmod", "fsync", "close", "replace")

#: Dies by itself at one system call of `replace_file`, right before or right after it.
KILLED = """
import os, signal, sys
from photoprivacy._files import replace_file

path, call, turn, moment = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
real, calls = getattr(os, call), 0

def at_last(*args, **kwargs):
    global calls
    calls += 1
    if calls == turn and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = real(*args, **kwargs)
    if calls == turn:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

setattr(os, call, at_last)
replace_file(path, (b"new" * 1000, b"er" * 1000), overwrite=True)
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


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_failing_system_call_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
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


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda fd, view: real(fd, bytes(view[:3])))
        replace_file(tmp_path / "new", (b"0123456789",))

    assert (tmp_path / "new").read_bytes() == b"0123456789"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("call", "turn"),
    [*((call, 1) for call in CALLS), ("write", 2), ("open", 2), ("fsync", 2), ("close", 2)],
)
def test_killed_at_any_system_call_the_file_is_old_or_new(
    tmp_path: Path, call: str, turn: int, moment: str
) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(old), call, str(turn), moment], check=False, timeout=60
    )

    assert ended.returncode == -signal.SIGKILL
    swapped = call == "replace" and moment == "after"
    swapped |= turn == 2 and call in ("open", "fsync", "close")  # those of the folder
    assert old.read_bytes() == (b"new" * 1000 + b"er" * 1000 if swapped else b"old")
    # What a killed process leaves has a name that says nothing, and is hidden.
    assert all(len(name) == 29 and name.endswith(".tmp") for name in leftovers(tmp_path))


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
