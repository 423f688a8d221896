"""What destinations do with photos: the table is whole, and advice follows it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from photoprivacy import Category, Policy, Precision, inspect, strip
from photoprivacy.destinations import _TELLS as TELLS
from photoprivacy.destinations import (
    FACTS,
    OPT_OUTS,
    Answer,
    Destination,
    Question,
    advise,
    compare,
    fact,
)
from photoprivacy.testing import sample_photo


@pytest.fixture(scope="module")
def photo() -> bytes:
    return sample_photo()


def test_each_question_has_one_answer_with_a_date_and_a_source() -> None:
    asked = Counter((one.destination, one.question) for one in FACTS)

    assert set(asked.values()) == {1}
    assert len(asked) == len(Destination) * len(Question)
    for one in FACTS:
        assert one.detail
        assert one.source
        assert one.as_of >= dt.date(2026, 1, 1)


def test_who_trains_has_a_way_to_object_and_nobody_else() -> None:
    training = {one for one in Destination if fact(one, Question.TRAINS).answer is Answer.YES}

    assert OPT_OUTS.keys() == training
    assert all(OPT_OUTS.values())


def test_each_category_that_sharing_removes_has_words() -> None:
    little = {Category.TECHNICAL, Category.RESOLUTION}

    assert TELLS.keys() == set(Category) - Policy.SHARE.keep - little


def test_a_platform_that_reads_the_file_learns_what_is_in_it(photo: bytes) -> None:
    advice = advise(inspect(photo), Destination.THREADS)

    assert advice.learns[0] == "where it was taken, to the metre"
    assert any("strip" in step for step in advice.steps)
    assert any("Object to training" in step for step in advice.steps)
    assert any("AI may be trained" in line for line in advice.remains)


def test_a_place_that_is_only_named_is_not_known_to_the_metre(photo: bytes) -> None:
    by_name = strip(photo, Policy(location=Precision.REGION)).data

    assert advise(inspect(by_name), Destination.X).learns == (
        "the name of a place: where it was taken, or where its camera is at home",
    )


def test_of_a_clean_copy_nothing_is_learned(photo: bytes) -> None:
    clean = inspect(strip(photo).data)

    for destination in Destination:
        advice = advise(clean, destination)
        assert advice.learns == ()
        assert not any("strip" in step for step in advice.steps)
        assert any("picture itself" in step for step in advice.steps)


def test_a_private_link_learns_nothing_since_it_serves_clean_copies(photo: bytes) -> None:
    advice = advise(inspect(photo), Destination.LINK)

    assert advice.learns == ()
    assert len(advice.steps) == 2
    assert "photoprivacy share" in advice.steps[0]


def test_people_in_a_chat_get_what_is_in_the_file(photo: bytes) -> None:
    assert advise(inspect(photo), Destination.SIGNAL).learns


def test_advice_holds_no_value_of_the_photo(photo: bytes) -> None:
    report = inspect(photo)
    values = [str(one.value) for one in report.findings if len(str(one.value)) > 5]

    assert values
    for destination in Destination:
        said = repr(advise(report, destination))
        assert not [value for value in values if value in said]


def test_the_comparison_is_a_table_of_all() -> None:
    lines = compare().splitlines()

    assert len(lines) == 2 + len(Question)
    assert {line.count("|") for line in lines} == {len(Destination) + 2}
    assert len(compare([Destination.X, Destination.LINK]).splitlines()[0].split("|")) == 5
    page = Path(__file__).parent.parent / "docs" / "destinations.md"
    assert compare() in page.read_text()
