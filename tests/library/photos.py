"""Small real photos for the library's tests, drawn and written by Pillow."""

from __future__ import annotations

import io
import struct

LISBON = (38.7139, -9.1334)
PARIS = (48.8584, 2.2945)
WHEN = "2024:05:01 12:30:05"


def a_jpeg(
    at: tuple[float, float] | None = LISBON,
    *,
    orientation: int = 1,
    size: tuple[int, int] = (640, 480),
    color: tuple[int, int, int] = (200, 60, 40),
    when: str | None = WHEN,
    identifier: str = "",
) -> bytes:
    """Return a JPEG as a phone would write it, of a Live Photo where it has an *identifier*."""
    from PIL import Image

    picture = Image.new("RGB", size, color)
    exif = Image.Exif()
    exif[0x010F] = "ACME Phones"
    exif[0x0110] = "Phone 9 of Maria"
    exif[0x0112] = orientation
    details = exif.get_ifd(0x8769)
    details[0xA431] = "SERIAL-123456789"
    if identifier:
        # Apple's note: one text under 0x0011, behind the directory; counted from the note.
        text = identifier.encode() + b"\0"
        entry = struct.pack(">HHHII", 1, 0x0011, 2, len(text), 32)
        details[0x927C] = b"Apple iOS\0\0\x01MM" + entry + bytes(4) + text
    if when:
        details[0x9003] = when
        details[0x9011] = "+01:00"
    if at:
        position = exif.get_ifd(0x8825)
        for tag, value, letters in ((1, at[0], "NS"), (3, at[1], "EW")):
            position[tag] = letters[value < 0]
            degrees, rest = divmod(abs(value) * 60, 60)
            position[tag + 1] = (degrees, float(int(rest)), round(rest % 1 * 60, 3))
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif, quality=80)
    return file.getvalue()


def a_cropped_avif(crop: tuple[int, ...] = (128, 1, 256, 1, 64, 1, 0, 1)) -> bytes:
    """Return an AVIF of 256 by 256 pixels, red on the left and blue on the right, with a crop.

    Args:
        crop: The fields of its ``clap`` box (14496-12, 12.1.4); by default all that is blue.
    """
    from PIL import Image

    picture = Image.new("RGB", (256, 256), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 128, 256))
    file = io.BytesIO()
    picture.save(file, "AVIF", quality=90)
    data = bytearray(file.getvalue())
    clap = struct.pack(">I4s8i", 40, b"clap", *crop)
    # Last of all properties, and essential to the one item of the list; both grow.
    table, items = data.index(b"ipco") - 4, data.index(b"ipma") - 4
    count, at = 0, table + 8
    while at < items:
        count, at = count + 1, at + int.from_bytes(data[at : at + 4])
    data.insert(items + 19 + data[items + 18], 0x80 | (count + 1))
    data[items + 18] += 1
    data[items:items] = clap
    where = data.index((data.index(b"mdat") + 4 - 41).to_bytes(4), data.index(b"iloc"))
    grown = ((items + 40, 1), (table, 40), (data.index(b"iprp") - 4, 41))
    for place, by in (*grown, (data.index(b"meta") - 4, 41), (where, 41)):
        data[place : place + 4] = (int.from_bytes(data[place : place + 4]) + by).to_bytes(4)
    return bytes(data)
