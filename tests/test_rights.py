"""Opt-out signals as crawlers read them."""

from __future__ import annotations

import json
import urllib.robotparser
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gallery.client import Client
from photoprivacy import AiTraining, Gallery, Library, Policy, export, rights, seal, strip
from photoprivacy.gallery._headers import headers as of_the_gallery
from photoprivacy.testing import sample_photo


def test_headers_reserve_everything() -> None:
    said = rights.headers()

    assert said.keys() == {"X-Robots-Tag", "tdm-reservation"}
    words = said["X-Robots-Tag"].split(", ")
    assert {"noindex", "noimageindex", "noai", "noimageai"} <= set(words)
    assert len(words) == len(set(words))


def test_the_gallery_says_the_same() -> None:
    for photo in (False, True):
        said = of_the_gallery(frame_ancestors="'none'", cache="no-store", photo=photo)
        assert rights.headers().items() <= said.items()


class Tags(HTMLParser):
    """The meta tags of a page: name → content."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "meta" and said.get("name"):
            self.found[said["name"] or ""] = said["content"] or ""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.at(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def token(library: Library) -> str:
    album = library.create_album("Lisbon")
    library.add(album.id, sample_photo())
    return library.share(album.id).token


def test_every_answer_of_the_gallery_carries_the_headers(library: Library, token: str) -> None:
    shared = library.open(token)
    client = Client(Gallery(library))
    page = client.get(f"/{token}/plain")
    photo = client.get(f"/{token}/p/{shared.photos[0].id}/thumb")
    gone = client.get("/nothing-at-all-here/")
    robots = client.get("/robots.txt")
    answers = (page, photo, gone, robots)
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200]
    for answer in answers:
        said = {name: answer.headers[name] for name in rights.headers()}
        assert said == rights.headers()
    for answer in (page, gone):
        assert Tags(answer.text).found.items() >= dict(rights.tags()).items()


def test_a_gallery_that_is_all_of_its_host_speaks_for_the_host(library: Library) -> None:
    client = Client(Gallery(library))
    robots, reserved = client.get("/robots.txt"), client.get("/.well-known/tdmrep.json")
    assert client.post("/robots.txt").status_code == 404
    assert robots.text == rights.robots_txt()
    assert robots.headers["content-type"].startswith("text/plain")
    assert reserved.text == rights.tdmrep_json()
    assert reserved.headers["content-type"].startswith("application/json")


def test_an_export_carries_the_signals_as_files_and_in_its_page(
    library: Library, token: str, tmp_path: Path
) -> None:
    export(library.open(token), tmp_path / "plain")
    seal(library.open(token), tmp_path / "sealed")
    seal(library.open(token), tmp_path / "sealed.html")

    for folder in (tmp_path / "plain", tmp_path / "sealed"):
        assert (folder / "robots.txt").read_text() == rights.robots_txt()
        assert (folder / "tdmrep.json").read_text() == rights.tdmrep_json()
        for name, value in rights.headers().items():
            assert f"  {name}: {value}\n" in (folder / "_headers").read_text()
            assert f'add_header {name} "{value}" always;' in (folder / "HOSTING.txt").read_text()
    for page in ("plain/index.html", "sealed/index.html", "sealed.html"):
        found = Tags((tmp_path / page).read_text()).found
        assert found.items() >= dict(rights.tags()).items()


def test_a_file_carries_the_owners_word_where_a_policy_says_it() -> None:
    for said, word in (
        (AiTraining.PROHIBITED, b"DMI-PROHIBITED"),
        (None, b""),
    ):
        data = strip(sample_photo(), Policy(ai_training=said)).data
        assert (b"plus:DataMining" in data) == bool(word)
        assert word in data


def test_the_docs_say_who_follows_each_signal_and_that_none_is_a_lock() -> None:
    page = (Path(__file__).parent.parent / "docs" / "rights.md").read_text()

    assert "not locks" in page
    for signal in rights.SIGNALS:
        assert f"`{signal.name}: {signal.value}`" in page
        assert signal.followed in page
        assert signal.defined in page
    for name, operator in rights.CRAWLERS:
        assert name in page
        assert operator.split(",")[0] in page
    for name in ("plus:DataMining", "robots.txt", "tdmrep.json", "cawg.training-mining"):
        assert name in page


def test_a_parser_of_robots_txt_keeps_training_crawlers_out_and_search_engines_in() -> None:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(rights.robots_txt().splitlines())

    assert len(rights.CRAWLERS) == 9
    for name, _ in rights.CRAWLERS:
        assert not parser.can_fetch(name, "/anything")
    assert parser.can_fetch("Googlebot", "/anything")


def test_meta_tags_say_what_the_headers_say() -> None:
    said = rights.headers()
    assert Tags(rights.meta_tags()).found == {
        "robots": said["X-Robots-Tag"],
        "tdm-reservation": said["tdm-reservation"],
    }


def test_tdmrep_names_the_reserved_paths() -> None:
    assert json.loads(rights.tdmrep_json()) == [{"location": "/", "tdm-reservation": 1}]
    both = json.loads(rights.tdmrep_json(["/albums/*", "/photos/*"]))
    assert [rule["location"] for rule in both] == ["/albums/*", "/photos/*"]
    with pytest.raises(ValueError, match="slash"):
        rights.tdmrep_json(["https://elsewhere"])


def test_an_assertion_for_signers_reserves_every_use_that_there_is() -> None:
    said = rights.cawg_assertion()
    uses = {"data_mining", "ai_inference", "ai_training", "ai_generative_training"}
    entries = {f"cawg.{use}": {"use": "notAllowed"} for use in uses}
    assert said == {"label": "cawg.training-mining", "data": {"entries": entries}}
    entries["cawg.ai_inference"] = {"use": "allowed"}
    assert rights.cawg_assertion(inference=True)["data"] == {"entries": entries}
