"""JPEG inside TIFF: the tables that strips use, and strips that end with their last block."""

from __future__ import annotations

import io
import random
import warnings

import pytest
from PIL import Image

from builders import CANARY, com, jpeg, picture, segment
from builders_tiff import Tags, page, tiff
from photoprivacy import CannotStrip, Policy, VerificationFailed, strip
from photoprivacy._plan import _tiff_jpeg
from photoprivacy.containers._jpeg_picture import only
from photoprivacy.policy import Unknown

DQT, DHT, DNL, SOS = 0xDB, 0xC4, 0xDC, 0xDA
STRICT = Policy(unknown=Unknown.REFUSE)
PARTS = picture("L", size=16)
TABLES = [part for part in PARTS if part[1] in (DQT, DHT)]
BARE = [part for part in PARTS if part[1] not in (DQT, DHT)]
UNUSED = segment(DQT, b"\x03" + CANARY.ljust(64, b"\x01"))
NOISE = random.Random(5).randbytes(80).replace(b"\xff", b"\xfe")


def one(strip_of_jpeg: bytes, tables: bytes = b"") -> bytes:
    more: Tags = {256: (4, 16), 257: (4, 16), 278: (4, 16), 259: (3, 7)}
    if tables:
        more[347] = (7, tables)
    return tiff(page(strip_of_jpeg, more=more))


def pixels(data: bytes) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            return opened.tobytes()


WHOLE = one(jpeg(*PARTS))
SHARED = one(jpeg(*BARE), jpeg(*TABLES))
#: what is in a page of JPEG and not of its picture → the file, and what is left of it
SLOTS = {
    "words behind the last block": (one(jpeg(*PARTS, CANARY)), WHOLE),
    "noise behind the last block": (one(jpeg(*PARTS, NOISE)), WHOLE),
    "words behind the last block, with shared tables": (
        one(jpeg(*BARE, CANARY), jpeg(*TABLES)), SHARED,
    ),
    "a table that no scan uses": (one(jpeg(UNUSED, *PARTS)), WHOLE),
    "a table that no scan uses, with shared tables": (
        one(jpeg(UNUSED, *BARE), jpeg(*TABLES)), SHARED,
    ),
    "a shared table that no strip uses": (one(jpeg(*BARE), jpeg(UNUSED, *TABLES)), SHARED),
    "a shared table in a segment with another": (
        one(jpeg(*BARE), jpeg(segment(DQT, TABLES[0][4:] + UNUSED[4:]), *TABLES[1:])), SHARED,
    ),
    "a shared table that is replaced": (
        one(jpeg(*BARE), jpeg(segment(DQT, b"\x00" + UNUSED[5:]), *TABLES)), SHARED,
    ),
    "shared tables that strips replace": (one(jpeg(*PARTS), jpeg(*TABLES)), WHOLE),
    "words among the shared tables": (one(jpeg(*BARE), jpeg(com(CANARY), *TABLES)), SHARED),
    "a number of lines in front": (one(jpeg(segment(DNL, CANARY), *PARTS)), WHOLE),
    "restarts at the end": (one(jpeg(*PARTS, b"\xff\xd0")), WHOLE),
}  # fmt: skip


@pytest.mark.parametrize("what", SLOTS)
def test_what_is_not_of_the_picture_goes(what: str) -> None:
    data, left = SLOTS[what]
    clean = strip(data).data
    assert clean == strip(left).data
    assert pixels(clean) == pixels(data) == pixels(left)
    assert CANARY[:20] not in clean
    assert strip(clean).data == clean
    if "behind" in what:
        with pytest.raises(CannotStrip, match="unknown purpose"):
            strip(data, STRICT)
    else:
        assert strip(data, STRICT).data == clean


@pytest.mark.parametrize(
    "strip_of_jpeg",
    [
        jpeg(segment(DQT, TABLES[0][4:] + CANARY), *PARTS[1:]),
        jpeg(*PARTS, segment(DNL, b"\x00\x10" + CANARY)),
        jpeg(*PARTS, b"\xff\xd0" + CANARY),
        jpeg(*PARTS[:-1]),
        jpeg(*BARE),
        b"\xff\xd8" + b"".join(PARTS),
    ],
)
def test_what_is_longer_or_shorter_than_it_says_is_refused(strip_of_jpeg: bytes) -> None:
    with pytest.raises(CannotStrip) as caught:
        strip(one(strip_of_jpeg), STRICT)
    assert not isinstance(caught.value, VerificationFailed)


def written(mode: str, size: int) -> bytes:
    noise = random.Random(size).randbytes(size * size * 3)
    file = io.BytesIO()
    image = Image.frombytes("RGB", (size, size), noise).convert(mode)
    image.save(file, "tiff", compression="jpeg", strip_size=4096)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("size", [20, 100, 300])
def test_tiffs_of_libtiff_keep_all_they_have(mode: str, size: int) -> None:
    data = written(mode, size)
    assert data.count(b"\xff\xd8") > 1
    clean = strip(data, STRICT).data
    assert pixels(clean) == pixels(data)
    for stretch in data.split(b"\xff\xd8")[1:]:
        scan = stretch[stretch.find(b"\xff\xda") : stretch.find(b"\xff\xd9")]
        assert scan in clean


# Widened on purpose ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", [one for one in SLOTS if "shared" not in one])
def test_what_stays_in_a_strip_by_mistake(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tiff_jpeg.Strips, "clean", lambda _strips, body: body)
    with pytest.raises(VerificationFailed):
        strip(SLOTS[what][0])


@pytest.mark.parametrize(
    "what",
    # Those that strips replace by the same say nothing that strips do not say.
    [one for one in SLOTS if one.startswith(("a shared", "words among"))],
)
def test_what_stays_among_shared_tables_by_mistake(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = SLOTS[what]
    at = data.index(b"\xff\xd8", data.index(b"\xff\xd8") + 2)  # behind the strip
    stream = data[at : data.index(b"\xff\xd9", at) + 2]
    assert b"\xff\xc4" in stream
    monkeypatch.setattr(_tiff_jpeg.Strips, "shared", lambda _strips: stream)
    with pytest.raises(VerificationFailed):
        strip(data)


def test_a_shared_table_that_is_lost_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(strips: _tiff_jpeg.Strips) -> bytes:
        kept = only(strips.tables, set(sorted(strips.used)[1:]))
        return b"".join([b"\xff\xd8", *kept, b"\xff\xd9"])

    monkeypatch.setattr(_tiff_jpeg.Strips, "shared", forgetful)
    with pytest.raises(VerificationFailed):
        strip(SHARED)
