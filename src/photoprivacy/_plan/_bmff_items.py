"""Which items and properties of a HEIF or AVIF belong to the picture; tables with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff_blocks import auxiliary_of
from photoprivacy.containers._bmff_meta import Meta
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy

#: item type → why it may stay, if the picture is made of it
ITEMS: Final[dict[str, Rule]] = {
    "hvc1": Rule(category=None, reason="coded picture (23008-12, B.2)"),
    "hev1": Rule(category=None, reason="coded picture (23008-12, B.2)"),
    "av01": Rule(category=None, reason="coded picture (AV1-AVIF, 2.1)"),
    "grid": Rule(category=None, reason="tiles put together (23008-12, 6.6.2.3)"),
    "iovl": Rule(category=None, reason="pictures laid over each other (23008-12, 6.6.2.2)"),
    "iden": Rule(category=None, reason="a picture with other properties (23008-12, 6.6.2.1)"),
    "sato": Rule(category=None, reason="samples of more bits (AV1-AVIF, 4.2.3)"),
    "tmap": Rule(category=Category.HDR, reason="tone map for HDR (ISO 21496-1)"),
}

#: what an auxiliary picture shows → why it may stay beside the picture it belongs to
AUXILIARY: Final[dict[str, Rule]] = {
    "alpha": Rule(category=None, reason="transparency (23008-12, 6.4.2)"),
    "gain map": Rule(category=Category.HDR, reason="brightness for HDR screens"),
}

#: brands of files that hold a sequence of pictures (23008-12, 10.3; AV1-AVIF, 6.3)
SEQUENCES: Final = frozenset({"msf1", "hevc", "hevx", "hevm", "hevs", "avis"})
#: the brand of files in which an item of that type stands (ISO 21496-1; AV1-AVIF, 6): no reader
#: opens one without
TONE_MAPPED: Final = frozenset({"tmap"})
#: brands of HEIC, AVIF and what they build on (23008-12, 10; AV1-AVIF, 6; 23000-22, 7)
BRANDS: Final = frozenset(
    {
        *SEQUENCES,
        *TONE_MAPPED,
        *("heic", "heix", "heim", "heis", "avif", "avio", "mif1", "mif2", "miaf"),
        *("MiHB", "MiHE", "MiHA", "MiPr", "MiAB", "MA1A", "MA1B"),
        *("1pic", "iso8", "iso9", "jpeg", "jpgs", "heif", "SHIF", "MPrm", "mp41", "mp42"),
    }
)

#: reference type → why it may stay between two kept items
REFERENCES: Final[dict[str, Rule]] = {
    "dimg": Rule(category=None, reason="what a picture is made of (23008-12, 6.6.1)"),
    "auxl": Rule(category=None, reason="what an auxiliary picture belongs to (6.4.2)"),
    "prem": Rule(category=None, reason="colours are multiplied with alpha (6.4.2)"),
}


def kept_items(data: bytes, meta: Meta, policy: Policy) -> frozenset[int]:
    """Return the ids of all items that the picture is made of under *policy*.

    Raises:
        CannotStrip: One of them is protected, of unknown type, or not to be found.
    """
    if any(ref.source == meta.primary and ref.type in ("thmb", "auxl") for ref in meta.references):
        # Decoders then show another picture, or none; which one cannot be told from here.
        raise CannotStrip("the primary picture calls itself a part of another")
    beside: dict[int, list[int]] = {}
    for ref in meta.references:
        if ref.type == "auxl":
            for target in ref.targets:
                beside.setdefault(target, []).append(ref.source)
    kept: set[int] = set()
    queue = [meta.primary, *_alternatives(meta, policy)]
    while queue:
        current = queue.pop()
        if current in kept:
            continue
        item = meta.item(current)
        if item is None or item.type not in ITEMS or not ITEMS[item.type].holds(policy):
            raise CannotStrip("the picture is coded in a way that is not known to be clean")
        if item.protected:
            raise CannotStrip("the picture is encrypted")
        location = meta.location(current)
        if item.type == "iden":
            pass  # 23008-12, 6.6.2.1: it has no body
        elif location is None or not all(
            length for _, _, length in location.extents or [(0, 0, 0)]
        ):
            raise CannotStrip("the picture is made of an item without a length")
        kept.add(current)
        for ref in meta.references_of(current):
            if ref.type == "dimg":
                queue.extend(ref.targets)
        wanted = (n for n in beside.get(current, ()) if n not in kept)
        queue.extend(n for n in wanted if _wanted_auxiliary(data, meta, n, policy))
    return frozenset(kept)


def _alternatives(meta: Meta, policy: Policy) -> Iterator[int]:
    """Yield derived items that stand in for the primary one on screens that can show more.

    23008-12, 6.8.2: members of an ``altr`` group are alternatives of each other.
    """
    for group in meta.groups:
        if group.type != "altr" or meta.primary not in group.members:
            continue
        for number in group.members:
            item = meta.item(number)
            if (
                item is not None
                and item.type in ("tmap", "sato")
                and ITEMS[item.type].holds(policy)
            ):
                yield number


def _wanted_auxiliary(data: bytes, meta: Meta, number: int, policy: Policy) -> bool:
    rule = AUXILIARY.get(auxiliary_of(data, meta, number))
    return rule is not None and rule.holds(policy)
