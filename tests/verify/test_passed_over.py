"""What decoders pass over in a source must be left out of its clean copy, and nothing else may."""

from __future__ import annotations

import struct
import zlib

import pytest

from builders_icc import NOT_STATED, described, icc
from photoprivacy._verify._icc import profile_in
from photoprivacy.containers import Format
from photoprivacy.policy import Policy
from verify.built import (
    CANARY,
    EVERYTHING,
    anmf,
    chunk,
    fctl,
    fdat,
    icc_profile,
    iccp,
    ihdr,
    part,
    passes,
    png,
    rows,
    trips,
    vp8,
    vp8x,
    webp,
)

STREAM = zlib.compress(rows())
IDAT = chunk(b"IDAT", STREAM)
PLAIN = png(ihdr(), IDAT)
PALETTE = chunk(b"PLTE", bytes(12))
GAMMA = chunk(b"gAMA", bytes(4))
PROFILE = icc_profile()
PACKED = zlib.compress(PROFILE, 9)
INDEXED = png(ihdr(colour=3), PALETTE, IDAT)

#: source with something that no decoder uses, and its clean copy
PNG = {
    "a long gamma": (png(ihdr(), chunk(b"gAMA", bytes(4) + CANARY), IDAT), PLAIN),
    "a second gamma": (
        png(ihdr(), GAMMA, chunk(b"gAMA", b"LEAK"), IDAT),
        png(ihdr(), GAMMA, IDAT),
    ),
    "a gamma behind the image": (png(ihdr(), IDAT, GAMMA), PLAIN),
    "a gamma behind the palette": (png(ihdr(colour=3), PALETTE, GAMMA, IDAT), INDEXED),
    "a background of another kind": (png(ihdr(), chunk(b"bKGD", bytes(6)), IDAT), PLAIN),
    "a palette for grey": (png(ihdr(), PALETTE, IDAT), PLAIN),
    "frames without an animation": (png(ihdr(), fctl(0), IDAT, fctl(1), fdat(2, STREAM)), PLAIN),
    "an animation behind the image": (png(ihdr(), IDAT, chunk(b"acTL", bytes(8))), PLAIN),
    "a profile that is none": (png(ihdr(), iccp(CANARY * 20), IDAT), PLAIN),
    "a profile with a tail": (
        png(ihdr(), iccp(PROFILE + CANARY), IDAT),
        png(ihdr(), iccp(PROFILE), IDAT),
    ),
    "a profile whose stream ends in a fault": (
        png(ihdr(), chunk(b"iCCP", b"n\x00\x00" + PACKED[:-4] + b"LEAK"), IDAT),
        png(ihdr(), iccp(PROFILE), IDAT),
    ),
    "a profile whose stream does not end": (
        png(ihdr(), chunk(b"iCCP", b"n\x00\x00" + PACKED[:-4]), IDAT),
        png(ihdr(), iccp(PROFILE), IDAT),
    ),
}

LOSSY, LOSSLESS = vp8(), vp8(lossless=True)
ANIM = part(b"ANIM", bytes(6))
ALPH = b"\x00" + bytes(64)
FRAME = anmf(LOSSY)
WEBP = {
    "what follows a simple picture": (webp(LOSSY, LOSSLESS, vp8x(0x20)), webp(LOSSY)),
    "a long head": (
        webp(vp8x(2), part(b"ANIM", bytes(6) + CANARY), FRAME),
        webp(vp8x(2), ANIM, FRAME),
    ),
    "a second head": (
        webp(vp8x(2), ANIM, part(b"ANIM", CANARY), FRAME),
        webp(vp8x(2), ANIM, FRAME),
    ),
    "reserved bits of a frame": (
        webp(vp8x(2), ANIM, FRAME[:23] + b"\xf8" + FRAME[24:]),
        webp(vp8x(2), ANIM, FRAME),
    ),
    "a tail of plain transparency": (
        webp(vp8x(16), part(b"ALPH", ALPH + CANARY), LOSSY),
        webp(vp8x(16), part(b"ALPH", ALPH), LOSSY),
    ),
    "a profile that nobody announced": (
        webp(vp8x(), part(b"ICCP", PROFILE), LOSSY),
        webp(vp8x(), LOSSY),
    ),
    "a profile that is none": (
        webp(vp8x(32), part(b"ICCP", CANARY * 20), LOSSY),
        webp(vp8x(), LOSSY),
    ),
    "a profile with a tail": (
        webp(vp8x(32), part(b"ICCP", PROFILE + CANARY), LOSSY),
        webp(vp8x(32), part(b"ICCP", PROFILE), LOSSY),
    ),
}


@pytest.mark.parametrize("what", PNG)
def test_a_png_may_lose_and_may_not_keep(what: str) -> None:
    source, clean = PNG[what]

    passes(Format.PNG, source, clean)
    assert trips(Format.PNG, source, source, EVERYTHING)


@pytest.mark.parametrize("late", [(PALETTE, iccp(PROFILE), IDAT), (PALETTE, IDAT, iccp(PROFILE))])
def test_a_profile_that_some_decoders_use_may_be_neither_kept_nor_lost(
    late: tuple[bytes, ...],
) -> None:
    source = png(ihdr(colour=3), *late)

    assert trips(Format.PNG, source, INDEXED)
    assert trips(Format.PNG, source, source)


@pytest.mark.parametrize("what", WEBP)
def test_a_webp_may_lose_and_may_not_keep(what: str) -> None:
    source, clean = WEBP[what]

    passes(Format.WEBP, source, clean)
    assert trips(Format.WEBP, source, source, EVERYTHING)


@pytest.mark.parametrize(
    ("source", "output"),
    [
        (png(ihdr(), GAMMA, IDAT), PLAIN),
        (
            png(ihdr(), GAMMA, chunk(b"gAMA", b"LEAK"), IDAT),
            png(ihdr(), chunk(b"gAMA", b"LEAK"), IDAT),
        ),
        (
            png(ihdr(), iccp(PROFILE), iccp(PROFILE[:-1] + b"!"), IDAT),
            png(ihdr(), iccp(PROFILE[:-1] + b"!"), IDAT),
        ),
        (png(ihdr(), iccp(PROFILE), IDAT), PLAIN),
        (INDEXED, png(ihdr(colour=3), IDAT)),
    ],
    ids=["gamma", "the first gamma", "the first profile", "the profile", "the palette"],
)
def test_what_decoders_use_may_not_be_lost(source: bytes, output: bytes) -> None:
    assert trips(Format.PNG, source, output)


def test_transparency_may_not_lose_a_pixel() -> None:
    source = webp(vp8x(16), part(b"ALPH", ALPH), LOSSY)

    assert trips(Format.WEBP, source, webp(vp8x(16), part(b"ALPH", ALPH[:-1]), LOSSY))


def test_more_colours_than_pixels_can_name_are_refused() -> None:
    source = png(ihdr(depth=1, colour=3), PALETTE, chunk(b"IDAT", zlib.compress(bytes(8))))

    assert "colours" in trips(Format.PNG, source, source)


def test_a_profile_is_told_by_its_header_and_its_table() -> None:
    assert profile_in(PROFILE) == profile_in(PROFILE + CANARY) == PROFILE
    for wrong in (
        b"",
        PROFILE[:143],
        PROFILE[:36] + b"ACSP" + PROFILE[40:],
        struct.pack(">I", 131) + PROFILE[4:],
        PROFILE[:128] + struct.pack(">I", 99) + PROFILE[132:],
    ):
        assert profile_in(wrong) == b""


def test_a_tag_of_a_profile_that_lies_outside_goes() -> None:
    without = icc({b"desc": described(b"RGB"), b"cprt": NOT_STATED})
    at = PROFILE.index(b"rTRC") + 4
    for beyond in (len(PROFILE), 2**32 - 4):
        assert profile_in(PROFILE[:at] + struct.pack(">I", beyond) + PROFILE[at + 4 :]) == without
    assert profile_in(PROFILE[:-9]) == without


def test_a_profile_that_is_none_may_not_stand_in_a_clean_file() -> None:
    junk = CANARY * 20
    for policy in (Policy.SHARE, EVERYTHING):
        assert trips(Format.PNG, PLAIN, png(ihdr(), iccp(junk), IDAT), policy)
        assert trips(Format.WEBP, webp(LOSSY), webp(vp8x(32), part(b"ICCP", junk), LOSSY), policy)
