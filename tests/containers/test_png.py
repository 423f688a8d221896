"""PNG to segments: they tile the file, whatever the file is, and cost what the picture costs."""

from __future__ import annotations

import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import CANARY
from builders_icc import profile
from builders_png import (
    IEND,
    SIGNATURE,
    SLOTS,
    actl,
    animation,
    chunk,
    fctl,
    fdat,
    iccp,
    idat,
    ihdr,
    indexed,
    picture,
    png,
    rows,
)
from photoprivacy.containers import BlockKind, parse
from photoprivacy.containers._png import PngContainer, parse_png
from photoprivacy.containers._png_image import COLOURS
from photoprivacy.errors import LimitExceeded, MalformedImage, PhotoPrivacyError, TruncatedImage
from photoprivacy.limits import Limits


def taken_apart(data: bytes, limits: Limits = Limits()) -> PngContainer:
    container = parse_png(data, limits)
    container.check_tiling()
    return container


def bomb(mebibytes: int) -> bytes:
    engine = zlib.compressobj(9)
    parts = [engine.compress(bytes(1 << 20)) for _ in range(mebibytes)]
    return b"".join(parts) + engine.flush()


def test_a_plain_png_is_signature_header_pixels_end() -> None:
    container = taken_apart(picture())

    assert [segment.kind for segment in container.segments] == ["signature", "IHDR", "IDAT", "IEND"]
    assert (container.width, container.height) == (8, 8)
    assert container.damage is None
    assert not container.blocks
    assert not container.doubt


@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_has_a_role_and_tiles(slot: str) -> None:
    container = taken_apart(SLOTS[slot])

    assert container.damage is None
    assert container.blocks or {"PLTE", "fcTL", "acTL"} & {s.kind for s in container.segments}


@pytest.mark.parametrize(
    ("slot", "kind"),
    [
        ("tEXt", BlockKind.TEXT),
        ("zTXt", BlockKind.TEXT),
        ("iTXt", BlockKind.TEXT),
        ("eXIf", BlockKind.EXIF),
        ("caBX", BlockKind.JUMBF),
        ("prVt", BlockKind.OTHER),
        ("tIME", BlockKind.OTHER),
        ("after IEND", BlockKind.TRAILER),
        ("inside IEND", BlockKind.OTHER),
        ("behind the stream", BlockKind.TRAILER),
        ("in an IDAT of its own", BlockKind.TRAILER),
        ("a profile that is none", BlockKind.OTHER),
    ],
)
def test_what_stands_in_a_slot_is_a_block(slot: str, kind: BlockKind) -> None:
    (block,) = taken_apart(SLOTS[slot]).blocks

    assert block.kind is kind
    if slot not in ("zTXt", "a profile that is none"):
        assert CANARY in block.data


def test_exif_with_the_signature_of_jpeg_starts_at_its_tiff_header() -> None:
    (block,) = taken_apart(picture(chunk(b"eXIf", b"Exif\x00\x00MM\x00*"))).blocks

    assert block.data == b"MM\x00*"
    assert block.base == len(SIGNATURE) + len(ihdr()) + 8 + 6


@pytest.mark.parametrize(
    ("colour", "depth"),
    [(colour, depth) for colour, (_, depths) in COLOURS.items() for depth in depths],
)
@pytest.mark.parametrize("lace", [0, 1])
@pytest.mark.parametrize("size", [(1, 1), (2, 3), (5, 1), (8, 8), (13, 9)])
def test_rows_of_every_kind_are_counted_to_the_byte(
    size: tuple[int, int], colour: int, depth: int, lace: int
) -> None:
    width, height = size
    raw = rows(width, height, depth=depth, colour=colour, lace=lace)
    head = ihdr(width, height, depth=depth, colour=colour, lace=lace)

    exact = taken_apart(png(head, idat(raw)))
    more = taken_apart(png(head, idat(raw + b"x")))

    assert not exact.doubt
    assert "more in it" in more.doubt


@pytest.mark.parametrize("tail", [b"x", CANARY, bytes(100_000)])
@pytest.mark.parametrize("parts", [1, 2, 7])
def test_the_end_of_the_stream_is_found(tail: bytes, parts: int) -> None:
    container = taken_apart(png(ihdr(), idat(tail=tail, parts=parts)))

    assert container.image_end == len(zlib.compress(rows()))
    (block,) = container.blocks
    assert block.name == "after image data"
    assert block.data == tail or parts > 1


def test_a_profile_ends_where_it_says() -> None:
    assert taken_apart(picture(iccp(profile(tail=CANARY)))).profile == profile()


def test_a_profile_counts_up_to_a_fault_in_its_stream() -> None:
    whole = iccp(profile(b"long enough to be packed" * 9))[8:-4]
    broken = chunk(b"iCCP", whole[:-1] + bytes((whole[-1] ^ 1,)))  # its Adler-32 is wrong

    assert taken_apart(picture(broken)).profile == profile(b"long enough to be packed" * 9)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"name",
        b"\x00\x00" + zlib.compress(profile()),
        b"n" * 80 + b"\x00\x00" + zlib.compress(profile()),
        b"n\x00\x01" + zlib.compress(profile()),
        b"n\x00\x00" + profile(),
        b"n\x00\x00" + zlib.compress(profile().replace(b"acsp", b"ACSP")),
        b"n\x00\x00" + zlib.compress(profile()[:128] + b"\xff" * 4 + profile()[132:]),
    ],
)
def test_what_is_no_profile_is_a_problem_at_its_own_place(body: bytes) -> None:
    container = taken_apart(picture(chunk(b"iCCP", body)))

    assert container.profile == b""
    (problem,) = container.problems
    assert "profile" in problem.what
    assert problem.where.start == len(SIGNATURE) + len(ihdr())


@pytest.mark.parametrize(
    "head",
    [
        ihdr(0, 0),
        ihdr(0, 8),
        ihdr(8, 1 << 31),
        ihdr(depth=3),
        ihdr(colour=5),
        ihdr(colour=3, depth=16),
        ihdr(lace=2),
        chunk(b"IHDR", bytes(12)),
        chunk(b"IHDR", bytes(14)),
        b"",
        ihdr() + ihdr(),
        chunk(b"CgBI", bytes(4)) + ihdr(),
        ihdr() + chunk(b"ABCD"),
        ihdr() + chunk(b"te1t"),
        ihdr() + b"\xff\xff\xff\xff" + b"tEXt" + bytes(8),
        ihdr() + IEND,
    ],
)
def test_a_file_that_is_no_png_is_malformed(head: bytes) -> None:
    with pytest.raises(MalformedImage):
        parse(png(head, idat()), Limits())


def test_every_cut_is_a_truncated_image() -> None:
    whole = picture(chunk(b"tEXt", b"k\x00v"))
    for stop in range(len(SIGNATURE), len(whole)):
        with pytest.raises(TruncatedImage):
            parse(whole[:stop], Limits())


@pytest.mark.parametrize(
    "data",
    [
        png(ihdr(), chunk(b"IDAT", zlib.compress(rows())[:-9])),
        png(ihdr(), chunk(b"IDAT", b"no stream")),
        png(ihdr(), chunk(b"IDAT")),
        png(ihdr(), idat(), chunk(b"tEXt", b"k\x00v"), idat()),
    ],
)
def test_image_data_that_does_not_decode_is_damage(data: bytes) -> None:
    assert isinstance(taken_apart(data).damage, MalformedImage)


def test_a_wrong_checksum_is_a_problem() -> None:
    container = taken_apart(picture(chunk(b"gAMA", bytes(4), checksum=1)))

    assert [problem.what for problem in container.problems] == ["a wrong checksum of gAMA"]


def test_a_sound_animation_raises_no_doubt() -> None:
    assert not taken_apart(animation()).doubt
    apart = png(ihdr(), actl(1), idat(), fctl(0), fdat(1, rows()))
    assert not taken_apart(apart).doubt


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (animation(frames=3), "number of frames"),
        (animation(frame=fdat(3, rows())), "out of order"),
        (animation(frame=fdat(2, rows() + b"x")), "more in it"),
        (animation(frame=fdat(2, rows(), tail=CANARY)), "hidden behind"),
        (animation(frame=b""), "without image data"),
        (png(ihdr(), actl(1), fctl(0, width=9), idat()), "fit"),
        (png(ihdr(), actl(1), fctl(0, left=1), idat()), "fit"),
        (png(ihdr(), actl(1), fctl(0, width=0), idat()), "fit"),
        (png(ihdr(), actl(1), chunk(b"fcTL", bytes(27)), idat()), "fit"),
        (png(ihdr(), actl(1), idat(), fdat(0, rows())), "not announced"),
        (png(ihdr(), actl(1), fctl(0), idat(), chunk(b"fdAT", b"ab")), "out of order"),
    ],
)
def test_an_animation_with_more_in_it_than_frames_is_doubted(data: bytes, why: str) -> None:
    assert why in taken_apart(data).doubt


def test_a_frame_that_does_not_decode_is_damage() -> None:
    broken = animation(frame=chunk(b"fdAT", b"\x00\x00\x00\x02no stream"))

    assert isinstance(taken_apart(broken).damage, MalformedImage)


def test_a_million_tiny_chunks_hit_the_limit() -> None:
    with pytest.raises(LimitExceeded):
        parse(picture(chunk(b"prVt") * 1_000_000), Limits())


def test_more_pixels_than_allowed_are_not_inflated() -> None:
    container = taken_apart(picture(), Limits(max_pixels=63))

    assert isinstance(container.damage, LimitExceeded)


def test_bombs_cost_no_more_than_the_picture() -> None:
    packed = bomb(64)
    started = time.process_time()

    image = taken_apart(png(ihdr(), chunk(b"IDAT", packed)))
    icc = taken_apart(picture(*[chunk(b"iCCP", b"n\x00\x00" + packed)] * 20))

    assert time.process_time() - started < 2
    assert "more in it" in image.doubt
    assert icc.profile == b""


def test_a_profile_larger_than_allowed_is_doubted_and_not_dropped() -> None:
    large = profile(bytes(100_000))
    container = taken_apart(picture(iccp(large)), Limits(max_inflated=50_000))

    assert "larger" in container.doubt
    assert taken_apart(picture(iccp(large))).profile == large


def test_one_long_chunk_is_read_in_linear_time() -> None:
    height = 1 << 10
    raw = rows(1 << 12, height, colour=0)
    started = time.process_time()

    container = taken_apart(png(ihdr(1 << 12, height, colour=0), idat(raw, tail=bytes(1 << 25))))

    assert time.process_time() - started < 2
    assert container.blocks[0].data == bytes(1 << 25)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_tile_or_raise_typed_errors(data: st.DataObject) -> None:
    whole = bytearray(
        data.draw(st.sampled_from([animation(iccp(profile())), indexed(), *SLOTS.values()]))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        what = data.draw(st.sampled_from(["flip", "cut", "repeat"]))
        if what == "flip":
            whole[at : at + 1] = bytes((data.draw(st.integers(0, 255)),))
        elif what == "cut":
            del whole[at:]
        else:
            whole[at:at] = whole[at : at + 40]
    try:
        container = parse(bytes(whole), Limits())
    except PhotoPrivacyError:
        return
    container.check_tiling()


def test_fctl_alone_says_nothing() -> None:
    assert not taken_apart(picture(fctl(0))).doubt
