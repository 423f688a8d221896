"""What the page says, in each language."""

from __future__ import annotations

import datetime as dt
import re
import string
from pathlib import Path

import pytest

from gallery.conftest import Shown
from photoprivacy.gallery import _languages
from photoprivacy.gallery._languages import LANGUAGES, SCRIPTED, Language, Message, chosen

babel = pytest.importorskip("babel")
ROOM = Path(str(_languages.__file__)).parent
OTHERS = sorted(LANGUAGES.keys() - {"en"})


def forms(message: Message) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_five_languages_and_each_is_one_file() -> None:
    files = {path.stem for path in ROOM.glob("*.py") if not path.stem.startswith("_")}
    assert files == LANGUAGES.keys() == {"ar", "de", "en", "fr", "ja"}


@pytest.mark.parametrize("code", OTHERS)
def test_each_language_says_all_that_english_says_with_the_same_values(code: str) -> None:
    english, other = LANGUAGES["en"].messages, LANGUAGES[code].messages
    assert other.keys() == english.keys()
    assert len(other) >= 60
    for key, message in other.items():
        allowed = set().union(*(fields(form) for form in forms(english[key])))
        for form in forms(message):
            # "Two photos" may be said without the number, and nothing else left out.
            assert allowed - {"n"} <= fields(form) <= allowed, key
        assert isinstance(message, str) == isinstance(english[key], str), key


def test_what_scripts_say_is_said_in_every_language() -> None:
    for language in LANGUAGES.values():
        assert set(language.scripted()) == set(SCRIPTED)


@pytest.mark.parametrize("code", LANGUAGES)
def test_plurals_follow_the_rules_of_the_cldr(code: str) -> None:
    language, theirs = LANGUAGES[code], babel.Locale(code)
    used = set()
    for number in [*range(1200), 10_000, 999_999, 1_000_000, 2_000_000]:
        form = language.plural(number)
        used.add(form)
        assert form == theirs.plural_form(number), number
    for message in language.messages.values():
        # A form that is left out is said as "other" is.
        assert isinstance(message, str) or ("other" in message and message.keys() <= used)


@pytest.mark.parametrize("code", ["ar", "de", "fr", "ja"])
def test_days_are_said_as_the_cldr_says_them(code: str) -> None:
    from babel.dates import format_date

    for month in range(1, 13):
        for day in (2, 28):  # French alone says the first of a month in a way of its own
            date = dt.date(2024, month, day)
            expected = format_date(date, "long", locale=code)
            assert LANGUAGES[code].day(date.isoformat()) == expected.replace("\u200f", "")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "en"),
        ("", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("nl, fr;q=0.5, ja;q=0.7", "ja"),
        ("AR", "ar"),
        ("fr;q=0, de;q=0.1", "de"),
        ("de;q=x, ja;q=nan", "en"),
        ("*;q=1", "en"),
        ("," * 5000 + "de", "en"),
        ("\x00, ;;;=, de;q=0.5;q=1", "en"),
    ],
)
def test_the_browser_says_which_language(header: str | None, code: str) -> None:
    assert chosen(header).code == code


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_state_of_the_page_is_said_in_the_language_asked_for(shown: Shown, code: str) -> None:
    language = LANGUAGES[code]
    ask = {"Accept-Language": f"{code}, xx;q=0.5"}
    empty = shown.library.share(shown.library.create_album("x").id).token
    answers = {
        "gone": shown.client.get(f"/{'A' * 60}/", headers=ask),
        "missing": shown.client.get(f"{shown.link()}p/{'0' * 32}/full", headers=ask),
        "locked": shown.client.get(shown.link(password="x"), headers=ask),
        "wrong": shown.client.post(
            shown.link(password="x"), data={"password": "y"}, headers=ask, follow=True
        ),
        "clean": shown.client.get(shown.link(), headers=ask),
        "empty": shown.client.get(f"/{empty}/", headers=ask),
    }
    for key, answer in answers.items():
        direction = "rtl" if code == "ar" else "ltr"
        assert f'<html lang="{code}" dir="{direction}">' in answer.text
        assert str(language.messages[key]) in answer.text
        assert "Accept-Language" in answer.headers["vary"]
    album = answers["clean"].text
    assert language.say("photos", 4) in album
    assert language.span("2024-05-01", "2024-05-03") in album


def test_places_are_named_in_the_language_asked_for(shown: Shown) -> None:
    said = {
        code: shown.client.get(shown.link(), headers={"Accept-Language": code}).text
        for code in LANGUAGES
    }
    assert "<bdi>Lissabon</bdi></h2>" in said["de"]
    assert "Frankreich" in said["de"]
    assert "<bdi>Lisbonne</bdi></h2>" in said["fr"]
    assert "ポルトガル" in said["ja"]
    assert "باريس" in said["ar"]
    # A neighbourhood that was not granted is in none of them.
    assert not [code for code, text in said.items() if "Alfama" in text]
    assert not [
        code for code, text in said.items() if re.search(r"\{\w+\}", text.split("<body")[0])
    ]


def test_a_language_without_a_form_says_it_as_other() -> None:
    french = LANGUAGES["fr"]
    assert french.plural(1_000_000) == "many"
    assert french.say("more", 1_000_000).startswith("Afficher encore 1")
    assert isinstance(french, Language)
