"""The leaks that other photo apps published: here each of them meets the one gate.

Each test is named after what went wrong elsewhere, and fails if the gate is gone around.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from pathlib import Path
from typing import Any

import attrs
import pytest

from gallery.client import Client
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy.albums import Photo
from photoprivacy.errors import (
    ExpiredToken,
    InvalidToken,
    NotGranted,
    PhotoPrivacyError,
    ShareLocked,
)
from photoprivacy.gallery import Gallery
from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.library import (
    Library,
    MemoryAlbums,
    MemoryBlobs,
    MemoryShares,
    SharedAlbum,
    ShareRecord,
)
from photoprivacy.library._clock import Clock
from photoprivacy.places import HomeZone
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Never, Rendition, Scope, ShareSigner, narrow

HOUR = dt.timedelta(hours=1)
SECRETS = ("IMG_20240501_MARIA", "Maria", "ACME", "SERIAL-123456789", "38.71", "12:30")


def an_album(library: Library, title: str = "Spring") -> str:
    album = library.create_album(title)
    for number, at in enumerate((LISBON, PARIS, None)):
        when = f"2024:05:0{number + 1} 12:30:05"
        photo = a_jpeg(at, when=when, color=(50 * number, 80, 40))
        library.add(album.id, photo, name="IMG_20240501_MARIA.jpg")
    first = library.album(album.id).photos[0]
    library.save(library.album(album.id).with_photo(attrs.evolve(first, caption="On the tram")))
    return album.id


def doors(token: str, photo: str) -> list[str]:
    """Every address under which a link gives something out."""
    sizes = [f"/{token}/p/{photo}/{rendition.value}" for rendition in Rendition]
    return [f"/{token}/", f"/{token}/album.css", f"/{token}/places.json", *sizes]


def rewritten(library: Library, share_id: str, **changes: Any) -> None:
    """Change the owner's record of a share, as an app may do."""
    record = library._shares.get(share_id)
    assert isinstance(record, ShareRecord)
    library._shares.revoke(share_id)
    library._shares.add(attrs.evolve(record, **changes))


# 1. The password guarded the page, and not what hangs on it.


def test_leak_01_a_password_guards_every_door_and_not_the_page_alone(library: Library) -> None:
    album_id = an_album(library)
    client = Client(Gallery(library))
    token = library.share(album_id, password="tram 28").token
    shared = library.open(token, password="tram 28")
    one = shared.photos[0].id
    small = narrow(token, photo=one, rendition=Rendition.THUMB)
    tried = 0
    for link in (token, small, narrow(token, expires=Never)):
        for door in doors(link, one):
            for answer in (client.get(door), client.head(door)):
                tried += 1
                form = door.endswith(f"{link}/")
                assert answer.status_code == (200 if form else 403)
                assert not answer.headers["content-type"].startswith("image/")
                assert "Spring" not in answer.text
                assert "tram" not in answer.text
                assert one not in answer.text
        with pytest.raises(ShareLocked):
            library.open(link)
    assert tried == 36
    # An album that was opened is shut again when its password changes: its files as well.
    file = shared.file(one, Rendition.FULL)
    rewritten(library, shared._grant.share_id, password=library._passwords.hash("other"))
    for late in (lambda: shared.file(one, Rendition.THUMB), file.read):
        with pytest.raises(ShareLocked):
            late()


# 2. A thumbnail's address opened the original.


def test_leak_02_a_small_size_opens_no_larger_one_and_nothing_opens_the_original(
    library: Library,
) -> None:
    album_id = an_album(library)
    originals = {
        library._blobs.read(f"{album_id}/{own.id}/original")
        for own in library.album(album_id).photos
    }
    assert len(originals) == 3
    token = library.share(album_id).token
    for most in Rendition:
        shared = library.open(narrow(token, rendition=most))
        for photo in shared.photos:
            for asked in Rendition:
                if asked > most:
                    with pytest.raises(NotGranted):
                        shared.file(photo, asked)
                else:
                    assert shared.file(photo, asked).read() not in originals
    # Saying "full" again to a token that says "thumb" does not help.
    again = narrow(narrow(token, rendition=Rendition.THUMB), rendition=Rendition.FULL)
    assert library.open(again).finest is Rendition.THUMB


# 3. "Metadata off", and the file had it.


@pytest.mark.parametrize("precision", list(Precision))
def test_leak_03_a_file_tells_the_place_of_the_page_and_no_more(
    library: Library, precision: Precision
) -> None:
    library._gate = attrs.evolve(library._gate, places_in_files=True)
    shared = library.open(library.share(an_album(library), location=precision).token)
    looked = 0
    for photo in shared.photos:
        for rendition in Rendition:
            data = shared.file(photo, rendition).read()
            report = inspect(data)
            told = {one.code: one.value for one in report.findings if one.category == "location"}
            place = photo.place if rendition is Rendition.FULL else None
            assert told.get("xmp.photoshop.City", "") == (place.city if place else "")
            assert told.get("xmp.photoshop.State", "") == (place.region if place else "")
            assert told.get("xmp.photoshop.Country", "") == (place.country if place else "")
            town = place.coordinates if place else None
            assert (report.coordinates is None) == (town is None)
            if town and report.coordinates:
                # The town's own point, written as Exif writes points; not the photo's.
                assert abs(report.coordinates.latitude - town.latitude) < 1e-4
                assert abs(report.coordinates.latitude - LISBON[0]) > 1e-3
            assert report.captured_at is None
            for secret in SECRETS:
                assert secret.encode() not in data
            looked += 1
    assert looked == 9


def test_leak_03_a_files_own_words_for_a_place_are_never_told_in_place_of_the_pages(
    library: Library,
) -> None:
    """The owner set a position by hand; the file has none, and names another town."""
    library._gate = attrs.evolve(library._gate, places_in_files=True)
    album = library.create_album("Spring")
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
        b'"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        b' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Dachau"'
        b' photoshop:Country="Germany"/></rdf:RDF></x:xmpmeta>'
    )
    body = b"http://ns.adobe.com/xap/1.0/\0" + packet
    plain = a_jpeg(None)
    said = plain[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body + plain[2:]
    photo = library.add(album.id, said)
    assert photo.coordinates is None
    lisbon = Coordinates(latitude=LISBON[0], longitude=LISBON[1])
    place = Place(country_code="PT", country="Portugal", city="Lisbon")
    library.edit_photo(
        album.id, photo.id, lambda seen: attrs.evolve(seen, coordinates=lisbon, place=place)
    )
    for precision in Precision:
        shared = library.open(library.share(album.id, location=precision).token)
        data = shared.file(shared.photos[0], Rendition.FULL).read()
        assert b"Dachau" not in data
        assert b"Germany" not in data
    assert b"Dachau" in said


# 4. Two switches that drifted apart when a link was edited.


def test_leak_04_what_the_owner_takes_back_is_gone_from_page_and_file_at_once(
    library: Library,
) -> None:
    library._gate = attrs.evolve(library._gate, places_in_files=True)
    share = library.share(an_album(library), location=Precision.CITY, time=TimePrecision.DAY)
    shared = library.open(share.token)
    one = shared.photos[0]
    before = shared.file(one, Rendition.FULL)
    assert b"Lisbon" in before.read()
    rewritten(library, share.id, location=Precision.COUNTRY, time=TimePrecision.YEAR)
    after = library.open(share.token)
    place = after.photos[0].place
    assert place is not None
    assert (place.country, place.region, place.city) == ("Portugal", "", "")
    assert after.photos[0].taken == "2024"
    assert after.photos[0].name.startswith("portugal-")
    # The album that was open already, and the download that ran, as well.
    with pytest.raises(NotGranted):
        before.read()
    for opened in (shared, after):
        data = opened.file(one.id, Rendition.FULL)
        assert data.name.startswith("portugal-")
        assert b"Portugal" in data.read()
        assert b"Lisbon" not in data.read()
        assert data.etag != before.etag
    rewritten(library, share.id, rendition=Rendition.THUMB)
    for opened in (shared, library.open(share.token)):
        with pytest.raises(NotGranted):
            opened.file(one.id, Rendition.DISPLAY)
    rewritten(library, share.id, not_before=dt.datetime.now(dt.UTC) + HOUR)
    with pytest.raises(InvalidToken):
        library.open(share.token)
    with pytest.raises(InvalidToken):
        shared.file(one.id, Rendition.THUMB)
    rewritten(library, share.id, not_before=None)
    rewritten(library, share.id, rendition=Rendition.FULL, scopes=Scope.VIEW)
    for opened in (shared, library.open(share.token)):
        with pytest.raises(NotGranted):
            opened.file(one.id, Rendition.FULL)
    assert not library.open(share.token).photos[0].caption
    past = dt.datetime.now(dt.UTC) - HOUR
    rewritten(library, share.id, expires=past)
    with pytest.raises(ExpiredToken):
        library.open(share.token)
    with pytest.raises(ExpiredToken):
        shared.file(one.id, Rendition.THUMB)


def test_leak_04_a_record_that_says_more_than_the_token_gives_no_more(library: Library) -> None:
    album_id = an_album(library)
    soon = dt.datetime.now(dt.UTC) + HOUR
    share = library.share(
        album_id, location=Precision.NONE, time=TimePrecision.NONE, download=False, expires=soon
    )
    rewritten(
        library,
        share.id,
        location=Precision.EXACT,
        time=TimePrecision.EXACT,
        scopes=~Scope(0),
        expires=Never,
    )
    shared = library.open(share.token)
    assert {photo.place for photo in shared.photos} == {None}
    assert {photo.taken for photo in shared.photos} == {None}
    assert shared.finest is Rendition.DISPLAY
    assert shared.expires == share.expires


# 5. File names, paths, owners, times beside the picture.


def test_leak_05_nothing_beside_the_picture_names_the_owners_file(library: Library) -> None:
    album_id = an_album(library)
    client = Client(Gallery(library))
    token = library.share(album_id, location=Precision.NONE, time=TimePrecision.NONE).token
    shared = library.open(token)
    private = [album_id]
    for own in library.album(album_id).photos:
        private += [own.id, own.sha256]
    answers = [client.get(door) for photo in shared.photos for door in doors(token, photo.id)]
    assert len(answers) == 18
    for answer in answers:
        assert answer.status_code == 200
        said = str(answer.headers) + answer.content.decode("latin-1")
        for secret in (*SECRETS, *private, "Lisbon", "Portugal", "2024"):
            assert secret.lower() not in said.lower(), secret
        assert "last-modified" not in answer.headers
    names = [photo.name for photo in shared.photos]
    assert names == ["photo-01.jpg", "photo-02.jpg", "photo-03.jpg"]


def test_leak_05_the_order_of_time_is_told_as_ranks_without_gaps(library: Library) -> None:
    album = library.create_album("Spring")
    for when in ("2024:05:03 12:00:00", None, "2024:05:01 12:00:00", "2019:01:01 00:00:00"):
        library.add(album.id, a_jpeg(None, when=when), name="x.jpg")
    shared = library.open(library.share(album.id, time=TimePrecision.NONE).token)
    assert [photo.rank for photo in shared.photos] == [2, 3, 1, 0]
    one = library.open(narrow(library.share(album.id).token, photo="0" * 32))
    assert one.photos == ()
    # A link to one photo does not tell how many came before it.
    token = library.share(album.id).token
    last = library.open(token).photos[0].id
    (alone,) = library.open(narrow(token, photo=last)).photos
    assert (alone.rank, alone.name) == (0, "photo-01.jpg")


# 6. Addresses of files outlived the link.


@pytest.mark.parametrize("how", ["revoke", "revoke_all", "remove", "delete_album"])
def test_leak_06_addresses_of_files_die_with_their_link(library: Library, how: str) -> None:
    album_id = an_album(library)
    client = Client(Gallery(library))
    share = library.share(album_id, expires=Never)
    shared = library.open(share.token)
    one = shared.photos[0]
    own = library.album(album_id).photos[0]
    derived = narrow(share.token, photo=one.id, rendition=Rendition.DISPLAY)
    address = f"/{derived}/p/{one.id}/display"
    assert client.get(address).status_code == 200
    etag = client.get(address).headers["etag"]
    file = shared.file(one, Rendition.FULL)
    half = file.read(0, file.size // 2)
    if how == "revoke":
        library.revoke(share.id)
    elif how == "revoke_all":
        library.revoke_all(album_id)
    elif how == "remove":
        library.remove(album_id, own.id)
    else:
        library.delete_album(album_id)
    # Not even that it is unchanged is said.
    for given in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-9"}):
        answer = client.get(address, headers=given)
        assert answer.status_code == 404
        assert etag not in str(answer.headers)
    with pytest.raises(PhotoPrivacyError):
        file.read(len(half))


# 7. A guest's link opened photos that nobody had shared.


def test_leak_07_a_link_opens_the_photos_of_its_album_by_its_own_names_alone(
    library: Library,
) -> None:
    mine, theirs = an_album(library), an_album(library, "Private")
    shared = library.open(library.share(mine).token)
    strangers = [photo.id for photo in library.open(library.share(theirs).token).photos]
    same = [photo.id for photo in library.open(library.share(mine).token).photos]
    own = [photo.id for album in (mine, theirs) for photo in library.album(album).photos]
    hashes = [photo.sha256 for photo in library.album(mine).photos]
    odd = ["", "0", "..", f"../{theirs}/{own[3]}", f"{own[0]}/original", own[0].upper(), "\ud800"]
    names = [*strangers, *same, *own, *hashes, *odd]
    assert len(names) == 22
    for name in names:
        for rendition in Rendition:
            with pytest.raises(NotGranted):
                shared.file(name, rendition)
            with pytest.raises(NotGranted):
                shared.line(name, rendition)


def test_leak_07_a_link_to_one_photo_opens_no_other_and_counts_none(library: Library) -> None:
    token = library.share(an_album(library)).token
    first, *others = library.open(token).photos
    alone = library.open(narrow(token, photo=first.id))
    assert [photo.id for photo in alone.photos] == [first.id]
    assert [group.title for group in alone.places.walk()] == ["Portugal", "Lisbon"]
    assert len(others) == 2
    for other in others:
        with pytest.raises(NotGranted):
            alone.file(other, Rendition.THUMB)
    for wide in (narrow(narrow(token, photo=first.id), photo=others[0].id),):
        with pytest.raises(InvalidToken):
            library.open(wide)


# 8. A link worked on after its album was deleted; nobody could list or end links.


def test_leak_08_a_deleted_album_made_again_is_not_opened_by_old_links(library: Library) -> None:
    album_id = an_album(library)
    shares = [library.share(album_id, expires=Never) for _ in range(3)]
    assert [one.id for one in library.shares(album_id)] == [one.id for one in shares]
    document = library.album(album_id)
    library.delete_album(album_id)
    # The same album under the same name, with an epoch of its own.
    library._shares.renew(album_id, 4711)
    library._albums.put(document)
    assert library.shares(album_id) == ()
    for share in shares:
        with pytest.raises(InvalidToken):
            library.open(share.token)
    assert library.open(library.share(album_id).token).title == "Spring"


# 9. Links that the owner did not see.


def test_leak_09_what_is_not_in_the_owners_list_opens_nothing(library: Library) -> None:
    album_id = an_album(library)
    epoch = library._shares.epoch(album_id)
    assert epoch is not None
    hidden = library._signer.issue(album_id, epoch=epoch, expires=Never)
    assert library.shares(album_id) == ()
    with pytest.raises(InvalidToken):
        library.open(hidden.token)
    # Nor a share of another album under this one's name.
    other = library.share(an_album(library, "Other"))
    forged = library._signer.issue(album_id, epoch=epoch, expires=Never, share_id=other.id)
    with pytest.raises(InvalidToken):
        library.open(forged.token)


# 10. The password, or the state of having given it, stood in the address.


def test_leak_10_neither_password_nor_unlocking_is_part_of_an_address(library: Library) -> None:
    album_id = an_album(library)
    token = library.share(album_id, password="tram 28").token
    app = Gallery(library)
    client, other = Client(app), Client(app)
    for query in ("?password=tram+28", "?password=tram%2028&x=1"):
        answer = client.get(f"/{token}/{query}")
        assert "Spring" not in answer.text
        assert "tram" not in answer.text
        assert "set-cookie" not in answer.headers
    form = client.get(f"/{token}/").url.path
    unlocked = client.post(form, data={"password": "tram 28"})
    assert unlocked.status_code == 303
    assert "tram" not in str(unlocked.headers)
    cookies = unlocked.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("httponly" in cookie.lower() for cookie in cookies)
    assert "Spring" in client.get(form).text
    assert "Spring" in client.get(f"/{token}/").text
    # The address copied to somebody else is locked.
    assert "Spring" not in other.get(f"/{token}/").text
    # And the cookie opens no other link of the same album with the same password.
    sibling = library.share(album_id, password="tram 28").token
    assert "Spring" not in client.get(f"/{sibling}/").text


def test_leak_10_unlocking_ends_with_its_password_and_its_hour(library: Library) -> None:
    share = library.share(an_album(library), password="a")
    shared = library.open(share.token, password="a")
    proof, short = shared.unlock_proof(), shared.unlock_proof(dt.timedelta(0))
    assert library.open(share.token, proof=proof).title == "Spring"
    with pytest.raises(ShareLocked):
        library.open(share.token, proof=short)
    # The same word set anew is another password: its salt is.
    rewritten(library, share.id, password=library._passwords.hash("a"))
    with pytest.raises(ShareLocked):
        library.open(share.token, proof=proof)


# 11. Passwords in plain text.


def test_leak_11_no_store_has_a_password_and_equal_ones_are_stored_unequal(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album_id = an_album(library)
    shares = [library.share(album_id, password="tram-28-graca") for _ in range(2)]
    library.open(shares[0].token, password="tram-28-graca")
    with pytest.raises(ShareLocked):
        library.open(shares[0].token, password="tram-28-estrela", client="192.0.2.77")
    stored = [library._shares.get(share.id) for share in shares]
    assert len({record.password for record in stored if record}) == 2
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        data = path.read_bytes()
        for secret in (b"tram-28", b"192.0.2.77", shares[0].token.encode()):
            assert secret not in data, path


# 12. Previews of links told what was behind them, and used them up.


def test_leak_12_a_preview_learns_nothing_and_uses_nothing_up(library: Library) -> None:
    album_id = an_album(library, 'Maria\'s "40th" <meta http-equiv=refresh>')
    client = Client(Gallery(library))
    locked, plain = library.share(album_id, password="x").token, library.share(album_id).token
    for _ in range(5):
        for token in (locked, plain):
            page = client.get(f"/{token}/", headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
            assert page.status_code == 200
            assert not re.search(r"og:|twitter:|itemprop|http-equiv=.?refresh>", page.text)
            assert token not in page.text
        assert "40th" not in client.get(f"/{locked}/").text
    assert library.open(plain).photos
    assert library.open(locked, password="x").photos


# 13. Referrers, logs and scanners.


def test_leak_13_a_link_stands_in_no_log_no_referrer_and_no_third_partys_request(
    library: Library, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    client = Client(Gallery(library))
    token = library.share(an_album(library)).token
    one = library.open(token).photos[0].id
    addresses = [*doors(token, one), f"/{token}", f"/{token}/nothing", f"/{token[:-1]}A/"]
    for address in addresses:
        answer = client.get(address)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", answer.text)
        with pytest.raises(PhotoPrivacyError) as refused:
            library.open(token[:-1] + "!")
        assert token[:20] not in repr(refused.value)
    logged = [
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    ]
    assert token not in "".join(logged) + "".join(capfd.readouterr())


# 14. Downloads were switched off on the page alone.


def test_leak_14_without_download_there_is_no_door_to_the_full_size(library: Library) -> None:
    client = Client(Gallery(library))
    token = library.share(an_album(library), download=False, video=True, hidden_pixels=True).token
    one = library.open(token).photos[0].id
    asking = [token, narrow(token, scopes=~Scope(0)), narrow(token, rendition=Rendition.FULL)]
    for link in asking:
        assert library.open(link).finest is Rendition.DISPLAY
        with pytest.raises(NotGranted):
            library.open(link).file(one, Rendition.FULL)
        for given in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}):
            assert client.get(f"/{link}/p/{one}/full", headers=given).status_code == 404
            assert client.head(f"/{link}/p/{one}/full", headers=given).status_code == 404
    assert "/full" not in client.get(f"/{token}/").text


def test_leak_14_without_the_right_to_look_nothing_is_opened(library: Library) -> None:
    blind = narrow(library.share(an_album(library)).token, scopes=Scope.DOWNLOAD)
    with pytest.raises(NotGranted):
        library.open(blind)


# 15. Links that did not end, or ended at another time.


def test_leak_15_every_link_ends_when_it_said_whatever_happens_to_the_album(
    library: Library,
) -> None:
    album_id = an_album(library)
    default = library.share(album_id)
    assert isinstance(default.expires, dt.datetime)
    album = library.album(album_id)
    library.save(album.retitled("Edited"))
    library.correct_place(album_id, album.photos[0].id, Place(country_code="PT"))
    (listed,) = library.shares(album_id)
    assert (listed.expires, listed.token) == (default.expires, default.token)
    grant = library._signer.verify(default.token)
    assert grant.expires == default.expires
    just_before = default.expires - dt.timedelta(seconds=1)
    assert library._signer.verify(default.token, now=just_before).share_id == default.id
    with pytest.raises(ExpiredToken):
        library._signer.verify(default.token, now=default.expires)


# 16. Algorithms and keys of others' making.


def test_leak_16_a_token_names_no_algorithm_and_no_key_but_its_own_opens_anything(
    library: Library,
) -> None:
    album_id = an_album(library)
    epoch = library._shares.epoch(album_id)
    assert epoch is not None
    share = library.share(album_id)
    for key in (b"k" * 31 + b"l", bytes(32), album_id.encode(), share.token.encode()[:64]):
        forger = ShareSigner({library._signer.current: key})
        with pytest.raises(InvalidToken):
            forger.verify(share.token)
        forged = forger.issue(album_id, epoch=epoch, expires=Never, share_id=share.id)
        with pytest.raises(InvalidToken):
            library.open(forged.token)
    for unsigned in ("eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJub25lIn0", "A" * len(share.token)):
        with pytest.raises(InvalidToken):
            library.open(unsigned)


# 17. Time.


def test_leak_17_a_clock_that_is_set_back_revives_no_link(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, steady = [2e9], [1000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(time, "monotonic", lambda: steady[0])
    object.__setattr__(library._gate, "clock", Clock())
    at = dt.datetime.fromtimestamp(2e9, dt.UTC)
    album_id = an_album(library)
    share = library.share(album_id, expires=at + HOUR)
    locked = library.share(album_id, expires=at + 9 * HOUR, password="x")
    proof = library.open(locked.token, password="x").unlock_proof()
    shared = library.open(share.token)
    one = shared.photos[0]

    now[0] += 1800
    steady[0] += 1800
    assert library.open(share.token).title == "Spring"
    now[0] -= 86_400  # the clock jumps back a day; time goes on
    steady[0] += 1900
    with pytest.raises(ExpiredToken):
        library.open(share.token)
    with pytest.raises(ExpiredToken):
        shared.file(one, Rendition.THUMB)
    with pytest.raises(ShareLocked):
        library.open(locked.token, proof=proof)
    # A process that began after the jump takes no proof from its future.
    object.__setattr__(library._gate, "clock", Clock())
    with pytest.raises(ShareLocked):
        library.open(locked.token, proof=proof)


def test_leak_17_a_link_that_begins_later_is_none_until_then(library: Library) -> None:
    token = library.share(an_album(library)).token
    soon = dt.datetime.now(dt.UTC) + HOUR
    with pytest.raises(InvalidToken) as refused:
        library.open(narrow(token, not_before=soon))
    assert type(refused.value) is InvalidToken
    assert library.open(narrow(token, not_before=soon - 2 * HOUR)).title == "Spring"


# 18. Those were throttled who had done nothing.


def test_leak_18_only_wrong_passwords_count(library: Library) -> None:
    album_id = an_album(library)
    share = library.share(album_id, password="right")
    gone = library.share(album_id, password="right")
    library.revoke(gone.id)
    over = narrow(share.token, expires=dt.datetime.now(dt.UTC) - HOUR)
    proof = library.open(share.token, password="right").unlock_proof()
    harmless: tuple[tuple[str, dict[str, str]], ...] = (
        (share.token, {}),
        (gone.token, {"password": "wrong"}),
        (over, {"password": "wrong"}),
        (share.token[:-2], {"password": "wrong"}),
        (share.token, {"proof": "stale"}),
    )
    for _ in range(30):
        for link, shown in harmless:
            with pytest.raises((ShareLocked, InvalidToken)):
                library.open(link, client="192.0.2.1", **shown)
        assert library.open(share.token, proof=proof, client="192.0.2.1").photos
    for _ in range(12):  # more than wrong ones are listened to
        assert library.open(share.token, password="right", client="192.0.2.1").photos


# Further attacks.


def test_attack_a_restored_backup_of_albums_and_files_revives_no_link(library: Library) -> None:
    album_id = an_album(library)
    shares = [library.share(album_id, expires=Never) for _ in range(2)]
    document, own = library.album(album_id), library.album(album_id).photos[0]
    original = library._blobs.read(f"{album_id}/{own.id}/original")
    assert original is not None
    library.revoke(shares[0].id)
    library._albums.put(document)
    with pytest.raises(InvalidToken):
        library.open(shares[0].token)
    library.revoke_all(album_id)
    library._albums.put(document)
    library._blobs.put(f"{album_id}/{own.id}/original", original)
    for share in shares:
        with pytest.raises(InvalidToken):
            library.open(share.token)


def test_attack_a_restored_record_of_a_share_opens_nothing_in_another_epoch() -> None:
    """Even in a store that forgets no record: what counts is the epoch under the signature."""

    class Keeping(MemoryShares):
        def get(self, share_id: str, /) -> ShareRecord | None:
            return kept.get(share_id)

    kept: dict[str, ShareRecord] = {}
    library = Library(MemoryBlobs(), MemoryAlbums(), Keeping(), ShareSigner({1: b"k" * 32}))
    album_id = an_album(library)
    share = library.share(album_id, expires=Never)
    (record,) = library._shares.list(album_id)
    kept[share.id] = record
    shared = library.open(share.token)
    library.revoke_all(album_id)
    assert library._shares.get(share.id) == record
    with pytest.raises(InvalidToken):
        library.open(share.token)
    with pytest.raises(InvalidToken):
        shared.file(shared.photos[0], Rendition.THUMB)
    library._shares.forget(album_id)
    with pytest.raises(InvalidToken):
        library.open(share.token)


def test_attack_a_missing_share_store_opens_nothing(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    token = library.share(an_album(library), expires=Never).token
    shared = library.open(token)
    for file in (tmp_path / "private").glob("library.sqlite3*"):
        file.unlink()
    with pytest.raises(PhotoPrivacyError):
        Library.at(tmp_path).open(token)
    # Keys and originals are still there; what decides is not.
    assert (tmp_path / "private" / "keys.json").exists()
    del shared


@pytest.mark.parametrize("sharp", list(TimePrecision))
def test_attack_offset_and_zone_give_no_country_away(
    library: Library, sharp: TimePrecision
) -> None:
    album = library.create_album("Spring")
    here, there = a_jpeg(LISBON), a_jpeg(PARIS)
    for data, offset in ((here, b"+01:00"), (there, b"-09:30")):
        library.add(album.id, data.replace(b"+01:00", offset), name="x.jpg")
    owned = [photo.captured_at for photo in library.album(album.id).photos]
    assert len({taken.offset for taken in owned if taken}) == 2
    for location in (Precision.NONE, Precision.COUNTRY, Precision.REGION, Precision.CITY):
        shared = library.open(library.share(album.id, location=location, time=sharp).token)
        assert len({photo.taken for photo in shared.photos}) == 1
        for photo in shared.photos:
            assert photo.place is None or not photo.place.timezone
            said = str(attrs.asdict(photo)).encode()
            for data in (said, *(shared.file(photo, size).read() for size in Rendition)):
                for zone in (b"+01:00", b"-09:30", b"Europe/", b"Offset"):
                    assert zone not in data


def test_attack_two_links_of_one_album_have_no_name_tag_or_address_in_common(
    library: Library,
) -> None:
    album_id = an_album(library)
    client = Client(Gallery(library))
    made = [library.share(album_id), library.share(album_id)]
    warm = library.open(library.share(album_id).token)
    # Colours are known from here on, and the two pages look alike.
    assert all(warm.file(photo, Rendition.THUMB).size for photo in warm.photos)
    told: list[set[str]] = []
    for share in made:
        shared = library.open(share.token)
        page = client.get(f"/{share.token}/").text
        mine = {shared.id, shared.unlock_proof().rpartition(".")[2]}
        for photo in shared.photos:
            mine.add(photo.id)
            for size in Rendition:
                answer = client.get(f"/{share.token}/p/{photo.id}/{size.value}")
                mine |= {answer.headers["etag"], str(shared.file(photo, size).etag)}
        addresses = set(re.findall(r'(?:href|src|srcset|data-\w+)="([^"#]*)"', page))
        # What is the page's own and no asset of the app's.
        mine |= {one for one in addresses if "/p/" in one or one.startswith("p/") or "?" in one}
        told.append(mine)
    assert min(map(len, told)) > 20
    assert not told[0] & told[1]
    # What stays the same through narrowing is the share's own.
    small = library.open(narrow(made[0].token, rendition=Rendition.THUMB))
    assert {photo.id for photo in small.photos} <= told[0]


def test_attack_the_cover_is_shown_as_granted_or_not_at_all(library: Library) -> None:
    album_id = an_album(library)
    album = library.album(album_id)
    library.save(attrs.evolve(album, cover=album.photos[1].id))
    token = library.share(album_id, location=Precision.COUNTRY).token
    shared = library.open(token)
    assert shared.cover is shared.photos[1]
    alone = library.open(narrow(token, photo=shared.photos[0].id))
    assert alone.cover is None


def test_attack_every_page_of_a_home_photo_is_silent(library: Library) -> None:
    munich = (48.0950, 11.5400)
    album = library.create_album("Home")
    for number, spot in enumerate((munich, munich, LISBON)):
        data = a_jpeg(spot, when=f"2024:05:0{number + 1} 12:00:00", color=(90 * number, 9, 9))
        library.add(album.id, data, name="x.jpg")
    library.save(attrs.evolve(library.album(album.id), cover=library.album(album.id).photos[0].id))
    at = Coordinates(latitude=munich[0], longitude=munich[1])
    before = library.share(album.id, location=Precision.EXACT, time=TimePrecision.EXACT)
    open_already = library.open(before.token)
    library.set_homes([HomeZone.around(at)])
    client = Client(Gallery(library))
    looked = 0
    for share in (before, library.share(album.id, location=Precision.EXACT, password=None)):
        shared = library.open(share.token)
        said = [str([attrs.asdict(one) for one in shared.photos])]
        said += [str(attrs.asdict(shared.cover)) if shared.cover else ""]
        said += [group.title + group.place.key for group in shared.places.walk()]
        said += [str(place) + trip.title for trip in shared.trips for place in trip.places]
        for photo in shared.photos[:2]:
            links = [share.token, narrow(share.token, photo=photo.id)]
            for door in [door for link in links for door in doors(link, photo.id)]:
                answer = client.get(door)
                assert answer.status_code == 200
                said += [str(answer.headers), answer.content.decode("latin-1")]
        # The album that was open when the home was set gives out no file that tells it.
        files = [shared.file(photo, size) for photo in shared.photos[:2] for size in Rendition]
        files += [open_already.file(shared.photos[0].id, Rendition.FULL)] if share is before else []
        for file in files:
            assert inspect(file.read()).coordinates is None
            said += [file.name if file not in files[6:] else "", file.read().decode("latin-1")]
        for text in said:
            looked += 1
            for word in ("unich", "nchen", "48.0", "11.5", "Solln", "Harlaching", "Europe/Berlin"):
                assert word not in text, word
    assert looked > 60


def test_attack_many_guesses_at_once_are_listened_to_no_more_than_one_by_one(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = library.share(an_album(library), password="right")
    hashed = []
    real = library._passwords.matches

    def counted(password: str, stored: str) -> bool:
        hashed.append(password)
        return real(password, stored)

    monkeypatch.setattr(library._passwords, "matches", counted)
    refused: list[ShareLocked] = []

    def guess(number: int) -> None:
        # Saying nothing new makes another token, and not another link to guess at.
        link = narrow(share.token, expires=Never) if number % 2 else share.token
        if number % 3 == 0:
            link = narrow(link, location=Precision.EXACT)
        try:
            library.open(link, password=f"wrong {number}", client="192.0.2.1")
        except ShareLocked as locked:
            refused.append(locked)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 40
    assert len(hashed) == library._gate.allowance.by_client == 10
    waits = [one.retry_after for one in refused if one.retry_after is not None]
    assert len(waits) == 30
    assert all(0 < wait <= 15 * 60 for wait in waits)
    # Others may still try, also with the right one, and each other link has its own count.
    assert library.open(share.token, password="right", client="198.51.100.7").photos
    with pytest.raises(ShareLocked) as still:
        library.open(share.token, password="right", client="192.0.2.1")
    assert still.value.retry_after


def test_attack_a_photo_narrowed_link_does_not_name_what_it_hides(library: Library) -> None:
    album_id = an_album(library)
    token = library.share(album_id).token
    first: SharedAlbum = library.open(token)
    alone = library.open(narrow(token, photo=first.photos[2].id))
    text = str([attrs.asdict(one) for one in alone.photos]) + str(list(alone.places.walk()))
    assert "Lisbon" not in text
    assert "Paris" not in text
    assert alone.trips == ()


def test_recipients_cannot_come_to_an_owners_photo(library: Library) -> None:
    shared = library.open(library.share(an_album(library)).token)
    reached: list[object] = [shared]
    for value in reached:
        public = [name for name in dir(value) if not name.startswith("_")]
        for name in public:
            found = getattr(value, name)
            assert not isinstance(found, Photo | Library)
            if isinstance(found, tuple):
                reached += [one for one in found if type(one).__module__.startswith("photoprivacy")]
    assert len(reached) >= 4
