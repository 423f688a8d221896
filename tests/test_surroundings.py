"""What a file's name and neighbours tell: shown to the owner, never counted against the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from photoprivacy import inspect, strip
from photoprivacy._surroundings import Surrounding, surroundings_of
from photoprivacy.testing import sample_photo


def told(path: Path) -> dict[str, str]:
    return {one.code: one.value for one in surroundings_of(path)}


@pytest.mark.parametrize(
    ("name", "code", "value"),
    [
        ("PXL_20260704_120000123.jpg", "name.date", "20260704"),
        ("PXL_20260704_120000123.jpg", "name.device", "Google Pixel"),
        ("IMG-20260704-WA0001.jpg", "name.device", "WhatsApp"),
        ("IMG_2041.HEIC", "name.device", "iPhone or Canon camera"),
        ("IMG_E2041.HEIC", "name.device", "iPhone, after an edit"),
        ("20260704_120000.jpg", "name.device", "Samsung or another Android phone"),
        ("DSC_0042.JPG", "name.device", "Sony or Nikon camera"),
        ("DSCN0042.JPG", "name.device", "Nikon Coolpix"),
        ("GOPR0042.JPG", "name.device", "GoPro"),
        ("signal-2026-07-04-120000.jpg", "name.device", "Signal"),
        ("party 2026-07-04.jpg", "name.date", "2026-07-04"),
        ("FB_IMG_1783158000123.jpg", "name.date", "1783158000123"),
        ("52.3702, 4.8952.jpg", "name.position", "52.3702, 4.8952"),
        ("Anna in Lisbon.jpg", "name.place", "Lisbon"),
        ("new-york_042.jpg", "name.place", "new york"),
        ("Rio de Janeiro 3.jpg", "name.place", "Rio de Janeiro"),
        ("japan2026.jpg", "name.place", "japan"),
        ("Köln.heic", "name.place", "Köln"),
        (
            "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0.jpg",
            "name.identifier",
            "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0",
        ),
    ],
)
def test_a_name_tells(tmp_path: Path, name: str, code: str, value: str) -> None:
    assert told(tmp_path / name)[code] == value


@pytest.mark.parametrize(
    "name", ["photo.jpg", "photo-001.jpg", "12345678.jpg", "beach.jpg", "nice.jpg", "romeo.jpg"]
)
def test_a_plain_name_tells_nothing(tmp_path: Path, name: str) -> None:
    assert told(tmp_path / name) == {}


@pytest.mark.parametrize(
    "beside",
    [
        "photo.xmp",
        "photo.jpg.xmp",
        "photo.AAE",
        "photo.jpg.json",
        "photo.gpx",
        "photo.jpg_original",
        "photo.MOV",
    ],
)
def test_a_neighbour_is_named(tmp_path: Path, beside: str) -> None:
    (tmp_path / beside).touch()

    assert told(tmp_path / "photo.jpg") == {"sidecar": beside}


def test_extended_attributes_are_named_by_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(sample_photo())
    try:
        os.setxattr(path, "user.xdg.origin.url", b"https://example.org/secret")
        os.setxattr(path, "user.xdg.comment", b"at home")
    except OSError:
        pytest.skip("this file system has no extended attributes")

    assert told(path) == {"xattr.origin": "user.xdg.origin.url", "xattr.words": "user.xdg.comment"}
    copy = tmp_path / "copy.jpg"
    from photoprivacy import strip_file

    strip_file(path, copy)
    assert told(copy) == {}


def test_surroundings_are_shown_and_never_counted(tmp_path: Path) -> None:
    path = tmp_path / "IMG_20260704_120000.jpg"
    path.write_bytes(strip(sample_photo()).data)

    report = inspect(path)

    assert {one.code for one in report.surroundings} == {"name.date", "name.device"}
    assert report.violations() == ()


def test_bytes_have_no_surroundings() -> None:
    assert inspect(sample_photo()).surroundings == ()


def test_a_value_shows_in_no_repr() -> None:
    assert "Anna" not in repr(Surrounding(code="name.date", label="a date", value="Anna"))
