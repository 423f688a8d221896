"""WebP files by hand: ``webp(vp8x(), lossy(), part(b"XMP ", b"…"))``. Clauses of RFC 9649."""

from __future__ import annotations

import functools
import io
import struct

from PIL import Image

from builders import CANARY
from builders_icc import profile

ICC, ALPHA, EXIF, XMP, ANIMATION = 0x20, 0x10, 0x08, 0x04, 0x02


def part(kind: bytes, body: bytes, *, pad: bytes = b"\x00") -> bytes:
    """Return a chunk with its length, and *pad* behind an odd payload (2.3)."""
    return kind + struct.pack("<I", len(body)) + body + pad * (len(body) % 2)


def webp(*parts: bytes, tail: bytes = b"") -> bytes:
    """Return the RIFF header, *parts*, and *tail* behind the file's stated size (2.4)."""
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body + tail


def vp8x(
    flags: int = 0,
    *,
    width: int = 8,
    height: int = 8,
    reserved: bytes = bytes(3),
    tail: bytes = b"",
) -> bytes:
    """Return the header of the extended format (2.7)."""
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return part(b"VP8X", bytes((flags,)) + reserved + canvas + tail)


@functools.cache
def coded(mode: str = "RGB", *, lossless: bool = False, seed: int = 0) -> dict[bytes, bytes]:
    """Return the payloads of an 8 × 8 picture as Pillow codes it: chunk type → payload."""
    file = io.BytesIO()
    pixels = bytes((at * 37 + seed) % 256 for at in range(64 * len(mode)))
    image = Image.frombytes(mode, (8, 8), pixels)
    image.save(file, "webp", lossless=lossless, quality=80)
    data, found = file.getvalue()[12:], {}
    while data:
        size = int.from_bytes(data[4:8], "little")
        found[data[:4]] = data[8 : 8 + size]
        data = data[8 + size + size % 2 :]
    return found


def lossy(*, seed: int = 0) -> bytes:
    """Return a chunk of lossy pixels (2.5)."""
    return part(b"VP8 ", coded(seed=seed)[b"VP8 "])


def lossless(mode: str = "RGB") -> bytes:
    """Return a chunk of lossless pixels (2.6)."""
    return part(b"VP8L", coded(mode, lossless=True)[b"VP8L"])


def alph() -> bytes:
    """Return the transparency of a lossy picture, packed (2.7.1.2)."""
    return part(b"ALPH", coded("RGBA")[b"ALPH"])


def plain_alph(tail: bytes = b"") -> bytes:
    """Return transparency that is not packed: a byte a pixel, and *tail*."""
    return part(b"ALPH", b"\x00" + bytes(range(0, 256, 4)) + tail)


def anim(tail: bytes = b"") -> bytes:
    """Return the head of an animation (2.7.1.1)."""
    return part(b"ANIM", b"\x01\x02\x03\xff\x00\x00" + tail)


def anmf(*inside: bytes, time: int = 100, flags: int = 0) -> bytes:
    """Return a frame over the whole canvas (2.7.1.1)."""
    head = bytes(6) + struct.pack("<I", 7)[:3] * 2 + struct.pack("<I", time)[:3] + bytes((flags,))
    return part(b"ANMF", head + b"".join(inside))


def still(*behind: bytes, before: bytes = b"", flags: int = 0) -> bytes:
    """Return an extended file of one lossy picture."""
    return webp(vp8x(flags), before, lossy(), *behind)


def film(*frames: bytes, head: bytes | None = None, flags: int = 0) -> bytes:
    """Return an animation; of a lossy and a lossless frame by default."""
    frames = frames or (anmf(lossy()), anmf(lossless(), time=40))
    return webp(vp8x(ANIMATION | flags), anim() if head is None else head, *frames)


ODD = part(b"ODD!", b"odd", pad=b"Z")
#: A canary in every slot of a still picture: name → the whole file.
SLOTS = {
    "Exif": still(part(b"EXIF", CANARY), flags=EXIF),
    "Exif in front": still(before=part(b"EXIF", CANARY), flags=EXIF),
    "XMP": still(part(b"XMP ", CANARY), flags=XMP),
    "two of each": still(part(b"EXIF", b"MM"), part(b"EXIF", CANARY), flags=EXIF),
    "C2PA": still(part(b"C2PA", CANARY)),
    "an unknown chunk": still(part(b"leak", CANARY)),
    "a list": still(part(b"LIST", b"INFO" + CANARY)),
    "behind the file": webp(vp8x(), lossy(), tail=CANARY),
    "a profile that is none": still(before=part(b"ICCP", CANARY * 8), flags=ICC),
    "a profile that nobody announced": still(before=part(b"ICCP", profile(CANARY))),
    "reserved bytes": webp(vp8x(reserved=CANARY[:3]), lossy()),
}
#: The same for a file of the simple format, where decoders look no further than one chunk.
SIMPLE_SLOTS = {
    "Exif": webp(lossy(), part(b"EXIF", CANARY)),
    "a profile": webp(lossy(), part(b"ICCP", profile(CANARY))),
    "a second picture": webp(lossy(), part(b"VP8 ", CANARY)),
    "lossless pixels": webp(lossy(), part(b"VP8L", CANARY)),
    "transparency": webp(lossy(), part(b"ALPH", CANARY)),
    "a header": webp(lossy(), vp8x(0x3E, tail=CANARY)),
    "a frame": webp(lossy(), anim(CANARY), anmf(part(b"VP8 ", CANARY))),
    "behind the file": webp(lossy(), tail=CANARY),
}
#: The same for an animation.
FILM_SLOTS = {
    "behind the head": film(head=anim(CANARY)),
    "a second head": film(head=anim() + part(b"ANIM", CANARY)),
    "between frames": film(anmf(lossy()), part(b"leak", CANARY), anmf(lossless(), time=40)),
    "inside a frame": film(anmf(lossy(), part(b"leak", CANARY)), anmf(lossless(), time=40)),
    "Exif in a frame": film(anmf(lossy(), part(b"EXIF", CANARY)), anmf(lossless(), time=40)),
    "reserved bits of a frame": film(anmf(lossy(), flags=0xF8), anmf(lossless(), time=40)),
    "behind the file": film() + CANARY,
}
