"""Groups by place: from keys alone, whatever the order."""

from __future__ import annotations

import random

import attrs
from hypothesis import given
from hypothesis import strategies as st

from photoprivacy.geo import Coordinates, Place, PlaceLevel
from photoprivacy.places import PlaceTree, group_by_place


@attrs.frozen
class Photo:
    number: int
    place: Place | None


def city(country: str, region: str, number: int, name: str) -> Place:
    return Place(
        country_code=country,
        country=country,
        region=region,
        city=name,
        key=f"{country}/{region}/{number}",
        coordinates=Coordinates(latitude=number % 80, longitude=number % 170),
    )


PLACES = [
    *(city("PT", "Lisbon", 1, "Lisbon"), city("PT", "Lisbon", 2, "Sintra")),
    *(city("PT", "Porto", 3, "Porto"), city("FR", "IDF", 4, "Paris")),
    Place(country_code="GL", country="Greenland", key="GL"),
    None,
]


def shape(tree: PlaceTree[Photo]) -> list[tuple[str, frozenset[int]]]:
    return [(group.key, frozenset(photo.number for photo in group.photos)) for group in tree.walk()]


@given(st.lists(st.sampled_from(PLACES), max_size=60), st.randoms())
def test_the_order_of_photos_does_not_matter(
    places: list[Place | None], rng: random.Random
) -> None:
    photos = [Photo(number, place) for number, place in enumerate(places)]
    shuffled = photos.copy()
    rng.shuffle(shuffled)

    assert shape(group_by_place(photos)) == shape(group_by_place(shuffled))


@given(
    st.lists(st.sampled_from(PLACES), max_size=40), st.lists(st.sampled_from(PLACES), max_size=40)
)
def test_adding_photos_takes_none_out_of_its_group(
    first: list[Place | None], more: list[Place | None]
) -> None:
    photos = [Photo(number, place) for number, place in enumerate(first + more)]
    before = dict(shape(group_by_place(photos[: len(first)])))
    after = dict(shape(group_by_place(photos)))

    for key in before.keys() & after.keys():
        assert before[key] <= after[key]


def test_every_photo_is_in_the_tree_once_a_level() -> None:
    photos = [Photo(number, place) for number, place in enumerate(PLACES * 7)]
    tree = group_by_place(photos, level=PlaceLevel.CITY)

    assert sum(group.count for group in tree.groups) + len(tree.nowhere) == len(photos)
    assert [photo.number for photo in tree.nowhere] == [5, 11, 17, 23, 29, 35, 41]
    (portugal,) = [group for group in tree.groups if group.key == "PT"]
    assert [child.title for child in portugal.children] == ["Lisbon", "Porto"]
    assert tree.find("PT/Lisbon/2") is not None


def test_points_are_the_places_own() -> None:
    tree = group_by_place([Photo(n, place) for n, place in enumerate(PLACES)])
    features = tree.to_geojson()["features"]

    assert isinstance(features, list)
    points = {tuple(feature["geometry"]["coordinates"]) for feature in features}
    own = [place.coordinates for place in PLACES if place and place.coordinates]
    assert points == {(at.longitude, at.latitude) for at in own}


def test_positions_are_named_by_the_gazetteer() -> None:
    @attrs.frozen
    class Located:
        coordinates: Coordinates | None

    tree = group_by_place([Located(Coordinates(latitude=48.8584, longitude=2.2945)), Located(None)])

    assert [group.key for group in tree.groups] == ["FR"]
    assert len(tree.nowhere) == 1


def test_a_key_that_begins_like_another_is_not_part_of_it() -> None:
    def part(city_number: int, number: int) -> Place:
        return Place(
            country_code="PT",
            country="Portugal",
            region="Lisbon",
            city=f"City {city_number}",
            neighbourhood=f"Part {number}",
            key=f"PT/1/{city_number}/{number}",
        )

    photos = [Photo(n, part(12 if n % 2 else 123, n % 4)) for n in range(60)]
    tree = group_by_place(photos)

    assert any(group.children for group in tree.walk() if group.level is PlaceLevel.CITY)
    for group in tree.walk():
        inside = {photo.number for child in group.children for photo in child.photos}
        assert inside <= {photo.number for photo in group.photos}
