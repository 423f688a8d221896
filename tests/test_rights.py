"""Opt-out signals as crawlers read them."""

from __future__ import annotations

import json
import urllib.robotparser
from html.parser import HTMLParser

import pytest

from photoprivacy import rights
from photoprivacy.gallery._headers import headers as of_the_gallery


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


def test_a_parser_of_robots_txt_keeps_training_crawlers_out_and_search_engines_in() -> None:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(rights.robots_txt().splitlines())

    assert len(rights.CRAWLERS) == 9
    for name, _ in rights.CRAWLERS:
        assert not parser.can_fetch(name, "/anything")
    assert parser.can_fetch("Googlebot", "/anything")


def test_meta_tags_say_what_the_headers_say() -> None:
    found: dict[str, str] = {}

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            said = dict(attrs)
            found[f"{tag} {said['name']}"] = said["content"] or ""

    Tags().feed(rights.meta_tags())
    said = rights.headers()
    assert found == {
        "meta robots": said["X-Robots-Tag"],
        "meta tdm-reservation": said["tdm-reservation"],
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
