"""Where the files of a sealed album are read from: a folder, or one HTML file."""

from __future__ import annotations

import base64
import binascii
import mmap
import os
import re
import stat
from typing import Final, Protocol

from photoprivacy.errors import DamagedSeal

_PIECE: Final = 1024 * 1024
# No element holds more than a piece: one that is decoded takes so much memory, whoever wrote it.
_ELEMENT: Final = re.compile(
    rb'<script type="application/octet-stream" id="'
    rb'(album\.seal|d/[0-9a-f]{32}\.bin)#([0-9]{1,9})">'
    rb"([A-Za-z0-9+/]{0,%d}={0,2})</script>" % (-(-_PIECE // 3) * 4)
)


class Source(Protocol):
    """Gives bytes of files by name."""

    def size(self, path: str) -> int | None:
        """Return how long a file is, or ``None`` where there is none."""

    def read(self, path: str, start: int, stop: int) -> bytes:
        """Return the bytes from *start* to *stop*, fewer where there are no more."""


class _Folder:
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def size(self, path: str) -> int | None:
        try:
            status = os.stat(os.path.join(self._folder, path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def read(self, path: str, start: int, stop: int) -> bytes:
        with open(os.path.join(self._folder, path), "rb") as file:
            file.seek(start)
            return file.read(stop - start)


class _Html:
    """Looks its elements up once, and decodes the one that is asked for."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            try:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise DamagedSeal(os.path.basename(path), "is empty") from None
        self._last: tuple[tuple[int, int], bytes] = (0, 0), b""
        self._spans: dict[str, dict[int, tuple[int, int]]] = {}
        for match in _ELEMENT.finditer(self._data):
            spans = self._spans.setdefault(match[1].decode(), {})
            spans.setdefault(int(match[2]), match.span(3))

    def size(self, path: str) -> int | None:
        spans = self._spans.get(path)
        if spans is None:
            return None
        return sum(self._length(spans[n]) for n in range(len(spans)) if n in spans)

    def read(self, path: str, start: int, stop: int) -> bytes:
        made = b""
        for number in range(start // _PIECE, -(-stop // _PIECE)):
            span = self._spans[path].get(number)
            piece = b"" if span is None else self._decoded(span)
            at = number * _PIECE
            made += piece[max(0, start - at) : stop - at]
        return made

    def _length(self, span: tuple[int, int]) -> int:
        start, stop = span
        filling = self._data[max(start, stop - 2) : stop].count(b"=")
        return (stop - start) // 4 * 3 - filling

    def _decoded(self, span: tuple[int, int]) -> bytes:
        # Chunks are smaller than elements: one element is asked for again and again.
        known, data = self._last
        if known != span:
            try:
                data = base64.b64decode(self._data[slice(*span)], validate=True)
            except binascii.Error:
                data = b""
            self._last = span, data
        return data


def source_of(path: str | os.PathLike[str]) -> Source:
    """Return what reads the sealed album at *path*.

    Raises:
        OSError: There is nothing, or it may not be read.
        DamagedSeal: It is an empty file.
    """
    name = os.fspath(path)
    return _Folder(name) if os.path.isdir(name) else _Html(name)
