"""Where the body of a derived item ends: what stands behind is no part of the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip

#: More than any body below but a large overlay is long: 2 + 255 * 9 bytes.
_LOOK: Final = 4096


def _grid(body: bytes, _inputs: int) -> int:
    """23008-12, 6.6.2.3: version, flags, rows, columns, then two sizes of 16 or 32 bits."""
    return 12 if body[1] & 1 else 8


def _overlay(body: bytes, inputs: int) -> int:
    """6.6.2.2: version, flags, a colour, two sizes, and two offsets for each picture."""
    return 10 + (4 if body[1] & 1 else 2) * (2 + 2 * inputs)


def _samples(body: bytes, _inputs: int) -> int:
    """AV1-AVIF, 4.2.3.1: width of constants, how many tokens; token 0 has a constant behind."""
    width, at = 1 << (body[0] & 3), 2
    for _ in range(body[1]):
        at += 1 + (width if body[at] == 0 else 0)
    return at


def _tone_map(body: bytes, _inputs: int) -> int:
    """ISO 21496-1, C.2: versions, flags, two headrooms; five fractions for one channel or three.

    By another flag, which libultrahdr writes, all share one denominator.
    """
    numbers = 2 + 5 * (3 if body[5] & 0x80 else 1)
    return 6 + (4 + 4 * numbers if body[5] & 0x08 else 8 * numbers)


#: item type → how long its body is, told from it and from how many items it is made of
_LENGTHS: Final[dict[str, Callable[[bytes, int], int]]] = {
    "grid": _grid,
    "iovl": _overlay,
    "sato": _samples,
    "tmap": _tone_map,
    "iden": lambda _body, _inputs: 0,  # 6.6.2.1: none
}


def body_of(kind: str, data: bytes, spans: tuple[Span, ...], inputs: int) -> tuple[Span, ...]:
    """Return the stretches of an item, as far as its type says that it goes.

    Raises:
        CannotStrip: It ends before that.
    """
    if kind not in _LENGTHS:
        return spans
    head = b"".join(data[span.start : min(span.stop, span.start + _LOOK)] for span in spans)
    try:
        left = _LENGTHS[kind](head, inputs)
    except IndexError:
        left = len(head) + 1
    if sum(map(len, spans)) < left:
        raise CannotStrip("a derived picture that is cut short")
    out = []
    for span in spans:
        out.append(Span(span.start, min(span.stop, span.start + left)))
        left -= len(out[-1])
    return tuple(span for span in out if len(span))
