"""Whoever writes a file chooses names in it: none of them stands outside of values."""

from __future__ import annotations

import json
import logging
import zlib

import pytest

from builders import EOI, app, exif, icc, jfif, jpeg, picture
from builders_exif import asciz, undefined
from builders_exif import block as tiff
from builders_gif import application, gif, image
from builders_icc import icc as profile
from builders_iptc import record, resource
from builders_jp2 import jp2
from builders_jumbf import certificate, in_cbor, in_jpeg, labelled, signature, store
from builders_jxl import jxl
from builders_movie import keys, pictures, video, words
from builders_png import chunk, iccp
from builders_png import picture as png
from builders_tiff import page
from builders_tiff import tiff as pages
from builders_webp import part, still
from builders_xmp import in_app1, packet
from metadata.test_trailers import samsung
from photoprivacy import PhotoPrivacyError, Policy, inspect, strip
from verify.built import CODED, OTHER_CODED, box, heic, infe

NAME, TYPE = "ZyxwandaQuorn", "zyQx"
RAW, FOUR = NAME.encode(), TYPE.encode()


def said_in_xmp(elements: str = "", attributes: str = "") -> bytes:
    return jpeg(jfif(), in_app1(packet(elements, attributes)), *picture())


#: where a name stands → a file that has one there
SLOTS: dict[str, bytes] = {
    "APPn signature": jpeg(jfif(), app(5, RAW + b"\0data"), app(4, FOUR), *picture()),
    "colour profile tag": jpeg(
        *icc(profile({b"desc": b"desc" + bytes(8), FOUR: b"text\0\0\0\0x"})), *picture()
    ),
    "colour profile creator": jpeg(*icc(profile({}, creator=FOUR + bytes(44))), *picture()),
    "Exif maker": jpeg(
        exif(tiff([asciz(0x10F, RAW)], exif=[undefined(0x927C, RAW * 4)])), *picture()
    ),
    "Exif private tag": jpeg(exif(tiff([(0xEE01, 2, 14, RAW + b"\0")])), *picture()),
    "XMP property": said_in_xmp(f"<dc:{NAME}>x</dc:{NAME}>"),
    "XMP property, as attribute": said_in_xmp(attributes=f'xmp:{NAME}="x"'),
    "XMP part of a structure": said_in_xmp(
        f'<xmpMM:History rdf:parseType="Resource"><stEvt:{NAME}>x</stEvt:{NAME}></xmpMM:History>'
    ),
    "XMP part, deep inside": said_in_xmp(
        '<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType="Resource"><xmpMM:DerivedFrom '
        f'rdf:parseType="Resource"><stRef:manager rdf:parseType="Resource"><dc:{NAME}>x</dc:{NAME}>'
        "</stRef:manager></xmpMM:DerivedFrom></rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>"
    ),
    "XMP vocabulary": said_in_xmp(
        f'<{NAME}:{NAME} xmlns:{NAME}="http://example.com/{NAME}/">x</{NAME}:{NAME}>'
    ),
    "XMP, RDF's own": said_in_xmp(f"<rdf:{NAME}>x</rdf:{NAME}>"),
    "XMP resource": jpeg(
        in_app1(packet().replace(b'rdf:about=""', b'rdf:about="%b"' % RAW)), *picture()
    ),
    "XMP that breaks": said_in_xmp(f"<dc:{NAME}>x"),
    "XMP entity": jpeg(in_app1(b"<!DOCTYPE %b [<!ENTITY %b 'x'>]>" % (RAW, RAW)), *picture()),
    "Photoshop resource": jpeg(
        app(13, b"Photoshop 3.0\0" + resource(0x7FFF, b"data", RAW)), *picture()
    ),
    "IPTC number": jpeg(
        app(13, b"Photoshop 3.0\0" + resource(0x0404, record(250, RAW))), *picture()
    ),
    "JUMBF label": jpeg(in_jpeg(labelled(NAME, labelled(NAME))), *picture()),
    "C2PA assertion": jpeg(
        in_jpeg(store(name=NAME, assertions=(in_cbor(f"c2pa.{NAME}", {NAME: NAME}),))), *picture()
    ),
    "C2PA signer": jpeg(in_jpeg(store(signature(certificate(NAME, NAME)))), *picture()),
    "Samsung's entries": jpeg(*picture(), end=EOI + samsung(**{NAME: b"data"})),
    "trailer": jpeg(*picture(), end=EOI + RAW * 8),
    "PNG chunk": png(chunk(FOUR, b"data")),
    "PNG chunk, spoiled": png(chunk(FOUR, b"data", checksum=1)),
    "PNG keyword": png(chunk(b"tEXt", RAW + b"\0value")),
    "PNG keyword, compressed": png(chunk(b"zTXt", RAW + b"\0\0" + zlib.compress(b"value"))),
    "PNG keyword, spoiled": png(chunk(b"zTXt", RAW + b"\0\0" + b"value")),
    "PNG language and translation": png(
        chunk(b"iTXt", RAW + b"\0\0\0" + RAW + b"\0" + RAW + b"\0value")
    ),
    "PNG raw profile": png(chunk(b"tEXt", b"Raw profile type " + RAW + b"\0\nx\n4\n00000000")),
    "PNG profile name": png(iccp(profile({}), name=RAW)),
    "PNG profile name, spoiled": png(chunk(b"iCCP", RAW + b"\0\0spoiled")),
    "WebP chunk": still(part(FOUR, b"data")),
    "WebP list": still(part(b"LIST", FOUR + part(FOUR, b"data"))),
    "GIF application": gif(application(b"Zyxwand" + FOUR, b"data"), image()),
    "GIF application, short": gif(application(FOUR, b"data"), image()),
    "JPEG XL box": jxl(box(FOUR, b"data"), box(b"brob", FOUR + b"data")),
    "JPEG 2000 box": jp2(box(FOUR, b"data"), box(b"uuid", RAW.ljust(16), b"data")),
    "HEIC box": heic(top=(box(FOUR, b"data"), box(b"uuid", RAW.ljust(16), b"data"))),
    "HEIC item": heic(
        {1: (b"hvc1", CODED), 2: (FOUR, OTHER_CODED)},
        entries=(infe(1, b"hvc1", RAW), infe(2, FOUR, RAW)),
    ),
    "key of a movie": video(pictures(), inside=keys(**{NAME: b"value"})),
    "user data of a movie": video(pictures(), user=(words(FOUR, b"value"), box(FOUR, b"x"))),
    "box of a movie": video(pictures(), brand=b"qt  ") + box(FOUR, b"data"),
    "TIFF tag": pages(page(more={65001: (2, RAW)})),
    "unreadable": RAW * 10,
    "brand": box(b"ftyp", FOUR, bytes(4), FOUR) + RAW,
}  # fmt: skip


@pytest.mark.parametrize("slot", SLOTS)
def test_a_name_that_a_file_chose_stands_in_values_alone(
    slot: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    try:
        report = inspect(SLOTS[slot])
        told += [repr(report), report.to_json(values=False)]
        plain = json.loads(report.to_json())
        told += [
            json.dumps({name: one[name] for name in one.keys() - {"value"}})
            for one in plain["findings"]
        ]
        told += [json.dumps(plain["problems"]), *map(repr, report.findings)]
        clean = strip(SLOTS[slot], Policy.ARCHIVE)
        told += [repr(clean), *(one.what for one in clean.residue)]
    except PhotoPrivacyError as error:
        told += [repr(error), str(error), repr(error.__cause__), repr(error.__context__)]
    told += [caplog.text]

    assert len(told) >= 3
    assert not [words for words in told if NAME.lower() in words.lower() or TYPE in words]


def test_every_slot_holds_a_name() -> None:
    raw = [data for data in SLOTS.values() if RAW in data or FOUR in data]
    assert len(raw) == len(SLOTS) == 44
