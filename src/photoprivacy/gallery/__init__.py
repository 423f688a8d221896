"""The recipient's page over what a verified link opens: served, as plain files, or sealed."""

from __future__ import annotations

from photoprivacy.gallery._app import Gallery
from photoprivacy.gallery._copies import Missed
from photoprivacy.gallery._export import Exported, export
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._logs import RedactTokens
from photoprivacy.gallery._options import MapTiles
from photoprivacy.gallery._seal import Sealed, Unsealed, UnsealedFile, seal, unseal
from photoprivacy.gallery._theme import Theme

#: Codes of the languages that pages are written in.
PAGE_LANGUAGES = tuple(LANGUAGES)

__all__ = [
    "PAGE_LANGUAGES",
    "Exported",
    "Gallery",
    "MapTiles",
    "Missed",
    "RedactTokens",
    "Sealed",
    "Theme",
    "Unsealed",
    "UnsealedFile",
    "export",
    "seal",
    "unseal",
]
