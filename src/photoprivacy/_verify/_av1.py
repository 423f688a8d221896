"""What of an AV1 item or sample is its picture, told apart once more.

Written from the AV1 bitstream specification, 5.3 to 5.8 and 6.2 to 6.7, and AV1-ISOBMFF, 2.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from photoprivacy._verify._av1_header import nothing_behind
from photoprivacy._verify._coded import in_a_row, in_file
from photoprivacy._verify._model import refuse

_Spans = Sequence[tuple[int, int]]


def units_of_picture(
    data: bytes, spans: _Spans, layers: bytes | None = None
) -> list[tuple[int, int]]:
    """Return what of an AV1 item is coded picture (AV1, 5.3).

    Args:
        data: The file.
        spans: Where it stands.
        layers: What a property says of the sizes of its layers, if it does (AV1-AVIF, 2.3.2.3).
    """
    if not spans:
        return []
    body, at = in_a_row(data, spans), spans[0][0]
    units = list(_units(body, at))
    kept: list[tuple[int, int]] = []
    said: dict[int, list[bytes]] = {}
    pictures = 0
    for number, (begin, start, stop, kind) in enumerate(units):
        content = body[start:stop]
        if kind == 2 and (number or content):
            refuse("a delimiter of moments with something in it, or inside one", at)
        if kind == 1:
            said.setdefault(0, []).append(bytes(content))
        shows = kind in (1, 2, 3, 4, 6)
        if kind == 5 and (bytes(content[:1]), len(content)) in ((b"\1", 6), (b"\2", 26)):
            shows = content[-1] == 128
            if shows:
                said.setdefault(content[0], []).append(bytes(content))
        if shows:
            kept.append((begin, stop))
        pictures += kind in (3, 4, 6)
    if not pictures:
        refuse("an item without a picture", at)
    headers = set(said.pop(0, []))
    if len(headers) > 1 or any(len(again) > 1 for again in said.values()):
        refuse("a picture that is said to be two things", at)
    for header in headers:
        if not nothing_behind(header):
            refuse("a sequence header with more in it than is known", at)
    if layers is not None:
        _counted(layers, [stop for _, _, stop, _ in units], whole=len(kept) == len(units), at=at)
    return in_file(spans, kept)


def _counted(layers: bytes, ends: list[int], *, whole: bool, at: int) -> None:
    """Check that layers end where units do, and that none of those goes."""
    step = 4 if layers[0] % 2 else 2
    sizes = [int.from_bytes(layers[n : n + step], "big") for n in range(1, 1 + 3 * step, step)]
    used = sizes[: sizes.index(0)] if 0 in sizes else sizes
    sums = [sum(used[: n + 1]) for n in range(len(used))]
    if any(sizes[len(used) :]) or not set(sums) <= set(ends[:-1]):
        refuse("layers that do not end where units do", at)
    if used and not whole:
        refuse("layers that count what is no picture", at)


def _units(body: memoryview, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield start, start of the content, end, and type of each unit (5.3.1)."""
    here, count = 0, 0
    while here < len(body):
        begin, first = here, body[here]
        here += 1
        if first & 0x81 or count == 1 << 14:
            refuse("units of AV1 that cannot be told apart", at)
        if first >> 2 & 1:
            if here == len(body) or body[here] % 8:
                refuse("units of AV1 that cannot be told apart", at)
            here += 1
        length = len(body) - here
        if first >> 1 & 1:
            window = bytes(body[here : here + 8])
            size = next((n for n, byte in enumerate(window, 1) if byte < 128), 0)
            length = sum((byte & 127) << 7 * n for n, byte in enumerate(window[:size]))
            here += size
            if not size:
                refuse("units of AV1 that cannot be told apart", at)
        if here + length > len(body):
            refuse("units of AV1 that cannot be told apart", at)
        yield begin, here, here + length, first >> 3 & 15
        here, count = here + length, count + 1
