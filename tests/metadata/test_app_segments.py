"""Words of cameras and programs outside Exif: Olympus, Kodak, and lists of RIFF."""

from __future__ import annotations

import builders_webp
from builders import app, jpeg, picture
from builders_exif import block, undefined
from photoprivacy import Category, Finding, inspect, strip


def found(*segments: bytes) -> dict[str, Finding]:
    source = jpeg(*segments, *picture())
    assert inspect(strip(source).data).findings == ()
    return {one.code: one for one in inspect(source).findings}


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
