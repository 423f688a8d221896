"""Which photos belong together: plain typed values an app can store."""

from __future__ import annotations

from photoprivacy.albums._ids import new_id
from photoprivacy.albums._json import (
    SCHEMA,
    album_from_dict,
    album_to_dict,
    dumps,
    loads,
    photo_from_dict,
    photo_to_dict,
)
from photoprivacy.albums._migrate import MIGRATIONS, Migration
from photoprivacy.albums._model import Album, Photo, Section
from photoprivacy.albums._parts import Part, PartKind

__all__ = [
    "MIGRATIONS",
    "SCHEMA",
    "Album",
    "Migration",
    "Part",
    "PartKind",
    "Photo",
    "Section",
    "album_from_dict",
    "album_to_dict",
    "dumps",
    "loads",
    "new_id",
    "photo_from_dict",
    "photo_to_dict",
]
