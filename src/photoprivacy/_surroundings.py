"""What stands around a file: its name, its extended attributes, its neighbours.

Shown to the owner, never counted as something the file itself holds.
"""

from __future__ import annotations

import functools
import os
import re
from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Surrounding:
    """One thing that the file's surroundings tell.

    Attributes:
        code: Stable name: ``"name.date"``, ``"xattr.origin"``, ``"sidecar"``.
        label: Plain English, without the value.
        value: What it says. Not in the ``repr``.
    """

    code: str
    label: str
    value: str = attrs.field(repr=False)


#: pattern in a file name → (code, label)
_NAMES: Final = (
    (
        re.compile(r"(?<!\d)(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)"),
        "name.date",
        "The file name contains a date",
    ),
    (
        # Milliseconds since 1970, as messengers and social networks name files.
        re.compile(r"(?<!\d)1[0-9]{12}(?!\d)"),
        "name.date",
        "The file name contains a time, in milliseconds",
    ),
    (
        re.compile(r"(?<![\d.])-?\d{1,2}\.\d{3,}\s*[,_ ]\s*-?\d{1,3}\.\d{3,}(?!\d)"),
        "name.position",
        "The file name contains what looks like a position",
    ),
    (
        re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
        "name.identifier",
        "The file name contains an identifier",
    ),
)  # fmt: skip

#: how a file name begins → whose habit that is
_HABITS: Final = (
    (r"PXL_", "Google Pixel"),
    (r"MVIMG_", "Android motion photo"),
    (r"IMG-\d{8}-WA", "WhatsApp"),
    (r"VID-\d{8}-WA", "WhatsApp"),
    (r"WhatsApp Image", "WhatsApp"),
    (r"signal-\d{4}-", "Signal"),
    (r"photo_\d{4}-\d\d-\d\d", "Telegram"),
    (r"FB_IMG_", "Facebook"),
    (r"received_\d", "Facebook Messenger"),
    (r"Snapchat-", "Snapchat"),
    (r"Screenshot", "a screen, perhaps with the app's name"),
    (r"Screen Shot", "a screen"),
    (r"\d{8}_\d{6}", "Samsung or another Android phone"),
    (r"IMG_E\d{4}", "iPhone, after an edit"),
    (r"IMG_\d{8}_\d{6}", "Android phone"),
    (r"IMG_\d{4}(?!\d)", "iPhone or Canon camera"),
    (r"DJI_", "DJI drone"),
    (r"G[OPHX]{1,2}\w{0,2}\d{4,}", "GoPro"),
    (r"DSCN", "Nikon Coolpix"),
    (r"_?DSCF", "Fujifilm"),
    (r"_?DSC", "Sony or Nikon camera"),
    (r"P\d{7}(?!\d)", "Olympus or Panasonic camera"),
    (r"IMGP", "Pentax"),
    (r"R\d{7}(?!\d)", "Ricoh"),
    (r"L\d{7}(?!\d)", "Leica"),
)
_HABIT: Final = "The file name follows the habit of a device or an app"

#: extended attribute → (code, label)
_ATTRIBUTES: Final = {
    "user.xdg.origin.url": ("xattr.origin", "Download address, as an extended attribute"),
    "user.xdg.referrer.url": ("xattr.origin", "Page of the download, as an extended attribute"),
    "com.apple.metadata:kMDItemWhereFroms": (
        "xattr.origin",
        "Download address, as an extended attribute",
    ),
    "com.apple.quarantine": (
        "xattr.origin",
        "Download mark with app and time, as an extended attribute",
    ),
    "user.Zone.Identifier": ("xattr.origin", "Download mark, as an extended attribute"),
    "user.xdg.comment": ("xattr.words", "A comment, as an extended attribute"),
    "user.xdg.tags": ("xattr.words", "Tags, as an extended attribute"),
    "user.xdg.creator": ("xattr.words", "Who made it, as an extended attribute"),
    "com.apple.metadata:kMDItemFinderComment": (
        "xattr.words",
        "A comment, as an extended attribute",
    ),
    "com.apple.metadata:_kMDItemUserTags": ("xattr.words", "Tags, as an extended attribute"),
}

#: What editors, phones and exports put beside a photo: (suffix, replaces the photo's own, label)
_SIDECARS: Final = (
    (".xmp", True, "XMP sidecar beside the file"),
    (".xmp", False, "XMP sidecar beside the file"),
    (".AAE", True, "Record of edits and crops beside the file"),
    (".THM", True, "Thumbnail beside the file"),
    (".json", False, "Export record beside the file"),
    (".json", True, "Export record beside the file"),
    (".supplemental-metadata.json", False, "Export record beside the file"),
    (".pp3", False, "Record of edits beside the file"),
    (".dop", False, "Record of edits beside the file"),
    ("_original", False, "The original that ExifTool kept beside the file"),
    (".MOV", True, "Video beside the file, perhaps of a Live Photo"),
    (".mov", True, "Video beside the file, perhaps of a Live Photo"),
    (".gpx", True, "Track of a journey beside the file"),
)


def surroundings_of(path: str | os.PathLike[str]) -> tuple[Surrounding, ...]:
    """Return what name, extended attributes and neighbours of *path* tell."""
    text = os.fspath(path)
    name = os.path.basename(text)
    found = [
        Surrounding(code=code, label=label, value=match.group())
        for pattern, code, label in _NAMES
        if (match := pattern.search(name))
    ]
    habit = next((whose for start, whose in _HABITS if re.match(start, name)), "")
    if habit:
        found.append(Surrounding(code="name.device", label=_HABIT, value=habit))
    place = _place_in(name)
    if place:
        label = "The file name contains the name of a place"
        found.append(Surrounding(code="name.place", label=label, value=place))
    found.extend(_attributes(text))
    for suffix, replaces, label in _SIDECARS:
        beside = (os.path.splitext(text)[0] if replaces else text) + suffix
        if beside != text and os.path.isfile(beside):
            found.append(Surrounding(code="sidecar", label=label, value=os.path.basename(beside)))
    return tuple(found)


@functools.cache
def _large_places() -> frozenset[str]:
    """Return names of countries and large towns, in small letters (GeoNames, CC BY 4.0)."""
    from importlib import resources  # names of files alone need it

    listed = resources.files("photoprivacy").joinpath("_large_places.txt")
    return frozenset(listed.read_text(encoding="utf-8").splitlines())


def _place_in(name: str) -> str:
    """Return the longest name of a place among the words of a file's name, ``""`` for none."""
    words = re.findall(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*", os.path.splitext(name)[0])
    words = [part for word in words for part in re.split(r"[.-]", word) if part]
    for size in range(min(4, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            for between in (" ", "-"):
                if between.join(run).casefold() in _large_places():
                    return between.join(run)
    return ""


def _attributes(path: str) -> list[Surrounding]:
    if not hasattr(os, "listxattr"):  # macOS and Windows: Python has no call for them
        return []
    try:
        present = os.listxattr(path)
    except OSError:
        return []
    return [
        Surrounding(code=_ATTRIBUTES[name][0], label=_ATTRIBUTES[name][1], value=name)
        for name in present
        if name in _ATTRIBUTES
    ]
