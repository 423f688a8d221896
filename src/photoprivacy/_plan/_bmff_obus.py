"""AV1 pictures without what is no picture: metadata, padding, and units nobody knows."""

from __future__ import annotations

from typing import Final

from photoprivacy.containers._model import Span

#: AV1, 6.2.2: sequence header, delimiter, frame header, tiles, frame, its header again, tile list
_PICTURE: Final = frozenset({1, 2, 3, 4, 6, 7, 8})
_METADATA: Final = 5
#: 6.7.1: light level, mastering colours, scalability. The rest is anybody's, or a time.
_RENDERING: Final = frozenset({1, 2, 3})


def picture_units(data: bytes, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return those stretches of an AV1 item that are its picture (AV1, 5.3).

    An item in several stretches, or one whose units do not fill it, stays as it is: what is a
    unit there cannot be told.
    """
    if len(spans) != 1:
        return spans
    at, end = spans[0].start, spans[0].stop
    kept: list[Span] = []
    while at < end:
        start, header = at, data[at]
        at += 2 if header & 4 else 1  # 5.3.2: an extension byte
        size = end - at
        if header & 2:
            size = 0
            for index in range(8):  # 4.10.5: leb128
                if at >= end:
                    return spans
                size |= (data[at] & 0x7F) << 7 * index
                at += 1
                if data[at - 1] < 0x80:
                    break
            else:
                return spans
        if header & 0x80 or size < 0 or at + size > end:
            return spans
        kind = header >> 3 & 15
        if kind in _PICTURE or (kind == _METADATA and size and data[at] in _RENDERING):
            kept.append(Span(start, at + size))
        at += size
    return tuple(kept) or spans
