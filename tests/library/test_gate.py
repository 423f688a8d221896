"""The one gate: what recipients see, and what they do not."""

from __future__ import annotations

import datetime as dt
import io
import threading
from pathlib import Path
from typing import Any

import attrs
import pytest

from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy._strip import strip
from photoprivacy.errors import (
    ExpiredToken,
    InvalidToken,
    NotGranted,
    PhotoPrivacyError,
    ShareLocked,
    StoreError,
)
from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.library import (
    Library,
    MemoryAlbums,
    MemoryBlobs,
    MemoryShares,
    SharedAlbum,
    SharedPhoto,
)
from photoprivacy.library import _derive as derive
from photoprivacy.library import _shared as gate
from photoprivacy.library import _views as views
from photoprivacy.places import group_by_place
from photoprivacy.policy import Policy, TimePrecision
from photoprivacy.sharing import Never, Rendition, ShareSigner, narrow

HOUR = dt.timedelta(hours=1)


def an_album(library: Library) -> str:
    album = library.create_album("Spring")
    for at in (LISBON, LISBON, PARIS, None):
        library.add(album.id, a_jpeg(at, orientation=6), name="IMG_20240501_MARIA.jpg")
    first = library.album(album.id).photos[0]
    captioned = attrs.evolve(first, caption="Maria on the tram", alt="A tram")
    library.save(library.album(album.id).with_photo(captioned))
    return album.id


def test_a_recipient_sees_the_album_as_granted(library: Library) -> None:
    album_id = an_album(library)
    shared = library.open(library.share(album_id).token)
    assert shared.title == "Spring"
    assert shared.allows_download
    assert [photo.place.city if photo.place else None for photo in shared.photos] == [
        "Lisbon",
        "Lisbon",
        "Paris",
        None,
    ]
    names = [photo.name for photo in shared.photos]
    assert names == ["lisbon-01.jpg", "lisbon-02.jpg", "paris-01.jpg", "photo-01.jpg"]
    first = shared.photos[0]
    assert (first.width, first.height) == (480, 640)  # seen upright
    assert first.taken == "2024-05-01"
    assert first.caption == "Maria on the tram"
    assert first.alt == "A tram"


def test_the_places_of_a_shared_album_come_from_its_photos(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    assert shared.places is not None
    assert shared.places is shared.places


def test_shared_photos_have_these_fields_and_no_others() -> None:
    assert {field.name for field in attrs.fields(SharedPhoto)} == {
        "id",
        "width",
        "height",
        "place",
        "taken",
        "name",
        "caption",
        "alt",
        "color",
        "format",
        "moves",
        "rank",
    }


@pytest.mark.parametrize("precision", list(Precision))
def test_no_place_is_told_sharper_than_granted(library: Library, precision: Precision) -> None:
    album_id = an_album(library)
    shared = library.open(library.share(album_id, location=precision).token)
    owned = library.album(album_id).photos
    for photo, own in zip(shared.photos, owned, strict=True):
        assert photo.place == (own.place.at(precision) if own.place else None)
    text = str([attrs.asdict(photo) for photo in shared.photos])
    # The region is called Lisbon too.
    assert ("lisbon-01.jpg" in text) is (precision >= Precision.REGION)
    assert ("photo-04.jpg" in text) is (precision is Precision.NONE)
    assert ("Portugal" in text) is (precision >= Precision.COUNTRY)
    assert str(LISBON[0]) not in text


@pytest.mark.parametrize(
    ("precision", "taken"),
    [
        (TimePrecision.NONE, None),
        (TimePrecision.YEAR, "2024"),
        (TimePrecision.MONTH, "2024-05"),
        (TimePrecision.DAY, "2024-05-01"),
        (TimePrecision.EXACT, "2024-05-01T12:30:05"),
    ],
)
def test_no_time_is_told_sharper_than_granted_and_never_with_its_zone(
    library: Library, precision: TimePrecision, taken: str | None
) -> None:
    shared = library.open(library.share(an_album(library), time=precision).token)
    assert shared.photos[0].taken == taken


def test_nothing_of_the_owner_reaches_a_recipient(library: Library) -> None:
    album_id = an_album(library)
    shared = library.open(library.share(album_id).token)
    album = library.album(album_id)
    told = str([attrs.asdict(photo) for photo in shared.photos]) + shared.id
    for photo in shared.photos:
        for rendition in Rendition:
            file = shared.file(photo, rendition)
            told += f"{file.name} {file.etag}"
            data = file.read()
            for private in (b"Maria", b"MARIA", b"ACME", b"SERIAL", b"2024:05:01"):
                assert private not in data
    for own in album.photos:
        for secret in (own.id, own.sha256, own.name, "IMG_", album.id):
            assert secret not in told
    assert "Maria on" not in repr(shared)
    assert "Maria on" not in repr(shared.photos)


def test_every_file_is_clean_and_decodes(library: Library) -> None:
    from PIL import Image, ImageChops, ImageOps

    album_id = an_album(library)
    shared = library.open(library.share(album_id).token)
    for photo in shared.photos:
        for rendition in Rendition:
            file = shared.file(photo, rendition)
            data = file.read()
            assert len(data) == file.size
            assert not inspect(data).violations(Policy(location=Precision.CITY))
            with Image.open(io.BytesIO(data)) as picture:
                upright = ImageOps.exif_transpose(picture)
                longest = {"thumb": 400, "display": 640, "full": 640}[rendition.value]
                assert max(upright.size) == longest
                assert upright.width < upright.height
    full = shared.file(shared.photos[0], Rendition.FULL)
    with Image.open(io.BytesIO(full.read())) as a, Image.open(io.BytesIO(a_jpeg())) as b:
        assert ImageChops.difference(a.convert("RGB"), b.convert("RGB")).getbbox() is None


def test_a_file_is_read_in_ranges(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    file = shared.file(shared.photos[0].id, Rendition.FULL)
    data = file.read()
    assert file.read(2, 10) == data[2:10]
    assert file.read(file.size - 1) == data[-1:]
    assert file.read(5, 3) == b""
    assert file.read(file.size) == b""
    with pytest.raises(ValueError, match="beginning"):
        file.read(-1)


def test_the_average_colour_is_known_once_a_thumb_was_made(library: Library) -> None:
    album_id = an_album(library)
    token = library.share(album_id).token
    shared = library.open(token)
    assert shared.photos[0].color == "#8a8a8a"
    shared.file(shared.photos[0], Rendition.THUMB)
    red, green, blue = bytes.fromhex(library.open(token).photos[0].color[1:])
    assert abs(red - 200) < 12
    assert abs(green - 60) < 12
    assert abs(blue - 40) < 12


def test_without_download_there_is_no_full_resolution(library: Library) -> None:
    shared = library.open(library.share(an_album(library), download=False).token)
    assert not shared.allows_download
    shared.file(shared.photos[0], Rendition.DISPLAY)
    with pytest.raises(NotGranted):
        shared.file(shared.photos[0], Rendition.FULL)


def test_captions_stay_home_unless_granted(library: Library) -> None:
    shared = library.open(library.share(an_album(library), captions=False).token)
    assert {photo.caption + photo.alt for photo in shared.photos} == {""}


def test_a_link_narrowed_to_a_photo_shows_that_photo_alone(library: Library) -> None:
    token = library.share(an_album(library)).token
    everything = library.open(token)
    chosen, other = everything.photos[2], everything.photos[0]
    one = library.open(narrow(token, photo=chosen.id, rendition=Rendition.THUMB))
    assert [photo.id for photo in one.photos] == [chosen.id]
    assert not one.allows_download
    one.file(chosen, Rendition.THUMB)
    for photo, rendition in ((chosen, Rendition.DISPLAY), (other, Rendition.THUMB)):
        with pytest.raises(NotGranted):
            one.file(photo, rendition)


def test_photos_of_other_albums_and_owners_ids_open_nothing(library: Library) -> None:
    first, second = an_album(library), an_album(library)
    shared = library.open(library.share(first).token)
    others = library.open(library.share(second).token).photos
    owned = library.album(first).photos
    for identity in (others[0].id, owned[0].id, "", "../x", "é"):
        with pytest.raises(NotGranted):
            shared.file(identity, Rendition.THUMB)


def test_two_links_of_one_album_cannot_be_joined(library: Library) -> None:
    album_id = an_album(library)
    a, b = (library.open(library.share(album_id).token) for _ in range(2))
    assert a.id != b.id
    assert not {photo.id for photo in a.photos} & {photo.id for photo in b.photos}
    tags = [shared.file(shared.photos[0], Rendition.THUMB).etag for shared in (a, b)]
    assert tags[0] != tags[1]


def test_a_revoked_link_is_dead_at_once_also_in_open_hands(library: Library) -> None:
    album_id = an_album(library)
    gone, stays = library.share(album_id), library.share(album_id)
    shared = library.open(gone.token)
    assert library.revoke(gone.id)
    assert not library.revoke(gone.id)
    with pytest.raises(InvalidToken):
        library.open(gone.token)
    with pytest.raises(InvalidToken):
        shared.file(shared.photos[0], Rendition.THUMB)
    assert library.open(stays.token).title == "Spring"
    assert [share.id for share in library.shares(album_id)] == [stays.id]


def test_all_links_and_all_that_was_narrowed_from_them_die_together(library: Library) -> None:
    album_id = an_album(library)
    tokens = [library.share(album_id, expires=Never).token for _ in range(2)]
    tokens.append(narrow(tokens[0], rendition=Rendition.THUMB))
    library.revoke_all(album_id)
    for token in tokens:
        with pytest.raises(InvalidToken):
            library.open(token)
    assert library.shares(album_id) == ()
    assert library.open(library.share(album_id).token).title == "Spring"


def test_an_album_document_from_a_backup_revives_no_link(library: Library) -> None:
    album_id = an_album(library)
    backup, token = library.album(album_id), library.share(album_id, expires=Never).token
    library.delete_album(album_id)
    library._albums.put(backup)
    with pytest.raises(InvalidToken):
        library.open(token)


def test_links_end(library: Library) -> None:
    album_id = an_album(library)
    for past in (-HOUR, dt.timedelta(0), dt.datetime.now(dt.UTC) - HOUR):
        with pytest.raises(ValueError, match="in the past"):
            library.share(album_id, expires=past)
    assert library.shares(album_id) == ()
    week = library.share(album_id)
    with pytest.raises(ExpiredToken):
        library.open(narrow(week.token, expires=dt.datetime.now(dt.UTC) - HOUR))
    assert isinstance(week.expires, dt.datetime)
    left = week.expires - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=6, hours=23) < left <= dt.timedelta(days=7)


def test_precisions_may_be_words(library: Library) -> None:
    share = library.share(an_album(library), location="region", time="year")  # type: ignore[arg-type]

    assert (share.location, share.time) == (Precision.REGION, TimePrecision.YEAR)
    with pytest.raises(ValueError, match="not a valid Precision"):
        library.share(share.album_id, location="street")  # type: ignore[arg-type]


def test_an_open_album_ends_with_its_link(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    past = attrs.evolve(shared._grant, expires=dt.datetime.now(dt.UTC) - HOUR)
    over = attrs.evolve(shared, grant=past)
    with pytest.raises(ExpiredToken):
        over.file(shared.photos[0], Rendition.THUMB)


def test_a_link_gives_no_larger_size_than_it_says(library: Library) -> None:
    album_id = an_album(library)
    for largest in Rendition:
        share = library.share(album_id, rendition=largest)
        shared = library.open(share.token)
        assert (share.rendition, shared.finest) == (largest, largest)
        for rendition in Rendition:
            if rendition <= largest:
                assert shared.file(shared.photos[0], rendition).size
            else:
                with pytest.raises(NotGranted):
                    shared.file(shared.photos[0], rendition)
    library.share(album_id, rendition="display")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="original"):
        library.share(album_id, rendition="original")  # type: ignore[arg-type]


def test_a_link_begins_when_it_says_and_lasts_from_then(library: Library) -> None:
    album_id = an_album(library)
    hour = dt.timedelta(hours=1)
    now = dt.datetime.now(dt.UTC)
    share = library.share(album_id, not_before=hour, expires=2 * hour)
    assert share.not_before is not None
    assert isinstance(share.expires, dt.datetime)
    assert abs(share.not_before - now - hour) < dt.timedelta(minutes=1)
    assert share.expires - share.not_before == 2 * hour
    with pytest.raises(InvalidToken) as refused:
        library.open(share.token)
    assert type(refused.value) is InvalidToken
    clock = library._gate.clock

    class Later:
        def now(self) -> dt.datetime:
            return clock.now() + hour

    object.__setattr__(library._gate, "clock", Later())
    assert library.open(share.token).title == "Spring"
    assert library.share(album_id, not_before=now - hour).not_before is None
    for wrong in (
        {"not_before": now + hour, "expires": now + hour},
        {"not_before": now.replace(tzinfo=None)},
    ):
        with pytest.raises(ValueError, match=r"begins|zone"):
            library.share(album_id, **wrong)  # type: ignore[arg-type]


def test_shares_are_listed_with_their_links(library: Library) -> None:
    album_id = an_album(library)
    made = [
        library.share(album_id),
        library.share(album_id, download=False, location=Precision.NONE, expires=Never),
        library.share(album_id, password="x"),
        library.share(album_id, rendition=Rendition.THUMB, video=True, hidden_pixels=True),
        library.share(album_id, not_before=dt.timedelta(days=2)),
    ]
    assert list(library.shares(album_id)) == made


def test_a_locked_link_opens_with_its_password_alone(library: Library) -> None:
    token = library.share(an_album(library), password="Grüße").token
    for wrong in (None, "", "grüße", "Grüße ", "x" * 5000, "\ud800"):
        with pytest.raises(ShareLocked):
            library.open(token, password=wrong)
    assert library.open(token, password="Grüße").title == "Spring"
    assert library.open(token, password="Gru\u0308ße").title == "Spring"
    with pytest.raises(ShareLocked):
        library.open(narrow(token, rendition=Rendition.THUMB))


def test_a_proof_of_unlocking_opens_its_own_link_for_a_while(library: Library) -> None:
    album_id = an_album(library)
    token = library.share(album_id, password="a").token
    proof = library.open(token, password="a").unlock_proof()
    assert library.open(token, proof=proof).title == "Spring"
    other = library.share(album_id, password="a").token
    stale = library.open(token, password="a").unlock_proof(-HOUR)
    for link, wrong in (
        (other, proof),
        (token, stale),
        (token, proof[:-1]),
        (token, f"f{proof}"),
        (token, ""),
        (token, "zz.\ud800"),
    ):
        with pytest.raises(ShareLocked):
            library.open(link, proof=wrong)


def test_a_lock_without_a_stored_password_stays_shut(library: Library) -> None:
    album_id = an_album(library)
    share = library.share(album_id, password="a")
    record = library._shares.get(share.id)
    assert record is not None
    library._shares.revoke(share.id)
    library._shares.add(attrs.evolve(record, password=None))
    for password in (None, "", "a"):
        with pytest.raises(ShareLocked):
            library.open(share.token, password=password)


@pytest.mark.parametrize("stored", ["", "x", "scrypt-15-8$zz$00", "md5$00$00", "$$$"])
def test_a_damaged_password_opens_nothing(library: Library, stored: str) -> None:
    share = library.share(an_album(library), password="a")
    record = library._shares.get(share.id)
    assert record is not None
    library._shares.revoke(share.id)
    library._shares.add(attrs.evolve(record, password=stored))
    with pytest.raises(StoreError):
        library.open(share.token, password="a")


def test_an_empty_password_is_no_password(library: Library) -> None:
    with pytest.raises(ValueError, match="password"):
        library.share(an_album(library), password="")


def test_a_deleted_photo_is_gone_for_recipients_with_all_that_was_made_of_it(
    library: Library,
) -> None:
    album_id = an_album(library)
    shared = library.open(library.share(album_id).token)
    file = shared.file(shared.photos[0], Rendition.THUMB)
    own = library.album(album_id).photos[0]
    kept = ("original", f"thumb.{derive.RECIPE}", f"color.{derive.RECIPE}")
    keys = [f"{album_id}/{own.id}/{name}" for name in kept]
    assert all(library._blobs.size(key) for key in keys)
    library.remove(album_id, own.id)
    with pytest.raises(NotGranted):
        shared.file(shared.photos[0], Rendition.THUMB)
    with pytest.raises(StoreError):
        file.read()
    assert [library._blobs.size(key) for key in keys] == [None, None, None]


def test_a_photo_deleted_while_its_file_is_made_leaves_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    album_id = an_album(library)
    shared = library.open(library.share(album_id).token)
    own = library.album(album_id).photos[0]
    made = derive.Deriver._made

    def slow(self: derive.Deriver, *args: Any) -> tuple[bytes, bool]:
        data = made(self, *args)
        library.remove(album_id, own.id)
        return data

    monkeypatch.setattr(derive.Deriver, "_made", slow)
    with pytest.raises(PhotoPrivacyError):
        shared.file(shared.photos[0], Rendition.THUMB)
    assert library._blobs.size(f"{album_id}/{own.id}/thumb.{derive.RECIPE}") is None


def test_many_askers_make_a_file_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    album_id = an_album(library)
    shared: SharedAlbum = library.open(library.share(album_id).token)
    made, calls = derive.Deriver._made, []

    def counted(self: derive.Deriver, *args: Any) -> tuple[bytes, bool]:
        calls.append(1)
        return made(self, *args)

    monkeypatch.setattr(derive.Deriver, "_made", counted)
    found: list[bytes] = []

    def ask() -> None:
        found.append(shared.file(shared.photos[0], Rendition.DISPLAY).read())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(calls) == 1


def test_whatever_comes_as_a_token_is_one_typed_error(library: Library) -> None:
    token = library.share(an_album(library)).token
    for wrong in ("", "x", token[:-1], token + "A", token.swapcase(), "é" * 87):
        with pytest.raises(InvalidToken):
            library.open(wrong)


def test_no_place_stands_in_a_repr(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    file = shared.file(shared.photos[0], Rendition.FULL)
    assert file.name == "lisbon-01.jpg"
    for value in (file, shared.photos, shared.places, shared.photos[0].place):
        assert "isbon" not in repr(value)
        assert "Portugal" not in repr(value)


@pytest.mark.parametrize("more", ["\0", " ", "\0\0"])
def test_a_password_with_something_behind_it_is_another(library: Library, more: str) -> None:
    share = library.share(an_album(library), password="tr0ub4dor")
    library.open(share.token, password="tr0ub4dor")
    with pytest.raises(ShareLocked) as locked:
        library.open(share.token, password=f"tr0ub4dor{more}")
    assert locked.value.share == share.id


def test_a_proof_has_one_spelling(library: Library) -> None:
    share = library.share(an_album(library), password="tr0ub4dor")
    proof = library.open(share.token, password="tr0ub4dor").unlock_proof()
    library.open(share.token, proof=proof)
    for other in (f"0x{proof}", f"+{proof}", f"0{proof}", proof.upper(), f" {proof}"):
        with pytest.raises(ShareLocked):
            library.open(share.token, proof=other)


def test_a_name_that_no_text_can_be_is_no_photo(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    for name in ("\ud800", "", "x" * 5000):
        with pytest.raises(NotGranted):
            shared.file(name, Rendition.THUMB)


def test_a_geocoder_that_answers_with_the_asked_point_pins_nothing() -> None:
    class Echo:
        def reverse(self, at: Coordinates, /) -> Place | None:
            near = Coordinates(latitude=at.latitude + 0.001, longitude=at.longitude)
            return Place(country_code="PT", country="Portugal", city="Lisbon", coordinates=near)

    library = Library(
        MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}), geocoder=Echo()
    )
    album = library.create_album("Spring")
    photo = library.add(album.id, a_jpeg(LISBON))
    assert photo.place is not None
    assert photo.place.city == "Lisbon"
    assert photo.place.coordinates is None
    clean = strip(a_jpeg(LISBON), Policy(location=Precision.CITY), geocoder=Echo())
    assert inspect(clean.data).coordinates is None
    for one in ([photo], [Dot()]):
        (group,) = group_by_place(one, geocoder=Echo()).groups
        assert group.place.coordinates is None


class Dot:
    coordinates = Coordinates(latitude=38.7, longitude=-9.1)


def test_what_no_decoder_opens_is_no_photo_of_an_album(library: Library, corpus: Path) -> None:
    album = library.create_album("Spring")
    refused = []
    for file in sorted(corpus.rglob("*.avif")):
        try:
            photo = library.add(album.id, file)
        except (PhotoPrivacyError, OSError) as error:
            refused.append(error)
            continue
        shared = library.open(library.share(album.id).token)
        assert shared.file(shared.photos[-1], Rendition.THUMB).size
        library.remove(album.id, photo.id)
    assert refused


@pytest.mark.parametrize(
    "times",
    [
        {"expires": dt.timedelta.max},
        {"not_before": dt.timedelta(days=3_000_000)},
        {"not_before": dt.datetime(9999, 12, 30, tzinfo=dt.UTC)},
    ],
    ids=str,
)
def test_a_link_that_would_outlast_the_calendar_is_a_value_error(
    library: Library, times: dict[str, Any]
) -> None:
    album = library.create_album("Spring")
    with pytest.raises(ValueError, match="year 10000"):
        library.share(album.id, **times)
    assert not library.shares(album.id)


def test_a_file_is_read_from_and_to_any_number(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    file = shared.file(shared.photos[0], Rendition.THUMB)
    whole = file.read()
    assert len(whole) == file.size
    assert file.read(0, 2**70) == whole
    assert file.read(2**70) == file.read(2**70, 2**71) == file.read(9, 3) == b""


def test_a_format_of_another_version_is_a_store_error(library: Library) -> None:
    album_id = an_album(library)
    own = library.album(album_id).photos[0]
    library.edit_photo(album_id, own.id, lambda seen: attrs.evolve(seen, format="newest"))
    shared = library.open(library.share(album_id).token)
    with pytest.raises(StoreError, match="format"):
        _ = shared.photos


def test_the_photos_of_an_album_are_counted_once_for_all_names(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = library.open(library.share(an_album(library)).token)
    photos = shared.photos
    counted = 0
    real = views.seen

    def seen(*given: Any) -> Any:
        nonlocal counted
        counted += 1
        return real(*given)

    monkeypatch.setattr(gate, "seen", seen)
    assert [shared.file(one, Rendition.FULL).name for one in photos] == [one.name for one in photos]
    assert counted == 1


def test_names_that_are_made_up_have_the_photos_named_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = library.open(library.share(an_album(library)).token)
    named = 0
    real = views.opaque_id

    def opaque_id(*given: Any) -> str:
        nonlocal named
        named += 1
        return real(*given)

    monkeypatch.setattr(views, "opaque_id", opaque_id)
    for number in range(20):
        with pytest.raises(NotGranted):
            shared.file(f"{number:032x}", Rendition.THUMB)
    assert named == 4
    assert shared.file(shared.photos[3], Rendition.THUMB).size


def test_a_photo_that_came_after_others_were_made_up_is_found(library: Library) -> None:
    album_id = an_album(library)
    token = library.share(album_id).token
    shared = library.open(token)
    with pytest.raises(NotGranted):
        shared.file("0" * 32, Rendition.THUMB)
    library.add(album_id, a_jpeg(PARIS))
    again = library.open(token)
    assert again.file(again.photos[4], Rendition.THUMB).size
