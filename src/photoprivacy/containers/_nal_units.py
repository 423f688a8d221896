"""AVC and HEVC pictures unit by unit: which are the picture, and which say something beside it.

ITU-T H.264 and H.265, 7.3.1 and 7.4.2.2, in samples as ISO/IEC 14496-15 stores them: each unit
behind its length. Supplemental enhancement information (SEI, Annex D) is where encoders put their
settings, their serial numbers, times, captions, and whatever an app asks them to.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.containers._model import Span


class Coding(enum.Enum):
    """Which numbers the units of a coding have."""

    AVC = "H.264"
    HEVC = "H.265"


class Use(enum.Enum):
    """What a unit is there for."""

    PICTURE = "slices, parameter sets, delimiters"
    SHOWING = "says how to show the picture: light, colours, turning, where to begin"
    BESIDE = "says something else, or nothing"
    BOTH = "says both in one unit"
    RARE = "part of a picture in a way that few decoders know"


@attrs.frozen
class Unit:
    """One unit: all its bytes, its length in front included, and what it is there for."""

    span: Span
    use: Use


#: H.264, Table 7-1: slices and parameter sets. Prefixes, further parameter sets and slices of
#: scalable and multiview extensions (14, 15, 20, 21) are passed over by decoders of one view.
_AVC: Final = frozenset({1, 5, 7, 8})
#: partitions of slices; what auxiliary pictures are made of
_RARE: Final = frozenset({2, 3, 4, 13, 19})
#: H.265, Table 7-1: slices (0-9, 16-21), parameter sets; all else says nothing
_HEVC: Final = frozenset({*range(10), *range(16, 22), 32, 33, 34})
#: delimiter, end of sequence, end of stream (H.264) or of bitstream (H.265)
_DELIMITER: Final = {Coding.AVC: 9, Coding.HEVC: 35}
#: their headers: layer 0, and (H.264, 7.4.1) nothing that others refer to
_DELIMITERS: Final = frozenset({b"\x09", b"\x46\x01"})
_NOTHING_IN: Final = frozenset({b"\x0a", b"\x0b", b"\x48\x01", b"\x4a\x01"})
_ENDS: Final = {Coding.AVC: frozenset({10, 11}), Coding.HEVC: frozenset({36, 37})}
#: not in the standard: Dolby Vision's changes of each picture, and its enhancement (DV 2.2)
_DOLBY: Final = frozenset({62, 63})
_SEI: Final = {Coding.AVC: frozenset({6}), Coding.HEVC: frozenset({39, 40})}

#: H.264 and H.265, Annex D: number of a message → most bytes it has, and why it may stay
SHOWING: Final = {
    6: (4, "where decoding can begin (D.2.8)"),
    19: (1024, "film grain that the decoder adds (D.2.20)"),
    45: (24, "two views in one picture (D.2.26)"),
    47: (8, "turning and mirroring (D.2.27)"),
    129: (16, "which parameter sets are in use (H.265, D.2.21)"),
    137: (24, "colours of the mastering display (D.2.29)"),
    144: (4, "light level (D.2.35)"),
    147: (1, "another transfer function (D.2.38)"),
    148: (8, "light of the surroundings (D.2.39)"),
    149: (32, "colour volume of the content (D.2.40)"),
    165: (8, "what an auxiliary picture's alpha means (D.2.41)"),
}
#: H.265, D.2.6: messages registered by ITU-T T.35; this one is HDR10+ (SMPTE ST 2094-40)
_REGISTERED: Final = 4
_HDR10_PLUS: Final = b"\xb5\x00\x3c\x00\x01\x04"
_MOST_HDR10_PLUS: Final = 1024
#: How often one message may stand in a sample: pictures of two fields say it for each.
_MOST_TIMES: Final = 2
#: More units than any picture has: H.265, A.4.2, allows 600 slices.
_MOST_UNITS: Final = 16_384


def units(
    data: bytes, span: Span, coding: Coding, width: int, *, dolby: bool = False
) -> tuple[Unit, ...]:
    """Return the units of a sample or an item, which tile it.

    Args:
        data: The file.
        span: The sample or item.
        coding: How it is coded.
        width: Bytes of the length in front of each unit, 1 to 4.
        dolby: Whether the track says that it has units of Dolby Vision.

    Returns:
        ``()`` when they do not fill it, or one has a header that none has: what is a unit there
        cannot be told.
    """
    found: list[Unit] = []
    said: Counter[int] = Counter()
    ends: set[int] = set()
    at = span.start
    header = 1 if coding is Coding.AVC else 2
    while at < span.stop:
        start = at
        at += width
        size = int.from_bytes(data[start:at], "big")
        if size < header or at + size > span.stop or len(found) == _MOST_UNITS:
            return ()
        kind, layer, sound = _header(data, at, coding)
        if not sound:
            return ()
        unit = Span(at, at + size)
        at = unit.stop
        if kind in _ENDS[coding]:
            # Decoders act on one in any layer, and whatever stands in it: what would go cannot
            # be told. Once is enough.
            whole = data[unit.start : unit.stop] in _NOTHING_IN
            use = Use.PICTURE if whole and kind not in ends else Use.BOTH
            ends.add(kind)
        elif layer:
            use = Use.BESIDE  # H.265, 7.4.2.2: decoders of one layer pass over it
        elif kind == _DELIMITER[coding]:
            use = Use.BESIDE if found or not _delimits(data, unit) else Use.PICTURE
        else:
            use = _use(data, unit, coding, kind, said, dolby=dolby)
        found.append(Unit(Span(start, at), use))
    return tuple(found)


def _header(data: bytes, at: int, coding: Coding) -> tuple[int, int, bool]:
    """Return type and layer of a unit, and whether its header is one (7.3.1.1, 7.3.1.2)."""
    first = data[at]
    if coding is Coding.AVC:
        return first & 0x1F, 0, first < 0x80
    second = data[at + 1]
    # The first bit is forbidden, and so is a temporal layer of no number.
    return first >> 1 & 0x3F, (first & 1) << 5 | second >> 3, first < 0x80 and second & 7 > 0


def _delimits(data: bytes, unit: Span) -> bool:
    """Return whether a delimiter holds three bits and an end (7.3.2.4, 7.3.2.5), no more."""
    return data[unit.stop - 1] & 0x1F == 0x10 and data[unit.start : unit.stop - 1] in _DELIMITERS


def _use(
    data: bytes, unit: Span, coding: Coding, kind: int, said: Counter[int], *, dolby: bool
) -> Use:
    if kind in (_AVC if coding is Coding.AVC else _HEVC):
        return Use.PICTURE
    if coding is Coding.AVC and kind in _RARE:
        return Use.RARE
    if coding is Coding.HEVC and dolby and kind in _DOLBY:
        return Use.SHOWING
    if kind not in _SEI[coding]:
        return Use.BESIDE
    header = 1 if coding is Coding.AVC else 2
    found = list(_messages(data[unit.start + header : unit.stop]))
    said.update(found)
    shows = {number >= 0 for number in found}
    if shows == {True}:
        return Use.BOTH if any(said[number] > _MOST_TIMES for number in found) else Use.SHOWING
    return Use.BOTH if True in shows else Use.BESIDE


def _messages(coded: bytes) -> Iterator[int]:
    """Yield the number of each message that says how to show the picture (7.3.5), -1 for others."""
    # 7.3.1.1: a 3 behind two zeros is no part of the content.
    body = coded.replace(b"\x00\x00\x03", b"\x00\x00")
    at = 0
    # 7.3.2.11: the content ends with a bit of one and zeros to the end of the byte.
    end = len(body.rstrip(b"\x00"))
    if end and body[end - 1] == 0x80:
        end -= 1
    while at < end:
        kind, at = _number(body, at)
        size, at = _number(body, at)
        most = SHOWING[kind][0] if kind in SHOWING else 0
        if kind == _REGISTERED and body.startswith(_HDR10_PLUS, at):
            most = _MOST_HDR10_PLUS
        yield kind if 0 < size <= most and at + size <= end else -1
        at += size


def _number(body: bytes, at: int) -> tuple[int, int]:
    """Return a number of 7.3.5, coded as so many bytes of 255 and a rest; and where it ends."""
    value = 0
    while at < len(body) and body[at] == 0xFF:
        value += 255
        at += 1
    return value + (body[at] if at < len(body) else 0), at + 1
