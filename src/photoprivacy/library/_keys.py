"""Signing keys in a file of their owner's: made, read, and followed by new ones."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from collections.abc import Iterator
from typing import Final

from photoprivacy._files import replace_file
from photoprivacy.errors import StoreError
from photoprivacy.sharing import ShareSigner

_LAST: Final = 255  # a key's number is a byte of the token
_LONGEST: Final = 1 << 16


def make_keys(path: str | os.PathLike[str]) -> None:
    """Write a file with one fresh signing key, readable by its owner only.

    Raises:
        FileExistsError: There is one: a key that is overwritten takes its links along.
        OSError: The disk says no.
    """
    _write(path, {1: secrets.token_bytes(32)}, overwrite=False)


def add_key(path: str | os.PathLike[str]) -> int:
    """Add a fresh key that signs from now on, and return its number; older links stay good.

    Whoever has read the file before signs with the older key until it reads it again.

    Raises:
        StoreError: The file is damaged, others may read it, or all 255 numbers are taken.
        OSError: The disk says no.
    """
    # Two at once would both take the next number, and links of one of them would be lost.
    with _alone(path):
        keys = load_keys(path)
        number = max(keys) + 1
        if number > _LAST:
            raise StoreError("all numbers of keys are taken: begin a new file")
        _write(path, keys | {number: secrets.token_bytes(32)}, overwrite=True)
        return number


def load_keys(path: str | os.PathLike[str]) -> dict[int, bytes]:
    """Return the signing keys of a file by their number, for a `ShareSigner`.

    Raises:
        StoreError: The file is damaged, or others than its owner may read it.
        OSError: The disk says no.
    """
    with open(path, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if os.name == "posix" and mode & 0o077:
            # They may have been read already; that is for the owner to judge.
            raise StoreError("others than its owner may read the file of signing keys")
        text = file.read(_LONGEST)
    try:
        keys = {int(number): bytes.fromhex(key) for number, key in json.loads(text).items()}
        ShareSigner(keys)  # refuses short keys, odd numbers, and none at all
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise StoreError("the file of signing keys is damaged") from None
    return keys


def own_keys(path: str) -> dict[int, bytes]:
    """Return the keys of file *path*, which is made when missing.

    Raises:
        StoreError: As `load_keys`.
        OSError: The disk says no.
    """
    # Whoever comes second takes the keys of whoever came first.
    with contextlib.suppress(FileExistsError):
        make_keys(path)
    return load_keys(path)


@contextlib.contextmanager
def _alone(path: str | os.PathLike[str]) -> Iterator[None]:
    """Let one after the other change a file, where its folder can be locked: not on Windows."""
    if os.name != "posix":
        yield
        return
    import fcntl

    folder = os.open(os.path.dirname(os.path.realpath(path)), os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems lock no folders
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: str | os.PathLike[str], keys: dict[int, bytes], *, overwrite: bool) -> None:
    text = json.dumps({str(number): key.hex() for number, key in keys.items()})
    replace_file(path, (text.encode(),), overwrite=overwrite, mode=0o600)
