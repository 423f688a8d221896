"""A clean JPEG with a gain map: two pictures, what they say of each other, and nothing else."""

from __future__ import annotations

import pytest

from builders import CANARY, XMP, app, com, exif, icc, jfif, jpeg, picture
from builders_gain_map import MAP, PARAMETERS, SCENE, ULTRA_HDR, gain_map, iso, with_gain_map, xmp
from builders_icc import profile
from photoprivacy import Policy, strip
from photoprivacy.containers import Format
from photoprivacy.policy import Category
from verify.built import passes, trips

SOURCE = with_gain_map(gain_map(xmp(ULTRA_HDR), iso()))
CLEAN = strip(SOURCE).data
BEHIND = CLEAN.rindex(b"\xff\xd8\xff")
#: the clean gain map of another photo
OTHER = strip(with_gain_map(gain_map(xmp(ULTRA_HDR), iso(), scans=picture("L", size=24)))).data
OTHER = OTHER[OTHER.rindex(b"\xff\xd8\xff") :]
FIRST, SECOND = CLEAN[:BEHIND], CLEAN[BEHIND:]


def put(data: bytes, at: int, extra: bytes) -> bytes:
    return data[:at] + extra + data[at:]


def swapped(old: bytes, new: bytes, *, second: bool = False) -> bytes:
    part = SECOND if second else FIRST
    assert part.count(old) == 1, old
    part = part.replace(old, new)
    return FIRST + part if second else part + SECOND


def test_the_writer_and_the_second_look_agree() -> None:
    passes(Format.JPEG, SOURCE, CLEAN)
    passes(Format.JPEG, CLEAN, CLEAN)


MPF = FIRST[FIRST.index(b"MPF\x00") :][:86]
#: an output that is wrong in one way
WRONG = {
    "no map": FIRST,
    "half a map": CLEAN[:-2],
    "bytes between": FIRST + CANARY + SECOND,
    "bytes behind": CLEAN + CANARY,
    "the map twice": CLEAN + SECOND,
    "a picture that is none of the source's": FIRST + OTHER,
    "the pictures swapped": SECOND + FIRST,
    "another number": swapped(b'GainMapMin="-0.25"', b'GainMapMin="-0.26"', second=True),
    "a number spelled otherwise": swapped(b'Min="-0.25"', b'Min="-.250"', second=True),
    "a property less": swapped(b' hdrgm:GainMapMin="-0.25"', b"", second=True),
    "a property more": swapped(b'Max="1.5"', b'Max="1.5" hdrgm:Gamma="1"', second=True),
    "another parameter": FIRST + SECOND.replace(PARAMETERS, PARAMETERS[:-1] + b"\x09"),
    "no parameters": FIRST + SECOND.replace(iso(), b""),
    "parameters with a tail": FIRST + SECOND.replace(iso(), iso(PARAMETERS + CANARY)),
    "no versions in front": FIRST.replace(iso(bytes(4)), b"") + SECOND,
    "other versions in front": FIRST.replace(iso(bytes(4)), iso(b"LEAK")) + SECOND,
    "parameters in front": FIRST.replace(iso(bytes(4)), iso()) + SECOND,
    "Exif in the map": FIRST + put(SECOND, 2, exif(b"II*\x00\x08\x00\x00\x00" + bytes(6))),
    "a comment in the map": FIRST + put(SECOND, 2, com(CANARY)),
    "a segment in the map": FIRST + put(SECOND, 2, app(9, CANARY)),
    "a directory in the map": FIRST + put(SECOND, 2, app(2, MPF)),
    "a second directory": put(FIRST, 2, app(2, MPF)) + SECOND,
    "no directory": FIRST.replace(app(2, MPF), b"") + SECOND,
    "a directory with a tail": FIRST.replace(app(2, MPF), app(2, MPF + CANARY)) + SECOND,
    "no list of items": FIRST.replace(b"Container:Directory", b"Container:Directori") + SECOND,
    "a longer list": swapped(b"</rdf:Seq>", b"<rdf:li>LEAKCANARY</rdf:li></rdf:Seq>"),
    "another length": swapped(b'Item:Length="', b'Item:Length="1'),
    "another place": swapped(MPF[-8:-4], bytes(4)),
    "a profile in the map": FIRST + put(SECOND, 2, icc(profile())[0]),
    "a JFIF less in the map": FIRST + SECOND.replace(jfif(), b""),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused(what: str) -> None:
    assert WRONG[what] != CLEAN
    assert trips(Format.JPEG, SOURCE, WRONG[what])


def test_a_map_that_nobody_may_keep_is_refused() -> None:
    without = Policy(keep={Category.COLOR, Category.ORIENTATION})

    assert trips(Format.JPEG, SOURCE, CLEAN, without)
    passes(Format.JPEG, SOURCE, jpeg(jfif(), *SCENE), without)


def test_a_map_where_the_source_has_none_is_refused() -> None:
    assert trips(Format.JPEG, jpeg(jfif(), *SCENE), CLEAN)
    assert trips(Format.JPEG, jpeg(jfif(), *SCENE), FIRST)
    assert trips(Format.JPEG, with_gain_map(jpeg(*MAP)), CLEAN)


def test_a_packet_cannot_list_what_is_not_there() -> None:
    start = FIRST.index(XMP) - 4
    segment = FIRST[start : start + 2 + int.from_bytes(FIRST[start + 2 : start + 4], "big")]

    assert trips(Format.JPEG, jpeg(jfif(), *SCENE), jpeg(jfif(), segment, *SCENE))
