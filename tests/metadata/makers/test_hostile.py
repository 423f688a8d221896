"""Damaged and hostile maker notes: problems, never exceptions, in bounded time."""

from __future__ import annotations

import math
import plistlib
import random
import struct
import time

import pytest

from builders_makers import (
    HEADERS,
    NOTE_AT,
    Value,
    block,
    directory,
    note,
    numbers,
    undefined,
    written,
)
from maker_samples import CLOCK, SAMPLES
from photoprivacy.containers._model import Block, BlockKind, Span
from photoprivacy.limits import Limits
from photoprivacy.metadata._exif_findings import Exif
from photoprivacy.metadata._findings import Finding
from photoprivacy.metadata.makers import block_findings
from photoprivacy.metadata.makers._cells import Cell
from photoprivacy.metadata.makers._findings import said_by
from photoprivacy.metadata.makers._model import STATED, Fact, Family
from photoprivacy.policy import Category


def read(tiff: bytes) -> tuple[list[Finding], list[str]]:
    """Return what an Exif block says of maker notes, and its problems."""
    where = Span(0, len(tiff))
    exif = Exif(Block(kind=BlockKind.EXIF, data=tiff, origin="APP1", where=where, base=0), Limits())
    found = [one for one in exif.findings() if one.code.startswith("maker.")]
    return found, [problem.what for problem in exif.problems]


def whole(family: str) -> bytes:
    """Return a block whose note has a value for every row."""
    make, _, base, order = HEADERS[family]
    rows = {one.tag: one.value for one in SAMPLES[family] if not one.inner}
    inner: dict[int, dict[int, Value]] = {}
    for one in SAMPLES[family]:
        if one.inner:
            inner.setdefault(one.inner, {})[one.tag] = one.value
    model = SAMPLES[family][-1].model or "Model One"
    outer = order if base == "block" else "<"
    return block(note(family, rows, inner), make, model, order=outer)


@pytest.mark.parametrize("family", sorted(SAMPLES))
def test_a_note_cut_anywhere_raises_nothing(family: str) -> None:
    tiff = whole(family)
    lengths = range(NOTE_AT, len(tiff), max(1, (len(tiff) - NOTE_AT) // 400))
    for length in lengths:
        read(tiff[:length])

    assert len(lengths) >= 30
    assert read(tiff)[0]


@pytest.mark.parametrize("family", sorted(SAMPLES))
def test_a_note_with_wrong_bytes_raises_nothing(family: str) -> None:
    tiff, chance = whole(family), random.Random(family)
    for _ in range(300):
        wrong = bytearray(tiff)
        for _ in range(chance.randint(1, 12)):
            # Mostly in the directory, where wrong bytes lead furthest.
            at = NOTE_AT + min(int(chance.expovariate(1 / 100)), len(tiff) - NOTE_AT - 1)
            wrong[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        read(bytes(wrong))


@pytest.mark.parametrize("seed", range(40))
def test_noise_after_a_signature_raises_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for make, header, _, _ in HEADERS.values():
        read(block(header + chance.randbytes(600), make))


@pytest.mark.parametrize("make", ["Kodak", "HP", "RECONYX", "RICOH", "DJI", "Google", "", "vivo"])
def test_noise_without_a_signature_raises_nothing(make: str) -> None:
    for seed in range(50):
        read(block(random.Random(seed).randbytes(600), make))


def test_directories_that_lead_to_each_other_end() -> None:
    entries: dict[int, Value] = {
        0x0207: written(b"D4322"),
        **dict.fromkeys((0x2010, 0x2020, 0x2040, 0x2100), (4, numbers("I", [12]))),
    }
    found, _ = read(block(note("olympus", entries), "OLYMPUS"))

    assert [one.code for one in found] == ["maker.olympus.camera-type"]


@pytest.mark.parametrize(("count", "offset"), [(2**32 - 1, 8), (2**31, 2**31), (8, 2**32 - 1)])
def test_a_value_that_cannot_be_there_is_a_problem(count: int, offset: int) -> None:
    built = bytearray(note("canon", {0x0007: written(b"1.0.0.0"), 0x0009: written(b"Ann Example")}))
    at = built.index(struct.pack("<HHI", 9, 2, 12)) + 4
    built[at : at + 8] = struct.pack("<II", count, offset)
    found, problems = read(block(bytes(built), "Canon"))

    assert [one.code for one in found] == ["maker.canon.firmware"]
    assert problems == ["maker note: a value that leaves the block"]


def test_a_signature_without_a_directory_is_a_problem() -> None:
    _, problems = read(block(b"Apple iOS\x00\x00\x01MM" + bytes(50), "Apple"))

    assert problems == ["maker note: no directory"]


def test_a_directory_outside_the_block_is_a_problem() -> None:
    entries: dict[int, Value] = {
        0x0207: written(b"D4322"),
        0x2010: (4, numbers("I", [2**31])),
    }
    _, problems = read(block(note("olympus", entries), "OLYMPUS"))

    assert problems == ["maker note: a directory outside the block"]


def bomb(levels: int) -> bytes:
    """Return a property list of lists in lists that doubles with every level."""
    said: object = 1
    for _ in range(levels):
        said = [said, said]
    return plistlib.dumps({"value": said, "timescale": 1}, fmt=plistlib.FMT_BINARY)


def itself() -> bytes:
    """Return a property list that holds itself."""
    # an array of one reference to itself; its offset; sizes, count, top object, table
    return (
        b"bplist00" + b"\xa1\x00" + b"\x08" + bytes(6) + b"\x01\x01" + struct.pack(">QQQ", 1, 0, 10)
    )


@pytest.mark.parametrize(
    "clock",
    [
        b"",
        b"bplist00",
        CLOCK[:-1],
        CLOCK[:40],
        bomb(12),
        itself(),
        plistlib.dumps([1, 2], fmt=plistlib.FMT_BINARY),
        plistlib.dumps({"value": 1, "timescale": 0}, fmt=plistlib.FMT_BINARY),
        plistlib.dumps({"value": "a", "timescale": 1}, fmt=plistlib.FMT_BINARY),
        plistlib.dumps({"value": b"a" * 4000}, fmt=plistlib.FMT_BINARY),
    ],
)
def test_a_property_list_that_is_no_clock_says_nothing(clock: bytes) -> None:
    began = time.process_time()
    found, _ = read(block(note("apple", {0x0003: undefined(clock or b"\x00")}), "Apple"))

    assert not found
    assert time.process_time() - began < 1


def test_many_large_values_and_many_notes_cost_little() -> None:
    large = {tag: undefined(b"A" * 8) for tag in range(2000)}
    built = bytearray(note("canon", large))
    for index in range(2000):
        # Every value claims the whole block.
        built[2 + 12 * index + 4 : 2 + 12 * index + 12] = struct.pack("<II", 10**6, 8)
    tiff = block(bytes(built).ljust(10**6, b"A"), "Canon")
    names: dict[int, Value] = {0x010F: written(b"Canon")}
    many = directory(names, 8)
    rows = struct.pack("<HHII", 0x927C, 7, 10**6, 8) * 5000
    block_of_notes = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 5001) + many[2:14] + rows
    began = time.process_time()
    read(tiff)
    read(block_of_notes + bytes(10**6))

    assert time.process_time() - began < 3


def test_makers_own_blocks_of_noise_raise_nothing() -> None:
    chance = random.Random(1)
    for _ in range(500):
        for head, name in (
            (b"II\x1a\x00\x00\x00HEAPJPGM", "APP0"),
            (b"MM\x00\x00\x00\x1aHEAPJPGM", "APP0"),
            (b"GoPro\x00DEVC\x00\x01", "GoPro"),
        ):
            data = head + chance.randbytes(chance.randint(0, 200))
            where = Span(0, len(data))
            made = Block(kind=BlockKind.OTHER, data=data, origin="APP0", where=where, name=name)
            list(block_findings(made, []))


@pytest.mark.parametrize("family", sorted(SAMPLES))
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 3e38])
@pytest.mark.parametrize("kind", [11, 12])
def test_numbers_that_are_none_or_infinite_say_nothing(
    family: str, value: float, kind: int
) -> None:
    make, _, base, order = HEADERS[family]
    code = "f" if kind == 11 else "d"
    rows = {one.tag: (kind, numbers(code, [value] * 40, order)) for one in SAMPLES[family]}
    model = SAMPLES[family][-1].model or "Model One"
    tiff = block(note(family, rows), make, model, order=order if base == "block" else "<")

    found, _ = read(tiff)

    for one in found:
        assert not isinstance(one.value, float) or math.isfinite(one.value)


def test_a_value_that_its_reader_did_not_foresee_is_a_problem() -> None:
    def overflows(cell: Cell) -> float:
        return math.exp(1000 * len(cell.raw))

    fact = Fact(1, "time", Category.TIME, "Time of capture", overflows, STATED)
    said: list[str] = []

    found = said_by(
        Family(code="ada", facts={"": (fact,)}), "", {1: Cell(1, 7, b"12")}, Span, "", said.append
    )

    assert list(found) == []
    assert said == ["a value that cannot be read"]
