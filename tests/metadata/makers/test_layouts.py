"""Where directories of maker notes are: every layout, moved notes, and odd byte orders."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from builders_makers import (
    NOTE_AT,
    Value,
    block,
    directory,
    note,
    numbers,
    photo,
    undefined,
    written,
)
from photoprivacy import Finding, inspect
from photoprivacy.metadata.makers._layouts import LAYOUTS

SERIAL = b"A1B2C3D4E5"

#: maker, first bytes, what offsets count from, byte order of the note and of its block, tag,
#: code of the finding, ExifTool's name; it reads a serial number of Sony's only when
#: it consists of digits, and Agfa's notes not at all
LAID_OUT = {
    "apple": ("Apple", b"Apple iOS\x00\x00\x01MM", "note", ">", ">", 0x11, "apple.content-identifier", "MediaGroupUUID"),
    "nikon": ("NIKON", b"Nikon\x00\x02\x11\x00\x00MM\x00*\x00\x00\x00\x08", "header", ">", "<", 0x1D, "nikon.serial", "SerialNumber"),
    "nikon little": ("NIKON", b"Nikon\x00\x02\x11\x00\x00II*\x00\x08\x00\x00\x00", "header", "<", ">", 0x1D, "nikon.serial", "SerialNumber"),
    "nikon bare": ("NIKON", b"", "block", ">", ">", 0x1D, "nikon.serial", "SerialNumber"),
    "sony pi": ("SONY", b"SONY PI\x00\x01\x00\x00\x00", "block", "<", "<", 0x404, "olympus.serial", "SerialNumber"),
    "sony": ("SONY", b"SONY DSC \x00\x00\x00", "block", "<", "<", 0x2031, "sony.serial", ""),
    "sony bare": ("SONY", b"", "block", "<", "<", 0x2031, "sony.serial", ""),
    "fujifilm": ("FUJIFILM", b"FUJIFILM\x0c\x00\x00\x00", "note", "<", ">", 0x10, "fujifilm.internal-serial", "InternalSerialNumber"),
    "om system": ("OM Digital Solutions", b"OM SYSTEM\x00\x00\x00II\x04\x00", "note", "<", "<", 0x404, "olympus.serial", "SerialNumber"),
    "olympus": ("OLYMPUS", b"OLYMPUS\x00II\x03\x00", "note", "<", ">", 0x404, "olympus.serial", "SerialNumber"),
    "olympus old": ("OLYMPUS", b"OLYMP\x00\x01\x00", "block", "<", "<", 0x404, "olympus.serial", "SerialNumber"),
    "epson": ("SEIKO EPSON", b"EPSON\x00\x01\x00", "block", ">", ">", 0x404, "olympus.serial", "SerialNumber"),
    "panasonic": ("Panasonic", b"Panasonic\x00\x00\x00", "block", "<", "<", 0x25, "panasonic.internal-serial", "InternalSerialNumber"),
    "leica as panasonic": ("LEICA", b"LEICA\x00\x00\x00", "block", "<", "<", 0x25, "leica.internal-serial", "InternalSerialNumber"),
    "pentax": ("PENTAX Corporation", b"AOC\x00MM", "block", ">", ">", 0x229, "pentax.serial", "SerialNumber"),
    "pentax new": ("PENTAX", b"PENTAX \x00MM", "note", ">", "<", 0x229, "pentax.serial", "SerialNumber"),
    "ricoh as pentax": ("RICOH IMAGING COMPANY, LTD.", b"RICOH\x00II", "note", "<", ">", 0x229, "pentax.serial", "SerialNumber"),
    "ricoh": ("RICOH", b"Ricoh\x00\x00\x00", "block", "<", "<", 0x02, "ricoh.firmware", "FirmwareVersion"),
    "casio": ("CASIO", b"QVC\x00\x00\x00", "block", ">", ">", 0x3006, "casio.home-city", "HometownCity"),
    "sanyo": ("SANYO", b"SANYO\x00\x01\x00", "block", "<", "<", 0x207, "sanyo.software", "SoftwareVersion"),
    "sigma": ("SIGMA", b"SIGMA\x00\x00\x00\x01\x00", "block", "<", "<", 0x02, "sigma.serial", "SerialNumber"),
    "foveon": ("SIGMA", b"FOVEON\x00\x00\x01\x00", "block", "<", "<", 0x02, "sigma.serial", "SerialNumber"),
    "motorola": ("motorola", b"MOT\x00\x00\x00\x00\x00", "note", "<", "<", 0x5501, "motorola.serial", "SerialNumber"),
    "canon": ("Canon", b"", "block", ">", ">", 0x09, "canon.owner", "OwnerName"),
    "sony cam": ("SONY", b"SONY CAM \x00\x00\x00", "block", "<", "<", 0x2031, "sony.serial", ""),
    "sony mobile": ("Sony", b"SONY MOBILE\x00", "block", "<", "<", 0x2031, "sony.serial", ""),
    "sony pic": ("SONY", b"\x00\x00SONY PIC\x00\x00", "block", "<", "<", 0x2031, "sony.serial", ""),
    "sony vhab": ("Hasselblad", b"VHAB     \x00\x00\x00", "block", "<", "<", 0x2031, "sony.serial", ""),
    "sony premi": ("SONY", b"PREMI\x00\x01\x00", "block", "<", "<", 0x404, "olympus.serial", "SerialNumber"),
    "ge": ("GENERAL IMAGING CO.", b"GENERALE\x0c\x00\x00\x00", "note", "<", "<", 0x10, "fujifilm.internal-serial", "InternalSerialNumber"),
    "agfa": ("AGFAPHOTO", b"AGFA \x00\x01\x00", "block", "<", "<", 0x404, "olympus.serial", ""),
    "minolta as olympus": ("Minolta", b"MINOL\x00\x01\x00", "block", "<", "<", 0x404, "olympus.serial", "SerialNumber"),
    "minolta as olympus too": ("Minolta", b"CAMER\x00\x01\x00", "block", "<", "<", 0x404, "olympus.serial", "SerialNumber"),
    "leica new": ("LEICA CAMERA AG", b"LEICA\x00\x05\x00", "note", "<", "<", 0x500, "leica.internal-serial", "InternalSerialNumber"),
    "leica newest": ("LEICA CAMERA AG", b"LEICA CAMERA AG\x00\x00\x00", "block", "<", "<", 0x25, "leica.internal-serial", "InternalSerialNumber"),
    "ricoh as pentax, big": ("RICOH IMAGING COMPANY, LTD.", b"RICOH\x00MM", "note", ">", ">", 0x229, "pentax.serial", "SerialNumber"),
    "ricoh loud": ("RICOH", b"RICOH\x00\x00\x00", "block", "<", "<", 0x02, "ricoh.firmware", "FirmwareVersion"),
    "casio dci": ("CASIO", b"DCI\x00\x00\x00", "block", ">", ">", 0x3006, "casio.home-city", "HometownCity"),
    "samsung": ("SAMSUNG", b"", "note", "<", "<", 0xA002, "samsung.serial", "SerialNumber"),
}  # fmt: skip


def laid_out(name: str) -> bytes:
    """Return a photo whose note has the layout *name*, with one text of ten letters."""
    make, header, base, order, outer, tag, _, _ = LAID_OUT[name]
    before = {"block": NOTE_AT, "note": 0, "header": -10}[base] + len(header)
    entries: dict[int, Value] = {0x0001: undefined(b"0100"), tag: written(SERIAL)}
    built = header + directory(entries, before, order)
    return photo(block(built, make, "Model One", order=outer))


def findings(data: bytes) -> dict[str, Finding]:
    return {one.code: one for one in inspect(data).findings if one.code.startswith("maker.")}


@pytest.mark.parametrize("name", LAID_OUT)
def test_a_text_is_read_through_every_layout(name: str) -> None:
    data = laid_out(name)
    found = findings(data)[f"maker.{LAID_OUT[name][6]}"]

    assert found.value == SERIAL.decode()
    assert data[found.where.start : found.where.stop] == SERIAL + b"\x00"


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
def test_exiftool_reads_every_layout_as_we_do(tmp_path: Path) -> None:
    for name in LAID_OUT:
        (tmp_path / f"{name}.jpg").write_bytes(laid_out(name))
    command = ["exiftool", "-j", "-a", "-u", "-G0", "-MakerNotes:all", str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=120)
    records = {Path(one["SourceFile"]).stem: one for one in json.loads(answer.stdout)}

    wrong = [
        name
        for name, (*_, tag) in LAID_OUT.items()
        if tag and records[name].get(f"MakerNotes:{tag}") != SERIAL.decode()
    ]
    assert len(records) == len(LAID_OUT)
    assert not wrong, [records[name] for name in wrong]


def test_every_signature_is_tried() -> None:
    tried = [(make.lower(), header) for make, header, *_ in LAID_OUT.values()]
    structures = ("reconyx", "ricoh-text", "kodak", "dji-text", "nikon-old")
    missing = [
        row
        for row in LAYOUTS
        if row.signature
        and row.family not in structures
        and not any(make.startswith(row.make) and head.startswith(row.signature) for make, head in tried)
    ]  # fmt: skip

    assert not missing


@pytest.mark.parametrize("moved", [46, 200, -100])
def test_a_note_that_software_moved_is_read_where_its_values_are_now(moved: int) -> None:
    entries = {0x0007: written(b"Firmware Version 1.00"), 0x0009: written(b"Ann Example")}
    stale = note("canon", entries)
    found = findings(photo(block(stale, "Canon", "Canon EOS 5D", at=NOTE_AT + moved)))

    assert found["maker.canon.owner"].value == "Ann Example"


def test_canons_footer_says_where_a_note_was() -> None:
    entries = {0x0007: written(b"Firmware Version 1.00"), 0x0009: written(b"Ann Example")}
    far: dict[int, Value] = {0x00AA: (7, bytes(2000))}
    whole = note("canon", {**entries, **far})
    # The last value was cut off, so that no guess explains all that stands in the note.
    stale = whole[:400] + b"II*\x00" + struct.pack("<I", NOTE_AT)
    found = findings(photo(block(stale, "Canon", "Canon EOS 5D", at=NOTE_AT + 64)))

    assert found["maker.canon.owner"].value == "Ann Example"


def test_a_stale_offset_that_leads_to_garbage_says_nothing() -> None:
    entries = {0x0009: written(b"Ann Example"), 0x0028: (1, bytes(range(16)))}
    built = bytearray(note("canon", entries))
    at = built.index(struct.pack("<HHI", 9, 2, 12)) + 8
    built[at : at + 4] = struct.pack("<I", 2)  # into the block's own header
    found = findings(photo(block(bytes(built), "Canon")))

    assert "maker.canon.owner" not in found
    assert "maker.canon.unique-id" in found


def test_a_note_in_the_other_byte_order_than_it_says_is_read() -> None:
    entries = {0x001D: written(b"3105364"), 0x00A7: (4, numbers("I", [42]))}
    head = b"Nikon\x00\x02\x11\x00\x00MM\x00*\x00\x00\x00\x08"
    wrong = head + directory(entries, 8, "<")

    assert findings(photo(block(wrong, "NIKON")))["maker.nikon.serial"].value == "3105364"


@pytest.mark.parametrize("text", [b"", b"----", b"\xff" * 8, b"\x01\x02\x03\x04\x05\x06", b"   "])
def test_padding_is_no_name(text: bytes) -> None:
    built = note("canon", {0x0009: written(text, 32)})

    assert "maker.canon.owner" not in findings(photo(block(built, "Canon")))


def test_names_are_read_in_the_spelling_they_have() -> None:
    for spelled in ("Renée".encode(), "Renée".encode("latin-1")):
        built = note("canon", {0x0009: written(spelled, 32)})
        found = findings(photo(block(built, "Canon")))
        assert found["maker.canon.owner"].value == "Renée"
