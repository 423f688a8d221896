"""How samples of a video are described, written anew: tables with reasons.

ISO/IEC 14496-12, 8.5.2; 14496-15; QuickTime File Format, Video and Sound Sample Descriptions.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from photoprivacy._plan._bmff_properties import PROPERTIES, Once, boxed, kept_property
from photoprivacy._plan._model import Rule
from photoprivacy.containers._bmff_boxes import Box, boxes
from photoprivacy.containers._bmff_movie import SampleEntry
from photoprivacy.errors import CannotStrip, MalformedImage
from photoprivacy.limits import Limits
from photoprivacy.policy import Category, Policy

_Cleaner = Callable[[bytes], bytes]

#: sample entry of pictures → the box it needs to be decoded, and why it may stay
PICTURES: Final[dict[str, tuple[str, Rule]]] = {
    "avc1": ("avcC", Rule(category=None, reason="H.264 (14496-15, 5.4.2)")),
    "avc3": ("avcC", Rule(category=None, reason="H.264 (14496-15, 5.4.2)")),
    "hvc1": ("hvcC", Rule(category=None, reason="H.265 (14496-15, 8.4.1)")),
    "hev1": ("hvcC", Rule(category=None, reason="H.265 (14496-15, 8.4.1)")),
    "dvh1": ("hvcC", Rule(category=None, reason="H.265 with Dolby Vision (DV ISOBMFF, 3)")),
    "dvhe": ("hvcC", Rule(category=None, reason="H.265 with Dolby Vision (DV ISOBMFF, 3)")),
    "av01": ("av1C", Rule(category=None, reason="AV1 (AV1-ISOBMFF, 2.2)")),
    **{
        kind: ("", Rule(category=None, reason="ProRes (SMPTE RDD 36)"))
        for kind in ("apch", "apcn", "apcs", "apco", "ap4h", "ap4x")
    },
}
#: sample entry of sound → the box it needs, and why it may stay
SOUNDS: Final[dict[str, tuple[str, Rule]]] = {
    "mp4a": ("esds", Rule(category=Category.AUDIO, reason="AAC (14496-14, 5.6)")),
    "alac": ("alac", Rule(category=Category.AUDIO, reason="Apple Lossless")),
    "Opus": ("dOps", Rule(category=Category.AUDIO, reason="Opus (Opus in ISOBMFF, 4.3)")),
    "ac-3": ("dac3", Rule(category=Category.AUDIO, reason="AC-3 (ETSI TS 102 366, F.3)")),
    "samr": ("damr", Rule(category=Category.AUDIO, reason="AMR (3GPP TS 26.244, 6.7)")),
    "sawb": ("damr", Rule(category=Category.AUDIO, reason="AMR (3GPP TS 26.244, 6.7)")),
    **{
        kind: ("", Rule(category=Category.AUDIO, reason="samples as they are"))
        for kind in ("sowt", "twos", "lpcm", "in24", "in32", "fl32", "fl64", "raw ", "ulaw", "alaw")
    },
}

_MOST_SPECIFIC: Final = 8
#: H.264 profiles whose configuration goes on behind the parameter sets (14496-15, 5.3.3.1.2)
_HIGH: Final = frozenset({100, 110, 122, 144})
_SPS, _PPS = 7, 8
#: parameter sets of further views, which stand among the others and go with their slices
_SUBSET: Final = 15


class _Cursor:
    """Takes bytes from the front; what is not there makes the movie one that cannot be cleaned."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    @property
    def left(self) -> int:
        return len(self._body) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise CannotStrip("a decoder configuration that is cut short")
        self._at += count
        return self._body[self._at - count : self._at]

    def byte(self) -> int:
        return self.take(1)[0]


def _avc(body: bytes) -> bytes:
    """14496-15, 5.3.3.1: profile, width of lengths, parameter sets, and what high profiles add."""
    cursor = _Cursor(body)
    head = cursor.take(5)
    if head[0] != 1:
        raise CannotStrip("a decoder configuration of an unknown version")
    out = head[:4] + bytes((head[4] & 3 | 0xFC,))
    for mask, kind in ((0xE0, _SPS), (0, _PPS)):
        count, sets = _sets(cursor, cursor.byte() & ~mask & 0xFF, kind)
        out += bytes((count | mask,)) + sets
    if head[1] in _HIGH and cursor.left >= 4:
        chroma, luma_bits, chroma_bits, count = cursor.take(4)
        if count:
            raise CannotStrip("a video with auxiliary pictures")  # H.264, 7.3.2.1.2
        out += bytes((chroma & 3 | 0xFC, luma_bits & 7 | 0xF8, chroma_bits & 7 | 0xF8, 0))
    return out


def _sets(cursor: _Cursor, count: int, kind: int) -> tuple[int, bytes]:
    """Return how many parameter sets stay, and those."""
    out = []
    for _ in range(count):
        size = cursor.take(2)
        unit = cursor.take(int.from_bytes(size, "big"))
        if not unit or unit[0] & 0x9F not in (kind, _SUBSET):
            raise CannotStrip("a decoder configuration with something else in it")
        if unit[0] & 0x1F == kind:
            out.append(size + unit)
    return len(out), b"".join(out)


def _descriptor(cursor: _Cursor) -> tuple[int, _Cursor]:
    """Return tag and content of a descriptor (14496-1, 8.3.3): seven bits of length a byte."""
    tag, size = cursor.byte(), 0
    for _ in range(4):
        byte = cursor.byte()
        size = size << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return tag, _Cursor(cursor.take(size))


def _tagged(tag: int, body: bytes) -> bytes:
    return bytes((tag, len(body))) + body


def _elementary(body: bytes) -> bytes:
    """14496-1, 7.2.6.5: of a stream its coding, and how the decoder starts. No rates."""
    cursor = _Cursor(body)
    cursor.take(4)
    tag, stream = _descriptor(cursor)
    flags = stream.take(3)[2]
    if tag != 3 or flags & 0xE0:
        raise CannotStrip("sound described in a way that is not known")
    tag, config = _descriptor(stream)
    if tag != 4:
        raise CannotStrip("sound described in a way that is not known")
    kind, stream_type = config.take(2)
    config.take(11)
    specific = b""
    if config.left:
        tag, inner = _descriptor(config)
        specific = inner.take(inner.left)
        # 14496-3, 1.6.2.1: a few bits; longer ones may hold a comment.
        if tag != 5 or len(specific) > _MOST_SPECIFIC:
            raise CannotStrip("sound described in a way that is not known")
    decoder = bytes((kind, stream_type & 0xFC | 1)) + bytes(11)
    decoder += _tagged(5, specific) if specific else b""
    whole = bytes(3) + _tagged(4, decoder) + _tagged(6, b"\x02")
    return bytes(4) + _tagged(3, whole)


def _exactly(length: int, zeros: int = 0) -> _Cleaner:
    """Return a cleaner that keeps *length* bytes behind *zeros* bytes of version and flags."""

    def clean(body: bytes) -> bytes:
        return bytes(zeros) + _Cursor(body).take(length + zeros)[zeros:]

    return clean


def _colours(body: bytes) -> bytes:
    """QuickTime File Format, Color Parameter Atoms: three numbers; else as everywhere."""
    if body[:4] == b"nclc":
        return _exactly(10)(body)
    return PROPERTIES["colr"].clean(body)


def _opus(body: bytes) -> bytes:
    """Opus in ISOBMFF, 4.3.2: eleven bytes, and where there are more channels which is which."""
    head = _Cursor(body).take(11)
    mapped = 2 + head[1] if head[10] else 0
    return _Cursor(body).take(11 + mapped)


def _channels(body: bytes) -> bytes:
    """Core Audio, AudioChannelLayout: a number, or a row of 20 bytes for each channel."""
    head = _Cursor(body).take(16)
    count = int.from_bytes(head[12:], "big")
    if count > 24:
        raise CannotStrip("sound of more channels than are known")
    return bytes(4) + _Cursor(body).take(16 + 20 * count)[4:]


def _amr(body: bytes) -> bytes:
    """3GPP TS 26.244, 6.7: maker of the encoder, its version, then modes, period and frames."""
    return bytes(5) + _Cursor(body).take(9)[5:]


#: box inside a sample entry → (why it may stay, how it is written anew)
DESCRIBED: Final[dict[str, tuple[Rule, _Cleaner]]] = {
    "avcC": (Rule(category=None, reason="how to start the decoder (14496-15, 5.3.3)"), _avc),
    "colr": (Rule(category=Category.COLOR, reason="colours (14496-12, 12.1.5)"), _colours),
    "fiel": (Rule(category=None, reason="fields (QuickTime File Format)"), _exactly(2)),
    "gama": (Rule(category=Category.COLOR, reason="gamma (QuickTime File Format)"), _exactly(4)),
    "dvcC": (Rule(category=Category.HDR, reason="Dolby Vision (DV ISOBMFF, 2.2)"), _exactly(5)),
    "dvvC": (Rule(category=Category.HDR, reason="Dolby Vision (DV ISOBMFF, 2.2)"), _exactly(5)),
    "esds": (Rule(category=None, reason="how to start the decoder (14496-14, 5.6)"), _elementary),
    "alac": (Rule(category=None, reason="how to start the decoder"), _exactly(24, 4)),
    "dOps": (Rule(category=None, reason="how to start the decoder"), _opus),
    "dac3": (Rule(category=None, reason="how to start the decoder"), _exactly(3)),
    "damr": (Rule(category=None, reason="how to start the decoder"), _amr),
    "chan": (Rule(category=None, reason="which channel is where (Core Audio)"), _channels),
}
#: what HEIC and AVIF say of pictures, and videos as well
_SHARED: Final = frozenset({"hvcC", "av1C", "pasp", "clap", "clli", "mdcv", "cclv", "amve"})
_DOLBY_BYTES: Final = 24
#: what says that there are two views; without it the video is another, with it it tells of lenses
STEREO: Final = frozenset({"lhvC", "vexu", "mvcC", "st3d", "sv3d"})


def picture_entry(data: bytes, entry: SampleEntry, policy: Policy) -> bytes:
    """Return a fresh entry: size, 72 dots an inch, depth; nobody's name, version or quality.

    Raises:
        CannotStrip: It is described in a way that is not known to be clean.
    """
    needed, _ = PICTURES[entry.type]
    if entry.depth not in (24, 32, 40):
        raise CannotStrip("a video with a table of colours, or of an unknown depth")
    body = bytes(6) + b"\x00\x01" + bytes(16) + struct.pack(">HH", entry.width, entry.height)
    body += struct.pack(">IIIH", 0x480000, 0x480000, 0, 1) + bytes(32)
    body += struct.pack(">Hh", entry.depth, -1)
    return _entry(data, entry, body, needed, policy)


def sound_entry(data: bytes, entry: SampleEntry, policy: Policy) -> bytes:
    """Return a fresh entry of sound.

    Raises:
        CannotStrip: It is described in a way that is not known to be clean.
    """
    needed, _ = SOUNDS[entry.type]
    head = entry.head.of(data)
    version = int.from_bytes(head[8:10], "big")
    # Version, then revision and vendor; channels, bits, compression, packet; rate.
    body = bytes(6) + b"\x00\x01" + head[8:10] + bytes(6) + head[16:28]
    if version in (1, 2):
        body += head[28 : 44 if version == 1 else 64]
    elif version:
        raise CannotStrip("sound described in a way that is not known")
    return _entry(data, entry, body, needed, policy)


def _entry(data: bytes, entry: SampleEntry, body: bytes, needed: str, policy: Policy) -> bytes:
    inside = {box.type for box in entry.properties}
    if needed and needed not in inside and "wave" not in inside:
        raise CannotStrip("samples that do not say how to decode them")
    once = Once()
    parts = [once.take(_described(data, box, entry.type, policy)) for box in entry.properties]
    return boxed(entry.type.encode("latin-1"), body, *parts)


def _wave(data: bytes, box: Box, kind: str) -> bytes:
    """QuickTime File Format, siDecompressionParam Atom: format, what the decoder needs, an end."""
    try:
        inner = list(boxes(data, box.body.start, box.body.stop, Limits(), last=False))
    except MalformedImage:
        raise CannotStrip("sound described in a way that is not known") from None
    needed = [one for one in inner if one.type == SOUNDS[kind][0]]
    if len(needed) != 1:
        raise CannotStrip("samples that do not say how to decode them")
    name = kind.encode("latin-1")
    config = boxed(needed[0].type.encode(), DESCRIBED[needed[0].type][1](needed[0].body.of(data)))
    # The sample's own format stands there once more, empty, for AAC.
    again = boxed(name, bytes(4)) if kind == "mp4a" else b""
    return boxed(b"wave", boxed(b"frma", name), again, config, bytes((0, 0, 0, 8)) + bytes(4))


def _described(data: bytes, box: Box, kind: str, policy: Policy) -> bytes:
    if box.type == "wave" and SOUNDS.get(kind, ("",))[0]:
        return _wave(data, box, kind)
    if box.type in DESCRIBED:
        rule, clean = DESCRIBED[box.type]
        if not rule.holds(policy):
            return b""
        body = clean(box.body.of(data))
        if box.type in ("dvcC", "dvvC"):
            body = body.ljust(_DOLBY_BYTES, b"\x00")
        return boxed(box.type.encode("latin-1"), body) if body else b""
    if box.type in STEREO:
        raise CannotStrip("a video of two views")
    if box.type in _SHARED:
        return kept_property(data, box, kind, essential=False, policy=policy)
    return b""
