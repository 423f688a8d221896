"""A strict walker over clean TIFFs, and its own view of whatever the source was.

Written from TIFF 6.0 and its technical notes, apart from the parser that the writer uses.
"""

from __future__ import annotations

import struct
from typing import Final

from photoprivacy._verify._icc import profile_in
from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy._verify._tiff_codes import length
from photoprivacy._verify._tiff_file import Fields, File, read
from photoprivacy._verify._tiff_jpeg import Strips
from photoprivacy._verify._tiff_tags import MAY, READ, facts_of, left
from photoprivacy._verify._tiff_told import told
from photoprivacy.policy import Category, Policy

_PLACES: Final = {273: 279, 324: 325}
_TABLES: Final = frozenset({347})


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its pages against *source*.

    Raises:
        Unclean: Something stands in it that may not, or a pixel is another.
    """
    new, old = read(output, strict=True), read(source, only=READ)
    if output[:4] != source[:4] or (new.big and output[4:8] != source[4:8]):
        refuse("another byte order than the source's", 0)
    pages = [page for page in old.pages if not _small(old, page)] or old.pages[:1]
    if policy.allows(Category.THUMBNAIL):
        pages = old.pages
    if len(pages) != len(new.pages):
        refuse("another number of pages than the source's", 0)
    _apart(old, pages)
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
        _same_pixels(new, old, mine, theirs, policy)
        wanted = _clean(old, theirs, policy)
        plain += [mine[tag][2] for tag in _TABLES if tag in mine]
        for tag in _PLACES.keys() | _PLACES.values() | _TABLES:
            mine.pop(tag, None)
        if mine != wanted:
            refuse("a page that says something else than the source's", 0)
        plain += [value for _, _, value in mine.values()]
    _tiles(new)
    return Seen(xmp=xmp, profile=_profile(pages[0]) if policy.allows(Category.COLOR) else b"",
                plain=(*plain, xmp))  # fmt: skip


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source's first page, ``b""`` for none."""
    file = read(source, only=READ)
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
    facts = facts_of(old, page)
    out: Fields = {}
    for tag, (kind, count, value) in page.items():
        needed = MAY.get(tag)
        if tag not in MAY or not (needed is None or policy.allows(needed)):
            continue
        stays = left(old, page, tag, facts)
        if stays:
            said = _said(old, page, tag, value[: len(value) // count * stays])
            if said is not None:
                out[tag] = said if said[0] else (kind, stays, said[2])
    return out


def _said(old: File, page: Fields, tag: int, value: bytes) -> tuple[int, int, bytes] | None:
    """Return what a clean page says by *tag*, ``None`` for nothing; of type 0 for the source's."""
    if tag == 254:
        return 4, 1, struct.pack(f"{old.sign}I", old.first(page, 254, 0) % 8)
    if tag == 347:
        return None  # the strips tell what stays of it
    if tag == 34675:
        profile = profile_in(value)
        return (7, len(profile), profile) if profile else None
    return 0, 0, value


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
        sizes = _plain_sizes(file, page, count, planes)
    if count > len(starts) or count > len(sizes):
        refuse("a page with fewer strips than it has", 0)
    return list(zip(starts[:count], sizes[:count], strict=True))


def _apart(file: File, pages: list[Fields]) -> None:
    """Check that no byte is a pixel of two pages: such a file is smaller than its copy."""
    found = sorted(
        (at, at + size, number)
        for number, page in enumerate(pages)
        for at, size in _parts(file, page)
    )
    end = of = -1
    for start, stop, number in found:
        if start < end and of != number:
            refuse("pages that share their pixels", 0)
        if stop > end:
            end, of = stop, number


def _plain_sizes(file: File, page: Fields, count: int, planes: int) -> list[int]:
    """Return how many bytes each part has where nothing is compressed."""
    samples = file.first(page, 277, 1)
    bits = file.numbers(page.get(258)) or [1]
    if planes > 1:
        deep = bits[0]
    else:
        deep = sum(bits[:samples]) if samples <= len(bits) else samples * bits[0]
    ratio = file.numbers(page.get(530))
    wide, high = ratio[:2] if len(ratio) > 1 else (2, 2)
    if file.first(page, 262, 1) != 6 or file.first(page, 259, 1) == 7:
        wide = high = 1

    def size(across: int, down: int) -> int:
        if wide == high == 1:
            return (across * deep + 7) // 8 * down
        # 21: so many samples of brightness share two of colour
        groups, rows = (across + wide - 1) // wide, (down + high - 1) // high
        return (groups * (wide * high + 2) * bits[0] + 7) // 8 * rows

    if 324 in page:
        return [size(file.first(page, 322, 0), file.first(page, 323, 0))] * count
    across, height = file.first(page, 256, 0), file.first(page, 257, 0)
    rows = min(file.first(page, 278, height) or height, height)
    return [size(across, min(rows, height - at)) for at in range(0, height, rows)] * planes


def _same_pixels(new: File, old: File, mine: Fields, theirs: Fields, policy: Policy) -> None:
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
    strips = None
    if coding == 7:
        facts = facts_of(old, theirs)
        shared = 347 in theirs and left(old, theirs, 347, facts)
        told = theirs[347][2] if shared else b""
        strips = Strips.of(_shared(mine), told, policy, sum(size for _, size in others))
    elif 347 in mine:
        refuse("tables of JPEG where none is", 0)
    for (at, size), (there, long), bare in zip(ours, others, plain, strict=True):
        new.used.append((at, at + size))
        body = old.data[there : there + long]
        if strips is not None:
            strips.check(new.data[at : at + size], body)
            continue
        if size != length(body, coding, bare) or not same(new.data, at, old.data, there, size):
            refuse("a strip or tile other than the source's", at)
    if strips is not None:
        strips.close()


def _shared(mine: Fields) -> bytes:
    """Return the tables that strips of JPEG in the output share, ``b""`` for none."""
    kind, _, value = mine.get(347, (7, 0, b""))
    if kind != 7:
        refuse("tables of JPEG that are none", 0)
    return value


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
