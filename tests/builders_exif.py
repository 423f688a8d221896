"""Exif blocks by hand (Exif 3.0, 4.5): ``block(image=[asciz(0x10F, "Maker")], gps=[…])``."""

from __future__ import annotations

import struct

#: tag, type, count, bytes
Entry = tuple[int, int, int, bytes]
_POINTERS = {"exif": 0x8769, "gps": 0x8825, "interop": 0xA005}


def asciz(tag: int, words: str | bytes) -> Entry:
    """Return a text with its zero byte (type 2)."""
    raw = words.encode() if isinstance(words, str) else words
    return tag, 2, len(raw) + 1, raw + b"\x00"


def short(tag: int, value: int) -> Entry:
    """Return one number of 16 bits (type 3)."""
    return tag, 3, 1, struct.pack(">H", value)


def long(tag: int, value: int) -> Entry:
    """Return one number of 32 bits (type 4)."""
    return tag, 4, 1, struct.pack(">I", value)


def byte(tag: int, raw: bytes) -> Entry:
    """Return bytes (type 1)."""
    return tag, 1, len(raw), raw


def undefined(tag: int, raw: bytes) -> Entry:
    """Return bytes of another form (type 7)."""
    return tag, 7, len(raw), raw


def rational(tag: int, *pairs: tuple[int, int]) -> Entry:
    """Return fractions (type 5)."""
    return tag, 5, len(pairs), b"".join(struct.pack(">II", *pair) for pair in pairs)


def position(
    latitude: tuple[tuple[int, int], ...] = ((52, 1), (22, 1), (1272, 100)),
    longitude: tuple[tuple[int, int], ...] = ((4, 1), (53, 1), (4272, 100)),
    *,
    sides: str = "NE",
) -> list[Entry]:
    """Return latitude and longitude (4.6.6); sides of ``"  "`` leave the hemispheres out."""
    entries = [rational(2, *latitude), rational(4, *longitude)]
    if sides.strip():
        entries += [asciz(1, sides[0]), asciz(3, sides[1])]
    return entries


def block(
    image: list[Entry] | None = None,
    *,
    exif: list[Entry] | None = None,
    gps: list[Entry] | None = None,
    interop: list[Entry] | None = None,
    thumbnail: bytes = b"",
    second: list[Entry] | None = None,
) -> bytes:
    """Return a TIFF block in Motorola's order: IFD0, what it leads to, and IFD1.

    Args:
        image: Entries of IFD0.
        exif: Entries of the Exif IFD.
        gps: Entries of the GPS IFD.
        interop: Entries of the Interoperability IFD.
        thumbnail: A JPEG for IFD1.
        second: Further entries of IFD1.
    """
    out = bytearray(b"MM\x00*\x00\x00\x00\x08")

    def directory(entries: list[Entry]) -> int:
        """Append a directory and its values; return where the link to the next one stands."""
        at = len(out)
        out.extend(bytes(2 + 12 * len(entries) + 4))
        struct.pack_into(">H", out, at, len(entries))
        for index, (tag, kind, count, raw) in enumerate(sorted(entries)):
            row = at + 2 + 12 * index
            place = raw.ljust(4, b"\x00")
            if len(raw) > 4:
                place = struct.pack(">I", len(out))
                out.extend(raw + bytes(len(raw) % 2))
            struct.pack_into(">HHI", out, row, tag, kind, count)
            out[row + 8 : row + 12] = place
        return at + 2 + 12 * len(entries)

    def lead(tag: int, at: int, rows: int, to: int) -> None:
        """Set the pointer *tag* of the directory at *at* to *to*."""
        for row in range(at + 2, at + 2 + 12 * rows, 12):
            if int.from_bytes(out[row : row + 2], "big") == tag:
                struct.pack_into(">I", out, row + 8, to)

    first = list(image or [])
    inner = list(exif or [])
    if interop:
        inner.append(long(_POINTERS["interop"], 0))
    if inner:
        first.append(long(_POINTERS["exif"], 0))
    if gps:
        first.append(long(_POINTERS["gps"], 0))
    link = directory(first)
    if inner:
        at = len(out)
        lead(_POINTERS["exif"], 8, len(first), at)
        directory(inner)
        if interop:
            lead(_POINTERS["interop"], at, len(inner), len(out))
            directory(interop)
    if gps:
        lead(_POINTERS["gps"], 8, len(first), len(out))
        directory(gps)
    if thumbnail or second:
        entries = list(second or [])
        if thumbnail:
            entries += [long(0x0201, len(out)), long(0x0202, len(thumbnail))]
            out.extend(thumbnail + bytes(len(thumbnail) % 2))
        struct.pack_into(">I", out, link, len(out))
        directory(entries)
    return bytes(out)
