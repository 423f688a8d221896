"""JPEG 2000: packets stay as they are; words around and between them go."""

from __future__ import annotations

import io
import itertools
import struct
from base64 import b64encode
from pathlib import Path

import pytest
from PIL import Image

from builders import CANARY
from builders_icc import profile
from builders_jp2 import (
    COLR,
    EXIF,
    FTYP,
    XMP,
    coded,
    ihdr,
    in_tile,
    jp2,
    marker,
    segments,
    stream,
)
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
from photoprivacy.containers import Format
from photoprivacy.policy import Category, Unknown
from photoprivacy.renditions import render
from verify.built import box, tiff, words

NOTE = tiff((words(315, CANARY),))
PACKET = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + CANARY + b"</x:xmpmeta>"
RES = box(b"res ", box(b"resc", struct.pack(">4H2b", 300, 1, 300, 1, 2, 2)), box(b"leak", CANARY))
#: where words can stand → a file that has them there
SLOTS: dict[str, bytes] = {
    "Exif": jp2(box(b"uuid", EXIF, NOTE)),
    "Exif with its mark": jp2(box(b"uuid", EXIF, b"Exif\0\0", NOTE)),
    "Exif behind": jp2(behind=box(b"uuid", EXIF, NOTE)),
    "XMP": jp2(box(b"uuid", XMP, PACKET)),
    "XML": jp2(box(b"xml ", CANARY)),
    "XMP as XML": jp2(box(b"xml ", PACKET)),
    "IPTC": jp2(box(b"uuid", bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38"), CANARY)),
    "GeoTIFF": jp2(box(b"uuid", bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03"), CANARY)),
    "another uuid": jp2(box(b"uuid", bytes(16), CANARY)),
    "rights": jp2(box(b"jp2i", CANARY)),
    "identifiers": jp2(box(b"uinf", box(b"url ", bytes(4), CANARY))),
    "labelled XML": jp2(box(b"asoc", box(b"lbl ", b"gml.data"), box(b"xml ", CANARY))),
    "an unknown box": jp2(box(b"leak", CANARY)),
    "a box in the header": jp2(header=ihdr() + COLR + box(b"leak", CANARY)),
    "free": jp2(box(b"free", CANARY)),
    "the brand": jp2(brand=box(b"ftyp", b"jp2 ", CANARY[:4], b"jp2 ", CANARY[:24])),
    "behind": jp2(behind=CANARY),
    "behind the codestream": jp2(data=coded() + CANARY),
    "a second picture": jp2(behind=box(b"jp2c", CANARY)),
    "a second header": jp2(behind=box(b"jp2h", ihdr(), COLR, CANARY)),
    "a colour space": jp2(header=ihdr() + box(b"colr", COLR[8:], CANARY)),
    "a second colour space": jp2(header=ihdr() + COLR + box(b"colr", b"\1\0\0", CANARY)),
    "a maker's colour space": jp2(header=ihdr() + box(b"colr", b"\4\0\0", CANARY) + COLR),
    "a resolution": jp2(header=ihdr() + COLR + RES),
    "a comment": jp2(data=stream(marker(0x64, b"\0\1" + CANARY))),
    "bytes as a comment": jp2(data=stream(marker(0x64, b"\0\0" + CANARY))),
    "a comment of a tile": jp2(data=in_tile(marker(0x64, b"\0\1" + CANARY))),
    "lengths of tiles": jp2(data=stream(marker(0x55, b"\0\x50" + CANARY))),
    "lengths of packets": jp2(data=in_tile(marker(0x58, b"\0" + CANARY))),
    "lengths of all packets": jp2(data=stream(marker(0x57, b"\0" + CANARY))),
    "a profile of a coder": jp2(data=stream(marker(0x59, CANARY))),
}


def pixels(data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data)) as image:
        return image.mode, image.tobytes()


@pytest.mark.parametrize("slot", SLOTS)
def test_a_word_in_any_place_goes(slot: str) -> None:
    data = SLOTS[slot]
    assert CANARY[:24] in data
    clean = strip(data)
    for spelling in (CANARY[:24], CANARY.decode().encode("utf-16-le"), b64encode(CANARY)):
        assert spelling not in clean.data
    assert clean.data == jp2()
    assert pixels(clean.data) == pixels(jp2(data=coded()))
    assert not strip(clean.data).changed
    assert not inspect(clean.data).violations(Policy.SHARE)
    if slot not in ("the brand", "a second colour space", "a maker's colour space"):
        structure = ("lengths", "a profile", "a colour space", "a second header")
        assert clean.before.findings or slot.startswith(structure)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("bare", [True, False])
def test_what_an_encoder_writes_decodes_to_the_same_pixels(mode: str, bare: bool) -> None:  # noqa: FBT001
    parts = [Image.effect_noise((50, 31), 20 + number) for number in range(len(mode))]
    image = parts[0] if len(parts) == 1 else Image.merge(mode, parts)
    ways: tuple[dict[str, object], ...] = (
        {"irreversible": True},
        {"tile_size": (16, 16), "progression": "RPCL", "plt": True},
        {"precinct_size": (32, 32), "codeblock_size": (16, 16), "quality_layers": [30, 9]},
    )
    for way, policy in itertools.product(ways, (Policy.SHARE, Policy.PUBLISH)):
        file = io.BytesIO()
        image.save(file, "jpeg2000", no_jp2=bare, comment=CANARY.decode(), **way)
        clean = strip(file.getvalue(), policy).data
        assert CANARY not in clean
        assert pixels(clean) == pixels(file.getvalue())
        assert strip(clean, policy).data == clean
        assert clean.startswith(b"\xff\x4f") is (bare and policy is Policy.SHARE)


def test_what_the_owner_keeps_is_written_where_readers_look() -> None:
    clean = strip(SLOTS["Exif"], Policy.PUBLISH).data
    assert box(b"uuid", EXIF)[4:] in clean
    assert CANARY in clean
    assert b"DMI-PROHIBITED" in clean
    assert not inspect(clean).violations(Policy.PUBLISH)
    assert strip(clean, Policy.PUBLISH).data == clean
    assert strip(clean).data == jp2()


def test_orientation_stays() -> None:
    turned = jp2(box(b"uuid", EXIF, tiff(((274, 3, 1, b"\0\6\0\0"),))))
    assert inspect(strip(turned).data).orientation == 6


def test_a_profile_is_written_anew_or_dropped() -> None:
    data = jp2(header=ihdr() + box(b"colr", b"\2\xff\xff", profile()))
    clean = strip(data).data
    assert [one.code for one in inspect(clean).findings] == ["icc.profile"]
    assert b"\2\xff\xff" not in clean
    assert strip(data, Policy(keep=())).data == jp2()


def test_a_resolution_stays_where_it_is_wanted() -> None:
    clean = strip(SLOTS["a resolution"], Policy(keep={Category.RESOLUTION})).data
    assert inspect(clean).findings[0].code == "jp2.resolution"
    assert CANARY not in clean


def test_a_palette_and_channels_stay_and_are_held_to_their_lengths() -> None:
    palette = box(b"pclr", b"\0\2\3\7\7\7", bytes((0, 0, 0, 255, 128, 0)))
    lookup = box(b"cmap", *(struct.pack(">HBB", 0, 1, column) for column in range(3)))
    alpha = box(b"cdef", b"\0\3", *(struct.pack(">3H", n, 0, n + 1) for n in range(3)))
    whole = ihdr(count=1) + COLR + palette + lookup + alpha
    data = jp2(header=whole, data=coded("L"))
    assert strip(data).data == data
    for name in (b"pclr", b"cmap", b"cdef"):
        longer = [
            part[:3] + bytes([part[3] + 4]) + part[4:] + b"leak" if part[4:8] == name else part
            for part in (ihdr(count=1), COLR, palette, lookup, alpha)
        ]
        with pytest.raises(CannotStrip):
            strip(jp2(header=b"".join(longer), data=coded("L")))


def test_a_last_tile_part_may_leave_its_length_open_and_the_end_may_be_missing() -> None:
    data = coded()
    at = segments(data)[-1][2]
    open_ended = data[: at + 6] + bytes(4) + data[at + 10 :]
    assert strip(jp2(data=open_ended)).data == jp2()
    assert strip(jp2(data=data[:-2])).data == jp2()
    assert strip(open_ended).data == data


def test_the_fast_coder_has_a_brand_of_its_own() -> None:
    ability = marker(0x50, struct.pack(">IH", 0x00020000, 2))
    fast = stream(ability)
    clean = strip(jp2(data=fast, brand=box(b"ftyp", b"jph ", bytes(4), b"jph "))).data
    assert clean[20:24] == b"jph "
    assert ability in clean
    with pytest.raises(CannotStrip):
        strip(jp2(data=stream(marker(0x50, struct.pack(">IH", 0x00020000, 2) + CANARY))))


def part(tile: int, number: int, count: int, data: bytes = CANARY) -> bytes:
    """Return a tile-part."""
    head = struct.pack(">HHIBB", 10, tile, 14 + len(data), number, count)
    return b"\xff\x90" + head + b"\xff\x93" + data


def with_parts(*more: bytes, count: int = 1) -> bytes:
    """Return a file whose first tile says how many parts it has, and has *more*."""
    data = coded()
    at = segments(data)[-1][2]
    first = data[at : at + 11] + bytes((count,)) + data[at + 12 : -2]
    return jp2(data=data[:at] + first + b"".join(more) + b"\xff\xd9")


#: each column of a palette, for the one component
LOOKUP = b"".join(struct.pack(">HBB", 0, 1, column) for column in range(3))


def indexed(
    colours: bytes = bytes((0, 0, 0, 255, 128, 0)),
    *,
    lookup: bytes = LOOKUP,
    rows: int = 2,
    channels: bytes = b"",
) -> bytes:
    """Return a picture of palette colours."""
    boxes = [box(b"pclr", struct.pack(">HB", rows, 3) + b"\7\7\7", colours)]
    boxes += [box(b"cmap", lookup)] if lookup else []
    boxes += [box(b"cdef", channels)] if channels else []
    return jp2(header=ihdr(count=1) + COLR + b"".join(boxes), data=coded("L"))


LAB = b"\1\0\0" + struct.pack(">I", 14)
JAB = b"\1\0\0" + struct.pack(">I", 19)
ORDER = struct.pack(">BBHBBB", 0, 0, 1, 6, 3, 0)


def test_what_a_colour_space_means_by_itself_is_not_said() -> None:
    usual = {
        LAB: struct.pack(">7I", 100, 0, 170, 128, 200, 96, 0x443530),
        JAB: struct.pack(">6I", 100, 0, 255, 128, 255, 128),
    }
    for number, ranges in usual.items():
        plain = jp2(header=ihdr() + box(b"colr", number))
        assert strip(plain).data == plain
        assert strip(jp2(header=ihdr() + box(b"colr", number, ranges))).data == plain
        with pytest.raises(CannotStrip):
            strip(jp2(header=ihdr() + box(b"colr", number, CANARY.ljust(28)[:28])))


def test_orders_and_places_stay_that_mean_something() -> None:
    for more in (marker(0x5F, ORDER), marker(0x63, bytes((0x40, 0, 0x80, 0)) * 3)):
        data = jp2(data=stream(more))
        assert strip(data).data == data


def test_tile_parts_in_their_order_stay() -> None:
    for count in (0, 2):
        data = with_parts(part(0, 1, count, b""), count=count)
        assert strip(data).data == data
        assert pixels(data) == pixels(jp2())


REFUSED = {
    "a tile that is not there": with_parts(part(7, 0, 1)),
    "a tile-part that is not there": with_parts(part(0, 2, 0), count=0),
    "a tile-part twice": with_parts(part(0, 0, 1)),
    "a tile-part too many": with_parts(part(0, 1, 1)),
    "two numbers of tile-parts": with_parts(part(0, 1, 3), part(0, 2, 2), count=3),
    "tile-parts that are missing": with_parts(part(0, 1, 3), count=3),
    "a palette without a mapping": indexed(lookup=b""),
    "a column that nobody looks up": indexed(lookup=LOOKUP[:8]),
    "a mapping twice": indexed(lookup=LOOKUP + LOOKUP[:4]),
    "more colours than samples name": indexed(bytes(3 * 257), rows=257),
    "a channel twice": indexed(channels=b"\0\2" + struct.pack(">3H", 0, 0, 1) * 2),
    "a channel that is not there": indexed(
        channels=b"\0\4" + b"".join(struct.pack(">3H", n, 0, n) for n in range(4))
    ),
    "an order of nothing": jp2(data=stream(marker(0x5F, CANARY[:7]))),
    "more orders than decoders take": jp2(data=stream(marker(0x5F, ORDER * 33))),
    "a place in words": jp2(data=stream(marker(0x63, CANARY[:12]))),
    "another coder": jp2(data=stream(marker(0x50, struct.pack(">I2H", 0x00020001, 2, 0x4142)))),
    "another size": jp2(header=ihdr(41) + COLR),
    "another depth": jp2(header=ihdr(depth=8) + COLR),
    "two headers in one": jp2(header=ihdr() + ihdr() + COLR),
    "a colour space without a name": jp2(header=ihdr() + box(b"colr", b"\1\0\0", b"leak")),
    "more than JP2": jp2(brand=box(b"ftyp", b"jpx ", bytes(4), b"jpx ")),
    "an unknown marker": jp2(data=stream(marker(0x74, CANARY))),
    "a marker twice": jp2(data=stream(coded()[slice(*segments(coded())[1][1:])])),
    "steps of no band": jp2(data=stream(marker(0x5D, b"\0\x40" + bytes(60)))),
    "a component that is none": jp2(data=stream(marker(0x5E, b"\7\0\1"))),
    "a longer region": jp2(data=stream(marker(0x5E, b"\0\0\1" + CANARY))),
    "a longer place": jp2(data=stream(marker(0x63, bytes(12) + CANARY))),
    "a cut order": jp2(data=stream(marker(0x5F, bytes(8)))),
    "a coding of a component, and more": jp2(data=stream(marker(0x53, b"\0\0\5\4\4\0\1" + CANARY))),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_known_to_be_clean_is_refused(what: str) -> None:
    with pytest.raises(CannotStrip):
        strip(REFUSED[what])


BROKEN = {
    "no codestream": jp2()[: jp2().index(b"jp2c") - 4],
    "no picture in it": jp2(data=b"nothing"),
    "the picture in front": b"".join((jp2()[:32], box(b"jp2c", coded()), jp2()[32:])),
    "no tile": coded()[: segments(coded())[-1][2]] + b"\xff\xd9",
    "cut in a tile": coded()[:-40],
    "no size": coded()[:2] + coded()[segments(coded())[0][2] :],
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_refused(what: str) -> None:
    with pytest.raises((MalformedImage, UnsupportedFormat)):
        strip(BROKEN[what])


@pytest.mark.parametrize("brand", [b"mjp2", b"jpm "])
def test_relatives_that_are_no_pictures_are_named(brand: bytes) -> None:
    with pytest.raises(UnsupportedFormat, match="J"):
        strip(jp2(brand=box(b"ftyp", brand, bytes(4), brand)))


def test_cutting_or_breaking_a_file_raises_what_it_should() -> None:
    whole = jp2(
        box(b"uuid", EXIF, NOTE), data=stream(marker(0x64, b"\0\1" + CANARY)), behind=CANARY
    )
    for cut in range(len(whole)):
        if 700 < cut < len(whole) - 80:
            continue  # packets
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
    assert strip(jp2(), policy).data
    for slot in ("an unknown box", "behind", "free", "behind the codestream", "a second picture"):
        with pytest.raises(CannotStrip):
            strip(SLOTS[slot], policy)


def test_albums_draw_it() -> None:
    assert render(jp2(box(b"uuid", EXIF, NOTE)), size=16)


@pytest.mark.parametrize(
    "extra",
    [box(b"leak", CANARY), box(b"uuid", EXIF), box(b"xml ", CANARY), box(b"free")],
)
def test_a_box_that_stays_by_mistake(extra: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def widened(*args: object) -> Plan:
        whole = plan(*args).carry_out(jp2())  # type: ignore[arg-type]
        at = whole.index(b"jp2c") - 4
        return Plan(pieces=(Fresh(whole[:at] + extra + whole[at:]),))

    monkeypatch.setattr("photoprivacy._strip.plan", widened)
    with pytest.raises(VerificationFailed):
        strip(jp2())


#: what a careless writer would leave → the clean file with it
LEFT = {
    "a comment": jp2(data=stream(marker(0x64, b"\0\1" + CANARY))),
    "a comment of a tile": jp2(data=in_tile(marker(0x64, b"\0\1" + CANARY))),
    "lengths": jp2(data=stream(marker(0x55, b"\0\x50" + CANARY))),
    "behind": jp2(behind=CANARY),
    "behind the codestream": jp2(data=coded() + CANARY),
    "a maker's colour space": jp2(header=ihdr() + COLR + box(b"colr", b"\4\0\0", CANARY)),
    "precedence": jp2(header=ihdr() + COLR[:9] + b"\7" + COLR[10:]),
    "a compatible brand": jp2(brand=FTYP[:3] + b"\x18" + FTYP[4:] + b"leak"),
    "a resolution": jp2(header=ihdr() + COLR + RES),
    "another tile-part": jp2(data=coded()[:-2] + coded()[segments(coded())[-1][2] :]),
    "no end": jp2(data=coded()[:-2]),
    "other packets": jp2(data=coded()[:-9] + b"\0" + coded()[-8:]),
    "steps of no band": jp2(data=stream(marker(0x5D, b"\0\x40" + bytes(60)))),
    **{
        what: REFUSED[what]
        for what in [
            *("a tile that is not there", "a tile-part that is not there", "a tile-part twice"),
            *("a tile-part too many", "two numbers of tile-parts", "tile-parts that are missing"),
            *("a palette without a mapping", "a column that nobody looks up", "a mapping twice"),
            *("more colours than samples name", "a channel twice", "a channel that is not there"),
            *("an order of nothing", "more orders than decoders take", "a place in words"),
            "another coder",
        ]
    },
    "ranges of a colour space": jp2(header=ihdr() + box(b"colr", LAB, CANARY.ljust(28)[:28])),
    "usual ranges": jp2(
        header=ihdr() + box(b"colr", JAB, struct.pack(">6I", 100, 0, 255, 128, 255, 128))
    ),
}


@pytest.mark.parametrize("what", LEFT)
@pytest.mark.parametrize("source", [None, jp2()])
def test_what_stays_by_mistake_trips_the_second_look(
    what: str, source: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy._strip.plan", lambda *_: Plan(pieces=(Fresh(LEFT[what]),)))
    if what in ("other packets", "another tile-part") and source is None:
        return  # as the source has it
    with pytest.raises(VerificationFailed):
        strip(source or LEFT[what] if what != "steps of no band" else jp2())


def test_the_format_is_told_by_content() -> None:
    assert inspect(coded()).format is Format.JP2
    assert inspect(jp2()).format is Format.JP2
    assert (inspect(jp2()).width, inspect(jp2()).height) == (40, 24)
    assert Format.JP2.media_type == "image/jp2"
    assert Format.JP2.suffix == ".jp2"


def test_files_on_disk_keep_their_pixels(tmp_path: Path) -> None:
    (tmp_path / "a.jp2").write_bytes(SLOTS["Exif"])
    clean = strip(tmp_path / "a.jp2").data
    assert pixels(clean) == pixels(SLOTS["Exif"])
