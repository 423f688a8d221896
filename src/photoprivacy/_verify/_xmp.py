"""What a fresh XMP packet says, letter by letter: one packet is right, and every other is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from photoprivacy._verify._model import Seen, refuse
from photoprivacy.geo import Precision
from photoprivacy.policy import Category, Policy, TimePrecision

#: XMP part 1, 7.3.2: the wrapper, read-only and therefore without padding.
_BEFORE: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
)
_AFTER: Final = '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
_ADOBE, _GOOGLE, _APPLE = "http://ns.adobe.com/", "http://ns.google.com/", "http://ns.apple.com/"
#: The names that may be used (PLUS, Data Mining; Ultra HDR 1.0; Apple), in their order.
_NAMES: Final = (
    ("plus", "http://ns.useplus.org/ldf/xmp/1.0/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    *((name, f"{_ADOBE}{path}/1.0/") for name, path in (("tiff",) * 2, ("exif",) * 2)),
    ("xmp", f"{_ADOBE}xap/1.0/"),
    ("xmpRights", f"{_ADOBE}xap/1.0/rights/"),
    ("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"),
    ("photoshop", f"{_ADOBE}photoshop/1.0/"),
    ("hdrgm", f"{_ADOBE}hdr-gain-map/1.0/"),
    ("GCamera", f"{_GOOGLE}photos/1.0/camera/"),
    ("Container", f"{_GOOGLE}photos/1.0/container/"),
    ("Item", f"{_GOOGLE}photos/1.0/container/item/"),
    ("apdi", f"{_APPLE}pixeldatainfo/1.0/"),
    ("HDRGainMap", f"{_APPLE}HDRGainMap/1.0/"),
)
_JPEG: Final = ' Item:Mime="image/jpeg"'


def spelled(names: set[str], attributes: str, elements: str) -> bytes:
    """Return the packet of these properties, in namespaces of these *names*."""
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in _NAMES if name in names)
    return f"{_BEFORE}{spaces}{attributes}>{elements}{_AFTER}".encode()


#: names of a place in their order → how sharp they are
_TELLS: Final = {
    "Iptc4xmpCore:CountryCode": Precision.COUNTRY,
    "photoshop:Country": Precision.COUNTRY,
    "photoshop:State": Precision.REGION,
    "photoshop:City": Precision.CITY,
}


#: what stands in a packet instead of Exif, in its order → category, and what it looks like
_INSTEAD: Final = {
    "dc:creator": (Category.RIGHTS, r".+"),
    "dc:rights": (Category.RIGHTS, r".+"),
    "dc:description": (Category.CAPTION, r".+"),
    "tiff:Make": (Category.DEVICE, r".+"),
    "tiff:Model": (Category.DEVICE, r".+"),
    "exif:GPSLatitude": (Category.LOCATION, r"\d\d?,\d\d?\.\d{6}[NS]"),
    "exif:GPSLongitude": (Category.LOCATION, r"\d{1,3},\d\d?\.\d{6}[EW]"),
    "xmp:CreateDate": (Category.TIME, ""),
}
#: what stands in a packet beside Exif, in its order → category
_BESIDE: Final = {
    "dc:title": Category.CAPTION,
    "photoshop:Headline": Category.CAPTION,
    "photoshop:Credit": Category.RIGHTS,
    "xmpRights:UsageTerms": Category.RIGHTS,
    "xmpRights:WebStatement": Category.RIGHTS,
}
#: properties that have a text a language (ISO 16684-1, 8.2.2.4)
_BY_LANGUAGE: Final = ("dc:title", "xmpRights:UsageTerms")
_LIST: Final = {"dc:creator": ("Seq", ""), "dc:rights": ("Alt", ' xml:lang="x-default"')}
_DATES: Final = {
    TimePrecision.YEAR: r"\d{4}",
    TimePrecision.MONTH: r"\d{4}-\d\d",
    TimePrecision.DAY: r"\d{4}-\d\d-\d\d",
    TimePrecision.EXACT: r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
}


def _instead(name: str, text: str, policy: Policy) -> str:
    """Return the element of a property that stands instead of Exif, if *policy* keeps it."""
    category, form = _INSTEAD[name]
    form = _DATES.get(policy.time, "(?!)") if category is Category.TIME else form
    if not policy.allows(category) or re.fullmatch(form, text) is None:
        refuse("a word that may not be kept, or sharper than the policy", 0)
    if category is Category.LOCATION and policy.location not in (Precision.CITY, Precision.EXACT):
        refuse("a position that is sharper than the policy", 0)
    inner = _xml(text)
    if name.startswith("dc:"):
        kind, language = _LIST.get(name, _LIST["dc:rights"])
        inner = f"<rdf:{kind}><rdf:li{language}>{inner}</rdf:li></rdf:{kind}>"
    return f"<{name}>{inner}</{name}>"


def _beside(name: str, text: str, policy: Policy) -> str:
    """Return the element of a property that no Exif has a tag for, if *policy* keeps it."""
    if not policy.allows(_BESIDE[name]) or not text.isprintable():
        refuse("a word that may not be kept", 0)
    inner = _xml(text)
    if name in _BY_LANGUAGE:
        inner = f'<rdf:Alt><rdf:li xml:lang="x-default">{inner}</rdf:li></rdf:Alt>'
    return f"<{name}>{inner}</{name}>"


def _xml(text: str) -> str:
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    return "".join(marks.get(letter, letter) for letter in text)


def _told(policy: Policy, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield property and element of what is *said* in words, in the order of a fresh packet."""
    if not said.keys() <= _TELLS.keys() | _INSTEAD.keys() | _BESIDE.keys():
        refuse("a property that may not be kept", 0)
    yield from ((name, _instead(name, said[name], policy)) for name in _INSTEAD if name in said)
    yield from ((name, _beside(name, said[name], policy)) for name in _BESIDE if name in said)
    for name, sharpness in _TELLS.items():
        if name in said:
            if policy.location < sharpness:
                refuse("the name of a place that is sharper than the policy", 0)
            yield name, f"<{name}>{_xml(said[name])}</{name}>"


def check(seen: Seen, policy: Policy, said: Mapping[str, str]) -> None:
    """Return when *packet* says what *policy* says about data mining, and lists a gain map.

    Args:
        seen: The file, and what stands in it that the packet must list.
        policy: What the owner says.
        said: Property → text, what it must say besides.

    Raises:
        Unclean: It says more, less or something else, or in another way.
    """
    names: set[str] = set()
    attributes = elements = ""
    if policy.ai_training is not None:
        names.add("plus")
        word = policy.ai_training.value
        elements = f"<plus:DataMining>http://ns.useplus.org/ldf/vocab/{word}</plus:DataMining>"
    for name, element in _told(policy, said):
        names.add(name.partition(":")[0])
        elements += element
    listed = [f'"Primary" Item:Mime="{seen.beside if seen.video else "image/jpeg"}"']
    moments = [""]
    if seen.gain_map:
        names.add("hdrgm")
        attributes = ' hdrgm:Version="1.0"'
        listed.append(f'"GainMap"{_JPEG} Item:Length="{seen.gain_map}"')
    if seen.video is not None:
        names.add("GCamera")
        length, allowed = seen.video
        attributes += ' GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"'
        moment = ' GCamera:MotionPhotoPresentationTimestampUs="{}"'
        moments = [moment.format(number) for number in allowed]
        listed.append(f'"MotionPhoto" Item:Mime="video/mp4" Item:Length="{length}"')
    if len(listed) > 1:
        names |= {"Container", "Item"}
        rows = [
            f'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic={row}/></rdf:li>'
            for row in listed
        ]
        rows = ["<Container:Directory><rdf:Seq>", *rows, "</rdf:Seq></Container:Directory>"]
        elements += "".join(rows)
    if not names:
        if seen.xmp:
            refuse("an XMP packet that nobody asked for", 0)
    elif not seen.xmp:
        refuse("no XMP packet, though there is something to say", 0)
    elif seen.xmp not in [spelled(names, attributes + one, elements) for one in moments]:
        refuse("an XMP packet that says something else, or in a way of its own", 0)
