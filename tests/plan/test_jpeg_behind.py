"""Stereo pairs, bursts and motion photos: what stays behind a JPEG when the owner says so."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest
from PIL import Image, MpoImagePlugin

from builders import CANARY, app, com, exif, icc, jfif, jpeg, picture
from builders_gain_map import MAP, gain_map, xmp
from builders_icc import NOT_STATED, curve, described
from builders_icc import icc as profile_of
from builders_movie import LEVELS, pictures, sound, start_of_sound, video, words
from photoprivacy import CannotStrip, Policy, VerificationFailed, inspect, strip
from photoprivacy._plan import _jpeg_behind, _motion
from photoprivacy._plan._jpeg_behind import Listed, directory
from photoprivacy._plan._model import Rule
from photoprivacy.containers._jpeg_behind import FURTHER
from photoprivacy.policy import RENDERING, Category
from verify.built import CODED, short, tiff

PICTURES = Policy(keep=RENDERING | {Category.EMBEDDED_IMAGE})
VIDEO = Policy(keep=RENDERING | {Category.EMBEDDED_VIDEO})
ALL = Policy(keep=RENDERING | {Category.EMBEDDED_IMAGE, Category.EMBEDDED_VIDEO, Category.AUDIO})
LEFT, RIGHT = picture(size=40), picture(size=40, progressive=True)
STEREO = 0x020002
MOMENT = 'GCamera:MotionPhotoPresentationTimestampUs="{}"'
CAMERA = ' xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" '
MOVIE = video(pictures(), sound(2, start_of_sound()), user=(words(b"\xa9xyz", b"+52.37+004.89/"),))


def listing(first: bytes, *behind: tuple[int, bytes], kind: int = 0x20000000 | STEREO) -> bytes:
    """Return *first* with a directory that lists it and what is *behind* it, and that."""
    marker = b"\xff\xe2"
    at = first.index(marker) if marker in first[:200] else 2
    size = 4 + 4 + len(directory([Listed(0, 0)] * (len(behind) + 1), 0))
    rows = [Listed(kind, len(first) + size), *(Listed(k, len(data)) for k, data in behind)]
    told = app(2, b"MPF\x00" + directory(rows, at + 8))
    return first[:at] + told + first[at:] + b"".join(data for _, data in behind)


def right(*header: bytes) -> bytes:
    return jpeg(jfif(), *header, *RIGHT)


PAIR = listing(jpeg(jfif(), *LEFT), (STEREO, right()))


def test_a_pair_is_one_picture_unless_it_is_kept() -> None:
    assert strip(PAIR).data == jpeg(jfif(), *LEFT)
    kept = strip(PAIR, PICTURES)
    assert b"".join(LEFT) in kept.data
    assert b"".join(RIGHT) in kept.data
    assert not inspect(kept.data).violations(PICTURES)
    assert not strip(kept.data, PICTURES).changed


def test_pillow_reads_a_kept_pair_as_it_read_the_source() -> None:
    kept = strip(PAIR, PICTURES).data
    for data in (PAIR, kept):
        with Image.open(io.BytesIO(data)) as pair:
            assert isinstance(pair, MpoImagePlugin.MpoImageFile)
            assert pair.n_frames == 2
    with Image.open(io.BytesIO(PAIR)) as before, Image.open(io.BytesIO(kept)) as after:
        for frame in range(2):
            before.seek(frame)
            after.seek(frame)
            assert before.tobytes() == after.tobytes()


PROFILE = {b"cprt": NOT_STATED, b"rTRC": curve(b"made here")}
#: what a further picture says of itself
SAID = {
    "Exif": right(exif(tiff((short(0x0112, 1),)) + CANARY)),
    "a comment": right(com(CANARY)),
    "XMP": right(app(1, b"http://ns.adobe.com/xap/1.0/\x00" + CANARY)),
    "a directory of its own": right(app(2, b"MPF\x00" + CANARY)),
    "an unknown segment": right(app(9, CANARY)),
    "a profile's words": right(*icc(profile_of({b"desc": described(CANARY), **PROFILE}))),
}


@pytest.mark.parametrize("what", SAID)
def test_each_kept_picture_is_cleaned(what: str) -> None:
    data = listing(jpeg(jfif(), *LEFT), (STEREO, SAID[what]))
    kept = strip(data, PICTURES).data
    assert CANARY in data
    assert CANARY not in kept
    assert strip(kept, PICTURES).data == kept


def test_each_picture_keeps_its_own_side_up_and_colours() -> None:
    turned = right(exif(tiff((short(0x0112, 6),))), *icc(profile_of(PROFILE)))
    kept = strip(listing(jpeg(jfif(), *LEFT), (STEREO, turned)), PICTURES).data
    second = kept[kept.rindex(b"\xff\xd8\xff") :]
    assert inspect(second).orientation == 6
    assert b"ICC_PROFILE" in second
    assert b"ICC_PROFILE" not in kept[: -len(second)]
    assert inspect(kept).orientation == 1


def test_previews_and_pictures_that_nobody_lists_go() -> None:
    alone = strip(jpeg(jfif(), *LEFT), PICTURES).data
    for data in (
        listing(jpeg(jfif(), *LEFT), (0x010001, right())),
        listing(jpeg(jfif(), *LEFT), (0x010002, right())),
        jpeg(jfif(), *LEFT) + right(),
        jpeg(jfif(), *LEFT) + CANARY + right(),
    ):
        assert strip(data, PICTURES).data == alone


@pytest.mark.parametrize("kind", FURTHER)
def test_all_pictures_of_a_burst_stay_in_their_order(kind: int) -> None:
    others = [jpeg(jfif(), *picture(size=size)) for size in (24, 16, 8)]
    data = listing(jpeg(jfif(), *LEFT), *((kind, one) for one in others))
    kept = strip(data, PICTURES).data
    at = [kept.index(b"".join(picture(size=size))) for size in (24, 16, 8)]
    assert at == sorted(at)
    with Image.open(io.BytesIO(kept)) as burst:
        assert isinstance(burst, MpoImagePlugin.MpoImageFile)
        assert burst.n_frames == 4
    assert strip(kept, PICTURES).data == kept


def motion(
    *behind: bytes, said: str = MOMENT.format(416_666), header: tuple[bytes, ...] = ()
) -> bytes:
    """Return a motion photo: what is *behind* the picture, a video unless something is said."""
    packet = xmp(CAMERA + 'GCamera:MotionPhoto="1" ' + said)
    return jpeg(jfif(), packet, *header, *LEFT) + b"".join(behind or (MOVIE,))


def test_the_video_goes_unless_it_is_kept() -> None:
    assert strip(motion()).data == jpeg(jfif(), *LEFT)
    kept = strip(motion(), VIDEO)
    assert kept.data.startswith(jpeg(jfif(), *LEFT)[:20])
    assert CODED in kept.data
    assert LEVELS not in kept.data
    assert b"+52.37" not in kept.data
    assert kept.data.endswith(strip(MOVIE).data)
    assert not inspect(kept.data).violations(VIDEO)
    assert not strip(kept.data, VIDEO).changed


def test_the_video_keeps_its_sound_only_if_that_is_kept_too() -> None:
    kept = strip(motion(), ALL).data
    assert LEVELS in kept
    assert strip(kept, VIDEO).data == strip(motion(), VIDEO).data


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (MOMENT.format(416_666), 416_666),
        (MOMENT.format(-1), -1),
        ("", -1),
        (MOMENT.format("52.3702"), -1),
        (MOMENT.format("99999999999999"), -1),
        ('GCamera:MicroVideoPresentationTimestampUs="7"', 7),
    ],
)
def test_the_moment_of_the_photo_stays(said: str, moment: int) -> None:
    kept = strip(motion(said=said), VIDEO).data
    assert MOMENT.format(moment).encode() in kept
    length = len(strip(MOVIE).data)
    item = f'Item:Semantic="MotionPhoto" Item:Mime="video/mp4" Item:Length="{length}"'
    assert item.encode() in kept


def test_what_vendors_put_around_the_video_goes() -> None:
    plain = strip(motion(), VIDEO).data
    samsung = b"\x00\x00\x30\x0a\x10\x00\x00\x00MotionPhoto_Data"
    for data in (
        motion(samsung, MOVIE),
        motion(MOVIE, b"\x00\x00\x30\x0a" + CANARY + b"SEFT"),
        motion(CANARY, MOVIE, CANARY),
        motion(right(com(CANARY)), MOVIE),
    ):
        assert strip(data, VIDEO).data == plain


def test_a_damaged_video_is_refused_where_it_is_kept() -> None:
    for damaged in (
        MOVIE.replace(b"stsz", b"leak"),
        video(inside=b"\0\0\0\x08mvex"),
    ):
        with pytest.raises(CannotStrip):
            strip(motion(damaged), VIDEO)
        assert strip(motion(damaged)).data == jpeg(jfif(), *LEFT)


def test_half_a_video_is_none() -> None:
    plain = strip(jpeg(jfif(), *LEFT), VIDEO).data
    assert strip(motion(MOVIE[:-3]), VIDEO).data == plain
    assert strip(motion(b"\0\0\0\x14ftyp" + CANARY), VIDEO).data == plain


def test_gain_map_pictures_and_video_stay_side_by_side() -> None:
    # A gain map first, as Ultra HDR wants it, whatever the order was.
    bright = gain_map()
    first = jpeg(jfif(), xmp(CAMERA + MOMENT.format(5) + ' hdrgm:Version="1.0"'), *LEFT)
    data = listing(first, (STEREO, right()), (0, bright)) + MOVIE
    kept = strip(data, ALL).data
    assert kept.index(b"".join(MAP)) < kept.index(b"".join(RIGHT)) < kept.index(CODED)
    assert strip(kept, ALL).data == kept
    for policy in (Policy.SHARE, PICTURES, VIDEO, Policy(keep=())):
        assert strip(kept, policy).data == strip(data, policy).data
        assert not inspect(strip(data, policy).data).violations(policy)


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
def test_exiftool_finds_the_video_and_the_pictures(tmp_path: Path) -> None:
    data = listing(motion(right())[: -len(right())], (STEREO, right())) + MOVIE
    file = tmp_path / "a.jpg"
    file.write_bytes(strip(data, ALL).data)
    said = subprocess.run(
        ["exiftool", "-a", "-s3", "-XMP:DirectoryItemSemantic", "-MPF0:NumberOfImages", file],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "Primary\nMotionPhoto\n" in said
    assert "\n2\n" in said


WIDENED = {
    "picture": (PAIR, Policy.SHARE),
    "video": (motion(), Policy.SHARE),
    "gain map": (jpeg(jfif(), *LEFT) + gain_map(), Policy(keep=())),
}


@pytest.mark.parametrize("what", WIDENED)
def test_what_stays_by_mistake_is_noticed(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, policy = WIDENED[what]
    strip(data, policy)
    rule = Rule(category=None, reason="widened on purpose")
    table = _motion.VIDEO if what == "video" else _jpeg_behind.BEHIND
    monkeypatch.setitem(table, what, rule)
    with pytest.raises(VerificationFailed):
        strip(data, policy)


def test_a_preview_that_stays_by_mistake_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FURTHER, 0x010001, "widened on purpose")
    with pytest.raises(VerificationFailed):
        strip(listing(jpeg(jfif(), *LEFT), (0x010001, right())), PICTURES)


def test_a_wrong_directory_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(pictures: list[Listed], tiff: int) -> bytes:
        return directory([attrs.evolve(one, length=one.length + 1) for one in pictures], tiff)

    monkeypatch.setattr("photoprivacy._plan._jpeg.directory", wrong)
    with pytest.raises(VerificationFailed):
        strip(PAIR, PICTURES)


def test_a_directory_that_leads_anywhere_is_no_harm() -> None:
    alone = strip(jpeg(jfif(), *LEFT), PICTURES).data
    good = directory([Listed(0, 9), Listed(STEREO, 9)], 3)
    for at in range(len(good)):
        for value in (0, 1, 0x7F, 0xFF):
            broken = good[:at] + bytes((value,)) + good[at + 1 :]
            data = jpeg(jfif(), app(2, b"MPF\x00" + broken), *LEFT)
            assert strip(data, PICTURES).data == alone
    for cut in range(len(good)):
        data = jpeg(jfif(), app(2, b"MPF\x00" + good[:cut]), *LEFT) + right()
        assert strip(data, PICTURES).data == alone


def test_a_picture_that_is_listed_and_damaged_is_refused_where_it_is_kept() -> None:
    second = right()
    for damaged in (second[:-2], second[:20] + b"\xff\x02" + second[22:], second[:30]):
        data = listing(jpeg(jfif(), *LEFT), (STEREO, damaged))
        with pytest.raises(CannotStrip, match="damaged"):
            strip(data, PICTURES)
        assert strip(data).data == jpeg(jfif(), *LEFT)


def test_a_bare_shape_of_pixels_goes_with_orientation() -> None:
    wide = jpeg(jfif().replace(b"\x00\x01\x00\x01", b"\x00\x02\x00\x01", 1), *LEFT)
    assert b"\x00\x02\x00\x01" in strip(wide).data[:20]
    bare = Policy(keep={Category.COLOR})
    assert b"\x00\x02\x00\x01" not in strip(wide, bare).data[:20]
    assert not inspect(strip(wide, bare).data).violations(bare)
