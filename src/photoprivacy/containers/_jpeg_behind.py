"""What stands behind the picture of a JPEG: further pictures, a gain map, a video, anything.

Directories say where (CIPA DC-007; Ultra HDR and motion photos: GContainer), and some are wrong:
a picture is one if it can be walked through, and a video one if its boxes can.
"""

from __future__ import annotations

import struct
from typing import Final

import attrs

from photoprivacy.containers._jpeg_names import MPF
from photoprivacy.containers._model import Segment, Span

#: CIPA DC-007, 5.2.3.3: types of pictures that are further ones, and no previews
FURTHER: Final = {
    0x000000: "undefined",
    0x020001: "panorama",
    0x020002: "disparity",
    0x020003: "multi-angle",
    0x030000: "primary picture",
}
_MOST: Final = 64
_ENTRY_TABLE: Final = 0xB002
#: most bytes of the first box of a video
_FTYP: Final = 512


@attrs.frozen(kw_only=True)
class Picture:
    """A further picture behind the first one.

    Attributes:
        segments: From its SOI to its EOI.
        type: What the directory says that it is (CIPA DC-007, 5.2.3.3), -1 if it says nothing.
        gain_map: Whether it is the gain map.
    """

    segments: tuple[Segment, ...]
    type: int = -1
    gain_map: bool = False

    @property
    def span(self) -> Span:
        """All its bytes."""
        return Span(self.segments[0].span.start, self.segments[-1].span.stop)


def listed(data: bytes, segments: tuple[Segment, ...]) -> dict[int, int]:
    """Return where pictures begin → their type, as the directory of the first one says.

    Its own is found at 0. ``{}`` when there is no directory, or none that can be read.
    """
    for segment in segments:
        if segment.kind == "SOS":
            break
        if segment.name == "MPF":
            return _entries(data, segment.body.start + len(MPF), segment.body.stop)
    return {}


def _entries(data: bytes, base: int, stop: int) -> dict[int, int]:
    body = data[base:stop]
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(body[:4])
    if order is None or len(body) < 10:
        return {}
    at = int.from_bytes(body[4:8], "little" if order == "<" else "big")
    if at + 2 > len(body):
        return {}
    (count,) = struct.unpack_from(f"{order}H", body, at)
    for row in range(at + 2, min(at + 2 + 12 * count, len(body) - 11), 12):
        tag, _, size, start = struct.unpack_from(f"{order}HHII", body, row)
        if tag == _ENTRY_TABLE and start + size <= len(body):
            rows = struct.iter_unpack(f"{order}IIIHH", body[start : start + size // 16 * 16])
            found = [(offset, kind & 0xFFFFFF) for kind, _, offset, _, _ in rows]
            # 5.2.3.3: offsets count from here, but for the first picture, which has 0.
            return {base + offset if offset else 0: kind for offset, kind in found[:_MOST]}
    return {}


def video_in(data: bytes, start: int) -> Span | None:
    """Return where the first video behind *start* is, from its ``ftyp`` box to its last one.

    Lengths in XMP are not asked: some are wrong, and some files have none.
    """
    at = data.find(b"ftyp", start + 4) - 4
    if at < start:
        return None
    size = int.from_bytes(data[at : at + 4], "big")
    if not 16 <= size <= _FTYP:
        return None
    seen = set()
    first = at
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        kind = data[at + 4 : at + 8]
        if size < 8 or at + size > len(data) or not kind.isalnum():
            break
        seen.add(kind)
        at += size
    return Span(first, at) if {b"moov", b"mdat"} <= seen else None
