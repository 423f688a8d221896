"""Exif as cameras write it, with all that gives people away. For samples only.

Written apart from the reader and the writer of this library, so that they are not
tested against themselves.
"""

from __future__ import annotations

import datetime as dt
import struct
from typing import Final

import attrs

_ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED, _BYTE = 2, 3, 4, 5, 7, 1
_WIDTH: Final = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, _UNDEFINED: 1}
Tag = tuple[int, int, bytes]


@attrs.frozen(kw_only=True)
class Device:
    """A camera or phone that does not exist, and its owner."""

    make: str
    model: str
    lens: str
    serial: str
    owner: str


def text(tag: int, words: str) -> Tag:
    """Return an ASCII tag."""
    return tag, _ASCII, words.encode() + b"\x00"


def short(tag: int, value: int) -> Tag:
    """Return a tag of one 16-bit number."""
    return tag, _SHORT, struct.pack("<H", value)


def rational(tag: int, *pairs: tuple[int, int]) -> Tag:
    """Return a tag of fractions."""
    return tag, _RATIONAL, b"".join(struct.pack("<II", *pair) for pair in pairs)


def degrees(value: float) -> tuple[tuple[int, int], ...]:
    """Return degrees, minutes and seconds as a phone writes them."""
    whole = round(abs(value) * 360_000)
    return (whole // 360_000, 1), (whole // 6_000 % 60, 1), (whole % 6_000, 100)


def block(
    device: Device,
    *,
    taken: dt.datetime,
    offset: str,
    coordinates: tuple[float, float] | None,
    orientation: int,
    thumbnail: bytes,
    description: str = "",
) -> bytes:
    """Return an Exif block from its TIFF header on, in Intel order."""
    stamp = taken.strftime("%Y:%m:%d %H:%M:%S")
    image = [
        text(0x010F, device.make),
        text(0x0110, device.model),
        short(0x0112, orientation),
        text(0x0131, f"{device.make} Firmware 2.{len(device.model)}"),
        text(0x0132, stamp),
        text(0x013B, device.owner),
        text(0x8298, f"(c) {taken.year} {device.owner}"),
    ]
    if description:
        image.append(text(0x010E, description))
    photo = [
        rational(0x829A, (1, 250)),
        rational(0x829D, (28, 10)),
        short(0x8827, 100),
        (0x9000, _UNDEFINED, b"0232"),
        text(0x9003, stamp),
        text(0x9004, stamp),
        text(0x9011, offset),
        rational(0x920A, (26, 1)),
        (0x927C, _UNDEFINED, b"MAKERNOTE\x00" + f"internal {device.serial}-{stamp}".encode()),
        text(0x9291, "417"),
        text(0xA420, f"{device.serial}{taken:%H%M%S}".ljust(32, "0")),
        text(0xA430, device.owner),
        text(0xA431, device.serial),
        text(0xA434, device.lens),
    ]
    gps: list[Tag] = []
    if coordinates is not None:
        latitude, longitude = coordinates
        utc = taken
        gps = [
            (0, _BYTE, b"\x02\x03\x00\x00"),
            text(1, "N" if latitude >= 0 else "S"),
            rational(2, *degrees(latitude)),
            text(3, "E" if longitude >= 0 else "W"),
            rational(4, *degrees(longitude)),
            (5, _BYTE, b"\x00"),
            rational(6, (4217, 100)),
            rational(7, (utc.hour, 1), (utc.minute, 1), (utc.second, 1)),
            text(0x10, "T"),
            rational(0x11, (21734, 100)),
            text(0x12, "WGS-84"),
            text(0x1D, utc.strftime("%Y:%m:%d")),
        ]
    return _assembled(image, photo, gps, thumbnail)


def _assembled(image: list[Tag], photo: list[Tag], gps: list[Tag], thumbnail: bytes) -> bytes:
    pointer = struct.pack("<I", 0)
    image = [*image, (0x8769, _LONG, pointer)] + ([(0x8825, _LONG, pointer)] if gps else [])
    preview: list[Tag] = [short(0x0103, 6), (0x0201, _LONG, pointer), (0x0202, _LONG, pointer)]
    at_photo = 8 + _size(image)
    at_gps = at_photo + _size(photo)
    at_preview = at_gps + (_size(gps) if gps else 0)
    at_thumbnail = at_preview + _size(preview)
    places = {0x8769: at_photo, 0x8825: at_gps, 0x0201: at_thumbnail, 0x0202: len(thumbnail)}
    parts = [
        b"II*\x00" + struct.pack("<I", 8),
        _ifd(image, 8, places, at_preview if thumbnail else 0),
    ]
    parts.append(_ifd(photo, at_photo, places, 0))
    if gps:
        parts.append(_ifd(gps, at_gps, places, 0))
    if thumbnail:
        parts += [_ifd(preview, at_preview, places, 0), thumbnail]
    return b"".join(parts)


def _size(tags: list[Tag]) -> int:
    return (
        6 + 12 * len(tags) + sum(len(data) + len(data) % 2 for _, _, data in tags if len(data) > 4)
    )


def _ifd(tags: list[Tag], start: int, places: dict[int, int], following: int) -> bytes:
    rows, values = [], b""
    at = start + 6 + 12 * len(tags)
    for tag, kind, given in sorted(tags):
        data = struct.pack("<I", places[tag]) if kind == _LONG else given
        cell = data.ljust(4, b"\x00")
        if len(data) > 4:
            cell = struct.pack("<I", at + len(values))
            values += data + bytes(len(data) % 2)
        rows.append(struct.pack("<HHI", tag, kind, len(data) // _WIDTH[kind]) + cell)
    return struct.pack("<H", len(rows)) + b"".join(rows) + struct.pack("<I", following) + values
