"""Facts about TIFF tags that make a picture (TIFF 6.0; its technical notes; libtiff)."""

from __future__ import annotations

from typing import Final

#: type → bytes of a value (TIFF 6.0, 2; supplement 1; BigTIFF)
WIDTHS: Final = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}

SUBFILE, OLD_SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = (
    254,
    255,
    256,
    257,
    258,
    259,
    262,
)
STRIPS, ORIENTATION, SAMPLES, ROWS, STRIP_LENGTHS, PLANAR = 273, 274, 277, 278, 279, 284
TILE_WIDTH, TILE_HEIGHT, TILES, TILE_LENGTHS = 322, 323, 324, 325
JPEG_TABLES, XMP, ICC, SUBSAMPLING = 347, 700, 34675, 530
SUB_IFDS, EXIF, GPS, INTEROP = 330, 34665, 34853, 40965

#: tags that say how pixels are stored; no finding of their own
STRUCTURE: Final = frozenset(
    {
        *(SUBFILE, OLD_SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, 266, STRIPS),
        *(SAMPLES, ROWS, STRIP_LENGTHS, PLANAR, 290, 291, 292, 293, 301, 317, 318, 319, 320),
        *(TILE_WIDTH, TILE_HEIGHT, TILES, TILE_LENGTHS, 332, 334, 336, 338, 339, JPEG_TABLES),
        *(529, SUBSAMPLING, 531, 532, 50674),
    }
)
#: those that stay in a clean page, and may be shared by many
SHARED: Final = STRUCTURE | {ORIENTATION, 282, 283, 296, ICC}
#: compression → what it is; a number that is not here may hold anything
CODINGS: Final = {
    1: "none",
    2: "CCITT, run lengths",
    3: "CCITT, T.4",
    4: "CCITT, T.6",
    5: "LZW",
    7: "JPEG",
    8: "Deflate",
    32773: "PackBits",
    32946: "Deflate",
    34925: "LZMA",
    50000: "Zstandard",
}
#: those whose end is found by inflating them
INFLATED: Final = frozenset({8, 32946, 34925})
#: photometric interpretations of pixels as a sensor saw them (TIFF/EP; DNG 1.7)
SENSORS: Final = frozenset({32803, 34892})
#: compressions of camera makers
RAW_CODINGS: Final = frozenset({32767, 32769, 32770, 34713, 34892, 65000, 65535, 52546})
#: tag of a DNG (DNG 1.7, DNGVersion)
DNG: Final = 50706
