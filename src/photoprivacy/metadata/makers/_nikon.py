"""What Nikon's maker notes give away."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, Fact, Family
from photoprivacy.metadata.makers._values import (
    Said,
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
    """Return the name of a place, spelled as the byte before it says: 1 for UTF-8, 2 for none."""
    return words(cell.raw[9:79])


def _faces(cell: Cell) -> Said:
    return number_at(6, "H")(cell)


NIKON: Final = Family(
    code="nikon",
    facts={
        "": (
            Fact(0x001D, "serial", C.SERIAL, "Serial number of the camera", text, REAL),
            Fact(0x0021, "faces", C.PERSON, "How many faces there are, and where", _faces, REAL),
            Fact(0x0024, "time-zone", C.TIME, "Time zone of the camera's clock", zone(0, "h"), REAL),
            Fact(0x0037, "mechanical-shutter-count", C.TRACKING, "How often the shutter moved", number, BUILT),
            Fact(0x0039, "country", C.LOCATION, "Country code", text_at(5, 3), BUILT),
            Fact(0x0039, "place", C.LOCATION, "Name of the place", _place, BUILT),
            Fact(0x0051, "nef-firmware", C.SOFTWARE, "Firmware of the camera", text_at(0, 8), BUILT),
            Fact(0x0056, "burst-firmware", C.SOFTWARE, "Firmware of the camera", text_at(0, 4), BUILT),
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
