"""What a person reads: words for numbers, values as they are, and what becomes of each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from builders import com, exif, jfif, jpeg, picture
from builders_exif import Entry, asciz, rational, short, undefined
from builders_exif import block as tiff
from builders_png import chunk
from builders_png import picture as png
from builders_xmp import in_app1, packet
from photoprivacy import inspect
from photoprivacy.cli._app import app
from photoprivacy.metadata import in_words


def screen(path: Path, *words: str) -> str:
    result = CliRunner().invoke(app, ["inspect", *words, str(path)])
    assert result.exit_code == 0
    return result.stdout


def photo(folder: Path, data: bytes, name: str = "photo.jpg") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def settings(*entries: Entry) -> bytes:
    return jpeg(jfif(), exif(tiff(exif=list(entries))), *picture())


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (short(0x9207, 5), "Metering: pattern"),
        (short(0x9207, 99), "Metering: 99"),
        (short(0x9209, 0x10), "Flash: did not fire, always off"),
        (short(0x9209, 0x5F), "Flash: fired, return light, automatic, against red eyes"),
        (short(0x9209, 0x20), "Flash: there is none"),
        (short(0x9209, 0x2710), "Flash: 10000"),
        (short(0x8822, 2), "Exposure program: normal program"),
        (short(0x9208, 21), "Light source: D65"),
        (short(0xA001, 0xFFFF), "Colour space: not calibrated"),
        (short(0xA217, 2), "Kind of sensor: one-chip colour area sensor"),
        (short(0xA406, 3), "Kind of scene: night"),
        (short(0xA408, 2), "Contrast: hard"),
        (undefined(0xA300, b"\x03"), "Kind of source: digital camera"),
        (undefined(0x9000, b"0232"), "Version of Exif: 2.32"),
        (undefined(0x9000, b"0300"), "Version of Exif: 3.0"),
        (undefined(0x9101, b"\1\2\3\0"), "Components: Y, Cb, Cr"),
        (rational(0x829A, (10, 5000)), "Exposure time: 1/500 s"),
        (rational(0x829A, (13, 10)), "Exposure time: 1.3 s"),
        (rational(0x829D, (28, 10)), "Aperture: f/2.8"),
        (rational(0x829D, (28, 0)), "Aperture: 28/0"),
        (rational(0x920A, (425, 100)), "Focal length: 4.25 mm"),
        (rational(0xA404, (0, 100)), "Digital zoom: not used"),
        (rational(0xA404, (25, 10)), "Digital zoom: 2.5 times"),
        (short(0xA405, 26), "Focal length: 26 mm on 35 mm film"),
        (asciz(0x9003, "2024:05:17 10:11:12"), "Time of capture: 2024-05-17 10:11:12"),
        (asciz(0x9291, "068"), "Fraction of the second of capture: 0.068 s"),
    ],
)
def test_a_number_that_stands_for_something_is_shown_as_that(
    tmp_path: Path, entry: Entry, words: str
) -> None:
    data = settings(entry)
    lines = screen(photo(tmp_path, data), "--values").splitlines()

    assert [line for line in lines if line[19:] == words]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (asciz(0x01, "S"), "GPS latitude, north or south: south"),
        (asciz(0x03, "W"), "GPS longitude, east or west: west"),
        (asciz(0x03, "X"), "GPS longitude, east or west: X"),
        (asciz(0x09, "A"), "GPS status: measuring"),
        (asciz(0x0A, "3"), "GPS mode: three dimensions"),
        (asciz(0x0C, "N"), "GPS speed: knots"),
        (asciz(0x10, "T"), "GPS direction of view, from which north: true north"),
        (asciz(0x19, "M"), "GPS distance of destination: miles"),
    ],
)
def test_a_letter_that_stands_for_something_is_shown_as_that(
    tmp_path: Path, entry: Entry, words: str
) -> None:
    data = jpeg(jfif(), exif(tiff(gps=[entry])), *picture())
    lines = screen(photo(tmp_path, data), "--values").splitlines()

    assert [line for line in lines if line[19:] == words]


def test_programs_get_the_numbers(tmp_path: Path) -> None:
    path = photo(tmp_path, settings(short(0x9207, 5), rational(0x829A, (1, 500))))
    found = {
        one["code"]: one.get("value")
        for one in json.loads(screen(path, "--json", "--values"))["findings"]
    }

    assert (found["exif.photo.metering"], found["exif.photo.exposure-time"]) == (5, "1/500")


def test_orientation_in_xmp_has_the_same_words() -> None:
    data = jpeg(
        jfif(), in_app1(packet(attributes='tiff:Orientation="6" exif:MeteringMode="5"')), *picture()
    )
    words = {one.code: in_words(one) for one in inspect(data).findings}

    assert words == {
        "xmp.tiff.Orientation": "turned a quarter clockwise",
        "xmp.exif.MeteringMode": "pattern",
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":smile: and :warning:", ":smile: and :warning:"),
        ("[red]not red[/red] [link=https://example.org]x[/link]",
         "[red]not red[/red] [link=https://example.org]x[/link]"),
        ("a\\b \\[bold] \\\\[x] \\", "a\\b \\[bold] \\\\[x] \\"),
        ("end\u202egpj.exe", "end<U+202E>gpj.exe"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("\x1b[31mred\x07\x7f\x9b", "␛[31mred␇<U+007F><U+009B>"),
        ("two\nlines\tand\u00a0a blank", "two⏎lines and a blank"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_it_is_and_what_hides_in_it_is_seen(
    tmp_path: Path, text: str, shown: str
) -> None:
    told = screen(photo(tmp_path, jpeg(jfif(), com(text.encode()), *picture())), "--values")

    assert f"Comment: {shown}\n" in told
    assert told.isascii() or not {*told} & {*"\x1b\x07\x7f\x9b\u202e\u200b\ufeff"}


@pytest.mark.parametrize("name", [":smile:.jpg", "[red]x[bold].jpg", "back\\[bold]slash.jpg"])
def test_the_name_of_a_file_is_shown_as_it_is(tmp_path: Path, name: str) -> None:
    for words in ((), ("--check",)):
        path = photo(tmp_path, jpeg(jfif(), com(b"hello"), *picture()), name)
        result = CliRunner().invoke(app, ["inspect", *words, str(path)])
        assert name in result.output

    result = CliRunner().invoke(app, ["inspect", str(path) + "\\"])
    assert f"{name}\\: " in result.output


def test_damage_of_one_kind_is_told_once(tmp_path: Path) -> None:
    spoiled = [chunk(b"tEXt", b"Comment\0x", checksum=1), *[chunk(b"zyQx", b"x", checksum=1)] * 40]
    told = screen(photo(tmp_path, png(*spoiled), "spoiled.png"))

    damaged = [line for line in told.splitlines() if "Damaged" in line]
    assert len(damaged) == 2
    assert "and 39 more" in damaged[1]


def test_the_last_line_says_what_strip_does(tmp_path: Path) -> None:
    entries = [short(0x0112, 6), asciz(0x010F, "Example"), asciz(0x0131, "Tool")]
    photo(tmp_path, jpeg(jfif(), exif(tiff(entries, exif=[short(0xA001, 1)])), *picture()))
    path = tmp_path / "photo.jpg"

    assert screen(path).endswith("→ strip removes 3 findings, keeps 1\n")
    assert screen(path, "--policy", "archive").endswith("→ strip removes 2 findings, keeps 2\n")
    values = screen(path, "--values", "--policy", "archive")
    assert "Camera maker: Example  (kept)" in values
    assert "Software: Tool\n" in values

    harmless = photo(
        tmp_path, jpeg(jfif(), exif(tiff(exif=[short(0xA001, 1)])), *picture()), "b.jpg"
    )
    assert screen(harmless).endswith("→ clean: of what is here, a copy leaves out 1 finding\n")
    assert screen(photo(tmp_path, jpeg(jfif(), *picture()), "c.jpg")).endswith("→ clean\n")
