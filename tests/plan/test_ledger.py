"""What a copy is said to keep is what it says; what is said to be gone is searched for."""

from __future__ import annotations

import pytest

from builders import app, com, jfif, jpeg, picture
from builders_gif import gif, image, xmp
from photoprivacy import Category, Policy, Stripped, inspect, strip
from photoprivacy import _ledger as ledger
from photoprivacy.testing import sample_photo

PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:p="http://ns.adobe.com/photoshop/1.0/" '
    b'p:Instructions="Call Berta first">'
    b"<dc:creator><rdf:Seq><rdf:li>Anna Example</rdf:li></rdf:Seq></dc:creator>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def codes(clean: Stripped) -> set[str]:
    return {finding.code for finding in clean.kept}


@pytest.mark.parametrize(
    "policy", [Policy.SHARE, Policy.PUBLISH, Policy.ARCHIVE, Policy(location="city", time="month")]
)
def test_kept_and_removed_are_all_and_nothing_twice(policy: Policy) -> None:
    clean = strip(sample_photo(), policy)
    before = inspect(sample_photo()).findings

    assert len(clean.kept) + len(clean.removed) == len(before)
    assert {*map(id, clean.kept)}.isdisjoint(map(id, clean.removed))


@pytest.mark.parametrize("policy", [Policy.PUBLISH, Policy.ARCHIVE])
def test_what_is_kept_is_found_in_the_copy(policy: Policy) -> None:
    clean = strip(sample_photo(), policy)
    there = inspect(clean.data).findings

    assert len(clean.kept) >= 3
    values = {str(finding.value) for finding in there}
    for finding in clean.kept:
        same_code = any(finding.code == one.code for one in there)
        assert same_code or str(finding.value) in values, finding.code


def test_a_creator_in_xmp_is_kept_as_the_artist_of_a_jpeg() -> None:
    head = b"http://ns.adobe.com/xap/1.0/\x00"
    clean = strip(jpeg(jfif(), app(1, head + PACKET), *picture()), Policy.PUBLISH)

    assert "xmp.dc.creator" in codes(clean)
    assert b"Anna Example" in clean.data
    assert b"Berta" not in clean.data


def test_a_word_without_a_place_in_the_copy_is_removed_and_searched_for() -> None:
    everything = frozenset(set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN})
    photo = gif(image(), xmp(PACKET))
    clean = strip(photo, Policy(keep=everything))
    gone = [one for one in clean.removed if one.value == "Call Berta first"]

    assert len(gone) == 1
    assert b"Berta" not in clean.data


def test_what_is_searched_for_shows_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def note(*words: object) -> object:
        seen.append(ledger.ledger_of(*words))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr("photoprivacy._strip.ledger_of", note)
    strip(jpeg(jfif(), com(b"Berta was here"), *picture()))

    assert any(b"Berta was here" in secret for secret in seen[0].secrets)
    assert "Berta" not in repr(seen[0])
