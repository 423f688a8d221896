"""Photos behind a URL, by fsspec: object storage, a server, memory."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import importlib
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from photoprivacy.errors import LimitExceeded, MissingExtra, StoreError
from photoprivacy.limits import Limits

#: RFC 3986, 3.1: what a scheme is made of. Two letters at least: ``C:`` is a disk.
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(://|::)")
_LOCAL: Final = re.compile(r"(file|local)://")

#: fsspec's names for storage in which an object is there whole or not at all; where it is none
#: of these, a copy is written under another name first.
_WHOLE: Final = frozenset(
    {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "memory"}
)

#: Those that are asked to write only where nothing is, in one request (S3: If-None-Match).
_ONCE: Final = frozenset({"s3", "s3a", "memory"})

#: Options that say who asks, in one file system of fsspec or another, and not where.
_WHO: Final = frozenset(
    {
        *("key", "secret", "token", "anon", "profile", "username", "password", "passphrase"),
        *("account_key", "credential", "sas_token", "client_id", "client_secret", "pkey"),
    }
)


def is_url(place: str | os.PathLike[str] | Remote) -> bool:
    """Return whether *place* is behind a URL, and not a path of this computer."""
    if isinstance(place, Remote):
        return True
    return isinstance(place, str) and bool(_URL.match(place)) and not _LOCAL.match(place)


@attrs.frozen
class Remote:
    """A folder or a file behind a URL, with what reaches it.

    A bare URL does where the environment says the rest, as it does on most clouds. Whoever works
    on the photos gets the options, a cluster's workers too: better let them have their own.

    Attributes:
        url: Where, as fsspec spells it: ``"s3://bucket/photos"``.
        options: What fsspec's file system takes: for S3 ``key``, ``secret``, ``endpoint_url``.
        name: What is meant in the folder at *url*, if not all of it. It is no part of the URL: a
            photo may be called ``a::b.jpg``, which in a URL would mean another storage.
    """

    url: str = attrs.field(repr=False)
    options: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    name: str = attrs.field(default="", repr=False)

    def __str__(self) -> str:
        """Return the URL without a name or password that stands in it."""
        return self._with_name(without_credentials(self.url))

    def __truediv__(self, name: str) -> Remote:
        """Return what is called *name* in this folder."""
        return attrs.evolve(self, name=f"{self.name}/{name}" if self.name else name)

    @property
    def spelled(self) -> str:
        """The URL with all that stands in it, for whoever compares them."""
        return self._with_name(self.url).rstrip("/")

    def _with_name(self, url: str) -> str:
        return f"{url.rstrip('/')}/{self.name}" if self.name else url

    @property
    def elsewhere(self) -> dict[str, Any]:
        """What makes it another place than the URL alone says; not who asks."""
        return {name: self.options[name] for name in sorted({*self.options} - _WHO)}

    def opened(self) -> tuple[Any, str]:
        """Return the file system, and the path in it.

        Raises:
            MissingExtra: fsspec, or its file system for this URL, is not installed.
            StoreError: It cannot be reached, or no file system is known for it.
        """
        try:
            url_to_fs = importlib.import_module("fsspec.core").url_to_fs
            # fsspec keeps one of a kind in each process; what is there is asked, never remembered.
            with told(but=(ImportError, ValueError)):
                files, path = url_to_fs(self.url, **{"use_listings_cache": False, **self.options})
        except ImportError:
            raise MissingExtra("s3") from None
        except ValueError:
            raise StoreError("no file system is known for this URL") from None
        path = path.rstrip("/")
        return files, f"{path}/{self.name}" if self.name else path

    def head(self, count: int) -> bytes:
        """Return the first *count* bytes, fewer if there are no more."""
        return self._bytes(count)

    def read(self, limits: Limits) -> bytes:
        """Return what is there, in one request, so that it is one version of it.

        Raises:
            LimitExceeded: There are more than ``limits.max_bytes``.
            FileNotFoundError: Nothing is there.
            StoreError: The storage says no.
        """
        data = self._bytes(limits.max_bytes + 1)
        if len(data) > limits.max_bytes:
            raise LimitExceeded("file", 0, limit="max_bytes", value=limits.max_bytes)
        return data

    def _bytes(self, count: int) -> bytes:
        files, path = self.opened()
        try:
            with told():
                return bytes(files.cat_file(path, start=0, end=count))
        except StoreError:
            # RFC 9110, 15.5.17: of an empty object no range can be had.
            if self.version()[0] == 0:
                return b""
            raise

    def version(self) -> tuple[int, str]:
        """Return the size in bytes, and what changes when the object does."""
        files, path = self.opened()
        with told():
            info = files.info(path)
        size = int(info.get("size") or 0)
        return size, f"{info.get('ETag')} {modified(info)} {size}"

    def write(self, data: bytes, *, overwrite: bool) -> None:
        """Put *data* there, whole or not at all.

        Raises:
            FileExistsError: Something is there, and *overwrite* is false.
            StoreError: The storage says no.
        """
        files, path = self.opened()
        protocol = files.protocol if isinstance(files.protocol, str) else files.protocol[0]
        with told():
            if protocol in _ONCE and not overwrite:
                files.pipe_file(path, data, mode="create")
                return
            if not overwrite and files.exists(path):
                raise FileExistsError
            if protocol in _WHOLE:
                files.pipe_file(path, data)
                return
            folder, _, _ = path.rpartition("/")
            temporary = f"{folder}/.{secrets.token_hex(12)}.tmp"
            try:
                files.makedirs(folder, exist_ok=True)
                files.pipe_file(temporary, data)
                files.mv(temporary, path)
            except BaseException:
                with contextlib.suppress(Exception):
                    files.rm_file(temporary)
                raise


def modified(info: Mapping[str, Any]) -> float | None:
    """Return when an object last changed, in seconds since 1970, ``None`` if it does not say."""
    for key in ("LastModified", "mtime", "updated", "last_modified", "modified", "created"):
        value = info.get(key)
        if isinstance(value, dt.datetime):
            return value.timestamp()
        if isinstance(value, int | float):
            return float(value)
    return None


def without_credentials(url: str) -> str:
    """Return *url* as it may be shown: without name and password, and what signs a web address.

    >>> without_credentials("sftp://anna:p@ss@host/photos")
    'sftp://host/photos'
    >>> without_credentials("https://host/a.jpg?signature=1")
    'https://host/a.jpg?…'
    """
    shown = re.sub(r"(?<=://)[^/]*@", "", url)
    return re.sub(r"(https?://[^?]*\?).+", r"\1…", shown)


@contextlib.contextmanager
def told(but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Tell what goes wrong out there by its kind alone: messages hold addresses and names."""
    try:
        yield
    except but:
        raise
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, "is not there") from None
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, "exists already, and is not replaced") from None
    except ImportError:
        raise MissingExtra("s3") from None
    except Exception as error:  # noqa: BLE001 - every provider has errors of its own
        msg = f"the storage cannot be reached or says no ({type(error).__name__})"
        raise StoreError(msg) from None
