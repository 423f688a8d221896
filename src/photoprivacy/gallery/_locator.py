"""A small map of an album's places as a picture: no script needed, and it prints."""

from __future__ import annotations

import functools
import html
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from photoprivacy.gallery._sections import PlaceView

#: The picture, and how far from its edge places stay.
WIDTH: Final = 640
HEIGHT: Final = 400
_MARGIN: Final = 70
_FONT: Final = 19
#: The world in the units of land.json, and the least of it that is shown (about 24 degrees):
#: closer, coasts of 1:50 million would be wrong beside a town.
_WORLD: Final = 7200
_LEAST: Final = 480
#: Names that are tried, the largest places first.
_MOST_NAMES: Final = 40

_STYLE: Final = """
.w{fill:#cfdfe6}.l{fill:#f3efe6;stroke:#a9bcc4;stroke-width:.6}
.b{fill:none;stroke:#d3cabb;stroke-width:.8}.p{fill:#b4411f;stroke:#fff;stroke-width:2}
text{font:600 19px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#1d1c1a;
stroke:#f3efe6;stroke-width:4;stroke-linejoin:round;paint-order:stroke}
@media (prefers-color-scheme:dark){.w{fill:#18242b}.l{fill:#2d2c29;stroke:#43545d}
.b{stroke:#48453f}.p{fill:#ff9a72;stroke:#131312}text{fill:#f1eee8;stroke:#2d2c29}}
"""

#: What no XML may hold, escaped or not (XML 1.0, 2.2): one of them, and no browser draws the map.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Point = tuple[float, float]
_Box = tuple[float, float, float, float]


@attrs.frozen
class _Line:
    points: tuple[_Point, ...]
    box: _Box


@attrs.frozen
class Land:
    """Coasts and borders, as the build has projected them."""

    land: tuple[_Line, ...] = attrs.field(repr=False)
    borders: tuple[_Line, ...] = attrs.field(repr=False)

    @classmethod
    @functools.lru_cache(maxsize=2)
    def parse(cls, data: bytes) -> Land:
        """Return what land.json says."""
        told = json.loads(data)
        return cls(*(tuple(_line(flat) for flat in told[name]) for name in ("land", "borders")))


def locator(places: Iterable[PlaceView], land: Land, title: str) -> str:
    """Return the map of *places* as SVG, cut to where they are.

    Args:
        places: Those without a point are left out.
        land: What to draw below them.
        title: What the picture is called.
    """
    pins = []
    for place in sorted(places, key=lambda place: -place.count):
        at = place.place.coordinates if place.place else None
        if at is not None:
            pins.append((*_projected(at.longitude, at.latitude), place.title))
    left, top, scale = _frame([(x, y) for x, y, _ in pins])
    # A little more than the frame, so that no cut edge is seen.
    box = (left - 4, top - 4, left + WIDTH / scale + 4, top + HEIGHT / scale + 4)

    def drawn(points: Iterable[_Point]) -> list[str]:
        spots = [(round((x - left) * scale, 1), round((y - top) * scale, 1)) for x, y in points]
        kept = spots[:1]
        for spot in spots[1:]:
            # What falls within a pixel is not seen.
            if max(abs(spot[0] - kept[-1][0]), abs(spot[1] - kept[-1][1])) >= 1:
                kept.append(spot)
        return [f"{x:g} {y:g}" for x, y in kept]

    coasts = "".join(
        f"M{'L'.join(one)}z"
        for one in (drawn(_clipped(line.points, box)) for line in _near(land.land, box))
        if len(one) > 2
    )
    lines = "".join(
        f"M{'L'.join(one)}"
        for line in _near(land.borders, box)
        for one in (drawn(run) for run in _runs(line.points, box))
        if len(one) > 1
    )
    spots = [((x - left) * scale, (y - top) * scale, name) for x, y, name in pins]
    dots = "".join(f'<circle class="p" cx="{x:.1f}" cy="{y:.1f}" r="6.5"/>' for x, y, _ in spots)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}"><title>{_escaped(title)}</title>'
        f'<style>{_STYLE}</style><rect class="w" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<path class="l" d="{coasts}"/><path class="b" d="{lines}"/>'
        f"{dots}{''.join(_names(spots))}</svg>"
    )


def _names(spots: Sequence[tuple[float, float, str]]) -> Iterator[str]:
    """Yield names right of their point, else left of it, else not at all."""
    taken: list[_Box] = [(x - 9, y - 9, x + 9, y + 9) for x, y, _ in spots]
    for number, (x, y, name) in enumerate(spots[:_MOST_NAMES]):
        wide = sum(1 if unicodedata.east_asian_width(one) in "WF" else 0.6 for one in name) * _FONT
        for anchor, start, at in (("start", x + 12, x + 12), ("end", x - 12 - wide, x - 12)):
            box = (start, y - _FONT / 2, start + wide, y + _FONT / 2)
            others = (one for index, one in enumerate(taken) if index != number)
            if box[0] < 4 or box[2] > WIDTH - 4 or any(_meet(box, one) for one in others):
                continue
            taken.append(box)
            yield (
                f'<text x="{at:.1f}" y="{y + _FONT * 0.35:.1f}" text-anchor="{anchor}">'
                f"{_escaped(name)}</text>"
            )
            break


def _escaped(text: str) -> str:
    return html.escape(_NOT_XML.sub("\ufffd", text))


def _frame(points: Sequence[_Point]) -> tuple[float, float, float]:
    """Return the left and upper edge of what is shown, and pixels a unit."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(
        (WIDTH - 2 * _MARGIN) / max(wide, 1e-9),
        (HEIGHT - 2 * _MARGIN) / max(high, 1e-9),
        WIDTH / _LEAST,
    )
    scale = max(scale, WIDTH / _WORLD)
    left = (max(xs) + min(xs)) / 2 - WIDTH / scale / 2
    top = (max(ys) + min(ys)) / 2 - HEIGHT / scale / 2
    # Beyond the edge of the world there is nothing to see.
    return min(max(left, 0), max(0, _WORLD - WIDTH / scale)), top, scale


def _projected(longitude: float, latitude: float) -> _Point:
    north = math.radians(max(-84.0, min(84.0, latitude)))
    y = 0.5 - math.log(math.tan(math.pi / 4 + north / 2)) / (2 * math.pi)
    return (longitude + 180) / 360 * _WORLD, y * _WORLD


def _line(flat: Sequence[float]) -> _Line:
    xs, ys = flat[::2], flat[1::2]
    return _Line(tuple(zip(xs, ys, strict=True)), (min(xs), min(ys), max(xs), max(ys)))


def _near(lines: Iterable[_Line], box: _Box) -> Iterator[_Line]:
    return (line for line in lines if _meet(line.box, box))


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _runs(points: Iterable[_Point], box: _Box) -> Iterator[list[_Point]]:
    """Yield the parts of a line that are in *box*."""
    run: list[_Point] = []
    for x, y in points:
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            run.append((x, y))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _clipped(points: Sequence[_Point], box: _Box) -> list[_Point]:
    """Return what of a ring is in *box*: one edge after the other (Sutherland and Hodgman)."""
    ring = list(points)
    for axis, edge, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        cut: list[_Point] = []
        for i, here in enumerate(ring):
            before = ring[i - 1]
            inside, was = sign * here[axis] >= sign * edge, sign * before[axis] >= sign * edge
            if inside != was:
                part = (edge - before[axis]) / (here[axis] - before[axis])
                cross = [b + (h - b) * part for b, h in zip(before, here, strict=True)]
                cross[axis] = edge
                cut.append((cross[0], cross[1]))
            if inside:
                cut.append(here)
        ring = cut
    return ring
