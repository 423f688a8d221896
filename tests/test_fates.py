"""What a report says becomes of a finding is what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from builders import app, exif, jpeg, picture
from builders_exif import asciz, block, rational, undefined
from builders_iptc import record, resource
from builders_xmp import in_app1, packet
from photoprivacy import (
    Category,
    Coordinates,
    Finding,
    PhotoPrivacyError,
    Policy,
    Precision,
    Stripped,
    TimePrecision,
    inspect,
    strip,
)
from photoprivacy._plan import _exif, _xmp
from photoprivacy.metadata import Fate, _again
from photoprivacy.testing import sample_photo
from test_corpus import photos

COARSE = Policy(keep=Policy.ARCHIVE.keep, location=Precision.CITY, time=TimePrecision.MONTH)
POLICIES = {
    "share": Policy.SHARE,
    "publish": Policy.PUBLISH,
    "archive": Policy.ARCHIVE,
    "city and month": COARSE,
    "region and year": Policy(location=Precision.REGION, time=TimePrecision.YEAR),
}
#: Taken where no city is near enough to have a name: no report asks a geocoder.
NOWHERE = {"city and month": ["exif.avif"]}
#: Its one profile belongs to pictures that go, and not to the one that stays.
OF_ANOTHER = ("zPug_3.heic", "icc.profile")


def keys(findings: Iterable[Finding]) -> Counter[tuple[object, ...]]:
    return Counter((one.code, one.where, one.origin, str(one.value)) for one in findings)


def said_to_stay(findings: Iterable[Finding], policy: Policy) -> list[Finding]:
    return [one for one in findings if one.fate(policy) is not Fate.REMOVED]


@pytest.mark.parametrize("name", POLICIES)
def test_on_every_photo_a_report_and_a_copy_say_the_same(corpus: Path, name: str) -> None:
    policy, copies, differing = POLICIES[name], 0, []
    for path, data in photos(corpus):
        try:
            clean = strip(data, policy)
        except PhotoPrivacyError:
            continue
        copies += 1
        said = said_to_stay(inspect(data).findings, policy)
        if keys(said) != keys(clean.kept):
            differing.append(path.name)
    assert copies >= 270
    assert differing == NOWHERE.get(name, [])


def spelled(findings: Iterable[Finding]) -> set[object]:
    """Return values in one spelling: XMP writes a time otherwise than Exif does."""
    values: set[object] = set()
    for one in findings:
        text = str(one.value)
        values |= {text, text.replace(":", "-", 2).replace(" ", "T")}
        values |= {text[:19]} if one.category is Category.TIME else set()
    return values


def absent(clean: Stripped, policy: Policy) -> list[str]:
    """Return the codes of what is said to be kept and stands nowhere in the copy."""
    there, taken = inspect(clean.data), clean.before.captured_at
    told = taken is not None and there.captured_at is not None and (
        there.captured_at.local == _exif.coarse_time(taken.local, policy.time)
    )  # fmt: skip
    codes, values = {one.code for one in there.findings}, spelled(there.findings)
    kept = [
        one for one in clean.kept
        if one.code not in codes and not spelled([one]) & values
        and not (one.category is Category.LOCATION and there.coordinates is not None)
        and not (one.category is Category.TIME and told)
    ]  # fmt: skip
    return [one.code for one in kept]


@pytest.mark.parametrize("name", POLICIES)
def test_what_is_said_to_be_kept_is_read_from_the_copy(corpus: Path, name: str) -> None:
    policy, copies, kept, missing = POLICIES[name], 0, 0, []
    for path, data in photos(corpus):
        try:
            clean = strip(data, policy)
        except PhotoPrivacyError:
            continue
        copies += 1
        kept += len(clean.kept)
        missing += [(path.name, code) for code in absent(clean, policy)]
    assert copies >= 270
    assert kept >= 100
    assert missing == [OF_ANOTHER]


def test_a_report_knows_of_every_place_that_a_writer_has() -> None:
    written = {f"{row.ifd}:{row.name}": row.category for row in _exif.KEPT}
    known = dict(_again.WORDS) | dict.fromkeys(
        (*_again.NUMBERS, *_again.FRACTIONS), Category.TECHNICAL
    )
    by_themselves = {"IFD0:Orientation": Category.ORIENTATION, "Exif:MakerNote": Category.HDR}
    assert known | by_themselves == written

    further = {
        field: (f"xmp.{name.replace(':', '.')}", category)
        for name, (field, category) in _xmp.FURTHER.items()
    }
    places = {
        f"place:{part}": (f"xmp.{name.replace(':', '.')}", Category.LOCATION)
        for name, part, _ in _xmp.PLACE
    }
    assert further | places == _again.FURTHER


@pytest.mark.parametrize(
    ("changed", "fates"),
    [
        ({"location": Precision.REGION}, {"exif.gps.position": Fate.REMOVED}),
        ({"location": Precision.CITY}, {"exif.gps.position": Fate.COARSENED}),
        ({"location": Precision.EXACT}, {"exif.gps.position": Fate.KEPT}),
        ({"location": Precision.EXACT}, {"exif.gps.altitude": Fate.REMOVED}),
        ({"time": TimePrecision.EXACT}, {"exif.photo.taken": Fate.KEPT}),
        ({"time": TimePrecision.EXACT}, {"exif.photo.offset": Fate.REMOVED}),
        ({"time": TimePrecision.DAY}, {"exif.photo.taken": Fate.COARSENED}),
        ({"time": TimePrecision.DAY}, {"exif.photo.digitized": Fate.REMOVED}),
        ({"keep": ["device"]}, {"exif.image.make": Fate.KEPT, "exif.image.software": Fate.REMOVED}),
    ],
)
def test_a_fate_is_told_by_precision_and_by_what_a_copy_has_a_place_for(
    changed: dict[str, object], fates: dict[str, Fate]
) -> None:
    policy = Policy(**changed)  # type: ignore[arg-type]
    data = sample_photo()
    told = {one.code: one.fate(policy) for one in inspect(data).findings if one.code in fates}
    assert told == fates
    kept = {one.code for one in strip(data, policy).kept}
    assert {code: code in kept for code in fates} == {
        code: fate is not Fate.REMOVED for code, fate in fates.items()
    }


def test_where_a_place_has_no_name_a_copy_says_none() -> None:
    at_sea = sample_photo(coordinates=Coordinates(latitude=-40.0, longitude=-120.0))
    clean = strip(at_sea, COARSE)

    assert not [one for one in clean.kept if one.category is Category.LOCATION]
    assert inspect(clean.data).coordinates is None


def in_words(fields: str) -> bytes:
    return jpeg(in_app1(packet(fields)), *picture("RGB"))


@pytest.mark.parametrize(
    "fields",
    [
        "<photoshop:City>Anna\u202e Brown</photoshop:City>",
        "<photoshop:Credit>Anna\u200c Brown</photoshop:Credit>",
        "<Iptc4xmpCore:CountryCode>Anna Brown</Iptc4xmpCore:CountryCode>",
    ],
)
def test_what_no_packet_says_is_said_to_go(fields: str) -> None:
    policy = Policy(keep=Policy.PUBLISH.keep, location=Precision.EXACT)
    data = in_words(fields)
    (finding,) = inspect(data).findings
    clean = strip(data, policy)
    assert finding.fate(policy) is Fate.REMOVED
    assert [one.code for one in clean.removed] == [finding.code]
    assert not inspect(clean.data).findings
    plainly = in_words(fields.replace("Anna\u202e Brown", "Berlin").replace("\u200c", "")
                       .replace(">Anna Brown</Iptc", ">DEU</Iptc"))  # fmt: skip
    assert inspect(plainly).findings[0].fate(policy) is Fate.KEPT


def test_an_editor_is_named_in_a_copyright_alone() -> None:
    policy = Policy(keep=["device", "rights"])
    entries = [asciz(0x010F, " \0Anna Brown"), asciz(0x8298, " \0Anna Brown")]
    data = jpeg(exif(block(entries)), *picture("RGB"))
    assert [one.code for one in strip(data, policy).kept] == ["exif.image.copyright"]


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_what_is_kept_in_another_spelling_may_stand_where_it_goes_too(order: str) -> None:
    comment = undefined(0x9286, b"UNICODE\0" + "Anna Brown".encode(order))
    owner = asciz(0xA430, "Anna Brown")
    data = jpeg(exif(block(exif=[comment, owner])), *picture("RGB"))
    clean = strip(data, Policy.PUBLISH)
    assert [one.code for one in clean.removed] == ["exif.photo.owner"]
    assert b"Anna Brown" in clean.data

    packed = packet("<exif:DateTimeOriginal>2019-07-04T12:33:44</exif:DateTimeOriginal>")
    serial = asciz(0xA431, "2019:07:04 12:33:44")
    dated = jpeg(exif(block(exif=[serial])), in_app1(packed), *picture("RGB"))
    copy = strip(dated, Policy(keep=[], time=TimePrecision.EXACT))
    assert [one.code for one in copy.removed] == ["exif.photo.serial"]
    assert b"2019:07:04 12:33:44" in copy.data


TIMES = ["xmp:CreateDate", "exif:DateTimeOriginal", "photoshop:DateCreated"]


@pytest.mark.parametrize("name", TIMES)
def test_a_time_that_only_xmp_tells_is_coarsened_beside_a_date_of_gps(name: str) -> None:
    words = in_app1(packet(f"<{name}>2019-07-04T12:33:44</{name}>"))
    date = exif(block(gps=[asciz(0x1D, "2019:07:04")]))
    code = f"xmp.{name.replace(':', '.')}"
    for policy in (Policy(time=TimePrecision.DAY), Policy(time=TimePrecision.YEAR)):
        clean = strip(jpeg(date, words, *picture("RGB")), policy)
        (kept,) = clean.kept
        assert (kept.code, kept.fate(policy)) == (code, Fate.COARSENED)
        assert inspect(clean.data).captured_at is not None


@pytest.mark.parametrize("level", [TimePrecision.DAY, TimePrecision.EXACT])
def test_a_time_that_only_gps_or_a_scanner_tells_is_told(level: TimePrecision) -> None:
    clock = rational(7, (12, 1), (33, 1), (44, 1))
    by_gps = block(gps=[asciz(0x1D, "2019:07:04"), clock])
    digitized = block(exif=[asciz(0x9004, "2019:07:04 12:33:44")])
    policy, fate = Policy(time=level), Fate.KEPT if level.value == "exact" else Fate.COARSENED
    clean = strip(jpeg(exif(digitized), *picture("RGB")), policy)
    assert [(one.code, one.fate(policy)) for one in clean.kept] == [("exif.photo.digitized", fate)]
    for words in (by_gps, digitized):
        clean = strip(jpeg(exif(words), *picture("RGB")), policy)
        taken = inspect(clean.data).captured_at
        assert taken is not None
        assert taken.local.day == 4


def test_names_that_only_iptc_tells_are_told_as_sharply_as_they_may_be() -> None:
    names = {90: b"Utrecht", 95: b"Province", 100: b"NLD", 101: b"Netherlands"}
    records = b"".join(record(number, name) for number, name in names.items())
    data = jpeg(app(13, b"Photoshop 3.0\0" + resource(0x0404, records)), *picture("RGB"))
    for level, expected in {
        Precision.CITY: {"iptc.city", "iptc.state", "iptc.country", "iptc.country-code"},
        Precision.REGION: {"iptc.state", "iptc.country", "iptc.country-code"},
        Precision.COUNTRY: {"iptc.country", "iptc.country-code"},
        Precision.NONE: set(),
    }.items():
        policy = Policy(location=level)
        clean = strip(data, policy)
        assert {one.code for one in clean.kept} == expected
        assert keys(said_to_stay(inspect(data).findings, policy)) == keys(clean.kept)
        assert {str(one.value) for one in inspect(clean.data).findings} == {
            str(one.value) for one in clean.kept
        }
