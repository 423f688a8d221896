"""The languages of a sealed album: its page has all, and its manifest what differs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import builders_movie
from gallery.seal.albums import CAPTION, TITLE, a_library, an_album
from library.photos import a_jpeg
from photoprivacy import Policy, inspect
from photoprivacy.gallery import _static, seal, unseal
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._page import page
from photoprivacy.gallery._seal._words import WORDS, script
from photoprivacy.gallery._shown import Shown
from photoprivacy.library import SharedAlbum

FRONTEND = Path(_static.__file__).parent / "_frontend" / "src"
OTHERS = sorted(LANGUAGES.keys() - {"en"})

built = pytest.mark.skipif(
    not (Path(_static.__file__).parent / "_assets" / "manifest.json").exists(),
    reason="built without the front end",
)


def fields(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def test_every_language_of_the_gallery_says_everything() -> None:
    assert WORDS.keys() == LANGUAGES.keys()
    english = WORDS["en"]
    for code in OTHERS:
        assert WORDS[code].keys() == english.keys()
        for key, text in WORDS[code].items():
            assert fields(text) == fields(english[key]), (code, key)
            assert text.strip() == text != english[key], (code, key)
    assert len(english) > 30


def test_the_script_knows_every_word_that_it_says() -> None:
    source = "".join((FRONTEND / name).read_text("utf-8") for name in (
        "sealed.js", "sealed-album.js", "unseal.js",
    ))  # fmt: skip
    asked = set(re.findall(r'say\("(\w+)"', source)) | {"play", "pause"}
    renamed = dict(
        re.findall(
            r'"?([\w-]+)"?: "(\w+)"', source.partition("const SAID = {")[2].partition("}")[0]
        )
    )
    kinds = set(re.findall(r'(?:fail|SealError)\("([\w-]+)"\)', source))
    kinds |= set(re.findall(r'\? "([\w-]+)" : "([\w-]+)"\)', source)[0])
    asked |= {renamed.get(kind, kind.replace("-", "_")) for kind in kinds}
    assert len(asked) > 40
    told = json.loads(script().removeprefix("globalThis.sealedWords=").removesuffix(";\n"))
    assert told.keys() == LANGUAGES.keys()
    for code, one in told.items():
        assert asked <= one["messages"].keys(), asked - one["messages"].keys()
        assert one["dir"] == ("rtl" if code == "ar" else "ltr")


def test_words_end_no_element() -> None:
    assert "<" not in script()


@built
@pytest.mark.parametrize("code", OTHERS)
def test_an_album_says_in_each_language_what_its_page_would(code: str, tmp_path: Path) -> None:
    album = an_album()
    told = unseal(tmp_path / "album", seal(album, tmp_path / "album").key).album
    words = told["words"][code]
    shown: Shown = album
    theirs = page(shown, Options(), LANGUAGES[code])

    def said(text: str) -> str:
        return str(words.get(text, text))

    assert [said(fact) for fact in told["facts"]] == list(theirs.facts)
    titles = [said(section["title"]) for section in told["sections"]]
    assert titles == [section.title for section in theirs.sections]
    photos = [photo for section in told["sections"] for photo in section["photos"]]
    views = list(theirs.photos)
    assert len(photos) == len(views) == 4
    for photo, view in zip(photos, views, strict=True):
        found = tuple(said(photo[name]) for name in ("alt", "where", "when"))
        assert found == (view.alt, view.where, view.when)
    assert any(said(photo["when"]) != photo["when"] for photo in photos)
    # What the owner wrote is nobody's to translate.
    assert not {TITLE, CAPTION} & words.keys()


def a_moving_album(*, video: bool) -> SharedAlbum:
    library, _ = a_library()
    album = library.create_album("Spring")
    library.add(album.id, a_jpeg() + builders_movie.video(), name="moving.jpg")
    library.add(album.id, a_jpeg(None, color=(9, 9, 9)), name="still.jpg")
    return library.open(library.share(album.id, video=video).token)


@built
def test_what_moves_is_sealed_where_the_link_gives_it(tmp_path: Path) -> None:
    with_, without = (a_moving_album(video=granted) for granted in (True, False))
    opened = unseal(tmp_path / "with", seal(with_, tmp_path / "with").key)
    (moving, still) = (photo for section in opened.album["sections"] for photo in section["photos"])
    file = opened.files[moving["video"]]
    assert file.media_type == "video/mp4"
    assert not inspect(opened.read(file)).violations(Policy.SHARE)
    assert still["video"] is None
    assert len(opened.files) == 7
    other = unseal(tmp_path / "other", seal(without, tmp_path / "other").key)
    assert len(other.files) == 6
    assert {
        photo["video"] for section in other.album["sections"] for photo in section["photos"]
    } == {None}
