"""What goes for every format: nothing removed is left, and a check that breaks says no."""

from __future__ import annotations

import ast
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import exif, icc, jfif, jpeg, picture
from builders_gif import gif
from builders_jp2 import jp2
from builders_jxl import jxl
from builders_movie import video
from builders_tiff import tiff as tiff_file
from photoprivacy import _verify, strip
from photoprivacy._verify import verify
from photoprivacy.containers import Format
from photoprivacy.errors import PhotoPrivacyError, VerificationFailed
from photoprivacy.policy import Category, Policy
from verify.built import (
    CODED,
    HVCC,
    ISPE,
    box,
    chunk,
    heic,
    icc_profile,
    iccp,
    ihdr,
    part,
    passes,
    png,
    rows,
    short,
    tiff,
    trips,
    vp8,
    vp8x,
    webp,
    words,
)

SECRET = b"SN-0042-4711"
PROFILE = icc_profile(b"Somebody's screen " + SECRET)
IDAT = chunk(b"IDAT", zlib.compress(rows()))
NOTE = tiff((words(315, SECRET),))
RIGHTS = Policy(keep=Policy.SHARE.keep | {Category.RIGHTS})

#: where a removed value could still stand in an otherwise clean file
LEFT: dict[str, tuple[Format, bytes, Policy]] = {
    "JPEG, Exif": (Format.JPEG, jpeg(jfif(), exif(NOTE), *picture()), RIGHTS),
    "JPEG, profile": (Format.JPEG, jpeg(jfif(), *icc(PROFILE), *picture()), Policy.SHARE),
    "PNG, Exif": (Format.PNG, png(ihdr(), chunk(b"eXIf", NOTE), IDAT), RIGHTS),
    "PNG, packed profile": (Format.PNG, png(ihdr(), iccp(PROFILE), IDAT), Policy.SHARE),
    "WebP, Exif": (Format.WEBP, webp(vp8x(0x08), vp8(), part(b"EXIF", NOTE)), RIGHTS),
    "WebP, profile": (
        Format.WEBP,
        webp(vp8x(0x20), part(b"ICCP", PROFILE), vp8()),
        Policy.SHARE,
    ),
    "HEIC, decoder's setup": (
        Format.HEIC,
        heic(
            properties=(
                box(
                    b"hvcC",
                    HVCC[8:30],
                    b"\1\x20\0\1\0",
                    bytes((len(SECRET) + 2,)),
                    b"\x40\1",
                    SECRET,
                ),
                ISPE,
            )
        ),
        Policy.SHARE,
    ),
    "HEIC, profile": (
        Format.HEIC,
        heic(properties=(HVCC, ISPE, box(b"colr", b"prof", PROFILE))),
        Policy.SHARE,
    ),
}


@pytest.mark.parametrize("where", LEFT)
def test_a_removed_value_that_is_left_is_refused(where: str) -> None:
    format_, clean, policy = LEFT[where]

    passes(format_, clean, clean, policy)
    passes(format_, clean, clean, policy, secrets=(b"something else",))
    assert "removed value" in trips(format_, clean, clean, policy, secrets=(b"else", SECRET))


def test_a_value_shorter_than_six_bytes_stands_in_any_file() -> None:
    format_, clean, policy = LEFT["JPEG, Exif"]

    passes(format_, clean, clean, policy, secrets=(SECRET[:5], b""))
    trips(format_, clean, clean, policy, secrets=(SECRET[:6],))


def test_coded_pixels_and_their_tables_are_no_leak() -> None:
    # The usual Huffman table spells "456789:CDEFGHIJSTUVWXYZ"; a serial number may be 456789.
    still = jpeg(jfif(), *picture())
    table = b"456789:CDEFGHIJSTUVWXYZ"
    assert table in still

    passes(Format.JPEG, still, still, secrets=(b"456789", table, still[-40:-20]))
    passes(Format.PNG, png(ihdr(), IDAT), png(ihdr(), IDAT), secrets=(IDAT[8:20],))
    passes(Format.WEBP, webp(vp8()), webp(vp8()), secrets=(vp8()[20:40],))
    passes(Format.HEIC, heic(), heic(), secrets=(CODED,))


FILES = {
    Format.JPEG: jpeg(jfif(), exif(tiff((short(274, 6),))), *picture()),
    Format.PNG: png(ihdr(), IDAT),
    Format.WEBP: webp(vp8x(), vp8()),
    Format.HEIC: heic(),
    Format.AVIF: heic(),
    Format.GIF: strip(gif()).data,
    Format.TIFF: strip(tiff_file()).data,
    Format.JXL: jxl(),
    Format.JP2: jp2(),
    Format.MP4: strip(video()).data,
    Format.MOV: strip(video(brand=b"qt  ")).data,
}


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("broken", [b"", b"\x00", b"\xff", b"\xff\xd8", b"RIFF", bytes(100)])
def test_a_file_that_is_none_is_refused(format_: Format, broken: bytes) -> None:
    whole = FILES[format_]

    for source, output in ((whole, broken), (broken, whole), (broken, broken)):
        with pytest.raises(VerificationFailed):
            verify(source, output, format_, Policy.SHARE, secrets=(), orientation=6)


#: one walker for both: which of them a file is stands in its brands
ALIKE = ({Format.HEIC, Format.AVIF}, {Format.MP4, Format.MOV})


@pytest.mark.parametrize("format_", Format)
def test_a_file_of_another_format_is_refused(format_: Format) -> None:
    for other, data in FILES.items():
        if {format_, other} not in ({format_}, *ALIKE):
            with pytest.raises(VerificationFailed):
                verify(data, data, format_, Policy.SHARE, secrets=(), orientation=1)


@pytest.mark.parametrize("fault", [IndexError, ValueError, RecursionError, MemoryError, KeyError])
def test_a_check_that_breaks_says_no_and_nothing_else(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object) -> None:
        raise fault(SECRET.decode())

    monkeypatch.setattr("photoprivacy._verify._jpeg.check", break_down)

    with pytest.raises(VerificationFailed) as caught:
        passes(Format.JPEG, FILES[Format.JPEG], FILES[Format.JPEG], orientation=6)
    assert SECRET.decode() not in str(caught.value)
    assert caught.value.__cause__ is None
    assert isinstance(caught.value, PhotoPrivacyError)


def test_secrets_that_cannot_be_read_are_no_pass() -> None:
    def secrets() -> Iterator[bytes]:
        yield b"something"
        raise OSError(SECRET.decode())

    with pytest.raises(VerificationFailed, match="OSError"):
        verify(
            FILES[Format.PNG],
            FILES[Format.PNG],
            Format.PNG,
            Policy.SHARE,
            secrets=secrets(),
            orientation=1,
        )


#: All that the second pair of eyes may see of the house.
_MAY_IMPORT = {
    "photoprivacy.errors",
    "photoprivacy.limits",
    "photoprivacy.geo",
    "photoprivacy.policy",
    "photoprivacy.containers._model",
    "photoprivacy.metadata._findings",
}


def test_it_shares_no_parser_and_no_table_with_the_writer() -> None:
    modules = sorted(Path(next(iter(_verify.__path__))).glob("*.py"))
    strangers = {
        (module.name, node.module)
        for module in modules
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.startswith("photoprivacy")
        and not node.module.startswith("photoprivacy._verify")
        and node.module not in _MAY_IMPORT
    }

    assert len(modules) >= 9
    assert not strangers


@pytest.mark.parametrize(
    "output",
    [
        FILES[Format.JPEG][:-2] + b"\xff\xff\x00" * 1_000_000 + b"\xff\xd9",
        FILES[Format.JPEG][:-2] + b"\xff\xd0" * 1_000_000 + b"\xff\xd9",
        FILES[Format.JPEG][:2] + b"\xff" * 3_000_000,
        FILES[Format.JPEG][:2] + b"\xff\xfe\x00\x02" * 50_000 + FILES[Format.JPEG][2:],
        FILES[Format.JPEG][:2] + b"\xff\x00" * 1_000_000 + FILES[Format.JPEG][2:],
    ],
    ids=["stuffed fill", "restarts", "fill", "comments", "garbage"],
)
def test_hostile_files_take_no_more_than_a_moment(output: bytes) -> None:
    started = time.process_time()

    for source, made in ((output, FILES[Format.JPEG]), (FILES[Format.JPEG], output)):
        try:
            verify(source, made, Format.JPEG, Policy.SHARE, secrets=(), orientation=6)
        except VerificationFailed:
            continue
    # Some 20 ms here; a quadratic walk would take minutes.
    assert time.process_time() - started < 20
