"""Trips and inferred places: what belongs together in time and space, and what is only guessed."""

from __future__ import annotations

import datetime as dt
import random

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from photoprivacy import CapturedAt, Policy, inspect, strip
from photoprivacy.geo import Coordinates, Place, PlaceLevel, Precision
from photoprivacy.places import (
    Gazetteer,
    HomeZone,
    find_trips,
    group_by_place,
    infer_places,
    suggest_homes,
)
from photoprivacy.testing import sample_photo

MUNICH = (48.137, 11.575)
LISBON = (38.7139, -9.1334)
SINTRA = (38.7971, -9.3902)
TOKYO, KYOTO, OSAKA, NARA = (35.68, 139.76), (35.01, 135.77), (34.69, 135.50), (34.685, 135.805)
START = dt.datetime(2024, 5, 1, 12, 0)  # noqa: DTZ001 - cameras know no zone


@attrs.frozen
class Shot:
    at: tuple[float, float] | None
    hours: float
    camera: str = "one"
    zone: int | None = None

    @property
    def coordinates(self) -> Coordinates | None:
        return Coordinates(latitude=self.at[0], longitude=self.at[1]) if self.at else None

    @property
    def captured_at(self) -> CapturedAt:
        offset = None if self.zone is None else dt.timedelta(hours=self.zone)
        return CapturedAt(local=START + dt.timedelta(hours=self.hours), offset=offset)


def every(hours: float, at: tuple[float, float], first: float, last: float) -> list[Shot]:
    return [Shot(at, first + n * hours) for n in range(int((last - first) / hours) + 1)]


HOME = HomeZone.around(Coordinates(latitude=MUNICH[0], longitude=MUNICH[1]))


def test_a_trip_lies_between_two_photos_of_home_and_is_named_by_its_places() -> None:
    shots = [
        *every(24, MUNICH, -120, 0),
        *every(6, LISBON, 20, 80),
        *every(6, SINTRA, 84, 110),
        *every(24, MUNICH, 130, 300),
    ]
    random.Random(1).shuffle(shots)
    (trip,) = find_trips(shots, home=HOME)

    assert trip.title == "Lisbon and Sintra"
    assert (trip.first, trip.last) == ("2024-05-02", "2024-05-06")
    assert [place.city for place in trip.places] == ["Lisbon", "Sintra"]
    assert trip.count == 16
    assert [shot.hours for shot in trip.photos] == sorted(shot.hours for shot in trip.photos)


def test_many_cities_of_a_country_are_called_by_the_country() -> None:
    shots = [
        shot
        for number, at in enumerate((TOKYO, KYOTO, OSAKA, NARA))
        for shot in every(5, at, number * 48, number * 48 + 40)
    ]
    (trip,) = find_trips(shots, home=HOME)

    assert trip.title == "Japan"
    assert len(trip.places) == 4


def test_another_country_after_a_day_and_a_half_is_another_trip() -> None:
    near = [*every(6, LISBON, 0, 48), *every(6, TOKYO, 100, 150)]
    at_once = [*every(6, LISBON, 0, 48), *every(6, TOKYO, 70, 150)]

    assert [trip.title for trip in find_trips(near, home=HOME)] == ["Lisbon", "Tokyo"]
    assert [trip.title for trip in find_trips(at_once, home=HOME)] == ["Japan and Portugal"]


def test_a_long_pause_ends_a_trip_and_a_day_out_is_none() -> None:
    shots = [*every(6, LISBON, 0, 48), *every(6, LISBON, 48 + 24 * 6, 48 + 24 * 8)]

    assert [trip.title for trip in find_trips(shots, home=HOME)] == ["Lisbon", "Lisbon"]
    assert find_trips(every(2, SINTRA, 0, 8), home=HOME) == ()


def test_without_a_home_a_place_of_many_days_over_months_is_one() -> None:
    life = every(24 * 4, MUNICH, 0, 24 * 200)
    holiday = every(6, LISBON, 24 * 100 + 10, 24 * 103)

    (trip,) = find_trips(life + holiday)
    assert trip.title == "Lisbon"
    # Two visits of one place, months apart, are no home.
    visits = [*every(6, LISBON, 0, 48), *every(6, LISBON, 24 * 200, 24 * 202)]
    assert len(find_trips(visits)) == 2


def test_whoever_stays_for_months_does_not_travel() -> None:
    assert find_trips(every(12, LISBON, 0, 24 * 120), home=HOME) == ()


def test_a_photo_without_a_place_inside_a_trip_belongs_to_it_and_after_it_does_not() -> None:
    inside, after = Shot(None, 20), Shot(None, 60)
    (trip,) = find_trips([*every(6, LISBON, 0, 48), inside, after], home=HOME)

    assert inside in trip.photos
    assert after not in trip.photos


@attrs.frozen
class Seen:
    place: Place | None
    taken: str | None


def test_recipients_trips_follow_from_what_they_may_see() -> None:
    lisbon = Gazetteer().reverse(Coordinates(latitude=LISBON[0], longitude=LISBON[1]))
    assert lisbon is not None

    def seen(precision: Precision, length: int) -> list[Seen]:
        days = [f"2024-05-{1 + n:02}T12:00:00"[:length] or None for n in range(5)]
        return [Seen(lisbon.at(precision), day) for day in days]

    assert [trip.title for trip in find_trips(seen(Precision.CITY, 10))] == ["Lisbon"]
    assert [trip.title for trip in find_trips(seen(Precision.COUNTRY, 19))] == ["Portugal"]
    assert find_trips(seen(Precision.CITY, 7)) == ()  # months have no nights
    assert find_trips(seen(Precision.CITY, 0)) == ()
    assert find_trips(seen(Precision.NONE, 10)) == ()


@settings(deadline=None)  # the first example reads the table
@given(
    st.lists(
        st.tuples(st.sampled_from([MUNICH, LISBON, TOKYO, None]), st.integers(0, 2000)), max_size=30
    ),
    st.randoms(),
)
def test_the_order_in_which_photos_come_does_not_matter(
    rows: list[tuple[tuple[float, float] | None, int]], rng: random.Random
) -> None:
    shots = [Shot(at, hours + n / 1000) for n, (at, hours) in enumerate(rows)]
    shuffled = shots.copy()
    rng.shuffle(shuffled)

    assert find_trips(shots) == find_trips(shuffled)


def test_a_place_is_inferred_between_two_photos_of_the_same_camera_in_one_city() -> None:
    shots = [Shot(LISBON, 0), Shot(None, 1), Shot((38.6916, -9.2160), 2)]
    _, place, _ = infer_places(shots)

    assert place is not None
    assert (place.city, place.neighbourhood) == ("Lisbon", "")
    assert place.inferred
    (group,) = group_by_place([attrs.make_class("Placed", ["place"])(place)]).groups
    assert group.place.source == ""  # a group is a place, not a guess


def test_nothing_is_inferred_from_one_side_from_afar_or_from_another_camera() -> None:
    for shots in (
        [Shot(LISBON, 0), Shot(None, 1)],
        [Shot(None, 1), Shot(LISBON, 2)],
        [Shot(LISBON, 0), Shot(None, 3), Shot(LISBON, 6)],
        [Shot(LISBON, 0), Shot(None, 1), Shot(SINTRA, 2)],
        [Shot(LISBON, 0, "two"), Shot(None, 1), Shot(LISBON, 2)],
        [Shot(LISBON, 0, ""), Shot(None, 1, ""), Shot(LISBON, 2, "")],
        [Shot((30.0, -40.0), 0), Shot(None, 1), Shot((30.0, -40.0), 2)],
    ):
        places = infer_places(shots)
        assert [place for place in places if place is not None and place.inferred] == []


def test_a_guess_is_never_the_ground_of_another_guess() -> None:
    shots = [Shot(LISBON, 0), Shot(None, 1.5), Shot(LISBON, 3)]
    placed = attrs.make_class("Placed", ["place", "captured_at", "camera"])
    first = [
        placed(place, shot.captured_at, "one")
        for shot, place in zip(shots, infer_places(shots), strict=True)
    ]
    again = infer_places([first[1], placed(None, Shot(None, 2).captured_at, "one"), first[1]])

    assert first[1].place.inferred
    assert again[1] is None


def test_an_inferred_place_is_never_written_into_a_file() -> None:
    bare = sample_photo(coordinates=None)
    for precision in (Precision.COUNTRY, Precision.REGION, Precision.CITY, Precision.EXACT):
        clean = strip(bare, Policy(location=precision))
        assert inspect(clean.data).coordinates is None
        assert b"Lisbon" not in clean.data


def test_a_home_is_suggested_and_a_holiday_is_not() -> None:
    life = every(24 * 5, MUNICH, 0, 24 * 200)
    holiday = every(3, LISBON, 24 * 100 + 10, 24 * 110)

    assert suggest_homes(life + holiday) == (HOME,)
    assert suggest_homes(holiday) == ()
    # Two holidays at one place have a gap that no home has.
    twice = [*every(6, LISBON, 0, 96), *every(6, LISBON, 24 * 300, 24 * 304)]
    assert suggest_homes(twice) == ()
    assert suggest_homes([]) == ()


def test_levels_of_recipients_and_owners_make_the_same_groups() -> None:
    shots = every(6, LISBON, 0, 48)
    placed = attrs.make_class("Placed", ["place"])
    told = [
        placed(place.at(Precision.CITY))
        for place in Gazetteer().reverse_many(
            shot.coordinates for shot in shots if shot.coordinates
        )
        if place
    ]

    own, shown = (
        [(group.key, group.count) for group in tree.walk()]
        for tree in (group_by_place(shots, level=PlaceLevel.CITY), group_by_place(told))
    )
    assert own == [("PT", 9), ("PT/14", 9), ("PT/14/2267057", 9)]
    assert shown == [("PT", 9), ("PT/14/2267057", 9)]
