"""A strict walker over clean WebP files, and a tolerant one over whatever the source was.

Written from RFC 9649 and RFC 6386, apart from the parser that the writer uses.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy._verify._turned import turned
from photoprivacy.policy import Category, Policy

_PICTURE: Final = (b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L")
_IN_FRAME: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
#: 2.7: the order of a clean file; the same rank for alternatives
_RANKS: Final = {
    b"VP8X": 0,
    b"ICCP": 1,
    b"ANIM": 2,
    b"ANMF": 3,
    b"ALPH": 3,
    b"VP8 ": 4,
    b"VP8L": 4,
    b"EXIF": 5,
    b"XMP ": 6,
}
#: chunk that a bit of VP8X announces (2.7)
_BITS: Final = {0x02: b"ANIM", 0x04: b"XMP ", 0x08: b"EXIF", 0x20: b"ICCP"}
_EXIF, _ALPHA, _ICC = 0x08, 0x10, 0x20
#: What one picture may be made of (2.5-2.7): transparency goes with lossy pixels alone.
_STILL: Final = ([b"VP8 "], [b"VP8L"], [b"ALPH", b"VP8 "])

Chunk = tuple[bytes, int, int]


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    if output[:4] != b"RIFF" or output[8:12] != b"WEBP":
        refuse("no RIFF header", 0)
    if struct.unpack_from("<I", output, 4)[0] + 8 != len(output):
        refuse("a RIFF size that is not the file's", 4)
    found: dict[bytes, tuple[int, int]] = {}
    picture: list[Chunk] = []
    rank = -1
    for kind, start, stop in _chunks(output, 12, len(output), strict=True):
        if kind not in _RANKS:
            refuse("a chunk that may not stand in a clean file", start)
        if kind == b"ICCP" and not policy.allows(Category.COLOR):
            refuse("a colour profile that the policy does not keep", start)
        if _RANKS[kind] < rank or (kind != b"ANMF" and kind in found):
            refuse("a chunk that stands twice, or out of order", start)
        if kind in (b"ICCP", b"EXIF", b"XMP ") and start == stop:
            refuse("a chunk with nothing in it", start)
        if kind == b"ICCP" and len(profile_in(output[start:stop])) != stop - start:
            refuse("a colour profile that is none", start)
        if kind in _PICTURE:
            picture.append((kind, start, stop))
        rank = _RANKS[kind]
        found[kind] = (start, stop)
    _shapes(output, picture)
    _features(source, output, found)
    _same_picture(source, output, picture)
    exif, xmp, profile = (_body(output, found, kind) for kind in (b"EXIF", b"XMP ", b"ICCP"))
    return Seen(exif=exif, xmp=xmp, profile=profile, plain=(exif, xmp, profile))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source file, ``b""`` when there is none."""
    old = _header(source)
    if old is None or not source[old[0]] & _ICC:
        return b""  # decoders look for it where the header announces it
    for kind, start, stop in _tolerant(source):
        if kind == b"ICCP":
            return profile_in(source[start:stop])
    return b""


def turn_of(source: bytes) -> int:
    """Return which side of a source file is up (1 to 8), as the Exif says that is announced."""
    old = _header(source)
    if old is None or not source[old[0]] & _EXIF:
        return 1
    notes = (source[start:stop] for kind, start, stop in _tolerant(source) if kind == b"EXIF")
    return turned(next(notes, b"").removeprefix(b"Exif\0\0"))


def _body(output: bytes, found: dict[bytes, tuple[int, int]], kind: bytes) -> bytes:
    start, stop = found.get(kind, (0, 0))
    return output[start:stop]


def _chunks(data: bytes, at: int, end: int, *, strict: bool) -> Iterator[Chunk]:
    while at < end:
        if at + 8 > end:
            if strict:
                refuse("a chunk that leaves its parent", at)
            return
        kind, size = struct.unpack_from("<4sI", data, at)
        stop = at + 8 + size
        if stop + (size % 2 if strict else 0) > end:
            if strict:
                refuse("a chunk that leaves its parent", at)
            return
        if strict and size % 2 and data[stop] != 0:
            refuse("a pad byte that is not zero", stop)
        yield kind, at + 8, stop
        at = stop + size % 2


def _tolerant(source: bytes) -> Iterator[Chunk]:
    end = min(len(source), 8 + struct.unpack_from("<I", source, 4)[0])
    return _chunks(source, 12, end, strict=False)


def _header(source: bytes) -> tuple[int, int] | None:
    """Return where the body of VP8X lies; a file that begins with anything else has none."""
    kind, start, stop = next(_tolerant(source), (b"", 0, 0))
    return (start, stop) if kind == b"VP8X" and stop > start else None


def _shapes(output: bytes, picture: list[Chunk]) -> None:
    """Check that the picture is one still, or one animation, and nothing beside it."""
    kinds = [kind for kind, _, _ in picture]
    animated = len(kinds) > 1 and kinds[0] == b"ANIM" and set(kinds[1:]) == {b"ANMF"}
    if kinds not in _STILL and not animated:
        refuse("pictures that no decoder shows", 12)
    for kind, start, stop in picture:
        if kind == b"ANIM" and stop - start != 6:
            refuse("an animation header of another length than its six bytes", start)
        if kind == b"ANMF":
            if stop - start < 16 or output[start + 15] & 0xFC:
                refuse("reserved bits of a frame", start)
            inner = [name for name, _, _ in _chunks(output, start + 16, stop, strict=True)]
            if inner not in _STILL:
                refuse("a frame with more in it than one picture", start)


def _features(source: bytes, output: bytes, found: dict[bytes, tuple[int, int]]) -> None:
    old = _header(source)
    if b"VP8X" not in found:
        if old is not None or found.keys() - {b"VP8 ", b"VP8L"}:
            refuse("no VP8X where there must be one", 12)
        return
    body = _body(output, found, b"VP8X")
    if len(body) != 10 or found[b"VP8X"][0] != 20:
        refuse("a VP8X that is not first, or not its ten bytes", 12)
    if body[0] & 0xC1 or body[1:4].strip(b"\x00"):
        refuse("reserved bits of VP8X", 20)
    for bit, kind in _BITS.items():
        if bool(body[0] & bit) != (kind in found):
            refuse("a bit of VP8X that does not say what is there", 20)
    if old is not None:
        before = source[old[0] : old[1]]
        if body[4:] != before[4:10] or (body[0] ^ before[0]) & (_ALPHA | 0x02):
            refuse("a canvas other than the source's", 20)
        return
    # The source had none, so the picture's own header says how large it is.
    width, height, alpha = _measured(output, found)
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    if body[4:] != canvas or bool(body[0] & _ALPHA) != alpha:
        refuse("a canvas other than the picture's", 20)


def _measured(output: bytes, found: dict[bytes, tuple[int, int]]) -> tuple[int, int, bool]:
    """Return width, height and whether there is transparency, as a still picture says them."""
    lossless = _body(output, found, b"VP8L")[:5]
    if len(lossless) == 5:
        # RFC 9649, 3.4: 14 bits of width less one, 14 of height less one, one of alpha.
        bits = int.from_bytes(lossless[1:], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    # RFC 6386, 9.1: 14 bits of width and 2 of scale, the same for height.
    width, height = struct.unpack_from("<HH", _body(output, found, b"VP8 "), 6)
    return width & 0x3FFF, height & 0x3FFF, b"ALPH" in found


def _same_picture(source: bytes, output: bytes, picture: list[Chunk]) -> None:
    """Check that the output has every chunk of pixels that decoders use, as the source has it."""
    theirs = [chunk for chunk in _tolerant(source) if chunk[0] in _PICTURE]
    if _header(source) is None:
        del theirs[1:]  # 2.5, 2.6: a simple file is its first chunk
    # Frames in order; single chunks by kind, since the writer puts them in the order of the RFC.
    wanted = sorted(theirs, key=lambda chunk: (_PICTURE.index(chunk[0]), chunk[1]))
    while [chunk[0] for chunk in wanted[:2]] == [b"ANIM", b"ANIM"]:
        del wanted[1]  # the first one counts
    if [chunk[0] for chunk in picture] != [chunk[0] for chunk in wanted] or not wanted:
        refuse("other chunks of the picture than the source's", 12)
    for mine, (kind, there, end) in zip(picture, wanted, strict=True):
        if kind == b"ANMF":
            _same_frame(source, output, mine, (there, end))
        elif kind == b"ANIM":
            if end - there < 6 or not same(output, mine[1], source, there, 6):
                refuse("an animation other than the source's", mine[1])
        else:
            _same_pixels(source, output, mine, (there, end), picture[-1])


def _same_frame(source: bytes, output: bytes, mine: Chunk, theirs: tuple[int, int]) -> None:
    _, start, stop = mine
    last = source[theirs[0] + 15 : theirs[0] + 16]
    if not same(output, start, source, theirs[0], 15) or output[start + 15] != last[0] & 3:
        refuse("a frame at another place or time than the source's", start)
    inner = list(_chunks(output, start + 16, stop, strict=True))
    wanted = [
        chunk
        for chunk in _chunks(source, theirs[0] + 16, theirs[1], strict=False)
        if chunk[0] in _IN_FRAME
    ]
    if [kind for kind, _, _ in inner] != [kind for kind, _, _ in wanted]:
        refuse("a frame with other chunks than the source's pixels", start)
    for chunk, (_, there, end) in zip(inner, wanted, strict=True):
        _same_pixels(source, output, chunk, (there, end), inner[-1])


def _same_pixels(
    source: bytes, output: bytes, mine: Chunk, theirs: tuple[int, int], lossy: Chunk
) -> None:
    """Check one chunk of coded pixels; *lossy* is the picture that transparency belongs to."""
    kind, start, stop = mine
    size = theirs[1] - theirs[0]
    if kind == b"ALPH" and stop > start and not output[start] & 3:
        # 2.7.1.2: not compressed, a byte a pixel behind the first one; no more than that.
        width, height = struct.unpack_from("<HH", output[lossy[1] : lossy[2]].ljust(10), 6)
        size = min(size, 1 + (width & 0x3FFF) * (height & 0x3FFF))
    if stop - start != size or not same(output, start, source, theirs[0], size):
        refuse("a chunk of the picture that differs from the source", start)
