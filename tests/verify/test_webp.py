"""A clean WebP is its picture and what was written for it; each way to be more is refused."""

from __future__ import annotations

import pytest

from photoprivacy.containers import Format
from photoprivacy.policy import Policy
from verify.built import (
    CANARY,
    EVERYTHING,
    MINED,
    NOTHING,
    anmf,
    icc_profile,
    packet,
    part,
    passes,
    short,
    tiff,
    trips,
    vp8,
    vp8x,
    webp,
    words,
)

LOSSY, LOSSLESS = vp8(), vp8(lossless=True)
#: A lossless picture whose header says that it has transparency (RFC 9649, 3.4).
CLEAR = LOSSLESS[:12] + bytes((LOSSLESS[12] | 0x10,)) + LOSSLESS[13:]
CLEAN = webp(LOSSY)
PROFILE = icc_profile()
EXIF = part(b"EXIF", tiff((short(274, 6),)))
XMP = part(b"XMP ", packet())
ICCP = part(b"ICCP", PROFILE)
ALPH = part(b"ALPH", b"\x00" + bytes(64))
ANIM = part(b"ANIM", bytes(6))
FILM = (vp8x(0x02), ANIM, anmf(LOSSY), anmf(LOSSLESS, time=40))
ICC, ALPHA, EXIF_BIT, XMP_BIT = 0x20, 0x10, 0x08, 0x04


def refused(output: bytes, policy: Policy = Policy.SHARE, *, source: bytes = CLEAN) -> str:
    return trips(Format.WEBP, source, output, policy)


@pytest.mark.parametrize(
    "parts",
    [
        (LOSSY,),
        (LOSSLESS,),
        (CLEAR,),
        (vp8x(), LOSSY),
        (vp8x(ALPHA), ALPH, LOSSY),
        (vp8x(ALPHA), CLEAR),
        (vp8x(ICC), ICCP, LOSSY),
        FILM,
        (vp8x(0x12), ANIM, anmf(ALPH, LOSSY), anmf(LOSSLESS)),
    ],
    ids=lambda parts: ", ".join(one[:4].decode() for one in parts),
)
def test_a_clean_file_passes_against_itself(parts: tuple[bytes, ...]) -> None:
    passes(Format.WEBP, webp(*parts), webp(*parts))


def test_a_clean_copy_of_a_dirty_file_passes() -> None:
    source = webp(
        vp8x(ICC | EXIF_BIT | XMP_BIT | 0xC1, reserved=b"abc"),
        part(b"leak", CANARY),
        LOSSY,
        part(b"EXIF", tiff((short(274, 6), words(305, CANARY)))),
        part(b"XMP ", CANARY),
        ICCP,
        part(b"C2PA", CANARY),
    )
    clean = webp(vp8x(ICC | EXIF_BIT | XMP_BIT), ICCP, LOSSY, EXIF, XMP)

    passes(Format.WEBP, source + CANARY, clean, MINED, orientation=6, secrets=(CANARY,))
    trips(Format.WEBP, source, source, MINED, orientation=6)


def test_a_frame_may_lose_what_is_no_pixel() -> None:
    source = webp(vp8x(0x02), ANIM, anmf(part(b"leak", CANARY), LOSSY), anmf(LOSSLESS, time=40))

    passes(Format.WEBP, source, webp(*FILM))
    assert "frame" in refused(source, source=source)


@pytest.mark.parametrize("old", [LOSSY, LOSSLESS, CLEAR], ids=["lossy", "lossless", "clear"])
def test_a_new_header_says_what_the_picture_says(old: bytes) -> None:
    flags = XMP_BIT | (ALPHA if old is CLEAR else 0)
    source = webp(old)

    passes(Format.WEBP, source, webp(vp8x(flags), old, XMP), MINED)
    for wrong in (
        vp8x(flags ^ ALPHA),
        vp8x(flags, width=9),
        vp8x(flags, height=7),
        vp8x(flags, width=0x1000000),
    ):
        reason = trips(Format.WEBP, source, webp(wrong, old, XMP), MINED)
        assert "canvas" in reason


def test_a_copy_does_not_turn_where_no_viewer_turns_the_source() -> None:
    turned = webp(vp8x(EXIF_BIT), LOSSY, EXIF)
    passes(Format.WEBP, webp(vp8x(EXIF_BIT), EXIF, LOSSY, EXIF), turned, orientation=6)
    for hidden in (
        webp(LOSSY, EXIF),
        webp(vp8x(), LOSSY, EXIF),
        webp(vp8x(EXIF_BIT), LOSSY, part(b"EXIF", b"MM"), EXIF),
    ):
        assert "viewers" in trips(Format.WEBP, hidden, turned, orientation=6)


#: a chunk that is in the file, and should not be
EXTRA = {
    "an unknown chunk": part(b"leak", CANARY),
    "an empty unknown chunk": part(b"leak", b""),
    "a C2PA manifest": part(b"C2PA", CANARY),
    "a list": part(b"LIST", b"INFO" + CANARY),
    "Exif": EXIF,
    "Exif with JPEG's signature": part(b"EXIF", b"Exif\x00\x00" + tiff((short(274, 6),))),
    "empty Exif": part(b"EXIF", b""),
    "XMP": XMP,
    "empty XMP": part(b"XMP ", b""),
    "XMP by another name": part(b"XMP\x00", packet()),
    "a profile": ICCP,
    "an empty profile": part(b"ICCP", b""),
    "transparency": ALPH,
    "an animation": ANIM,
    "a frame": anmf(LOSSY),
    "a second picture": LOSSY,
    "a second picture of another kind": LOSSLESS,
    "a second header": vp8x(),
    "garbage": CANARY + b"\x00" * (len(CANARY) % 2),
}


@pytest.mark.parametrize("what", EXTRA)
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("flags", [0, ICC, ALPHA, EXIF_BIT, XMP_BIT, 0x02, 0x3E])
def test_a_chunk_too_many_is_refused(what: str, place: int, flags: int) -> None:
    parts = [vp8x(flags), LOSSY]
    parts.insert(place, EXTRA[what])
    source = webp(vp8x(), LOSSY)

    assert refused(webp(*parts), source=source)
    assert refused(webp(*parts), EVERYTHING, source=source)


#: a file that is wrong in one way, also if the source was
SHAPES = {
    "a profile nobody announced": webp(vp8x(), ICCP, LOSSY),
    "a profile that is not there": webp(vp8x(ICC), LOSSY),
    "Exif that is not there": webp(vp8x(EXIF_BIT), LOSSY),
    "XMP that is not there": webp(vp8x(XMP_BIT), LOSSY),
    "an animation that is not there": webp(vp8x(0x02), LOSSY),
    "reserved bits": webp(vp8x(0x01), LOSSY),
    "high reserved bits": webp(vp8x(0x40), LOSSY),
    "reserved bytes": webp(vp8x(reserved=b"\x00\x00\x01"), LOSSY),
    "a header with a tail": webp(part(b"VP8X", vp8x()[8:] + CANARY), LOSSY),
    "a header behind the picture": webp(LOSSY, vp8x()),
    "a profile without a header": webp(ICCP, LOSSY),
    "transparency without a header": webp(ALPH, LOSSY),
    "transparency beside lossless pixels": webp(vp8x(ALPHA), ALPH, LOSSLESS),
    "transparency behind the pixels": webp(vp8x(ALPHA), LOSSY, ALPH),
    "a profile behind the pixels": webp(vp8x(ICC), LOSSY, ICCP),
    "two pictures": webp(vp8x(), LOSSY, LOSSLESS),
    "no picture": webp(vp8x()),
    "nothing": webp(),
    "a frame beside a picture": webp(vp8x(0x02), ANIM, anmf(LOSSY), LOSSLESS),
    "a frame without its animation": webp(vp8x(), anmf(LOSSY)),
    "an animation without a frame": webp(vp8x(0x02), ANIM),
    "an animation beside a picture": webp(vp8x(0x02), ANIM, LOSSY),
    "an animation with a tail": webp(vp8x(0x02), part(b"ANIM", bytes(6) + CANARY), anmf(LOSSY)),
    "two pictures in a frame": webp(vp8x(0x02), ANIM, anmf(LOSSY, LOSSLESS)),
    "no picture in a frame": webp(vp8x(0x02), ANIM, anmf()),
    "a stranger in a frame": webp(vp8x(0x02), ANIM, anmf(LOSSY, part(b"leak", CANARY))),
    "Exif in a frame": webp(vp8x(0x02), ANIM, anmf(LOSSY, EXIF)),
    "garbage in a frame": webp(vp8x(0x02), ANIM, anmf(LOSSY, b"leak")),
    "a frame of ten bytes": webp(vp8x(0x02), ANIM, part(b"ANMF", bytes(10))),
    "reserved bits of a frame": webp(
        vp8x(0x02), ANIM, part(b"ANMF", bytes(15) + b"\x80" + LOSSY)
    ),
    "a pad byte with something in it": webp(
        vp8x(ICC), part(b"ICCP", PROFILE + b"x", pad=b"!"), LOSSY
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SHAPES)
def test_a_file_is_refused_with(what: str) -> None:
    assert refused(SHAPES[what], EVERYTHING, source=SHAPES[what])


def test_every_bit_of_a_file_matters() -> None:
    for clean in (webp(vp8x(ICC | ALPHA), ICCP, ALPH, LOSSY), webp(*FILM)):
        passes(Format.WEBP, clean, clean)
        for at in range(len(clean)):
            flipped = bytearray(clean)
            flipped[at] ^= 1 << at % 8
            assert refused(bytes(flipped), source=clean), at
            assert refused(clean[:at], source=clean)
            assert refused(clean[:at] + b"\x00" + clean[at:], source=clean)


def test_bytes_behind_the_file_are_refused() -> None:
    assert "size" in refused(CLEAN + CANARY)
    assert "size" in refused(webp(LOSSY, size=len(CLEAN)))
    assert refused(webp(LOSSY) + CLEAN)


def test_frames_keep_number_order_place_and_time() -> None:
    source = webp(*FILM)
    head, anim, first, second = FILM

    assert refused(webp(head, anim, second, first), source=source)
    assert refused(webp(head, anim, first), source=source)
    assert refused(webp(head, anim, first, second, second), source=source)
    assert "time" in refused(webp(head, anim, first, anmf(LOSSLESS, time=41)), source=source)
    assert "time" in refused(webp(head, anim, anmf(LOSSY, left=1), second), source=source)
    assert refused(webp(head, anim, anmf(LOSSLESS), second), source=source)


def test_the_profile_is_the_sources_or_none() -> None:
    source = webp(vp8x(ICC), ICCP, LOSSY)
    other = webp(vp8x(ICC), part(b"ICCP", icc_profile(b"other")), LOSSY)
    bare = webp(vp8x(), LOSSY)

    passes(Format.WEBP, source, source)
    passes(Format.WEBP, source, bare, NOTHING)
    assert refused(source, NOTHING, source=source)
    assert "profile" in refused(bare, source=source)
    assert "profile" in refused(other, source=source)
    assert "profile" in refused(source, source=bare)


def test_a_header_that_the_source_had_stays() -> None:
    assert "VP8X" in refused(webp(LOSSY), source=webp(vp8x(), LOSSY))
    assert "canvas" in refused(webp(vp8x(width=9), LOSSY), source=webp(vp8x(), LOSSY))
    assert "canvas" in refused(webp(vp8x(ALPHA), LOSSY), source=webp(vp8x(), LOSSY))
