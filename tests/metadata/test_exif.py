"""Exif (CIPA DC-008-2023): what every directory says, in words, and how texts are spelled."""

from __future__ import annotations

import json
import struct

import pytest

from builders import exif, jpeg, picture
from builders_exif import Entry, asciz, block, byte, long, position, rational, short, undefined
from builders_jumbf import certificate, signature, store
from builders_tiff import page, tiff
from photoprivacy import Category, Coordinates, Finding, Policy, inspect, strip
from photoprivacy.metadata import Value


def findings(data: bytes) -> dict[str, Finding]:
    """Return code → finding of a JPEG with an Exif block, the first of each."""
    return {one.code: one for one in reversed(inspect(jpeg(exif(data), *picture())).findings)}


def value(code: str, **directories: list[Entry]) -> Value:
    image = directories.pop("image", None)
    return findings(block(image, **directories))[code].value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entries", "code", "words"),
    [
        ([rational(6, (123, 10)), byte(5, b"\x00")], "altitude", "12.3 m"),
        ([rational(6, (123, 10)), byte(5, b"\x01")], "altitude", "-12.3 m"),
        ([rational(0x0D, (875, 100)), asciz(0x0C, "K")], "speed", "8.75 km/h"),
        ([rational(0x0D, (5, 1)), asciz(0x0C, "N")], "speed", "5 knots"),
        ([rational(0x11, (27130, 100)), asciz(0x10, "T")], "direction", "271.3° true"),
        ([rational(0x0F, (90, 1)), asciz(0x0E, "M")], "track", "90° magnetic"),
        ([rational(0x18, (45, 1)), asciz(0x17, "T")], "destination-bearing", "45° true"),
        ([rational(0x1A, (3, 2)), asciz(0x19, "K")], "destination-distance", "1.5 km"),
        ([rational(7, (16, 1), (32, 1), (5, 1))], "time", "16:32:05 UTC"),
        ([asciz(0x1D, "2026:07:14")], "date", "2026:07:14"),
        ([asciz(0x12, "WGS-84")], "datum", "WGS-84"),
        ([rational(0x0B, (21, 10))], "precision", "2.1"),
        ([rational(0x1F, (98, 10))], "error", "9.8 m"),
        ([undefined(0x1B, b"ASCII\x00\x00\x00network")], "method", "network"),
        ([undefined(0x1B, b"UNICODE\x00\x00f\x00u\x00s\x00e\x00d")], "method", "fused"),
        ([undefined(0x1C, b"\x00" * 8 + b"Dam square")], "area", "Dam square"),
        ([asciz(8, "07")], "satellites", "07"),
    ],
)
def test_gps_is_told_in_words_and_units(entries: list[Entry], code: str, words: str) -> None:
    found = [
        one
        for one in inspect(jpeg(exif(block(gps=entries)), *picture())).findings
        if one.code == f"exif.gps.{code}" and "which" not in one.label and "above" not in one.label
    ]

    assert words in {one.value for one in found}
    assert {one.category for one in found} == {Category.LOCATION}


def test_a_position_and_a_destination_are_points() -> None:
    target = [
        rational(0x14, (48, 1), (51, 1), (30, 1)), asciz(0x13, "N"),
        rational(0x16, (2, 1), (17, 1), (40, 1)), asciz(0x15, "W"),
    ]  # fmt: skip
    found = findings(block(gps=position() + target))

    here, there = found["exif.gps.position"].value, found["exif.gps.destination"]
    assert isinstance(here, Coordinates)
    assert (round(here.latitude, 4), round(here.longitude, 4)) == (52.3702, 4.8952)
    points = [
        one.value
        for one in inspect(jpeg(exif(block(gps=position() + target)), *picture())).findings
        if one.code == "exif.gps.destination" and isinstance(one.value, Coordinates)
    ]
    assert there.category is Category.LOCATION
    assert [(round(at.latitude, 4), round(at.longitude, 4)) for at in points] == [
        (48.8583, -2.2944)
    ]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"ASCII\x00\x00\x00a quay", "a quay"),
        (b"UNICODE\x00" + "ein Kai".encode("utf-16-be"), "ein Kai"),
        (b"UNICODE\x00" + "ein Kai".encode("utf-16-le"), "ein Kai"),
        (b"UNICODE\x00" + "岸壁".encode("utf-16"), "岸壁"),
        (b"JIS\x00\x00\x00\x00\x00" + "岸壁".encode("shift_jis"), "岸壁"),
        (b"JIS\x00\x00\x00\x00\x00" + "岸壁 1".encode("iso2022_jp"), "岸壁 1"),
        (b"JIS\x00\x00\x00\x00\x00" + "岸壁".encode("iso2022_jp") + bytes(4), "岸壁"),
        (b"JIS\x00\x00\x00\x00\x00a quay", "a quay"),
        (b"ASCII\x00\x00\x00" + "über".encode("latin-1"), "über"),
        (bytes(8) + "über".encode("latin-1"), "über"),
        (b"UNICODE\x00" + "岸壁".encode("utf-16-be"), "岸壁"),
        (b"UNICODE\x00" + "ひらがな".encode("utf-16-le"), "ひらがな"),
        (b"\x00" * 8 + b"a quay", "a quay"),
        (b"a quay, no code", "a quay, no code"),
        (b"ASCII\x00\x00\x00" + "über".encode(), "über"),
        (b"", ""),
    ],
)
def test_a_comment_is_read_in_its_spelling(raw: bytes, words: str) -> None:
    assert value("exif.photo.user-comment", exif=[undefined(0x9286, raw)]) == words


def test_a_comment_that_both_byte_orders_read_is_read_in_that_of_its_block() -> None:
    coded = b"UNICODE\x00" + "岸壁".encode("utf-16-le")
    little = b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0)
    little += struct.pack("<HHHIII", 1, 0x9286, 7, len(coded), 44, 0) + coded

    found = {one.code: one.value for one in inspect(jpeg(exif(little), *picture())).findings}

    assert found["exif.photo.user-comment"] == "岸壁"


def test_titles_and_keywords_of_windows_are_utf_16() -> None:
    entries = [
        byte(tag, words.encode("utf-16-le") + b"\x00\x00")
        for tag, words in (
            (0x9C9B, "Kai"),
            (0x9C9C, "schön"),
            (0x9C9D, "Ada"),
            (0x9C9E, "a;b"),
            (0x9C9F, "S"),
        )
    ]
    found = findings(block(entries))

    said = {
        code: found[f"exif.image.xp-{code}"].value
        for code in ("title", "comment", "author", "keywords", "subject")
    }
    assert said == {
        "title": "Kai",
        "comment": "schön",
        "author": "Ada",
        "keywords": "a;b",
        "subject": "S",
    }
    assert found["exif.image.xp-author"].category is Category.RIGHTS


def test_names_numbers_and_programs_of_exif_3_are_told_apart() -> None:
    found = findings(
        block(
            [asciz(0x0131, "Program"), asciz(0x013C, "a host")],
            exif=[
                asciz(0xA430, "Ada Owner"), asciz(0xA431, "SN-1"), asciz(0xA435, "LN-1"),
                (0xA437, 129, 5, b"Ad\xc3\xa0\x00"), asciz(0xA438, "Editor"),
                asciz(0xA439, "Firmware"), asciz(0xA420, "0123456789abcdef"), asciz(0xA436, "Title"),
            ],
            interop=[asciz(1, "R98"), undefined(2, b"0100")],
        )
    )  # fmt: skip

    assert found["exif.photo.owner"].category is Category.PERSON
    assert found["exif.photo.serial"].category is Category.SERIAL
    assert found["exif.photo.lens-serial"].category is Category.SERIAL
    assert found["exif.photo.photographer"].value == "Adà"
    assert found["exif.photo.unique-id"].category is Category.TRACKING
    assert found["exif.photo.firmware"].category is Category.SOFTWARE
    assert found["exif.interop.index"].value == "R98"


def test_the_thumbnail_says_what_it_says() -> None:
    found = findings(
        block(second=[asciz(0x010F, "Maker"), short(0x0112, 6)], thumbnail=b"\xff\xd8\xff\xd9")
    )

    assert found["exif.thumbnail.make"].value == "Maker"
    assert found["exif.thumbnail.picture"].value == 4


def test_print_matching_padding_and_unknown_tags_are_found() -> None:
    found = findings(
        block(
            [
                undefined(0xC4A5, b"PrintIM\x000300"),
                undefined(0xEA1C, bytes(9)),
                asciz(0xFA11, "x" * 9),
            ]
        )
    )

    assert found["exif.image.print-matching"].category is Category.TECHNICAL
    assert found["exif.image.padding"].category is Category.UNKNOWN
    assert found["exif.image.fa11"].label == "Unknown Exif tag 0xFA11"


def test_layers_of_photoshop_are_named() -> None:
    name = "Ada, cut out"
    layer = b"8BIMluni" + (4 + 2 * len(name)).to_bytes(4, "big") + len(name).to_bytes(4, "big")
    data = b"Adobe Photoshop Document Data Block\x00" + layer + name.encode("utf-16-be")

    one = findings(block([undefined(0x935C, data)]))["exif.image.layers"]
    assert (one.value, one.category) == (name, Category.HISTORY)


def test_where_a_map_lies_is_a_place() -> None:
    source = tiff(page(more={0x8482: (12, bytes(48)), 0x87B1: (2, b"WGS 84 / UTM zone 31N|\x00")}))

    found = {one.code: one for one in inspect(source).findings}
    assert found["exif.image.geo-words"].category is Category.LOCATION


def test_content_credentials_in_a_tiff_are_read() -> None:
    source = tiff(page(more={0xCD41: (7, store(signature(certificate("Ada Example"))))}))

    found = {one.code: one.value for one in inspect(source).findings}
    assert found["provenance.c2pa.signer"] == "Ada Example"


GRAPH = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 1}}})
A1111 = "a cat\nNegative prompt: dogs\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"


def test_prompts_are_told_from_comments_and_cameras() -> None:
    found = findings(
        block(
            [asciz(0x010F, f"workflow:{GRAPH}"), asciz(0x0110, f"prompt:{GRAPH}")],
            exif=[undefined(0x9286, b"UNICODE\x00" + A1111.encode("utf-16-be"))],
        )
    )

    assert found["exif.image.prompt"].category is Category.AI_GENERATION
    assert found["exif.photo.prompt"].value == A1111
    assert not {"exif.image.make", "exif.image.model", "exif.photo.user-comment"} & found.keys()


def test_a_prompt_does_not_stay_as_a_caption_or_a_camera() -> None:
    source = jpeg(
        exif(
            block(
                [asciz(0x010F, f"workflow:{GRAPH}"), asciz(0x010E, A1111), asciz(0x8298, "© Ada")],
                exif=[undefined(0x9286, b"ASCII\x00\x00\x00" + A1111.encode())],
            )
        ),
        *picture(),
    )

    assert inspect(source).camera is None
    for policy in (Policy.PUBLISH, Policy.ARCHIVE):
        clean = strip(source, policy).data
        assert b"class_type" not in clean
        assert b"Negative prompt" not in clean
        assert "© Ada".encode() in clean


def test_a_text_ends_at_its_first_zero_and_the_rest_is_shown() -> None:
    report = inspect(jpeg(exif(block([asciz(0x0110, b"Model\x00behind it")])), *picture()))

    assert report.camera is not None
    assert report.camera.model == "Model"
    [one] = [f for f in report.findings if f.code == "exif.image.model"]
    assert one.value == "Model\x00behind it"


def test_a_pointer_is_no_finding() -> None:
    found = findings(block(exif=[short(0xA001, 1)], image=[long(0x8825, 0)]))

    assert set(found) == {"exif.photo.color-space"}
