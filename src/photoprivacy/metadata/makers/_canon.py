"""What Canon's maker notes give away."""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, Fact, Family
from photoprivacy.metadata.makers._values import (
    Said,
    digits,
    hex_at,
    hexadecimal,
    number,
    number_at,
    text,
    text_at,
    zone,
)
from photoprivacy.policy import Category as C

#: Where the camera's clock was set to, as its menu lists it.
_CITIES: Final = (
    *("", "Chatham Islands", "Wellington", "Solomon Islands", "Sydney", "Adelaide", "Tokyo"),
    *("Hong Kong", "Bangkok", "Yangon", "Dhaka", "Kathmandu", "Delhi", "Karachi", "Kabul", "Dubai"),
    *("Tehran", "Moscow", "Cairo", "Paris", "London", "Azores", "Fernando de Noronha", "Sao Paulo"),
    *("Newfoundland", "Santiago", "Caracas", "New York", "Chicago", "Denver", "Los Angeles"),
    *("Anchorage", "Honolulu", "Samoa"),
)


def _city(cell: Cell) -> Said:
    [code] = cell.unpacked("i", 8, 1) or (0,)
    return _CITIES[int(code)] or None if 0 <= code < len(_CITIES) else None


def _revision(cell: Cell) -> str | None:
    """Return a firmware revision: the digits of a hexadecimal number, four for each of two."""
    [number] = cell.unpacked("I", 0, 1) or (0,)
    spelled = f"{int(number):08x}"
    version, revision = spelled[:4].lstrip("0"), spelled[4:].lstrip("0")
    said = f"{version[:-2] or 0}.{version[-2:] or 0} rev {revision[:-2] or 0}.{revision[-2:] or 0}"
    return said if number else None


#: Settings of a model without directory: firmware and owner stand where the model says.
_VERSION: Final = re.compile(rb"(?<![\d.])\d\.\d\.\d(?=\x00)")


def _settings_version(cell: Cell) -> str | None:
    found = _VERSION.search(cell.raw)
    return found[0].decode() if found else None


def _settings_owner(cell: Cell) -> str | None:
    return text_at(0x10F, 32)(cell) if "450D" in cell.camera or "XSi" in cell.camera else None


def _settings_short_owner(cell: Cell) -> str | None:
    return text_at(0xAC, 16)(cell) if cell.camera.endswith("EOS 5D") else None


def _early_serial(cell: Cell) -> str | None:
    return text_at(9, 64)(cell) if cell.camera.endswith("EOS 5D") else None


def _settings_lens(cell: Cell) -> Said:
    # Other versions of the firmware move it; then it stands in a tag of its own all the same.
    if not cell.camera.endswith("5D Mark III") or not _VERSION.match(cell.raw, 0x23C):
        return None
    return hex_at(0x164, 5)(cell)


CANON: Final = Family(
    code="canon",
    facts={
        "": (
            Fact(0x0007, "firmware", C.SOFTWARE, "Firmware of the camera", text, REAL),
            Fact(0x0008, "file-number", C.HISTORY, "Number of the file on the card", number, REAL),
            Fact(0x0009, "owner", C.PERSON, "Name of the camera's owner", text, REAL),
            Fact(0x000C, "serial", C.SERIAL, "Serial number of the camera", digits, REAL),
            Fact(0x000D, "settings-firmware", C.SOFTWARE, "Firmware of the camera", _settings_version, REAL),
            Fact(0x000D, "owner", C.PERSON, "Name of the camera's owner", _settings_owner, BUILT),
            Fact(0x000D, "owner", C.PERSON, "Name of the camera's owner", _settings_short_owner, BUILT),
            Fact(0x000D, "lens-serial", C.SERIAL, "Serial number of the lens", _settings_lens, BUILT),
            Fact(0x001E, "firmware-revision", C.SOFTWARE, "Firmware of the camera", _revision, REAL),
            Fact(0x0024, "faces", C.PERSON, "How many faces there are, and where", number_at(4, "H"), BUILT),
            Fact(0x0025, "faces", C.PERSON, "How many faces there are, and where", number_at(2, "B"), BUILT),
            Fact(0x0028, "unique-id", C.TRACKING, "Unique identifier of the picture", hexadecimal, REAL),
            Fact(0x002F, "faces", C.PERSON, "How many faces there are, and where", number_at(6, "H"), BUILT),
            Fact(0x0035, "time-zone", C.TIME, "Time zone of the camera's clock", zone(4, "i"), REAL),
            Fact(0x0035, "city", C.LOCATION, "City that the camera's clock is set to", _city, BUILT),
            Fact(0x0096, "internal-serial", C.SERIAL, "Internal serial number of the camera", text, REAL),
            Fact(0x0096, "internal-serial", C.SERIAL, "Internal serial number of the camera", _early_serial, BUILT),
            Fact(0x4019, "lens-serial", C.SERIAL, "Serial number of the lens", hex_at(0, 5), BUILT),
        ),
    },
)  # fmt: skip
