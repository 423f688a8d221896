"""The atomic write: old or new, never between."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from photoprivacy._files import replace_file

CALLS = ("open", "write", "fchmod", "fsync", "close", "replace")


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
