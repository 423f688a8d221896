"""What a report says to programs: one schema, with values or without."""

from __future__ import annotations

import json
import pickle
import struct
from importlib import resources
from typing import Any

import pytest

from fuzz.mutate import seeds
from json_schema import matches
from photoprivacy import Category, Coordinates, Gazetteer, Policy, Precision, inspect, strip
from photoprivacy.metadata import Fate, Severity
from photoprivacy.testing import sample_photo

SCHEMA: dict[str, Any] = json.loads(
    resources.files("photoprivacy").joinpath("report.schema.json").read_text("utf-8")
)


def test_the_schema_names_every_category_severity_and_fate() -> None:
    finding = SCHEMA["$defs"]["finding"]["properties"]
    assert finding["category"]["enum"] == [one.value for one in Category]
    assert finding["severity"]["enum"] == [one.name.lower() for one in Severity]
    assert sorted(finding["fate"]["enum"]) == sorted(one.value for one in Fate)


def test_labels_say_nothing_that_the_file_says() -> None:
    report = inspect(sample_photo())
    make = report.camera.make if report.camera else ""

    assert any(one.code == "exif.photo.maker-note" for one in report.findings)
    assert not [one.label for one in report.findings if make and make in one.label]


@pytest.mark.parametrize("name", [*seeds(), "sample"])
def test_what_is_said_to_programs_is_as_the_schema_says(name: str) -> None:
    report = inspect(sample_photo() if name == "sample" else seeds()[name])

    for values in (True, False):
        said = json.loads(report.to_json(values=values))
        assert matches(SCHEMA, said)
        assert len(said["findings"]) == len(report.findings)
        assert matches(SCHEMA, said | {"size": -1}) is False
        assert matches(SCHEMA, said | {"findings": [{}]}) is False


def test_without_values_nothing_that_the_photo_says_is_said() -> None:
    report = inspect(sample_photo())
    said = report.to_json(values=False)

    told = [str(one.value) for one in report.findings if isinstance(one.value, str)]
    long = [text for text in told if len(text) >= 6]
    assert len(long) >= 5
    assert not [text for text in long if text in said]
    assert not {"coordinates", "captured_at", "camera"} & json.loads(said).keys()


def test_findings_stand_worst_first() -> None:
    weights = [finding.severity for finding in inspect(sample_photo()).findings]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) >= 3


def test_a_finding_says_what_becomes_of_it_under_a_policy() -> None:
    report = inspect(sample_photo())
    position = next(one for one in report.findings if one.code == "exif.gps.position")
    model = next(one for one in report.findings if one.code == "exif.image.model")
    taken = next(one for one in report.findings if one.code == "exif.photo.taken")

    assert position.fate() is Fate.REMOVED
    assert position.fate(Policy(location=Precision.CITY)) is Fate.COARSENED
    assert position.fate(Policy(location=Precision.REGION)) is Fate.REMOVED
    assert position.fate(Policy.ARCHIVE) is Fate.KEPT
    assert model.fate() is Fate.REMOVED
    assert model.fate(Policy.ARCHIVE) is Fate.KEPT
    assert taken.fate(Policy(time="month")) is Fate.COARSENED
    assert {one["fate"] for one in report.to_dict(policy=Policy.ARCHIVE)["findings"]} >= {  # type: ignore[attr-defined]
        "kept",
        "removed",
    }


def test_a_report_goes_to_another_process_and_back() -> None:
    report = inspect(sample_photo())
    assert pickle.loads(pickle.dumps(report)) == report
    assert isinstance(report.coordinates, Coordinates)


def without_offset() -> bytes:
    """Return the sample with the tags of its clock's offset and of GPS time made unknown ones."""
    photo = sample_photo()
    for tag, kind in ((0x9010, 2), (0x9011, 2), (0x9012, 2), (7, 5)):
        for order in ("<HH", ">HH"):
            photo = photo.replace(
                struct.pack(order, tag, kind), struct.pack(order, tag | 0x0F00, kind)
            )
    return photo


def test_a_geocoder_tells_the_offset_that_a_photo_does_not() -> None:
    bare = inspect(without_offset()).captured_at
    told = inspect(without_offset(), geocoder=Gazetteer()).captured_at
    own = inspect(sample_photo(), geocoder=Gazetteer()).captured_at

    assert bare is not None
    assert told is not None
    assert own is not None
    assert (bare.offset, bare.local) == (None, told.local)
    assert told.offset == own.offset == inspect(sample_photo()).captured_at.offset  # type: ignore[union-attr]
    assert told.source.endswith(", place")
    assert not own.source.endswith(", place")


def test_what_is_returned_shows_itself_in_a_line_with_counts_and_no_value() -> None:
    done = strip(sample_photo(), Policy.PUBLISH)
    report = done.before
    values = {str(one.value) for one in report.findings if len(str(one.value)) > 4}

    assert values
    assert f"findings: {len(report.findings)}," in repr(report)
    assert f"{report.size:,} bytes" in repr(report)
    assert repr(done).startswith("Stripped(jpeg, ")
    assert f"kept: {len(done.kept)}," in repr(done)
    for said in (repr(report), repr(done)):
        assert len(said) < 160
        assert "\n" not in said
        assert not [value for value in values if value in said]
