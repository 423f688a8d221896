"""How an album is laid out: sections, places, trips, and pages of very many photos."""

from __future__ import annotations

import datetime as dt
import functools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from gallery.client import Client
from gallery.conftest import LISBON_TOWN, PARIS_TOWN, Shown
from gallery.test_app import Tags
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy import CapturedAt, Coordinates, HomeZone, Place, Precision, TimePrecision
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._kept import KeptPages
from photoprivacy.gallery._languages import LANGUAGES
from photoprivacy.gallery._locator import HEIGHT, WIDTH, Land, locator
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._page import DRAWN, Page, begins, page, photos_json
from photoprivacy.gallery._render import Pages
from photoprivacy.gallery._sections import PlaceView
from photoprivacy.gallery._static import StaticFiles
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner, narrow

ENGLISH = LANGUAGES["en"]
Made = Callable[..., Page]


@pytest.fixture
def of_places() -> Made:
    """Return a page of one photo for each (place, day of May 2024), after the one given photo."""

    def made(*shots: tuple[Place | None, int | None], first: int = 1, **options: str) -> Page:
        albums = MemoryAlbums()
        library = Library(MemoryBlobs(), albums, MemoryShares(), ShareSigner({1: b"k" * 32}))
        album = library.create_album("x")
        library.add(album.id, a_jpeg(None))
        [model] = library.album(album.id).photos
        photos = [
            attrs.evolve(
                model,
                id=f"{n:032x}",
                sha256=f"{n:064x}",
                place=place,
                captured_at=CapturedAt(local=_local(day, n)) if day else None,
            )
            for n, (place, day) in enumerate(shots)
        ]
        albums.put(attrs.evolve(library.album(album.id), photos=photos))
        shared = library.open(library.share(album.id).token)
        return page(shared, Options(**options), ENGLISH, first=first)  # type: ignore[arg-type]

    return made


def _local(day: int, number: int) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2024-05-{day:02}T{9 + number % 9:02}:00:00")


def town(number: int, country: str = "PT") -> Place:
    return Place(
        country_code=country,
        country={"PT": "Portugal", "FR": "France"}[country],
        region="R",
        city=f"Town {number}",
        key=f"{country}/1/{90_000_000 + number}",
    )


def test_by_day_each_day_says_where_it_was(of_places: Made) -> None:
    shown = of_places(
        (PARIS_TOWN, 3), (LISBON_TOWN, 1), (PARIS_TOWN, 1), (None, None), sections="day"
    )
    assert [(one.title, one.facts) for one in shown.sections] == [
        ("1 May 2024", ("Lisbon, Paris", "2 photos")),
        ("3 May 2024", ("Paris", "1 photo")),
        ("Without a date", ("1 photo",)),
    ]
    assert [one.title for one in shown.places] == ["Lisbon", "Paris", "Elsewhere"]
    assert [photo.number for photo in shown.photos] == [1, 2, 3, 4]


def test_days_that_are_told_by_the_month_are_sections_of_months(shown: Shown) -> None:
    client = Client(Gallery(shown.library, sections="day"))
    text = client.get(shown.link(time=TimePrecision.MONTH)).text
    assert re.findall(r"<bdi>([^<]*)</bdi></h2>", text) == ["May 2024", "Without a date"]
    assert 'aria-label="Days"' in text


def test_a_trip_is_told_unless_it_is_a_place_or_the_whole_album(of_places: Made) -> None:
    two_towns = [(town(1), 1), (town(2), 2), (town(2), 3)]
    one_town = [(town(3, "FR"), 20), (town(3, "FR"), 21)]
    assert of_places(*two_towns).trips == ()
    shown = of_places(*two_towns, *one_town)
    [trip] = shown.trips
    assert (trip.title, trip.when, trip.count, trip.first) == (
        "Town 1, Town 2",
        "1–3 May 2024",
        3,
        1,
    )
    assert [photo.trip for photo in shown.photos] == [1, 1, 1, 0, 0]


def test_a_line_of_many_towns_says_their_countries(of_places: Made) -> None:
    shots = [(town(n, "FR" if n == 4 else "PT"), 1) for n in range(5)]
    [section] = of_places(*shots, sections="day").sections
    assert section.facts[0] == "Portugal, France"


def test_a_large_album_brings_a_part_along_and_leads_to_the_rest(of_places: Made) -> None:
    shots = [(town(n // 400), 1 + n // 400) for n in range(1000)]
    shown = of_places(*shots)
    drawn = [[len(one.drawn), one.before, one.after] for one in shown.sections]
    assert drawn == [[400, 0, 0], [80, 0, 320], [0, 200, 0]]
    assert DRAWN == 480
    later = of_places(*shots, first=481)
    drawn = [[len(one.drawn), one.before, one.after] for one in later.sections]
    assert drawn == [[0, 400, 0], [320, 80, 0], [160, 0, 40]]


def test_what_the_script_fetches_is_every_photo_in_the_order_of_the_page(of_places: Made) -> None:
    shown = of_places(*[(town(n % 3), 1 + n % 2) for n in range(20)])
    told = photos_json(shown)
    rows = told["photos"]
    assert [row[0] for row in rows] == [photo.id for photo in shown.photos]
    for row, photo in zip(rows, shown.photos, strict=True):
        shape = told["shapes"][row[1]]
        assert shape[:4] == (f"r{round(photo.ratio * 100)}", photo.width, photo.height,
                             photo.thumb_width)  # fmt: skip
        assert told["words"][row[3]] == photo.where
        assert told["words"][row[4]] == photo.when
        assert row[5:8] == [photo.place, photo.trip, 1]
        assert told["words"][row[8]] == photo.alt


def test_without_a_script_links_lead_through_a_large_album(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photoprivacy.gallery._page.DRAWN", 1)
    seen = set()
    # Links lead on from where the link itself led to.
    link = shown.client.get(shown.link()).url.path
    address: str | None = link
    visited: list[str] = []
    while address and len(visited) < 9:
        visited.append(address)
        tags = Tags(shown.client.get(address).text)
        seen |= {tag["id"] for name, tag in tags.found if name == "li" and "id" in tag}
        further = [href for href in tags.values("href") if href.startswith("?from=")]
        known = {one.partition("#")[0] for one in visited}
        address = next(
            (link + one for one in further if link + one.partition("#")[0] not in known), None
        )
    assert len(seen) == 4
    for odd in ("x", "-1", "0", "99999999", "2%00"):
        assert shown.client.get(f"{link}?from={odd}").status_code == 200


def test_rows_are_shared_by_sections_that_do_not_fill_one(of_places: Made) -> None:
    shown = of_places(*[(town(0), 1)] * 2, *[(town(1), 2)] * 5)
    short, long = shown.sections
    assert short.span == pytest.approx(2.66)
    assert long.span == 0
    assert ".s266{--s:2.66}" in shown.css


@pytest.fixture(scope="module")
def land() -> Land:
    data = StaticFiles().land
    if data is None:
        pytest.skip("built without the front end")
    return Land.parse(data)


def a_view(place: Place | None, count: int = 1) -> PlaceView:
    title = place.title if place else "Elsewhere"
    return PlaceView(number=1, title=title, within="", count=count, first=1, place=place)


def test_the_small_map_shows_towns_with_their_names_and_no_photo_s_point(
    shown: Shown, land: Land
) -> None:
    answer = shown.client.get(f"{shown.link()}map.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    picture = ET.fromstring(answer.text)
    names = [one.text for one in picture.iter() if one.tag.endswith("}text")]
    assert sorted(filter(None, names)) == ["Lisbon", "Paris"]
    spots = [one for one in picture.iter() if one.tag.endswith("}circle")]
    assert len(spots) == 2
    for spot in spots:
        assert 0 < float(spot.attrib["cx"]) < WIDTH
        assert 0 < float(spot.attrib["cy"]) < HEIGHT
    for latitude, longitude in (LISBON, PARIS):
        assert str(latitude) not in answer.text
        assert str(longitude) not in answer.text
    assert len(answer.text) < 60_000


def test_a_map_of_the_antipodes_is_as_wide_as_the_world_and_no_wider(land: Land) -> None:
    ends = [
        a_view(Place(country_code="NZ", country="N", city="A", coordinates=at))
        for at in (_at(-36.8, 174.7), _at(64.1, -21.9), _at(90, -180), _at(-90, 180))
    ]
    text = locator(ends, land, "x")
    numbers = [float(n) for n in re.findall(r'c[xy]="([-\d.]+)"', text)]
    assert len(numbers) == 8
    assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2])


def test_names_on_the_small_map_never_overlap(land: Land) -> None:
    towns = [
        a_view(
            Place(
                country_code="FR",
                country="F",
                city=f"Ville {n}",
                coordinates=_at(48 + n % 5 / 9, 2 + n / 7),
            )
        )
        for n in range(30)
    ]
    spots = re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]*)<', locator(towns, land, "x")
    )
    assert 2 <= len(spots) < 30
    boxes = []
    for x, y, anchor, name in spots:
        wide = len(name) * 0.6 * 19
        left = float(x) if anchor == "start" else float(x) - wide
        boxes.append((left, float(y), left + wide))
    for n, (left, y, right) in enumerate(boxes):
        for other_left, other_y, other_right in boxes[:n]:
            assert abs(y - other_y) >= 18 or right <= other_left or other_right <= left


def test_words_on_the_small_map_cannot_become_markup(land: Land) -> None:
    odd = '</text><script>alert("1")</script>'
    place = Place(country_code="FR", country="F", city=odd, coordinates=_at(48, 2))
    text = locator([a_view(place)], land, odd)
    assert "<script" not in text
    assert ET.fromstring(text) is not None


def test_names_with_characters_that_no_xml_may_hold_leave_the_small_map_a_picture(
    land: Land,
) -> None:
    odd = "A\x01\x0b\x00\x7f\ufffe\uffff\U0001f30d\u202e\r\n\tB"
    place = Place(country_code="FR", country="F", city=odd, coordinates=_at(48, 2))
    picture = ET.fromstring(locator([a_view(place)], land, odd))
    title, *_ = (one.text for one in picture.iter() if one.tag.endswith("}title"))
    assert title == "A\ufffd\ufffd\ufffd\x7f\ufffd\ufffd\U0001f30d\u202e\n\tB"


def test_where_no_place_has_a_point_there_is_no_small_map(shown: Shown) -> None:
    link = shown.link(location=Precision.COUNTRY)
    assert shown.client.get(f"{link}map.svg").status_code == 404
    assert "map.svg" not in shown.client.get(link).text


def _at(latitude: float, longitude: float) -> Coordinates:
    return Coordinates(latitude=latitude, longitude=longitude)


def test_a_page_that_was_kept_is_never_older_than_what_the_owner_took_back(shown: Shown) -> None:
    link = shown.link()
    first = shown.client.get(link).text
    assert shown.client.get(link).text == first
    album = shown.library.album(shown.album_id)
    captioned = attrs.evolve(album.photos[0], caption="New words")
    shown.library.save(album.with_photo(captioned))
    assert "New words" in shown.client.get(link).text
    shown.library.remove(album.id, album.photos[0].id)
    assert "3 photos" in shown.client.get(link).text
    shown.library.set_homes([HomeZone.around(_at(*LISBON), floor=50_000_000)])
    assert "<bdi>Lisbon</bdi>" not in shown.client.get(link).text
    shown.library.revoke_all(shown.album_id)
    assert shown.client.get(link).status_code == 404


def test_one_link_puts_out_no_page_but_its_own(shown: Shown) -> None:
    kept = KeptPages()
    other = shown.library.open(shown.link().strip("/"))
    album = shown.library.open(shown.library.share(shown.album_id).token)
    made: list[int] = []

    def a_page(number: int) -> Page:
        made.append(number)
        return page(album, Options(), ENGLISH)

    kept.get(other, "its own", functools.partial(a_page, -1))
    for number in range(2000):
        kept.get(album, number, functools.partial(a_page, number))
    assert len(made) == 2001
    for number in range(1992, 2000):
        kept.get(album, number, functools.partial(a_page, number))
    kept.get(other, "its own", functools.partial(a_page, -1))
    assert len(made) == 2001
    kept.get(album, 1991, functools.partial(a_page, 1991))
    assert len(made) == 2002


def test_a_link_to_a_large_album_puts_out_no_page_but_its_own(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a page counts for 204 here, one share has room for three, and all have for six.
    monkeypatch.setattr("photoprivacy.gallery._kept._MOST", 1240)
    monkeypatch.setattr("photoprivacy.gallery._kept._MOST_OF_ONE", 620, raising=False)
    kept, made = KeptPages(), 0
    others = [shown.library.open(shown.link().strip("/")) for _ in range(3)]
    album = shown.library.open(shown.link().strip("/"))

    def a_page() -> Page:
        nonlocal made
        made += 1
        return page(album, Options(), ENGLISH)

    for one in others:
        kept.get(one, 0, a_page)
    for number in range(20):
        kept.get(album, number, a_page)
    assert made == 23
    for one in others:
        kept.get(one, 0, a_page)
    for number in (17, 18, 19):
        kept.get(album, number, a_page)
    assert made == 23


def test_an_empty_album_is_a_page_too(shown: Shown) -> None:
    for one in shown.library.album(shown.album_id).photos:
        shown.library.remove(shown.album_id, one.id)
    for number in ("", "?from=1", "?from=9"):
        link = shown.client.get(shown.link()).url.path
        assert shown.client.get(link + number).status_code == 200


def test_pages_begin_where_others_end_whatever_is_asked_for() -> None:
    assert [begins(number, 1000) for number in (1, 2, 480, 481, 960, 961, 1000)] == [
        1, 1, 1, 481, 481, 961, 961,
    ]  # fmt: skip
    assert begins(9_999_999, 1000) == 961
    assert begins(1, 0) == begins(7, 0) == 1
    assert {begins(number, 10_000) for number in range(1, 20_000)} == set(range(1, 10_000, 480))


def test_two_narrowings_of_one_link_do_not_see_each_others_pages(shown: Shown) -> None:
    token = shown.link().strip("/")
    album = shown.library.open(token)
    one = f"/{narrow(token, photo=album.photos[0].id)}/"
    coarse = f"/{narrow(token, location=Precision.NONE)}/"
    for _ in range(2):
        assert "4 photos" in shown.client.get(f"/{token}/").text
        assert "1 photo</span>" in shown.client.get(one).text
        assert "Lisbon" not in shown.client.get(coarse).text


def test_what_a_gallery_serves_besides_is_offered_and_nothing_else(shown: Shown) -> None:
    album = shown.library.open(shown.link().strip("/"))
    for options in (Options(), Options(zips=True, webp=True)):
        made = page(album, options, ENGLISH)
        tags = Tags(Pages(StaticFiles(), options).album(made, ENGLISH))
        zips = {one for one in tags.values("href") if one.endswith(".zip")}
        webps = [one for name, tag in tags.found if name == "source" for one in [tag["srcset"]]]
        assert zips == ({"album.zip", "place-1.zip"} if options.zips else set())
        assert len(webps) == (4 if options.webp else 0)
        assert all("/thumb.webp " in one and "/display.webp " in one for one in webps)
    kept = shown.library.open(shown.link(download=False).strip("/"))
    assert not page(kept, Options(zips=True), ENGLISH).allows_zip


def test_without_the_front_end_the_page_is_plain_and_complete(shown: Shown, tmp_path: Path) -> None:
    plain = Pages(StaticFiles(str(tmp_path)), Options())
    made = page(shown.library.open(shown.link().strip("/")), Options(), ENGLISH)
    text = plain.album(made, ENGLISH)
    tags = Tags(text)
    assert text.count('<li class="photo ') == 4
    assert len([one for one in tags.values("href") if one.endswith("/full")]) == 4
    for absent in ("<script", "<dialog", "<button", "data-words", "map.svg"):
        assert absent not in text
    assert plain.part("/map.svg", made, ENGLISH) is None


@pytest.mark.parametrize("part", ["", "album.css", "map.svg", "photos.json", "places.json"])
def test_what_was_packed_once_is_given_to_those_who_take_no_gzip_too(
    shown: Shown, part: str
) -> None:
    base = shown.client.get(shown.link()).url.path
    coded, plain = (
        shown.client.get(base + part, headers={"Accept-Encoding": coding})
        for coding in ("gzip", "identity")
    )
    assert coded.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.content == coded.content
    assert len(plain.content) == int(plain.headers["Content-Length"]) > 0
