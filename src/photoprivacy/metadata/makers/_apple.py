"""What Apple's maker notes give away."""

from __future__ import annotations

import plistlib
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, Fact, Family
from photoprivacy.metadata.makers._values import number, numbers, text
from photoprivacy.policy import Category as C

#: A clock of four numbers takes about a hundred bytes; a list that is larger is none.
_LONGEST_CLOCK: Final = 1024


def run_time(cell: Cell) -> str | None:
    """Return for how many seconds the phone had been on: a CMTime as binary property list."""
    if not cell.raw.startswith(b"bplist00") or len(cell.raw) > _LONGEST_CLOCK:
        return None
    try:
        clock = plistlib.loads(cell.raw, fmt=plistlib.FMT_BINARY)
        value, scale = clock["value"], clock["timescale"]
        return f"{value / scale:.9f}" if value > 0 < scale else None
    except Exception:  # noqa: BLE001 - plistlib raises what it meets; whatever it is: no clock
        return None


_TRACKS: Final = "ties this photo to others"

APPLE: Final = Family(
    code="apple",
    facts={
        "": (
            Fact(0x0003, "run-time", C.TRACKING, "How long the phone had been on", run_time, REAL, whole=True),
            Fact(0x0008, "acceleration", C.TECHNICAL, "How the phone was held", numbers, REAL),
            Fact(0x000B, "burst-id", C.TRACKING, "Identifier of a burst of photos", text, BUILT),
            Fact(0x0011, "content-identifier", C.TRACKING, "Identifier that ties the photo to its live video", text, REAL),
            Fact(0x0015, "unique-id", C.TRACKING, "Unique identifier of the picture", text, BUILT),
            Fact(0x0017, "live-photo-index", C.TRACKING, "Moment within the live video", number, REAL),
            Fact(0x0020, "capture-request-id", C.TRACKING, "Identifier of the request to take a picture", text, REAL),
            Fact(0x002B, "photo-identifier", C.TRACKING, "Identifier of the picture", text, REAL),
            Fact(0x0045, "front-camera", C.TECHNICAL, "Whether the photo is of the one who took it", number, BUILT),
        ),
    },
)  # fmt: skip
