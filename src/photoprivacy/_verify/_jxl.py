"""A strict walker over clean JPEG XL files, and its own view of whatever the source was.

Written from ISO/IEC 18181-2, apart from the parser that the writer uses.
"""

from __future__ import annotations

import struct
from typing import Final

from photoprivacy._verify._bmff_file import boxes
from photoprivacy._verify._model import Seen, Unclean, refuse, same
from photoprivacy.policy import Policy

_START: Final = bytes.fromhex("0000000c4a584c200d0a870a 00000014667479706a786c20000000006a786c20")
_BARE: Final = b"\xff\x0a"


def check(source: bytes, output: bytes, policy: Policy) -> Seen:  # noqa: ARG001 - all walkers' shape
    """Walk *output* from first byte to last, and hold its codestream against *source*.

    Raises:
        Unclean: Something stands in it that may not, or the codestream is another.
    """
    parts, level = _picture(source)
    size = sum(stop - start for start, stop in parts)
    if output.startswith(_BARE):
        whole = len(output) == len(source) and same(output, 0, source, 0, len(source))
        if not source.startswith(_BARE) or not whole:
            refuse("a codestream without the boxes that the source has", 0)
        return Seen()
    if not output.startswith(_START):
        refuse("another beginning than all clean files have", 0)
    at, exif, xmp = len(_START), b"", b""
    if level != 5:
        if output[at : at + 9] != b"\0\0\0\x09jxll" + bytes([level]):
            refuse("another level than the source's", at)
        at += 9
    for kind in (b"Exif", b"xml "):
        if output[at + 4 : at + 8] == kind:
            length = struct.unpack_from(">I", output, at)[0]
            body = output[at + 8 : at + length]
            at += length
            if kind == b"Exif":
                exif = body
            else:
                xmp = body
    if exif and (exif[:4] != bytes(4) or len(exif) == 4):
        refuse("an Exif box that does not begin with its block", at)
    if output[at : at + 8] != struct.pack(">I4s", size + 8, b"jxlc"):
        refuse("a box that may not stand in a clean file", at)
    at += 8
    if len(output) != at + size:
        refuse("bytes behind the codestream", at)
    for start, stop in parts:
        if not same(output, at, source, start, stop - start):
            refuse("a codestream other than the source's", at)
        at += stop - start
    return Seen(exif=exif[4:], xmp=xmp, plain=(exif, xmp))


def profile_of(source: bytes) -> bytes:  # noqa: ARG001 - all walkers' shape
    """Return nothing: the profile of a JPEG XL stands in its codestream."""
    return b""


def _picture(source: bytes) -> tuple[list[tuple[int, int]], int]:
    """Return where the codestream is, and the level that a decoder must reach."""
    if source.startswith(_BARE):
        return [(0, len(source))], 5
    level, found = 5, []
    try:
        for kind, _, start, stop in boxes(source, 0, len(source)):
            if kind == b"jxll":
                level = source[start]
            elif kind == b"jxlc":
                found.append((start, stop))
            elif kind == b"jxlp":
                found.append((start + 4, stop))
    except Unclean:
        if not found:
            raise
    return found, level
