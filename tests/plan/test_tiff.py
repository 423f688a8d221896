"""TIFF and BigTIFF: pages stay, pixel by pixel; words, slack and raw files do not."""

from __future__ import annotations

import io
import lzma
import struct
import time
import warnings
import zlib
from base64 import b64encode
from pathlib import Path

import pytest
from PIL import Image

from builders import CANARY, app, com, jpeg, picture
from builders_icc import NOT_STATED, curve, described
from builders_icc import icc as profile_of
from builders_tiff import PIXELS, page, tiff
from photoprivacy import (
    CannotStrip,
    Format,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    UnsupportedFormat,
    VerificationFailed,
    inspect,
    strip,
)
from photoprivacy._plan import Rule, _tiff, _tiff_jpeg, _tiff_tags
from photoprivacy._plan._tiff_tags import Row
from photoprivacy.containers import parse, sniff
from photoprivacy.containers._lzw import end_of_codes
from photoprivacy.limits import Limits
from photoprivacy.policy import RENDERING, Category, Unknown

ALWAYS = Row(
    rule=Rule(category=None, reason="widened on purpose"),
    types=range(20),
    counts=lambda _page: range(400_000, 0, -1),
)
FORMS = [("<", False), (">", False), ("<", True), (">", True)]
GRAY = jpeg(*picture("L", size=16))
TABLES = (
    b"\xff\xd8"
    + b"".join(one for one in picture("L", size=16) if one[1] in (0xDB, 0xC4))
    + b"\xff\xd9"
)


def lzw(codes: list[int], tail: bytes = b"") -> bytes:
    """Return codes of nine bits, the highest first (13)."""
    bits = "".join(format(code, "09b") for code in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big") + tail


LZW = lzw([256, *range(16), 257])
RUNS = bytes((15,)) + PIXELS
WORDS = (2, CANARY + b"\0")


def slots(**form: object) -> dict[str, bytes]:
    """Return where words can stand in a TIFF → a TIFF that has them there."""

    def one(*strips: bytes, **more: object) -> bytes:
        return tiff(page(*strips, **more), **form)  # type: ignore[arg-type]

    several = struct.unpack(f"{form.get('order', '<')}12H", CANARY[:24])

    def tag(number: int, kind: int = 2) -> bytes:
        return one(more={number: (kind, CANARY + b"\0" * (-len(CANARY) % 2))})

    return {
        **{
            f"tag {number}": tag(number)
            for number in (
                *(269, 270, 271, 272, 285, 305, 306, 315, 316, 333, 337, 32997, 33432, 33550),
                *(33922, 34737, 42112, 50000, 50341, 65000, 65535),
            )
        },
        "XMP": tag(700, 1),
        "IPTC": tag(33723, 7),
        "Photoshop": tag(34377, 7),
        "credentials": tag(52545, 7),
        "a profile that is none": tag(34675, 7),
        "a second value of a number": one(more={259: (3, (1, *several))}),
        "Exif": one(inner={34665: {37510: (7, CANARY), 36867: WORDS}}),
        "GPS": one(inner={34853: {27: (7, CANARY)}}),
        "a smaller picture inside": one(inner={330: {270: WORDS, 256: (4, 1)}}),
        "between": one(gap=CANARY),
        "behind": tiff(page(), **form, tail=CANARY),  # type: ignore[arg-type]
        "behind the pixels of a strip": one(PIXELS + CANARY),
        "behind the end code": one(LZW + CANARY, more={259: (3, 5)}),
        "behind Deflate": one(zlib.compress(PIXELS) + CANARY, more={259: (3, 8)}),
        "behind runs": one(RUNS + CANARY, more={259: (3, 32773)}),
        "behind the pixels of a tile": one(bytes(256) + CANARY, tiled=True),
        "a comment in a strip": one(
            jpeg(com(CANARY), *picture("L", size=16)),
            more={256: (4, 16), 257: (4, 16), 278: (4, 16), 259: (3, 7)},
        ),
        "behind a strip of JPEG": one(
            GRAY + CANARY, more={256: (4, 16), 257: (4, 16), 278: (4, 16), 259: (3, 7)}
        ),
        "tables of JPEG": one(
            GRAY,
            more={
                256: (4, 16), 257: (4, 16), 278: (4, 16), 259: (3, 7),
                347: (7, TABLES[:-2] + app(1, CANARY) + com(CANARY) + b"\xff\xd9"),
            },
        ),
    }  # fmt: skip


def frames(data: bytes) -> list[tuple[object, ...]]:
    """Return mode, size, pixels and side of every page, as Pillow reads them."""
    out: list[tuple[object, ...]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            for number in range(getattr(opened, "n_frames", 1)):
                opened.seek(number)
                side = opened.getexif().get(274) or 1
                out.append((opened.mode, opened.size, opened.tobytes(), side))
    return out


@pytest.mark.parametrize("slot", slots())
@pytest.mark.parametrize(("order", "big"), FORMS)
def test_a_word_in_any_place_goes(slot: str, order: str, big: bool) -> None:  # noqa: FBT001
    data = slots(order=order, big=big)[slot]
    words = CANARY[2:24]
    assert words in data
    clean = strip(data)
    plain = words.decode()
    for spelling in (
        words, plain.encode("utf-16-le"), plain.encode("utf-16-be"), b64encode(words),
        words.hex().encode(),
    ):  # fmt: skip
        assert spelling not in clean.data
    assert clean.data[:4] == data[:4]
    if not (big and order == ">"):  # which Pillow does not read
        assert frames(clean.data) == frames(data)
    assert not inspect(clean.data).violations(Policy.SHARE)
    again = strip(clean.data)
    assert again.data == clean.data
    assert not again.changed


def test_the_output_depends_on_the_pixels_alone() -> None:
    bare = strip(tiff()).data
    for slot, data in slots().items():
        if any(word in slot for word in ("JPEG", "comment", "code", "Deflate", "runs", "tile")):
            continue
        assert strip(data).data == bare, slot
    assert (
        strip(slots()["behind the end code"]).data
        == strip(tiff(page(LZW, more={259: (3, 5)}))).data
    )


def test_pages_stay_in_their_order_without_their_thumbnails() -> None:
    first, second = page(), page(bytes(16))
    small = page(b"\x07", more={254: (4, 1), 256: (4, 1), 257: (4, 1), 270: WORDS})
    old = page(b"\x07", more={255: (3, 2), 256: (4, 1), 257: (4, 1)})
    both = strip(tiff(first, second)).data
    assert len(frames(both)) == 2
    for data in (tiff(first, small, second), tiff(small, first, second), tiff(first, second, old)):
        assert strip(data).data == both
    assert len(frames(strip(tiff(first, small), Policy(keep={Category.THUMBNAIL})).data)) == 2
    # A picture that calls itself small, and is alone, is the picture.
    assert frames(strip(tiff(small)).data) == frames(tiff(small))


def test_which_side_is_up_stays_page_by_page() -> None:
    data = tiff(page(more={274: (3, 6)}), page(more={274: (3, 1)}), page(more={274: (3, 77)}))
    clean = strip(data).data
    assert [frame[3] for frame in frames(clean)] == [6, 1, 1]
    assert [frame[3] for frame in frames(strip(data, Policy(keep=())).data)] == [1, 1, 1]
    assert inspect(clean).orientation == 6


def test_resolution_and_profile_stay_by_policy() -> None:
    tags = {b"desc": described(CANARY), b"cprt": NOT_STATED, b"rTRC": curve(b"made here")}
    dots = (5, (300, 1))
    data = tiff(page(more={282: dots, 283: dots, 296: (3, 2), 34675: (7, profile_of(tags))}))
    clean = strip(data)
    assert CANARY not in clean.data
    assert [finding.code for finding in clean.kept] == ["icc.profile"]
    kept = strip(data, Policy(keep=RENDERING | {Category.RESOLUTION})).data
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.info["dpi"] == (300, 300)
        assert opened.info["icc_profile"]
    assert b"acsp" not in strip(data, Policy(keep=())).data


def test_what_the_owner_keeps_is_written_as_tags() -> None:
    data = tiff(
        page(
            more={33432: (2, b"(c) Rui\0"), 271: (2, b"Acme\0")},
            inner={34665: {36867: (2, b"2024:05:03 10:11:12\0")}},
        )
    )
    for policy in (Policy.ARCHIVE, Policy(time="month", keep={"rights"}), Policy.PUBLISH):
        clean = strip(data, policy)
        report = inspect(clean.data)
        assert not report.violations(policy)
        assert (b"(c) Rui" in clean.data) == policy.allows(Category.RIGHTS)
        assert (report.captured_at is not None) == policy.allows(Category.TIME)
        assert (b"DataMining" in clean.data) == (policy.ai_training is not None)
        assert (b"<x:xmpmeta" in clean.data) == (policy.ai_training is not None)
        assert strip(clean.data, policy).data == clean.data
        assert strip(clean.data).data == strip(data).data


RAWS: dict[str, bytes] = {
    "DNG": tiff(page(more={50706: (1, b"\1\4\0\0")})),
    "a sensor's pixels": tiff(page(more={262: (3, 32803)})),
    "a sensor's pixels inside": tiff(page(inner={330: {262: (3, 32803)}})),
    "a maker's coding inside": tiff(page(inner={330: {259: (3, 34713)}})),
    "Canon": tiff(page())[:8] + b"CR\2\0" + tiff(page())[12:],
}


@pytest.mark.parametrize("what", RAWS)
def test_a_raw_file_is_recognised_read_and_refused(what: str) -> None:
    assert inspect(RAWS[what]).format is Format.TIFF
    with pytest.raises(CannotStrip, match="raw file"):
        strip(RAWS[what])


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"IIRO", "Olympus"), (b"IIU\0", "Panasonic"), (b"FUJIFILMCCD-RAW 0201", "Fujifilm"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "Canon"), (b"FOVb", "Sigma"),
    ],
)  # fmt: skip
def test_other_raw_files_are_refused_by_name(head: bytes, name: str) -> None:
    with pytest.raises(UnsupportedFormat, match=name):
        sniff(head + bytes(64))


REFUSED = {
    "an unknown coding": tiff(page(more={259: (3, 34712)})),
    "a bomb": tiff(page(zlib.compress(bytes(10_000_000)), more={259: (3, 8)})),
    "a bomb of another kind": tiff(page(lzma.compress(bytes(10_000_000)), more={259: (3, 34925)})),
    "a vast page": tiff(page(zlib.compress(b""), more={259: (3, 8), 256: (4, 1 << 30)})),
    "old JPEG": tiff(page(more={259: (3, 6)})),
    "strips that overlap": tiff(
        page(more={278: (4, 1), 273: (4, (8,) * 4), 279: (4, (200,) * 4)}, gap=bytes(100))
    ),
    "no length of what is coded": tiff(page(LZW, more={259: (3, 5), 279: (4, None)})),
    "too many strips": tiff(page(PIXELS, bytes(16))),
    "too few strips": tiff(page(more={278: (4, 1)})),
    "a strip outside": tiff(page(more={279: (4, 4000)})),
    "no size": tiff(page(without=(256,))),
    "a strip of JPEG that is none": tiff(page(more={259: (3, 7)})),
    "tables that are none": tiff(page(GRAY, more={259: (3, 7), 347: (7, CANARY)})),
    "too many samples": tiff(page(more={277: (3, 100)})),
    "a circle": tiff(page())[:-4] + tiff(page())[4:8],
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_understood_is_refused(what: str) -> None:
    with pytest.raises((CannotStrip, MalformedImage)):
        strip(REFUSED[what])


def test_lengths_that_are_missing_are_those_of_the_pixels() -> None:
    assert strip(tiff(page(more={279: (4, None)}))).data == strip(tiff()).data


def test_who_refuses_unknown_bytes_is_told_of_them() -> None:
    policy = Policy(unknown=Unknown.REFUSE)
    assert strip(tiff(), policy).data
    for slot in ("between", "behind"):
        with pytest.raises(CannotStrip):
            strip(slots()[slot], policy)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "LAB"])
def test_whatever_an_encoder_writes_looks_the_same(mode: str) -> None:
    noise = Image.effect_noise((67, 41), 60)
    drawn = noise.convert("I").convert(mode) if mode == "I;16" else None
    if drawn is None:
        several = mode in ("RGB", "RGBA", "CMYK", "LAB")
        bands = [noise] * len(Image.new(mode, (1, 1)).getbands())
        drawn = Image.merge(mode, bands) if several else noise.convert(mode)
    tried = 0
    for coding in (None, "tiff_lzw", "tiff_deflate", "packbits", "jpeg", "group4", "lzma", "zstd"):
        for big in (False, True):
            file = io.BytesIO()
            try:
                drawn.save(
                    file, "TIFF", compression=coding, big_tiff=big, software=CANARY.decode(),
                    dpi=(300, 300), tiffinfo={274: 6},
                )  # fmt: skip
            except (OSError, ValueError, RuntimeError):
                continue
            clean = strip(file.getvalue()).data
            assert frames(clean) == frames(file.getvalue())
            assert CANARY not in clean
            assert strip(clean).data == clean
            tried += 1
    assert tried >= 10


@pytest.mark.parametrize("count", [0, 1, 100, 253, 254, 255, 300])
def test_the_end_of_lzw_is_found(count: int) -> None:
    # Nine bits hold 254 codes behind a clear code; then ten.
    numbers = [(7 * n) % 256 for n in range(count)]
    widths = [9] * (1 + min(count, 254)) + [10] * (max(0, count - 254))
    widths.append(10 if count >= 254 else 9)
    bits = "".join(
        format(code, f"0{width}b") for code, width in zip([256, *numbers, 257], widths, strict=True)
    )
    bits += "0" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8, "big")
    for tail in (b"", CANARY, bytes(30)):
        assert end_of_codes(coded + tail, 8, high_first=True)[0] == len(coded)


def test_cutting_a_tiff_anywhere_raises_what_it_should() -> None:
    whole = tiff(page(more={270: WORDS}), page(LZW, more={259: (3, 5)}))
    for cut in range(len(whole)):
        with pytest.raises(PhotoPrivacyError):
            strip(whole[:cut])


@pytest.mark.parametrize(("order", "big"), FORMS)
def test_breaking_any_number_raises_what_it_should_or_gives_a_clean_file(
    order: str,
    big: bool,  # noqa: FBT001
) -> None:
    whole = tiff(
        page(more={270: WORDS, 258: (3, 8)}, inner={34665: {37510: (7, CANARY)}}),
        page(zlib.compress(PIXELS), more={259: (3, 8)}), order=order, big=big,
    )  # fmt: skip
    done = refused = 0
    for at in range(len(whole)):
        for value in (0, 1, 7, 0xFF):
            broken = whole[:at] + bytes((value,)) + whole[at + 1 :]
            try:
                clean = strip(broken).data
            except VerificationFailed:
                raise
            except PhotoPrivacyError:
                refused += 1
                continue
            done += 1
            assert strip(clean).data == clean
    assert done > 300
    assert refused > 100


@pytest.mark.parametrize(
    "hostile",
    [
        tiff(*[page()] * 3_000),
        tiff(page(*[b"\0"] * 60_000, more={256: (4, 1), 257: (4, 60_000), 278: (4, 1)})),
        tiff(page(lzw([256, 3] * 400_000), more={259: (3, 5)})),
        tiff(page(zlib.compress(bytes(100_000_000)), more={259: (3, 8)})),
        tiff(page(more={256: (4, 0xFFFFFFFF), 257: (4, 0xFFFFFFFF), 278: (4, 1)})),
        tiff(
            page(more={322: (4, 1), 323: (4, 1), 256: (4, 1 << 31), 257: (4, 1 << 31)}, tiled=True)
        ),
    ],
    ids=["pages", "strips", "clear codes", "a bomb", "a vast picture", "vast tiles"],
)
def test_hostile_files_take_no_more_than_a_moment(hostile: bytes) -> None:
    started = time.process_time()
    try:
        strip(hostile)
    except PhotoPrivacyError:
        assert hostile
    assert time.process_time() - started < 20


def test_segments_tile_the_file_whatever_points_where() -> None:
    for data in (*slots().values(), *RAWS.values(), *REFUSED.values()):
        try:
            parse(data, Limits()).check_tiling()
        except MalformedImage:
            continue


# Rules widened on purpose -----------------------------------------------------------------


@pytest.mark.parametrize("number", [270, 305, 34377, 65000])
def test_a_tag_that_stays_by_mistake(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tiff(page(more={number: WORDS}))
    strip(data)
    monkeypatch.setitem(_tiff_tags.KEEP, number, ALWAYS)
    with pytest.raises(VerificationFailed):
        strip(data)


def test_more_values_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_tiff_tags.KEEP, 259, ALWAYS)
    with pytest.raises(VerificationFailed):
        strip(slots()["a second value of a number"])


@pytest.mark.parametrize(
    "slot", ["behind the pixels of a strip", "behind the end code", "behind Deflate", "behind runs"]
)
def test_slack_that_stays_by_mistake(slot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tiff, "coded", lambda _data, part, *_, **_more: part)
    with pytest.raises(VerificationFailed):
        strip(slots()[slot])


def test_words_in_a_strip_of_jpeg_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tiff_jpeg.Strips, "clean", lambda _strips, body: body)
    with pytest.raises(VerificationFailed):
        strip(slots()["a comment in a strip"])


def test_words_in_tables_of_jpeg_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    words = TABLES[:-2] + app(1, CANARY) + b"\xff\xd9"
    monkeypatch.setattr(_tiff_jpeg.Strips, "shared", lambda _strips: words)
    with pytest.raises(VerificationFailed):
        strip(slots()["tables of JPEG"])


def test_a_thumbnail_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tiff, "kept_pages", lambda container, _data, _policy: container.pages)
    with pytest.raises(VerificationFailed):
        strip(tiff(page(), page(more={254: (4, 1)})))


def test_bytes_between_that_stay_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tiff, "_even", lambda length: length + length % 2 + 2)
    with pytest.raises(VerificationFailed):
        strip(tiff())


def test_every_tiff_of_the_corpus_keeps_its_pages(corpus: Path) -> None:
    done = 0
    for file in sorted(one for one in corpus.rglob("*") if one.suffix.lower() in (".tif", ".tiff")):
        data = file.read_bytes()
        try:
            clean = strip(data)
        except MalformedImage:
            continue
        assert frames(clean.data) == frames(data)
        assert not inspect(clean.data).violations(Policy.SHARE)
        done += 1
    assert done == 13


def test_a_place_is_told_as_sharply_as_the_policy_says() -> None:
    def angle(*parts: tuple[int, int]) -> tuple[int, object]:
        return 5, tuple(number for part in parts for number in part)

    gps: dict[int, tuple[int, object]] = {
        1: (2, b"N\0"), 2: angle((38, 1), (42, 1), (50, 1)),
        3: (2, b"W\0"), 4: angle((9, 1), (8, 1), (0, 1)),
    }  # fmt: skip
    data = tiff(page(inner={34853: gps}))
    exact = inspect(data).coordinates
    assert exact is not None
    for precision, names in (("none", 0), ("country", 2), ("city", 4)):
        policy = Policy(location=precision)
        clean = strip(data, policy).data
        report = inspect(clean)
        told = [one for one in report.findings if one.origin == "xmp"]
        assert len(told) == names
        assert (report.coordinates is not None) == (precision == "city")
        assert report.coordinates != exact
        assert not report.violations(policy)
        assert strip(clean, policy).data == clean
