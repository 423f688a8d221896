"""How far the strips and tiles of a TIFF go: what is coded in them, and not what lies behind.

TIFF 6.0, 7-10, 13, 15; Adobe Photoshop TIFF technical notes (Deflate); technical note 2 (JPEG).
"""

from __future__ import annotations

import lzma
import zlib
from typing import Final

import attrs

from photoprivacy.containers import _tiff_tags as tags
from photoprivacy.containers._lzw import end_of_codes
from photoprivacy.containers._model import Span
from photoprivacy.containers._tiff import Ifd, TiffContainer
from photoprivacy.errors import CannotStrip, MalformedImage

_DEFLATE: Final = frozenset({8, 32946})
_LZW, _PACK_BITS, _LZMA = 5, 32773, 34925
_STEP: Final = 65536
#: bytes that a strip or tile may inflate to where nobody says how many it has
_MOST: Final = 1 << 28


@attrs.frozen(kw_only=True)
class Layout:
    """How the pixels of a page are cut into parts.

    Attributes:
        tiled: Whether the parts are tiles.
        parts: Where each is, as the page says it.
        sizes: How many bytes each has when nothing is compressed.
        coding: Number of the compression.
    """

    tiled: bool
    parts: tuple[Span, ...]
    sizes: tuple[int, ...]
    coding: int


def layout_of(container: TiffContainer, data: bytes, page: Ifd) -> Layout:
    """Return where the pixels of a page are.

    Raises:
        MalformedImage: Some of them are missing.
        CannotStrip: They are stored in a way that is not known.
    """

    def number(tag: int, default: int) -> int:
        return container.number(data, page, tag, default)

    at = page.where.start
    width, height = number(tags.WIDTH, 0), number(tags.HEIGHT, 0)
    if not width or not height:
        raise MalformedImage("tiff", at, "a page without a size")
    coding = number(tags.COMPRESSION, 1)
    if coding not in tags.CODINGS:
        raise CannotStrip("pictures coded in a way that is not known to be clean")
    planes, depth = _depth(container, data, page)
    tiled = tags.TILES in page.fields
    if tiled:
        across, down = number(tags.TILE_WIDTH, 0), number(tags.TILE_HEIGHT, 0)
        if not across or not down:
            raise MalformedImage("tiff", at, "tiles without a size")
        count = -(-width // across) * -(-height // down) * planes
    else:
        across, down = width, min(number(tags.ROWS, height) or height, height)
        count = -(-height // down) * planes
    starts = container.numbers(data, page.fields.get(tags.TILES if tiled else tags.STRIPS))
    lengths = container.numbers(
        data, page.fields.get(tags.TILE_LENGTHS if tiled else tags.STRIP_LENGTHS)
    )
    if count > len(starts):
        raise MalformedImage("tiff", at, "fewer strips or tiles than the picture has")
    if count < len(starts):
        # libtiff shows the first ones, others draw the last over them.
        raise CannotStrip("more strips or tiles than the picture has")
    row = -(-across * depth // 8)
    photometric = number(tags.PHOTOMETRIC, 1)
    sub = container.numbers(data, page.fields.get(tags.SUBSAMPLING)) or (2, 2)
    each = [row * down] * count
    if not tiled and height % down:
        for last in range(count // planes - 1, count, count // planes):
            each[last] = row * (height % down)
    if photometric == 6 and sub[:2] != (1, 1) and coding != 7:
        each = [0] * count  # 21: groups of samples; how many bytes they have is not computed here
    if not lengths and coding == 1 and all(each):
        lengths = tuple(each)
    if count > len(lengths):
        raise MalformedImage("tiff", at, "strips or tiles without a length")
    parts = []
    for start, size in zip(starts[:count], lengths[:count], strict=True):
        if start + size > len(data):
            raise MalformedImage("tiff", at, "a strip or tile that leaves the file")
        parts.append(Span(start, start + size))
    if sum(map(len, parts)) > len(data):
        raise CannotStrip("strips or tiles that overlap")
    return Layout(tiled=tiled, parts=tuple(parts), sizes=tuple(each), coding=coding)


def _depth(container: TiffContainer, data: bytes, page: Ifd) -> tuple[int, int]:
    """Return how many planes a page has, and how many bits a pixel has in each."""
    samples = container.number(data, page, tags.SAMPLES, 1)
    bits = container.numbers(data, page.fields.get(tags.BITS)) or (1,)
    if not 0 < samples <= 64 or not all(0 < one <= 64 for one in bits):
        raise CannotStrip("pictures of an unknown number of samples or bits")
    if container.number(data, page, tags.PLANAR, 1) == 2:
        return samples, bits[0]
    return 1, sum(bits[:samples]) if len(bits) >= samples else bits[0] * samples


def coded(data: bytes, part: Span, size: int, coding: int) -> Span:
    """Return how far the code of a strip or tile goes that has *size* bytes when decoded.

    Where that cannot be told, it is all of it.
    """
    length = len(part)
    if coding == 1 and size:
        length = min(length, size)
    elif coding in _DEFLATE:
        length = _deflated(data, part, size or _MOST)
    elif coding == _LZMA:
        length = _lzma(data, part, size or _MOST)
    elif coding == _PACK_BITS and size:
        length = _packed(data, part, size)
    elif coding == _LZW:
        length = _lzw(data[part.start : part.stop])
    return Span(part.start, part.start + length)


def _deflated(data: bytes, part: Span, size: int) -> int:
    inflate = zlib.decompressobj()
    made = 0
    try:
        for at in range(part.start, part.stop, _STEP):
            chunk = data[at : min(at + _STEP, part.stop)]
            while chunk and not inflate.eof:
                made += len(inflate.decompress(chunk, 1 << 20))
                _bounded(made, size)
                chunk = inflate.unconsumed_tail
            if inflate.eof:
                return min(at + _STEP, part.stop) - part.start - len(inflate.unused_data)
    except zlib.error:
        return len(part)
    return len(part)


def _bounded(made: int, size: int) -> None:
    """Refuse codes of far more than the pixels: decoders stop there, and who looks on pays."""
    if made > size + _STEP:
        raise CannotStrip("a strip or tile that holds more than its pixels")


def _lzma(data: bytes, part: Span, size: int) -> int:
    stream = lzma.LZMADecompressor(memlimit=1 << 27)
    made = 0
    try:
        stream.decompress(data[part.start : part.stop], 0)
        while not stream.eof and not stream.needs_input:
            made += len(stream.decompress(b"", 1 << 20))
            _bounded(made, size)
    except lzma.LZMAError:
        return len(part)
    return len(part) - len(stream.unused_data) if stream.eof else len(part)


def _packed(data: bytes, part: Span, size: int) -> int:
    """9: a number n, then n + 1 bytes, or one byte 1 - n times; -128 says nothing."""
    at = part.start
    while size > 0 and at < part.stop:
        n = data[at]
        if n < 128:
            at += n + 2
            size -= n + 1
        else:
            at += 2 if n > 128 else 1
            size -= 257 - n if n > 128 else 0
    return min(at, part.stop) - part.start


def _lzw(codes: bytes) -> int:
    """13: codes of nine bits and more, the highest bit first."""
    if len(codes) > 1 and codes[0] == 0 and codes[1] & 1:
        return len(codes)  # as writers did before 1987: the other way round
    return end_of_codes(codes, 8, high_first=True)[0]
