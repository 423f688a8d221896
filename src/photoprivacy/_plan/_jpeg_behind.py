"""What stays behind the picture of a JPEG: gain map and further pictures, and their list."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import attrs

from photoprivacy._plan._model import Rule
from photoprivacy.containers._jpeg import JpegContainer
from photoprivacy.containers._jpeg_behind import FURTHER, Picture
from photoprivacy.containers._jpeg_blocks import blocks_of, exif_read
from photoprivacy.containers._model import Segment
from photoprivacy.errors import CannotStrip
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif_findings import Exif
from photoprivacy.policy import Category, Policy

#: What stays behind the picture, by what it is.
BEHIND: Final[dict[str, Rule]] = {
    "gain map": Rule(
        category=Category.HDR,
        reason="brightens the picture on screens that can show more (ISO 21496-1; Ultra HDR 1.0; "
        "Apple); its directory and description are written anew",
    ),
    "picture": Rule(
        category=Category.EMBEDDED_IMAGE,
        reason="what the directory lists beside previews: stereo pairs, bursts, panoramas "
        "(CIPA DC-007, 5.2.3.3); each rebuilt by the same rules",
    ),
}
#: CIPA DC-007, 5.2.3.3: bit 29 marks the picture that stands for all of them
_REPRESENTATIVE: Final = 0x20000000
_PRIMARY: Final = 0x030000


@attrs.frozen
class Listed:
    """One picture of a directory: its type (CIPA DC-007, 5.2.3.3), and its length in bytes."""

    type: int
    length: int


def further(container: JpegContainer, policy: Policy) -> tuple[Picture, ...]:
    """Return the further pictures that stay: those that the directory lists, but previews.

    Raises:
        CannotStrip: One of them is damaged.
    """
    if not BEHIND["picture"].holds(policy):
        return ()
    if container.half_a_picture:
        raise CannotStrip("a further picture is damaged")
    return tuple(one for one in container.behind if not one.gain_map and one.type in FURTHER)


def type_of_first(container: JpegContainer, others: Sequence[Picture]) -> int:
    """Return what a directory says of the first picture."""
    if not others:
        return _PRIMARY
    kind = container.type if container.type in FURTHER else _PRIMARY
    return _REPRESENTATIVE | kind


def directory(pictures: Sequence[Listed], tiff: int) -> bytes:
    """Return an MPF directory (CIPA DC-007, 5.2), from its byte order on.

    Args:
        pictures: The first picture, and those that follow it at once, one behind the other.
        tiff: Where in the file this directory begins.
    """
    # Behind byte order, count, three entries, and the offset of no other directory.
    parts = [
        b"MM\x00*" + struct.pack(">IH", 8, 3),
        struct.pack(">HHI4s", 0xB000, 7, 4, b"0100"),
        struct.pack(">HHII", 0xB001, 4, 1, len(pictures)),
        struct.pack(">HHII", 0xB002, 7, 16 * len(pictures), 50),
        bytes(4),
    ]
    at = 0
    for one in pictures:
        # 5.2.3.3: the place of the first is always 0.
        parts.append(struct.pack(">IIIHH", one.type, one.length, at - tiff if at else 0, 0, 0))
        at += one.length
    return b"".join(parts)


def orientation_of(data: bytes, segments: tuple[Segment, ...]) -> int:
    """Return which side of a further picture is up, as its own Exif says; 1 for the usual."""
    block = exif_read(data, segments, blocks_of(data, segments, Limits()))
    value = Exif(block, Limits()).value("IFD0:Orientation") if block is not None else 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
