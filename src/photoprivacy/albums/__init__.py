"""Which photos belong together: plain typed values an app can store."""

from __future__ import annotations

from photoprivacy.albums._ids import new_id
from photoprivacy.albums._json import dumps, loads
from photoprivacy.albums._model import Album, Photo

__all__ = ["Album", "Photo", "dumps", "loads", "new_id"]
