"""A fresh XMP packet: the owner's word on AI training, and nothing else."""

from __future__ import annotations

from photoprivacy.policy import AiTraining


def fresh_xmp(ai_training: AiTraining | None) -> bytes:
    """Return a new XMP packet, or ``b""`` when there is nothing to say.

    The property is PLUS Data Mining as IPTC Photo Metadata 2023.1 adopts it. The packet
    is read-only and unpadded (XMP part 1, 7.3.2).
    """
    if ai_training is None:
        return b""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">'
        f"<plus:DataMining>http://ns.useplus.org/ldf/vocab/{ai_training.value}</plus:DataMining>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    ).encode()
