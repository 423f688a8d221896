"""What Sony's maker notes give away.

Some blocks are enciphered byte by byte: each byte below 249 is its cube modulo 249, and stands
for one byte only (metadata-extractor, SonyEncodedDataDirectoryBase).
"""

from __future__ import annotations

import re
from typing import Final

from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._model import BUILT, REAL, Fact, Family
from photoprivacy.metadata.makers._values import Said, moment_at, number_at, text, text_at
from photoprivacy.policy import Category as C

_PLAIN: Final = bytes.maketrans(bytes(one**3 % 249 for one in range(249)), bytes(range(249)))


def deciphered(raw: bytes) -> bytes:
    """Return an enciphered block in plain."""
    return raw.translate(_PLAIN)


#: models → where the internal serial number is in block 0x9050, and how long; first match wins
_SERIALS: Final = (
    (r"DSC-|ZV-1|ZV-E1\Z|NEX-5N|NEX-7|NEX-VG20", 0, 0),  # not known
    (r"ILCE-1(?!\d)", 0x8A, 6),
    (r"ILCE-(6[1-6]00|7RM|7SM|7M[3-9]|7C|9)|ILCA-99M2|ILME-|ZV-E", 0x88, 6),
    (r"SLT-|HV|ILCA-", 0xF0, 5),
    (r"NEX-|ILCE-|DSLR-", 0x7C, 4),
)  # fmt: skip


def _plain(cell: Cell) -> Cell:
    return Cell(cell.tag, cell.type, deciphered(cell.raw), "<", cell.start, cell.camera)


def _serial(cell: Cell) -> Said:
    for models, at, length in _SERIALS:
        if re.match(models, cell.camera):
            part = _plain(cell).raw[at : at + length]
            return part.hex() if any(part) else None
    return None


def _spelled_serial(cell: Cell) -> str | None:
    """Return a serial number of eight digits; its pairs stand in reverse."""
    said = text(cell)
    if said is None or not re.fullmatch("[0-9]{8}", said):
        return said
    return "".join(said[at : at + 2] for at in (6, 4, 2, 0))


def _count(cell: Cell) -> Said:
    """Return a count of three bytes; it stands before the serial number, as models differ."""
    for models, at, _ in _SERIALS:
        if at and re.match(models, cell.camera):
            count = number_at(0x3A if at in (0x88, 0x8A) else 0x32, "I")(_plain(cell))
            return int(count) & 0xFFFFFF if isinstance(count, int | float) else None
    return None


def _lens_firmware(cell: Cell) -> str | None:
    [version] = _plain(cell).unpacked("H", 0x14, 1) or (0,)
    return f"Ver.{int(version) >> 8:02x}.{int(version) & 0xFF:03x}" if version else None


#: where models differ; a date is told by its own seven bytes
_MOMENTS: Final = tuple(moment_at(at, "<") for at in (0x1B6, 0x1FE, 0x210, 0x22C))


def _moment(cell: Cell) -> str | None:
    plain = _plain(cell)
    found = [said for read in _MOMENTS if (said := read(plain))]
    return found[0] if found else None


SONY: Final = Family(
    code="sony",
    facts={
        "": (
            Fact(0x2010, "time", C.TIME, "Time of capture", _moment, BUILT),
            Fact(0x2031, "serial", C.SERIAL, "Serial number of the camera", _spelled_serial, BUILT, whole=True),
            Fact(0x3000, "time", C.TIME, "Time of capture", text_at(6, 20), BUILT),
            Fact(0x3000, "faces", C.PERSON, "How many faces there are, and where", number_at(0x30, "H"), BUILT),
            Fact(0x9050, "internal-serial", C.SERIAL, "Internal serial number of the camera", _serial, REAL),
            Fact(0x9050, "shutter-count", C.TRACKING, "How many pictures the camera took", _count, REAL),
            Fact(0x940C, "lens-firmware", C.SOFTWARE, "Firmware of the lens", _lens_firmware, REAL),
        ),
    },
)  # fmt: skip
