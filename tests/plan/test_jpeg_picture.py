"""The tables and headers of a JPEG's picture: what its scans use stays, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image

from builders import CANARY, jfif, jpeg, picture, segment
from builders_gain_map import SCENE as BRIGHT
from builders_gain_map import ULTRA_HDR, gain_map, xmp
from photoprivacy import CannotStrip, VerificationFailed, inspect, strip
from photoprivacy._plan import _jpeg
from photoprivacy.containers import _jpeg_walk
from photoprivacy.containers._model import Role, Segment, Span

DQT, DHT, DAC, DRI, DNL, SOF, SOF2, SOS = 0xDB, 0xC4, 0xCC, 0xDD, 0xDC, 0xC0, 0xC2, 0xDA
BASE = picture()
SLOW = picture(progressive=True)
SCAN = next(at for at, part in enumerate(BASE) if part[1] == SOS)
FRAME = next(at for at, part in enumerate(BASE) if part[1] == SOF)
WORDS = CANARY.ljust(64, b"\x01")
PLAIN = jpeg(jfif(), *BASE)
HUFFMAN = bytes((1, *bytes(14), 20)) + CANARY[:21]


def quantising(number: int, words: bytes = WORDS) -> bytes:
    return segment(DQT, bytes((number,)) + words)


def own(code: int) -> bytes:
    """Return the tables of one kind that the picture itself has, each as a segment has it."""
    return b"".join(part[4:] for part in BASE if part[1] == code)


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.tobytes()


#: what no scan uses → a file that has it, and looks like the plain one
UNUSED = {
    "a table with a number of its own": jpeg(jfif(), quantising(3), *BASE),
    "a hundred tables": jpeg(jfif(), *[quantising(3)] * 100, *BASE),
    "a table that is replaced": jpeg(jfif(), quantising(0), *BASE),
    "a table that is replaced in its segment": jpeg(
        jfif(), segment(DQT, b"\x00" + WORDS + own(DQT)), *BASE[:SCAN][2:], BASE[SCAN],
    ),
    "a table of sixteen bits": jpeg(jfif(), quantising(0x12, WORDS * 2), *BASE),
    "a table behind the scan": jpeg(jfif(), *BASE, quantising(0)),
    "codes with a number of their own": jpeg(jfif(), segment(DHT, b"\x03" + HUFFMAN), *BASE),
    "codes that are replaced": jpeg(jfif(), segment(DHT, b"\x11" + HUFFMAN), *BASE),
    "conditioning of another coder": jpeg(
        jfif(), segment(DAC, b"".join(b"\x10" + bytes((byte,)) for byte in CANARY)), *BASE,
    ),
    "intervals that are replaced": jpeg(
        jfif(), *[segment(DRI, CANARY[at : at + 2]) for at in range(20)], segment(DRI, bytes(2)),
        *BASE,
    ),
    "a number of lines in front": jpeg(jfif(), segment(DNL, CANARY * 100), *BASE),
    "another number of lines in front": jpeg(jfif(), segment(DNL, b"\x01\x02"), *BASE),
    "restarts at the end": jpeg(jfif(), *BASE, b"\xff\xd0\xff\xff\xd1"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNUSED)
def test_what_no_scan_uses_goes(what: str) -> None:
    data = UNUSED[what]
    clean = strip(data).data

    assert pixels(data) == pixels(PLAIN)
    assert pixels(clean) == pixels(PLAIN)
    assert CANARY[:20] not in clean
    if what == "a table that is replaced in its segment":
        assert len(clean) < len(PLAIN)  # one segment for both tables
    elif what == "intervals that are replaced":
        assert clean == jpeg(jfif(), segment(DRI, bytes(2)), *BASE)
    else:
        assert clean == PLAIN
    assert strip(clean).data == clean
    assert {one.code for one in inspect(data).violations()} == {"other.unknown"}
    assert not inspect(clean).findings


def test_the_same_goes_for_gain_maps() -> None:
    plain = gain_map(xmp(ULTRA_HDR))
    at = plain.index(b"\xff\xdb")
    dirty = plain[:at] + quantising(3) + segment(DNL, CANARY) + plain[at:]
    whole = jpeg(jfif(), *BRIGHT)

    assert strip(whole + dirty).data == strip(whole + plain).data


def test_tables_between_scans_stay_as_far_as_they_are_used() -> None:
    first = next(at for at, part in enumerate(SLOW) if part[1] == SOS)
    for extra in (quantising(0), segment(DHT, b"\x03" + HUFFMAN), segment(DNL, b"\x00\x21")):
        last = jpeg(jfif(), *SLOW, extra)
        between = jpeg(jfif(), *SLOW[: first + 3], extra, *SLOW[first + 3 :])
        if extra[1] == DQT:
            with pytest.raises(CannotStrip):
                strip(between)
        else:
            assert strip(between).data == jpeg(jfif(), *SLOW)
        assert strip(last).data == jpeg(jfif(), *SLOW)


#: what is longer or shorter than it says, or is read in different ways
REFUSED = {
    "a table and a word": jpeg(jfif(), segment(DQT, own(DQT)[:65] + CANARY), *BASE),
    "half a table": jpeg(jfif(), segment(DQT, own(DQT)[:64]), *BASE),
    "a table of unknown precision": jpeg(jfif(), quantising(0x20), *BASE),
    "a fifth table": jpeg(jfif(), quantising(4), *BASE),
    "codes and a word": jpeg(jfif(), segment(DHT, own(DHT) + CANARY), *BASE),
    "more codes than there are": jpeg(
        jfif(), segment(DHT, b"\x03" + b"\x20" * 16 + bytes(512)), *BASE
    ),
    "codes of a third class": jpeg(jfif(), segment(DHT, b"\x20" + HUFFMAN), *BASE),
    "half a conditioning": jpeg(jfif(), segment(DAC, b"\x00"), *BASE),
    "an interval and a word": jpeg(jfif(), segment(DRI, b"\x00\x00" + CANARY), *BASE),
    "no interval": jpeg(jfif(), segment(DRI, b""), *BASE),
    "a frame header and a word": jpeg(
        jfif(), *BASE[:FRAME], segment(SOF, BASE[FRAME][4:] + CANARY), *BASE[FRAME + 1 :]
    ),
    "two frames": jpeg(jfif(), BASE[FRAME], *BASE),
    "a frame behind the scan": jpeg(jfif(), *BASE, BASE[FRAME]),
    "no scan": jpeg(jfif(), *BASE[:SCAN]),
    "no frame": jpeg(jfif(), *BASE[:FRAME], *BASE[FRAME + 1 :], BASE[FRAME]),
    "a scan header and a word": jpeg(
        jfif(), *BASE[:SCAN], segment(SOS, BASE[SCAN][4:14] + CANARY), BASE[SCAN][14:]
    ),
    "a scan of unknown components": jpeg(
        jfif(), *BASE[:SCAN], BASE[SCAN].replace(b"\x03\x01\x00\x02", b"\x03\x01\x00\x09", 1)
    ),
    "a number of lines and a word": jpeg(jfif(), *BASE, segment(DNL, b"\x00\x20" + CANARY)),
    "another number of lines": jpeg(jfif(), *BASE, segment(DNL, b"\x00\x21")),
    "a word behind a restart": jpeg(jfif(), *BASE, b"\xff\xd0" + CANARY),
    "a hierarchical progression": jpeg(jfif(), segment(0xDE, BASE[FRAME][4:]), *BASE),
    "an expansion": jpeg(jfif(), segment(0xDF, b"\x11"), *BASE),
    "a differential frame": jpeg(jfif(), segment(0xC5, BASE[FRAME][4:]), *BASE),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_exactly_what_it_must_be_is_refused(what: str) -> None:
    with pytest.raises(CannotStrip) as caught:
        strip(REFUSED[what])
    assert not isinstance(caught.value, VerificationFailed)
    with pytest.raises(CannotStrip):
        strip(jpeg(jfif(), *BRIGHT) + REFUSED[what].replace(jfif(), xmp(ULTRA_HDR), 1))


def test_a_number_of_lines_stays_where_it_counts() -> None:
    """T.81 B.2.5: behind the first scan, where the frame header may leave it open."""
    lines = segment(DNL, b"\x00\x20")
    assert strip(jpeg(jfif(), *BASE, lines)).data == jpeg(jfif(), *BASE, lines)

    frame = bytearray(BASE[FRAME])
    frame[5:7] = bytes(2)
    open_ended = [*BASE[:FRAME], bytes(frame), *BASE[FRAME + 1 :]]
    assert strip(jpeg(jfif(), *open_ended, lines)).data == jpeg(jfif(), *open_ended, lines)
    assert strip(jpeg(*open_ended, b"\xff\xff", lines)).data == jpeg(*open_ended, lines)
    for without in (jpeg(*open_ended), jpeg(lines, *open_ended), jpeg(*open_ended, lines[:3])):
        with pytest.raises(Exception, match=r"lines|incomplete"):
            strip(without)


def test_a_number_of_lines_stays_behind_damage_that_decoders_skip() -> None:
    parts = picture(restarts=1)
    at = parts[-1].rindex(b"\xff\xd1")
    lines = segment(DNL, b"\x00\x20")
    damaged = parts[-1][:at] + b"\xff\x01" + CANARY + parts[-1][at:]
    clean = strip(jpeg(*parts[:-1], damaged, lines)).data
    assert clean == jpeg(*parts, lines)
    cut = jpeg(*parts[:-1], parts[-1][:at], b"\xff\x01" + CANARY, lines)
    assert strip(cut).data == jpeg(*parts[:-1], parts[-1][:at], lines)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("coding", ["sequential", "progressive"])
@pytest.mark.parametrize("size", [8, 17, 32, 40])
@pytest.mark.parametrize("every", [1, 2, 3, 7])
def test_restarts_stay_as_many_as_the_picture_has(
    mode: str, coding: str, size: int, every: int
) -> None:
    parts = picture(mode, progressive=coding == "progressive", size=size, restarts=every)
    whole = jpeg(*parts)
    count = whole.count(b"\xff\xd0") + whole.count(b"\xff\xd1")
    in_last = sum(parts[-1].count(bytes((0xFF, code))) for code in range(0xD0, 0xD8))
    further = bytes((0xFF, 0xD0 + in_last % 8))

    clean = strip(whole).data
    assert pixels(clean) == pixels(whole)
    assert clean.count(b"\xff\xd0") + clean.count(b"\xff\xd1") == count
    assert strip(jpeg(*parts, further)).data == clean
    with pytest.raises(CannotStrip):
        strip(jpeg(*parts, further + CANARY))


# Widened on purpose ---------------------------------------------------------------------------


def everything(
    segments: tuple[Segment, ...], _data: bytes, _tails: Sequence[Span] = ()
) -> list[Span | bytes]:
    """Keep every segment of the picture, as it is."""
    return [one.span for one in segments if one.role is Role.PICTURE or one.kind == "EOI"]


@pytest.mark.parametrize("what", UNUSED)
def test_what_no_scan_uses_and_stays_by_mistake(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jpeg, "picture", everything)
    with pytest.raises(VerificationFailed):
        strip(UNUSED[what])


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_what_it_must_be_and_stays_by_mistake(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_jpeg, "picture", everything)
    with pytest.raises(VerificationFailed):
        strip(REFUSED[what])


def test_a_table_that_is_lost_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    real = _jpeg_walk.Walk.use

    def forgetful(walk: _jpeg_walk.Walk, body: bytes) -> list[int]:
        parts = real(walk, body)
        walk.used = set(sorted(walk.used)[1:])
        return parts

    monkeypatch.setattr(_jpeg_walk.Walk, "use", forgetful)
    with pytest.raises(VerificationFailed):
        strip(PLAIN)


def test_a_component_quantised_in_two_ways_is_refused_also_without_a_first_one() -> None:
    tables = [part for part in SLOW if part[1] == DQT]
    rest = [part for part in SLOW if part[1] != DQT]
    scans = [at for at, part in enumerate(rest) if part[1] == SOS]
    other = quantising(0)
    for first in ((), tables):
        behind = (*first, *rest[: scans[0] + 1], other, *rest[scans[0] + 1 :])
        with pytest.raises(CannotStrip, match="two quantisation tables"):
            strip(jpeg(jfif(), *behind))
