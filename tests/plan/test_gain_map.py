"""A gain map stays with its JPEG: the map's own picture, its numbers, and where it is."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from builders import CANARY, app, com, exif, icc, jfif, jpeg, picture
from builders_gain_map import (
    APPLE,
    MAP,
    PARAMETERS,
    SCENE,
    SHARED,
    ULTRA_HDR,
    gain_map,
    iso,
    with_gain_map,
    xmp,
)
from builders_icc import profile
from photoprivacy import Category, Policy, inspect, strip
from photoprivacy._plan._jpeg_behind import Listed, directory
from photoprivacy.errors import CannotStrip

TWO = directory([Listed(0x30000, 9), Listed(0, 2)], 3)
#: the forms in which a gain map is described → its header, and what a clean copy says of it
FORMS = {
    "Ultra HDR": (
        (xmp(ULTRA_HDR),),
        (
            b'hdrgm:Version="1.0" hdrgm:BaseRenditionIsHDR="False" hdrgm:GainMapMin="-0.25"',
            b'hdrgm:GainMapMax="1.5" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2.3">',
        ),
    ),
    "Ultra HDR, a channel each": (
        (
            xmp(
                'hdrgm:Version="1.0" hdrgm:HDRCapacityMax="2"',
                "<hdrgm:GainMapMax><rdf:Seq><rdf:li>1</rdf:li><rdf:li>2.0</rdf:li>"
                "<rdf:li>.5</rdf:li></rdf:Seq></hdrgm:GainMapMax>",
            ),
        ),
        (b"<hdrgm:GainMapMax><rdf:Seq><rdf:li>1</rdf:li><rdf:li>2</rdf:li><rdf:li>0.5</rdf:li>",),
    ),
    "Apple": (
        (xmp("", APPLE),),
        (
            b'apdi:StoredFormat="1278226488"',
            b'apdi:AuxiliaryImageType="urn:com:apple:photo:2020:aux:hdrgainmap"',
            b'HDRGainMap:HDRGainMapVersion="131072" HDRGainMap:HDRGainMapHeadroom="4.532783">',
        ),
    ),
    "ISO": ((iso(),), (PARAMETERS,)),
    "ISO, one denominator": ((iso(SHARED),), (SHARED,)),
    "two at once": ((xmp(ULTRA_HDR), iso()), (b"hdrgm:GainMapMax", PARAMETERS)),
}


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_gain_map_stays_in_each_form(form: str) -> None:
    header, said = FORMS[form]
    clean = strip(with_gain_map(gain_map(*header)))

    assert all(words in clean.data for words in said)
    assert pixels(clean.data) == pixels(jpeg(jfif(), *SCENE))
    assert pixels(clean.data[clean.data.rindex(b"\xff\xd8") :]) == pixels(jpeg(*MAP))
    assert not inspect(clean.data).violations()
    assert strip(clean.data).data == clean.data
    assert Category.HDR in {finding.category for finding in clean.kept}
    assert Category.HDR not in {finding.category for finding in clean.removed}


def test_ultra_hdr_is_listed_where_readers_look() -> None:
    clean = strip(with_gain_map()).data
    [length] = re.findall(
        rb'Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="(\d+)"', clean
    )

    assert clean.count(b"\xff\xd8\xff") == 2
    assert clean.rindex(b"\xff\xd8\xff") == len(clean) - int(length)


def test_iso_is_announced_in_front_of_the_picture() -> None:
    assert iso(bytes(4)) in strip(with_gain_map(gain_map(iso()))).data
    assert iso(bytes(4)) not in strip(with_gain_map()).data


@pytest.mark.parametrize("policy", [Policy.PUBLISH, Policy.ARCHIVE])
def test_what_else_is_kept_stands_beside_it(policy: Policy) -> None:
    clean = strip(with_gain_map(), policy).data

    assert b"plus:DataMining" in clean or policy.ai_training is None
    assert b'hdrgm:Version="1.0"' in clean
    assert strip(clean, policy).data == clean


def test_a_policy_without_hdr_takes_it_away() -> None:
    plain = strip(with_gain_map(), Policy(keep={Category.COLOR, Category.ORIENTATION}))

    assert plain.data == strip(jpeg(jfif(), *SCENE)).data


#: where something could ride along → the file with it
SLOTS = {
    "Exif of the map": with_gain_map(gain_map(exif(b"II*\x00" + CANARY), xmp(ULTRA_HDR))),
    "comment of the map": with_gain_map(gain_map(xmp(ULTRA_HDR), com(CANARY))),
    "APP of the map": with_gain_map(gain_map(xmp(ULTRA_HDR), app(5, CANARY))),
    "directory of the map": with_gain_map(gain_map(xmp(ULTRA_HDR), app(2, b"MPF\x00" + CANARY))),
    "ICC that is none": with_gain_map(
        gain_map(xmp(ULTRA_HDR), app(2, b"ICC_PROFILE\0\1\1" + CANARY))
    ),
    "property of the map": with_gain_map(
        gain_map(xmp(ULTRA_HDR + f' dc:title="{CANARY.decode()}"'))
    ),
    "a property that is not known": with_gain_map(
        gain_map(xmp(ULTRA_HDR + f' hdrgm:Leak="{CANARY.decode()}"'))
    ),
    "Apple's properties without its type": with_gain_map(
        gain_map(xmp(ULTRA_HDR + ' HDRGainMap:HDRGainMapVersion="123456789"'))
    ),
    "between": with_gain_map(CANARY, gain_map()),
    "behind": with_gain_map(gain_map(), CANARY),
    "a video behind": with_gain_map(gain_map(), b"\0\0\0\x18ftypmp42" + CANARY),
    "another picture in front": with_gain_map(jpeg(com(CANARY), *picture(size=8)), gain_map()),
    "another picture behind": with_gain_map(gain_map(), jpeg(com(CANARY), *picture(size=8))),
    "a second gain map": with_gain_map(gain_map(), gain_map(xmp(ULTRA_HDR), com(CANARY))),
    "half a picture in front": with_gain_map(b"\xff\xd8\xff\xe0\x00\x10" + CANARY, gain_map()),
    "directory": with_gain_map(header=[app(2, b"MPF\x00" + TWO + CANARY)]),
    "list of items": with_gain_map(
        header=[xmp("", f"<Container:Directory>{CANARY.decode()}</Container:Directory>")]
    ),
}  # fmt: skip


@pytest.mark.parametrize("slot", SLOTS)
def test_nothing_rides_along(slot: str) -> None:
    assert SLOTS[slot] != with_gain_map()
    assert strip(SLOTS[slot]).data == strip(with_gain_map()).data


def test_bytes_behind_the_parameters_go() -> None:
    long, exact = (with_gain_map(gain_map(iso(PARAMETERS + tail))) for tail in (CANARY, b""))

    assert strip(long).data == strip(exact).data


def test_the_colours_of_a_map_stay() -> None:
    clean = strip(with_gain_map(gain_map(xmp(ULTRA_HDR), *icc(profile())))).data

    assert profile() in clean
    assert strip(clean).data == clean


@pytest.mark.parametrize(
    "header",
    [
        xmp(ULTRA_HDR.replace("1.50", "much")),
        xmp(ULTRA_HDR.replace("1.50", "1e999")),
        xmp(ULTRA_HDR.replace("1.50", "nan")),
        xmp(ULTRA_HDR.replace('"1.0"', '"2.0"')),
        xmp(ULTRA_HDR, "<hdrgm:GainMapMax>2</hdrgm:GainMapMax>"),
        xmp(ULTRA_HDR.replace("hdrgm:Version", "dc:title")),
        iso(PARAMETERS[:-1]),
        iso(b"\0\1" + PARAMETERS[2:]),
        iso(PARAMETERS[:4] + b"\x41" + PARAMETERS[5:]),
        iso(SHARED[:-1]),
    ],
    ids=str,
)
def test_a_description_that_is_not_understood_is_refused(header: bytes) -> None:
    with pytest.raises(CannotStrip, match="gain map"):
        strip(with_gain_map(gain_map(header)))


@pytest.mark.parametrize(
    "behind",
    [
        jpeg(*MAP),
        jpeg(xmp('hdrgm:Version="1.0"'), *MAP),
        b"\0\0\0\x18ftypmp42" + gain_map(),
    ],
    ids=["another picture", "a version alone", "inside a video"],
)
def test_what_is_no_gain_map_goes(behind: bytes) -> None:
    assert strip(with_gain_map(behind)).data == strip(jpeg(jfif(), *SCENE)).data


@pytest.mark.parametrize(
    "behind",
    [
        gain_map()[:-2],
        gain_map(xmp(ULTRA_HDR), b"\xff\x02"),
        gain_map(iso())[:-40],
    ],
)
def test_half_a_gain_map_is_refused(behind: bytes) -> None:
    for tail in (b"", gain_map()):
        with pytest.raises(CannotStrip, match="damaged"):
            strip(with_gain_map(behind + tail))
    without = Policy(keep={Category.COLOR, Category.ORIENTATION})
    assert strip(with_gain_map(behind), without).data == strip(jpeg(jfif(), *SCENE)).data


@pytest.mark.parametrize("said", [xmp(ULTRA_HDR), iso()])
def test_a_file_that_ends_where_it_says_that_it_is_a_gain_map_is_refused(said: bytes) -> None:
    with pytest.raises(CannotStrip, match="damaged"):
        strip(with_gain_map(jpeg(jfif(), said)[:-5]))


def test_what_a_map_and_other_pictures_tell_is_found() -> None:
    preview = jpeg(exif(b"II*\x00" + bytes(8)), com(CANARY), *picture(size=8))
    report = inspect(with_gain_map(gain_map(xmp(ULTRA_HDR), com(b"of the map")), preview))
    said = {finding.code: finding.value for finding in report.findings}

    assert {"embedded.gain-map", "embedded.image", "comment.text"} <= said.keys()
    assert {f.value for f in report.findings if f.code == "comment.text"} == {
        "of the map", CANARY.decode()
    }  # fmt: skip


def test_a_gain_map_without_its_most_important_number_is_refused() -> None:
    wrong = ULTRA_HDR.replace("hdrgm:GainMapMax", "hdrgm:GainMapMaxi")
    with pytest.raises(CannotStrip, match="cannot be read"):
        strip(with_gain_map(gain_map(xmp(wrong))))
