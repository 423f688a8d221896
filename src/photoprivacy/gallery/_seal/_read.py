"""Opens a sealed album in Python: to check one, to take the photos out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from photoprivacy.errors import DamagedSeal
from photoprivacy.gallery._copies import Progress
from photoprivacy.gallery._seal import _stream
from photoprivacy.gallery._seal._format import (
    CHUNK,
    ENTRY,
    FILE_HEADER,
    FORMAT,
    HEADER,
    SALT,
    TAG,
    Header,
    Keys,
    opened,
)
from photoprivacy.gallery._seal._key import from_words
from photoprivacy.gallery._seal._source import Source, source_of

_PATH: Final = re.compile(r"d/[0-9a-f]{32}\.bin")
_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_MOST_MANIFEST: Final = 256 * 1024 * 1024
_LIST: Final = "the list of files"


@attrs.frozen(kw_only=True)
class UnsealedFile:
    """One file of a sealed album, as its manifest says.

    Attributes:
        path: Its name on the host.
        length: Bytes of its content.
        size: Bytes as stored.
        chunks: How many chunks those are in.
        media_type: For example ``"image/jpeg"``.
    """

    path: str
    length: int
    size: int
    chunks: int
    media_type: str
    _salt: bytes = attrs.field(repr=False)


class Unsealed:
    """A sealed album that was opened. Its list of files is genuine; each file is looked at as read.

    Attributes:
        album: What the page shows: title, sections, photos (docs/sealed-format.md).
        files: The files, in the order in which `album` counts them.
    """

    def __init__(
        self, source: Source, keys: Keys, files: tuple[UnsealedFile, ...], album: dict[str, Any]
    ) -> None:
        self.album = album
        self.files = files
        self._source = source
        self._keys = keys
        self._salts = {file._salt for file in files}  # noqa: SLF001 - both are of this module

    def chunks(self, file: UnsealedFile) -> Iterator[bytes]:
        """Yield the content of *file*, piece by piece, each when it was found genuine.

        Raises:
            DamagedSeal: It is missing, damaged, cut short, exchanged or of another seal. What was
                yielded before is genuine, and the beginning of the file.
            MissingExtra: The extra ``seal`` is not installed.
            OSError: The disk says no.
        """
        header = self._checked(file)
        left = file.length
        stored = (
            self._source.read(file.path, at, min(at + CHUNK + TAG, file.size))
            for at in range(FILE_HEADER, file.size, CHUNK + TAG)
        )
        keys = self._keys.stream(file._salt, "file")  # noqa: SLF001
        for piece in _stream.opened(stored, file.chunks, keys, header, file.path):
            content = piece[:left]
            left -= len(content)
            yield content

    def read(self, file: UnsealedFile) -> bytes:
        """Return the content of *file*, whole.

        Raises:
            The same as `chunks`.
        """
        return b"".join(self.chunks(file))

    def verify(self, progress: Progress | None = None) -> int:
        """Decrypt everything, keep nothing, and return how many bytes were genuine.

        Raises:
            The same as `chunks`, for the first file that is not as it was sealed.
        """
        done, genuine, of = 0, 0, sum(file.size for file in self.files)
        for file in self.files:
            genuine += sum(len(piece) for piece in self.chunks(file))
            done += file.size
            if progress is not None:
                progress("verify", done, of)
        return genuine

    def _checked(self, file: UnsealedFile) -> bytes:
        size = self._source.size(file.path)
        if size is None:
            raise DamagedSeal(file.path, "is missing")
        header = self._source.read(file.path, 0, FILE_HEADER)
        album, salt = header[:-SALT], header[-SALT:]
        if len(header) == FILE_HEADER and album != self._keys.album:
            raise DamagedSeal(file.path, "is from another seal, an older copy perhaps")
        if len(header) == FILE_HEADER and salt != file._salt and salt in self._salts:  # noqa: SLF001
            raise DamagedSeal(file.path, "was exchanged for another file")
        if size != file.size:
            raise DamagedSeal(file.path, "is cut short" if size < file.size else "is too long")
        if salt != file._salt:  # noqa: SLF001
            raise DamagedSeal(file.path, "is damaged, or an older copy")
        return header


def unseal(path: str | os.PathLike[str], key: str, *, password: str | None = None) -> Unsealed:
    """Open a sealed album.

    Args:
        path: The HTML file, or the folder.
        key: The link, what stands behind its ``#``, or the typed key.
        password: If it has one.

    Raises:
        WrongKey: *key* is none, or another album's.
        WrongPassword: The password is not it, or needed.
        DamagedSeal: It is no sealed album, or something in it is not what was sealed.
        MissingExtra: The extra ``seal`` is not installed.
        OSError: The disk says no.
    """
    secret = from_words(key)
    _stream.aesgcm()
    source = source_of(path)
    size = source.size(ENTRY)
    if size is None:
        raise DamagedSeal(ENTRY, "is missing")
    data = source.read(ENTRY, 0, HEADER)
    header, keys = opened(data, secret, password)
    if header.manifest_bytes > _MOST_MANIFEST:
        raise DamagedSeal(_LIST, "is too long")
    if size != HEADER + _stream.stored(header.manifest_bytes):
        raise DamagedSeal(_LIST, "is cut short, or something was added")
    told = _manifest(source, header, keys, data, size)
    try:
        if told["format"] != FORMAT:
            raise DamagedSeal(_LIST, "is of a version that is not known here")
        files = tuple(_file(one) for one in told["files"])
        album = dict(told["album"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DamagedSeal(_LIST, "is not as it should be") from None
    return Unsealed(source, keys, files, album)


def _manifest(source: Source, header: Header, keys: Keys, data: bytes, size: int) -> Any:
    stored = (
        source.read(ENTRY, at, min(at + CHUNK + TAG, size))
        for at in range(HEADER, size, CHUNK + TAG)
    )
    stream = keys.stream(header.manifest_salt, "manifest")
    count = _stream.chunks_of(header.manifest_bytes)
    text = b"".join(_stream.opened(stored, count, stream, data, _LIST))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedSeal(_LIST, "is not as it should be") from None


def _file(told: Any) -> UnsealedFile:
    """Return a file of the manifest.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is not described as it should be.
    """
    length, size, chunks = (told[name] for name in ("length", "size", "chunks"))
    if not all(type(number) is int and number >= 0 for number in (length, size, chunks)):
        raise ValueError
    filled = size - FILE_HEADER - TAG * chunks
    if not length <= filled or _stream.chunks_of(filled) != chunks:
        raise ValueError
    salt = bytes.fromhex(told["salt"])
    if len(salt) != SALT or not _PATH.fullmatch(told["path"]) or not _TYPE.fullmatch(told["type"]):
        raise ValueError
    return UnsealedFile(
        path=told["path"], length=length, size=size, chunks=chunks, media_type=told["type"],
        salt=salt,
    )  # fmt: skip
