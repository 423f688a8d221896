"""JPEG to segments: they tile the file, whatever the file is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    CANARY,
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
)
from builders_icc import profile
from photoprivacy.containers import BlockKind, Container, Role, parse
from photoprivacy.containers._jpeg import parse_jpeg
from photoprivacy.errors import LimitExceeded, MalformedImage, PhotoPrivacyError, TruncatedImage
from photoprivacy.limits import Limits


def taken_apart(data: bytes) -> Container:
    container = parse_jpeg(data, Limits())
    container.check_tiling()
    return container


def block(container: Container, kind: BlockKind) -> bytes:
    (found,) = [block.data for block in container.blocks if block.kind is kind]
    return found


def test_a_plain_jpeg_is_soi_picture_eoi() -> None:
    container = taken_apart(jpeg(*picture()))

    assert container.damage is None
    assert (container.width, container.height) == (32, 32)
    assert {segment.role for segment in container.segments} == {Role.STRUCTURE, Role.PICTURE}
    assert container.segments[-1].kind == "EOI"


def test_the_walk_goes_through_every_scan_to_the_real_end() -> None:
    container = taken_apart(jpeg(*picture(progressive=True)) + b"tail")

    assert sum(segment.kind == "SOS" for segment in container.segments) > 5
    assert container.segments[-1].role is Role.TRAILER


@pytest.mark.parametrize("hidden", [com(CANARY), app(1, XMP + CANARY), exif(CANARY)])
def test_a_segment_between_scans_is_found(hidden: bytes) -> None:
    container = taken_apart(between_scans(hidden))

    assert any(CANARY in block.data for block in container.blocks)


def test_fill_bytes_and_garbage_have_roles_of_their_own() -> None:
    data = SOI + b"\xff\xff\xff" + com(b"x") + b"garbage" + jpeg(*picture())[2:]
    container = taken_apart(data)

    roles = [segment.role for segment in container.segments]
    assert roles[1:4] == [Role.PADDING, Role.METADATA, Role.STRAY]


def test_an_exif_block_goes_on_in_the_next_segment() -> None:
    container = taken_apart(jpeg(exif(b"II*\x00start-"), exif(b"and-end"), *picture()))

    assert block(container, BlockKind.EXIF) == b"II*\x00start-and-end"


def test_two_exif_blocks_are_two_blocks() -> None:
    container = taken_apart(jpeg(exif(b"II*\x00one"), exif(b"MM\x00*two"), *picture()))

    assert sum(block.kind is BlockKind.EXIF for block in container.blocks) == 2


def test_icc_chunks_are_joined_by_number() -> None:
    first, second, third = icc(profile(), 3)
    container = taken_apart(jpeg(third, first, second, *picture()))

    assert block(container, BlockKind.ICC) == profile()


def test_icc_chunks_that_do_not_fit_are_no_profile() -> None:
    first, _, third = icc(profile(), 3)
    container = taken_apart(jpeg(first, third, *picture()))

    assert not [block for block in container.blocks if block.kind is BlockKind.ICC]


def test_extended_xmp_is_joined_by_offset() -> None:
    head = b"http://ns.adobe.com/xmp/extension/\x00" + b"G" * 32 + (8).to_bytes(4, "big")
    late = app(1, head + (4).to_bytes(4, "big") + b"5678")
    early = app(1, head + (0).to_bytes(4, "big") + b"1234")
    container = taken_apart(jpeg(late, early, *picture()))

    assert block(container, BlockKind.XMP) == b"12345678"


def test_bytes_after_the_adobe_segment_are_a_block() -> None:
    container = taken_apart(jpeg(adobe(1, CANARY), *picture()))

    assert block(container, BlockKind.OTHER) == CANARY


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        (jpeg(*picture()), "embedded image"),
        (b"\x00\x00\x00\x18ftypmp42", "motion video"),
        (b"junk MotionPhoto_Data junk", "motion video"),
        (bytes(40), "zero bytes"),
        (b"who knows", "unknown"),
    ],
)
def test_what_follows_eoi_is_named(tail: bytes, name: str) -> None:
    container = taken_apart(jpeg(jfif(), *picture()) + tail)

    (found,) = [block for block in container.blocks if block.kind is BlockKind.TRAILER]
    assert found.name == name
    assert found.data == tail


def test_a_jpeg_cut_in_its_scan_is_truncated() -> None:
    whole = jpeg(*picture())
    container = taken_apart(whole[:-20])

    assert isinstance(container.damage, TruncatedImage)


def test_a_jpeg_cut_in_a_segment_is_truncated_and_still_accounted_for() -> None:
    container = taken_apart(jpeg(com(b"x" * 100), *picture())[:50])

    assert isinstance(container.damage, TruncatedImage)
    assert container.segments[-1].role is Role.STRAY


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff\xfe\x00\x01",  # a length below 2
        b"\xff\x02\x00\x02",  # a reserved marker
        b"\xff\xd8",  # a second SOI
    ],
)
def test_breaches_of_the_structure_are_damage(bad: bytes) -> None:
    container = taken_apart(jpeg(bad, *picture()))

    assert isinstance(container.damage, MalformedImage)


def test_damage_inside_a_scan_with_restarts_is_stray() -> None:
    parts = list(picture(restarts=1))
    scan = parts[-1]
    at = scan.index(b"\xff\xd1")
    parts[-1] = scan[:at] + b"\xff\x9fjunk" + scan[at:]
    container = taken_apart(jpeg(*parts))

    assert container.damage is None
    assert [s.span.stop - s.span.start for s in container.segments if s.role is Role.STRAY] == [6]


def test_a_million_tiny_segments_hit_the_limit() -> None:
    with pytest.raises(LimitExceeded):
        parse(SOI + com(b"") * 1_000_000, Limits())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_tile_or_raise_typed_errors(data: st.DataObject) -> None:
    whole = bytearray(jpeg(jfif(), exif(b"II*\x00"), *icc(b"profile"), adobe(1), *picture()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        what = data.draw(st.sampled_from(["flip", "cut", "repeat", "marker"]))
        if what == "flip":
            whole[at : at + 1] = bytes((data.draw(st.integers(0, 255)),))
        elif what == "cut":
            del whole[at:]
        elif what == "repeat":
            whole[at:at] = whole[at : at + 40]
        else:
            whole[at : at + 1] = b"\xff" + bytes((data.draw(st.integers(0, 255)),))
    try:
        container = parse(bytes(whole), Limits())
    except PhotoPrivacyError:
        return
    container.check_tiling()


def test_a_jpeg_of_very_many_scans_is_refused_before_anybody_decodes_it() -> None:
    whole = jpeg(jfif(), *picture(progressive=True))
    at = whole.rindex(b"\xff\xda")
    bomb = whole[:at] + whole[at:-2] * 200 + whole[-2:]

    with pytest.raises(LimitExceeded) as caught:
        parse(bomb, Limits())

    assert caught.value.limit == "max_scans"
    assert parse(bomb, Limits(max_scans=300)).damage is None
