"""What a copy is said to keep is what it says; what is said to be gone is searched for."""

from __future__ import annotations

import pytest

from builders import app, com, jfif, jpeg, picture
from builders_gif import gif, image, xmp
from builders_png import chunk
from builders_png import picture as png
from photoprivacy import Category, Policy, Stripped, VerificationFailed, inspect, strip
from photoprivacy import _ledger as ledger
from photoprivacy._plan._xmp import FURTHER
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


LICENCE = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:p="http://ns.adobe.com/photoshop/1.0/" '
    b'xmlns:r="http://ns.adobe.com/xap/1.0/rights/" p:Headline="Harbour" '
    b'p:Credit="Agency &amp; Co" r:WebStatement="https://example.org/licence">'
    b'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Boats</rdf:li></rdf:Alt></dc:title>'
    b'<r:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Ask first</rdf:li></rdf:Alt>'
    b"</r:UsageTerms></rdf:Description></rdf:RDF></x:xmpmeta>"
)
SAID = {
    "xmp.dc.title": "Boats",
    "xmp.photoshop.Headline": "Harbour",
    "xmp.photoshop.Credit": "Agency & Co",
    "xmp.xmpRights.UsageTerms": "Ask first",
    "xmp.xmpRights.WebStatement": "https://example.org/licence",
}
CARRIERS = {
    "jpeg": jpeg(jfif(), app(1, b"http://ns.adobe.com/xap/1.0/\x00" + LICENCE), *picture()),
    "png": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + LICENCE)),
    "gif": gif(image(), xmp(LICENCE)),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_what_a_licence_rests_on_stays_where_rights_do(carrier: str) -> None:
    clean = strip(CARRIERS[carrier], Policy.PUBLISH)

    there = {one.code: one.value for one in inspect(clean.data).findings}
    assert {code: there.get(code) for code in SAID} == SAID
    assert codes(clean) >= SAID.keys()
    assert not strip(clean.data, Policy.PUBLISH).changed
    bare = strip(CARRIERS[carrier])
    assert not [word for word in SAID.values() if word.encode() in bare.data]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("name", FURTHER)
def test_such_a_word_kept_by_mistake_does_not_pass(
    carrier: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    field, _ = FURTHER[name]
    monkeypatch.setitem(FURTHER, name, (field, Category.COLOR))  # which every policy here keeps

    with pytest.raises(VerificationFailed):
        strip(CARRIERS[carrier])
