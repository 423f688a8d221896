"""Stores over Django's database and storages, and the library that settings describe.

It is imported once Django is set up: it has models.
"""

from __future__ import annotations

from photoprivacy.integrations.django._albums import DjangoAlbums
from photoprivacy.integrations.django._blobs import StorageBlobs
from photoprivacy.integrations.django._library import library
from photoprivacy.integrations.django._shares import DjangoAttempts, DjangoShares
from photoprivacy.integrations.django._view import gallery_view

__all__ = [
    "DjangoAlbums",
    "DjangoAttempts",
    "DjangoShares",
    "StorageBlobs",
    "gallery_view",
    "library",
]
