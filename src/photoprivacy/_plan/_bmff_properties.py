"""Which properties of a HEIF or AVIF item stay, and how each is written anew: one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import attrs

from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff_boxes import Box
from photoprivacy.containers._bmff_names import AUXILIARY
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy

_Cleaner = Callable[[bytes], bytes]

_UNIT_HEADER: Final = 2  # 23008-2, 7.3.1.2
#: HEVC parameter sets (23008-2, Table 7-1) → how many numbers they have (7.4.3): video, sequence,
#: picture. All else is additional.
_PARAMETER_SETS: Final = {32: 16, 33: 16, 34: 64}
_CHANNELS: Final = 4
_AV1: Final = frozenset({"av01"})


def _first(length: int) -> _Cleaner:
    """Return a cleaner that keeps *length* bytes: longer ones carry something else behind."""

    def clean(body: bytes) -> bytes:
        if len(body) < length:
            raise CannotStrip("a property that is cut short")
        return body[:length]

    return clean


def _bits(mask: int) -> _Cleaner:
    """Return a cleaner of one byte, of which the bits of *mask* say something."""
    return lambda body: bytes((_first(1)(body)[0] & mask,))


def _full(length: int) -> _Cleaner:
    """Return a cleaner of a FullBox (14496-12, 4.2) of version 0 with *length* bytes inside."""

    def clean(body: bytes) -> bytes:
        if len(body) < 4 + length or body[0]:
            raise CannotStrip("a property that is cut short, or of an unknown version")
        return bytes(4) + body[4 : 4 + length]

    return clean


def _depths(body: bytes) -> bytes:
    """23008-12, 6.5.6: how many channels, and the bits of each. A newer form goes on behind."""
    channels = body[4] if len(body) > 4 else 0
    if channels > _CHANNELS:
        raise CannotStrip("a picture of more channels than are known")
    return _full(1 + channels)(body)


def _auxiliary(body: bytes) -> bytes:
    """23008-12, 6.5.8: the type, a zero, and a subtype that only depth and mattes use.

    A type that is not known may say anything, and makes nothing of its item here.
    """
    kind = body[4:].partition(b"\x00")[0]
    if kind.decode("latin-1") not in AUXILIARY:
        return b""
    return _full(len(kind))(body) + b"\x00"


def _colours(body: bytes) -> bytes:
    """14496-12, 12.1.5: code points (flag in the top bit of the last byte), or a profile."""
    if body[:4] == b"nclx":
        coded = _first(11)(body)
        return coded[:10] + bytes((coded[10] & 0x80,))
    if body[:4] not in (b"prof", b"rICC"):
        raise CannotStrip("colours of an unknown kind")
    profile = clean_profile(body[4:])
    return body[:4] + profile if profile else b""


def _layers(body: bytes) -> bytes:
    """AV1-AVIF, 2.3.2.3: a bit that says how wide, then three sizes."""
    large = _first(1)(body)[0] & 1
    return bytes((large,)) + _first(13 if large else 7)(body)[1:]


def _volume(body: bytes) -> bytes:
    """14496-12, 12.1.8 with 23008-2, D.2.40: four bits say which fields follow."""
    says = _first(1)(body)[0]
    length = 1 + 24 * (says >> 5 & 1) + 4 * (says >> 2 & 7).bit_count()
    return bytes((says & 0x3C,)) + _first(length)(body)[1:]


def _hevc(body: bytes) -> bytes:
    """14496-15, 8.3.3.1: 22 bytes, then arrays of NAL units; only parameter sets stay."""
    head, at, arrays = _first(23)(body)[:22], 23, []
    counts: Counter[int] = Counter()
    for _ in range(body[22]):
        if at + 3 > len(body):
            raise CannotStrip("a decoder configuration that is cut short")
        kind, units = body[at], []
        count, at = int.from_bytes(body[at + 1 : at + 3], "big"), at + 3
        for _ in range(count):
            size, at = int.from_bytes(body[at : at + 2], "big"), at + 2
            unit, at = body[at : at + size], at + size
            if at > len(body) or size < _UNIT_HEADER:
                raise CannotStrip("a decoder configuration that is cut short")
            if kind & 0x3F in _PARAMETER_SETS and _of_base_layer(unit, kind & 0x3F):
                units.append(size.to_bytes(2, "big") + unit)
        counts[kind & 0x3F] += len(units)
        if units:
            # The bit before the type is reserved; the first one says that the array is complete.
            arrays.append(bytes((kind & 0xBF, *len(units).to_bytes(2, "big"))) + b"".join(units))
    if any(count > _PARAMETER_SETS[kind] for kind, count in counts.items() if count):
        raise CannotStrip("a decoder configuration of more parameter sets than there are numbers")
    return head + bytes((len(arrays),)) + b"".join(arrays)


def _of_base_layer(unit: bytes, kind: int) -> bool:
    """Return whether a parameter set is one of the base layer; others pass over the rest."""
    if unit[0] >> 1 != kind or unit[1] & 7 != 1:
        raise CannotStrip("a decoder configuration with something else in it")
    return not unit[0] & 1 and unit[1] == 1


@attrs.frozen
class Property:
    """One row: why a property may stay, what of it, and with which items (all if none)."""

    rule: Rule
    clean: _Cleaner
    items: frozenset[str] = frozenset()


def _row(
    clean: _Cleaner,
    reason: str,
    category: Category | None = None,
    items: frozenset[str] = frozenset(),
) -> Property:
    return Property(Rule(category=category, reason=reason), clean, items)


#: property → why it may stay with a kept item, and how it is written anew
PROPERTIES: Final[dict[str, Property]] = {
    "hvcC": _row(_hevc, "how to start the decoder (14496-15, 8.3.3); parameter sets alone"),
    "av1C": _row(
        # A sequence header may stand behind; the coded picture has it as well (2.4).
        _first(4),
        "how to start the decoder (AV1-ISOBMFF, 2.3.3)",
        items=_AV1,
    ),
    "ispe": _row(_full(8), "size (23008-12, 6.5.3)"),
    "pixi": _row(_depths, "bits a channel (6.5.6)"),
    "pasp": _row(_first(8), "shape of pixels (6.5.4)"),
    "clap": _row(_first(32), "crop (6.5.9); the pixels outside it stay inside"),
    "irot": _row(_bits(3), "rotation (6.5.10)", Category.ORIENTATION),
    "imir": _row(_bits(1), "mirroring (6.5.12)", Category.ORIENTATION),
    "auxC": _row(_auxiliary, "says what an auxiliary picture is (6.5.8)"),
    "lsel": _row(_first(2), "layer to show (6.5.11)"),
    "a1lx": _row(_layers, "sizes of AV1 layers (AV1-AVIF, 2.3.2.3)", items=_AV1),
    "a1op": _row(_first(1), "operating point (AV1-AVIF, 2.3.2.1)", items=_AV1),
    "iscl": _row(_full(8), "scaling (6.5.13)"),
    "colr": _row(_colours, "colours (14496-12, 12.1.5)", Category.COLOR),
    "clli": _row(_first(4), "light level (14496-12, 12.1.6)", Category.HDR),
    "mdcv": _row(_first(24), "mastering display (14496-12, 12.1.7)", Category.HDR),
    "cclv": _row(_volume, "colour volume (14496-12, 12.1.8)", Category.HDR),
    "amve": _row(_first(8), "ambient light it was graded for (12.1.9)", Category.HDR),
    "ndwt": _row(_full(4), "nominal white (14496-12, 12.1.10)", Category.HDR),
}


def kept_property(data: bytes, box: Box, kind: str, *, essential: bool, policy: Policy) -> bytes:
    """Return a property of a kept item of type *kind*, written anew; ``b""`` when it goes.

    Raises:
        CannotStrip: It is cut short, or essential and not known: without it the picture
            may be another.
    """
    row = PROPERTIES.get(box.type)
    if row is None or (row.items and kind not in row.items):
        if essential:
            raise CannotStrip("the picture needs a property of unknown type")
        return b""
    body = row.clean(box.body.of(data)) if row.rule.holds(policy) else b""
    return boxed(box.type.encode("latin-1"), body) if body else b""


class Once:
    """What one item, or one sample entry, was already said to be.

    23008-12, 6.5: zero or one of each, but for turning, which decoders do step by step. They
    disagree about a second one: some show the first, others the last.
    """

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def take(self, clean: bytes) -> bytes:
        """Return *clean*, a property, if it is the first of its kind.

        Raises:
            CannotStrip: It is not.
        """
        # A profile and code points may stand side by side (14496-12, 12.1.5).
        kind = clean[4:8] + (b"nclx" if clean[4:12] == b"colrnclx" else b"")
        if clean and kind in self._seen:
            raise CannotStrip("a picture that is said to be two things")
        self._seen |= {kind} - {b"irot", b"imir"}
        return clean


def boxed(kind: bytes, *parts: bytes) -> bytes:
    """Return a box (14496-12, 4.2)."""
    body = b"".join(parts)
    if len(body) + 8 > 0xFFFFFFFF:
        raise CannotStrip("an index of more than 4 GiB")
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def full_box(kind: bytes, version: int, *parts: bytes, flags: int = 0) -> bytes:
    """Return a FullBox (14496-12, 4.2)."""
    return boxed(kind, bytes((version,)) + flags.to_bytes(3, "big"), *parts)
