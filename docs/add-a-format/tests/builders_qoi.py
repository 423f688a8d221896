"""QOI files by hand: ``qoi(rgb(1, 2, 3) + run(3), width=2, height=2)``."""

from __future__ import annotations

import struct

END = bytes(7) + b"\x01"


def rgb(red: int, green: int, blue: int) -> bytes:
    """Return a chunk that says a colour."""
    return bytes((0xFE, red, green, blue))


def run(length: int) -> bytes:
    """Return a chunk that says the colour before, *length* times."""
    return bytes((0xC0 | length - 1,))


def qoi(
    chunks: bytes,
    *,
    width: int,
    height: int,
    tail: bytes = b"",
    end: bytes = END,
    channels: int = 3,
) -> bytes:
    """Return a file of one picture, and what stands behind it."""
    return struct.pack(">4sIIBB", b"qoif", width, height, channels, 0) + chunks + end + tail
