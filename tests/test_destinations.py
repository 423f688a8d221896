"""What destinations do with photos: the table is whole, and advice follows it."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from builders import jpeg, picture
from builders_xmp import FACES, bag, in_app1, packet
from photoprivacy import (
    Category,
    Coordinates,
    Gazetteer,
    Place,
    Policy,
    Precision,
    inspect,
    strip,
)
from photoprivacy.cli import _advise
from photoprivacy.destinations import (
    FACTS,
    OPT_OUTS,
    Answer,
    Destination,
    Question,
    _words,
    advise,
    compare,
    fact,
)
from photoprivacy.destinations._words import TELLS
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
    assert any("prepare PHOTO --for threads" in step for step in advice.steps)
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
        assert not any("prepare" in step for step in advice.steps)
        assert any("picture itself" in step for step in advice.steps)


def test_a_destination_may_be_given_by_its_name(photo: bytes) -> None:
    report = inspect(photo)

    assert advise(report, "Instagram") == advise(report, Destination.INSTAGRAM)
    assert advise(report, "twitter").destination is Destination.X
    assert fact("mastodon", Question.ADS) is fact(Destination.MASTODON, Question.ADS)
    assert compare(["x", "LINK"]) == compare([Destination.X, Destination.LINK])
    for given in ("geocities", "", "threads.net"):
        with pytest.raises(ValueError, match=r"there are threads, .*, link$"):
            advise(report, given)
        with pytest.raises(ValueError, match="there are"):
            fact(given, Question.ADS)
        with pytest.raises(ValueError, match="there are"):
            compare([given])


def test_a_clean_file_that_is_not_taken_leads_to_one_that_is() -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "WEBP")
    clean = inspect(strip(file.getvalue()).data)

    [step] = [one for one in advise(clean, "threads").steps if "prepare" in one]
    assert "it is WebP, and only JPEG and PNG are taken" in step
    assert not any("prepare" in one for one in advise(clean, "mastodon").steps)


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


def test_the_page_of_the_docs_has_the_table_with_all_its_details() -> None:
    page = (Path(__file__).parent.parent / "docs" / "destinations.md").read_text()
    whole = compare(details=True)

    assert compare() in page
    # To write it anew: python -c "from photoprivacy.destinations import compare as c;
    # print(c(details=True))", from the first heading on.
    assert whole[whole.index("### ") :] in page
    for one in FACTS:
        words = (one.detail, one.source, one.confidence.value, one.as_of.isoformat())
        assert all(word in whole for word in words)


#: What was given to be told, as of 2026, and how the table tells it.
GIVEN = (
    (Destination.THREADS, Question.STRIPS, Answer.PARTLY, "part"),
    (Destination.THREADS, Question.READS, Answer.YES, "place, time and device"),
    (Destination.THREADS, Question.TRAINS, Answer.YES, "public posts, by default, since June 2024"),
    (Destination.THREADS, Question.ADS, Answer.YES, "Meta"),
    (Destination.THREADS, Question.ENCRYPTED, Answer.NO, "not"),
    (Destination.THREADS, Question.DELETION, Answer.DEPENDS, "tied to an Instagram account"),
    (Destination.INSTAGRAM, Question.MESSAGES, Answer.NO, "8 May 2026"),
    (Destination.X, Question.STRIPS, Answer.YES, ""),
    (Destination.X, Question.TRAINS, Answer.YES, "by default"),
    (Destination.X, Question.ADS, Answer.YES, ""),
    (Destination.X, Question.DELETION, Answer.YES, "on its own"),
    (Destination.BLUESKY, Question.STRIPS, Answer.DEPENDS, "the official app strips"),
    (Destination.BLUESKY, Question.TRAINS, Answer.NO, ""),
    (Destination.BLUESKY, Question.ADS, Answer.NO, ""),
    (Destination.MASTODON, Question.STRIPS, Answer.DEPENDS, "a server may change that"),
    (Destination.MASTODON, Question.TRAINS, Answer.NO, ""),
    (Destination.MASTODON, Question.ADS, Answer.NO, ""),
    (Destination.MASTODON, Question.READS, Answer.YES, "whoever runs the server"),
    (Destination.SIGNAL, Question.MESSAGES, Answer.YES, ""),
    (Destination.SIGNAL, Question.READS, Answer.NO, ""),
    (Destination.LINK, Question.TRAINS, Answer.NO, "not scanned, not profiled, no third party"),
)


@pytest.mark.parametrize(("destination", "question", "answer", "words"), GIVEN)
def test_what_is_known_of_2026_stands_in_the_table(
    destination: Destination, question: Question, answer: Answer, words: str
) -> None:
    one = fact(destination, question)

    assert one.answer is answer
    assert words in one.detail + one.source


def test_objecting_to_meta_is_a_form_in_the_eu_and_a_request_elsewhere() -> None:
    for one in (Destination.THREADS, Destination.INSTAGRAM):
        assert "GDPR" in OPT_OUTS[one]
        assert "promises nothing" in OPT_OUTS[one]


class Villages:
    """A geocoder that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Coordinates] = []

    def reverse(self, at: Coordinates, /) -> Place | None:
        self.asked.append(at)
        return Gazetteer().reverse(at)


def test_a_town_is_named_where_there_is_a_position_and_a_geocoder(photo: bytes) -> None:
    village = Villages()
    advice = advise(inspect(photo), Destination.THREADS, geocoder=village)

    assert advice.learns[0] == "where it was taken, to the metre: Lisbon, Portugal"
    assert village.asked == [inspect(photo).coordinates]
    assert "Lisbon" not in repr(advice)
    clean = inspect(strip(photo).data)
    assert advise(clean, Destination.THREADS, geocoder=village).learns == ()
    assert len(village.asked) == 1  # nobody asks where there is nothing to ask


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        (38.71, -9.13, "to a kilometre or two"),
        (38 + 42 / 60, -9 - 8 / 60, "to a kilometre or two"),
        (38.713, -9.133, "to a hundred metres"),
        (38 + 2566 / 3600, -9 - 481 / 3600, "to some thirty metres"),
        (38.71391, -9.13344, "to the metre"),
    ],
)
def test_a_place_is_told_as_near_as_the_file_says_it(
    latitude: float, longitude: float, words: str
) -> None:
    at = Coordinates(latitude=latitude, longitude=longitude)
    assert _words._how_near(at) == words


@pytest.mark.parametrize(
    ("date", "more", "words"),
    [
        ("2026:07:04 10:11:12", {}, "to the second"),
        ("2026:07:04 10:11:00", {}, "to the minute"),
        ("2026:07:04 00:00:00", {}, "to the day"),
        ("2026:07:04 10:11:12", {0x9291: "417"}, "to a fraction of a second"),
    ],
)
def test_a_time_is_told_as_sharply_as_the_file_says_it(
    date: str, more: dict[int, str], words: str
) -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: date} | more)
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)

    learns = advise(inspect(file.getvalue()), Destination.X).learns
    assert learns == (f"when it was taken, {words}",)


def named(*names: str) -> bytes:
    return in_app1(packet(f"<Iptc4xmpExt:PersonInImage>{bag(*names)}</Iptc4xmpExt:PersonInImage>"))


def test_an_empty_field_tells_nothing() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "          "
    exif.get_ifd(0x8769)[0xA430] = ""
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)
    report = inspect(file.getvalue())

    assert {one.category for one in report.violations()} >= {Category.CAPTION}
    assert advise(report, Destination.X).learns == ()


@pytest.mark.parametrize(
    ("carrier", "learns"),
    [
        (named("Ada Example"), ("the name of a person tagged",)),
        (named("Ada Example", "Grace Sample"), ("the names of 2 people tagged",)),
        (named("Ada Example", "Ada Example"), ("the name of a person tagged",)),
        (in_app1(packet(FACES)), ("the names of 2 people tagged",)),
        (
            in_app1(packet("<aux:OwnerName>Ada</aux:OwnerName>")),
            ("the name of the camera's owner",),
        ),
    ],
)
def test_people_are_counted_and_not_named(carrier: bytes, learns: tuple[str, ...]) -> None:
    advice = advise(inspect(jpeg(carrier, picture())), Destination.INSTAGRAM)

    assert advice.learns == learns
    assert not {"Ada", "Grace"} & set(re.findall(r"\w+", f"{advice.learns} {advice!r}"))


LENS = "<aux:LensSerialNumber>4711-0816</aux:LensSerialNumber>"


@pytest.mark.parametrize(
    ("elements", "what"),
    [
        ("<aux:SerialNumber>4711-0815</aux:SerialNumber>", "camera"),
        (LENS, "lens"),
        (
            f"<aux:SerialNumber>4711-0815</aux:SerialNumber>{LENS}",
            "camera and lens",
        ),
    ],
)
def test_a_serial_number_is_said_to_be_of_what_it_is(elements: str, what: str) -> None:
    report = inspect(jpeg(in_app1(packet(elements)), picture()))

    assert advise(report, Destination.INSTAGRAM).learns == (
        f"the serial number of your {what}, the same in all your photos",
    )


def test_advice_says_what_a_clean_copy_changes_and_what_not(photo: bytes) -> None:
    for destination in set(Destination) - {Destination.LINK}:
        advice = advise(inspect(photo), destination)
        assert "Nothing of this is left" in advice.changes[0]
        assert destination.title in advice.changes[1]
        assert "What the picture shows" in advice.remains[0]
    assert any("8 May 2026" in one for one in advise(inspect(photo), Destination.INSTAGRAM).remains)
    assert advise(inspect(photo), Destination.LINK).changes == ()


def test_the_command_names_the_town_and_asks_only_where_there_is_a_position(
    photo: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo)
    (tmp_path / "clean.jpg").write_bytes(strip(photo).data)
    village = Villages()
    monkeypatch.setattr(_advise, "Gazetteer", lambda: village)

    def said(*arguments: str) -> str:
        ran = CliRunner().invoke(_advise.command, [*arguments, "--for", "threads"])
        assert ran.exit_code == 0
        return ran.output

    assert "nothing from the file itself" in said(str(tmp_path / "clean.jpg"))
    assert not village.asked
    told = json.loads(said(str(tmp_path / "photo.jpg"), "--json"))
    assert told["learns"][0] == "where it was taken, to the metre: Lisbon, Portugal"
    assert told["changes"]
    assert len(village.asked) == 1
