"""A strict walker over clean PNG files, and a tolerant one over whatever the source was.

Written from ISO/IEC 15948 and its third edition, apart from the parser that the writer uses.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy._verify._png_stream import Streams
from photoprivacy._verify._turned import turned
from photoprivacy.policy import Category, Policy

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


@attrs.frozen
class _May:
    """One chunk that may stand: how long, how often, where, and for which category."""

    sizes: range | frozenset[int]
    category: Category | None = None
    once: bool = True
    # 5.6, Table 7: 1 in front of the palette, 2 behind it, 3 the image, 4 behind the image.
    place: tuple[int, ...] = (2,)


_ANY: Final = range(1 << 31)
_EARLY: Final = (1,)
_MAY: Final = {
    b"PLTE": _May(range(3, 769, 3), place=(2,)),  # 11.2.3: up to 256 colours of three bytes
    b"IDAT": _May(_ANY, once=False, place=(3,)),
    b"tRNS": _May(range(1, 257), place=(1, 2)),
    b"bKGD": _May(frozenset({1, 2, 6}), place=(1, 2)),
    b"sBIT": _May(range(1, 5), place=_EARLY),
    b"acTL": _May(frozenset({8}), place=(1, 2)),
    b"fcTL": _May(frozenset({26}), once=False, place=(1, 2, 4)),
    b"fdAT": _May(_ANY, once=False, place=(4,)),
    b"gAMA": _May(frozenset({4}), Category.COLOR, place=_EARLY),
    b"cHRM": _May(frozenset({32}), Category.COLOR, place=_EARLY),
    b"sRGB": _May(frozenset({1}), Category.COLOR, place=_EARLY),
    b"cICP": _May(frozenset({4}), Category.COLOR, place=_EARLY),
    b"iCCP": _May(_ANY, Category.COLOR, place=_EARLY),
    b"mDCV": _May(frozenset({24}), Category.HDR, place=_EARLY),
    b"cLLI": _May(frozenset({8}), Category.HDR, place=_EARLY),
    b"pHYs": _May(frozenset({9}), Category.RESOLUTION, place=(1, 2)),
    b"eXIf": _May(_ANY, place=(1, 2)),
    b"iTXt": _May(_ANY, place=(1, 2)),
    b"IEND": _May(frozenset({0}), place=(4,)),
}
#: chunk → colour type → length (11.3.1.1, 11.3.2.4, 11.3.4.1)
_BY_COLOUR: Final[dict[bytes, dict[int, range | frozenset[int]]]] = {
    b"PLTE": {3: _ANY},  # beside truecolour it is a suggestion, and may say anything
    b"tRNS": {0: frozenset({2}), 2: frozenset({6}), 3: _ANY},
    b"bKGD": {
        **dict.fromkeys((0, 4), frozenset({2})),
        **dict.fromkeys((2, 6), frozenset({6})),
        3: frozenset({1}),
    },
    b"sBIT": {
        0: frozenset({1}),
        2: frozenset({3}),
        3: frozenset({3}),
        4: frozenset({2}),
        6: frozenset({4}),
    },
}
_ALIKE: Final = dict.fromkeys((0, 2, 3, 4, 6), _ANY)
#: which part of the file begins with a chunk
_BEGINS: Final = {b"PLTE": 2, b"IDAT": 3}
#: Written by us; everything else must be the source's own, byte for byte.
_WRITTEN: Final = frozenset({b"iCCP", b"eXIf", b"iTXt", b"IEND"})
_XMP: Final = b"XML:com.adobe.xmp" + bytes(5)
_NAME: Final = b"ICC profile\x00\x00"
_BOUND: Final = 1 << 26
_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_RAW: Final = b"Raw profile type exif\0"

Chunk = tuple[bytes, int, int]


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    if not output.startswith(_SIGNATURE):
        refuse("no PNG signature", 0)
    exif = xmp = profile = b""
    kept: list[Chunk] = []
    at, colour = _header(output), output[25]
    first, place, seen, colours = (b"IHDR", 16, 29), 1, set[bytes](), 0
    while b"IEND" not in seen:
        kind, start, stop = _strict(output, at)
        may = _MAY.get(kind)
        if may is None or not (may.category is None or policy.allows(may.category)):
            refuse("a chunk that may not stand in a clean file", at)
        place = _place(kind, place)
        size = stop - start
        if size not in may.sizes or size not in _BY_COLOUR.get(kind, _ALIKE).get(colour, ()):
            refuse("a chunk of another length than its kind has", at)
        if kind == b"PLTE":
            colours = size // 3
            if colours > 1 << output[24]:
                refuse("more colours than pixels can name", at)
        elif kind == b"tRNS" and colour == 3 and size > colours:
            refuse("more transparency than colours", at)
        if may.once and kind in seen:
            refuse("a chunk that stands twice", at)
        if place not in may.place:
            refuse("a chunk that is not in its place", at)
        if kind == b"eXIf" and stop > start:
            exif = output[start:stop]
        elif kind == b"iTXt" and output.startswith(_XMP, start) and stop > start + len(_XMP):
            xmp = output[start + len(_XMP) : stop]
        elif kind == b"iCCP":
            profile = _profile(output[start:stop], at)
        elif kind in _WRITTEN - {b"IEND"}:
            refuse("a chunk of metadata that is not fresh", at)
        elif kind != b"IEND":
            kept.append((kind, start, stop))
        seen.add(kind)
        at = stop + 4
    if at != len(output):
        refuse("bytes behind IEND", at)
    _same_picture(source, output, [first, *kept], policy)
    return Seen(exif=exif, xmp=xmp, profile=profile, plain=(exif, xmp, profile))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile that decoders find in a source file, ``b""`` for none.

    It is the first one, as far as its own length says. One behind palette or image is read by
    some, so that no copy looks the same everywhere.
    """
    late = False
    for kind, start, stop in _tolerant(source):
        late = late or kind in _BEGINS
        if kind == b"iCCP":
            _, zero, rest = source[start:stop].partition(b"\x00")
            found = profile_in(_unpacked(rest[1:])) if zero and rest[:1] == b"\x00" else b""
            if found and late:
                refuse("a colour profile of the source that some decoders use", 0)
            return found
    return b""


def turn_of(source: bytes) -> int:
    """Return which side of a source file is up (1 to 8), as Exif says in a chunk of its own.

    Without one, as a text says that is called what ImageMagick calls it. A source with two that
    say different things is none that can be cleaned.
    """
    chunks = [(kind, source[start:stop]) for kind, start, stop in _tolerant(source)]
    notes = [body for kind, body in chunks if kind == b"eXIf"]
    notes = notes or [
        raw
        for kind, body in chunks
        if kind in _TEXTS and body.startswith(_RAW) and (raw := _raw(kind, body[len(_RAW) :]))
    ]
    told = {turned(body.removeprefix(b"Exif\0\0")) for body in notes}
    if len(told) > 1:
        refuse("a source that is turned in two ways", 0)
    return told.pop() if told else 1


def _raw(kind: bytes, text: bytes) -> bytes:
    """Return the bytes that a text spells in digits, behind three line ends; ``b""`` for none."""
    if kind == b"iTXt":
        packed = text[:1] == b"\x01"
        text = text[2:].split(b"\0", 2)[-1]
    else:
        packed, text = kind == b"zTXt", text[kind == b"zTXt" :]
    try:
        text = zlib.decompressobj().decompress(text, _BOUND) if packed else text
        return bytes.fromhex("".join(text.decode("ascii").split("\n", 3)[3].split()))
    except (ValueError, IndexError, zlib.error):
        return b""


def _unpacked(stream: bytes) -> bytes:
    """Return what a stream holds, up to its first fault or as long as its own start says."""
    engine, out, at, step = zlib.decompressobj(), bytearray(), 0, 512
    while at < len(stream) and not engine.eof:
        before = engine.copy()
        try:
            left, more = stream[at : at + step], bytearray()
            while left and len(out) + len(more) <= _BOUND:
                more += engine.decompress(left, 1 << 15)
                left = engine.unconsumed_tail
        except zlib.error:
            if step == 1:
                break
            engine, step = before, 1  # what stands in front of the fault still counts
            continue
        out += more
        at += step
        if len(out) >= 4 and len(out) > min(_BOUND, int.from_bytes(out[:4], "big")):
            break
    return bytes(out)


def _header(output: bytes) -> int:
    """Check that IHDR comes first (11.2.2), and return where it ends."""
    kind, start, stop = _strict(output, 8)
    if kind != b"IHDR" or stop - start != 13:
        refuse("a file that does not begin with its header", 8)
    return stop + 4


def _place(kind: bytes, place: int) -> int:
    """Return in which part of the file a chunk of *kind* stands that comes after *place*."""
    if place == 3 and kind != b"IDAT":
        return 4
    return max(place, _BEGINS.get(kind, place))


def _strict(output: bytes, at: int) -> Chunk:
    if at + 12 > len(output):
        refuse("a chunk that leaves the file", at)
    length, kind = struct.unpack_from(">I4s", output, at)
    stop = at + 8 + length
    if stop + 4 > len(output):
        refuse("a chunk that leaves the file", at)
    if zlib.crc32(memoryview(output)[at + 4 : stop]) != struct.unpack_from(">I", output, stop)[0]:
        refuse("a chunk with a wrong checksum", at)
    return kind, at + 8, stop


def _tolerant(source: bytes) -> Iterator[Chunk]:
    at = 8
    while at + 12 <= len(source):
        length, kind = struct.unpack_from(">I4s", source, at)
        if at + 12 + length > len(source):
            return
        yield kind, at + 8, at + 8 + length
        at += 12 + length
        if kind == b"IEND":
            return


def _profile(body: bytes, at: int) -> bytes:
    if not body.startswith(_NAME):
        refuse("a colour profile with a name of its own", at)
    engine = zlib.decompressobj()
    profile = engine.decompress(body[len(_NAME) :], _BOUND)
    if not engine.eof or engine.unused_data:
        refuse("bytes behind a colour profile", at)
    if not profile or profile_in(profile) != profile:
        refuse("a colour profile that is none", at)
    return profile


def _same_picture(source: bytes, output: bytes, kept: list[Chunk], policy: Policy) -> None:
    """Check that the chunks a decoder uses are the source's, in order and whole."""
    theirs = _used(source, policy)
    streams = Streams(output)
    ours = iter(kept)
    for kind, start, stop in theirs:
        if kind == b"IDAT" and streams.image_ended:
            continue  # wholly behind the stream: gone
        mine = next(ours, None)
        if mine is None or mine[0] != kind:
            refuse("a chunk of the picture is missing", 0 if mine is None else mine[1])
        size = mine[2] - mine[1]
        whole = size == stop - start
        if not same(source, start, output, mine[1], size) or (not whole and kind != b"IDAT"):
            refuse("a chunk of the picture that differs from the source", mine[1])
        streams.feed(*mine)
        if not whole and not streams.image_ended:
            refuse("image data that was cut short", mine[1])
    extra = next(ours, None)
    if extra is not None:
        refuse("a chunk that the source does not have", extra[1])
    streams.close()


def _used(source: bytes, policy: Policy) -> list[Chunk]:
    """Return the chunks of the source that count, as libpng reads it.

    It passes over one that has another length than its kind, stands where it may not, or
    stands a second time; over suggested palettes; and over frames without an animation.
    """
    colour = source[25]
    opaque = colour in (0, 2, 3)
    place, colours, animated = 1, 0, False
    used: list[Chunk] = []
    seen: set[bytes] = set()
    for kind, start, stop in _tolerant(source):
        may = _MAY.get(kind)
        place = _place(kind, place)
        size = stop - start
        if may is None or kind in _WRITTEN:
            if kind == b"IHDR":
                used.append((kind, start, stop))
            continue
        if kind == b"PLTE" and colour != 3:
            continue
        fits = size in may.sizes and size in _BY_COLOUR.get(kind, _ALIKE).get(colour, ())
        if kind in (b"tRNS", b"bKGD") and colour == 3:
            fits = fits and colours > 0 and (kind == b"bKGD" or size <= colours)
        elif kind in (b"fcTL", b"fdAT"):
            fits = fits and animated
        if place in may.place and fits and not (may.once and kind in seen):
            seen.add(kind)
            colours = size // 3 if kind == b"PLTE" else colours
            animated = animated or kind == b"acTL"
            if may.category is None or policy.allows(may.category):
                used.append((kind, start, stop))
        elif kind == b"tRNS" and place == 4 and opaque:
            refuse("transparency of the source that some decoders show", 0)
        elif kind == b"IDAT":
            refuse("image data of the source in two places", 0)
    return used
