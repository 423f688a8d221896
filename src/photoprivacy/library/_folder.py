"""Blobs in a folder that only its owner can read; and the keys beside them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
from typing import Final

from photoprivacy._files import replace_file
from photoprivacy.errors import StoreError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}")


def private_folder(path: str) -> str:
    """Make *path* a folder of its owner alone, and return it.

    Raises:
        OSError: The disk says no.
    """
    os.makedirs(path, mode=0o700, exist_ok=True)
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077 and os.name == "posix":
        os.chmod(path, 0o700)
    return path


class FolderBlobs:
    """A `BlobStore` in a folder: one file a blob, owner-only, replaced atomically.

    Args:
        folder: Where. It is made when missing, and closed to others.

    Raises:
        OSError: The disk says no.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = private_folder(os.fspath(folder))

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*: the file is there whole, or not at all."""
        path = self._path(key)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        replace_file(path, (data,), overwrite=True)
        os.chmod(path, 0o600)

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None``."""
        try:
            with open(self._path(key), "rb") as file:
                file.seek(start)
                return file.read() if stop is None else file.read(max(0, stop - start))
        except FileNotFoundError:
            return None

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None``."""
        try:
            return os.stat(self._path(key)).st_size
        except FileNotFoundError:
            return None

    def remove(self, prefix: str, /) -> None:
        """Forget everything under *prefix*."""
        path = self._path(prefix)
        if os.path.isdir(path):
            # A derivative may land while we sweep: what is gone is gone, then look again.
            for _ in range(3):
                shutil.rmtree(path, ignore_errors=True)
                if not os.path.exists(path):
                    return
            shutil.rmtree(path)
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def _path(self, key: str) -> str:
        names = key.split("/")
        if not all(_NAME.fullmatch(name) for name in names):
            msg = "a blob's key is names of lower-case letters, digits, dots and hyphens"
            raise ValueError(msg)
        return os.path.join(self._folder, *names)


def load_keys(path: str) -> dict[int, bytes]:
    """Return the signing keys of file *path*, made on first use, readable by its owner only.

    Raises:
        StoreError: The file is damaged, or others may read it.
        OSError: The disk says no.
    """
    if not os.path.exists(path):
        fresh = json.dumps({"1": secrets.token_bytes(32).hex()}).encode()
        # Whoever comes second takes the keys of whoever came first. The folder is
        # private, so nobody reads the file before its mode is set.
        with contextlib.suppress(FileExistsError):
            replace_file(path, (fresh,))
            os.chmod(path, 0o600)
    with open(path, "rb") as file:
        text = file.read(1 << 16)
    try:
        return {int(number): bytes.fromhex(key) for number, key in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError):
        raise StoreError("the file of signing keys is damaged") from None
