"""A clean WebP: the same picture, and nothing else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builders import CANARY
from builders_icc import profile
from builders_webp import (
    ALPHA,
    EXIF,
    FILM_SLOTS,
    ICC,
    SIMPLE_SLOTS,
    SLOTS,
    XMP,
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
from photoprivacy import strip
from photoprivacy._plan._model import Wanted
from photoprivacy._plan._webp import KEEP, plan_webp
from photoprivacy.containers._model import Container, Format
from photoprivacy.containers._webp import ROLES, parse_webp
from photoprivacy.errors import CannotStrip, MalformedImage, PhotoPrivacyError, VerificationFailed
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy, Unknown


def cleaned(data: bytes, policy: Policy = Policy.SHARE) -> bytes:
    """Return the clean copy, as it comes past the second pair of eyes."""
    return strip(data, policy).data


def planned(data: bytes, wanted: Wanted) -> bytes:
    return plan_webp(parse_webp(data, Limits()), data, wanted).carry_out(data)


def frames(data: bytes) -> list[tuple[str, bytes, object, object]]:
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            times = image.info.get("duration"), image.info.get("timestamp")
            found.append((image.mode, image.tobytes(), *times))
        return found


@pytest.mark.parametrize("slot", SLOTS)
def test_what_stands_in_a_slot_is_gone_and_the_bytes_do_not_depend_on_it(slot: str) -> None:
    out = cleaned(SLOTS[slot])

    assert out == still()
    assert frames(out) == frames(SLOTS[slot])


@pytest.mark.parametrize("slot", SIMPLE_SLOTS)
def test_what_follows_a_simple_picture_is_gone(slot: str) -> None:
    out = cleaned(SIMPLE_SLOTS[slot])

    assert out == webp(lossy())
    assert frames(out) == frames(SIMPLE_SLOTS[slot])


@pytest.mark.parametrize("slot", FILM_SLOTS)
def test_what_stands_in_an_animation_is_gone(slot: str) -> None:
    out = cleaned(FILM_SLOTS[slot])

    assert out == film()
    assert frames(out) == frames(FILM_SLOTS[slot])
    assert len(frames(out)) == 2


@pytest.mark.parametrize("old", [webp(lossy()), webp(lossless()), still(), film()])
def test_a_clean_file_stays_what_it_is(old: bytes) -> None:
    assert cleaned(old) == old


@pytest.mark.parametrize("where", ["alone", "in a file", "in a frame"])
def test_pad_bytes_are_zero(where: str) -> None:
    pixels = coded()[b"VP8 "]
    odd = pixels + bytes(1 - len(pixels) % 2)
    dirty, clean = part(b"VP8 ", odd, pad=b"Z"), part(b"VP8 ", odd)
    build = {"alone": webp, "in a file": lambda p: webp(vp8x(), p), "in a frame": _framed}[where]

    assert cleaned(build(dirty)) == build(clean)


def _framed(pixels: bytes) -> bytes:
    return film(anmf(pixels), anmf(lossless()))


@pytest.mark.parametrize("tail", [b"", b"x", CANARY])
@pytest.mark.parametrize("inside", [False, True])
def test_plain_transparency_ends_with_its_pixels(tail: bytes, *, inside: bool) -> None:
    def build(alpha: bytes) -> bytes:
        if inside:
            return film(anmf(alpha, lossy()), anmf(lossless(), time=40), flags=ALPHA)
        return webp(vp8x(ALPHA), alpha, lossy())

    data = build(plain_alph(tail))

    assert cleaned(data) == build(plain_alph())
    assert frames(cleaned(data)) == frames(data)


def test_packed_transparency_stays() -> None:
    data = webp(vp8x(ALPHA), alph(), part(b"VP8 ", coded("RGBA")[b"VP8 "]))

    assert cleaned(data) == data
    assert frames(data)[0][0] == "RGBA"


@pytest.mark.parametrize(
    "data",
    [
        webp(vp8x(), alph(), lossy()),
        film(anmf(alph(), lossy()), anmf(lossless())),
    ],
)
def test_transparency_that_nobody_announced_is_refused(data: bytes) -> None:
    with pytest.raises(CannotStrip) as caught:
        cleaned(data)
    assert not isinstance(caught.value, VerificationFailed)


def test_a_profile_stands_in_front_and_ends_where_it_says() -> None:
    chunk = part(b"ICCP", profile(tail=CANARY))
    clean = webp(vp8x(ICC), part(b"ICCP", profile()), lossy())

    assert cleaned(still(before=chunk, flags=ICC)) == clean
    assert cleaned(still(chunk, flags=ICC)) == clean
    assert cleaned(still(before=chunk + part(b"ICCP", profile(b"2")), flags=ICC)) == clean
    with Image.open(io.BytesIO(clean)) as image:
        assert image.info["icc_profile"] == profile()


def test_a_profile_goes_when_the_policy_keeps_no_colour() -> None:
    data = still(before=part(b"ICCP", profile()), flags=ICC)

    assert cleaned(data, Policy(keep=())) == still()


@pytest.mark.parametrize("pixels", [lossy(), lossless(), lossless("RGBA")])
def test_a_simple_file_gets_a_header_for_what_is_written(pixels: bytes) -> None:
    wanted = Wanted(policy=Policy.SHARE, exif=b"MM\x00*", xmp=b"<x/>")
    out = planned(webp(pixels), wanted)
    clear = ALPHA if pixels == lossless("RGBA") else 0

    written = part(b"EXIF", b"MM\x00*") + part(b"XMP ", b"<x/>")
    assert out == webp(vp8x(EXIF | XMP | clear), pixels, written)
    assert frames(out) == frames(webp(pixels))


def test_flags_say_what_is_there() -> None:
    assert cleaned(still(flags=0x2C)) == still()
    assert cleaned(still(flags=0xC1)) == still()


@pytest.mark.parametrize(
    "data",
    [
        still(part(b"leak", CANARY)),
        webp(lossy(), tail=CANARY),
        film(anmf(lossy(), part(b"leak", CANARY))),
    ],
)
def test_unknown_bytes_are_refused_where_the_policy_says_so(data: bytes) -> None:
    with pytest.raises(CannotStrip):
        cleaned(data, Policy(unknown=Unknown.REFUSE))


def test_damage_is_raised_and_other_containers_are_not_planned() -> None:
    with pytest.raises(MalformedImage):
        cleaned(webp(vp8x(), lossy(), lossy()))
    other = Container(format=Format.WEBP, size=0, segments=())
    with pytest.raises(TypeError):
        plan_webp(other, b"", Wanted(policy=Policy.SHARE))


def test_every_rule_is_about_a_chunk_there_is() -> None:
    assert KEEP.keys() <= ROLES.keys()


def test_the_length_of_what_was_removed_is_not_told() -> None:
    outputs = {
        cleaned(still(part(b"EXIF", b"MM\x00*" + bytes(size)), part(b"leak", bytes(size)), flags=8))
        for size in (0, 1, 1000, 70_000)
    }

    assert outputs == {still()}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_cleaned_but_never_fail_the_check(data: st.DataObject) -> None:
    whole = bytearray(
        data.draw(
            st.sampled_from(
                [
                    film(anmf(plain_alph(), lossy()), anmf(lossless(), anim()), flags=ALPHA),
                    webp(vp8x(ALPHA | ICC), part(b"ICCP", profile()), plain_alph(), lossy()),
                    *SLOTS.values(),
                    *SIMPLE_SLOTS.values(),
                    *FILM_SLOTS.values(),
                ]
            )
        )
    )
    for _ in range(data.draw(st.integers(1, 3))):
        chunks = _chunks(bytes(whole))
        what = data.draw(st.sampled_from(["flip", "repeat", "move"]))
        if what == "flip":
            at = data.draw(st.integers(12, len(whole) - 1))
            whole[at] = data.draw(st.integers(0, 255))
        elif chunks:
            one = data.draw(st.sampled_from(chunks))
            into = data.draw(st.sampled_from([start for start, _ in chunks]))
            moved = whole[slice(*one)]
            if what == "move":
                del whole[slice(*one)]
            whole[into:into] = moved
        whole[4:8] = (len(whole) - 8).to_bytes(4, "little")
    try:
        out = cleaned(bytes(whole))
    except VerificationFailed:
        raise
    except PhotoPrivacyError:
        return
    assert cleaned(out) == out


def _chunks(data: bytes) -> list[tuple[int, int]]:
    found, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            break
        found.append((at, min(at + 8 + size + size % 2, len(data))))
        at += 8 + size + size % 2
    return found
