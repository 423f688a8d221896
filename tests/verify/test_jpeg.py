"""A clean JPEG is its picture and what was written for it; each way to be more is refused."""

from __future__ import annotations

import random

import pytest

from builders import (
    EOI,
    SOI,
    XMP,
    adobe,
    app,
    between_scans,
    com,
    exif,
    icc,
    jfif,
    jpeg,
    picture,
    segment,
)
from photoprivacy.containers import Format
from photoprivacy.policy import Category, Policy
from verify.built import (
    CANARY,
    EVERYTHING,
    MINED,
    NOTHING,
    icc_profile,
    packet,
    passes,
    short,
    tiff,
    trips,
    words,
)

PICTURE = picture()
CLEAN = jpeg(jfif(), *PICTURE)
PROFILE = icc_profile()
#: A source with something in every slot.
DIRTY = jpeg(
    jfif(b"\x10\x20\x30", width=1, height=1, density=300),
    exif(tiff((short(274, 6), words(305, CANARY)))),
    app(1, XMP + packet(word="", inside=f"<!--{CANARY.decode()}-->")),
    *icc(PROFILE),
    app(13, b"Photoshop 3.0\x00" + CANARY),
    adobe(1, CANARY),
    com(CANARY),
    *PICTURE,
    end=EOI + CANARY,
)
ORIENTED = exif(tiff((short(274, 6),)))
MADE = jpeg(jfif(), ORIENTED, *icc(PROFILE), adobe(1), *PICTURE)
SCAN = next(i for i, part in enumerate(PICTURE) if part[1] == 0xDA)


def refused(output: bytes, policy: Policy = Policy.SHARE, *, source: bytes = CLEAN) -> str:
    return trips(Format.JPEG, source, output, policy)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("restarts", [0, 2])
def test_a_clean_file_passes_against_itself(mode: str, restarts: int, *, progressive: bool) -> None:
    marked = adobe(2) if mode == "CMYK" else jfif()
    clean = jpeg(marked, *picture(mode, progressive=progressive, restarts=restarts))

    passes(Format.JPEG, clean, clean)
    passes(Format.JPEG, clean, clean, NOTHING)


def test_a_clean_copy_of_a_dirty_file_passes() -> None:
    passes(Format.JPEG, DIRTY, MADE, orientation=6, secrets=(CANARY,))
    trips(Format.JPEG, DIRTY, DIRTY, orientation=6)


def test_everything_that_was_written_may_stand_at_once() -> None:
    output = jpeg(jfif(), ORIENTED, app(1, XMP + packet()), *icc(PROFILE), adobe(1), *PICTURE)

    passes(Format.JPEG, DIRTY, output, MINED, orientation=6)


@pytest.mark.parametrize(
    "source",
    [
        jpeg(jfif(), *PICTURE[:SCAN], b"\xff\xff\xff", *PICTURE[SCAN:]),
        jpeg(jfif(), *PICTURE[:SCAN], com(CANARY), *PICTURE[SCAN:], b"\xff\xff"),
        jpeg(jfif(), *PICTURE, end=EOI + SOI + CANARY + EOI),
        jpeg(jfif(), *PICTURE[:SCAN], CANARY, *PICTURE[SCAN:]),
        jpeg(jfif(), *PICTURE[:SCAN], b"\xff\x01", *PICTURE[SCAN:]),
    ],
    ids=["fill", "comment", "trailer", "garbage", "TEM"],
)
def test_what_decoders_pass_over_may_be_left_out(source: bytes) -> None:
    passes(Format.JPEG, source, CLEAN)


@pytest.mark.parametrize("extra", [com(CANARY), app(1, b"Exif\x00\x00" + CANARY), app(2, CANARY)])
def test_segments_between_scans_may_be_left_out_and_may_not_stay(extra: bytes) -> None:
    clean, dirty = jpeg(jfif(), between_scans(b"")[2:-2]), jpeg(jfif(), between_scans(extra)[2:-2])

    passes(Format.JPEG, dirty, clean)
    assert "FF" in refused(dirty, source=clean) or "between scans" in refused(dirty, source=clean)
    refused(dirty, source=dirty)


#: a segment that is in the file, and should not be
EXTRA = {
    "a comment": com(CANARY),
    "an empty comment": com(b""),
    "a Photoshop segment": app(13, b"Photoshop 3.0\x008BIM" + CANARY),
    "a JUMBF segment": app(11, b"JP\x00\x01" + CANARY),
    "a Ducky segment": app(12, b"Ducky" + CANARY),
    "a picture index": app(2, b"MPF\x00MM\x00\x2a\x00\x00\x00\x08"),
    "FlashPix": app(2, b"FPXR\x00" + CANARY),
    "an empty APP1": app(1, b""),
    "an Exif segment without a block": exif(b""),
    "an Exif block without a word": exif(tiff()),
    "an Exif block in the other order": exif(b"II\x2a\x00\x08\x00\x00\x00" + bytes(6)),
    "an Exif signature with other bytes": app(1, b"Exif\x00\xff" + CANARY),
    "an XMP segment without a packet": app(1, XMP),
    "extended XMP": app(1, b"http://ns.adobe.com/xmp/extension/\x00" + b"0" * 40),
    "a JFIF extension": app(0, b"JFXX\x00\x10" + CANARY),
    "JFIF twice": jfif(),
    "a JFIF with a thumbnail": jfif(b"\x10\x20\x30", width=1, height=1),
    "a JFIF that announces a thumbnail": jfif(width=1),
    "a JFIF with a tail": app(0, jfif()[4:] + CANARY),
    "a segment with a density": jfif(density=300),
    "an Adobe segment": adobe(1),
    "an Adobe segment with a tail": adobe(1, CANARY),
    "an Adobe segment with flags": app(14, b"Adobe\x00\x64\x00\x01\x00\x00\x01"),
    "a colour profile": icc(PROFILE)[0],
    "a colour profile without a chunk": app(2, b"ICC_PROFILE\x00"),
    "fill": b"\xff\xff",
    "garbage": CANARY,
    "an empty marker": b"\xff\x01",
    "a restart": b"\xff\xd0",
    "a second start": SOI,
    "an early end": EOI,
    "a reserved marker": segment(0x02, CANARY),
    "JPGn": segment(0xF0, CANARY),
    "an unknown frame": segment(0xC8, CANARY),
    "tables that no scan uses": segment(0xDB, b"\x03" + bytes(64)),
    "tables for another coder": segment(0xCC, b"\x00\x10"),
    "a number of lines": segment(0xDC, CANARY),
    "a number of lines too many": segment(0xDC, b"\x00\x21"),
    "a frame of a hierarchy": segment(0xDE, CANARY),
    "an expansion": segment(0xDF, b"\x11"),
    "an old restart interval": segment(0xDD, b"\x00\x00"),
    **{f"APP{number}": app(number, CANARY) for number in range(16)},
}


@pytest.mark.parametrize("what", EXTRA)
@pytest.mark.parametrize("place", ["first", "before the scan", "behind the scan"])
def test_a_segment_too_many_is_refused(what: str, place: str) -> None:
    extra = EXTRA[what]
    at = {"first": 0, "before the scan": SCAN, "behind the scan": len(PICTURE)}[place]
    parts = [jfif(), *PICTURE]
    parts.insert(at if place == "first" else at + 1, extra)

    assert refused(jpeg(*parts))
    assert refused(jpeg(*parts), EVERYTHING)


@pytest.mark.parametrize("what", EXTRA)
def test_a_segment_too_many_is_refused_even_if_the_source_had_it(what: str) -> None:
    own = {"a colour profile", "an Adobe segment", "an old restart interval"}
    dirty = jpeg(jfif(), EXTRA[what], *PICTURE)

    if what in own:
        passes(Format.JPEG, dirty, dirty)
    else:
        assert refused(dirty, source=dirty)


@pytest.mark.parametrize(
    ("what", "end"),
    {
        "one byte behind": EOI + b"\x00",
        "a second file behind": EOI + CLEAN,
        "a second end": EOI + EOI,
        "no end": b"",
        "half an end": b"\xff",
        "fill in front of the end": b"\xff" + EOI,
        "a zero in front of the end": b"\x00" + EOI,
    }.items(),
)
def test_the_end_is_the_end(what: str, end: bytes) -> None:
    assert refused(jpeg(jfif(), *PICTURE, end=end))


def test_every_bit_of_the_picture_is_the_sources() -> None:
    start = len(jpeg(jfif(), end=b""))
    dice = random.Random(7)
    places = [*range(start, start + 700), *dice.sample(range(start, len(CLEAN)), 300)]

    for at in places:
        flipped = bytearray(CLEAN)
        flipped[at] ^= 1 << dice.randrange(8)
        assert refused(bytes(flipped)), at


def test_every_length_is_the_pictures() -> None:
    for at in [*range(700), *range(700, len(CLEAN), 37), len(CLEAN) - 1]:
        assert refused(CLEAN[:at])
        assert refused(CLEAN[:at] + b"\x00" + CLEAN[at:]), at


def test_part_of_the_picture_may_not_go_missing() -> None:
    parts = picture(progressive=True)
    source = jpeg(jfif(), *parts)

    passes(Format.JPEG, source, source)
    for gone in range(len(parts)):
        assert refused(jpeg(jfif(), *parts[:gone], *parts[gone + 1 :]), source=source)


def test_parts_of_the_picture_keep_their_order() -> None:
    parts = list(picture(progressive=True))
    parts[-1], parts[-2] = parts[-2], parts[-1]

    assert refused(jpeg(jfif(), *parts), source=jpeg(jfif(), *picture(progressive=True)))


@pytest.mark.parametrize("restarts", [1, 3])
def test_a_lost_restart_is_refused(restarts: int) -> None:
    source = jpeg(jfif(), *picture(restarts=restarts))
    at = source.rindex(b"\xff\xd0")

    passes(Format.JPEG, source, source)
    assert refused(source[:at] + source[at + 2 :], source=source)
    assert refused(source[:at] + b"\xff\xd2" + source[at + 2 :], source=source)


def test_how_colours_are_coded_is_the_sources() -> None:
    # libjpeg guesses the colours from these two segments: another guess, another picture.
    marked = jpeg(adobe(0), *PICTURE)
    both = jpeg(jfif(), adobe(1), *PICTURE)

    passes(Format.JPEG, marked, marked)
    passes(Format.JPEG, both, both)
    assert refused(jpeg(adobe(1), *PICTURE), source=marked)
    assert refused(jpeg(*PICTURE), source=marked)
    assert refused(jpeg(jfif(), *PICTURE), source=both)
    assert refused(jpeg(adobe(1), *PICTURE), source=both)
    assert refused(both, source=CLEAN)
    assert refused(jpeg(jfif(), *PICTURE), source=jpeg(*PICTURE))


def test_the_last_adobe_segment_before_the_picture_counts() -> None:
    source = jpeg(adobe(0), adobe(1, CANARY), *PICTURE[:SCAN], adobe(2), *PICTURE[SCAN:])

    passes(Format.JPEG, source, jpeg(adobe(2), *PICTURE))
    assert refused(jpeg(adobe(0), *PICTURE), source=source)


@pytest.mark.parametrize(
    ("was", "good", "bad"),
    [
        ((1, 300, 300), (0, 1, 1), (1, 300, 300)),
        ((0, 300, 300), (0, 1, 1), (0, 300, 300)),
        ((0, 2, 1), (0, 2, 1), (0, 4, 2)),
        ((2, 118, 118), (0, 1, 1), (0, 118, 118)),
        ((0, 1, 1), (0, 1, 1), (0, 1, 2)),
    ],
)
def test_a_density_is_one_to_one_or_the_shape_of_the_sources_pixels(
    was: tuple[int, int, int], good: tuple[int, int, int], bad: tuple[int, int, int]
) -> None:
    def marked(units: int, across: int, down: int) -> bytes:
        body = b"JFIF\x00\x01\x02" + bytes((units,))
        return jpeg(
            app(0, body + across.to_bytes(2, "big") + down.to_bytes(2, "big") + bytes(2)), *PICTURE
        )

    both = {Category.RESOLUTION, Category.ORIENTATION}
    passes(Format.JPEG, marked(*was), marked(*good))
    assert refused(marked(*bad), source=marked(*was))
    passes(Format.JPEG, marked(*was), marked(*was), Policy(keep=both))


def test_the_profile_is_the_sources_or_none() -> None:
    other = icc_profile(b"another")
    source = jpeg(jfif(), *icc(PROFILE, 3), *PICTURE)
    clean = jpeg(jfif(), *icc(PROFILE), *PICTURE)

    passes(Format.JPEG, source, clean)
    passes(Format.JPEG, source, CLEAN, NOTHING)
    assert refused(clean, NOTHING, source=source)
    assert "profile" in refused(CLEAN, source=source)
    assert "profile" in refused(jpeg(jfif(), *icc(other), *PICTURE), source=source)
    assert "profile" in refused(jpeg(jfif(), *icc(PROFILE[:-1]), *PICTURE), source=source)
    assert "profile" in refused(clean, source=CLEAN)


def test_a_profile_is_cut_into_as_few_chunks_as_it_takes() -> None:
    source = jpeg(jfif(), *icc(PROFILE, 3), *PICTURE)
    long = icc_profile(bytes(70_000))
    first, second = icc(long, 2)

    assert refused(source, source=source)
    even = jpeg(jfif(), first, second, *PICTURE)
    full = [
        app(2, b"ICC_PROFILE\x00\x01\x02" + long[:65519]),
        app(2, b"ICC_PROFILE\x00\x02\x02" + long[65519:]),
    ]
    passes(Format.JPEG, even, jpeg(jfif(), *full, *PICTURE))
    assert refused(even, source=even)
    assert refused(jpeg(jfif(), *reversed(full), *PICTURE), source=even)
    assert refused(jpeg(jfif(), full[0], *PICTURE), source=even)
    assert refused(jpeg(jfif(), *full, full[1], *PICTURE), source=even)


def test_a_source_whose_profile_chunks_do_not_fit_has_none() -> None:
    source = jpeg(jfif(), icc(PROFILE, 2)[0], *PICTURE)

    passes(Format.JPEG, source, CLEAN)
