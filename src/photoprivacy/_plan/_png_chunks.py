"""Which chunks of a PNG mean something where they stand: all others are passed over by decoders.

A chunk of the right type can still hide anything: when it is longer than its type is, stands
twice, or stands where decoders do not look for it. What libpng, and the browsers with it, pass
over goes. Where decoders disagree there is no clean copy that looks the same in all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from photoprivacy.containers._model import Segment
from photoprivacy.containers._png import PngContainer
from photoprivacy.containers._png_image import is_animated
from photoprivacy.errors import CannotStrip

#: colour types (11.2.2)
_GREY, _TRUE, _INDEXED, _GREY_ALPHA, _TRUE_ALPHA = 0, 2, 3, 4, 6


@attrs.frozen(kw_only=True)
class Shape:
    """How long a chunk is, and where it stands.

    Attributes:
        sizes: Length of the payload in bytes, by colour type; a type that is missing has none.
        before_palette: Whether it counts only in front of PLTE (5.6, Table 7), and not only IDAT.
        essential: Whether some decoders use it even so: then a wrong one is refused.
        reason: Where the specification says so.
    """

    sizes: Callable[[int, int], range]
    before_palette: bool = False
    essential: bool = False
    reason: str


def _exactly(size: int) -> Callable[[int, int], range]:
    return lambda _colour, _colours: range(size, size + 1)


def _by_colour(sizes: dict[int, int]) -> Callable[[int, int], range]:
    return lambda colour, _colours: range(sizes[colour], sizes[colour] + 1)


def _transparency(colour: int, colours: int) -> range:
    if colour == _INDEXED:
        return range(1, colours + 1)
    size = {_GREY: 2, _TRUE: 6}.get(colour, 0)
    return range(size, size + 1)


#: Kept chunks of a fixed shape. Clauses of ISO/IEC 15948, and of its third edition (PNG 3).
SHAPES: Final[dict[str, Shape]] = {
    "gAMA": Shape(sizes=_exactly(4), before_palette=True, reason="11.3.2.2: one number"),
    "cHRM": Shape(sizes=_exactly(32), before_palette=True, reason="11.3.2.1: eight numbers"),
    "sRGB": Shape(sizes=_exactly(1), before_palette=True, reason="11.3.2.5: the intent"),
    "cICP": Shape(sizes=_exactly(4), before_palette=True, reason="PNG 3, 11.3.2.6: four numbers"),
    "mDCV": Shape(sizes=_exactly(24), before_palette=True, reason="PNG 3, 11.3.2.7"),
    "cLLI": Shape(sizes=_exactly(8), before_palette=True, reason="PNG 3, 11.3.2.8"),
    "sBIT": Shape(
        sizes=_by_colour({_GREY: 1, _TRUE: 3, _INDEXED: 3, _GREY_ALPHA: 2, _TRUE_ALPHA: 4}),
        before_palette=True,
        reason="11.3.2.4: a byte a channel",
    ),
    "bKGD": Shape(
        sizes=_by_colour({_GREY: 2, _TRUE: 6, _INDEXED: 1, _GREY_ALPHA: 2, _TRUE_ALPHA: 6}),
        reason="11.3.4.1: a colour, or an index",
    ),
    "pHYs": Shape(sizes=_exactly(9), reason="11.3.4.3: two numbers and a unit"),
    "tRNS": Shape(sizes=_transparency, essential=True, reason="11.3.1.1: a colour, or a byte each"),
    "acTL": Shape(sizes=_exactly(8), essential=True, reason="PNG 3, 11.3.6.1: two numbers"),
}  # fmt: skip
#: They stand behind the palette when there is one: what they say is said of it.
_OF_PALETTE: Final = frozenset({"tRNS", "bKGD"})


def standing(container: PngContainer, data: bytes) -> list[Segment]:
    """Return the chunks of the picture that decoders use, in the order of the file.

    Raises:
        CannotStrip: Decoders disagree about one of them.
    """
    colour = container.colour
    animated = is_animated(container.segments)
    seen: dict[str, Segment] = {}
    kept = []
    for segment in container.segments:
        kind = segment.kind
        if kind == "PLTE":
            stays = _palette(segment, container, seen)
        elif kind == "iCCP":
            stays = _profile(segment, data, container, seen)
        elif kind in ("fcTL", "fdAT"):
            stays = animated  # without acTL this is a still picture to every decoder
        elif kind in SHAPES:
            stays = _fixed(segment, colour, seen)
        else:
            stays = kind in ("signature", "IHDR", "IDAT", "IEND")
        if stays:
            kept.append(segment)
        if stays or kind == "PLTE":
            seen.setdefault(kind, segment)
    return kept


def _palette(segment: Segment, container: PngContainer, seen: dict[str, Segment]) -> bool:
    """Return whether this PLTE (11.2.3) is used: beside truecolour it is only a suggestion."""
    if container.colour != _INDEXED:
        return False
    size = len(segment.body)
    if size % 3 or not 3 <= size <= 3 << container.depth or seen.keys() & {"PLTE", "IDAT"}:
        msg = "a palette that is not in its place, or not of its pixels"
        raise CannotStrip(msg)
    return True


def _profile(
    segment: Segment, data: bytes, container: PngContainer, seen: dict[str, Segment]
) -> bool:
    first = seen.get("iCCP")
    if first is None:
        late = bool(seen.keys() & {"PLTE", "IDAT"})
        if late and container.profile:
            # libpng passes over it (5.6: in front of the palette), others use it.
            raise CannotStrip("a colour profile that is not in its place")
        return not late
    if first.body.of(data) != segment.body.of(data):
        # libpng takes the first, others the last.
        msg = "two colour profiles that are not the same"
        raise CannotStrip(msg)
    return False


def _fixed(segment: Segment, colour: int, seen: dict[str, Segment]) -> bool:
    shape, kind = SHAPES[segment.kind], segment.kind
    palette = seen.get("PLTE")
    colours = len(palette.body) // 3 if palette is not None else 0
    good = (
        len(segment.body) in shape.sizes(colour, colours)
        and len(segment.body) > 0
        and kind not in seen
        and "IDAT" not in seen
        and not (shape.before_palette and palette is not None)
        and not (kind in _OF_PALETTE and colour == _INDEXED and palette is None)
    )
    if good or not shape.essential:
        return good
    if kind == "tRNS" and colour in (_GREY_ALPHA, _TRUE_ALPHA):
        return False  # 11.3.1.1: there is alpha already
    if kind == "acTL" and "IDAT" in seen:
        return False  # PNG 3, 11.3.6.1: the picture is a still one
    # Behind the image, libpng passes over transparency that Pillow shows.
    raise CannotStrip(f"a {kind} chunk that decoders read in different ways")
