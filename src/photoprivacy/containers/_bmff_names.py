"""Facts about boxes of HEIF and AVIF: what they are for, and what auxiliary images show."""

from __future__ import annotations

from typing import Final

from photoprivacy.containers._model import BlockKind, Format, Role

#: Auxiliary image type (23008-12, 6.4.2 and 6.5.8) → what it is. Whole names: others begin alike.
AUXILIARY: Final = {
    "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha": "alpha",
    "urn:mpeg:hevc:2015:auxid:1": "alpha",
    "urn:mpeg:avc:2015:auxid:1": "alpha",
    "urn:mpeg:mpegB:cicp:systems:auxiliary:depth": "depth",
    "urn:mpeg:hevc:2015:auxid:2": "depth",
    "urn:com:apple:photo:2020:aux:hdrgainmap": "gain map",
    "urn:com:samsung:photo:2024:aux:hdrgainmap": "gain map",
    "urn:com:photo:aux:hdrgainmap": "gain map",
    "urn:com:apple:photo:2018:aux:portraiteffectsmatte": "matte of a person",
    "urn:com:apple:photo:2019:aux:semanticskinmatte": "matte of skin",
    "urn:com:apple:photo:2019:aux:semantichairmatte": "matte of hair",
    "urn:com:apple:photo:2019:aux:semanticteethmatte": "matte of teeth",
    "urn:com:apple:photo:2020:aux:semanticglassesmatte": "matte of glasses",
    "urn:com:apple:photo:2020:aux:semanticskymatte": "matte of sky",
}

#: Item types that are coded pictures or derived from them (23008-12, 6; AV1-ISOBMFF; 21496-1).
PICTURES: Final = frozenset(
    {
        *("hvc1", "hev1", "lhv1", "av01", "avc1", "vvc1", "evc1", "jpeg", "j2k1", "unci"),
        *("grid", "iovl", "iden", "tmap", "sato"),
    }
)

XMP_UUID: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")

#: top-level box → (role, kind of block it becomes or None, name of that block)
TOP_LEVEL: Final = {
    "ftyp": (Role.STRUCTURE, None, ""),
    "mdat": (Role.STRUCTURE, None, ""),
    "meta": (Role.STRUCTURE, None, ""),
    "free": (Role.PADDING, None, ""),
    "skip": (Role.PADDING, None, ""),
    "wide": (Role.PADDING, None, ""),
    "moov": (Role.STRUCTURE, None, ""),
    "udta": (Role.METADATA, BlockKind.OTHER, "user data"),
    "mpvd": (Role.METADATA, BlockKind.OTHER, "motion video"),
    "sefd": (Role.METADATA, BlockKind.TRAILER, "Samsung data"),
}

_HEIC: Final = frozenset({"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"})
_AVIF: Final = frozenset({"avif", "avis"})
_GENERIC: Final = frozenset({"mif1", "mif2", "msf1"})


def format_of(brands: list[str]) -> Format | None:
    """Return the format that the brands of ``ftyp`` claim, the major brand first."""
    if not brands:
        return None
    for names, found in ((_AVIF, Format.AVIF), (_HEIC, Format.HEIC)):
        if brands[0] in names:
            return found
    if brands[0] in _GENERIC or set(brands) & _GENERIC:
        return Format.AVIF if set(brands) & _AVIF else Format.HEIC
    return None
