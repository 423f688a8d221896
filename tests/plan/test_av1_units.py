"""What encoders and apps write between the coded pictures of AV1 goes; pictures stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import CANARY
from builders_movie import pictures, video
from photoprivacy import CannotStrip, Policy, strip
from photoprivacy._plan._av1_sequence import sequence_header_bits
from photoprivacy._plan._bmff_obus import picture_units
from photoprivacy._verify._av1 import units_of_picture
from photoprivacy._verify._av1_header import nothing_behind
from photoprivacy._verify._model import Unclean
from photoprivacy.containers import parse
from photoprivacy.containers._bmff import BmffContainer
from photoprivacy.containers._model import Span
from photoprivacy.errors import MalformedImage, UnsupportedFormat
from photoprivacy.limits import Limits
from photoprivacy.policy import Unknown
from verify.built import AV1_SEQUENCE, AV1C, ISPE, box, heic, obu

DELIMITER = b"\x12\0"
SEQUENCE = obu(1, AV1_SEQUENCE)
FRAME = obu(6, b"coded")
UNITS = DELIMITER + SEQUENCE + FRAME
LIGHT = obu(5, b"\x01\0\1\0\2\x80")
MASTERING = obu(5, b"\x02" + bytes(range(24)) + b"\x80")

#: what stands beside the pictures → the unit
BESIDE = {
    "padding": obu(15, CANARY),
    "T.35": obu(5, b"\x04" + CANARY),
    "a time code": obu(5, b"\x05" + CANARY),
    "metadata of nobody": obu(5, CANARY),
    "nothing": obu(5, b""),
    "reserved": obu(9, CANARY),
    "with an extension": obu(15, CANARY, extension=b"\x08"),
    "a light level of another length": obu(5, b"\x01\0\1\0\2" + CANARY + b"\x80"),
    "a light level without an end": obu(5, b"\x01\0\1\0\2\x81"),
    "a mastering display of another length": obu(5, b"\x02" + CANARY + b"\x80"),
    "scalability": obu(5, b"\x03" + CANARY),
    "a frame header once more": obu(7, CANARY),
    "a list of tiles": obu(8, CANARY),
}


def avif(body: bytes, *more: bytes) -> bytes:
    return heic({1: (b"av01", body)}, properties=(AV1C, ISPE, *more), brands=b"avifmif1")


def movie(*frames: bytes) -> bytes:
    return video(pictures(frames, entry=b"av01", properties=(AV1C,)), frames=frames)


@pytest.mark.parametrize("what", BESIDE)
def test_what_is_no_picture_goes(what: str) -> None:
    extra = BESIDE[what]
    for item in (UNITS + extra, UNITS[:2] + extra + UNITS[2:], UNITS[:-7] + extra + FRAME):
        clean = strip(avif(item)).data
        assert clean == avif(UNITS)
        assert not strip(clean).changed
        assert strip(movie(item, FRAME)).data == strip(movie(UNITS, FRAME)).data
    assert strip(avif(extra + SEQUENCE + FRAME)).data == avif(SEQUENCE + FRAME)


def test_what_says_how_to_show_a_picture_stays() -> None:
    for item in (UNITS + LIGHT, UNITS[:2] + MASTERING + LIGHT + UNITS[2:]):
        assert strip(avif(item)).data == avif(item)
    # 5.3.1: the last unit may do without its size.
    whole = UNITS + b"\x30coded"
    assert strip(avif(whole)).data == avif(whole)


#: what cannot be cleaned without a guess → (the item, the reason)
REFUSED = {
    "a unit that leaves the item": (UNITS + b"\x7a\x7fshort", "told apart"),
    "a forbidden bit": (UNITS + b"\x8a\0", "told apart"),
    "a reserved bit": (UNITS + b"\x33\1x", "told apart"),
    "reserved bits of an extension": (UNITS + b"\x36\1\1x", "told apart"),
    "a size that does not end": (UNITS + b"\x7a" + b"\x80" * 9, "told apart"),
    "junk behind metadata": (UNITS + BESIDE["T.35"] + b"\x80", "told apart"),
    "a unit cut in two": (UNITS + b"\x36", "told apart"),
    "no picture": (b"\x7a\1x", "without a picture"),
    "nothing but a header": (DELIMITER + SEQUENCE, "without a picture"),
    "a delimiter with words": (obu(2, CANARY) + SEQUENCE + FRAME, "several moments"),
    "a delimiter inside": (UNITS + DELIMITER, "several moments"),
    "words behind a header": (obu(1, AV1_SEQUENCE + CANARY) + FRAME, "sequence header"),
    "bits behind a header": (obu(1, AV1_SEQUENCE[:-1] + b"\x86") + FRAME, "sequence header"),
    "a header cut short": (obu(1, AV1_SEQUENCE[:-1]) + FRAME, "sequence header"),
    "two headers": (SEQUENCE + obu(1, bytes.fromhex("1819ffe3b1a8")) + FRAME, "two things"),
    "two light levels": (LIGHT + LIGHT + FRAME, "two things"),
    "more units than any picture": (UNITS + obu(15, b"") * 17_000, "more units"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_told_is_refused(what: str) -> None:
    item, reason = REFUSED[what]
    with pytest.raises(CannotStrip, match=reason):
        strip(avif(item))
    with pytest.raises(CannotStrip, match=reason):
        strip(movie(item))


@pytest.mark.parametrize("what", REFUSED)
def test_the_second_look_refuses_it_too(what: str) -> None:
    item, _ = REFUSED[what]
    with pytest.raises(Unclean):
        units_of_picture(item, [(0, len(item))])


def test_units_may_go_on_in_another_stretch() -> None:
    item = UNITS + BESIDE["T.35"] + LIGHT
    for cut in range(1, len(item)):
        data = item[cut:] + b"between" + item[:cut]
        second, first = Span(0, len(item) - cut), Span(len(data) - cut, len(data))
        kept = picture_units(data, (first, second), Policy())
        assert b"".join(span.of(data) for span in kept) == UNITS + LIGHT
        pairs = [(span.start, span.stop) for span in (first, second)]
        seen = units_of_picture(data, pairs)
        assert b"".join(data[start:stop] for start, stop in seen) == UNITS + LIGHT


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy = Policy(unknown=Unknown.REFUSE)
    assert strip(avif(UNITS), policy).data
    with pytest.raises(CannotStrip, match="inside the coded picture"):
        strip(avif(UNITS + BESIDE["T.35"]), policy)


LAYERED = SEQUENCE + FRAME + FRAME


def layers(*sizes: int) -> bytes:
    return box(b"a1lx", b"\0", *(size.to_bytes(2, "big") for size in sizes))


def test_layers_that_a_property_counts_stay() -> None:
    for sizes in ((8, 0, 0), (15, 0, 0), (8, 7, 0), (0, 0, 0)):
        item = avif(LAYERED, layers(*sizes))
        assert strip(item).data == item


def test_layers_that_count_something_else_are_refused() -> None:
    for sizes in ((9, 0, 0), (22, 0, 0), (8, 0, 7), (15, 8, 0), (0x4C45, 0x414B, 0x2121)):
        with pytest.raises(CannotStrip, match="layers"):
            strip(avif(LAYERED, layers(*sizes)))
        with pytest.raises(Unclean):
            units_of_picture(LAYERED, [(0, len(LAYERED))], layers(*sizes)[8:])
    for extra in (BESIDE["T.35"], BESIDE["a list of tiles"]):
        with pytest.raises(CannotStrip, match="layers"):
            strip(avif(LAYERED + extra, layers(15, 0, 0)))
        item = LAYERED + extra
        with pytest.raises(Unclean):
            units_of_picture(item, [(0, len(item))], layers(15, 0, 0)[8:])


def _headers(corpus: Path) -> Iterator[bytes]:
    """Yield the sequence headers of every AV1 item and sample of real files."""
    for path in sorted(corpus.rglob("*.avif")):
        data = path.read_bytes()
        try:
            container = parse(data, Limits())
        except (UnsupportedFormat, MalformedImage):
            continue
        assert isinstance(container, BmffContainer)
        assert container.meta is not None
        for item in container.meta.items:
            if item.type == "av01" and container.damage is None:
                spans = container.extents.get(item.id, ())
                yield from _in(b"".join(span.of(data) for span in spans))


def _in(body: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(body):
        kind = body[at] >> 3 & 15
        at += 2 if body[at] & 4 else 1
        size = index = 0
        while True:
            size |= (body[at] & 0x7F) << 7 * index
            at, index = at + 1, index + 1
            if body[at - 1] < 0x80:
                break
        if kind == 1:
            yield body[at : at + size]
        at += size


def test_real_sequence_headers_end_where_both_looks_say(corpus: Path) -> None:
    found = list(_headers(corpus))
    for header in found:
        bits = sequence_header_bits(header)
        assert bits // 8 == len(header) - 1
        assert nothing_behind(header)
        assert sequence_header_bits(header + b"\x80") == bits
        assert not nothing_behind(header + b"\x80")
        assert sequence_header_bits(header[:-1]) in (-1, bits)
        assert not nothing_behind(header[:-1])

    assert len(found) > 100
    assert len(set(found)) > 30


def _long(points: int, colours: int, *, timed: bool, model: bool) -> tuple[int, int]:
    """Return a sequence header with all that a film's may have, and how many bits that is."""
    out = "00000"
    if timed:
        out += "1" + "01" * 32 + "1" + "00101" + ("1" if model else "0")
        out += "00011" + "10" * 21 if model else ""
    else:
        out += "0"
    out += "1" + f"{points - 1:05b}"
    for number in range(points):
        out += "01" * 6 + ("01000" + "1" if number % 2 else "00111")
        out += ("1" + "1011" * 2 + "1" if number % 2 else "0") if timed and model else ""
        out += "1" + "0110" if number % 3 else "0"
    out += "10100110" + "1" * 11 + "1" * 7
    out += "1" + "0101110" + "101"
    out += "1010" + "1" + "01" + "01" + "01" + "101" + "111"
    grey = "011" + "0" * 23 + "10"
    out += ("0001100", grey, "101" + f"{1:08b}{13:08b}{0:08b}" + "1")[colours]
    out += "1"
    return int(out, 2), len(out)


@pytest.mark.parametrize("timed", [False, True])
@pytest.mark.parametrize("model", [False, True])
@pytest.mark.parametrize("points", [1, 4, 32])
@pytest.mark.parametrize("colours", [0, 1, 2])
def test_a_sequence_header_of_a_film_ends_where_both_looks_say(
    *, timed: bool, model: bool, points: int, colours: int
) -> None:
    value, bits = _long(points, colours, timed=timed, model=model)
    size = bits // 8 + 1
    header = (value << (8 * size - bits) | 1 << (8 * size - bits - 1)).to_bytes(size, "big")

    assert sequence_header_bits(header) == bits
    assert nothing_behind(header)
    assert not nothing_behind(header + b"\0")
    if bits % 8 < 7:
        assert not nothing_behind(header[:-1] + bytes((header[-1] | 1,)))
