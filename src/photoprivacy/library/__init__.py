"""Where photos, places, albums and grants meet; it holds the gate."""

from __future__ import annotations

from photoprivacy.library._attempts import (
    Allowance,
    Attempt,
    AttemptStore,
    MemoryAttempts,
    SqliteAttempts,
)
from photoprivacy.library._database import Database
from photoprivacy.library._derive import SIZES, OriginalGone
from photoprivacy.library._files import Packed, SharedFile
from photoprivacy.library._folder import FolderBlobs
from photoprivacy.library._groups import FileGroup, group_files
from photoprivacy.library._homes import FileHomes, HomeStore, MemoryHomes
from photoprivacy.library._keys import add_key, load_keys, make_keys
from photoprivacy.library._library import Library
from photoprivacy.library._live import match_live_photos
from photoprivacy.library._memory import MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.library._objects import ObjectBlobs
from photoprivacy.library._password import LONGEST as LONGEST_PASSWORD
from photoprivacy.library._pool import PostgresDatabase
from photoprivacy.library._postgres import PostgresAlbums, PostgresShares
from photoprivacy.library._postgres_counts import PostgresAttempts, PostgresHomes
from photoprivacy.library._shared import SharedAlbum
from photoprivacy.library._sqlite import SqliteAlbums, SqliteShares
from photoprivacy.library._stores import (
    AlbumStore,
    AlbumSummary,
    BlobEntry,
    BlobStore,
    ShareRecord,
    ShareStore,
)
from photoprivacy.library._uses import Audit, Use, UseKind
from photoprivacy.library._views import SharedPhoto
from photoprivacy.sharing import Rendition

__all__ = [
    "LONGEST_PASSWORD",
    "SIZES",
    "AlbumStore",
    "AlbumSummary",
    "Allowance",
    "Attempt",
    "AttemptStore",
    "Audit",
    "BlobEntry",
    "BlobStore",
    "Database",
    "FileGroup",
    "FileHomes",
    "FolderBlobs",
    "HomeStore",
    "Library",
    "MemoryAlbums",
    "MemoryAttempts",
    "MemoryBlobs",
    "MemoryHomes",
    "MemoryShares",
    "ObjectBlobs",
    "OriginalGone",
    "Packed",
    "PostgresAlbums",
    "PostgresAttempts",
    "PostgresDatabase",
    "PostgresHomes",
    "PostgresShares",
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
    "add_key",
    "group_files",
    "load_keys",
    "make_keys",
    "match_live_photos",
]
