"""Who a certificate is for: the names in its subject (RFC 5280, 4.1; X.690 for the coding)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SEQUENCE, _SET, _OID, _VERSION = 0x30, 0x31, 0x06, 0xA0
#: type of an attribute (RFC 5280, A.1) → its usual letters
_ATTRIBUTES: Final = {b"\x55\x04\x03": "CN", b"\x55\x04\x0a": "O"}
_UTF16: Final = 0x1E  # BMPString
_MOST: Final = 64


def subject(certificate: bytes) -> dict[str, str]:
    """Return common name (``"CN"``) and organisation (``"O"``) of a certificate's subject.

    What cannot be read is left out; nothing is verified.
    """
    outer = next(_values(certificate, 0, len(certificate)), None)
    if outer is None or outer[0] != _SEQUENCE:
        return {}
    inner = next(_values(certificate, outer[1], outer[2]), None)
    if inner is None or inner[0] != _SEQUENCE:
        return {}
    parts = list(_values(certificate, inner[1], inner[2]))
    # 4.1: version (may be absent), serial number, signature, issuer, validity, subject.
    place = 5 if parts and parts[0][0] == _VERSION else 4
    if len(parts) <= place:
        return {}
    names: dict[str, str] = {}
    for kind, start, stop in _values(certificate, *parts[place][1:]):
        for _, low, high in _values(certificate, start, stop) if kind == _SET else ():
            pair = list(_values(certificate, low, high))
            if len(pair) == 2 and pair[0][0] == _OID:
                name = _ATTRIBUTES.get(certificate[pair[0][1] : pair[0][2]])
                coding = "utf-16-be" if pair[1][0] == _UTF16 else "utf-8"
                text = certificate[pair[1][1] : pair[1][2]].decode(coding, "replace")
                if name and text.strip():
                    names.setdefault(name, text.strip()[:200])
    return names


def _values(data: bytes, at: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield tag, start and stop of each value (X.690, 8.1), as far as they can be told apart."""
    for _ in range(_MOST):
        if at + 2 > stop:
            return
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            width = size & 0x7F
            if not 1 <= width <= 4 or at + width > stop:
                return
            size = int.from_bytes(data[at : at + width], "big")
            at += width
        if at + size > stop:
            return
        yield tag, at, at + size
        at += size
