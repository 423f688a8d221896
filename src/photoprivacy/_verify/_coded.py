"""What of a coded item or sample is its picture: H.264 and H.265, told apart once more.

Written from ITU-T H.264 and H.265, 7.3.1, 7.4.1 and Annex D.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from photoprivacy._verify._model import refuse

_Spans = Sequence[tuple[int, int]]

#: H.265, Annex D: number of a message → its most bytes, of those that say how to show a picture
_SHOWING: Final = {
    6: 4,
    19: 1024,
    45: 24,
    47: 8,
    129: 16,
    137: 24,
    144: 4,
    147: 1,
    148: 8,
    149: 32,
    165: 8,
}
#: more units than a picture of 600 slices has, with all that may stand beside them
_TOO_MANY: Final = 1 << 14


def in_a_row(data: bytes, spans: _Spans) -> memoryview:
    """Return what *spans* hold, one behind the other."""
    # One stretch is looked at where it stands: pictures are big, and a copy costs as much again.
    parts = [memoryview(data)[start:stop] for start, stop in spans]
    return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))


def in_file(spans: _Spans, kept: _Spans) -> list[tuple[int, int]]:
    """Return where stretches of what *spans* hold in a row stand in the file."""
    out: list[tuple[int, int]] = []
    before = index = 0
    for start, stop in spans:
        after = before + stop - start
        while index < len(kept) and kept[index][0] < after:
            low, high = max(kept[index][0], before), min(kept[index][1], after)
            out.append((start + low - before, start + high - before))
            if kept[index][1] > after:
                break
            index += 1
        before = after
    return out


def nal_units(
    data: bytes, spans: _Spans, width: int, *, avc: bool, dolby: bool = False
) -> list[tuple[int, int]]:
    """Return what of an H.264 or H.265 item or sample is its picture, stretch by stretch.

    Every stretch but the first may begin inside a unit.
    """
    body = in_a_row(data, spans)
    kept: list[tuple[int, int]] = []
    told: list[int] = []
    ended: list[int] = []
    here = number = 0
    while here < len(body):
        end = here + width + int.from_bytes(body[here : here + width], "big")
        unit = body[here + width : end]
        if not here + width < end <= len(body) or len(unit) < (1 if avc else 2) or unit[0] > 127:
            refuse("a picture whose units cannot be told apart", spans[0][0])
        looks = _h264(unit, number) if avc else _h265(unit, number, dolby=dolby)
        if looks is None:
            told += (says := _says_how(bytes(unit[1 if avc else 2 :])))
            looks = min(says) >= 0
        elif looks and len(unit) < 3 and bytes(unit) in _ENDS:
            ended.append(unit[0])
        if looks:
            kept.append((here, end))
        here, number = end, number + 1
    most = max(Counter(kind for kind in told if kind >= 0).values(), default=0)
    if len(set(ended)) != len(ended) or most > 2 or number > _TOO_MANY:
        refuse("a picture of which something is said too often", spans[0][0])
    return in_file(spans, kept)


#: ends of a sequence and of a stream, of which nothing is said
_ENDS: Final = (b"\x0a", b"\x0b", b"\x48\x01", b"\x4a\x01")


def _h264(unit: memoryview, number: int) -> bool | None:
    """Return whether a unit is picture (Table 7-1); None for messages."""
    kind = unit[0] % 32
    if kind in (2, 3, 4, 13, 19):
        refuse("partitions, or pictures beside the picture", 0)
    if kind in (10, 11) and bytes(unit) not in _ENDS:
        refuse("an end with something in it", 0)
    if kind == 9:
        return number == 0 and len(unit) == 2 and unit[0] == 9 and unit[1] % 32 == 16
    return None if kind == 6 else kind in (1, 5, 7, 8, 10, 11)


def _h265(unit: memoryview, number: int, *, dolby: bool) -> bool | None:
    """Return whether a unit is picture (Table 7-1); None for messages."""
    header = unit[0] << 8 | unit[1]
    kind, layer, moment = header >> 9, header >> 3 & 63, header & 7
    if moment == 0:
        refuse("a unit of no moment", 0)
    if kind in (36, 37):
        if bytes(unit) not in _ENDS:
            refuse("an end with something in it", 0)
        return True
    if layer:
        return False
    if kind == 35:
        return number == 0 and len(unit) == 3 and moment == 1 and unit[2] % 32 == 16
    if kind in (39, 40):
        return None
    return kind < 10 or 16 <= kind < 22 or kind in (32, 33, 34) or (dolby and kind in (62, 63))


def _says_how(coded: bytes) -> list[int]:
    """Return for each message (7.3.5) its number, or -1 if it does not say how to show pictures."""
    plain = b"\0\0".join(coded.split(b"\0\0\3")).rstrip(b"\0")
    plain = plain.removesuffix(b"\x80")
    found = []
    while plain:
        pair = []
        for _ in range(2):
            full = len(plain) - len(plain.lstrip(b"\xff"))
            pair.append(255 * full + (plain[full] if full < len(plain) else 0))
            plain = plain[full + 1 :]
        kind, size = pair
        most = _SHOWING.get(kind, 0)
        if kind == 4 and plain.startswith(bytes.fromhex("b5003c000104")):
            most = 1024  # HDR10+, SMPTE ST 2094-40
        found.append(kind if 0 < size <= min(most, len(plain)) else -1)
        plain = plain[size:]
    return found or [-1]
