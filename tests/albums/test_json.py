"""Albums as JSON: what is written is read; what does not fit is refused with its path."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Iterator
from importlib import resources
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from json_schema import matches
from photoprivacy.albums import SCHEMA as SCHEMA_NAME
from photoprivacy.albums import (
    Album,
    Migration,
    Part,
    PartKind,
    Photo,
    Section,
    album_from_dict,
    album_to_dict,
    dumps,
    loads,
    photo_from_dict,
    photo_to_dict,
)
from photoprivacy.errors import InvalidAlbum
from photoprivacy.geo import Coordinates, Place

SCHEMA: dict[str, Any] = json.loads(
    resources.files("photoprivacy.albums").joinpath("album.schema.json").read_text("utf-8")
)


def an_album(count: int = 2) -> Album:
    photo = loads(dumps(Album(title="", photos=(_photo(),)))).photos[0]
    photos = tuple(attrs.evolve(photo, id=f"{number:032x}") for number in range(count))
    return Album(
        id="f" * 32,
        title="Lisboa ’24",
        photos=photos,
        description="d",
        cover=photos[0].id,
        sections=(Section(title="Graça", photos=(photos[0].id,)), Section(title="")),
    )


def _photo() -> Photo:
    import datetime as dt

    from photoprivacy._time import CapturedAt

    return Photo(
        sha256="ab" * 32,
        format="heic",
        size=1,
        width=2,
        height=3,
        captured_at=CapturedAt(
            local=dt.datetime(2024, 5, 1, 12, 30, 5, 250_000),  # noqa: DTZ001
            offset=-dt.timedelta(hours=3, minutes=30),
            source="exif",
        ),
        place=Place(
            country_code="PT",
            country="Portugal",
            region="Lisboa",
            city="Lisbon",
            neighbourhood="Graça",
            key="PT/14/2267057/1",
            coordinates=Coordinates(latitude=38.71667, longitude=-9.13333),
            timezone="Europe/Lisbon",
        ),
        coordinates=Coordinates(latitude=38.7, longitude=-9.1),
        name="IMG_1.heic",
        caption="c",
        alt="a",
        coded_sha256="cd" * 32,
        people=("Ana",),
        parts=(
            Part(
                id="e" * 32,
                kind=PartKind.MOTION,
                sha256="ef" * 32,
                format="mov",
                size=5,
                name="IMG_1.mov",
            ),
        ),
    )


def places_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for name in value:
            yield from places_in(value[name], (*path, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from places_in(item, (*path, at))


def replaced(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


def loadable(document: Any) -> bool:
    try:
        loads(json.dumps(document))
    except InvalidAlbum:
        return False
    return True


def test_what_is_written_is_read() -> None:
    album = an_album()
    assert loads(dumps(album)) == album
    assert loads(dumps(album).encode()) == album


def test_a_written_album_matches_the_published_schema() -> None:
    assert matches(SCHEMA, json.loads(dumps(an_album())))


WRONG: list[Any] = [None, True, -1, 9, 1.5, 1e999, "x", "", [], [1], {}, {"a": 1}, 10**400]


def test_a_wrong_type_at_any_depth_is_refused_just_where_the_schema_refuses_it() -> None:
    document = json.loads(dumps(an_album(1)))
    tried, refused = 0, 0
    for path in list(places_in(document)):
        for wrong in WRONG:
            changed = replaced(document, path, wrong)
            expected = matches(SCHEMA, changed)
            # Beyond what a schema can say: a cover is one of the photos.
            if expected and path in {
                ("photos",),
                ("photos", 0, "id"),
                ("sections", 0, "photos", 0),
            }:
                expected = False
            assert loadable(changed) is expected, (path, wrong)
            tried += 1
            refused += not expected
    assert tried > 400
    assert refused > 250


def test_every_required_field_is_missed_by_reader_and_schema_alike() -> None:
    document = json.loads(dumps(an_album(1)))
    paths = [path for path in places_in(document) if path and isinstance(path[-1], str)]
    for path in paths:
        changed = copy.deepcopy(document)
        inner = changed
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]
        assert loadable(changed) is matches(SCHEMA, changed), path
    assert len(paths) > 25


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("photos", 1, "captured_at"), "2024", "photos[1].captured_at"),
        (("photos", 1, "captured_at", "local"), "2024-W01", "photos[1].captured_at.local"),
        (
            ("photos", 1, "captured_at", "local"),
            "2024-02-30T00:00:00",
            "photos[1].captured_at.local",
        ),
        (("photos", 0, "place", "city"), 7, "photos[0].place.city"),
        (
            ("photos", 0, "place", "coordinates", "latitude"),
            "x",
            "photos[0].place.coordinates.latitude",
        ),
        (("photos", 0, "coordinates", "longitude"), 181, "photos[0].coordinates.longitude"),
        (("photos", 1, "id"), "0" * 32, "photos[1].id"),
        (("photos", 1, "people", 0), 7, "photos[1].people[0]"),
        (("photos", 1, "parts", 0, "kind"), "tail", "photos[1].parts[0].kind"),
        (("photos", 1, "parts", 0, "size"), "1", "photos[1].parts[0].size"),
        (("sections", 1, "title"), None, "sections[1].title"),
        (("sections", 0, "photos", 0), "e" * 32, "sections[0].photos[0]"),
        (("sections", 0, "photos", 0), [], "sections[0].photos[0]"),
        (("cover",), "e" * 32, "cover"),
        (("schema",), "photoprivacy.album/2", "schema"),
        (("schema",), ["photoprivacy.album/1"], "schema"),
    ],
)
def test_an_error_says_where_and_never_what(
    path: tuple[str | int, ...], value: object, where: str
) -> None:
    document = replaced(json.loads(dumps(an_album())), path, value)
    with pytest.raises(InvalidAlbum) as refused:
        loads(json.dumps(document))
    assert refused.value.path == where
    assert "Lisbo" not in str(refused.value)


def test_unknown_fields_are_kept_where_they_stood() -> None:
    document = json.loads(dumps(an_album(1)))
    document["chapters"] = [{"title": "later"}]
    document["sections"][0]["layout"] = "wide"
    photo = document["photos"][0]
    photo["stars"] = ["A"]
    photo["parts"][0]["seconds"] = 2.5
    photo["place"]["county"] = "x"
    photo["place"]["coordinates"]["datum"] = "WGS 84"
    photo["captured_at"]["certain"] = None
    photo["coordinates"]["altitude"] = 3.5
    assert json.loads(dumps(loads(json.dumps(document)))) == document


def test_unknown_fields_of_a_place_go_with_the_place() -> None:
    document = json.loads(dumps(an_album(1)))
    document["photos"][0]["place"]["county"] = "x"
    album = loads(json.dumps(document))
    moved = attrs.evolve(album, photos=(attrs.evolve(album.photos[0], place=None),))
    assert json.loads(dumps(moved))["photos"][0]["place"] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "[" * 100_000,
        '{"a":' * 100_000,
        "{" + '"schema":1,' * 2 + '"x":1}',
        '{"schema": NaN}',
        '{"schema": "photoprivacy.album/1", "x": 1e999, "id": "' + "0" * 32 + '", "title": "",'
        '"photos": []}',
        '{"schema": "photoprivacy.album/1", "x": "\\ud800", "id": "' + "0" * 32 + '", "title": "",'
        '"photos": []}',
        '{"schema": "photoprivacy.album/1", "x": ' + "[" * 500 + "]" * 500 + ', "id": "'
        '00000000000000000000000000000000", "title": "", "photos": []}',
        '{"size": ' + "9" * 5000 + "}",
        b"\xff\xfe\x00",
        b"\x80",
    ],
)
def test_bad_json_is_one_typed_error(text: str | bytes) -> None:
    with pytest.raises(InvalidAlbum):
        loads(text)


@settings(max_examples=150, deadline=None)
@given(st.text() | st.binary(max_size=200))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidAlbum):
        loads(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(_JSON, st.integers(0, 10_000))
def test_any_value_anywhere_is_read_or_refused(value: Any, seed: int) -> None:
    document = json.loads(dumps(an_album(1)))
    path = random.Random(seed).choice(list(places_in(document)))
    try:
        album = loads(json.dumps(replaced(document, path, value)))
    except InvalidAlbum:
        return
    assert loads(dumps(album)) == album


def test_ten_thousand_photos_are_written_and_read_in_bounded_time() -> None:
    album = an_album(10_000)
    start = time.process_time()
    assert loads(dumps(album)) == album
    assert time.process_time() - start < 10  # 0.5 s each is the aim; this guards the order


def test_older_documents_are_led_step_by_step_to_todays() -> None:
    plain = album_to_dict(an_album(1))
    oldest = {"schema": "my.albums/1", "album": plain}
    steps: dict[str, Migration] = {
        "my.albums/1": lambda old: old["album"] | {"schema": "my.albums/2"},
        "my.albums/2": lambda old: old | {"schema": SCHEMA_NAME, "title": "led"},
    }
    assert loads(json.dumps(oldest), migrations=steps).title == "led"
    assert loads(dumps(an_album(1)), migrations=steps) == an_album(1)
    wrong: tuple[Migration, ...] = (steps["my.albums/1"], lambda old: old, lambda _: {})
    for step in wrong:
        with pytest.raises(InvalidAlbum) as refused:
            loads(json.dumps(oldest), migrations={"my.albums/1": step})
        assert refused.value.path == "schema"


def test_plain_values_are_what_is_written_and_lead_back() -> None:
    album = an_album()
    assert json.loads(dumps(album)) == album_to_dict(album)
    assert album_from_dict(album_to_dict(album)) == album
    photo = album.photos[0]
    assert photo_from_dict(photo_to_dict(photo)) == photo
    with pytest.raises(InvalidAlbum) as refused:
        photo_from_dict(photo_to_dict(photo) | {"size": "1"}, "upload")
    assert refused.value.path == "upload.size"


def test_what_newer_fields_hold_is_kept_when_photos_and_sections_are_edited() -> None:
    document = json.loads(dumps(an_album(2)))
    document["photos"][0]["stars"] = 5
    document["sections"][0]["layout"] = "wide"
    album = loads(json.dumps(document))
    edited = album.reordered((album.photos[1].id,)).retitled("later").covered(None)
    again = json.loads(dumps(edited))
    assert again["photos"][1]["stars"] == 5
    assert again["sections"][0]["layout"] == "wide"
