"""Blobs in any storage of Django's: a row says which file is meant, so it is there whole or not."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models import Max, Q
from django.utils import timezone

from photoprivacy.errors import StoreError
from photoprivacy.integrations.django._steps import Steps, locked
from photoprivacy.integrations.django.models import StoredBlob
from photoprivacy.library import BlobEntry
from photoprivacy.library._stores import names_of

# Numbers of rows, and the files they name.
_Rows = list[tuple[int, str]]
#: How long a file that is not meant any more may be one that somebody still writes.
_STALE: Final = dt.timedelta(days=1)


class StorageBlobs:
    """A `BlobStore` in a storage of Django's, with its index in the database.

    Storages give no file a new content in one step. So every blob is a file with a random name,
    and a row that says which of them is meant; a file has a row before it is there, and as long.
    The files are the owner's photos: the storage must not be one that is served.

    Args:
        storage: The storage, or its name in ``STORAGES``.
        using: The database's name in ``DATABASES``, the default one by default.
    """

    def __init__(self, storage: Storage | str, using: str | None = None) -> None:
        self._storage = storages[storage] if isinstance(storage, str) else storage
        self._steps = Steps(using)

    def put(self, key: str, data: bytes, /) -> None:
        """Keep *data* under *key*, whole or not at all."""
        names_of(key)
        name = f"{secrets.token_hex(16)}.bin"
        now = timezone.now()
        with self._steps.step() as using:
            row = StoredBlob.objects.using(using).create(
                key=key, name=name, size=len(data), modified=now
            )
        with _told():
            stored = self._storage.save(name, ContentFile(data))
        if stored != name:
            self._erase([(row.pk, name), (row.pk, stored)])
            raise StoreError("the storage gives files other names than it is asked for")

        def mean_it() -> _Rows:
            with self._steps.step() as using:
                blobs = StoredBlob.objects.using(using).filter(key=key)
                if not locked(blobs.filter(pk=row.pk), size=len(data)):
                    return [(row.pk, name)]  # removed while it was written
                # Files that a killed process left are gone after a day.
                old = list(blobs.exclude(pk=row.pk).filter(_over(now)).values_list("pk", "name"))
                blobs.filter(current=True).update(current=False)
                blobs.filter(pk=row.pk).update(current=True)
                return old

        self._erase(self._steps.insist(mean_it))

    def read(self, key: str, /, start: int = 0, stop: int | None = None) -> bytes | None:
        """Return the bytes from *start* to *stop*, or ``None``."""
        names_of(key)
        seen = None
        while (found := self._meant(key)) is not None:
            name, size = found
            end = size if stop is None else min(stop, size)
            if start >= end:
                return b""
            try:
                with _told(but=FileNotFoundError), self._storage.open(name) as file:
                    file.seek(start)
                    return bytes(file.read(end - start))
            except FileNotFoundError:
                # Replaced between the two looks: then another file is meant now.
                if name == seen:
                    raise StoreError("a file of the store is missing") from None
                seen = name
        return None

    def size(self, key: str, /) -> int | None:
        """Return the length in bytes, or ``None``."""
        names_of(key)
        found = self._meant(key)
        return None if found is None else found[1]

    def remove(self, prefix: str, /) -> None:
        """Forget everything under *prefix*."""
        names_of(prefix)
        with self._steps.step() as using:
            rows = StoredBlob.objects.using(using).filter(
                Q(key=prefix) | Q(key__startswith=f"{prefix}/")
            )
            rows.update(current=False)
            old = list(rows.values_list("pk", "name"))
        self._erase(old)

    def list(self) -> tuple[BlobEntry, ...]:
        """Return what is kept, and what a `put` that was killed left behind."""
        with self._steps.step() as using:
            rows = StoredBlob.objects.using(using).values("key").annotate(at=Max("modified"))
            found = list(rows.order_by("key").values_list("key", "at"))
        return tuple(
            BlobEntry(key=key, modified=at if at.tzinfo else at.replace(tzinfo=dt.UTC))
            for key, at in found
        )

    def _meant(self, key: str) -> tuple[str, int] | None:
        with self._steps.step() as using:
            rows = StoredBlob.objects.using(using).filter(key=key, current=True)
            found: tuple[str, int] | None = rows.order_by("-pk").values_list("name", "size").first()
        return found

    def _erase(self, rows: _Rows) -> None:
        for _, name in rows:
            with suppress(FileNotFoundError), _told(but=FileNotFoundError):
                self._storage.delete(name)
        with self._steps.step() as using:
            numbers = [number for number, _ in rows]
            StoredBlob.objects.using(using).filter(pk__in=numbers, current=False).delete()


def _over(now: dt.datetime) -> Q:
    return Q(current=True) | Q(modified__lte=now - _STALE)


@contextmanager
def _told(but: type[BaseException] = StoreError) -> Iterator[None]:
    """Tell what goes wrong in a storage as a `StoreError`: its kind, for messages hold names."""
    try:
        yield
    except but:
        raise
    except OSError:
        raise  # the disk's own, as in a folder
    except Exception as error:  # noqa: BLE001 - every storage has errors of its own
        msg = f"the storage cannot be reached or says no ({type(error).__name__})"
        raise StoreError(msg) from None


__all__ = ["StorageBlobs"]
