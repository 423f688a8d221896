"""A strict walker over clean PNG files, and a tolerant one over whatever the source was."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy.policy import Category, Policy

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: chunk → category that must be allowed; None: always
_MAY: Final = {
    **dict.fromkeys((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"sBIT"), None),
    **dict.fromkeys((b"acTL", b"fcTL", b"fdAT"), None),
    **dict.fromkeys((b"gAMA", b"cHRM", b"sRGB", b"cICP", b"iCCP"), Category.COLOR),
    **dict.fromkeys((b"mDCV", b"cLLI"), Category.HDR),
    b"pHYs": Category.RESOLUTION,
}
#: Written by us; everything else must be the source's own, byte for byte.
_WRITTEN: Final = frozenset({b"iCCP", b"eXIf", b"iTXt", b"IEND"})
_XMP: Final = b"XML:com.adobe.xmp" + bytes(5)
_NAME: Final = b"ICC profile\x00\x00"
_BOUND: Final = 1 << 26


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    if not output.startswith(_SIGNATURE):
        refuse("no PNG signature", 0)
    exif = xmp = profile = b""
    kept: list[tuple[bytes, int, int]] = []
    plain: list[bytes] = []
    at = end = 8
    while at < len(output):
        kind, start, stop = _strict(output, at)
        if kind == b"eXIf" and not exif:
            exif = output[start:stop]
        elif kind == b"iTXt" and output.startswith(_XMP, start) and not xmp:
            xmp = output[start + len(_XMP) : stop]
        elif kind == b"iCCP" and policy.allows(Category.COLOR) and not profile:
            profile = _profile(output[start:stop], at)
        elif kind in _MAY and kind != b"iCCP":
            category = _MAY[kind]
            if category is not None and not policy.allows(category):
                refuse("a chunk that the policy does not keep", at)
            if kind not in _WRITTEN:
                kept.append((kind, start, stop))
            if kind not in (b"IDAT", b"fdAT"):
                plain.append(output[start:stop])
        else:
            refuse("a chunk that may not stand in a clean file", at)
        at = end = stop + 4
        if kind == b"IEND":
            if stop > start:
                refuse("bytes inside IEND", start)
            break
    if end != len(output) or output[-8:-4] != b"IEND":
        refuse("the file does not end with IEND", end)
    _same_picture(source, output, kept, policy)
    return Seen(exif=exif, xmp=xmp, profile=profile, plain=(*plain, exif, xmp, profile))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source file, ``b""`` when it cannot be read."""
    for kind, start, stop in _tolerant(source):
        if kind == b"iCCP":
            _, zero, rest = source[start:stop].partition(b"\x00")
            engine = zlib.decompressobj()
            try:
                profile = (
                    engine.decompress(rest[1:], 1 << 24) if zero and rest[:1] == b"\x00" else b""
                )
            except zlib.error:
                return b""
            return profile if engine.eof else b""
    return b""


def _strict(output: bytes, at: int) -> tuple[bytes, int, int]:
    if at + 12 > len(output):
        refuse("a chunk that leaves the file", at)
    length, kind = struct.unpack_from(">I4s", output, at)
    stop = at + 8 + length
    if stop + 4 > len(output):
        refuse("a chunk that leaves the file", at)
    if zlib.crc32(memoryview(output)[at + 4 : stop]) != struct.unpack_from(">I", output, stop)[0]:
        refuse("a chunk with a wrong checksum", at)
    return kind, at + 8, stop


def _tolerant(source: bytes) -> Iterator[tuple[bytes, int, int]]:
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
    return profile


def _same_picture(
    source: bytes, output: bytes, kept: list[tuple[bytes, int, int]], policy: Policy
) -> None:
    """Check that the chunks a decoder uses are the source's, in order and whole."""
    theirs = [
        (kind, start, stop)
        for kind, start, stop in _tolerant(source)
        if kind in _MAY
        and kind not in _WRITTEN
        and ((category := _MAY[kind]) is None or policy.allows(category))
    ]
    engine = zlib.decompressobj()
    ours = iter(kept)
    for kind, start, stop in theirs:
        if kind == b"IDAT" and engine.eof:
            continue  # wholly behind the stream: gone
        mine = next(ours, None)
        if mine is None or mine[0] != kind:
            refuse("a chunk of the picture is missing", stop)
        size = mine[2] - mine[1]
        whole = size == stop - start
        if not same(source, start, output, mine[1], size) or (not whole and kind != b"IDAT"):
            refuse("a chunk of the picture that differs from the source", mine[1])
        if kind == b"IDAT":
            _inflate(engine, output[mine[1] : mine[2]], mine[1])
            if not whole and not engine.eof:
                refuse("image data that was cut short", mine[1])
    if next(ours, None) is not None:
        refuse("a chunk that the source does not have", 0)
    if not engine.eof or engine.unused_data:
        refuse("image data that does not end with its stream", 0)
    _frames(output, kept)


def _frames(output: bytes, kept: list[tuple[bytes, int, int]]) -> None:
    engine = None
    for kind, start, stop in [*kept, (b"fcTL", 0, 0)]:
        if kind == b"fdAT":
            engine = engine or zlib.decompressobj()
            _inflate(engine, output[start + 4 : stop], start)
        elif kind == b"fcTL" and engine is not None:
            if not engine.eof or engine.unused_data:
                refuse("a frame that does not end with its stream", start)
            engine = None


def _inflate(engine: zlib._Decompress, data: bytes, at: int) -> None:
    left = data
    while left or not engine.eof:
        if engine.eof:
            refuse("bytes behind the image data", at)
        more = engine.decompress(left, 1 << 16)
        left = engine.unconsumed_tail
        if not left and not more:
            break
    if engine.unused_data:
        refuse("bytes behind the image data", at)
