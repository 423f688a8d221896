"""How values of maker notes are read: each reader returns what is said, or ``None`` for nothing.

Offsets of a note may be stale, so text counts only when it is text, and a date when it is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from photoprivacy.metadata.makers._cells import Cell

Said = str | int | float | None
Read = Callable[[Cell], Said]
#: A reader of words, dates and identifiers.
ReadText = Callable[[Cell], str | None]

#: Longer ones are no names and no numbers.
_LONGEST: Final = 512


def words(raw: bytes) -> str | None:
    """Return text up to its first zero, ``None`` where it is none or says nothing."""
    raw = (
        raw.lstrip(b"\x00").partition(b"\x00")[0].strip(b"\xff \t\r\n")[:_LONGEST]
    )  # 0xFF: never written
    for encoding in ("utf-8", "latin-1"):
        try:
            said = " ".join(raw.decode(encoding).split())
        except UnicodeDecodeError:
            continue
        return said if said.isprintable() and any(map(str.isalnum, said)) else None
    return None


def text(cell: Cell) -> str | None:
    """Return text."""
    return words(cell.raw)


def text_at(start: int, length: int, encoding: str = "") -> ReadText:
    """Return a reader of text of *length* bytes from *start* on."""

    def read(cell: Cell) -> str | None:
        part = cell.raw[start : start + length]
        if encoding:
            part = part[: len(part) // 2 * 2].decode(encoding, "replace").encode()
        return words(part)

    return read


def number(cell: Cell) -> Said:
    """Return the first number; zero means none."""
    return next(iter(cell.numbers()), None) or None


def number_at(at: int, code: str) -> Read:
    """Return a reader of the number of `struct` *code* at byte *at*; zero means none."""

    def read(cell: Cell) -> Said:
        return next(iter(cell.unpacked(code, at, 1)), None) or None

    return read


def numbers(cell: Cell) -> str | None:
    """Return several numbers, ``None`` when all are zero."""
    found = cell.numbers()[:16]
    return ", ".join(f"{one:.6g}" for one in found) if any(found) else None


def hexadecimal(cell: Cell) -> str | None:
    """Return an identifier of bytes, ``None`` for padding."""
    return hex_at(0, 64)(cell)


def hex_at(start: int, length: int) -> ReadText:
    """Return a reader of an identifier of *length* bytes from *start* on."""

    def read(cell: Cell) -> str | None:
        part = cell.raw[start : start + length]
        return part.hex() if len(set(part)) > 1 else None

    return read


def digits(cell: Cell) -> str | None:
    """Return a number as the ten digits that makers print on a camera."""
    found = cell.numbers()[:1]
    return f"{int(found[0]):010}" if found and found[0] else None


def dotted(cell: Cell) -> str | None:
    """Return a version: text where it is text, else its bytes with dots between."""
    raw = cell.raw[:4]
    said = words(cell.raw) if re.fullmatch(rb"[ -~]+\x00*", cell.raw) else None
    return said or (".".join(map(str, raw)) if any(raw) else None)


def zone(at: int, code: str) -> ReadText:
    """Return a reader of an offset from UTC in minutes."""

    def read(cell: Cell) -> str | None:
        for minutes in cell.unpacked(code, at, 1):
            if abs(minutes) <= 15 * 60:
                sign = "-" if minutes < 0 else "+"
                hours, rest = divmod(int(abs(minutes)), 60)
                return f"{sign}{hours:02}:{rest:02}"
        return None

    return read


def moment(year: float, *rest: float) -> str | None:
    """Return a date, or a date and time, as Exif spells them; ``None`` where it is none."""
    month, day, hour, minute, second = (*rest, 0, 0, 0, 0, 0)[:5]
    if not (1980 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second <= 60):
        return None
    date = f"{year:04.0f}:{month:02.0f}:{day:02.0f}"
    return date if len(rest) < 5 else f"{date} {hour:02.0f}:{minute:02.0f}:{second:02.0f}"


def moment_at(at: int, order: str = "") -> ReadText:
    """Return a reader of seven bytes: a year of two bytes, month, day, hour, minute, second."""

    def read(cell: Cell) -> str | None:
        part = cell.raw[at : at + 7]
        if len(part) < 7:
            return None
        year = int.from_bytes(part[:2], "little" if (order or cell.order) == "<" else "big")
        return moment(year, *part[2:])

    return read


def spelling(said: Said, raw: bytes) -> bytes:
    """Return the bytes by which *said* stands in *raw*; ``b""`` for what stands by chance.

    Numbers alone stand everywhere by chance; text and identifiers of six bytes do not.
    """
    if not isinstance(said, str):
        return b""
    spelled = [said.encode(), said.encode("latin-1", "ignore"), said.encode("utf-16-le")]
    if re.fullmatch("(?:[0-9a-f]{2})+", said):
        spelled.append(bytes.fromhex(said))
    for one in spelled:
        if len(one) >= 6 and len(set(one)) >= 4 and one in raw:
            return one[:200]
    return b""
