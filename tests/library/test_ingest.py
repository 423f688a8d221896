"""What a file becomes when it is taken in: names, parts, and the digest of its picture."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import attrs
import pytest

from builders_gif import animation
from builders_movie import video
from library.photos import a_jpeg
from photoprivacy import Category, Policy, strip
from photoprivacy._strip import prepared
from photoprivacy.albums import PartKind, Photo
from photoprivacy.containers import parse
from photoprivacy.containers._model import Role
from photoprivacy.errors import InvalidAlbum, PhotoPrivacyError, StoreError, UnsupportedFormat
from photoprivacy.library import Library
from photoprivacy.library._ingest import _all_copied, _pictures, coded_sha256
from photoprivacy.limits import Limits
from photoprivacy.sharing import Rendition
from photoprivacy.testing import sample_photo

FORMATS = ("jpeg", "png", "webp", "heic", "avif", "tiff", "gif")


def an_original(kind: str) -> bytes:
    if kind == "gif":
        return animation()
    if kind == "tiff":
        import io

        from PIL import Image

        file = io.BytesIO()
        Image.linear_gradient("L").save(file, "TIFF", description="Maria's")
        return file.getvalue()
    return sample_photo(format=kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_digest_of_the_picture_is_that_of_its_clean_copies(library: Library, kind: str) -> None:
    album = library.create_album("")
    original = an_original(kind)
    copies = {
        original,
        strip(original).data,
        strip(original, Policy.PUBLISH).data,
        strip(original, Policy(keep={Category.ORIENTATION})).data,
    }
    photos = [library.add(album.id, data) for data in copies]
    assert len({photo.sha256 for photo in photos}) == len(copies)
    assert len({photo.coded_sha256 for photo in photos}) == 1
    assert photos[0].coded_sha256 != hashlib.sha256().hexdigest()


def test_the_digest_is_the_same_where_the_picture_stands_and_in_the_clean_copy(
    corpus: Path,
) -> None:
    """The digest that is read off the source is the one that documents have had all along."""
    looked = quickly = 0
    for path in sorted(corpus.rglob("*")):
        if not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        try:
            ready = prepared(path.read_bytes())
            clean = ready.made().data
        except PhotoPrivacyError:
            continue
        digest = hashlib.sha256()
        for segment in parse(clean, Limits()).segments:
            if segment.role is Role.PICTURE:
                digest.update(clean[segment.body.start : segment.body.stop])
        assert coded_sha256(ready, Limits()) == digest.hexdigest(), path.name
        looked += 1
        quickly += _all_copied(_pictures(ready.container), ready.plan)
    assert looked >= 150
    assert looked // 2 < quickly < looked


def test_another_picture_has_another_digest(library: Library) -> None:
    album = library.create_album("")
    colors = ((1, 2, 3), (200, 2, 3))
    digests = {library.add(album.id, a_jpeg(color=color)).coded_sha256 for color in colors}
    assert len(digests) == 2


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:MP="http://ns.microsoft.com/photo/1.2/"
 xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
 xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Maria</rdf:li><rdf:li> Jo </rdf:li></rdf:Bag>
</Iptc4xmpExt:PersonInImage>
<dc:creator><rdf:Seq><rdf:li>Photographer</rdf:li></rdf:Seq></dc:creator>
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Maria</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>
</rdf:li><rdf:li><rdf:Description mwg-rs:Name="Bo" mwg-rs:Type="Face"/></rdf:li></rdf:Bag>
</mwg-rs:RegionList></mwg-rs:Regions>
<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li rdf:parseType="Resource">
<MPReg:PersonDisplayName>Ann</MPReg:PersonDisplayName></rdf:li></rdf:Bag></MPRI:Regions>
</MP:RegionInfo></rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_people_are_those_that_the_file_names_and_no_link_shows_them(library: Library) -> None:
    album = library.create_album("")
    packet = b"http://ns.adobe.com/xap/1.0/\0" + XMP.encode()
    data = a_jpeg()
    named = data[:2] + b"\xff\xe1" + (len(packet) + 2).to_bytes(2) + packet + data[2:]
    photo = library.add(album.id, named)
    assert sorted(photo.people) == ["Ann", "Bo", "Jo", "Maria"]
    assert library.add(album.id, data).people == ()
    shared = library.open(library.share(album.id).token)
    assert "people" not in attrs.fields_dict(type(shared.photos[0]))
    clean = shared.file(shared.photos[0], Rendition.FULL).read()
    assert not any(name.encode() in clean for name in photo.people)


def test_parts_are_kept_untouched_and_go_with_their_photo(library: Library) -> None:
    album = library.create_album("")
    photo = library.add(album.id, a_jpeg())
    files = {
        PartKind.MOTION: video(),
        PartKind.RAW: b"FUJIFILMCCD-RAW " + bytes(100),
        PartKind.BURST: a_jpeg(color=(1, 2, 3)),
    }
    for kind, data in files.items():
        photo = library.add_part(album.id, photo.id, data, kind, name=f"IMG_1.{kind.value}")
    assert library.album(album.id).photos == (photo,)
    assert [part.format for part in photo.parts] == ["mp4", "raw", "jpeg"]
    for part, data in zip(photo.parts, files.values(), strict=True):
        key = f"{album.id}/{photo.id}/part-{part.id}"
        assert library._blobs.read(key) == data
        assert part.sha256 == hashlib.sha256(data).hexdigest()
    motion = photo.parts[0]
    assert library.remove_part(album.id, photo.id, motion.id).parts == photo.parts[1:]
    assert library._blobs.size(f"{album.id}/{photo.id}/part-{motion.id}") is None
    with pytest.raises(InvalidAlbum):
        library.remove_part(album.id, photo.id, motion.id)
    library.remove(album.id, photo.id)
    assert list(library._blobs.list()) == []


def test_no_link_opens_a_part(library: Library) -> None:
    album = library.create_album("")
    photo = library.add(album.id, a_jpeg())
    photo = library.add_part(album.id, photo.id, video(), PartKind.MOTION)
    shared = library.open(library.share(album.id).token)
    (seen,) = shared.photos
    assert photo.parts[0].id not in repr(attrs.asdict(seen))
    for rendition in Rendition:
        assert shared.file(seen, rendition).media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (PartKind.MOTION, a_jpeg()),
        (PartKind.MOTION, b"no video"),
        (PartKind.BURST, video()),
        (PartKind.BURST, b"no photo"),
        (PartKind.RAW, video()),
        (PartKind.RAW, b""),
    ],
    ids=lambda value: value.value if isinstance(value, PartKind) else str(len(value)),
)
def test_a_part_that_is_something_else_is_refused_and_nothing_is_stored(
    library: Library, kind: PartKind, data: bytes
) -> None:
    album = library.create_album("")
    photo = library.add(album.id, a_jpeg())
    with pytest.raises(UnsupportedFormat):
        library.add_part(album.id, photo.id, data, kind)
    assert library.album(album.id).photos == (photo,)
    assert len(list(library._blobs.list())) == 1


def test_a_part_for_no_photo_is_refused_and_nothing_is_stored(library: Library) -> None:
    album = library.create_album("")
    with pytest.raises(StoreError):
        library.add_part(album.id, "0" * 32, video(), PartKind.MOTION)
    assert list(library._blobs.list()) == []


def test_edits_that_meet_are_both_made(library: Library) -> None:
    album = library.create_album("0")
    photo = library.add(album.id, a_jpeg(size=(16, 16)))

    def count() -> None:
        for _ in range(10):
            library.edit(album.id, lambda seen: seen.retitled(str(int(seen.title) + 1)))
            library.edit_photo(
                album.id, photo.id, lambda seen: attrs.evolve(seen, caption=seen.caption + "x")
            )

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.album(album.id).title == "30"
    assert library.album(album.id).photos[0].caption == "x" * 30


def test_an_edit_does_not_take_away_what_was_added_meanwhile(library: Library) -> None:
    album = library.create_album("")
    added: list[Photo] = []
    stale = library.album(album.id)

    def meanwhile(seen: object) -> object:
        if not added:
            added.append(library.add(album.id, a_jpeg(size=(16, 16))))
            return stale.retitled("stale")
        return library.album(album.id).retitled("anew")

    edited = library.edit(album.id, meanwhile)  # type: ignore[arg-type]
    assert edited.photos == tuple(added)
    with pytest.raises(StoreError, match="by add and remove"):
        library.save(stale)
    with pytest.raises(StoreError, match="no such"):
        library.edit_photo(album.id, "0" * 32, lambda seen: seen)


def test_a_library_that_need_not_last_waits_for_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    waited = 0
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        nonlocal waited
        waited += 1
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    for durable in (False, True):
        library = Library.at(tmp_path / str(durable), durable=durable)
        album = library.create_album("")
        waited = 0
        library.add(album.id, a_jpeg(size=(16, 16)))
        assert (waited > 0) is durable
        album_store = library._albums
        with album_store._database.transaction() as connection:  # type: ignore[attr-defined]
            (mode,) = connection.execute("PRAGMA synchronous").fetchone()
        assert mode == (2 if durable else 1)  # FULL, NORMAL


def test_a_page_asks_a_store_once_for_what_it_knows_of_its_photos(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = library.create_album("")
    for number in range(3):
        library.add(album.id, a_jpeg(color=(200, number, 0)))
    asked: list[str] = []
    read = type(library._blobs).read

    def noting(self: object, key: str, *range_: int | None) -> bytes | None:
        asked.append(key)
        return read(self, key, *range_)  # type: ignore[arg-type]

    monkeypatch.setattr(type(library._blobs), "read", noting)
    token = library.share(album.id).token
    grey = {photo.color for photo in library.open(token).photos}
    assert len(grey) == 1
    assert len(asked) == 3
    first = library.open(token)
    first.file(first.photos[0], Rendition.THUMB)
    asked.clear()
    colors = [photo.color for photo in library.open(token).photos]
    assert asked == []
    assert len({*colors} - grey) == 1
