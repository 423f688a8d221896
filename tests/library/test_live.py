"""Live Photos: which files they are made of, and what links give out of them."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest

from builders_movie import keys, pictures, sound, start_of_sound, video
from gallery.client import Client
from library.photos import a_cropped_avif, a_jpeg
from photoprivacy import inspect
from photoprivacy.albums import PartKind, Photo
from photoprivacy.errors import CannotStrip, InvalidToken, NotGranted
from photoprivacy.gallery import Gallery
from photoprivacy.library import Library, Rendition, group_files, match_live_photos
from photoprivacy.policy import Category
from photoprivacy.sharing import Scope, narrow
from plan.test_jpeg_behind import motion
from verify.built import HVCC, box

ONE, OTHER = (f"570F1469-09C0-4000-8000-00000000000{digit}" for digit in "12")
COORDINATES = b"+38.7139-009.1334/"


def a_video(identifier: str = "", *, size: int = 4) -> bytes:
    """Return a MOV with sound and a position, of a Live Photo where it has an *identifier*."""
    said = {"content_identifier": identifier.encode()} if identifier else {}
    inside = keys(location_ISO6709=COORDINATES, creationdate=b"2024-05-01T12:30:05+0100", **said)
    tracks = (pictures(), sound(2, start_of_sound(), size=size))
    return video(*tracks, inside=inside, brand=b"qt  ")


def a_live_photo(library: Library) -> tuple[str, Photo]:
    """Return an album with a Live Photo that has every kind of part, and the photo."""
    album = library.create_album("Spring")
    photo = library.add(album.id, a_jpeg(identifier=ONE), name="IMG_1.jpg")
    library.add(album.id, a_jpeg(None, color=(1, 2, 3)), name="IMG_2.jpg")
    library.add_part(album.id, photo.id, b"sensor", PartKind.RAW, name="IMG_1.dng")
    library.add_part(album.id, photo.id, a_jpeg(color=(9, 9, 9)), PartKind.BURST)
    photo = library.add_part(album.id, photo.id, a_video(ONE), PartKind.MOTION, name="IMG_1.MOV")
    return album.id, photo


def paired(folder: Path) -> dict[str, list[str]]:
    groups = match_live_photos(group_files(sorted(folder.iterdir())))
    return {
        Path(group.photo).name: [f"{Path(path).name}:{kind.value}" for path, kind in group.parts]
        for group in groups
    }


def test_a_live_photo_is_told_by_what_both_files_say(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(a_jpeg(identifier=ONE))
    (tmp_path / "IMG_1.dng").write_bytes(b"II*\0")
    (tmp_path / "Copy of IMG_1.mov").write_bytes(a_video(ONE))
    (tmp_path / "IMG_2.jpg").write_bytes(a_jpeg(identifier=OTHER))
    (tmp_path / "alone.mov").write_bytes(a_video())
    assert paired(tmp_path) == {
        "IMG_1.jpg": ["IMG_1.dng:raw", "Copy of IMG_1.mov:motion"],
        "IMG_2.jpg": [],
        "alone.mov": [],
    }


def test_a_pair_by_name_that_says_two_things_is_none(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(a_jpeg(identifier=ONE))
    (tmp_path / "IMG_1.mov").write_bytes(a_video(OTHER))
    assert paired(tmp_path) == {"IMG_1.jpg": [], "IMG_1.mov": []}
    # Each finds its own where it is there.
    (tmp_path / "x.jpg").write_bytes(a_jpeg(identifier=OTHER))
    assert paired(tmp_path) == {"IMG_1.jpg": [], "x.jpg": ["IMG_1.mov:motion"]}


def test_a_pair_by_name_of_which_one_says_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(a_jpeg())
    (tmp_path / "IMG_1.mov").write_bytes(a_video(OTHER))
    (tmp_path / "IMG_2.jpg").write_bytes(a_jpeg(identifier=ONE))
    (tmp_path / "IMG_2.mov").write_bytes(a_video())
    (tmp_path / "IMG_3.jpg").write_bytes(b"damaged")
    (tmp_path / "IMG_3.mov").write_bytes(b"damaged too")
    assert paired(tmp_path) == {
        f"IMG_{number}.jpg": [f"IMG_{number}.mov:motion"] for number in (1, 2, 3)
    }


def test_an_identifier_that_two_photos_say_pairs_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(a_jpeg(identifier=ONE))
    (tmp_path / "b.jpg").write_bytes(a_jpeg(identifier=ONE))
    (tmp_path / "c.mov").write_bytes(a_video(ONE))
    (tmp_path / "d.mov").write_bytes(a_video(ONE))
    assert paired(tmp_path) == {"a.jpg": [], "b.jpg": [], "c.mov": [], "d.mov": []}


def test_a_photo_has_one_video_though_two_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(a_jpeg(identifier=ONE))
    (tmp_path / "c.mov").write_bytes(a_video(ONE))
    (tmp_path / "d.mov").write_bytes(a_video(ONE))
    assert paired(tmp_path) == {"a.jpg": ["c.mov:motion"], "d.mov": []}


def test_without_the_scope_no_link_tells_of_a_video(library: Library) -> None:
    album_id, _ = a_live_photo(library)
    links = [
        library.share(album_id),
        library.share(album_id, video=True, download=False),
        library.share(album_id, video=True, rendition=Rendition.DISPLAY),
    ]
    for link in links:
        shared = library.open(link.token)
        assert [photo.moves for photo in shared.photos] == [False, False]
        with pytest.raises(NotGranted):
            shared.video(shared.photos[0])
        client = Client(Gallery(library))
        assert "/video" not in client.get(f"/{link.token}/").text
        assert client.get(f"/{link.token}/p/{shared.photos[0].id}/video").status_code == 404


def test_a_video_comes_clean_and_nothing_else_of_a_photo_does(library: Library) -> None:
    album_id, photo = a_live_photo(library)
    link = library.share(album_id, video=True)
    shared = library.open(link.token)
    moving, still = shared.photos
    assert (moving.moves, still.moves) == (True, False)
    file = shared.video(moving)
    data = file.read()
    assert (file.name, file.media_type, file.size) == (
        "lisbon-01.mov",
        "video/quicktime",
        len(data),
    )
    report = inspect(data)
    assert report.violations() == ()
    assert not any(one.category is Category.AUDIO for one in report.findings)
    assert COORDINATES not in data
    assert inspect(a_video(ONE)).violations() != ()
    with pytest.raises(NotGranted):
        shared.video(still)
    with pytest.raises(NotGranted):
        shared.video(photo.parts[2].id)
    # Another link to the same video has another tag; this one has the same again.
    other = library.open(library.share(album_id, video=True).token)
    assert other.video(other.photos[0]).etag != file.etag == shared.video(moving.id).etag
    client = Client(Gallery(library))
    page = client.get(f"/{link.token}/").text
    assert page.count("/video") == 1
    answer = client.get(f"/{link.token}/p/{moving.id}/video")
    assert (answer.content, answer.headers["content-type"]) == (data, "video/quicktime")
    assert answer.headers["content-disposition"].startswith("inline")
    assert client.get(f"/{link.token}/p/{still.id}/video").status_code == 404


def test_a_video_goes_with_its_link_and_with_its_part(library: Library) -> None:
    album_id, photo = a_live_photo(library)
    link = library.share(album_id, video=True)
    shared = library.open(link.token)
    one = shared.photos[0]
    file = shared.video(one)
    made = {entry.key for entry in library._blobs.list() if "/motion-" in entry.key}
    assert len(made) == 1
    assert library.tidy(older=dt.timedelta(0)) == 0
    library.remove_part(album_id, photo.id, photo.parts[2].id)
    assert not made & {entry.key for entry in library._blobs.list()}
    with pytest.raises(NotGranted):
        library.open(link.token).video(one)
    with pytest.raises(NotGranted):
        shared.video(one)  # open in somebody's hands all the while
    assert not made & {entry.key for entry in library._blobs.list()}
    library.revoke(link.id)
    with pytest.raises(InvalidToken):
        shared.video(one)
    with pytest.raises(InvalidToken):
        file.read()


def test_a_video_that_cannot_be_cleaned_is_not_taken(library: Library) -> None:
    album = library.create_album("")
    photo = library.add(album.id, a_jpeg())
    before = sorted(entry.key for entry in library._blobs.list())
    damaged = a_video(ONE).replace(b"hvc1", b"wxyz")
    with pytest.raises(CannotStrip):
        library.add_part(album.id, photo.id, damaged, PartKind.MOTION)
    assert sorted(entry.key for entry in library._blobs.list()) == before
    assert library.album(album.id).photos == (photo,)


def a_cropped_video() -> bytes:
    """Return a video of 64 by 64 pixels that shows eight by eight of them."""
    crop = box(b"clap", struct.pack(">8i", 8, 1, 8, 1, 0, 1, 0, 1))
    return video(pictures(properties=(HVCC, crop)), brand=b"mp42")


def test_a_cropped_picture_is_shown_as_cropped_and_not_given_out(library: Library) -> None:
    album = library.create_album("Spring")
    library.add(album.id, a_cropped_avif())
    shared = library.open(library.share(album.id).token)
    [photo] = shared.photos
    assert (photo.width, photo.height) == (128, 256)
    for size in (Rendition.THUMB, Rendition.DISPLAY):
        report = inspect(shared.file(photo, size).read())
        assert (report.width, report.height) == (128, 256)
    with pytest.raises(NotGranted):
        shared.file(photo, Rendition.FULL)


def test_a_cropped_video_is_given_out_with_what_was_cropped_away_or_not_at_all(
    library: Library,
) -> None:
    album = library.create_album("Spring")
    photo = library.add(album.id, a_jpeg())
    photo = library.add_part(album.id, photo.id, a_cropped_video(), PartKind.MOTION)
    token = library.share(album.id, video=True, hidden_pixels=True).token
    most, less = (library.open(one) for one in (token, library.share(album.id, video=True).token))
    for _ in range(2):  # whether it was made before or not
        with pytest.raises(NotGranted):
            less.video(less.photos[0])
        assert b"clap" in most.video(most.photos[0]).read()
    narrowed = library.open(narrow(token, scopes=Scope.VIEW | Scope.DOWNLOAD | Scope.VIDEO))
    with pytest.raises(NotGranted):
        narrowed.video(narrowed.photos[0])
    assert library.tidy(older=dt.timedelta(0)) == 0
    library.remove_part(album.id, photo.id, photo.parts[0].id)
    assert not [one for one in library._blobs.list() if "/motion" in one.key]


def test_a_cropped_video_inside_a_photo_goes_where_hidden_pixels_are_not_granted(
    library: Library,
) -> None:
    album = library.create_album("Spring")
    own = library.add(album.id, motion(a_cropped_video()))
    assert not own.cropped
    for hidden in (True, False, True):
        link = library.share(album.id, video=True, hidden_pixels=hidden)
        shared = library.open(link.token)
        data = shared.file(shared.photos[0], Rendition.FULL).read()
        assert (b"clap" in data, b"mp42" in data) == (hidden, hidden)
