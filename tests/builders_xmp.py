"""XMP packets by hand (ISO 16684-1, 7): ``packet('<dc:format>…</dc:format>')``."""

from __future__ import annotations

from builders import XMP, app

SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "stRef": "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "GCamera": "http://ns.google.com/photos/1.0/camera/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "stArea": "http://ns.adobe.com/xmp/sType/Area#",
    "MP": "http://ns.microsoft.com/photo/1.2/",
    "MPRI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "MicrosoftPhoto": "http://ns.microsoft.com/photo/1.0",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "drone-dji": "http://www.dji.com/drone-dji/1.0/",
    "ada": "http://example.com/Ada/",
}


def packet(elements: str = "", attributes: str = "") -> bytes:
    """Return a packet with *elements* in its description, and *attributes* on it."""
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in SPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces} {attributes}>{elements}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def bag(*items: str, kind: str = "Bag") -> str:
    """Return a list of values."""
    return f"<rdf:{kind}>{''.join(f'<rdf:li>{one}</rdf:li>' for one in items)}</rdf:{kind}>"


def in_app1(xmp: bytes) -> bytes:
    """Return an APP1 segment around a packet (ISO 16684-3, 1.1.3)."""
    return app(1, XMP + xmp)


#: a face as the Metadata Working Group's guidelines 2.0 spell it, and one as Microsoft does
FACES = (
    '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>'
    '<rdf:li><rdf:Description mwg-rs:Name="Ada Example" mwg-rs:Type="Face">'
    '<mwg-rs:Area stArea:x="0.5" stArea:y="0.4" stArea:w="0.1" stArea:h="0.1" '
    'stArea:unit="normalized"/>'
    "</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    '<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>'
    '<rdf:li MPReg:PersonDisplayName="Grace Sample" MPReg:Rectangle="0.1, 0.2, 0.3, 0.4"/>'
    "</rdf:Bag></MPRI:Regions></MP:RegionInfo>"
)
