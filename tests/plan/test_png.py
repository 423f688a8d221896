"""A clean PNG: the same picture, and nothing else."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builders import CANARY
from builders_icc import profile
from builders_png import (
    FIXED,
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
    palette,
    picture,
    png,
    rows,
)
from photoprivacy import inspect, strip
from photoprivacy._plan._model import Wanted
from photoprivacy._plan._png import KEEP, plan_png
from photoprivacy._plan._png_chunks import SHAPES
from photoprivacy.containers._model import Container, Format
from photoprivacy.containers._png import parse_png
from photoprivacy.errors import CannotStrip, MalformedImage, PhotoPrivacyError, VerificationFailed
from photoprivacy.limits import Limits
from photoprivacy.policy import Category, Policy, Unknown

SHARE = Wanted(policy=Policy.SHARE)
ALL = Policy(keep={*Policy.SHARE.keep, Category.RESOLUTION})


def cleaned(data: bytes, policy: Policy = Policy.SHARE) -> bytes:
    """Return the clean copy, as it comes past the second pair of eyes."""
    return strip(data, policy).data


def frames(data: bytes) -> list[tuple[str, bytes, object]]:
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            found.append((image.mode, image.tobytes(), image.info.get("duration")))
        return found


def readings(data: bytes) -> Iterator[bytes]:
    """Yield the file, and whatever in it can be inflated."""
    yield data
    for at, byte in enumerate(data):
        if byte == 0x78:
            try:
                yield zlib.decompressobj().decompress(data[at:], 1 << 20)
            except zlib.error:
                continue


def clean_of(canary: bytes, data: bytes) -> bool:
    return not any(canary in reading for reading in readings(data))


@pytest.mark.parametrize("slot", SLOTS)
def test_what_stands_in_a_slot_is_gone_and_the_bytes_do_not_depend_on_it(slot: str) -> None:
    assert not clean_of(CANARY, SLOTS[slot]) or slot == "a suggested palette"
    out = cleaned(SLOTS[slot])

    assert clean_of(CANARY[:24], out)
    # How the source had cut its image data into chunks is part of the picture, as it came.
    assert out == cleaned(picture()) or slot == "behind the stream, in two"
    assert frames(out) == frames(picture())
    assert cleaned(out) == out


@pytest.mark.parametrize("kind", FIXED)
@pytest.mark.parametrize(
    "place", ["longer", "shorter", "empty", "twice", "behind the image", "canary alone"]
)
def test_a_kept_chunk_of_another_shape_goes(kind: str, place: str) -> None:
    name, body = kind.encode(), FIXED[kind]
    good = chunk(name, body)
    dirty = {
        "longer": picture(chunk(name, body + CANARY)),
        "shorter": picture(chunk(name, body[:-1])),
        "empty": picture(chunk(name)),
        "twice": picture(good, chunk(name, CANARY)),
        "behind the image": picture(after=good),
        "canary alone": picture(chunk(name, CANARY)),
    }[place]

    assert cleaned(dirty, ALL) == cleaned(picture(good if place == "twice" else b""), ALL)


@pytest.mark.parametrize("kind", [k for k in FIXED if SHAPES[k].before_palette])
def test_a_chunk_that_counts_in_front_of_the_palette_only_goes_behind_it(kind: str) -> None:
    good = chunk(kind.encode(), FIXED[kind])

    assert cleaned(indexed(good), ALL) == indexed(good)
    assert cleaned(indexed(after_palette=good), ALL) == indexed()


def test_a_wrong_chunk_does_not_shadow_a_right_one() -> None:
    right = chunk(b"gAMA", FIXED["gAMA"])

    assert cleaned(picture(chunk(b"gAMA", CANARY), right)) == picture(right)


@pytest.mark.parametrize("kind", FIXED)
def test_a_kept_chunk_stays_as_it_is(kind: str) -> None:
    data = picture(chunk(kind.encode(), FIXED[kind]))

    assert cleaned(data, ALL) == data
    if KEEP[kind].category is not None:
        assert cleaned(data, Policy(keep=())) == picture()


def test_every_fixed_chunk_is_tried() -> None:
    assert SHAPES.keys() - {"tRNS", "acTL"} == FIXED.keys()
    assert SHAPES.keys() <= KEEP.keys()


@pytest.mark.parametrize(
    "data",
    [
        png(ihdr(colour=0), chunk(b"tRNS", b"\x00\x05"), idat(rows(colour=0))),
        picture(chunk(b"tRNS", bytes(6))),
        indexed(after_palette=chunk(b"tRNS", b"\x00\x80\xff")),
        indexed(after_palette=chunk(b"bKGD", b"\x01")),
    ],
)
def test_transparency_and_background_stay(data: bytes) -> None:
    assert cleaned(data) == data


@pytest.mark.parametrize(
    "data",
    [
        picture(chunk(b"tRNS", bytes(6) + CANARY)),
        picture(chunk(b"tRNS", bytes(6)), chunk(b"tRNS", bytes(6))),
        indexed(chunk(b"tRNS", b"\x00")),
        indexed(after_palette=chunk(b"tRNS", bytes(5))),
        indexed(after_palette=palette()),
        indexed(after_palette=iccp(profile())),
        picture(after=iccp(profile())),
        picture(after=chunk(b"tRNS", bytes(6))),
        picture(after=chunk(b"tRNS", CANARY)),
        picture(chunk(b"tRNS", bytes(6)), after=chunk(b"tRNS", bytes(6))),
        indexed(depth=2).replace(palette(4), palette(5)),
        indexed(depth=2).replace(palette(4), chunk(b"PLTE", bytes(4))),
        indexed(depth=2).replace(palette(4), chunk(b"PLTE")),
        png(ihdr(), idat(rows() + CANARY)),
        animation(frames=3),
        animation(frame=fdat(2, rows(), tail=CANARY)),
        animation(frame=fdat(2, rows() + CANARY)),
        picture(actl(1, tail=CANARY)),
        picture(iccp(profile()), iccp(profile(b"another"))),
        picture(chunk(b"gAMA", FIXED["gAMA"], checksum=1)),
        png(ihdr(), chunk(b"IDAT", zlib.compress(rows()), checksum=1)),
    ],
)
def test_what_decoders_read_in_different_ways_is_refused(data: bytes) -> None:
    with pytest.raises(CannotStrip) as caught:
        cleaned(data, ALL)

    assert not isinstance(caught.value, VerificationFailed)


def test_transparency_beside_alpha_goes() -> None:
    head, pixels = ihdr(colour=6), idat(rows(colour=6))

    assert cleaned(png(head, chunk(b"tRNS", CANARY[:6]), pixels)) == png(head, pixels)
    assert cleaned(png(head, pixels, chunk(b"tRNS", CANARY[:6]))) == png(head, pixels)


def test_a_broken_chunk_that_goes_anyway_does_not_matter() -> None:
    assert cleaned(picture(chunk(b"tEXt", b"k\x00" + CANARY, checksum=1))) == picture()


def test_an_animation_keeps_frames_and_times() -> None:
    data = animation(chunk(b"tEXt", b"k\x00" + CANARY))
    out = cleaned(data)

    assert out == animation()
    assert len(frames(out)) == 2
    assert frames(out) == frames(data)


def test_frames_without_an_animation_go() -> None:
    out = cleaned(picture(fctl(0), after=fctl(1) + fdat(2, CANARY * 8)))

    assert out == picture()


def test_a_profile_is_packed_anew_under_a_name_of_ours() -> None:
    clean = cleaned(picture(iccp(profile())))
    dirty = picture(iccp(profile(tail=CANARY), name=CANARY, tail=CANARY))

    whole = iccp(profile())[8:-4]
    faulty = picture(chunk(b"iCCP", whole[:-1] + bytes((whole[-1] ^ 1,))))

    assert cleaned(dirty) == clean
    assert cleaned(faulty) == clean
    assert cleaned(picture(iccp(profile()), iccp(profile()))) == clean
    with Image.open(io.BytesIO(clean)) as image:
        assert image.info["icc_profile"] == profile()


def test_a_profile_goes_when_the_policy_keeps_no_colour() -> None:
    assert cleaned(picture(iccp(profile())), Policy(keep=())) == picture()


def test_what_is_no_profile_goes_from_behind_the_palette_too() -> None:
    assert cleaned(indexed(after_palette=iccp(CANARY * 8))) == indexed()
    assert cleaned(picture(after=iccp(CANARY * 8))) == picture()


@pytest.mark.parametrize("cut", [0, 1, 9])
def test_image_data_ends_with_its_stream(cut: int) -> None:
    stream = zlib.compress(rows())
    parts = [chunk(b"IDAT", stream[:cut]), chunk(b"IDAT", stream[cut:] + CANARY)]
    out = cleaned(png(ihdr(), *parts, chunk(b"IDAT", CANARY)))

    assert out == png(ihdr(), chunk(b"IDAT", stream[:cut]), chunk(b"IDAT", stream[cut:]))


def test_fresh_blocks_follow_the_header() -> None:
    wanted = Wanted(policy=Policy.SHARE, exif=b"MM\x00*fresh", xmp=b"<x/>")
    data = picture(chunk(b"eXIf", b"old"))
    out = plan_png(parse_png(data, Limits()), data, wanted).carry_out(data)

    assert out == picture(
        chunk(b"eXIf", b"MM\x00*fresh"), chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + b"<x/>")
    )


@pytest.mark.parametrize("data", [picture(chunk(b"prVt", CANARY)), picture() + CANARY])
def test_unknown_bytes_are_refused_where_the_policy_says_so(data: bytes) -> None:
    with pytest.raises(CannotStrip):
        cleaned(data, Policy(unknown=Unknown.REFUSE))


def test_damage_is_raised_and_other_containers_are_not_planned() -> None:
    with pytest.raises(MalformedImage):
        cleaned(png(ihdr(), chunk(b"IDAT", zlib.compress(rows())[:20])))
    with pytest.raises(TypeError):
        plan_png(Container(format=Format.PNG, size=0, segments=()), b"", SHARE)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_files_are_refused_or_cleaned_but_never_fail_the_check(data: st.DataObject) -> None:
    whole = bytearray(
        data.draw(
            st.sampled_from(
                [
                    animation(iccp(profile())),
                    indexed(after_palette=chunk(b"tRNS", b"\x00")),
                    picture(*[chunk(kind.encode(), body) for kind, body in FIXED.items()]),
                    *SLOTS.values(),
                ]
            )
        )
    )
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(8, len(whole)))
        what = data.draw(st.sampled_from(["flip", "repeat", "move"]))
        chunks = _chunks(bytes(whole))
        if what == "flip":
            whole[at : at + 1] = bytes((data.draw(st.integers(0, 255)),))
        elif chunks:
            one = data.draw(st.sampled_from(chunks))
            into = data.draw(st.sampled_from([start for start, _ in chunks]))
            moved = whole[slice(*one)]
            if what == "move":
                del whole[slice(*one)]
            whole[into:into] = moved
    try:
        out = cleaned(_repaired(bytes(whole)), ALL)
    except VerificationFailed:
        raise
    except PhotoPrivacyError:
        return
    assert cleaned(out, ALL) == out


def _chunks(data: bytes) -> list[tuple[int, int]]:
    found, at = [], 8
    while at + 12 <= len(data):
        stop = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if stop > len(data):
            break
        found.append((at, stop))
        at = stop
    return found


def _repaired(data: bytes) -> bytes:
    """Return *data* with right checksums, so that damage reaches what they protect."""
    out = bytearray(data)
    for start, stop in _chunks(data):
        out[stop - 4 : stop] = zlib.crc32(data[start + 4 : stop - 4]).to_bytes(4, "big")
    return bytes(out)


def test_a_density_is_kept_by_name() -> None:
    source = picture(chunk(b"pHYs", b"\x00\x00\x0b\x13" * 2 + b"\x01"))
    kept = strip(source, Policy.ARCHIVE)

    assert [finding.code for finding in kept.kept] == ["png.density"]
    assert not inspect(kept.data).violations(Policy.ARCHIVE)
    assert [finding.code for finding in strip(source).removed] == ["png.density"]
