"""What encoders and apps write between the coded pictures of H.265 goes; pictures stay."""

from __future__ import annotations

import io
from base64 import b64encode

import pillow_heif
import pytest
from PIL import Image

from builders import CANARY
from photoprivacy import CannotStrip, Policy, strip
from photoprivacy._plan._nal_units import picture_units
from photoprivacy._verify._bmff_derived import nal_units
from photoprivacy.containers._model import Span
from photoprivacy.containers._nal_units import Coding
from photoprivacy.policy import Unknown
from verify.built import CODED, FRAMES, HVCC, ISPE, OTHER_CODED, heic, moov, nal, track

LIGHT = b"\x90\x04" + bytes((3, 232, 1, 144))
"""Light level, message 144 (H.265, D.2.35)."""


def sei(*messages: bytes) -> bytes:
    return nal(b"".join(messages) + b"\x80", 39)


def user_data(text: bytes, kind: int = 5) -> bytes:
    return bytes((kind, 16 + len(text))) + bytes(range(16)) + text


#: what stands beside the pictures → the units
BESIDE = {
    "user data": sei(user_data(CANARY)),
    "registered user data": sei(user_data(CANARY, 4)),
    "user data behind the picture": nal(user_data(CANARY), 40),
    "a time code": sei(b"\x88" + bytes((len(CANARY),)) + CANARY),
    "an unknown message": sei(b"\xff\x20" + bytes((len(CANARY),)) + CANARY),
    "a light level of another length": sei(b"\x90" + bytes((len(CANARY),)) + CANARY),
    "a message that is cut short": sei(b"\x90\x04" + b"\x01"),
    "filler": nal(CANARY, 38),
    "a reserved unit": nal(CANARY, 41),
    "an unspecified unit": nal(CANARY, 48),
    "Dolby Vision that nobody announced": nal(CANARY, 62),
    "nothing but a header": nal(b"", 39),
}


@pytest.mark.parametrize("what", BESIDE)
@pytest.mark.parametrize("where", ["before", "behind", "between"])
def test_what_is_no_picture_goes(what: str, where: str) -> None:
    unit = BESIDE[what]
    item = {
        "before": unit + CODED,
        "behind": CODED + unit,
        "between": CODED + unit + unit + CODED,
    }[where]
    clean = strip(heic({1: (b"hvc1", item)})).data
    assert CANARY not in clean
    assert b64encode(CANARY) not in clean
    pictures = CODED + CODED if where == "between" else CODED
    assert clean == strip(heic({1: (b"hvc1", pictures)})).data
    assert not strip(clean).changed


def test_what_says_how_to_show_a_picture_stays() -> None:
    for message in (LIGHT, LIGHT + b"\x93\x01\x12", b"\x06\x02\x01\x80"):
        item = sei(message) + CODED
        assert item in strip(heic({1: (b"hvc1", item)})).data


def test_hdr10_plus_stays() -> None:
    item = sei(b"\x04\x08" + bytes.fromhex("b5003c0001040100")) + CODED
    assert item in strip(heic({1: (b"hvc1", item)})).data


def test_a_unit_that_says_both_is_refused() -> None:
    with pytest.raises(CannotStrip, match="something else"):
        strip(heic({1: (b"hvc1", sei(LIGHT, user_data(CANARY)) + CODED)}))


def test_units_that_do_not_fill_the_item_are_refused() -> None:
    for item in (CODED + b"\x00", CODED[:-1], CODED + b"\x09" + CANARY[:3], b"\x00" + CODED):
        with pytest.raises(CannotStrip, match="told apart"):
            strip(heic({1: (b"hvc1", item)}))


def test_a_picture_without_a_configuration_is_refused() -> None:
    with pytest.raises(CannotStrip, match="how to decode"):
        strip(heic({1: (b"hvc1", CODED)}, properties=(ISPE,)))
    short = HVCC[:4] + b"hvcC" + HVCC[8:20]
    with pytest.raises(CannotStrip):
        strip(
            heic({1: (b"hvc1", CODED)}, properties=((12 + 8).to_bytes(4, "big") + short[4:], ISPE))
        )


def test_a_picture_of_nothing_but_words_is_refused() -> None:
    with pytest.raises(CannotStrip, match="without a picture"):
        strip(heic({1: (b"hvc1", sei(user_data(CANARY)))}))


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy = Policy(unknown=Unknown.REFUSE)
    assert strip(heic({1: (b"hvc1", CODED)}), policy).data
    with pytest.raises(CannotStrip, match="inside the coded picture"):
        strip(heic({1: (b"hvc1", sei(user_data(CANARY)) + CODED)}), policy)


def test_samples_of_a_sequence_lose_them_too() -> None:
    def sequence(*frames: bytes) -> bytes:
        sizes = tuple(map(len, frames))
        movie = moov(track(1, sizes, 0, entry=b"hvc1", properties=(HVCC,)))
        return heic(brands=b"hevcmsf1heic", movie=movie, samples=b"".join(frames))

    clean = strip(sequence(CODED, CODED + sei(user_data(CANARY)), CODED)).data
    assert CANARY not in clean
    assert clean == strip(sequence(CODED, CODED, CODED)).data
    with pytest.raises(CannotStrip, match="told apart"):
        strip(sequence(CODED, FRAMES))


def test_a_real_picture_decodes_to_the_same_pixels() -> None:
    drawn = Image.effect_noise((96, 64), 60).convert("RGB")
    coded = io.BytesIO()
    pillow_heif.from_pillow(drawn).save(coded, quality=70)
    data = coded.getvalue()
    before, after = (pillow_heif.open_heif(one) for one in (data, strip(data).data))
    assert bytes(before.data) == bytes(after.data)


def test_units_may_go_on_in_another_stretch() -> None:
    item = CODED + sei(user_data(CANARY)) + OTHER_CODED
    wanted = CODED + OTHER_CODED
    for cut in range(1, len(item)):
        data = item[cut:] + b"between" + item[:cut]
        second, first = Span(0, len(item) - cut), Span(len(data) - cut, len(data))
        kept = picture_units(data, (first, second), Coding.HEVC, 1, Policy())
        assert b"".join(span.of(data) for span in kept) == wanted
        pairs = [(span.start, span.stop) for span in (first, second)]
        seen = nal_units(data, pairs, 1, avc=False)
        assert b"".join(data[start:stop] for start, stop in seen) == wanted
