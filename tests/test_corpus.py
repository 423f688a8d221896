"""Real photos, all of them: accounted for, clean, and not one pixel changed."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import warnings
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from photoprivacy import (
    CannotStrip,
    Format,
    Limits,
    MalformedImage,
    PhotoPrivacyError,
    Policy,
    UnsupportedFormat,
    inspect,
    strip,
)
from photoprivacy.containers import parse

#: How many files of the corpus are in each of our formats. A lost file fails.
EXPECTED = {Format.JPEG: 113, Format.PNG: 44, Format.WEBP: 6, Format.HEIC: 0, Format.AVIF: 0}

#: Files that a decoder opens and `strip` refuses, with the reason to expect.
REFUSED: dict[str, str] = {}


def files(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.is_file() and path.suffix != ".md")


def photos(corpus: Path) -> list[tuple[Path, bytes]]:
    found = []
    for path in files(corpus):
        data = path.read_bytes()
        try:
            parse(data, Limits())
        except UnsupportedFormat:
            continue
        except MalformedImage:
            pass
        found.append((path, data))
    return found


def decoded(data: bytes) -> tuple[object, ...] | None:
    """Return what a viewer shows of *data*, or ``None`` when it shows nothing.

    Every frame with its duration, in the picture's own mode; for files with further
    pictures behind the first (MPO), the first.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as image:
                count = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
                frames = []
                for number in range(count):
                    image.seek(number)
                    upright = ImageOps.exif_transpose(image)
                    frames.append(
                        (image.mode, upright.size, upright.tobytes(), image.info.get("duration"))
                    )
                return (*frames, image.info.get("icc_profile"), image.info.get("transparency"))
        except Exception:  # noqa: BLE001 - whatever a decoder raises: it shows nothing
            return None


@pytest.fixture(scope="module", autouse=True)
def _heif() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()


def test_every_file_is_accounted_for_or_refused_by_type(corpus: Path) -> None:
    seen: Counter[str] = Counter()
    for path in files(corpus):
        data = path.read_bytes()
        try:
            container = parse(data, Limits())
        except PhotoPrivacyError as error:
            seen[type(error).__name__] += 1
            continue
        container.check_tiling()
        seen[container.format] += 1

    assert seen.total() == 297
    assert seen[Format.JPEG] == 113


def test_every_readable_photo_is_cleaned_and_looks_the_same(corpus: Path) -> None:
    done: Counter[str] = Counter()
    refused: dict[str, str] = {}
    for path, data in photos(corpus):
        before = decoded(data)
        name = path.relative_to(corpus).as_posix()
        try:
            clean = strip(data)
        except (CannotStrip, MalformedImage) as error:
            if before is not None:
                refused[name] = str(error)
            continue
        done[clean.format] += 1
        assert not inspect(clean.data).violations(), name
        assert decoded(clean.data) == before, name
        again = strip(clean.data)
        assert again.data == clean.data, name
        assert not again.changed, name

    assert refused == REFUSED
    assert done.total() > 200


@pytest.mark.parametrize(
    "group", ["EXIF", "XMP", "IPTC", "GPS", "MakerNotes", "Photoshop", "JUMBF"]
)
def test_exiftool_finds_nothing_of_a_group(corpus: Path, group: str) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("needs exiftool")
    found = _exiftool(corpus)

    assert len(found) > 200
    leaks = {name: tags for name, groups in found.items() if (tags := groups.get(group))}
    assert not leaks


_CACHE: dict[str, dict[str, dict[str, list[str]]]] = {}


def _exiftool(corpus: Path) -> dict[str, dict[str, list[str]]]:
    """Return what ExifTool says of every cleaned photo: name → group → tags."""
    if "all" in _CACHE:
        return _CACHE["all"]
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (path, data) in enumerate(photos(corpus)):
            try:
                clean = strip(data, Policy.SHARE)
            except PhotoPrivacyError:
                continue
            target = Path(folder, f"{number:04}{clean.format.suffix}")
            target.write_bytes(clean.data)
            names[target.name] = path.relative_to(corpus).as_posix()
        command = ["exiftool", "-j", "-G0", "-a", "-u", "-ee3", "-n", folder]
        answer = subprocess.run(command, capture_output=True, check=False, timeout=300)
        found: dict[str, dict[str, list[str]]] = {}
        for record in json.loads(answer.stdout):
            groups: dict[str, list[str]] = {}
            for key in record:
                group, _, tag = key.partition(":")
                # The one tag that a clean file may have: which side is up.
                if tag and (group, tag) != ("EXIF", "Orientation"):
                    groups.setdefault(group, []).append(tag)
            found[names[Path(record["SourceFile"]).name]] = groups
    _CACHE["all"] = found
    return found
