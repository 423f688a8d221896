"""Fresh XMP packets: the owner's word on AI training, names of a place, and gain maps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from photoprivacy.geo import Precision
from photoprivacy.policy import AiTraining

#: prefix → namespace of all that is written
_SPACES: Final = {
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "Container": "http://ns.google.com/photos/1.0/container/",
    "Item": "http://ns.google.com/photos/1.0/container/item/",
    "apdi": "http://ns.apple.com/pixeldatainfo/1.0/",
    "HDRGainMap": "http://ns.apple.com/HDRGainMap/1.0/",
}


#: property → what it names, and from which precision on it may (IPTC Photo Metadata 2023.1)
PLACE: Final = (
    ("Iptc4xmpCore:CountryCode", "country_code", Precision.COUNTRY),
    ("photoshop:Country", "country", Precision.COUNTRY),
    ("photoshop:State", "region", Precision.REGION),
    ("photoshop:City", "city", Precision.CITY),
)
_LONGEST: Final = 200
_CODE: Final = re.compile("[A-Z]{2,3}")


def place_names(named: Mapping[str, object], precision: Precision) -> dict[str, str]:
    """Return what a packet says of a place, told no sharper than *precision*.

    Args:
        named: ``"country_code"``, ``"country"``, ``"region"`` and ``"city"`` → its name.
        precision: How much of it may be told.
    """
    names = {}
    for name, part, needed in PLACE:
        text = " ".join(str(named.get(part) or "").split())[:_LONGEST].rstrip()
        right = _CODE.fullmatch(text) if part == "country_code" else text.isprintable()
        if text and right and precision >= needed:
            names[name] = text
    return names


def fresh_xmp(
    ai_training: AiTraining | None,
    *,
    place: Mapping[str, str] | None = None,
    gain_map: int = 0,
) -> bytes:
    """Return a new XMP packet for the primary picture, or ``b""`` when there is nothing to say.

    The word on AI training is PLUS Data Mining, as IPTC Photo Metadata 2023.1 adopts it. A gain
    map is listed as Ultra HDR 1.0 says.

    Args:
        ai_training: The owner's word.
        place: Property → name, as `place_names` gives them.
        gain_map: Length of the gain map behind the picture in bytes, 0 for none.
    """
    single: dict[str, str] = {}
    elements: dict[str, str] = {}
    if ai_training is not None:
        elements["plus:DataMining"] = f"http://ns.useplus.org/ldf/vocab/{ai_training.value}"
    elements |= {name: escape(text) for name, text in (place or {}).items()}
    if gain_map:
        single["hdrgm:Version"] = "1.0"
        kind = 'Item:Mime="image/jpeg"'
        elements["Container:Directory"] = (
            "<rdf:Seq>"
            '<rdf:li rdf:parseType="Resource">'
            f'<Container:Item Item:Semantic="Primary" {kind}/></rdf:li>'
            '<rdf:li rdf:parseType="Resource">'
            f'<Container:Item Item:Semantic="GainMap" {kind} Item:Length="{gain_map}"/></rdf:li>'
            "</rdf:Seq>"
        )
    return packet(single, elements) if single or elements else b""


def packet(single: Mapping[str, str], elements: Mapping[str, str]) -> bytes:
    """Return a packet, read-only and unpadded (XMP part 1, 7.3.2).

    Args:
        single: Property → its one value; what needs no escape.
        elements: Property → its value, as XML.
    """
    used = {name.partition(":")[0] for name in (*single, *elements)}
    if "Container" in used:
        used.add("Item")
    body = "".join(f' {name}="{value}"' for name, value in single.items())
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in _SPACES.items() if name in used)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{body}>{inside}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()
