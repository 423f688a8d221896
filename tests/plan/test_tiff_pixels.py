"""Strips and tiles hold their pixels: no fewer, no more, and no page borrows those of another."""

from __future__ import annotations

import io
import lzma
import random
import struct
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from builders import CANARY
from builders_tiff import PIXELS, Tags, page, tiff
from photoprivacy import (
    CannotStrip,
    LimitExceeded,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    VerificationFailed,
    inspect,
    strip,
    strip_file,
)
from photoprivacy._plan import _tiff
from photoprivacy._verify import verify
from photoprivacy.containers import Format
from photoprivacy.containers._model import Span
from photoprivacy.containers._tiff_codes import coded
from photoprivacy.limits import Limits

LZW, DEFLATE, RUNS, LZMA, ZSTD = 5, 8, 32773, 34925, 50000
LETTERS = {bytes((n,)): n for n in range(256)}


def lzw(pixels: bytes, *, clear_at: int = 4093, old: bool = False, stop: bool = True) -> bytes:
    """Return *pixels* as codes (13): the highest bit first, or as before 1987 the lowest."""
    digits: list[str] = []

    def put(code: int) -> None:
        bits = format(code, f"0{width}b")
        digits.append(bits[::-1] if old else bits)

    width, table, word = 9, dict(LETTERS), b""
    put(256)
    following = 258
    for number in range(len(pixels)):
        longer = word + pixels[number : number + 1]
        if longer in table:
            word = longer
            continue
        put(table[word])
        table[longer] = following
        following += 1
        word = longer[-1:]
        if following == (1 << width) + old and width < 12:
            width += 1
        if following > clear_at:
            put(256)
            width, table, following = 9, dict(LETTERS), 258
    put(table[word])
    following += 1
    if following >= (1 << width) + old and width < 12:
        width += 1
    if stop:
        put(257)
    stream = "".join(digits)
    stream += "0" * (-len(stream) % 8)
    parts = [stream[at : at + 8] for at in range(0, len(stream), 8)]
    return bytes(int(part[::-1] if old else part, 2) for part in parts)


def zstd(*blocks: tuple[int, int, bytes], head: bytes = b"\0\x58", sum_: bytes = b"") -> bytes:
    """Return a frame (RFC 8878, 3.1.1) of *blocks*: kind, length and bytes."""
    out = b"\x28\xb5\x2f\xfd" + head
    for number, (kind, length, body) in enumerate(blocks, 1):
        last = number == len(blocks)
        out += (length << 3 | kind << 1 | last).to_bytes(3, "little") + body
    return out + sum_


def runs(pixels: bytes) -> bytes:
    parts = [pixels[at : at + 128] for at in range(0, len(pixels), 128)]
    return b"".join(bytes((len(part) - 1,)) + part for part in parts)


def frame(pixels: bytes) -> bytes:
    return zstd((0, len(pixels), pixels))


CODERS: dict[int, Callable[[bytes], bytes]] = {
    1: bytes, LZW: lzw, DEFLATE: zlib.compress, 32946: zlib.compress, RUNS: runs,
    LZMA: lzma.compress, ZSTD: frame,
}  # fmt: skip
IDS = ["none", "LZW", "Deflate", "old Deflate", "PackBits", "LZMA", "Zstandard"]
EACH = pytest.mark.parametrize("coding", CODERS, ids=IDS)


def shown(data: bytes) -> list[bytes]:
    """Return the pixels of every page, as Pillow sees them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            out = []
            for number in range(getattr(opened, "n_frames", 1)):
                opened.seek(number)
                out.append(opened.tobytes())
            return out


def one(coding: int, body: bytes, more: Tags | None = None) -> bytes:
    return tiff(page(body, more={259: (3, coding), **(more or {})}))


@EACH
def test_a_strip_whose_length_is_not_said_is_refused_and_its_file_stays_as_it_is(
    coding: int, tmp_path: Path
) -> None:
    """Libtiff goes on to the end of the file there, and shows the picture."""
    data = one(coding, CODERS[coding](PIXELS), {279: (4, 0)})
    if coding != ZSTD:
        assert shown(data) == [PIXELS]
    file = tmp_path / "a.tif"
    file.write_bytes(data)
    with pytest.raises(MalformedImage, match="no length"):
        strip_file(file, file, overwrite=True)
    assert file.read_bytes() == data


def test_a_second_strip_or_a_tile_whose_length_is_not_said_is_refused() -> None:
    halves = page(PIXELS[:8], PIXELS[8:], more={278: (4, 2), 279: (4, (8, 0))})
    tile = page(bytes(256), more={325: (4, 0)}, tiled=True)
    for data in (tiff(halves), tiff(tile), tiff(page(), halves)):
        with pytest.raises(MalformedImage, match="no length"):
            strip(data)


@EACH
def test_a_strip_of_fewer_pixels_than_the_picture_has_is_refused(coding: int) -> None:
    whole = CODERS[coding](PIXELS)
    assert strip(one(coding, whole)).data
    short = [CODERS[coding](PIXELS[:count]) for count in (1, 8, 15)]
    # Without its end code, LZW is whole as long as its last pixel is.
    torn = [whole[:count] for count in range(1, len(whole) - (coding == LZW))]
    refused = 0
    for body in (*short, *torn):
        with pytest.raises(PhotoPrivacyError, match=r"pixels|damaged"):
            strip(one(coding, body))
        refused += 1
    assert refused == len(short) + len(torn) > 15


@pytest.mark.parametrize("coding", list(CODERS)[1:], ids=IDS[1:])
def test_words_behind_the_last_pixel_inside_of_the_code_never_stay(coding: int) -> None:
    tried = 0
    for words in (b"A", CANARY, CANARY * 40, bytes(70_000)):
        body = CODERS[coding](PIXELS + words)
        try:
            clean = strip(one(coding, body)).data
        except CannotStrip:
            tried += 1
            continue
        # Codes of LZW and runs are cut off one by one.
        assert coding in (LZW, RUNS)
        assert len(clean) <= len(strip(one(coding, CODERS[coding](PIXELS))).data) + 2
        assert words not in clean
        assert shown(clean) == [PIXELS]
        assert strip(clean).data == clean
        tried += 1
    assert tried == 4


def test_a_stored_block_behind_the_pixels_does_not_stay() -> None:
    for body in (
        zlib.compress(PIXELS + CANARY, 0),
        lzma.compress(PIXELS + CANARY, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0}]),
        zstd((0, 16, PIXELS), (0, len(CANARY), CANARY)),
        zstd((0, 16, PIXELS), (1, 1 << 16, b"A")),
    ):
        coding = {b"\xfd7": LZMA, b"\x28\xb5": ZSTD}.get(body[:2], DEFLATE)
        with pytest.raises(CannotStrip, match="more than its pixels"):
            strip(one(coding, body))


def test_a_run_that_goes_on_behind_the_last_pixel_is_refused() -> None:
    with pytest.raises(CannotStrip, match="more than its pixels"):
        strip(one(RUNS, bytes((15 + len(CANARY),)) + PIXELS + CANARY))
    with pytest.raises(CannotStrip, match="more than its pixels"):
        # A code for two bytes where one is left.
        strip(one(LZW, lzw(b"aaaaaaaaaaaaaaaaa")))


@pytest.mark.parametrize(
    "body",
    [
        zlib.compress(PIXELS)[:-1] + b"\0",
        zlib.compress(PIXELS)[:-4],
        lzma.compress(PIXELS)[:-12],
        zstd((0, 16, PIXELS), head=b"\x10\x58"),
        zstd((0, 16, PIXELS), head=b"\x08\x58"),
        zstd((0, 16, PIXELS), head=b"\x01\x58\x07"),
        zstd((3, 16, PIXELS)),
        zstd((0, 1 << 18, PIXELS)),
        zstd((0, 16, PIXELS), head=b"\x20\x20"),
        zstd((0, 16, PIXELS), head=b"\x04\x58"),
        b"\x50\x2a\x4d\x18" + struct.pack("<I", len(CANARY)) + CANARY + frame(PIXELS),
        lzw(PIXELS)[1:],
        bytes((0x80, 0x40, 0xFF, 0xFF, 0xFF, 0xFF)),
    ],
)
def test_a_code_that_is_damaged_is_refused(body: bytes) -> None:
    coding = DEFLATE if body[:1] == b"x" else LZMA if body[:2] == b"\xfd7" else ZSTD
    coding = LZW if coding == ZSTD and body[:2] not in (b"\x28\xb5", b"\x50\x2a") else coding
    with pytest.raises((MalformedImage, CannotStrip)) as told:
        strip(one(coding, body))
    assert not isinstance(told.value, VerificationFailed)


@pytest.mark.parametrize(
    "body",
    [
        frame(PIXELS),
        zstd((0, 4, PIXELS[:4]), (0, 12, PIXELS[4:]), (0, 0, b"")),
        zstd((0, 16, PIXELS), head=b"\x20\x10"),
        zstd((0, 16, PIXELS), head=b"\xa0" + struct.pack("<I", 16)),
        zstd((0, 16, PIXELS), head=b"\xc0\x58" + struct.pack("<Q", 16)),
        zstd((0, 16, PIXELS), head=b"\x04\x58", sum_=b"\1\2\3\4"),
    ],
)
def test_what_follows_a_frame_of_zstandard_goes(body: bytes) -> None:
    bare = strip(one(ZSTD, body)).data
    for behind in (CANARY, bytes(9), frame(CANARY), b"\x50\x2a\x4d\x18\5\0\0\0" + CANARY):
        clean = strip(one(ZSTD, body + behind))
        assert clean.data == bare
        assert body in clean.data
        assert strip(clean.data).data == clean.data


def test_a_frame_that_says_how_many_bytes_it_has_says_so_of_the_pixels() -> None:
    rows = 16
    tags: Tags = {256: (4, 16), 257: (4, rows + 4), 278: (4, rows + 4)}
    pixels = bytes(16 * (rows + 4))
    told = struct.pack("<H", len(pixels) - 256)  # RFC 8878, 3.1.1.1.4: two bytes begin at 256
    assert strip(one(ZSTD, zstd((0, 320, pixels), head=b"\x60" + told), tags)).data
    for other in (b"\0\0", b"\xff\xff"):
        with pytest.raises(PhotoPrivacyError, match="pixels"):
            strip(one(ZSTD, zstd((0, 320, pixels), head=b"\x60" + other), tags))


@pytest.mark.parametrize("old", [False, True], ids=["LZW", "LZW before 1987"])
@pytest.mark.parametrize("clear_at", [258, 300, 511, 512, 513, 1024, 4093])
def test_lzw_is_followed_to_its_last_pixel(clear_at: int, old: bool) -> None:  # noqa: FBT001
    rough = random.Random(clear_at)
    for size in (1, 2, 100, 252, 253, 254, 255, 256, 257, 1000, 3000, 9000):
        for letters in (b"a", b"ab", bytes(range(256))):
            pixels = bytes(rough.choice(letters) for _ in range(size))
            body = lzw(pixels, clear_at=clear_at, old=old)
            bare = lzw(pixels, clear_at=clear_at, old=old, stop=False)
            if size in (2, 255, 3000):
                tags: Tags = {256: (4, size), 257: (4, 1), 278: (4, 1)}
                assert shown(one(LZW, body, tags)) == [pixels]
                clean = strip(one(LZW, body + CANARY, tags)).data
                assert shown(clean) == [pixels]
                assert strip(clean).data == clean
                assert CANARY not in clean
            whole = Span(0, len(body + CANARY))
            assert coded(body + CANARY, whole, size, LZW) == Span(0, len(body))
            assert len(coded(bare, Span(0, len(bare)), size, LZW)) == len(bare)
            with pytest.raises(MalformedImage):
                coded(body, Span(0, len(body)), size + 1, LZW)


def test_colours_that_share_samples_are_counted_as_they_are_stored() -> None:
    tags: Tags = {
        256: (4, 5), 257: (4, 3), 258: (3, (8, 8, 8)), 262: (3, 6), 277: (3, 3), 278: (4, 2),
        530: (3, (2, 2)),
    }  # fmt: skip
    # 21: groups of four and two; three across, one down, and one more for the last row.
    first, second = bytes(range(18)), bytes(range(18, 36))
    bare = tiff(page(first, second, more=tags))
    assert strip(bare).data.count(first + second) == 1
    for wrong in (page(first[:-1], second, more=tags), page(first, second + CANARY, more=tags)):
        with pytest.raises((MalformedImage, CannotStrip)):
            strip(tiff(wrong))
    squeezed = page(zlib.compress(first), zlib.compress(second), more={**tags, 259: (3, 8)})
    assert strip(tiff(squeezed)).data
    mixed: Tags = {258: (3, (8, 9, 8))}
    for unknown in ({530: (3, (3, 1))}, {277: (3, 4)}, {284: (3, 2), 278: (4, 3)}, mixed):
        with pytest.raises((CannotStrip, MalformedImage)):
            strip(tiff(page(first, second, more={**tags, **unknown})))


# Over all pages ---------------------------------------------------------------------------


def shared(*pages: Tags, blobs: tuple[bytes, ...], big: bool = False) -> bytes:
    """Return a TIFF whose *pages* point into *blobs*: a value of ``{n}`` is where the n-th is."""
    out = bytearray(16 if big else 8)
    places = []
    for blob in blobs:
        places.append(len(out))
        out += blob + bytes(len(blob) % 2)
    head, form, word = ("<Q", "<HHQQ", 8) if big else ("<H", "<HHII", 4)
    struct.pack_into("<HHHH" if big else "<HH", out, 0, *((0x4949, 43, 8, 0)[: 4 if big else 2]))
    if not big:
        struct.pack_into("<H", out, 2, 42)
    link = 8 if big else 4
    for tags in pages:
        struct.pack_into("<Q" if big else "<I", out, link, len(out))
        out += struct.pack(head, len(tags))
        for tag, (kind, value) in sorted(tags.items()):
            count, said = value if isinstance(value, tuple) else (1, value)
            said = places[next(iter(said))] if isinstance(said, set) else said
            out += struct.pack(form, tag, kind, count, said)
        link = len(out)
        out += bytes(word)
    return bytes(out)


GRAY: Tags = {
    256: (4, 4), 257: (4, 4), 258: (3, 8), 259: (3, 1), 262: (3, 1), 273: (4, {0}), 279: (4, 16),
}  # fmt: skip


def test_pages_that_share_a_strip_are_refused() -> None:
    assert len(shown(shared(GRAY, GRAY, blobs=(PIXELS,)))) == 2
    later: Tags = {**GRAY, 273: (4, 16)}
    for pages in ((GRAY, GRAY), (GRAY, later), (later, GRAY), (GRAY, {**GRAY, 279: (4, 20)})):
        for big in (False, True):
            data = shared(*pages, blobs=(PIXELS, bytes(40)), big=big)
            with pytest.raises(CannotStrip, match="share"):
                strip(data)
            assert inspect(data).format is Format.TIFF
    other: Tags = {**GRAY, 273: (4, {1})}
    assert len(shown(strip(shared(GRAY, other, blobs=(PIXELS, PIXELS))).data)) == 2


def test_a_smaller_copy_may_share_since_it_goes() -> None:
    data = shared(GRAY, {**GRAY, 254: (4, 1)}, blobs=(PIXELS,))
    assert shown(strip(data).data) == [PIXELS]


def test_pixels_are_counted_over_all_pages() -> None:
    pages = [page(zlib.compress(PIXELS), more={259: (3, 8)})] * 5
    assert strip(tiff(*pages), limits=Limits(max_pixels=80)).data
    with pytest.raises(LimitExceeded, match="max_pixels=79"):
        strip(tiff(*pages), limits=Limits(max_pixels=79))
    # What is not inflated costs nothing.
    assert strip(tiff(*[page()] * 5), limits=Limits(max_pixels=79)).data
    assert inspect(tiff(*pages), limits=Limits(max_pixels=79)).format is Format.TIFF


def test_pixels_of_many_samples_count_as_many() -> None:
    deep = zlib.compress(bytes(4 * 4 * 32 * 8))
    tags: Tags = {259: (3, 8), 277: (3, 32), 258: (3, (64,) * 32)}
    assert strip(tiff(page(deep, more=tags)), limits=Limits(max_pixels=16 * 32)).data
    with pytest.raises(LimitExceeded, match="max_pixels"):
        strip(tiff(page(deep, more=tags)), limits=Limits(max_pixels=16 * 32 - 1))


@pytest.mark.parametrize("read", [inspect, strip])
def test_arrays_that_pages_share_are_counted_before_they_are_read(
    read: Callable[[bytes], object],
) -> None:
    many = 300_000
    numbers = struct.pack("<I", 8) * many
    strips: Tags = {**GRAY, 273: (4, (many, {1})), 279: (4, (many, {1}))}
    for tags in (strips, {**GRAY, 279: (4, (many, {1}))}):
        data = shared(*[tags] * 100, blobs=(PIXELS, numbers))
        started = time.process_time()
        with pytest.raises(LimitExceeded, match="max_segments"):
            read(data)
        assert time.process_time() - started < 1


def test_pointers_that_pages_share_are_followed_no_further_than_the_file_is_long() -> None:
    many = 300_000
    pages: list[Tags] = [{**GRAY, 273: (4, 8 + 16 * n), 330: (4, (many, {1}))} for n in range(200)]
    data = shared(*pages, blobs=(bytes(16 * 200), struct.pack("<I", 8) * many))
    started = time.process_time()
    assert inspect(data).format is Format.TIFF
    assert len(shown(strip(data).data)) == 200
    assert time.process_time() - started < 5


def test_values_that_pages_share_are_not_written_without_end() -> None:
    """A table of colours of 400 kB, a thousand times."""
    palette: Tags = {**GRAY, 258: (3, 16), 262: (3, 3), 320: (3, (196608, {0}))}
    pages = [{**palette, 273: (4, 393224 + 32 * n), 279: (4, 32)} for n in range(1000)]
    data = shared(*pages, blobs=(bytes(393216), bytes(32_000)))
    started = time.process_time()
    with pytest.raises(LimitExceeded, match="max_block"):
        strip(data)
    assert inspect(data).problems
    assert time.process_time() - started < 5
    few = shared(*pages[:20], blobs=(bytes(393216), bytes(32_000)))
    assert len(strip(few).data) > 20 * 393216


@pytest.mark.parametrize(
    "hostile",
    [
        shared(*[{**GRAY, 257: (4, 250_000), 279: (4, 1_000_000)}] * 2000, blobs=(bytes(10**6),)),
        shared(*[{**GRAY, 259: (3, RUNS), 279: (4, 500_000)}] * 300, blobs=(b"\x80" * 500_000,)),
        shared(*[{**GRAY, 259: (3, 5), 279: (4, 500_000)}] * 300, blobs=(b"\x80" * 500_000,)),
        one(LZW, lzw(PIXELS * 5_000, clear_at=258), {256: (4, 100_000)}),
        one(LZW, b"\x80\x40\x20\x10\x08\x04\x02\x01\x00" * 100_000),
        one(RUNS, b"\x80" * 2_000_000),
    ],
    ids=["pages of one strip", "runs", "LZW", "short LZW", "clear codes", "empty runs"],
)  # fmt: skip
def test_work_is_no_more_than_the_file_is_long(hostile: bytes) -> None:
    started = time.process_time()
    with pytest.raises(PhotoPrivacyError):
        strip(hostile)
    assert time.process_time() - started < 10


# What the second look does on its own account ---------------------------------------------


def looked_at(source: bytes, output: bytes) -> None:
    verify(source, output, Format.TIFF, Policy.SHARE, secrets=(), orientation=1)


@EACH
def test_the_second_look_takes_no_strip_that_is_cut_for_a_picture(coding: int) -> None:
    """The writer copied what was there, and all of it; it is not the picture."""
    whole = CODERS[coding](PIXELS)
    clean = strip(one(coding, whole)).data
    looked_at(clean, clean)
    at = clean.index(whole)
    tried = 0
    for count in range(len(whole)):
        if coding == LZW and count == len(whole) - 1:
            continue
        cut = clean[:at] + whole[:count] + bytes(count % 2)
        for place in range(8, at - 11, 2):
            if clean[place : place + 4] == struct.pack("<HH", 279, 4):
                cut = cut[: place + 8] + struct.pack("<I", count) + cut[place + 12 :]
        with pytest.raises(VerificationFailed):
            looked_at(cut, cut)
        tried += 1
    assert tried >= 15


@pytest.mark.parametrize("coding", [DEFLATE, LZMA, ZSTD, RUNS])
def test_more_than_the_pixels_that_stays_by_mistake(
    coding: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tiff, "coded", lambda _data, part, *_, **_more: part)
    more = {RUNS: bytes((25,)) + PIXELS + CANARY[:10]}
    with pytest.raises(VerificationFailed):
        strip(one(coding, more.get(coding) or CODERS[coding](PIXELS + CANARY)))
    with pytest.raises(VerificationFailed):
        strip(one(coding, CODERS[coding](PIXELS) + CANARY))
    assert strip(one(coding, CODERS[coding](PIXELS))).data


def test_pages_that_share_a_strip_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tiff, "check_together", lambda *_: None)
    later: Tags = {**GRAY, 273: (4, 16)}
    for second in (GRAY, later):
        with pytest.raises(VerificationFailed):
            strip(shared(GRAY, second, blobs=(PIXELS, bytes(40))))
    assert strip(shared(GRAY, {**GRAY, 273: (4, 24)}, blobs=(PIXELS, bytes(40)))).data
