"""What maker notes of cameras with few telling tags give away."""

from __future__ import annotations

import datetime as dt
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, STATED, Fact, Family
from photoprivacy.metadata.makers._values import (
    Read,
    Said,
    hex_at,
    moment,
    number,
    number_at,
    numbers,
    text,
    text_at,
)
from photoprivacy.policy import Category as C

_FACES: Final = "How many faces there are, and where"


def _names(cell: Cell) -> str | None:
    """Return the words between bytes that are none: a list of records without known length."""
    parts = bytes(one if 0x20 <= one != 0x7F else 0 for one in cell.raw[:4096]).split(b"\x00")
    said = [text_at(0, 64)(Cell(0, 7, part)) for part in parts if len(part) >= 3]
    return ", ".join(filter(None, said)) or None


FUJIFILM: Final = Family(
    code="fujifilm",
    facts={
        "": (
            Fact(0x0010, "internal-serial", C.SERIAL, "Internal serial number of the camera", text, BUILT),
            Fact(0x1438, "image-count", C.TRACKING, "How many pictures the camera took", number, BUILT),
            Fact(0x4100, "faces", C.PERSON, _FACES, number, BUILT),
            Fact(0x4200, "faces", C.PERSON, _FACES, number, BUILT),
            Fact(0x4282, "face-names", C.PERSON, "Names of people in the picture", _names, STATED),
        ),
    },
)  # fmt: skip

SAMSUNG: Final = Family(
    code="samsung",
    facts={
        "": (
            Fact(0x0030, "place", C.LOCATION, "Name of the place", text, BUILT),
            Fact(0x0031, "place", C.LOCATION, "Name of the place", text, BUILT),
            Fact(0x0100, "faces", C.PERSON, _FACES, number, BUILT),
            Fact(0x0120, "faces-recognized", C.PERSON, "Whether faces were recognised", number, BUILT),
            Fact(0x0123, "face-name", C.PERSON, "Name of somebody in the picture", text, BUILT),
            Fact(0xA001, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0xA002, "serial", C.SERIAL, "Serial number of the camera", text, BUILT),
            Fact(0xA004, "lens-firmware", C.SOFTWARE, "Firmware of the lens", text, BUILT),
            Fact(0xA005, "lens-serial", C.SERIAL, "Internal serial number of the lens", text, BUILT),
        ),
    },
)  # fmt: skip


def _firmware_day(cell: Cell) -> str | None:
    """Return a day and time of pairs of digits between zeros: year, month, day, hour, minute."""
    spelled = cell.raw.replace(b"\x00", b"").strip()
    if len(spelled) != 10 or not spelled.isdigit():
        return text(cell)
    year, *rest = (int(spelled[at : at + 2]) for at in range(0, 10, 2))
    said = moment(year + (1900 if year > 80 else 2000), *rest, 0)
    return said[:-3] if said else None


CASIO: Final = Family(
    code="casio",
    facts={
        "": (
            Fact(0x2001, "firmware-date", C.SOFTWARE, "Date of the camera's firmware", _firmware_day, REAL),
            Fact(0x2089, "faces", C.PERSON, _FACES, number_at(0, "B"), STATED),
            Fact(0x211C, "faces", C.PERSON, _FACES, number_at(0, "B"), STATED),
            Fact(0x3006, "home-city", C.LOCATION, "City set as home", text, REAL),
        ),
    },
)  # fmt: skip

CASIO_OLD: Final = Family(
    code="casio",
    facts={"": (Fact(0x0015, "firmware-date", C.SOFTWARE, "Date of the camera's firmware", _firmware_day, BUILT),)},
)  # fmt: skip

SANYO: Final = Family(
    code="sanyo",
    facts={
        "": (
            Fact(0x0207, "software", C.SOFTWARE, "Software", text, BUILT),
            Fact(0x0209, "camera-id", C.DEVICE, "Kind of camera", text, BUILT),
        ),
    },
)  # fmt: skip

SIGMA: Final = Family(
    code="sigma",
    facts={
        "": (
            Fact(0x0002, "serial", C.SERIAL, "Serial number of the camera", text, BUILT),
            Fact(0x0017, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0x0018, "software", C.SOFTWARE, "Software", text, BUILT),
            Fact(0x003B, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0x0057, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0x008C, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
        ),
    },
)  # fmt: skip

MOTOROLA: Final = Family(
    code="motorola",
    facts={
        "": (
            Fact(0x5500, "build", C.SOFTWARE, "Build of the software", text, BUILT),
            Fact(0x5501, "serial", C.SERIAL, "Serial number of the phone", text, BUILT),
            Fact(0x6705, "made", C.SERIAL, "Day the phone was made", text, BUILT),
        ),
    },
)  # fmt: skip

DJI: Final = Family(
    code="dji",
    facts={
        "": (
            *(
                Fact(tag, "flight-speed", C.LOCATION, "How fast the drone flew", numbers, BUILT)
                for tag in (0x0003, 0x0004, 0x0005)
            ),
            *(
                Fact(tag, "attitude", C.TECHNICAL, "How the drone was tilted", numbers, BUILT)
                for tag in (0x0006, 0x0007, 0x0008)
            ),
            *(
                Fact(tag, "camera-attitude", C.TECHNICAL, "Where the camera looked", numbers, BUILT)
                for tag in (0x0009, 0x000A, 0x000B)
            ),
        ),
    },
)  # fmt: skip


def _since_2000(cell: Cell) -> Said:
    [seconds] = cell.unpacked("I", 8, 1) or (0,)
    if not seconds:
        return None
    made = dt.datetime(2000, 1, 1) + dt.timedelta(seconds=int(seconds))  # noqa: DTZ001 - wall clock
    return made.strftime("%Y:%m:%d %H:%M:%S")


NINTENDO: Final = Family(
    code="nintendo",
    facts={
        "": (
            Fact(0x1101, "time", C.TIME, "Time of capture", _since_2000, BUILT),
            Fact(0x1101, "internal-serial", C.SERIAL, "Internal serial number of the device", hex_at(0x18, 4), BUILT),
        ),
    },
)  # fmt: skip


def _day(index: int) -> Read:
    """Return a reader of a day in a big-endian number of an array: year, month, day."""

    def read(cell: Cell) -> str | None:
        raw = cell.raw[4 * index : 4 * index + 4]
        return moment(int.from_bytes(raw[:2], "big"), raw[2], raw[3]) if len(raw) == 4 else None

    return read


def _clock(index: int) -> Read:
    """Return a reader of a time of day in a big-endian number of an array."""

    def read(cell: Cell) -> str | None:
        raw = cell.raw[4 * index : 4 * index + 4]
        if len(raw) < 4 or raw[0] or raw[1] > 23 or max(raw[2:]) > 59:
            return None
        return f"{raw[1]:02}:{raw[2]:02}:{raw[3]:02}"

    return read


MINOLTA: Final = Family(
    code="minolta",
    facts={
        "": tuple(
            fact
            for tag in (0x0001, 0x0003)
            for fact in (
                Fact(tag, "date", C.TIME, "Day of capture", _day(0x15), BUILT),
                Fact(tag, "clock", C.TIME, "Time of day", _clock(0x16), BUILT),
            )
        ),
    },
)
