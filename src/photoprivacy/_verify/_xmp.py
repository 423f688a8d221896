"""What may stand in a fresh XMP packet: the owner's word on data mining, and no more."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from photoprivacy._verify._model import refuse
from photoprivacy.policy import Policy

#: The elements, each inside the one before, with all their attributes. Prefixes are names of
#: the writer's choice, so they are settled here too (XMP part 1, 7.4; PLUS, Data Mining).
_FRAME: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("x:xmpmeta", {"xmlns:x": "adobe:ns:meta/"}),
    ("rdf:RDF", {"xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}),
    ("rdf:Description", {"rdf:about": "", "xmlns:plus": "http://ns.useplus.org/ldf/xmp/1.0/"}),
    ("plus:DataMining", {}),
)
_VOCABULARY: Final = "http://ns.useplus.org/ldf/vocab/"
#: XMP part 1, 7.3.2: the wrapper, read-only and therefore without padding.
_WRAPPER: Final = ('begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"', 'end="r"')


class _Walk:
    """Hears what a packet says, refuses what may not be said, and spells it anew."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.seen = 0
        self.wrapped: list[str] = []
        self.said = ""
        self.spelled = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.inside) != self.seen or (tag, attributes) not in _FRAME[self.seen :][:1]:
            refuse("an XMP property or attribute that may not be kept", 0)
        self.inside.append(tag)
        self.seen += 1
        words = "".join(f' {name}="{value}"' for name, value in attributes.items())
        self.spelled += f"<{tag}{words}>"

    def end(self, tag: str) -> None:
        self.inside.pop()
        self.spelled += f"</{tag}>"

    def text(self, words: str) -> None:
        # No white space either: a packet without padding has none, and its length would tell.
        if len(self.inside) != len(_FRAME):
            refuse("text in an XMP packet outside its property", 0)
        self.said += words
        self.spelled += words

    def instruction(self, target: str, data: str) -> None:
        if target != "xpacket":
            refuse("a processing instruction in an XMP packet", 0)
        self.wrapped.append(data)
        self.spelled += f"<?{target} {data}?>"


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
    walk = _Walk()
    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.ProcessingInstructionHandler = walk.instruction
    parser.StartDoctypeDeclHandler = _besides
    parser.EntityDeclHandler = _besides
    try:
        parser.Parse(packet, True)
    except expat.ExpatError:
        refuse("an XMP packet that is not well-formed", 0)
    if walk.said != _VOCABULARY + policy.ai_training.value:
        refuse("an XMP packet that says something else than the policy", 0)
    # Comments, references, quotes and blanks change no meaning and so could carry one.
    if tuple(walk.wrapped) != _WRAPPER or walk.spelled.encode() != packet:
        refuse("an XMP packet that is spelled in a way of its own", 0)


def _besides(*_words: object) -> None:
    refuse("a document type in an XMP packet", 0)
