"""The codestream of JPEG 2000 (ISO/IEC 15444-1, Annex A; 15444-15 for the fast coder)."""

from __future__ import annotations

import re
import struct
from typing import Final

import attrs

from photoprivacy.containers._model import Role, Segment, Span
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

FORMAT: Final = "jp2"
START: Final = b"\xff\x4f\xff\x51"
_SIZ, _SOT, _SOD, _EOC = 0xFF51, 0xFF90, 0xFF93, 0xFFD9
_SOT_SIZE: Final = 12

#: code → (marker, what it is there for). Table A.2; 15444-15, A.1 for CAP and CPF.
MARKERS: Final = {
    0xFF50: ("CAP", Role.PICTURE),
    0xFF51: ("SIZ", Role.PICTURE),
    0xFF52: ("COD", Role.PICTURE),
    0xFF53: ("COC", Role.PICTURE),
    0xFF55: ("TLM", Role.STRUCTURE),
    0xFF57: ("PLM", Role.STRUCTURE),
    0xFF58: ("PLT", Role.STRUCTURE),
    0xFF59: ("CPF", Role.STRUCTURE),
    0xFF5C: ("QCD", Role.PICTURE),
    0xFF5D: ("QCC", Role.PICTURE),
    0xFF5E: ("RGN", Role.PICTURE),
    0xFF5F: ("POC", Role.PICTURE),
    0xFF60: ("PPM", Role.PICTURE),
    0xFF61: ("PPT", Role.PICTURE),
    0xFF63: ("CRG", Role.RENDERING),
    0xFF64: ("COM", Role.METADATA),
}
#: In coded data no byte behind FF is above 8F, but for two markers inside it (A.1.1).
_END_OF_DATA: Final = re.compile(rb"\xff[\x90\x93-\xff]")


@attrs.frozen(kw_only=True)
class Marker:
    """One marker segment.

    Attributes:
        name: What Table A.2 calls it, ``""`` for one that is not there.
        span: All its bytes, the marker included.
        body: What stands behind its length.
    """

    name: str
    span: Span
    body: Span


@attrs.frozen(kw_only=True)
class TilePart:
    """One tile-part (A.4.2).

    Attributes:
        start: Where its SOT marker stands.
        tile: Which tile.
        number: Which part of it.
        count: How many parts the tile has, 0 where that is not told.
        markers: Its header, without SOT and SOD.
        data: Its packets.
    """

    start: int
    tile: int
    number: int
    count: int
    markers: tuple[Marker, ...]
    data: Span


@attrs.frozen(kw_only=True)
class Codestream:
    """A codestream taken apart.

    Attributes:
        markers: The main header from SIZ on.
        parts: Tile-parts as they stand.
        stop: Where it ends, the end marker included.
        ended: Whether it has an end marker.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        depths: What SIZ says of each component: its bits less one, 128 more when signed.
        halved: Whether components have fewer samples than the picture has pixels.
        tiles: How many tiles it is cut into.
        fast: Whether it is coded as 15444-15 says.
    """

    markers: tuple[Marker, ...]
    parts: tuple[TilePart, ...]
    stop: int
    ended: bool
    width: int
    height: int
    depths: bytes
    halved: bool
    tiles: int
    fast: bool

    def segments(self, start: int) -> list[Segment]:
        """Return what tiles the codestream, which begins at byte *start*."""
        out = [_segment("SOC", Role.PICTURE, Span(start, start + 2))]
        out += map(_of_marker, self.markers)
        for part in self.parts:
            out.append(_segment("SOT", Role.PICTURE, Span(part.start, part.start + _SOT_SIZE)))
            out += map(_of_marker, part.markers)
            out.append(_segment("SOD", Role.PICTURE, Span(part.data.start - 2, part.data.stop)))
        if self.ended:
            out.append(_segment("EOC", Role.PICTURE, Span(self.stop - 2, self.stop)))
        return out


def read_codestream(data: bytes, start: int, stop: int, limits: Limits) -> Codestream:
    """Take apart the codestream that begins at byte *start* and ends not behind *stop*.

    Raises:
        MalformedImage: Markers are out of order, or its size is nonsense.
        TruncatedImage: It ends before its last tile-part does.
        LimitExceeded: It has more markers than *limits* allow.
    """
    if data[start : start + 4] != START or stop - start < 4:
        raise MalformedImage(FORMAT, start, "no codestream")
    walk = _Walk(data, stop, limits)
    markers, at = walk.header(start + 2, _SOT)
    size = _Size.of(data, markers[0].body)
    parts: list[TilePart] = []
    ended = False
    while at < stop and not ended:
        code = walk.code(at)
        if code == _EOC:
            ended, at = True, at + 2
        elif code == _SOT:
            parts.append(walk.part(at))
            at = parts[-1].data.stop
        else:
            raise MalformedImage(FORMAT, at, "no tile where one must begin")
    if not parts:
        raise MalformedImage(FORMAT, at, "no tile")
    return Codestream(
        markers=tuple(markers), parts=tuple(parts), stop=at, ended=ended, width=size.width,
        height=size.height, depths=size.depths, halved=size.halved, tiles=size.tiles,
        fast=any(one.name == "CAP" for one in markers),
    )  # fmt: skip


@attrs.frozen(kw_only=True)
class _Size:
    """What SIZ says (A.5.1)."""

    width: int
    height: int
    depths: bytes
    halved: bool
    tiles: int

    @classmethod
    def of(cls, data: bytes, body: Span) -> _Size:
        if len(body) < 36:
            raise MalformedImage(FORMAT, body.start, "a picture without its size")
        right, bottom, left, top = struct.unpack_from(">4I", data, body.start + 2)
        wide, high, first, upper = struct.unpack_from(">4I", data, body.start + 18)
        count = int.from_bytes(data[body.start + 34 : body.start + 36], "big")
        rows = data[body.start + 36 : body.stop]
        if len(rows) != 3 * count or not count:
            raise MalformedImage(FORMAT, body.start, "components that are not all there")
        if right <= left or bottom <= top or 0 in rows[1::3] or 0 in rows[2::3]:
            raise MalformedImage(FORMAT, body.start, "a picture without a size")
        if not (wide and high and first <= left < first + wide and upper <= top < upper + high):
            raise MalformedImage(FORMAT, body.start, "tiles that do not cover the picture")
        halved = any(value != 1 for value in rows[1::3] + rows[2::3])
        return cls(
            width=right - left,
            height=bottom - top,
            depths=rows[0::3],
            halved=halved,
            tiles=-(-(right - first) // wide) * -(-(bottom - upper) // high),  # B.3
        )


@attrs.define
class _Walk:
    data: bytes
    stop: int
    limits: Limits
    seen: int = 0

    def code(self, at: int) -> int:
        if at + 2 > self.stop:
            raise TruncatedImage(FORMAT, at, needed=2, available=self.stop - at)
        return int.from_bytes(self.data[at : at + 2], "big")

    def header(self, at: int, last: int) -> tuple[list[Marker], int]:
        """Return marker segments up to marker *last*, and where that stands."""
        found: list[Marker] = []
        while (code := self.code(at)) != last:
            self.seen += 1
            if self.seen > self.limits.max_segments:
                raise LimitExceeded(
                    FORMAT, at, limit="max_segments", value=self.limits.max_segments
                )
            if code < 0xFF4F or 0xFF30 <= code <= 0xFF3F or code in (_SOT, _SOD, _EOC):
                raise MalformedImage(FORMAT, at, "no marker where one must stand")
            end = at + 2 + self._length(at + 2)
            name = MARKERS[code][0] if code in MARKERS else ""
            if (name == "SIZ") == bool(found or last == _SOD):
                raise MalformedImage(FORMAT, at, "a size that is not first, or there twice")
            found.append(Marker(name=name, span=Span(at, end), body=Span(at + 4, end)))
            at = end
        if not found and last == _SOT:
            raise MalformedImage(FORMAT, at, "a picture without its size")
        return found, at

    def part(self, at: int) -> TilePart:
        """Return the tile-part that begins at byte *at*."""
        if at + _SOT_SIZE > self.stop:
            raise TruncatedImage(FORMAT, at, needed=_SOT_SIZE, available=self.stop - at)
        size, tile, length, number, count = struct.unpack_from(">HHIBB", self.data, at + 2)
        if size != 10:
            raise MalformedImage(FORMAT, at, "a tile-part of another form")
        markers, data = self.header(at + _SOT_SIZE, _SOD)
        data += 2
        end = at + length if length else self._end_of_last(data)
        if end > self.stop:
            raise TruncatedImage(FORMAT, data, needed=end - data, available=self.stop - data)
        if end < data:
            raise MalformedImage(FORMAT, at, "a tile-part smaller than its own header")
        return TilePart(
            start=at, tile=tile, number=number, count=count, markers=tuple(markers),
            data=Span(data, end),
        )  # fmt: skip

    def _end_of_last(self, at: int) -> int:
        """Return where the last tile-part ends that does not say so itself (A.4.2, Psot 0)."""
        match = _END_OF_DATA.search(self.data, at, self.stop)
        if match is None:
            return self.stop
        if self.code(match.start()) != _EOC:
            raise MalformedImage(FORMAT, match.start(), "a marker inside coded data")
        return match.start()

    def _length(self, at: int) -> int:
        if at + 2 > self.stop:
            raise TruncatedImage(FORMAT, at, needed=2, available=self.stop - at)
        length = int.from_bytes(self.data[at : at + 2], "big")
        if length < 2:
            raise MalformedImage(FORMAT, at, "a marker segment smaller than its own length")
        if at + length > self.stop:
            raise TruncatedImage(FORMAT, at, needed=length, available=self.stop - at)
        return length


def _segment(kind: str, role: Role, span: Span) -> Segment:
    return Segment(kind=kind, role=role, span=span, body=span)


def _of_marker(marker: Marker) -> Segment:
    roles = dict(MARKERS.values())
    role = roles.get(marker.name, Role.UNKNOWN)
    return Segment(kind=marker.name or "marker", role=role, span=marker.span, body=marker.body)
