"""Which side is up: as viewers of the source see it, wherever else an orientation is stated."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

import pytest
from PIL import Image, ImageOps

import builders_png as pngs
import builders_webp as webps
from builders import between_scans, exif, jfif, jpeg, picture
from builders_gain_map import gain_map
from photoprivacy import CannotStrip, Policy, VerificationFailed, inspect, strip
from photoprivacy.containers._turn import turn_of, turn_told
from photoprivacy.policy import Category
from verify.built import LONG, SHORT, Entry, short, tiff, words

SIX, EIGHT = tiff((short(274, 6),)), tiff((short(274, 8),))
BROKEN = b"MM\x00*\x00\x00\x00\xff"
NAMED = tiff((words(271, b"Maker"), short(274, 6)))


def raw(note: bytes, name: bytes = b"exif") -> bytes:
    """Return a text as ImageMagick keeps a block in it."""
    digits = (b"Exif\x00\x00" + note).hex().encode()
    return b"Raw profile type " + name + b"\x00\n%s\n%8d\n%s\n" % (name, len(note) + 6, digits)


def packed(note: bytes) -> bytes:
    keyword, _, text = raw(note).partition(b"\x00")
    return pngs.chunk(b"zTXt", keyword + bytes(2) + zlib.compress(text))


def webp_of(flags: int, *chunks: bytes) -> bytes:
    return webps.webp(webps.vp8x(flags), *chunks)


W6, W8 = webps.part(b"EXIF", SIX), webps.part(b"EXIF", EIGHT)
#: a file with more than one orientation, or one where nobody looks → which one Pillow sees
FILES: dict[str, tuple[bytes, int]] = {
    "JPEG: in front": (jpeg(jfif(), exif(SIX), *picture()), 6),
    "JPEG: between scans": (between_scans(exif(SIX)), 1),
    "JPEG: in front, and between scans": (
        jpeg(exif(EIGHT)) [:-2] + between_scans(exif(SIX))[2:], 8,
    ),
    "JPEG: two": (jpeg(jfif(), exif(SIX), exif(EIGHT), *picture()), 6),
    "JPEG: a broken one first": (jpeg(jfif(), exif(BROKEN), exif(EIGHT), *picture()), 1),
    "JPEG: one that says nothing first": (
        jpeg(exif(tiff((words(271, b"Maker"),))), exif(EIGHT), *picture()), 1,
    ),
    "JPEG: one in a gain map": (jpeg(*picture()) + gain_map(exif(SIX)), 1),
    "PNG: one": (pngs.picture(pngs.chunk(b"eXIf", SIX)), 6),
    "PNG: behind the image": (pngs.picture(after=pngs.chunk(b"eXIf", SIX)), 6),
    "PNG: two alike": (pngs.picture(pngs.chunk(b"eXIf", SIX) * 2), 6),
    "PNG: a text": (pngs.picture(pngs.chunk(b"tEXt", raw(SIX))), 6),
    "PNG: a packed text": (pngs.picture(packed(SIX)), 6),
    "PNG: a text of another name": (pngs.picture(pngs.chunk(b"tEXt", raw(SIX, b"APP1"))), 1),
    "PNG: a text, then a chunk": (
        pngs.picture(pngs.chunk(b"tEXt", raw(EIGHT)), pngs.chunk(b"eXIf", SIX)), 6,
    ),
    "PNG: a text of another name, then one": (
        pngs.picture(pngs.chunk(b"tEXt", raw(EIGHT, b"APP1")), packed(SIX)), 6,
    ),
    "WebP: announced": (webp_of(webps.EXIF, webps.lossy(), W6), 6),
    "WebP: not announced": (webp_of(0, webps.lossy(), W6), 1),
    "WebP: a simple file": (webps.webp(webps.lossy(), W6), 1),
    "WebP: two": (webp_of(webps.EXIF, webps.lossy(), W6, W8), 6),
    "WebP: a broken one first": (
        webp_of(webps.EXIF, webps.lossy(), webps.part(b"EXIF", BROKEN), W8), 1,
    ),
}  # fmt: skip


def seen(data: bytes) -> tuple[int, bytes]:
    """Return which orientation Pillow sees, and the picture as it shows it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # broken Exif
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            stated = opened.getexif().get(274, 1)
            return stated, ImageOps.exif_transpose(opened).tobytes()


@pytest.mark.parametrize("what", FILES)
def test_the_copy_looks_like_the_source(what: str) -> None:
    data, stated = FILES[what]
    clean = strip(data).data

    assert seen(data)[0] == stated
    assert seen(clean) == seen(data)
    assert inspect(clean).orientation == inspect(data).orientation == stated
    assert strip(clean).data == clean
    flat = strip(data, Policy(keep={Category.COLOR})).data
    assert seen(flat)[0] == 1


@pytest.mark.parametrize(
    "data",
    [
        pngs.picture(pngs.chunk(b"eXIf", SIX), pngs.chunk(b"eXIf", EIGHT)),
        pngs.picture(pngs.chunk(b"eXIf", SIX), after=pngs.chunk(b"eXIf", EIGHT)),
        pngs.picture(pngs.chunk(b"tEXt", raw(SIX)), packed(EIGHT)),
    ],
    ids=["two chunks", "one on each side of the image", "two texts"],
)
def test_a_png_that_is_turned_in_two_ways_is_refused(data: bytes) -> None:
    with pytest.raises(CannotStrip):
        strip(data)


def test_what_a_block_says_that_turns_nothing_is_still_read() -> None:
    policy = Policy(keep={Category.DEVICE, Category.ORIENTATION})
    for data in (
        between_scans(exif(NAMED)),
        webps.webp(webps.lossy(), webps.part(b"EXIF", NAMED)),
    ):
        clean = strip(data, policy).data
        assert b"Maker" in clean
        assert seen(clean)[0] == 1


@pytest.mark.parametrize("order", [">", "<"])
def test_the_side_that_is_up_is_the_first_that_is_stated(order: str) -> None:
    def block(*entries: Entry) -> bytes:
        whole = tiff(entries)
        if order == ">":
            return whole
        rows = [struct.pack("<HHI4s", tag, kind, count, raw) for tag, kind, count, raw in entries]
        return b"II*\x00" + struct.pack("<IH", 8, len(rows)) + b"".join(rows) + bytes(4)

    def number(value: int, kind: int = SHORT, count: int = 1) -> Entry:
        return 274, kind, count, struct.pack(f"{order}{'I' if kind == LONG else 'H'}", value)

    assert turn_of(block(number(6))) == 6
    assert turn_of(block(number(6, LONG))) == 6
    assert turn_of(block(number(6), number(8))) == 6
    for silent in (
        block(number(9)),
        block(number(0)),
        block(number(6, 2)),
        b"",
        b"MM\x00*",
        BROKEN,
    ):
        assert turn_of(silent) == 1
    whole = block(number(6))
    assert {turn_of(whole[:cut]) for cut in range(len(whole))} <= {1, 6}


def test_an_orientation_that_nobody_sees_and_that_stays_by_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("_jpeg", "_webp"):
        monkeypatch.setattr(f"photoprivacy.containers.{module}.turn_told", lambda *_: None)
    tried = 0
    for what, (data, stated) in FILES.items():
        if stated == 1 and what[:4] != "PNG:" and "gain map" not in what:
            tried += 1
            with pytest.raises(VerificationFailed):
                strip(data)
    assert tried == 6
    assert turn_told([], None) is None
