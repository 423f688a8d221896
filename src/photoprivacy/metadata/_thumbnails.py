"""Whether a thumbnail shows more than its picture: told by shapes, without decoding a pixel.

Programs that crop a picture and keep the old thumbnail give the whole picture away.
"""

from __future__ import annotations

from typing import Final

#: JIF frame headers (T.81, Table B.1): all SOFn but DHT, JPG and DAC, which lie between
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
#: Shapes of sensors and of what phones make of them. Exif asks for thumbnails of 160 × 120
#: (DCF 2.0, 3.3), so pictures of these shapes stand in them between black bars.
_SENSORS: Final = (1.0, 5 / 4, 4 / 3, 3 / 2, 16 / 9, 1.85, 2.0, 18.5 / 9, 19.5 / 9, 20 / 9, 2.35)
_LETTERBOX: Final = (160, 120)
#: label of a finding
OTHER_SHAPE: Final = "Thumbnail of another shape than the picture: it may show what was cropped"
#: how far shapes may differ: rows and columns were rounded, or cut to whole blocks
_TOLERANCE: Final = 0.03
_SENSOR_TOLERANCE: Final = 0.02


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height as the first frame header says (T.81, B.2.2), 0, 0 for none."""
    if data[:2] != b"\xff\xd8":
        return 0, 0
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return 0, 0
        code = data[at + 1]
        if code == 0xFF:  # B.1.1.2: any number of fill bytes
            at += 1
        elif code in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(
                data[at + 5 : at + 7], "big"
            )
        elif code in _BARE:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return 0, 0


def other_shape(thumbnail: tuple[int, int], picture: tuple[int, int]) -> bool:
    """Return whether *thumbnail* cannot be the whole of *picture*, made small.

    Args:
        thumbnail: Width and height in pixels.
        picture: Width and height in pixels; either may be turned.
    """
    if min(*thumbnail, *picture) <= 0:
        return False
    long, short = max(picture), min(picture)
    across, down = max(thumbnail), min(thumbnail)
    if (across, down) == _LETTERBOX and any(
        abs(long / short / shape - 1) <= _SENSOR_TOLERANCE for shape in _SENSORS
    ):
        return False
    # A thumbnail is a few pixels high: each of its sides may be one off.
    least = (across - 1) / (down + 1) * (1 - _TOLERANCE)
    most = (across + 1) / max(down - 1, 1) * (1 + _TOLERANCE)
    return not least <= long / short <= most
