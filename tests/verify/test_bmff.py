"""A clean HEIC lists its picture's items, and every byte that is no item's is zero."""

from __future__ import annotations

import struct
import time

import pytest

from photoprivacy.containers import Format
from photoprivacy.policy import Policy
from verify.built import (
    ALPHA_OF_1,
    ALPHA_TRACK,
    AV1C,
    CANARY,
    CODED,
    COLR,
    EVERYTHING,
    FRAMES,
    HDLR,
    HVCC,
    IROT,
    ISPE,
    MINED,
    NOTHING,
    OTHER_CODED,
    UNITY,
    box,
    full,
    heic,
    icc_profile,
    infe,
    iref,
    moov,
    packet,
    passes,
    short,
    tiff,
    track,
    trips,
)

CLEAN = heic()
PICTURE = {1: (b"hvc1", CODED)}
EXIF = (b"Exif", bytes(4) + tiff((short(274, 6),)))
ALPHA = full(b"auxC", 0, b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\x00")
GAIN = full(b"auxC", 0, b"urn:com:apple:photo:2020:aux:hdrgainmap\x00")
DEPTH = full(b"auxC", 0, b"urn:mpeg:hevc:2015:auxid:2\x00")
TILES = {1: (b"grid", bytes(8)), 2: (b"hvc1", CODED), 3: (b"hvc1", OTHER_CODED)}
DIMG = iref(b"dimg", 1, 2, 3)


def refused(output: bytes, policy: Policy = Policy.SHARE, *, source: bytes = CLEAN) -> str:
    return trips(Format.HEIC, source, output, policy)


def with_auxiliary(kind: bytes) -> bytes:
    """Return a picture with an auxiliary one beside it, whose type *kind* says."""
    return heic(
        {**PICTURE, 2: (b"hvc1", OTHER_CODED)},
        properties=(HVCC, ISPE, kind),
        has={1: (1, 2), 2: (1, 2, 3)},
        references=(iref(b"auxl", 2, 1),),
    )


BARE = heic(properties=(HVCC, ISPE), has={1: (1, 2)})


@pytest.mark.parametrize("format", [Format.HEIC, Format.AVIF])
def test_a_clean_file_passes_against_itself(format: Format) -> None:  # noqa: A002
    passes(format, CLEAN, CLEAN)
    passes(format, heic(TILES, references=(DIMG,)), heic(TILES, references=(DIMG,)))
    passes(format, with_auxiliary(ALPHA), with_auxiliary(ALPHA))
    passes(format, with_auxiliary(GAIN), with_auxiliary(GAIN))


def test_a_copy_without_its_metadata_passes() -> None:
    source = heic(
        {**PICTURE, 2: EXIF, 3: (b"mime", CANARY)},
        entries=(infe(1, b"hvc1"), infe(2, b"Exif"), infe(3, b"mime", b"\x00application/rdf+xml")),
        has={1: (1, 2, 3)},
        references=(iref(b"cdsc", 2, 1), iref(b"cdsc", 3, 1)),
        handler=full(b"hdlr", 0, bytes(4), b"pict", bytes(12), CANARY + b"\x00"),
        meta=(box(b"uuid", CANARY),),
        top=(box(b"free", CANARY),),
        gap=CANARY,
    )

    passes(Format.HEIC, source, heic(), secrets=(CANARY,))
    assert refused(source, source=source)


#: a file that says more than its picture, in one way, also if the source did
SHAPES = {
    "Exif": heic({**PICTURE, 2: EXIF}, has={1: (1, 2, 3)}, references=(iref(b"cdsc", 2, 1),)),
    "Exif nobody refers to": heic({**PICTURE, 2: EXIF}, has={1: (1, 2, 3)}),
    "XMP": heic(
        {**PICTURE, 2: (b"mime", packet())},
        entries=(infe(1, b"hvc1"), infe(2, b"mime", b"\x00application/rdf+xml")),
        has={1: (1, 2, 3)},
    ),
    "an item by address": heic({**PICTURE, 2: (b"uri ", CANARY)}, has={1: (1, 2, 3)}),
    "an unknown item": heic({**PICTURE, 2: (b"leak", CANARY)}, has={1: (1, 2, 3)}),
    "a second picture": heic({**PICTURE, 2: (b"hvc1", CODED)}),
    "a thumbnail": heic(
        {**PICTURE, 2: (b"hvc1", CODED)}, references=(iref(b"thmb", 2, 1),)
    ),
    "a depth map": with_auxiliary(DEPTH),
    "a matte": with_auxiliary(
        full(b"auxC", 0, b"urn:com:apple:photo:2018:aux:portraiteffectsmatte\x00")
    ),
    "a gain map with a subtype": with_auxiliary(box(b"auxC", GAIN[8:], CANARY)),
    "an item with a name": heic(entries=(infe(1, b"hvc1", CANARY),)),
    "an item with a flag": heic(entries=(infe(1, b"hvc1", flags=0x4C),)),
    "an item with an old entry": heic(
        entries=(full(b"infe", 0, struct.pack(">HH", 1, 0), CANARY + b"\x00\x00\x00"),)
    ),
    "a protected item": heic(
        entries=(full(b"infe", 2, struct.pack(">HH4s", 1, 7, b"hvc1"), b"\x00"),)
    ),
    "an item twice": heic(entries=(infe(1, b"hvc1"), infe(1, b"hvc1"))),
    "a handler with a name": heic(
        handler=full(b"hdlr", 0, bytes(4), b"pict", bytes(12), CANARY + b"\x00")
    ),
    "a handler with a vendor": heic(
        handler=full(b"hdlr", 0, bytes(4), b"pict", b"appl", bytes(9))
    ),
    "another handler": heic(handler=full(b"hdlr", 0, bytes(4), b"mdir", bytes(13))),
    "a uuid box in meta": heic(meta=(box(b"uuid", CANARY),)),
    "a protection box": heic(meta=(box(b"ipro", bytes(6)),)),
    "user data in meta": heic(meta=(box(b"udta", CANARY),)),
    "XML in meta": heic(meta=(full(b"xml ", 0, CANARY),)),
    "data from elsewhere": heic(
        meta=(box(b"dinf", full(b"dref", 0, b"\x00\x00\x00\x01", full(b"url ", 0, CANARY))),)
    ),
    "a free box with something in it": heic(meta=(box(b"free", CANARY),)),
    "a skip box": heic(meta=(box(b"skip", bytes(8)),)),
    "a group of stereo pictures": heic(
        meta=(box(b"grpl", full(b"ster", 0, struct.pack(">III", 9, 1, 1))),)
    ),
    "a group with a tail": heic(
        meta=(box(b"grpl", full(b"altr", 0, struct.pack(">III", 9, 1, 1), CANARY)),)
    ),
    "a uuid box": heic(top=(box(b"uuid", CANARY),)),
    "a movie": heic(top=(box(b"moov", box(b"mvhd", bytes(100))),)),
    "user data": heic(top=(box(b"udta", CANARY),)),
    "a motion photo": heic(top=(box(b"mpvd", CANARY),)),
    "Samsung's tail": heic(top=(box(b"sefd", CANARY),)),
    "free space with something in it": heic(top=(box(b"free", CANARY),)),
    "a second meta box": heic(top=(full(b"meta", 0, HDLR),)),
    "a second mdat with something in it": heic(top=(box(b"mdat", CANARY),)),
    "half a box": heic(top=(b"\x00\x00\x00",)),
    "bytes that are no box": heic(top=(CANARY,)),
    "bytes of no item": heic(gap=CANARY),
    "one byte of no item": heic(gap=bytes(40) + b"\x01"),
    "bytes of no item in idat": heic(idat=CANARY),
    "bytes behind the locations": heic(iloc_extra=CANARY),
    "reserved bits of a location": heic(reserved=0xABC),
    "a primary item with a tail": heic(primary=full(b"pitm", 0, b"\x00\x01", CANARY)),
    "a primary item that is not there": heic(primary=full(b"pitm", 0, b"\x00\x09")),
    "flags of the primary item": heic(primary=full(b"pitm", 0, b"\x00\x01", flags=0xABCDEF)),
    "a brand that may say anything": heic(brands=b"heicLEAK"),
    "a reference to nowhere": heic(references=(iref(b"dimg", 1, 9),)),
    "a description of content": heic(references=(iref(b"cdsc", 1, 1),)),
    "a reference with a tail": heic(
        TILES, references=(DIMG[:3] + bytes((DIMG[3] + 8,)) + DIMG[4:] + b"leakleak",)
    ),
    "a property of no item": heic(has={1: (1, 2)}),
    "an unknown property": heic(properties=(HVCC, ISPE, box(b"leak", CANARY))),
    "a property with a name": heic(properties=(HVCC, ISPE, box(b"udes", CANARY))),
    "a time of creation": heic(properties=(HVCC, ISPE, full(b"crtt", 0, bytes(8)))),
    "a property in a uuid box": heic(properties=(HVCC, ISPE, box(b"uuid", CANARY))),
    "free space among properties": heic(properties=(HVCC, ISPE, box(b"free", CANARY))),
    "camera extrinsics": heic(properties=(HVCC, ISPE, full(b"cmex", 0, bytes(12)))),
    "camera intrinsics": heic(properties=(HVCC, ISPE, full(b"cmin", 0, bytes(12)))),
    "a size with a tail": heic(properties=(HVCC, box(b"ispe", ISPE[8:], CANARY), IROT)),
    "a rotation with a tail": heic(properties=(HVCC, ISPE, box(b"irot", b"\x01", CANARY))),
    "code points with a tail": heic(
        properties=(HVCC, ISPE, box(b"colr", b"nclx", bytes(7), CANARY))
    ),
    "colours of an unknown kind": heic(properties=(HVCC, ISPE, box(b"colr", b"leak", CANARY))),
}  # fmt: skip


@pytest.mark.parametrize("what", SHAPES)
def test_a_file_is_refused_with(what: str) -> None:
    assert refused(SHAPES[what], EVERYTHING, source=SHAPES[what])
    assert refused(SHAPES[what], source=SHAPES[what])


def test_every_bit_of_a_file_matters() -> None:
    clean = heic(TILES, references=(DIMG,), inside=(1,))
    passes(Format.HEIC, clean, clean)
    quiet = []

    for at in range(len(clean)):
        for bit in range(8):
            flipped = bytearray(clean)
            flipped[at] ^= 1 << bit
            try:
                passes(Format.HEIC, clean, bytes(flipped))
            except AssertionError:
                raise
            except Exception:  # noqa: BLE001
                continue
            quiet.append((at, bit, clean[max(0, at - 8) : at + 4]))

    assert quiet == []


def test_a_file_of_another_length_is_refused() -> None:
    for at in range(len(CLEAN)):
        assert trips_somehow(CLEAN[:at])
        assert trips_somehow(CLEAN[:at] + b"\x00" + CLEAN[at:])
    assert trips_somehow(CLEAN + CLEAN)


def trips_somehow(output: bytes) -> bool:
    """Return whether *output* is refused, for whatever reason."""
    from photoprivacy._verify import verify
    from photoprivacy.errors import VerificationFailed

    try:
        verify(CLEAN, output, Format.HEIC, Policy.SHARE, secrets=(), orientation=1)
    except VerificationFailed:
        return True
    return False


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_no_part_of_the_picture_may_go_missing(missing: int) -> None:
    source = heic(TILES, references=(DIMG,))
    items = {number: item for number, item in TILES.items() if number != missing}
    targets = [number for number in (2, 3) if number != missing]

    assert refused(heic(items, references=(iref(b"dimg", 1, *targets),)), source=source)
    assert refused(heic(TILES, references=(iref(b"dimg", 1, 3, 2),)), source=source)
    assert refused(heic(TILES), source=source)


def test_transparency_may_not_go_missing() -> None:
    assert "missing" in refused(BARE, source=with_auxiliary(ALPHA))


def test_a_gain_map_stays_exactly_where_hdr_does() -> None:
    source = with_auxiliary(GAIN)

    assert "missing" in refused(BARE, source=source)
    passes(Format.HEIC, source, BARE, Policy(keep=Policy.SHARE.keep - {"hdr"}))
    assert refused(source, Policy(keep=Policy.SHARE.keep - {"hdr"}), source=source)


def test_an_item_is_the_sources_bit_for_bit() -> None:
    assert "differs" in refused(heic({1: (b"hvc1", CODED[:-1] + b"!")}))
    assert "size" in refused(heic({1: (b"hvc1", CODED[:-1])}))
    assert "size" in refused(heic({1: (b"hvc1", CODED + b"!")}))
    assert "kind" in refused(heic({1: (b"av01", CODED)}))


def test_an_item_has_the_sources_properties_in_order() -> None:
    other = box(b"irot", b"\x02")

    assert "properties" in refused(heic(properties=(HVCC, ISPE, other)))
    assert "properties" in refused(BARE)
    assert refused(heic(has={1: (2, 1, 3)}))
    assert "properties" in refused(heic(properties=(ISPE, HVCC, IROT)))
    assert "properties" in refused(heic(has={1: (129, 2, 3)}))
    assert "properties" in refused(heic(properties=(HVCC, ISPE, IROT, box(b"imir", b"\x00"))))


def test_rotation_stays_exactly_where_orientation_does() -> None:
    passes(Format.HEIC, CLEAN, BARE, NOTHING)
    assert refused(CLEAN, NOTHING)


def test_the_profile_is_the_sources_or_none() -> None:
    source = heic(properties=(HVCC, ISPE, COLR))
    other = heic(properties=(HVCC, ISPE, box(b"colr", b"prof", icc_profile(b"other"))))

    passes(Format.HEIC, source, source)
    passes(Format.HEIC, source, BARE, NOTHING)
    assert refused(source, NOTHING, source=source)
    assert refused(BARE, source=source)
    assert refused(other, source=source)


def test_metadata_that_the_policy_wants_is_missed() -> None:
    # The writer cannot write any into these formats yet, and says so itself.
    assert "no XMP packet" in refused(CLEAN, MINED)


def test_an_item_in_idat_is_looked_at_too() -> None:
    # Method 1 counts from the payload of idat (14496-12, 8.11.3).
    def built(grid: bytes, behind: bytes = b"") -> bytes:
        items = {**TILES, 1: (b"grid", grid)}
        return heic(items, references=(DIMG,), inside=(1,), idat=behind)

    inside = b"\x00\x00\x00\x01\x00\x40\x00\x40"

    passes(Format.HEIC, built(inside), built(inside))
    passes(Format.HEIC, built(inside, CANARY), built(inside))
    passes(Format.HEIC, built(inside + CANARY), built(inside))
    assert "differs" in refused(built(inside[:-1] + b"\x41"), source=built(inside))
    assert "no item" in refused(built(inside, CANARY), source=built(inside, CANARY))
    assert "size" in refused(built(inside + CANARY), source=built(inside + CANARY))


def test_many_items_take_no_more_than_a_moment() -> None:
    count = 6000
    items = {n: (b"grid", bytes(4) + n.to_bytes(4, "big")) for n in range(1, count)}
    chain = tuple(iref(b"dimg", n, n + 1) for n in range(1, count - 1))
    data = heic(items, references=chain)
    started = time.process_time()

    passes(Format.HEIC, data, data)
    # Some 150 ms here; items times references, or items times boxes, would take a minute.
    assert time.process_time() - started < 10


def test_overlapping_items_are_looked_at_once() -> None:
    # A gain map may share its picture's bytes (AV1-AVIF allows it); each byte counts once.
    shared = heic(
        {**PICTURE, 2: PICTURE[1]},
        properties=(HVCC, ISPE, ALPHA),
        has={1: (1, 2), 2: (1, 2, 3)},
        references=(iref(b"auxl", 2, 1),),
        share=True,
    )

    assert shared.count(CODED) == 1
    passes(Format.HEIC, shared, shared)


def test_metadata_that_was_written_anew_is_looked_at() -> None:
    def written(exif: bytes, *, hidden: int = 1, number: int = 2) -> bytes:
        return heic(
            {**PICTURE, number: (b"Exif", exif)},
            entries=(infe(1, b"hvc1"), infe(number, b"Exif", flags=hidden)),
            has={1: (1, 2, 3)},
            references=(iref(b"cdsc", number, 1),),
        )

    block = bytes(4) + tiff((short(0x8827, 100),), (), ())

    assert refused(written(bytes(4)), EVERYTHING)
    assert refused(written(b"\0\0\0\1" + EXIF[1][4:]), EVERYTHING)
    assert refused(written(block, hidden=0), EVERYTHING)
    assert refused(written(block, number=3), EVERYTHING)
    assert refused(written(EXIF[1]))


BRANDS = b"avismsf1"
MOVIE = moov(
    track(1, (11, 12), 0),
    track(2, (11, 11), 23, handler=b"auxv", properties=(AV1C, ALPHA_TRACK), refers=ALPHA_OF_1),
)
SEQUENCE = heic(brands=BRANDS, movie=MOVIE, samples=FRAMES)


def played(movie: bytes, samples: bytes = FRAMES, **more: bytes) -> bytes:
    return heic(brands=BRANDS, movie=movie, samples=samples, **more)  # type: ignore[arg-type]


def test_a_sequence_passes_against_itself() -> None:
    passes(Format.AVIF, SEQUENCE, SEQUENCE)


def test_what_stands_around_a_sequence_goes() -> None:
    source = played(
        moov(
            track(
                7, (11, 12), 0, dates=0xE0000000, name=CANARY, compressor=CANARY[:31],
                language=b"\x15\xc7", more=box(b"udta", CANARY),
            ),
            track(9, (5,), 46, handler=b"soun"),
            track(
                8, (11, 11), 23, handler=b"auxv", properties=(AV1C, ALPHA_TRACK),
                refers=box(b"auxl", struct.pack(">I", 7)),
            ),
            dates=0xE0000000,
            more=box(b"udta", CANARY),
            after=99,
        ),
        FRAMES + b"sound",
        gap=CANARY,
    )  # fmt: skip

    passes(Format.AVIF, source, SEQUENCE, secrets=(CANARY,))


#: a movie that says more than its pictures, in one way, also if the source did
MOVIES = {
    "dates": moov(track(1, (11, 12), 0), dates=1),
    "dates of a track": moov(track(1, (11, 12), 0, dates=1)),
    "a handler's name": moov(track(1, (11, 12), 0, name=CANARY)),
    "a compressor's name": moov(track(1, (11, 12), 0, compressor=CANARY[:31])),
    "a language": moov(track(1, (11, 12), 0, language=b"\x15\xc7")),
    "user data": moov(track(1, (11, 12), 0), more=box(b"udta", CANARY)),
    "user data of a track": moov(track(1, (11, 12), 0, more=box(b"udta", CANARY))),
    "free space": moov(track(1, (11, 12), 0), more=box(b"free", CANARY)),
    "another track": moov(track(1, (11, 12), 0), track(2, (11,), 23)),
    "sound": moov(track(1, (11, 12), 0), track(2, (11,), 23, handler=b"soun")),
    "another number": moov(track(2, (11, 12), 0)),
    "a next number": moov(track(1, (11, 12), 0), after=77),
    "a turn": moov(track(1, (11, 12), 0, matrix=UNITY[:-1] + b"\1")),
    "an unknown property": moov(
        track(1, (11, 12), 0, properties=(AV1C, box(b"leak", CANARY)))
    ),
    "a property with a tail": moov(
        track(1, (11, 12), 0, properties=(AV1C, box(b"pasp", bytes(8), CANARY)))
    ),
    "metadata in the configuration": moov(
        track(1, (11, 12), 0, properties=(box(b"av1C", AV1C[8:], b"\x2a\x04LEAK"),))
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MOVIES)
def test_a_sequence_is_refused_with(what: str) -> None:
    samples = FRAMES[:34] if "another track" in what or "sound" in what else FRAMES[:23]
    data = played(MOVIES[what], samples)

    trips(Format.AVIF, data, data, EVERYTHING)
    trips(Format.AVIF, data, data)


def test_the_samples_of_a_sequence_are_the_sources() -> None:
    other = FRAMES[:11] + b"SECOND" + FRAMES[17:]

    assert "differs" in trips(Format.AVIF, SEQUENCE, played(MOVIE, other))
    assert trips(Format.AVIF, SEQUENCE, played(MOVIE, FRAMES + b"more"))
    assert trips(Format.AVIF, SEQUENCE, played(moov(track(1, (11, 12), 0)), FRAMES[:23]))
    assert trips(Format.AVIF, SEQUENCE, heic(brands=BRANDS))
    swapped = played(moov(track(1, (12, 11), 0)), FRAMES[11:23] + FRAMES[:11])
    assert trips(Format.AVIF, played(moov(track(1, (11, 12), 0)), FRAMES[:23]), swapped)


def test_every_bit_of_a_sequence_matters() -> None:
    quiet = []
    for at in range(len(SEQUENCE)):
        for bit in range(8):
            flipped = bytearray(SEQUENCE)
            flipped[at] ^= 1 << bit
            try:
                passes(Format.AVIF, SEQUENCE, bytes(flipped))
            except AssertionError:
                raise
            except Exception:  # noqa: BLE001
                continue
            quiet.append((at, bit, SEQUENCE[max(0, at - 8) : at + 4]))

    assert quiet == []
