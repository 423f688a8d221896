"""What of the bytes behind a JPEG's picture a clean file has: a look of its own.

CIPA DC-007 (MPF), Motion Photo 1.0, and the files of cameras that follow neither.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import attrs

from photoprivacy._verify._gain_map import MPF, says_so
from photoprivacy._verify._jpeg_source import Source, front
from photoprivacy._verify._model import moments
from photoprivacy._verify._turned import turned
from photoprivacy.policy import Category, Policy

_EXIF: Final = b"Exif\0\0"
#: CIPA DC-007, 5.2.3.3: panorama, stereo, several angles, primary, undefined; no previews
_FURTHER: Final = (0x20001, 0x20002, 0x20003, 0x30000, 0)


@attrs.define
class Behind:
    """What a clean file has behind its picture.

    Attributes:
        source: The file that was cleaned.
        pictures: Where each picture begins there, behind its SOI, and what it is listed as; the
            gain map comes first.
        gain_map: Where that one begins, ``None`` for none.
        type: What the first picture is listed as.
        video: Where the video begins and ends.
        moments: What the packet may say of the moment of the photo.
    """

    source: bytes
    pictures: list[tuple[int, int]] = attrs.field(factory=list)
    gain_map: int | None = None
    type: int = 0x30000
    video: tuple[int, int] | None = None
    moments: frozenset[int] = frozenset({-1})

    def side(self, start: int, policy: Policy) -> int:
        """Return which side is up of the picture that begins at *start*, 1 for the usual."""
        if not policy.allows(Category.ORIENTATION):
            return 1
        return turned(first_exif(self.source, start))


def first_exif(source: bytes, at: int = 2) -> bytes:
    """Return the first Exif of the picture that begins at *at*, with segments that go on with it.

    Viewers read no other, and none behind the beginning of the first scan.
    """
    found = [
        body[len(_EXIF) :]
        for code, body in front(Source(source, at)) or ()
        if code == 0xE1 and body.startswith(_EXIF)
    ]
    begins = [body[:4] in (b"II*\0", b"MM\0*") for body in found[1:]]
    return b"".join(found[: begins.index(True) + 1 if True in begins else None])


def behind(source: bytes, at: int, policy: Policy) -> Behind:
    """Return what a clean copy of *source* has behind its picture, which ends at *at*."""
    out = Behind(source)
    types, first = _types(source)
    video = source.find(b"ftyp", at)  # pictures inside a video are its own
    last = len(source) if video < 0 else video
    others: list[tuple[int, int]] = []
    known = False
    here = at
    for _ in range(16):
        start = source.find(b"\xff\xd8\xff", here, last)
        if start < 0:
            break
        walk = Source(source, start + 2)
        header = front(walk)
        bright = not known and says_so(header or ())
        while header is not None and walk.next() is not None:
            pass
        if bright:
            known = True
            if policy.allows(Category.HDR):
                out.gain_map = start + 2
        elif walk.ended and header is not None and types.get(start) in _FURTHER:
            others.append((start + 2, types[start]))
        here = walk.at + 2 if walk.ended else start + 2
    if not policy.allows(Category.EMBEDDED_IMAGE):
        others = []
    if others:
        out.type = 0x20000000 | (first if first in _FURTHER else 0x30000)
    gain_map = [(out.gain_map, 0)] if out.gain_map is not None else []
    out.pictures = [*gain_map, *others]
    if policy.allows(Category.EMBEDDED_VIDEO) and video >= 4:
        out.video = _boxes(source, video - 4) if video - 4 >= at else None
    if out.video is not None:
        out.moments = moments(source)
    return out


def _types(source: bytes) -> tuple[dict[int, int], int]:
    """Return where pictures begin → what the first picture's directory lists them as; and it."""
    walk = Source(source)
    while (found := walk.next(anything=True)) is not None and found[2] != 0xDA:
        start, stop, code = found
        if code != 0xE2 or source[start + 4 : start + 8] != MPF:
            continue
        base, body = start + 8, source[start + 8 : stop]
        try:
            return _rows(body, base)
        except struct.error:
            return {}, -1
    return {}, -1


def _rows(body: bytes, base: int) -> tuple[dict[int, int], int]:
    sign = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4], "")
    if not sign:
        return {}, -1
    at = struct.unpack_from(f"{sign}I", body, 4)[0]
    number = struct.unpack_from(f"{sign}H", body, at)[0]
    for entry in range(number):
        if at + 14 + 12 * entry > len(body):
            break
        tag, _, size, start = struct.unpack_from(f"{sign}2H2I", body, at + 2 + 12 * entry)
        if tag == 0xB002 and start + size <= len(body):
            table = body[start : start + size // 16 * 16]
            lines = [
                (place, attributes % (1 << 24))
                for attributes, _, place, _, _ in struct.iter_unpack(f"{sign}3I2H", table)
            ][:64]
            found = {base + place: kind for place, kind in lines if place}
            firsts = [kind for place, kind in lines if not place]
            return found, firsts[-1] if firsts else -1
    return {}, -1


def _boxes(source: bytes, start: int) -> tuple[int, int] | None:
    """Return where the boxes of a video begin and end that has tracks and samples."""
    at, kinds = start, []
    if not 16 <= struct.unpack_from(">I", source, start)[0] <= 512:
        return None
    while at + 8 <= len(source):
        size, kind = struct.unpack_from(">I4s", source, at)
        if size == 1 and at + 16 <= len(source):
            size = struct.unpack_from(">Q", source, at + 8)[0]
        if size < 8 or at + size > len(source) or not kind.isalnum():
            break
        kinds.append(kind)
        at += size
    return (start, at) if b"moov" in kinds and b"mdat" in kinds else None


def directory(pictures: Sequence[tuple[int, int]], at: int) -> bytes:
    """Return the MPF directory at byte *at* of pictures, each with its type and its length."""
    count = len(pictures)
    head = bytes.fromhex("4d4d002a 00000008 0003 b000 0007 00000004 30313030 b001 0004 00000001")
    head += struct.pack(">IHHIII", count, 0xB002, 7, 16 * count, 50, 0)
    rows, place = b"", 0
    for kind, length in pictures:
        rows += struct.pack(">4I", kind, length, place - at if place else 0, 0)
        place += length
    return head + rows
