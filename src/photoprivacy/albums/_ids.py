"""Identifiers of albums and photos: random, and the same everywhere they are written."""

from __future__ import annotations

import re
import secrets
from typing import Final

#: 128 random bits in lower-case hexadecimal: what a token carries as 16 bytes.
ID_PATTERN: Final = r"^[0-9a-f]{32}$"
_ID: Final = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return a fresh identifier: 32 hexadecimal digits nobody can guess."""
    return secrets.token_hex(16)


def is_id(value: object) -> bool:
    """Return whether *value* is spelled like an identifier."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
