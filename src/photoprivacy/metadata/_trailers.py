"""What stands after the end of the image: Samsung's named entries, vivo's words, cut-off pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._model import Block, Span
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._make import Row, found, spelling
from photoprivacy.policy import Category as C

#: name of an entry of Samsung's trailer → code, category, label
_SAMSUNG: Final[dict[str, Row]] = {
    "MotionPhoto_Data": ("trailer.samsung.video", C.EMBEDDED_VIDEO, "Video of the moments around"),
    "MotionPhoto_Version": ("trailer.samsung.technical", C.TECHNICAL, "Version of a motion photo"),
    "Original_Path_Hash_Key": ("trailer.samsung.path", C.TRACKING, "Key made of the original's path"),
    "PhotoEditor_Re_Edit_Data": ("trailer.samsung.edits", C.HISTORY, "Edits, and where the original is"),
    "Copy_Available_Edit_Info": ("trailer.samsung.edits", C.HISTORY, "Edits"),
    "Camera_Capture_Mode_Info": ("trailer.samsung.technical", C.TECHNICAL, "Mode of the camera"),
    "Camera_Scene_Info": ("trailer.samsung.technical", C.TECHNICAL, "Kind of scene"),
    "Color_Display_P3": ("trailer.samsung.technical", C.TECHNICAL, "Colour space"),
    "Photo_HDR_Info": ("trailer.samsung.technical", C.TECHNICAL, "HDR"),
    "Watermark_Info": ("trailer.samsung.watermark", C.DEVICE, "Watermark with the phone's name"),
    "Remaster_Info": ("trailer.samsung.edits", C.HISTORY, "Edits"),
    "Gen_AI_Info": ("trailer.samsung.ai", C.AI_GENERATION, "Edited by a model"),
}  # fmt: skip
#: how names of further entries begin: one name a shot
_SAMSUNG_LIKE: Final[tuple[tuple[str, Row], ...]] = (
    ("SoundShot", ("trailer.samsung.sound", C.AUDIO, "Sound recorded with the photo")),
    ("Interactive_Panorama", ("trailer.samsung.video", C.EMBEDDED_VIDEO, "Video")),
    ("DualShot", ("trailer.samsung.picture", C.EMBEDDED_IMAGE, "Another picture")),
    ("FlipPhoto", ("trailer.samsung.picture", C.EMBEDDED_IMAGE, "Another picture")),
    ("FaceShot", ("trailer.samsung.picture", C.EMBEDDED_IMAGE, "Another picture")),
    ("SingleShot", ("trailer.samsung.picture", C.EMBEDDED_IMAGE, "Another picture")),
    ("DepthMap", ("trailer.samsung.depth", C.DEPTH, "Depth map")),
)
#: entries that the facts of makers tell
_TOLD: Final = ("Image_UTC_Data", "MCC_Data")
_OTHER: Final[Row] = ("trailer.samsung.other", C.TRAILER, "Entry of Samsung's trailer")
_CUT: Final[Row] = (
    "hidden-pixels.after-end", C.HIDDEN_PIXELS, "Rest of a picture after the end: it may have been cropped",
)  # fmt: skip
_VIVO: Final[Row] = ("trailer.vivo.words", C.TRAILER, "What a vivo phone says of the photo")
_MOST: Final = 200
#: words that are shown; longer ones are pictures and sound
_SHOWN: Final = 300


@attrs.frozen
class _Named:
    name: str
    raw: bytes = attrs.field(repr=False)
    at: int


def inside(block: Block) -> Iterator[Finding]:
    """Yield what can be told apart inside a trailer."""
    for entry in _entries(block.data):
        if entry.name in _TOLD:
            continue
        rows = (row for start, row in _SAMSUNG_LIKE if entry.name.startswith(start))
        row = _SAMSUNG.get(entry.name) or next(rows, _OTHER)
        value = _value(entry)
        raw = spelling(entry.raw) if isinstance(value, str) and row is not _OTHER else ()
        yield found(
            row,
            origin=block.origin,
            where=_span(block, entry.at, len(entry.raw)),
            value=value,
            raw=raw,
        )
    if block.name == "after IEND" and _is_rest_of_png(block.data):
        yield found(_CUT, origin=block.origin, where=block.where, value=len(block.data))
    if block.name == "vivo trailer":
        at = block.data.find(b"vivo")
        words = block.data[at : at + 2_000].partition(b"\x00")[0].decode("utf-8", "replace")
        yield found(_VIVO, origin=block.origin, where=block.where, value=words)


def _entries(data: bytes) -> Iterator[_Named]:
    """Yield Samsung's entries: SEFH, version, count, then 12 bytes an entry; length, SEFT."""
    end = data.rfind(b"SEFT")
    if end < 4:
        return
    size = int.from_bytes(data[end - 4 : end], "little")
    head = end - 4 - size
    if head < 0 or data[head : head + 4] != b"SEFH":
        return
    count = int.from_bytes(data[head + 8 : head + 12], "little")
    for index in range(min(count, _MOST, max(0, size - 12) // 12)):
        row = head + 12 + 12 * index
        back, length = (int.from_bytes(data[row + n : row + n + 4], "little") for n in (4, 8))
        start = head - back
        # A marker, the kind of entry, the length of its name, the name, and what it says.
        if start < 0 or length < 8 or start + length > head:
            continue
        name = int.from_bytes(data[start + 4 : start + 8], "little")
        if name > min(length - 8, 100):
            continue
        body = start + 8 + name
        text = data[start + 8 : body].decode("latin-1")
        yield _Named(text, data[body : start + length], body)


def _value(entry: _Named) -> Value:
    text = entry.raw.rstrip(b"\x00").decode("latin-1")
    if text.isascii() and text.isprintable() and len(text) <= _SHOWN:
        return text
    return len(entry.raw)


def _is_rest_of_png(data: bytes) -> bool:
    """Return whether *data* ends as a PNG does, or has image data: what a longer file left.

    Programs that wrote a cropped PNG over a longer one and did not cut it off left the old end.
    """
    return bool(re.search(rb"IDAT|IEND\xaeB`\x82", data))


def _span(block: Block, start: int, size: int) -> Span:
    if block.base is None:
        return block.where
    return Span(block.base + start, block.base + start + size)
