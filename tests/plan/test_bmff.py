"""Clean HEIC and AVIF: what stands beside the picture goes, and the same file is left."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image
from PIL.ExifTags import Base
from pillow_heif import register_heif_opener

from photoprivacy import CannotStrip, MalformedImage, Policy, inspect, strip
from photoprivacy.policy import Category, Unknown
from photoprivacy.testing import sample_photo
from verify.built import (
    AV1C,
    CANARY,
    CODED,
    FRAMES,
    HVCC,
    IROT,
    ISPE,
    OTHER_CODED,
    UNITY,
    box,
    full,
    heic,
    icc_profile,
    infe,
    iref,
    moov,
    obu,
    track,
)

FORMATS = ("heic", "avif")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sample_is_clean_afterwards(kind: str) -> None:
    data = sample_photo(format=kind)
    clean = strip(data)

    assert inspect(data).violations()
    assert not inspect(clean.data).violations()
    assert len(clean.data) < len(data)
    assert not clean.residue
    assert strip(clean.data).data == clean.data


@pytest.mark.parametrize("kind", FORMATS)
def test_text_among_the_brands_is_gone(kind: str) -> None:
    data = bytearray(sample_photo(format=kind))
    data[16:20] = b"LEAK"

    assert b"LEAK" not in strip(bytes(data)).data


@pytest.mark.parametrize("kind", FORMATS)
def test_an_unknown_major_brand_is_refused(kind: str) -> None:
    data = bytearray(sample_photo(format=kind))
    data[8:12] = b"LEAK"
    try:
        clean = strip(bytes(data)).data
    except (CannotStrip, ValueError):
        return

    assert b"LEAK" not in clean


@pytest.mark.parametrize("kind", FORMATS)
def test_boxes_behind_the_picture_are_cut(kind: str) -> None:
    data = sample_photo(format=kind)
    tail = b"\x00\x00\x00\x18udtaLEAKCANARY-52.37"

    assert strip(data + tail).data == strip(data).data


@pytest.mark.parametrize("kind", FORMATS)
def test_an_item_that_points_past_the_end_is_refused(kind: str) -> None:
    data = sample_photo(format=kind)

    with pytest.raises(MalformedImage):
        strip(data[:-30])


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("policy", [Policy.PUBLISH, Policy.ARCHIVE])
def test_what_is_kept_is_written_where_readers_look(kind: str, policy: Policy) -> None:
    register_heif_opener()
    data = sample_photo(format=kind)
    clean = strip(data, policy)

    with Image.open(io.BytesIO(clean.data)) as image, Image.open(io.BytesIO(data)) as source:
        assert image.getexif()[Base.Copyright] == source.getexif()[Base.Copyright]
        assert (b"DMI-PROHIBITED" in image.info.get("xmp", b"")) is (policy == Policy.PUBLISH)
        assert image.tobytes() == source.tobytes()
    again = strip(clean.data, policy)
    assert again.data == clean.data
    assert not again.changed


PICTURE = (b"hvc1", CODED)
CLEAN = heic()
XMP_ENTRY = infe(2, b"mime", b"\x00application/rdf+xml")
TEXT = CANARY * 3
UDTA = box(b"udta", TEXT)

#: a picture with something in one slot beside it
SLOTS = {
    "an Exif item": heic(
        {1: PICTURE, 2: (b"Exif", bytes(4) + TEXT)}, has={1: (1, 2, 3)},
        references=(iref(b"cdsc", 2, 1),),
    ),
    "an XMP item": heic(
        {1: PICTURE, 2: (b"mime", TEXT)}, entries=(infe(1, b"hvc1"), XMP_ENTRY), has={1: (1, 2, 3)}
    ),
    "an item by address": heic({1: PICTURE, 2: (b"uri ", TEXT)}, has={1: (1, 2, 3)}),
    "an unknown item": heic({1: PICTURE, 2: (b"leak", TEXT)}, has={1: (1, 2, 3)}),
    "a thumbnail": heic(
        {1: PICTURE, 2: (b"hvc1", TEXT)}, references=(iref(b"thmb", 2, 1),)
    ),
    "another picture": heic({1: PICTURE, 2: (b"hvc1", TEXT)}),
    "a depth map": heic(
        {1: PICTURE, 2: (b"hvc1", TEXT)},
        properties=(HVCC, ISPE, IROT, full(b"auxC", 0, b"urn:mpeg:hevc:2015:auxid:2\x00")),
        has={1: (1, 2, 3), 2: (1, 2, 4)}, references=(iref(b"auxl", 2, 1),),
    ),
    "a name of an item": heic(entries=(infe(1, b"hvc1", TEXT),)),
    "a name of the handler": heic(
        handler=full(b"hdlr", 0, bytes(4), b"pict", bytes(12), TEXT, b"\0")
    ),
    "a box in meta": heic(meta=(box(b"uuid", TEXT),)),
    "padding in meta": heic(meta=(box(b"free", TEXT),)),
    "data from elsewhere": heic(
        meta=(box(b"dinf", full(b"dref", 0, b"\0\0\0\1", full(b"url ", 0, TEXT))),)
    ),
    "a group": heic(meta=(box(b"grpl", full(b"ster", 0, struct.pack(">III", 9, 1, 1), TEXT)),)),
    "bytes of no item": heic(gap=TEXT),
    "bytes of no item in idat": heic(idat=TEXT),
    "bytes behind the locations": heic(iloc_extra=TEXT),
    "bytes behind the primary item": heic(primary=full(b"pitm", 0, b"\0\1", TEXT)),
    "an unknown property": heic(properties=(HVCC, ISPE, IROT, box(b"leak", TEXT))),
    "a described property": heic(properties=(HVCC, ISPE, IROT, full(b"udes", 0, TEXT))),
    "behind the size": heic(properties=(HVCC, box(b"ispe", ISPE[8:], TEXT), IROT)),
    "behind the rotation": heic(properties=(HVCC, ISPE, box(b"irot", b"\1", TEXT))),
    "in the flags of the size": heic(
        properties=(HVCC, full(b"ispe", 0, ISPE[12:], flags=0x4C4541), IROT)
    ),
    "behind the configuration": heic(properties=(box(b"hvcC", HVCC[8:], TEXT), ISPE, IROT)),
    "messages in the configuration": heic(
        properties=(
            box(b"hvcC", HVCC[8:30], b"\x01\x27\x00\x01", struct.pack(">H", len(TEXT)), TEXT),
            ISPE, IROT,
        )
    ),
    "a profile that is none": heic(properties=(HVCC, ISPE, IROT, box(b"colr", b"prof", TEXT * 9))),
    "a brand": heic(brands=b"heicmif1" + CANARY[:4]),
    "a box behind": heic(top=(box(b"udta", TEXT),)),
    "an unknown box": heic(top=(box(b"leak", TEXT),)),
    "a motion video": heic(top=(box(b"mpvd", TEXT),)),
    "padding": heic(top=(box(b"free", TEXT),)),
    "a second mdat": heic(top=(box(b"mdat", TEXT),)),
    "a movie of no sequence": heic(top=(moov(track(1, (3,), 0), more=box(b"udta", TEXT)),)),
    "bytes that are no box": heic(top=(TEXT,)),
    "brands a second time": heic(top=(box(b"ftyp", TEXT),)),
    "a place in an overlay": heic(properties=(HVCC, ISPE, IROT, full(b"rloc", 0, TEXT[:8]))),
    "a type that the picture is not of": heic(
        properties=(HVCC, ISPE, IROT, full(b"auxC", 0, TEXT + b"\0"))
    ),
    "layers of another coding": heic(
        properties=(HVCC, ISPE, IROT, box(b"a1lx", b"\1", TEXT[:12]))
    ),
    "a configuration of another coding": heic(
        properties=(HVCC, ISPE, IROT, box(b"av1C", TEXT))
    ),
    "half the head of a large box": heic(top=(b"\0\0\0\1leak\0\0\0",)),
    "half a box": heic(top=(b"\0\0\0",)),
}  # fmt: skip


@pytest.mark.parametrize("slot", SLOTS)
def test_what_stands_beside_the_picture_goes(slot: str) -> None:
    assert strip(SLOTS[slot]).data == CLEAN


#: derived picture → its whole body
GRID = struct.pack(">4B2H", 0, 0, 0, 0, 64, 64)
OVERLAY = struct.pack(">BB4HHHhh", 0, 0, 0, 0, 0, 0, 64, 64, 0, 0)
TOKENS = b"\2\2\0abcd\1"
BEHIND = {"grid": GRID, "iovl": OVERLAY, "sato": TOKENS}


@pytest.mark.parametrize("kind", BEHIND)
def test_a_derived_picture_ends_where_its_definition_ends(kind: str) -> None:
    def derived(body: bytes) -> bytes:
        items = {1: (kind.encode(), body), 2: PICTURE}
        return heic(items, references=(iref(b"dimg", 1, 2),))

    assert strip(derived(BEHIND[kind] + TEXT)).data == strip(derived(BEHIND[kind])).data
    assert BEHIND[kind] in strip(derived(BEHIND[kind])).data
    with pytest.raises(CannotStrip, match="cut short"):
        strip(derived(BEHIND[kind][:-1]))


@pytest.mark.parametrize(("flags", "length"), [(0, 62), (0x80, 142), (0x08, 38), (0x88, 78)])
def test_a_tone_map_ends_where_its_flags_say(flags: int, length: int) -> None:
    def mapped(body: bytes) -> bytes:
        return heic(
            {1: PICTURE, 2: (b"tmap", body)},
            has={1: (1, 2), 2: (2,)},
            properties=(HVCC, ISPE),
            references=(iref(b"dimg", 2, 1),),
            meta=(box(b"grpl", full(b"altr", 0, struct.pack(">IIII", 9, 2, 2, 1))),),
        )

    whole = bytes(5) + bytes((flags,)) + bytes(range(1, length - 5))
    assert len(whole) == length
    assert whole in strip(mapped(whole)).data
    assert strip(mapped(whole + TEXT)).data == strip(mapped(whole)).data
    with pytest.raises(CannotStrip, match="cut short"):
        strip(mapped(whole[:-1]))


ALPHA_URN = b"urn:mpeg:hevc:2015:auxid:1"


@pytest.mark.parametrize(
    "properties",
    [
        # words behind a known type, and a second type
        (full(b"auxC", 0, ALPHA_URN + TEXT + b"\0"),),
        (full(b"auxC", 0, TEXT + b"\0"), full(b"auxC", 0, ALPHA_URN + b"\0")),
    ],
)
def test_an_auxiliary_picture_says_what_it_is_in_known_words(properties: tuple[bytes]) -> None:
    has = {1: (1, 2), 2: (1, *range(2, 3 + len(properties)))}
    source = heic(
        {1: PICTURE, 2: (b"hvc1", OTHER_CODED)},
        properties=(HVCC, ISPE, *properties),
        has=has,
        references=(iref(b"auxl", 2, 1),),
    )

    assert CANARY not in strip(source).data


@pytest.mark.parametrize(
    "properties",
    [
        (HVCC, ISPE, full(b"pixi", 0, bytes((len(TEXT),)), TEXT)),
        (HVCC, ISPE, box(b"mdcv", bytes(24)), box(b"mdcv", TEXT[:24])),
        (
            box(
                b"hvcC", HVCC[8:30], b"\1\xa1\0\1", struct.pack(">H", len(TEXT)), b"\x4e", TEXT[1:]
            ),
            ISPE,
        ),
    ],
)
def test_a_property_that_hides_something_is_refused(properties: tuple[bytes, ...]) -> None:
    with pytest.raises(CannotStrip):
        strip(heic(properties=properties))


def test_a_refusing_policy_names_what_it_does_not_know() -> None:
    policy = Policy(unknown=Unknown.REFUSE)

    assert strip(CLEAN, policy).data == CLEAN
    for slot in ("an unknown box", "bytes that are no box"):
        with pytest.raises(CannotStrip):
            strip(SLOTS[slot], policy)


#: property → (as a source may write it, as its definition ends)
ENDS = {
    "iscl": (full(b"iscl", 0, b"\0\1" * 4, TEXT), full(b"iscl", 0, b"\0\1" * 4)),
    "a1lx": (box(b"a1lx", b"\xfe", b"\0\5" * 3, TEXT), box(b"a1lx", b"\0", b"\0\5" * 3)),
    "a1lx, large": (
        box(b"a1lx", b"\1", b"\0\0\0\5" * 3, TEXT),
        box(b"a1lx", b"\1", b"\0\0\0\5" * 3),
    ),
    "cclv": (box(b"cclv", b"\xd7", bytes(8), TEXT), box(b"cclv", b"\x14", bytes(8))),
    "cclv, primaries": (box(b"cclv", b"\x20", bytes(24), TEXT), box(b"cclv", b"\x20", bytes(24))),
    "clli": (box(b"clli", bytes(4), TEXT), box(b"clli", bytes(4))),
    "pixi": (full(b"pixi", 0, b"\3\x08\x08\x08", TEXT), full(b"pixi", 0, b"\3\x08\x08\x08")),
    "nclx": (
        box(b"colr", b"nclx", bytes(6), b"\xff", TEXT),
        box(b"colr", b"nclx", bytes(6), b"\x80"),
    ),
    "prof": (box(b"colr", b"prof", icc_profile(), TEXT), box(b"colr", b"prof", icc_profile())),
    "av1C": (
        box(b"av1C", b"\x81\0\x0c\0", b"\x0a\x02ab", b"\x2a" + bytes((len(TEXT),)) + TEXT),
        box(b"av1C", b"\x81\0\x0c\0"),
    ),
    "hvcC": (
        box(b"hvcC", HVCC[8:30], b"\2", b"\xe0\0\1\0\2\x40\1", b"\x28\0\1\0\2cd"),
        box(b"hvcC", HVCC[8:30], b"\1", b"\xa0\0\1\0\2\x40\1"),
    ),
}  # fmt: skip


def described(body: bytes) -> bytes:
    """Return a picture with one more property, of the coding that it belongs to."""
    kind = body[4:8]
    if kind in (b"av1C", b"a1lx"):
        layers = obu(6, b"abc") * 4
        return heic({1: (b"av01", layers)}, properties=(ISPE, body))
    return heic(properties=(ISPE, body) if kind == b"hvcC" else (HVCC, ISPE, body))


@pytest.mark.parametrize("name", ENDS)
def test_a_property_ends_where_its_definition_ends(name: str) -> None:
    source, clean = (described(body) for body in ENDS[name])

    assert strip(source).data == clean
    assert strip(clean).data == clean


@pytest.mark.parametrize("name", sorted(ENDS.keys() - {"prof"}))
def test_a_property_that_is_cut_short_is_refused(name: str) -> None:
    body = ENDS[name][1]
    cut = (len(body) - 1).to_bytes(4, "big") + body[4:-1]

    with pytest.raises(CannotStrip):
        strip(described(cut))


def test_an_essential_property_that_is_not_known_is_refused() -> None:
    with pytest.raises(CannotStrip, match="property"):
        strip(heic(properties=(HVCC, ISPE, box(b"leak", TEXT)), has={1: (1, 2, 131)}))


def test_a_picture_coded_in_another_way_is_refused() -> None:
    for kind in (b"jpeg", b"avc1", b"unci", b"leak"):
        with pytest.raises(CannotStrip, match="coded"):
            strip(heic({1: (kind, CODED)}))


def test_items_are_numbered_anew_so_that_nothing_tells_how_many_went() -> None:
    few = heic({1: PICTURE})
    many = heic(
        {**{n: (b"Exif", bytes(8)) for n in range(2, 9)}, 60: PICTURE},
        has={60: (1, 2, 3)},
        primary=full(b"pitm", 0, b"\x00\x3c"),
    )

    assert strip(many).data == strip(few).data == CLEAN


def mapped(brands: bytes = b"heictmapmif1", primary: int = 1) -> bytes:
    """Return a picture with a tone map, and the brand that promises it."""
    return heic(
        {1: PICTURE, 2: (b"tmap", bytes(62))},
        has={1: (1, 2), 2: (2,)},
        properties=(HVCC, ISPE),
        references=(iref(b"dimg", 2, 1),),
        meta=(box(b"grpl", full(b"altr", 0, struct.pack(">IIII", 9, 2, 2, 1))),),
        brands=brands,
        primary=full(b"pitm", 0, struct.pack(">H", primary)),
    )


def test_a_brand_goes_with_the_tone_map_that_it_promises() -> None:
    bare = heic({1: PICTURE}, properties=(HVCC, ISPE), brands=b"heicmif1")
    for policy in (Policy(keep=()), Policy(keep={Category.COLOR, Category.ORIENTATION})):
        assert strip(mapped(), policy).data == bare
        assert strip(bare, policy).data == bare
    assert b"tmapmif1" in strip(mapped()).data[:40]
    # A promise that was never kept.
    assert strip(heic({1: PICTURE}, properties=(HVCC, ISPE), brands=b"heictmapmif1")).data == bare


def test_a_tone_map_that_is_the_picture_needs_a_policy_that_keeps_it() -> None:
    assert strip(mapped(primary=2)).data
    with pytest.raises(CannotStrip):
        strip(mapped(primary=2), Policy(keep=()))


def test_metadata_that_shares_bytes_with_the_picture_is_refused() -> None:
    data = heic({1: PICTURE, 2: (b"Exif", CODED[4:20])}, has={1: (1, 2, 3)}, share=True)

    with pytest.raises(CannotStrip, match="shares"):
        strip(data)


def test_a_sequence_keeps_its_pictures_and_loses_the_rest() -> None:
    brands = b"avismsf1"
    clean = heic(brands=brands, movie=moov(track(1, (11, 12), 0)), samples=FRAMES[:23])
    source = heic(
        brands=brands,
        movie=moov(
            track(5, (11, 12), 0, dates=9, name=TEXT, compressor=TEXT[:31], more=UDTA),
            track(6, (11,), 23, handler=b"soun"),
            track(7, (11,), 34, handler=b"auxv", properties=(AV1C, full(b"auxi", 0, b"urn:leak\0")),
                  refers=box(b"auxl", struct.pack(">I", 5))),
            dates=7,
            more=UDTA,
        ),
        samples=FRAMES,
        gap=TEXT,
    )  # fmt: skip
    codes = {finding.code for finding in inspect(source).violations()}

    assert strip(source).data == clean
    assert not inspect(clean).violations()
    assert {"heif.dates", "heif.handler-name", "heif.compressor-name", "embedded.audio"} <= codes


@pytest.mark.parametrize(
    "movie",
    [
        moov(track(1, (11,), 0, handler=b"soun")),
        moov(track(1, (11,), 0, matrix=UNITY[:-1] + b"\1")),
        moov(track(1, (11,), 0, entry=b"mp4v")),
        moov(track(1, (11,), 0), more=box(b"mvex")),
        moov(track(1, (11, 12), 0, starts=(1, 9))),
        moov(
            track(1, (11,), 0),
            track(2, (12,), 11, handler=b"auxv", refers=box(b"auxl", b"\0\0\0\1")),
        ),
    ],
)
def test_a_sequence_that_is_not_understood_is_refused(movie: bytes) -> None:
    with pytest.raises(CannotStrip):
        strip(heic(brands=b"avismsf1", movie=movie, samples=FRAMES[:23]))


def test_sample_tables_that_do_not_agree_are_refused() -> None:
    movie = moov(track(1, (11, 12), 0))
    start = movie.index(b"stts") + 12
    wrong = movie[:start] + b"\0\0\0\3" + movie[start + 4 :]

    with pytest.raises(MalformedImage):
        strip(heic(brands=b"avismsf1", movie=wrong, samples=FRAMES[:23]))
    with pytest.raises(MalformedImage):
        strip(heic(brands=b"avismsf1", movie=moov(track(1, (999,), 0)), samples=FRAMES))
