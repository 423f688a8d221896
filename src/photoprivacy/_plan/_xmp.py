"""Fresh XMP packets: the owner's word on AI training, and what finds and describes a gain map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from photoprivacy.policy import AiTraining

#: prefix → namespace of all that is written
_SPACES: Final = {
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "Container": "http://ns.google.com/photos/1.0/container/",
    "Item": "http://ns.google.com/photos/1.0/container/item/",
    "apdi": "http://ns.apple.com/pixeldatainfo/1.0/",
    "HDRGainMap": "http://ns.apple.com/HDRGainMap/1.0/",
}


def fresh_xmp(ai_training: AiTraining | None, *, gain_map: int = 0) -> bytes:
    """Return a new XMP packet for the primary picture, or ``b""`` when there is nothing to say.

    The word on AI training is PLUS Data Mining, as IPTC Photo Metadata 2023.1 adopts it. A gain
    map is listed as Ultra HDR 1.0 says.

    Args:
        ai_training: The owner's word.
        gain_map: Length of the gain map behind the picture in bytes, 0 for none.
    """
    single: dict[str, str] = {}
    elements = ""
    if ai_training is not None:
        word = f"http://ns.useplus.org/ldf/vocab/{ai_training.value}"
        elements += f"<plus:DataMining>{word}</plus:DataMining>"
    if gain_map:
        single["hdrgm:Version"] = "1.0"
        kind = 'Item:Mime="image/jpeg"'
        elements += (
            "<Container:Directory><rdf:Seq>"
            '<rdf:li rdf:parseType="Resource">'
            f'<Container:Item Item:Semantic="Primary" {kind}/></rdf:li>'
            '<rdf:li rdf:parseType="Resource">'
            f'<Container:Item Item:Semantic="GainMap" {kind} Item:Length="{gain_map}"/></rdf:li>'
            "</rdf:Seq></Container:Directory>"
        )
    return packet(single, elements) if single or elements else b""


def packet(single: Mapping[str, str], elements: str) -> bytes:
    """Return a packet, read-only and unpadded (XMP part 1, 7.3.2).

    Args:
        single: Property → its one value; what needs no escape.
        elements: All other properties, as XML.
    """
    body = "".join(f' {name}="{value}"' for name, value in single.items())
    used = [
        prefix
        for prefix in _SPACES
        if any(f"{before}{prefix}:" in body + elements for before in " <")
    ]
    spaces = "".join(f' xmlns:{prefix}="{_SPACES[prefix]}"' for prefix in used)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{body}>{elements}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()
