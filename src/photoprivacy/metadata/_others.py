"""Blocks that are not read further here: what their presence alone tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from photoprivacy.containers._model import Block, BlockKind
from photoprivacy.limits import Limits
from photoprivacy.metadata._app_segments import segment
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._make import found
from photoprivacy.metadata._movie import dates
from photoprivacy.metadata._profile import profile
from photoprivacy.metadata._thumbnails import jpeg_size
from photoprivacy.metadata._trailers import inside
from photoprivacy.policy import Category as C

#: word in a block's name → (code, category, label). First match wins.
_NAMED: Final = (
    ("gain map", "embedded.gain-map", C.HDR, "Gain map for HDR"),
    ("21496", "embedded.gain-map-parameters", C.HDR, "Gain map for HDR"),
    ("tmap", "embedded.tone-map", C.HDR, "Tone map for HDR"),
    ("depth", "embedded.depth", C.DEPTH, "Depth map"),
    ("matte of skin", "embedded.matte", C.DEPTH, "Matte: where skin is"),
    ("matte of hair", "embedded.matte", C.DEPTH, "Matte: where hair is"),
    ("matte of teeth", "embedded.matte", C.DEPTH, "Matte: where teeth are"),
    ("matte of glasses", "embedded.matte", C.DEPTH, "Matte: where glasses are"),
    ("matte of sky", "embedded.matte", C.DEPTH, "Matte: where the sky is"),
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
    ("crop of a clip", "hidden-pixels.crop-of-clip", C.HIDDEN_PIXELS, "Pixels outside a video's crop"),
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
    ("alpha", "heif.alpha", C.COLOR, "Transparency"),
    ("embedded image", "embedded.image", C.EMBEDDED_IMAGE, "Another picture"),
    ("image", "embedded.image", C.EMBEDDED_IMAGE, "Another picture"),
    ("JFXX", "jfif.thumbnail", C.THUMBNAIL, "Thumbnail inside JFIF"),
    ("behind the last block", "jpeg.after-picture", C.UNKNOWN, "Bytes behind the coded picture"),
    ("FLIR", "jpeg.flir", C.EMBEDDED_IMAGE, "Thermal picture"),
    ("Ducky", "jpeg.ducky", C.SOFTWARE, "Settings of a save for the web"),
    ("PictureInfo", "jpeg.picture-info", C.TRACKING, "A camera's own notes"),
    ("Meta", "jpeg.kodak-meta", C.TRACKING, "A camera's own notes"),
    ("FPXR", "jpeg.flashpix", C.UNKNOWN, "FlashPix data"),
    ("tIME", "png.time", C.TIME, "Time of the last change"),
    ("pHYs", "png.density", C.RESOLUTION, "Resolution"),
    ("iDOT", "png.idot", C.SOFTWARE, "Mark of Apple's encoder"),
    ("zero bytes", "trailer.zero-bytes", C.TRAILER, "Zero bytes after the end"),
)  # fmt: skip
_CIFF: Final = ("jpeg.ciff", C.TRACKING, "A camera's own notes")


def jfif(block: Block, _limits: Limits) -> Iterator[Finding]:
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


def thumbnail_size(block: Block) -> tuple[int, int]:
    """Return width and height of the thumbnail of a JFIF or JFXX segment, 0, 0 for none.

    T.871, 10.1 and 10.2: of JFIF, and of JFXX coded as JPEG (16), by palette (17), in RGB (19).
    """
    data = block.data
    if block.name != "JFXX":
        return (data[12], data[13]) if len(data) > 14 else (0, 0)
    if data[5:6] == b"\x10":
        return jpeg_size(data[6:])
    return (data[6], data[7]) if len(data) > 8 else (0, 0)


def mpf(block: Block, _limits: Limits) -> Iterator[Finding]:
    """Yield the directory of further pictures (CIPA DC-007)."""
    if "gain map" in block.name:
        yield _finding(block, "mpf.gain-map", C.HDR, "Where the gain map is", len(block.data))
        return
    label = "List of further pictures"
    yield _finding(block, "mpf.directory", C.EMBEDDED_IMAGE, label, len(block.data))


def icc(block: Block, _limits: Limits) -> Iterator[Finding]:
    """Yield a colour profile, and what it tells besides colours."""
    yield from profile(block)


def trailer(block: Block, _limits: Limits) -> Iterator[Finding]:
    """Yield what stands after the end of the image, then what can be told apart in it."""
    code, category, label = _named(block.name)
    if code.startswith("other."):
        words = re.sub(r"[^a-z0-9]+", "-", block.name.lower()).strip("-") or "unknown"
        code, category, label = f"trailer.{words}", C.TRAILER, "Bytes after the end of the image"
    yield _finding(block, code, category, label, len(block.data))
    yield from inside(block)


def other(block: Block, limits: Limits) -> Iterator[Finding]:
    """Yield a block by its name, with its size, then what it says if its maker is known."""
    if block.name == "movie dates":
        yield from dates(block)
        return
    said = list(segment(block, limits))
    if block.data[6:10] == b"HEAP":
        yield _finding(block, *_CIFF, len(block.data))
    elif not said or said[0].code.startswith("jpeg."):
        code, category, label = _named(block.name)
        yield _finding(block, code, category, label, len(block.data))
    yield from said


def _named(name: str) -> tuple[str, C, str]:
    for word, code, category, label in _NAMED:
        if word in name:
            return code, category, label
    return "other.unknown", C.UNKNOWN, "Bytes of unknown purpose"


def _finding(block: Block, code: str, category: C, label: str, value: Value) -> Finding:
    return found((code, category, label), origin=block.origin, where=block.where, value=value)


#: kind of block → its reader; Exif, XMP, IPTC, text and JUMBF have modules of their own
READERS: Final[dict[BlockKind, Callable[[Block, Limits], Iterator[Finding]]]] = {
    BlockKind.JFIF: jfif,
    BlockKind.MPF: mpf,
    BlockKind.ICC: icc,
    BlockKind.TRAILER: trailer,
    BlockKind.OTHER: other,
}
