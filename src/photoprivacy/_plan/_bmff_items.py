"""Which items and properties of a HEIF or AVIF belong to the picture; tables with reasons."""

from __future__ import annotations

from typing import Final

from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff import auxiliary_of
from photoprivacy.containers._bmff_meta import Box, Meta
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy

#: item type → why it may stay, if the picture is made of it
ITEMS: Final[dict[str, Rule]] = {
    **{
        kind: Rule(category=None, reason=f"coded picture ({clause})")
        for kind, clause in {
            "hvc1": "23008-12, B.2",
            "hev1": "23008-12, B.2",
            "av01": "AV1-AVIF, 2.1",
            "avc1": "23008-12, E.2",
            "vvc1": "23008-12, L.2",
            "jpeg": "23008-12, H.2",
            "j2k1": "15444-16",
            "unci": "23001-17",
        }.items()
    },
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

#: property → why it may stay with a kept item
PROPERTIES: Final[dict[str, Rule]] = {
    **{
        kind: Rule(category=None, reason="how to start the decoder")
        for kind in ("hvcC", "av1C", "avcC", "vvcC", "jpgC", "j2kH", "uncC", "cmpd")
    },
    "ispe": Rule(category=None, reason="size (23008-12, 6.5.3)"),
    "pixi": Rule(category=None, reason="bits a channel (6.5.6)"),
    "pasp": Rule(category=None, reason="shape of pixels (6.5.4)"),
    "clap": Rule(category=None, reason="crop (6.5.9); the pixels outside it stay inside"),
    "irot": Rule(category=Category.ORIENTATION, reason="rotation (6.5.10)"),
    "imir": Rule(category=Category.ORIENTATION, reason="mirroring (6.5.12)"),
    "auxC": Rule(category=None, reason="says what an auxiliary picture is (6.5.8)"),
    "rloc": Rule(category=None, reason="place in an overlay (6.5.7)"),
    "lsel": Rule(category=None, reason="layer to show (6.5.11)"),
    "a1lx": Rule(category=None, reason="sizes of AV1 layers (AV1-AVIF, 2.3.2.2)"),
    "a1op": Rule(category=None, reason="operating point (AV1-AVIF, 2.3.2.1)"),
    "iscl": Rule(category=None, reason="scaling (6.5.13)"),
    "colr": Rule(category=Category.COLOR, reason="colours (14496-12, 12.1.5)"),
    "clli": Rule(category=Category.HDR, reason="light level (14496-12, 12.1.6)"),
    "mdcv": Rule(category=Category.HDR, reason="mastering display (14496-12, 12.1.7)"),
    "cclv": Rule(category=Category.HDR, reason="colour volume (14496-12, 12.1.8)"),
    "amve": Rule(category=Category.HDR, reason="ambient light it was graded for (12.1.9)"),
    "ndwt": Rule(category=Category.HDR, reason="nominal white (23008-12)"),
}

#: property → its whole length in bytes; longer ones carry something else behind it
LENGTHS: Final = {
    "ispe": 12,
    "irot": 1,
    "imir": 1,
    "pasp": 8,
    "clap": 32,
    "lsel": 2,
    "a1op": 1,
    "clli": 4,
    "mdcv": 24,
    "amve": 8,
    "ndwt": 8,
}
#: brands of HEIC, AVIF and what they build on (23008-12, 10; AV1-AVIF, 6; 23000-22, 7)
BRANDS: Final = frozenset(
    {
        *("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "avif", "avis", "avio"),
        *("mif1", "mif2", "msf1", "miaf", "MiHB", "MiHE", "MiHA", "MiPr", "MiAB", "MA1A", "MA1B"),
        *("tmap", "1pic", "iso8", "iso9", "jpeg", "jpgs", "heif", "SHIF", "MPrm", "mp41", "mp42"),
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
    kept: set[int] = set()
    _take(meta, meta.primary, kept)
    _alternatives(meta, policy, kept)
    while True:
        more = {
            ref.source
            for ref in meta.references
            if ref.type == "auxl"
            and ref.source not in kept
            and kept.intersection(ref.targets)
            and _wanted_auxiliary(data, meta, ref.source, policy)
        }
        if not more:
            return frozenset(kept)
        for number in more:
            _take(meta, number, kept)


def _take(meta: Meta, number: int, kept: set[int]) -> None:
    """Add an item and all that it is derived from."""
    queue = [number]
    while queue:
        current = queue.pop()
        if current in kept:
            continue
        item = meta.item(current)
        if item is None or item.type not in ITEMS:
            raise CannotStrip("the picture is made of an item of unknown type")
        if item.protected:
            raise CannotStrip("the picture is encrypted")
        location = meta.location(current)
        if location is None or any(not length for _, _, length in location.extents):
            raise CannotStrip("the picture is made of an item without a length")
        kept.add(current)
        for ref in meta.references:
            if ref.type == "dimg" and ref.source == current:
                queue.extend(ref.targets)


def _alternatives(meta: Meta, policy: Policy, kept: set[int]) -> None:
    """Add derived items that stand in for the primary one on screens that can show more.

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
                _take(meta, number, kept)


def _wanted_auxiliary(data: bytes, meta: Meta, number: int, policy: Policy) -> bool:
    rule = AUXILIARY.get(auxiliary_of(data, meta, number))
    return rule is not None and rule.holds(policy)


def kept_property(box: Box, *, essential: bool, policy: Policy) -> bool:
    """Return whether a property of a kept item stays.

    Raises:
        CannotStrip: It is essential and not known: without it the picture may be another.
    """
    rule = PROPERTIES.get(box.type)
    if rule is None and essential:
        raise CannotStrip("the picture needs a property of unknown type")
    return rule is not None and rule.holds(policy)
