"""What a video costs grows with its bytes, however many boxes, tracks and samples it names."""

from __future__ import annotations

import struct
import time
import tracemalloc

import pytest

from builders_movie import pictures, sound, video
from photoprivacy import CannotStrip, Category, Policy, strip
from photoprivacy._plan._bmff_layout import Homes
from photoprivacy._verify._coded import in_file
from photoprivacy.containers._model import Span
from photoprivacy.errors import LimitExceeded
from photoprivacy.limits import Limits
from verify.built import CODED, HVCC, OTHER_CODED, box, full, moov, track

LOUD = Policy(keep=Policy.SHARE.keep | {Category.AUDIO})


def test_tracks_over_the_same_samples_are_refused() -> None:
    def shared(tracks: int) -> bytes:
        frames = (CODED * 2000,)
        return video(*(pictures(frames, number=n) for n in range(1, tracks + 1)), frames=frames)

    assert strip(shared(2)).data
    with pytest.raises(LimitExceeded):
        strip(shared(3))


def test_tracks_that_name_more_samples_than_any_video_has_are_refused() -> None:
    """Samples of no length cost four bytes each, and no byte of the file."""
    limits = Limits(max_segments=100)
    assert strip(video(pictures((CODED, *[b""] * 6_399))), limits=limits).data
    with pytest.raises(LimitExceeded):
        strip(video(pictures((CODED, *[b""] * 6_400))), limits=limits)


def scattered(count: int) -> bytes:
    """Return a video of *count* samples with a byte between them, behind as many empty mdats."""
    before = box(b"mdat", b"x") * count

    def head(start: int) -> bytes:
        places = tuple(start + n * (len(CODED) + 1) for n in range(count))
        sizes = (len(CODED),) * count
        one = track(1, sizes, 0, handler=b"vide", entry=b"hvc1", properties=(HVCC,), chunks=places)
        return box(b"ftyp", b"isom", bytes(4), b"isom") + moov(one)

    start = len(head(0)) + len(before) + 8
    return head(start) + before + box(b"mdat", (CODED + b"g") * count)


def test_many_boxes_and_chunks_take_no_more_than_a_moment() -> None:
    data = scattered(20_000)
    started = time.process_time()

    assert strip(data).data.count(CODED) == 20_000
    # Some 2 s here; boxes times chunks took 13 s, and four times that for twice as many.
    assert time.process_time() - started < 8


def test_a_stretch_is_in_a_home_or_not() -> None:
    homes = Homes.of([Span(20, 30), Span(5, 10), Span(10, 10)])
    for start in range(40):
        for stop in range(start + 1, 40):
            inside = 5 <= start < stop <= 10 or 20 <= start < stop <= 30
            assert homes.hold(Span(start, stop)) == inside


def test_a_sample_outside_mdat_is_refused() -> None:
    data = scattered(3)
    behind = data + box(b"free", CODED)
    inside, outside = (struct.pack(">I", where) for where in (data.index(CODED), len(data) + 8))
    assert strip(behind).data == strip(data).data
    with pytest.raises(CannotStrip, match="outside"):
        strip(behind.replace(inside, outside, 1))


def test_many_stretches_take_no_more_than_a_moment() -> None:
    kept = [(3 * n, 3 * n + 2) for n in range(600_000)]
    cuts = [(7 * n, 7 * n + 7) for n in range(1_800_000 // 7 + 1)]
    started = time.process_time()

    assert in_file([(10, 10 + 1_800_000)], kept) == [(a + 10, b + 10) for a, b in kept]
    pieces = in_file(cuts, kept)
    assert sum(b - a for a, b in pieces) == 1_200_000
    # Some 2 s here; taking each from the front of a list took 15 s.
    assert time.process_time() - started < 9


def test_sound_of_millions_of_samples_takes_a_few_bytes_for_each() -> None:
    count = 1_000_000
    one = sound(2, 0, size=1)
    for kind, values in (
        (b"stts", (1, count, 1)),
        (b"stsc", (1, 1, count, 1)),
        (b"stsz", (1, count)),
    ):
        at = one.index(kind) - 4
        size = int.from_bytes(one[at : at + 4], "big")
        table = full(kind, 0, struct.pack(f">{len(values)}I", *values))
        assert len(table) == size
        one = one[:at] + table + one[at + size :]
    # The samples are where the pictures are, and behind them.
    head = box(b"ftyp", b"isom", bytes(4), b"isom") + moov(pictures(), one)
    start = struct.pack(">I", len(head) + 8)
    for at in (head.index(b"stco"), head.rindex(b"stco")):
        head = head[: at + 12] + start + head[at + 16 :]
    data = head + box(b"mdat", CODED + OTHER_CODED + bytes(count))
    tracemalloc.start()
    try:
        assert len(strip(data, LOUD).data) > count
        assert tracemalloc.get_traced_memory()[1] < 100 * count
    finally:
        tracemalloc.stop()
