"""Where an ICC profile ends, and whether it is one: a look of its own (ICC.1, 7.2-7.3)."""

from __future__ import annotations

import struct


def profile_in(raw: bytes) -> bytes:
    """Return the profile at the start of *raw*, without what follows it; ``b""`` for none."""
    if len(raw) < 132:
        return b""
    size, mark, tags = struct.unpack_from(">I32x4s88xI", raw)
    if mark != b"acsp" or not 132 + 12 * tags <= size <= len(raw):
        return b""
    places = struct.iter_unpack(">4xII", raw[132 : 132 + 12 * tags])
    return raw[:size] if all(offset + length <= size for offset, length in places) else b""
