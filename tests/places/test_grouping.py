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


CITIES = [city("DE", f"R{n % 4}", 100 + n, f"City {n}") for n in range(30)]


def at_places(*counts: tuple[Place, int]) -> list[Photo]:
    return [Photo(i, place) for i, place in enumerate(p for p, n in counts for _ in range(n))]


def test_few_cities_stand_under_their_country_and_many_under_their_regions() -> None:
    few = group_by_place(at_places(*((place, 4) for place in CITIES[:5])))
    many = group_by_place(at_places(*((place, 4) for place in CITIES[:20])))

    assert {group.level for group in few.groups[0].children} == {PlaceLevel.CITY}
    assert {group.level for group in many.groups[0].children} == {PlaceLevel.REGION}


def test_where_there_are_many_groups_the_smallest_are_elsewhere_without_a_count() -> None:
    region = [attrs.evolve(place, region="R", key=f"DE/R/{n}") for n, place in enumerate(CITIES)]
    tree = group_by_place(
        at_places(*((place, 9 if n < 3 else 1) for n, place in enumerate(region)))
    )
    (germany,) = tree.groups

    assert germany.count == 27 + 27
    assert [child.count for child in germany.children] == [9, 9, 9]
    assert germany.elsewhere is not None
    assert germany.elsewhere.title == "elsewhere in DE"
    assert len(germany.elsewhere.photos) == 27
    assert not hasattr(germany.elsewhere, "count")
    assert "elsewhere" not in str(tree.to_geojson())


def test_photos_are_in_a_child_or_elsewhere_and_never_in_both() -> None:
    rng = random.Random(4)
    photos = at_places(*((place, rng.randrange(1, 8)) for place in CITIES + PLACES[:5] if place))
    for group in group_by_place(photos).walk():
        inside = [photo.number for child in group.children for photo in child.photos]
        rest = [photo.number for photo in group.elsewhere.photos] if group.elsewhere else []
        if group.children:
            assert sorted(inside + rest) == [photo.number for photo in group.photos]


@given(
    st.lists(st.sampled_from(CITIES + PLACES), max_size=120),
    st.lists(st.sampled_from(CITIES + PLACES), max_size=120),
)
def test_a_group_that_is_there_stays_when_its_keys_are_kept(
    first: list[Place | None], more: list[Place | None]
) -> None:
    photos = [Photo(number, place) for number, place in enumerate(first + more)]
    before = group_by_place(photos[: len(first)])
    after = group_by_place(photos, kept=before.keys)

    assert before.keys <= after.keys
    known, now = dict(shape(before)), dict(shape(after))
    for key, members in known.items():
        assert members <= now[key]


@given(
    st.lists(st.sampled_from(CITIES + PLACES), max_size=60),
    st.lists(st.sampled_from(CITIES + PLACES), max_size=60),
)
def test_albums_merge_into_the_tree_of_all_their_photos(
    first: list[Place | None], second: list[Place | None]
) -> None:
    photos = [Photo(number, place) for number, place in enumerate(first + second)]
    one = group_by_place(photos[: len(first)])
    other = group_by_place(photos[len(first) :])
    merged = one.merge(other)

    assert merged == group_by_place(photos, kept=one.keys | other.keys)
    assert sorted(shape(merged)) == sorted(shape(other.merge(one)))
    assert one.merge(PlaceTree()) == one


@attrs.frozen
class Dated:
    place: Place | None
    taken: str | None
    width: int = 2
    height: int = 3


def test_a_group_has_a_title_a_span_a_count_a_cover_and_its_places_own_point() -> None:
    lisbon = PLACES[0]
    photos = [
        Dated(lisbon, "2024-05-03T10:00:00"),
        Dated(lisbon, "2024-05-02", width=4),
        Dated(lisbon, None, width=4),
        Dated(lisbon, "2024-05-09", width=9),
    ]
    (group,) = group_by_place(photos).groups[0].children

    assert (group.title, group.count) == ("Lisbon", 4)
    assert group.span == ("2024-05-02", "2024-05-09")
    assert group.cover is photos[1]  # the first that is a little wider than high
    assert group.point == (lisbon.coordinates if lisbon else None)
    assert group_by_place(photos[2:3]).groups[0].span is None
    assert group_by_place(photos[:1]).groups[0].cover is photos[0]


def test_a_correction_joins_the_group_of_its_key_whoever_comes_first() -> None:
    own = city("PT", "Lisbon", 1, "Lisbon")
    corrected = attrs.evolve(own, coordinates=None, source="owner")
    photos = [Photo(1, own), Photo(2, corrected)]

    one, other = group_by_place(photos), group_by_place(photos[::-1])
    assert [group.place for group in one.walk()] == [group.place for group in other.walk()]
    assert one.groups[0].children[0].count == 2
    assert one.groups[0].children[0].point == own.coordinates


def test_a_place_of_nothing_is_nowhere() -> None:
    tree = group_by_place([Photo(1, Place()), Photo(2, Place(source="owner"))])

    assert tree.groups == ()
    assert [photo.number for photo in tree.nowhere] == [1, 2]
