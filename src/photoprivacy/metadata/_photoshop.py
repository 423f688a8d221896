"""Photoshop image resources (Adobe Photoshop File Formats Specification, 2019): what each tells."""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata._exif import text_of
from photoprivacy.metadata._findings import Value
from photoprivacy.metadata._make import Row
from photoprivacy.metadata._thumbnails import jpeg_size
from photoprivacy.policy import Category as C

#: image resource → code, category, label
RESOURCES: Final[dict[int, Row]] = {
    0x03E9: ("printer", C.DEVICE, "Printer settings"),
    0x03ED: ("resolution", C.RESOLUTION, "Resolution"),
    0x03EE: ("channel-names", C.HISTORY, "Names of channels"),
    0x03F0: ("caption", C.CAPTION, "Caption inside Photoshop resources"),
    0x0404: ("iptc", C.CAPTION, "IPTC records"),
    0x0409: ("thumbnail", C.THUMBNAIL, "Thumbnail inside Photoshop resources"),
    0x040A: ("copyright-flag", C.RIGHTS, "Copyright flag"),
    0x040B: ("url", C.RIGHTS, "Address of the owner"),
    0x040C: ("thumbnail", C.THUMBNAIL, "Thumbnail inside Photoshop resources"),
    0x040F: ("profile", C.COLOR, "Colour profile inside Photoshop resources"),
    0x0414: ("document-id", C.TRACKING, "Document identifier"),
    0x0415: ("channel-names", C.HISTORY, "Names of channels"),
    0x041A: ("slices", C.HISTORY, "Slices, named as the document"),
    0x041E: ("urls", C.RIGHTS, "Addresses"),
    0x0421: ("version", C.SOFTWARE, "Version of Photoshop"),
    0x0422: ("exif", C.UNKNOWN, "Exif inside Photoshop resources"),
    0x0423: ("exif", C.UNKNOWN, "Exif inside Photoshop resources"),
    0x0424: ("xmp", C.UNKNOWN, "XMP inside Photoshop resources"),
    0x0425: ("digest", C.TRACKING, "Digest of captions"),
    0x0429: ("layer-comps", C.HISTORY, "Layer compositions"),
    0x042F: ("autosave-path", C.HISTORY, "Path of an automatic copy"),
    0x043A: ("printer", C.DEVICE, "Printer settings"),
    0x0440: ("variables", C.HISTORY, "Variables"),
    0x0BB7: ("clipping-path", C.HISTORY, "Clipping path"),
    0x1B58: ("variables", C.HISTORY, "Variables"),
    0x1F40: ("lightroom", C.HISTORY, "Steps of work in Lightroom"),
    0x2710: ("print", C.HISTORY, "Print settings"),
}
PATH: Final[Row] = ("path", C.HISTORY, "Path drawn in Photoshop")
FIRST_PATH, LAST_PATH = 0x07D0, 0x0BB6
THUMBNAILS: Final = (0x0409, 0x040C)
#: resources of which each begins with a Unicode string
_MOST_STRINGS: Final = 100
#: a layer's name (additional layer information, "luni"), also in a TIFF written by Intel
_LAYERS: Final = re.compile(rb"8BIMluni|MIB8inul")


def unicode_at(data: bytes, at: int) -> tuple[str, int]:
    """Return a Unicode string (four bytes of length, UTF-16) and where it ends."""
    size = int.from_bytes(data[at : at + 4], "big")
    stop = min(at + 4 + 2 * size, len(data))
    return data[at + 4 : stop].decode("utf-16-be", "replace").strip("\x00"), stop


def value_of(number: int, name: bytes, data: bytes) -> Value:
    """Return what a resource says: its words where it has some, else its size."""
    if FIRST_PATH <= number <= LAST_PATH:
        return text_of(name) or len(data)
    if number == 0x0425:
        return data.hex()
    if number in (0x0BB7, 0x03F0):
        return text_of(data[1 : 1 + data[0]]) if data[:1] else 0
    if number in (0x040B, 0x042F):
        text = text_of(data) if number == 0x040B else unicode_at(data, 0)[0]
        return text or len(data)
    if number == 0x041E:
        return ", ".join(_urls(data)) or len(data)
    if number == 0x041A:
        return _group_of_slices(data) or len(data)
    if number == 0x03EE:
        return ", ".join(_pascal(data)) or len(data)
    return len(data)


def programs(data: bytes) -> tuple[str, ...]:
    """Return the names of the programs that wrote and read a file (resource 0x0421)."""
    writer, at = unicode_at(data, 5)
    return tuple(name for name in (writer, unicode_at(data, at)[0]) if name)


def thumbnail_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a thumbnail: 28 bytes of header, then a JFIF."""
    return jpeg_size(data[28:])


def layer_names(data: bytes) -> tuple[str, ...]:
    """Return the names of layers in a document block (tag 37724 of a TIFF)."""
    names: list[str] = []
    for match in _LAYERS.finditer(data):
        order = "big" if match[0].startswith(b"8BIM") else "little"
        at = match.end() + 4
        size = int.from_bytes(data[at : at + 4], order)  # type: ignore[arg-type]
        if len(names) >= _MOST_STRINGS:
            break
        if 0 < size <= 1_000:
            raw = data[at + 4 : at + 4 + 2 * size]
            name = raw.decode("utf-16-be" if order == "big" else "utf-16-le", "replace")
            names.append(name.strip("\x00"))
    return tuple(filter(None, names))


def _urls(data: bytes) -> list[str]:
    """0x041E: a count, then for each URL four bytes, an id, and a Unicode string."""
    count, at = int.from_bytes(data[:4], "big"), 4
    found = []
    for _ in range(min(count, _MOST_STRINGS)):
        text, at = unicode_at(data, at + 8)
        found.append(text)
        if at >= len(data):
            break
    return [text for text in found if text]


def _group_of_slices(data: bytes) -> str:
    """0x041A, version 6: four numbers of the bounding rectangle, then the name of the group."""
    return unicode_at(data, 20)[0] if int.from_bytes(data[:4], "big") == 6 else ""


def _pascal(data: bytes) -> list[str]:
    names: list[str] = []
    at = 0
    while at < len(data) and len(names) < _MOST_STRINGS:
        names.append(text_of(data[at + 1 : at + 1 + data[at]]))
        at += 1 + data[at]
    return [name for name in names if name]
