"""A strict walker over clean TIFFs, and its own view of whatever the source was.

Written from TIFF 6.0 and its technical notes, apart from the parser that the writer uses.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from typing import Final

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._jpeg_source import TABLES_AND_FRAMES, Source
from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy._verify._tiff_file import Fields, File, read
from photoprivacy._verify._tiff_told import told
from photoprivacy.policy import Category, Policy

#: tags a clean page may have → category that must be allowed; None: always
_MAY: Final = {
    **dict.fromkeys((254, 256, 257, 258, 259, 262, 266, 277, 278, 284, 290, 291, 292, 293), None),
    **dict.fromkeys((317, 320, 322, 323, 332, 334, 336, 338, 339, 347, 530, 531), None),
    **dict.fromkeys((301, 318, 319, 529, 532, 34675), Category.COLOR),
    **dict.fromkeys((282, 283, 296), Category.RESOLUTION),
    274: Category.ORIENTATION,
}
#: tags that have one value
_SINGLE: Final = frozenset(
    {254, 256, 257, 259, 262, 266, 274, 277, 278, 282, 283, 284, 290, 292, 293, 296, 317}
    | {322, 323, 332, 334, 531}
)
_MOST: Final = {
    258: 64,
    291: 65536,
    301: 196608,
    318: 2,
    319: 6,
    320: 196608,
    336: 128,
    338: 64,
    339: 64,
    347: 65536,
    529: 3,
    530: 2,
    532: 128,
    34675: 1 << 26,
}
_PLACES: Final = {273: 279, 324: 325}


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its pages against *source*.

    Raises:
        Unclean: Something stands in it that may not, or a pixel is another.
    """
    new, old = read(output, strict=True), read(source)
    if output[:4] != source[:4] or (new.big and output[4:8] != source[4:8]):
        refuse("another byte order than the source's", 0)
    pages = [page for page in old.pages if not _small(old, page)] or old.pages[:1]
    if policy.allows(Category.THUMBNAIL):
        pages = old.pages
    if len(pages) != len(new.pages):
        refuse("another number of pages than the source's", 0)
    xmp = b""
    plain: list[bytes] = []
    for number, (mine, theirs) in enumerate(zip(new.pages, pages, strict=True)):
        if not number:
            plain += told(new, mine, policy)
        packet = mine.pop(700, None)
        if packet is not None:
            if number or packet[0] != 1:
                refuse("a packet where none may be", 0)
            xmp = packet[2]
        _same_pixels(new, old, mine, theirs)
        wanted = _clean(old, theirs, policy)
        for tag in _PLACES.keys() | _PLACES.values():
            mine.pop(tag, None)
        if mine != wanted:
            refuse("a page that says something else than the source's", 0)
        plain += [value for _, _, value in mine.values()]
    _tiles(new)
    return Seen(xmp=xmp, profile=_profile(pages[0]) if policy.allows(Category.COLOR) else b"",
                plain=(*plain, xmp))  # fmt: skip


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source's first page, ``b""`` for none."""
    file = read(source)
    pages = [page for page in file.pages if not _small(file, page)] or file.pages[:1]
    return _profile(pages[0])


def _profile(page: Fields) -> bytes:
    field = page.get(34675)
    return profile_in(field[2]) if field else b""


def _small(file: File, page: Fields) -> bool:
    if 254 in page:
        return file.first(page, 254, 0) % 2 == 1
    return file.first(page, 255, 1) == 2


def _clean(old: File, page: Fields, policy: Policy) -> Fields:
    """Return what a clean page says, but where its pixels are."""
    tiled = 324 in page
    out: Fields = {}
    for tag, (kind, count, value) in page.items():
        if tag not in _MAY or not (_MAY[tag] is None or policy.allows(_MAY[tag] or Category.COLOR)):
            continue
        if (tag in (322, 323) and not tiled) or (tag == 278 and tiled):
            continue
        most = 1 if tag in _SINGLE else _MOST[tag]
        left = min(count, most)
        said = _said(old, page, tag, value[: len(value) // count * left])
        if said is not None:
            out[tag] = said if said[0] else (kind, left, said[2])
    return out


def _said(old: File, page: Fields, tag: int, value: bytes) -> tuple[int, int, bytes] | None:
    """Return what a clean page says by *tag*, ``None`` for nothing; of type 0 for the source's."""
    if tag == 254:
        return 4, 1, struct.pack(f"{old.sign}I", old.first(page, 254, 0) % 8)
    if tag == 274 and not 2 <= old.first(page, 274, 1) <= 8:
        return None
    if tag == 347:
        tables = _tables(value) if old.first(page, 259, 1) == 7 else b""
        return (7, len(tables), tables) if tables else None
    if tag == 34675:
        profile = profile_in(value)
        return (7, len(profile), profile) if profile else None
    return 0, 0, value


def _tables(body: bytes) -> bytes:
    walk, out = Source(body), b"\xff\xd8"
    while (found := walk.next(anything=True)) is not None:
        if found[2] in (0xDB, 0xC4, 0xCC, 0xDD):
            out += body[found[0] : found[1]]
    return out + b"\xff\xd9"


def _parts(file: File, page: Fields) -> list[tuple[int, int]]:
    """Return start and length of every strip or tile that the picture has."""
    tag = 324 if 324 in page else 273
    starts, sizes = file.numbers(page.get(tag)), file.numbers(page.get(_PLACES[tag]))
    planes = file.first(page, 277, 1) if file.first(page, 284, 1) == 2 else 1
    width, height = file.first(page, 256, 0), file.first(page, 257, 0)
    if tag == 324:
        across, down = file.first(page, 322, 0), file.first(page, 323, 0)
        count = -(-width // across) * -(-height // down) * planes
    else:
        rows = min(file.first(page, 278, height) or height, height)
        count = -(-height // rows) * planes
    if not sizes and file.first(page, 259, 1) == 1:
        sizes = [size for size in _plain_sizes(file, page, count, planes) if size]
    if count > len(starts) or count > len(sizes):
        refuse("a page with fewer strips than it has", 0)
    return list(zip(starts[:count], sizes[:count], strict=True))


def _plain_sizes(file: File, page: Fields, count: int, planes: int) -> list[int]:
    """Return how many bytes each part has where nothing is compressed; 0 where nobody knows."""
    samples = file.first(page, 277, 1)
    bits = file.numbers(page.get(258)) or [1]
    if planes > 1:
        deep = bits[0]
    else:
        deep = sum(bits[:samples]) if samples <= len(bits) else samples * bits[0]
    ratio = file.numbers(page.get(530)) or [2, 2]
    if file.first(page, 262, 1) == 6 and ratio[:2] != [1, 1] and file.first(page, 259, 1) != 7:
        return [0] * count
    if 324 in page:
        return [(file.first(page, 322, 0) * deep + 7) // 8 * file.first(page, 323, 0)] * count
    line, height = (file.first(page, 256, 0) * deep + 7) // 8, file.first(page, 257, 0)
    rows = min(file.first(page, 278, height) or height, height)
    one = [line * min(rows, height - at) for at in range(0, height, rows)]
    return one * planes


def _same_pixels(new: File, old: File, mine: Fields, theirs: Fields) -> None:
    tag = 324 if 324 in theirs else 273
    if (324 in mine) != (324 in theirs):
        refuse("strips where the source has tiles, or the other way round", 0)
    ours, others = _parts(new, mine), _parts(old, theirs)
    listed = (new.numbers(mine.get(tag)), new.numbers(mine.get(_PLACES[tag])))
    if {len(one) for one in listed} != {len(others)} or len(ours) != len(others):
        refuse("more strips or tiles than the picture has", 0)
    coding = old.first(theirs, 259, 1)
    planes = old.first(theirs, 277, 1) if old.first(theirs, 284, 1) == 2 else 1
    plain = _plain_sizes(old, theirs, len(others), planes)
    for (at, size), (there, length), bare in zip(ours, others, plain, strict=True):
        if size:
            new.used.append((at, at + size))
        if coding == 7 and length:
            if new.data[at : at + size] != _strip(old.data[there : there + length]):
                refuse("a strip of JPEG other than the source's", at)
            continue
        body = old.data[there : there + length]
        if size != _length(body, coding, bare) or not same(new.data, at, old.data, there, size):
            refuse("a strip or tile other than the source's", at)


def _strip(body: bytes) -> bytes:
    """Return the picture of a JPEG: tables, frames and scans."""
    walk, parts = Source(body), [b"\xff\xd8"]
    while (found := walk.next(anything=True)) is not None:
        start, stop, code = found
        if code in TABLES_AND_FRAMES or code == 0xDA:
            parts.append(body[start:stop])
        if code == 0xDA:
            parts += [body[a:b] for a, b in walk.stretches()]
    return b"".join((*parts, b"\xff\xd9"))


def _length(body: bytes, coding: int, bare: int) -> int:
    """Return how many bytes of a strip or tile are code."""
    if coding == 1:
        return min(len(body), bare) if bare else len(body)
    if coding in (8, 32946):
        stream = zlib.decompressobj()
        try:
            rest = body
            while rest and not stream.eof:
                stream.decompress(rest, 1 << 18)
                rest = stream.unconsumed_tail
        except zlib.error:
            return len(body)
        return len(body) - len(stream.unused_data)
    if coding == 34925:
        other = lzma.LZMADecompressor(memlimit=1 << 27)
        try:
            other.decompress(body, 0)
            while not (other.eof or other.needs_input):
                other.decompress(b"", 1 << 18)
        except lzma.LZMAError:
            return len(body)
        return len(body) - len(other.unused_data)
    if coding == 32773 and bare:
        return _runs(body, bare)
    return _words(body) if coding == 5 else len(body)


def _runs(body: bytes, left: int) -> int:
    at = 0
    while left > 0 and at < len(body):
        (number,) = struct.unpack_from("b", body, at)
        if number >= 0:
            at, left = at + 2 + number, left - 1 - number
        elif number == -128:
            at += 1
        else:
            at, left = at + 2, left - 1 + number
    return min(at, len(body))


def _words(body: bytes) -> int:
    """13: codes of nine to twelve bits, the highest bit first; 256 clears, 257 ends."""
    if len(body) > 1 and body[0] == 0 and body[1] % 2:
        return len(body)
    width, entries, at, total = 9, 257, 0, 8 * len(body)
    base, window = -1, 0
    while at + width <= total:
        if base < 0 or at + width > 8 * base + 4000:
            base = at // 8
            window = int.from_bytes(body[base : base + 512].ljust(512, b"\0"), "big")
        code = window >> (8 * base + 4096 - at - width) & ((1 << width) - 1)
        at += width
        if code == 257:
            return (at + 7) // 8
        if code == 256:
            width, entries = 9, 257
            continue
        entries += 1
        if entries == (1 << width) - 1 and width < 12:
            width += 1
    return len(body)


def _tiles(new: File) -> None:
    """Check that directories, values and pixels fill the file, each beginning on a word (2)."""
    at = 0
    for start, stop in sorted(new.used):
        if start != at:
            refuse("bytes that nothing refers to", at)
        at = stop
        if at % 2:
            if at < len(new.data) and new.data[at]:
                refuse("a byte behind a value", at)
            at += 1
    if at != len(new.data):
        refuse("bytes behind everything", at)
