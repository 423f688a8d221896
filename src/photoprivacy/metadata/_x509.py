"""Who a certificate is for: its subject and its addresses (RFC 5280, 4.1; X.690 for the coding)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SEQUENCE, _SET, _OID, _OCTETS = 0x30, 0x31, 0x06, 0x04
_VERSION, _EXTENSIONS, _MAIL = 0xA0, 0xA3, 0x81
#: type of an attribute (RFC 5280, A.1; X.520) → its usual name
_ATTRIBUTES: Final = {
    b"\x55\x04\x03": "CN",
    b"\x55\x04\x04": "surname",
    b"\x55\x04\x05": "serialNumber",
    b"\x55\x04\x06": "C",
    b"\x55\x04\x07": "L",
    b"\x55\x04\x08": "ST",
    b"\x55\x04\x09": "street",
    b"\x55\x04\x0a": "O",
    b"\x55\x04\x0b": "OU",
    b"\x55\x04\x0c": "title",
    b"\x55\x04\x11": "postalCode",
    b"\x55\x04\x14": "telephoneNumber",
    b"\x55\x04\x2a": "givenName",
    b"\x55\x04\x41": "pseudonym",
    b"\x55\x04\x61": "organizationIdentifier",
    b"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01": "UID",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01": "emailAddress",
}
#: RFC 5280, 4.2.1.6
_OTHER_NAMES: Final = b"\x55\x1d\x11"
#: tag of a string → how it is coded; others are ASCII or UTF-8
_CODINGS: Final = {0x14: "latin-1", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}
_MOST: Final = 64
_LONGEST: Final = 200


def subject(certificate: bytes) -> dict[str, str]:
    """Return what a certificate says of its subject: ``"CN"`` → common name, and so on.

    The first of each attribute, and the first address for mail among its other names. What
    cannot be read is left out; nothing is verified.
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
                _add(names, name, _text(certificate, *pair[1]))
    for kind, start, stop in parts[place + 1 :]:
        if kind == _EXTENSIONS:
            _add(names, "emailAddress", next(_mail(certificate, start, stop), ""))
    return names


def _add(names: dict[str, str], name: str | None, text: str) -> None:
    if name and text:
        names.setdefault(name, text)


def _text(data: bytes, kind: int, start: int, stop: int) -> str:
    raw = data[start : min(stop, start + 4 * _LONGEST)]
    return raw.decode(_CODINGS.get(kind, "utf-8"), "replace").strip()[:_LONGEST]


def _mail(data: bytes, start: int, stop: int) -> Iterator[str]:
    """Yield addresses for mail among the names of an extension (4.2.1.6, rfc822Name)."""
    for _, low, high in _values(data, start, stop):
        for _, first, last in _values(data, low, high):
            parts = list(_values(data, first, last))
            # An object identifier, whether it is critical, and the names in octets.
            if len(parts) < 2 or data[parts[0][1] : parts[0][2]] != _OTHER_NAMES:
                continue
            kind, begin, end = parts[-1]
            for _, one, other in _values(data, begin, end) if kind == _OCTETS else ():
                for kind_of_name, at, behind in _values(data, one, other):
                    if kind_of_name == _MAIL:
                        yield _text(data, kind_of_name, at, behind)


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
