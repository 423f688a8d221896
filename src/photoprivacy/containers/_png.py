"""PNG and APNG to segments (ISO/IEC 15948, APNG 1.0, PNG third edition)."""

from __future__ import annotations

import binascii
import contextlib
import zlib
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._icc import whole_profile
from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Problem,
    Role,
    Segment,
    Span,
)
from photoprivacy.containers._png_image import parse_header, read_streams
from photoprivacy.containers._turn import turn_of
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
TOO_LARGE: Final = "a colour profile larger than the limits allow"
_SLICE: Final = 1 << 14
_LARGEST: Final = 2**31 - 1  # ISO/IEC 15948 5.3: a length has 31 bits

_P, _R, _M, _S = Role.PICTURE, Role.RENDERING, Role.METADATA, Role.STRUCTURE
#: chunk type → role; a type that is not here is UNKNOWN
ROLES: Final = {
    **dict.fromkeys(("IHDR", "PLTE", "IDAT", "fdAT"), _P),
    **dict.fromkeys(("tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "sBIT"), _R),
    **dict.fromkeys(("bKGD", "acTL", "fcTL", "pHYs"), _R),
    **dict.fromkeys(("tEXt", "zTXt", "iTXt", "eXIf", "tIME", "caBX", "iDOT", "dSIG"), _M),
    **dict.fromkeys(("sPLT", "hIST", "oFFs", "pCAL", "sCAL", "sTER", "zxIf", "exIf"), _M),
    "IEND": _S,
}
#: chunk type → kind of block; other metadata and unknown chunks are OTHER, by their type
_BLOCKS: Final = {
    "tEXt": BlockKind.TEXT,
    "zTXt": BlockKind.TEXT,
    "iTXt": BlockKind.TEXT,
    "eXIf": BlockKind.EXIF,
    "caBX": BlockKind.JUMBF,
}
#: Critical chunks (an upper-case first letter) that there are; others stop a decoder.
_CRITICAL: Final = frozenset({"IHDR", "PLTE", "IDAT", "IEND"})


@attrs.frozen(kw_only=True)
class PngContainer(Container):
    """A PNG taken apart.

    Attributes:
        colour: The colour type (11.2.2): 0 grey, 2 truecolour, 3 palette, 4 and 6 with alpha.
        depth: Bits a sample, or a palette index.
        image_end: How many bytes of all IDAT payloads, joined, belong to the zlib stream.
        profile: The inflated ICC profile, ``b""`` when there is none that can be read.
        doubt: Why no clean copy can be made although decoders show the picture, or ``""``.
    """

    colour: int
    depth: int
    image_end: int = 0
    doubt: str = ""
    profile: bytes = attrs.field(default=b"", repr=False)


def parse_png(data: bytes, limits: Limits) -> PngContainer:
    """Take a PNG file apart.

    Raises:
        MalformedImage: The walk over its chunks cannot go on.
        LimitExceeded: More chunks than *limits* allow.
    """
    if not data.startswith(SIGNATURE):
        raise MalformedImage("png", 0, "no signature")
    segments = [Segment(kind="signature", role=_S, span=Span(0, 8), body=Span(0, 8))]
    segments.extend(_chunks(data, limits))
    end = segments[-1].span.stop
    if end < len(data):
        rest = Span(end, len(data))
        segments.append(Segment(kind="trailer", role=Role.TRAILER, span=rest, body=rest))
    problems = list(_checksums(data, segments))
    head = next(segment for segment in segments if segment.kind == "IHDR")
    header = parse_header(head.body.of(data), head.span.start)
    streams = read_streams(data, segments, header, limits)
    profile, wrong, told = b"", "", list(streams.blocks)
    profiles = [segment for segment in segments if segment.kind == "iCCP"]
    if profiles:
        profile, wrong = _profile(profiles[0].body.of(data), limits)
        told.append(_icc_block(profiles[0], profile))
        # What a second one holds is not inflated: it never stays.
        told.extend(_icc_block(segment, b"") for segment in profiles[1:])
    if wrong:
        problems.append(Problem(what=wrong, where=profiles[0].span))
    for segment in segments:
        told.extend(_block(data, segment, limits))
    turn, two_ways = _turn(told, limits)
    return PngContainer(
        format=Format.PNG,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(sorted(told, key=lambda block: block.where.start)),
        width=header.width,
        height=header.height,
        rotation=turn,
        problems=tuple(problems),
        damage=streams.damage,
        colour=header.colour,
        depth=header.depth,
        image_end=streams.end,
        profile=profile,
        doubt=streams.doubt or (wrong if wrong == TOO_LARGE else "") or two_ways,
    )


def _chunks(data: bytes, limits: Limits) -> Iterator[Segment]:
    at, count, seen_image = 8, 0, False
    while True:
        if at + 12 > len(data):
            raise TruncatedImage("png", at, needed=12, available=len(data) - at)
        length = int.from_bytes(data[at : at + 4], "big")
        if length > _LARGEST:
            raise MalformedImage("png", at, "a chunk length of more than 31 bits")
        stop = at + 12 + length
        if stop > len(data):
            raise TruncatedImage("png", at, needed=length + 12, available=len(data) - at)
        name = data[at + 4 : at + 8]
        if not (name.isalpha() and name.isascii()):
            raise MalformedImage("png", at, "a chunk type that is not four letters")
        kind = name.decode("ascii")
        _in_order(kind, at, length, first=count == 0, seen_image=seen_image)
        count += 1
        if count > limits.max_segments:
            raise LimitExceeded("png", at, limit="max_segments", value=limits.max_segments)
        yield Segment(
            kind=kind,
            role=ROLES.get(kind, Role.UNKNOWN),
            span=Span(at, stop),
            body=Span(at + 8, stop - 4),
            name="" if kind in ROLES else kind,
        )
        seen_image = seen_image or kind == "IDAT"
        at = stop
        if kind == "IEND":
            return


def _in_order(kind: str, at: int, length: int, *, first: bool, seen_image: bool) -> None:
    """Refuse what ISO/IEC 15948, 5.6 refuses and decoders stop at."""
    if kind == "CgBI":
        raise MalformedImage("png", at, "a CgBI file, which is not PNG")
    if first != (kind == "IHDR") or (kind == "IHDR" and length != 13):
        raise MalformedImage("png", at, "IHDR must come first, once, with 13 bytes")
    if kind[0].isupper() and kind not in _CRITICAL:
        raise MalformedImage("png", at, "an unknown critical chunk")
    if kind == "IEND" and not seen_image:
        raise MalformedImage("png", at, "no image data")


def _checksums(data: bytes, segments: list[Segment]) -> Iterator[Problem]:
    for segment in segments:
        if segment.role is not Role.TRAILER and segment.kind != "signature":
            stated = data[segment.span.stop - 4 : segment.span.stop]
            body = memoryview(data)[segment.span.start + 4 : segment.span.stop - 4]
            if zlib.crc32(body) != int.from_bytes(stated, "big"):
                what = segment.kind if segment.kind in ROLES else "an unknown chunk"
                yield Problem(what=f"a wrong checksum of {what}", where=segment.span)


def _profile(body: bytes, limits: Limits) -> tuple[bytes, str]:
    """Return the profile of an iCCP chunk (11.3.2.3), or ``b""`` and what is wrong with it.

    What counts is what the stream yields up to the length that the profile states: neither
    libpng nor browsers look further.
    """
    name, zero, rest = body.partition(b"\x00")
    if not zero or not 0 < len(name) <= 79 or rest[:1] != b"\x00":
        return b"", "a colour profile without a name"
    out = _inflated(memoryview(rest)[1:], limits.max_inflated)
    if len(out) > limits.max_inflated < int.from_bytes(out[:4], "big"):
        return b"", TOO_LARGE
    profile = whole_profile(out)
    return profile, "" if profile else "a colour profile that is none"


def _inflated(stream: memoryview, most: int) -> bytes:
    """Return what *stream* holds up to a fault, its stated length, or a little over *most*."""
    engine = zlib.decompressobj()
    out = bytearray()

    def feed(piece: bytes | memoryview) -> bool:
        while piece and len(out) <= most:
            out.extend(engine.decompress(piece, _SLICE))
            piece = engine.unconsumed_tail
        return engine.eof or len(out) > most or 4 <= int.from_bytes(out[:4], "big") <= len(out)

    for at in range(0, len(stream), _SLICE):
        before, size = engine.copy(), len(out)
        try:
            if feed(stream[at : at + _SLICE]):
                break
        except zlib.error:
            # zlib hands out nothing of a piece with a fault in it: byte by byte up to there.
            engine = before
            del out[size:]
            with contextlib.suppress(zlib.error):
                any(feed(stream[one : one + 1]) for one in range(at, min(at + _SLICE, len(stream))))
            break
    return bytes(out)


def _block(data: bytes, segment: Segment, limits: Limits) -> Iterator[Block]:
    if segment.role is Role.TRAILER:
        kind, name = BlockKind.TRAILER, "after IEND"
    elif segment.kind in _BLOCKS:
        kind, name = _BLOCKS[segment.kind], segment.kind
    elif segment.kind == "IEND" and len(segment.body):
        kind, name = BlockKind.OTHER, "inside IEND"
    elif segment.kind == "pHYs":
        kind, name = BlockKind.OTHER, "pHYs"
    elif segment.role in (Role.METADATA, Role.UNKNOWN):
        kind, name = BlockKind.OTHER, segment.kind
    else:
        return
    body = data[segment.body.start : min(segment.body.stop, segment.body.start + limits.max_block)]
    start = segment.body.start
    if kind is BlockKind.EXIF and body.startswith(b"Exif\x00\x00"):  # some writers carry it over
        body, start = body[6:], start + 6
    yield Block(
        kind=kind, data=body, origin=segment.kind, where=segment.span, base=start, name=name
    )


def _turn(told: list[Block], limits: Limits) -> tuple[int | None, str]:
    """Return what the container says of the side that is up, and why it is not sure of it.

    PNG 3, 11.3.4.5: one eXIf. Of two, libpng takes the first and others the last. Without one,
    some look into the text in which ImageMagick keeps Exif, and at no other (Pillow).
    """
    chunks = [block.data for block in told if block.kind is BlockKind.EXIF]
    texts = [
        block
        for block in told
        if block.kind is BlockKind.TEXT and block.data[:17].lower() == b"raw profile type "
    ]
    notes = chunks or [raw for block in texts if (raw := _raw_exif(block, limits))]
    turns = {turn_of(note) for note in notes}
    if len(turns) > 1:
        return None, "Exif that turns the picture in two ways"
    if not chunks and not texts:
        return None, ""
    return turns.pop() if turns else 1, ""


def _raw_exif(block: Block, limits: Limits) -> bytes:
    """Return Exif that a text spells in hexadecimal digits, ``b""`` for none."""
    keyword, _, text = block.data.partition(b"\x00")
    packed = block.name == "zTXt"
    if keyword != b"Raw profile type exif":
        return b""
    if block.name == "iTXt":
        packed, text = text[:1] == b"\x01", text[2:].split(b"\x00", 2)[-1]
    elif packed:
        text = text[1:]
    try:
        text = zlib.decompressobj().decompress(text, limits.max_inflated) if packed else text
        # An empty line, the name, the length, and the digits.
        data = binascii.unhexlify(b"".join(text.split(b"\n", 3)[3].split()))
    except (binascii.Error, IndexError, zlib.error):
        return b""
    return data.removeprefix(b"Exif\x00\x00")


def _icc_block(segment: Segment, profile: bytes) -> Block:
    return Block(
        kind=BlockKind.ICC if profile else BlockKind.OTHER,
        data=profile,
        origin="iCCP",
        where=segment.span,
        name="" if profile else "a profile that cannot be read",
    )
