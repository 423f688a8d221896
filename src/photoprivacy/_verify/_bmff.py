"""A strict walker over clean HEIC and AVIF files, and its view of whatever the source was.

Written from ISO/IEC 14496-12 and 23008-12, apart from the parser that the writer uses.
"""

from __future__ import annotations

from typing import Final

from photoprivacy._verify._bmff_file import File, is_zero, read
from photoprivacy._verify._model import Seen, refuse, same
from photoprivacy.policy import Category, Policy

#: item types a clean file may list → category that must be allowed; None: always
_ITEMS: Final = {
    **dict.fromkeys((b"hvc1", b"hev1", b"av01", b"avc1", b"vvc1", b"jpeg", b"j2k1", b"unci"), None),
    **dict.fromkeys((b"grid", b"iovl", b"iden", b"sato"), None),
    b"tmap": Category.HDR,
}
#: properties a clean file may have → category that must be allowed; None: always
_PROPERTIES: Final = {
    **dict.fromkeys((b"hvcC", b"av1C", b"avcC", b"vvcC", b"jpgC", b"j2kH", b"uncC", b"cmpd"), None),
    **dict.fromkeys((b"ispe", b"pixi", b"pasp", b"clap", b"auxC", b"rloc", b"lsel"), None),
    **dict.fromkeys((b"a1lx", b"a1op", b"iscl"), None),
    **dict.fromkeys((b"irot", b"imir"), Category.ORIENTATION),
    b"colr": Category.COLOR,
    **dict.fromkeys((b"clli", b"mdcv", b"cclv", b"amve", b"ndwt"), Category.HDR),
}
#: properties of one length, and that length
_SIZES: Final = {
    b"ispe": 12,
    b"irot": 1,
    b"imir": 1,
    b"pasp": 8,
    b"clap": 32,
    b"lsel": 2,
    b"a1op": 1,
    b"clli": 4,
    b"mdcv": 24,
    b"amve": 8,
    b"ndwt": 8,
}
_BRANDS: Final = frozenset(
    b"heic heix heim heis hevc hevx hevm hevs avif avis mif1 mif2 msf1 miaf MiHB MiHE MiHA MiPr "
    b"MA1A MA1B MiAB tmap 1pic avio iso8 iso9 jpeg jpgs heif SHIF MPrm mp41 mp42".split()
)
_ALPHA: Final = (
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
)
_GAIN_MAP: Final = (
    b"urn:com:apple:photo:2020:aux:hdrgainmap",
    b"urn:com:samsung:photo:2024:aux:hdrgainmap",
    b"urn:com:photo:aux:hdrgainmap",
)


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    new = read(output, strict=True)
    old = read(source, strict=False)
    if new.primary != old.primary or len(new.ftyp) != len(old.ftyp):
        refuse("a primary item other than the source's, or brands of another length", 0)
    if new.open_ended and len(output) != len(source):
        refuse("a last box without a size, and another length than the source's", len(output))
    _brands(new.ftyp, old.ftyp)
    _allowed(new, policy)
    _complete(new, old, policy)
    for item in new.types:
        _same_item(new, old, item, policy)
    _nothing_between(new)
    meta = output[new.meta[0] : new.meta[1]]
    for name in (*_ALPHA, *_GAIN_MAP):
        meta = meta.replace(name, b"")  # a word of the format, also where it names a maker
    return Seen(profile=_profile(new), plain=(new.ftyp, meta))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source's primary picture, ``b""`` for none."""
    return _profile(read(source, strict=False))


def _profile(file: File) -> bytes:
    for kind, body, _ in file.described(file.primary):
        if kind == b"colr" and body[:4] in (b"prof", b"rICC"):
            return body[4:]
    return b""


def _allowed(new: File, policy: Policy) -> None:
    if new.types.keys() != new.places.keys() or new.primary not in new.types:
        refuse("items and locations that do not match", new.meta[0])
    for kind in new.types.values():
        if kind not in _ITEMS or not _permits(policy, _ITEMS[kind]):
            refuse("an item of a kind that may not be kept", new.meta[0])
    for kind, _ in new.properties:
        if kind not in _PROPERTIES or not _permits(policy, _PROPERTIES[kind]):
            refuse("a property that may not be kept", new.meta[0])
    used = {index for line in new.has.values() for index, _ in line}
    if used != set(range(1, len(new.properties) + 1)) or not new.has.keys() <= new.types.keys():
        refuse("a property that no item has", new.meta[0])
    if any(kind != b"altr" for kind, _ in new.groups):
        refuse("a group that may not be kept", new.meta[0])
    named = {n for _, source, targets in new.references for n in (source, *targets)}
    named |= {n for _, members in new.groups for n in members}
    if not named <= new.types.keys():
        refuse("a reference to an item that is not there", new.meta[0])
    if _reachable(new, policy) != set(new.types):
        refuse("an item that is no part of the picture", new.meta[0])


def _brands(new: bytes, old: bytes) -> None:
    """Check that every brand is a word of the format, and that the known ones stayed."""
    words = [new[at : at + 4] for at in (8, *range(16, len(new), 4))]
    before = [old[at : at + 4] for at in (8, *range(16, len(old), 4))]
    if not set(words) <= _BRANDS or new[12:16] != bytes(4) or new[8:12] != old[8:12]:
        refuse("brands that may say anything", 0)
    if set(before) & _BRANDS != set(words):
        refuse("brands other than the source's", 0)


def _permits(policy: Policy, category: Category | None) -> bool:
    return category is None or policy.allows(category)


def _reachable(file: File, policy: Policy) -> set[int]:
    """Return the items that the picture is made of, as this walker understands it."""
    found: set[int] = set()
    queue = [file.primary]
    for kind, members in file.groups:
        if kind == b"altr" and file.primary in members:
            wanted = {b"sato"} | ({b"tmap"} if policy.allows(Category.HDR) else set())
            queue += [n for n in members if file.types.get(n) in wanted]
    made_of: dict[int, list[int]] = {}
    beside: dict[int, list[int]] = {}
    for kind, source, targets in file.references:
        if kind == b"dimg":
            made_of.setdefault(source, []).extend(targets)
        elif kind == b"auxl" and _stays_beside(file.auxiliary(source), policy):
            for target in targets:
                beside.setdefault(target, []).append(source)
    while queue:
        item = queue.pop()
        if item in found or item not in file.types:
            continue
        found.add(item)
        queue += made_of.get(item, [])
        queue += beside.get(item, [])
    return found


def _stays_beside(shows: bytes, policy: Policy) -> bool:
    return shows in _ALPHA or (shows in _GAIN_MAP and policy.allows(Category.HDR))


def _complete(new: File, old: File, policy: Policy) -> None:
    if _reachable(old, policy) != set(new.types):
        refuse("part of the picture is missing", new.meta[0])
    groups = {
        (kind, number, tuple(n for n in members if n in new.types))
        for (kind, members), number in zip(old.groups, old.group_ids, strict=True)
    }
    for (kind, members), number in zip(new.groups, new.group_ids, strict=True):
        if (kind, number, members) not in groups:
            refuse("a group other than the source's", new.meta[0])
    for wanted in (b"dimg", b"prem", b"auxl"):
        mine = [ref for ref in new.references if ref[0] == wanted]
        theirs = [
            (kind, source, tuple(n for n in targets if n in new.types))
            for kind, source, targets in old.references
            if kind == wanted and source in new.types
        ]
        if mine != [ref for ref in theirs if ref[2]]:
            refuse("references other than the source's", new.meta[0])


def _same_item(new: File, old: File, item: int, policy: Policy) -> None:
    if new.types[item] != old.types.get(item):
        refuse("an item of another kind than the source's", new.meta[0])
    if new.hidden[item] != old.hidden[item]:
        refuse("an item that is hidden where the source's is not, or the other way round", 0)
    mine, theirs = new.places[item], old.places.get(item, [])
    if [b - a for a, b in mine] != [b - a for a, b in theirs]:
        refuse("an item of another size than the source's", new.meta[0])
    for (start, stop), (there, _) in zip(mine, theirs, strict=True):
        if start < 0 or stop <= start or not same(new.data, start, old.data, there, stop - start):
            refuse("an item that differs from the source", max(start, 0))
    kept = [
        (kind, _comparable(kind, body), essential)
        for kind, body, essential in old.described(item)
        if kind in _PROPERTIES and _permits(policy, _PROPERTIES[kind])
    ]
    found = new.described(item)
    if [(kind, _comparable(kind, body), flag) for kind, body, flag in found] != kept:
        refuse("an item with other properties than the source's", new.meta[0])
    for kind, body, _ in found:
        if body != _comparable(kind, body):
            refuse("a property with more in it than its definition", new.meta[0])
        if kind == b"colr" and body[:4] not in (b"nclx", b"prof", b"rICC"):
            refuse("colours of an unknown kind", new.meta[0])


def _comparable(kind: bytes, body: bytes) -> bytes:
    """Return a property as a clean file states it: as long as its own definition."""
    if kind in _SIZES:
        return body[: _SIZES[kind]]
    if kind == b"colr" and body[:4] == b"nclx":
        return body[:11]
    if kind == b"pixi" and len(body) > 4 and not body[3] & 1:
        return body[: 5 + body[4]]
    return body[:4] + body[4:].partition(b"\x00")[0] + b"\x00" if kind == b"auxC" else body


def _nothing_between(new: File) -> None:
    """Check that every byte of mdat and idat that is no item's is zero."""
    spans = sorted(span for place in new.places.values() for span in place)
    homes = sorted(home for home in (*new.mdat, new.idat) if home != (0, 0))
    number = 0
    for low, high in homes:
        at = low
        while number < len(spans) and spans[number][0] < high:
            start, stop = spans[number]
            if start < low or stop > high:
                refuse("an item outside mdat and idat", max(start, 0))
            if start > at and not is_zero(new.data, at, start):
                refuse("bytes that belong to no item", at)
            at = max(at, stop)
            number += 1
        if not is_zero(new.data, at, high):
            refuse("bytes that belong to no item", at)
    if number < len(spans):
        refuse("an item outside mdat and idat", spans[number][0])
