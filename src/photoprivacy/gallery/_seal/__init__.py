"""The sealed album: end to end encrypted files for any host, as docs/sealed-format.md says."""

from __future__ import annotations

from photoprivacy.gallery._seal._key import from_words, in_link, to_type
from photoprivacy.gallery._seal._read import Unsealed, UnsealedFile, unseal
from photoprivacy.gallery._seal._write import Sealed, seal

__all__ = [
    "Sealed",
    "Unsealed",
    "UnsealedFile",
    "from_words",
    "in_link",
    "seal",
    "to_type",
    "unseal",
]
