"""What maker notes of Pentax, and of Ricoh's later cameras, give away."""

from __future__ import annotations

from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, Fact, Family
from photoprivacy.metadata.makers._values import Said, moment, number, number_at, text
from photoprivacy.policy import Category as C


def _date(cell: Cell) -> str | None:
    """Return a date of four bytes, the year's high byte first whatever the order."""
    raw = cell.raw
    return moment(int.from_bytes(raw[:2], "big"), raw[2], raw[3]) if len(raw) >= 4 else None


def _clock(cell: Cell) -> str | None:
    if len(cell.raw) < 3 or cell.raw[0] > 23 or max(cell.raw[1:3]) > 59:
        return None
    return ":".join(f"{part:02}" for part in cell.raw[:3])


def _version(cell: Cell) -> str | None:
    """Return a version of four bytes, each with its bits turned."""
    parts = [one ^ 0xFF for one in cell.raw[:4]]
    return "{}.{:02}.{:02}.{:02}".format(*parts) if len(parts) == 4 and any(cell.raw) else None


def _made(cell: Cell) -> str | None:
    """Return the day a camera was made: a number of decimal digits."""
    [day] = cell.unpacked("I", 4, 1) or (0,)
    return moment(day // 10000, day // 100 % 100, day % 100)


def _where(cell: Cell) -> Said:
    return ("home", "destination")[cell.raw[0] & 1] if cell.raw else None


_HOME: Final = "City set as home, as the camera numbers it"
_AWAY: Final = "City set as destination, as the camera numbers it"

PENTAX: Final = Family(
    code="pentax",
    facts={
        "": (
            Fact(0x0006, "date", C.TIME, "Day of capture", _date, BUILT),
            Fact(0x0007, "clock", C.TIME, "Time of day", _clock, BUILT),
            Fact(0x0022, "away", C.LOCATION, "Whether the clock is set to home or a destination", number, BUILT),
            Fact(0x0023, "home-city", C.LOCATION, _HOME, number, BUILT),
            Fact(0x0024, "destination-city", C.LOCATION, _AWAY, number, BUILT),
            Fact(0x0027, "dsp-firmware", C.SOFTWARE, "Firmware of the camera", _version, BUILT),
            Fact(0x0028, "cpu-firmware", C.SOFTWARE, "Firmware of the camera", _version, BUILT),
            Fact(0x0029, "image-count", C.TRACKING, "Number of the picture", number, BUILT),
            Fact(0x0060, "faces", C.PERSON, "How many faces there are, and where", number_at(0, "B"), BUILT),
            Fact(0x006B, "away", C.LOCATION, "Whether the clock is set to home or a destination", _where, BUILT),
            Fact(0x006B, "home-city", C.LOCATION, _HOME, number_at(2, "B"), BUILT),
            Fact(0x006B, "destination-city", C.LOCATION, _AWAY, number_at(3, "B"), BUILT),
            Fact(0x0076, "faces", C.PERSON, "How many faces there are, and where", number_at(1, "B"), BUILT),
            Fact(0x0215, "made", C.SERIAL, "Day the camera was made", _made, BUILT),
            Fact(0x0215, "internal-serial", C.SERIAL, "Internal serial number of the camera", number_at(16, "I"), BUILT),
            Fact(0x0229, "serial", C.SERIAL, "Serial number of the camera", text, BUILT),
            Fact(0x022E, "artist", C.RIGHTS, "Artist", text, BUILT),
            Fact(0x022F, "copyright", C.RIGHTS, "Copyright", text, BUILT),
            Fact(0x0230, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
        ),
    },
)  # fmt: skip
