"""What maker notes of Olympus and OM System give away, and of those who share their layout."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, Fact, Family
from photoprivacy.metadata.makers._values import Said, number, numbers, text
from photoprivacy.policy import Category as C


def _version(cell: Cell) -> str | None:
    """Return a version: hexadecimal digits with a point before the last three."""
    [number] = cell.unpacked("I", 0, 1) or (0,)
    spelled = f"{int(number):04x}"
    return f"{spelled[:-3]}.{spelled[-3:]}" if number else None


def _tenths(cell: Cell) -> Said:
    count = number(cell)
    return count / 10 if isinstance(count, int | float) else None


def _height(cell: Cell) -> str | None:
    """Return height or depth in metres and feet, which stand in tenths."""
    found = cell.numbers()[:2]
    return ", ".join(f"{one / 10:g}" for one in found) if any(found) else None


OLYMPUS: Final = Family(
    code="olympus",
    facts={
        "": (
            Fact(0x0104, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0x0207, "camera-type", C.DEVICE, "Kind of camera", text, REAL),
            Fact(0x0209, "camera-id", C.DEVICE, "Kind of camera", text, REAL),
            Fact(0x020D, "software", C.SOFTWARE, "Software", text, BUILT),
            Fact(0x0404, "serial", C.SERIAL, "Serial number of the camera", text, BUILT),
            Fact(0x0405, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0x101A, "serial", C.SERIAL, "Serial number of the camera", text, BUILT),
        ),
        "equipment": (
            Fact(0x0101, "serial", C.SERIAL, "Serial number of the camera", text, REAL),
            Fact(0x0102, "internal-serial", C.SERIAL, "Internal serial number of the camera", text, REAL),
            Fact(0x0104, "firmware", C.SOFTWARE, "Firmware of the camera", _version, REAL),
            Fact(0x0202, "lens-serial", C.SERIAL, "Serial number of the lens", text, REAL),
            Fact(0x0204, "lens-firmware", C.SOFTWARE, "Firmware of the lens", _version, REAL),
            Fact(0x0302, "extender-serial", C.SERIAL, "Serial number of the extender", text, BUILT),
            Fact(0x0304, "extender-firmware", C.SOFTWARE, "Firmware of the extender", _version, BUILT),
            Fact(0x1002, "flash-firmware", C.SOFTWARE, "Firmware of the flash", _version, BUILT),
            Fact(0x1003, "flash-serial", C.SERIAL, "Serial number of the flash", text, BUILT),
        ),
        "settings": (
            Fact(0x0900, "pressure", C.LOCATION, "Air pressure", _tenths, BUILT),
            Fact(0x0901, "height", C.LOCATION, "Height above the sea, or depth, in metres and feet", _height, BUILT),
            Fact(0x0908, "time", C.TIME, "Time of capture", text, BUILT),
        ),
        "processing": (
            Fact(0x1200, "faces", C.PERSON, "How many faces there are, and where", numbers, BUILT),
        ),
        "old": (Fact(0x0100, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),),
    },
    inner={
        0x2010: "equipment",
        0x2020: "settings",
        0x2040: "processing",
        **dict.fromkeys(range(0x2100, 0x2A00, 0x100), "old"),
    },
)  # fmt: skip
