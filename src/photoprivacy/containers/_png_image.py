"""The compressed streams of a PNG: where they end, and whether more is in them than pixels."""

from __future__ import annotations

import struct
import zlib
from typing import Final

import attrs

from photoprivacy.containers._model import Block, BlockKind, Segment, Span
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

#: colour type → samples a pixel, and the bit depths it may have (ISO/IEC 15948, Table 11)
COLOURS: Final[dict[int, tuple[int, tuple[int, ...]]]] = {
    0: (1, (1, 2, 4, 8, 16)),
    2: (3, (8, 16)),
    3: (1, (1, 2, 4, 8)),
    4: (2, (8, 16)),
    6: (4, (8, 16)),
}
#: 8.2, Adam7: column and row where a pass begins, and its steps
_ADAM7: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
# Slices of input and output: zlib copies what it did not come to, so one long input is quadratic.
_IN, _OUT = 1 << 14, 1 << 16


@attrs.frozen(kw_only=True)
class Header:
    """What IHDR says (11.2.2). *width* and *height* in pixels, *depth* in bits a sample."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    def inflated(self, width: int, height: int) -> int:
        """Return the bytes of rows that *width* × *height* pixels take, filter bytes included."""
        passes = _ADAM7 if self.interlaced else ((0, 0, 1, 1),)
        bits = self.depth * COLOURS[self.colour][0]
        total = 0
        for left, top, across, down in passes:
            columns, rows = -(-(width - left) // across), -(-(height - top) // down)
            if columns > 0 and rows > 0:  # 8.2: an empty pass has no rows, nor filter bytes
                total += rows * (1 + (columns * bits + 7) // 8)
        return total


@attrs.frozen(kw_only=True)
class Streams:
    """What was found in IDAT and fdAT.

    Attributes:
        end: How many bytes of all IDAT payloads, joined, belong to the zlib stream.
        blocks: What follows a stream, inside its chunks.
        damage: What keeps decoders from the picture.
        doubt: Why no clean copy can be made although decoders show the picture, ``""`` for none.
    """

    end: int
    blocks: tuple[Block, ...] = ()
    damage: MalformedImage | None = None
    doubt: str = ""


def parse_header(body: bytes, at: int) -> Header:
    """Return what the 13 bytes of IHDR say.

    Raises:
        MalformedImage: No picture has such a header.
    """
    width, height, depth, colour, packing, filters, lace = struct.unpack(">IIBBBBB", body)
    if not (0 < width < 1 << 31 and 0 < height < 1 << 31):
        raise MalformedImage("png", at, "a picture without pixels")
    if depth not in COLOURS.get(colour, (0, ()))[1] or packing or filters or lace > 1:
        raise MalformedImage("png", at, "a kind of pixels that PNG does not have")
    return Header(width=width, height=height, depth=depth, colour=colour, interlaced=lace == 1)


def read_streams(data: bytes, segments: list[Segment], header: Header, limits: Limits) -> Streams:
    """Follow every stream to its end."""
    image = [segment for segment in segments if segment.kind == "IDAT"]
    first = segments.index(image[0])
    at = image[0].span.start
    if header.width * header.height > limits.max_pixels:
        # All rows are inflated to be counted.
        error = LimitExceeded("png", at, limit="max_pixels", value=limits.max_pixels)
        return Streams(end=0, damage=error)
    if segments[first : first + len(image)] != image:
        # 5.6: IDAT chunks are consecutive; decoders stop at the first gap.
        return Streams(end=0, damage=MalformedImage("png", at, "image data in two places"))
    size = header.inflated(header.width, header.height)
    end, blocks, damage, doubt = _follow(data, image, "IDAT", size)
    behind = tuple(blocks)
    if damage is None and is_animated(segments):
        found = _frames(data, segments, header)
        behind += found.blocks
        damage, doubt = found.damage, doubt or found.doubt
    return Streams(end=end, blocks=behind, damage=damage, doubt=doubt)


def is_animated(segments: list[Segment] | tuple[Segment, ...]) -> bool:
    """Return whether decoders look for frames: acTL stands in front of the image data."""
    for segment in segments:
        if segment.kind in ("acTL", "IDAT"):
            return segment.kind == "acTL"
    return False


def _frames(data: bytes, segments: list[Segment], header: Header) -> Streams:
    """Follow the frames of an animation (third edition, 11.3.6)."""
    frames, doubt = _sorted(data, segments, header)
    blocks: list[Block] = []
    for parts, size in frames:
        if not parts:
            return Streams(end=0, doubt=doubt or "an animation frame without image data")
        _, behind, damage, why = _follow(data, parts, "fdAT", size)
        blocks.extend(behind)
        doubt = doubt or why
        if damage is not None:
            return Streams(end=0, blocks=tuple(blocks), damage=damage, doubt=doubt)
    if blocks:
        # The frame cannot be cut: decoders tell its end from its chunks, numbered one by one.
        doubt = doubt or "bytes hidden behind the image data of an animation frame"
    return Streams(end=0, blocks=tuple(blocks), doubt=doubt)


def _sorted(
    data: bytes, segments: list[Segment], header: Header
) -> tuple[list[tuple[list[Segment], int]], str]:
    """Return the fdAT chunks and the size of each frame, and what is wrong with their order."""
    frames: list[tuple[list[Segment], int]] = []
    announced = controls = number = 0
    seen_image, doubt = False, ""
    for segment in segments:
        head = data[segment.body.start : min(segment.body.start + 26, segment.body.stop)]
        if segment.kind == "acTL":
            announced = int.from_bytes(head[:4], "big")
        elif segment.kind == "IDAT":
            seen_image = True
        elif segment.kind in ("fcTL", "fdAT"):
            if len(head) < 4 or int.from_bytes(head[:4], "big") != number:
                doubt = doubt or "animation frames out of order"
            number += 1
            if segment.kind == "fcTL":
                controls += 1
                if len(segment.body) != 26 or not _fits(head, header):
                    doubt = doubt or "a frame that does not fit into its picture"
                elif seen_image:
                    frames.append(([], header.inflated(*struct.unpack_from(">II", head, 4))))
            elif frames:
                frames[-1][0].append(segment)
            else:
                doubt = doubt or "image data of a frame that was not announced"
    if controls != announced:
        doubt = doubt or "another number of frames than the animation announces"
    return frames, doubt


def _fits(control: bytes, header: Header) -> bool:
    width, height, left, top = (
        int.from_bytes(control[at : at + 4], "big") for at in range(4, 20, 4)
    )
    return 0 < width <= header.width - left and 0 < height <= header.height - top


def _follow(
    data: bytes, parts: list[Segment], kind: str, room: int
) -> tuple[int, list[Block], MalformedImage | None, str]:
    """Follow the stream over *parts*, which may hold *room* bytes of rows.

    Returns its end in the joined payloads, what follows it (how a cropped screenshot kept
    what was cut off), what is damaged, and whether more is in it than rows.
    """
    skip = 4 if kind == "fdAT" else 0  # a sequence number comes first
    engine = zlib.decompressobj()
    done, doubt = 0, ""
    for part in parts:
        start = min(part.body.start + skip, part.body.stop)
        for at in range(start, part.body.stop, _IN):
            stop = min(at + _IN, part.body.stop)
            try:
                room -= _inflated(engine, data[at:stop], room)
            except zlib.error:
                error = MalformedImage("png", part.span.start, "image data that cannot be inflated")
                return done, [], error, doubt
            if room < 0:
                return done, [], None, "image data with more in it than the picture's rows"
            if engine.eof:
                end = stop - len(engine.unused_data)
                return done + end - at, _behind(data, end, parts, kind), None, doubt
            done += stop - at
    damage = TruncatedImage("png", parts[-1].span.start, needed=done + 1, available=done)
    return done, [], damage, doubt


def _inflated(engine: zlib._Decompress, piece: bytes, room: int) -> int:
    """Feed *piece* to *engine*, and return how many bytes came out; more than *room* ends it."""
    size = 0
    while size <= room:
        out = engine.decompress(piece, _OUT)
        size += len(out)
        piece = engine.unconsumed_tail
        if engine.eof or (not piece and len(out) < _OUT):
            break
    return size


def _behind(data: bytes, end: int, parts: list[Segment], kind: str) -> list[Block]:
    rest = Span(end, parts[-1].body.stop)
    if not len(rest):
        return []
    return [
        Block(
            kind=BlockKind.TRAILER,
            data=rest.of(data),
            origin=kind,
            where=rest,
            base=rest.start,
            name="after image data",
        )
    ]
