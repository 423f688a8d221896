"""What a HEIC or AVIF file says, read apart from the parser that the writer uses.

Written from ISO/IEC 14496-12 and 23008-12. In strict mode a byte that a clean file would not
have is refused; otherwise it is passed over.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy._verify._model import Unclean, refuse

#: what a clean file consists of, and its ``meta``, in this order
_TOP: Final = (b"ftyp", b"meta", b"moov", b"mdat", b"mpvd")
_META: Final = (b"hdlr", b"pitm", b"iloc", b"iinf", b"iref", b"iprp", b"grpl", b"idat")
_HANDLER: Final = bytes(8) + b"pict" + bytes(13)
_XMP: Final = b"application/rdf+xml\x00"


@attrs.define
class File:
    """What one file says, as far as this walker reads it."""

    data: bytes
    primary: int = 0
    types: dict[int, bytes] = attrs.field(factory=dict)
    places: dict[int, list[tuple[int, int]]] = attrs.field(factory=dict)
    references: list[tuple[bytes, int, tuple[int, ...]]] = attrs.field(factory=list)
    properties: list[tuple[bytes, bytes]] = attrs.field(factory=list)
    has: dict[int, list[tuple[int, bool]]] = attrs.field(factory=dict)
    hidden: dict[int, bool] = attrs.field(factory=dict)
    groups: list[tuple[bytes, tuple[int, ...]]] = attrs.field(factory=list)
    group_ids: list[int] = attrs.field(factory=list)
    mdat: list[tuple[int, int]] = attrs.field(factory=list)
    idat: tuple[int, int] = (0, 0)
    meta: tuple[int, int] = (0, 0)
    ftyp: bytes = b""
    moov: tuple[int, int] = (0, 0)
    iloc: tuple[int, int] = (0, 0)
    video: tuple[int, int] | None = None

    def described(self, item: int) -> list[tuple[bytes, bytes, bool]]:
        """Return (type, payload, essential) of an item's properties, in order."""
        return [
            (*self.properties[index - 1], essential)
            for index, essential in self.has.get(item, [])
            if 0 < index <= len(self.properties)
        ]

    def auxiliary(self, item: int) -> bytes:
        """Return the auxiliary type of an item, ``b""`` for none."""
        for kind, body, _ in self.described(item):
            if kind == b"auxC":
                return body[4:].partition(b"\x00")[0]
        return b""


def boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield (type, start, start of the payload, end) of boxes that tile *data* (4.2)."""
    while at < end:
        if end - at < 8:
            refuse("bytes that are no box", at)
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1:
            if end - at < 16:
                refuse("a box without its size", at)
            size, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif size == 0 and end == len(data):
            size = end - at
        if at + size < body or at + size > end:
            refuse("a box that leaves its parent", at)
        yield kind, at, body, at + size
        at += size


def read(data: bytes, *, strict: bool) -> File:
    """Return what a file says; in strict mode, only if it says it as a clean file does."""
    file = File(data)
    seen: list[bytes] = []
    for kind, start, body, end in _top(data, strict=strict):
        if (kind == b"ftyp") != (not seen) and (strict or not seen):
            refuse("a file that does not begin with its brands", start)
        seen.append(kind)
        if strict and (kind not in _TOP or body - start != 8 + 8 * _is_long(data, start, end)):
            refuse("a box that may not stand in a clean file", start)
        if len(seen) == 1:
            file.ftyp = data[start:end]
        elif kind == b"meta":
            if file.meta != (0, 0):
                refuse("a second meta box", start)
            file.meta = (start, end)
            _read_meta(file, body, end, strict=strict)
        elif kind == b"moov":
            file.moov = (body, end)
        elif kind == b"mdat":
            file.mdat.append((body, end))
        elif kind == b"mpvd" and file.video is None:
            file.video = (body, end)
    if strict and seen != [kind for kind in _TOP if kind in seen]:
        refuse("boxes out of order, or twice", 0)
    _locate(file, strict=strict)
    return file


def _is_long(data: bytes, start: int, end: int) -> bool:
    """Return whether a box needs 64 bits for its size, which it must state (4.2)."""
    long = end - start > 0xFFFFFFFF
    if int.from_bytes(data[start : start + 4], "big") != (1 if long else end - start):
        refuse("a box that does not state its size", start)
    return long


def _top(data: bytes, *, strict: bool) -> Iterator[tuple[bytes, int, int, int]]:
    walk, meta = boxes(data, 0, len(data)), False
    while True:
        try:
            box = next(walk)
        except StopIteration:
            return
        except Unclean:
            if strict or not meta:
                raise
            return  # what is no box behind the others
        meta |= box[0] == b"meta"
        yield box


def _read_meta(file: File, at: int, end: int, *, strict: bool) -> None:
    data = file.data
    if data[at + 4 : at + 8] != b"hdlr":
        if strict and data[at : at + 4] != bytes(4):
            refuse("flags of a meta box", at)
        at += 4
    elif strict:
        refuse("a meta box without version", at)
    seen = []
    for kind, start, body, stop in boxes(data, at, end):
        if strict:
            _strict_child(data, kind, start, body, stop)
        seen.append(kind)
        if kind == b"pitm":
            width = 2 if data[body] == 0 else 4
            file.primary = int.from_bytes(data[body + 4 : body + 4 + width], "big")
        elif kind == b"iinf":
            _read_items(file, body, stop, strict=strict)
        elif kind == b"iloc":
            file.iloc = (body, stop)
        elif kind == b"iref":
            _read_references(file, body, stop, strict=strict)
        elif kind == b"iprp":
            _read_properties(file, body, stop, strict=strict)
        elif kind == b"grpl":
            _read_groups(file, body, stop, strict=strict)
        elif kind == b"idat":
            file.idat = (body, stop)
    if strict and seen != [kind for kind in _META if kind in seen]:
        refuse("boxes in meta that may not stand there, out of order, or twice", at)


def _strict_child(data: bytes, kind: bytes, start: int, body: int, stop: int) -> None:
    """Check the heads of the children of meta, and those that hold no items."""
    if body - start != 8 or int.from_bytes(data[start : start + 4], "big") != stop - start:
        refuse("a box that does not state its size", start)
    if kind in (b"pitm", b"iloc", b"iinf", b"iref"):
        highest = 1 if kind == b"iloc" else 0
        if data[body] > highest or data[body + 1 : body + 4] != bytes(3):
            refuse("a box of another version, or with flags", body)
    if kind == b"hdlr" and data[body:stop] != _HANDLER:
        refuse("a handler with a name", body)
    if kind == b"pitm" and stop - body != 6:
        refuse("a primary item box with more in it than its item", body)


def _read_groups(file: File, at: int, end: int, *, strict: bool) -> None:
    data = file.data
    for kind, begin, body, stop in boxes(data, at, end):
        count = struct.unpack_from(">I", data, body + 8)[0]
        if strict and (body + 12 + 4 * count != stop or data[body : body + 4] != bytes(4)):
            refuse("a group with more in it than its members", begin)
        file.group_ids.append(int.from_bytes(data[body + 4 : body + 8], "big"))
        file.groups.append((kind, struct.unpack_from(f">{count}I", data, body + 12)))


def _read_items(file: File, at: int, end: int, *, strict: bool) -> None:
    data = file.data
    start = at + 4 + (2 if data[at] == 0 else 4)
    for kind, begin, body, stop in boxes(data, start, end):
        if kind != b"infe" and not strict:
            continue
        if kind != b"infe" or data[body] not in (2, 3):
            refuse("an item entry of unknown kind", begin)
        width = 2 if data[body] == 2 else 4
        number = int.from_bytes(data[body + 4 : body + 4 + width], "big")
        rest = data[body + 4 + width : stop]
        if number in file.types:
            refuse("an item that stands twice", begin)
        if strict and (
            data[body] != 2
            or rest[:2] != b"\x00\x00"
            or rest[6:] != b"\x00" + (_XMP if rest[2:6] == b"mime" else b"")
            or data[body + 1 : body + 3] != b"\x00\x00"
            or data[body + 3] > 1
        ):
            refuse("an item with a name, or with more than a clean file says", begin)
        file.types[number] = rest[2:6]
        file.hidden[number] = bool(data[body + 3] & 1)  # 23008-12, 6.4.2
    if strict and int.from_bytes(data[at + 4 : start], "big") != len(file.types):
        refuse("another number of items than there are", at)


def _read_references(file: File, at: int, end: int, *, strict: bool) -> None:
    data = file.data
    width, letter = (2, "H") if data[at] == 0 else (4, "I")
    for kind, begin, body, stop in boxes(data, at + 4, end):
        source = int.from_bytes(data[body : body + width], "big")
        count = struct.unpack_from(">H", data, body + width)[0]
        targets = struct.unpack_from(f">{count}{letter}", data, body + width + 2)
        if strict and (
            body + width + 2 + width * count != stop
            or kind not in (b"dimg", b"auxl", b"prem", b"cdsc")
        ):
            refuse("a reference that may not stand in a clean file", begin)
        file.references.append((kind, source, targets))


def _read_properties(file: File, at: int, end: int, *, strict: bool) -> None:
    data = file.data
    for kind, begin, body, stop in boxes(data, at, end):
        if kind == b"ipco":
            if file.properties:
                refuse("properties in two places", begin)
            file.properties = [
                (name, data[inner:last]) for name, _, inner, last in boxes(data, body, stop)
            ]
        elif kind == b"ipma":
            wide, big = data[body + 3] & 1, data[body] > 0
            if strict and (data[body] or data[body + 1 : body + 3] != b"\x00\x00"):
                refuse("associations of an unknown version, or with flags", begin)
            if strict and data[body + 3] > 1:
                refuse("flags of the associations", begin)
            cursor = body + 8
            for _ in range(struct.unpack_from(">I", data, body + 4)[0]):
                number = int.from_bytes(data[cursor : cursor + (4 if big else 2)], "big")
                cursor += 4 if big else 2
                count = data[cursor]
                cursor += 1
                for _ in range(count):
                    size = 2 if wide else 1
                    value = int.from_bytes(data[cursor : cursor + size], "big")
                    top = 0x8000 if wide else 0x80
                    file.has.setdefault(number, []).append((value & (top - 1), bool(value & top)))
                    cursor += size
            if strict and cursor != stop:
                refuse("bytes behind the associations", begin)
        elif strict:
            refuse("a box that may not stand among properties", begin)


def _locate(file: File, *, strict: bool) -> None:
    """Read ``iloc`` (8.11.3) now that ``idat`` is known."""
    data, (at, end) = file.data, file.iloc
    if not end:
        refuse("no item locations", 0)
    version, sizes = data[at], struct.unpack_from(">H", data, at + 4)[0]
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    if strict and sizes not in (0x4400, 0x8800):
        refuse("item locations of other widths", at)
    cursor = at + 6

    def number(size: int) -> int:
        nonlocal cursor
        if cursor + size > end:
            refuse("item locations that leave their box", cursor)
        cursor += size
        return int.from_bytes(data[cursor - size : cursor], "big")

    for _ in range(number(2 if version < 2 else 4)):
        item = number(2 if version < 2 else 4)
        method = number(2) if version else 0
        if strict and method > 1:
            refuse("an item that is put together from others, or reserved bits", cursor)
        method &= 15
        outside = number(2)
        base = number(base_size)
        spans = []
        for _ in range(number(2)):
            if number(index_size) and strict:
                refuse("an extent index, which has no meaning here", cursor)
            start = base + number(offset_size) + (file.idat[0] if method == 1 else 0)
            stop = start + number(length_size)
            if start == stop and not strict:
                continue
            if strict and method == 1 and not file.idat[0] <= start <= stop <= file.idat[1]:
                refuse("an item that leaves the idat it is said to be in", cursor)
            spans.append((start, stop))
        if item in file.places:
            refuse("an item with two locations", at)
        file.places[item] = spans if not outside and method in (0, 1) else [(-1, -1)]
    if strict and cursor != end:
        refuse("bytes behind the item locations", cursor)
