"""MP4 and MOV: pictures stay, byte for byte; who, where, when and with what go."""

from __future__ import annotations

import json
import struct
import subprocess
from base64 import b64encode
from pathlib import Path

import attrs
import pytest

from builders import CANARY
from builders_movie import (
    FRAMES,
    LEVELS,
    avcc,
    esds,
    keys,
    pictures,
    sound,
    start_of_sound,
    unit,
    video,
    words,
)
from photoprivacy import (
    CannotStrip,
    Coordinates,
    Format,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    Precision,
    inspect,
    strip,
)
from photoprivacy.policy import RENDERING, Category, TimePrecision, Unknown
from verify.built import CODED, HVCC, UNITY, box, full, nal

LOUD = Policy(keep=RENDERING | {Category.AUDIO})
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
TEXT = CANARY
SOUND_AT = start_of_sound()
DAY_IN_2024 = 3_790_000_000
TURNED = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)


def spelled(text: bytes) -> list[bytes]:
    plain = text.decode("latin-1")
    return [text, plain.encode("utf-16-le"), plain.encode("utf-16-be"), b64encode(text),
            text.hex().encode(), text.hex().upper().encode()]  # fmt: skip


def metadata_track(number: int, text: bytes) -> bytes:
    """Return a track of positions, as action cameras write them, that reuses the sound's bytes."""
    return sound(number, SOUND_AT).replace(b"soun", b"meta").replace(b"sowt", b"gpmd") + box(
        b"free", text
    )


#: where words can stand in a video → a video that has them there
SLOTS: dict[str, bytes] = {
    "user data": video(user=(words(b"\xa9xyz", TEXT),)),
    "user data of 3GPP": video(user=(full(b"auth", 0, b"\x55\xc4", TEXT, b"\0"),)),
    "user data of nobody's": video(user=(box(b"SNum", TEXT),)),
    "keys": video(inside=keys(location_ISO6709=TEXT)),
    "names of keys": video(inside=keys(**{TEXT.decode(): b"1"})),
    "the file's meta": video(before=keys(make=TEXT)),
    "the file's user data": video(behind=box(b"udta", words(b"\xa9mod", TEXT))),
    "XMP": video(behind=box(b"uuid", XMP_UUID, TEXT)),
    "credentials": video(before=box(b"uuid", C2PA_UUID, TEXT)),
    "an unknown box": video(before=box(b"leak", TEXT)),
    "an unknown box in the movie": video(inside=box(b"leak", TEXT)),
    "free space": video(before=box(b"free", TEXT)),
    "free space in the movie": video(inside=box(b"free", TEXT)),
    "wide": video(before=box(b"wide", TEXT)),
    "the brands": video(ftyp=box(b"ftyp", b"isom", TEXT[:4], b"isom", TEXT[:24])),
    "between samples": video(gap=TEXT),
    "behind everything": video(behind=TEXT),
    "a track's user data": video(pictures(more=box(b"udta", words(b"\xa9nam", TEXT)))),
    "a track's meta": video(pictures(more=keys(title=TEXT))),
    "a track's unknown box": video(pictures(more=box(b"uuid", bytes(16), TEXT))),
    "a handler's name": video(pictures(name=TEXT)),
    "a compressor's name": video(pictures(compressor=TEXT)),
    "a reference": video(pictures(refers=box(b"cdsc", TEXT[:24]))),
    "an unknown box of an entry": video(pictures(properties=(HVCC, box(b"leak", TEXT)))),
    "bit rates": video(pictures(properties=(HVCC, box(b"btrt", TEXT[:12])))),
    "behind H.264's configuration": video(
        pictures((unit(b"picture"),), entry=b"avc1", properties=(avcc(tail=TEXT),)),
        frames=(unit(b"picture"),),
    ),
    "a track of sound": video(pictures(), sound(2, SOUND_AT, box(b"leak", TEXT))),
    "a track of positions": video(pictures(), metadata_track(2, TEXT)),
    "samples of a track of positions": video(pictures(), metadata_track(2, b"")),
    "between pictures": video(frames=(CODED, nal(b"\x05\x20" + bytes(16) + TEXT, 39) + CODED)),
    "a picture to go with it": video(behind=box(b"PICT", TEXT)),
    "Samsung's data": video(behind=box(b"sefd", TEXT)),
}  # fmt: skip


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_a_word_in_any_place_goes(slot: str, brand: bytes) -> None:
    data = SLOTS[slot]
    data = data[:8] + brand + data[12:]
    text = LEVELS if slot.startswith("samples") else TEXT
    if "brands" in slot:
        text = TEXT[:12]
    assert text[:12] in data
    clean = strip(data)
    for spelling in spelled(text[:12]):
        assert spelling not in clean.data
    assert all(frame in clean.data for frame in FRAMES[:1]) or "picture" in slot or "H.264" in slot
    again = strip(clean.data)
    assert again.data == clean.data
    assert not again.changed
    assert not inspect(clean.data).violations(Policy.SHARE)


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_the_output_depends_on_the_samples_alone(brand: bytes) -> None:
    bare = strip(video(brand=brand)).data
    for slot, data in SLOTS.items():
        if "H.264" in slot or "between pictures" in slot:
            continue
        assert strip(data[:8] + brand + data[12:]).data == bare, slot


def test_dates_and_languages_go() -> None:
    bare = strip(video()).data
    made = video(pictures(dates=DAY_IN_2024, language=b"\x15\xc7"), dates=DAY_IN_2024)
    assert inspect(made).captured_at is not None
    assert strip(made).data == bare
    assert inspect(bare).captured_at is None


def test_a_video_that_is_turned_stays_turned() -> None:
    data = video(pictures(matrix=TURNED))
    clean = strip(data).data
    assert TURNED in clean
    assert inspect(data).orientation == inspect(clean).orientation == 6
    assert TURNED not in strip(data, Policy(keep=())).data


def test_sound_goes_unless_it_is_kept() -> None:
    data = video(pictures(), sound(2, SOUND_AT, vendor=b"\0\0APPL"))
    assert LEVELS not in strip(data).data
    loud = strip(data, LOUD)
    assert LEVELS in loud.data
    assert b"APPL" not in loud.data
    assert strip(loud.data, LOUD).data == loud.data
    assert [finding.code for finding in loud.kept] == ["embedded.audio"]
    assert strip(loud.data).data == strip(data).data


def test_a_track_that_nobody_plays_goes() -> None:
    off = sound(2, SOUND_AT, flags=2)
    on = sound(3, SOUND_AT, flags=3)
    assert strip(video(pictures(), off, on), LOUD).data == strip(video(pictures(), on), LOUD).data
    # Some files enable nothing, and players play all.
    assert LEVELS in strip(video(pictures(), off), LOUD).data


AGAIN = box(b"frma", b"mp4a") + box(b"mp4a", bytes(4))
WAVE = box(b"wave", AGAIN, esds(), box(b"leak", CANARY), box(bytes(4)))
SOUNDS = {
    "AAC": (b"mp4a", 0, (esds(),)),
    "AAC with long sizes": (b"mp4a", 0, (esds(long=True),)),
    "AAC in QuickTime": (b"mp4a", 1, (WAVE,)),
    "layout": (b"mp4a", 1, (full(b"chan", 0, struct.pack(">III", 0x640001, 0, 0)), WAVE)),
    "Opus": (b"Opus", 0, (box(b"dOps", b"\0\2" + bytes(8) + b"\0" + CANARY),)),
    "Opus with more channels": (
        b"Opus", 0, (box(b"dOps", b"\0\2" + bytes(8) + b"\1\1\1\0\1" + CANARY),),
    ),
    "AC-3": (b"ac-3", 0, (box(b"dac3", b"\x10\x40\x00" + CANARY),)),
    "AMR": (b"samr", 0, (box(b"damr", b"LEAK\x01\x81\xff\0\1" + CANARY),)),
    "lossless": (b"alac", 0, (full(b"alac", 0, bytes(24), CANARY),)),
    "long numbers": (b"lpcm", 2, ()),
    "numbers": (b"twos", 0, ()),
}  # fmt: skip


@pytest.mark.parametrize("what", SOUNDS)
def test_kept_sound_is_described_anew(what: str) -> None:
    entry, version, inside = SOUNDS[what]
    data = video(
        pictures(),
        sound(2, SOUND_AT, *inside, box(b"leak", CANARY), entry=entry, version=version),
    )
    clean = strip(data, LOUD).data
    assert CANARY[:4] not in clean
    assert b"LEAK" not in clean
    assert LEVELS in clean
    assert strip(clean, LOUD).data == clean


REFUSED_SOUNDS = {
    "a comment in the configuration": sound(2, SOUND_AT, esds(CANARY), entry=b"mp4a"),
    "nothing to decode it with": sound(2, SOUND_AT, entry=b"mp4a"),
    "a stream that depends on another": sound(2, SOUND_AT, esds(flags=0x80), entry=b"mp4a"),
    "an unknown coding": sound(2, SOUND_AT, entry=b"leak"),
    "an unknown version": sound(2, SOUND_AT, version=7),
    "cut short": sound(2, SOUND_AT, box(b"dOps", b"\0\2"), entry=b"Opus"),
    "two configurations": sound(2, SOUND_AT, esds(), esds(), entry=b"mp4a"),
}


@pytest.mark.parametrize("what", REFUSED_SOUNDS)
def test_sound_that_is_not_understood_is_refused_only_where_it_is_kept(what: str) -> None:
    data = video(pictures(), REFUSED_SOUNDS[what])
    with pytest.raises(CannotStrip):
        strip(data, LOUD)
    assert strip(data).data == strip(video()).data


REFUSED = {
    "fragments": video(inside=box(b"mvex", full(b"trex", 0, bytes(20)))),
    "an unknown coding": video(pictures(entry=b"jpeg")),
    "samples in another file": video(pictures()).replace(
        full(b"url ", 0, flags=1), full(b"url ", 0, flags=0)
    ),
    "two views": video(pictures(properties=(HVCC, box(b"vexu", bytes(8))))),
    "a table of colours": video(pictures()).replace(b"\0\x18\xff\xff", b"\0\x08\0\0"),
    "units that do not fit": video(frames=(CODED[:-1],)),
    "no configuration": video(pictures(properties=())),
    "something else in H.264's configuration": video(
        pictures((unit(b"x"),), entry=b"avc1", properties=(avcc(CANARY, b"\x68"),)),
        frames=(unit(b"x"),),
    ),
    "no pictures": video(sound(1, SOUND_AT)),
    "Dolby Vision without": video(pictures(entry=b"dvh1")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_understood_is_refused(what: str) -> None:
    policy = Policy(keep={Category.COLOR}) if "Dolby" in what else Policy.SHARE
    with pytest.raises((CannotStrip, MalformedImage)):
        strip(REFUSED[what], policy)


def test_h264_loses_its_words_and_keeps_its_pictures() -> None:
    frames = (
        unit(b"\x05\x20" + bytes(16) + CANARY + b"\x80", 6) + unit(b"first"),
        unit(b"second", 1),
    )
    bare = (unit(b"first"), unit(b"second", 1))

    def coded(frames: tuple[bytes, ...], **more: bytes) -> bytes:
        config = avcc(profile=100, tail=b"\xfd\xf8\xf8\x00", **more)
        return video(pictures(frames, entry=b"avc1", properties=(config,)), frames=frames)

    clean = strip(coded(frames)).data
    assert CANARY not in clean
    assert clean == strip(coded(bare)).data
    assert bare[0] + bare[1] in clean


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_what_the_owner_keeps_is_written_where_readers_look(brand: bytes) -> None:
    data = video(
        user=(words(b"\xa9xyz", b"+38.7139-009.1334/"), words(b"\xa9cpy", b"(c) Rui & Ana <x>")),
        inside=keys(make=b"Apple", model=b"iPhone 15", creationdate=b"2024-05-03T10:11:12+0100"),
        brand=brand,
    )
    at = Coordinates(latitude=38.7139, longitude=-9.1334)
    for policy in (
        Policy.ARCHIVE,
        Policy(time="month", keep={"rights"}),
        Policy(time="year", location="city"),
        Policy(location="region"),
        Policy.PUBLISH,
    ):
        clean = strip(data, policy)
        report = inspect(clean.data)
        assert not report.violations(policy)
        again = strip(clean.data, policy)
        assert again.data == clean.data
        if policy.time is not TimePrecision.NONE:
            taken = report.captured_at
            assert taken is not None
            assert taken.local.year == 2024
            assert (taken.local.day == 3) == (policy.time is TimePrecision.EXACT)
        if policy.location is Precision.EXACT:
            assert report.coordinates == at
        if policy.location is Precision.CITY:
            assert report.coordinates not in (None, at)
        assert (b"Rui &amp; Ana &lt;x&gt;" in clean.data) == policy.allows(Category.RIGHTS)
        assert (b"iPhone" in clean.data) == policy.allows(Category.DEVICE)
        sharp = policy.location is Precision.EXACT and brand == b"qt  "
        assert (b"+38.7139000-009.1334000/" in clean.data) == sharp
        assert (b"-009.1334" in clean.data) == sharp
        assert strip(clean.data).data == strip(data).data


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_exiftool_reads_what_is_kept(brand: bytes, tmp_path: Path, exiftool: str) -> None:
    data = video(user=(words(b"\xa9xyz", b"+38.7139-009.1334/"),), dates=DAY_IN_2024, brand=brand)
    file = tmp_path / "a.mov"
    file.write_bytes(strip(data, Policy.ARCHIVE).data)
    said = subprocess.run(
        [exiftool, "-n", "-s3", "-XMP:GPSLatitude", "-XMP:GPSLongitude", "-XMP:CreateDate", file],
        capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    assert float(said[0]) == pytest.approx(38.7139, abs=1e-6)
    assert float(said[1]) == pytest.approx(-9.1334, abs=1e-6)
    assert said[2].startswith("2024:02:")


KEEPING = Policy(
    keep={Category.RIGHTS, Category.CAPTION, Category.DEVICE}, location="exact", time="exact"
)
TOLD = (
    words(b"\xa9xyz", b"-38.7139-009.1334/"),
    words(b"\xa9cpy", "(c) Rui & Zoë <x>".encode()),
    words(b"\xa9aut", b"Rui"),
    words(b"\xa9des", "Ein schöner Tag".encode()),
    words(b"\xa9mak", b"Acme"),
    words(b"\xa9mod", b"Model 1"),
    words(b"\xa9day", b"2024-05-03T10:11:12+0100"),
)


def test_a_mov_tells_what_is_kept_where_players_look(tmp_path: Path, exiftool: str) -> None:
    file = tmp_path / "a.mov"
    data = video(user=(*TOLD, words(b"\xa9swr", CANARY)), brand=b"qt  ")
    file.write_bytes(strip(data, KEEPING).data)
    names = ("Copyright", "Artist", "Information", "Make", "Model")
    tags = [f"-QuickTime:{name}" for name in (*names, "GPSCoordinates", "ContentCreateDate")]
    said = json.loads(
        subprocess.run(
            [exiftool, "-j", "-n", "-a", "-G0", *tags, file], capture_output=True, check=True
        ).stdout
    )[0]
    assert [said[f"QuickTime:{name}"] for name in names] == [
        *("(c) Rui & Zoë <x>", "Rui", "Ein schöner Tag", "Acme", "Model 1"),
    ]
    assert str(said["QuickTime:ContentCreateDate"]).startswith("2024:05:03 10:11:12")
    assert [float(part) for part in said["QuickTime:GPSCoordinates"].split()] == pytest.approx(
        [-38.7139, -9.1334], abs=1e-6
    )


def test_the_words_of_a_mov_leave_no_trace_of_their_order_or_of_what_goes() -> None:
    clean = strip(video(user=TOLD, brand=b"qt  "), KEEPING)
    others = (
        tuple(reversed(TOLD)),
        (*TOLD, words(b"\xa9swr", CANARY * 3), box(b"free", bytes(40))),
        (words(b"\xa9too", b"An editor"), *TOLD),
    )
    for user in others:
        assert strip(video(user=user, brand=b"qt  "), KEEPING).data == clean.data
    for policy in (
        KEEPING,
        attrs.evolve(KEEPING, location=Precision.CITY),
        attrs.evolve(KEEPING, location=Precision.COUNTRY, time=TimePrecision.MONTH),
        Policy(time="year"),
        Policy.PUBLISH,
        Policy.SHARE,
    ):
        again = strip(clean.data, policy)
        assert again.data == strip(video(user=TOLD, brand=b"qt  "), policy).data
        assert again.changed == (policy != KEEPING)
        assert not strip(again.data, policy).changed
        assert not inspect(again.data).violations(policy)


def test_a_point_that_an_unknown_box_tells_in_our_own_spelling_is_no_leak() -> None:
    kept, unknown = b"+38.7139-009.1334/", b"+38.7139000-009.1334000/"
    user = (words(b"\xa9xyz", kept), words(b"\xa9leq", unknown))
    clean = strip(video(user=user, brand=b"qt  "), KEEPING).data
    assert clean == strip(video(user=user[:1], brand=b"qt  "), KEEPING).data


def test_a_point_on_either_side_of_zero_is_told_the_same_twice() -> None:
    points = [(n % 90 + n / 7000, (n * 7) % 180 + n / 9001) for n in range(60)]
    assert len(set(points)) == 60
    for number, (north, east) in enumerate(points):
        signs = "+-"[number % 2], "+-"[number // 2 % 2]
        text = f"{signs[0]}{north:010.6f}{signs[1]}{east:010.6f}/".encode()
        clean = strip(video(user=(words(b"\xa9xyz", text),), brand=b"qt  "), KEEPING).data
        assert strip(clean, KEEPING).data == clean


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy = Policy(unknown=Unknown.REFUSE)
    assert strip(video(pictures(), sound(2, SOUND_AT)), policy).data
    for slot in ("an unknown box", "behind everything", "between samples", "between pictures"):
        with pytest.raises(CannotStrip):
            strip(SLOTS[slot], policy)


def test_a_mov_without_a_brand_is_one() -> None:
    data = video(ftyp=box(b"wide"))
    clean = strip(data)
    assert clean.format is Format.MOV
    assert clean.data == strip(video(brand=b"qt  ")).data


def test_layers_and_alternatives_are_numbered_anew() -> None:
    numbered = struct.pack(">hHHH", 3, 77, 0, 0) + UNITY
    layered = pictures().replace(bytes(8) + UNITY, numbered, 1)
    clean = strip(video(layered)).data
    assert struct.pack(">hHHH", 0, 1, 0, 0) + UNITY in clean
    assert numbered not in clean


def test_sizes_that_quicktime_states_stay() -> None:
    tapt = box(
        b"tapt",
        *(
            full(kind, 0, struct.pack(">II", 64 << 16, 64 << 16), CANARY)
            for kind in (b"clef", b"prof", b"enof")
        ),
    )
    clean = strip(video(pictures(more=tapt), brand=b"qt  ")).data
    assert b"clef" in clean
    assert CANARY not in clean
    assert strip(clean).data == clean


def test_cutting_a_video_anywhere_raises_what_it_should() -> None:
    whole = video(
        pictures(), sound(2, SOUND_AT, esds(), entry=b"mp4a"),
        user=(words(b"\xa9xyz", TEXT),), inside=keys(make=b"A"), dates=5,
    )  # fmt: skip
    strip(whole, LOUD)
    for cut in range(len(whole)):
        try:
            strip(whole[:cut], LOUD)
        except PhotoPrivacyError:
            continue
        pytest.fail(f"cut at {cut} passes")


def test_breaking_any_number_raises_what_it_should_or_gives_a_clean_file() -> None:
    whole = video(
        pictures(), sound(2, SOUND_AT, esds(), entry=b"mp4a"), inside=keys(make=b"Acme"), dates=5
    )
    done = refused = 0
    for at in range(0, len(whole) - 80, 3):
        for value in (
            b"\0\0\0\0",
            b"\0\0\0\1",
            b"\0\0\0\7",
            b"\x7f\xff\xff\xff",
            b"\xff\xff\xff\xff",
        ):
            broken = whole[:at] + value + whole[at + 4 :]
            try:
                clean = strip(broken, LOUD).data
            except PhotoPrivacyError:
                refused += 1
                continue
            done += 1
            assert strip(clean, LOUD).data == clean
    assert done > 500
    assert refused > 500
