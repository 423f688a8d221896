"""A strict walker over clean JPEG 2000 files, and its own view of whatever the source was.

Written from ISO/IEC 15444-1, apart from the parser that the writer uses.
"""

from __future__ import annotations

import struct
from typing import Final

from photoprivacy._verify._bmff_file import boxes
from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._j2k import Stream, read, same_picture
from photoprivacy._verify._model import Seen, Unclean, refuse
from photoprivacy.policy import Category, Policy

_START: Final = bytes.fromhex("0000000c6a5020200d0a870a")
_BRANDS: Final = {
    kind: bytes.fromhex("0000001466747970") + kind + bytes(4) + kind for kind in (b"jp2 ", b"jph ")
}
_BARE: Final = b"\xff\x4f"
_EXIF: Final = b"JpgTiffExif->JP2"
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_PALETTE: Final = (b"pclr", b"cmap", b"cdef")
#: numbers of colour spaces without anything behind them (Table I.10; 15444-2, Table M.25)
_NUMBERED: Final = frozenset({*range(2), 3, 4, 9, 11, 12, 13, *range(15, 19), *range(20, 25)})
#: and with ranges, offsets and an illuminant behind them
_RANGED: Final = {14: 28, 19: 24}


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    theirs, header = _source(source)
    if output[:2] == _BARE:
        if source[:2] != _BARE:
            refuse("a codestream without the boxes that the source has", 0)
        mine = read(output, 0, len(output), strict=True)
        _ends(output, mine, len(output))
        same_picture(output, mine, source, theirs)
        return Seen(plain=(output[: mine.parts[0][4]],))
    brand = output[20:24]
    if output[:12] != _START or output[12:32] != _BRANDS.get(brand):
        refuse("another beginning than all clean files have", 0)
    found = list(boxes(output, 32, len(output)))
    kinds = [kind for kind, *_ in found]
    noted = [output[body : body + 16] for kind, _, body, _ in found if kind == b"uuid"]
    if kinds != [b"jp2h", *[b"uuid"] * len(noted), b"jp2c"] or noted not in (
        *([], [_EXIF], [_XMP], [_EXIF, _XMP]),
    ):
        refuse("a box that may not stand in a clean file", 32)
    for _, start, body, stop in found:
        if body - start != 8 or struct.unpack_from(">I", output, start)[0] != stop - start:
            refuse("a box that does not state its size", start)
    notes = {output[body : body + 16]: output[body + 16 : stop] for _, _, body, stop in found[1:-1]}
    _, _, start, stop = found[-1]
    mine = read(output, start, stop, strict=True)
    _ends(output, mine, stop)
    if (brand == b"jph ") != any(kind == 0x50 for kind, *_ in mine.main):
        refuse("a brand of another coder", 20)
    same_picture(output, mine, source, theirs)
    profile = _header(output, found[0], mine, header, policy)
    exif, xmp = notes.get(_EXIF, b""), notes.get(_XMP, b"")
    if b"" in notes.values():
        refuse("a note without a word", 32)
    return Seen(exif=exif, xmp=xmp, profile=profile, plain=(output[: mine.parts[0][4]],))


def profile_of(source: bytes) -> bytes:
    """Return what a clean file has of the source's colour profile, ``b""`` for none."""
    chosen = _chosen(_source(source)[1])
    return profile_in(chosen[3:]) if chosen[:1] == b"\2" else b""


def _ends(output: bytes, mine: Stream, stop: int) -> None:
    if mine.stop != stop or not mine.parts or stop != len(output):
        refuse("bytes behind the picture", mine.stop)


def _source(source: bytes) -> tuple[Stream, list[tuple[bytes, bytes]]]:
    """Return the first codestream of a source, and the boxes of its first header."""
    if source[:2] == _BARE:
        return read(source, 0, len(source), strict=False), []
    header: list[tuple[bytes, bytes]] = []
    for kind, _, body, stop in boxes(source, 0, len(source)):
        if kind == b"jp2h" and not header:
            header = [(one, source[at:end]) for one, _, at, end in boxes(source[:stop], body, stop)]
        if kind == b"jp2c":
            return read(source, body, stop, strict=False), header
    raise Unclean("no picture in the source")


def _chosen(header: list[tuple[bytes, bytes]]) -> bytes:
    """Return the first colour box of a method that readers of JP2 know (I.5.3.3)."""
    return next((body for kind, body in header if kind == b"colr" and body[:1] in b"\1\2"), b"")


def _header(
    output: bytes,
    where: tuple[bytes, int, int, int],
    mine: Stream,
    theirs: list[tuple[bytes, bytes]],
    policy: Policy,
) -> bytes:
    """Check the boxes of the header against codestream and source; return the profile."""
    inner = [(one, output[at:end]) for one, _, at, end in boxes(output[: where[3]], *where[2:])]
    width, height = mine.size
    depth = mine.depths[0] if mine.depths.count(mine.depths[0]) == len(mine.depths) else 255
    first = struct.pack(">IIHBB", height, width, len(mine.depths), depth, 7)
    unsure = any(kind == b"ihdr" and body[12] for kind, body in theirs)
    wanted = [(b"ihdr", first + bytes([unsure, 0]))]
    if depth == 255:
        wanted.append((b"bpcc", mine.depths))
    if inner[: len(wanted)] != wanted:
        refuse("a header that says another thing than the picture", where[1])
    rest = inner[len(wanted) :]
    if not rest or rest[0][0] != b"colr":
        refuse("a picture without its colours", where[1])
    profile = _colours(rest[0][1], _chosen(theirs), mine, policy, where[1])
    shown = [(kind, body) for kind, body in theirs if kind in _PALETTE and body]
    shown.sort(key=lambda one: _PALETTE.index(one[0]))
    density = [body for kind, body in theirs if kind == b"res "]
    rest = rest[1:]
    if rest and rest[-1][0] == b"res " and policy.allows(Category.RESOLUTION):
        kept, said = rest.pop()[1], density[0] if density else b""
        parts = [(kept[at : at + 8], kept[at : at + 18]) for at in range(0, len(kept), 18)]
        good = [(b"\0\0\0\x12resc",), (b"\0\0\0\x12resd",), (b"\0\0\0\x12resc", b"\0\0\0\x12resd")]
        if tuple(kind for kind, _ in parts) not in good or any(
            len(part) != 18 or part not in said for _, part in parts
        ):
            refuse("a resolution that the source does not have", where[1])
    if rest != shown:
        refuse("other channels than the source's", where[1])
    _lengths(dict(rest), mine.depths, where[1])
    return profile


def _colours(mine: bytes, theirs: bytes, stream: Stream, policy: Policy, at: int) -> bytes:
    profile = profile_in(theirs[3:]) if theirs[:1] == b"\2" else b""
    if profile and policy.allows(Category.COLOR):
        if mine != b"\2\0\0" + profile:
            refuse("a colour profile other than the source's", at)
        return profile
    if theirs[:1] == b"\1":
        number = struct.unpack_from(">I", theirs, 3)[0]
        more = theirs[7 : 7 + _RANGED.get(number, 0)]
        told = len(more) == _RANGED.get(number) and more not in _defaults(number, stream.depths)
        if mine != b"\1\0\0" + theirs[3:7] or number not in {*_NUMBERED, *_RANGED} or told:
            refuse("another colour space than the source's", at)
        return b""
    colours = len(stream.depths)
    guess = 17 if colours < 3 else 18 if stream.uneven else 16
    if colours > 4 or mine != b"\1\0\0" + struct.pack(">I", guess):
        refuse("another colour space than decoders take", at)
    return b""


def _defaults(number: int, depths: bytes) -> list[bytes]:
    """Return the ranges that hold where none are told (15444-2, M.11.7.4): what may be left out."""
    if len(depths) < 3 or min(depths[1] % 128, depths[2] % 128) < 2:
        return []
    one, other = 2 ** (depths[1] % 128), 2 ** (depths[2] % 128 - 2)
    if number == 14:
        return [struct.pack(">7I", 100, 0, 170, one, 200, 3 * other, 0x443530)]
    return [struct.pack(">6I", 100, 0, 255, one, 255, 4 * other)]


def _lengths(found: dict[bytes, bytes], depths: bytes, at: int) -> None:
    """Check that palette, mapping and channels are as long as they say, and mean what is known."""
    columns = rows = 0
    count = channels = len(depths)
    if (b"pclr" in found) != (b"cmap" in found):
        refuse("a palette without its mapping", at)
    if b"pclr" in found:
        body = found[b"pclr"]
        rows, columns = struct.unpack_from(">HB", body)
        row = sum((depth % 128 + 8) // 8 for depth in body[3 : 3 + columns])
        if not 1 <= rows <= 1024 or len(body) != 3 + columns + rows * row:
            refuse("a palette of another length than it says", at)
    if b"cmap" in found:
        lookups = list(struct.iter_unpack(">HBB", found[b"cmap"]))
        for component, way, column in lookups:
            most = columns if way == 1 else 1
            if component >= count or way > 1 or column >= most or not columns:
                refuse("a mapping of components that are not there", at)
            if way and rows > 2 ** (depths[component] % 128 + 1):
                refuse("more colours than samples can name", at)
        channels = len(lookups)
        if {column for _, way, column in lookups if way} != {*range(columns)}:
            refuse("columns of a palette that nobody looks up", at)
        if len({*lookups}) < channels:
            refuse("a mapping that is there twice", at)
    if b"cdef" in found:
        body = found[b"cdef"]
        number = struct.unpack_from(">H", body)[0]
        rows_of = list(struct.iter_unpack(">HHH", body[2:]))
        for channel, kind, colour in rows_of:
            if channel >= channels or kind not in {0, 1, 2, 65535}:
                refuse("a channel of unknown meaning", at)
            if colour > number and colour != 65535:
                refuse("a channel of unknown meaning", at)
        if len({row[0] for row in rows_of}) != number or not number or len(rows_of) != number:
            refuse("channels of another number than is said", at)
