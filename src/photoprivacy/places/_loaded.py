"""The table in the package: read when first needed, once a process."""

from __future__ import annotations

import importlib.resources
import threading
from typing import Final

from photoprivacy.errors import PlaceError
from photoprivacy.places._table import FILE, Table, unpack

_lock = threading.Lock()
_loaded: Final[list[Table]] = []


def table() -> Table:
    """Return the table of places.

    Raises:
        PlaceError: It is missing or damaged.
    """
    if not _loaded:
        with _lock:
            if not _loaded:
                _loaded.append(unpack(_read()))
    return _loaded[0]


def _read() -> bytes:
    try:
        return importlib.resources.files(__package__ or "").joinpath(FILE).read_bytes()
    except OSError:
        raise PlaceError("the table of places is missing; install the package again") from None
