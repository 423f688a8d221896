"""A fresh XMP packet carries the owner's word on data mining, and nothing rides along."""

from __future__ import annotations

import pytest

from builders import XMP, app, jfif, jpeg, picture
from photoprivacy.containers import Format
from photoprivacy.policy import AiTraining, Policy
from verify.built import MINED, packet, passes, trips

SOURCE = jpeg(jfif(), *picture())
DC = "http://purl.org/dc/elements/1.1/"

#: a packet that is wrong in one way
WRONG = {
    "a property more": packet("<plus:ImageSupplier>7</plus:ImageSupplier>"),
    "a creator": packet(f'<dc:creator xmlns:dc="{DC}">Somebody</dc:creator>'),
    "an empty property": packet(f'<dc:creator xmlns:dc="{DC}"/>'),
    "the word twice": packet("<plus:DataMining/>"),
    "something inside the word": packet(word="DMI-<plus:b/>PROHIBITED"),
    "another word": packet(word="DMI-ALLOWED"),
    "no word": packet(word=""),
    "a longer word": packet(word="DMI-PROHIBITED-LEAKCANARY"),
    "an about": packet(about="uuid:LEAKCANARY"),
    "an attribute": packet(spaces=' x:xmptk="LEAKCANARY"'),
    "an empty attribute": packet(spaces=' x:LEAKCANARY=""'),
    "a namespace nobody uses": packet(spaces=' xmlns:LEAKCANARY="adobe:ns:meta/"'),
    "a namespace address": packet(spaces=' xmlns:y="LEAKCANARY"'),
    "a namespace without prefix": packet(spaces=' xmlns="LEAKCANARY"'),
    "another prefix": packet().replace(b"plus:", b"leak:").replace(b":plus", b":leak"),
    "a comment": packet("<!--LEAKCANARY-->"),
    "a comment in front": packet(before="<!--LEAKCANARY-->"),
    "a comment behind": packet(after="<!--LEAKCANARY-->"),
    "an instruction": packet("<?LEAKCANARY?>"),
    "words in an instruction": packet(begin="LEAKCANARY"),
    "words in the last instruction": packet(end='end="r" LEAKCANARY'),
    "a packet that may be written": packet(end='end="w"'),
    "a third wrapper": packet("<?xpacket LEAKCANARY?>"),
    "a document type": packet(before="<!DOCTYPE x [<!ENTITY e 'LEAKCANARY'>]>"),
    "a character section": packet("<![CDATA[]]>"),
    "words between elements": packet("LEAKCANARY"),
    "padding inside": packet(" " * 40),
    "padding behind": packet(after=" " * 40),
    "lines behind": packet(after="\n"),
    "a declaration": b"<?xml version='1.0'?>" + packet(),
    "a byte order mark": b"\xef\xbb\xbf" + packet(),
    "bytes behind": packet() + b"LEAKCANARY",
    "a space behind": packet() + b" ",
    "spaces inside a tag": packet().replace(b"<rdf:RDF ", b"<rdf:RDF   "),
    "a tab inside a tag": packet().replace(b"<rdf:RDF ", b"<rdf:RDF \t"),
    "a space inside an end": packet().replace(b"</rdf:RDF>", b"</rdf:RDF >"),
    "the word spelled otherwise": packet(word="DMI-PROHIBITE&#68;"),
    "other quotes": packet().replace(b'about=""', b"about=''"),
    "half a packet": packet()[:200],
    "no XML": b"LEAKCANARY",
    "sixteen bits a character": packet().decode().encode("utf-16"),
}  # fmt: skip


def around(words: bytes) -> bytes:
    return jpeg(jfif(), app(1, XMP + words), *picture())


@pytest.mark.parametrize("word", AiTraining)
def test_the_word_is_the_policys(word: AiTraining) -> None:
    policy = Policy(ai_training=word)
    other = next(choice for choice in AiTraining if choice is not word)

    passes(Format.JPEG, SOURCE, around(packet(word=word.value)), policy)
    trips(Format.JPEG, SOURCE, around(packet(word=other.value)), policy)


def test_a_policy_without_a_word_has_no_packet() -> None:
    assert "nobody asked" in trips(Format.JPEG, SOURCE, around(packet()))


def test_a_policy_with_a_word_has_a_packet() -> None:
    assert "no XMP packet" in trips(Format.JPEG, SOURCE, SOURCE, MINED)


@pytest.mark.parametrize("what", WRONG)
def test_a_packet_is_refused_with(what: str) -> None:
    trips(Format.JPEG, SOURCE, around(WRONG[what]), MINED)


def test_every_byte_of_a_packet_matters() -> None:
    whole = packet()

    for at in range(len(whole)):
        trips(Format.JPEG, SOURCE, around(whole[:at] + whole[at + 1 :]), MINED)
        trips(Format.JPEG, SOURCE, around(whole[:at] + b" " + whole[at:]), MINED)
