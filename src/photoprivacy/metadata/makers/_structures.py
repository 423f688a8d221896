"""What maker notes without a directory give away: fixed structures, and lists of words."""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, STATED, Fact, Family
from photoprivacy.metadata.makers._values import Read, moment, text_at, words
from photoprivacy.policy import Category as C


def _when(start: bytes, read: Read) -> Read:
    """Return *read* for notes that start so."""
    return lambda cell: read(cell) if cell.raw.startswith(start) else None


def _after(pattern: bytes) -> Read:
    """Return a reader of what a group of *pattern* matches."""
    compiled = re.compile(pattern)

    def read(cell: Cell) -> str | None:
        found = compiled.search(cell.raw)
        return words(found[1]) if found else None

    return read


def _version(at: int) -> Read:
    """Return a reader of a version of three numbers of two bytes; the last one often a letter."""

    def read(cell: Cell) -> str | None:
        parts = cell.unpacked("H", at, 3)
        return (
            ".".join(str(int(part)) for part in parts) if len(parts) == 3 and any(parts) else None
        )

    return read


def _built(at: int) -> Read:
    """Return a reader of a day of decimal digits that are spelled in hexadecimal."""

    def read(cell: Cell) -> str | None:
        parts = cell.unpacked("H", at, 2)
        spelled = "".join(f"{int(part):04x}" for part in parts)
        if not re.fullmatch(r"\d{8}", spelled):
            return None
        return moment(int(spelled[:4]), int(spelled[4:6]), int(spelled[6:]))

    return read


def _taken(at: int, *, day_first: bool = False) -> Read:
    """Return a reader of six numbers of two bytes: second, minute, hour, month, day, year."""

    def read(cell: Cell) -> str | None:
        parts = cell.unpacked("H", at, 6)
        if len(parts) < 6:
            return None
        second, minute, hour, month, day, year = parts
        if day_first:
            month, day = day, month
        return moment(year, month, day, hour, minute, second)

    return read


def _taken_in_bytes(cell: Cell) -> str | None:
    if len(cell.raw) < 0x42:
        return None
    second, minute, hour, day, month = cell.raw[0x3B:0x40]
    return moment(int.from_bytes(cell.raw[0x40:0x42], "little"), month, day, hour, minute, second)


_SERIAL: Final = (C.SERIAL, "Serial number of the camera")
_LABEL: Final = (C.CAPTION, "The owner's name for the camera")
_TAKEN: Final = (C.TIME, "Time of capture")
_FIRMWARE: Final = (C.SOFTWARE, "Firmware of the camera")
_BUILT: Final = (C.SOFTWARE, "Date of the camera's firmware")
_HYPERFIRE, _ULTRAFIRE, _HYPERFIRE2 = b"\x01\xf1", b"RECONYXUF", b"RECONYXH2"

RECONYX: Final = Family(
    code="reconyx",
    structure=True,
    facts={
        "": (
            Fact(0, "firmware", *_FIRMWARE, _when(_HYPERFIRE, _version(0x02)), REAL),
            Fact(0, "firmware-date", *_BUILT, _when(_HYPERFIRE, _built(0x08)), REAL),
            Fact(0, "time", *_TAKEN, _when(_HYPERFIRE, _taken(0x16)), REAL),
            Fact(0, "serial", *_SERIAL, _when(_HYPERFIRE, text_at(0x2A, 30, "utf-16-le")), REAL),
            Fact(0, "label", *_LABEL, _when(_HYPERFIRE, text_at(0x56, 22)), REAL),
            Fact(0, "time", *_TAKEN, _when(_ULTRAFIRE, _taken_in_bytes), BUILT),
            Fact(0, "serial", *_SERIAL, _when(_ULTRAFIRE, text_at(0x4B, 15)), BUILT),
            Fact(0, "label", *_LABEL, _when(_ULTRAFIRE, text_at(0x5A, 21)), BUILT),
            Fact(0, "firmware", *_FIRMWARE, _when(_HYPERFIRE2, _version(0x2A)), BUILT),
            Fact(0, "firmware-date", *_BUILT, _when(_HYPERFIRE2, _built(0x30)), BUILT),
            Fact(0, "time", *_TAKEN, _when(_HYPERFIRE2, _taken(0x3E, day_first=True)), BUILT),
            Fact(0, "serial", *_SERIAL, _when(_HYPERFIRE2, text_at(0x7E, 30, "utf-16-le")), BUILT),
            Fact(0, "label", *_LABEL, _when(_HYPERFIRE2, text_at(0x68, 22)), BUILT),
        ),
    },
)  # fmt: skip


def _year_and_time(at: int, signature: bytes = b"") -> Read:
    """Return a reader of a year of two bytes, month, day, hour, minute, second."""

    def read(cell: Cell) -> str | None:
        part = cell.raw[at : at + 7]
        if len(part) < 7 or not cell.raw.startswith(signature):
            return None
        said = moment(int.from_bytes(part[:2], "big"), *part[2:])
        if said is None and signature:
            said = moment(int.from_bytes(part[:2], "little"), *part[2:])
        return said

    return read


def _name(cell: Cell) -> str | None:
    """Return the name of a file, where one stands as DOS spells it."""
    name = cell.raw[0x20:0x2C]
    return words(name) if re.fullmatch(rb"[\w~]{1,8}\.(?i:jpg)\x00*", name) else None


_KODAK_SERIAL: Final = rb"\A([CK][A-Z\d]{3} ?[A-Z\d]{1,2}\d{2}[A-Z\d]\d{4})[ \x00]"
_NUMBER: Final = rb"(?i)Serial Number:\s*([^\x00\r\n]{1,40})"
_VERSION: Final = rb"(?i)Firmware Version:\s*([^\x00\r\n]{1,40})"
#: A structure that several makers share: spelled date, version and serial number
_SPELLED: Final = rb"\AIIII[\x02-\x06]\x00.{14}(\d{4}[:/]\d\d[:/]\d\d \d\d:\d\d:\d\d)"

KODAK: Final = Family(
    code="kodak",
    structure=True,
    facts={
        "": (
            Fact(0, "time", *_TAKEN, _year_and_time(0x18, b"KDK"), BUILT),
            Fact(0, "time", *_TAKEN, _year_and_time(0x0C), REAL),
            Fact(0, "time", *_TAKEN, _after(b"(?s)" + _SPELLED), BUILT),
            Fact(0, "file-name", C.HISTORY, "Name of the file", _name, REAL),
            Fact(0, "serial", *_SERIAL, _after(_KODAK_SERIAL), BUILT),
            Fact(0, "serial", *_SERIAL, _after(_NUMBER), BUILT),
            Fact(0, "firmware", *_FIRMWARE, _after(_VERSION), BUILT),
            Fact(0, "firmware", *_FIRMWARE, _when(b"IIII", text_at(0x57, 16)), BUILT),
        ),
    },
)  # fmt: skip

HP: Final = Family(
    code="hp",
    structure=True,
    facts={
        "": (
            Fact(0, "time", *_TAKEN, _after(b"(?s)" + _SPELLED), BUILT),
            Fact(0, "serial", *_SERIAL, _after(_NUMBER), BUILT),
        ),
    },
)  # fmt: skip


def _spelled_version(cell: Cell) -> str | None:
    found = re.match(rb"(?:Rv|Rev)\s*([\w.]+)", cell.raw)
    if found is None:
        return None
    said = found[1].decode("ascii", "replace")
    return f"{int(said[:2])}.{said[2:]}" if re.fullmatch("[0-9]{4}", said) else said


RICOH_TEXT: Final = Family(
    code="ricoh",
    structure=True,
    facts={"": (Fact(0, "firmware", *_FIRMWARE, _spelled_version, REAL),)},
)

DJI_TEXT: Final = Family(
    code="dji",
    structure=True,
    facts={
        "": (
            Fact(0, "sensor-id", C.SERIAL, "Serial number of the sensor", _after(rb"\[sensor_id:\s*([^\]]{1,80})"), BUILT),
            Fact(0, "flight-speed", C.LOCATION, "How fast the drone flew", _after(rb"\[FlightSpeed[^:\]]*:\s*([^\]]{1,80})"), STATED),
            Fact(0, "attitude", C.TECHNICAL, "How the drone was tilted", _after(rb"\[FlightDegree[^:\]]*:\s*([^\]]{1,80})"), STATED),
            Fact(0, "camera-attitude", C.TECHNICAL, "Where the camera looked", _after(rb"\[GimbalDegree[^:\]]*:\s*([^\]]{1,80})"), STATED),
        ),
    },
)  # fmt: skip
