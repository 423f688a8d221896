"""Who asks: proxies are believed where they are known; who guesses too often is told to wait."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import photoprivacy.gallery as gallery_room
from gallery.client import Client
from gallery.conftest import Shown, door
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._clients import client_of, networks

PROXIES = networks(["10.0.0.0/8", "2001:db8:1::5"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),  # a stranger's word
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        # What the asker wrote before a proxy appended the truth.
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, 10.2.2.2"], "198.51.100.7"),
        ("10.0.0.1", ["10.9.9.9, 10.2.2.2"], "10.9.9.9"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", [", ".join(["10.1.1.1"] * 5000)], "10.1.1.1"),
        ("2001:db8:1::5", ["2001:db8:2:3:aaaa::1"], "2001:db8:2:3::/64"),
        ("2001:db8:2:3:bbbb::2", [], "2001:db8:2:3::/64"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("unix", [], ""),
        (None, ["198.51.100.7"], ""),
    ],
)
def test_a_proxys_word_is_taken_where_the_proxy_is_known(
    peer: str | None, forwarded: list[str], client: str
) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_proxies_are_addresses_or_networks(shown: Shown) -> None:
    with pytest.raises(ValueError, match="proxy"):
        Gallery(shown.library, trusted_proxies=["proxy"])
    with pytest.raises(TypeError):
        Gallery(shown.library, trusted_proxies="10.0.0.1")


def test_who_guesses_too_often_is_told_to_wait_and_cannot_change_address(shown: Shown) -> None:
    link = door(shown.link(password="right"))
    for number in range(10):
        lied = {"X-Forwarded-For": f"198.51.100.{number}"}
        assert shown.client.post(link, data={"password": "x"}, headers=lied).status_code == 403
    answer = shown.client.post(
        link, data={"password": "right"}, headers={"X-Forwarded-For": "198.51.100.99"}
    )
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert "set-cookie" not in answer.headers
    # The form is still there, and other links know nothing of it.
    assert shown.client.get(link).status_code == 200
    other = door(shown.link(password="right"))
    assert shown.client.post(other, data={"password": "right"}).status_code == 303


def test_behind_a_known_proxy_each_address_has_its_own_count(shown: Shown) -> None:
    client = Client(Gallery(shown.library, trusted_proxies=["127.0.0.0/8"]))
    link = door(shown.link(password="right"))
    mine, theirs = {"X-Forwarded-For": "198.51.100.1"}, {"X-Forwarded-For": "198.51.100.2"}
    answers = [client.post(link, data={"password": "x"}, headers=theirs) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert client.post(link, data={"password": "right"}, headers=mine).status_code == 303


#: All that the recipient's page may take from where the stores are.
GATE = {
    "LONGEST_PASSWORD",
    "SIZES",
    "Library",
    "OriginalGone",
    "Packed",
    "Rendition",
    "SharedAlbum",
    "SharedFile",
    "SharedPhoto",
}


def test_the_page_takes_nothing_from_the_library_but_what_is_before_the_gate() -> None:
    """Beside the import contract, which sees modules and not the names in them."""
    folder = Path(str(gallery_room.__file__)).parent
    files = [file for file in folder.glob("*.py") if file.name != "__init__.py"]
    assert len(files) >= 10
    taken: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "photoprivacy.library":
                taken |= {name.name for name in node.names}
            if isinstance(node, ast.Import):
                assert not any("photoprivacy" in name.name for name in node.names)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                # Of a library, a gallery asks one thing.
                assert node.value.id != "library" or node.attr == "open", file.name
    assert "SharedAlbum" in taken
    assert taken <= GATE
