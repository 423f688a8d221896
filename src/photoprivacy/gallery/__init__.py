"""The recipient's page over what a verified link opens: served, as plain files, or sealed."""

from __future__ import annotations

from photoprivacy.gallery._app import Gallery
from photoprivacy.gallery._copies import Missed
from photoprivacy.gallery._export import Exported, export
from photoprivacy.gallery._options import MapTiles
from photoprivacy.gallery._seal import Sealed, Unsealed, UnsealedFile, seal, unseal
from photoprivacy.gallery._theme import Theme

__all__ = [
    "Exported",
    "Gallery",
    "MapTiles",
    "Missed",
    "Sealed",
    "Theme",
    "Unsealed",
    "UnsealedFile",
    "export",
    "seal",
    "unseal",
]
