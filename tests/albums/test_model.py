"""Albums and photos as values."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from photoprivacy._time import CapturedAt
from photoprivacy.albums import Album, Part, PartKind, Photo, Section, dumps, new_id
from photoprivacy.errors import InvalidAlbum
from photoprivacy.geo import Coordinates, Place


def a_photo(**changes: object) -> Photo:
    fields: dict[str, object] = {
        "sha256": "ab" * 32,
        "format": "jpeg",
        "size": 4_500_000,
        "width": 4000,
        "height": 3000,
        "orientation": 6,
        "captured_at": CapturedAt(
            local=dt.datetime(2024, 5, 1, 12, 30, 5),  # noqa: DTZ001 - local by design
            offset=dt.timedelta(hours=1),
            source="exif:DateTimeOriginal",
        ),
        "place": Place(country_code="PT", country="Portugal", city="Lisbon", key="PT/14/2267057"),
        "coordinates": Coordinates(latitude=38.7139, longitude=-9.1334),
        "name": "IMG_20240501_123005.jpg",
        "caption": "Tram at Graça",
        "people": ("Maria",),
        "parts": (a_part(),),
    }
    return Photo(**(fields | changes))  # type: ignore[arg-type]


def a_part(**changes: object) -> Part:
    fields: dict[str, object] = {
        "kind": PartKind.MOTION,
        "sha256": "cd" * 32,
        "format": "mov",
        "size": 2_000_000,
        "name": "IMG_20240501_123005.mov",
    }
    return Part(**(fields | changes))  # type: ignore[arg-type]


def test_a_repr_gives_no_metadata_away() -> None:
    photo = a_photo()
    album = Album(title="Holiday at Maria's", description="secret", photos=(photo,))
    text = repr(album.sectioned((Section(title="Maria's", photos=(photo.id,)),)))
    for drawn in (album.id, photo.id, photo.parts[0].id):
        text = text.replace(drawn, "")  # random, and one in a thousand has "2024" in it
    for private in (
        "Maria",
        "secret",
        "IMG_2024",
        "Tram",
        "Lisbon",
        "38.7",
        "2024",
        "abab",
        "cdcd",
    ):
        assert private not in text


def test_edits_return_new_albums_and_leave_the_old_one() -> None:
    empty = Album(title="Lisbon")
    first, second = a_photo(), a_photo()
    both = empty.with_photo(first).with_photo(second)
    assert empty.photos == ()
    assert both.photos == (first, second)
    assert both.without_photo(first.id).photos == (second,)
    assert both.retitled("Lisboa").title == "Lisboa"
    assert both.retitled("Lisboa").id == both.id


def test_a_photo_put_in_again_takes_the_place_of_its_namesake() -> None:
    first, second = a_photo(), a_photo()
    album = Album(title="", photos=(first, second))
    captioned = attrs.evolve(first, caption="anew")
    assert album.with_photo(captioned).photos == (captioned, second)


def test_the_cover_goes_with_its_photo() -> None:
    photo = a_photo()
    album = Album(title="", photos=(photo,), cover=photo.id)
    assert album.without_photo(photo.id).cover is None


def test_a_photo_that_is_not_there_cannot_be_taken_out() -> None:
    with pytest.raises(InvalidAlbum):
        Album(title="").without_photo(new_id())


def test_equal_albums_are_equal_and_hash_alike() -> None:
    album = Album(title="x", photos=(a_photo(),), extra={"future": [1]})
    assert album == attrs.evolve(album)
    assert hash(album) == hash(attrs.evolve(album))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "ABCDEF" * 6),
        ("id", 7),
        ("id", "0" * 31 + "\n"),
        ("sha256", "ab" * 31),
        ("sha256", "ab" * 32 + "\n"),
        ("format", "../jpeg"),
        ("size", -1),
        ("size", True),
        ("size", 2**53),
        ("width", 0),
        ("height", 1.5),
        ("orientation", 9),
        ("captured_at", "2024-05-01"),
        ("place", {"city": "Lisbon"}),
        ("coordinates", (38.7, -9.1)),
        ("name", "x" * 256),
        ("caption", "\ud800"),
        ("alt", None),
        ("coded_sha256", "ab"),
        ("people", (1,)),
        ("people", ("x" * 256,)),
        ("parts", ("IMG_1.mov",)),
    ],
)
def test_a_photo_refuses_what_does_not_fit(field: str, value: object) -> None:
    with pytest.raises(InvalidAlbum) as refused:
        a_photo(**{field: value})
    assert refused.value.path in (field, f"{field}[0]")


@pytest.mark.parametrize(
    ("taken", "path"),
    [
        (CapturedAt(local=dt.datetime(2024, 5, 1, tzinfo=dt.UTC)), "captured_at.local"),
        (
            CapturedAt(local=dt.datetime(2024, 5, 1), offset=dt.timedelta(hours=24)),  # noqa: DTZ001
            "captured_at.offset_minutes",
        ),
        (
            CapturedAt(local=dt.datetime(2024, 5, 1), offset=dt.timedelta(seconds=90)),  # noqa: DTZ001
            "captured_at.offset_minutes",
        ),
    ],
)
def test_a_time_that_could_not_be_written_is_refused(taken: CapturedAt, path: str) -> None:
    with pytest.raises(InvalidAlbum) as refused:
        a_photo(captured_at=taken)
    assert refused.value.path == path


def test_an_album_names_no_photo_twice() -> None:
    photo = a_photo()
    with pytest.raises(InvalidAlbum) as refused:
        Album(title="", photos=(a_photo(), photo, photo))
    assert refused.value.path == "photos[2].id"


def test_a_cover_is_a_photo_of_the_album() -> None:
    with pytest.raises(InvalidAlbum) as refused:
        Album(title="", photos=(a_photo(),), cover=new_id())
    assert refused.value.path == "cover"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "x"),
        ("kind", "motion"),
        ("sha256", ""),
        ("format", "M O V"),
        ("size", -1),
        ("name", "x" * 256),
    ],
)
def test_a_part_refuses_what_does_not_fit(field: str, value: object) -> None:
    with pytest.raises(InvalidAlbum) as refused:
        a_part(**{field: value})
    assert refused.value.path == field


def test_parts_come_and_go_and_are_named_once() -> None:
    photo = a_photo(parts=())
    video, raw = a_part(), a_part(kind=PartKind.RAW, format="raw")
    both = photo.with_part(video).with_part(raw)
    assert both.parts == (video, raw)
    assert both.part(raw.id) == raw
    renamed = attrs.evolve(video, name="")
    assert both.with_part(renamed).parts == (renamed, raw)
    assert both.without_part(video.id).parts == (raw,)
    with pytest.raises(InvalidAlbum):
        photo.without_part(video.id)
    with pytest.raises(InvalidAlbum) as refused:
        a_photo(parts=(video, raw, video))
    assert refused.value.path == "parts[2].id"


def test_an_order_names_what_comes_first_and_the_rest_follows() -> None:
    photos = tuple(a_photo(caption=str(number)) for number in range(4))
    album = Album(title="", photos=photos, cover=photos[3].id)
    turned = album.reordered((photos[2].id, photos[0].id))
    assert [photo.caption for photo in turned.photos] == ["2", "0", "1", "3"]
    assert turned.cover == album.cover
    assert album.reordered(()) == album
    for wrong in ((new_id(),), (photos[1].id, photos[1].id)):
        with pytest.raises(InvalidAlbum):
            album.reordered(wrong)


def test_words_and_cover_change_and_the_photos_stay() -> None:
    photo = a_photo()
    album = Album(title="", photos=(photo,))
    edited = album.described("in spring").covered(photo.id)
    assert (edited.description, edited.cover, edited.photos) == ("in spring", photo.id, (photo,))
    assert edited.covered(None).cover is None
    with pytest.raises(InvalidAlbum):
        album.covered(new_id())


def test_a_photo_stands_under_one_heading_at_most_and_leaves_it_with_the_album() -> None:
    photos = tuple(a_photo() for _ in range(3))
    first, second, third = (photo.id for photo in photos)
    album = Album(title="", photos=photos).sectioned(
        (Section(title="Day 1", photos=(second, first)), Section(title="Day 2"))
    )
    assert album.without_photo(first).sections[0].photos == (second,)
    assert album.reordered((third,)).sections == album.sections
    for wrong in (
        (Section(title="", photos=(first, first)),),
        (Section(title="", photos=(first,)), Section(title="", photos=(first,))),
        (Section(title="", photos=(new_id(),)),),
    ):
        with pytest.raises(InvalidAlbum) as refused:
            album.sectioned(wrong)
        assert refused.value.path.startswith("sections[")
    with pytest.raises(InvalidAlbum) as refused:
        Section(title="x" * 301)
    assert refused.value.path == "title"


def test_an_album_document_names_no_secret_no_epoch_and_no_home() -> None:
    photo = a_photo()
    album = Album(title="x", photos=(photo,)).covered(photo.id)
    text = dumps(album.sectioned((Section(title="y", photos=(photo.id,)),)))
    for word in ("epoch", "token", "secret", "password", "share", "home", "owner"):
        assert f'"{word}' not in text
