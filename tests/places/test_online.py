"""Online geocoders, against a real server on loopback that answers as the services do.

The server speaks Nominatim's and Photon's formats, keeps what it was sent, and misbehaves on
demand. Nothing is patched but the pause between requests, and one test waits for that too.
"""

from __future__ import annotations

import contextlib
import http.server
import itertools
import json
import os
import random
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from geopy.adapters import AioHTTPAdapter, URLLibAdapter
from geopy.geocoders import Nominatim, Pelias, Photon

from photoprivacy.errors import GeocoderUnavailable, PlaceError
from photoprivacy.geo import Coordinates, Precision
from photoprivacy.places import GeopyGeocoder, HomeZone, group_by_place
from photoprivacy.places import _online as online
from photoprivacy.places._answers import BadAnswer, place_from

LISBON = Coordinates(latitude=38.71391, longitude=-9.13342)
SINTRA = Coordinates(latitude=38.79712, longitude=-9.39021)
PARIS = Coordinates(latitude=48.85841, longitude=2.29452)

ADDRESS: dict[str, object] = {
    "road": "Rua da Saudade",
    "suburb": "Santa Maria Maior",
    "city": "Lisboa",
    "county": "Lisboa",
    "country": "Portugal",
    "country_code": "pt",
}


@attrs.define
class Server:
    """What a test tells the service to do, and what the service was sent."""

    url: str
    status: int = 200
    headers: dict[str, str] = attrs.field(factory=dict)
    body: bytes | None = None
    delay: float = 0
    address: dict[str, object] = attrs.field(factory=lambda: dict(ADDRESS))
    paths: list[str] = attrs.field(factory=list)
    agents: list[str] = attrs.field(factory=list)
    times: list[float] = attrs.field(factory=list)

    @property
    def asked(self) -> list[tuple[float, float]]:
        queries = [urllib.parse.parse_qs(urllib.parse.urlsplit(path).query) for path in self.paths]
        return [
            (
                float((one.get("lat") or one["point.lat"])[0]),
                float((one.get("lon") or one["point.lon"])[0]),
            )
            for one in queries
        ]


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.paths.append(self.path)
            state.agents.append(self.headers["User-Agent"])
            state.times.append(time.monotonic())
            time.sleep(state.delay)
            body = state.body if state.body is not None else answer(self.path, state.address)
            self.send_response(state.status)
            for name, value in {"Content-Type": "application/json", **state.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # who waits no longer has hung up
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        state = Server(url=f"127.0.0.1:{http_server.server_address[1]}")
        thread = threading.Thread(target=http_server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield state
        finally:
            http_server.shutdown()
            thread.join()


def answer(path: str, address: dict[str, object]) -> bytes:
    """Answer as the service of that path does."""
    if path.startswith("/reverse?") and "format=json" in path:  # Nominatim
        return json.dumps(
            {"place_id": 1, "lat": "38.71", "lon": "-9.13", "display_name": "x", "address": address}
        ).encode()
    # Photon: GeoJSON, other names for the same parts. Pelias: the same, others again.
    renamed = {"country_code": "countrycode", "suburb": "district", "county": "state"}
    properties = {renamed.get(name, name): value for name, value in address.items()}
    if path.startswith("/v1/reverse"):
        properties = {
            "name": "Rua da Saudade",
            "country_a": "PRT",
            "country": "Portugal",
            "locality": "Lisboa",
            "region": "Lisboa",
        }
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-9.13, 38.71]},
        "properties": properties,
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "_PACE", 0.0)


def nominatim(server: Server, **words: Any) -> GeopyGeocoder:
    service = Nominatim(user_agent="a test", domain=server.url, scheme="http", timeout=5)
    return GeopyGeocoder(service, **words)


def photon(server: Server, **words: Any) -> GeopyGeocoder:
    return GeopyGeocoder(
        Photon(user_agent="a test", domain=server.url, scheme="http", timeout=5), **words
    )


def pelias(server: Server, **words: Any) -> GeopyGeocoder:
    return GeopyGeocoder(
        Pelias(domain=server.url, user_agent="a test", scheme="http", timeout=5), **words
    )


SERVICES: tuple[Callable[..., GeopyGeocoder], ...] = (nominatim, photon, pelias)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.usefixtures("hurried")
def test_a_service_names_a_point_and_the_gazetteer_keeps_the_point_and_the_zone(
    server: Server, service: Callable[..., GeopyGeocoder]
) -> None:
    place = service(server).reverse(LISBON)

    assert place is not None
    assert (place.city, place.country, place.country_code) == ("Lisboa", "Portugal", "PT")
    assert place.region == "Lisboa"
    assert place.timezone == "Europe/Lisbon"
    assert place.coordinates is None  # "Lisboa" is not the gazetteer's "Lisbon"
    assert place.key.startswith("PT/Lisboa/Lisboa")
    assert server.agents == ["a test"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.usefixtures("hurried")
def test_what_is_sent_is_the_centre_of_a_cell_and_nothing_else(
    server: Server, service: Callable[..., GeopyGeocoder]
) -> None:
    service(server, cell=0.05).reverse_many([LISBON, SINTRA])

    assert sorted(server.asked) == [(38.725, -9.125), (38.775, -9.375)]
    known = {"lat", "lon", "format", "addressdetails", "zoom", "limit", "point.lat", "point.lon"}
    for path in server.paths:
        assert set(urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)) <= known
        assert "38.7139" not in path


@pytest.mark.usefixtures("hurried")
def test_a_thousand_photos_of_one_cell_are_one_question(server: Server) -> None:
    rng = random.Random(1)
    photos = [
        Coordinates(latitude=38.71 + rng.random() / 100, longitude=-9.14 + rng.random() / 100)
        for _ in range(1000)
    ]
    places = nominatim(server).reverse_many(photos)

    assert len(server.paths) == 1
    assert {place.city for place in places if place} == {"Lisboa"}


@pytest.mark.usefixtures("hurried")
def test_cells_are_asked_about_in_another_order_than_photos_came(server: Server) -> None:
    way = [Coordinates(latitude=38.7 + n / 10, longitude=-8.5) for n in range(12)]
    orders = set()
    for _ in range(3):
        server.paths.clear()
        nominatim(server).reverse_many(way)
        orders.add(tuple(server.asked))
        assert len(server.asked) == len(set(server.asked)) == 12

    assert len(orders) > 1  # once in 479 million it is the same


@pytest.mark.usefixtures("hurried")
def test_the_sea_and_a_home_zone_are_never_asked_about(server: Server) -> None:
    home = Coordinates(latitude=48.0950, longitude=11.5400)
    zone = HomeZone.around(home)
    rng = random.Random(2)
    photos = [
        Coordinates(latitude=48.09 + rng.gauss(0, 0.15), longitude=11.54 + rng.gauss(0, 0.2))
        for _ in range(200)
    ]
    photos += [Coordinates(latitude=30, longitude=-40), Coordinates(latitude=0, longitude=0)]
    server.address["country_code"] = "de"
    places = nominatim(server, homes=[zone], cell=0.1).reverse_many(photos)

    south, north, west, east = zone.cell.box
    assert len(server.asked) > 5
    for latitude, longitude in server.asked:
        # Not even a cell that touches it.
        assert not (
            south - 0.05 <= latitude <= north + 0.05 and west - 0.05 <= longitude <= east + 0.05
        )
    inside = [
        place
        for at, place in zip(photos, places, strict=True)
        if zone.cell.holds(at.latitude, at.longitude)
    ]
    assert len(inside) > 20
    assert all(place is not None and place.city != "Lisboa" for place in inside)


@pytest.mark.usefixtures("hurried")
def test_a_geocoder_that_avoids_homes_is_the_same_geocoder_otherwise(server: Server) -> None:
    geocoder = nominatim(server)
    apart = geocoder.avoiding([HomeZone.around(LISBON)])
    server.status = 403
    with pytest.raises(GeocoderUnavailable):
        geocoder.reverse(PARIS)

    place = apart.reverse(LISBON)
    assert place is not None
    assert place.city == "Lisbon"
    with pytest.raises(GeocoderUnavailable):
        apart.reverse(PARIS)
    assert len(server.paths) == 1


@pytest.mark.usefixtures("hurried")
def test_a_service_that_names_another_country_is_not_believed(server: Server) -> None:
    windsor = Coordinates(latitude=42.3149, longitude=-83.0364)
    server.address |= {"country_code": "us", "country": "United States", "city": "Detroit"}

    place = nominatim(server).reverse(windsor)
    assert place is not None
    assert (place.city, place.country_code) == ("Windsor", "CA")


@pytest.mark.usefixtures("hurried")
def test_answers_are_kept_in_a_file_for_the_owner_alone(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite3"
    first = nominatim(server, cache=file)
    told = first.reverse(LISBON)
    first.close()
    second = nominatim(server, cache=file)

    assert second.reverse(LISBON) == told
    assert len(server.paths) == 1
    assert os.stat(file).st_mode & 0o077 == 0
    assert b"38.7139" not in file.read_bytes()
    # Another service, or finer cells, are other questions.
    photon(server, cache=file).reverse(LISBON)
    nominatim(server, cache=file, cell=0.02).reverse(LISBON)
    assert len(server.paths) == 3


@pytest.mark.usefixtures("hurried")
def test_that_a_cell_has_no_name_is_kept_too(server: Server, tmp_path: Path) -> None:
    server.body = json.dumps({"error": "Unable to geocode"}).encode()
    file = tmp_path / "places.sqlite3"
    for _ in range(2):
        geocoder = nominatim(server, cache=file)
        place = geocoder.reverse(LISBON)
        geocoder.close()
        assert place is not None
        assert place.city == "Lisbon"  # the gazetteer's own

    assert len(server.paths) == 1


@pytest.mark.usefixtures("hurried")
def test_a_damaged_cache_is_a_clear_error(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite3"
    file.write_bytes(b"not a database " * 100)

    with pytest.raises(PlaceError, match="cannot be used"):
        nominatim(server, cache=file)


def test_two_geocoders_of_one_process_ask_once_a_second_together(server: Server) -> None:
    points = [Coordinates(latitude=38.7 + n / 10, longitude=-8.5) for n in range(4)]
    geocoders = (nominatim(server), photon(server))
    threads = [
        threading.Thread(target=geocoder.reverse_many, args=(points[n::2],))
        for n, geocoder in enumerate(geocoders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.times) == 4
    gaps = [later - one for one, later in itertools.pairwise(server.times)]
    assert min(gaps) > 0.9


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.usefixtures("hurried")
def test_a_service_that_asks_for_less_is_left_alone_until_then(
    server: Server, service: Callable[..., GeopyGeocoder]
) -> None:
    geocoder = service(server)
    server.status, server.headers = 429, {"Retry-After": "1"}
    with pytest.raises(GeocoderUnavailable) as caught:
        geocoder.reverse_many([LISBON, SINTRA, PARIS])
    assert caught.value.retry_after == 1
    assert len(server.paths) == 1  # the others were not tried

    server.status, server.headers = 200, {}
    with pytest.raises(GeocoderUnavailable):
        geocoder.reverse(LISBON)
    assert len(server.paths) == 1
    time.sleep(1.05)
    assert geocoder.reverse(LISBON) is not None
    assert len(server.paths) == 2


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.usefixtures("hurried")
def test_a_service_that_refuses_is_left_alone_for_good(server: Server, status: int) -> None:
    geocoder = nominatim(server)
    server.status = status
    for _ in range(3):
        with pytest.raises(GeocoderUnavailable) as caught:
            geocoder.reverse(LISBON)
        assert caught.value.retry_after is None

    assert len(server.paths) == 1


@pytest.mark.usefixtures("hurried")
def test_what_was_answered_before_an_error_is_not_asked_again(server: Server) -> None:
    geocoder = nominatim(server)
    geocoder.reverse(LISBON)
    server.status = 500
    with pytest.raises(GeocoderUnavailable):
        geocoder.reverse_many([LISBON, SINTRA])
    server.status = 200
    geocoder.reverse_many([LISBON, SINTRA])

    assert len(server.paths) == 3
    assert len(set(server.asked)) == 2


@pytest.mark.usefixtures("hurried")
def test_a_redirect_is_not_followed(server: Server) -> None:
    server.status, server.headers = 302, {"Location": f"http://{server.url}/elsewhere"}
    with pytest.raises(GeocoderUnavailable):
        nominatim(server).reverse(LISBON)

    assert len(server.paths) == 1


@pytest.mark.usefixtures("hurried")
def test_a_service_that_takes_too_long_is_unavailable(server: Server) -> None:
    server.delay = 0.6
    service = Nominatim(user_agent="a test", domain=server.url, scheme="http", timeout=0.2)
    with pytest.raises(GeocoderUnavailable, match="too long"):
        GeopyGeocoder(service).reverse(LISBON)


@pytest.mark.usefixtures("hurried")
def test_nobody_there_is_unavailable() -> None:
    service = Nominatim(user_agent="a test", domain="127.0.0.1:1", scheme="http")
    with pytest.raises(GeocoderUnavailable) as caught:
        GeopyGeocoder(service).reverse(LISBON)

    assert "38." not in str(caught.value)
    assert caught.value.__cause__ is None


NONSENSE = [
    b"<html><body>Sign in to continue</body></html>",
    b"",
    b"\xff\xfe\x00",
    b"null x",
    b"[" * 100_000,
    b"3",
    b'"text"',
    b"[]",
    b"[[]]",
    b"{}",
    b'{"features": 7}',
    b'{"features": [7]}',
    b'{"features": [{"geometry": null, "properties": null}]}',
    b'{"features": [{"geometry": {"coordinates": [1]}, "properties": {}}]}',
    b'{"lat": "x", "lon": "y", "address": {}}',
    b'{"lat": "1", "lon": "2", "address": 7}',
    b'{"lat": "1", "lon": "2", "address": {"country_code": 7, "city": "x"}}',
    b'{"lat": "1", "lon": "2", "address": {"country_code": "pt", "city": ["x"]}}',
    b'{"lat": "1", "lon": "2", "address": {"country_code": "../etc", "city": "x"}}',
    b'{"error": {"code": 1}}',
    b'{"lat": "1", "lon": "2", "address": {"city": "' + b"x" * (1 << 20) + b'"}}',
]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.usefixtures("hurried")
def test_nonsense_is_unavailable_or_no_answer_and_nothing_else(
    server: Server, service: Callable[..., GeopyGeocoder], body: bytes
) -> None:
    server.body = body
    said = ""
    place = None
    try:
        place = service(server).reverse(LISBON)
    except GeocoderUnavailable as error:
        said = str(error)

    # The gazetteer's, where the service said nothing.
    assert (place.city == "Lisbon") if place is not None else said.startswith("the geocoder")
    assert "Sign in" not in said
    assert len(server.paths) == 1


@pytest.mark.usefixtures("hurried")
def test_names_from_outside_are_one_line_of_bounded_length(server: Server) -> None:
    server.address["city"] = "Lis\nboa\x1b[31m\u202e" + "x" * 5000
    place = nominatim(server).reverse(LISBON)

    assert place is not None
    assert place.city.isprintable()
    assert len(place.city) <= 200


@pytest.mark.usefixtures("hurried")
def test_photos_are_grouped_by_what_the_service_says(server: Server) -> None:
    @attrs.frozen
    class Photo:
        coordinates: Coordinates

    tree = group_by_place([Photo(LISBON), Photo(LISBON)], geocoder=nominatim(server))

    assert [group.title for group in tree.walk()] == ["Portugal", "Lisboa"]
    place = tree.groups[0].children[0].place.at(Precision.COUNTRY)
    assert place is not None
    assert place.key == "PT"


def test_a_geocoder_without_a_user_agent_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="user agent"):
        GeopyGeocoder(Photon())


def test_cells_that_are_positions_are_refused() -> None:
    for cell in (0.0, 0.001, 11, float("nan")):
        with pytest.raises(ValueError, match="cell"):
            GeopyGeocoder(Photon(user_agent="a test"), cell=cell)


def test_what_is_no_geocoder_is_refused() -> None:
    for wrong in (None, object(), Photon, "https://photon.komoot.io"):
        with pytest.raises(TypeError):
            GeopyGeocoder(wrong)
    assert not issubclass(AioHTTPAdapter, URLLibAdapter)


def test_a_geocoder_hides_its_key_and_its_server() -> None:
    assert repr(GeopyGeocoder(Photon(user_agent="a test"))) == "GeopyGeocoder(Photon)"


def test_an_answer_of_names_only_is_a_place_and_one_of_nothing_is_none() -> None:
    assert place_from({"properties": {}}) is None
    place = place_from({"address": {"country_code": "de", "country": "Germany", "town": "Kiel"}})
    assert place is not None
    assert (place.key, place.coordinates) == ("DE//Kiel", None)
    wrongs: tuple[object, ...] = (None, 7, [], {"address": []}, {"address": {"country": 7}})
    for wrong in wrongs:
        with pytest.raises(BadAnswer):
            place_from(wrong)
