"""What encoders and apps write between the coded pictures of H.265 goes; pictures stay."""

from __future__ import annotations

import io
from base64 import b64encode

import pillow_heif
import pytest
from PIL import Image

from builders import CANARY
from builders_movie import avcc, pictures, video
from photoprivacy import CannotStrip, Policy, strip
from photoprivacy._plan._nal_units import picture_units
from photoprivacy._verify._coded import nal_units
from photoprivacy._verify._model import Unclean
from photoprivacy.containers._model import Span
from photoprivacy.containers._nal_units import Coding
from photoprivacy.policy import Unknown
from verify.built import CODED, FRAMES, HVCC, ISPE, OTHER_CODED, box, heic, moov, nal, track

LIGHT = b"\x90\x04" + bytes((3, 232, 1, 144))
"""Light level, message 144 (H.265, D.2.35)."""


def sei(*messages: bytes) -> bytes:
    return nal(b"".join(messages) + b"\x80", 39)


def user_data(text: bytes, kind: int = 5) -> bytes:
    return bytes((kind, 16 + len(text))) + bytes(range(16)) + text


def layered(text: bytes, kind: int, layer: int = 9) -> bytes:
    """Return a unit of a further layer."""
    return bytes((len(text) + 2, kind << 1 | layer >> 5, (layer & 31) << 3 | 1)) + text


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
    "a slice of another layer": layered(CANARY, 19),
    "a slice of the last layer": layered(CANARY, 1, 63),
    **{f"parameters {kind} of another layer": layered(CANARY, kind) for kind in (32, 33, 34)},
    "both in one unit, of another layer": layered(LIGHT + user_data(CANARY) + b"\x80", 39),
    "a delimiter with words": nal(b"\x50" + CANARY, 35),
    "a delimiter of another layer": layered(b"\x50", 35),
    "a delimiter without an end": nal(b"\x51", 35),
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


def test_delimiters_and_ends_stay_as_long_as_nothing_is_in_them() -> None:
    item = nal(b"\x50", 35) + CODED + nal(b"", 36) + nal(b"", 37)
    assert item in strip(heic({1: (b"hvc1", item)})).data
    # 7.4.2.4.4: a delimiter is the first of all; another one says nothing.
    twice = nal(b"\x50", 35) + item
    assert strip(heic({1: (b"hvc1", twice)})).data == strip(heic({1: (b"hvc1", item)})).data


#: what decoders act on, or may, and says something else → the unit
NEEDED = {
    "an end of a sequence": nal(CANARY, 36),
    "an end of a bitstream": nal(CANARY, 37),
    "an end in another layer": layered(b"", 36),
    "the end of a bitstream in another layer": layered(b"", 37),
    "two ends": nal(b"", 36) * 2,
    "light levels without end": sei(LIGHT) * 3,
    "light levels in one unit": sei(LIGHT, LIGHT, LIGHT),
}
#: what is no unit
BROKEN = {
    "half a header": b"\x01\x26",
    "a forbidden bit": b"\x03\xa6\x01x",
    "no temporal layer": b"\x03\x26\x00x",
    "more units than any picture": nal(b"", 19) * 17_000,
}


@pytest.mark.parametrize("what", [*NEEDED, *BROKEN])
def test_what_cannot_go_and_cannot_stay_is_refused(what: str) -> None:
    item = CODED + (NEEDED | BROKEN)[what]
    with pytest.raises(CannotStrip, match="something else" if what in NEEDED else "told apart"):
        strip(heic({1: (b"hvc1", item)}))
    with pytest.raises(Unclean):
        nal_units(item, [(0, len(item))], 1, avc=False)


#: units of H.264 that decoders of one view pass over → header and content
PASSED_OVER = {
    "a prefix": b"\x6e\x40\x80\x80" + CANARY,
    "parameters of another view": b"\x6f" + CANARY,
    "a slice of another view": b"\x74\x40\x80\x80" + CANARY,
    "a slice of depth": b"\x75\x40\x80\x80" + CANARY,
    "a delimiter with words": b"\x09\xf0" + CANARY,
    "a delimiter others refer to": b"\x69\xf0",
    "filler": b"\x0c" + CANARY,
}
#: units of H.264 that cannot go and cannot stay
WITHOUT_A_GUESS = {
    **{f"partition {kind}": bytes((kind,)) + CANARY for kind in (2, 3, 4)},
    "parameters of auxiliary pictures": b"\x0d" + CANARY,
    "an auxiliary picture": b"\x13" + CANARY,
    "an end of a sequence": b"\x0a" + CANARY,
    "an end of a stream": b"\x0b" + CANARY,
    "an end others refer to": b"\x6a",
    "a forbidden bit": b"\x85" + CANARY,
}


def h264(*units: bytes, config: bytes | None = None) -> bytes:
    sample = b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
    config = avcc() if config is None else config
    return video(pictures((sample,), entry=b"avc1", properties=(config,)), frames=(sample,))


@pytest.mark.parametrize("what", PASSED_OVER)
def test_what_decoders_of_one_view_pass_over_goes(what: str) -> None:
    bare = strip(h264(b"\x65first", b"\x01second")).data
    unit = PASSED_OVER[what]
    for units in ((unit, b"\x65first", b"\x01second"), (b"\x65first", unit, b"\x01second")):
        assert strip(h264(*units)).data == bare


@pytest.mark.parametrize("what", WITHOUT_A_GUESS)
def test_units_of_h264_that_cannot_be_cleaned_are_refused(what: str) -> None:
    unit = WITHOUT_A_GUESS[what]
    with pytest.raises(CannotStrip):
        strip(h264(b"\x65first", unit))
    sample = b"\x06\x65first" + bytes((len(unit),)) + unit
    with pytest.raises(Unclean):
        nal_units(sample, [(0, len(sample))], 1, avc=True)


def test_delimiters_and_ends_of_h264_stay_as_long_as_nothing_is_in_them() -> None:
    sample = b"\0\0\0\2\x09\xf0\0\0\0\6\x65first\0\0\0\1\x0a\0\0\0\1\x0b"
    assert sample in strip(h264(b"\x09\xf0", b"\x65first", b"\x0a", b"\x0b")).data


def test_parameter_sets_of_further_views_go_from_a_configuration() -> None:
    def two(first: bytes, second: bytes) -> bytes:
        sets = b"".join(len(one).to_bytes(2, "big") + one for one in (first, second))
        rest = b"\x01\0\2\x68\xee"
        return box(b"avcC", b"\x01\x4d\0\x1f\xff\xe2" + sets + rest)

    bare = strip(h264(b"\x65first", config=avcc(b"\x67\x4d\x00\x1f", b"\x68\xee"))).data
    sets = (b"\x67\x4d\x00\x1f", b"\x6f" + CANARY)
    assert strip(h264(b"\x65first", config=two(*sets))).data == bare
    assert strip(h264(b"\x65first", config=two(*reversed(sets)))).data == bare
    extension = avcc(profile=100, tail=b"\xfd\xf8\xf8\1\0\2\x0dx")
    for wrong in (two(sets[0], b"\x87leak"), two(sets[0], b"\x68leak"), extension):
        with pytest.raises(CannotStrip):
            strip(h264(b"\x65first", config=wrong))


def test_parameter_sets_of_further_layers_go_from_a_configuration() -> None:
    def setup(*sets: bytes) -> bytes:
        units = b"".join(len(one).to_bytes(2, "big") + one for one in sets)
        array = b"\x20" + len(sets).to_bytes(2, "big") + units
        return heic(properties=(box(b"hvcC", HVCC[8:30], b"\1", array), ISPE))

    own = b"\x40\1own"
    bare = strip(setup(own)).data
    assert bare == setup(own)
    assert strip(setup(own, b"\x40\x49" + CANARY)).data == bare
    assert strip(setup(b"\x40\x49" + CANARY)).data == heic(properties=(HVCC, ISPE))
    for wrong in (b"\x42\1", b"\xc0\1", b"\x40\2", b"\x40"):
        with pytest.raises(CannotStrip):
            strip(setup(own, wrong))
    assert strip(setup(*[own] * 16)).data
    with pytest.raises(CannotStrip, match="numbers"):
        strip(setup(*[own] * 17))


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
