"""A codestream of JPEG 2000 without a word in it (ISO/IEC 15444-1, Annex A)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

import attrs

from photoprivacy._plan._model import Copy, Fresh, Piece, Rule, size_of
from photoprivacy.containers._j2k import Codestream, Marker, TilePart
from photoprivacy.containers._model import Span
from photoprivacy.errors import CannotStrip

#: Markers that may stay. Clauses of ISO/IEC 15444-1; CAP is of 15444-15.
MARKERS: Final[dict[str, Rule]] = {
    "SOC": Rule(category=None, reason="begins the picture (A.4.1)"),
    "SIZ": Rule(category=None, reason="size, tiles and components (A.5.1)"),
    "CAP": Rule(category=None, reason="which coder (15444-15, A.3)"),
    "COD": Rule(category=None, reason="how it is coded (A.6.1)"),
    "COC": Rule(category=None, reason="how a component is coded (A.6.2)"),
    "RGN": Rule(category=None, reason="a region coded better (A.6.3)"),
    "QCD": Rule(category=None, reason="steps of the bands (A.6.4)"),
    "QCC": Rule(category=None, reason="steps of a component's bands (A.6.5)"),
    "POC": Rule(category=None, reason="changes of order (A.6.6)"),
    "PPM": Rule(category=None, reason="headers of packets, all in one place (A.7.4)"),
    "PPT": Rule(category=None, reason="headers of packets of a tile-part (A.7.5)"),
    "CRG": Rule(category=None, reason="how components lie to each other (A.9.1)"),
    "SOT": Rule(category=None, reason="begins a tile-part (A.4.2); its length written anew"),
    "SOD": Rule(category=None, reason="packets (A.4.3)"),
    "EOC": Rule(category=None, reason="ends the picture (A.4.4)"),
}
#: indexes that only help to find a way, a profile that says nothing to a decoder, and words
#: 15444-15, A.3.1: the fifteenth bit for the fifteenth part
_FAST: Final = b"\x00\x02\x00\x00"
#: What decoders take (OpenJPEG); a few are in use.
_MOST_ORDERS: Final = 32
_DROPPED: Final = frozenset({"TLM", "PLM", "PLT", "CPF", "COM"})
_OFTEN: Final = frozenset({"PPM", "PPT", "POC"})
_MAIN: Final = frozenset(MARKERS) - {"PPT"}
_IN_TILE: Final = frozenset({"COD", "COC", "RGN", "QCD", "QCC", "POC", "PPT"})
_NEEDED: Final = frozenset({"SIZ", "COD", "QCD"})


def clean_codestream(coded: Codestream, data: bytes) -> list[Piece]:
    """Return what a clean codestream is made of.

    Raises:
        CannotStrip: It has markers that are not known, or that are longer than what they say.
    """
    places = [
        one.body.start + (5 if one.name == "COD" else 2 + (len(coded.depths) > 256))
        for one in _all(coded)
        if one.name in ("COD", "COC")
    ]
    levels = max((data[at] for at in places if at < len(data)), default=0)
    shape = _Shape(data=data, count=len(coded.depths), levels=levels)
    pieces: list[Piece] = [Fresh(b"\xff\x4f")]
    pieces += shape.markers(coded.markers, _MAIN)
    if not {one.name for one in coded.markers} >= _NEEDED:
        raise CannotStrip("a picture that does not say how it is coded")
    _numbered(coded)
    for part in coded.parts:
        pieces += _tile_part(part, shape.markers(part.markers, _IN_TILE))
    pieces.append(Fresh(b"\xff\xd9"))
    return pieces


def _all(coded: Codestream) -> tuple[Marker, ...]:
    return coded.markers + tuple(one for part in coded.parts for one in part.markers)


def _numbered(coded: Codestream) -> None:
    """Check that tile-parts are of tiles that are there, in order, and as many as is said (A.4.2).

    Raises:
        CannotStrip: One is not, so that no decoder looks at it.
    """
    found: dict[int, int] = {}
    said: dict[int, int] = {}
    for part in coded.parts:
        number = found.get(part.tile, 0)
        count = part.count or said.get(part.tile, 0)
        if part.tile >= coded.tiles or part.number != number:
            raise CannotStrip("a tile-part that its tile does not have")
        if count != said.setdefault(part.tile, count) and said[part.tile]:
            raise CannotStrip("a tile that says twice how many parts it has")
        said[part.tile] = count
        found[part.tile] = number + 1
    if any(said[tile] not in (0, number) for tile, number in found.items()):
        raise CannotStrip("a tile with another number of parts than it says")


def _tile_part(part: TilePart, markers: list[Piece]) -> list[Piece]:
    rest: list[Piece] = [*markers, Fresh(b"\xff\x93"), Copy(part.data)]
    size = 12 + sum(map(size_of, rest))
    if size > 0xFFFFFFFF:
        raise CannotStrip("a tile-part of more than 4 GiB")
    head = b"\xff\x90\0\x0a" + part.tile.to_bytes(2, "big") + size.to_bytes(4, "big")
    return [Fresh(head + bytes((part.number, part.count))), *rest]


@attrs.frozen(kw_only=True)
class _Shape:
    """How long marker segments are that say what they must and nothing more.

    Attributes:
        data: The file.
        count: Number of components.
        levels: The most decompositions that any part of the picture has.
    """

    data: bytes
    count: int
    levels: int

    def markers(self, found: tuple[Marker, ...], may: frozenset[str]) -> list[Piece]:
        """Return what stays of the marker segments of one header."""
        pieces: list[Piece] = []
        seen: set[tuple[str, int]] = set()
        for one in found:
            if one.name in _DROPPED:
                continue
            if one.name not in may:
                raise CannotStrip("a marker that is not known here")
            body = one.body.of(self.data) if one.name not in ("PPM", "PPT") else b""
            part = self._component(body) if one.name in ("COC", "QCC", "RGN") else -1
            if one.name not in _OFTEN and (one.name, part) in seen:
                raise CannotStrip("a marker that is there twice")
            seen.add((one.name, part))
            check = _CHECKS.get(one.name)
            if check is not None and not check(self, body):
                raise CannotStrip("a marker of another length than it says, or of another meaning")
            pieces.append(Copy(Span(one.span.start, one.span.stop)))
        return pieces

    def _component(self, body: bytes) -> int:
        return int.from_bytes(body[: self.wide], "big")

    @property
    def wide(self) -> int:
        """Bytes of a component's number."""
        return 2 if self.count > 256 else 1

    def style(self, body: bytes) -> bool:
        """Whether COD is as long as it says (Table A.12), and says what is known."""
        return len(body) > 9 and body[0] < 8 and body[1] < 5 and body[4] < 2 and self._coding(
            body[5:], own=bool(body[0] & 1)
        )  # fmt: skip

    def style_of_component(self, body: bytes) -> bool:
        """Whether COC is as long as it says (Table A.22)."""
        rest = body[self.wide :]
        return (
            self._component(body) < self.count
            and len(rest) > 5
            and rest[0] < 2
            and self._coding(rest[1:], own=bool(rest[0]))
        )

    @staticmethod
    def _coding(body: bytes, *, own: bool) -> bool:
        """Whether Table A.15 holds; behind it stands one byte a resolution, if they are *own*."""
        length = 5 + (body[0] + 1 if own else 0)
        return len(body) == length and body[0] <= 32 and body[3] < 0x80 and body[4] < 2

    def steps(self, body: bytes) -> bool:
        """Whether there are steps for the bands of QCD (Table A.27), and for no more."""
        if not body:
            return False
        bands = 3 * self.levels + 1
        rest, kind = len(body) - 1, body[0] & 31
        if kind == 1:
            return rest == 2
        return kind in (0, 2) and not (kind and rest % 2) and 0 < rest // (kind or 1) <= bands

    def steps_of_component(self, body: bytes) -> bool:
        """Whether QCC (A.6.5) holds for a component that is there."""
        return self._component(body) < self.count and self.steps(body[self.wide :])

    def region(self, body: bytes) -> bool:
        """Whether RGN (A.6.3) is what it may be."""
        rest = body[self.wide :]
        return self._component(body) < self.count and len(rest) == 2 and rest[0] == 0

    def orders(self, body: bytes) -> bool:
        """Whether POC (A.6.6) has whole rows, each of ranges that are there, and not too many."""
        size = 5 + 2 * self.wide
        rows = [body[at : at + size] for at in range(0, len(body), size)]
        return 0 < len(rows) <= _MOST_ORDERS and all(map(self._order, rows))

    def _order(self, row: bytes) -> bool:
        form = ">BHHBHB" if self.wide > 1 else ">BBHBBB"
        if len(row) != struct.calcsize(form):
            return False
        first, start, layers, last, stop, way = struct.unpack(form, row)
        # Table A.32: a component's number of 0 means all of them; many write the highest one.
        components = start < self.count and (start < stop <= self.count or stop in (0, 255))
        return bool(first < last <= 33 and layers and components and way < 5)

    def places(self, body: bytes) -> bool:
        """Whether CRG (A.9.1) has a row for each component, of quarters of a sample."""
        return len(body) == 4 * self.count and not any(body[1::2] + bytes(b & 63 for b in body))

    def abilities(self, body: bytes) -> bool:
        """Whether CAP says that the coder is the one of 15444-15 (A.3), and nothing more."""
        return body[:4] == _FAST and len(body) == 6


_CHECKS: Final[dict[str, Callable[[_Shape, bytes], bool]]] = {
    "CAP": _Shape.abilities,
    "COD": _Shape.style,
    "COC": _Shape.style_of_component,
    "QCD": _Shape.steps,
    "QCC": _Shape.steps_of_component,
    "RGN": _Shape.region,
    "POC": _Shape.orders,
    "CRG": _Shape.places,
}
