"""The recipient's page over what a verified link opens: served, as plain files, or sealed."""

from __future__ import annotations

from photoprivacy.gallery._app import Gallery
from photoprivacy.gallery._copies import Missed
from photoprivacy.gallery._export import Exported, export
from photoprivacy.gallery._seal import Sealed, Unsealed, UnsealedFile, seal, unseal

__all__ = [
    "Exported",
    "Gallery",
    "Missed",
    "Sealed",
    "Unsealed",
    "UnsealedFile",
    "export",
    "seal",
    "unseal",
]
