"""What a report says becomes of a finding is what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

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


def absent(clean: Stripped) -> list[str]:
    """Return the codes of what is said to be kept and stands nowhere in the copy."""
    there = inspect(clean.data)
    codes, values = {one.code for one in there.findings}, spelled(there.findings)
    kept = [
        one for one in clean.kept
        if one.code not in codes and not spelled([one]) & values
        and not (one.category is Category.LOCATION and there.coordinates is not None)
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
        missing += [(path.name, code) for code in absent(clean)]
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
