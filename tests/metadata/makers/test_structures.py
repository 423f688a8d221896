"""Maker notes without a directory, and makers' own blocks beside Exif."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from builders import app, jpeg, picture
from builders_makers import block, numbers, photo
from maker_samples import placed
from photoprivacy import Category, Finding, inspect

#: maker, note, what is said by code, what ExifTool says by name
STRUCTURES: dict[str, tuple[str, bytes, dict[str, object], dict[str, object]]] = {
    "reconyx": (
        "RECONYX",
        placed(
            200,
            (0, numbers("H", [0xF101, 3, 3, 0])),
            (8, numbers("H", [0x2011, 0x0110])),
            (0x16, numbers("H", [1, 2, 10, 3, 16, 2020])),
            (0x2A, "H500EE06130468".encode("utf-16-le")),
            (0x56, b"BACK GARDEN"),
        ),
        {
            "reconyx.serial": "H500EE06130468",
            "reconyx.time": "2020:03:16 10:02:01",
            "reconyx.label": "BACK GARDEN",
        },
        {"SerialNumber": "H500EE06130468", "UserLabel": "BACK GARDEN"},
    ),
    "reconyx ultrafire": (
        "RECONYX",
        placed(
            0x80,
            (0, b"RECONYXUF\x00"),
            (0x3B, b"\x01\x02\x0a\x10\x03" + numbers("H", [2020])),
            (0x4B, b"U123456789"),
            (0x5A, b"BACK GARDEN"),
        ),
        {
            "reconyx.serial": "U123456789",
            "reconyx.time": "2020:03:16 10:02:01",
            "reconyx.label": "BACK GARDEN",
        },
        {
            "SerialNumber": "U123456789",
            "UserLabel": "BACK GARDEN",
            "DateTimeOriginal": "2020:03:16 10:02:01",
        },
    ),
    "reconyx hyperfire 2": (
        "RECONYX",
        placed(
            0xA0,
            (0, b"RECONYXH2\x00"),
            (0x2A, numbers("H", [4, 5, 6])),
            (0x30, numbers("H", [0x2019, 0x0110])),
            (0x3E, numbers("H", [1, 2, 10, 16, 3, 2020])),
            (0x68, b"BACK GARDEN"),
            (0x7E, "H2X1234567".encode("utf-16-le")),
        ),
        {
            "reconyx.serial": "H2X1234567",
            "reconyx.time": "2020:03:16 10:02:01",
            "reconyx.label": "BACK GARDEN",
            "reconyx.firmware-date": "2019:01:10",
        },
        {
            "SerialNumber": "H2X1234567",
            "UserLabel": "BACK GARDEN",
            "DateTimeOriginal": "2020:03:16 10:02:01",
            "FirmwareDate": "2019:01:10",
        },
    ),
    "kodak": (
        "EASTMAN KODAK COMPANY",
        placed(
            0x80,
            (0, b"KDK0100\x00DC4800\x00"),
            (0x18, numbers("H", [2001]) + b"\x03\x04\x15\x05\x06\x07"),
        ),
        {"kodak.time": "2001:03:04 21:05:06"},
        {"YearCreated": 2001, "MonthDayCreated": "03:04", "TimeCreated": "21:05:06.07"},
    ),
    "kodak without a name": (
        "EASTMAN KODAK COMPANY",
        placed(0x60, (0x0C, numbers("H", [1999], ">") + b"\x05\x19\x15\x00\x09\x3e")),
        {"kodak.time": "1999:05:25 21:00:09"},
        {"YearCreated": 1999, "TimeCreated": "21:00:09.62"},
    ),
    "kodak with a file": (
        "Eastman Kodak Company",
        placed(0x48, (0x20, b"DCP01011.JPG")),
        {"kodak.file-name": "DCP01011.JPG"},
        {"OriginalFileName": "DCP01011.JPG"},
    ),
    "kodak with a serial number": (
        "EASTMAN KODAK COMPANY",
        placed(0x40, (0, b"KCKCV53814962 \x00")),
        {"kodak.serial": "KCKCV53814962"},
        {"SerialNumber": "KCKCV53814962"},
    ),
    "kodak spelled": (
        "EASTMAN KODAK COMPANY",
        placed(
            0x100,
            (0, b"IIII\x02\x00"),
            (0x14, b"2012/03/04 21:05:06"),
            (0x57, b"1.02"),
        ),
        {"kodak.time": "2012/03/04 21:05:06", "kodak.firmware": "1.02"},
        {"DateTimeOriginal": "2012:03:04 21:05:06", "FirmwareVersion": 1.02},
    ),
    "hp": (
        "Hewlett-Packard",
        b"610\x00HP PhotoSmart\x00Serial Number:CN123456\x00Lens Shading:on\x00",
        {"hp.serial": "CN123456"},
        {"SerialNumber": "CN123456"},
    ),
    "hp spelled": (
        "Hewlett-Packard",
        placed(
            0x100,
            (0, b"IIII\x04\x00"),
            (0x14, b"2012:03:04 21:05:06"),
            (0x5C, b"SERIAL NUMBER:CN65432"),
        ),
        {"hp.time": "2012:03:04 21:05:06", "hp.serial": "CN65432"},
        {"CameraDateTime": "2012:03:04 21:05:06", "SerialNumber": "CN65432"},
    ),
    "ricoh": (
        "RICOH",
        b"Rv0207;Sf6C84;Rg76;Bg60;Gg42;",
        {"ricoh.firmware": "2.07"},
        {"FirmwareVersion": 2.07},
    ),
    "dji": (
        "DJI",
        b"[ae_dbg_info:][sensor_id:3QXDJ0500312][FlightDegree(Y,P,R):10,20,30]\x00",
        {"dji.sensor-id": "3QXDJ0500312", "dji.attitude": "10,20,30"},
        {"SensorID": "3QXDJ0500312"},
    ),
}


def made(name: str) -> bytes:
    make, note, _, _ = STRUCTURES[name]
    return photo(block(note, make, "Model One"))


def findings(data: bytes) -> dict[str, Finding]:
    return {one.code: one for one in inspect(data).findings if one.code.startswith("maker.")}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_note_without_a_directory_says_what_it_says(name: str) -> None:
    found = {code.removeprefix("maker."): one.value for code, one in findings(made(name)).items()}

    assert found == found | STRUCTURES[name][2]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
def test_exiftool_reads_the_same(tmp_path: Path) -> None:
    for name in STRUCTURES:
        (tmp_path / f"{name}.jpg").write_bytes(made(name))
    command = ["exiftool", "-j", "-a", "-u", "-G0", "-MakerNotes:all", str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=120)
    records = {Path(one["SourceFile"]).stem: one for one in json.loads(answer.stdout)}

    wrong = [
        (name, tag, records[name].get(f"MakerNotes:{tag}"), said)
        for name, (*_, tags) in STRUCTURES.items()
        for tag, said in tags.items()
        if records[name].get(f"MakerNotes:{tag}") != said
    ]
    assert len(records) == len(STRUCTURES)
    assert not wrong


def heap(records: dict[int, bytes]) -> bytes:
    """Return a CIFF heap: values, then its directory, then where that is."""
    values, rows = b"", []
    for tag, value in records.items():
        rows.append(struct.pack("<HII", tag, len(value), len(values)))
        values += value
    directory = struct.pack("<H", len(rows)) + b"".join(rows)
    return values + directory + struct.pack("<I", len(values))


def ciff(**heaps: bytes) -> bytes:
    inner = heap({0x300A: heap({0x180E: numbers("I", [972687386, 0, 0]), 0x0816: b"A.JPG\x00"})})
    whole = heap({
        0x300B: inner,
        0x2807: heap({0x0810: b"Chris Example\x00", 0x080B: b"Firmware Version 01.00\x00"}),
        0x180B: numbers("I", [730267814]),
        **{int(tag, 16): value for tag, value in heaps.items()},
    })  # fmt: skip
    return b"II\x1a\x00\x00\x00HEAPJPGM\x00\x00\x01\x00" + bytes(8) + whole


def test_canons_first_cameras_name_their_owner_beside_exif() -> None:
    data = jpeg(app(0, ciff()), picture())
    found = findings(data)

    assert found["maker.canon.owner"].value == "Chris Example"
    assert found["maker.canon.owner"].category is Category.PERSON
    assert found["maker.canon.serial"].value == "0730267814"
    assert found["maker.canon.firmware"].value == "Firmware Version 01.00"
    assert found["maker.canon.time"].value == "2000:10:27 22:56:26"
    assert found["maker.canon.file-name"].value == "A.JPG"
    where = found["maker.canon.owner"].where
    assert data[where.start : where.stop] == b"Chris Example\x00"


def test_a_heap_that_holds_itself_ends() -> None:
    data = ciff()
    looped = bytearray(data)
    at = data.rindex(struct.pack("<H", 0x2807))
    looped[at + 2 : at + 10] = struct.pack("<II", len(data) - 0x1A, 0)

    assert "maker.canon.time" in findings(jpeg(app(0, bytes(looped)), picture()))


def klv(key: bytes, kind: bytes, value: bytes, size: int = 1) -> bytes:
    head = key + kind + bytes([size]) + (len(value) // size).to_bytes(2, "big")
    return head + value + bytes(-len(value) % 4)


def gopro() -> bytes:
    inner = (
        klv(b"CASN", b"c", b"C3221324545448")
        + klv(b"MUID", b"L", bytes(range(32)), 4)
        + klv(b"FMWR", b"c", b"HD9.01.01.72.00")
        + klv(b"GPS5", b"l", bytes(range(20)), 20)
        + klv(b"GPSU", b"U", b"200102030405.000", 16)
    )
    return jpeg(app(6, b"GoPro\x00" + klv(b"DEVC", b"\x00", inner)), picture())


def test_a_gopro_says_its_serial_number_and_that_it_knows_where_it_was() -> None:
    found = findings(gopro())

    assert found["maker.gopro.serial"].value == "C3221324545448"
    assert found["maker.gopro.unique-id"].value == bytes(range(32)).hex()
    assert found["maker.gopro.firmware"].value == "HD9.01.01.72.00"
    assert found["maker.gopro.gps-time"].value == "2020:01:02 03:04:05"
    assert found["maker.gopro.gps"].category is Category.LOCATION


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
def test_exiftool_reads_the_same_beside_exif(tmp_path: Path) -> None:
    records = {}
    for name, data in (("gopro", gopro()), ("ciff", jpeg(app(0, ciff()), picture()))):
        # One call a file: the byte order of one file lingers for GoPro's identifier in the next.
        file = tmp_path / f"{name}.jpg"
        file.write_bytes(data)
        command = ["exiftool", "-j", "-u", "-ee", str(file)]
        answer = subprocess.run(command, capture_output=True, check=False, timeout=120)
        [records[name]] = json.loads(answer.stdout)

    assert records["gopro"]["CameraSerialNumber"] == "C3221324545448"
    assert records["gopro"]["MediaUniqueID"] == bytes(range(32)).hex()
    assert records["gopro"]["FirmwareVersion"] == "HD9.01.01.72.00"
    assert records["gopro"]["GPSDateTime"] == "2020:01:02 03:04:05.000"
    assert records["ciff"]["OwnerName"] == "Chris Example"
    assert records["ciff"]["OriginalFileName"] == "A.JPG"
    assert records["ciff"]["DateTimeOriginal"] == "2000:10:27 22:56:26"


def test_lengths_that_lie_end_a_gopros_block() -> None:
    for size in (b"\xff\xff\xff", b"\x00\xff\xff", b"\xff\x00\x00"):
        data = b"GoPro\x00" + b"DEVC\x00" + size + b"CASNc" + size + b"C32213" * 3
        assert not findings(jpeg(app(6, data), picture()))
