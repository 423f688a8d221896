"""The video of a HEIC motion photo: gone, unless the owner keeps it; then clean."""

from __future__ import annotations

import struct

import pytest

from builders import CANARY
from builders_movie import LEVELS, pictures, sound, start_of_sound, video, words
from photoprivacy import CannotStrip, Policy, VerificationFailed, inspect, strip
from photoprivacy._plan import Rule, _motion
from photoprivacy.policy import RENDERING, Category
from plan.test_bmff import XMP_ENTRY
from verify.built import AV1C, CODED, HVCC, ISPE, OTHER_CODED, box, heic, infe, obu

KEEP = Policy(keep=RENDERING | {Category.EMBEDDED_VIDEO})
LOUD = Policy(keep=KEEP.keep | {Category.AUDIO})
MOVIE = video(
    pictures((OTHER_CODED,)),
    sound(2, start_of_sound((OTHER_CODED,))),
    frames=(OTHER_CODED,),
    user=(words(b"\xa9xyz", CANARY),),
)
PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" '
    b'GCamera:MotionPhotoPresentationTimestampUs="1500"/></rdf:RDF></x:xmpmeta>'
)


def photo(*top: bytes) -> bytes:
    return heic(top=top or (box(b"mpvd", MOVIE),))


def test_the_video_goes_unless_it_is_kept() -> None:
    assert strip(photo()).data == strip(heic()).data
    kept = strip(photo(), KEEP)
    assert kept.data.endswith(box(b"mpvd", strip(MOVIE).data))
    assert CODED in kept.data
    assert OTHER_CODED in kept.data
    assert LEVELS not in kept.data
    assert CANARY not in kept.data
    assert b'Item:Mime="image/heic"' in kept.data
    assert b'MotionPhotoPresentationTimestampUs="-1"' in kept.data
    assert not inspect(kept.data).violations(KEEP)
    assert not strip(kept.data, KEEP).changed
    assert LEVELS in strip(photo(), LOUD).data
    assert strip(strip(photo(), LOUD).data, KEEP).data == kept.data


def test_the_moment_stays() -> None:
    items = {1: (b"hvc1", CODED), 2: (b"mime", PACKET)}
    data = heic(items, entries=(infe(1, b"hvc1"), XMP_ENTRY), top=(box(b"mpvd", MOVIE),))
    kept = strip(data, KEEP).data
    assert b'MotionPhotoPresentationTimestampUs="1500"' in kept
    assert strip(kept, KEEP).data == kept


def test_an_avif_says_what_it_is() -> None:
    data = heic(
        {1: (b"av01", obu(6, b"frame"))}, properties=(AV1C, ISPE), brands=b"avifmif1",
        top=(box(b"mpvd", MOVIE),),
    )  # fmt: skip
    kept = strip(data, KEEP).data
    assert b'Item:Mime="image/avif"' in kept
    assert strip(kept, KEEP).data == kept


def test_samsungs_data_goes_and_a_damaged_video_is_refused() -> None:
    kept = strip(photo(), KEEP).data
    assert strip(photo(box(b"mpvd", MOVIE), box(b"sefd", CANARY)), KEEP).data == kept
    for damaged in (MOVIE[:-3], CANARY, MOVIE.replace(b"stsz", b"leak")):
        with pytest.raises(CannotStrip):
            strip(photo(box(b"mpvd", damaged)), KEEP)
        assert strip(photo(box(b"mpvd", damaged))).data == strip(heic()).data


def test_a_video_that_stays_by_mistake_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Rule(category=None, reason="widened on purpose")
    monkeypatch.setitem(_motion.VIDEO, "video", rule)
    with pytest.raises(VerificationFailed):
        strip(photo())


def test_what_a_crop_of_the_video_hides_goes_and_stays_with_the_video() -> None:
    crop = box(b"clap", struct.pack(">8i", 8, 1, 8, 1, 0, 1, 0, 1))
    cropped = photo(box(b"mpvd", video(pictures(properties=(HVCC, crop)))))
    code = "hidden-pixels.crop-of-clip"
    assert [one.code for one in inspect(cropped).findings].count(code) == 1
    gone, kept = strip(cropped), strip(cropped, KEEP)
    assert gone.data == strip(heic()).data
    assert [one.code for one in gone.kept].count(code) == 0
    assert crop in kept.data
    assert [one.code for one in kept.kept].count(code) == 1
    assert [one.what for one in kept.residue] == ["Pixels outside a video's crop"]
