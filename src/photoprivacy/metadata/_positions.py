"""Where a photo was taken: of what its blocks say, the sharpest that can be trusted."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from photoprivacy.containers._model import Problem
from photoprivacy.geo import Coordinates
from photoprivacy.metadata._exif_findings import Exif
from photoprivacy.metadata._movie import Movie
from photoprivacy.metadata._tags import GPS
from photoprivacy.metadata._xmp import Xmp

#: ISO 16684-2, GPSCoordinate: "52,22.213N" or "52,22,12N"
_XMP_GPS: Final = re.compile(r"(\d{1,3}),(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?([NSEWnsew])?")
#: pairs of properties in degrees, as makers of drones write them
_DECIMAL: Final = (
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongitude"),
    ("drone-dji:GPSLatitude", "drone-dji:GPSLongitude"),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongtitude"),  # as DJI spelled it for years
)
_NUMBER: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?")
#: a position this coarse is a village: a sharper one is taken if there is one
_COARSE: Final = 0.01


@attrs.frozen
class _Candidate:
    at: Coordinates = attrs.field(repr=False)
    step: float


def coordinates(
    exif: Sequence[Exif], xmp: Sequence[Xmp], movie: Sequence[Movie]
) -> Coordinates | None:
    """Return the position of a photo or video, ``None`` when none can be trusted.

    Exif comes first, then XMP, then what a movie says; one that is told in whole degrees or
    minutes gives way to one that is told more sharply.
    """
    found = [
        *(one for block in exif for one in _of_exif(block)),
        *(one for packet in xmp for one in _of_xmp(packet)),
        *(_Candidate(at, 0) for block in movie if (at := block.position()) is not None),
    ]
    sharp = [one for one in found if one.step < _COARSE]
    best = sharp[0] if sharp else min(found, key=lambda one: one.step, default=None)
    return None if best is None else best.at


def _of_exif(block: Exif) -> Iterator[_Candidate]:
    at = block.position()
    if at is not None:
        steps = [_step(block.value(f"{GPS}:{name}")) for name in ("GPSLatitude", "GPSLongitude")]
        void = block.text(f"{GPS}:GPSStatus")[:1].upper() == "V"  # Table 66: no fix at the time
        yield _Candidate(at, max(*steps, 1.0 if void else 0.0))


def _step(value: object) -> float:
    """Return the smallest difference, in degrees, that such a value can tell."""
    parts = (
        value if isinstance(value, tuple) and value and isinstance(value[0], tuple) else (value,)
    )
    step = 1.0
    for part, unit in zip(parts, (1, 60, 3600), strict=False):
        if isinstance(part, tuple) and len(part) == 2 and part[1]:
            top, bottom = part
            # Minutes and seconds of exactly 0 are how coarse positions are filled up.
            if top or unit == 1:
                step = min(step, 1 / abs(bottom) / unit if top % bottom or unit > 1 else 1 / unit)
    return step


def _of_xmp(packet: Xmp) -> Iterator[_Candidate]:
    pair = [_degrees(packet, name) for name in ("exif:GPSLatitude", "exif:GPSLongitude")]
    for first, second in (
        pair,
        *([_decimal(packet, name) for name in names] for names in _DECIMAL),
    ):
        if first is None or second is None:
            continue
        try:
            at = Coordinates(latitude=first, longitude=second)
        except ValueError:
            _problem(packet, "a position that is not on Earth")
            continue
        if at.suspect:
            _problem(packet, "a position of exactly 0, 0, which means none")
            continue
        yield _Candidate(at, 0)


def _degrees(packet: Xmp, name: str) -> float | None:
    text = packet.first(name).strip()
    match = _XMP_GPS.fullmatch(text)
    if match is None:
        if text and _NUMBER.fullmatch(text):
            _problem(packet, "a position without its hemisphere")
        return None
    if not match[4]:
        _problem(packet, "a position without its hemisphere")
        return None
    value = float(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    if not math.isfinite(value):
        return None
    return -value if match[4].upper() in "SW" else value


def _decimal(packet: Xmp, name: str) -> float | None:
    text = packet.first(name).strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def _problem(packet: Xmp, what: str) -> None:
    packet.problems.append(Problem(what=f"XMP: {what}", where=packet.block.where))
