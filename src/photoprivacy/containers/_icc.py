"""Whether some bytes are an ICC profile, and where it ends (ICC.1, 7)."""

from __future__ import annotations

from typing import Final

_TABLE: Final = 132
_ROW: Final = 12


def whole_profile(raw: bytes) -> bytes:
    """Return the profile that *raw* begins with, ``b""`` when decoders find none there.

    7.2: its size in the first four bytes, ``acsp`` at byte 36. 7.3: a table of tags.
    What follows the stated size belongs to nothing, unless a tag says that it does.
    Decoders disagree about tags and sizes past the end (LittleCMS passes over that tag,
    others drop the profile), so these stay: each of them shows what it showed before.
    """
    size = int.from_bytes(raw[:4], "big")
    count = int.from_bytes(raw[_TABLE - 4 : _TABLE], "big")
    table = _TABLE + _ROW * count
    if raw[36:40] != b"acsp" or min(size, len(raw)) < table:
        return b""
    ends = [
        int.from_bytes(raw[at + 4 : at + 8], "big") + int.from_bytes(raw[at + 8 : at + 12], "big")
        for at in range(_TABLE, table, _ROW)
    ]
    return raw[: max(size, *(end for end in ends if end <= len(raw)), _TABLE)]
