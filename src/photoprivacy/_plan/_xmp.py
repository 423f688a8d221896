"""Fresh XMP packets: the owner's words, names of a place, and gain maps."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping
from typing import Final

import attrs

from photoprivacy.geo import Coordinates, Precision
from photoprivacy.policy import AiTraining, Category, Policy, TimePrecision

#: prefix → namespace of all that is written
SPACES: Final = {
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "GCamera": "http://ns.google.com/photos/1.0/camera/",
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


#: what a format without Exif says in its packet instead: property → how it is spelled
#: (ISO 16684-1, 8.3-8.7; CIPA DC-010: Exif in XMP)
WORDS: Final = {
    "dc:creator": "<rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq>",
    "dc:rights": '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>',
    "dc:description": '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>',
    "tiff:Make": "{}",
    "tiff:Model": "{}",
    "exif:GPSLatitude": "{}",
    "exif:GPSLongitude": "{}",
    "xmp:CreateDate": "{}",
    "dc:title": '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>',
    "xmpRights:UsageTerms": '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>',
}
#: property that no Exif has a tag for → the field it is written from, and its category (IPTC
#: Photo Metadata 2023.1): what a licence rests on, and what a picture is called
FURTHER: Final = {
    "dc:title": ("xmp:title", Category.CAPTION),
    "photoshop:Headline": ("xmp:headline", Category.CAPTION),
    "photoshop:Credit": ("xmp:credit", Category.RIGHTS),
    "xmpRights:UsageTerms": ("xmp:terms", Category.RIGHTS),
    "xmpRights:WebStatement": ("xmp:statement", Category.RIGHTS),
}
#: property → the field it is written from, and the category that must be allowed
_FIELDS: Final = {
    "dc:creator": ("IFD0:Artist", Category.RIGHTS),
    "dc:rights": ("IFD0:Copyright", Category.RIGHTS),
    "dc:description": ("IFD0:ImageDescription", Category.CAPTION),
    "tiff:Make": ("IFD0:Make", Category.DEVICE),
    "tiff:Model": ("IFD0:Model", Category.DEVICE),
}
_LONGEST_WORDS: Final = 10_000
#: how much of a date is told (ISO 8601, as ISO 16684-1, 8.2.1.2 has it)
_DATES: Final = {
    TimePrecision.YEAR: "%Y",
    TimePrecision.MONTH: "%Y-%m",
    TimePrecision.DAY: "%Y-%m-%d",
    TimePrecision.EXACT: "%Y-%m-%dT%H:%M:%S",
}


def words_instead_of_exif(
    fields: Mapping[str, object],
    policy: Policy,
    *,
    taken: dt.datetime | None,
    position: Coordinates | None,
) -> dict[str, str]:
    """Return property → text of what *policy* keeps, for a format that has no Exif.

    Args:
        fields: Decoded values by name (``"IFD0:Copyright"``).
        policy: What may stay.
        taken: Local time of capture, told at ``policy.time``.
        position: What to tell as position: already as coarse as it shall be.
    """
    said = _words(_FIELDS, fields, policy)
    if position is not None and not position.suspect:
        said["exif:GPSLatitude"] = _angle(position.latitude, "NS")
        said["exif:GPSLongitude"] = _angle(position.longitude, "EW")
    if taken is not None and policy.time is not TimePrecision.NONE:
        said["xmp:CreateDate"] = taken.strftime(_DATES[policy.time]).rjust(4, "0")
    return said


def further_words(fields: Mapping[str, object], policy: Policy) -> dict[str, str]:
    """Return property → text of what *policy* keeps and no format has another place for.

    Args:
        fields: Decoded values by name (``"xmp:title"``).
        policy: What may stay.
    """
    return _words(FURTHER, fields, policy)


def _words(
    table: Mapping[str, tuple[str, Category]], fields: Mapping[str, object], policy: Policy
) -> dict[str, str]:
    said = {}
    for name, (field, category) in table.items():
        text = " ".join(str(fields.get(field) or "").split())[:_LONGEST_WORDS].rstrip()
        if text and policy.allows(category) and text.isprintable():
            said[name] = text
    return said


def _angle(value: float, sides: str) -> str:
    """ISO 16684-2, GPSCoordinate: degrees, and minutes to 2 mm."""
    degrees, minutes = divmod(round(abs(value) * 60_000_000), 60_000_000)
    return f"{degrees},{minutes / 1_000_000:.6f}{sides[value < 0]}"


@attrs.frozen
class Video:
    """The video of a motion photo.

    Attributes:
        length: In bytes.
        moment: When in it the photo was taken, in microseconds; -1 where nobody knows.
        beside: Media type of the photo.
    """

    length: int
    moment: int
    beside: str = "image/jpeg"


def fresh_xmp(
    ai_training: AiTraining | None,
    *,
    said: Mapping[str, str] | None = None,
    gain_map: int = 0,
    video: Video | None = None,
) -> bytes:
    """Return a new XMP packet for the primary picture, or ``b""`` when there is nothing to say.

    The word on AI training is PLUS Data Mining, as IPTC Photo Metadata 2023.1 adopts it. A gain
    map is listed as Ultra HDR 1.0 says.

    Args:
        ai_training: The owner's word.
        said: Property → text, as `words_instead_of_exif` and `place_names` give them.
        gain_map: Length of the gain map behind the picture in bytes, 0 for none.
        video: The video behind all pictures (Motion Photo 1.0), ``None`` for none.
    """
    single: dict[str, str] = {}
    elements: dict[str, str] = {}
    if ai_training is not None:
        elements["plus:DataMining"] = f"http://ns.useplus.org/ldf/vocab/{ai_training.value}"
    elements |= {
        name: WORDS.get(name, "{}").format(html.escape(text, quote=False))
        for name, text in (said or {}).items()
    }
    items = [_item("Primary", video.beside if video else "image/jpeg")]
    if gain_map:
        single["hdrgm:Version"] = "1.0"
        items.append(_item("GainMap", "image/jpeg", gain_map))
    if video is not None:
        single["GCamera:MotionPhoto"] = single["GCamera:MotionPhotoVersion"] = "1"
        single["GCamera:MotionPhotoPresentationTimestampUs"] = str(video.moment)
        items.append(_item("MotionPhoto", "video/mp4", video.length))
    if len(items) > 1:
        elements["Container:Directory"] = f"<rdf:Seq>{''.join(items)}</rdf:Seq>"
    return packet(single, elements) if single or elements else b""


def _item(semantic: str, mime: str, length: int = 0) -> str:
    """Return one line of a directory (GContainer): what it is, and how long; the first is not."""
    size = f' Item:Length="{length}"' if length else ""
    inner = f'<Container:Item Item:Semantic="{semantic}" Item:Mime="{mime}"{size}/>'
    return f'<rdf:li rdf:parseType="Resource">{inner}</rdf:li>'


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
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in SPACES.items() if name in used)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{body}>{inside}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()
