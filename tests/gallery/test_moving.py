"""What moves: the video beside a Live Photo, and the one inside a motion photo."""

from __future__ import annotations

import io
import zipfile

import pytest

from builders_movie import video
from gallery.client import Client
from library.photos import a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy.albums import PartKind
from photoprivacy.gallery import Gallery
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares, Rendition
from photoprivacy.policy import Policy
from photoprivacy.sharing import ShareSigner, narrow


@pytest.fixture
def library() -> Library:
    return Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))


def test_the_video_beside_a_photo_is_given_where_it_was_granted(library: Library) -> None:
    album = library.create_album("Spring")
    photo = library.add(album.id, a_jpeg())
    library.add_part(album.id, photo.id, video(), kind=PartKind.MOTION, name="IMG_MARIA.MOV")
    client = Client(Gallery(library))
    with_video, without = (
        f"/{library.share(album.id, video=granted).token}/" for granted in (True, False)
    )
    shared = library.open(with_video.strip("/"))
    (one,) = shared.photos
    assert shared.gives_video(one)
    assert one.moves
    answer = client.get(f"{with_video}p/{one.id}/video")
    assert answer.status_code == 200
    assert answer.headers["content-type"] in ("video/quicktime", "video/mp4")
    stem = one.name.rpartition(".")[0]
    assert answer.headers["content-disposition"].startswith(f'inline; filename="{stem}.m')
    assert not inspect(answer.content).violations(Policy.SHARE)
    part = client.get(f"{with_video}p/{one.id}/video", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, answer.content[:2])
    with zipfile.ZipFile(io.BytesIO(client.get(f"{with_video}album.zip").content)) as archive:
        names = archive.namelist()
        assert len(names) == 2
        assert archive.read(names[1]) == answer.content

    (other,) = library.open(without.strip("/")).photos
    assert not library.open(without.strip("/")).gives_video(other)
    assert not other.moves
    assert client.get(f"{without}p/{other.id}/video").status_code == 404
    small = narrow(with_video.strip("/"), rendition=Rendition.DISPLAY)
    assert client.get(f"/{small}/p/{one.id}/video").status_code == 404
    with zipfile.ZipFile(io.BytesIO(client.get(f"{without}album.zip").content)) as archive:
        assert len(archive.namelist()) == 1


def test_the_video_inside_a_photo_is_given_by_itself(library: Library) -> None:
    album = library.create_album("Spring")
    library.add(album.id, a_jpeg() + video())  # as Google appends it
    link = f"/{library.share(album.id, video=True).token}/"
    client = Client(Gallery(library))
    shared = library.open(link.strip("/"))
    (one,) = shared.photos
    # Known from the time its thumb was drawn.
    assert not shared.gives_video(one)
    assert client.get(f"{link}p/{one.id}/thumb").status_code == 200
    assert library.open(link.strip("/")).gives_video(one)
    answer = client.get(f"{link}p/{one.id}/video")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "video/mp4"
    report = inspect(answer.content)
    assert report.format.is_video
    assert not report.violations(Policy.SHARE)
    # It goes with its photo anyway.
    with zipfile.ZipFile(io.BytesIO(client.get(f"{link}album.zip").content)) as archive:
        assert len(archive.namelist()) == 1


def test_a_photo_that_does_not_move_has_no_video(library: Library) -> None:
    album = library.create_album("Spring")
    library.add(album.id, a_jpeg())
    link = f"/{library.share(album.id, video=True).token}/"
    client = Client(Gallery(library))
    (one,) = library.open(link.strip("/")).photos
    for _ in range(2):
        assert client.get(f"{link}p/{one.id}/video").status_code == 404
