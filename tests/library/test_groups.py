"""Which files are one photo."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders_movie import video
from library.photos import a_jpeg
from photoprivacy.albums import PartKind
from photoprivacy.library import FileGroup, Library, group_files

COVER = "00001IMG_00001_BURST20180224150059_COVER.jpg"


def told(*paths: str) -> list[str]:
    """Return each group as one line: the photo, then its parts with their kinds."""
    return [
        " ".join((group.photo, *(f"{path}:{kind.value}" for path, kind in group.parts)))
        for group in group_files(paths)
    ]


@pytest.mark.parametrize(
    ("paths", "groups"),
    [
        ((), []),
        (("a/IMG_1.HEIC", "a/IMG_1.MOV"), ["a/IMG_1.HEIC a/IMG_1.MOV:motion"]),
        (("a/img_1.mov", "a/IMG_1.HEIC"), ["a/IMG_1.HEIC a/img_1.mov:motion"]),
        (("PXL.jpg", "PXL.mp4", "PXL.dng"), ["PXL.jpg PXL.mp4:motion PXL.dng:raw"]),
        (("DSC1.NEF", "DSC1.JPG"), ["DSC1.JPG DSC1.NEF:raw"]),
        (("a/1.jpg", "b/1.mov"), ["a/1.jpg", "b/1.mov"]),
        (("1.mov", "2.jpg"), ["1.mov", "2.jpg"]),
        (("1.jpg", "1.heic", "1.mov"), ["1.jpg", "1.heic", "1.mov"]),
        (("1.dng", "1.mov"), ["1.dng", "1.mov"]),
        (("1.jpg", "1.xmp"), ["1.jpg", "1.xmp"]),
        (
            (
                "00000IMG_00000_BURST20180224150059.jpg",
                COVER,
                "00000IMG_00000_BURST20180224150100.jpg",
            ),
            [
                f"{COVER} 00000IMG_00000_BURST20180224150059.jpg:burst",
                "00000IMG_00000_BURST20180224150100.jpg",
            ],
        ),
    ],
)
def test_files_that_are_one_photo_are_told_by_their_names(
    paths: tuple[str, ...], groups: list[str]
) -> None:
    assert told(*paths) == groups


def test_every_file_is_in_one_group_and_no_name_is_in_a_repr(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("1.jpg", "1.mov", "2.png", "3.cr3", "1.JPEG", "4.mov")]
    groups = group_files(paths)
    found = [path for one in groups for path in (one.photo, *(part for part, _ in one.parts))]
    assert sorted(found) == sorted(map(str, paths))
    assert str(tmp_path) not in repr(groups)


def test_a_group_becomes_one_photo_with_its_parts(library: Library, tmp_path: Path) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(a_jpeg())
    (tmp_path / "IMG_1.mp4").write_bytes(video())
    (group,) = group_files(sorted(tmp_path.glob("IMG_*")))
    assert isinstance(group, FileGroup)
    album = library.create_album("")
    photo = library.add(album.id, group.photo)
    for path, kind in group.parts:
        photo = library.add_part(album.id, photo.id, path, kind)
    assert [(part.kind, part.name) for part in photo.parts] == [(PartKind.MOTION, "IMG_1.mp4")]
    assert library.album(album.id).photos == (photo,)
