"""Every row of the tables, on a built note: what we read, and what ExifTool calls it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builders_makers import HEADERS, Value, block, note, numbers, photo, undefined, written
from maker_samples import SAMPLES, Sample
from photoprivacy import Finding, inspect
from photoprivacy.metadata.makers._families import FAMILIES
from photoprivacy.metadata.makers._model import BUILT

FAMILIES_WITH_ROWS = sorted(set(FAMILIES) & set(HEADERS))


def made(family: str, sample: Sample) -> bytes:
    """Return a photo whose maker note says what *sample* has to say."""
    make = HEADERS[family][0]
    order = HEADERS[family][3] if HEADERS[family][2] == "block" else "<"
    usual: dict[int, Value] = {0x9999: undefined(b"\x00\x01\x02\x03")}
    if family == "nikon" and sample.tag == 0x0091:
        usual[0x001D] = written(b"3105364")
        usual[0x00A7] = (4, numbers("I", [241575], ">"))
    if family == "samsung":
        usual[0x0001] = undefined(b"0100")
    rows = {sample.tag: sample.value}
    if sample.inner:
        built = note(family, usual, {sample.inner: rows}, header=sample.header)
    else:
        built = note(family, {**usual, **rows}, header=sample.header)
    return photo(block(built, make, sample.model or "Model One", order=order))


def findings(data: bytes) -> list[Finding]:
    return [one for one in inspect(data).findings if one.code.startswith("maker.")]


@pytest.mark.parametrize("family", FAMILIES_WITH_ROWS)
def test_every_row_says_what_it_says(family: str) -> None:
    for sample in SAMPLES[family]:
        found = {one.code: one for one in findings(made(family, sample))}
        code = f"maker.{FAMILIES[family].code}.{sample.code}"
        assert code in found, sample
        assert found[code].value == sample.said
        assert found[code].origin == "exif:MakerNote"
        where = found[code].where
        assert sample.value[1][:64] in made(family, sample)[where.start : where.stop]


@pytest.mark.parametrize("family", FAMILIES_WITH_ROWS)
def test_no_row_is_without_a_sample(family: str) -> None:
    inner = {name: tag for tag, name in FAMILIES[family].inner.items()}
    rows = {
        (inner.get(name, 0) & 0xFFFF, fact.tag, fact.code)
        for name, facts in FAMILIES[family].facts.items()
        for fact in facts
        if not (family == "leica" and fact in FAMILIES["panasonic"].facts[""])
    }
    directories = FAMILIES[family].inner
    sampled = {
        (inner.get(directories.get(one.inner, ""), 0), one.tag, one.code) for one in SAMPLES[family]
    }
    assert rows == sampled


def test_no_row_claims_to_be_read_by_exiftool_that_is_not() -> None:
    named = {
        (family, one.tag, one.code, bool(one.inner))
        for family in FAMILIES_WITH_ROWS
        for one in SAMPLES[family]
        if one.name
    }
    claimed = {
        (family, fact.tag, fact.code, bool(name))
        for family in FAMILIES_WITH_ROWS
        for name, facts in FAMILIES[family].facts.items()
        for fact in facts
        if fact.checked == BUILT
        and not (family == "leica" and fact in FAMILIES["panasonic"].facts[""])
    }

    assert len(claimed) > 100
    assert claimed <= named, sorted(claimed - named)


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
def test_exiftool_reads_the_same_from_every_sample(tmp_path: Path) -> None:
    asked: dict[str, tuple[str, Sample]] = {}
    for family in FAMILIES_WITH_ROWS:
        for number, sample in enumerate(SAMPLES[family]):
            if sample.name:
                name = f"{family}-{number:02}.jpg"
                (tmp_path / name).write_bytes(made(family, sample))
                asked[name] = (family, sample)
    assert len(asked) > 150
    spelled, bare = (exiftool(tmp_path, *options) for options in ((), ("-n",)))
    assert set(spelled) == set(bare) == set(asked)
    wrong = []
    for name, (family, sample) in asked.items():
        said = [record[name].get(f"MakerNotes:{sample.name}") for record in (spelled, bare)]
        if not any(alike(one, sample.said) for one in said):
            wrong.append((family, hex(sample.tag), sample.name, *said, sample.said))
    assert not wrong, "\n".join(map(str, wrong))


def exiftool(folder: Path, *options: str) -> dict[str, dict[str, object]]:
    """Return what ExifTool reads from the maker notes of every file of *folder*."""
    command = ["exiftool", "-j", "-a", "-u", "-G0", "-MakerNotes:all", *options, str(folder)]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=120)
    return {Path(one["SourceFile"]).name: one for one in json.loads(answer.stdout)}


def alike(theirs: object, ours: object) -> bool:
    """Return whether two spellings say the same."""
    one, other = (re.sub(r"[^0-9a-z]", "", str(said).lower()) for said in (theirs, ours))
    if one.removeprefix("0x").lstrip("0") == other.lstrip("0") or ours in words_of(theirs):
        return True
    if one.startswith(str(ours).encode().hex()) or str(theirs).removesuffix(".00") == ours:
        return True
    try:
        return float(str(theirs)) == float(str(ours))
    except ValueError:
        return False


def words_of(said: object) -> list[object]:
    """Return the numbers in a sentence of ExifTool's."""
    return [int(one) for one in re.findall(r"[0-9]+", str(said))]
