"""From one open file to another: the same copy as in memory, with one copy in memory."""

from __future__ import annotations

import functools
import io
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from fuzz.mutate import POLICIES, seeds
from photoprivacy import _spool, strip, strip_stream
from photoprivacy.errors import LimitExceeded, PhotoPrivacyError
from photoprivacy.limits import Limits


@functools.cache
def big_jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).save(file, "jpeg", quality=90, comment=b"from Lisbon")
    return file.getvalue()


class OneByteLess(io.BytesIO):
    """A raw file as the system gives it: it takes what it likes, and says how much."""

    def write(self, data: object, /) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        return super().write(view[: max(len(view) - 1, 1)])


class WithoutSeek:
    """A body as it comes from a network: bytes, and no word on how many."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int = -1, /) -> bytes:
        return self._file.read(size)


@pytest.mark.parametrize("name", seeds())
def test_a_copy_that_waits_on_disk_is_checked_and_written_as_in_memory(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_spool, "_BIG", 0)
    for policy in POLICIES:
        here, there = strip(seeds()[name], policy), io.BytesIO()

        told = strip_stream(io.BytesIO(seeds()[name]), there, policy)

        assert there.getvalue() == here.data
        assert (told.changed, told.removed, told.kept) == (here.changed, here.removed, here.kept)


def test_of_a_big_file_only_the_source_is_held_in_memory(tmp_path: Path) -> None:
    data = big_jpeg()
    (tmp_path / "in.jpg").write_bytes(data)
    strip(data)  # modules are loaded
    tracemalloc.start()
    try:
        with (tmp_path / "in.jpg").open("rb") as src, (tmp_path / "out.jpg").open("wb") as dst:
            strip_stream(src, dst)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len(data) > 1 << 20
    assert peak < 1.1 * len(data) + (1 << 16)
    assert (tmp_path / "out.jpg").read_bytes() == strip(data).data
    assert [one.name for one in tmp_path.iterdir()] == ["in.jpg", "out.jpg"]


def test_a_body_without_a_size_and_a_file_that_takes_less_than_it_is_given() -> None:
    data, dst = big_jpeg(), OneByteLess()

    strip_stream(WithoutSeek(data), dst)  # type: ignore[arg-type]

    assert dst.getvalue() == strip(data).data


def test_a_source_is_read_from_where_it_stands() -> None:
    src, dst = io.BytesIO(b"head" + big_jpeg()), io.BytesIO()
    src.seek(4)

    strip_stream(src, dst)

    assert dst.getvalue() == strip(big_jpeg()).data


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole() -> None:
    with pytest.raises(LimitExceeded):
        strip_stream(io.BytesIO(big_jpeg()), io.BytesIO(), limits=Limits(max_bytes=1000))


@pytest.mark.parametrize("data", [b"", b"text", big_jpeg()[:2000]], ids=["empty", "text", "cut"])
def test_nothing_is_written_of_what_is_refused(data: bytes) -> None:
    dst = io.BytesIO()

    with pytest.raises(PhotoPrivacyError):
        strip_stream(io.BytesIO(data), dst)

    assert dst.getvalue() == b""


class Full(io.RawIOBase):
    """A pipe that does not wait, and is full after a few bytes."""

    def __init__(self, answer: int | None) -> None:
        self.answer, self.taken = answer, 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int | None:
        if self.taken:
            return self.answer
        self.taken = 20
        return 20


@pytest.mark.parametrize("answer", [None, 0])
def test_a_target_that_takes_no_more_is_an_error_and_no_success(answer: int | None) -> None:
    with pytest.raises(BlockingIOError):
        strip_stream(io.BytesIO(big_jpeg()), Full(answer))  # type: ignore[arg-type]
