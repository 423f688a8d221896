"""Words of cameras and programs outside Exif: CIFF, Olympus, Kodak, and lists of RIFF."""

from __future__ import annotations

import struct

import builders_webp
from builders import app, jpeg, picture
from builders_exif import block, undefined
from photoprivacy import Category, Finding, inspect, strip


def heap(*records: tuple[int, bytes]) -> bytes:
    """Return a heap of CIFF: values, then a directory, then where that is."""
    out, rows = b"", b""
    for kind, data in records:
        rows += struct.pack("<HII", kind, len(data), len(out))
        out += data
    return out + struct.pack("<H", len(records)) + rows + struct.pack("<I", len(out))


def ciff(*records: tuple[int, bytes]) -> bytes:
    """Return Canon's segment (APP0)."""
    return app(0, b"II" + struct.pack("<I", 26) + b"HEAPJPGM" + bytes(12) + heap(*records))


def found(*segments: bytes) -> dict[str, Finding]:
    source = jpeg(*segments, *picture())
    assert inspect(strip(source).data).findings == ()
    return {one.code: one for one in inspect(source).findings}


def test_what_canon_writes_is_read_through_its_folders() -> None:
    inner = heap(
        (0x080A, b"Maker\x00Model 1\x00"), (0x0810, b"Ada Example\x00"), (0x180B, b"\x2a\0\0\0")
    )
    told = found(
        ciff(
            (0x300A, inner),
            (0x0816, b"C:\\ada\\1.jpg\x00"),
            (0x180E, struct.pack("<III", 86400, 0, 0)),
        )
    )

    assert told["jpeg.ciff.make"].value == "Maker"
    assert told["jpeg.ciff.model"].value == "Model 1"
    assert (told["jpeg.ciff.owner"].value, told["jpeg.ciff.owner"].category) == (
        "Ada Example",
        Category.PERSON,
    )
    assert (told["jpeg.ciff.serial"].value, told["jpeg.ciff.serial"].category) == (
        42,
        Category.SERIAL,
    )
    assert told["jpeg.ciff.file-name"].value == "C:\\ada\\1.jpg"
    assert told["jpeg.ciff.taken"].value == "1970-01-02 00:00:00"


def test_folders_that_hold_themselves_and_places_that_lie_end() -> None:
    loop = struct.pack("<HHIII", 1, 0x300A, 14, 0, 0)
    many = struct.pack("<H", 65535) + struct.pack("<HII", 0x300A, 4000, 0) * 400
    for body in (loop, many + bytes(4), b"\xff" * 40, b""):
        told = found(app(0, b"II" + struct.pack("<I", 26) + b"HEAPJPGM" + bytes(12) + body))
        assert set(told) == {"jpeg.ciff"}


def test_picture_info_is_read_line_by_line() -> None:
    told = found(
        app(
            12,
            b"OLYMPUS\x00[picture info]\r\nTimeDate=909698819\r\n[camera info]\r\nSerial#=#0001\r\nType=SR55\r\n",
        )
    )

    assert told["jpeg.picture-info.taken"].value == "1998-10-29 22:06:59"
    assert told["jpeg.picture-info.serial"].category is Category.SERIAL
    assert told["jpeg.picture-info.model"].value == "SR55"


def test_the_owner_in_a_segment_of_kodak_is_read() -> None:
    words = b"UNICODE\x00" + "Ada Example".encode("utf-16-be")
    told = found(app(3, b"Meta\x00\x00" + block([undefined(0xC353, words)])))

    assert (told["jpeg.kodak-meta.owner"].value, told["jpeg.kodak-meta.owner"].category) == (
        "Ada Example",
        Category.PERSON,
    )


def test_a_list_of_riff_is_read() -> None:
    parts = (
        (b"IART", b"Ada Example\x00"),
        (b"ICOP", b"(c) Ada"),
        (b"INAM", b"a quay"),
        (b"ICRD", b"2026-07-14"),
    )
    source = builders_webp.still(*(builders_webp.part(kind, body) for kind, body in parts))
    told = {one.code: one for one in inspect(source).findings}

    assert told["webp.info.artist"].value == "Ada Example"
    assert told["webp.info.copyright"].category is Category.RIGHTS
    assert told["webp.info.title"].category is Category.CAPTION
    assert told["webp.info.date"].category is Category.TIME
    assert inspect(strip(source).data).findings == ()
