"""What Nikon's maker notes give away."""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, Fact, Family
from photoprivacy.metadata.makers._nikon_cipher import deciphered
from photoprivacy.metadata.makers._values import (
    moment_at,
    number,
    number_at,
    text,
    text_at,
    words,
    zone,
)
from photoprivacy.policy import Category as C


def _place(cell: Cell) -> str | None:
    """Return the name of a place, up to its first zero."""
    return words(cell.raw[9:79])


_SHUTTER_COUNT, _SERIAL = 0x00A7, 0x001D
_FIRMWARE: Final = re.compile(rb"[0-9]\.[0-9]{2}[A-Za-z]?|[0-9]{2}\.[0-9]{2}(?:\.[0-9a-zA-Z]{2})?")


def _firmware(cell: Cell) -> str | None:
    """Return the version behind four digits that name the block: plain, or enciphered."""
    part = cell.raw[4:12]
    count = cell.beside[_SHUTTER_COUNT].numbers() if _SHUTTER_COUNT in cell.beside else ()
    if cell.raw[:2] >= b"02" and count:
        said = text(cell.beside[_SERIAL]) if _SERIAL in cell.beside else None
        # Cameras whose serial number is no number have one key for all; the D50 has its own.
        usual = 0x22 if cell.camera.endswith("D50") else 0x60
        serial = int(said) if said and re.fullmatch("[0-9]{1,12}", said) else usual
        part = deciphered(part, serial, int(count[0]))
    found = _FIRMWARE.match(part)
    return found[0].decode() if found else None


NIKON: Final = Family(
    code="nikon",
    facts={
        "": (
            Fact(0x001D, "serial", C.SERIAL, "Serial number of the camera", text, REAL),
            Fact(0x0021, "faces", C.PERSON, "How many faces there are, and where", number_at(6, "H"), BUILT),
            Fact(0x0024, "time-zone", C.TIME, "Time zone of the camera's clock", zone(0, "h"), REAL),
            Fact(0x0037, "mechanical-shutter-count", C.TRACKING, "How often the shutter moved", number, BUILT),
            Fact(0x0039, "country", C.LOCATION, "Country code", text_at(5, 3), BUILT),
            Fact(0x0039, "place", C.LOCATION, "Name of the place", _place, BUILT),
            Fact(0x0051, "nef-firmware", C.SOFTWARE, "Firmware of the camera", text_at(0, 8), BUILT),
            Fact(0x0056, "burst-firmware", C.SOFTWARE, "Firmware of the camera", text_at(0, 4), BUILT),
            Fact(0x0091, "firmware", C.SOFTWARE, "Firmware of the camera", _firmware, REAL),
            Fact(0x00A0, "serial", C.SERIAL, "Serial number of the camera", text, REAL),
            Fact(0x00A5, "image-count", C.TRACKING, "How many pictures the camera took", number, BUILT),
            Fact(0x00A6, "deleted-count", C.TRACKING, "How many pictures were deleted", number, BUILT),
            Fact(0x00A7, "shutter-count", C.TRACKING, "How many pictures the camera took", number, REAL),
            Fact(0x00B6, "power-up", C.TIME, "When the camera was switched on", moment_at(0), REAL),
            Fact(0x00B8, "file-number", C.HISTORY, "Number of the file on the card", number_at(8, "H"), REAL),
            Fact(0x00C3, "altitude", C.LOCATION, "Height above the sea", number_at(6, "i"), BUILT),
            Fact(0x0E09, "software", C.SOFTWARE, "Software", text, REAL),
        ),
    },
)  # fmt: skip

#: The first Coolpix cameras: settings, and nothing of people or devices.
NIKON_OLD: Final = Family(code="nikon", facts={"": ()})
