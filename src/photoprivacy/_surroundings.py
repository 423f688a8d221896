"""What stands around a file: its name, its extended attributes, its neighbours.

Shown to the owner, never counted as something the file itself holds.
"""

from __future__ import annotations

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


#: pattern in a file name → (code, label, what it is)
_NAMES: Final = (
    (
        re.compile(r"(?<!\d)(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)"),
        "name.date",
        "The file name contains a date",
    ),
    (
        re.compile(r"^(?:PXL|MVIMG|DJI|DSCN?|DSCF|GOPR|IMG|Screenshot|WhatsApp)(?=[-_ \d])"),
        "name.device",
        "The file name follows the pattern of a device or an app",
    ),
)  # fmt: skip

#: extended attribute → label
_ATTRIBUTES: Final = {
    "user.xdg.origin.url": "Download address, as an extended attribute",
    "user.xdg.referrer.url": "Page of the download, as an extended attribute",
    "com.apple.metadata:kMDItemWhereFroms": "Download address, as an extended attribute",
    "com.apple.quarantine": "Download mark with app and time, as an extended attribute",
}

#: What editors, phones and exports put beside a photo: (suffix, replaces the photo's own, label)
_SIDECARS: Final = (
    (".xmp", True, "XMP sidecar beside the file"),
    (".xmp", False, "XMP sidecar beside the file"),
    (".AAE", True, "Record of edits and crops beside the file"),
    (".json", False, "Export record beside the file"),
    (".supplemental-metadata.json", False, "Export record beside the file"),
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
    found.extend(_attributes(text))
    for suffix, replaces, label in _SIDECARS:
        beside = (os.path.splitext(text)[0] if replaces else text) + suffix
        if os.path.isfile(beside):
            found.append(Surrounding(code="sidecar", label=label, value=os.path.basename(beside)))
    return tuple(found)


def _attributes(path: str) -> list[Surrounding]:
    if not hasattr(os, "listxattr"):  # macOS and Windows: Python has no call for them
        return []
    try:
        present = os.listxattr(path)
    except OSError:
        return []
    return [
        Surrounding(code="xattr.origin", label=_ATTRIBUTES[name], value=name)
        for name in present
        if name in _ATTRIBUTES
    ]
