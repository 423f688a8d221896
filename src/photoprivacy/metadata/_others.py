"""Blocks that are not read further here: what their presence alone tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block, BlockKind
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._severity import severity_of
from photoprivacy.policy import Category as C

#: word in a block's name → (code, category, label). First match wins.
_NAMED: Final = (
    ("gain map", "embedded.gain-map", C.HDR, "Gain map for HDR"),
    ("21496", "embedded.gain-map-parameters", C.HDR, "Gain map for HDR"),
    ("tmap", "embedded.tone-map", C.HDR, "Tone map for HDR"),
    ("depth", "embedded.depth", C.DEPTH, "Depth map"),
    ("matte", "embedded.matte", C.DEPTH, "Portrait matte: the outline of a person"),
    ("disparity", "embedded.depth", C.DEPTH, "Depth map"),
    ("thumbnail", "embedded.thumbnail", C.THUMBNAIL, "Thumbnail"),
    ("preview", "embedded.preview", C.THUMBNAIL, "Preview"),
    ("motion video", "embedded.motion-video", C.EMBEDDED_VIDEO, "Video of the moments around"),
    ("timed metadata", "movie.timed-metadata", C.TRACKING, "Position, motion or faces, all along"),
    ("time code", "movie.time-code", C.TIME, "Time code"),
    ("subtitles", "movie.subtitles", C.CAPTION, "Words shown in the picture"),
    ("video", "embedded.video", C.EMBEDDED_VIDEO, "Video"),
    ("audio", "embedded.audio", C.AUDIO, "Sound"),
    ("hidden pixels", "hidden-pixels.crop", C.HIDDEN_PIXELS, "Pixels outside the crop"),
    ("clap", "hidden-pixels.crop", C.HIDDEN_PIXELS, "Pixels outside the crop"),
    ("compressed metadata", "jxl.compressed", C.UNKNOWN, "Compressed Exif, XMP or credentials"),
    ("JPEG is rebuilt", "jxl.jpeg", C.HISTORY, "What is needed to rebuild a JPEG, its segments too"),
    ("GeoTIFF", "jp2.geo-tiff", C.LOCATION, "Where the picture lies on the ground"),
    ("labelled XML", "jp2.labelled-xml", C.LOCATION, "Labelled XML, often of where a picture lies"),
    ("claims of rights", "jp2.rights", C.RIGHTS, "Claims of rights"),
    ("list of identifiers", "jp2.identifiers", C.TRACKING, "Identifiers and an address for them"),
    ("resolution of a scan", "jp2.resolution", C.RESOLUTION, "Resolution"),
    ("item name", "heif.item-name", C.HISTORY, "Name of an item"),
    ("handler name", "heif.handler-name", C.SOFTWARE, "Name of the handler"),
    ("compressor name", "heif.compressor-name", C.SOFTWARE, "Name of the encoder"),
    ("movie dates", "heif.dates", C.TIME, "When a sequence was made and changed"),
    ("alpha", "heif.alpha", C.COLOR, "Transparency"),
    ("embedded image", "embedded.image", C.EMBEDDED_IMAGE, "Another picture"),
    ("image", "embedded.image", C.EMBEDDED_IMAGE, "Another picture"),
    ("JFXX", "jfif.thumbnail", C.THUMBNAIL, "Thumbnail inside JFIF"),
    ("FLIR", "jpeg.flir", C.EMBEDDED_IMAGE, "Thermal picture"),
    ("Ducky", "jpeg.ducky", C.SOFTWARE, "Settings of a save for the web"),
    ("FPXR", "jpeg.flashpix", C.UNKNOWN, "FlashPix data"),
    ("tIME", "png.time", C.TIME, "Time of the last change"),
    ("pHYs", "png.density", C.RESOLUTION, "Resolution"),
    ("iDOT", "png.idot", C.SOFTWARE, "Mark of Apple's encoder"),
    ("zero bytes", "trailer.zero-bytes", C.TRAILER, "Zero bytes after the end"),
)  # fmt: skip


def jfif(block: Block) -> Iterator[Finding]:
    """Yield what a JFIF or JFXX segment tells: density, and a thumbnail."""
    if block.name == "JFXX":
        yield _finding(
            block, "jfif.thumbnail", C.THUMBNAIL, "Thumbnail inside JFIF", len(block.data)
        )
        return
    units, across, down = block.data[7:8], block.data[8:10], block.data[10:12]
    # One to one without a unit says nothing; a bare aspect ratio is how pixels look right.
    if units not in (b"", b"\x00"):
        density = int.from_bytes(across, "big")
        yield _finding(block, "jfif.density", C.RESOLUTION, "Resolution", density)
    elif across != down:
        yield _finding(block, "jfif.aspect", C.ORIENTATION, "Shape of the pixels", None)
    if len(block.data) > 14:
        yield _finding(
            block, "jfif.thumbnail", C.THUMBNAIL, "Thumbnail inside JFIF", len(block.data) - 14
        )


def mpf(block: Block) -> Iterator[Finding]:
    """Yield the directory of further pictures (CIPA DC-007)."""
    if "gain map" in block.name:
        yield _finding(block, "mpf.gain-map", C.HDR, "Where the gain map is", len(block.data))
        return
    label = "List of further pictures"
    yield _finding(block, "mpf.directory", C.EMBEDDED_IMAGE, label, len(block.data))


def icc(block: Block) -> Iterator[Finding]:
    """Yield one finding for a colour profile, with its description."""
    yield _finding(block, "icc.profile", C.COLOR, "Colour profile", _description(block.data))


def jumbf(block: Block) -> Iterator[Finding]:
    """Yield Content Credentials or other JUMBF (ISO 19566-5), by the labels of its boxes."""
    labels = re.findall(rb"c2pa[\w.]*|cawg[\w.]*|stds[\w.]*", block.data[:1_000_000])
    said = ", ".join(dict.fromkeys(label.decode() for label in labels[:200]))
    credentials = b"c2pa" in block.data
    code = "provenance.c2pa" if credentials else "provenance.jumbf"
    label = "Content Credentials: who made and edited it" if credentials else "JUMBF metadata"
    yield _finding(block, code, C.PROVENANCE, label, said[:500] or None)


def trailer(block: Block) -> Iterator[Finding]:
    """Yield what stands after the end of the image."""
    code, category, label = _named(block.name)
    if code.startswith("other."):
        words = re.sub(r"[^a-z0-9]+", "-", block.name.lower()).strip("-") or "unknown"
        code, category, label = f"trailer.{words}", C.TRAILER, "Bytes after the end of the image"
    yield _finding(block, code, category, label, len(block.data))


def other(block: Block) -> Iterator[Finding]:
    """Yield a block that no reader knows: by its name, with its size."""
    code, category, label = _named(block.name)
    yield _finding(block, code, category, label, len(block.data))


def _named(name: str) -> tuple[str, C, str]:
    for word, code, category, label in _NAMED:
        if word in name:
            return code, category, label
    return "other.unknown", C.UNKNOWN, "Bytes of unknown purpose"


def _finding(block: Block, code: str, category: C, label: str, value: Value) -> Finding:
    return Finding(
        code=code,
        category=category,
        severity=severity_of(code, category),
        label=label,
        origin=block.origin,
        where=block.where,
        value=value,
    )


def _description(profile: bytes) -> str | None:
    """Return the profile's description (ICC.1:2022 9.2.41; ICC.1:2001 6.5.17)."""
    count = int.from_bytes(profile[128:132], "big")
    for index in range(min(count, 100)):
        row = profile[132 + 12 * index : 144 + 12 * index]
        if row[:4] == b"desc" and len(row) == 12:
            at, size = int.from_bytes(row[4:8], "big"), int.from_bytes(row[8:12], "big")
            tag = profile[at : at + min(size, 4096)]
            if tag[:4] == b"desc":
                length = int.from_bytes(tag[8:12], "big")
                return tag[12 : 12 + length].rstrip(b"\x00").decode("latin-1")
            if tag[:4] == b"mluc" and len(tag) >= 28:
                length, start = int.from_bytes(tag[20:24], "big"), int.from_bytes(tag[24:28], "big")
                return tag[start : start + length].decode("utf-16-be", "replace").rstrip("\x00")
    return None


#: kind of block → its reader; Exif, XMP, IPTC and text have modules of their own
READERS: Final = {
    BlockKind.JFIF: jfif,
    BlockKind.MPF: mpf,
    BlockKind.ICC: icc,
    BlockKind.JUMBF: jumbf,
    BlockKind.TRAILER: trailer,
    BlockKind.OTHER: other,
}
