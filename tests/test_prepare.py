"""The file to post instead: what each destination takes, and nothing that the owner did not say."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from photoprivacy import CannotStrip, Format, Policy, UnsupportedFormat, inspect, strip
from photoprivacy.destinations import ACCEPTS, Destination, prepare
from photoprivacy.testing import sample_photo


def noise(width: int, height: int, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture that does not get small, with a position in it."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 42.0, 50.0), 3: "W", 4: (9.0, 8.0, 0.0)})
    exif[0x010F] = "Canary Cameras"
    picture = Image.effect_noise((width, height), 90).convert("RGB")
    picture.save(file, kind, exif=exif, **options)
    return file.getvalue()


@pytest.mark.parametrize("destination", Destination)
def test_a_small_jpeg_keeps_its_pixels_everywhere(destination: Destination) -> None:
    ready = prepare(sample_photo(), destination)

    assert ready.redrawn == ()
    assert ready.data == strip(sample_photo()).data
    assert (ready.format, ready.width, ready.height) == (Format.JPEG, 320, 240)


def test_what_may_stay_is_for_the_policy_to_say() -> None:
    ready = prepare(sample_photo(), Destination.MASTODON, Policy.PUBLISH)
    assert ready.data == strip(sample_photo(), Policy.PUBLISH).data


@pytest.mark.parametrize("destination", [Destination.BLUESKY, Destination.X])
def test_a_large_photo_is_drawn_as_small_as_it_must_be_and_that_is_said(
    destination: Destination,
) -> None:
    wants = ACCEPTS[destination]
    data = noise(2600, 2500, quality=95)
    ready = prepare(data, destination)

    assert any("bytes of at most" in why for why in ready.redrawn)
    assert ready.format in wants.formats
    assert wants.most_bytes is not None
    assert len(data) > wants.most_bytes >= len(ready.data)
    assert 640 <= max(ready.width, ready.height) <= 2600
    report = inspect(ready.data)
    assert (report.width, report.height) == (ready.width, ready.height)
    assert report.violations() == ()
    with pytest.raises(CannotStrip, match="does not take it as it is"):
        prepare(data, destination, redraw=False)


def test_a_picture_of_too_many_pixels_is_drawn_with_fewer() -> None:
    file = io.BytesIO()
    Image.new("RGB", (6000, 5600), "teal").save(file, "JPEG")
    ready = prepare(file.getvalue(), Destination.MASTODON)

    assert any("pixels of at most" in why for why in ready.redrawn)
    assert ready.width * ready.height <= 33_177_600
    assert ready.width == 4096


@pytest.mark.parametrize("destination", Destination)
def test_a_format_that_is_not_taken_is_drawn_as_one_that_is(destination: Destination) -> None:
    ready = prepare(noise(64, 48, "TIFF"), destination)
    if destination not in ACCEPTS:
        assert (ready.format, ready.redrawn) == (Format.TIFF, ())
        return
    assert (ready.format, ready.width, ready.height) == (Format.JPEG, 64, 48)
    assert ready.redrawn[0].startswith("it is TIFF")


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(UnsupportedFormat):
        prepare(b"no photo at all", Destination.X)


def test_repr_shows_no_picture() -> None:
    assert "data" not in repr(prepare(sample_photo(), Destination.LINK))


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
@pytest.mark.parametrize("destination", Destination)
def test_exiftool_finds_nothing_in_what_is_prepared(
    destination: Destination, tmp_path: Path
) -> None:
    corpus = os.environ.get("PHOTOPRIVACY_CORPUS")
    photos = [sample_photo(), noise(1600, 1500, quality=95), noise(64, 48, "WEBP")]
    if corpus:
        photos += [
            path.read_bytes() for path in sorted(Path(corpus, "exif-samples").rglob("*.jpg"))[:20]
        ]
    for number, data in enumerate(photos):
        (tmp_path / f"{number}").write_bytes(prepare(data, destination).data)
    command = ["exiftool", "-j", "-G1", "-a", "-u", "-ee3", *map(str, sorted(tmp_path.iterdir()))]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert len(found) == len(photos) >= 3
    # How the file is built, what colours are, and which side is up.
    built = (
        "SourceFile",
        "ExifTool",
        "System",
        "File",
        "JFIF",
        "Composite",
        "RIFF",
        "ICC",
        "Adobe",
    )
    for one in found:
        said = {name for name in one if not name.startswith(built) and "Orientation" not in name}
        assert said <= {"IFD0:XResolution", "IFD0:YResolution", "IFD0:ResolutionUnit"}, said
