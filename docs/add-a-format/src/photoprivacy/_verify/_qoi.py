"""A strict walker over clean QOI files, written from the specification, apart from the parser."""

from __future__ import annotations

import struct

from photoprivacy._verify._model import Seen, refuse
from photoprivacy.policy import Policy


def check(source: bytes, output: bytes, policy: Policy) -> Seen:
    """Walk *output* from first byte to last, and hold its pixels against those of *source*.

    Raises:
        Unclean: Something stands in it that may not, or a picture is another.
    """
    magic, width, height, channels, space = struct.unpack_from(">4sIIBB", output)
    if magic != b"qoif" or channels not in range(3, 5) or space not in range(2):
        refuse("a header that is none", 0)
    pixels = 0
    at = 14
    while pixels < width * height:
        first = output[at]
        match first >> 6, first & 63:
            case 3, 63:  # QOI_OP_RGBA
                at, pixels = at + 5, pixels + 1
            case 3, 62:  # QOI_OP_RGB
                at, pixels = at + 4, pixels + 1
            case 3, run:  # QOI_OP_RUN, with a bias of -1
                at, pixels = at + 1, pixels + run + 1
            case 2, _:  # QOI_OP_LUMA
                at, pixels = at + 2, pixels + 1
            case _:  # QOI_OP_INDEX and QOI_OP_DIFF
                at, pixels = at + 1, pixels + 1
    if pixels != width * height:
        refuse("a run that leaves the picture", at)
    if output[at:] != b"\0\0\0\0\0\0\0\1":
        refuse("bytes that are not the end", at)
    if output[:at] != source[:at]:
        refuse("a picture other than the source's", 0)
    return Seen(plain=(output[:14], output[at:]))


def profile_of(source: bytes) -> bytes:
    """Return the ICC profile of a source: the format has none."""
    return b""
