"""A gain map's description, read from its picture and written anew: numbers, and no more.

Three forms are in use, and a picture may have several: XMP of Adobe and Google (Adobe, Gain
Map, version 1.0; Ultra HDR 1.0), XMP of Apple, and parameters of ISO 21496-1.
"""

from __future__ import annotations

import math
import re
from typing import Final

import attrs

from photoprivacy._plan._xmp import packet
from photoprivacy.containers import _jpeg_names as names
from photoprivacy.containers._jpeg_gain_map import APPLE
from photoprivacy.containers._model import Segment
from photoprivacy.errors import CannotStrip
from photoprivacy.limits import Limits
from photoprivacy.metadata._xmp import properties

_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?")
_WHOLE: Final = re.compile(r"\d{1,10}")
#: property → what it may say, and how many numbers it may have: one for all colours, or one each
PROPERTIES: Final = {
    "hdrgm:Version": (re.compile(r"1\.\d"), (1,)),
    "hdrgm:BaseRenditionIsHDR": (re.compile("True|False"), (1,)),
    "hdrgm:GainMapMin": (_NUMBER, (1, 3)),
    "hdrgm:GainMapMax": (_NUMBER, (1, 3)),
    "hdrgm:Gamma": (_NUMBER, (1, 3)),
    "hdrgm:OffsetSDR": (_NUMBER, (1, 3)),
    "hdrgm:OffsetHDR": (_NUMBER, (1, 3)),
    "hdrgm:HDRCapacityMin": (_NUMBER, (1,)),
    "hdrgm:HDRCapacityMax": (_NUMBER, (1,)),
    "apdi:NativeFormat": (_WHOLE, (1,)),
    "apdi:StoredFormat": (_WHOLE, (1,)),
    "apdi:AuxiliaryImageType": (re.compile(re.escape(APPLE.decode())), (1,)),
    "HDRGainMap:HDRGainMapVersion": (_WHOLE, (1,)),
    "HDRGainMap:HDRGainMapHeadroom": (_NUMBER, (1,)),
}

#: flags of 21496-1, C.2.2, and one that libultrahdr writes: all numbers have one denominator
_CHANNELS, _BASE_SPACE, _COMMON = 0x80, 0x40, 0x08


@attrs.frozen(kw_only=True)
class Description:
    """What a gain map says of itself.

    Attributes:
        said: Property → its numbers or its word, in canonical spelling.
        parameters: Those of ISO 21496-1, cut to their length; ``b""`` for none.
    """

    said: dict[str, tuple[str, ...]]
    parameters: bytes = attrs.field(repr=False)

    @property
    def is_ultra_hdr(self) -> bool:
        """Whether the primary picture's XMP has to list it."""
        return "hdrgm:Version" in self.said

    def xmp(self) -> bytes:
        """Return the packet for the gain map's own picture, ``b""`` for none."""
        single = {name: words[0] for name, words in self.said.items() if len(words) == 1}
        lists = {
            name: "<rdf:Seq>" + "".join(f"<rdf:li>{word}</rdf:li>" for word in words) + "</rdf:Seq>"
            for name, words in self.said.items()
            if len(words) > 1
        }
        return packet(single, lists) if self.said else b""


def described(data: bytes, segments: tuple[Segment, ...]) -> Description:
    """Return what the gain map of *segments* says of itself.

    Raises:
        CannotStrip: It is not said in a way that decoders agree about.
    """
    said: dict[str, tuple[str, ...]] | None = None
    parameters = b""
    for segment in segments:
        if segment.kind == "SOS":
            break
        body = segment.body.of(data)
        if segment.name == "XMP" and said is None:
            said = _said(body[len(names.XMP) :])
        elif segment.name == "ISO 21496-1" and not parameters:
            parameters = body[len(names.ISO_GAIN_MAP) :]
            parameters = parameters[: parameters_length(parameters)]
    if not said and not parameters:
        raise CannotStrip("a gain map that does not say what it means")
    return Description(said=said or {}, parameters=parameters)


def parameters_length(body: bytes) -> int:
    """Return how long the parameters of a gain map are (ISO 21496-1, C.2.2).

    Two versions of two bytes and one of flags; two headrooms; then, for one channel or three,
    five numbers; each is a numerator and a denominator of four bytes, unless all share one.

    Raises:
        CannotStrip: They are of another version, or cut short.
    """
    if len(body) < 5 or body[:2] != b"\x00\x00" or body[4] & ~(_CHANNELS | _BASE_SPACE | _COMMON):
        raise CannotStrip("a gain map described in a way that is not known")
    numbers = 2 + 5 * (3 if body[4] & _CHANNELS else 1)
    length = 5 + (4 + 4 * numbers if body[4] & _COMMON else 8 * numbers)
    if len(body) < length:
        raise CannotStrip("a gain map whose description is cut short")
    return length


def _said(xmp: bytes) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    every, broken = properties(xmp, Limits())
    if broken or "\ufffd" in xmp.decode("utf-8", "replace"):
        raise CannotStrip("a gain map whose description cannot be read")
    for one in every:
        if len(one.path) == 1 and one.name in PROPERTIES:
            found.setdefault(one.name, []).append(one.text.strip())
    out = {}
    for name, (form, counts) in PROPERTIES.items():
        words = found.get(name)
        if words is None:
            continue
        if len(words) not in counts or not all(form.fullmatch(word) for word in words):
            raise CannotStrip("a gain map whose description cannot be read")
        out[name] = tuple(_number(word) if form is _NUMBER else word for word in words)
    if "hdrgm:Version" in out and "hdrgm:GainMapMax" not in out:
        # Ultra HDR 1.0: required; by this name a gain map is known.
        raise CannotStrip("a gain map whose description cannot be read")
    apple = "apdi:AuxiliaryImageType" in out
    if "hdrgm:Version" not in out:
        out = {name: words for name, words in out.items() if apple and name[:5] != "hdrgm"}
    elif not apple:
        out = {name: words for name, words in out.items() if name[:5] == "hdrgm"}
    return out


def _number(text: str) -> str:
    """Return the shortest spelling of a number that reads as the same one."""
    value = float(text)
    if not math.isfinite(value):
        raise CannotStrip("a gain map whose description cannot be read")
    return repr(value).removesuffix(".0")
