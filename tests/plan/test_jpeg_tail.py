"""Bytes behind the last block of a scan: no decoder looks at them, and they go."""

from __future__ import annotations

import functools
import io
import itertools
import random
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from builders import CANARY, jfif, jpeg, picture, segment
from builders_gain_map import SCENE as BRIGHT
from builders_gain_map import gain_map
from photoprivacy import CannotStrip, Policy, VerificationFailed, inspect, strip
from photoprivacy._plan import _jpeg
from photoprivacy._verify import _jpeg_bits
from photoprivacy.containers import _jpeg_codes, _jpeg_ends, _jpeg_probe
from photoprivacy.containers._jpeg import parse_jpeg
from photoprivacy.containers._jpeg_picture import ends, look
from photoprivacy.containers._jpeg_picture import picture as kept
from photoprivacy.containers._jpeg_walk import tables_in
from photoprivacy.containers._model import Segment, Span
from photoprivacy.limits import Limits
from photoprivacy.policy import Unknown

SOS, SOF, DRI, DHT = 0xDA, 0xC0, 0xDD, 0xC4
STRICT = Policy(unknown=Unknown.REFUSE)
NOISE = random.Random(7).randbytes(600)

#: what stands behind a last block → its bytes, as they stand in coded data
TAILS = {
    "words": CANARY,
    "a letter": b"\x41",
    "many words": CANARY * 40,
    "words of two bytes": CANARY.decode().encode("utf-16-le"),
    "noise": NOISE.replace(b"\xff", b"\xff\x00"),
    "stuffed": b"\xff\x00" * 9,
    "zeros": bytes(20),
    "words, then noise": CANARY + NOISE[:300].replace(b"\xff", b"\xff\x00"),
}
#: name → the picture's own segments
PICTURES = {
    "gray": picture("L"),
    "colour": picture("RGB"),
    "four colours": picture("CMYK"),
    "progressive": picture("RGB", progressive=True),
    "gray, progressive": picture("L", progressive=True, size=40),
    "with restarts": picture("RGB", restarts=1),
    "progressive, with restarts": picture("RGB", progressive=True, restarts=3),
}


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.tobytes()


def scans(parts: Sequence[bytes]) -> list[int]:
    return [at for at, part in enumerate(parts) if part[1] == SOS]


def behind(parts: Sequence[bytes], number: int, tail: bytes) -> list[bytes]:
    """Return *parts* with *tail* behind the last block of scan *number*."""
    at = scans(parts)[number]
    return [*parts[:at], parts[at] + tail, *parts[at + 1 :]]


@pytest.mark.parametrize("what", TAILS)
@pytest.mark.parametrize("name", PICTURES)
def test_what_stands_behind_the_last_block_of_any_scan_goes(name: str, what: str) -> None:
    parts, tail = PICTURES[name], TAILS[what]
    plain = jpeg(jfif(), *parts)
    assert not strip(plain).changed
    for number in range(len(scans(parts))):
        dirty = jpeg(jfif(), *behind(parts, number, tail))
        cleaned = strip(dirty)
        assert pixels(dirty) == pixels(plain)
        assert cleaned.data == plain

        (told,) = cleaned.removed
        assert told.code == "jpeg.after-picture"
        assert told.where.of(dirty) == tail
        assert [one.where for one in inspect(dirty).findings] == [told.where]
        with pytest.raises(CannotStrip, match="unknown purpose"):
            strip(dirty, STRICT)
    assert strip(plain, STRICT).data == plain


@pytest.mark.parametrize("coding", ["sequential", "progressive"])
def test_every_restart_interval_has_an_end_of_its_own(coding: str) -> None:
    parts = picture(size=40, progressive=coding == "progressive", restarts=2)
    plain = jpeg(jfif(), *parts)
    places = [at for at in range(len(plain)) if plain[at] == 0xFF and 0xD0 <= plain[at + 1] < 0xD8]
    assert len(places) > 3
    for at in places:
        dirty = plain[:at] + CANARY + plain[at:]
        assert pixels(dirty) == pixels(plain)
        assert strip(dirty).data == plain
        with pytest.raises(CannotStrip):
            strip(dirty, STRICT)
    everywhere = plain
    for at in reversed(places):
        everywhere = everywhere[:at] + b"\x00\xff\x00" + everywhere[at:]
    assert strip(everywhere).data == plain
    assert len(inspect(everywhere).findings) == len(places)


def test_fill_behind_the_words_goes_too() -> None:
    parts = PICTURES["colour"]
    dirty = jpeg(jfif(), *behind(parts, 0, CANARY), b"\xff" * 50)
    assert strip(dirty).data == jpeg(jfif(), *parts)
    restarts = PICTURES["with restarts"]
    at = restarts[-1].index(b"\xff\xd1")
    filled = restarts[-1][:at] + CANARY + b"\xff" * 9 + restarts[-1][at:]
    assert strip(jpeg(jfif(), *restarts[:-1], filled)).data == jpeg(jfif(), *restarts)


def test_the_same_goes_for_gain_maps() -> None:
    plain = gain_map()
    whole = jpeg(jfif(), *BRIGHT)
    dirty = plain[:-2] + CANARY + plain[-2:]
    both = strip(whole[:-2] + CANARY + whole[-2:] + dirty)
    assert both.data == strip(whole + plain).data
    assert [one.code for one in both.removed].count("jpeg.after-picture") == 2
    for one in (whole + dirty, whole[:-2] + CANARY + whole[-2:] + plain):
        with pytest.raises(CannotStrip):
            strip(one, STRICT)


def test_lines_that_a_lower_height_hides_go() -> None:
    """A picture cut by its header alone still has the rest of its blocks."""
    parts = list(picture(size=48))
    at = next(number for number, part in enumerate(parts) if part[1] == SOF)
    parts[at] = parts[at][:5] + (16).to_bytes(2, "big") + parts[at][7:]
    dirty = jpeg(jfif(), *parts)
    cleaned = strip(dirty)
    assert pixels(cleaned.data) == pixels(dirty)
    assert len(cleaned.data) < len(dirty) / 2
    assert [one.code for one in cleaned.removed] == ["jpeg.after-picture"]


def test_a_scan_that_ends_early_has_nothing_behind_it() -> None:
    parts = PICTURES["colour"]
    for cut in (1, 7, 100):
        short = jpeg(jfif(), *parts[:-1], parts[-1][:-cut])
        assert not strip(short).changed


# Big pictures ---------------------------------------------------------------------------------


@functools.cache
def big(coding: str = "sequential", restarts: int = 0) -> tuple[bytes, ...]:
    parts = picture(size=320, progressive=coding == "progressive", restarts=restarts)
    assert sum(map(len, parts)) > _jpeg_ends.SMALL * 2
    return parts


@pytest.mark.parametrize("words", ["words", "words of two bytes", "many words"])
@pytest.mark.parametrize("coding", ["sequential", "progressive"])
def test_words_behind_the_last_block_of_a_big_picture_go(coding: str, words: str) -> None:
    parts = big(coding)
    plain = jpeg(jfif(), *parts)
    for number in range(len(scans(parts))):
        dirty = jpeg(jfif(), *behind(parts, number, TAILS[words]))
        cleaned = strip(dirty)
        assert cleaned.data == plain
        assert [one.where.of(dirty) for one in cleaned.removed] == [TAILS[words]]


def test_words_in_other_letters_are_seen_too() -> None:
    parts = big()
    for text in (
        "Straße nach Lisboa, 52°22",
        "Привет, меня зовут так",
        "撮影場所は東京都千代田区丸の内一丁目",
    ):
        dirty = jpeg(jfif(), *behind(parts, 0, text.encode()))
        assert strip(dirty).data == jpeg(jfif(), *parts)


def test_words_in_front_of_a_restart_of_a_big_picture_go() -> None:
    parts = big(restarts=40)
    at = parts[-1].index(b"\xff\xd4")
    dirty = jpeg(jfif(), *parts[:-1], parts[-1][:at] + CANARY + parts[-1][at:])
    assert strip(dirty).data == jpeg(jfif(), *parts)


def test_noise_behind_a_big_picture_is_refused_where_unknown_bytes_are() -> None:
    for coding in ("sequential", "progressive"):
        parts = big(coding)
        assert not strip(jpeg(jfif(), *parts), STRICT).changed
        for number in range(len(scans(parts))):
            with pytest.raises(CannotStrip, match="unknown purpose"):
                strip(jpeg(jfif(), *behind(parts, number, TAILS["noise"])), STRICT)


@pytest.mark.parametrize("restarts", [0, 30])
def test_noise_behind_a_big_picture_hardly_ever_reads_as_codes(restarts: int) -> None:
    """A guess: what passes for codes is not looked for, unless unknown bytes are refused."""
    parts = big(restarts=restarts)
    plain = jpeg(jfif(), *parts)
    rolls = random.Random(11)
    sizes = [1, 2, 3, 5, 8, 16, 30, 60, 200, 400, 1000, 5000] * 4
    found = 0
    for size in sizes:
        tail = rolls.randbytes(size).replace(b"\xff", b"\xff\x00")
        clean = strip(jpeg(jfif(), *behind(parts, 0, tail))).data
        assert clean in (plain, jpeg(jfif(), *behind(parts, 0, tail)))
        found += clean == plain
    assert found >= len(sizes) - 3


def test_an_end_that_reads_as_codes_is_not_walked_to() -> None:
    noise = Image.frombytes("RGB", (700, 700), random.Random(2).randbytes(700 * 700 * 3))
    scene = noise.filter(ImageFilter.GaussianBlur(1))
    done = 0
    for number, quality in itertools.product(range(20), (85, 95)):
        file = io.BytesIO()
        part = scene.crop((number, 7 * number, 300 + 9 * number, 400 + 3 * number))
        part.save(file, "jpeg", quality=quality, subsampling=number % 3)
        data = file.getvalue()
        assert len(data) > _jpeg_ends.SMALL * 1.2
        assert not look(parse_jpeg(data, Limits()).segments, data).ends.proved
        done += 1
    assert done == 40


# What cannot be walked ------------------------------------------------------------------------


def arithmetic(tail: bytes = b"") -> bytes:
    """Return a picture that says it is coded arithmetically (T.81, SOF9), and is not walked."""
    parts = [b"\xff\xc9" + part[2:] if part[1] == SOF else part for part in picture()]
    coded = NOISE[:200].replace(b"\xff", b"\xfe") + bytes((1, 2, 3)) + tail
    return jpeg(jfif(), *(part for part in parts[:-1] if part[1] != 0xC4), parts[-1][:14] + coded)


def test_arithmetic_coding_ends_nobody_knows_where() -> None:
    assert not strip(arithmetic()).changed
    with pytest.raises(CannotStrip, match="unknown end"):
        strip(arithmetic(), STRICT)
    with pytest.raises(CannotStrip, match="ends in words"):
        strip(arithmetic(CANARY))
    assert inspect(arithmetic(CANARY)).problems


def test_codes_that_are_none_are_refused_only_where_unknown_bytes_are() -> None:
    parts = PICTURES["colour"]
    broken = jpeg(jfif(), *parts[:-1], parts[-1][:60] + b"\xff\x00" * 12 + parts[-1][60:])
    assert not strip(broken).changed
    with pytest.raises(CannotStrip):
        strip(broken, STRICT)


def test_a_picture_with_damaged_codes_keeps_what_is_behind_others_of_them() -> None:
    parts = PICTURES["with restarts"]
    at = parts[-1].index(b"\xff\xd1")
    broken = parts[-1][: at - 60] + b"\xff\x00" * 12 + parts[-1][at - 60 :] + b"\x81\x82\x83"
    assert not strip(jpeg(jfif(), *parts[:-1], broken)).changed
    with pytest.raises(CannotStrip, match="ends in words"):
        strip(jpeg(jfif(), *parts[:-1], broken + CANARY))


def test_restarts_out_of_order_are_damage() -> None:
    parts = PICTURES["with restarts"]
    swapped = parts[-1].replace(b"\xff\xd1", b"\xff\xd6")
    assert not strip(jpeg(jfif(), *parts[:-1], swapped)).changed
    with pytest.raises(CannotStrip):
        strip(jpeg(jfif(), *parts[:-1], swapped), STRICT)


# No false alarm -------------------------------------------------------------------------------


def coded_by_pillow() -> list[bytes]:
    """Return pictures of every kind that Pillow codes: noise, a slope, and one colour."""
    rolls, out = random.Random(3), []
    kinds = itertools.product(
        ("L", "RGB", "CMYK"), (5, 75, 100), (0, 1, 2), (False, True),
        ({}, {"restart_marker_blocks": 3}, {"restart_marker_rows": 1}),
        ((8, 8), (33, 17), (64, 70)),
    )  # fmt: skip
    for number, (mode, quality, sampling, slow, restarts, size) in enumerate(kinds):
        noise = Image.frombytes("RGB", size, rolls.randbytes(size[0] * size[1] * 3))
        slope = Image.linear_gradient("L").resize(size).convert("RGB")
        image = (noise, slope, Image.new("RGB", size, "teal"))[number % 3 if number % 4 else 0]
        file = io.BytesIO()
        image.convert(mode).save(
            file, "jpeg", quality=quality, subsampling=sampling, progressive=slow,
            optimize=number % 2 == 1, **restarts,
        )  # fmt: skip
        out.append(file.getvalue())
    return out


def test_every_picture_that_pillow_codes_ends_where_its_blocks_do() -> None:
    files = coded_by_pillow()
    assert len(files) == 486
    short = 0
    for data in files:
        container = parse_jpeg(data, Limits())
        known = ends(container.segments, data)
        assert known.proved
        assert not known.tails
        clean = strip(data, STRICT).data
        assert pixels(clean) == pixels(data)
        at = data.rindex(b"\xff\xd9")
        if at > _jpeg_ends.SMALL:
            continue  # a byte of zeros looks like nothing
        short += 1
        assert strip(data[:at] + b"\x00" + data[at:]).data == clean
    assert short > 450


def test_every_real_jpeg_ends_where_its_blocks_do(corpus: Path) -> None:
    found = []
    for path in sorted(one for one in corpus.rglob("*") if one.is_file()):
        data = path.read_bytes()
        if data[:2] != b"\xff\xd8":
            continue
        container = parse_jpeg(data, Limits())
        if container.damage is not None:
            continue
        known = [
            ends(segments, data)
            for segments in (container.segments, *(one.segments for one in container.behind))
        ]
        assert not container.tails
        assert not any(one.tails for one in known)
        found.append((path.name, all(one.proved for one in known)))
    assert len(found) > 100
    # A scan that is damaged, and that decoders read past.
    assert [name for name, proved in found if not proved] == ["corrupted.jpg"]


def passed_over(side: int, passes: int, words: bytes = b"") -> bytes:
    """Return a gray progressive picture that begins one coefficient of each block.

    Its further scans refine another one, which no block has, and run over thousands of blocks
    in a few bits.
    """
    blocks = (side // 8) ** 2
    runs, rest = divmod(blocks, 1 << 14)
    assert not rest
    run = int("1000000000000000" * runs, 2).to_bytes(2 * runs)  # 10: a run, of 1 << 14 blocks
    size = side.to_bytes(2)
    return jpeg(
        segment(0xDB, bytes([0, *[1] * 64])),
        segment(0xC2, b"\x08" + size + size + b"\x01\x01\x11\x00"),
        segment(0xC4, bytes([0x10, 1, 1, *[0] * 14, 0x01, 0xE0])),
        segment(SOS, bytes([1, 1, 0, 1, 1, 0x01])) + bytes(blocks // 4) + words,
        *[segment(SOS, bytes([1, 1, 0, 2, 2, 0x10])) + run] * passes,
    )


def test_what_refinements_need_takes_some_bytes_a_block() -> None:
    side, words = 4096, CANARY * 2
    data, plain = passed_over(side, 3, words), passed_over(side, 3)
    tracemalloc.start()
    try:
        cleaned = strip(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert cleaned.data == plain
    assert most < 32 * (side // 8) ** 2


def test_scans_that_run_over_too_many_blocks_are_not_walked() -> None:
    data = passed_over(16384, 9, CANARY)
    container = parse_jpeg(data, Limits())
    assert container.doubtful
    assert not ends(container.segments, data).proved
    with pytest.raises(CannotStrip):
        strip(data)
    unmarked = passed_over(16384, 9)
    assert strip(unmarked).data == unmarked
    with pytest.raises(CannotStrip):
        strip(unmarked, STRICT)


def test_a_scan_that_nothing_refines_may_end_early() -> None:
    whole = passed_over(1024, 0)
    short = whole[:-100] + whole[-2:]
    assert not strip(short, STRICT).changed


def huffman(parts: Sequence[bytes]) -> dict[int, bytes]:
    """Return the Huffman tables of a picture's own segments, by kind and number."""
    found: dict[int, bytes] = {}
    for part in parts:
        if part[1] == DHT:
            found |= {slot: table for (_, slot), table in tables_in(DHT, part[4:])}
    return found


def test_tables_of_few_windows_say_the_same_as_whole_ones() -> None:
    tables = huffman(picture("RGB"))
    assert len(tables) == 4
    for table in tables.values():
        for of in (_jpeg_codes.symbols, _jpeg_codes.first_steps, _jpeg_codes.steps):
            few, whole = of(table[1:], few=True), of(table[1:])
            assert not few
            assert [few[window] for window in range(1 << 16)] == whole
        sought = _jpeg_bits.codes(table, 100)
        assert not sought
        assert [sought[window] for window in range(1 << 16)] == _jpeg_bits.codes(table, 1 << 20)


def test_a_short_scan_is_probed_no_longer_than_it_takes_to_walk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads = 0
    real = _jpeg_probe._Reading._block

    class Counted(_jpeg_probe._Reading):
        def _block(self, at: int, *codes: _jpeg_probe._Codes) -> int:
            nonlocal reads
            before = self._read
            end = real(self, at, *codes)
            reads += self._read - before
            return end

    monkeypatch.setattr(_jpeg_probe, "_Reading", Counted)
    tables = huffman(picture("RGB"))
    pairs = [(tables[0][1:], tables[16][1:]), (tables[1][1:], tables[17][1:])]
    noise = NOISE[:500].replace(b"\xff", b"\x01")
    blocks = [*pairs[:1] * 4, *pairs[1:] * 2]
    assert not _jpeg_probe.fits(noise, Span(0, 500), blocks)
    assert 1000 < reads < 10_000
    assert not _jpeg_probe.fits(
        bytes(1 << 16) + noise, Span(0, 66_036), [*pairs[:1] * 4, *pairs[1:] * 2]
    )
    assert reads > 20_000


# Widened on purpose ---------------------------------------------------------------------------


def nothing_cut(segments: Sequence[Segment], data: bytes, _tails: object) -> list[Span | bytes]:
    return kept(segments, data)


@pytest.mark.parametrize("what", TAILS)
@pytest.mark.parametrize("name", PICTURES)
def test_what_stands_behind_a_scan_and_stays_by_mistake(
    name: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_jpeg, "picture", nothing_cut)
    for number in range(len(scans(PICTURES[name]))):
        with pytest.raises(VerificationFailed):
            strip(jpeg(jfif(), *behind(PICTURES[name], number, TAILS[what])))


@pytest.mark.parametrize("words", ["words", "words of two bytes", "many words"])
@pytest.mark.parametrize("coding", ["sequential", "progressive"])
def test_words_behind_a_big_picture_that_stay_by_mistake(
    coding: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_jpeg, "picture", nothing_cut)
    with pytest.raises(VerificationFailed):
        strip(jpeg(jfif(), *behind(big(coding), -1, TAILS[words])))


def test_noise_that_is_not_refused_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jpeg, "_refuse_unknown", lambda *_: None)
    monkeypatch.setattr(_jpeg, "picture", nothing_cut)
    with pytest.raises(VerificationFailed):
        strip(jpeg(jfif(), *behind(big(), 0, TAILS["noise"])), STRICT)
    with pytest.raises(VerificationFailed):
        strip(arithmetic(), STRICT)


@pytest.mark.parametrize("size", ["small", "big"])
@pytest.mark.parametrize("coding", ["sequential", "progressive"])
def test_a_block_that_is_cut_off_by_mistake(
    coding: str, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(segments: Sequence[Segment], data: bytes, _tails: object) -> list[Span | bytes]:
        pieces = kept(segments, data)
        at = max(number for number, one in enumerate(pieces) if isinstance(one, Span)) - 1
        last = pieces[at]
        assert isinstance(last, Span)
        pieces[at] = Span(last.start, last.stop - 1)
        return pieces

    parts = picture(progressive=coding == "progressive") if size == "small" else big(coding)
    monkeypatch.setattr(_jpeg, "picture", too_much)
    with pytest.raises(VerificationFailed):
        strip(jpeg(jfif(), *parts))


def test_words_that_nobody_can_walk_to_and_that_stay_by_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_jpeg_ends, "looks_planted", lambda *_: False)
    from photoprivacy.containers import _jpeg_tails

    monkeypatch.setattr(_jpeg_tails, "looks_planted", lambda *_: False)
    with pytest.raises(VerificationFailed):
        strip(arithmetic(CANARY))
