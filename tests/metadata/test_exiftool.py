"""Every value that ExifTool reads of a kind, `inspect` reads too: on every real photo both open.

A row names tags of ExifTool and the codes under which the same value must be found. Values are
compared, not presence: without their surrounding white space, dates to the minute, positions
to 1e-4 of a degree. Maker notes are not of these rows.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest

from builders import app, jpeg, picture
from builders_iptc import record, resource
from builders_xmp import FACES, in_app1, packet
from photoprivacy import PhotoPrivacyError, Report, inspect
from photoprivacy.metadata._iptc_records import RECORDS
from photoprivacy.metadata._make import cut


def words(value: object) -> str:
    """Return the words of *value*, without white space around and between them, and case."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(re.sub(r"[\x00-\x20\x7f\ufffd?]+", " ", text).split()).casefold()


def minute(value: object) -> str:
    """Return a date to the minute as digits, as far as it goes: ``"202607141832"``."""
    match = re.match(
        r"\s*(\d{4})\D?(\d\d)\D?(\d\d)(?:[T ]*(\d\d)\D?(\d\d))?|\s*(\d\d):?(\d\d)(?::?\d\d)",
        str(value),
    )
    digits = "".join(filter(None, match.groups())) if match else ""
    return digits if digits.strip("0") else ""  # zeros are how movies say that they know none


def number(value: object) -> str:
    """Return a serial number: without zeros that fill it up, as numbers are printed."""
    text = words(value)
    return text.lstrip("0") if text.isdigit() else text


def clock(value: object) -> str:
    """Return hours, minutes and seconds."""
    match = re.match(r"\d\d:\d\d:\d\d", str(value))
    return match[0] if match else ""


def amount(value: object) -> str:
    """Return the number that *value* begins with, without its sign, to a tenth."""
    match = re.match(r"-?([0-9.]+)", str(value))
    return f"{float(match[1]):.1f}" if match else ""


@attrs.frozen(kw_only=True)
class Row:
    """Tags of ExifTool (``group:tag``, a pattern) and codes of ours (a pattern)."""

    kind: str
    tags: str
    codes: str
    spelled: Callable[[object], str] = words


EXIF: Final = "IFD[0-9]|ExifIFD|SubIFD[0-9]*"
ROWS: Final = (
    Row(
        kind="dates",
        tags=f"(?:{EXIF}):(?:DateTimeOriginal|CreateDate|ModifyDate)",
        codes=r"exif\.[a-z-]+\.(?:taken|digitized|modified)",
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=(
            r"XMP-(?:xmp|exif|photoshop|tiff):(?:CreateDate|ModifyDate|MetadataDate|"
            r"DateCreated|DateTime\w*)"
        ),
        codes=(
            r"xmp\.(?:xmp|exif|photoshop|tiff)\.(?:CreateDate|ModifyDate|MetadataDate|"
            r"DateCreated|DateTime\w*)"
        ),
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=r"XMP-xmpMM:History/When",
        codes=r"xmp\.xmpMM\.History\.stEvt\.when",
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=r"IPTC:(?:Date|Time|Digital)\w*(?:Date|Time|Created)",
        codes=r"iptc\.(?:digital-)?(?:date|time)",
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=r"PNG:(?:ModifyDate|CreateDate|CreationTime|Date\w+|ExifDateTime\w*)",
        codes=r"png\.time|text\.(?:creation-time|date-\w+|exif-date\w+)",
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=r"(?:Keys|UserData|ItemList):(?:CreationDate|ContentCreateDate|DateTimeOriginal)",
        codes=r"movie\.date",
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=r"(?:CIFF|PictureInfo):DateTimeOriginal",
        codes=r"jpeg\.[a-z-]+\.taken|maker\.canon\.time",
        spelled=minute,
    ),
    Row(
        kind="dates",
        tags=r"QuickTime:(?:Create|Modify)Date|Track[0-9]+:(?:Track|Media)(?:Create|Modify)Date",
        codes=r"heif\.dates",
        spelled=minute,
    ),
    Row(
        kind="gps",
        tags=r"GPS:GPS(?:Altitude|Speed|Track|ImgDirection|DestBearing|DOP|HPositioningError)",
        codes=r"exif\.gps\.(?:altitude|speed|track|direction|destination-bearing|precision|error)",
        spelled=amount,
    ),
    Row(
        kind="gps",
        tags=r"GPS:GPS(?:DateStamp|MapDatum|Satellites|ProcessingMethod|AreaInformation)",
        codes=r"exif\.gps\.(?:date|datum|satellites|method|area)",
    ),
    Row(kind="gps", tags=r"GPS:GPSTimeStamp", codes=r"exif\.gps\.time", spelled=clock),
    Row(
        kind="serials",
        tags=f"(?:{EXIF}):(?:\\w*SerialNumber)",
        codes=r"exif\.[a-z-]+\.(?:lens-)?serial",
        spelled=number,
    ),
    Row(
        kind="serials",
        tags=r"XMP-(?:aux|exifEX|exif):(?:Body|Lens)?SerialNumber",
        codes=r"xmp\.(?:aux|exifEX)\.(?:Body|Lens)?SerialNumber",
        spelled=number,
    ),
    Row(kind="serials", tags=r"PNG:Exif\w*SerialNumber", codes=r"text\.exif-\w+", spelled=number),
    Row(
        kind="serials",
        tags=r"PictureInfo:SerialNumber",
        codes=r"jpeg\.picture-info\.serial",
        spelled=number,
    ),
    Row(
        kind="names",
        tags=f"(?:{EXIF}):(?:Artist|OwnerName|XPAuthor|Photographer|ImageEditor)",
        codes=r"exif\.[a-z-]+\.(?:artist|owner|xp-author|photographer|editor)",
    ),
    Row(
        kind="names",
        tags=(
            r"XMP-(?:dc:Creator|tiff:Artist|exif:Artist|aux:OwnerName|photoshop:("
            r"?:CaptionWriter|Credit|Source|AuthorsPosition))"
        ),
        codes=r"xmp\.(?:dc\.creator|tiff\.Artist|exif\.Artist|aux\.OwnerName|photoshop\.\w+)",
    ),
    Row(
        kind="names",
        tags=r"IPTC:(?:By-line\w*|Writer-Editor|Credit|Source|Contact)",
        codes=r"iptc\.(?:byline|byline-title|caption-writer|credit|source|contact)",
    ),
    Row(kind="names", tags=r"PNG:(?:Author|Artist)", codes=r"text\.(?:author|artist)"),
    Row(kind="names", tags=r"(?:Keys|UserData|ItemList):(?:Author|Artist)", codes=r"movie\.author"),
    Row(kind="names", tags=r"RIFF:(?:Unknown_IART|Artist)", codes=r"webp\.info\.artist"),
    Row(
        kind="names",
        tags=r"(?:CIFF:OwnerName|MetaIFD:CameraOwner)",
        codes=r"jpeg\.[a-z-]+\.owner|maker\.canon\.owner",
    ),
    Row(kind="names", tags=r"JSON:Author/Name", codes=r"provenance\.c2pa\.author"),
    Row(kind="copyright", tags=f"(?:{EXIF}):Copyright", codes=r"exif\.[a-z-]+\.copyright"),
    Row(
        kind="copyright",
        tags=(
            r"XMP-(?:dc:Rights|tiff:Copyright|exif:Copyright|xmpRights:(?:WebStatement|Owner|"
            r"UsageTerms))"
        ),
        codes=r"xmp\.(?:dc\.rights|tiff\.Copyright|exif\.Copyright|xmpRights\.\w+)",
    ),
    Row(kind="copyright", tags=r"IPTC:CopyrightNotice", codes=r"iptc\.copyright"),
    Row(kind="copyright", tags=r"PNG:Copyright", codes=r"text\.copyright"),
    Row(kind="copyright", tags=r"RIFF:(?:Unknown_ICOP|Copyright)", codes=r"webp\.info\.copyright"),
    Row(kind="copyright", tags=r"ICC_Profile\d*:ProfileCopyright", codes=r"icc\.copyright"),
    Row(kind="copyright", tags=r"(?:Keys|UserData|ItemList):Copyright", codes=r"movie\.copyright"),
    Row(kind="copyright", tags=r"Photoshop:URL(?:_List)?/?\w*", codes=r"photoshop\.urls?"),
    Row(kind="make", tags=f"(?:{EXIF}):(?:Make|LensMake)", codes=r"exif\.[a-z-]+\.(?:lens-)?make"),
    Row(kind="make", tags=r"XMP-(?:tiff|exif):Make", codes=r"xmp\.(?:tiff|exif)\.Make"),
    Row(kind="make", tags=r"(?:Keys|UserData|ItemList):Make", codes=r"movie\.make"),
    Row(kind="make", tags=r"PNG:ExifMake", codes=r"text\.exif-\w+"),
    Row(kind="make", tags=r"CIFF:Make", codes=r"maker\.canon\.make"),
    Row(
        kind="model",
        tags=f"(?:{EXIF}):(?:Model|LensModel|HostComputer|UniqueCameraModel)",
        codes=r"exif\.[a-z-]+\.(?:model|lens-model|host-computer|unique-model)",
    ),
    Row(
        kind="model",
        tags=r"XMP-(?:tiff:Model|exif:Model|exifEX:LensModel|aux:Lens|exif:Lens)",
        codes=r"xmp\.(?:tiff\.Model|exif\.Model|exifEX\.LensModel|aux\.Lens|exif\.Lens)",
    ),
    Row(kind="model", tags=r"(?:Keys|UserData|ItemList):Model", codes=r"movie\.model"),
    Row(kind="model", tags=r"PNG:Exif(?:Lens)?Model", codes=r"text\.exif-\w+"),
    Row(kind="model", tags=r"CIFF:Model", codes=r"maker\.canon\.model"),
    Row(kind="model", tags=r"PictureInfo:CameraType", codes=r"jpeg\.picture-info\.model"),
    Row(
        kind="software",
        tags=f"(?:{EXIF}):(?:Software|ProcessingSoftware)",
        codes=r"exif\.[a-z-]+\.software",
    ),
    Row(
        kind="software",
        tags=(
            r"XMP-(?:xmp:CreatorTool|tiff:Software|exif:Software|x:XMPToolkit|"
            r"xmpMM:History/SoftwareAgent)"
        ),
        codes=(
            r"xmp\.(?:xmp\.CreatorTool|tiff\.Software|exif\.Software|x\.xmptk|"
            r"xmpMM\.History\.stEvt\.softwareAgent)"
        ),
    ),
    Row(
        kind="software",
        tags=r"IPTC:(?:OriginatingProgram|ProgramVersion)",
        codes=r"iptc\.program(?:-version)?",
    ),
    Row(kind="software", tags=r"PNG:(?:Software|ExifSoftware)", codes=r"text\.(?:exif-)?software"),
    Row(
        kind="software",
        tags=r"(?:Keys|UserData):Software\w*|ItemList:Encoder",
        codes=r"movie\.software",
    ),
    Row(kind="software", tags=r"Photoshop:(?:Writer|Reader)Name", codes=r"photoshop\.version"),
    Row(kind="software", tags=r"CBOR:Claim_generator", codes=r"provenance\.c2pa\.tool"),
    Row(
        kind="captions",
        tags=f"(?:{EXIF}):(?:ImageDescription|XPTitle|XPSubject|ImageTitle|DocumentName|PageName)",
        codes=r"exif\.[a-z-]+\.(?:description|xp-title|xp-subject|title|document-name|page-name)",
    ),
    Row(
        kind="captions",
        tags=(
            r"XMP-(?:dc:(?:Title|Description)|tiff:ImageDescription|photoshop:(?:Headline|"
            r"Instructions|City|State|Country|TransmissionReference)|xmp:(?:Label|Nickname))"
        ),
        codes=(
            r"xmp\.(?:dc\.(?:title|description)|tiff\.ImageDescription|photoshop\.\w+|xmp\.("
            r"?:Label|Nickname))"
        ),
    ),
    Row(
        kind="captions",
        tags=(
            r"IPTC:(?:Caption-Abstract|ObjectName|Headline|SpecialInstructions|City|"
            r"Province-State|Country-\w+|Sub-location|OriginalTransmissionReference)"
        ),
        codes=(
            r"iptc\.(?:caption|title|headline|instructions|tracking|city|state|country\S*|"
            r"sublocation|transmission)"
        ),
    ),
    Row(kind="captions", tags=r"PNG:(?:Title|Description)", codes=r"text\.(?:title|description)"),
    Row(kind="captions", tags=r"RIFF:(?:Unknown_INAM|Title)", codes=r"webp\.info\.title"),
    Row(kind="keywords", tags=f"(?:{EXIF}):XPKeywords", codes=r"exif\.[a-z-]+\.xp-keywords"),
    Row(
        kind="keywords",
        tags=r"XMP-(?:dc:Subject|lr:HierarchicalSubject|microsoft:LastKeyword\w+)",
        codes=r"xmp\.(?:dc\.subject|lr\.\w+|MicrosoftPhoto\.LastKeyword\w+)",
    ),
    Row(kind="keywords", tags=r"IPTC:Keywords", codes=r"iptc\.keywords"),
    Row(
        kind="comments",
        tags=f"(?:{EXIF}):(?:UserComment|XPComment)",
        codes=r"exif\.[a-z-]+\.(?:user-comment|xp-comment|prompt)",
    ),
    Row(kind="comments", tags=r"XMP-exif:UserComment", codes=r"xmp\.exif\.UserComment"),
    Row(
        kind="comments",
        tags=r"(?:File|GIF|PNG):Comment",
        codes=r"(?:comment|text|gif)\.\S*(?:text|comment|prompt)\S*",
    ),
    Row(
        kind="document ids",
        tags=(
            r"XMP-xmpMM:(?:\w+/)?(?:DocumentID|InstanceID|OriginalDocumentID)|"
            r"XMP-photoshop:DocumentAncestors\S*"
        ),
        codes=r"xmp\.(?:xmpMM|photoshop)\.\S+",
    ),
    Row(kind="document ids", tags=f"(?:{EXIF}):ImageUniqueID", codes=r"exif\.[a-z-]+\.unique-id"),
    Row(kind="document ids", tags=r"Photoshop:IPTCDigest", codes=r"photoshop\.digest"),
    Row(kind="document ids", tags=r"CBOR:InstanceID", codes=r"provenance\.c2pa\.instance"),
    Row(
        kind="file names",
        tags=(
            r"XMP-crs:RawFileName|(?:ExifIFD|IFD0):(?:RelatedSoundFile|OriginalRawFileName)|"
            r"CIFF:(?:OriginalFileName|ThumbnailFileName)|Photoshop:SlicesGroupName"
        ),
        codes=(
            r"xmp\.crs\.RawFileName|exif\.[a-z-]+\.(?:sound-file|raw-file-name)|"
            r"maker\.canon\.(?:file|thumbnail)-name|photoshop\.slices"
        ),
    ),
    Row(
        kind="profile texts",
        tags=r"ICC_Profile\d*:(?:ProfileDescription|Device(?:Mfg|Model)Desc)",
        codes=r"icc\.(?:profile|device-maker|device-model)",
    ),
)

#: faces, of which the real photos have none
FACES_ROW: Final = Row(
    kind="face names",
    tags=r"XMP-(?:mwg-rs|MP):\S*/(?:Name|PersonDisplayName)",
    codes=r"xmp\.(?:mwg-rs|MP)\.\S*",
)

#: What is missed, with the reason: (file, tag of ExifTool) → why
MISSED: Final = {
    ("exif-samples/jpg/WWL_(Polaroid)_ION230.jpg", "IFD0:Model"): (
        "we show what stands behind its zero byte, too"
    ),
    ("nom-exif/broken.jpg", "ExifIFD:UserComment"): (
        "its first eight bytes are no code of the standard: we show them all, ExifTool none"
    ),
    **{
        ("c2pa/test.webp", f"RIFF:Unknown_{name}"): "ExifTool tells its length, we its words"
        for name in ("IART", "ICOP", "INAM")
    },
}

#: how much of a kind at least is found (with fewer than 200 values, all of them)
RECALL: Final = 0.995
FEW: Final = 200
#: files with a position
AGREE: Final = 42


def flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the leaves of lists and structures: ``XMP-xmpMM:History/When``."""
    if isinstance(value, list):
        for one in value:
            yield from flat(name, one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from flat(f"{name}/{key}", one)
    else:
        yield name, value


@functools.cache
def seen_by_exiftool(corpus: Path) -> dict[str, list[tuple[str, object]]]:
    command = ["exiftool", "-j", "-a", "-u", "-n", "-G1:4", "-struct", "-ee3", "-r", str(corpus)]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=300)
    found = {}
    for one in json.loads(answer.stdout, parse_float=str, parse_int=str):
        name = Path(one.pop("SourceFile")).relative_to(corpus).as_posix()
        leaves: list[tuple[str, object]] = []
        for key, value in one.items():
            group, *_, tag = key.split(":")
            leaves += flat(f"{group}:{tag}", value)
        found[name] = leaves
    return found


@functools.cache
def seen_by_us(corpus: Path, name: str) -> Report | None:
    try:
        return inspect((corpus / name).read_bytes())
    except PhotoPrivacyError:
        return None


@pytest.fixture(autouse=True)
def _installed() -> None:
    if shutil.which("exiftool") is None:
        if os.environ.get("CI"):
            pytest.fail("CI runs with ExifTool")
        pytest.skip("needs exiftool")


@pytest.fixture
def exiftool(corpus: Path) -> dict[str, list[tuple[str, object]]]:
    return seen_by_exiftool(corpus)


def compared(
    corpus: Path,
    exiftool: dict[str, list[tuple[str, object]]],
    kind: str,
    rows: tuple[Row, ...] = ROWS,
) -> tuple[int, dict[tuple[str, str], str]]:
    """Return how many values of *kind* ExifTool reads, and which of them we do not."""
    count, missed = 0, {}
    for name, leaves in exiftool.items():
        report = seen_by_us(corpus, name)
        if report is None:
            continue
        for row in (row for row in rows if row.kind == kind):
            ours = {
                row.spelled(finding.value)
                for finding in report.findings
                if re.fullmatch(row.codes, finding.code, re.IGNORECASE)
            }
            for tag, value in leaves:
                told = cut(value) if isinstance(value, str) else value  # as a finding tells it
                wanted = row.spelled(told) if re.fullmatch(row.tags, tag) else ""
                if not wanted:
                    continue
                count += 1
                if wanted not in ours:
                    missed[name, tag] = wanted
    return count, missed


#: kind → how many values of it ExifTool reads in the corpus
COUNTED: Final = {
    "captions": 40,
    "comments": 15,
    "copyright": 73,
    "dates": 835,
    "gps": 208,
    "document ids": 1055,
    "file names": 11,
    "keywords": 21,
    "make": 150,
    "model": 210,
    "names": 25,
    "profile texts": 89,
    "serials": 16,
    "software": 459,
}


@pytest.mark.parametrize("kind", sorted({row.kind for row in ROWS}))
def test_every_value_of_a_kind_is_found(
    corpus: Path, exiftool: dict[str, list[tuple[str, object]]], kind: str
) -> None:
    count, missed = compared(corpus, exiftool, kind)
    unexplained = {key: value for key, value in missed.items() if key not in MISSED}

    assert count == COUNTED[kind]
    assert not unexplained
    assert len(missed) <= (1 - RECALL) * count or count < FEW


def test_what_is_excused_is_missed_indeed(
    corpus: Path, exiftool: dict[str, list[tuple[str, object]]]
) -> None:
    missed = {key for kind in COUNTED for key in compared(corpus, exiftool, kind)[1]}

    assert missed == set(MISSED)


def test_every_position_agrees(corpus: Path, exiftool: dict[str, list[tuple[str, object]]]) -> None:
    agree = 0
    wrong = []
    for name, leaves in exiftool.items():
        said = dict(leaves)
        report = seen_by_us(corpus, name)
        # "Composite" joins numbers and hemispheres; without both there is no position.
        pair = [said.get(f"Composite:GPS{part}") for part in ("Latitude", "Longitude")]
        if report is None or not all(pair):
            continue
        first, second = (float(str(part)) for part in pair)
        if (first, second) == (0, 0):  # the mark of a device without a fix
            assert report.coordinates is None
            continue
        at = report.coordinates
        near = at and max(abs(at.latitude - first), abs(at.longitude - second)) <= 1e-4
        if near:
            agree += 1
        else:
            wrong.append(name)

    assert not wrong
    assert agree == AGREE


def test_names_of_faces_agree(tmp_path: Path) -> None:
    (tmp_path / "faces.jpg").write_bytes(jpeg(in_app1(packet(FACES)), *picture()))

    found = seen_by_exiftool(tmp_path)
    count, missed = compared(tmp_path, found, "face names", (FACES_ROW,))

    assert (count, missed) == (2, {})


def test_every_record_of_iptc_agrees(tmp_path: Path) -> None:
    """Each record that holds text, written in UTF-8 with its character set announced."""
    texts = [number for number in RECORDS if number not in (42, 125, 200, 201, 202, 221, 225, 228)]
    times = (35, 38, 60, 63)
    body = record(90, b"\x1b%G", of=1) + b"".join(
        record(
            number, f"1832{number}+0200".encode() if number in times else f"wörds {number}".encode()
        )
        for number in sorted(texts)
    )
    segment = app(13, b"Photoshop 3.0\x00" + resource(0x0404, body))
    (tmp_path / "iptc.jpg").write_bytes(jpeg(segment, *picture()))

    found = seen_by_exiftool(tmp_path)
    every = Row(
        kind="records",
        tags=r"IPTC:(?!CodedCharacterSet).*",
        codes=r"iptc\..*",
        spelled=lambda value: words(value).replace(":", ""),
    )
    count, missed = compared(tmp_path, found, "records", (every,))

    assert not missed
    assert count == len(texts)
