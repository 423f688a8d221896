"""IPTC records and Photoshop resources by hand: ``resource(0x0404, record(90, b"Delft"))``."""

from __future__ import annotations


def record(number: int, data: bytes, *, of: int = 2, long: bool = False) -> bytes:
    """Return a data set (IIM 4.2, 1.6): with two bytes of length, or with the length's length."""
    size = b"\x80\x04" + len(data).to_bytes(4, "big") if long else len(data).to_bytes(2, "big")
    return bytes((0x1C, of, number)) + size + data


def resource(number: int, data: bytes, name: bytes = b"") -> bytes:
    """Return an image resource, each part filled up to an even length."""
    words = bytes((len(name),)) + name
    words += bytes(len(words) % 2)
    body = data + bytes(len(data) % 2)
    return b"8BIM" + number.to_bytes(2, "big") + words + len(data).to_bytes(4, "big") + body


def unicode(words: str) -> bytes:
    """Return a Unicode string of Photoshop's."""
    return len(words).to_bytes(4, "big") + words.encode("utf-16-be")
