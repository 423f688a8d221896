"""Every rule about videos widened on purpose: the second pair of eyes says no."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

import pytest

from builders import CANARY
from builders_movie import esds, pictures, sound, start_of_sound, unit, video, words
from photoprivacy import strip
from photoprivacy._plan import _movie, _movie_entries, _movie_words, _xmp
from photoprivacy._plan._bmff_moov import _mvhd
from photoprivacy.containers import _nal_units
from photoprivacy.policy import Category, Policy
from plan.test_widened import ALWAYS, trips
from verify.built import CODED, HVCC, box, full, heic, nal

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
    from builders_movie import avcc

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
