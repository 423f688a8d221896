"""The token's bytes: layout and text, no keys and no meaning.

::

    token  = base64url, unpadded, of: header block{1,8} tag
    header = version:1  key_id:1  share_id:8  masked(album_id:16 epoch:8)
    block  = length:1  (type:1 value)*          types ascending, each at most once
    tag    = 16 bytes

The length of a value follows from its type. There is exactly one text for every token.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from typing import Final, NamedTuple

from photoprivacy.errors import InvalidToken

VERSION: Final = 1
HEADER: Final = 34
TAG: Final = 16
MAX_BLOCKS: Final = 8
#: Eight blocks of all caveats are 370 bytes; nothing longer is decoded at all.
MAX_TEXT: Final = 512


# RFC 4648, 5: "-" and "_" for "+" and "/", which then are foreign, as is padding.
_FROM_BASE64: Final = bytes.maketrans(b"+/", b"-_")
_TO_BASE64: Final = bytes.maketrans(b"-_+/=", b"+/!!!")


class Parts(NamedTuple):
    """A token taken apart. Nothing in it is proved yet."""

    raw: bytes
    header: bytes
    blocks: list[bytes]
    tag: bytes

    def __repr__(self) -> str:
        return "Parts(…)"


def encode(header: bytes, blocks: Sequence[bytes], tag: bytes) -> str:
    """Return the text of a token; each block without its length."""
    body = b"".join([bytes((len(block),)) + block for block in blocks])
    return _spelled(header + body + tag)


def grow(raw: bytes, block: bytes, tag: bytes) -> str:
    """Return the text of the token *raw* with one more block, under its new tag."""
    return _spelled(raw[:-TAG] + bytes((len(block),)) + block + tag)


def decode(token: object) -> Parts:
    """Take *token* apart.

    Raises:
        InvalidToken: It is no text, or not the one spelling of some token.
    """
    if not isinstance(token, str) or len(token) > MAX_TEXT:
        raise InvalidToken
    try:
        # Padded here and nowhere else: "=" has no place in a token.
        text = token.encode("ascii").translate(_TO_BASE64) + b"=" * (-len(token) % 4)
        raw = binascii.a2b_base64(text)
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidToken from None
    # RFC 4648, 3.5 and 12: decoders forgive foreign characters, padding and stray
    # bits. Here two spellings of one token would dodge every list kept by token.
    if binascii.b2a_base64(raw, newline=False) != text:
        raise InvalidToken
    end = len(raw) - TAG
    if end <= HEADER or raw[0] != VERSION:
        raise InvalidToken
    blocks = []
    at = HEADER
    while at < end:
        stop = at + 1 + raw[at]
        if stop > end or stop == at + 1:
            raise InvalidToken
        blocks.append(raw[at + 1 : stop])
        at = stop
    if len(blocks) > MAX_BLOCKS:
        raise InvalidToken
    return Parts(raw, raw[:HEADER], blocks, raw[end:])


def _spelled(raw: bytes) -> str:
    text = binascii.b2a_base64(raw, newline=False).rstrip(b"=")
    return text.translate(_FROM_BASE64).decode("ascii")
