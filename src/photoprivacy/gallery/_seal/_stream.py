"""STREAM over AES-256-GCM: a file in chunks, of which none can be changed, moved or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from photoprivacy.errors import DamagedSeal, MissingExtra
from photoprivacy.gallery._seal._format import CHUNK, TAG

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LEAST: Final = 1024


def padded(length: int) -> int:
    """Return the length up to which content of *length* bytes is filled (Padmé; 1,024 at least)."""
    if length <= _LEAST:
        return _LEAST
    exponent = length.bit_length() - 1
    low = (1 << exponent - exponent.bit_length()) - 1
    return (length + low) & ~low


def chunks_of(length: int) -> int:
    """Return in how many chunks so many bytes are."""
    return max(1, -(-length // CHUNK))


def stored(length: int) -> int:
    """Return how long the chunks of so many bytes are together."""
    return length + TAG * chunks_of(length)


def sealed(
    pieces: Iterable[bytes], length: int, keys: tuple[bytes, bytes], bound: bytes
) -> Iterator[bytes]:
    """Yield the chunks of content of *length* bytes, encrypted.

    Args:
        pieces: The content, in pieces of any size.
        length: How long they are together.
        keys: The key and the prefix of the nonces, for this content alone.
        bound: What every chunk is bound to besides.

    Raises:
        ValueError: There is more or less content than *length* says.
        MissingExtra: The extra ``seal`` is not installed.
    """
    key, prefix = keys
    cipher, last, left = _cipher(key), chunks_of(length) - 1, length
    for number, chunk in enumerate(_chunks(pieces, length)):
        left -= len(chunk)
        if left < 0 or (number < last and len(chunk) < CHUNK):
            break
        yield cipher.encrypt(_nonce(prefix, number, last=number == last), chunk, bound)
    if left:
        raise ValueError("the content is not as long as was said")


def opened(
    chunks: Iterable[bytes], count: int, keys: tuple[bytes, bytes], bound: bytes, where: str
) -> Iterator[bytes]:
    """Yield the content of *count* encrypted chunks, each only after it was found genuine.

    Raises:
        DamagedSeal: A chunk is not what was sealed in this place.
        MissingExtra: The extra ``seal`` is not installed.
    """
    from cryptography.exceptions import InvalidTag

    key, prefix = keys
    cipher = _cipher(key)
    for number, chunk in enumerate(chunks):
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=number == count - 1), chunk, bound)
        except InvalidTag:
            raise DamagedSeal(where, "is damaged") from None


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _chunks(pieces: Iterable[bytes], length: int) -> Iterator[bytes | memoryview]:
    """Yield *pieces* as chunks of one length, but for the last."""
    if not length:
        yield b""
    rest = b""
    for piece in pieces:
        whole = memoryview(rest + piece if rest else piece)
        full = len(whole) // CHUNK * CHUNK
        for at in range(0, full, CHUNK):
            yield whole[at : at + CHUNK]
        rest = bytes(whole[full:])
    if rest:
        yield rest


def _cipher(key: bytes) -> AESGCM:
    return aesgcm()(key)


def aesgcm() -> type[AESGCM]:
    """Return the cipher.

    Raises:
        MissingExtra: The extra ``seal`` is not installed.
    """
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise MissingExtra("seal") from None
    return AESGCM
