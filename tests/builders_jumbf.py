"""JUMBF and Content Credentials by hand (ISO 19566-5, RFC 8949): ``store(manifest(…))``."""

from __future__ import annotations

import json
import struct

from builders import app


def cbor(value: object) -> bytes:
    """Return *value* as CBOR."""
    if isinstance(value, bool) or value is None:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        inside = b"".join(cbor(key) + cbor(one) for key, one in value.items())
        return _head(5, len(value)) + inside
    assert isinstance(value, list)
    return _head(4, len(value)) + b"".join(map(cbor, value))


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes((major << 5 | argument,))
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes((major << 5 | info,)) + argument.to_bytes(size, "big")
    raise OverflowError


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box with its length."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def labelled(label: str, *parts: bytes) -> bytes:
    """Return a superbox: its description with *label*, then *parts*."""
    description = box(b"jumd", bytes(16), b"\x03", label.encode(), b"\x00")
    return box(b"jumb", description, *parts)


def in_cbor(label: str, value: object) -> bytes:
    """Return an assertion, claim or signature in CBOR."""
    return labelled(label, box(b"cbor", cbor(value)))


def in_json(label: str, value: object) -> bytes:
    """Return an assertion in JSON."""
    return labelled(label, box(b"json", json.dumps(value).encode()))


def der(tag: int, *parts: bytes) -> bytes:
    """Return a value with its tag and length (X.690, 8.1)."""
    body = b"".join(parts)
    size = len(body)
    length = bytes((size,)) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes((tag,)) + length + body


def certificate(
    name: str,
    organisation: str = "",
    *,
    version: bool = True,
    more: tuple[tuple[bytes, bytes], ...] = (),
    mail: bytes = b"",
) -> bytes:
    """Return what a certificate begins with (RFC 5280, 4.1), without a signature.

    Args:
        name: The common name.
        organisation: The organisation, if there is one.
        version: Whether it says its version.
        more: Further attributes: the object identifier's bytes, and a string with its tag.
        mail: An address among its other names.
    """

    def attribute(oid: bytes, text: bytes) -> bytes:
        return der(0x31, der(0x30, der(0x06, oid), text))

    subject = [attribute(b"\x55\x04\x03", der(0x0C, name.encode()))]
    if organisation:
        subject.append(attribute(b"\x55\x04\x0a", der(0x0C, organisation.encode())))
    subject += [attribute(oid, text) for oid, text in more]
    issuer = der(0x30, attribute(b"\x55\x04\x03", der(0x0C, b"An Issuer")))
    parts = [der(0x02, b"\x01"), der(0x30), issuer, der(0x30), der(0x30, *subject)]
    if version:
        parts.insert(0, der(0xA0, der(0x02, b"\x02")))
    if mail:
        names = der(0x04, der(0x30, der(0x82, b"example.org"), der(0x81, mail)))
        usage = der(
            0x30, b"\x06\x03\x55\x1d\x0f", der(0x01, b"\xff"), der(0x04, b"\x03\x02\x07\x80")
        )
        others = der(0x30, b"\x06\x03\x55\x1d\x11", names)
        parts += [der(0x30), der(0xA3, der(0x30, usage, others))]
    return der(0x30, der(0x30, *parts))


def signature(*chain: bytes, protected: bool = True, stamp: bytes = b"") -> bytes:
    """Return a signature box: COSE_Sign1 with a chain of certificates, and a time *stamp*."""
    certificates: object = list(chain) if len(chain) > 1 else chain[0]
    inside = cbor({1: -7, 33: certificates}) if protected else cbor({1: -7})
    outside: dict[object, object] = {} if protected else {"x5chain": certificates}
    if stamp:
        outside["sigTst2"] = {"tstTokens": [{"val": b"\x30\x82" + stamp}]}
    return in_cbor("c2pa.signature", [inside, outside, None, bytes(64)])


def store(*parts: bytes, name: str = "urn:uuid:0", assertions: tuple[bytes, ...] = ()) -> bytes:
    """Return a store of one manifest: its *assertions* in their box, then *parts*."""
    return labelled("c2pa", labelled(name, labelled("c2pa.assertions", *assertions), *parts))


def in_jpeg(jumbf: bytes) -> bytes:
    """Return APP11 around JUMBF that fits in one segment (19566-5, D.2)."""
    return app(11, b"JP\x00\x01\x00\x00\x00\x01" + jumbf)
