"""JPEG XL: the codestream stays as it is; what stands in boxes around it goes."""

from __future__ import annotations

import struct
from base64 import b64encode
from pathlib import Path

import pytest

from builders import CANARY
from builders_jxl import FTYP, SIGNATURE, jxl, stream
from photoprivacy import (
    CannotStrip,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    UnsupportedFormat,
    VerificationFailed,
    inspect,
    strip,
)
from photoprivacy._plan import Plan, plan
from photoprivacy._plan._model import Fresh
from photoprivacy.library import Library
from photoprivacy.policy import Category, Unknown
from verify.built import box, tiff, words

NOTE = tiff((words(315, CANARY),))
#: where words can stand → a file that has them there
SLOTS: dict[str, bytes] = {
    "Exif": jxl(box(b"Exif", bytes(4), NOTE)),
    "Exif behind": jxl(behind=box(b"Exif", bytes(4), NOTE)),
    "XMP": jxl(box(b"xml ", CANARY)),
    "credentials": jxl(box(b"jumb", CANARY)),
    "compressed": jxl(box(b"brob", b"Exif", CANARY)),
    "a JPEG": jxl(box(b"jbrd", CANARY)),
    "uuid": jxl(box(b"uuid", bytes(16), CANARY)),
    "free": jxl(box(b"free", CANARY)),
    "an index": jxl(box(b"jxli", CANARY)),
    "an unknown box": jxl(box(b"leak", CANARY)),
    "the brand": jxl(front=box(b"ftyp", b"jxl ", CANARY[:4], b"jxl ", CANARY[:24])),
    "behind": jxl(behind=CANARY),
    "parts": jxl(box(b"Exif", bytes(4), NOTE), parts=3),
    "a level with more": jxl(box(b"jxll", b"\x05", CANARY)),
}


@pytest.mark.parametrize("slot", SLOTS)
def test_a_word_in_any_place_goes(slot: str) -> None:
    data = SLOTS[slot]
    assert CANARY[:24] in data
    clean = strip(data)
    for spelling in (CANARY[:24], CANARY.decode().encode("utf-16-le"), b64encode(CANARY)):
        assert spelling not in clean.data
    assert clean.data == jxl()
    assert stream() in clean.data
    assert not strip(clean.data).changed
    assert not inspect(clean.data).violations(Policy.SHARE)
    assert [one.what for one in clean.residue] == [
        "bytes behind the codestream, which cannot be told from it",
        *["the JPEG it was made of cannot be rebuilt any more"] * (slot == "a JPEG"),
    ]


def test_a_bare_codestream_stays_bare_unless_there_is_something_to_say() -> None:
    assert not strip(stream()).changed
    assert "cannot be told" in strip(stream() + CANARY).residue[0].what
    told = strip(stream(), Policy.PUBLISH).data
    assert told.startswith(SIGNATURE + FTYP)
    assert b"DMI-PROHIBITED" in told
    assert strip(told, Policy.PUBLISH).data == told
    assert strip(told).data == jxl()


def test_what_the_owner_keeps_is_written_where_readers_look() -> None:
    clean = strip(SLOTS["Exif"], Policy.PUBLISH).data
    assert CANARY in clean
    assert not inspect(clean).violations(Policy.PUBLISH)
    assert strip(clean, Policy.PUBLISH).data == clean


def test_a_level_that_decoders_must_reach_stays() -> None:
    high = jxl(box(b"jxll", b"\x0a"))
    assert strip(high).data == high
    with pytest.raises(MalformedImage):
        strip(jxl(box(b"jxll", b"\x07")))


@pytest.mark.parametrize("small", [False, True])
def test_size_and_side_are_read_from_the_codestream(small: bool) -> None:  # noqa: FBT001
    report = inspect(stream(160, 88, small=small, orientation=6))
    assert (report.width, report.height, report.orientation) == (160, 88, 6)
    for ratio, width in ((1, 88), (3, 117), (5, 156), (7, 176)):
        report = inspect(jxl(coded=stream(0, 88, small=small, ratio=ratio), parts=2))
        assert (report.width, report.height, report.orientation) == (width, 88, 1)


def test_a_gain_map_is_refused_or_dropped() -> None:
    data = jxl(box(b"jhgm", CANARY))
    with pytest.raises(CannotStrip):
        strip(data)
    assert strip(data, Policy(keep={Category.COLOR})).data == jxl()


BROKEN = {
    "no codestream": SIGNATURE + FTYP,
    "two codestreams": jxl() + jxl()[32:],
    "parts out of order": jxl(parts=2).replace(struct.pack(">I", 0x80000001), bytes(4)),
    "a part missing": jxl(parts=3).replace(b"jxlp\0\0\0\1", b"free\0\0\0\1"),
    "no picture": jxl(coded=b"nothing"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_refused(what: str) -> None:
    with pytest.raises(MalformedImage):
        strip(BROKEN[what])


def test_cutting_or_breaking_a_file_raises_what_it_should() -> None:
    whole = jxl(box(b"Exif", bytes(4), NOTE), parts=2, behind=box(b"xml ", CANARY))
    for cut in range(len(whole)):
        for broken in (whole[:cut], whole[:cut] + b"\xff" + whole[cut + 1 :]):
            try:
                clean = strip(broken).data
            except VerificationFailed:
                raise
            except PhotoPrivacyError:
                continue
            assert strip(clean).data == clean


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy = Policy(unknown=Unknown.REFUSE)
    assert strip(jxl(), policy).data
    for slot in ("an unknown box", "behind", "free"):
        with pytest.raises(CannotStrip):
            strip(SLOTS[slot], policy)


def test_albums_refuse_what_they_cannot_draw(tmp_path: Path) -> None:
    library = Library.at(tmp_path / "album")
    album = library.create_album("Sea")
    with pytest.raises(UnsupportedFormat, match="JXL"):
        library.add(album.id, jxl())


@pytest.mark.parametrize("extra", [box(b"leak", CANARY), box(b"Exif", bytes(4)), box(b"free")])
def test_a_box_that_stays_by_mistake(extra: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def widened(*args: object) -> Plan:
        made = plan(*args)  # type: ignore[arg-type]
        return Plan(pieces=(Fresh(made.carry_out(jxl())[:32] + extra), *made.pieces))

    monkeypatch.setattr("photoprivacy._strip.plan", widened)
    with pytest.raises(VerificationFailed):
        strip(jxl())


def test_bytes_behind_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def widened(*args: object) -> Plan:
        made = plan(*args)  # type: ignore[arg-type]
        return Plan(pieces=(*made.pieces, Fresh(CANARY)))

    monkeypatch.setattr("photoprivacy._strip.plan", widened)
    for data in (jxl(), stream()):
        with pytest.raises(VerificationFailed):
            strip(data)


def test_the_file_of_the_corpus_keeps_its_codestream(corpus: Path) -> None:
    (file,) = corpus.rglob("*.jxl")
    data = file.read_bytes()
    clean = strip(data).data
    assert data[-400_000:] == clean[-400_000:]
    assert not inspect(clean).findings
