"""Where photos come from: read once, bounded, and never by name."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from photoprivacy._source import read_head, read_source
from photoprivacy.errors import LimitExceeded
from photoprivacy.limits import Limits

SMALL = Limits(max_bytes=10)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, io.BytesIO])
def test_bytes_and_files_are_read(make: type) -> None:
    assert read_source(make(b"0123456789"), SMALL) == b"0123456789"


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, io.BytesIO])
def test_more_than_the_limit_is_refused(make: type) -> None:
    with pytest.raises(LimitExceeded):
        read_source(make(b"0123456789A"), SMALL)


def test_a_path_is_read_and_bounded(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"0123456789")

    assert read_source(tmp_path / "photo", SMALL) == b"0123456789"
    assert read_source(str(tmp_path / "photo"), SMALL) == b"0123456789"
    with pytest.raises(LimitExceeded):
        read_source(tmp_path / "photo", Limits(max_bytes=9))


def test_a_directory_is_not_a_photo(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_source(tmp_path, SMALL)


def test_a_pipe_that_nobody_writes_to_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(OSError, match="not a regular file"):
        read_source(tmp_path / "pipe", SMALL)


def test_an_endless_file_is_stopped() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            return b"x" * max(size, 1)

    with pytest.raises(LimitExceeded):
        read_source(Endless(), Limits(max_bytes=5_000_000))


def test_a_text_file_object_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        read_source(io.StringIO("text"), SMALL)  # type: ignore[arg-type]


def test_other_things_are_no_source() -> None:
    with pytest.raises(TypeError):
        read_source(42, SMALL)  # type: ignore[arg-type]


def test_a_head_is_no_longer_than_asked(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"0123456789")

    assert read_head(tmp_path / "photo", 4) == b"0123"
    assert read_head(tmp_path / "photo", 40) == b"0123456789"


def test_a_directory_is_named_and_nothing_stays_open(tmp_path: Path) -> None:
    for _ in range(3):
        with pytest.raises(IsADirectoryError) as caught:
            read_source(tmp_path, Limits())
        assert caught.value.filename == str(tmp_path)
    free = os.dup(0)
    os.close(free)
    with pytest.raises(IsADirectoryError):
        read_source(tmp_path, Limits())
    again = os.dup(0)
    os.close(again)
    assert again == free
