"""The files that every album's page shares, under names that carry their hash."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import threading
from typing import Final

import attrs

_HERE: Final = os.path.dirname(os.path.abspath(__file__))
_PAGES: Final = os.path.join(_HERE, "_pages")
_BUILT: Final = os.path.join(_HERE, "_assets")

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
# What is compressed already gains nothing from gzip.
_COMPRESSED: Final = {".png", ".jpg", ".webp"}


@attrs.frozen(kw_only=True)
class StaticFile:
    """One file: its bytes, and the same bytes compressed, if that helps."""

    media_type: str
    data: bytes = attrs.field(repr=False)
    packed: bytes | None = attrs.field(default=None, repr=False)


class StaticFiles:
    """Style sheet and icon from this package, script and map from the build.

    Built without the front end (``PHOTOPRIVACY_ASSETS=skip``) there is no script: pages then
    are plain, and complete.

    Args:
        built: Where the build put its files.
    """

    def __init__(self, built: str = _BUILT) -> None:
        self._names: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._loaded: dict[str, StaticFile] = {}
        self._lock = threading.Lock()
        for plain in ("page.css", "icon.svg"):
            path = os.path.join(_PAGES, plain)
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()[:8].upper()
            stem, suffix = os.path.splitext(plain)
            self._names[plain] = f"{stem}-{digest}{suffix}"
            self._paths[self._names[plain]] = path
        try:
            with open(os.path.join(built, "manifest.json"), "rb") as file:
                self._names.update(json.load(file)["files"])
        except FileNotFoundError:
            return
        for name in os.listdir(built):
            if re.fullmatch(r"[\w.-]+-[A-Z0-9]{8}\.\w+|THIRD_PARTY_LICENSES\.txt", name):
                self._paths[name] = os.path.join(built, name)

    @property
    def built(self) -> bool:
        """Whether there is a front end beyond the plain page."""
        return "page.js" in self._names

    @property
    def land(self) -> bytes | None:
        """Coasts and borders for the small map, if the build made them."""
        return self.raw(self._names.get("land.json", ""))

    def add(self, plain: str, data: bytes) -> None:
        """Serve *data* too, under a name made of *plain* and its hash."""
        stem, suffix = os.path.splitext(plain)
        name = f"{stem}-{hashlib.sha256(data).hexdigest()[:8].upper()}{suffix}"
        self._names[plain] = name
        self._loaded[name] = _file(suffix, data)

    def name(self, plain: str) -> str:
        """Return the name, hash included, of the file called *plain*."""
        return self._names[plain]

    def names(self) -> frozenset[str]:
        """Return the names, hash included, of all files."""
        return frozenset(self._paths)

    def raw(self, name: str) -> bytes | None:
        """Return the bytes of the file called *name*, hash included, and compress nothing."""
        with self._lock:
            loaded = self._loaded.get(name)
        if loaded is not None:
            return loaded.data
        path = self._paths.get(name)
        if path is None:
            return None
        with open(path, "rb") as file:
            return file.read()

    def get(self, name: str) -> StaticFile | None:
        """Return the file called *name*, hash included; names are looked up, never joined."""
        with self._lock:
            if name not in self._loaded:
                path = self._paths.get(name)
                if path is None:
                    return None
                with open(path, "rb") as file:
                    self._loaded[name] = _file(os.path.splitext(name)[1], file.read())
            return self._loaded[name]


def _file(suffix: str, data: bytes) -> StaticFile:
    return StaticFile(
        media_type=_TYPES.get(suffix, "application/octet-stream"),
        data=data,
        packed=None if suffix in _COMPRESSED else gzip.compress(data, 9, mtime=0),
    )
