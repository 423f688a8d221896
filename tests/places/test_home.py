"""The home zone: what published attacks on location privacy find when they are run against it.

Each attack gets what a recipient gets, and nothing else. The strongest claim is tested first:
two homes of one cell make the same answers, so nothing computed from answers tells them apart.
"""

from __future__ import annotations

import functools
import math
import random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photoprivacy.geo import Coordinates, Place, PlaceLevel, Precision
from photoprivacy.places import Gazetteer, HomeZone, find_trips, group_by_place, told
from photoprivacy.places._loaded import table
from photoprivacy.places._partition import LEVELS, Cell, cell_of
from photoprivacy.places._table import distance_km, population_of

#: A part of Munich: all of it in one cell, which is 14 km wide.
MUNICH = Coordinates(latitude=48.0950, longitude=11.5400)
KM = 111.195


def moved(at: Coordinates, north: float, east: float) -> Coordinates:
    """Return a point so many kilometres away."""
    cosine = math.cos(math.radians(at.latitude))
    return Coordinates(
        latitude=at.latitude + north / KM, longitude=at.longitude + east / KM / cosine
    )


def around(at: Coordinates, count: int, kilometres: float, seed: int) -> list[Coordinates]:
    rng = random.Random(seed)
    return [moved(at, rng.gauss(0, kilometres), rng.gauss(0, kilometres)) for _ in range(count)]


def away(one: Coordinates, other: Coordinates) -> float:
    return distance_km(one.latitude, one.longitude, other.latitude, other.longitude)


def published(
    zone: HomeZone, photos: list[Coordinates], precision: Precision = Precision.CITY
) -> list[Place | None]:
    """Return what recipients are told of each photo."""
    places = Gazetteer().reverse_many(photos)
    return [zone.told(place, precision, at=at) for place, at in zip(places, photos, strict=True)]


def homes_of(cell: Cell, count: int) -> list[Coordinates]:
    """Return points all over a cell, not at its edge."""
    rng = random.Random(1)
    south, north, west, east = cell.box
    return [
        Coordinates(
            latitude=rng.uniform(south + (north - south) / 8, north - (north - south) / 8),
            longitude=rng.uniform(west + (east - west) / 8, east - (east - west) / 8),
        )
        for _ in range(count)
    ]


def test_every_home_of_a_cell_in_one_region_makes_the_same_zone() -> None:
    zone = HomeZone.around(MUNICH)
    zones = {HomeZone.around(home) for home in homes_of(zone.cell, 40)}

    assert zones == {zone}


def test_attack_averaging_many_photos_of_one_home_yields_what_every_home_yields() -> None:
    zone = HomeZone.around(MUNICH)
    one, other = homes_of(zone.cell, 2)
    assert away(one, other) > 1

    for precision in Precision:
        first = published(zone, around(one, 1000, 0.015, seed=1), precision)
        second = published(zone, around(other, 1000, 0.015, seed=2), precision)
        assert first == second
        assert all(place is None or place.coordinates is None for place in first)


def test_attack_the_hole_in_the_map_is_the_same_for_every_home_of_the_cell() -> None:
    zone = HomeZone.around(MUNICH)
    rng = random.Random(3)
    errors = []
    guesses = set()
    for home in homes_of(zone.cell, 10):
        # Photos all over a hundred kilometres, and many at home.
        photos = [
            moved(MUNICH, rng.uniform(-50, 50), rng.uniform(-50, 50)) for _ in range(1500)
        ] + around(home, 300, 0.02, seed=4)
        shown = {
            (place.coordinates.latitude, place.coordinates.longitude)
            for place in published(HomeZone.around(home), photos)
            if place is not None and place.coordinates is not None
        }
        guess = emptiest(shown, MUNICH)
        guesses.add((round(guess.latitude, 1), round(guess.longitude, 1)))
        errors.append(away(guess, home))

    # It finds the cell, whoever lives there, and not the home: as far off as any point of it.
    assert len(guesses) <= 3
    assert sorted(errors)[len(errors) // 2] > 3


def emptiest(points: set[tuple[float, float]], near: Coordinates) -> Coordinates:
    """Return the middle of the largest hole among points: the published attack, on a grid."""
    best, found = near, -1.0
    for north in range(-20, 21, 2):
        for east in range(-20, 21, 2):
            at = moved(near, north, east)
            room = min(distance_km(at.latitude, at.longitude, *point) for point in points)
            if room > found:
                best, found = at, room
    return best


def test_attack_the_ring_of_the_nearest_shown_places_has_another_centre() -> None:
    zone = HomeZone.around(MUNICH)
    centres, errors = set(), []
    for home in homes_of(zone.cell, 10):
        grid = [
            moved(MUNICH, north, east) for north in range(-40, 41, 2) for east in range(-40, 41, 2)
        ]
        shown = [
            place.coordinates
            for place in published(HomeZone.around(home), grid)
            if place is not None and place.coordinates is not None
        ]
        ring = sorted(set(shown), key=lambda at: away(at, MUNICH))[:12]
        centre = Coordinates(
            latitude=sum(at.latitude for at in ring) / len(ring),
            longitude=sum(at.longitude for at in ring) / len(ring),
        )
        centres.add(centre)
        errors.append(away(centre, home))

    assert len(centres) == 1
    assert sorted(errors)[len(errors) // 2] > 3


def test_attack_two_albums_intersected_hide_the_same_cell() -> None:
    rng = random.Random(9)
    zones = set()
    for album in range(6):
        home = around(MUNICH, 1, 0.02, seed=album)[0]  # as sharply as a phone knows it
        zone = HomeZone.around(home)
        zones.add(zone)
        photos = [moved(home, rng.gauss(0, 5), rng.gauss(0, 5)) for _ in range(300)]
        coarse, sharp = (published(zone, photos, one) for one in (Precision.REGION, Precision.CITY))
        for less, more, at in zip(coarse, sharp, photos, strict=True):
            # A second album at another precision adds nothing inside.
            if zone.cell.holds(at.latitude, at.longitude):
                assert more == less

    assert len(zones) == 1


@settings(deadline=None)  # the first example reads the table
@given(st.integers(0, 3), st.floats(0, 1), st.integers(0, 10_000))
def test_attack_a_home_on_the_edge_of_a_cell_has_all_its_photos_on_one_side(
    edge: int, along: float, seed: int
) -> None:
    south, north, west, east = cell_of(0, MUNICH.latitude, MUNICH.longitude).box
    home = Coordinates(
        latitude=(south, north)[edge % 2] if edge < 2 else south + along * (north - south),
        longitude=(west, east)[edge % 2] if edge >= 2 else west + along * (east - west),
    )
    zone = HomeZone.around(home)

    assert all(
        zone.cell.holds(at.latitude, at.longitude) for at in around(home, 50, 0.05, seed=seed)
    )


@settings(deadline=None)  # the first example reads the table
@given(st.floats(-84, 84), st.floats(-180, 180))
def test_a_zone_holds_its_home_well_inside_wherever_that_is(
    latitude: float, longitude: float
) -> None:
    home = Coordinates(latitude=latitude, longitude=longitude)
    zone = HomeZone.around(home)

    assert zone.cell.holds(latitude, longitude)
    assert zone.cell.level == LEVELS - 1 or not zone.cell.edges_near(latitude, longitude)
    assert HomeZone.parse(zone.code) == zone


@settings(deadline=None)  # the first example reads the table
@given(
    st.floats(-80, 80),
    st.floats(-180, 180),
    st.integers(0, LEVELS - 1),
    st.floats(0.01, 4),
    st.randoms(),
)
def test_a_box_with_a_point_of_a_cell_touches_it(
    latitude: float, longitude: float, level: int, size: float, rng: random.Random
) -> None:
    cell = cell_of(level, latitude, longitude)
    south, west = latitude - rng.random() * size, longitude - rng.random() * size

    assert cell.touches(south, south + size, west, west + size)
    assert not cell.touches(cell.box[1] + 0.1, cell.box[1] + 0.2, west, west + size)
    if cell.box[3] - cell.box[2] < 300:
        assert not cell.touches(-90, 90, cell.box[3] + 0.1, cell.box[3] + 0.2)


def test_cells_of_a_level_tile_the_world() -> None:
    rng = random.Random(7)
    for level in range(LEVELS):
        for _ in range(300):
            at = rng.uniform(-90, 90), rng.uniform(-180, 180)
            cell = cell_of(level, *at)
            south, north, west, east = cell.box
            assert south <= at[0] <= north
            assert (at[1] - west) % 360 <= east - west + 1e-9
            assert cell_of(level, at[0], 180.0) == cell_of(level, at[0], -180.0)


def test_attack_minimality_leaves_as_many_people_as_the_floor_says() -> None:
    """Whoever sees a zone rules out all for whom a smaller one would do; enough must remain."""
    known, rng = table(), random.Random(5)
    weights = [population_of(size) for size in known.size]
    told_regions = told_nothing = 0
    for row in rng.choices(range(len(known.ids)), weights, k=60):
        home = point_of(row)
        zone = HomeZone.around(home)
        (answer,) = published(zone, [home])
        if zone.cell.level == LEVELS - 1 and answer is None:
            continue  # nowhere are that many people: the largest cell is all there can be
        rows = [
            one
            for one in known.within(*zone.cell.box)
            if known.parents[one] < 0 and HomeZone.around(point_of(one)) == zone
        ]
        answers = published(zone, [point_of(one) for one in rows])
        remaining = sum(
            population_of(known.size[one])
            for one, other in zip(rows, answers, strict=True)
            if other == answer and known.country[one] == known.country[row]
        )
        if answer is None:
            told_nothing += 1
            # In Monaco a quarter of the country is all there can be.
            assert remaining >= min(50_000, people_of(known.country[row]) / 4)
        else:
            told_regions += 1
            assert answer.level is PlaceLevel.REGION
            assert remaining >= 50_000
    assert told_regions > 25
    assert told_nothing > 5


def point_of(row: int) -> Coordinates:
    latitude, longitude = table().point(row)
    return Coordinates(latitude=latitude, longitude=longitude)


@functools.cache
def people_of(country: int) -> float:
    known = table()
    return sum(
        population_of(known.size[row])
        for row in range(len(known.ids))
        if known.country[row] == country and known.parents[row] < 0
    )


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (52.52, 13.40),
        (48.21, 16.37),
        (53.55, 9.99),
        (1.29, 103.85),
        (43.7384, 7.4246),
        (64.14, -21.9),
    ],
)
def test_where_region_and_city_are_one_nothing_is_told_at_any_precision(
    latitude: float, longitude: float
) -> None:
    home = Coordinates(latitude=latitude, longitude=longitude)

    assert published(HomeZone.around(home), [home, home], Precision.EXACT) == [None, None]
    # Not the country either: among photos of Bavaria, "Germany" would say Berlin.
    assert published(HomeZone.around(home), [home], Precision.COUNTRY) == [None]


def test_exact_never_applies_inside_and_does_outside() -> None:
    zone = HomeZone.around(MUNICH)
    inside, outside = published(
        zone, [MUNICH, Coordinates(latitude=54.34, longitude=10.088)], Precision.EXACT
    )

    assert inside is not None
    assert inside.level is PlaceLevel.REGION
    assert inside.timezone == ""
    assert outside is not None
    assert outside.neighbourhood


def test_an_inferred_or_corrected_place_inside_is_hidden_by_its_name() -> None:
    zone = HomeZone.around(MUNICH)
    looked_up = Gazetteer().reverse(Coordinates(latitude=48.1374, longitude=11.5755))
    assert looked_up is not None
    inferred = attrs.evolve(looked_up, source="inferred", coordinates=None)
    by_hand = Place(
        country_code="DE", country="Germany", region="Bavaria", city="Munich", source="owner"
    )
    suburb = attrs.evolve(looked_up, city="Somewhere", key=f"{looked_up.key}/1", coordinates=None)

    for place in (looked_up, inferred, by_hand, suburb):
        assert zone.hides(place)
        answer = zone.told(place, Precision.EXACT)
        assert answer is None or answer.level is PlaceLevel.REGION


def test_an_inferred_home_is_hidden_where_its_citys_own_point_lies_outside() -> None:
    known, rng = table(), random.Random(8)
    cities = [row for row in range(len(known.ids)) if population_of(known.size[row]) > 700_000]
    tried = 0
    for row in rng.sample(cities, 300):
        home = around(point_of(row), 1, 6, seed=row)[0]
        place = Gazetteer().reverse(home)
        zone = HomeZone.around(home)
        if place is None or place.coordinates is None:
            continue
        own = place.coordinates
        if zone.cell.holds(own.latitude, own.longitude):
            continue
        tried += 1
        guess = attrs.evolve(place, source="inferred")
        for one in (guess, guess.at(Precision.CITY), attrs.evolve(guess, coordinates=None)):
            answer = zone.told(one, Precision.EXACT)
            assert answer is None or answer.level is PlaceLevel.REGION
    assert tried > 10


def test_how_far_a_point_is_from_a_cell_is_told_across_the_antimeridian_too() -> None:
    cell = cell_of(0, 48.1, 11.5)
    south, north, west, east = cell.box
    middle = (south + north) / 2

    assert cell.away(middle, (west + east) / 2) == 0
    assert cell.away(north + 0.1, west) == pytest.approx(11.1, abs=0.1)
    assert cell.away(south - 0.1, west) == pytest.approx(11.1, abs=0.1)
    assert cell.away(middle, east + 0.1) == pytest.approx(7.4, abs=0.1)
    assert cell.away(middle, west - 0.1) == pytest.approx(7.4, abs=0.1)
    fiji = cell_of(3, -17.0, 179.95)
    assert min(fiji.away(-17.0, -179.95), fiji.away(-17.0, 179.95)) == 0
    assert max(fiji.away(-17.0, -179.95), fiji.away(-17.0, 179.95)) < 120


def test_a_place_by_name_alone_is_hidden_unless_something_proves_it_elsewhere() -> None:
    zone = HomeZone.around(MUNICH)
    # As another geocoder or another language spells the home's city: the zone cannot know.
    foreign = Place(country_code="DE", country="Deutschland", region="Bayern", city="München")
    abroad = Place(country_code="PT", country="Portugal", city="Lissabon")
    numbered = Gazetteer().reverse(Coordinates(latitude=54.3233, longitude=10.1394))
    assert numbered is not None

    assert zone.hides(foreign)
    assert not zone.hides(foreign, at=Coordinates(latitude=54.3233, longitude=10.1394))
    assert not zone.hides(abroad)
    assert not zone.hides(attrs.evolve(numbered, coordinates=None))
    assert not zone.hides(numbered.at(Precision.REGION))


def test_a_corrected_place_does_not_lift_the_zone_from_a_photo_taken_inside() -> None:
    zone = HomeZone.around(MUNICH)
    elsewhere = Place(country_code="DE", country="Germany", region="Hesse", city="Kassel")

    answer = zone.told(elsewhere, Precision.CITY, at=MUNICH)
    assert answer is None or answer.city == ""


def test_the_sharpest_of_several_homes_never_wins() -> None:
    zones = [HomeZone.around(MUNICH), HomeZone.around(Coordinates(latitude=52.5, longitude=13.4))]
    for at, expected in (
        (MUNICH, "Bavaria"),
        (Coordinates(latitude=52.52, longitude=13.41), None),
        (Coordinates(latitude=50.9413, longitude=6.9583), "Köln"),
    ):
        place = told(Gazetteer().reverse(at), Precision.CITY, at=at, homes=zones)
        assert (place.title if place else None) == expected


@attrs.frozen
class Shown:
    place: Place | None
    taken: str
    width: int = 3
    height: int = 2


def test_groups_trips_covers_and_points_of_recipients_tell_nothing_of_the_zone() -> None:
    zone = HomeZone.around(MUNICH)
    lisbon = around(Coordinates(latitude=38.71, longitude=-9.14), 30, 0.5, seed=1)

    def seen(home: Coordinates) -> list[Shown]:
        photos = around(home, 40, 0.02, seed=2) + lisbon
        days = [f"2024-05-{1 + n // 5:02}" for n in range(len(photos))]
        return [Shown(place, day) for place, day in zip(published(zone, photos), days, strict=True)]

    one, other = (seen(home) for home in homes_of(zone.cell, 2))
    tree = group_by_place(one)

    assert tree == group_by_place(other)
    assert find_trips(one) == find_trips(other)
    assert str(tree.to_geojson()).count("'Point'") == 1
    (germany,) = [group for group in tree.groups if group.key == "DE"]
    assert all(group.point is None for group in tree.walk() if group.key.startswith("DE"))
    for group in (germany, *germany.children):
        if group.elsewhere is not None:
            assert not hasattr(group.elsewhere, "count")


def test_a_zone_keeps_and_shows_nothing_of_the_home() -> None:
    zone = HomeZone.around(MUNICH)

    assert repr(zone) == "HomeZone(…)"
    assert attrs.asdict(zone).keys() == {"cell", "floor"}
    assert "48.09" not in zone.code


@pytest.mark.parametrize(
    "code", ["", "1:0:1104:1023", "2:0:1:1:5", "1:9:1:1:5", "1:0:x:1:5", "1:0:1:1:5\n"]
)
def test_a_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not the code"):
        HomeZone.parse(code)


def test_a_floor_is_a_number_of_people() -> None:
    with pytest.raises(ValueError, match="people"):
        HomeZone.around(MUNICH, floor=0)
