"""What a policy keeps of a TIFF's words: in its first page, where readers of TIFF look."""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import warnings
from pathlib import Path

import attrs
import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from builders import CANARY
from builders_tiff import PIXELS, Page, Tags, page, tiff
from photoprivacy import Format, PhotoPrivacyError, Policy, VerificationFailed, inspect, strip
from photoprivacy.geo import Precision
from photoprivacy.policy import RENDERING, AiTraining, Category, TimePrecision, Unknown
from photoprivacy.testing import sample_photo

FORMS = [("<", False), (">", False), ("<", True), (">", True)]
EVERYTHING = Policy(
    keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN},
    location=Precision.EXACT,
    time=TimePrecision.EXACT,
)
PAGE: Tags = {
    270: (2, "Ein schöner Tag am Kai\0".encode()),
    271: (2, b"Acme\0"),
    272: (2, b"Model 1\0"),
    315: (2, b"Rui & Ana\0"),
    33432: (2, b"(c) Rui\0"),
    305: (2, b"Editor 9\0"),
}
PHOTO: Tags = {
    33434: (5, (1, 125)),
    33437: (5, (28, 10)),
    34855: (3, 200),
    36867: (2, b"2024:05:03 10:11:12\0"),
    36881: (2, b"+01:00\0"),
    37386: (5, (26, 1)),
    37510: (7, b"ASCII\0\0\0by the river"),
    41989: (3, 28),
    42033: (2, b"SN-0042-4711\0"),
    42036: (2, b"A lens\0"),
}
LISBON: Tags = {
    1: (2, b"N\0"),
    2: (5, (38, 1, 42, 1, 50, 1)),
    3: (2, b"W\0"),
    4: (5, (9, 1, 8, 1, 0, 1)),
    29: (2, b"2024:05:03\0"),
}


def told(
    *,
    more: Tags | None = None,
    photo: Tags | None = None,
    gps: Tags | None = None,
    gap: bytes = b"",
) -> Page:
    """Return a page that tells much, and more than that."""
    inner = {34665: {**PHOTO, **(photo or {})}, 34853: {**LISBON, **(gps or {})}}
    return page(more={**PAGE, **(more or {})}, inner=inner, gap=gap)


def read(data: bytes, number: int = 0) -> tuple[dict[int, object], ...]:
    """Return what Pillow reads of a page: its own tags, Exif and GPS."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            opened.seek(number)
            whole = opened.getexif()
            inner = (dict(whole.get_ifd(IFD.Exif)), dict(whole.get_ifd(IFD.GPSInfo)))
            tags = dict(opened.tag_v2)  # type: ignore[attr-defined]
            return tags, *inner


@pytest.mark.parametrize(("order", "big"), FORMS[:3])  # Pillow reads no big-endian BigTIFF
def test_pillow_reads_back_what_is_kept(order: str, big: bool) -> None:  # noqa: FBT001
    tags, photo, gps = read(strip(tiff(told(), order=order, big=big), EVERYTHING).data)

    assert tags[Base.ImageDescription] == "Ein schöner Tag am Kai".encode().decode("latin-1")
    assert (tags[Base.Make], tags[Base.Model]) == ("Acme", "Model 1")
    assert (tags[Base.Artist], tags[Base.Copyright]) == ("Rui & Ana", "(c) Rui")
    assert photo[Base.DateTimeOriginal] == "2024:05:03 10:11:12"
    assert photo[Base.OffsetTimeOriginal] == "+01:00"
    assert photo[Base.ExposureTime] == pytest.approx(1 / 125)
    assert (photo[Base.FNumber], photo[Base.ISOSpeedRatings]) == (2.8, 200)
    assert (photo[Base.FocalLength], photo[Base.FocalLengthIn35mmFilm]) == (26, 28)
    assert photo[Base.LensModel] == "A lens"
    assert photo[Base.UserComment] == b"ASCII\0\0\0by the river"
    assert (gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef]) == ((38, 42, 50), "N")
    assert (gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef]) == ((9, 8, 0), "W")
    assert 305 not in tags
    assert (700 in tags) == big  # a position, for ExifTool
    assert 42033 not in photo
    assert 29 not in gps


@pytest.mark.parametrize(("order", "big"), FORMS)
def test_exiftool_reads_back_what_is_kept_and_nothing_else(
    exiftool: str,
    tmp_path: Path,
    order: str,
    big: bool,  # noqa: FBT001
) -> None:
    file = tmp_path / "a.tif"
    file.write_bytes(strip(tiff(told(), order=order, big=big), EVERYTHING).data)
    command = [exiftool, "-j", "-a", "-u", "-n", str(file)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]

    kept = {
        "ImageDescription": "Ein schöner Tag am Kai",
        "Make": "Acme",
        "Model": "Model 1",
        "Artist": "Rui & Ana",
        "Copyright": "(c) Rui",
        "ExposureTime": 0.008,
        "FNumber": 2.8,
        "ISO": 200,
        "DateTimeOriginal": "2024:05:03 10:11:12",
        "OffsetTimeOriginal": "+01:00",
        "FocalLength": 26,
        "UserComment": "by the river",
        "FocalLengthIn35mmFormat": 28,
        "LensModel": "A lens",
    }
    assert {name: said.get(name) for name in kept} == kept
    assert float(said["GPSLatitude"]) == pytest.approx(38.713888888, abs=1e-7)
    assert abs(float(said["GPSLongitude"])) == pytest.approx(9.13333333, abs=1e-7)
    assert float(said["GPSLongitude"]) < 0 or said["GPSLongitudeRef"] == "W"
    assert not {"Software", "SerialNumber", "GPSDateStamp", "Warning", "Error"} & said.keys()


def variants(order: str, big: bool) -> dict[str, bytes]:  # noqa: FBT001
    """Return TIFFs that keep the same under every policy, and lose something else each."""
    form = {"order": order, "big": big}
    long = CANARY * 9
    return {
        name: tiff(one, **form)  # type: ignore[arg-type]
        for name, one in {
            "bare": told(),
            "other software": told(more={305: (2, b"An editor of another length\0")}),
            "more tags": told(more={269: (2, long), 316: (2, long), 65000: (7, long)}),
            "more of Exif": told(photo={37500: (7, long), 42016: (2, long), 42032: (2, b"Me\0")}),
            "more of GPS": told(gps={27: (7, long), 6: (5, (11, 1)), 31: (5, (4, 1))}),
            "a gap": told(gap=long),
            "Photoshop": told(more={34377: (7, long)}),
        }.items()
    }


@pytest.mark.parametrize(("order", "big"), FORMS)
def test_what_is_removed_leaves_no_trace_beside_what_is_kept(
    order: str,
    big: bool,  # noqa: FBT001
) -> None:
    policies = (
        Policy.ARCHIVE,
        Policy.PUBLISH,
        Policy(keep={"rights"}, location="city", time="day"),
    )
    for policy in policies:
        made = {name: strip(data, policy).data for name, data in variants(order, big).items()}
        assert len(made) == 7
        assert len(set(made.values())) == 1, [n for n in made if made[n] != made["bare"]]


def test_where_a_word_stood_leaves_no_trace() -> None:
    """The same words, from XMP and IPTC instead of tags, make the same file."""
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Make="Acme" tiff:Model="Model 1" '
        b'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        b'exif:DateTimeOriginal="2024-05-03T10:11:12"/></rdf:RDF></x:xmpmeta>'
    )
    tags = tiff(
        page(
            more={271: PAGE[271], 272: PAGE[272]},
            inner={34665: {36867: PHOTO[36867]}},
        )
    )
    for policy in (Policy.ARCHIVE, Policy.SHARE, Policy(time="year")):
        assert strip(tiff(page(more={700: (1, packet)})), policy).data == strip(tags, policy).data


LADDER = [
    EVERYTHING,
    attrs.evolve(EVERYTHING, location=Precision.CITY),
    attrs.evolve(EVERYTHING, location=Precision.CITY, time=TimePrecision.DAY),
    attrs.evolve(EVERYTHING, location=Precision.COUNTRY, time=TimePrecision.MONTH),
    Policy(keep=RENDERING | {Category.RIGHTS}, time=TimePrecision.YEAR),
    Policy(keep=RENDERING | {Category.RIGHTS}, ai_training=AiTraining.PROHIBITED),
    Policy.SHARE,
    Policy(keep=()),
]


@pytest.mark.parametrize(("order", "big"), FORMS)
def test_one_step_down_after_the_other_is_the_same_as_all_at_once(
    order: str,
    big: bool,  # noqa: FBT001
) -> None:
    data = tiff(told(), page(bytes(16)), order=order, big=big)
    for first, second in itertools.combinations_with_replacement(LADDER, 2):
        once = strip(data, first).data
        again = strip(once, second)
        assert again.data == strip(data, second).data
        assert again.changed == (again.data != once)
        assert not inspect(again.data).violations(second)
    assert not strip(once, LADDER[-1]).changed


def test_a_position_is_the_same_point_however_often_it_is_written() -> None:
    points = [(7 * n % 90, 13 * n % 60, 100_003 * n % 600_000) for n in range(200)]
    assert len(set(points)) == 200
    for big in (False, True):
        for degrees, minutes, seconds in points:
            angle: tuple[int, object] = (5, (degrees, 1, minutes, 1, seconds * 7 + 3, 70_003))
            data = tiff(told(gps={2: angle, 4: angle}), big=big)
            clean = strip(data, EVERYTHING).data
            assert strip(clean, EVERYTHING).data == clean


def test_a_policy_that_keeps_more_tells_more() -> None:
    data = tiff(told())
    tells = [
        {(one.code, str(one.value)) for one in inspect(strip(data, policy).data).findings}
        for policy in (Policy.SHARE, Policy.PUBLISH, EVERYTHING)
    ]
    shared, published, everything = tells
    assert shared == set()
    assert {"exif.image.artist", "exif.image.copyright"} <= {code for code, _ in published}
    assert {one for one in published if one[0].startswith("exif")} < everything


def test_words_of_other_pages_go() -> None:
    first = told()
    second = page(bytes(16), more={315: (2, CANARY + b"\0")}, inner={34853: LISBON})
    clean = strip(tiff(first, second), EVERYTHING).data

    assert CANARY not in clean
    assert clean.count(b"Rui & Ana") == 1
    tags, photo, gps = read(clean, 1)
    assert not photo
    assert not gps
    assert not {315, 34665, 34853} & tags.keys()


def test_words_move_to_the_page_that_stays_when_a_thumbnail_goes() -> None:
    small = attrs.evolve(told(more={254: (4, 1), 256: (4, 1), 257: (4, 1)}), strips=(b"\7",))
    clean = strip(tiff(small, page()), Policy.ARCHIVE).data

    assert read(clean)[2][GPS.GPSLatitude] == (38, 42, 50)
    assert strip(clean, Policy.ARCHIVE).data == clean
    assert strip(tiff(told()), Policy.ARCHIVE).data == clean


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (TimePrecision.YEAR, "2024:01:01 00:00:00"),
        (TimePrecision.MONTH, "2024:05:01 00:00:00"),
        (TimePrecision.DAY, "2024:05:03 00:00:00"),
        (TimePrecision.EXACT, "2024:05:03 10:11:12"),
    ],
)
def test_time_is_told_as_sharply_as_the_policy_says(time: TimePrecision, said: str) -> None:
    _, photo, gps = read(strip(tiff(told()), Policy(time=time)).data)

    assert photo == {Base.DateTimeOriginal: said, Base.ExifVersion: b"0300"}
    assert gps == {}


def test_tags_stand_on_words_and_every_byte_is_accounted_for() -> None:
    policy = attrs.evolve(EVERYTHING, unknown=Unknown.REFUSE)
    assert len(FORMS) == 4
    for order, big in FORMS:
        clean = strip(tiff(told(), order=order, big=big), EVERYTHING).data
        # What nobody refers to would be refused here.
        assert strip(clean, policy).data == clean
        assert clean.endswith(PIXELS)


def test_a_tiff_says_what_a_jpeg_says() -> None:
    """The kept tags of both formats come from one table."""
    photo = sample_photo()
    with Image.open(io.BytesIO(photo)) as opened:
        file = io.BytesIO()
        opened.convert("L").resize((4, 4)).save(file, "TIFF", exif=opened.getexif())
    for policy in (EVERYTHING, Policy.ARCHIVE, Policy(location="city", time="month")):
        one, other = (inspect(strip(data, policy).data) for data in (photo, file.getvalue()))
        assert (one.format, other.format) == (Format.JPEG, Format.TIFF)
        assert one.coordinates == other.coordinates
        assert one.captured_at == other.captured_at
        assert one.camera == other.camera


@pytest.mark.parametrize(("order", "big"), FORMS)
def test_breaking_any_word_raises_what_it_should_or_gives_a_clean_file(
    order: str,
    big: bool,  # noqa: FBT001
) -> None:
    whole = tiff(told(), order=order, big=big)
    done = 0
    for at in range(len(whole)):
        for value in (0, 0xFF):
            broken = whole[:at] + bytes((value,)) + whole[at + 1 :]
            try:
                clean = strip(broken, EVERYTHING).data
            except VerificationFailed:
                raise
            except PhotoPrivacyError:
                continue
            done += 1
            again = strip(clean, EVERYTHING)
            assert again.data == clean, at
    assert done > len(whole)
