"""A clean JPEG: the same picture, and nothing else."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from builders import CANARY, XMP, adobe, app, between_scans, com, exif, icc, jfif, jpeg, picture
from builders_icc import profile as profile_of
from photoprivacy import strip
from photoprivacy._plan._jpeg import KEEP, plan_jpeg
from photoprivacy._plan._model import Wanted
from photoprivacy.containers._jpeg import parse_jpeg
from photoprivacy.errors import CannotStrip, MalformedImage
from photoprivacy.limits import Limits
from photoprivacy.policy import Category, Policy, Unknown

SHARE = Wanted(policy=Policy.SHARE)


def cleaned(data: bytes, wanted: Wanted = SHARE) -> bytes:
    return plan_jpeg(parse_jpeg(data, Limits()), data, wanted).carry_out(data)


def pixels(data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data)) as image:
        return image.mode, image.tobytes()


SLOTS = {
    **{f"APP{n}": app(n, CANARY) for n in range(16)},
    "Exif": exif(b"II*\x00" + CANARY),
    "XMP": app(1, XMP + CANARY),
    "extended XMP": app(1, b"http://ns.adobe.com/xmp/extension/\x00" + bytes(40) + CANARY),
    "FLIR": app(1, b"FLIR\x00" + CANARY),
    "MPF": app(2, b"MPF\x00" + CANARY),
    "FlashPix": app(2, b"FPXR\x00" + CANARY),
    "ISO 21496-1": app(2, b"urn:iso:std:iso:ts:21496:-1\x00" + CANARY),
    "stray ICC chunk": app(2, b"ICC_PROFILE\x00\x02\x03" + CANARY),
    "JFIF thumbnail": jfif(CANARY.ljust(27, b"x"), width=3, height=3),
    "JFXX": app(0, b"JFXX\x00\x13" + CANARY),
    "JUMBF": app(11, b"JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x30jumb" + CANARY),
    "Ducky": app(12, b"Ducky" + CANARY),
    "Photoshop": app(13, b"Photoshop 3.0\x008BIM" + CANARY),
    "after Adobe": adobe(1, CANARY),
    "COM": com(CANARY),
    "JPG extension": b"\xff\xf0" + (len(CANARY) + 2).to_bytes(2, "big") + CANARY,
    "garbage": CANARY,
}


PLACES = ("before the picture", "between its scans", "before EOI")


@pytest.mark.parametrize(
    ("where", "slot"),
    # Bytes after a scan are entropy-coded data; nothing can tell garbage from it there.
    [(w, s) for w in PLACES for s in SLOTS if s != "garbage" or w == "before the picture"],
)
def test_what_stands_in_a_slot_is_gone_and_the_bytes_do_not_depend_on_it(
    slot: str, where: str
) -> None:
    extra = SLOTS[slot]
    plain = jpeg(jfif(), *picture(progressive=True))
    if where == "before the picture":
        dirty = jpeg(jfif(), extra, *picture(progressive=True))
    elif where == "between its scans":
        dirty = between_scans(extra)
        plain = jpeg(*picture(progressive=True))
    else:
        dirty = jpeg(jfif(), *picture(progressive=True), extra)
    out = cleaned(dirty)

    assert CANARY not in out
    assert pixels(out) == pixels(plain)
    if slot not in ("after Adobe", "JFIF thumbnail"):
        assert out == cleaned(plain)


@pytest.mark.parametrize(
    "tail", [CANARY, jpeg(com(CANARY), *picture()), b"\x00\x00\x00\x18ftypmp42" + CANARY]
)
def test_everything_after_eoi_is_gone(tail: bytes) -> None:
    out = cleaned(jpeg(*picture()) + tail)

    assert out == jpeg(*picture())


def test_jfif_is_rebuilt_without_thumbnail_and_density() -> None:
    out = cleaned(jpeg(jfif(bytes(27), width=3, height=3, density=300), *picture()))

    assert out.startswith(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")


def test_density_stays_when_the_policy_keeps_resolution() -> None:
    policy = Policy(keep={*Policy.SHARE.keep, Category.RESOLUTION})
    segment = app(0, b"JFIF\x00\x01\x01\x01\x01\x2c\x01\x2c\x00\x00")
    out = cleaned(jpeg(segment, *picture()), Wanted(policy=policy))

    with Image.open(io.BytesIO(out)) as image:
        assert image.info["dpi"] == (300, 300)


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_colours_stay_what_they_were(mode: str) -> None:
    data = jpeg(adobe(0, b"tail") if mode == "CMYK" else b"", *picture(mode))

    assert pixels(cleaned(data)) == pixels(data)


def test_the_adobe_segment_is_its_twelve_bytes() -> None:
    out = cleaned(jpeg(adobe(1, CANARY), *picture()))

    assert b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x01\xff" in out


def test_a_profile_is_joined_and_cut_anew() -> None:
    profile = profile_of(bytes(range(256)) * 600)
    out = cleaned(jpeg(*icc(profile, 5), *picture()))

    with Image.open(io.BytesIO(out)) as image:
        assert image.info["icc_profile"] == profile
    assert out.count(b"ICC_PROFILE\x00") == 3
    assert cleaned(jpeg(*icc(profile, 7), *picture())) == out


def test_what_a_profile_says_it_does_not_hold_goes() -> None:
    clean = cleaned(jpeg(*icc(profile_of()), *picture()))

    assert cleaned(jpeg(*icc(profile_of(tail=CANARY), 2), *picture())) == clean


@pytest.mark.parametrize("junk", [CANARY * 20, profile_of().replace(b"acsp", CANARY[:4])])
def test_bytes_that_are_no_profile_go(junk: bytes) -> None:
    assert cleaned(jpeg(*icc(junk), *picture())) == cleaned(jpeg(*picture()))


def test_a_profile_goes_when_the_policy_keeps_no_colour() -> None:
    assert b"ICC_PROFILE" not in cleaned(
        jpeg(*icc(profile_of()), *picture()), Wanted(policy=Policy(keep=()))
    )


def test_fresh_blocks_stand_in_front() -> None:
    wanted = Wanted(policy=Policy.SHARE, exif=b"MM\x00*fresh", xmp=b"<x/>")
    out = cleaned(jpeg(jfif(), exif(b"II*\x00old"), *picture()), wanted)

    assert out.index(b"JFIF") < out.index(b"Exif\x00\x00MM\x00*fresh") < out.index(XMP + b"<x/>")
    assert b"old" not in out


def test_a_fresh_block_that_does_not_fit_is_refused() -> None:
    with pytest.raises(CannotStrip):
        cleaned(jpeg(*picture()), Wanted(policy=Policy.SHARE, exif=bytes(70_000)))


@pytest.mark.parametrize("extra", [app(9, b"who knows"), b"garbage"])
def test_unknown_bytes_are_refused_when_the_policy_says_so(extra: bytes) -> None:
    wanted = Wanted(policy=Policy(unknown=Unknown.REFUSE))

    with pytest.raises(CannotStrip):
        cleaned(jpeg(extra, *picture()), wanted)


def test_a_truncated_jpeg_is_refused() -> None:
    with pytest.raises(MalformedImage):
        cleaned(jpeg(*picture())[:-40])


def test_cleaning_twice_changes_nothing() -> None:
    once = cleaned(jpeg(jfif(), com(b"x"), *icc(profile_of(), 3), adobe(1), *picture()))

    assert cleaned(once) == once


def test_every_rule_says_why() -> None:
    assert all(len(rule.reason) > 10 for rule in KEEP.values())


def restarted(between: bytes) -> bytes:
    """Return a photo with restart markers, *between* standing in front of each."""
    plain = jpeg(*picture(size=64, restarts=2))
    return re.sub(rb"\xff[\xd0-\xd7]", lambda found: between + found[0], plain)


def test_fill_in_front_of_a_restart_goes_and_the_picture_stays() -> None:
    plain, filled = restarted(b""), restarted(b"\xff" * 3)

    assert filled.count(b"\xff\xff\xff\xff") >= 7
    assert pixels(filled) == pixels(plain)
    assert strip(filled).data == strip(plain).data == cleaned(plain)


def test_fill_in_front_of_a_stuffed_zero_is_damage() -> None:
    plain = restarted(b"")

    with pytest.raises(MalformedImage, match="fill bytes"):
        strip(plain.replace(b"\xff\x00", b"\xff\xff\x00"))
