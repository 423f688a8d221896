"""What the sample entry of a clean video says: a look of its own at each kind.

ISO/IEC 14496-14 and 14496-15; QuickTime File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from photoprivacy._verify._bmff_movie import Track, boxes_in
from photoprivacy._verify._bmff_properties import bare, may_stay, once
from photoprivacy._verify._model import refuse
from photoprivacy.policy import Category, Policy

_H264: Final = (b"avc1", b"avc3")
_H265: Final = (b"hvc1", b"hev1", b"dvh1", b"dvhe")
#: coding of a track → the box without which it cannot be decoded
_NEEDS: Final = {
    **dict.fromkeys(_H264, b"avcC"),
    **dict.fromkeys(_H265, b"hvcC"),
    b"av01": b"av1C",
    **dict.fromkeys((b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x"), b""),
    b"mp4a": b"esds",
    b"alac": b"alac",
    b"Opus": b"dOps",
    b"ac-3": b"dac3",
    **dict.fromkeys((b"samr", b"sawb"), b"damr"),
    **dict.fromkeys(b"sowt twos lpcm in24 in32 fl32 fl64 ulaw alaw".split(), b""),
    b"raw ": b"",
}
_AS_IN_PICTURES: Final = frozenset(b"hvcC av1C pasp clap clli mdcv cclv amve".split())
_TWO_VIEWS: Final = frozenset(b"lhvC vexu mvcC st3d sv3d".split())


def entry_of(old: Track, policy: Policy) -> bytes:
    """Return the sample entry that a clean copy of *old* has.

    Raises:
        Unclean: It is described in a way that a clean file has not.
    """
    kind, head, inside = old.entry()
    if kind not in _NEEDS:
        refuse("a track coded in a way that may not be kept", 0)
    described = [(name, _said(name, body, kind, policy)) for name, body in inside]
    once((name, content[8:], False) for name, content in described if content)
    names = {name for name, content in described if content}
    if _NEEDS[kind] and not names & {_NEEDS[kind], b"wave"}:
        refuse("samples that do not say how to decode them", 0)
    start = bytes(6) + b"\0\1"
    if old.handler == b"soun":
        # Of the fields: version; then, behind revision and vendor, all of them.
        start += head[8:10] + bytes(6) + head[16:]
    else:
        if head[74:76] not in (b"\0\x18", b"\0\x20", b"\0\x28"):
            refuse("a video of an unknown depth", 0)
        start += bytes(16) + head[24:28] + struct.pack(">IIIH", 72 << 16, 72 << 16, 0, 1)
        start += bytes(32) + head[74:76] + b"\xff\xff"
    return _box(kind, start, *(content for _, content in described))


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _said(kind: bytes, body: bytes, coding: bytes, policy: Policy) -> bytes:
    if kind in _TWO_VIEWS:
        refuse("a video of two views", 0)
    if kind == b"wave" and _NEEDS[coding]:
        ((name, content),) = [one for one in boxes_in(body) if one[0] == _NEEDS[coding]]
        again = _box(coding, bytes(4)) if coding == b"mp4a" else b""
        inner = _box(name, _BARE[name][1](content))
        return _box(b"wave", _box(b"frma", coding), again, inner, _box(bytes(4)))
    if kind in _BARE:
        category, look = _BARE[kind]
        kept = look(body) if category is None or policy.allows(category) else b""
        return _box(kind, kept) if kept else b""
    if kind in _AS_IN_PICTURES and may_stay(kind, policy, coding):
        content = bare(kind, body)
        return _box(kind, content) if content else b""
    return b""


def _avc(body: bytes) -> bytes:
    """14496-15, 5.3.3.1."""
    if body[0] != 1:
        refuse("a decoder configuration of an unknown version", 0)
    out = body[:4] + bytes([252 | body[4] % 4])
    at = 5
    for mask, kind in ((0xE0, 7), (0, 8)):
        units, at = _units(body, at + 1, body[at] & (0x1F if mask else 0xFF), kind)
        out += bytes([mask | len(units)]) + b"".join(units)
    if body[1] in (100, 110, 122, 144) and at + 4 <= len(body):
        first, second, third, count = body[at : at + 4]
        if count:
            refuse("a video with auxiliary pictures", 0)
        out += bytes([252 | first % 4, 248 | second % 8, 248 | third % 8, 0])
    return out


def _units(body: bytes, at: int, count: int, kind: int) -> tuple[list[bytes], int]:
    """Return those of *kind*, and where the row ends; sets of further views (15) are no part."""
    found = []
    for _ in range(count):
        size = struct.unpack_from(">H", body, at)[0]
        if not size or at + 2 + size > len(body) or body[at + 2] > 127:
            refuse("a decoder configuration that is cut short", 0)
        this = body[at + 2] % 32
        if this not in (kind, 15):
            refuse("a decoder configuration with something else in it", 0)
        if this == kind:
            found.append(body[at : at + 2 + size])
        at += 2 + size
    return found, at


def _sound(body: bytes) -> bytes:
    """14496-1, 7.2.6: a stream, its decoder, how that starts, and how packets are synchronised."""
    stream = _tagged(body[4:], 3)
    if stream[2] >> 5:
        refuse("sound described in a way that is not known", 0)
    decoder = _tagged(stream[3:], 4)
    start = _tagged(decoder[13:], 5) if len(decoder) > 13 else b""
    if len(decoder) < 13 or len(start) > 8:
        refuse("sound described in a way that is not known", 0)
    said = decoder[:1] + bytes([decoder[1] & 0xFC | 1]) + bytes(11)
    said += bytes([5, len(start)]) + start if start else b""
    inner = bytes(3) + bytes([4, len(said)]) + said + b"\6\1\2"
    return bytes(4) + bytes([3, len(inner)]) + inner


def _tagged(body: bytes, tag: int) -> bytes:
    """Return the content of the descriptor that *body* begins with."""
    if body[0] != tag:
        refuse("sound described in a way that is not known", 0)
    size = at = 0
    while True:
        at += 1
        size = size * 128 + body[at] % 128
        if body[at] < 128 or at == 4:
            break
    if at + 1 + size > len(body):
        refuse("sound described in a way that is cut short", 0)
    return body[at + 1 : at + 1 + size]


def _colours(body: bytes) -> bytes:
    return body[:10] if body.startswith(b"nclc") else bare(b"colr", body)


def _opus(body: bytes) -> bytes:
    return body[: 13 + body[1] if body[10] else 11]


def _channels(body: bytes) -> bytes:
    return bytes(4) + body[4 : 16 + 20 * struct.unpack_from(">I", body, 12)[0]]


#: box → (category that must be allowed, None for always; what a clean file has of it)
_BARE: Final[dict[bytes, tuple[Category | None, Callable[[bytes], bytes]]]] = {
    b"avcC": (None, _avc),
    b"colr": (Category.COLOR, _colours),
    b"fiel": (None, lambda body: body[:2]),
    b"gama": (Category.COLOR, lambda body: body[:4]),
    b"dvcC": (Category.HDR, lambda body: body[:5] + bytes(19)),
    b"dvvC": (Category.HDR, lambda body: body[:5] + bytes(19)),
    b"esds": (None, _sound),
    b"alac": (None, lambda body: bytes(4) + body[4:28]),
    b"dOps": (None, _opus),
    b"dac3": (None, lambda body: body[:3]),
    b"damr": (None, lambda body: bytes(5) + body[5:9]),
    b"chan": (None, _channels),
}
