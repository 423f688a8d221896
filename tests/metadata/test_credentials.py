"""Content Credentials: who signed, with which tool, which steps, from what (C2PA 2.1)."""

from __future__ import annotations

import pytest

from builders import jpeg, picture
from builders_jumbf import (
    box,
    cbor,
    certificate,
    der,
    in_cbor,
    in_jpeg,
    in_json,
    labelled,
    signature,
    store,
)
from photoprivacy import Category, Finding, Policy, inspect, strip
from photoprivacy.metadata._cbor import Budget, NotCbor, read_cbor
from photoprivacy.metadata._x509 import subject


def said(jumbf: bytes) -> dict[str, list[object]]:
    """Return code → values of the findings of a JPEG with *jumbf*."""
    found: dict[str, list[object]] = {}
    for finding in inspect(jpeg(in_jpeg(jumbf), *picture())).findings:
        found.setdefault(finding.code, []).append(finding.value)
    return found


def test_the_signer_is_the_subject_of_the_first_certificate() -> None:
    leaf, root = certificate("Ada Example", "Example Press"), certificate("A Root")

    for protected in (True, False):
        found = said(store(signature(leaf, root, protected=protected)))
        assert found["provenance.c2pa.signer"] == ["Ada Example, Example Press"]


def test_a_certificate_names_a_person_by_more_than_a_name() -> None:
    more = (
        (b"\x55\x04\x0b", der(0x0C, b"Picture Desk")),
        (b"\x55\x04\x2a", der(0x1E, "Ada".encode("utf-16-be"))),
        (b"\x55\x04\x04", der(0x14, "Müller".encode("latin-1"))),
        (b"\x55\x04\x05", der(0x13, b"PNODE-1234567")),
        (b"\x55\x04\x09", der(0x0C, b"1 Canal Street")),
        (b"\x55\x04\x07", der(0x0C, b"Delft")),
        (b"\x55\x04\x08", der(0x0C, b"Zuid-Holland")),
        (b"\x55\x04\x06", der(0x13, b"NL")),
        (b"\x55\x04\x63", der(0x0C, b"an attribute that is not known")),
    )
    leaf = certificate("Ada M.", "Example Press", more=more, mail=b"ada@example.org")
    found = said(store(signature(leaf)))

    signer = "provenance.c2pa.signer"
    told = {code.removeprefix(signer): words for code, words in found.items() if signer in code}
    assert told == {
        "": ["Ada M., Example Press, Picture Desk"],
        "-person": ["Ada, Müller"],
        "-number": ["PNODE-1234567"],
        "-address": ["1 Canal Street"],
        "-place": ["Delft, Zuid-Holland, NL"],
        "-mail": ["ada@example.org"],
    }


def test_a_mail_address_in_the_subject_goes_before_one_beside_it() -> None:
    address = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", der(0x16, b"first@example.org"))
    both = certificate("Ada", more=(address,), mail=b"second@example.org")

    assert subject(both)["emailAddress"] == "first@example.org"
    assert subject(certificate("Ada", mail=b"second@example.org"))["emailAddress"] == (
        "second@example.org"
    )
    assert all("second" not in str(subject(both[:size])) for size in range(len(both)))


def test_names_in_a_certificate_are_bounded() -> None:
    long = certificate("A" * 10_000, mail=b"b" * 10_000)
    many = certificate("Ada", more=((b"\x55\x04\x0b", der(0x0C, b"B" * 30)),) * 500)

    assert {len(text) for text in subject(long).values()} == {200}
    assert len(str(subject(many))) < 200


def test_a_time_stamp_says_when_it_was_signed() -> None:
    stamp = b"\x30\x10\x18\x0f20260714163205Z"

    found = said(store(signature(certificate("Ada"), stamp=stamp)))

    assert found["provenance.c2pa.signed-at"] == ["2026-07-14T16:32:05Z"]


def test_a_claim_names_tool_title_and_instance() -> None:
    claim = {
        "claim_generator": "Tool/1.0",
        "claim_generator_info": [{"name": "Library", "version": "2"}],
        "dc:title": "holiday.jpg",
        "instanceID": "xmp:iid:1234-5678",
    }

    found = said(store(in_cbor("c2pa.claim", claim)))

    assert found["provenance.c2pa.tool"] == ["Tool/1.0", "Library 2"]
    assert found["provenance.c2pa.title"] == ["holiday.jpg"]
    assert found["provenance.c2pa.instance"] == ["xmp:iid:1234-5678"]


def test_actions_say_what_was_done_when_and_by_what() -> None:
    kind = "http://cv.iptc.org/newscodes/digitalsourcetype/"
    actions = [
        {"action": "c2pa.created", "digitalSourceType": kind + "trainedAlgorithmicMedia"},
        {"action": "c2pa.edited", "when": "2026-07-14T16:32:05Z", "softwareAgent": {"name": "A"}},
        {"action": "c2pa.opened", "digitalSourceType": kind + "digitalCapture"},
    ]

    found = said(store(assertions=(in_cbor("c2pa.actions.v2", {"actions": actions}),)))

    assert found["provenance.c2pa.action"] == [
        "c2pa.created",
        "c2pa.edited, 2026-07-14T16:32:05Z, A",
        "c2pa.opened",
    ]
    assert found["provenance.c2pa.ai"] == [kind + "trainedAlgorithmicMedia"]
    assert found["provenance.c2pa.source-type"] == [kind + "digitalCapture"]


def test_authors_ingredients_and_repeated_exif_are_found() -> None:
    found = said(
        store(
            assertions=(
                in_json("stds.schema-org.CreativeWork", {"author": [{"name": "Ada Example"}]}),
                in_cbor("c2pa.ingredient", {"dc:title": "IMG_1.jpg", "instanceID": "xmp.iid:77"}),
                in_json("stds.exif", {"exif:GPSLatitude": "52,22.2N"}),
                in_cbor("cawg.training-mining", {"entries": {"cawg.x": {"use": "notAllowed"}}}),
            )
        )
    )

    assert found["provenance.c2pa.author"] == ["Ada Example"]
    assert found["provenance.c2pa.ingredient"] == ["IMG_1.jpg"]
    assert found["provenance.c2pa.exif"] == ["exif:GPSLatitude: 52,22.2N"]
    assert found["provenance.c2pa.training"] == ['{"cawg.x": {"use": "notAllowed"}}']


def test_a_thumbnail_inside_is_a_thumbnail() -> None:
    thumbnail = labelled("c2pa.thumbnail.claim.jpeg", box(b"bidb", bytes(321)))

    findings = inspect(jpeg(in_jpeg(store(assertions=(thumbnail,))), *picture())).findings

    [one] = [f for f in findings if f.code == "provenance.c2pa.thumbnail"]
    assert (one.category, one.value) == (Category.THUMBNAIL, 321)


def test_labels_given_by_somebody_are_no_part_of_a_code() -> None:
    odd = labelled("Ada Example", labelled("Ada Example", box(b"cbor", cbor({"Ada": "Ada"}))))
    findings = inspect(jpeg(in_jpeg(odd), *picture())).findings

    assert [one.code for one in findings] == ["provenance.jumbf"]


def test_all_of_it_goes() -> None:
    source = jpeg(in_jpeg(store(signature(certificate("Ada Example")))), *picture())

    clean = strip(source)

    assert inspect(clean.data).findings == ()
    assert "provenance.c2pa.signer" in {one.code for one in clean.removed}


def test_content_credentials_are_never_written_anew() -> None:
    loose = Policy(keep=set(Category) - {Category.LOCATION, Category.TIME, Category.UNKNOWN})
    thumbnail = labelled("c2pa.thumbnail.claim.jpeg", box(b"bidb", bytes(321)))
    jumbf = store(signature(certificate("Ada Example")), assertions=(thumbnail,))

    clean = strip(jpeg(in_jpeg(jumbf), *picture()), loose)

    assert {one.code for one in clean.removed} >= {
        "provenance.c2pa.signer",
        "provenance.c2pa.thumbnail",
    }
    assert b"Ada Example" not in clean.data


def test_where_a_claim_stands_is_told() -> None:
    source = jpeg(in_jpeg(store(in_cbor("c2pa.claim", {"dc:title": "holiday.jpg"}))), *picture())

    def where(code: str) -> Finding:
        return next(one for one in inspect(source).findings if one.code == code)

    assert b"holiday.jpg" in where("provenance.c2pa.title").where.of(source)
    assert len(where("provenance.c2pa.title").where) < 40


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        # RFC 8949, Appendix A
        ("00", 0),
        ("1864", 100),
        ("1bffffffffffffffff", 18446744073709551615),
        ("3863", -100),
        ("f93c00", 1.0),
        ("fa47c35000", 100000.0),
        ("fb3ff199999999999a", 1.1),
        ("f4", False),
        ("f6", None),
        ("c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("62c3bc", "ü"),
        ("8301820203820405", [1, [2, 3], [4, 5]]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
        ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
    ],
)
def test_cbor_is_read_as_its_standard_spells_it(raw: str, value: object) -> None:
    assert read_cbor(bytes.fromhex(raw), 8, Budget()) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x1c",  # reserved
        b"\x61",  # a text that is cut
        b"\xff",  # a break outside
        b"\x82\x01\xff",  # a break inside a definite length
        b"\x5f\x61a\xff",  # text among bytes
        b"\x9b" + b"\xff" * 8,  # 2⁶⁴ - 1 items
        b"\x81" * 1000 + b"\x00",  # nested a thousand deep
        b"\xc1" * 100_000,  # tags without end
        b"\x9f" + b"\x00" * 100_000 + b"\xff",  # more items than are read
        b"\xbf\x01\xff",  # a name without a value
        b"\x1f",  # an indefinite number
    ],
)
def test_bad_cbor_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCbor):
        read_cbor(raw, 20, Budget())


def test_a_certificate_names_its_subject_and_not_its_issuer() -> None:
    for version in (True, False):
        assert subject(certificate("Ada", "Press", version=version)) == {"CN": "Ada", "O": "Press"}
    whole = certificate("Ada", "Press")
    assert all(subject(whole[:size]) == {} for size in range(len(whole)))
