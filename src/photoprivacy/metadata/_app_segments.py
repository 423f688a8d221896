"""Words of cameras and programs outside Exif: Olympus' and Kodak's segments, lists of RIFF.

"[picture info]" (APP12) and "Meta" (APP3) have no specification; ExifTool's tables say what the
tags are.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import attrs

from photoprivacy.containers._model import Block, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif import text_of, walk
from photoprivacy.metadata._exif_values import user_comment
from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._make import Row, found, spelling
from photoprivacy.policy import Category as C

#: "[picture info]": key → row
_PICTURE_INFO: Final[dict[str, Row]] = {
    "TimeDate": ("jpeg.picture-info.taken", C.TIME, "Time of capture"),
    "Serial#": ("jpeg.picture-info.serial", C.SERIAL, "Serial number of the camera"),
    "Type": ("jpeg.picture-info.model", C.DEVICE, "Camera model"),
    "ID": ("jpeg.picture-info.maker", C.DEVICE, "Camera maker"),
    "Version": ("jpeg.picture-info.firmware", C.SOFTWARE, "Firmware of the camera"),
}
#: Kodak's "Meta": tag → row
_META: Final[dict[int, Row]] = {
    0xC353: ("jpeg.kodak-meta.owner", C.PERSON, "Name of the camera's owner"),
    0xC354: ("jpeg.kodak-meta.serial", C.SERIAL, "Serial number of the camera"),
    0xC355: ("jpeg.kodak-meta.title", C.CAPTION, "Title of a group of photos"),
    0xC356: ("jpeg.kodak-meta.dealer", C.TRACKING, "Number of a dealer"),
    0xC358: ("jpeg.kodak-meta.envelope", C.TRACKING, "Number of an envelope"),
    0xC35E: ("jpeg.kodak-meta.model", C.DEVICE, "Camera model"),
}
#: chunk of a RIFF INFO list (Multimedia Programming Interface 1.0, 2) → row
_INFO: Final[dict[str, Row]] = {
    "IART": ("webp.info.artist", C.RIGHTS, "Artist"),
    "ICOP": ("webp.info.copyright", C.RIGHTS, "Copyright"),
    "INAM": ("webp.info.title", C.CAPTION, "Title"),
    "ICMT": ("webp.info.comment", C.CAPTION, "Comment"),
    "IKEY": ("webp.info.keywords", C.CAPTION, "Keywords"),
    "ISBJ": ("webp.info.subject", C.CAPTION, "Subject"),
    "ICRD": ("webp.info.date", C.TIME, "Time of creation"),
    "ISFT": ("webp.info.software", C.SOFTWARE, "Software"),
    "IENG": ("webp.info.engineer", C.PERSON, "Engineer"),
    "ITCH": ("webp.info.technician", C.PERSON, "Technician"),
    "ISRC": ("webp.info.source", C.RIGHTS, "Source"),
}
_TIME: Final[Row] = ("png.time", C.TIME, "Time of the last change")
#: how bytes are spelled in front of the text (Exif 3.0, Table 9)
_CODE: Final = re.compile(rb"(?:ASCII\0\0\0|UNICODE\0|JIS\0{5}|\0{8})")
_MOST: Final = 500
#: key and value; a key is looked for at the start of a word alone, so that a long one costs once
_PAIR: Final = re.compile(rb"(?<![\w#])([\w#]+)=([^\r\n\x00]+)")
_HEAD: Final = b"[picture info]"


@attrs.frozen
class _Told:
    row: Row
    value: Value = attrs.field(repr=False)
    raw: bytes = attrs.field(repr=False)
    at: int = -1


def segment(block: Block, limits: Limits) -> Iterator[Finding]:
    """Yield what a segment or chunk of a known maker says; nothing for others."""
    for told in _reader(block)(block, limits):
        where = block.where
        if block.base is not None and told.at >= 0:
            where = Span(block.base + told.at, block.base + told.at + len(told.raw))
        telling = isinstance(told.value, str) and told.raw
        raw = spelling(told.raw) if telling else ()
        yield found(told.row, origin=block.origin, where=where, value=told.value, raw=raw)


def _reader(block: Block) -> Callable[[Block, Limits], Iterator[_Told]]:
    if _HEAD in block.data[:200]:
        return _picture_info
    if block.data[:6].upper() == b"META\x00\x00":
        return _kodak
    if block.name == "tIME":
        return _time_chunk
    if block.name in _INFO or block.origin in _INFO:
        return _info
    return _nothing


def _nothing(_block: Block, _limits: Limits) -> Iterator[_Told]:
    yield from ()


def _picture_info(block: Block, _limits: Limits) -> Iterator[_Told]:
    for match in islice(_PAIR.finditer(block.data[:65_536]), _MOST):
        key, raw = match[1].decode("latin-1"), match[2]
        if key in _PICTURE_INFO:
            text = text_of(raw)
            value = _moment(int(text)) if key == "TimeDate" and text.isdigit() else text
            yield _Told(_PICTURE_INFO[key], value, raw, match.start(2))


def _kodak(block: Block, limits: Limits) -> Iterator[_Told]:
    base = None if block.base is None else block.base + 6
    entries, _ = walk(attrs.evolve(block, data=block.data[6:], base=base), limits)
    for entry in entries:
        row = _META.get(entry.tag)
        text = user_comment(entry.raw, entry.order)
        if row is not None and text:
            at = -1 if block.base is None else entry.where.start - block.base
            code = _CODE.match(entry.raw)
            yield _Told(row, text, entry.raw[code.end() :] if code else entry.raw, at)


def _info(block: Block, _limits: Limits) -> Iterator[_Told]:
    row = _INFO.get(block.name) or _INFO[block.origin]
    yield _Told(row, text_of(block.data), block.data, 0)


def _time_chunk(block: Block, _limits: Limits) -> Iterator[_Told]:
    """ISO/IEC 15948, 11.3.6.1: year, month, day, hour, minute, second, in UTC."""
    if len(block.data) == 7:
        parts = struct.unpack(">HBBBBB", block.data)
        yield _Told(_TIME, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parts), block.data, 0)


def _moment(seconds: int) -> str:
    """Return seconds from 1970 as a date; cameras count them in local time."""
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, OSError, ValueError):
        return str(seconds)
