"""A colour profile written anew: all that colours depend on, and nothing of who made it.

ICC.1:2022 (version 4) and ICC.1:2001 (version 2). Header fields and tags that tell of a device,
a maker or a day go; names stay where the profile is a common one.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Final

from photoprivacy.containers._icc import whole_profile

#: 7.2.5, 7.2.6 and 7.2.7: what profiles inside pictures are; decoders use no others
_CLASSES: Final = (b"scnr", b"mntr", b"prtr", b"spac")
NAMES: Final = {
    b"RGB ": "RGB", b"GRAY": "Gray", b"CMYK": "CMYK", b"Lab ": "Lab", b"XYZ ": "XYZ",
    b"CMY ": "CMY", b"YCbr": "YCbCr", b"Luv ": "Luv", b"Yxy ": "Yxy", b"HSV ": "HSV",
    b"HLS ": "HLS",
}  # fmt: skip
_CONNECTIONS: Final = (b"XYZ ", b"Lab ")
#: D50, as 7.2.16 spells it
_D50: Final = bytes.fromhex("0000f6d6 00010000 0000d32d")
#: tags that colours depend on (9.2), in the order in which they are written
_TAGS: Final = (
    *(b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"chad"),
    *(b"cicp", b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"),
)
#: Profiles of everybody's: their names tell programs what they are, and nothing of anybody.
COMMON: Final = frozenset(
    {
        *(
            "sRGB",
            "sRGB IEC61966-2.1",
            "sRGB2014",
            "sRGB built-in",
            "GIMP built-in sRGB",
            "c2",
            "uRGB",
        ),
        *("Display P3", "Display P3 Gamut with sRGB Transfer", "Adobe RGB (1998)"),
        *("DCI-P3 D65 Gamut with sRGB Transfer", "ProPhoto RGB", "Generic RGB Profile"),
        *("Rec2020 Gamut with sRGB Transfer", "Generic Gray Gamma 2.2 Profile", "Dot Gain 20%"),
        *("Gray Gamma 2.2", "U.S. Web Coated (SWOP) v2", "Coated FOGRA39 (ISO 12647-2:2004)"),
    }
)
OWNER: Final = "Not stated"
_V4: Final = 4


def clean_profile(raw: bytes) -> bytes:
    """Return the profile that *raw* begins with, written anew; ``b""`` for none that is used."""
    old = whole_profile(raw)
    if not old or old[12:16] not in _CLASSES or old[16:20] not in NAMES:
        return b""
    if old[20:24] not in _CONNECTIONS:
        return b""
    found: dict[bytes, bytes] = {}
    name = NAMES[old[16:20]]
    [count] = struct.unpack_from(">I", old, 128)
    for index in range(count):
        tag, start, size = struct.unpack_from(">4sII", old, 132 + 12 * index)
        data = old[start : start + size]
        if tag == b"desc" and _described(data) in COMMON:
            name = _described(data)
        if len(data) == size and tag in _TAGS and tag not in found and (body := _body(data)):
            found[tag] = body
    version = min(max(old[8], 2), 5)
    write = _localised if version >= _V4 else _plain
    tags = {b"desc": write(name, described=True), b"cprt": write(OWNER, described=False)}
    tags |= {tag: found[tag] for tag in _TAGS if tag in found}
    header = bytes(4) + bytes((version,)) + bytes(3) + old[12:24] + bytes(12) + b"acsp"
    header += bytes(24) + bytes((0, 0, 0, old[67] & 3)) + _D50
    return _joined(header.ljust(124, b"\x00"), tags)


def _joined(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Return header, table and bodies; bodies that are the same stand once (7.3.1)."""
    at = 132 + 12 * len(tags)
    places: dict[bytes, int] = {}
    rows = []
    for tag, body in tags.items():
        if body not in places:
            places[body] = at
            at += len(body) + -len(body) % 4
        rows.append(tag + struct.pack(">II", places[body], len(body)))
    bodies = b"".join(body.ljust(len(body) + -len(body) % 4, b"\x00") for body in places)
    table = struct.pack(">I", len(tags)) + b"".join(rows)
    return at.to_bytes(4, "big") + header + table + bodies


def _plain(text: str, *, described: bool) -> bytes:
    """ICC.1:2001, 6.5.17 and 6.5.18: a description in three scripts, two of them empty; text."""
    words = text.encode() + b"\x00"
    if not described:
        return b"text" + bytes(4) + words
    return b"desc" + bytes(4) + len(words).to_bytes(4, "big") + words + bytes(78)


def _localised(text: str, *, described: bool) -> bytes:  # noqa: ARG001  both are spelled alike
    """10.15: text in one language."""
    words = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", len(words), 28) + words


def _described(data: bytes) -> str:
    """Return the first text of a description, ``""`` for none."""
    if data[:4] == b"desc":
        length = int.from_bytes(data[8:12], "big")
        return data[12 : 12 + length].partition(b"\x00")[0].decode("ascii", "replace")
    if data[:4] == b"mluc" and len(data) >= 28:
        length, start = struct.unpack_from(">II", data, 20)
        return data[start : start + length].decode("utf-16-be", "replace").rstrip("\x00")
    return ""


def _body(data: bytes) -> bytes:
    """Return what a tag says, as far as its type says that it goes; ``b""`` if it is cut short."""
    measure = _TYPES.get(data[:4])
    try:
        parts = measure(data) if measure else []
    except (struct.error, IndexError):
        return b""
    length = max((stop for _, stop in parts), default=0)
    if not 0 < length <= len(data):
        return b""
    out = bytearray(length)
    out[:4] = data[:4]
    for start, stop in parts:
        out[start:stop] = data[start:stop]
    return bytes(out)


_Parts = list[tuple[int, int]]


def _fixed(length: int) -> Callable[[bytes], _Parts]:
    return lambda _data: [(8, length)]


def _curve(data: bytes, at: int = 0) -> int:
    """Return where a curve ends that begins at *at* (10.6, 10.18)."""
    if data[at : at + 4] == b"para":
        kind = int.from_bytes(data[at + 8 : at + 10], "big")
        return at + 12 + 4 * (1, 3, 4, 5, 7)[kind]
    if data[at : at + 4] != b"curv":
        raise IndexError
    [count] = struct.unpack_from(">I", data, at + 8)
    return at + 12 + 2 * int(count)


def _one_curve(data: bytes) -> _Parts:
    stop = _curve(data)
    # The two bytes behind a parametric curve's kind are reserved.
    return [(8, 10), (12, stop)] if data[:4] == b"para" else [(8, stop)]


def _table(data: bytes) -> _Parts:
    """10.10 and 10.11: channels in and out, grid, a matrix; then curves, grid and curves."""
    into, out, grid = data[8:11]
    if data[:4] == b"mft1":
        head, width, first, last = 48, 1, 256, 256
    else:
        head, width = 52, 2
        first, last = struct.unpack_from(">HH", data, 48)
    values = first * into + math.prod([grid] * into) * out + last * out
    return [(8, 11), (12, head + width * values)]


def _pipeline(data: bytes) -> _Parts:
    """10.12 and 10.13: curves, a matrix, curves, a grid and curves, each where an offset says."""
    into, out = data[8:10]
    b, matrix, m, grid, a = struct.unpack_from(">5I", data, 12)
    ahead = data[:4] == b"mAB "
    parts = [(8, 10), (12, 32)]
    for start, count in (
        (b, out if ahead else into),
        (m, out if ahead else into),
        (a, into if ahead else out),
    ):
        at = start
        for _ in range(count if start else 0):
            stop = _curve(data, at)
            parts += [(at, at + 4), (at + 8, stop)]
            at = stop + -stop % 4
    if matrix:
        parts.append((matrix, matrix + 48))
    if grid:
        points = math.prod(data[grid : grid + into])
        parts += [(grid, grid + 17), (grid + 20, grid + 20 + points * out * data[grid + 16])]
    return parts


#: type of a tag (10) → the stretches of it that mean something; all else is zero
_TYPES: Final[dict[bytes, Callable[[bytes], _Parts]]] = {
    b"XYZ ": _fixed(20),
    b"sf32": _fixed(44),
    b"cicp": _fixed(12),
    b"curv": _one_curve,
    b"para": _one_curve,
    b"mft1": _table,
    b"mft2": _table,
    b"mAB ": _pipeline,
    b"mBA ": _pipeline,
}
