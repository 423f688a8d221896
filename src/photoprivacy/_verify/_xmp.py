"""What may stand in a fresh XMP packet: the owner's word on data mining, and no more."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from photoprivacy._verify._model import refuse
from photoprivacy.policy import Policy

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: elements around the one property, with the attributes each may have
_FRAME: Final = {
    "adobe:ns:meta/ xmpmeta": set[str](),
    f"{_RDF} RDF": set[str](),
    f"{_RDF} Description": {f"{_RDF} about"},
}
_DATA_MINING: Final = "http://ns.useplus.org/ldf/xmp/1.0/ DataMining"
_VOCABULARY: Final = "http://ns.useplus.org/ldf/vocab/"


def check(packet: bytes, policy: Policy) -> None:
    """Return when *packet* says what *policy* says about data mining, and nothing else.

    Raises:
        Unclean: It says more, less or something else.
    """
    if policy.ai_training is None:
        if packet:
            refuse("an XMP packet that nobody asked for", 0)
        return
    if not packet:
        refuse("no XMP packet, though the policy has something to say", 0)
    wanted = _VOCABULARY + policy.ai_training.value
    said: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        allowed = _FRAME.get(tag, set()) if tag != _DATA_MINING else set()
        if tag not in _FRAME and tag != _DATA_MINING:
            refuse("an XMP property that may not be kept", 0)
        if set(attributes) - allowed or any(attributes.values()):
            refuse("an XMP attribute that may not be kept", 0)

    def text(words: str) -> None:
        if inside and inside[-1] == _DATA_MINING:
            said.append(words)
        elif words.strip():
            refuse("text in an XMP packet outside its property", 0)

    def other(*_words: object) -> None:
        refuse("something in an XMP packet besides elements", 0)

    def instruction(target: str, _data: str) -> None:
        if target != "xpacket":
            refuse("a processing instruction in an XMP packet", 0)

    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: inside.pop()
    parser.CharacterDataHandler = text
    parser.CommentHandler = other
    parser.StartDoctypeDeclHandler = other
    parser.EntityDeclHandler = other
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(packet, True)
    except expat.ExpatError:
        refuse("an XMP packet that is not well-formed", 0)
    if "".join(said) != wanted:
        refuse("an XMP packet that says something else than the policy", 0)
