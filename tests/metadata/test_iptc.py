"""Photoshop's image resources and IPTC IIM 4.2: every record and resource that people use."""

from __future__ import annotations

import pytest

from builders import app, jpeg, picture
from builders_exif import asciz, block, position
from builders_iptc import record, resource, unicode
from builders_xmp import packet
from photoprivacy import Category, Finding, inspect, strip
from photoprivacy.metadata._iptc_records import ENVELOPE, RECORDS


def photo(*resources: bytes) -> bytes:
    return jpeg(app(13, b"Photoshop 3.0\x00" + b"".join(resources)), *picture())


def found(*resources: bytes) -> dict[str, Finding]:
    return {one.code: one for one in reversed(inspect(photo(*resources)).findings)}


def records(*parts: bytes) -> dict[str, Finding]:
    return found(resource(0x0404, b"".join(parts)))


@pytest.mark.parametrize("number", sorted(RECORDS))
def test_every_record_is_told_by_its_name(number: int) -> None:
    code, category, label = RECORDS[number]
    one = records(record(0, b"\x00\x04"), record(number, b"some words"))[f"iptc.{code}"]

    assert (one.category, one.label) == (category, label)
    assert one.value in ("some words", 10)


@pytest.mark.parametrize("number", sorted(ENVELOPE))
def test_every_record_of_the_envelope_is_told_by_its_name(number: int) -> None:
    code, category, _ = ENVELOPE[number]

    assert records(record(number, b"some words", of=1))[f"iptc.{code}"].category is category


@pytest.mark.parametrize(
    ("escape", "raw"),
    [
        (b"\x1b%G", "Čapek".encode()),
        (b"\x1b-B", "Čapek".encode("iso8859-2")),
        (b"\x1b-A", "Úbeda".encode("latin-1")),
        (b"", "Úbeda".encode("latin-1")),
        (b"\x1b%G", "Úbeda".encode("latin-1")),  # says UTF-8 and is not
    ],
)
def test_text_is_read_as_the_coded_character_set_says(escape: bytes, raw: bytes) -> None:
    found = records(record(90, escape, of=1), record(90, raw))

    assert found["iptc.city"].value in ("Čapek", "Úbeda")


def test_a_long_record_is_read() -> None:
    assert (
        records(record(120, b"words " * 9, long=True))["iptc.caption"].value
        == ("words " * 9).strip()
    )


def test_the_code_that_meta_writes_is_tracking_and_says_so() -> None:
    one = records(record(40, b"FBMD01000abc0300"))["iptc.tracking"]

    assert one.category is Category.TRACKING
    assert "Facebook, Instagram" in one.label
    assert "iptc.instructions" in records(record(40, b"Handle with care"))


def test_records_of_unknown_number_are_unknown() -> None:
    assert records(record(99, b"who knows"))["iptc.2-99"].category is Category.UNKNOWN
    assert records(record(7, b"who knows", of=8))["iptc.8-7"].category is Category.UNKNOWN


@pytest.mark.parametrize(
    ("number", "data", "name", "code", "value"),
    [
        (0x07D0, bytes(26), b"around Ada", "path", "around Ada"),
        (0x0BB7, b"\x04clip", b"", "clipping-path", "clip"),
        (0x0425, bytes(range(16)), b"", "digest", bytes(range(16)).hex()),
        (0x040B, b"https://a.example", b"", "url", "https://a.example"),
        (0x041E, (1).to_bytes(4, "big") + bytes(8) + unicode("https://b.example"), b"", "urls", "https://b.example"),
        (0x03F0, b"\x07a quay.", b"", "caption", "a quay."),
        (0x03EE, b"\x03Ada\x04mask", b"", "channel-names", "Ada, mask"),
        (0x041A, (6).to_bytes(4, "big") + bytes(16) + unicode("holiday"), b"", "slices", "holiday"),
        (0x042F, unicode("/home/ada/holiday.psb"), b"", "autosave-path", "/home/ada/holiday.psb"),
        (0x040A, b"\x01", b"", "copyright-flag", 1),
        (0x0409, bytes(40), b"", "thumbnail", 40),
        (0x040C, bytes(40), b"", "thumbnail", 40),
        (0x4321, b"who knows", b"", "4321", 9),
    ],
)  # fmt: skip
def test_a_resource_says_what_it_says(
    number: int, data: bytes, name: bytes, code: str, value: object
) -> None:
    assert found(resource(number, data, name))[f"photoshop.{code}"].value == value


def test_the_programs_that_wrote_and_read_it_are_named() -> None:
    version = bytes(5) + unicode("Writer") + unicode("Reader 2020") + bytes(4)
    findings = inspect(photo(resource(0x0421, version))).findings

    assert [one.value for one in findings if one.code == "photoshop.version"] == [
        "Writer",
        "Reader 2020",
    ]


def test_exif_and_xmp_inside_are_read_too() -> None:
    inner = block([asciz(0x010F, "Maker")], gps=position())
    source = photo(
        resource(0x0422, inner), resource(0x0424, packet("<dc:source>a quay</dc:source>"))
    )
    report = inspect(source)
    codes = {one.code for one in report.findings}

    assert {"exif.image.make", "exif.gps.position", "xmp.dc.source"} <= codes
    # Viewers do not look there, so it is not where the photo was taken.
    assert report.coordinates is None
    assert inspect(strip(source).data).findings == ()


def test_damage_is_a_problem_and_the_rest_is_read() -> None:
    source = photo(resource(0x0404, record(90, b"Delft") + b"\x1c\x02\x5a\xff\xff\xff"), b"8BIM")
    report = inspect(source)

    assert "iptc.city" in {one.code for one in report.findings}
    assert report.problems


def test_records_without_a_resource_are_read() -> None:
    assert found(record(90, b"Delft"))["iptc.city"].value == "Delft"
