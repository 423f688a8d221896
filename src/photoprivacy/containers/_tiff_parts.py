"""Where the strips and tiles of a TIFF are, and how many bytes their pixels have.

TIFF 6.0, 7-10, 15, 21; what libtiff makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from photoprivacy.containers import _tiff_tags as tags
from photoprivacy.containers._model import Span
from photoprivacy.containers._tiff import Ifd, TiffContainer
from photoprivacy.errors import CannotStrip, LimitExceeded, MalformedImage

_JPEG = 7
#: bytes of a pixel of four samples of 16 bits: one of more counts as several
_PIXEL = 8


@attrs.frozen(kw_only=True)
class Layout:
    """How the pixels of a page are cut into parts.

    Attributes:
        tiled: Whether the parts are tiles.
        parts: Where each is, as the page says it.
        sizes: How many bytes each has when nothing is compressed.
        coding: Number of the compression.
        samples: How many samples a pixel has.
        bits: How many bits the first sample has.
        photometric: Number of what samples mean.
        pixels: How many pixels the page has.
        exact: Whether a part that is not compressed must be as long as its pixels.
    """

    tiled: bool
    parts: tuple[Span, ...]
    sizes: tuple[int, ...]
    coding: int
    samples: int
    bits: int
    photometric: int
    pixels: int
    exact: bool


@attrs.frozen
class _Page:
    """The numbers of a page."""

    container: TiffContainer
    data: bytes
    ifd: Ifd

    def number(self, tag: int, default: int) -> int:
        return self.container.number(self.data, self.ifd, tag, default)

    def some(self, tag: int) -> tuple[int, ...]:
        return self.container.numbers(self.data, self.ifd.fields.get(tag))

    def all(self, tag: int) -> tuple[int, ...]:
        field = self.ifd.fields.get(tag)
        return self.container.numbers(self.data, field, field.count if field else 0)


def layout_of(container: TiffContainer, data: bytes, page: Ifd) -> Layout:
    """Return where the pixels of a page are.

    Raises:
        MalformedImage: Some of them are missing.
        CannotStrip: They are stored in a way that is not known.
    """
    of = _Page(container, data, page)
    at = page.where.start
    if page.twice & tags.STRUCTURE:
        # libtiff takes the first of them, Pillow the last.
        raise CannotStrip("a page that says twice how its pixels are stored")
    width, height = of.number(tags.WIDTH, 0), of.number(tags.HEIGHT, 0)
    if not width or not height:
        raise MalformedImage("tiff", at, "a page without a size")
    coding = of.number(tags.COMPRESSION, 1)
    if coding not in tags.CODINGS:
        raise CannotStrip("pictures coded in a way that is not known to be clean")
    planes, depth = _depth(of)
    tiled = tags.TILES in page.fields
    if tiled:
        across, down = of.number(tags.TILE_WIDTH, 0), of.number(tags.TILE_HEIGHT, 0)
        if not across or not down:
            raise MalformedImage("tiff", at, "tiles without a size")
        count = -(-width // across) * -(-height // down) * planes
    else:
        across, down = width, min(of.number(tags.ROWS, height) or height, height)
        count = -(-height // down) * planes
    starts = of.all(tags.TILES if tiled else tags.STRIPS)
    lengths = of.all(tags.TILE_LENGTHS if tiled else tags.STRIP_LENGTHS)
    if count > len(starts):
        raise MalformedImage("tiff", at, "fewer strips or tiles than the picture has")
    if count < len(starts):
        # libtiff shows the first ones, others draw the last over them.
        raise CannotStrip("more strips or tiles than the picture has")
    group = _group(of, coding, planes)
    each = [_size(across, down, depth, group)] * count
    if not tiled and height % down:
        for last in range(count // planes - 1, count, count // planes):
            each[last] = _size(across, height % down, depth, group)
    if not lengths and coding == 1:
        lengths = tuple(each)
    if count > len(lengths):
        raise MalformedImage("tiff", at, "strips or tiles without a length")
    return Layout(
        tiled=tiled,
        parts=tuple(_parts(starts, lengths[:count], len(data), at)),
        sizes=tuple(each),
        coding=coding,
        samples=of.number(tags.SAMPLES, 1),
        bits=of.number(tags.BITS, 1),
        photometric=of.number(tags.PHOTOMETRIC, 1),
        pixels=width * height,
        exact=group != (1, 1),
    )


def _parts(starts: tuple[int, ...], lengths: tuple[int, ...], end: int, at: int) -> Iterable[Span]:
    for start, size in zip(starts, lengths, strict=True):
        if not size:
            # libtiff guesses that such a strip goes on to the end of the file.
            raise MalformedImage("tiff", at, "a strip or tile that has no length")
        if start + size > end:
            raise MalformedImage("tiff", at, "a strip or tile that leaves the file")
        yield Span(start, start + size)


def _depth(of: _Page) -> tuple[int, int]:
    """Return how many planes a page has, and how many bits a pixel has in each."""
    samples = of.number(tags.SAMPLES, 1)
    bits = of.some(tags.BITS)[: max(samples, 1)] or (1,)
    if not 0 < samples <= 64 or not all(0 < one <= 64 for one in bits):
        raise CannotStrip("pictures of an unknown number of samples or bits")
    if of.number(tags.PLANAR, 1) == 2:
        return samples, bits[0]
    return 1, sum(bits[:samples]) if len(bits) >= samples else bits[0] * samples


def _group(of: _Page, coding: int, planes: int) -> tuple[int, int]:
    """Return how many pixels, across and down, share their colour samples (21)."""
    if of.number(tags.PHOTOMETRIC, 1) != 6 or coding == _JPEG:
        return 1, 1
    said = of.some(tags.SUBSAMPLING)
    across, down = said[:2] if len(said) > 1 else (2, 2)
    if (across, down) == (1, 1):
        return 1, 1
    known = across in (1, 2, 4) and down in (1, 2, 4) and len(set(of.some(tags.BITS))) == 1
    if not known or planes > 1 or of.number(tags.SAMPLES, 1) != 3:
        raise CannotStrip("colours that share samples in a way that is not known")
    return across, down


def _size(across: int, down: int, depth: int, group: tuple[int, int]) -> int:
    """Return how many bytes so many pixels across and down have."""
    if group == (1, 1):
        return -(-across * depth // 8) * down
    # 21: a group is its samples of brightness, then one of each colour.
    bits = -(-across // group[0]) * (group[0] * group[1] + 2) * (depth // 3)
    return -(-bits // 8) * -(-down // group[1])


def check_together(layouts: list[Layout], data: bytes, most: int) -> None:
    """Check that the strips and tiles of a file cost no more than they seem to.

    Raises:
        CannotStrip: Pages share strips or tiles, or there are more bytes in them than in the file.
        LimitExceeded: They inflate to more than *most* pixels, over all pages.
    """
    total = sum(len(part) for layout in layouts for part in layout.parts)
    found = sorted(
        (part.start, part.stop, number)
        for number, layout in enumerate(layouts)
        for part in layout.parts
    )
    reach = owner = -1
    for start, stop, number in found:
        if start < reach and number != owner:
            raise CannotStrip("pages that share strips or tiles")
        if stop > reach:
            reach, owner = stop, number
    if total > len(data):
        raise CannotStrip("strips or tiles that overlap")
    pixels = 0
    for layout in layouts:
        if layout.coding in tags.INFLATED:
            pixels += max(layout.pixels, sum(layout.sizes) // _PIXEL)
        if pixels > most:
            raise LimitExceeded("tiff", 0, limit="max_pixels", value=most)
