"""TIFFs as the second pair of eyes reads them: leniently a source, strictly a clean file."""

from __future__ import annotations

import struct
from collections.abc import Container
from typing import Final

import attrs

from photoprivacy._verify._model import refuse

#: type → bytes of a value (TIFF 6.0, 2; supplement 1; BigTIFF)
_SIZES: Final = {
    **dict.fromkeys((1, 2, 6, 7), 1),
    **dict.fromkeys((3, 8), 2),
    **dict.fromkeys((4, 9, 11, 13), 4),
    **dict.fromkeys((5, 10, 12, 16, 17, 18), 8),
}
#: tag → type, number of values, and these
Fields = dict[int, tuple[int, int, bytes]]


@attrs.define
class File:
    """A TIFF: its byte order, whether it is a BigTIFF, and its pages.

    Attributes:
        data: All of it.
        sign: Byte order, as `struct` spells it.
        big: Whether it is a BigTIFF.
        strict: Whether it must be as a clean file is: what a directory says in the order of its
            tags, each long value in its own place behind it, and no bit unaccounted for.
        only: The tags that are looked at. Pages may share values of others without end.
        pages: Their fields.
        ends: Where the values of each page end.
        used: Start and stop of whatever something refers to.
    """

    data: bytes = attrs.field(repr=False)
    sign: str
    big: bool
    strict: bool
    only: Container[int] = range(1 << 16)
    pages: list[Fields] = attrs.field(factory=list, repr=False)
    ends: list[int] = attrs.field(factory=list)
    used: list[tuple[int, int]] = attrs.field(factory=list)

    def numbers(self, field: tuple[int, int, bytes] | None) -> list[int]:
        """Return the whole numbers of a *field*, none for none or others."""
        if field is None:
            return []
        letter = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(field[0])
        if letter is None:
            return []
        return list(
            struct.unpack(
                f"{self.sign}{len(field[2]) // struct.calcsize(letter)}{letter}", field[2]
            )
        )

    def first(self, page: Fields, tag: int, default: int) -> int:
        """Return the first number of a page's *tag*."""
        return next(iter(self.numbers(page.get(tag))), default)


def read(data: bytes, *, strict: bool = False, only: Container[int] = range(1 << 16)) -> File:
    """Return the pages of a TIFF, with *only* these tags.

    Raises:
        Unclean: It is no TIFF, or not as *strict* as it should be.
    """
    sign = {b"II": "<", b"MM": ">"}[data[:2]]
    (version,) = struct.unpack_from(f"{sign}H", data, 2)
    if version not in (42, 43):
        refuse("no header of TIFF", 0)
    out = File(data, sign, version == 43, strict, only)
    letter = "Q" if out.big else "I"
    (at,) = struct.unpack_from(f"{sign}{letter}", data, 8 if out.big else 4)
    out.used.append((0, 16 if out.big else 8))
    seen = set()
    while at and at not in seen:
        seen.add(at)
        fields, at, end = directory(out, at)
        out.pages.append(fields)
        out.ends.append(end)
    if strict and at:
        refuse("directories that go round in a circle", at)
    return out


def directory(out: File, at: int) -> tuple[Fields, int, int]:
    """Return what a directory says, where the next one is, and where its values end.

    Raises:
        Unclean: It is not as strict as it should be.
    """
    head, form, room = ("Q", "HHQ8s", 8) if out.big else ("H", "HHI4s", 4)
    (count,) = struct.unpack_from(f"{out.sign}{head}", out.data, at)
    start = at + struct.calcsize(f"={head}")
    row = struct.Struct(f"{out.sign}{form}")
    stop = start + count * row.size
    end = _even(stop + room)
    fields: Fields = {}
    last = -1
    for number in range(count):
        tag, kind, values, inside = row.unpack_from(out.data, start + number * row.size)
        size = values * _SIZES.get(kind, 0)
        if out.strict and (not size or tag <= last):
            refuse("a row without values, or out of order", start + number * row.size)
        last = tag
        if not size or tag in fields or tag not in out.only:
            continue
        if size <= room:
            if out.strict and any(inside[size:]):
                refuse("bytes behind a short value", start + number * row.size)
            fields[tag] = (kind, values, inside[:size])
            continue
        (place,) = struct.unpack(f"{out.sign}{'Q' if out.big else 'I'}", inside)
        if out.strict and place != end:
            refuse("a value in a place of its own", start + number * row.size)
        if place + size <= len(out.data):
            fields[tag] = (kind, values, out.data[place : place + size])
            out.used.append((place, place + size))
        elif out.strict:
            refuse("a value that leaves the file", start + number * row.size)
        end = _even(place + size)
    out.used.append((at, stop + room))
    (following,) = struct.unpack_from(f"{out.sign}{'Q' if out.big else 'I'}", out.data, stop)
    return fields, int(following), end


def _even(length: int) -> int:
    return length + length % 2
