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
