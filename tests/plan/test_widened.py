"""Invariant 4: every rule that keeps something, widened on purpose, trips the second look.

A row that keeps too much is the mistake that is easiest to make and hardest to see. Each test
makes it in one place of the writer, on a file that has the thing, and asks for no bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from types import ModuleType

import attrs
import pytest

import builders_icc as iccs
import builders_png as pngs
import builders_tiff as tiffs
import builders_webp as webps
from builders import CANARY, XMP, adobe, app, between_scans, com, exif, icc, jfif, jpeg, picture
from builders_gain_map import gain_map
from builders_icc import profile
from photoprivacy import Policy, VerificationFailed, _strip, strip
from photoprivacy._plan import (
    Plan,
    Rule,
    Wanted,
    _bmff_items,
    _bmff_moov,
    _bmff_properties,
    _bmff_sequence,
    _png,
    _tiff,
    _webp,
    plan,
)
from photoprivacy._plan import _exif as fresh
from photoprivacy._plan import _jpeg as jpegs
from photoprivacy._plan._bmff_properties import Property
from photoprivacy._plan._model import Piece
from photoprivacy.containers import Container, Role
from photoprivacy.containers._tiff import Ifd
from photoprivacy.containers._tiff_parts import Layout
from photoprivacy.geo import Precision
from photoprivacy.metadata._apple import hdr_note
from photoprivacy.policy import Category, TimePrecision
from plan.test_bmff import ENDS, described
from verify.built import (
    AV1C,
    CODED,
    FRAMES,
    HVCC,
    IROT,
    ISPE,
    OTHER_CODED,
    box,
    full,
    heic,
    icc_profile,
    infe,
    iref,
    moov,
    track,
)

NOTHING = Policy(keep=())
ALWAYS = Rule(category=None, reason="widened on purpose")


class Everything(dict[str, Rule]):
    """A table that keeps whatever it is asked for."""

    def __missing__(self, key: str) -> Rule:
        return ALWAYS

    def __contains__(self, key: object) -> bool:
        return True


def trips(data: bytes, policy: Policy = Policy.SHARE) -> None:
    """Check that a mistake was noticed: no bytes come back."""
    with pytest.raises(VerificationFailed):
        strip(data, policy)


# JPEG -----------------------------------------------------------------------------------

JPEGS = {
    "APP0": jpeg(jfif(), app(0, b"JFXX\x00\x10" + CANARY), *picture()),
    "APP1": jpeg(exif(b"MM\x00\x2a\x00\x00\x00\x08\x00\x00"), *picture()),
    "APP2": jpeg(app(2, b"MPF\x00" + CANARY), *picture()),
    "APP11": jpeg(app(11, b"JP" + CANARY), *picture()),
    "APP13": jpeg(app(13, b"Photoshop 3.0\x00" + CANARY), *picture()),
    "APP14": jpeg(adobe(1), adobe(1, CANARY), *picture()),
    "COM": jpeg(com(CANARY), *picture()),
    "trailer": jpeg(*picture()) + CANARY,
}


@pytest.mark.parametrize("kind", JPEGS)
def test_a_segment_of_a_jpeg_that_stays_by_mistake(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip(JPEGS[kind])
    real = plan

    def wrong(container: Container, data: bytes, wanted: Wanted) -> Plan:
        segments = tuple(
            attrs.evolve(segment, role=Role.PICTURE) if segment.kind == kind else segment
            for segment in container.segments
        )
        assert segments != container.segments
        return real(attrs.evolve(container, segments=segments), data, wanted)

    monkeypatch.setattr(_strip, "plan", wrong)
    trips(JPEGS[kind])


@pytest.mark.parametrize("extra", [com(CANARY), app(1, XMP + CANARY)])
def test_a_segment_between_scans_that_stays_by_mistake(
    extra: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = between_scans(extra)
    strip(data)
    real = plan

    def wrong(container: Container, data: bytes, wanted: Wanted) -> Plan:
        segments = tuple(
            attrs.evolve(segment, role=Role.PICTURE) if segment.kind in ("COM", "APP1") else segment
            for segment in container.segments
        )
        return real(attrs.evolve(container, segments=segments), data, wanted)

    monkeypatch.setattr(_strip, "plan", wrong)
    trips(data)


def test_a_jpegs_profile_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg(*icc(icc_profile()), *picture())
    strip(data, NOTHING)
    widened = {key: row for key, row in jpegs.KEEP.items() if row.category is not None}

    assert list(widened) == [("APP2", "ICC_PROFILE")]
    for key in widened:
        monkeypatch.setitem(jpegs.KEEP, key, ALWAYS)
        trips(data, NOTHING)


def test_a_density_that_stays_by_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    density = jpeg(jfif(density=300), *picture())
    real = jpegs._jfif
    monkeypatch.setattr(jpegs, "_jfif", lambda old, _policy: real(old, Policy.ARCHIVE))
    dots = density.replace(b"\x01\x02\x00\x01\x2c\x01\x2c", b"\x01\x02\x01\x01\x2c\x01\x2c")
    trips(dots)


# PNG and WebP -----------------------------------------------------------------------------


#: These are never copied: the end is written anew, the image ends where its stream does.
NEVER_COPIED = {"inside IEND", "in an IDAT of its own"}
PROFILES = {"a profile that is none", "a profile of the right length that is none"}


@pytest.mark.parametrize("slot", sorted(PROFILES))
def test_bytes_that_are_no_profile_stay_by_mistake(
    slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pngs.SLOTS[slot]
    strip(data)
    monkeypatch.setattr("photoprivacy.containers._png.whole_profile", bytes)
    monkeypatch.setattr(_png, "clean_profile", bytes)
    trips(data)


DIRTY = iccs.icc({b"desc": iccs.described(b"Anna's screen"), b"vcgt": b"LEAKCANARY"})


@pytest.mark.parametrize(
    ("module", "data"),
    [
        (jpegs, jpeg(*icc(DIRTY), *picture())),
        (_png, pngs.picture(pngs.iccp(DIRTY))),
        (_webp, webps.still(before=webps.part(b"ICCP", DIRTY), flags=webps.ICC)),
        (_bmff_properties, heic(properties=(HVCC, ISPE, box(b"colr", b"prof", DIRTY)))),
    ],
    ids=["JPEG", "PNG", "WebP", "HEIC"],
)
def test_a_profile_that_is_copied_whole_by_mistake(
    module: ModuleType, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"Anna" not in strip(data).data
    monkeypatch.setattr(module, "clean_profile", bytes)
    trips(data)


@pytest.mark.parametrize("slot", sorted(pngs.SLOTS.keys() - NEVER_COPIED - PROFILES))
def test_a_chunk_of_a_png_that_stays_by_mistake(slot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pngs.SLOTS[slot]
    strip(data)
    monkeypatch.setattr(_png, "KEEP", Everything(_png.KEEP))
    monkeypatch.setattr(_png, "standing", lambda container, _data: list(container.segments))
    real = _png._image
    monkeypatch.setattr(_png, "_image", lambda segment, data, _room: real(segment, data, 1 << 30))
    trips(data)


PNGS = {
    "gAMA": pngs.chunk(b"gAMA", bytes(4)),
    "cHRM": pngs.chunk(b"cHRM", bytes(32)),
    "sRGB": pngs.chunk(b"sRGB", b"\x00"),
    "cICP": pngs.chunk(b"cICP", b"\x01\x0d\x00\x01"),
    "mDCV": pngs.chunk(b"mDCV", bytes(24)),
    "cLLI": pngs.chunk(b"cLLI", bytes(8)),
    "iCCP": pngs.iccp(profile()),
    "pHYs": pngs.chunk(b"pHYs", bytes(9)),
}


def test_every_row_of_png_that_depends_on_a_policy_is_tried() -> None:
    assert PNGS.keys() == {kind for kind, row in _png.KEEP.items() if row.category is not None}


@pytest.mark.parametrize("kind", PNGS)
def test_a_row_of_png_that_forgets_its_category(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pngs.picture(PNGS[kind])
    assert strip(data, NOTHING).data == pngs.picture()
    monkeypatch.setitem(_png.KEEP, kind, ALWAYS)
    trips(data, NOTHING)


#: The header is written anew, and the file ends where its size says.
FRESH_IN_WEBP = {"behind the file", "reserved bytes"}


@pytest.mark.parametrize("slot", sorted(webps.SLOTS.keys() - FRESH_IN_WEBP))
def test_a_chunk_of_a_webp_that_stays_by_mistake(
    slot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = webps.SLOTS[slot]
    strip(data)
    monkeypatch.setattr(
        _webp,
        "_picture",
        lambda container: [s for s in container.segments[1:] if s.kind != "VP8X"],
    )
    monkeypatch.setattr(_webp, "alpha_size", lambda _data, chunk, _pixels: len(chunk.body))
    trips(data)


def test_a_webps_profile_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    data = webps.still(before=webps.part(b"ICCP", profile()), flags=webps.ICC)
    strip(data, NOTHING)
    widened = {kind for kind, row in _webp.KEEP.items() if row.category is not None}

    assert widened == {"ICCP"}
    monkeypatch.setitem(_webp.KEEP, "ICCP", ALWAYS)
    trips(data, NOTHING)


# HEIC and AVIF ------------------------------------------------------------------------------

GAIN = full(b"auxC", 0, b"urn:com:apple:photo:2020:aux:hdrgainmap\x00")
DEPTH = full(b"auxC", 0, b"urn:mpeg:hevc:2015:auxid:2\x00")
PICTURE = (b"hvc1", CODED)
OTHER = (b"hvc1", OTHER_CODED)


def beside(kind: bytes) -> bytes:
    return heic(
        {1: PICTURE, 2: OTHER},
        properties=(HVCC, ISPE, kind),
        has={1: (1, 2), 2: (1, 2, 3)},
        references=(iref(b"auxl", 2, 1),),
    )


TONE_MAPPED = heic(
    {1: PICTURE, 2: (b"tmap", bytes(62))},
    has={1: (1, 2), 2: (2,)},
    properties=(HVCC, ISPE),
    references=(iref(b"dimg", 2, 1),),
    meta=(box(b"grpl", full(b"altr", 0, struct.pack(">IIII", 9, 2, 2, 1))),),
)
TABLES: Mapping[str, tuple[Mapping[str, Rule], dict[str, bytes]]] = {
    "items": (_bmff_items.ITEMS, {"tmap": TONE_MAPPED}),
    "auxiliary pictures": (_bmff_items.AUXILIARY, {"gain map": beside(GAIN)}),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_heif_that_forgets_its_category(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, files = TABLES[table]

    assert files.keys() == {name for name, row in rows.items() if row.category is not None}
    for name, data in files.items():
        strip(data, NOTHING)
        monkeypatch.setitem(rows, name, ALWAYS)
        trips(data, NOTHING)


PROPERTIES = {
    "irot": IROT,
    "imir": box(b"imir", b"\x01"),
    "colr": box(b"colr", b"prof", icc_profile()),
    "clli": box(b"clli", bytes(4)),
    "mdcv": box(b"mdcv", bytes(24)),
    "cclv": box(b"cclv", b"\x04", bytes(4)),
    "amve": box(b"amve", bytes(8)),
    "ndwt": full(b"ndwt", 0, bytes(4)),
}


def test_every_property_that_depends_on_a_policy_is_tried() -> None:
    rows = _bmff_properties.PROPERTIES

    assert PROPERTIES.keys() == {name for name, row in rows.items() if row.rule.category}


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_that_forgets_its_category(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic(properties=(HVCC, ISPE, PROPERTIES[name]))
    assert strip(data, NOTHING).data == heic(properties=(HVCC, ISPE))
    row = _bmff_properties.PROPERTIES[name]
    monkeypatch.setitem(_bmff_properties.PROPERTIES, name, Property(ALWAYS, row.clean))
    trips(data, NOTHING)


@pytest.mark.parametrize("name", sorted(ENDS))
def test_a_property_that_is_copied_whole_by_mistake(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = ENDS[name][0]
    kind = body[4:8].decode()
    row = _bmff_properties.PROPERTIES[kind]

    def whole(content: bytes) -> bytes:
        return content

    monkeypatch.setitem(_bmff_properties.PROPERTIES, kind, Property(row.rule, whole))
    trips(described(body))


def test_a_property_nobody_knows_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic(properties=(HVCC, ISPE, IROT, box(b"leak", CANARY)))
    strip(data)
    monkeypatch.setitem(_bmff_properties.PROPERTIES, "leak", Property(ALWAYS, bytes))
    trips(data)


def _sequence(**more: bytes) -> bytes:
    movie = moov(track(1, (11, 12), 0, **more))  # type: ignore[arg-type]
    return heic(brands=b"avismsf1", movie=movie, samples=FRAMES[:23])


def _with_an_unknown_item() -> bytes:
    return heic({1: (b"iden", bytes(4)), 2: (b"jpeg", CODED)}, references=(iref(b"dimg", 1, 2),))


#: what a table would have to keep → (that table, the word, a file that has it)
WORDS: dict[str, tuple[object, str, Callable[[], bytes]]] = {
    "a depth map": (_bmff_items.AUXILIARY, "depth", lambda: beside(DEPTH)),
    "an unknown item": (_bmff_items.ITEMS, "jpeg", _with_an_unknown_item),
    "a description": (
        _bmff_items.REFERENCES,
        "cdsc",
        lambda: heic(
            {1: (b"grid", bytes(8)), 2: PICTURE},
            has={1: (2,), 2: (1, 2)},
            properties=(HVCC, ISPE),
            references=(iref(b"dimg", 1, 2), iref(b"cdsc", 2, 1)),
        ),
    ),
    "a codec": (_bmff_sequence.ENTRIES, "leak", lambda: _sequence(entry=b"leak")),
    "a reference of a track": (
        _bmff_moov.TRACK_REFERENCES,
        "cdsc",
        lambda: _sequence(refers=box(b"cdsc", struct.pack(">I", 1))),
    ),
}


@pytest.mark.parametrize("what", WORDS)
def test_a_word_nobody_knows_that_stays_by_mistake(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, word, make = WORDS[what]
    monkeypatch.setitem(table, word, ALWAYS)  # type: ignore[arg-type]
    trips(make())


def test_a_brand_nobody_knows_that_stays_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    from photoprivacy._plan import _bmff

    data = heic(brands=b"heicmif1LEAK")
    strip(data)
    monkeypatch.setattr(_bmff, "BRANDS", _bmff_items.BRANDS | {"LEAK"})
    trips(data)


def test_an_entry_of_another_picture_that_stays_by_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from photoprivacy._plan import _bmff

    data = heic({1: PICTURE, 2: OTHER}, entries=(infe(1, b"hvc1"), infe(2, b"hvc1")))
    strip(data)
    monkeypatch.setattr(_bmff, "kept_items", lambda _data, _meta, _policy: frozenset({1, 2}))
    trips(data)


# Fresh Exif -----------------------------------------------------------------------------------


def _block(tag: int, kind: int, value: bytes) -> bytes:
    """Return an Exif block with one tag in its Exif IFD, and the same tag in IFD0."""
    width = {2: 1, 3: 2, 5: 8, 7: 1}[kind]

    def ifd(at: int, *, pointer: int = 0) -> bytes:
        count = len(value) // width
        rows = [struct.pack(">HHI", tag, kind, count) + struct.pack(">I", at)]
        if pointer:
            rows.append(struct.pack(">HHII", 0x8769, 4, 1, pointer))
        rows.sort()
        return struct.pack(">H", len(rows)) + b"".join(rows) + bytes(4)

    first = 8 + 2 + 24 + 4
    second = first + 2 + 12 + 4
    padded = value if len(value) > 4 else value.ljust(4, b"\0")
    head = b"MM\x00\x2a\x00\x00\x00\x08"
    block = head + ifd(second, pointer=first) + ifd(second) + padded
    if len(value) <= 4:
        block = block.replace(struct.pack(">I", second), padded)
    return block


_SPELLED = {
    fresh._ASCII: b"Some words\x00",
    fresh._SHORT: b"\x00\x06",
    fresh._RATIONAL: struct.pack(">II", 28, 10),
    fresh._UNDEFINED: b"ASCII\x00\x00\x00Some words",
}


@pytest.mark.parametrize("index", range(len(fresh.KEPT)), ids=[row.name for row in fresh.KEPT])
def test_a_row_of_exif_that_forgets_its_category(
    index: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = fresh.KEPT[index]
    note = row.category is Category.HDR
    old = hdr_note(((33, 1, 2),)) if note else _SPELLED[row.type]
    data = jpeg(exif(_block(row.tag, row.type, old)), *picture()) + gain_map() * note
    assert strip(data, NOTHING).data == jpeg(*picture())
    rows = list(fresh.KEPT)
    other = Category.COLOR if note else Category.HDR
    rows[index] = attrs.evolve(row, category=other)
    monkeypatch.setattr(fresh, "KEPT", tuple(rows))
    policy = Policy(keep={other})
    if row.name == "Orientation":
        monkeypatch.setattr(_strip, "_orientation", lambda _container, reading, _policy: (
            reading.orientation
        ))  # fmt: skip
        with pytest.raises(VerificationFailed):
            strip(data, policy)
        return
    trips(data, policy)


@pytest.mark.parametrize("name", ["BodySerialNumber", "CameraOwnerName", "ImageUniqueID"])
def test_a_tag_that_is_never_written_is_written_by_mistake(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = {"BodySerialNumber": 0xA431, "CameraOwnerName": 0xA430, "ImageUniqueID": 0xA420}[name]
    data = jpeg(exif(_block(tag, fresh._ASCII, b"Some words\x00")), *picture())
    strip(data)
    row = fresh.Kept(fresh.EXIF, tag, name, fresh._ASCII, Category.COLOR, "widened on purpose")
    monkeypatch.setattr(fresh, "KEPT", (*fresh.KEPT, row))
    trips(data)


# The same in the directories of a TIFF ------------------------------------------------------

FORMS = [("<", False), (">", False), ("<", True), (">", True)]
IDS = ["II", "MM", "II, big", "MM, big"]
NEVER = [row for row in fresh.KEPT if row.name in ("Orientation", "MakerNote")]
IN_TIFF = [row for row in fresh.KEPT if row not in NEVER]
LISBON: tiffs.Tags = {
    1: (2, b"N\0"), 2: (5, (38, 1, 42, 1, 50, 1)), 3: (2, b"W\0"), 4: (5, (9, 1, 8, 1, 0, 1)),
}  # fmt: skip


def words_in(row: fresh.Kept, order: str, big: bool, *pages: tiffs.Page) -> bytes:  # noqa: FBT001
    """Return a TIFF that has a tag in its first page, or in the Exif of that."""
    value: object = {fresh._SHORT: 6, fresh._RATIONAL: (28, 10)}.get(row.type)
    tags = {row.tag: (row.type, _SPELLED[row.type] if value is None else value)}
    first = tiffs.page(more=tags) if row.ifd == fresh.IFD0 else tiffs.page(inner={0x8769: tags})
    return tiffs.tiff(first, *pages, order=order, big=big)


@pytest.mark.parametrize(("order", "big"), FORMS, ids=IDS)
@pytest.mark.parametrize("row", IN_TIFF, ids=[row.name for row in IN_TIFF])
def test_a_row_of_exif_that_forgets_its_category_in_a_tiff(
    row: fresh.Kept,
    order: str,
    big: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = words_in(row, order, big)
    bare = tiffs.tiff(order=order, big=big)
    assert strip(data).data == strip(bare).data
    assert strip(data, Policy(keep={row.category})).data != strip(bare, NOTHING).data
    rows = tuple(
        attrs.evolve(one, category=Category.COLOR) if one == row else one for one in fresh.KEPT
    )
    assert rows != fresh.KEPT
    monkeypatch.setattr(fresh, "KEPT", rows)
    trips(data)


@pytest.mark.parametrize(("order", "big"), FORMS, ids=IDS)
@pytest.mark.parametrize(
    ("ifd", "tag", "name"),
    [
        (fresh.EXIF, 0xA431, "BodySerialNumber"), (fresh.EXIF, 0xA430, "CameraOwnerName"),
        (fresh.EXIF, 0xA420, "ImageUniqueID"), (fresh.IFD0, 0x0131, "Software"),
        (fresh.IFD0, 0x0132, "DateTime"), (fresh.IFD0, 0x013C, "HostComputer"),
        (fresh.GPS, 0x001D, "GPSDateStamp"),
    ],
)  # fmt: skip
def test_a_tag_that_is_never_written_is_written_into_a_tiff_by_mistake(
    ifd: str,
    tag: int,
    name: str,
    order: str,
    big: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = fresh.Kept(ifd, tag, name, fresh._ASCII, Category.COLOR, "widened on purpose")
    words: tiffs.Tags = {tag: (2, b"Some words\0")}
    inner = {0x8825: words} if ifd == fresh.GPS else None
    data = tiffs.tiff(tiffs.page(inner=inner), order=order, big=big)
    data = data if inner else words_in(row, order, big)
    strip(data)
    monkeypatch.setattr(fresh, "KEPT", (*fresh.KEPT, row))
    trips(data)


def test_which_side_is_up_is_said_once_in_a_tiff(monkeypatch: pytest.MonkeyPatch) -> None:
    data = words_in(fresh.KEPT[0], "<", False)
    assert strip(data).data
    monkeypatch.setattr(_strip, "_TURNED_BY_CONTAINER", frozenset())
    trips(data)


def test_a_makers_note_that_stays_in_a_tiff_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    note: tiffs.Tags = {0x927C: (7, hdr_note(((33, 1, 2),)))}
    data = tiffs.tiff(tiffs.page(inner={0x8769: note}))
    bare = strip(data).data
    assert bare == strip(tiffs.tiff()).data
    monkeypatch.setattr(_strip, "_fields", lambda reading: reading.fields)
    trips(data)


@pytest.mark.parametrize(("order", "big"), FORMS, ids=IDS)
def test_words_on_a_second_page_that_are_written_by_mistake(
    order: str,
    big: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = Policy(keep={Category.RIGHTS})
    row = next(row for row in fresh.KEPT if row.name == "Artist")
    data = words_in(row, order, big, tiffs.page(bytes(16)))
    strip(data, policy)
    real = _tiff._Writer.page

    def wrong(
        self: _tiff._Writer, page: Ifd, layout: Layout, at: int, wanted: Wanted, *, last: bool
    ) -> tuple[list[Piece], int]:
        artist = fresh.Entry(row.tag, row.type, 5, b"Rui!\0")
        told = attrs.evolve(wanted, entries={fresh.IFD0: (artist,)})
        return real(self, page, layout, at, told if last else wanted, last=last)

    monkeypatch.setattr(_tiff._Writer, "page", wrong)
    trips(data, policy)


@pytest.mark.parametrize(("order", "big"), FORMS, ids=IDS)
@pytest.mark.parametrize("precision", [TimePrecision.YEAR, TimePrecision.MONTH, TimePrecision.DAY])
def test_a_time_that_is_sharper_than_the_policy_by_mistake(
    precision: TimePrecision,
    order: str,
    big: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: tiffs.Tags = {0x9003: (2, b"2024:05:03 10:11:12\0")}
    data = tiffs.tiff(tiffs.page(inner={0x8769: taken}), order=order, big=big)
    strip(data, Policy(time=precision))
    monkeypatch.setattr(fresh, "coarse_time", lambda taken, _precision: taken)
    trips(data, Policy(time=precision))


@pytest.mark.parametrize(("order", "big"), FORMS, ids=IDS)
@pytest.mark.parametrize("precision", [Precision.COUNTRY, Precision.REGION])
def test_a_position_that_is_sharper_than_the_policy_by_mistake(
    precision: Precision,
    order: str,
    big: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = tiffs.tiff(tiffs.page(inner={0x8825: LISBON}), order=order, big=big)
    strip(data, Policy(location=precision))
    real = _strip._location
    monkeypatch.setattr(
        _strip,
        "_location",
        lambda reading, policy, geocoder: (
            reading.coordinates, real(reading, policy, geocoder)[1],
        ),
    )  # fmt: skip
    trips(data, Policy(location=precision))


@pytest.mark.parametrize(("order", "big"), FORMS, ids=IDS)
@pytest.mark.parametrize("mistake", ["a gap", "another order", "half a position", "a next one"])
def test_a_directory_that_is_laid_out_otherwise_by_mistake(
    mistake: str,
    order: str,
    big: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: tiffs.Tags = {0x9003: (2, b"2024:05:03 10:11:12\0")}
    page = tiffs.page(inner={0x8769: taken, 0x8825: LISBON})
    data = tiffs.tiff(page, order=order, big=big)
    strip(data, Policy.ARCHIVE)
    if mistake == "a gap":
        size = _tiff._Writer._size
        monkeypatch.setattr(_tiff._Writer, "_size", lambda self, rows: size(self, rows) + 2)
    elif mistake == "another order":
        turned = dict(reversed(fresh.POINTERS.items()))
        monkeypatch.setattr(_tiff, "POINTERS", turned)
    elif mistake == "a next one":
        ifd = _tiff._Writer._ifd
        monkeypatch.setattr(
            _tiff._Writer, "_ifd", lambda self, rows, at, _following: ifd(self, rows, at, at)
        )
    else:
        gps = fresh._gps
        monkeypatch.setattr(fresh, "_gps", lambda at: gps(at)[:3])
    trips(data, Policy.ARCHIVE)


def test_a_config_of_a_track_that_stays_whole_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    body = box(b"av1C", AV1C[8:], b"\x2a" + bytes((len(CANARY),)) + CANARY)
    data = _sequence(properties=(body,))  # type: ignore[arg-type]
    strip(data)
    row = _bmff_properties.PROPERTIES["av1C"]
    monkeypatch.setitem(_bmff_properties.PROPERTIES, "av1C", Property(row.rule, bytes))
    trips(data)
