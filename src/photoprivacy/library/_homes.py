"""Where the owner lives, kept on the owner's side: never in an album, never for recipients."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable
from typing import Final, Protocol

from photoprivacy._files import replace_file
from photoprivacy.errors import StoreError
from photoprivacy.places import HomeZone

#: Bytes of a file of home zones: some thousand of them.
_LONGEST: Final = 1 << 16


class HomeStore(Protocol):
    """The owner's home zones."""

    def zones(self) -> tuple[HomeZone, ...]:
        """Return them all.

        Raises:
            StoreError: They cannot be read: then nothing may be shown.
        """
        ...

    def put(self, zones: Iterable[HomeZone], /) -> None:
        """Replace them."""
        ...


class MemoryHomes:
    """A `HomeStore` in memory."""

    def __init__(self) -> None:
        self._zones: tuple[HomeZone, ...] = ()

    def zones(self) -> tuple[HomeZone, ...]:
        """Return them all."""
        return self._zones

    def put(self, zones: Iterable[HomeZone], /) -> None:
        """Replace them."""
        self._zones = tuple(zones)


class FileHomes:
    """A `HomeStore` in one file of a private folder.

    Args:
        path: The file.
        must_exist: Whether a file that is missing was lost, so that nothing may be shown. Without,
            there are no zones yet.
    """

    def __init__(self, path: str, *, must_exist: bool = False) -> None:
        self._path = path
        self._must_exist = must_exist
        self._lock = threading.Lock()
        self._known: tuple[object, tuple[HomeZone, ...]] | None = None

    def zones(self) -> tuple[HomeZone, ...]:
        """Return them all.

        Raises:
            StoreError: The file is damaged, or lost.
        """
        with self._lock:
            try:
                state = os.stat(self._path)
            except FileNotFoundError:
                if self._must_exist:
                    raise StoreError("the file of home zones is gone: set them anew") from None
                return ()
            # Another process may have replaced it: a new file has another number or time.
            stamp = state.st_ino, state.st_mtime_ns, state.st_size
            if self._known is None or self._known[0] != stamp:
                self._known = stamp, self._read()
            return self._known[1]

    def put(self, zones: Iterable[HomeZone], /) -> None:
        """Replace them.

        Raises:
            ValueError: They are more than the file can be read with; the old ones stay.
            OSError: The disk says no.
        """
        text = json.dumps([zone.code for zone in zones])
        if len(text) > _LONGEST:
            raise ValueError("more home zones than anybody has homes")
        with self._lock:
            with contextlib.suppress(FileNotFoundError):
                os.chmod(self._path, 0o600)  # the new file is as open as the one it replaces
            replace_file(self._path, (text.encode(),), overwrite=True, mode=0o600)
            self._known = None

    def begin(self) -> None:
        """Write down that there are no zones, unless there is a file.

        Raises:
            OSError: The disk says no.
        """
        with contextlib.suppress(FileExistsError):
            replace_file(self._path, (b"[]",), mode=0o600)

    def _read(self) -> tuple[HomeZone, ...]:
        with open(self._path, "rb") as file:
            text = file.read(_LONGEST + 1)
        with contextlib.suppress(ValueError, TypeError, RecursionError):
            codes = json.loads(text)
            if isinstance(codes, list):
                return tuple(HomeZone.parse(code) for code in codes)
        # Without them homes would show: better nothing than that.
        raise StoreError("the file of home zones is damaged")
