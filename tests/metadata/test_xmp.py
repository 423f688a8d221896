"""XMP (ISO 16684-1): every property to its namespace and name, with what it tells."""

from __future__ import annotations

import hashlib

import pytest

from builders import app, jpeg, picture
from builders_xmp import FACES, bag, in_app1, packet
from photoprivacy import Category, Finding, inspect, strip
from photoprivacy.metadata._xmp_names import NAMESPACES, PREFIXES, category_of


def findings(elements: str = "", attributes: str = "") -> dict[str, Finding]:
    """Return code → finding of a JPEG with a packet, the first of each."""
    source = jpeg(in_app1(packet(elements, attributes)), *picture())
    return {one.code: one for one in reversed(inspect(source).findings)}


@pytest.mark.parametrize(
    ("elements", "code", "category", "value"),
    [
        (f"<dc:creator>{bag('Ada Example')}</dc:creator>", "dc.creator", Category.RIGHTS, "Ada Example"),
        (f"<dc:subject>{bag('quay')}</dc:subject>", "dc.subject", Category.CAPTION, "quay"),
        ("<crs:RawFileName>IMG_1.CR2</crs:RawFileName>", "crs.RawFileName", Category.HISTORY, "IMG_1.CR2"),
        ("<photoshop:City>Delft</photoshop:City>", "photoshop.City", Category.LOCATION, "Delft"),
        ("<exif:GPSAltitude>7/2</exif:GPSAltitude>", "exif.GPSAltitude", Category.LOCATION, "7/2"),
        ("<exif:GPSDestLatitude>1,2N</exif:GPSDestLatitude>", "exif.GPSDestLatitude", Category.LOCATION, "1,2N"),
        ("<aux:SerialNumber>SN-1</aux:SerialNumber>", "aux.SerialNumber", Category.SERIAL, "SN-1"),
        ("<aux:OwnerName>Ada</aux:OwnerName>", "aux.OwnerName", Category.PERSON, "Ada"),
        ("<xmpMM:DocumentID>xmp.did:1</xmpMM:DocumentID>", "xmpMM.DocumentID", Category.TRACKING, "xmp.did:1"),
        ("<GCamera:shot_log_data>abcd</GCamera:shot_log_data>", "GCamera.shot_log_data", Category.TRACKING, "abcd"),
        ('<xmpRights:WebStatement rdf:resource="http://a.example"/>', "xmpRights.WebStatement", Category.RIGHTS, "http://a.example"),
        ("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>", "plus.DataMining", Category.RIGHTS, "DMI-PROHIBITED"),
        (f"<Iptc4xmpExt:PersonInImage>{bag('Ada')}</Iptc4xmpExt:PersonInImage>", "Iptc4xmpExt.PersonInImage", Category.PERSON, "Ada"),
        ("<Iptc4xmpCore:Location>Dam</Iptc4xmpCore:Location>", "Iptc4xmpCore.Location", Category.LOCATION, "Dam"),
        (f"<MicrosoftPhoto:LastKeywordXMP>{bag('Ada')}</MicrosoftPhoto:LastKeywordXMP>", "MicrosoftPhoto.LastKeywordXMP", Category.PERSON, "Ada"),
    ],
)  # fmt: skip
def test_a_property_is_told_by_its_namespace_and_name(
    elements: str, code: str, category: Category, value: str
) -> None:
    one = findings(elements)[f"xmp.{code}"]

    assert (one.category, one.value) == (category, value)
    assert value not in one.label


def test_attributes_are_properties_too() -> None:
    found = findings("", 'xmp:CreatorTool="Program 1" tiff:Make="Maker"')

    assert found["xmp.xmp.CreatorTool"].category is Category.SOFTWARE
    assert found["xmp.tiff.Make"].value == "Maker"


def test_faces_are_named_in_both_ways_of_writing_them() -> None:
    source = jpeg(in_app1(packet(FACES)), *picture())
    people = [one for one in inspect(source).findings if one.category is Category.PERSON]

    assert {"Ada Example", "Grace Sample"} <= {one.value for one in people}
    assert all("Example" not in one.code and "Sample" not in one.code for one in people)
    assert inspect(strip(source).data).findings == ()


def test_each_step_of_a_history_is_found() -> None:
    step = '<rdf:li stEvt:action="saved" stEvt:instanceID="xmp.iid:1" stEvt:when="2026-07-14T18:32:05+02:00" stEvt:softwareAgent="Program 1"/>'
    found = findings(f"<xmpMM:History><rdf:Seq>{step}</rdf:Seq></xmpMM:History>")

    assert found["xmp.xmpMM.History.stEvt.when"].value == "2026-07-14T18:32:05+02:00"
    assert found["xmp.xmpMM.History.stEvt.softwareAgent"].value == "Program 1"


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("trainedAlgorithmicMedia", Category.AI_GENERATION),
        ("compositeWithTrainedAlgorithmicMedia", Category.AI_GENERATION),
        ("digitalCapture", Category.PROVENANCE),
    ],
)
def test_a_digital_source_type_says_whether_a_model_made_it(word: str, category: Category) -> None:
    address = f"http://cv.iptc.org/newscodes/digitalsourcetype/{word}"
    found = findings(f"<Iptc4xmpExt:DigitalSourceType>{address}</Iptc4xmpExt:DigitalSourceType>")

    assert found["xmp.Iptc4xmpExt.DigitalSourceType"].category is category


def test_the_code_of_meta_tracks_in_xmp_too() -> None:
    found = findings("<photoshop:Instructions>FBMD01000abc</photoshop:Instructions>")

    assert found["xmp.photoshop.Instructions"].category is Category.TRACKING


def test_a_prompt_as_description_is_no_caption() -> None:
    found = findings("<exif:UserComment>a cat Steps: 20, Sampler: Euler</exif:UserComment>")

    assert found["xmp.exif.UserComment"].category is Category.AI_GENERATION


def test_words_of_unknown_vocabularies_are_no_part_of_a_code() -> None:
    found = findings("<ada:AdaLovesGrace>yes</ada:AdaLovesGrace><xmp:Ünsinn>so</xmp:Ünsinn>")

    assert found["xmp.other"].category is Category.UNKNOWN
    assert set(found) == {"xmp.other", "xmp.xmp.other"}
    assert not any("Ada" in one.label or "Ü" in one.label for one in found.values())


def test_every_vocabulary_has_a_prefix_a_category_and_a_reason() -> None:
    assert len(PREFIXES) == len(NAMESPACES) > 80
    assert all(space and prefix and reason for space, prefix, _, reason in NAMESPACES)


def test_an_extended_packet_is_joined_by_its_offsets() -> None:
    body = packet("<dc:source>far behind</dc:source>")
    guid = hashlib.md5(body).hexdigest().upper().encode()
    half = len(body) // 2
    head = b"http://ns.adobe.com/xmp/extension/\x00" + guid + len(body).to_bytes(4, "big")
    parts = [
        app(1, head + at.to_bytes(4, "big") + piece)
        for at, piece in ((half, body[half:]), (0, body[:half]))
    ]
    source = jpeg(in_app1(packet()), *parts, *picture())

    found = {one.code: one.value for one in inspect(source).findings}
    assert found["xmp.dc.source"] == "far behind"


@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "utf-32"]
)
def test_a_packet_is_read_in_its_coding(coding: str) -> None:
    text = packet("<dc:format>Übersee</dc:format>").decode()
    source = jpeg(in_app1(text[text.index("<x:") :].encode(coding)), *picture())

    assert "Übersee" in {one.value for one in inspect(source).findings}


def test_a_finding_says_where_its_value_stands() -> None:
    source = jpeg(in_app1(packet("<dc:source>the quay</dc:source>")), *picture())

    [one] = [f for f in inspect(source).findings if f.code == "xmp.dc.source"]
    assert one.where.of(source) == b"the quay"


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("MicrosoftPhoto:CameraSerialNumber", Category.SERIAL),
        ("MicrosoftPhoto:LastKeywordIPTC", Category.PERSON),
        ("MicrosoftPhoto:DateAcquired", Category.TIME),
        ("digiKam:ImageUniqueID", Category.TRACKING),
        ("digiKam:ImageHistory", Category.HISTORY),
        ("digiKam:CaptionsDateTimeStamps", Category.TIME),
        ("exifEX:Photographer", Category.RIGHTS),
        ("exif:BodySerialNumber", Category.SERIAL),
        ("tiff:CameraOwnerName", Category.PERSON),
        ("tiff:HostComputer", Category.DEVICE),
        ("exif:SubSecTime", Category.TIME),
        ("dc:source", Category.HISTORY),
        ("exif:SubjectLocation", Category.TECHNICAL),
        ("exif:FNumber", Category.TECHNICAL),
        ("dc:title", Category.CAPTION),
    ],
)
def test_a_name_tells_what_a_property_is_whatever_its_vocabulary(
    name: str, category: Category
) -> None:
    assert category_of((name,)) is category
