"""Gain maps behind a JPEG: how one is told from other pictures, and how directories list it.

Google's Ultra HDR and Adobe's specification describe one in XMP; ISO 21496-1 in APP2; Apple
calls it an auxiliary picture. CIPA DC-007 (MPF) says where it is.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from photoprivacy.containers._jpeg_names import ISO_GAIN_MAP, XMP
from photoprivacy.containers._model import Segment

APPLE: Final = b"urn:com:apple:photo:2020:aux:hdrgainmap"
#: What the XMP of a gain map says, and that of other pictures does not: all words of a row.
_MARKS: Final = ((b"http://ns.adobe.com/hdr-gain-map/1.0/", b"GainMapMax"), (APPLE,))
#: In the primary picture that segment holds two versions of two bytes alone (21496-1, C.4.3).
_VERSIONS: Final = 4
#: CIPA DC-007, 5.2.3: byte order, then a directory of version, number and list of pictures.
_DIRECTORY_OF_TWO: Final = 82
_ENTRIES: Final = (0xB000, 0xB001, 0xB002)


def is_gain_map(data: bytes, segments: Sequence[Segment]) -> bool:
    """Return whether a picture of *segments* says that it is a gain map."""
    for segment in segments:
        if segment.kind == "SOS":
            return False
        if segment.name in ("XMP", "ISO 21496-1") and _says_so(segment.body.of(data)):
            return True
    return False


def is_half_a_gain_map(data: bytes, segments: Sequence[Segment]) -> bool:
    """Return whether a picture says that it is one of which *segments* alone could be read.

    Also where the file ends in the middle of what says so.
    """
    if is_gain_map(data, segments):
        return True
    at = segments[-1].span.stop
    cut = data[at : at + 2] in (b"\xff\xe1", b"\xff\xe2")
    in_front = not any(segment.kind == "SOS" for segment in segments)
    return cut and in_front and _says_so(data[at + 4 : at + 65537])


def _says_so(body: bytes) -> bool:
    if body.startswith(XMP):
        return any(all(word in body for word in words) for words in _MARKS)
    return body.startswith(ISO_GAIN_MAP) and len(body) > len(ISO_GAIN_MAP) + _VERSIONS


def lists_two(directory: bytes) -> bool:
    """Return whether an MPF directory lists two pictures, and says nothing else."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(directory[:4])
    if order is None or len(directory) != _DIRECTORY_OF_TWO:
        return False
    first, count = struct.unpack_from(f"{order}IH", directory, 4)
    if (first, count) != (8, len(_ENTRIES)):
        return False
    rows = [struct.unpack_from(f"{order}HHII", directory, 10 + 12 * n) for n in range(count)]
    return tuple(row[0] for row in rows) == _ENTRIES and rows[1][3] == 2
