"""From older documents to those of today: one step a schema, in a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from photoprivacy.errors import InvalidAlbum

#: What `dumps` writes. Fields may be added under it; one that changes its meaning makes a new one.
SCHEMA: Final = "photoprivacy.album/1"

#: Takes a document of one schema and returns it in a newer one, its ``schema`` field included.
Migration = Callable[[dict[str, Any]], dict[str, Any]]

#: Older schema → the step that leads on from it. Under the first schema there is none. An app that
#: keeps documents of its own hands `loads` a table with its own steps.
MIGRATIONS: Final[Mapping[str, Migration]] = MappingProxyType({})


def migrated(document: dict[str, Any], migrations: Mapping[str, Migration]) -> dict[str, Any]:
    """Return *document* in today's schema.

    Raises:
        InvalidAlbum: No steps lead there from its schema.
    """
    for _ in range(len(migrations) + 1):  # a table that leads in circles ends here too
        schema = document.get("schema")
        if schema == SCHEMA:
            return document
        step = migrations.get(schema) if isinstance(schema, str) else None
        if step is None:
            break
        document = step(dict(document))
    raise InvalidAlbum("schema", "is not one that this version reads")
