"""The recipient's page: an ASGI app over what a verified link opens, and nothing else."""

from __future__ import annotations

from photoprivacy.gallery._app import Gallery
from photoprivacy.gallery._logs import RedactTokens
from photoprivacy.gallery._options import MapTiles
from photoprivacy.gallery._theme import Theme

__all__ = ["Gallery", "MapTiles", "RedactTokens", "Theme"]
