"""Where photos, places, albums and grants meet; it holds the gate."""

from __future__ import annotations

from photoprivacy.library._attempts import (
    Allowance,
    Attempt,
    AttemptStore,
    MemoryAttempts,
    SqliteAttempts,
)
from photoprivacy.library._derive import SIZES
from photoprivacy.library._folder import FolderBlobs
from photoprivacy.library._gate import SharedAlbum, SharedFile
from photoprivacy.library._homes import FileHomes, HomeStore, MemoryHomes
from photoprivacy.library._library import Library
from photoprivacy.library._memory import MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.library._password import LONGEST as LONGEST_PASSWORD
from photoprivacy.library._sqlite import Database, SqliteAlbums, SqliteShares
from photoprivacy.library._stores import AlbumStore, BlobStore, ShareRecord, ShareStore
from photoprivacy.library._uses import Audit, Use, UseKind
from photoprivacy.library._views import SharedPhoto
from photoprivacy.sharing import Rendition

__all__ = [
    "LONGEST_PASSWORD",
    "SIZES",
    "AlbumStore",
    "Allowance",
    "Attempt",
    "AttemptStore",
    "Audit",
    "BlobStore",
    "Database",
    "FileHomes",
    "FolderBlobs",
    "HomeStore",
    "Library",
    "MemoryAlbums",
    "MemoryAttempts",
    "MemoryBlobs",
    "MemoryHomes",
    "MemoryShares",
    "Rendition",
    "ShareRecord",
    "ShareStore",
    "SharedAlbum",
    "SharedFile",
    "SharedPhoto",
    "SqliteAlbums",
    "SqliteAttempts",
    "SqliteShares",
    "Use",
    "UseKind",
]
