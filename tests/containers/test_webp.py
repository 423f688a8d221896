"""WebP to segments: they tile the file, and a picture is what libwebp takes for one."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builders import CANARY
from builders_icc import profile
from builders_webp import (
    ALPHA,
    ANIMATION,
    FILM_SLOTS,
    ICC,
    SIMPLE_SLOTS,
    SLOTS,
    alph,
    anim,
    anmf,
    coded,
    film,
    lossless,
    lossy,
    part,
    plain_alph,
    still,
    vp8x,
    webp,
)
from photoprivacy.containers import BlockKind, Role, parse
from photoprivacy.containers._webp import WebpContainer, parse_webp
from photoprivacy.errors import LimitExceeded, MalformedImage, PhotoPrivacyError, TruncatedImage
from photoprivacy.limits import Limits


def taken_apart(data: bytes) -> WebpContainer:
    container = parse_webp(data, Limits())
    container.check_tiling()
    return container


def decodes(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize("pixels", [lossy(), lossless(), lossless("RGBA")])
def test_a_simple_file_is_its_one_chunk(pixels: bytes) -> None:
    container = taken_apart(webp(pixels))

    assert [segment.role for segment in container.segments] == [Role.STRUCTURE, Role.PICTURE]
    assert (container.width, container.height) == (8, 8)
    assert container.damage is None
    assert not container.extended
    assert not container.blocks


@pytest.mark.parametrize("name", [f"still, {name}" for name in SLOTS])
def test_what_stands_in_a_slot_is_a_block(name: str) -> None:
    container = taken_apart(SLOTS[name.removeprefix("still, ")])

    assert container.damage is None
    assert name == "still, reserved bytes" or any(CANARY in b.data for b in container.blocks)


@pytest.mark.parametrize("name", ["behind the head", "inside a frame", "Exif in a frame"])
def test_what_stands_in_an_animation_is_a_block(name: str) -> None:
    container = taken_apart(FILM_SLOTS[name])

    assert container.damage is None
    assert [block.data for block in container.blocks if CANARY in block.data] == [CANARY]


@pytest.mark.parametrize("name", SIMPLE_SLOTS)
def test_what_follows_a_simple_picture_is_no_damage(name: str) -> None:
    assert taken_apart(SIMPLE_SLOTS[name]).damage is None


def test_exif_with_the_signature_of_jpeg_starts_at_its_tiff_header() -> None:
    (block,) = taken_apart(still(part(b"EXIF", b"Exif\x00\x00MM\x00*"))).blocks

    assert (block.kind, block.data) == (BlockKind.EXIF, b"MM\x00*")


def test_the_first_profile_counts_where_the_header_announces_one() -> None:
    chunk, other = part(b"ICCP", profile(tail=CANARY)), part(b"ICCP", profile(b"other"))

    assert taken_apart(still(before=chunk, flags=ICC)).profile == profile()
    assert taken_apart(still(before=chunk + other, flags=ICC)).profile == profile()
    assert taken_apart(still(chunk, flags=ICC)).profile == profile()
    assert taken_apart(still(before=chunk)).profile == b""
    assert taken_apart(webp(lossy(), chunk)).profile == b""


def test_chunks_of_frames_are_kept_with_the_container() -> None:
    container = taken_apart(film(anmf(alph(), lossy()), anmf(lossless()), flags=ALPHA))

    kinds = [[chunk.kind for chunk in inner] for inner in container.frames]
    assert kinds == [["ALPH", "VP8 "], ["VP8L"]]


def test_plain_transparency_with_a_tail_gives_it_up() -> None:
    container = taken_apart(webp(vp8x(ALPHA), plain_alph(CANARY), lossy()))

    assert [block.data for block in container.blocks] == [CANARY]


#: Files that libwebp does not decode, so there is no picture to keep.
BROKEN = {
    "no picture": webp(vp8x()),
    "nothing": webp(),
    "an unknown chunk first": webp(part(b"ABCD", b"xx"), lossy()),
    "a profile first": webp(part(b"ICCP", profile()), lossy()),
    "transparency first": webp(alph(), lossy()),
    "a long header": webp(vp8x(tail=b"xx"), lossy()),
    "a short header": webp(part(b"VP8X", bytes(9)), lossy()),
    "two headers": webp(vp8x(), vp8x(), lossy()),
    "two pictures": webp(vp8x(), lossy(), lossy()),
    "pictures of two kinds": webp(vp8x(), lossy(), lossless()),
    "transparency beside lossless pixels": webp(vp8x(ALPHA), alph(), lossless()),
    "transparency behind the pixels": webp(vp8x(ALPHA), lossy(), alph()),
    "transparency twice": webp(vp8x(ALPHA), alph(), alph(), lossy()),
    "a frame in a still": webp(vp8x(), lossy(), anmf(lossy())),
    "an animation in a still": webp(vp8x(), anim(), lossy()),
    "frames without the flag": webp(vp8x(), anim(), anmf(lossy())),
    "a flag without frames": webp(vp8x(ANIMATION), lossy()),
    "a head without frames": webp(vp8x(ANIMATION), anim()),
    "frames without a head": webp(vp8x(ANIMATION), anmf(lossy())),
    "a head behind its frames": webp(vp8x(ANIMATION), anmf(lossy()), anim()),
    "a short head": film(head=part(b"ANIM", bytes(4))),
    "a picture beside frames": film(anmf(lossy()), lossy()),
    "transparency beside frames": film(alph(), anmf(lossy())),
    "two pictures in a frame": film(anmf(lossy(), lossy())),
    "no picture in a frame": film(anmf()),
    "transparency behind the pixels of a frame": film(anmf(lossy(), alph())),
    "pixels that do not start as they must": film(anmf(part(b"VP8 ", bytes(20)))),
    "pixels of no width": webp(part(b"VP8 ", coded()[b"VP8 "][:6] + bytes(20))),
    "another canvas": webp(vp8x(width=9), lossy()),
    "a smaller canvas": webp(vp8x(height=7), lossless()),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_libwebp_does_not_decode_is_damage(name: str) -> None:
    assert not decodes(BROKEN[name])
    assert isinstance(taken_apart(BROKEN[name]).damage, MalformedImage)


@pytest.mark.parametrize(
    "data", [*SLOTS.values(), *SIMPLE_SLOTS.values(), *FILM_SLOTS.values(), film(), still()]
)
def test_what_libwebp_decodes_is_no_damage(data: bytes) -> None:
    assert decodes(data)
    assert taken_apart(data).damage is None


@pytest.mark.parametrize(
    "data",
    [
        film(part(b"ANMF", bytes(15))),
        film(anmf(lossy(), b"tail")),
        webp(vp8x(), b"VP8 \xff\x00\x00\x00x"),
        still(b"odd"),
        b"RIFF" + bytes(4) + webp(lossy())[8:],
        b"RIFF\x03\x00\x00\x00" + webp(lossy())[8:],
        webp(lossy())[:-1] if len(coded()[b"VP8 "]) % 2 == 0 else webp(lossy())[:-2],
    ],
)
def test_a_chunk_that_leaves_its_parent_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedImage):
        parse(data, Limits())


def test_every_cut_is_a_truncated_image() -> None:
    whole = film()
    for stop in range(12, len(whole) - 1):
        with pytest.raises(TruncatedImage):
            parse(whole[:stop], Limits())


def test_a_missing_last_pad_byte_is_a_problem() -> None:
    whole = webp(lossy(), part(b"leak", b"x"))
    container = taken_apart(whole[:-1])

    assert container.damage is None
    assert [problem.what for problem in container.problems] == ["the last pad byte is missing"]


@pytest.mark.parametrize(
    "data",
    [
        still(part(b"leak", b"") * 1_000_000),
        film(*[anmf(part(b"leak", b"") * 2000, lossy())] * 500),
    ],
    ids=["in the file", "inside its frames"],
)
def test_a_million_tiny_chunks_hit_the_limit_wherever_they_are(data: bytes) -> None:
    started = time.process_time()

    with pytest.raises(LimitExceeded):
        parse(data, Limits())
    assert time.process_time() - started < 10


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_tile_or_raise_typed_errors(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([film(), *SLOTS.values(), *FILM_SLOTS.values()])))
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
