"""Where the directory of a maker note is, and what its offsets count from: by its first bytes.

Facts from exiv2's page "Makernote formats and specifications" and metadata-extractor's wiki
"Makernotes", each tried on a real photo or on a built note that ExifTool reads (but Agfa's).
"""

from __future__ import annotations

from typing import Final

import attrs

#: What offsets count from: the Exif block, the note, or a TIFF header of the note's own.
BLOCK, NOTE, HEADER = "block", "note", "header"


@attrs.frozen
class Layout:
    """One row.

    Attributes:
        signature: First bytes of the note; ``b""`` for none.
        make: How the Exif tag Make starts, in lower case; ``""`` for any.
        family: Whose facts apply.
        at: Where the directory starts in the note, or where a header of its own does.
        base: What offsets count from.
        order: Where the note says its byte order; 0 for the block's, -1 for little-endian.
    """

    signature: bytes
    make: str
    family: str
    at: int = 0
    base: str = BLOCK
    order: int = 0


#: First match wins. A structure without directory has its own reader, and its row says no more.
LAYOUTS: Final = (
    Layout(b"Apple iOS\x00", "", "apple", 14, NOTE, 12),
    Layout(b"Nikon\x00\x02", "", "nikon", 10, HEADER, 10),
    Layout(b"Nikon\x00\x01", "", "nikon-old", 8),
    Layout(b"", "nikon", "nikon"),
    Layout(b"SONY PI\x00", "", "olympus", 12),
    Layout(b"PREMI\x00", "sony", "olympus", 8),
    Layout(b"SONY DSC \x00", "", "sony", 12),
    Layout(b"SONY CAM \x00", "", "sony", 12),
    Layout(b"SONY MOBILE", "", "sony", 12),
    Layout(b"\x00\x00SONY PIC\x00", "", "sony", 12),
    Layout(b"VHAB     \x00", "", "sony", 12),
    Layout(b"", "sony", "sony"),
    Layout(b"FUJIFILM", "", "fujifilm", 12, NOTE, -1),
    Layout(b"GENERALE", "", "fujifilm", 12, NOTE, -1),
    Layout(b"OM SYSTEM\x00", "", "olympus", 16, NOTE, 12),
    Layout(b"OLYMPUS\x00", "", "olympus", 12, NOTE, 8),
    Layout(b"OLYMP\x00", "", "olympus", 8),
    Layout(b"EPSON\x00", "", "olympus", 8),
    Layout(b"AGFA \x00", "", "olympus", 8),
    Layout(b"MINOL\x00", "", "olympus", 8),
    Layout(b"CAMER\x00", "", "olympus", 8),
    Layout(b"Panasonic\x00", "", "panasonic", 12),
    Layout(b"LEICA\x00\x00\x00", "", "leica", 8),
    Layout(b"LEICA\x00", "", "leica", 8, NOTE),
    Layout(b"LEICA CAMERA AG\x00", "", "leica", 18),
    Layout(b"AOC\x00", "", "pentax", 6, BLOCK, 4),
    Layout(b"PENTAX \x00", "", "pentax", 10, NOTE, 8),
    Layout(b"RICOH\x00II", "", "pentax", 8, NOTE, 6),
    Layout(b"RICOH\x00MM", "", "pentax", 8, NOTE, 6),
    Layout(b"Ricoh\x00", "", "ricoh", 8),
    Layout(b"RICOH\x00", "", "ricoh", 8),
    Layout(b"Rv", "ricoh", "ricoh-text"),
    Layout(b"Rev", "ricoh", "ricoh-text"),
    Layout(b"QVC\x00", "", "casio", 6),
    Layout(b"DCI\x00", "", "casio", 6),
    Layout(b"", "casio", "casio-old"),
    Layout(b"SANYO\x00", "", "sanyo", 8),
    Layout(b"SIGMA\x00", "", "sigma", 10),
    Layout(b"FOVEON\x00", "", "sigma", 10),
    Layout(b"MOT\x00", "", "motorola", 8, NOTE),
    Layout(b"\x01\xf1\x03\x00", "", "reconyx"),
    Layout(b"RECONYXUF\x00", "", "reconyx"),
    Layout(b"RECONYXH2\x00", "", "reconyx"),
    Layout(b"KDK", "", "kodak"),
    Layout(b"", "eastman kodak", "kodak"),
    Layout(b"", "kodak", "kodak"),
    Layout(b"", "hewlett", "hp"),
    Layout(b"", "hp", "hp"),
    Layout(b"", "canon", "canon"),
    Layout(b"", "konica minolta", "minolta"),
    Layout(b"", "minolta", "minolta"),
    Layout(b"", "samsung", "samsung", 0, NOTE),
    Layout(b"[ae_dbg_info:", "", "dji-text"),
    Layout(b"", "dji", "dji"),
    Layout(b"", "nintendo", "nintendo"),
)


def layout_of(note: bytes, make: str) -> Layout | None:
    """Return the layout of *note* of a camera by *make*, ``None`` for one that is not known."""
    make = make.lower()
    for row in LAYOUTS:
        if note.startswith(row.signature) and make.startswith(row.make):
            return row
    return None
