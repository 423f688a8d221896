"""Where a photo was taken: of what its blocks say, the sharpest that can be trusted."""

from __future__ import annotations

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

#: pairs of properties in degrees, as makers of drones write them
_DECIMAL: Final = (
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongitude"),
    ("drone-dji:GPSLatitude", "drone-dji:GPSLongitude"),
    ("drone-dji:GpsLatitude", "drone-dji:GpsLongtitude"),  # as DJI spelled it for years
)
_NUMBER: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
#: longer ones are no coordinate
_LONGEST: Final = 100
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
    pairs = [("exif:GPSLatitude", "exif:GPSLongitude", _spelled)]
    pairs += [(*names, _decimal) for names in _DECIMAL]
    for first, second, read in pairs:
        latitude, longitude = packet.first(first).strip(), packet.first(second).strip()
        at = read(packet, latitude, longitude) if latitude and longitude else None
        if at is None:
            continue
        if at.suspect:
            _problem(packet, "a position of exactly 0, 0, which means none")
            continue
        yield _Candidate(at, 0)


def _spelled(packet: Xmp, latitude: str, longitude: str) -> Coordinates | None:
    """Return the position by ISO 16684-2; blanks and small letters are let pass."""
    texts = ["".join(text[:_LONGEST].split()).upper() for text in (latitude, longitude)]
    try:
        return Coordinates.from_xmp(*texts)
    except ValueError:
        if all(text[-1:] in tuple("NSEW") for text in texts):
            _problem(packet, "a position that is misspelled or not on Earth")
        else:
            _problem(packet, "a position without its hemisphere")
        return None


def _decimal(packet: Xmp, latitude: str, longitude: str) -> Coordinates | None:
    """Return the position in degrees as makers of drones write it."""
    if not (_NUMBER.fullmatch(latitude) and _NUMBER.fullmatch(longitude)):
        return None
    try:
        return Coordinates(latitude=float(latitude), longitude=float(longitude))
    except ValueError:
        _problem(packet, "a position that is not on Earth")
        return None


def _problem(packet: Xmp, what: str) -> None:
    packet.problems.append(Problem(what=f"XMP: {what}", where=packet.block.where))
