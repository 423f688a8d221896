"""Albums as text: strict JSON, read so that no two readers can disagree about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from photoprivacy.albums._migrate import MIGRATIONS, SCHEMA, Migration, migrated
from photoprivacy.albums._model import Album
from photoprivacy.albums._plain import (
    MAX_DOCUMENT,
    Plain,
    album_from_dict,
    album_to_dict,
    head_to_dict,
    photo_from_dict,
    photo_to_dict,
)
from photoprivacy.errors import InvalidAlbum


def dumps(album: Album) -> str:
    """Return *album* as one line of JSON, schema ``photoprivacy.album/1``.

    It holds what the owner knows, coordinates and file names included: it is not
    for recipients.

    >>> loads(dumps(Album(title="Lisbon"))).title
    'Lisbon'
    """
    return written(album_to_dict(album))


def loads(text: str | bytes, *, migrations: Mapping[str, Migration] = MIGRATIONS) -> Album:
    """Return the album that *text* holds.

    Args:
        text: One JSON document, as text or in UTF-8.
        migrations: Older schema → the step that leads on from it.

    Raises:
        InvalidAlbum: It does not follow the schema; ``path`` says where.
    """
    return album_from_dict(migrated(parse_object(text), migrations))


def written(plain: Plain) -> str:
    """Return *plain* as one line of JSON."""
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def parse_object(text: str | bytes) -> Plain:
    """Return the JSON object that *text* holds, strictly.

    Raises:
        InvalidAlbum: It holds none, or one that readers could disagree about.
    """
    if len(text) > MAX_DOCUMENT:
        raise InvalidAlbum("", f"is longer than {MAX_DOCUMENT} characters")
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except InvalidAlbum:
        raise
    except (ValueError, RecursionError):
        # The parser's own message may quote the document.
        raise InvalidAlbum("", "is not JSON") from None
    if not isinstance(value, dict):
        raise InvalidAlbum("", "is not an object")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> Plain:
    # RFC 8259, 4: what a repeated name means is anybody's guess.
    value = dict(pairs)
    if len(value) != len(pairs):
        raise InvalidAlbum("", "names a field twice")
    return value


def _constant(_name: str) -> float:
    # RFC 8259, 6: Infinity and NaN are not permitted.
    raise InvalidAlbum("", "holds a number that JSON does not have")


__all__ = [
    "SCHEMA",
    "album_from_dict",
    "album_to_dict",
    "dumps",
    "head_to_dict",
    "loads",
    "parse_object",
    "photo_from_dict",
    "photo_to_dict",
    "written",
]
