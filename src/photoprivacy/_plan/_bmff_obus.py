"""AV1 pictures without what is no picture: metadata, padding, and units nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy._plan._av1_sequence import sequence_header_bits
from photoprivacy._plan._coded import joined, kept_of
from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip
from photoprivacy.policy import Policy, Unknown

_SEQUENCE, _DELIMITER, _METADATA, _PADDING = 1, 2, 5, 15
#: AV1, 6.2.2: frame header, tiles, frame. What else there is goes: a frame header once more is no
#: news, lists of tiles are for other files (AV1-ISOBMFF, 2.4), the rest is metadata or reserved.
_FRAMES: Final = frozenset({3, 4, 6})
#: 6.7.3, 6.7.4: kind of metadata that says how to show a picture → its bytes, the kind and the
#: end (a bit of one, then zeros to the end of the byte) included: light level, mastering display
_RENDERING: Final = {1: 6, 2: 26}
#: More units than any picture has: 4096 tiles, each a group of its own, in four layers.
_MOST_UNITS: Final = 16_384
_UNTOLD: Final = "coded pictures whose units cannot be told apart"


@attrs.frozen
class _Unit:
    """One unit: all its bytes, its type, and its content."""

    span: Span
    kind: int
    body: Span


def picture_units(
    data: bytes, spans: Sequence[Span], policy: Policy, *, layers: Sequence[int] = ()
) -> tuple[Span, ...]:
    """Return those stretches of an AV1 item or sample that are its picture (AV1, 5.3).

    Args:
        data: The file.
        spans: Where it is, in the order in which it is read.
        policy: What may stay.
        layers: Bytes of each layer but the last, where a property counts them.

    Raises:
        CannotStrip: Its units cannot be told apart, or say more than they should; or some say
            something else, and the policy refuses that, or sizes of layers count them.
    """
    if not sum(map(len, spans)):
        return tuple(spans)
    body, where = joined(data, spans)
    found = list(_units(body, where))
    kept = [unit for unit in found if _stays(body, unit, first=unit is found[0])]
    if not any(unit.kind in _FRAMES for unit in kept):
        raise CannotStrip("coded pictures without a picture")
    _check_headers(body, kept)
    if len(kept) == len(found):
        if layers:
            _check_layers(found, layers)
        return tuple(spans)
    if layers:
        raise CannotStrip("layers that count bytes which are no picture")
    # Padding says what it is, but what it is made of nobody knows.
    if policy.unknown is Unknown.REFUSE:
        raise CannotStrip("the policy refuses bytes of unknown purpose: inside the coded picture")
    return kept_of(spans, (unit.span for unit in kept))


def _units(data: bytes, where: Span) -> Iterator[_Unit]:
    """Yield the units of an item or sample, which tile it (5.3.1)."""
    at, end = where.start, where.stop
    for _ in range(_MOST_UNITS):
        start, header = at, data[at]
        at += 1
        if header & 4:  # 5.3.3: one more byte, with three reserved bits
            if at >= end or data[at] & 7:
                raise CannotStrip(_UNTOLD)
            at += 1
        size = end - at
        if header & 2:
            size, at = _leb128(data, at, end)
        # 5.3.2: the first bit is forbidden, the last one reserved.
        if header & 0x81 or at + size > end or size < 0:
            raise CannotStrip(_UNTOLD)
        yield _Unit(Span(start, at + size), header >> 3 & 15, Span(at, at + size))
        at += size
        if at == end:
            return
    raise CannotStrip("coded pictures of more units than are known")


def _leb128(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where it ends (4.10.5)."""
    value = 0
    for index, byte in enumerate(data[at : min(at + 8, end)]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, at + index + 1
    raise CannotStrip(_UNTOLD)


def _stays(data: bytes, unit: _Unit, *, first: bool) -> bool:
    if unit.kind == _DELIMITER:
        # 5.6: nothing in it. One further back would begin another moment.
        if len(unit.body) or not first:
            raise CannotStrip("coded pictures of several moments, or with something between")
        return True
    if unit.kind == _METADATA:
        kind = data[unit.body.start] if len(unit.body) else 0
        end = data[unit.body.stop - 1]
        return _RENDERING.get(kind) == len(unit.body) and end == 0x80
    return unit.kind in _FRAMES or unit.kind == _SEQUENCE


def _check_headers(data: bytes, kept: list[_Unit]) -> None:
    """Check that what describes the pictures says it once, and nothing behind it."""
    headers = {unit.body.of(data) for unit in kept if unit.kind == _SEQUENCE}
    metadata = [data[unit.body.start] for unit in kept if unit.kind == _METADATA]
    # 7.5: a sequence header is bit by bit the same where it is said again.
    if len(headers) > 1 or len(metadata) != len(set(metadata)):
        raise CannotStrip("a picture that is said to be two things")
    if not all(map(_ends, headers)):
        raise CannotStrip("a sequence header with more in it than is known")


def _ends(body: bytes) -> bool:
    """Return whether a sequence header ends where its numbers do (5.3.4): a one, then zeros."""
    bits = sequence_header_bits(body)
    if bits < 0 or bits // 8 != len(body) - 1:
        return False
    return body[-1] << bits % 8 & 0xFF == 0x80


def _check_layers(found: list[_Unit], layers: Sequence[int]) -> None:
    """Check that sizes of layers (AV1-AVIF, 2.3.2.3) are those of whole units."""
    ends = {unit.span.stop - found[0].span.start for unit in found[:-1]}
    at = 0
    for number, size in enumerate(layers):
        at += size
        if (size and at not in ends) or (not size and any(layers[number:])):
            raise CannotStrip("layers that do not end where units do")
