"""Gain maps behind a JPEG: which one is the source's, and what a clean file says of it.

A look of its own at Adobe's and Google's XMP, Apple's XMP, ISO 21496-1 and CIPA DC-007.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from typing import Final
from xml.parsers import expat

from photoprivacy._verify._model import refuse
from photoprivacy._verify._xmp import spelled

XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
ISO: Final = b"urn:iso:std:iso:ts:21496:-1\x00"
MPF: Final = b"MPF\x00"

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#|"
_SPACES: Final = {
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
    "http://ns.apple.com/pixeldatainfo/1.0/": "apdi",
    "http://ns.apple.com/HDRGainMap/1.0/": "HDRGainMap",
}
_URN: Final = "urn:com:apple:photo:2020:aux:hdrgainmap"
_FLOAT: Final = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
#: the properties in the order in which a clean file says them → what they look like
_FORMS: Final = {
    "hdrgm:Version": r"1\.\d",
    "hdrgm:BaseRenditionIsHDR": "True|False",
    **{f"hdrgm:{name}": _FLOAT for name in ("GainMapMin", "GainMapMax", "Gamma", "OffsetSDR")},
    **{f"hdrgm:{name}": _FLOAT for name in ("OffsetHDR", "HDRCapacityMin", "HDRCapacityMax")},
    "apdi:NativeFormat": r"\d+",
    "apdi:StoredFormat": r"\d+",
    "apdi:AuxiliaryImageType": _URN,
    "HDRGainMap:HDRGainMapVersion": r"\d+",
    "HDRGainMap:HDRGainMapHeadroom": _FLOAT,
}


def says_so(header: Iterable[tuple[int, bytes]]) -> bool:
    """Return whether a picture with these segments, each marker and body, is a gain map."""
    for code, body in header:
        if code == 0xE1 and body.startswith(XMP):
            adobe = b"http://ns.adobe.com/hdr-gain-map/1.0/" in body and b"GainMapMax" in body
            if adobe or _URN.encode() in body:
                return True
        if code == 0xE2 and body.startswith(ISO) and len(body) > len(ISO) + 4:
            return True
    return False


def clean_words(header: Iterable[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    """Return the XMP packet and the parameters that the clean gain map of a source has."""
    packets = (b for c, b in header if c == 0xE1 and b.startswith(XMP))
    binary = [b[len(ISO) :] for c, b in header if c == 0xE2 and b.startswith(ISO)]
    said = next((_said(packet[len(XMP) :]) for packet in packets), {})
    attributes = elements = ""
    for name in _FORMS:
        words = said.get(name, [])
        if len(words) == 1:
            attributes += f' {name}="{words[0]}"'
        elif words:
            items = "".join(f"<rdf:li>{word}</rdf:li>" for word in words)
            elements += f"<{name}><rdf:Seq>{items}</rdf:Seq></{name}>"
    names = {name.partition(":")[0] for name in said}
    packet = spelled(names, attributes, elements) if said else b""
    body = next(filter(None, binary), b"")
    return packet, body[: _length(body)]


def _length(body: bytes) -> int:
    if not body:
        return 0
    lowest, _, flags = struct.unpack_from(">HHB", body)
    if lowest or flags & 0x37:
        refuse("a gain map of a version that is not known", 0)
    fractions = 17 if flags >> 7 else 7
    return 5 + (4 * fractions + 4 if flags & 8 else 8 * fractions)


def _said(packet: bytes) -> dict[str, list[str]]:
    """Return the properties of a gain map's packet, spelled as a clean file spells them."""
    found: dict[str, list[str]] = {}
    path: list[str] = []
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        path.append(tag)
        text.clear()
        if tag == f"{_RDF}Description" and _depth(path) == 0:
            for name, value in attributes.items():
                _put(found, name, value)

    def end(_tag: str) -> None:
        inner = [one for one in path if not one.startswith(_RDF) and "|" in one]
        inner = [one for one in inner if not one.endswith("|xmpmeta")]
        if text and "".join(text).strip() and len(inner) == 1:
            _put(found, inner[0], "".join(text))
        text.clear()
        path.pop()

    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    try:
        parser.Parse(packet.strip(b"\x00 \t\r\n\xef\xbb\xbf"), True)
    except expat.ExpatError:
        refuse("a gain map whose description cannot be read", 0)
    kinds = {"apdi", "HDRGainMap"} if "apdi:AuxiliaryImageType" in found else set()
    kinds |= {"hdrgm"} if "hdrgm:Version" in found else set()
    return {name: words for name, words in found.items() if name.partition(":")[0] in kinds}


def _depth(path: list[str]) -> int:
    return sum(1 for one in path if not one.startswith(_RDF) and not one.endswith("|xmpmeta"))


def _put(found: dict[str, list[str]], name: str, value: str) -> None:
    space, _, local = name.rpartition("|")
    short = f"{_SPACES.get(space, '')}:{local}"
    form = _FORMS.get(short)
    if form is None:
        return
    word = value.strip()
    if re.fullmatch(form, word) is None:
        refuse("a gain map whose description cannot be read", 0)
    if form is _FLOAT:
        word = repr(float(word))
        word = word.removesuffix(".0")
    found.setdefault(short, []).append(word)
