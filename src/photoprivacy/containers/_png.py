"""PNG and APNG to segments (ISO/IEC 15948, APNG 1.0, PNG third edition)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

import attrs

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
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage
from photoprivacy.limits import Limits

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
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
        image_end: How many bytes of all IDAT payloads, joined, belong to the zlib stream.
        profile: The inflated ICC profile, ``b""`` when there is none that can be read.
    """

    image_end: int = 0
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
    image = [segment for segment in segments if segment.kind == "IDAT"]
    blocks: list[Block] = []
    image_end, damage = _stream(data, image, "IDAT", blocks)
    for frame in _frames(segments):
        _, broken = _stream(data, frame, "fdAT", blocks)
        damage = damage or broken
    profile = b""
    for segment in segments:
        if segment.kind == "iCCP":
            profile = inflated_profile(segment.body.of(data), limits) or profile
        blocks.extend(_block(data, segment, limits))
    if any(segment.kind == "iCCP" for segment in segments) and not profile:
        problems.append(
            Problem(what="a colour profile that cannot be inflated", where=image[0].span)
        )
    head = segments[1].body.of(data)
    return PngContainer(
        format=Format.PNG,
        size=len(data),
        segments=tuple(segments),
        blocks=tuple(sorted(blocks, key=lambda block: block.where.start)),
        width=int.from_bytes(head[:4], "big"),
        height=int.from_bytes(head[4:8], "big"),
        problems=tuple(problems),
        damage=damage,
        image_end=image_end,
        profile=profile,
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
                yield Problem(what=f"a wrong checksum of {segment.kind}", where=segment.span)


def _frames(segments: list[Segment]) -> Iterator[list[Segment]]:
    """Yield the fdAT chunks of each animation frame (APNG: fcTL starts a frame)."""
    frame: list[Segment] = []
    for segment in segments:
        if segment.kind == "fdAT":
            frame.append(segment)
        elif segment.kind == "fcTL" and frame:
            yield frame
            frame = []
    if frame:
        yield frame


def _stream(
    data: bytes, parts: list[Segment], kind: str, blocks: list[Block]
) -> tuple[int, MalformedImage | None]:
    """Return where the zlib stream over *parts* ends; what follows it becomes a block.

    Bytes after the stream are how a cropped screenshot kept what was cut off.
    """
    skip = 4 if kind == "fdAT" else 0  # APNG: a sequence number comes first
    engine = zlib.decompressobj()
    done = 0
    for part in parts:
        left: bytes | memoryview = memoryview(data)[part.body.start + skip : part.body.stop]
        size = len(left)
        try:
            while not engine.eof:
                out = engine.decompress(left, 1 << 16)  # never more than 64 KiB at a time
                left = engine.unconsumed_tail
                if not left and not out:
                    break  # the next chunk goes on
        except zlib.error:
            return done, MalformedImage(
                "png", part.span.start, "image data that cannot be inflated"
            )
        if engine.eof:
            used = size - len(engine.unused_data)
            rest = Span(part.body.start + skip + used, parts[-1].body.stop)
            if len(rest):
                blocks.append(
                    Block(
                        kind=BlockKind.TRAILER,
                        data=data[rest.start : rest.stop],
                        origin=kind,
                        where=rest,
                        base=rest.start,
                        name="after image data",
                    )
                )
            return done + used, None
        done += size
    if not parts:
        return 0, None
    return done, TruncatedImage("png", parts[-1].span.start, needed=done + 1, available=done)


def inflated_profile(body: bytes, limits: Limits) -> bytes:
    """Return the profile of an iCCP chunk (11.3.2.3), ``b""`` when it cannot be read."""
    name, zero, rest = body.partition(b"\x00")
    if not zero or len(name) > 79 or rest[:1] != b"\x00":
        return b""
    engine = zlib.decompressobj()
    try:
        profile = engine.decompress(rest[1:], limits.max_inflated)
    except zlib.error:
        return b""
    # ICC.1, 7.2: its own length first, "acsp" at byte 36. Anything else is no profile.
    whole = engine.eof and int.from_bytes(profile[:4], "big") == len(profile)
    return profile if whole and profile[36:40] == b"acsp" else b""


def _block(data: bytes, segment: Segment, limits: Limits) -> Iterator[Block]:
    if segment.kind == "iCCP":
        profile = inflated_profile(segment.body.of(data), limits)
        yield Block(
            kind=BlockKind.ICC if profile else BlockKind.OTHER,
            data=profile,
            origin="iCCP",
            where=segment.span,
            name="" if profile else "a profile that cannot be read",
        )
        return
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
