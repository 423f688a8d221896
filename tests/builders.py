"""JPEG files by hand, so that tests read like T.81: ``jpeg(app(1, b"…"), *picture(), eoi())``."""

from __future__ import annotations

import functools
import io
import random
from collections.abc import Iterable

from PIL import Image

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
XMP = b"http://ns.adobe.com/xap/1.0/\x00"
CANARY = b"LEAKCANARY-52.3702,4.8952"


def segment(code: int, payload: bytes) -> bytes:
    """Return a marker segment with its length."""
    return bytes((0xFF, code)) + (len(payload) + 2).to_bytes(2, "big") + payload


def app(number: int, payload: bytes) -> bytes:
    """Return an APPn segment."""
    return segment(0xE0 + number, payload)


def com(text: bytes) -> bytes:
    """Return a comment segment."""
    return segment(0xFE, text)


def exif(tiff: bytes) -> bytes:
    """Return an APP1 Exif segment around a TIFF block."""
    return app(1, b"Exif\x00\x00" + tiff)


def jfif(thumbnail: bytes = b"", *, width: int = 0, height: int = 0, density: int = 1) -> bytes:
    """Return an APP0 JFIF segment."""
    head = b"JFIF\x00\x01\x02\x00" + density.to_bytes(2, "big") * 2
    return app(0, head + bytes((width, height)) + thumbnail)


def adobe(transform: int, tail: bytes = b"") -> bytes:
    """Return an APP14 Adobe segment."""
    return app(14, b"Adobe\x00\x64" + bytes(4) + bytes((transform,)) + tail)


def icc(profile: bytes, chunks: int = 1) -> list[bytes]:
    """Return APP2 segments with *profile* cut into *chunks*."""
    size = -(-len(profile) // chunks)
    return [
        app(2, b"ICC_PROFILE\x00" + bytes((n + 1, chunks)) + profile[n * size : (n + 1) * size])
        for n in range(chunks)
    ]


@functools.cache
def picture(
    mode: str = "RGB", *, progressive: bool = False, size: int = 32, restarts: int = 0
) -> tuple[bytes, ...]:
    """Return the picture's own segments, from tables to last scan, as Pillow codes them.

    One item a segment; a scan's entropy-coded data is joined to its SOS.
    """
    noise = random.Random(size).randbytes(size * size * 3)
    image = Image.frombytes("RGB", (size, size), noise).convert(mode)
    file = io.BytesIO()
    image.save(
        file,
        "jpeg",
        quality=90,
        progressive=progressive,
        restart_marker_blocks=restarts,
    )
    return tuple(part for part in _split(file.getvalue()) if part[1] not in (0xE0, 0xEE))


def _split(data: bytes) -> Iterable[bytes]:
    at = 2
    while data[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDA:
            while not (data[end] == 0xFF and data[end + 1] not in (0, *range(0xD0, 0xD8))):
                end += 1
        yield data[at:end]
        at = end


def jpeg(*parts: bytes | Iterable[bytes], end: bytes = EOI) -> bytes:
    """Return SOI, *parts*, and EOI."""
    flat = [part if isinstance(part, bytes) else b"".join(part) for part in parts]
    return SOI + b"".join(flat) + end


def between_scans(extra: bytes, *, mode: str = "RGB") -> bytes:
    """Return a progressive JPEG with *extra* after its first scan."""
    parts = list(picture(mode, progressive=True))
    first = next(i for i, part in enumerate(parts) if part[1] == 0xDA)
    return jpeg(*parts[: first + 1], extra, *parts[first + 1 :])
