"""How long the body of an item is, and what of it is its picture: a look of its own."""

from __future__ import annotations

from typing import Final

from photoprivacy._verify._model import refuse

#: lengths of numbers in the two forms of a grid and of an overlay
_SHORT, _LONG = 2, 4
#: of a token list: two bytes, then at most 255 tokens of nine bytes
_MOST: Final = 4096


def stated_length(kind: bytes, data: bytes, spans: list[tuple[int, int]], inputs: int) -> int:
    """Return how many bytes the body of an item has that is made of *inputs* others; -1 for all."""
    body = b"".join(data[start : min(stop, start + _MOST)] for start, stop in spans)
    if kind == b"iden":
        return 0
    if kind in (b"grid", b"iovl"):
        number = _LONG if body[1] % 2 else _SHORT
        # Version, flags, then rows and columns, or a colour of four channels.
        return 4 + 2 * number if kind == b"grid" else 10 + 2 * number + inputs * 2 * number
    if kind == b"tmap":
        wide, shared = body[5] >> 7, body[5] >> 3 & 1
        return ((38, 62), (78, 142))[wide][1 - shared]  # ISO 21496-1, C.2
    if kind == b"sato":
        constant = (1, 2, 4, 8)[body[0] % 4]
        at = 2
        for _ in range(body[1]):
            at += 1 if body[at] else 1 + constant
        return at
    return -1


def units_of_picture(data: bytes, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what of an AV1 item is coded picture (AV1, 5.3); all where that cannot be told."""
    if len(spans) != 1:
        return spans
    (here, stop), kept = spans[0], []
    while here < stop:
        begin, first = here, data[here]
        here += 1 + (first >> 2 & 1)
        length = stop - here
        if first >> 1 & 1:
            window = data[here : min(here + 8, stop)]
            count = next((n for n, byte in enumerate(window, 1) if byte < 128), 0)
            length = sum((byte & 127) << 7 * n for n, byte in enumerate(window[:count]))
            here += count
            if not count:
                return spans
        if first >> 7 or here + length > stop or here > stop:
            return spans
        unit = first >> 3 & 15
        shows = unit in (1, 2, 3, 4, 6, 7, 8)
        # 6.7.1: of metadata, light level, mastering colours and scalability.
        if shows or (unit == 5 and length and 1 <= data[here] <= 3):
            kept.append((begin, here + length))
        here += length
    return kept or spans


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


def nal_units(
    data: bytes, spans: list[tuple[int, int]], width: int, *, avc: bool, dolby: bool = False
) -> list[tuple[int, int]]:
    """Return what of an H.264 or H.265 item or sample is its picture, stretch by stretch.

    Every stretch but the first may begin inside a unit.
    """
    # One stretch is looked at where it stands: pictures are big, and a copy costs as much again.
    parts = [memoryview(data)[start:stop] for start, stop in spans]
    body = parts[0] if len(parts) == 1 else memoryview(b"".join(parts))
    kept: list[tuple[int, int]] = []
    here = 0
    while here < len(body):
        end = here + width + int.from_bytes(body[here : here + width], "big")
        if not here + width < end <= len(body):
            refuse("a picture whose units cannot be told apart", spans[0][0])
        if _is_picture(body[here + width : end], avc=avc, dolby=dolby):
            kept.append((here, end))
        here = end
    return _in_file(spans, kept)


def _is_picture(unit: memoryview, *, avc: bool, dolby: bool) -> bool:
    kind = unit[0] % 32 if avc else unit[0] // 2 % 64
    if avc:
        slices = kind in (*range(1, 6), 7, 8, 9, 10, 11, 13, 14, 15, 19, 20)
        said = bytes(unit[1:]) if kind == 6 else b""
    else:
        slices = kind < 10 or 16 <= kind < 22 or 32 <= kind < 38
        slices = slices or (dolby and kind in (62, 63))
        said = bytes(unit[2:]) if kind in (39, 40) else b""
    return slices or (bool(said) and all(_says_how(said)))


def _says_how(coded: bytes) -> list[bool]:
    """Return for each message (7.3.5) whether it says how to show the picture."""
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
        found.append(0 < size <= min(most, len(plain)))
        plain = plain[size:]
    return found or [False]


def _in_file(spans: list[tuple[int, int]], kept: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where stretches of the joined *spans* stand in the file."""
    out: list[tuple[int, int]] = []
    before = 0
    queue = list(kept)
    for start, stop in spans:
        size = stop - start
        while queue and queue[0][0] < before + size:
            low, high = queue.pop(0)
            cut = min(high, before + size)
            out.append((start + low - before, start + cut - before))
            if cut < high:
                queue.insert(0, (cut, high))
        before += size
    return out
