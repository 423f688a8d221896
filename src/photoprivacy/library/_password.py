"""Passwords of links: slow to guess, compared in constant time, never stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from typing import Final

from photoprivacy.errors import StoreError

# RFC 7914, 2: 128 * r * n bytes, here 32 MiB and about 80 ms a guess.
_N: Final = 2**15
_R: Final = 8
_KIND: Final = "sha256-scrypt-15-8"
_MEMORY: Final = 64 * 1024 * 1024
#: Longest password, in characters.
LONGEST: Final = 1024


class PasswordCheck:
    """Hashes and checks passwords, a few at a time: each costs 32 MiB.

    Args:
        at_once: How many are worked on at the same time; others wait.
    """

    def __init__(self, at_once: int = 2) -> None:
        self._room = threading.BoundedSemaphore(at_once)

    def hash(self, password: str) -> str:
        """Return a hash to store, with its own salt.

        Raises:
            ValueError: The password is empty or too long.
        """
        if not 0 < len(password) <= LONGEST:
            msg = f"a password has 1 to {LONGEST} characters"
            raise ValueError(msg)
        salt = secrets.token_bytes(16)
        return f"{_KIND}${salt.hex()}${self._scrypt(password, salt).hex()}"

    def matches(self, password: str, stored: str) -> bool:
        """Return whether *password* is the one that *stored* is the hash of.

        Raises:
            StoreError: *stored* is damaged.
        """
        try:
            kind, *values = stored.split("$")
            salt, digest = map(bytes.fromhex, values)
        except ValueError:
            raise StoreError("the hash of a password is damaged") from None
        if kind != _KIND:
            raise StoreError("a password was hashed in a way that is not known here")
        if not 0 < len(password) <= LONGEST:
            return False
        return hmac.compare_digest(self._scrypt(password, salt), digest)

    def _scrypt(self, password: str, salt: bytes) -> bytes:
        # NFKC: the same password typed on another keyboard may be other code points.
        text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
        # HMAC takes a short key and the same key with zeros behind it for one (RFC 2104, 2):
        # a digest is always as long.
        fixed = hashlib.sha256(text).digest()
        with self._room:
            return hashlib.scrypt(fixed, salt=salt, n=_N, r=_R, p=1, maxmem=_MEMORY, dklen=32)
