"""What Ricoh's maker notes give away, where they have a directory of Ricoh's own."""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, Fact, Family
from photoprivacy.metadata.makers._values import moment, text, words
from photoprivacy.policy import Category as C


def _packed(cell: Cell) -> str | None:
    """Return a moment of digits, two in a byte: year, month, day, hour, minute, second."""
    spelled = cell.raw[6:13].hex()
    if not re.fullmatch(r"\d{14}", spelled):
        return None
    return moment(int(spelled[:4]), *(int(spelled[at : at + 2]) for at in range(4, 14, 2)))


def _serial(cell: Cell) -> str | None:
    """Return a serial number: words, or bytes."""
    return words(cell.raw) or (cell.raw[:16].hex() if any(cell.raw[:16]) else None)


RICOH: Final = Family(
    code="ricoh",
    facts={
        "": (
            Fact(0x0002, "firmware", C.SOFTWARE, "Firmware of the camera", text, BUILT),
            Fact(0x0005, "serial", C.SERIAL, "Serial number of the camera", _serial, BUILT),
            Fact(0x1001, "time", C.TIME, "Time of capture", _packed, BUILT),
        ),
    },
)  # fmt: skip
