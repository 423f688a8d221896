"""What GPS tags say, in words and units (Exif 3.0, 4.6.6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_UNITS: Final = {"K": "km/h", "M": "mph", "N": "knots"}
_FAR: Final = {"K": "km", "M": "miles", "N": "nautical miles"}
_NORTH: Final = {"T": "true", "M": "magnetic"}


def number(value: object) -> float | None:
    """Return a rational as a number, ``None`` for none and for x/0."""
    if isinstance(value, tuple) and len(value) == 2:
        top, bottom = value
        if isinstance(top, int) and isinstance(bottom, int) and bottom:
            return top / bottom
    return None


def _shown(value: float) -> str:
    return f"{value:.9g}" if abs(value) < 1e9 else f"{value:.0f}"


def _altitude(value: float, ref: object) -> str:
    below = ref in (1, 3)  # Table 66: 0 and 2 above, 1 and 3 below
    return f"{'-' if below else ''}{_shown(value)} m"


def _with(units: dict[str, str]) -> Callable[[float, object], str]:
    def said(value: float, ref: object) -> str:
        unit = units.get(str(ref)[:1].upper(), "")
        return f"{_shown(value)} {unit}".rstrip()

    return said


def _angle(value: float, ref: object) -> str:
    return f"{_shown(value)}° {_NORTH.get(str(ref)[:1].upper(), '')}".rstrip()


#: tag → (tag of its reference, how both are said)
_SAID: Final[dict[str, tuple[str, Callable[[float, object], str]]]] = {
    "GPSAltitude": ("GPSAltitudeRef", _altitude),
    "GPSSpeed": ("GPSSpeedRef", _with(_UNITS)),
    "GPSTrack": ("GPSTrackRef", _angle),
    "GPSImgDirection": ("GPSImgDirectionRef", _angle),
    "GPSDestBearing": ("GPSDestBearingRef", _angle),
    "GPSDestDistance": ("GPSDestDistanceRef", _with(_FAR)),
    "GPSHPositioningError": ("", lambda value, _: f"{_shown(value)} m"),
    "GPSDOP": ("", lambda value, _: _shown(value)),
}


def gps_words(name: str, value: object, told: Callable[[str], object]) -> str | None:
    """Return what the tag *name* says, ``None`` for tags that speak for themselves.

    Args:
        name: Name of the tag.
        value: Its decoded value.
        told: Name of another tag of the block → its decoded value.
    """
    if name == "GPSTimeStamp":
        return utc_time(value)
    if name not in _SAID:
        return None
    amount = number(value)
    ref, said = _SAID[name]
    return None if amount is None else said(amount, told(ref))


def utc_time(value: object) -> str | None:
    """Return hours, minutes and seconds of the GPS clock, which is UTC; ``None`` for none."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    parts = [number(part) for part in value]
    if any(part is None for part in parts):
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts)
    if hours > 23 or minutes > 59 or seconds > 60:
        return None
    return f"{hours:02}:{minutes:02}:{seconds:02} UTC"
