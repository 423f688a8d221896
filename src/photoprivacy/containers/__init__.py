"""Bytes to segments: one module a format. Knows layout, not meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from photoprivacy.containers._model import (
    Block,
    BlockKind,
    Container,
    Format,
    Problem,
    Role,
    Segment,
    Span,
)
from photoprivacy.errors import UnsupportedFormat
from photoprivacy.limits import Limits

Parser = Callable[[bytes, Limits], Container]


def _jpeg() -> Parser:
    from photoprivacy.containers._jpeg import parse_jpeg

    return parse_jpeg


def _png() -> Parser:
    from photoprivacy.containers._png import parse_png

    return parse_png


def _webp() -> Parser:
    from photoprivacy.containers._webp import parse_webp

    return parse_webp


def _bmff() -> Parser:
    from photoprivacy.containers._bmff import parse_bmff

    return parse_bmff


def _gif() -> Parser:
    from photoprivacy.containers._gif import parse_gif

    return parse_gif


def _tiff() -> Parser:
    from photoprivacy.containers._tiff import parse_tiff

    return parse_tiff


def _jxl() -> Parser:
    from photoprivacy.containers._jxl import parse_jxl

    return parse_jxl


def _jp2() -> Parser:
    from photoprivacy.containers._jp2 import parse_jp2

    return parse_jp2


def _movie() -> Parser:
    from photoprivacy.containers._movie import parse_movie

    return parse_movie


#: Loaded when first needed: an app that handles JPEG alone pays for JPEG alone.
_PARSERS: Final[dict[Format, Callable[[], Parser]]] = {
    Format.JPEG: _jpeg,
    Format.PNG: _png,
    Format.WEBP: _webp,
    Format.HEIC: _bmff,
    Format.AVIF: _bmff,
    Format.GIF: _gif,
    Format.TIFF: _tiff,
    Format.JXL: _jxl,
    Format.JP2: _jp2,
    Format.MP4: _movie,
    Format.MOV: _movie,
}

#: First bytes of what people take for a photo and we do not read: (offset, bytes, name).
_FOREIGN: Final = (
    (0, b"IIRO", "Olympus RAW"),
    (0, b"IIRS", "Olympus RAW"),
    (0, b"MMOR", "Olympus RAW"),
    (0, b"IIU\x00", "Panasonic RAW"),
    (0, b"FUJIFILMCCD-RAW", "Fujifilm RAW"),
    (0, b"II\x1a\x00\x00\x00HEAPCCDR", "Canon RAW"),
    (0, b"\x00MRM", "Minolta RAW"),
    (0, b"FOVb", "Sigma RAW"),
    (4, b"ftypcrx ", "Canon RAW"),
    (0, b"BM", "BMP"),
    (0, b"%PDF", "PDF"),
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"<svg", "SVG"),
    (0, b"<?xml", "XML"),
    (4, b"ftyp", "another ISO media file"),
)


def sniff(data: bytes) -> Format:
    """Return the format of *data*, told by its first bytes alone.

    Raises:
        UnsupportedFormat: None of ours.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return Format.TIFF
    if data.startswith((b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n")):
        return Format.JXL
    if data.startswith((b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  \r\n\x87\n")):
        return Format.JP2
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return Format.GIF
    if data[4:8] == b"ftyp":
        from photoprivacy.containers._bmff import sniff_bmff

        found = sniff_bmff(data)
        if found is not None:
            return found
    from photoprivacy.containers._movie import sniff_movie

    movie = sniff_movie(data)
    if movie is not None:
        return movie
    for offset, signature, name in _FOREIGN:
        if data.startswith(signature, offset):
            raise UnsupportedFormat(name)
    raise UnsupportedFormat("an empty file" if not data else None)


def parse(data: bytes, limits: Limits) -> Container:
    """Take a file apart.

    Raises:
        UnsupportedFormat: None of ours.
        MalformedImage: The walk cannot even begin, or cannot go on.
        LimitExceeded: Reading on would cost more than *limits* allow.
    """
    return _PARSERS[sniff(data)]()(data, limits)


__all__ = [
    "Block",
    "BlockKind",
    "Container",
    "Format",
    "Problem",
    "Role",
    "Segment",
    "Span",
    "parse",
    "sniff",
]
