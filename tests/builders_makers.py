"""Maker notes by hand: ``photo(note("canon", {0x0009: written(b"Ann")}), "Canon")``."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from builders import exif, jpeg, picture

#: Where a note stands in its block.
NOTE_AT = 512
WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
Value = tuple[int, bytes]

#: family → maker, first bytes of a note, what offsets count from, byte order
HEADERS: dict[str, tuple[str, bytes, str, str]] = {
    "apple": ("Apple", b"Apple iOS\x00\x00\x01MM", "note", ">"),
    "canon": ("Canon", b"", "block", "<"),
    "casio": ("CASIO COMPUTER CO.,LTD.", b"QVC\x00\x00\x00", "block", "<"),
    "casio-old": ("CASIO", b"", "block", "<"),
    "dji": ("DJI", b"", "block", "<"),
    "fujifilm": ("FUJIFILM", b"FUJIFILM\x0c\x00\x00\x00", "note", "<"),
    "leica": ("Leica Camera AG", b"LEICA\x00\x01\x00", "note", "<"),
    "minolta": ("Minolta Co., Ltd.", b"", "block", "<"),
    "motorola": ("motorola", b"MOT\x00\x00\x00\x00\x00", "note", "<"),
    "nikon": ("NIKON", b"Nikon\x00\x02\x11\x00\x00MM\x00*\x00\x00\x00\x08", "header", ">"),
    "nintendo": ("Nintendo", b"", "block", "<"),
    "olympus": ("OLYMPUS CORPORATION", b"OLYMPUS\x00II\x03\x00", "note", "<"),
    "panasonic": ("Panasonic", b"Panasonic\x00\x00\x00", "block", "<"),
    "pentax": ("PENTAX", b"AOC\x00MM", "block", ">"),
    "ricoh": ("RICOH", b"Ricoh\x00\x00\x00", "block", "<"),
    "samsung": ("SAMSUNG", b"", "note", "<"),
    "sanyo": ("SANYO Electric Co.,Ltd.", b"SANYO\x00\x01\x00", "block", "<"),
    "sigma": ("SIGMA", b"SIGMA\x00\x00\x00\x01\x00", "block", "<"),
    "sony": ("SONY", b"SONY DSC \x00\x00\x00", "block", "<"),
}  # fmt: skip


def written(text: bytes, size: int = 0) -> Value:
    """Return a value of text, padded to *size*."""
    return 2, (text + b"\x00").ljust(size, b"\x00")


def undefined(data: bytes) -> Value:
    """Return a value of bytes."""
    return 7, data


def directory(entries: Mapping[int, Value], first: int, order: str = "<") -> bytes:
    """Return an IFD that stands *first* bytes from where its offsets count."""
    rows, tail = [struct.pack(f"{order}H", len(entries))], b""
    after = first + 2 + 12 * len(entries) + 4
    for tag, (kind, data) in sorted(entries.items()):
        head = struct.pack(f"{order}HHI", tag, kind, len(data) // WIDTHS[kind])
        if len(data) <= 4:
            rows.append(head + data.ljust(4, b"\x00"))
        else:
            rows.append(head + struct.pack(f"{order}I", after + len(tail)))
            tail += data + bytes(len(data) % 2)
    return b"".join((*rows, bytes(4), tail))


def note(
    family: str,
    entries: Mapping[int, Value],
    inner: Mapping[int, Mapping[int, Value]] | None = None,
    *,
    at: int = NOTE_AT,
    header: bytes | None = None,
) -> bytes:
    """Return a note of *family* at *at*, with directories *inner* behind its own."""
    _, usual, base, order = HEADERS[family]
    header = usual if header is None else header
    before = {"block": at, "note": 0, "header": -10}[base] + len(header)
    inner = inner or {}
    pointers: dict[int, Value] = {tag: (4, bytes(4)) for tag in inner}
    size = len(directory({**entries, **pointers}, before, order))
    parts = []
    for tag, rows in inner.items():
        pointers[tag] = (4, struct.pack(f"{order}I", before + size))
        parts.append(directory(rows, before + size, order))
        size += len(parts[-1])
    return header + directory({**entries, **pointers}, before, order) + b"".join(parts)


def block(note: bytes, make: str, model: str = "", *, order: str = "<", at: int = NOTE_AT) -> bytes:
    """Return an Exif block with *note* at *at*."""
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    names: dict[int, Value] = {0x010F: written(make.encode()), 0x0110: written(model.encode())}
    size = len(directory({**names, 0x8769: (4, bytes(4))}, 8, order))
    exif_at = 8 + size
    names[0x8769] = (4, struct.pack(f"{order}I", exif_at))
    row = struct.pack(f"{order}HHHII", 1, 0x927C, 7, len(note), at) + bytes(4)
    head = mark + struct.pack(f"{order}I", 8) + directory(names, 8, order) + row
    assert len(head) <= at
    return head.ljust(at, b"\x00") + note


def photo(tiff: bytes) -> bytes:
    """Return a JPEG with an Exif block."""
    return jpeg(exif(tiff), picture())


def numbers(code: str, values: Sequence[float], order: str = "<") -> bytes:
    """Return packed numbers."""
    return struct.pack(f"{order}{len(values)}{code}", *values)
