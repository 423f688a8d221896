"""What a clean ICC profile is: a look of its own at ICC.1 (version 4, 7-10; version 2, 6)."""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from operator import mul
from typing import Final

#: colour spaces → the name of a profile that is nobody's in particular
_NEUTRAL: Final = dict(
    zip(
        (b"RGB ", b"GRAY", b"CMYK", b"Lab ", b"XYZ ", b"CMY ", b"YCbr", b"Luv ", b"Yxy "),
        ("RGB", "Gray", "CMYK", "Lab", "XYZ", "CMY", "YCbCr", "Luv", "Yxy"),
        strict=True,
    )
) | {b"HSV ": "HSV", b"HLS ": "HLS"}
#: names that say which common profile it is
_NAMES: Final = (
    *("sRGB", "sRGB IEC61966-2.1", "sRGB2014", "sRGB built-in", "GIMP built-in sRGB", "c2"),
    *("uRGB", "Display P3", "Display P3 Gamut with sRGB Transfer", "Adobe RGB (1998)"),
    *("DCI-P3 D65 Gamut with sRGB Transfer", "Rec2020 Gamut with sRGB Transfer"),
    *("ProPhoto RGB", "Generic RGB Profile", "Generic Gray Gamma 2.2 Profile", "Dot Gain 20%"),
    *("Gray Gamma 2.2", "U.S. Web Coated (SWOP) v2", "Coated FOGRA39 (ISO 12647-2:2004)"),
)
_MAY: Final = (
    b"wtpt bkpt rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC chad cicp A2B0 A2B1 A2B2 B2A0 B2A1 B2A2".split()
)
#: 7.2.16: the light of the connection space
_LIGHT: Final = b"\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d"


class _Cut(Exception):
    """A tag that is not what its type says."""


def profile_in(raw: bytes) -> bytes:
    """Return what a clean file has of the profile at the start of *raw*; ``b""`` for none."""
    if len(raw) < 132:
        return b""
    size, major, kind, space, connection, mark, intent, tags = struct.unpack_from(
        ">I4xB3x4s4s4s12x4s27xB60xI", raw
    )
    table = raw[132 : 132 + 12 * tags]
    if mark != b"acsp" or size < 132 + 12 * tags or len(table) != 12 * tags:
        return b""
    if kind not in {b"scnr", b"mntr", b"prtr", b"spac"} or space not in _NEUTRAL:
        return b""
    if connection not in {b"XYZ ", b"Lab "}:
        return b""
    every = list(struct.iter_unpack(">4sII", table))
    # A tag may lie past the stated size: decoders that look further than that find it.
    whole = raw[: max([size, *(at + n for _, at, n in every if at + n <= len(raw))])]
    called = [_text(whole[at : at + n]) for tag, at, n in every if tag == b"desc"]
    name = next((text for text in reversed(called) if text in _NAMES), _NEUTRAL[space])
    major = 2 if major < 2 else min(major, 5)
    bodies = [(b"desc", _named(name, major)), (b"cprt", _owned(major))]
    for tag in _MAY:
        same = (whole[at : at + n] for one, at, n in every if one == tag and at + n <= len(whole))
        body = next(filter(None, map(_meaning, same)), b"")
        bodies += [(tag, body)] if body else []
    lead = struct.pack(
        ">B3x4s4s4s12x4s24x3xB12s48x", major, kind, space, connection, mark, intent & 3, _LIGHT
    )
    return _put_together(lead, bodies)


def _put_together(lead: bytes, bodies: list[tuple[bytes, bytes]]) -> bytes:
    """Return a profile of these tags, the same body never twice."""
    rest = bytearray()
    at: dict[bytes, int] = {}
    for _, body in bodies:
        if at.setdefault(body, len(rest)) == len(rest):
            rest += body + bytes(3 - (len(body) + 3) % 4)
    begin = 132 + 12 * len(bodies)
    head = struct.pack(">I4x", begin + len(rest)) + lead + struct.pack(">I", len(bodies))
    table = (struct.pack(">4sII", tag, begin + at[body], len(body)) for tag, body in bodies)
    return head + b"".join(table) + rest


def _named(name: str, major: int) -> bytes:
    if major >= 4:
        return _unicode(name)
    return struct.pack(f">4s4xI{len(name) + 1}s78x", b"desc", len(name) + 1, name.encode())


def _owned(major: int) -> bytes:
    return _unicode("Not stated") if major >= 4 else b"text\0\0\0\0Not stated\0"


def _unicode(text: str) -> bytes:
    words = text.encode("utf-16-be")
    return struct.pack(">4s4xII4sII", b"mluc", 1, 12, b"enUS", len(words), 28) + words


def _text(tag: bytes) -> str:
    if tag.startswith(b"desc"):
        end = 12 + int.from_bytes(tag[8:12], "big")
        return tag[12:end].split(b"\0")[0].decode("latin-1")
    if tag.startswith(b"mluc") and len(tag) > 27:
        size, at = struct.unpack_from(">II", tag, 20)
        return tag[at : at + size].decode("utf-16-be", "replace").rstrip("\0")
    return ""


def _meaning(tag: bytes) -> bytes:
    """Return a tag with zeros where nothing means anything, cut where it ends."""
    try:
        spans = list(_spans(tag))
        if not spans or max(spans, key=lambda span: span[1])[1] > len(tag):
            return b""
    except (_Cut, struct.error, IndexError):
        return b""
    clean = bytearray(max(stop for _, stop in spans))
    for start, stop in [(0, 4), *spans]:
        clean[start:stop] = tag[start:stop]
    return bytes(clean)


def _spans(tag: bytes) -> Iterator[tuple[int, int]]:
    """Yield what of a tag means something, by its type."""
    kind = tag[:4]
    simple = {b"XYZ ": 20, b"sf32": 44, b"cicp": 12}
    if kind in simple:
        yield 8, simple[kind]
    elif kind in (b"curv", b"para"):
        yield from _curve(tag, 0, reserved=True)
    elif kind in (b"mft1", b"mft2"):
        wide = kind == b"mft2"
        ins, outs, points = tag[8], tag[9], tag[10]
        before, after = struct.unpack_from(">HH", tag, 48) if wide else (256, 256)
        cells = before * ins + points**ins * outs + after * outs
        yield 8, 11
        yield 12, 52 + 2 * cells if wide else 48 + cells
    elif kind in (b"mAB ", b"mBA "):
        yield from _stages(tag)
    else:
        raise _Cut


def _curve(tag: bytes, at: int, *, reserved: bool) -> Iterator[tuple[int, int]]:
    kind = tag[at : at + 4]
    if kind == b"curv":
        yield at + 8, at + 12 + 2 * struct.unpack_from(">I", tag, at + 8)[0]
    elif kind == b"para":
        function = struct.unpack_from(">H", tag, at + 8)[0]
        numbers = (1, 3, 4, 5, 7)[function]
        if reserved:
            yield at + 8, at + 10
            yield at + 12, at + 12 + 4 * numbers
        else:
            yield at + 8, at + 12 + 4 * numbers
    else:
        raise _Cut


def _stages(tag: bytes) -> Iterator[tuple[int, int]]:
    ins, outs = tag[8], tag[9]
    near, matrix, middle, grid, far = struct.unpack_from(">5I", tag, 12)
    towards = tag[:4] == b"mAB "
    yield 8, 10
    yield 12, 32
    for at, many in (
        (near, outs if towards else ins),
        (middle, outs if towards else ins),
        (far, ins if towards else outs),
    ):
        for _ in range(many if at else 0):
            yield at, at + 4
            last = at
            for start, stop in _curve(tag, at, reserved=False):
                yield start, stop
                last = stop
            at = last + 3 - (last + 3) % 4  # noqa: PLW2901  the next curve of this stage
    if matrix:
        yield matrix, matrix + 48
    if grid:
        cells = functools.reduce(mul, tag[grid : grid + ins], 1)
        yield grid, grid + 17
        yield grid + 20, grid + 20 + cells * outs * tag[grid + 16]
