"""ICC profiles by hand (ICC.1:2001, 6)."""

from __future__ import annotations

import struct

D50 = bytes.fromhex("0000f6d6 00010000 0000d32d")
NOT_STATED = b"text" + bytes(4) + b"Not stated\x00"


def described(text: bytes) -> bytes:
    """Return a description in one script of three."""
    return b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + bytes(79)


def curve(values: bytes) -> bytes:
    """Return a curve of numbers of two bytes."""
    values += bytes(len(values) % 2)
    return b"curv" + bytes(4) + struct.pack(">I", len(values) // 2) + values


def icc(
    tags: dict[bytes, bytes],
    *,
    version: int = 2,
    kind: bytes = b"mntrRGB XYZ ",
    before: bytes = bytes(8),
    day: bytes = bytes(12),
    maker: bytes = bytes(24),
    intent: int = 0,
    creator: bytes = bytes(48),
) -> bytes:
    """Return a profile of *tags*, one behind the other; each body stands once."""
    rows, bodies = b"", b""
    at = 132 + 12 * len(tags)
    places: dict[bytes, int] = {}
    for tag, body in tags.items():
        if body not in places:
            places[body] = at
            padded = body + bytes(-len(body) % 4)
            bodies += padded
            at += len(padded)
        rows += tag + struct.pack(">II", places[body], len(body))
    head = before[:4] + bytes((version,)) + bytes(3) + kind + day + b"acsp" + maker
    head += struct.pack(">I", intent) + D50 + creator
    return struct.pack(">I", at) + head + struct.pack(">I", len(tags)) + rows + bodies


def profile(text: bytes = b"made here", *, tail: bytes = b"") -> bytes:
    """Return a profile as a clean file has it, with *text* as the numbers of a curve."""
    tags = {b"desc": described(b"RGB"), b"cprt": NOT_STATED, b"rTRC": curve(text)}
    return icc(tags) + tail
