"""A storage that lets clean bytes in only, whoever hands them to it."""

from __future__ import annotations

import os
from typing import Any

from django.core.files.storage import Storage, storages
from django.utils.deconstruct import deconstructible

from photoprivacy.integrations.django._cleaned import clean_copy, read_only
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


@deconstructible(path="photoprivacy.integrations.django.CleanStorage")
class CleanStorage(Storage):
    """A storage around another one: what is saved through it is the clean copy.

    It guards what fields cannot: code that hands files to a storage itself, and fields of others.
    What cannot be cleaned is not stored, so photos and videos alone can be. Everything else, like
    addresses and paths, is the other storage's. In settings::

        STORAGES = {
            "media": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "default": {
                "BACKEND": "photoprivacy.integrations.django.CleanStorage",
                "OPTIONS": {"storage": "media"},
            },
        }

    Args:
        storage: The other storage, or its name in ``STORAGES``.
        policy: What may stay.
        limits: Budgets for one photo.
    """

    def __init__(
        self,
        storage: Storage | str,
        *,
        policy: Policy = Policy.SHARE,
        limits: Limits = Limits(),
    ) -> None:
        self._storage = storage
        self.policy = policy
        self.limits = limits

    @property
    def inner(self) -> Storage:
        """The storage that keeps the files."""
        # Looked up when used: STORAGES may name both in any order.
        if isinstance(self._storage, str):
            return storages[self._storage]
        return self._storage

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store the clean copy of *content*, and return its name.

        Raises:
            PhotoPrivacyError: It cannot be read or cleaned; nothing is stored.
        """
        named = name if name is not None else content.name
        clean = clean_copy(content, named, self.policy, self.limits)
        return self.inner.save(named, clean, max_length=max_length)

    def open(self, name: str, mode: str = "rb") -> Any:
        """Open a file for reading.

        Raises:
            PermissionError: *mode* would write past the cleaning.
        """
        read_only(mode)
        return self.inner.open(name, mode)

    # What is written here has been looked at in `save`; these are the other storage's own words.

    def delete(self, name: str) -> None:
        """Delete a file."""
        self.inner.delete(name)

    def exists(self, name: str) -> bool:
        """Return whether a file of that name is there."""
        return self.inner.exists(name)

    def listdir(self, path: str) -> Any:
        """Return the folders and the files of *path*."""
        return self.inner.listdir(path)

    def size(self, name: str) -> int:
        """Return the length of a file in bytes."""
        return self.inner.size(name)

    def url(self, name: str | None) -> str:
        """Return where a file is served."""
        return self.inner.url(name)

    def path(self, name: str) -> str:
        """Return where a file lies, for storages that have paths."""
        return self.inner.path(name)

    def get_accessed_time(self, name: str) -> Any:
        """Return when a file was read last."""
        return self.inner.get_accessed_time(name)

    def get_created_time(self, name: str) -> Any:
        """Return when a file was made."""
        return self.inner.get_created_time(name)

    def get_modified_time(self, name: str) -> Any:
        """Return when a file was written last."""
        return self.inner.get_modified_time(name)

    def generate_filename(self, filename: str | os.PathLike[str]) -> str:
        """Return the name that the other storage would take."""
        return self.inner.generate_filename(filename)

    def get_valid_name(self, name: str) -> str:
        """Return the name that the other storage would take."""
        return self.inner.get_valid_name(name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return a name that is free."""
        return self.inner.get_available_name(name, max_length)


__all__ = ["CleanStorage"]
