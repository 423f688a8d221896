"""The token's bytes: layout and text, no keys and no meaning.

::

    token  = base64url, unpadded, of: header block{1,8} tag
    header = version:1  key_id:1  share_id:8  masked(album_id:16 epoch:8)
    block  = length:1  (type:1 value)*          types ascending, each at most once
    tag    = 16 bytes

The length of a value follows from its type. There is exactly one text for every token.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

import attrs

from photoprivacy.errors import InvalidToken

VERSION: Final = 1
HEADER: Final = 34
TAG: Final = 16
MAX_BLOCKS: Final = 8
#: Eight blocks of all caveats are 371 bytes; nothing longer is decoded at all.
MAX_TEXT: Final = 512


@attrs.frozen(repr=False)
class Parts:
    """A token taken apart. Nothing in it is proved yet."""

    header: bytes
    blocks: tuple[bytes, ...]
    tag: bytes


def encode(header: bytes, blocks: tuple[bytes, ...], tag: bytes) -> str:
    """Return the text of a token; each block without its length."""
    body = b"".join(bytes((len(block),)) + block for block in blocks)
    return base64.urlsafe_b64encode(header + body + tag).rstrip(b"=").decode("ascii")


def decode(token: object) -> Parts:
    """Take *token* apart.

    Raises:
        InvalidToken: It is no text, or not the one spelling of some token.
    """
    if not isinstance(token, str) or len(token) > MAX_TEXT:
        raise InvalidToken
    try:
        text = token.encode("ascii")
        raw = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise InvalidToken from None
    # RFC 4648, 3.5 and 12: decoders forgive foreign characters, padding and stray
    # bits. Here two spellings of one token would dodge every list kept by token.
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != text:
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
    return Parts(raw[:HEADER], tuple(blocks), raw[end:])
