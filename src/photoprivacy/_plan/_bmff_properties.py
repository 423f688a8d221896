"""Which properties of a HEIF or AVIF item stay, and how each is written anew: one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff_meta import Box
from photoprivacy.containers._icc import whole_profile
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Policy

_Cleaner = Callable[[bytes], bytes]

#: HEVC parameter sets (23008-2, Table 7-1): video, sequence, picture. All else is additional.
_PARAMETER_SETS: Final = frozenset({32, 33, 34})
_SEQUENCE_HEADER: Final = 1  # AV1, 6.2.2: obu_type


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
    return _full(1 + (body[4] if len(body) > 4 else 0))(body)


def _auxiliary(body: bytes) -> bytes:
    """23008-12, 6.5.8: the type, a zero, and a subtype that only depth and mattes use."""
    return _full(len(body[4:].partition(b"\x00")[0]))(body) + b"\x00"


def _colours(body: bytes) -> bytes:
    """14496-12, 12.1.5: code points (flag in the top bit of the last byte), or a profile."""
    if body[:4] == b"nclx":
        coded = _first(11)(body)
        return coded[:10] + bytes((coded[10] & 0x80,))
    if body[:4] not in (b"prof", b"rICC"):
        raise CannotStrip("colours of an unknown kind")
    profile = whole_profile(body[4:])
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
    for _ in range(body[22]):
        kind, count = body[at : at + 1], int.from_bytes(body[at + 1 : at + 3], "big")
        start, at = at, at + 3
        for _ in range(count):
            at += 2 + int.from_bytes(body[at : at + 2], "big")
            if at > len(body):
                raise CannotStrip("a decoder configuration that is cut short")
        if not kind or at > len(body):
            raise CannotStrip("a decoder configuration that is cut short")
        if kind[0] & 0x3F in _PARAMETER_SETS:
            # The bit before the type is reserved; the first one says that the array is complete.
            arrays.append(bytes((kind[0] & 0xBF,)) + body[start + 1 : at])
    return head + bytes((len(arrays),)) + b"".join(arrays)


def _av1(body: bytes) -> bytes:
    """AV1-ISOBMFF, 2.3.3: four bytes, then OBUs; only the sequence header stays."""
    out, at = [_first(4)(body)], 4
    while at < len(body):
        start, header = at, body[at]
        at += 2 if header & 4 else 1  # AV1, 5.3.2: an extension byte
        length = shift = 0
        if not header & 2:
            length = len(body) - at  # no size: to the end
        else:
            for byte in body[at : at + 8]:  # AV1, 4.10.5: leb128
                length |= (byte & 0x7F) << shift
                shift += 7
                at += 1
                if not byte & 0x80:
                    break
        at += length
        if at > len(body):
            raise CannotStrip("a decoder configuration that is cut short")
        if header >> 3 & 15 == _SEQUENCE_HEADER:
            out.append(body[start:at])
    return b"".join(out)


@attrs.frozen
class Property:
    """One row: why a property may stay, and what of it."""

    rule: Rule
    clean: _Cleaner


def _row(clean: _Cleaner, reason: str, category: Category | None = None) -> Property:
    return Property(Rule(category=category, reason=reason), clean)


#: property → why it may stay with a kept item, and how it is written anew
PROPERTIES: Final[dict[str, Property]] = {
    "hvcC": _row(_hevc, "how to start the decoder (14496-15, 8.3.3); parameter sets alone"),
    "av1C": _row(_av1, "how to start the decoder (AV1-ISOBMFF, 2.3); the sequence header alone"),
    "ispe": _row(_full(8), "size (23008-12, 6.5.3)"),
    "pixi": _row(_depths, "bits a channel (6.5.6)"),
    "pasp": _row(_first(8), "shape of pixels (6.5.4)"),
    "clap": _row(_first(32), "crop (6.5.9); the pixels outside it stay inside"),
    "irot": _row(_bits(3), "rotation (6.5.10)", Category.ORIENTATION),
    "imir": _row(_bits(1), "mirroring (6.5.12)", Category.ORIENTATION),
    "auxC": _row(_auxiliary, "says what an auxiliary picture is (6.5.8)"),
    "rloc": _row(_full(8), "place in an overlay (6.5.7)"),
    "lsel": _row(_first(2), "layer to show (6.5.11)"),
    "a1lx": _row(_layers, "sizes of AV1 layers (AV1-AVIF, 2.3.2.3)"),
    "a1op": _row(_first(1), "operating point (AV1-AVIF, 2.3.2.1)"),
    "iscl": _row(_full(8), "scaling (6.5.13)"),
    "colr": _row(_colours, "colours (14496-12, 12.1.5)", Category.COLOR),
    "clli": _row(_first(4), "light level (14496-12, 12.1.6)", Category.HDR),
    "mdcv": _row(_first(24), "mastering display (14496-12, 12.1.7)", Category.HDR),
    "cclv": _row(_volume, "colour volume (14496-12, 12.1.8)", Category.HDR),
    "amve": _row(_first(8), "ambient light it was graded for (12.1.9)", Category.HDR),
    "ndwt": _row(_full(4), "nominal white (14496-12, 12.1.10)", Category.HDR),
}


def kept_property(data: bytes, box: Box, *, essential: bool, policy: Policy) -> bytes:
    """Return a property of a kept item, written anew; ``b""`` when it goes.

    Raises:
        CannotStrip: It is cut short, or essential and not known: without it the picture
            may be another.
    """
    row = PROPERTIES.get(box.type)
    if row is None:
        if essential:
            raise CannotStrip("the picture needs a property of unknown type")
        return b""
    body = row.clean(box.body.of(data)) if row.rule.holds(policy) else b""
    return boxed(box.type.encode("latin-1"), body) if body else b""


def boxed(kind: bytes, *parts: bytes) -> bytes:
    """Return a box (14496-12, 4.2)."""
    body = b"".join(parts)
    if len(body) + 8 > 0xFFFFFFFF:
        raise CannotStrip("an index of more than 4 GiB")
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def full_box(kind: bytes, version: int, *parts: bytes, flags: int = 0) -> bytes:
    """Return a FullBox (14496-12, 4.2)."""
    return boxed(kind, bytes((version,)) + flags.to_bytes(3, "big"), *parts)
