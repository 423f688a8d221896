"""What a MOV tells in its user data, where players look for it (QuickTime File Format, udta)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from photoprivacy._plan._bmff_properties import boxed

#: type of a box → the XMP property that says the same, in output order (QuickTime File Format,
#: User Data List Entry Types; the artist as AVFoundation and ExifTool read it)
_BOXES: Final = {
    b"\xa9ART": "dc:creator",
    b"\xa9cpy": "dc:rights",
    b"\xa9day": "xmp:CreateDate",
    b"\xa9inf": "dc:description",
    b"\xa9mak": "tiff:Make",
    b"\xa9mod": "tiff:Model",
}
_LATITUDE, _LONGITUDE = "exif:GPSLatitude", "exif:GPSLongitude"
#: ISO 639-2 "und", five bits a letter; text is UTF-8 where a language is spelled so
_UNDETERMINED: Final = 0x55C4


def user_data(said: Mapping[str, str]) -> bytes:
    """Return the boxes that stand in ``udta``, ``b""`` for none.

    Args:
        said: XMP property → text, as `words_instead_of_exif` gives them.
    """
    boxes = [_text(kind, said[name]) for kind, name in _BOXES.items() if name in said]
    if _LATITUDE in said and _LONGITUDE in said:
        # ISO 6709, Annex H: degrees with their sign, to 1 cm.
        point = f"{_degrees(said[_LATITUDE], 2)}{_degrees(said[_LONGITUDE], 3)}/"
        boxes.append(_text(b"\xa9xyz", point))
    return b"".join(boxes)


def _text(kind: bytes, text: str) -> bytes:
    body = text.encode()
    return boxed(kind, struct.pack(">HH", len(body), _UNDETERMINED), body)


def _degrees(angle: str, digits: int) -> str:
    """Return "38,42.833333N" as "+38.7138889", with so many *digits* in front of the point."""
    whole, minutes = angle[:-1].split(",")
    millionths = int(whole) * 60_000_000 + int(minutes.replace(".", ""))
    degrees, rest = divmod(round(millionths / 6), 10_000_000)
    return f"{'-' if angle[-1] in 'SW' else '+'}{degrees:0{digits}}.{rest:07}"
