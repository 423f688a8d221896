"""The secret of a sealed album as people pass it on: in a link, or typed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final

from photoprivacy.errors import WrongKey

SECRET_BYTES: Final = 32
_CHECK_BYTES: Final = 3
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LIKE: Final = str.maketrans("OIL", "011")
_IN_LINK: Final = 43  # characters of 6 bits for 32 bytes
_TYPED: Final = 56  # characters of 5 bits for 35 bytes


def in_link(secret: bytes) -> str:
    """Return *secret* as it stands behind the ``#`` of a link (RFC 4648, 5, without padding)."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def to_type(secret: bytes) -> str:
    """Return *secret* to be read out and typed: groups of four, capitals of no importance."""
    bits = int.from_bytes(secret + _check(secret), "big")
    letters = [_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_TYPED))]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, _TYPED, 4))


def from_words(words: str) -> bytes:
    """Return the secret that *words* spell: a link, what stands behind its ``#``, or a typed key.

    Raises:
        WrongKey: They spell none: there is nothing, a part is missing, or a letter is wrong.
    """
    text = words.strip().rpartition("#")[2].strip()
    if not text:
        raise WrongKey("there is no key")
    if len(text) == _IN_LINK and re.fullmatch(r"[\w-]+", text, re.ASCII):
        secret = base64.urlsafe_b64decode(text + "=")
        # One spelling a secret: the unused bits are 0.
        if in_link(secret) == text:
            return secret
        raise WrongKey("the key has a wrong letter")
    typed = re.sub(r"[\s-]+", "", text).upper().translate(_LIKE)
    if not set(typed) <= set(_ALPHABET):
        # In a link's key there are letters that typed ones have not.
        link = re.fullmatch(r"[\w-]+", text, re.ASCII) is not None and len(text) < _IN_LINK
        raise WrongKey("the key is cut short" if link else "the key has a wrong letter")
    if len(typed) != _TYPED:
        raise WrongKey("the key is cut short" if len(typed) < _TYPED else "the key is too long")
    bits = 0
    for letter in typed:
        bits = bits << 5 | _VALUES[letter]
    data = bits.to_bytes(SECRET_BYTES + _CHECK_BYTES, "big")
    secret, check = data[:SECRET_BYTES], data[SECRET_BYTES:]
    if not hmac.compare_digest(check, _check(secret)):
        raise WrongKey("the key has a wrong letter")
    return secret


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"photoprivacy.seal/1 typed" + secret).digest()[:_CHECK_BYTES]
