"""Where an ICC profile ends, and whether it is one: a look of its own (ICC.1, 7.2-7.3)."""

from __future__ import annotations

import struct


def profile_in(raw: bytes) -> bytes:
    """Return the profile at the start of *raw*, without what follows it; ``b""`` for none."""
    if len(raw) < 132:
        return b""
    size, mark, tags = struct.unpack_from(">I32x4s88xI", raw)
    rows = raw[132 : 132 + 12 * tags]
    if mark != b"acsp" or size < 132 + 12 * tags or len(rows) != 12 * tags:
        return b""
    # A tag may lie past the stated size: decoders that look further than that find it.
    ends = (offset + length for offset, length in struct.iter_unpack(">4xII", rows))
    return raw[: max(size, max((end for end in ends if end <= len(raw)), default=0))]
