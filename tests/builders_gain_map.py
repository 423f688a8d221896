"""JPEGs with a gain map behind them, built by hand (Ultra HDR 1.0; ISO 21496-1; Apple)."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from builders import XMP, app, jfif, jpeg, picture

ISO = b"urn:iso:std:iso:ts:21496:-1\x00"
SPACES = (
    'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" '
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" '
    'xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/" '
    'xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
ULTRA_HDR = (
    'hdrgm:Version="1.0" hdrgm:BaseRenditionIsHDR="False" hdrgm:GainMapMin="-0.25" '
    'hdrgm:GainMapMax="+1.50" hdrgm:HDRCapacityMin="0.0" hdrgm:HDRCapacityMax="2.3e0"'
)
APPLE = (
    "<apdi:AuxiliaryImageType>urn:com:apple:photo:2020:aux:hdrgainmap</apdi:AuxiliaryImageType>"
    "<apdi:StoredFormat>1278226488</apdi:StoredFormat>"
    "<HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>"
    "<HDRGainMap:HDRGainMapHeadroom>4.532783</HDRGainMap:HDRGainMapHeadroom>"
)
#: one channel: versions, flags, two headrooms, and five numbers
PARAMETERS = bytes(4) + b"\x40" + struct.pack(">14i", *(n for k in range(7) for n in (k, 7)))
#: three channels with one denominator
SHARED = bytes(4) + b"\x88" + struct.pack(">18i", *range(1, 19))
SCENE = picture(size=64)
MAP = picture("L", size=16)


def xmp(attributes: str = "", elements: str = "") -> bytes:
    """Return an APP1 segment with a packet as cameras write it, not as we do."""
    return app(
        1,
        XMP
        + (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="A Camera 1.0">\n <rdf:RDF '
            'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n  '
            f'<rdf:Description rdf:about="" {SPACES}\n   {attributes}>\n{elements}'
            "</rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>"
        ).encode(),
    )


def iso(parameters: bytes = PARAMETERS) -> bytes:
    """Return an APP2 segment of ISO 21496-1."""
    return app(2, ISO + parameters)


def gain_map(*header: bytes, scans: Iterable[bytes] = MAP) -> bytes:
    """Return the JPEG of a gain map; Ultra HDR if nothing else is said."""
    return jpeg(jfif(), *(header or (xmp(ULTRA_HDR),)), *scans)


def with_gain_map(
    *behind: bytes, header: Iterable[bytes] = (), scans: Iterable[bytes] = SCENE
) -> bytes:
    """Return a photo with what stands *behind* its EOI; a gain map if nothing is said."""
    return jpeg(jfif(), *header, *scans) + b"".join(behind or (gain_map(),))
