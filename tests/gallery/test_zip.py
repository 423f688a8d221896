"""Archives, held against Python's and Info-ZIP's readers."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoprivacy.gallery._zip import Entry, Layout, Part

FILES = {"lisbon-01.jpg": b"one" * 700, "lisbon-02.jpg": b"", "paris-01.heic": bytes(range(256))}


def laid_out(files: dict[str, bytes]) -> Layout:
    entries = [Entry(name=n, size=len(data), crc32=zlib.crc32(data)) for n, data in files.items()]
    return Layout(entries)


def cut(layout: Layout, files: dict[str, bytes], start: int, stop: int) -> bytes:
    contents = list(files.values())
    return b"".join(
        contents[one.index][one.start : one.stop] if isinstance(one, Part) else one
        for one in layout.parts(start, stop)
    )


@pytest.mark.parametrize("files", [FILES, {"a.jpg": b"x"}, {}], ids=["three", "one", "none"])
def test_python_reads_what_went_in(files: dict[str, bytes]) -> None:
    layout = laid_out(files)
    whole = cut(layout, files, 0, layout.size)
    assert len(whole) == layout.size
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.compress_type, info.flag_bits) == (zipfile.ZIP_STORED, 0)
            assert (info.create_system, info.external_attr, info.extra) == (0, 0, b"")


def test_info_zip_finds_no_error(tmp_path: Path) -> None:
    unzip = shutil.which("unzip")
    if unzip is None:
        pytest.skip("needs unzip")
    layout = laid_out(FILES)
    path = tmp_path / "album.zip"
    path.write_bytes(cut(layout, FILES, 0, layout.size))
    done = subprocess.run([unzip, "-t", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "No errors detected" in done.stdout


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_part_by_itself_is_that_part_of_the_whole(data: st.DataObject) -> None:
    layout = laid_out(FILES)
    whole = cut(layout, FILES, 0, layout.size)
    start = data.draw(st.integers(0, layout.size))
    stop = data.draw(st.integers(start, layout.size))
    assert cut(layout, FILES, start, stop) == whole[start:stop]


def sparse(sizes: list[int]) -> tuple[Layout, int]:
    layout = Layout(
        [
            Entry(name=f"{n}.mov", size=size, crc32=zlib.crc32(bytes(size % 1000)))
            for n, size in enumerate(sizes)
        ]
    )
    total = 0
    for one in layout.parts(0, layout.size):
        total += one.stop - one.start if isinstance(one, Part) else len(one)
    return layout, total


class Holes(io.RawIOBase):
    """An archive of zeros that is as long as it says, and takes no memory."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._at = layout, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._layout.size)[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        stop = self._layout.size if size < 0 else min(self._layout.size, self._at + size)
        found = b"".join(
            bytes(one.stop - one.start) if isinstance(one, Part) else one
            for one in self._layout.parts(self._at, stop)
        )
        self._at += len(found)
        return found


@pytest.mark.parametrize(
    "sizes",
    [[5 << 30], [3 << 30, 2 << 30, 7], [0xFFFFFFFF], [0xFFFFFFFE, 1, 1], [1] * 70_000],
    ids=["big file", "big offset", "limit", "below", "many"],
)
def test_what_does_not_fit_four_bytes_is_read_back_from_eight(sizes: list[int]) -> None:
    layout, total = sparse(sizes)
    assert total == layout.size
    with zipfile.ZipFile(Holes(layout)) as archive:
        assert [one.file_size for one in archive.infolist()] == sizes
        last = archive.infolist()[-1]
        with archive.open(last) as file:  # its local header is where the directory says
            assert file.read(1) == b"\0"


def test_a_part_far_inside_is_found_without_walking_there() -> None:
    layout, _ = sparse([1000] * 10_000)
    rng = random.Random(7)
    for _ in range(100):
        start = rng.randrange(layout.size - 10)
        assert 1 <= len(list(layout.parts(start, start + 10))) <= 4
