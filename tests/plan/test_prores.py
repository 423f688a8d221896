"""ProRes: what stands behind a frame in its sample goes; frames stay."""

from __future__ import annotations

import pytest

from builders import CANARY
from builders_movie import pictures, video
from builders_prores import frame, picture
from photoprivacy import CannotStrip, Policy, strip
from photoprivacy._plan._prores import frame_of
from photoprivacy._verify._model import Unclean
from photoprivacy._verify._prores import frame as seen
from photoprivacy.containers._model import Span
from photoprivacy.policy import Unknown

FRAMES = (frame(), frame(matrices=3))


def prores(*frames: bytes, coding: bytes = b"apcn") -> bytes:
    return video(pictures(frames, entry=coding, properties=()), frames=frames, brand=b"qt  ")


@pytest.mark.parametrize("coding", [b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x"])
def test_what_stands_behind_a_frame_goes(coding: bytes) -> None:
    bare = strip(prores(*FRAMES, coding=coding)).data
    assert all(one in bare for one in FRAMES)
    clean = strip(prores(FRAMES[0] + CANARY, FRAMES[1] + bytes(9), coding=coding)).data
    assert clean == bare
    assert not strip(clean).changed


def test_frames_of_every_shape_stay() -> None:
    shapes = (
        frame(stuffing=bytes(5)),
        frame(picture(slack=bytes(3))),
        frame(matrices=1),
        frame(picture(across=15, log2=3), width=240),
        frame(picture(across=5, log2=0), width=80),
        frame(picture(down=2), picture(down=2), interlaced=1),
        frame(picture(down=2), picture(down=2), interlaced=2, height=49),
    )
    for one in shapes:
        assert one in strip(prores(one)).data
        assert seen(one + CANARY, 0, len(one + CANARY)) == (0, len(one))


#: what no frame has, or nobody knows → the sample
REFUSED = {
    "no frame": CANARY * 5,
    "another mark": frame(mark=b"leak"),
    "a frame cut short": frame()[:-1],
    "a frame of almost nothing": frame()[:30],
    "a size of almost nothing": b"\0\0\0\x08" + frame()[4:],
    "tables that leave the frame": b"\0\0\0\x30" + frame(matrices=3)[4:],
    "words in front": frame(more=CANARY),
    "words behind the pictures": frame(stuffing=CANARY),
    "words behind the slices": frame(picture(slack=CANARY)),
    "slices that leave the picture": frame().replace(b"\0\x0a\0\x0c", b"\0\x0a\1\x0c"),
    "a header of another length": frame(picture(head=9)),
    "one field": frame(picture(down=2), interlaced=1),
    "fewer slices than a frame has": frame(picture(down=1)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_frame_has_is_refused(what: str) -> None:
    with pytest.raises(CannotStrip):
        strip(prores(REFUSED[what]))
    with pytest.raises(Unclean):
        seen(REFUSED[what], 0, len(REFUSED[what]))


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy, one = Policy(unknown=Unknown.REFUSE), frame()
    assert frame_of(one, Span(0, len(one)), policy) == Span(0, len(one))
    with pytest.raises(CannotStrip, match="inside the coded picture"):
        frame_of(one + b"x", Span(0, len(one) + 1), policy)


def test_that_frames_name_their_encoder_is_said() -> None:
    result = strip(prores(*FRAMES))
    assert b"mkr0" in result.data
    assert [left.size for left in result.residue] == [8]
    assert "encoder" in result.residue[0].what
