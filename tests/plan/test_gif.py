"""GIF: pictures, their time and their turns stay; words, profiles' makers and hidden codes go."""

from __future__ import annotations

import contextlib
import io
import time
import tracemalloc
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from builders import CANARY
from builders_gif import (
    CODES,
    MAGIC,
    animation,
    application,
    codes,
    comment,
    control,
    extension,
    gif,
    image,
    loop,
    plain_text,
    xmp,
)
from builders_icc import NOT_STATED, curve, described, profile
from builders_icc import icc as profile_of
from photoprivacy import (
    CannotStrip,
    Limits,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    VerificationFailed,
    inspect,
    strip,
)
from photoprivacy._plan import Plan, _gif, plan
from photoprivacy._plan._model import Fresh
from photoprivacy.containers import _gif as parser
from photoprivacy.containers import parse
from photoprivacy.containers._lzw import end_of_codes, end_of_picture
from photoprivacy.policy import Category, Unknown

PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="'
    + CANARY
    + b'"/></rdf:RDF></x:xmpmeta>'
)
#: where words can stand in a GIF → a GIF that has them there
SLOTS: dict[str, bytes] = {
    "a comment": gif(comment(CANARY), image()),
    "a comment behind the picture": gif(image(), comment(CANARY)),
    "plain text": gif(plain_text(CANARY), image()),
    "XMP": gif(xmp(PACKET), image()),
    "XMP in sub-blocks": gif(application(b"XMP DataXMP", PACKET), image()),
    "Photoshop": gif(application(b"MGK8BIM0000", CANARY), image()),
    "IPTC": gif(application(b"MGKIPTC0000", CANARY), image()),
    "credentials": gif(application(b"C2PA_GIF\x01\x00\x00", CANARY), image()),
    "a profile that is none": gif(application(b"ICCRGBG1012", CANARY), image()),
    "an unknown application": gif(application(b"LEAKLEAKLEA", CANARY), image()),
    "a short application": gif(application(b"LEAK", CANARY), image()),
    "a long application": gif(application(b"LEAKLEAKLEA" + CANARY, CANARY), image()),
    "an unknown extension": gif(extension(0x42, CANARY), image()),
    "a control without a picture": gif(image(), control(), comment(CANARY)),
    "behind a control": gif(control(0, more=CANARY), image()),
    "behind the end code": gif(image(CODES + CANARY)),
    "behind the end code in a sub-block of its own": gif(image(CODES + bytes(300) + CANARY)),
    "behind the trailer": gif() + CANARY,
    "behind zeros": gif(image(), bytes(3), end=b"\x3b" + CANARY),
    "a second loop": gif(loop(1), loop(1, more=CANARY), image()),
    "buffering": gif(loop(1), application(b"NETSCAPE2.0", b"\x02" + CANARY), image()),
}


#: the same in files without an end code where decoders stop
UNENDED: dict[str, bytes] = {
    "behind the last pixel": gif(image(codes([16, *range(16)]) + CANARY)),
    "behind the last pixel in a sub-block of its own": gif(
        image(codes([16, *range(16)]) + bytes(300) + CANARY)
    ),
    "in codes behind the last pixel": gif(
        image(codes([16, *range(16), *(x for byte in CANARY for x in (byte >> 4, byte & 15)), 17]))
    ),
}


def frames(data: bytes) -> tuple[list[tuple[bytes, object]], object]:
    """Return pixels and time of every picture, and how often all are played."""
    with Image.open(io.BytesIO(data)) as opened:
        found = [
            (frame.convert("RGBA").tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(opened)
        ]
        return found, opened.info.get("loop")


@pytest.mark.parametrize("slot", SLOTS)
def test_a_word_in_any_place_goes(slot: str) -> None:
    data = SLOTS[slot]
    assert CANARY in data
    clean = strip(data)
    plain = CANARY.decode()
    for spelling in (
        CANARY, plain.encode("utf-16-le"), plain.encode("utf-16-be"), b64encode(CANARY),
        CANARY.hex().encode(), b"LEAK",
    ):  # fmt: skip
        assert spelling not in clean.data
    assert frames(clean.data)[0] == frames(data)[0]
    assert inspect(data).findings
    assert not inspect(clean.data).violations(Policy.SHARE)
    again = strip(clean.data)
    assert again.data == clean.data
    assert not again.changed


@pytest.mark.parametrize("slot", UNENDED)
def test_nothing_stays_behind_the_last_pixel(slot: str) -> None:
    clean = strip(UNENDED[slot]).data
    assert clean == strip(gif(image(codes([16, *range(16)])))).data
    assert frames(clean) == frames(UNENDED[slot])
    assert frames(clean) == frames(gif())
    assert inspect(UNENDED[slot]).findings
    assert strip(clean).data == clean


def test_codes_that_mean_nothing_yet_are_refused() -> None:
    for wrong in ([16, 18], [16, 1, 25], [16, 1, 2, 16, 18], [31]):
        with pytest.raises(CannotStrip):
            strip(gif(image(codes([*wrong, 17]))))


def test_sub_blocks_of_one_byte_take_no_memory_of_their_own() -> None:
    count = 300_000
    hidden = b"\x21\xfe" + b"\x01a" * count + b"\x00"
    data = gif(hidden, image(codes([16]) + b"\x00" * count, cut=1))
    tracemalloc.start()
    clean = strip(data).data
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(clean) < 200
    assert most < 10 * len(data)


def test_the_output_depends_on_the_pictures_alone() -> None:
    bare = strip(gif()).data
    for slot, data in SLOTS.items():
        if slot in ("behind a control", "a second loop", "buffering"):
            continue
        assert strip(data).data == bare, slot


@pytest.mark.parametrize("cut", [1, 2, 7, 254])
def test_how_codes_were_cut_shows_nowhere(cut: int) -> None:
    assert strip(gif(image(cut=cut))).data == strip(gif()).data
    whole = animation()
    assert frames(strip(whole).data) == frames(whole)


def test_bits_that_say_nothing_are_set_anew() -> None:
    bare = strip(gif()).data
    for other in (
        gif(version=b"GIF87a"),
        gif(packed=0x8B),
        gif(image(packed=0x38)),
        gif(image(packed=0x07)),
        gif(image(codes([16, *range(16), 17], tail=1))),
    ):
        assert strip(other).data == bare
    assert (
        strip(gif(packed=0x03, table=b"", background=9)).data
        == strip(gif(packed=0x73, table=b"")).data
    )
    assert strip(gif(control(5, index=9), image())).data == strip(gif(control(5), image())).data
    assert strip(gif(control(5, packed=0xE2), image())).data == strip(gif(control(), image())).data


def test_time_turns_transparency_and_loops_stay() -> None:
    data = gif(
        loop(7), control(5, packed=0x09, index=3), image(), control(90, packed=0x08), image()
    )
    assert strip(data).data == data
    assert frames(strip(data).data) == frames(data)
    assert strip(gif(loop(7, b"ANIMEXTS1.0"), image())).data == strip(gif(loop(7), image())).data
    assert strip(gif(image(), loop(7))).data == strip(gif(loop(7), image())).data


def test_the_last_control_in_front_of_a_picture_counts() -> None:
    one = strip(gif(control(9, packed=1, index=2), image())).data
    for more in (control(5), plain_text(b"x"), comment(b"x"), control(7, packed=1)):
        data = gif(more, control(9, packed=1, index=2), image())
        assert strip(data).data == one
        assert frames(data)[0] == frames(one)[0]


def test_a_profile_stays_without_its_maker() -> None:
    tags = {b"desc": described(CANARY), b"cprt": NOT_STATED, b"rTRC": curve(b"made here")}
    data = gif(application(b"ICCRGBG1012", profile_of(tags), size=9), image())
    clean = strip(data).data
    assert CANARY not in clean
    assert inspect(clean).findings
    assert b"ICCRGBG" not in strip(data, Policy(keep=())).data


def test_a_shape_of_pixels_goes_with_orientation() -> None:
    assert strip(gif(shape=49)).data[12] == 49
    assert strip(gif(shape=49), Policy(keep={Category.COLOR})).data[12] == 0


def test_what_the_owner_keeps_is_written_as_xmp() -> None:
    data = gif(xmp(PACKET.replace(b"dc:source", b"dc:rights")), image())
    clean = strip(data, Policy.PUBLISH).data
    assert CANARY in clean
    assert MAGIC in clean
    assert b"DMI-PROHIBITED" in clean
    assert frames(clean)[0] == frames(data)[0]
    assert strip(clean, Policy.PUBLISH).data == clean
    assert strip(clean).data == strip(gif()).data
    assert not inspect(clean).violations(Policy.PUBLISH)


REFUSED = {
    "two loops": gif(loop(1), loop(2), image()),
    "two transparencies": gif(control(5, packed=1), control(5, packed=4), image()),
    "bytes between": gif(image(), b"\x01", image()),
    "zeros between": gif(image(), bytes(2), image()),
    "an unknown code size": gif(image(size=9)),
    "one bit a pixel": gif(image(size=1)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_decoders_disagree_about_is_refused(what: str) -> None:
    with pytest.raises(CannotStrip):
        strip(REFUSED[what])


def test_a_missing_trailer_is_written() -> None:
    assert strip(gif(end=b"")).data == strip(gif()).data
    assert strip(gif(end=bytes(5))).data == strip(gif()).data


def test_no_picture_is_no_gif() -> None:
    for data in (gif(comment(b"x")), b"GIF89a", b"GIF89a" + bytes(7), gif(comment(b"x"), end=b"")):
        with pytest.raises(MalformedImage):
            strip(data)


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy = Policy(unknown=Unknown.REFUSE)
    assert strip(gif(), policy).data
    for slot in ("an unknown extension", "an unknown application", "behind the trailer"):
        with pytest.raises(CannotStrip):
            strip(SLOTS[slot], policy)


def test_cutting_a_gif_anywhere_raises_what_it_should() -> None:
    whole = gif(loop(1), comment(b"words"), control(), image(), image())
    for cut in range(len(whole)):
        try:
            strip(whole[:cut])
        except PhotoPrivacyError:
            continue
        assert whole[:cut].count(b"\x2c") >= 1


def test_breaking_any_byte_raises_what_it_should_or_gives_a_clean_file() -> None:
    whole = gif(loop(1), comment(b"words"), control(5, packed=1), image(), xmp(PACKET), image())
    done = refused = 0
    for at in range(len(whole)):
        for value in (0, 1, 7, 8, 0x2C, 0x3B, 0x7F, 0x80, 0xFF):
            broken = whole[:at] + bytes((value,)) + whole[at + 1 :]
            try:
                clean = strip(broken).data
            except VerificationFailed:
                raise
            except PhotoPrivacyError:
                refused += 1
                continue
            done += 1
            assert strip(clean).data == clean
    assert done > 500
    assert refused > 50


# Where codes end --------------------------------------------------------------------------


def numbers(count: int, size: int) -> list[int]:
    """Return *count* codes that are neither clear nor end, and none that is not there yet."""
    return [(n * 7 + n // 5) % (1 << size) for n in range(count)]


@pytest.mark.parametrize("size", range(2, 9))
@pytest.mark.parametrize("count", [0, 1, 3, 30, 260, 600, 1100, 2300, 4200, 9000])
def test_the_end_code_is_found_at_any_width(size: int, count: int) -> None:
    clear, end = 1 << size, (1 << size) + 1
    for more in ([], [clear, *numbers(count // 2, size)]):
        whole = codes([clear, *numbers(count, size), *more, end], size)
        for behind in (b"", CANARY, bytes(40)):
            length, bits = end_of_codes(whole + behind, size)
            assert length == len(whole)
            assert whole[-1] < 1 << bits


@pytest.mark.parametrize("size", range(2, 9))
@pytest.mark.parametrize("count", [0, 1, 3, 30, 260, 600, 1100, 2300, 4200, 9000])
def test_the_last_pixel_is_found_at_any_width(size: int, count: int) -> None:
    clear, end = 1 << size, (1 << size) + 1
    whole = codes([clear, *numbers(count, size), clear, *numbers(count, size)], size)
    ended = codes([clear, *numbers(count, size), clear, *numbers(count, size), end], size)
    for behind in (b"", CANARY, bytes(40)):
        if behind and count:
            length, bits = end_of_picture(whole + behind, size, 2 * count) or (0, 0)
            assert length == len(whole)
            assert whole[-1] < 1 << bits
        needed = end_of_picture(ended + behind, size, 2 * count)
        assert needed == (end_of_codes(ended + behind, size) if count else (0, 8))
        assert end_of_picture(ended + behind, size, 2 * count + 1) == end_of_codes(
            ended + behind, size
        )


def test_without_an_end_code_everything_is_codes() -> None:
    assert end_of_codes(codes([16, *numbers(50, 4)]), 4)[1] == 8
    assert end_of_codes(b"", 4) == (0, 8)
    assert end_of_codes(b"\x10", 4) == (1, 8)


@pytest.mark.parametrize(
    "hostile",
    [
        gif(*[comment(b"")] * 60_000, image()),
        gif(image(bytes(400_000), cut=1)),
        gif(image(codes([16] * 8) * 90_000)),
        gif(image(codes([16, 3] * 4) * 90_000)),
        gif(image(codes([16, *[8, 1] * 5_000]) * 40)),
        gif(*[control()] * 60_000, image()),
    ],
    ids=["comments", "sub-blocks of one byte", "clear codes", "clear and not", "codes", "controls"],
)
def test_hostile_files_take_no_more_than_a_moment(hostile: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(PhotoPrivacyError):
        strip(hostile)
    assert time.process_time() - started < 20


def test_more_blocks_than_the_limit_are_refused() -> None:
    with pytest.raises(PhotoPrivacyError):
        parse(gif(*[comment(b"")] * 300, image()), Limits(max_segments=200))


# Rules widened on purpose -----------------------------------------------------------------


def _with(extra: bytes) -> Callable[..., Plan]:
    def widened(*args: object) -> Plan:
        made = plan(*args)  # type: ignore[arg-type]
        first, *rest = made.pieces
        return Plan(pieces=(first, *rest[:-1], Fresh(extra), rest[-1]))

    return widened


@pytest.mark.parametrize(
    "extra", [comment(CANARY), application(b"LEAKLEAKLEA", CANARY), control(), image(), b"\x00"]
)
def test_a_block_that_stays_by_mistake(extra: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoprivacy._strip.plan", _with(extra))
    with pytest.raises(VerificationFailed):
        strip(animation())


def test_codes_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "end_of_picture", lambda coded, *_: (len(coded), 8))
    for slot in ("behind the end code", "behind the last pixel"):
        with pytest.raises(VerificationFailed):
            strip({**SLOTS, **UNENDED}[slot])


def test_a_profile_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    data = gif(application(b"ICCRGBG1012", profile()), image())
    from photoprivacy._plan import Rule

    monkeypatch.setitem(_gif.KEEP, "ICCRGBG1012", Rule(category=None, reason="widened"))
    with pytest.raises(VerificationFailed):
        strip(data, Policy(keep=()))


def test_words_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_gif, "_control", lambda _frame: control(5, packed=0xE2))
    with pytest.raises(VerificationFailed):
        strip(gif(control(5), image()))


def test_the_gif_of_the_corpus_keeps_its_pictures(corpus: Path) -> None:
    found = sorted(corpus.rglob("*.gif"))
    for file in found:
        data = file.read_bytes()
        assert frames(strip(data).data) == frames(data)
    assert len(found) == 1
