"""Numbers and letters of Exif that stand for words: a pure table, for people. Exif 3.0, 4.6.5-4.6.8; TIFF 6.0.

Programs get the numbers, as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeGuard

from photoprivacy.metadata._findings import Finding, Value
from photoprivacy.metadata._tags import EXIF, IFD0, IFD1, SPACES, TAGS

_LEVELS: Final = {0: "normal", 1: "low", 2: "high"}
#: last part of a code → number → what it stands for
_WORDS: Final[dict[str, dict[int, str]]] = {
    "orientation": {
        1: "as it is stored",
        2: "mirrored",
        3: "turned by half",
        4: "mirrored, and turned by half",
        5: "mirrored, and turned a quarter anticlockwise",
        6: "turned a quarter clockwise",
        7: "mirrored, and turned a quarter clockwise",
        8: "turned a quarter anticlockwise",
    },
    "resolution-unit": {1: "none", 2: "inches", 3: "centimetres"},
    "focal-plane-unit": {1: "none", 2: "inches", 3: "centimetres", 4: "millimetres"},
    "compression": {
        1: "none",
        2: "fax, run lengths",
        3: "fax, group 3",
        4: "fax, group 4",
        5: "LZW",
        6: "JPEG",
        7: "JPEG",
        8: "Deflate",
        32773: "PackBits",
        34892: "lossy JPEG",
    },
    "photometric": {
        0: "white is zero",
        1: "black is zero",
        2: "RGB",
        3: "palette",
        4: "transparency mask",
        5: "CMYK",
        6: "YCbCr",
        8: "CIELAB",
        32803: "colour filter array",
        34892: "linear raw",
    },
    "planar": {1: "pixel by pixel", 2: "plane by plane"},
    "positioning": {1: "centred", 2: "beside the first sample"},
    "exposure-program": {
        0: "not defined",
        1: "manual",
        2: "normal program",
        3: "aperture priority",
        4: "shutter priority",
        5: "creative program, for depth of field",
        6: "action program, for fast shutter speeds",
        7: "portrait mode",
        8: "landscape mode",
    },
    "sensitivity-type": {
        0: "unknown",
        1: "standard output sensitivity",
        2: "recommended exposure index",
        3: "ISO speed",
        4: "standard output sensitivity and recommended exposure index",
        5: "standard output sensitivity and ISO speed",
        6: "recommended exposure index and ISO speed",
        7: "standard output sensitivity, recommended exposure index and ISO speed",
    },
    "metering": {
        0: "unknown",
        1: "average",
        2: "centre-weighted average",
        3: "spot",
        4: "several spots",
        5: "pattern",
        6: "partial",
        255: "other",
    },
    "light-source": {
        0: "unknown",
        1: "daylight",
        2: "fluorescent",
        3: "tungsten",
        4: "flash",
        9: "fine weather",
        10: "cloudy weather",
        11: "shade",
        12: "daylight fluorescent (5700-7100 K)",
        13: "day white fluorescent (4600-5500 K)",
        14: "cool white fluorescent (3800-4500 K)",
        15: "white fluorescent (3250-3800 K)",
        16: "warm white fluorescent (2600-3250 K)",
        17: "standard light A",
        18: "standard light B",
        19: "standard light C",
        20: "D55",
        21: "D65",
        22: "D75",
        23: "D50",
        24: "ISO studio tungsten",
        255: "other",
    },
    "color-space": {1: "sRGB", 2: "Adobe RGB", 65535: "not calibrated"},
    "sensing": {
        1: "not defined",
        2: "one-chip colour area sensor",
        3: "two-chip colour area sensor",
        4: "three-chip colour area sensor",
        5: "colour sequential area sensor",
        7: "trilinear sensor",
        8: "colour sequential linear sensor",
    },
    "file-source": {
        0: "other",
        1: "scanner of transparent originals",
        2: "scanner of prints",
        3: "digital camera",
    },
    "scene-type": {1: "photographed directly"},
    "custom-rendered": {0: "normal", 1: "custom", 2: "HDR, no original saved",
                        3: "HDR, original saved", 4: "original of an HDR picture",
                        6: "panorama", 7: "portrait, HDR", 8: "portrait"},
    "exposure-mode": {0: "automatic", 1: "manual", 2: "automatic bracket"},
    "white-balance": {0: "automatic", 1: "manual"},
    "scene-capture": {0: "standard", 1: "landscape", 2: "portrait", 3: "night"},
    "gain": {0: "none", 1: "low gain up", 2: "high gain up", 3: "low gain down",
             4: "high gain down"},
    "contrast": {0: "normal", 1: "soft", 2: "hard"},
    "saturation": _LEVELS,
    "sharpness": {0: "normal", 1: "soft", 2: "hard"},
    "distance-range": {0: "unknown", 1: "macro", 2: "close view", 3: "distant view"},
    "composite": {0: "unknown", 1: "no", 2: "yes", 3: "yes, taken while shooting"},
}  # fmt: skip
#: last part of a code → what stands in front of a number, and behind it
_UNITS: Final[dict[str, tuple[str, str]]] = {
    "exposure-time": ("", " s"),
    "f-number": ("f/", ""),
    "focal-length": ("", " mm"),
    "focal-length-35mm": ("", " mm on 35 mm film"),
    "subject-distance": ("", " m"),
    "exposure-bias": ("", " EV"),
    "brightness": ("", " EV"),
    "shutter-speed": ("", " (APEX)"),
    "aperture": ("", " (APEX)"),
    "max-aperture": ("", " (APEX)"),
    "compressed-bits": ("", " bits a pixel"),
    "length": ("", " bytes"),
    "taken-fraction": ("0.", " s"),
    "digitized-fraction": ("0.", " s"),
    "modified-fraction": ("0.", " s"),
    "temperature": ("", " °C"),
    "humidity": ("", " %"),
    "pressure": ("", " hPa"),
    "water-depth": ("", " m"),
}
_FRACTION: Final = re.compile(r"(-?\d+)/(\d+)")
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_COMPONENTS: Final = ("", "Y", "Cb", "Cr", "R", "G", "B")


def in_words(finding: Finding) -> str:
    """Return what the number of a setting stands for, with its unit; ``""`` for other values."""
    space, _, name = finding.code.removeprefix("xmp.").rpartition(".")
    if finding.code.startswith(("xmp.exif.", "xmp.tiff.")):
        name = _IN_XMP.get(name, "")
    elif not space.startswith("exif."):
        return ""
    if name in _OWN:
        return _OWN[name](finding.value)
    number = _whole(finding.value)
    if name in _WORDS:
        return "" if number is None else _WORDS[name].get(number, "")
    if name in _UNITS:
        before, behind = _UNITS[name]
        text = _decimal(finding.value, short=name == "exposure-time")
        if before == "0.":
            text = finding.value if _is_digits(finding.value) else ""
        return f"{before}{text}{behind}" if text else ""
    return ""


def _is_digits(value: Value) -> TypeGuard[str]:
    return isinstance(value, str) and _DIGITS.fullmatch(value) is not None


def _whole(value: Value) -> int | None:
    if isinstance(value, bytes):
        return value[0] if len(value) == 1 else None
    if isinstance(value, str):
        return int(value) if _NUMBER.fullmatch(value) else None
    return value if isinstance(value, int) else None


def _decimal(value: Value, *, short: bool) -> str:
    """Return a fraction as a person writes it; the *short* ones below one as 1/n."""
    if isinstance(value, int | float):
        return f"{value:.4g}"
    match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    if match is None or not int(match[2]):
        return ""
    amount = int(match[1]) / int(match[2])
    if short and 0 < amount <= 0.5:
        return f"1/{round(1 / amount):,}"
    return f"{amount:.4g}"


def _flash(value: Value) -> str:
    """Exif 3.0, Flash: a bit whether it fired, two for its return, two for its mode, and so on."""
    bits = _whole(value)
    if bits is None or bits > 0x7F:
        return ""
    if bits & 0x20:
        return "there is none"
    said = ["fired" if bits & 1 else "did not fire"]
    said += [{2: "no return light", 3: "return light"}.get(bits >> 1 & 3, "")]
    said += [{1: "always on", 2: "always off", 3: "automatic"}.get(bits >> 3 & 3, "")]
    said += ["against red eyes" if bits & 0x40 else ""]
    return ", ".join(filter(None, said))


def _version(value: Value) -> str:
    """Return b"0230" as "2.3" (Exif 3.0, ExifVersion), and "2, 3, 0, 0" too (GPSVersionID)."""
    if isinstance(value, str) and re.fullmatch(r"[0-9](, [0-9]){3}", value):
        return value.replace(", ", ".").removesuffix(".0").removesuffix(".0")
    if not isinstance(value, bytes) or not re.fullmatch(rb"\d{4}", value):
        return ""
    return f"{int(value[:2])}.{value[2:].decode().removesuffix('0')}"


def _components(value: Value) -> str:
    if not isinstance(value, bytes) or len(value) != 4 or max(value) >= len(_COMPONENTS):
        return ""
    return ", ".join(filter(None, (_COMPONENTS[one] for one in value)))


def _zoom(value: Value) -> str:
    """Return how many times (Exif 3.0, DigitalZoomRatio: none where its numerator is 0)."""
    times = _decimal(value, short=False)
    if times == "0" or str(value).startswith("0/"):
        return "not used"
    return f"{times} times" if times else ""


def _above_the_sea(value: Value) -> str:
    """Exif 3.0, GPSAltitudeRef; the altitude itself is told with its unit already."""
    return {0: "above", 1: "below"}.get(value, "") if isinstance(value, int) else ""


def _letter(words: dict[str, str]) -> Callable[[Value], str]:
    """Return what says the word of a letter; the measure beside it has the same code, and none."""
    return lambda value: words.get(value, "") if isinstance(value, str) else ""


_WAY: Final = _letter({"N": "north", "S": "south", "E": "east", "W": "west"})
_NORTH: Final = _letter({"T": "true north", "M": "magnetic north"})
_OWN: Final[dict[str, Callable[[Value], str]]] = {
    "flash": _flash,
    "version": _version,
    "flashpix-version": _version,
    "components": _components,
    "digital-zoom": _zoom,
    "altitude": _above_the_sea,
    # Exif 3.0, 4.6.8: what the letters beside GPS's measures stand for.
    "latitude": _WAY,
    "longitude": _WAY,
    "destination": _WAY,
    "direction": _NORTH,
    "track": _NORTH,
    "destination-bearing": _NORTH,
    "speed": _letter({"K": "km/h", "M": "mph", "N": "knots"}),
    "destination-distance": _letter({"K": "km", "M": "miles", "N": "nautical miles"}),
    "status": _letter({"A": "measuring", "V": "interrupted"}),
    "mode": _letter({"2": "two dimensions", "3": "three dimensions"}),
}
#: name of a property of XMP's exif and tiff → last part of the code of the tag it repeats
_IN_XMP: Final = {
    tag.name: tag.code
    for ifd in (IFD1, EXIF, IFD0)
    for tag in TAGS[ifd].values()
    if SPACES[ifd] and tag.code in {*_WORDS, *_UNITS}
}
