"""Every rule about videos widened on purpose: the second pair of eyes says no."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import pytest

from builders import CANARY
from builders_movie import avcc, esds, pictures, sound, start_of_sound, unit, video, words
from builders_prores import frame as prores
from photoprivacy import strip
from photoprivacy._plan import (
    _bmff,
    _bmff_obus,
    _bmff_properties,
    _movie,
    _movie_entries,
    _movie_words,
    _xmp,
)
from photoprivacy._plan import _nal_units as _plan_units
from photoprivacy._plan._bmff_moov import _mvhd
from photoprivacy.containers import _nal_units
from photoprivacy.containers._nal_units import Coding
from photoprivacy.policy import Category, Policy
from plan.test_av1_units import SEQUENCE
from plan.test_nal_units import h264
from plan.test_widened import ALWAYS, trips
from verify.built import AV1_SEQUENCE, AV1C, CODED, HVCC, ISPE, box, full, heic, nal, obu

SOUND_AT = start_of_sound()
LOUD = Policy(keep={*Policy.SHARE.keep, Category.AUDIO})
WORDS = nal(bytes((5, len(CANARY))) + CANARY + b"\x80", 39)

#: what a table would have to keep → (the table, its key, the row, a file that has it)
ROWS: dict[str, tuple[object, str, object, bytes]] = {
    "sound": (_movie.TRACKS, "soun", ALWAYS, video(pictures(), sound(2, SOUND_AT))),
    "a coding": (_movie_entries.PICTURES, "leak", ("", ALWAYS), video(pictures(entry=b"leak"))),
    "a box of an entry": (
        _movie_entries.DESCRIBED,
        "leak",
        (ALWAYS, bytes),
        video(pictures(properties=(HVCC, box(b"leak", CANARY)))),
    ),
    "all of a box": (
        _movie_entries.DESCRIBED,
        "fiel",
        (ALWAYS, bytes),
        video(pictures(properties=(HVCC, box(b"fiel", b"\2\6" + CANARY)))),
    ),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_row_that_stays_by_mistake(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table, key, row, data = ROWS[what]
    monkeypatch.setitem(table, key, row)  # type: ignore[arg-type]
    trips(data)


def test_a_coding_of_sound_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_movie_entries.SOUNDS, "leak", ("", ALWAYS))
    trips(video(pictures(), sound(2, SOUND_AT, entry=b"leak")), LOUD)


def test_rates_of_sound_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_movie_entries.DESCRIBED, "esds", (ALWAYS, bytes))
    trips(video(pictures(), sound(2, SOUND_AT, esds(), entry=b"mp4a")), LOUD)


def test_brands_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, brands in _movie.BRANDS.items():
        monkeypatch.setitem(_movie.BRANDS, kind, brands + b"XAVC")
    trips(video())
    trips(video(brand=b"qt  "))


def test_words_between_pictures_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_nal_units.SHOWING, 5, (1000, "widened on purpose"))
    trips(video(frames=(WORDS + CODED,)))
    trips(heic({1: (b"hvc1", WORDS + CODED)}))


@pytest.mark.parametrize(("table", "number"), [("_HEVC", 38), ("_HEVC", 62), ("_AVC", 12)])
def test_units_nobody_knows_that_stay_by_mistake(
    table: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_nal_units, table, getattr(_nal_units, table) | {number})
    if table == "_HEVC":
        trips(video(frames=(nal(CANARY, number) + CODED,)))
        return
    frames = (unit(CANARY, number) + unit(b"first"),)
    trips(video(pictures(frames, entry=b"avc1", properties=(avcc(),)), frames=frames))


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_a_property_that_stays_by_mistake(brand: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_xmp._FIELDS, "dc:rights", ("IFD0:Copyright", Category.COLOR))
    trips(video(user=(words(b"\xa9cpy", b"Somebody Else"),), brand=brand))


def test_dates_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def dated(*args: object) -> bytes:
        whole = _mvhd(*args)  # type: ignore[arg-type]
        return whole[:12] + struct.pack(">II", 5, 5) + whole[20:]

    monkeypatch.setattr("photoprivacy._plan._bmff_moov._mvhd", dated)
    trips(video())


def test_a_name_of_a_handler_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(kind: bytes, handler: bytes) -> bytes:
        return full(b"hdlr", 0, kind, handler, bytes(12), CANARY, b"\0")

    monkeypatch.setattr("photoprivacy._plan._bmff_moov._hdlr", named)
    trips(video(pictures(name=CANARY)))


def test_bytes_between_samples_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    from photoprivacy._plan._bmff_layout import Layout
    from photoprivacy.containers._model import Span

    class Wide(Layout):
        @classmethod
        def of(cls, spans: object) -> Layout:
            real = Layout.of(spans)  # type: ignore[arg-type]
            last = real.spans[-1]
            return Layout(
                (*real.spans[:-1], Span(last.start, last.stop + 5)), real.starts, real.size + 5
            )

    monkeypatch.setattr(_movie, "Layout", Wide)
    trips(video(gap=CANARY))


def test_words_of_a_mov_that_are_not_those_of_its_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    said = (words(b"\xa9cpy", b"(c) Rui"), words(b"\xa9xyz", b"+38.7139-009.1334/"))
    data = video(user=said, brand=b"qt  ")
    policy = Policy(keep={Category.RIGHTS}, location="city")
    strip(data, policy)
    real = _movie_words.user_data
    wrong: dict[str, Callable[[Mapping[str, str]], bytes]] = {
        "none": lambda _said: b"",
        "a word more": lambda said: real(said) + words(b"\xa9swr", CANARY),
        "another order": lambda said: real({**said} | {"xmp:CreateDate": "2024"}),
        "another word": lambda said: real({**said} | {"dc:rights": "(c) Ana"}),
        "the photo's own point": lambda said: real(
            {**said} | {"exif:GPSLatitude": "38,42.834000N", "exif:GPSLongitude": "9,8.004000W"}
        ),
        "twice": lambda said: real(said) * 2,
    }
    assert len(wrong) == 6
    for mistake in wrong.values():
        monkeypatch.setattr(_movie, "user_data", mistake)
        trips(data, policy)
        trips(data, Policy(keep={Category.RIGHTS}))


def test_units_of_another_layer_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic({1: (b"hvc1", CODED + bytes((len(CANARY) + 2, 38, 0x49)) + CANARY)})
    strip(data)
    real = _nal_units._header

    def flat(*args: object) -> tuple[int, int, bool]:
        kind, _, sound = real(*args)  # type: ignore[arg-type]
        return kind, 0, sound

    monkeypatch.setattr(_nal_units, "_header", flat)
    trips(data)


@pytest.mark.parametrize("what", [b"\x09\xf0", b"\x69\xf0", b"\x09\x50\x80"])
def test_delimiters_that_stay_by_mistake(what: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first one is sound, but stands behind a picture.
    data = h264(b"\x65first", what) if what == b"\x09\xf0" else h264(what, b"\x65first")
    strip(data)
    monkeypatch.setattr(_nal_units, "_AVC", _nal_units._AVC | {9})
    monkeypatch.setattr(_nal_units, "_DELIMITER", {Coding.AVC: -1, Coding.HEVC: -1})
    trips(data)


@pytest.mark.parametrize("kind", [2, 13, 19])
def test_parts_few_decoders_know_that_stay_by_mistake(
    kind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_nal_units, "_RARE", frozenset())
    monkeypatch.setattr(_nal_units, "_AVC", _nal_units._AVC | {kind})
    trips(h264(b"\x65first", bytes((kind,)) + CANARY))


def test_ends_with_words_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    class Any(frozenset[bytes]):
        def __contains__(self, _: object) -> bool:
            return True

    monkeypatch.setattr(_nal_units, "_NOTHING_IN", Any())
    trips(h264(b"\x65first", b"\x0a" + CANARY))
    trips(heic({1: (b"hvc1", CODED + nal(CANARY, 36))}))


def test_a_message_without_end_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    light = nal(b"\x90\x04" + b"LEAK" + b"\x80", 39)
    monkeypatch.setattr(_nal_units, "_MOST_TIMES", 9)
    trips(heic({1: (b"hvc1", light * 3 + CODED)}))


def test_parameter_sets_of_others_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    array = b"\x20\0\1" + struct.pack(">H", len(CANARY) + 2) + b"\x40\x49" + CANARY
    further = heic(properties=(box(b"hvcC", HVCC[8:30], b"\1", array), ISPE))
    strip(further)
    monkeypatch.setattr(_bmff_properties, "_of_base_layer", lambda _unit, _kind: True)
    trips(further)
    subset = avcc(b"\x6f" + CANARY, b"\x68\xee")
    real = _movie_entries._sets

    def all_of_them(cursor: object, count: int, _: int) -> tuple[int, bytes]:
        return real(cursor, count, 15 if count and cursor.left > 20 else 8)  # type: ignore[arg-type, attr-defined]

    monkeypatch.setattr(_movie_entries, "_sets", all_of_them)
    trips(h264(b"\x65first", config=subset))


@pytest.mark.parametrize(
    ("name", "value", "item"),
    [
        ("_FRAMES", frozenset({3, 4, 6, 7}), obu(7, CANARY)),
        ("_FRAMES", frozenset({3, 4, 6, 8}), obu(8, CANARY)),
        ("_FRAMES", frozenset({3, 4, 6, 15}), obu(15, CANARY)),
        ("_RENDERING", {1: len(CANARY) + 2}, obu(5, b"\x01" + CANARY + b"\x80")),
        ("_RENDERING", {3: len(CANARY) + 2}, obu(5, b"\x03" + CANARY + b"\x80")),
        ("_RENDERING", {4: len(CANARY) + 2}, obu(5, b"\x04" + CANARY + b"\x80")),
        ("_DELIMITER", 1, obu(2, CANARY)),
        ("_ends", lambda _: True, obu(1, AV1_SEQUENCE + CANARY)),
        ("_check_headers", lambda _data, _kept: None, SEQUENCE + obu(1, AV1_SEQUENCE[:-1] + b"X")),
        ("_check_layers", lambda _found, _layers: None, b""),
        ("_MOST_UNITS", 99_999, obu(6, b"") * 17_000),
    ],
)
def test_units_of_av1_that_stay_by_mistake(
    name: str, value: object, item: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = (box(b"a1lx", b"\0LEAK\0\0"),) if name == "_check_layers" else ()
    data = heic({1: (b"av01", item + obu(6, b"frame"))}, properties=(AV1C, ISPE, *layers))
    monkeypatch.setattr(_bmff_obus, name, value)
    trips(data)


def test_bytes_behind_a_frame_of_prores_that_stay_by_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frames = (prores() + CANARY,)
    data = video(pictures(frames, entry=b"apcn", properties=()), frames=frames)
    strip(data)
    monkeypatch.setattr(_plan_units, "PRORES", frozenset())
    trips(data)


def test_a_promise_of_a_tone_map_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic(brands=b"heictmapmif1")
    strip(data)
    monkeypatch.setattr(_bmff, "TONE_MAPPED", frozenset())
    trips(data)
