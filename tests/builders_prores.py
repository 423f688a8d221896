"""Frames of ProRes by hand (SMPTE RDD 36): ``frame(tail=b"…")``. Nothing decodes them."""

from __future__ import annotations

import struct


def picture(
    *, across: int = 4, down: int = 3, log2: int = 3, slack: bytes = b"", head: int = 8
) -> bytes:
    """Return a picture of so many macroblocks, in slices of at most ``1 << log2`` of them."""
    count = down * (across // (1 << log2) + (across % (1 << log2)).bit_count())
    slices = [bytes((0x30, n)) * (5 + n) for n in range(count)]
    table = b"".join(struct.pack(">H", len(one)) for one in slices)
    body = table + b"".join(slices) + slack
    return struct.pack(">BIHB", head << 3, 8 + len(body), count, log2 << 4) + body


def frame(
    *pictures: bytes,
    width: int = 64,
    height: int = 48,
    maker: bytes = b"mkr0",
    matrices: int = 0,
    more: bytes = b"",
    stuffing: bytes = b"",
    mark: bytes = b"icpf",
    interlaced: int = 0,
) -> bytes:
    """Return a frame; one picture by default."""
    inside = b"".join(pictures or (picture(),))
    tables = bytes(range(1, 65)) * matrices.bit_count()
    head = struct.pack(">HH4sHH", 20 + len(tables + more), 0, maker, width, height)
    head += bytes((0x80 | interlaced << 2, 0, 1, 1, 1, 0, 0, matrices)) + tables + more
    size = 8 + len(head + inside + stuffing)
    return struct.pack(">I4s", size, mark) + head + inside + stuffing
