"""Home zones at the gate: the page, the file, the name and the trip say the same, and no more."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from library.photos import LISBON, a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy.albums import dumps
from photoprivacy.errors import GeocoderUnavailable, StoreError
from photoprivacy.geo import Coordinates, Place, PlaceLevel, Precision
from photoprivacy.library import Library
from photoprivacy.places import HomeZone, find_trips, group_by_place
from photoprivacy.policy import Policy, TimePrecision
from photoprivacy.sharing import Rendition

MUNICH = (48.0950, 11.5400)
BERLIN = (52.5000, 13.4200)
HOME = HomeZone.around(Coordinates(latitude=MUNICH[0], longitude=MUNICH[1]))


def an_album(library: Library) -> str:
    album = library.create_album("Spring")
    for number, at in enumerate((MUNICH, MUNICH, LISBON, LISBON, LISBON)):
        taken = f"2024:05:{number + 1:02} 12:00:00"
        library.add(album.id, a_jpeg(at, when=taken, color=(40 * number, 60, 40)), name="x.jpg")
    return album.id


def test_attack_page_against_file_finds_no_more_in_the_file_than_on_the_page(
    library: Library,
) -> None:
    album_id = an_album(library)
    library.set_homes([HOME])
    for precision in Precision:
        shared = library.open(library.share(album_id, location=precision).token)
        assert len(shared.photos) == 5
        for photo in shared.photos[:2]:
            assert photo.place is None or photo.place.level in {
                PlaceLevel.REGION,
                PlaceLevel.COUNTRY,
            }
            assert photo.place is None or photo.place.coordinates is None
            for rendition in Rendition:
                file = shared.file(photo, rendition)
                report = inspect(file.read())
                assert report.coordinates is None
                told = photo.place.level.value if photo.place and photo.place.level else "none"
                most = told if rendition is Rendition.FULL else "none"
                assert report.violations(Policy(location=Precision.parse(most))) == ()
                assert "munich" not in file.name.lower()
                assert "munich" not in photo.name.lower()


def test_groups_and_trips_are_made_of_what_is_told(library: Library) -> None:
    album_id = an_album(library)
    library.set_homes([HOME])
    shared = library.open(
        library.share(album_id, location=Precision.EXACT, time=TimePrecision.EXACT).token
    )

    assert shared.places == group_by_place(shared.photos)
    assert shared.trips == find_trips(shared.photos)
    assert [group.title for group in shared.places.walk()] == [
        *("Portugal", "Lisbon"),
        *("Germany", "Bavaria"),
    ]
    assert all(place.city in {"", "Lisbon"} for trip in shared.trips for place in trip.places)


def test_a_link_that_is_out_already_obeys_a_new_home(library: Library) -> None:
    album_id = an_album(library)
    token = library.share(album_id).token
    before = library.open(token).photos[0].place
    assert before is not None
    assert before.city == "Munich"

    library.set_homes([HOME])

    after = library.open(token).photos[0].place
    assert after is not None
    assert (after.city, after.region, after.coordinates) == ("", "Bavaria", None)


def test_a_home_is_the_owners_and_in_no_album(library: Library) -> None:
    album_id = an_album(library)
    document = dumps(library.album(album_id))
    library.set_homes([HOME])

    assert dumps(library.album(album_id)) == document
    assert library.homes == (HOME,)
    library.set_homes([])
    assert not library.homes


def test_homes_outlive_the_process_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    Library.at(tmp_path / "library").set_homes([HOME])
    other = Library.at(tmp_path / "library")
    file = tmp_path / "library" / "private" / "homes.json"

    assert other.homes == (HOME,)
    assert os.stat(file).st_mode & 0o077 == 0
    Library.at(tmp_path / "library").set_homes([])
    assert not other.homes


@pytest.mark.parametrize(
    "damage",
    [
        *("", "[", "{}", "{}x", '["1:0"]', "[7]", '"1:0:1104:1023:50000"', "7", "null"),
        "[" * 60_000,
    ],
    ids=lambda damage: damage[:8],
)
def test_a_damaged_file_of_homes_shows_nothing_to_anybody(tmp_path: Path, damage: str) -> None:
    library = Library.at(tmp_path / "library")
    token = library.share(an_album(library)).token
    (tmp_path / "library" / "private" / "homes.json").write_text(damage)

    with pytest.raises(StoreError):
        _ = library.open(token).photos


def test_a_lost_file_of_homes_shows_nothing_to_anybody(tmp_path: Path) -> None:
    library = Library.at(tmp_path / "library")
    token = library.share(an_album(library)).token
    assert library.open(token).photos
    (tmp_path / "library" / "private" / "homes.json").unlink()

    for again in (library, Library.at(tmp_path / "library")):
        with pytest.raises(StoreError):
            _ = again.open(token).photos
    library.set_homes([])
    assert library.open(token).photos


def test_more_homes_than_can_be_read_again_do_not_replace_those_that_are_known(
    tmp_path: Path,
) -> None:
    library = Library.at(tmp_path / "library")
    library.set_homes([HOME] * 2000)
    with pytest.raises(ValueError, match="more home zones"):
        library.set_homes([HOME] * 4000)
    assert library.homes == (HOME,) * 2000


def test_a_regular_place_is_suggested_and_hides_nothing_by_itself(library: Library) -> None:
    album = library.create_album("Years")
    start = dt.date(2024, 1, 1)
    for week in range(16):
        day = start + dt.timedelta(days=9 * week)
        library.add(album.id, a_jpeg(MUNICH, when=f"{day:%Y:%m:%d} 12:00:00"), name="x.jpg")
    library.add(album.id, a_jpeg(LISBON), name="x.jpg")

    assert library.suggest_homes() == (HOME,)
    assert not library.homes


def test_where_the_region_is_the_city_the_page_has_no_place_and_the_file_a_neutral_name(
    library: Library,
) -> None:
    album = library.create_album("Home")
    library.add(album.id, a_jpeg(BERLIN), name="x.jpg")
    library.set_homes([HomeZone.around(Coordinates(latitude=BERLIN[0], longitude=BERLIN[1]))])
    for precision in (Precision.COUNTRY, Precision.REGION, Precision.CITY, Precision.EXACT):
        (photo,) = library.open(library.share(album.id, location=precision).token).photos
        assert photo.place is None
        assert photo.name.startswith("photo-")


def test_an_owners_correction_wins_and_stays_with_the_photo(library: Library) -> None:
    album_id = an_album(library)
    photo = library.album(album_id).photos[2]
    sintra = Place(country_code="PT", country="Portugal", region="Lisbon", city="Sintra")

    library.correct_place(album_id, photo.id, sintra)

    kept = library.album(album_id).photos[2]
    assert kept.place is not None
    assert (kept.place.city, kept.place.source) == ("Sintra", "owner")
    assert json.loads(dumps(library.album(album_id)))["photos"][2]["place"]["city"] == "Sintra"
    shown = library.open(library.share(album_id).token).photos[2].place
    assert shown is not None
    # Recipients read the name, not that it was corrected.
    assert (shown.city, shown.source) == ("Sintra", "")
    assert group_by_place(library.album(album_id).photos).find("PT/Lisbon/Sintra") is not None


def test_an_owner_can_say_that_a_photo_has_no_place(library: Library) -> None:
    album_id = an_album(library)
    photo = library.album(album_id).photos[2]

    library.correct_place(album_id, photo.id, Place())

    assert library.open(library.share(album_id).token).photos[2].place is None
    assert (
        library.album(album_id).photos[2] in group_by_place(library.album(album_id).photos).nowhere
    )
    with pytest.raises(StoreError):
        library.correct_place(album_id, "0" * 32, Place())


def test_a_service_that_is_away_costs_its_names_and_not_the_gazetteers(tmp_path: Path) -> None:
    class Away:
        def reverse(self, at: Coordinates, /) -> Place | None:
            raise GeocoderUnavailable("the geocoder asks for less", retry_after=60)

    library = Library.at(tmp_path, geocoder=Away())
    album = library.create_album("")
    place = library.add(album.id, a_jpeg()).place

    assert place is not None
    assert place.city == "Lisbon"


def test_nobody_is_asked_about_home_but_the_gazetteer(tmp_path: Path) -> None:
    asked = []

    class Asked:
        def reverse(self, at: Coordinates, /) -> Place | None:
            asked.append(at)
            return Place(country_code="XX", country="Somewhere", city="Elsewhere")

    library = Library.at(tmp_path, geocoder=Asked())
    library.set_homes([HOME])
    album = library.create_album("")
    places = [library.add(album.id, a_jpeg(at)).place for at in (MUNICH, LISBON)]

    assert [place.city if place else None for place in places] == ["Munich", "Elsewhere"]
    assert len(asked) == 1
