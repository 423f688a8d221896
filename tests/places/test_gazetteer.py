"""The offline gazetteer: borders are borders, cities beat their suburbs, the sea has no name."""

from __future__ import annotations

import concurrent.futures
import importlib.resources
import pickle
import random
import sys

import pytest

from photoprivacy.errors import PlaceError
from photoprivacy.geo import Coordinates, Precision
from photoprivacy.places import Gazetteer
from photoprivacy.places._loaded import table
from photoprivacy.places._table import FLOOR_KM, RADII, REACH_KM, pack, unpack

#: (latitude, longitude, country, city or None for "not checked"), labelled by hand from maps:
#: border towns, exclaves, islands, the antimeridian, inner cities, and where people complained
#: that other galleries name the town across the border or the suburb.
HARD: tuple[tuple[float, float, str, str | None], ...] = (
    (48.8584, 2.2945, "FR", "Paris"),
    (38.7139, -9.1334, "PT", "Lisbon"),
    (38.6916, -9.2160, "PT", "Lisbon"),
    (52.4990, 13.4180, "DE", "Berlin"),
    (54.3400, 10.0880, "DE", "Kiel"),
    (42.3149, -83.0364, "CA", "Windsor"),
    (42.3314, -83.0458, "US", "Detroit"),
    (42.9746, -82.4066, "CA", "Sarnia"),
    (42.9709, -82.4249, "US", "Port Huron"),
    (47.5596, 7.5886, "CH", "Basel"),
    (47.5990, 7.6000, "DE", None),
    (47.6976, 8.6893, "DE", None),  # Büsingen, an exclave in Switzerland
    (45.9686, 8.9708, "IT", None),  # Campione, an exclave in Switzerland
    (43.7384, 7.4246, "MC", None),
    (41.9022, 12.4539, "VA", None),
    (43.9424, 12.4578, "SM", None),
    (47.1410, 9.5209, "LI", "Vaduz"),
    (36.1408, -5.3536, "GI", "Gibraltar"),
    (36.1650, -5.3480, "ES", None),
    (35.8894, -5.3213, "ES", "Ceuta"),
    (31.7775, 35.2345, "IL", None),
    (22.1987, 113.5439, "MO", None),
    (22.2783, 114.1747, "HK", None),
    (1.2903, 103.8519, "SG", None),
    (1.4655, 103.7578, "MY", "Johor Bahru"),
    (21.0285, 105.8542, "VN", "Hanoi"),
    (17.9667, 102.6000, "LA", "Vientiane"),
    (42.6629, 21.1655, "XK", "Pristina"),
    (44.8176, 20.4569, "RS", "Belgrade"),
    (-29.3151, 27.4869, "LS", "Maseru"),
    (-25.9667, 32.5833, "MZ", "Maputo"),
    (-4.3217, 15.3125, "CD", "Kinshasa"),
    (-4.2661, 15.2832, "CG", "Brazzaville"),
    (-25.6953, -54.4367, "AR", None),
    (-25.5469, -54.5882, "BR", None),
    (32.5331, -117.0190, "MX", "Tijuana"),
    (31.7776, -106.4425, "US", "El Paso"),
    (31.6904, -106.4245, "MX", None),
    (-54.8019, -68.3030, "AR", "Ushuaia"),
    (64.1466, -21.9426, "IS", None),
    (69.6492, 18.9553, "NO", "Tromsø"),
    (78.2232, 15.6267, "SJ", "Longyearbyen"),
    (62.0107, -6.7741, "FO", "Tórshavn"),
    (-13.8333, -171.7667, "WS", "Apia"),
    (-14.2781, -170.7025, "AS", None),
    (-21.1393, -175.2018, "TO", None),
    (-18.1416, 178.4415, "FJ", "Suva"),
    (-16.8000, -179.9900, "FJ", None),
    (-36.8485, 174.7633, "NZ", "Auckland"),
    (-43.9500, -176.5600, "NZ", None),
    (65.7500, -168.9200, "US", None),
    (21.3069, -157.8583, "US", "Honolulu"),
    (-27.1500, -109.4300, "CL", None),
    (40.7580, -73.9855, "US", "New York City"),
    (34.0522, -118.2437, "US", "Los Angeles"),
    (35.0116, 135.7681, "JP", "Kyoto"),
    (41.0082, 28.9784, "TR", "Istanbul"),
    (45.4337, 12.3386, "IT", "Venice"),
    (-22.9519, -43.2105, "BR", "Rio de Janeiro"),
    (28.6139, 77.2090, "IN", None),
    (40.1792, 44.4991, "AM", "Yerevan"),
    (45.9764, 7.6586, "CH", None),
)

#: the open sea, the poles, and the point that devices write when they know nothing
NOWHERE = (
    *((0.0, 0.0), (30.0, -40.0), (-40.0, -130.0), (10.0, 75.0 - 10.0), (-50.0, 20.0)),
    *((89.9, 0.0), (45.0, -30.0), (20.0, -160.0 - 10.0), (-20.0, 80.0), (5.0, -140.0)),
)


@pytest.mark.parametrize(("latitude", "longitude", "country", "city"), HARD)
def test_a_hard_point_gets_its_country_and_city(
    latitude: float, longitude: float, country: str, city: str | None
) -> None:
    place = Gazetteer().reverse(Coordinates(latitude=latitude, longitude=longitude))

    assert place is not None
    assert place.country_code == country
    assert city is None or place.city == city


@pytest.mark.parametrize(("latitude", "longitude"), NOWHERE)
def test_the_open_sea_has_no_name(latitude: float, longitude: float) -> None:
    assert Gazetteer().reverse(Coordinates(latitude=latitude, longitude=longitude)) is None


def test_the_middle_of_nowhere_has_a_country_and_no_town() -> None:
    for latitude, longitude, country in (
        (72.0, -40.0, "GL"),
        (23.0, 10.5, "DZ"),
        (-24.5, 125.0, "AU"),
    ):
        place = Gazetteer().reverse(Coordinates(latitude=latitude, longitude=longitude))
        assert place is not None
        assert (place.country_code, place.city, place.coordinates) == (country, "", None)


def test_a_suburb_is_kept_as_neighbourhood_with_the_citys_own_point() -> None:
    gazetteer = Gazetteer()
    suburb = gazetteer.reverse(Coordinates(latitude=54.3400, longitude=10.0880))
    assert suburb is not None
    assert suburb.neighbourhood

    city = suburb.at(Precision.CITY)
    assert city is not None
    assert city.coordinates is not None
    again = gazetteer.reverse(city.coordinates)
    assert again is not None
    assert again.key == city.key


def test_every_key_of_the_table_answers_for_itself_at_its_own_point() -> None:
    known = table()
    rows = [row for row in range(len(known.ids)) if known.parents[row] < 0]
    points = [Coordinates(latitude=a, longitude=b) for a, b in map(known.point, rows)]
    wrong = sum(
        place is None or not place.key.endswith(f"/{known.ids[row]}") or place.coordinates != at
        for row, at, place in zip(rows, points, Gazetteer().reverse_many(points), strict=True)
    )

    assert len(rows) > 200_000
    assert wrong == 0


def test_an_override_decides_a_disputed_zone() -> None:
    at = Coordinates(latitude=44.9521, longitude=34.1024)

    ours = Gazetteer(countries={"Europe/Simferopol": "UA"}).reverse(at)
    assert ours is not None
    assert ours.country_code == "UA"


def points_everywhere() -> list[Coordinates]:
    """Return points in and around places, on the open world, and where it ends."""
    known, rng = table(), random.Random(5)
    points = []
    for _ in range(2_500):
        latitude, longitude = known.point(rng.randrange(len(known.ids)))
        wide = rng.choice((0.005, 0.05, 0.3))
        points.append(
            Coordinates(
                latitude=max(-90.0, min(90.0, latitude + rng.gauss(0, wide))),
                longitude=(longitude + rng.gauss(0, wide) + 180) % 360 - 180,
            )
        )
    for _ in range(1_000):
        points += [
            Coordinates(latitude=rng.uniform(-90, 90), longitude=rng.uniform(-180, 180)),
            Coordinates(
                latitude=rng.uniform(-50, 70),
                longitude=(180 + rng.uniform(-0.6, 0.6) + 180) % 360 - 180,
            ),
        ]
    points += [
        Coordinates(latitude=latitude, longitude=longitude)
        for latitude in (90, -90, 0, 89.99995, 0.00001)
        for longitude in (0, 180, -180, 179.99999, 0.00001)
    ]
    return points


def test_numpy_and_plain_python_give_the_same_answers() -> None:
    pytest.importorskip("numpy")
    from photoprivacy.places._fast import answer

    points = points_everywhere()
    gazetteer = Gazetteer()
    plain = [gazetteer.reverse(at) for at in points]
    fast = answer(Gazetteer()._ready(), points)

    assert len(points) > 4_500
    assert sum(place is not None for place in plain) > 2_500
    assert fast == plain


def test_a_large_batch_without_numpy_gives_the_same_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = points_everywhere()
    expected = Gazetteer().reverse_many(points)
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "photoprivacy.places._fast", raising=False)

    assert Gazetteer().reverse_many(points) == expected


def test_the_few_that_can_win_near_a_point_include_the_winner_among_all() -> None:
    known = table()
    gazetteer = Gazetteer()._ready()
    tried = 0
    for at in points_everywhere()[:1_200]:
        latitude, longitude = round(at.latitude, 4), round(at.longitude, 4)
        for country in gazetteer.countries(gazetteer.zone_at(longitude, latitude))[:1]:
            everyone = (
                (max(distance, FLOOR_KM) / RADII[known.size[row]], row)
                for distance, row in known.near(latitude, longitude, REACH_KM)
                if known.country[row] == country
            )
            tried += 1
            assert (
                gazetteer.contest.winner(latitude, longitude, country)
                == min(everyone, default=(0, -1))[1]
            )

    assert tried > 1_000


def test_an_override_by_a_code_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="countries"):
        Gazetteer(countries={"Europe/Paris": "XX"}).reverse(Coordinates(latitude=1, longitude=1))


def test_a_point_beside_null_island_is_a_point_and_null_island_is_none() -> None:
    many = [Coordinates(latitude=0, longitude=0)] * 3_000

    assert Gazetteer().reverse_many(many) == [None] * 3_000
    # Both on the meridian of Greenwich, and on the equator: neither is suspect.
    for latitude, longitude, code in ((51.4779, 0.0, "GB"), (0.0, 32.44, "UG")):
        place = Gazetteer().reverse(Coordinates(latitude=latitude, longitude=longitude))
        assert place is not None
        assert place.country_code == code


def test_a_used_gazetteer_travels_to_another_process() -> None:
    at = Coordinates(latitude=44.9521, longitude=34.1024)
    gazetteer = Gazetteer(countries={"Europe/Simferopol": "RU"})
    place = gazetteer.reverse(at)
    sent = pickle.dumps(gazetteer)

    assert len(sent) < 1_000
    assert pickle.loads(sent).reverse(at) == place


def test_threads_may_share_a_gazetteer() -> None:
    points = points_everywhere()[:400]
    gazetteer = Gazetteer()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: [gazetteer.reverse(at) for at in points], range(8)))

    assert all(one == answers[0] for one in answers)


def test_many_points_are_answered_in_order() -> None:
    points = [
        Coordinates(latitude=a, longitude=b)
        for a, b in ((48.86, 2.29), (30.0, -40.0), (48.86, 2.29))
    ]
    first, second, third = Gazetteer().reverse_many(points)

    assert first == third
    assert second is None


def test_the_data_fits_into_three_megabytes() -> None:
    folder = importlib.resources.files("photoprivacy.places").joinpath("_data")
    sizes = {file.name: len(file.read_bytes()) for file in folder.iterdir()}

    assert sizes.keys() == {"places.bin", "names.bin"}
    assert sum(sizes.values()) <= 3_000_000


def test_every_zone_that_tzfpy_can_answer_has_its_countries() -> None:
    import tzfpy

    known = table()
    codes = {code for code, _ in known.countries}
    zones = [zone for zone in tzfpy.timezonenames() if not zone.startswith("Etc/")]

    assert len(zones) > 300
    assert all(known.zones.get(zone) for zone in zones)
    assert {code for zone in zones for code in known.zones[zone]} <= codes


def test_a_damaged_table_is_a_clear_error() -> None:
    data = pack(table())
    assert unpack(data).names == table().names
    for damaged in (b"", data[:-1], data[:100] + b"x" + data[101:], b"x" + data[1:]):
        with pytest.raises(PlaceError):
            unpack(damaged)
