"""What a clean property of a HEIF or AVIF item holds: a look of its own at each kind."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._model import refuse
from photoprivacy.policy import Category, Policy

#: properties a clean file may have → category that must be allowed; None: always
_ALLOWED: Final = {
    **dict.fromkeys((b"hvcC", b"av1C", b"ispe", b"pixi", b"pasp", b"clap", b"auxC"), None),
    **dict.fromkeys((b"rloc", b"lsel", b"a1lx", b"a1op", b"iscl"), None),
    **dict.fromkeys((b"irot", b"imir"), Category.ORIENTATION),
    b"colr": Category.COLOR,
    **dict.fromkeys((b"clli", b"mdcv", b"cclv", b"amve", b"ndwt"), Category.HDR),
}


def may_stay(kind: bytes, policy: Policy) -> bool:
    """Return whether a property of *kind* may stand in a clean file."""
    if kind not in _ALLOWED:
        return False
    category = _ALLOWED[kind]
    return category is None or policy.allows(category)


def _colours(body: bytes) -> bytes:
    if body.startswith(b"nclx"):
        return body[:10] + (b"\x80" if body[10] >> 7 else b"\x00")
    if body[:4] not in (b"prof", b"rICC"):
        refuse("colours of an unknown kind", 0)
    profile = profile_in(body[4:])
    return profile and body[:4] + profile


def _hevc(body: bytes) -> bytes:
    """ISO/IEC 14496-15, 8.3.3.1: of its arrays, those of the three parameter sets."""
    kept, cursor = [], 23
    for _ in range(body[22]):
        kind, units = struct.unpack_from(">BH", body, cursor)
        begin, cursor = cursor + 1, cursor + 3
        for _ in range(units):
            cursor += 2 + struct.unpack_from(">H", body, cursor)[0]
        if cursor > len(body):
            refuse("a decoder configuration that is cut short", 0)
        if 32 <= kind % 64 <= 34:
            kept.append(bytes([kind & ~0x40]) + body[begin:cursor])
    return b"".join([body[:22], bytes([len(kept)]), *kept])


def _headers(obus: memoryview) -> Iterator[bytes]:
    """Yield the sequence headers among AV1 OBUs (AV1, 5.3)."""
    while obus:
        first = obus[0]
        skip = 1 + (first >> 2 & 1)
        size = len(obus) - skip
        if first & 2:
            size, shift = 0, 0
            while True:
                byte = obus[skip]
                size |= (byte & 127) << shift
                shift += 7
                skip += 1
                if byte < 128 or shift == 56:
                    break
        if skip + size > len(obus):
            refuse("a decoder configuration that is cut short", 0)
        if first >> 3 & 15 == 1:
            yield bytes(obus[: skip + size])
        obus = obus[skip + size :]


def _depths(body: bytes) -> bytes:
    return bytes(4) + body[4 : 5 + body[4]]


def _auxiliary(body: bytes) -> bytes:
    return bytes(4) + body[4:].split(b"\x00", 1)[0] + b"\x00"


def _layers(body: bytes) -> bytes:
    return bytes([body[0] & 1]) + body[1 : 13 if body[0] & 1 else 7]


def _volume(body: bytes) -> bytes:
    flags = body[0] & 0x3C
    size = 24 * (flags >> 5) + 4 * (flags & 0x1C).bit_count()
    return bytes([flags]) + body[1 : 1 + size]


def _av1(body: bytes) -> bytes:
    return body[:4] + b"".join(_headers(memoryview(body)[4:]))


def _plain(size: int) -> Callable[[bytes], bytes]:
    return lambda body: body[:size]


def _full(size: int) -> Callable[[bytes], bytes]:
    return lambda body: bytes(4) + body[4 : 4 + size]


def _masked(bits: int) -> Callable[[bytes], bytes]:
    return lambda body: bytes([body[0] & bits])


_BARE: Final = {
    b"pasp": _plain(8),
    b"clap": _plain(32),
    b"lsel": _plain(2),
    b"a1op": _plain(1),
    b"clli": _plain(4),
    b"mdcv": _plain(24),
    b"amve": _plain(8),
    b"ispe": _full(8),
    b"rloc": _full(8),
    b"iscl": _full(8),
    b"ndwt": _full(4),
    b"irot": _masked(3),
    b"imir": _masked(1),
    b"pixi": _depths,
    b"auxC": _auxiliary,
    b"a1lx": _layers,
    b"cclv": _volume,
    b"colr": _colours,
    b"hvcC": _hevc,
    b"av1C": _av1,
}


def bare(kind: bytes, body: bytes) -> bytes:
    """Return what a clean file says of a source's property; ``b""`` where it says nothing.

    Raises:
        Unclean: It is not what its definition says.
    """
    return _BARE[kind](body)
