"""Real photos: what ExifTool finds in maker notes of people, devices and times, we find too."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import attrs
import pytest

from photoprivacy import Finding, PhotoPrivacyError, inspect
from photoprivacy.metadata.makers._blocks import CIFF, GOPRO, SAMSUNG_DATA
from photoprivacy.metadata.makers._families import FAMILIES
from photoprivacy.metadata.makers._model import REAL

#: kind → how ExifTool's tags of that kind are called
KINDS = {
    "serial": r"\w*SerialNumber\d*",
    "owner": r"\w*OwnerName|Artist|Copyright|UserLabel",
    "name": r"(\w*Face\d*Name|BabyName|PetName)",
    "date": r"\w*(DateTime\w*|TimeStamp|PowerUpTime|TimeCreated)|\w*Date\d?",
    "position": r"GPS\w+|Location(Name)?|\w*City\d?|Country|State|Landmark",
    "firmware": r"\w*Firmware(Version|Revision|Name|ID)?\d*|Software\w*",
    "id": r"\w*(UUID|UniqueID|RequestID|ReqestID|PhotoIdentifier)|ContentIdentifier|RunTimeValue",
}  # fmt: skip

#: (name of a file, tag of ExifTool) → why we do not say it. None is left.
ACCEPTED: dict[tuple[str, str], str] = {}


@attrs.frozen
class Told:
    """One tag of one file, as ExifTool tells it."""

    file: str
    kind: str
    tag: str
    value: str


def told(corpus: Path) -> list[Told]:
    """Return what ExifTool tells of every kind, from groups of makers."""
    command = ["exiftool", "-j", "-a", "-u", "-r", "-G0:1:4", "-MakerNotes:all", str(corpus)]
    answer = subprocess.run(command, capture_output=True, check=False, timeout=300)
    found = []
    for record in json.loads(answer.stdout):
        for key, value in record.items():
            tag = key.rpartition(":")[2]
            kind = next((kind for kind in KINDS if re.fullmatch(KINDS[kind], tag)), None)
            if kind and says_something(str(value)):
                found.append(Told(record["SourceFile"], kind, tag, str(value)))
    return found


def says_something(value: str) -> bool:
    """Return whether it is more than a mark for nothing."""
    return bool(re.search(r"[1-9a-zA-Z]", value)) and value not in ("n/a", "(not set)", "None")


def letters(value: object) -> str:
    return re.sub(r"[^0-9a-z]", "", str(value).lower())


def finds(findings: list[Finding], one: Told) -> bool:
    """Return whether a finding says what ExifTool tells."""
    theirs = letters(one.value)
    for finding in findings:
        ours = letters(finding.value)
        if one.tag == "RunTimeValue":
            ours = letters(str(finding.value).replace(".", "")).lstrip("0")
        # ExifTool tells a hundredth of a second, or a part of a second, more.
        if theirs == ours or theirs.lstrip("0") == ours.lstrip("0"):
            return True
        if one.kind == "date" and len(ours) >= 8 and theirs.startswith(ours):
            return True
        if one.tag == "TimeCreated" and theirs[:6] == ours[-6:]:
            return True
    return False


@pytest.fixture(scope="module")
def compared(corpus: Path) -> list[tuple[Told, bool]]:
    """What ExifTool tells of files that we read, and whether we find it."""
    if shutil.which("exiftool") is None:
        pytest.skip("needs exiftool")
    cached: dict[str, list[Finding] | None] = {}
    answers = []
    for one in told(corpus):
        if one.file not in cached:
            try:
                found = inspect(Path(one.file).read_bytes()).findings
            except PhotoPrivacyError:
                cached[one.file] = None
            else:
                cached[one.file] = [f for f in found if f.code.startswith("maker.")]
        findings = cached[one.file]
        if findings is not None:
            answers.append((one, finds(findings, one)))
    return answers


def test_nothing_telling_in_a_maker_note_is_missed(compared: list[tuple[Told, bool]]) -> None:
    missed = {(Path(one.file).name, one.tag) for one, found in compared if not found}

    assert missed == set(ACCEPTED)


@pytest.mark.parametrize(
    ("kind", "least"),
    [("serial", 12), ("owner", 5), ("date", 9), ("firmware", 15), ("id", 20), ("position", 1)],
)
def test_recall_of_a_kind(compared: list[tuple[Told, bool]], kind: str, least: int) -> None:
    counts = Counter(
        found
        for one, found in compared
        if one.kind == kind and (Path(one.file).name, one.tag) not in ACCEPTED
    )

    assert counts.total() >= least
    assert counts[True] / counts.total() >= 0.995


def test_rows_that_were_checked_on_a_real_photo_say_something_of_one(corpus: Path) -> None:
    said = set()
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        try:
            said |= {finding.code for finding in inspect(path.read_bytes()).findings}
        except PhotoPrivacyError:
            continue
    families = (*FAMILIES.values(), CIFF, GOPRO, SAMSUNG_DATA)
    rows = {
        f"maker.{family.code}.{fact.code}"
        for family in families
        for facts in family.facts.values()
        for fact in facts
        if fact.checked == REAL and family.code != "leica"  # shares Panasonic's rows
    }

    assert len(rows) > 40
    assert rows <= said
