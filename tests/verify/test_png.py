"""A clean PNG is its picture and what was written for it; each way to be more is refused."""

from __future__ import annotations

import random
import zlib

import pytest

from photoprivacy.containers import Format
from photoprivacy.policy import Category, Policy
from verify.built import (
    CANARY,
    EVERYTHING,
    MINED,
    NOTHING,
    SIGNATURE,
    XML,
    chunk,
    fctl,
    fdat,
    icc_profile,
    iccp,
    ihdr,
    packet,
    passes,
    png,
    rows,
    short,
    tiff,
    trips,
    words,
)

STREAM = zlib.compress(rows())
IDAT = chunk(b"IDAT", STREAM)
CLEAN = png(ihdr(), IDAT)
PROFILE = icc_profile()
EXIF = chunk(b"eXIf", tiff((short(274, 6),)))
XMP = chunk(b"iTXt", XML + packet())
PALETTE = chunk(b"PLTE", bytes(range(12)))
COLOURED = (ihdr(colour=3), PALETTE, IDAT)
ACTL = chunk(b"acTL", b"\x00\x00\x00\x02" + bytes(4))
ANIMATED = (ihdr(), ACTL, fctl(0), IDAT, fctl(1), fdat(2, STREAM))


def refused(output: bytes, policy: Policy = Policy.SHARE, *, source: bytes = CLEAN) -> str:
    return trips(Format.PNG, source, output, policy)


@pytest.mark.parametrize(
    "parts",
    [
        (ihdr(), IDAT),
        (ihdr(), chunk(b"IDAT", STREAM[:9]), chunk(b"IDAT"), chunk(b"IDAT", STREAM[9:])),
        COLOURED,
        (ihdr(colour=3), PALETTE, chunk(b"tRNS", bytes(4)), chunk(b"bKGD", b"\x00"), IDAT),
        (ihdr(), chunk(b"tRNS", bytes(2)), chunk(b"bKGD", bytes(2)), IDAT),
        (
            ihdr(),
            chunk(b"gAMA", bytes(4)),
            chunk(b"cHRM", bytes(32)),
            chunk(b"sBIT", b"\x08"),
            IDAT,
        ),
        (ihdr(), chunk(b"sRGB", b"\x00"), chunk(b"cICP", bytes(4)), IDAT),
        (ihdr(), chunk(b"mDCV", bytes(24)), chunk(b"cLLI", bytes(8)), IDAT),
        (ihdr(), iccp(PROFILE), IDAT),
        ANIMATED,
        (ihdr(), ACTL, IDAT, fctl(0), fdat(1, STREAM), fctl(2), fdat(3, STREAM)),
    ],
    ids=lambda parts: ", ".join(part[4:8].decode() for part in parts),
)
def test_a_clean_file_passes_against_itself(parts: tuple[bytes, ...]) -> None:
    passes(Format.PNG, png(*parts), png(*parts))


def test_a_clean_copy_of_a_dirty_file_passes() -> None:
    source = png(
        ihdr(),
        chunk(b"tEXt", b"Comment\x00" + CANARY),
        iccp(PROFILE, CANARY),
        chunk(b"eXIf", tiff((short(274, 6), words(305, CANARY)))),
        chunk(b"pHYs", bytes(9)),
        chunk(b"IDAT", STREAM + CANARY),
        chunk(b"IDAT", CANARY),
        chunk(b"tIME", bytes(7)),
        end=chunk(b"IEND", CANARY) + CANARY,
    )
    clean = png(ihdr(), EXIF, XMP, iccp(PROFILE), IDAT)

    passes(Format.PNG, source, clean, MINED, orientation=6, secrets=(CANARY,))
    trips(Format.PNG, source, source, MINED, orientation=6)


#: a chunk that is in the file, and should not be
EXTRA = {
    "text": chunk(b"tEXt", b"Comment\x00" + CANARY),
    "packed text": chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(CANARY)),
    "international text": chunk(b"iTXt", b"Comment" + bytes(5) + CANARY),
    "XMP": XMP,
    "XMP in a language": chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00en\x00\x00" + packet()),
    "packed XMP": chunk(
        b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(packet())
    ),
    "empty XMP": chunk(b"iTXt", XML),
    "Exif": EXIF,
    "empty Exif": chunk(b"eXIf"),
    "Exif with JPEG's signature": chunk(b"eXIf", b"Exif\x00\x00" + tiff((short(274, 6),))),
    "a time": chunk(b"tIME", bytes(7)),
    "pixels a metre": chunk(b"pHYs", bytes(9)),
    "a histogram": chunk(b"hIST", bytes(8)),
    "a second palette": chunk(b"sPLT", b"a\x00\x08" + bytes(6)),
    "an offset": chunk(b"oFFs", bytes(9)),
    "a signature": chunk(b"dSIG", CANARY),
    "Apple's index": chunk(b"iDOT", bytes(28)),
    "a C2PA manifest": chunk(b"caBX", CANARY),
    "an old Exif chunk": chunk(b"zxIf", CANARY),
    "an unknown chunk": chunk(b"leAk", CANARY),
    "an empty unknown chunk": chunk(b"leAk"),
    "an unknown critical chunk": chunk(b"LEAK", CANARY),
    "a profile": iccp(PROFILE),
    "gamma": chunk(b"gAMA", bytes(4)),
    "a palette": PALETTE,
    "transparency": chunk(b"tRNS", bytes(2)),
    "an empty chunk of the image": chunk(b"IDAT"),
    "a second header": ihdr(),
    "an animation": ACTL,
    "a frame": fctl(0),
    "data of a frame": fdat(0, STREAM),
    "garbage": CANARY,
    "an end": chunk(b"IEND"),
}


@pytest.mark.parametrize("what", EXTRA)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_chunk_too_many_is_refused(what: str, place: int) -> None:
    parts = [ihdr(), IDAT]
    parts.insert(place, EXTRA[what])

    assert refused(png(*parts))
    assert refused(png(*parts), EVERYTHING)


OWN = {"a profile", "gamma", "transparency", "an empty chunk of the image"}


@pytest.mark.parametrize("what", [what for what in EXTRA if what not in OWN])
def test_a_chunk_too_many_is_refused_even_if_the_source_had_it(what: str) -> None:
    dirty = png(ihdr(), EXTRA[what], IDAT)

    assert refused(dirty, source=dirty)


#: chunks that may stand, at a wrong length, twice or in a wrong place
SHAPES: dict[str, tuple[bytes, ...]] = {
    "a long gamma": (ihdr(), chunk(b"gAMA", bytes(4) + CANARY), IDAT),
    "long primaries": (ihdr(), chunk(b"cHRM", bytes(32) + CANARY), IDAT),
    "a long sRGB": (ihdr(), chunk(b"sRGB", b"\x00" + CANARY), IDAT),
    "long code points": (ihdr(), chunk(b"cICP", bytes(4) + CANARY), IDAT),
    "a long mastering display": (ihdr(), chunk(b"mDCV", bytes(24) + CANARY), IDAT),
    "a long light level": (ihdr(), chunk(b"cLLI", bytes(8) + CANARY), IDAT),
    "long significant bits": (ihdr(), chunk(b"sBIT", b"\x08\x08"), IDAT),
    "a long background": (ihdr(), chunk(b"bKGD", bytes(6)), IDAT),
    "a long transparency": (ihdr(), chunk(b"tRNS", bytes(2) + CANARY), IDAT),
    "transparency beside alpha": (
        ihdr(1, 1, colour=6),
        chunk(b"tRNS", bytes(6)),
        chunk(b"IDAT", zlib.compress(bytes(5))),
    ),
    "a palette beside grey": (ihdr(), PALETTE, IDAT),
    "a palette of eleven bytes": (ihdr(colour=3), chunk(b"PLTE", bytes(11)), IDAT),
    "a palette of 257 colours": (ihdr(colour=3), chunk(b"PLTE", bytes(771)), IDAT),
    "more transparency than colours": (
        ihdr(colour=3), PALETTE, chunk(b"tRNS", bytes(5)), IDAT
    ),
    "gamma twice": (ihdr(), chunk(b"gAMA", bytes(4)), chunk(b"gAMA", CANARY[:4]), IDAT),
    "gamma behind the palette": (ihdr(colour=3), PALETTE, chunk(b"gAMA", bytes(4)), IDAT),
    "gamma behind the image": (ihdr(), IDAT, chunk(b"gAMA", bytes(4))),
    "transparency in front of the palette": (
        ihdr(colour=3), chunk(b"tRNS", bytes(4)), PALETTE, IDAT
    ),
    "transparency behind the image": (ihdr(), IDAT, chunk(b"tRNS", bytes(2))),
    "a palette behind the image": (ihdr(colour=3), IDAT, PALETTE),
    "image data in two places": (
        ihdr(), chunk(b"IDAT", STREAM[:9]), chunk(b"tRNS", bytes(2)), chunk(b"IDAT", STREAM[9:])
    ),
    "a row too many": (ihdr(), chunk(b"IDAT", zlib.compress(rows(4, 5)))),
    "one byte too many": (ihdr(), chunk(b"IDAT", zlib.compress(rows() + b"\x00"))),
    "a bomb": (ihdr(), chunk(b"IDAT", zlib.compress(bytes(10_000_000)))),
    "a row too many, interlaced": (
        ihdr(lace=1), chunk(b"IDAT", zlib.compress(bytes(24)))
    ),
    "a byte behind the stream": (ihdr(), chunk(b"IDAT", STREAM + b"\x00")),
    "words behind the stream": (ihdr(), chunk(b"IDAT", STREAM + CANARY)),
    "a chunk behind the stream": (ihdr(), IDAT, chunk(b"IDAT", CANARY)),
    "a second stream": (ihdr(), chunk(b"IDAT", STREAM + STREAM)),
    "half a stream": (ihdr(), chunk(b"IDAT", STREAM[:9])),
    "no stream": (ihdr(), chunk(b"IDAT", CANARY)),
    "no image": (ihdr(),),
    "a frame without its animation": (ihdr(), IDAT, fctl(0), fdat(1, STREAM)),
    "a frame more than announced": (*ANIMATED, fctl(3), fdat(4, STREAM)),
    "a frame less than announced": ANIMATED[:4],
    "frames out of order": (*ANIMATED[:4], fctl(2), fdat(1, STREAM)),
    "a frame with a byte behind": (*ANIMATED[:5], fdat(2, STREAM + b"\x00")),
    "a frame with a row too many": (*ANIMATED[:5], fdat(2, zlib.compress(rows(4, 5)))),
    "a frame cut short": (*ANIMATED[:5], fdat(2, STREAM[:9])),
    "frame data nobody announced": (ihdr(), ACTL, IDAT, fdat(0, STREAM), fctl(1), fctl(2)),
    "an animation with a tail": (ihdr(), chunk(b"acTL", ACTL[8:16] + CANARY), *ANIMATED[2:]),
}  # fmt: skip


@pytest.mark.parametrize("what", SHAPES)
def test_a_chunk_in_another_shape_is_refused_even_if_the_source_had_it(what: str) -> None:
    dirty = png(*SHAPES[what])

    assert refused(dirty, EVERYTHING, source=dirty)


#: ISO/IEC 15948, 8.2: in which pass each pixel of an 8 × 8 square comes
ADAM7 = ("16462646", "7" * 8, "56565656", "7" * 8, "36463646", "7" * 8, "56565656", "7" * 8)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (4, 4), (5, 3), (2, 9), (17, 8)])
def test_an_interlaced_picture_has_the_rows_of_its_seven_passes(width: int, height: int) -> None:
    # A filter byte for each row of each pass, and one byte for each pixel.
    rows = {(ADAM7[y % 8][x % 8], y) for y in range(height) for x in range(width)}
    exact = png(
        ihdr(width, height, lace=1),
        chunk(b"IDAT", zlib.compress(bytes(len(rows) + width * height))),
    )
    more = png(
        ihdr(width, height, lace=1),
        chunk(b"IDAT", zlib.compress(bytes(len(rows) + width * height + 1))),
    )

    passes(Format.PNG, exact, exact)
    assert "rows" in refused(more, source=more)


@pytest.mark.parametrize(
    ("depth", "colour", "row"),
    [(1, 0, 3), (2, 0, 4), (4, 0, 6), (16, 0, 19), (8, 2, 28), (16, 2, 55), (8, 4, 19), (8, 6, 37)],
)
def test_a_row_is_as_long_as_its_pixels(depth: int, colour: int, row: int) -> None:
    head = ihdr(9, 2, depth, colour)
    exact = png(head, chunk(b"IDAT", zlib.compress(bytes(2 * row))))
    more = png(head, chunk(b"IDAT", zlib.compress(bytes(2 * row + 1))))

    passes(Format.PNG, exact, exact)
    assert "rows" in refused(more, source=more)


def test_every_bit_of_a_file_matters() -> None:
    clean = png(ihdr(colour=3), chunk(b"gAMA", bytes(4)), PALETTE, chunk(b"tRNS", bytes(4)), IDAT)
    passes(Format.PNG, clean, clean)

    for at in range(len(clean)):
        for bit in range(8):
            flipped = bytearray(clean)
            flipped[at] ^= 1 << bit
            assert refused(bytes(flipped), source=clean), (at, bit)
        assert refused(clean[:at], source=clean)
        assert refused(clean[:at] + b"\x00" + clean[at:], source=clean)
    assert refused(clean + b"\x00", source=clean)
    assert refused(clean + clean, source=clean)


def test_a_repaired_chunk_with_other_content_is_refused() -> None:
    dice = random.Random(7)
    for kind, body in ((b"PLTE", PALETTE[8:-4]), (b"IDAT", STREAM)):
        for _ in range(60):
            other = bytearray(body)
            other[dice.randrange(len(other))] ^= 1 << dice.randrange(8)
            palette = chunk(b"PLTE", bytes(other)) if kind == b"PLTE" else PALETTE
            image = chunk(b"IDAT", bytes(other)) if kind == b"IDAT" else IDAT
            assert refused(png(ihdr(colour=3), palette, image), source=png(*COLOURED))


@pytest.mark.parametrize("missing", range(5))
def test_no_chunk_of_the_picture_may_go_missing(missing: int) -> None:
    parts = (ihdr(colour=3), chunk(b"gAMA", bytes(4)), PALETTE, chunk(b"tRNS", bytes(4)), IDAT)

    assert refused(png(*parts[:missing], *parts[missing + 1 :]), source=png(*parts))


@pytest.mark.parametrize(
    ("kind", "body", "category"),
    [
        (b"gAMA", bytes(4), Category.COLOR),
        (b"sRGB", b"\x00", Category.COLOR),
        (b"cHRM", bytes(32), Category.COLOR),
        (b"cICP", bytes(4), Category.COLOR),
        (b"mDCV", bytes(24), Category.HDR),
        (b"cLLI", bytes(8), Category.HDR),
        (b"pHYs", bytes(9), Category.RESOLUTION),
    ],
)
def test_a_chunk_stays_exactly_where_its_category_does(
    kind: bytes, body: bytes, category: Category
) -> None:
    source = png(ihdr(), chunk(kind, body), IDAT)

    passes(Format.PNG, source, source, Policy(keep={category}))
    passes(Format.PNG, source, CLEAN, NOTHING)
    assert refused(source, NOTHING, source=source)
    assert "missing" in refused(CLEAN, Policy(keep={category}), source=source)


def test_the_profile_is_the_sources_or_none() -> None:
    source = png(ihdr(), iccp(PROFILE, b"Somebody's screen"), IDAT)
    clean = png(ihdr(), iccp(PROFILE), IDAT)

    passes(Format.PNG, source, clean)
    passes(Format.PNG, source, CLEAN, NOTHING)
    assert refused(clean, NOTHING, source=source)
    assert "name" in refused(source, source=source)
    assert "profile" in refused(CLEAN, source=source)
    assert "profile" in refused(clean, source=CLEAN)
    assert "profile" in refused(png(ihdr(), iccp(icc_profile(b"other")), IDAT), source=source)
    packed = b"ICC profile\x00\x00" + zlib.compress(PROFILE)
    assert "behind" in refused(png(ihdr(), chunk(b"iCCP", packed + CANARY), IDAT), source=source)
    assert refused(png(ihdr(), iccp(PROFILE), iccp(PROFILE), IDAT), source=source)
    assert refused(png(ihdr(), IDAT, iccp(PROFILE)), source=source)


def test_what_was_written_stands_in_front_of_the_image() -> None:
    source = png(ihdr(), EXIF, IDAT)
    passes(Format.PNG, source, png(ihdr(), EXIF, XMP, IDAT), MINED, orientation=6)
    trips(Format.PNG, source, png(ihdr(), EXIF, IDAT, XMP), MINED, orientation=6)
    trips(Format.PNG, source, png(ihdr(), XMP, IDAT, EXIF), MINED, orientation=6)
    trips(Format.PNG, source, png(ihdr(), EXIF, EXIF, XMP, IDAT), MINED, orientation=6)
    trips(Format.PNG, source, png(ihdr(), EXIF, XMP, XMP, IDAT), MINED, orientation=6)


def test_a_side_that_is_up_is_the_one_that_viewers_of_the_source_see() -> None:
    turned, other = png(ihdr(), EXIF, IDAT), chunk(b"eXIf", tiff((short(274, 8),)))
    digits = b"\nexif\n 32\n" + tiff((short(274, 6),)).hex().encode()
    named = b"Raw profile type exif\x00"
    for told in (
        chunk(b"tEXt", named + digits),
        chunk(b"zTXt", named + b"\x00" + zlib.compress(digits)),
        chunk(b"iTXt", named + bytes(4) + digits),
        chunk(b"iTXt", named + b"\x01" + bytes(3) + zlib.compress(digits)),
    ):
        passes(Format.PNG, png(ihdr(), told, IDAT), turned, orientation=6)
        passes(Format.PNG, png(ihdr(), told, IDAT, EXIF), turned, orientation=6)
    twice = png(ihdr(), EXIF, IDAT, other)
    assert "two ways" in trips(Format.PNG, twice, turned, orientation=6)
    for silent in (chunk(b"tEXt", b"Raw profile type APP1\x00" + digits), chunk(b"eXIf", b"MM")):
        trips(Format.PNG, png(ihdr(), silent, IDAT), turned, orientation=6)
        passes(Format.PNG, png(ihdr(), silent, IDAT), CLEAN)


def test_transparency_behind_the_image_is_no_source_of_a_clean_file() -> None:
    source = png(*COLOURED, chunk(b"tRNS", bytes(4)))
    assert "transparency" in trips(Format.PNG, source, png(*COLOURED))


def test_a_file_without_signature_header_or_end_is_refused() -> None:
    assert refused(CLEAN[8:])
    assert refused(SIGNATURE)
    assert refused(SIGNATURE + CLEAN)
    assert refused(png(IDAT))
    assert refused(png(ihdr(), IDAT, end=b""))
    assert refused(png(ihdr(), IDAT, end=chunk(b"IEND", CANARY)))
    assert refused(png(ihdr(), IDAT, end=chunk(b"IEND") + CANARY))
