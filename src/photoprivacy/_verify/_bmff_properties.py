"""What a clean property of a HEIF or AVIF item holds: a look of its own at each kind."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Final

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._model import refuse
from photoprivacy.policy import Category, Policy

#: properties a clean file may have → category that must be allowed; None: always
_ALLOWED: Final = {
    **dict.fromkeys((b"hvcC", b"av1C", b"ispe", b"pixi", b"pasp", b"clap", b"auxC"), None),
    **dict.fromkeys((b"lsel", b"a1lx", b"a1op", b"iscl"), None),
    **dict.fromkeys((b"irot", b"imir"), Category.ORIENTATION),
    b"colr": Category.COLOR,
    **dict.fromkeys((b"clli", b"mdcv", b"cclv", b"amve", b"ndwt"), Category.HDR),
}


#: properties that say something of one coding alone → item types of that coding
_CODINGS: Final = dict.fromkeys((b"av1C", b"a1lx", b"a1op"), (b"av01",))
#: what an auxiliary picture may be said to be: the words of the format and of two makers
_SHOWN: Final = frozenset(
    [b"urn:mpeg:mpegB:cicp:systems:auxiliary:" + word for word in (b"alpha", b"depth")]
    + [b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:hevc:2015:auxid:2", b"urn:mpeg:avc:2015:auxid:1"]
    + [b"urn:com:%s:aux:hdrgainmap" % who for who in (b"apple:photo:2020", b"samsung:photo:2024")]
    + [b"urn:com:photo:aux:hdrgainmap", b"urn:com:apple:photo:2018:aux:portraiteffectsmatte"]
    + [b"urn:com:apple:photo:2019:aux:semantic%smatte" % x for x in (b"skin", b"hair", b"teeth")]
    + [b"urn:com:apple:photo:2020:aux:semantic%smatte" % what for what in (b"glasses", b"sky")]
)


def may_stay(kind: bytes, policy: Policy, item: bytes) -> bool:
    """Return whether a property of *kind* may stand in a clean file with an *item* of that type."""
    if kind not in _ALLOWED or item not in _CODINGS.get(kind, (item,)):
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
    """ISO/IEC 14496-15, 8.3.3.1: of its arrays, the three parameter sets of the base layer."""
    kept, cursor = [], 23
    numbers = {32: 0, 33: 0, 34: 0}
    for _ in range(body[22]):
        kind, units = struct.unpack_from(">BH", body, cursor)
        cursor += 3
        stay = []
        for _ in range(units):
            size, header = struct.unpack_from(">HH", body, cursor)
            unit = body[cursor : cursor + 2 + size]
            cursor += 2 + size
            if kind % 64 not in numbers:
                continue
            # 23008-2, 7.3.1.2: a bit of zero, the type, six bits of layer, three of moment
            if size < 2 or header >> 9 != kind % 64 or header % 8 != 1:
                refuse("a decoder configuration with something else in it", 0)
            if header >> 3 & 63 == 0:
                stay.append(unit)
                numbers[kind % 64] += 1
        if cursor > len(body):
            refuse("a decoder configuration that is cut short", 0)
        if stay:
            kept.append(struct.pack(">BH", kind & ~0x40, len(stay)) + b"".join(stay))
    if numbers[32] > 16 or numbers[33] > 16 or numbers[34] > 64:
        refuse("a decoder configuration of more parameter sets than there are numbers", 0)
    return b"".join([body[:22], bytes([len(kept)]), *kept])


def _depths(body: bytes) -> bytes:
    if body[4] > 4:
        refuse("a picture of more channels than are known", 0)
    return bytes(4) + body[4 : 5 + body[4]]


def _auxiliary(body: bytes) -> bytes:
    name = shown(body)
    return name and bytes(4) + name + b"\x00"


def shown(body: bytes) -> bytes:
    """Return what ``auxC`` or ``auxi`` says, if it is a word that is known (23008-12, 6.5.8)."""
    name = body[4:].split(b"\x00", 1)[0]
    return name if name in _SHOWN else b""


def _layers(body: bytes) -> bytes:
    return bytes([body[0] & 1]) + body[1 : 13 if body[0] & 1 else 7]


def _volume(body: bytes) -> bytes:
    flags = body[0] & 0x3C
    size = 24 * (flags >> 5) + 4 * (flags & 0x1C).bit_count()
    return bytes([flags]) + body[1 : 1 + size]


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
    b"av1C": _plain(4),
}


def once(properties: Iterable[tuple[bytes, bytes, bool]]) -> None:
    """Check that nothing is said twice (23008-12, 6.5), but how to turn a picture."""
    told = [
        (kind, kind == b"colr" and body.startswith(b"nclx"))
        for kind, body, _ in properties
        if kind not in (b"irot", b"imir")
    ]
    if len(told) != len(set(told)):
        refuse("a picture that is said to be two things", 0)


def bare(kind: bytes, body: bytes) -> bytes:
    """Return what a clean file says of a source's property; ``b""`` where it says nothing.

    Raises:
        Unclean: It is not what its definition says.
    """
    return _BARE[kind](body)
