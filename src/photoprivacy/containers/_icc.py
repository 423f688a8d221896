"""Whether some bytes are an ICC profile, and where it ends (ICC.1, 7)."""

from __future__ import annotations

from typing import Final

_HEADER: Final = 128
_TABLE: Final = 132
_ROW: Final = 12


def whole_profile(raw: bytes) -> bytes:
    """Return the profile that *raw* begins with, ``b""`` when decoders find none there.

    7.2: its size in the first four bytes, ``acsp`` at byte 36. 7.3: a table of tags, all of
    them inside. What follows the stated size belongs to nothing.
    """
    size = int.from_bytes(raw[:4], "big")
    if not _TABLE <= size <= len(raw) or raw[36:40] != b"acsp":
        return b""
    count = int.from_bytes(raw[_HEADER:_TABLE], "big")
    if count > (size - _TABLE) // _ROW:
        return b""
    for at in range(_TABLE, _TABLE + count * _ROW, _ROW):
        start = int.from_bytes(raw[at + 4 : at + 8], "big")
        if start + int.from_bytes(raw[at + 8 : at + 12], "big") > size:
            return b""
    return raw[:size]
