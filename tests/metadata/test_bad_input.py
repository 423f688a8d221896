"""Bad input: a report with problems and what could be read, within limits and in bounded time."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path

import pytest

from builders import XMP, app, com, exif, jpeg, picture
from builders_exif import asciz, block, position, rational, undefined
from builders_icc import described, icc
from builders_iptc import resource
from builders_jumbf import box, in_jpeg, labelled
from builders_png import chunk
from builders_png import picture as png_picture
from builders_tiff import page, tiff
from builders_xmp import packet
from photoprivacy import Limits, PhotoPrivacyError, Report, inspect

#: far above what any of these takes, and far below what walking without bounds would
SECONDS = 10.0


def bounded(data: bytes, limits: Limits = Limits()) -> Report:  # noqa: B008 - frozen
    start = time.process_time()
    report = inspect(data, limits=limits)
    assert time.process_time() - start < SECONDS
    return report


def ifd(*rows: bytes, following: int = 0) -> bytes:
    return struct.pack(">H", len(rows)) + b"".join(rows) + struct.pack(">I", following)


def row(tag: int, kind: int, count: int, place: int) -> bytes:
    return struct.pack(">HHII", tag, kind, count, place)


HEADER = b"MM\x00*\x00\x00\x00\x08"
MAKE = row(0x010F, 2, 4, int.from_bytes(b"Ada\x00", "big"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (ifd(MAKE, following=8), "read already"),
        (ifd(MAKE, row(0x8769, 4, 1, 8)), "read already"),
        (ifd(MAKE, row(0x014A, 4, 4, 38)) + struct.pack(">4I", 8, 8, 8, 8), "read already"),
        (ifd(MAKE, row(0x8769, 4, 1, 2**32 - 1)), "outside the block"),
        (ifd(MAKE, row(0x010E, 2, 2**32 - 1, 8)), "leaves the block"),
        (ifd(MAKE, row(0x829A, 5, 2**32 - 1, 8)), "leaves the block"),
        (ifd(MAKE, row(0x010E, 2, 100, 2**32 - 1)), "leaves the block"),
        (ifd(MAKE, row(0x010E, 99, 1, 0)), "unknown type"),
        (struct.pack(">H", 65535) + MAKE, "longer than the block"),
    ],
)
def test_an_ifd_that_lies_is_a_problem_and_the_rest_is_read(body: bytes, problem: str) -> None:
    report = bounded(jpeg(exif(HEADER + body), *picture()))

    assert [one.what for one in report.problems if problem in one.what]
    assert report.camera is not None
    assert report.camera.make == "Ada"


def test_ifds_nested_without_end_end() -> None:
    depth = 2_000
    size = 2 + 12 + 4
    body = b"".join(ifd(row(0x8769, 4, 1, 8 + size * (index + 1))) for index in range(depth)) + ifd(
        MAKE
    )

    report = bounded(jpeg(exif(HEADER + body), *picture()))

    assert [one.what for one in report.problems] == ["Exif: IFDs are nested too deep"]


def test_more_entries_than_the_limit_are_not_read() -> None:
    body = ifd(*(MAKE for _ in range(5_000)))

    report = bounded(jpeg(exif(HEADER + body), *picture()), Limits(max_ifd_entries=100))

    assert len(report.findings) == 100
    assert "Exif: too many entries" in {one.what for one in report.problems}


def test_values_that_stand_in_each_other_are_not_copied_over_and_over() -> None:
    size = 4_000_000
    rows = [row(0x02BC, 1, size, 8) for _ in range(10_000)]
    body = ifd(MAKE, *rows)
    source = png_picture(chunk(b"eXIf", HEADER + body + bytes(size)))

    report = bounded(source)

    assert "Exif: values that share their bytes" in {one.what for one in report.problems}
    assert report.camera is not None


@pytest.mark.parametrize(
    "gps",
    [
        position(((91, 1), (0, 1), (0, 1))),
        position(((0, 0), (0, 0), (0, 0)), ((0, 0), (0, 0), (0, 0))),
        position(((2**32 - 1, 1),)),
        position(((1, 1),) * 60),
        [
            *position(),
            rational(6, (1, 0)),
            rational(7, (0, 0), (0, 0), (0, 0)),
            rational(0x11, (0, 0)),
        ],
        [asciz(2, "52.37"), asciz(4, "4.89"), asciz(1, "N"), asciz(3, "E")],
    ],
)
def test_numbers_that_are_none_are_no_position_and_no_exception(
    gps: list[tuple[int, int, int, bytes]],
) -> None:
    report = bounded(jpeg(exif(block([asciz(0x010F, "Ada")], gps=gps)), *picture()))

    assert report.camera is not None
    assert any(one.code.startswith("exif.gps.") for one in report.findings)
    if gps[-1][0] != 0x11:  # the fifth has a position beside its nonsense
        assert report.coordinates is None
        assert report.problems


@pytest.mark.parametrize(
    "raw",
    [
        b"UNICODE\x00" + b"\xd8\x00\xd8\x00odd",  # lone surrogates, and half a character
        b"JIS\x00\x00\x00\x00\x00" + b"\xff\xfe\x80",
        b"ASCII\x00\x00\x00" + bytes(range(128, 256)),
        b"UNICODE\x00\xff",
        b"\xff" * 8 + b"\xfe" * 9,
        b"UNI",
    ],
)
def test_a_comment_in_a_wrong_coding_is_read_as_far_as_it_goes(raw: bytes) -> None:
    report = bounded(jpeg(exif(block(exif=[undefined(0x9286, raw)])), *picture()))

    [one] = report.findings
    assert isinstance(one.value, str)
    one.value.encode()  # words that JSON and terminals can take


def test_fifty_megabytes_of_xmp_are_bounded() -> None:
    items = b"<rdf:li>a keyword that somebody typed</rdf:li>" * 60_000
    body = packet("<dc:subject><rdf:Bag>ITEMS</rdf:Bag></dc:subject>").replace(b"ITEMS", items * 18)
    source = png_picture(chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + body))

    report = bounded(source)

    assert len(source) > 48_000_000
    assert [one.what for one in report.problems if one.what.startswith("XMP")]
    assert len(report.findings) <= Limits().max_findings
    assert "xmp.dc.subject" in {one.code for one in report.findings}


@pytest.mark.parametrize(
    ("bomb", "problem"),
    [
        (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>', "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b"<!doctype a><a/>", "document type"),
        (b"<a><! ENTITY a 'b'></a>", "document type"),
        (b"<a>&undefined;</a>", "not well-formed"),
    ],
)
def test_types_and_entities_are_refused(bomb: bytes, problem: str) -> None:
    report = bounded(jpeg(app(1, XMP + bomb), *picture()))

    assert [one.code for one in report.findings] == ["xmp.packet"]
    assert [one.what for one in report.problems if problem in one.what]


def test_elements_nested_without_end_end() -> None:
    body = b"<a>" * 15_000
    report = bounded(jpeg(app(1, XMP + body), *picture()))

    assert "XMP: elements nested too deep" in {one.what for one in report.problems}


@pytest.mark.parametrize("kind", ["zTXt", "iTXt", "iCCP"])
def test_a_bomb_of_zlib_is_not_inflated(kind: str) -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    bodies = {
        "zTXt": b"Comment\x00\x00" + bomb,
        "iTXt": b"Comment\x00\x01\x00\x00\x00" + bomb,
        "iCCP": b"profile\x00\x00" + bomb,
    }
    report = bounded(png_picture(chunk(kind.encode(), bodies[kind])))

    assert report.problems
    assert report.findings


def test_many_bombs_of_zlib_together_are_not_inflated() -> None:
    bomb = b"Comment\x00\x00" + zlib.compress(b"words, words, words " * 800_000, 9)
    source = png_picture(*(chunk(b"zTXt", bomb) for _ in range(2_000)))

    report = bounded(source)

    assert "Text: more inflated text than the limit" in {one.what for one in report.problems}
    assert len(report.findings) == Limits().max_findings // 10 + 1  # and that there is more


def test_many_resources_that_are_read_again_are_bounded() -> None:
    inner = resource(0x0424, packet("<dc:source>a quay</dc:source>"))
    small = resource(0x0424, b"<a/>")
    source = tiff(page(more={0x8649: (7, inner + small * 200_000)}))

    report = bounded(source)

    few = bounded(tiff(page(more={0x8649: (7, inner + small * 100)})))

    assert [one.code for one in few.findings if one.code.startswith("xmp.")].count(
        "xmp.packet"
    ) == 15
    assert len(report.findings) <= Limits().max_findings + 1
    assert "Photoshop: more than the limit" in {one.what for one in report.problems}


def test_boxes_nested_a_thousand_deep_end() -> None:
    body = box(b"cbor", b"\x00")
    for _ in range(1_000):
        body = labelled("c2pa", body)

    report = bounded(jpeg(in_jpeg(body), *picture()))

    assert [one.what for one in report.problems] == ["JUMBF: boxes are nested too deep"]
    assert "provenance.c2pa" in {one.code for one in report.findings}


@pytest.mark.parametrize(
    "body",
    [
        labelled("c2pa", box(b"cbor", b"\x81" * 5_000)),
        labelled("c2pa", box(b"cbor", b"\x9b" + b"\xff" * 8)),
        labelled("c2pa", box(b"json", b"[" * 20_000)),
        labelled("c2pa", box(b"json", b'["' + b"a" * 5_000_000 + b'"]')),
        labelled("c2pa", box(b"json", b"\xff\xfe")),
        labelled("c2pa", struct.pack(">I", 7) + b"cbor"),
        labelled("c2pa", struct.pack(">I", 2**31) + b"cbor"),
    ],
)
def test_claims_that_cannot_be_read_are_a_problem(body: bytes) -> None:
    report = bounded(png_picture(chunk(b"caBX", body)))

    assert report.problems
    assert [one.code for one in report.findings] == ["provenance.c2pa"]


def test_claims_nested_deep_and_halves_of_characters_are_shown_as_far_as_they_go() -> None:
    deep = b'{"entries": ' + b'{"a": [' * 200 + b"]}" * 200 + b"}"
    halves = b'{"author": [{"name": "Ada \\ud800"}]}'
    body = labelled(
        "c2pa",
        labelled("c2pa.training-mining", box(b"json", deep)),
        labelled("stds.schema-org.CreativeWork", box(b"json", halves)),
    )

    report = bounded(jpeg(in_jpeg(body), *picture()))

    told = {one.code: one.value for one in report.findings}
    assert "…" in str(told["provenance.c2pa.training"])
    assert told["provenance.c2pa.author"] == "Ada ?"
    report.to_json().encode()


def test_more_boxes_than_the_limit_are_not_read() -> None:
    body = labelled("c2pa", *(box(b"free") for _ in range(7_000)))

    report = bounded(jpeg(in_jpeg(body), *picture()))

    assert [one.what for one in report.problems] == ["JUMBF: more boxes than the limit"]


def test_a_profile_of_many_tags_that_lie_is_bounded() -> None:
    data = bytearray(icc({b"desc": described(b"RGB")}))
    struct.pack_into(">I", data, 128, 2**32 - 1)

    assert bounded(jpeg(app(2, b"ICC_PROFILE\x00\x01\x01" + data), *picture())).findings


def test_problems_are_limited_and_the_last_one_says_so() -> None:
    rows = [row(0x8769, 4, 1, 8)] * 50
    blocks = [exif(HEADER + ifd(*rows, following=8))] * 200

    report = bounded(jpeg(*blocks, *picture()))

    assert len(report.problems) == 1_000
    assert [at for at, one in enumerate(report.problems) if "more problems" in one.what] == [999]


def test_long_texts_are_cut_before_they_cost_memory() -> None:
    words = "\U0001f600".encode() + "é".encode() * 4_000_000
    chunks = [chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(words)) for _ in range(4)]
    rows = [row(tag, 2, len(words), 62) for tag in (0x010E, 0x010F, 0x0110, 0x0131)]
    shared = (HEADER + ifd(*rows)).ljust(62, b"\x00") + words
    letters = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a:b xmlns:a='urn:a'>" + words
    letters += b"</a:b></x:xmpmeta>"
    data = png_picture(
        *chunks,
        chunk(b"eXIf", shared),
        chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + letters),
    )

    report = bounded(data)

    told = [one.value for one in report.findings if isinstance(one.value, str)]
    assert len(told) == 9
    assert {(len(one), one[:2], one[-2:]) for one in told} == {(10_000, "\U0001f600é", "é…")}
    assert report.camera is not None
    assert (len(report.camera.make), len(report.camera.model)) == (10_000, 10_000)
    assert sum(len(raw) for one in report.findings for raw in one.raw) < 10_000


def test_claims_of_one_file_share_what_may_be_read_of_them() -> None:
    claim = labelled("c2pa.actions", box(b"cbor", b"\x99\x4e\x00" + b"\x80" * 19_968))

    report = bounded(jpeg(*(in_jpeg(labelled("c2pa", claim)) for _ in range(20)), *picture()))

    assert [one.what for one in report.problems].count("JUMBF: CBOR that cannot be read") == 10


def test_a_long_word_in_a_list_of_words_costs_its_length_once() -> None:
    words = b"[picture info]\r\n" + b"a" * 65_000 + b"\r\nSerial#=SN12345\r\n"

    report = bounded(jpeg(*[app(12, words)] * 20, *picture()))

    told = [one for one in report.findings if one.code == "jpeg.picture-info.serial"]
    assert {one.value for one in told} == {"SN12345"}


def test_numbers_that_are_none_or_infinite_are_told_in_words() -> None:
    exif_block = block(
        [
            (0xC630, 12, 1, struct.pack(">d", float("inf"))),
            (0xC5D9, 11, 2, struct.pack(">2f", float("nan"), 0.5)),
        ],
        exif=[(0x829A, 11, 1, struct.pack(">f", float("nan")))],
    )

    report = bounded(jpeg(exif(exif_block), *picture()))

    told = sorted(str(one.value) for one in report.findings)
    assert told == ["not a number", "not a number", "not a number, 0.5"]
    assert "NaN" not in report.to_json()
    assert "Infinity" not in report.to_json()


def test_findings_are_limited() -> None:
    report = bounded(
        jpeg(*(com(b"word %d" % n) for n in range(500)), *picture()), Limits(max_findings=50)
    )

    assert [one.code for one in report.findings] == ["comment.text"] * 5 + ["report.more"]


def test_real_photos_that_are_cut_or_changed_yield_what_is_readable(corpus: Path) -> None:
    names = (
        "exif-samples/jpg/gps/DSCN0010.jpg",
        "c2pa/C.jpg",
        "nom-exif/exif.png",
        "c2pa/test.webp",
    )
    read = 0
    for name in names:
        data = (corpus / name).read_bytes()
        for cut in range(1, 20):
            for changed in (
                data[: len(data) * cut // 20],
                data[: 200 * cut] + b"\xff" * 40 + data[200 * cut + 40 :],
            ):
                try:
                    report = bounded(changed)
                except PhotoPrivacyError:
                    continue
                read += bool(report.findings)

    assert read > 80
