"""What a colour profile tells besides colours: its maker, a display, a day (ICC.1:2022)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from photoprivacy.containers._model import Block
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata._make import Row, found, spelling
from photoprivacy.policy import Category as C

_PROFILE: Final[Row] = ("icc.profile", C.COLOR, "Colour profile")
#: tag (9.2; ``mmod``, ``ndin`` and ``dscm`` are Apple's) → what its text or presence tells
_TEXTS: Final[dict[bytes, Row]] = {
    b"cprt": ("icc.copyright", C.SOFTWARE, "Copyright of the colour profile, not of the photo"),
    b"dmnd": ("icc.device-maker", C.SOFTWARE, "Maker of the device of the colour profile"),
    b"dmdd": ("icc.device-model", C.SOFTWARE, "Model of the device of the colour profile"),
    b"targ": ("icc.measured", C.HISTORY, "Measurements behind the colour profile"),
}
#: what tells one display from all others
_DISPLAYS: Final[dict[bytes, Row]] = {
    b"mmod": ("icc.display", C.SERIAL, "Maker, model and serial number of a display"),
    b"ndin": ("icc.display-response", C.TRACKING, "How one display shows colours"),
    b"vcgt": ("icc.calibration", C.TRACKING, "Calibration curves of one display"),
}
_CREATOR: Final[Row] = ("icc.creator", C.SOFTWARE, "Maker of the colour profile")
_DAY: Final[Row] = ("icc.made", C.HISTORY, "When the colour profile was made")
#: words of a profile that was written anew
_NOTHING: Final = ("Not stated",)
_HEADER, _ROW, _MOST = 128, 12, 100


def profile(block: Block) -> Iterator[Finding]:
    """Yield one finding for a colour profile with its description, then what else it tells."""
    data = block.data
    tags = _tags(data)
    origin, where = block.origin, block.where
    yield found(_PROFILE, origin=origin, where=where, value=text_of_tag(tags.get(b"desc", b"")))
    for tag, row in _TEXTS.items():
        text = text_of_tag(tags.get(tag, b""))
        if text and text not in _NOTHING:
            yield found(row, origin=origin, where=where, value=text, raw=spelling(text.encode()))
    for tag, row in _DISPLAYS.items():
        if tag in tags:
            yield found(row, origin=origin, where=where, value=len(tags[tag]))
    # 7.2.10 and 7.2.11 name registered makers; 7.2.17 the one of the profile.
    maker = data[80:84].strip(b"\x00 ").decode("latin-1")
    if maker:
        yield found(_CREATOR, origin=origin, where=where, value=maker)
    day = struct.unpack_from(">6H", data.ljust(_HEADER, b"\x00"), 24)  # 7.2.8
    if any(day):
        told = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*day)
        yield found(_DAY, origin=origin, where=where, value=told)


def _tags(data: bytes) -> dict[bytes, bytes]:
    """Return tag → its bytes (7.3), the first of each."""
    found_tags: dict[bytes, bytes] = {}
    count = int.from_bytes(data[_HEADER : _HEADER + 4], "big")
    for index in range(min(count, _MOST)):
        at = _HEADER + 4 + _ROW * index
        if at + _ROW > len(data):
            break
        tag, start, size = struct.unpack_from(">4sII", data, at)
        if tag not in found_tags and start + size <= len(data):
            found_tags[tag] = data[start : start + size]
    return found_tags


def text_of_tag(raw: bytes) -> str | None:
    """Return the text of a tag: ``desc`` and ``text`` (ICC.1:2001), or ``mluc`` (10.15)."""
    text = ""
    if raw[:4] == b"desc" and len(raw) > 12:
        size = int.from_bytes(raw[8:12], "big")
        text = raw[12 : 12 + min(size, 200)].decode("latin-1")
    elif raw[:4] == b"text":
        text = raw[8:].decode("latin-1")
    elif raw[:4] == b"mluc" and len(raw) >= 28:
        length, offset = struct.unpack_from(">II", raw, 20)
        text = raw[offset : offset + min(length, 400)].decode("utf-16-be", "replace")
    return text.partition("\x00")[0].strip() or None
