"""Blobs in object storage, whoever provides it: S3 and what speaks like it, by fsspec."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import os
import threading
from collections.abc import Iterator
from typing import Any

from photoprivacy.errors import MissingExtra, StoreError
from photoprivacy.library._stores import BlobEntry, names_of


class ObjectBlobs:
    """A `BlobStore` in object storage: an object a blob, private to the bucket's owner.

    The region and the provider are whose the address and the options say; nothing is sent
    anywhere else. Storing one object is one step there, so a blob is there whole or not at all.

    Args:
        address: Where, as fsspec spells it: ``"s3://bucket/photos"``.
        options: What fsspec's file system takes: for S3 ``key``, ``secret``, ``endpoint_url``,
            ``client_kwargs={"region_name": …}``, ``s3_additional_kwargs`` for encryption.

    Raises:
        MissingExtra: fsspec, or its file system for this address, is not installed.
        ValueError: The address is none that fsspec knows.
    """

    def __init__(self, address: str, **options: Any) -> None:
        self._address = address
        # Another process may have changed what is there a moment ago: ask, never remember.
        self._options = options | {"use_listings_cache": False, "skip_instance_cache": True}
        self._lock = threading.Lock()
        self._opened: tuple[int, Any, str] | None = None
        self._files()

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*, whole or not at all."""
        files, path = self._at(key)
        with _told():
            files.pipe_file(path, data)

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None``."""
        files, path = self._at(key)
        if stop is not None and stop <= start:
            return None if self.size(key) is None else b""
        try:
            with _told(but=FileNotFoundError):
                return bytes(files.cat_file(path, start=start or None, end=stop))
        except FileNotFoundError:
            return None
        except StoreError:
            # RFC 9110, 15.5.17: a range that begins behind the end is not satisfiable.
            size = self.size(key)
            if size is not None and start >= size:
                return b""
            raise

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None``."""
        files, path = self._at(key)
        with _told(but=FileNotFoundError), contextlib.suppress(FileNotFoundError):
            told = files.info(path)
            return int(told["size"]) if told["type"] == "file" else None
        return None

    def remove(self, prefix: str, /) -> None:
        """Forget everything under *prefix*."""
        files, path = self._at(prefix)
        with _told():
            # Both `path` itself and what is in it; a folder is only a way of spelling here.
            found = files.find(path)
            if found:
                with contextlib.suppress(FileNotFoundError):
                    files.rm(found)

    def list(self) -> Iterator[BlobEntry]:
        """Yield what is kept."""
        files, root = self._files()
        with _told():
            found = files.find(root, detail=True)
        for path, told in found.items():
            when = told.get("LastModified")
            if not isinstance(when, dt.datetime):
                with _told():
                    when = files.modified(path)
            yield BlobEntry(
                key=path.removeprefix(root).lstrip("/"),
                modified=when if when.tzinfo else when.replace(tzinfo=dt.UTC),
                size=told.get("size"),
            )

    def _at(self, key: str) -> tuple[Any, str]:
        names = names_of(key)
        files, root = self._files()
        return files, "/".join((root, *names))

    def _files(self) -> tuple[Any, str]:
        """Return the file system and the path in it that the address names."""
        with self._lock:
            # Its connections belong to the process that opened them.
            if self._opened is None or self._opened[0] != os.getpid():
                try:
                    url_to_fs = importlib.import_module("fsspec.core").url_to_fs
                    files, root = url_to_fs(self._address, **self._options)
                except ImportError:
                    raise MissingExtra("s3") from None
                self._opened = os.getpid(), files, root.rstrip("/")
            return self._opened[1:]


@contextlib.contextmanager
def _told(but: type[Exception] = StoreError) -> Iterator[None]:
    """Tell what goes wrong out there as a `StoreError`: its kind, for messages hold addresses."""
    try:
        yield
    except but:
        raise
    except Exception as error:  # noqa: BLE001 - every provider has errors of its own
        msg = f"the object storage cannot be reached or says no ({type(error).__name__})"
        raise StoreError(msg) from None
