"""A strict walker over clean HEIC and AVIF files, and its view of whatever the source was.

Written from ISO/IEC 14496-12 and 23008-12, apart from the parser that the writer uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy._verify import _bmff_movie as movie
from photoprivacy._verify import _movie
from photoprivacy._verify._av1 import units_of_picture
from photoprivacy._verify._bmff_derived import stated_length
from photoprivacy._verify._bmff_file import File, read
from photoprivacy._verify._bmff_properties import bare, may_stay, once
from photoprivacy._verify._bmff_remake import clean, same_samples, sequence_entry
from photoprivacy._verify._coded import nal_units
from photoprivacy._verify._model import Seen, moments, refuse, same
from photoprivacy.policy import Category, Policy

#: item types a clean file may list → category that must be allowed; None: always
_ITEMS: Final = {
    **dict.fromkeys((b"hvc1", b"hev1", b"av01"), None),
    **dict.fromkeys((b"grid", b"iovl", b"iden", b"sato"), None),
    b"tmap": Category.HDR,
}
#: what a clean file may say about its picture, each once, behind the pictures
_WRITTEN: Final = (b"Exif", b"mime")
_SEQUENCES: Final = frozenset(b"msf1 hevc hevx hevm hevs avis".split())
_BRANDS: Final = _SEQUENCES | frozenset(
    b"heic heix heim heis avif mif1 mif2 miaf MiHB MiHE MiHA MiPr MA1A MA1B MiAB tmap 1pic "
    b"avio iso8 iso9 jpeg jpgs heif SHIF MPrm mp41 mp42".split()
)
_AVIF: Final = frozenset((b"avif", b"avis"))
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
_Spans = list[tuple[int, int]]


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its picture against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the picture is another.
    """
    new = read(output, strict=True)
    old = read(source, strict=False)
    numbers = _numbers(old, policy)
    pictures = [item for item, kind in new.types.items() if kind not in _WRITTEN]
    if pictures != list(numbers.values()) or list(new.types) != list(range(1, len(new.types) + 1)):
        refuse("part of the picture is missing, or more than it", new.meta[0])
    if new.primary != numbers.get(old.primary):
        refuse("a primary item other than the source's", new.meta[0])
    written = _written(new, len(pictures))
    _listed(new, policy, pictures)
    _related(new, old, numbers)
    for theirs, mine in numbers.items():
        _same_item(new, old, mine, theirs, policy)
    samples = _same_movie(new, old, policy)
    _brands(new, old.ftyp, sequence=bool(samples))
    _nothing_between(new, samples)
    exif = written.get(b"Exif", b"")
    if exif and (exif[:4] != bytes(4) or len(exif) == 4):
        refuse("an Exif item that does not begin with its block", 0)
    xmp = written.get(b"mime", b"")
    index = output[new.meta[0] : new.meta[1]] + output[new.moov[0] : new.moov[1]]
    for name in (*_ALPHA, *_GAIN_MAP):
        index = index.replace(name, b"")  # a word of the format, also where it names a maker
    plain = [new.ftyp, index, exif, xmp]
    video = _video(new, old, policy, plain)
    avif = old.ftyp[8:12] in _AVIF or (old.ftyp[8:10] == b"mi" and _AVIF & set(_words(old.ftyp)))
    return Seen(
        exif=exif[4:],
        xmp=xmp,
        profile=_profile(new),
        plain=tuple(plain),
        video=video,
        beside="image/avif" if avif else "image/heic",
    )


def _video(
    new: File, old: File, policy: Policy, plain: list[bytes]
) -> tuple[int, frozenset[int]] | None:
    """Check the video of a motion photo; return its length, and what may be said of its moment."""
    theirs = old.video if policy.allows(Category.EMBEDDED_VIDEO) else None
    if theirs is None or new.video is None:
        if new.video is not theirs:
            refuse("a video that may not be kept, or none where one is", 0)
        return None
    start, stop = new.video
    seen = _movie.check(old.data[slice(*theirs)], new.data[start:stop], policy)
    if seen.xmp or stop != len(new.data):
        refuse("words in the video of a photo, or bytes behind it", start)
    plain += seen.plain
    return stop - start, moments(old.data)


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source's primary picture, ``b""`` for none."""
    return _profile(read(source, strict=False))


def _profile(file: File) -> bytes:
    for kind, body, _ in file.described(file.primary):
        if kind == b"colr" and body[:4] in (b"prof", b"rICC"):
            return bare(kind, body)[4:]
    return b""


def _numbers(old: File, policy: Policy) -> dict[int, int]:
    """Return item of the source that its clean copy has → its number there."""
    reachable = _reachable(old, policy)
    kept = [item for item in old.types if item in reachable]
    for item in kept:
        if old.types[item] not in _ITEMS or not _permits(policy, _ITEMS[old.types[item]]):
            refuse("a picture of a kind that may not be kept", 0)
    return {item: number for number, item in enumerate(kept, 1)}


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


def _written(new: File, pictures: int) -> dict[bytes, bytes]:
    """Return the blocks that were written from scratch, type → bytes."""
    kinds = [kind for kind in new.types.values() if kind in _WRITTEN]
    if kinds != [kind for kind in _WRITTEN if kind in kinds]:
        refuse("metadata twice, or out of order", new.meta[0])
    found = {}
    for number, kind in enumerate(kinds, pictures + 1):
        if new.types.get(number) != kind or not new.hidden[number]:
            refuse("metadata that is shown, or in front of the picture", new.meta[0])
        if len(new.places.get(number, ())) != 1:
            refuse("metadata in several places", new.meta[0])
        ((start, stop),) = new.places[number]
        found[kind] = new.data[start:stop]
    return found


def _listed(new: File, policy: Policy, pictures: list[int]) -> None:
    if list(new.types) != list(new.places) or list(new.has) != [
        n for n in pictures if n in new.has
    ]:
        refuse("items, locations and properties that do not match", new.meta[0])
    seen: dict[int, None] = {}
    for item, line in new.has.items():
        for index, _ in line:
            seen[index] = None
        for kind, _, _ in new.described(item):
            if not may_stay(kind, policy, new.types[item]):
                refuse("a property that may not be kept", new.meta[0])
    if list(seen) != list(range(1, len(new.properties) + 1)):
        refuse("a property that no item has, or out of order", new.meta[0])


def _brands(file: File, old: bytes, *, sequence: bool) -> None:
    """Check that every brand is a word of the format, and that the known ones stayed.

    But those that promise what is not there: readers refuse a file without its tone map.
    """
    new = file.ftyp
    after = [new[at : at + 4] for at in range(16, len(new), 4)]
    before = _words(old)
    stay = _BRANDS if sequence else _BRANDS - _SEQUENCES
    if b"tmap" not in file.types.values():
        stay -= {b"tmap"}
    wanted = list(dict.fromkeys(word for word in before if word in stay))
    if new[8:12] != old[8:12] or new[8:12] not in stay or new[12:16] != bytes(4):
        refuse("a major brand other than the source's, or one that may say anything", 0)
    if after != wanted:
        refuse("brands other than those of the source that are known, or that are true", 0)


def _words(ftyp: bytes) -> list[bytes]:
    return [ftyp[at : at + 4] for at in range(16, len(ftyp) - 3, 4)]


def _related(new: File, old: File, numbers: dict[int, int]) -> None:
    """Check references and groups, which are the source's as far as its items stayed."""
    wanted = [
        (kind, numbers[source], tuple(numbers[n] for n in targets if n in numbers))
        for kind, source, targets in old.references
        if kind in (b"dimg", b"auxl", b"prem") and source in numbers
    ]
    wanted = [ref for ref in wanted if ref[2]]
    first = len(numbers) + 1
    wanted += [(b"cdsc", n, (new.primary,)) for n in range(first, len(new.types) + 1)]
    if new.references != wanted:
        refuse("references other than the source's", new.meta[0])
    groups = [
        (kind, tuple(numbers[n] for n in members if n in numbers))
        for kind, members in old.groups
        if kind == b"altr"
    ]
    if new.groups != [group for group in groups if len(group[1]) > 1]:
        refuse("groups other than the source's", new.meta[0])
    after = len(new.types) + 1
    if new.group_ids != list(range(after, after + len(new.groups))):
        refuse("groups that are not numbered behind the items", new.meta[0])


def _same_item(new: File, old: File, mine: int, theirs: int, policy: Policy) -> None:
    if new.types[mine] != old.types[theirs]:
        refuse("an item of another kind than the source's", new.meta[0])
    if new.hidden[mine] != old.hidden[theirs]:
        refuse("an item that is hidden where the source's is not, or the other way round", 0)
    stated = _stated(old, theirs)
    if new.types[mine] == b"iden":
        if new.places[mine]:
            refuse("a body where there is none", new.meta[0])
    else:
        _same_bytes(new, old, new.places[mine], stated)
    kept = [
        (kind, content, essential)
        for kind, body, essential in old.described(theirs)
        if may_stay(kind, policy, new.types[mine]) and (content := bare(kind, body))
    ]
    once(kept)
    if new.described(mine) != kept:
        refuse("an item with other properties than the source's", new.meta[0])


def _stated(old: File, item: int) -> _Spans:
    """Return the stretches of a source's item, as far as its type says that it goes."""
    spans = old.places.get(item, [])
    if old.types[item] == b"av01":
        layers = [body for kind, body, _ in old.described(item) if kind == b"a1lx"]
        return units_of_picture(old.data, spans, layers[0] if layers else None)
    if old.types[item] in (b"hvc1", b"hev1") and spans:
        config = next(body for kind, body, _ in old.described(item) if kind == b"hvcC")
        return nal_units(old.data, spans, 1 + config[21] % 4, avc=False)
    inputs = sum(len(to) for kind, n, to in old.references if kind == b"dimg" and n == item)
    left = stated_length(old.types[item], old.data, spans, inputs)
    if left < 0:
        return spans
    out = []
    for start, stop in spans:
        out.append((start, min(stop, start + left)))
        left -= out[-1][1] - start
    if left:
        refuse("a derived item that is cut short", 0)
    return [(start, stop) for start, stop in out if stop > start]


def _same_bytes(new: File, old: File, mine: _Spans, theirs: _Spans) -> None:
    """Check that two lists of stretches hold the same bytes, however they are cut."""
    if any(start < 0 or stop <= start for start, stop in (*mine, *theirs)) or not mine:
        refuse("an item without bytes", 0)
    if sum(b - a for a, b in mine) != sum(b - a for a, b in theirs):
        refuse("an item of another size than the source's", mine[0][0])
    queue = iter(theirs)
    there = limit = 0
    for start, stop in mine:
        at = start
        while at < stop:
            if there == limit:
                there, limit = next(queue)
            step = min(stop - at, limit - there)
            if not same(new.data, at, old.data, there, step):
                refuse("an item that differs from the source", at)
            at, there = at + step, there + step


def _same_movie(new: File, old: File, policy: Policy) -> _Spans:
    """Check the movie of a sequence; return the stretches of its samples."""
    words = [old.ftyp[at : at + 4] for at in (8, *range(16, len(old.ftyp) - 3, 4))]
    if old.moov == (0, 0) or not _SEQUENCES.intersection(words):
        if new.moov != (0, 0):
            refuse("a movie that the source does not show", new.moov[0])
        return []
    mine, theirs = new.data[slice(*new.moov)], old.data[slice(*old.moov)]
    tracks, kept = movie.tracks_of(mine), movie.kept(theirs)
    if len(tracks) != len(kept) or mine != clean(
        theirs, old.data, kept, tracks, policy, sequence_entry
    ):
        refuse("a movie other than the source's", new.moov[0])
    return same_samples(new.data, old.data, tracks, kept)


def _nothing_between(new: File, samples: _Spans) -> None:
    """Check that every byte of mdat and idat is an item's or a sample's."""
    spans = sorted([*samples, *(span for place in new.places.values() for span in place)])
    for low, high in sorted(home for home in (*new.mdat, new.idat) if home != (0, 0)):
        at = low
        for start, stop in _within(spans, low, high):
            if start > at:
                refuse("bytes that belong to no item", at)
            at = max(at, stop)
        if at != high:
            refuse("bytes that belong to no item", at)
    homes = sum(len(list(_within(spans, *home))) for home in (*new.mdat, new.idat))
    if homes != len(spans):
        refuse("an item outside mdat and idat", 0)


def _within(spans: _Spans, low: int, high: int) -> Iterator[tuple[int, int]]:
    return ((start, stop) for start, stop in spans if low <= start and stop <= high)
