"""HEIC and AVIF to segments: they tile the file, whatever the file is."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoprivacy import PhotoPrivacyError, strip
from photoprivacy.containers import BlockKind, Role, parse
from photoprivacy.containers._bmff import BmffContainer, parse_bmff
from photoprivacy.errors import LimitExceeded, MalformedImage, TruncatedImage, VerificationFailed
from photoprivacy.limits import Limits
from verify.built import (
    CANARY,
    CODED,
    FRAMES,
    HDLR,
    HVCC,
    IROT,
    ISPE,
    OTHER_CODED,
    box,
    full,
    heic,
    infe,
    iref,
    moov,
    track,
)

PICTURE = (b"hvc1", CODED)
SEQUENCE = heic(
    brands=b"avismsf1", movie=moov(track(1, (11, 12), 0), more=box(b"udta", CANARY)), samples=FRAMES
)
RICH = heic(
    {1: (b"grid", bytes(8)), 2: PICTURE, 3: (b"hvc1", OTHER_CODED), 4: (b"Exif", bytes(40))},
    references=(iref(b"dimg", 1, 2, 3), iref(b"cdsc", 4, 1)),
    has={1: (2, 3), 2: (1, 2), 3: (1, 2)},
    inside=(1,),
    gap=CANARY,
    top=(box(b"free", CANARY), box(b"udta", CANARY)),
)
FILES = {"rich": RICH, "sequence": SEQUENCE, "plain": heic()}


def taken_apart(data: bytes) -> BmffContainer:
    container = parse_bmff(data, Limits())
    container.check_tiling()
    return container


@pytest.mark.parametrize("name", FILES)
def test_segments_tile_the_file(name: str) -> None:
    taken_apart(FILES[name])


def test_every_item_is_a_segment_of_its_own() -> None:
    container = taken_apart(RICH)
    roles = {s.item: s.role for s in container.segments if s.item is not None}

    assert roles == {1: Role.PICTURE, 2: Role.PICTURE, 3: Role.PICTURE, 4: Role.METADATA}
    assert [s.span.of(RICH) for s in container.segments if s.item == 2] == [CODED]


def test_samples_of_a_sequence_are_pictures() -> None:
    container = taken_apart(SEQUENCE)

    assert (
        b"".join(s.span.of(SEQUENCE) for s in container.segments if s.kind == "sample")
        == (FRAMES[:23])
    )
    assert container.movie is not None
    assert [track.sizes for track in container.movie.tracks] == [(11, 12)]


def test_what_is_no_box_behind_the_items_is_a_trailer() -> None:
    container = taken_apart(heic() + CANARY)

    assert container.segments[-1].role is Role.TRAILER
    assert [b.data for b in container.blocks if b.kind is BlockKind.TRAILER] == [CANARY]
    assert container.problems


def test_metadata_of_a_track_is_read_like_that_of_the_file() -> None:
    inner = full(
        b"meta", 0, HDLR, full(b"iinf", 0, b"\0\1", infe(1, b"mime", b"\0application/rdf+xml")),
        full(b"iloc", 1, b"\x44\0\0\1", struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(CANARY))),
        box(b"idat", CANARY),
    )  # fmt: skip
    data = heic(brands=b"avismsf1", movie=moov(track(1, (11, 12), 0, more=inner)), samples=FRAMES)
    found = [block for block in taken_apart(data).blocks if block.kind is BlockKind.XMP]

    assert [block.data for block in found] == [CANARY]
    assert not any(block.primary for block in found)


def test_two_lists_of_associations_are_one_as_long_as_no_item_is_in_both() -> None:
    def ipma(*rows: bytes) -> bytes:
        return full(b"ipma", 0, struct.pack(">I", len(rows)), *rows)

    def data(*lists: bytes) -> bytes:
        plain = heic({1: PICTURE, 2: (b"hvc1", CODED)}, has={1: (1, 2), 2: (1, 2)})
        old = plain[plain.index(b"iprp") - 4 :]
        old = old[: struct.unpack(">I", old[:4])[0]]
        new = box(b"iprp", box(b"ipco", HVCC, ISPE, IROT), *lists)
        start = plain.index(b"meta") - 4
        size = struct.unpack_from(">I", plain, start)[0] + len(new) - len(old)
        return plain[:start] + struct.pack(">I", size) + plain[start + 4 :].replace(old, new)

    first, second = b"\0\1\2\1\2", b"\0\2\2\1\2"
    container = parse_bmff(data(ipma(first), ipma(second)), Limits())
    assert container.meta is not None
    assert [entry.item for entry in container.meta.associations] == [1, 2]
    with pytest.raises(MalformedImage, match="twice"):
        parse_bmff(data(ipma(first), ipma(first)), Limits())


@pytest.mark.parametrize(
    "data",
    [
        heic()[:-1],
        heic()[:40],
        heic(entries=(infe(1, b"hvc1"), infe(1, b"hvc1"))),
        heic(primary=full(b"pitm", 0, b"\0\x09")),
        heic(top=(full(b"meta", 0, HDLR),)),
        heic(entries=(full(b"infe", 0, bytes(9)),)),
        heic(
            brands=b"avismsf1", movie=moov(track(1, (11,), 0), track(1, (11,), 0)), samples=FRAMES
        ),
    ],
)
def test_a_broken_file_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedImage):
        strip(data)


def test_an_item_that_points_past_the_end_is_truncated() -> None:
    data = bytearray(heic())
    at = data.index(b"iloc") + 8 + 4 + 8
    data[at : at + 4] = b"\x7f\xff\xff\xff"

    with pytest.raises(TruncatedImage):
        strip(bytes(data))


@pytest.mark.parametrize("value", [0, 1, 7, 8, 0x7FFFFFFF, 0xFFFFFFFF])
@pytest.mark.parametrize("name", FILES)
def test_a_flipped_size_or_count_is_refused_or_cleaned(name: str, value: int) -> None:
    data = FILES[name]
    tried = 0
    for at in range(0, len(data) - 4, 3):
        wrong = data[:at] + value.to_bytes(4, "big") + data[at + 4 :]
        try:
            clean = strip(wrong).data
        except VerificationFailed:
            raise  # the writer and its check disagree
        except PhotoPrivacyError:
            tried += 1
            continue
        assert strip(clean).data == clean
        tried += 1

    assert tried == len(range(0, len(data) - 4, 3))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_damage_never_raises_anything_else(name: str, data: st.DataObject) -> None:
    source = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source) - 1))
        kind = data.draw(st.sampled_from(["cut", "flip", "double", "insert"]))
        if kind == "cut":
            del source[at : at + data.draw(st.integers(1, 64))]
        elif kind == "flip":
            source[at] ^= data.draw(st.integers(1, 255))
        elif kind == "double":
            source[at:at] = source[at : at + 32]
        else:
            source[at:at] = data.draw(st.binary(max_size=16))
        if not source:
            return
    try:
        parse(bytes(source), Limits()).check_tiling()
        strip(bytes(source))
    except VerificationFailed:
        raise
    except PhotoPrivacyError:
        return


def test_more_samples_than_the_file_can_hold_are_refused() -> None:
    movie = moov(track(1, (11,), 0))
    at = movie.index(b"stsz") + 8
    wrong = movie[:at] + struct.pack(">II", 1, 0xFFFFFFF0) + movie[at + 8 :]
    started = time.process_time()

    with pytest.raises(MalformedImage):
        strip(heic(brands=b"avismsf1", movie=wrong, samples=FRAMES))
    assert time.process_time() - started < 1


def test_more_items_than_the_limit_are_refused() -> None:
    items = dict.fromkeys(range(1, 30), (b"hvc1", b"x"))

    with pytest.raises(LimitExceeded):
        parse_bmff(heic(items), Limits(max_items=20))
