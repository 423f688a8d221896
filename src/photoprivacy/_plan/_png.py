"""How a clean PNG is put together."""

from __future__ import annotations

import zlib
from typing import Final

from photoprivacy._plan._icc import clean_profile
from photoprivacy._plan._model import Copy, Fresh, Piece, Plan, Rule, Wanted, merged
from photoprivacy._plan._png_chunks import standing
from photoprivacy.containers._model import Container, Role, Segment
from photoprivacy.containers._png import PngContainer
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Category, Unknown

#: What may stay in a PNG, by chunk type. Everything else goes. Clauses of ISO/IEC 15948.
KEEP: Final[dict[str, Rule]] = {
    "signature": Rule(category=None, reason="says PNG (5.2)"),
    "IHDR": Rule(category=None, reason="size and kind of pixels (11.2.2)"),
    "PLTE": Rule(category=None, reason="palette (11.2.3)"),
    "IDAT": Rule(category=None, reason="the pixels (11.2.4)"),
    "IEND": Rule(category=None, reason="the end (11.2.5)"),
    "tRNS": Rule(category=None, reason="transparency (11.3.1.1)"),
    "acTL": Rule(category=None, reason="number of frames (APNG)"),
    "fcTL": Rule(category=None, reason="place and time of a frame (APNG)"),
    "fdAT": Rule(category=None, reason="the pixels of a frame (APNG)"),
    "bKGD": Rule(category=None, reason="background behind transparency (11.3.4.1)"),
    "sBIT": Rule(category=None, reason="which bits count (11.3.2.4)"),
    "gAMA": Rule(category=Category.COLOR, reason="gamma (11.3.2.2)"),
    "cHRM": Rule(category=Category.COLOR, reason="primaries (11.3.2.1)"),
    "sRGB": Rule(category=Category.COLOR, reason="standard colours (11.3.2.5)"),
    "cICP": Rule(category=Category.COLOR, reason="coding-independent code points (third edition)"),
    "mDCV": Rule(category=Category.HDR, reason="mastering display (third edition)"),
    "cLLI": Rule(category=Category.HDR, reason="light level (third edition)"),
    "iCCP": Rule(category=Category.COLOR, reason="colour profile (11.3.2.3); its name goes"),
    "pHYs": Rule(category=Category.RESOLUTION, reason="pixels a metre (11.3.4.3)"),
}  # fmt: skip

_PROFILE_NAME: Final = b"ICC profile"


def plan_png(container: Container, data: bytes, wanted: Wanted) -> Plan:
    """Return how the clean file is made of *data*.

    Raises:
        MalformedImage: The file is damaged where its picture is.
        CannotStrip: Decoders disagree about a chunk of the picture, more is in its data than
            pixels, or unknown chunks are to be refused.
    """
    if not isinstance(container, PngContainer):
        raise TypeError("a PNG is planned from a PngContainer")
    if container.damage is not None:
        raise container.damage
    if container.doubt:
        raise CannotStrip(container.doubt)
    spoiled = {problem.where for problem in container.problems if "checksum" in problem.what}
    for segment in container.segments:
        if segment.kind not in KEEP:
            _refused(segment, wanted)
    pieces: list[Piece] = []
    room = container.image_end
    for segment in standing(container, data):
        if not KEEP[segment.kind].holds(wanted.policy):
            continue
        if segment.span in spoiled:
            # Decoders disagree about such a chunk; a repaired one could be another picture.
            raise CannotStrip(f"a wrong checksum of {segment.kind} at byte {segment.span.start}")
        if segment.kind == "iCCP":
            pieces.append(Fresh(_iccp(clean_profile(container.profile))))
        elif segment.kind == "IDAT":
            if room or not len(segment.body):
                pieces.append(_image(segment, data, room))
            room -= min(room, len(segment.body))
        elif segment.kind == "IEND":
            pieces.append(Fresh(_chunk(b"IEND", b"")))
        else:
            pieces.append(Copy(segment.span))
        if segment.kind == "IHDR":
            pieces.append(Fresh(_fresh(wanted)))
    return Plan(pieces=merged(pieces))


def _refused(segment: Segment, wanted: Wanted) -> None:
    if wanted.policy.unknown is Unknown.REFUSE and segment.role in (Role.UNKNOWN, Role.TRAILER):
        where = segment.span.start
        raise CannotStrip(f"the policy refuses bytes of unknown purpose: byte {where}")


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return len(body).to_bytes(4, "big") + kind + body + checksum.to_bytes(4, "big")


def _iccp(profile: bytes) -> bytes:
    if not profile:
        return b""  # no decoder can use it
    return _chunk(b"iCCP", _PROFILE_NAME + b"\x00\x00" + zlib.compress(profile, 9))


def _image(segment: Segment, data: bytes, room: int) -> Piece:
    """Return an IDAT chunk without the bytes that follow the zlib stream."""
    if len(segment.body) <= room:
        return Copy(segment.span)
    start = segment.body.start
    return Fresh(_chunk(b"IDAT", data[start : start + room]))


def _fresh(wanted: Wanted) -> bytes:
    parts = []
    if wanted.exif:
        parts.append(_chunk(b"eXIf", wanted.exif))
    if wanted.xmp:
        # 11.3.3.4, with the keyword of XMP part 3, 1.1.5; not compressed.
        parts.append(_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + wanted.xmp))
    return b"".join(parts)
