"""What a clean MOV must tell in its user data: what its packet says, and not a byte besides."""

from __future__ import annotations

import re
import struct
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

#: property → type of the box that must say the same, in their order
_TOLD: Final = (
    ("dc:creator", b"\xa9ART"),
    ("dc:rights", b"\xa9cpy"),
    ("xmp:CreateDate", b"\xa9day"),
    ("dc:description", b"\xa9inf"),
    ("tiff:Make", b"\xa9mak"),
    ("tiff:Model", b"\xa9mod"),
)
_ANGLE: Final = re.compile(r"(\d+),(\d+\.\d+)([NSEW])")


def told(packet: bytes) -> bytes:
    """Return the boxes of a clean movie whose XMP packet is *packet*.

    QuickTime File Format, user data: length of the text, language, and the text.
    """
    text = packet.decode()
    boxes = [(kind, said) for name, kind in _TOLD if (said := _said(text, name)) is not None]
    north, east = _said(text, "exif:GPSLatitude"), _said(text, "exif:GPSLongitude")
    if north is not None and east is not None:
        boxes.append((b"\xa9xyz", f"{_signed(north, 11)}{_signed(east, 12)}/"))
    return b"".join(
        struct.pack(">I4sHH", 12 + len(body), kind, len(body), 0x55C4) + body
        for kind, body in ((kind, said.encode()) for kind, said in boxes)
    )


def _said(packet: str, name: str) -> str | None:
    found = re.search(rf"<{name}>(?:<rdf:\w+><rdf:li[^>]*>)?([^<]*)<", packet)
    if found is None:
        return None
    return found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _signed(angle: str, width: int) -> str:
    match = _ANGLE.fullmatch(angle)
    if match is None:
        return ""
    degrees = Decimal(match[1]) + Decimal(match[2]) / 60
    rounded = degrees.quantize(Decimal("1e-7"), ROUND_HALF_EVEN)
    return ("-" if match[3] in "SW" else "+") + f"{rounded:0{width - 1}f}"
