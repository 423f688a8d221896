"""What Panasonic's and Leica's maker notes give away."""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, STATED, Fact, Family
from photoprivacy.metadata.makers._values import (
    Said,
    digits,
    dotted,
    moment,
    number,
    number_at,
    text,
    text_at,
)
from photoprivacy.policy import Category as C


def _age(cell: Cell) -> str | None:
    """Return an age as years, months and days; nines mean that none was set."""
    said = text(cell)
    return None if said is None or said.startswith("9999") else said


def _where(cell: Cell) -> Said:
    return {1: "home", 2: "destination"}.get(int(number(cell) or 0))


def _packed(cell: Cell) -> str | None:
    """Return a moment of digits, two in a byte: year, month, day, hour, minute, second."""
    spelled = cell.raw[:7].hex()
    if not re.fullmatch(r"\d{14}", spelled):
        return None
    parts = [int(spelled[:4]), *(int(spelled[at : at + 2]) for at in range(4, 14, 2))]
    return moment(*parts)


_FACE: Final = "Name of somebody in the picture"
_AGE: Final = "Age of somebody in the picture"

PANASONIC: Final = Family(
    code="panasonic",
    facts={
        "": (
            Fact(0x0002, "firmware", C.SOFTWARE, "Firmware of the camera", dotted, REAL),
            Fact(0x0025, "internal-serial", C.SERIAL, "Internal serial number of the camera", text, REAL),
            Fact(0x0029, "run-time", C.TRACKING, "How long the camera had been on", number, REAL),
            Fact(0x0033, "age", C.PERSON, "Age of a child or pet", _age, BUILT),
            Fact(0x003A, "away", C.LOCATION, "Whether the camera was at home or away", _where, BUILT),
            Fact(0x003F, "faces", C.PERSON, "How many faces there are, and where", number, BUILT),
            Fact(0x004E, "faces", C.PERSON, "How many faces there are, and where", number_at(0, "H"), BUILT),
            Fact(0x0052, "lens-serial", C.SERIAL, "Serial number of the lens", text, BUILT),
            Fact(0x0054, "accessory-serial", C.SERIAL, "Serial number of an accessory", text, BUILT),
            Fact(0x0060, "lens-firmware", C.SOFTWARE, "Firmware of the lens", dotted, BUILT),
            *(
                fact
                for at in (0x04, 0x34, 0x64)
                for fact in (
                    Fact(0x0061, "face-name", C.PERSON, _FACE, text_at(at, 20), BUILT),
                    Fact(0x0061, "face-age", C.PERSON, _AGE, text_at(at + 28, 20), BUILT),
                )
            ),
            Fact(0x0065, "title", C.CAPTION, "Title", text, BUILT),
            Fact(0x0066, "name", C.PERSON, "Name of a child or pet", text, BUILT),
            Fact(0x0067, "place", C.LOCATION, "Name of the place", text, BUILT),
            Fact(0x0069, "country", C.LOCATION, "Country", text, BUILT),
            Fact(0x006B, "state", C.LOCATION, "State or county", text, BUILT),
            Fact(0x006D, "city", C.LOCATION, "City", text, BUILT),
            Fact(0x006F, "landmark", C.LOCATION, "Landmark", text, BUILT),
            Fact(0x0080, "city", C.LOCATION, "City", text, BUILT),
            Fact(0x0086, "pressure", C.LOCATION, "Air pressure", number, BUILT),
            Fact(0x00AF, "time", C.TIME, "Time of capture", text, BUILT),
            Fact(0x2003, "time", C.TIME, "Time of capture", _packed, BUILT),
            Fact(0x8010, "age", C.PERSON, "Age of a child or pet", _age, BUILT),
        ),
    },
)  # fmt: skip

LEICA: Final = Family(
    code="leica",
    facts={
        "": (
            *PANASONIC.facts[""],
            Fact(0x0303, "serial", C.SERIAL, "Serial number of the camera", digits, BUILT),
            Fact(0x0305, "serial", C.SERIAL, "Serial number of the camera", digits, BUILT),
            Fact(0x0320, "firmware", C.SOFTWARE, "Firmware of the camera", dotted, STATED),
            Fact(0x0321, "lens-serial", C.SERIAL, "Serial number of the lens", digits, STATED),
            Fact(0x034C, "user-profile", C.CAPTION, "Name of a profile of settings", text, STATED),
            Fact(0x0407, "file-name", C.HISTORY, "Name of the file", text, BUILT),
            Fact(0x0408, "folder", C.HISTORY, "Name of the folder", text, BUILT),
            Fact(0x0500, "internal-serial", C.SERIAL, "Internal serial number of the camera", text, BUILT),
        ),
        "settings": (
            Fact(0x3038, "user-profile", C.CAPTION, "Name of a profile of settings", text, STATED),
            Fact(0x3103, "serial", C.SERIAL, "Serial number of the camera", text, STATED),
            Fact(0x3109, "firmware", C.SOFTWARE, "Firmware of the camera", text, STATED),
        ),
    },
    inner={0x3900: "settings"},
)  # fmt: skip
