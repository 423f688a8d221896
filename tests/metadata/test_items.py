"""Pictures beside the picture, tracks beside the pictures, and atoms of movies: by type and role."""

from __future__ import annotations

import datetime as dt
import struct

import pytest

from builders_movie import keys, pictures, sound, start_of_sound, video, words
from builders_tiff import page, tiff
from photoprivacy import Category, Coordinates, Finding, inspect
from verify.built import (
    CODED,
    HVCC,
    IROT,
    ISPE,
    OTHER_CODED,
    box,
    full,
    heic,
    infe,
    iref,
)

APPLE = b"urn:com:apple:photo:"


def found(data: bytes) -> dict[str, Finding]:
    return {one.code: one for one in inspect(data).findings}


def auxiliary(kind: bytes) -> bytes:
    """Return a HEIC of a picture and an auxiliary one of a *kind*."""
    return heic(
        {1: (b"hvc1", CODED), 2: (b"hvc1", OTHER_CODED)},
        properties=(HVCC, ISPE, IROT, full(b"auxC", 0, kind + b"\x00")),
        has={1: (1, 2, 3), 2: (1, 2, 4)},
        references=(iref(b"auxl", 2, 1),),
    )


@pytest.mark.parametrize(
    ("kind", "code", "category", "word"),
    [
        (b"urn:mpeg:hevc:2015:auxid:2", "embedded.depth", Category.DEPTH, "Depth"),
        (APPLE + b"2018:aux:portraiteffectsmatte", "embedded.matte", Category.DEPTH, "person"),
        (APPLE + b"2019:aux:semanticskinmatte", "embedded.matte", Category.DEPTH, "skin"),
        (APPLE + b"2019:aux:semantichairmatte", "embedded.matte", Category.DEPTH, "hair"),
        (APPLE + b"2019:aux:semanticteethmatte", "embedded.matte", Category.DEPTH, "teeth"),
        (APPLE + b"2020:aux:semanticglassesmatte", "embedded.matte", Category.DEPTH, "glasses"),
        (APPLE + b"2020:aux:semanticskymatte", "embedded.matte", Category.DEPTH, "sky"),
        (APPLE + b"2020:aux:hdrgainmap", "embedded.gain-map", Category.HDR, "Gain map"),
    ],
)
def test_an_auxiliary_picture_is_told_by_its_role(
    kind: bytes, code: str, category: Category, word: str
) -> None:
    one = found(auxiliary(kind))[code]

    assert one.category is category
    assert word in one.label


def test_a_thumbnail_another_picture_and_a_name_are_told() -> None:
    items = {1: (b"hvc1", CODED), 2: (b"hvc1", OTHER_CODED)}
    names = (infe(1, b"hvc1", b"Ada's phone"), infe(2, b"hvc1"))
    thumbnail = found(heic(items, entries=names, references=(iref(b"thmb", 2, 1),)))
    other = found(heic(items))

    assert thumbnail["embedded.thumbnail"].category is Category.THUMBNAIL
    assert thumbnail["heif.item-name"].category is Category.HISTORY
    assert other["embedded.image"].category is Category.EMBEDDED_IMAGE


def test_what_fills_up_the_last_block_is_not_hidden() -> None:
    clap = box(b"clap", struct.pack(">8I", 61, 1, 114, 2, 0, 1, 0, 1))  # of 64 and 64
    source = heic(properties=(HVCC, ISPE, IROT, clap), has={1: (1, 2, 3, 4)})

    assert "hidden-pixels.crop" not in found(source)


def test_pixels_outside_a_crop_are_hidden() -> None:
    clap = box(b"clap", struct.pack(">8I", 8, 1, 8, 1, 0, 1, 0, 1))
    source = heic(properties=(HVCC, ISPE, IROT, clap), has={1: (1, 2, 3, 4)})

    assert found(source)["hidden-pixels.crop"].category is Category.HIDDEN_PIXELS


def test_user_data_keys_and_tracks_of_a_movie_are_told() -> None:
    said = words(b"\xa9xyz", b"+52.3702+004.8952/"), words(b"\xa9mak", b"Maker")
    source = video(pictures(), sound(2, start_of_sound()), user=said, dates=3_866_000_000)
    told = found(source)

    assert told["movie.location"].category is Category.LOCATION
    assert told["movie.make"].value == "Maker"
    assert told["embedded.audio"].category is Category.AUDIO
    assert told["heif.dates"].value == "2026-07-04T08:53:20Z"
    here = inspect(source).coordinates
    assert here == Coordinates(latitude=52.3702, longitude=4.8952)


def test_keys_say_when_and_what_belongs_together() -> None:
    source = video(
        inside=keys(creationdate=b"2026-07-14T18:32:05+0200", content_identifier=b"ABCD-1")
    )
    report = inspect(source)

    assert found(source)["movie.identifier"].category is Category.TRACKING
    assert report.captured_at is not None
    assert report.captured_at.offset == dt.timedelta(hours=2)
    assert report.captured_at.source == "movie:creationdate"


def test_the_preview_of_a_raw_file_is_told_by_its_directory() -> None:
    source = tiff(
        page(
            more={
                0xC612: (1, b"\x01\x04\x00\x00"),
                0xC62F: (2, b"SN-0042\x00"),
                0xC68B: (2, b"IMG_1.CR2\x00"),
            },
            inner={0x014A: {256: (4, 160), 257: (4, 120), 0x010F: (2, b"Maker\x00")}},
        )
    )
    told = found(source)

    assert told["exif.image.serial"].category is Category.SERIAL
    assert told["exif.image.raw-file-name"].value == "IMG_1.CR2"
    assert told["exif.sub-image.make"].value == "Maker"
