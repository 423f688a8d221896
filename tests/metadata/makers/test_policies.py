"""What findings of maker notes mean for `strip`: they go, and leave nothing over."""

from __future__ import annotations

import pytest

from builders_makers import HEADERS, block, note, photo, written
from maker_samples import SAMPLES
from photoprivacy import Category, Finding, Policy, TimePrecision, inspect, strip
from photoprivacy.metadata import Severity

#: Everything that may be kept is kept.
MOST = Policy(
    keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN},
    location="exact",
    time="exact",
)


def findings(data: bytes) -> list[Finding]:
    return [one for one in inspect(data).findings if one.code.startswith("maker.")]


def canon(owner: bytes = b"Ann Example") -> bytes:
    return photo(
        block(note("canon", {0x0009: written(owner), 0x000C: (4, b"\x12\x34\x56\x78")}), "Canon")
    )


@pytest.mark.parametrize("family", sorted(SAMPLES))
@pytest.mark.parametrize("policy", [Policy.SHARE, Policy.PUBLISH, Policy.ARCHIVE, MOST])
def test_nothing_of_a_maker_note_is_left_under_any_policy(family: str, policy: Policy) -> None:
    make, _, base, order = HEADERS[family]
    rows = {one.tag: one.value for one in SAMPLES[family] if not one.inner}
    outer = order if base == "block" else "<"
    data = photo(block(note(family, rows), make, "Model One", order=outer))
    found = findings(data)
    clean = strip(data, policy)

    assert found
    assert not findings(clean.data)
    for one in found:
        assert all(raw not in clean.data for raw in one.raw)


def test_a_finding_of_a_maker_note_never_stays() -> None:
    for finding in findings(canon()):
        assert not finding.stays(MOST)
    assert "maker.canon.owner" in {one.code for one in strip(canon(), MOST).removed}


def test_an_owners_name_is_worst_and_hidden_from_a_repr() -> None:
    [owner] = [one for one in findings(canon()) if one.code == "maker.canon.owner"]

    assert owner.category is Category.PERSON
    assert owner.severity is Severity.HIGH
    assert owner.raw == (b"Ann Example",)
    assert "Ann" not in repr(owner)


def test_short_words_are_no_spellings_to_look_for() -> None:
    for short in (b"Ann", b"aaaaaaa", b"12"):
        owners = [one for one in findings(canon(short)) if one.code == "maker.canon.owner"]
        assert [one.raw for one in owners] == [()]


def test_numbers_and_versions_are_no_spellings_to_look_for() -> None:
    data = photo(block(note("canon", {0x0007: written(b"Firmware Version 1.00")}), "Canon"))

    assert [one.raw for one in findings(data)] == [()]


def test_a_time_that_may_stay_is_not_called_left_over() -> None:
    entries = {0x00AF: written(b"2020:01:02 00:00:00")}
    data = photo(block(note("panasonic", entries), "Panasonic"))
    for precision in TimePrecision:
        assert not findings(strip(data, Policy(time=precision)).data)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        ("Google", "Google"),
        ("Xiaomi", "Xiaomi"),
        ("vivo", "vivo"),
        ("HMD Global", "Nokia"),
        ("Ann", "an unknown maker"),
    ],
)
def test_a_note_that_is_not_read_is_named_by_its_maker_and_size(make: str, name: str) -> None:
    report = inspect(photo(block(bytes(300), make)))
    [whole] = [one for one in report.findings if one.code == "exif.photo.maker-note"]

    assert whole.label == f"Maker note of {name}"
    assert whole.value == 300
    assert not report.problems
