"""What the owner is told of uses, and what a file in full resolution is allowed to hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import pytest

from builders import CANARY, jfif, jpeg, picture
from builders_gain_map import xmp
from builders_movie import LEVELS
from library.photos import LISBON, a_jpeg
from photoprivacy._inspect import inspect
from photoprivacy._strip import strip
from photoprivacy.albums import new_id
from photoprivacy.errors import InvalidToken, NotGranted, ShareLocked
from photoprivacy.geo import Precision
from photoprivacy.library import (
    Library,
    MemoryAlbums,
    MemoryBlobs,
    MemoryShares,
    Use,
    UseKind,
)
from photoprivacy.library._telling import Telling
from photoprivacy.policy import Category, Policy
from photoprivacy.sharing import Rendition, ShareSigner, narrow
from plan.test_jpeg_behind import MOVIE, motion
from verify.built import CODED

THEN = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def a_library(*, told: list[Use] | None = None) -> Library:
    return Library(
        MemoryBlobs(),
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        audit=(told if told is not None else []).append,
    )


def test_every_use_is_told_in_the_owners_names_and_never_with_a_token() -> None:
    told: list[Use] = []
    library = a_library(told=told)
    album = library.create_album("Spring")
    own = library.add(album.id, a_jpeg(), name="x.jpg")
    share = library.share(album.id, password="right", download=False)
    with pytest.raises(ShareLocked):
        library.open(share.token)
    with pytest.raises(ShareLocked):
        library.open(share.token, password="wrong", client="192.0.2.1")
    shared = library.open(share.token, password="right", client="192.0.2.1")
    shared.file(shared.photos[0], Rendition.THUMB)
    with pytest.raises(NotGranted):
        shared.file(shared.photos[0], Rendition.FULL)
    library.revoke(share.id)
    for link in (share.token, share.token[:-1], "x"):
        with pytest.raises(InvalidToken):
            library.open(link, password="right")
    here = {"album_id": album.id, "share_id": share.id}
    expected: list[dict[str, Any]] = [
        {"kind": UseKind.WRONG_PASSWORD, **here},
        {"kind": UseKind.OPENED, **here},
        {"kind": UseKind.FILE, "photo_id": own.id, "rendition": Rendition.THUMB, **here},
        {"kind": UseKind.REFUSED, "rendition": Rendition.FULL, **here},
        {"kind": UseKind.INVALID, **here},
        {"kind": UseKind.INVALID},
        {"kind": UseKind.INVALID},
    ]
    assert [attrs.evolve(use, at=THEN) for use in told] == [Use(at=THEN, **use) for use in expected]
    for use in told:
        said = str(attrs.asdict(use))
        for secret in (share.token, share.token[:20], shared.photos[0].id, "right", "192.0.2.1"):
            assert secret not in said


def test_too_many_guesses_are_told_as_such() -> None:
    told: list[Use] = []
    library = a_library(told=told)
    token = library.share(library.create_album("x").id, password="right").token
    for _ in range(12):
        with pytest.raises(ShareLocked):
            library.open(token, password="wrong", client="a")
    kinds = [use.kind for use in told]
    assert kinds == [UseKind.WRONG_PASSWORD] * 10 + [UseKind.TOO_MANY_GUESSES] * 2


def test_what_the_owner_cannot_be_told_of_does_not_happen() -> None:
    def full(_use: Use) -> None:
        raise OSError("no space for the log")

    library = Library(
        MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}), audit=full
    )
    token = library.share(library.create_album("x").id).token
    with pytest.raises(OSError, match="no space"):
        library.open(token)


def test_the_moving_part_goes_with_a_photo_where_that_is_granted() -> None:
    library = a_library()
    album = library.create_album("Spring")
    library.add(album.id, motion(), name="x.jpg")
    still, moving = library.share(album.id), library.share(album.id, video=True)
    files = []
    for token in (still.token, moving.token):
        shared = library.open(token)
        files.append(shared.file(shared.photos[0], Rendition.FULL).read())
        for size in (Rendition.THUMB, Rendition.DISPLAY):
            assert CODED not in shared.file(shared.photos[0], size).read()
    assert [CODED in data for data in files] == [False, True]
    for data in files:
        # Not its sound, nor where it was taken.
        assert LEVELS not in data
        assert b"+52.37" not in data
        assert inspect(data).coordinates is None
    # A link that was narrowed to less has the still one, from the same cache.
    without = narrow(moving.token, scopes=still.scopes)
    shared = library.open(without)
    assert shared.file(shared.photos[0], Rendition.FULL).read() == files[0]


def test_a_moving_part_that_cannot_be_cleaned_stays_behind() -> None:
    library = a_library()
    album = library.create_album("Spring")
    library.add(album.id, motion(MOVIE.replace(b"stsz", b"leak")), name="x.jpg")
    shared = library.open(library.share(album.id, video=True).token)
    data = shared.file(shared.photos[0], Rendition.FULL).read()
    assert CODED not in data
    assert CANARY not in data


def test_what_was_cropped_away_is_given_out_only_where_that_is_granted(corpus: Path) -> None:
    library = a_library()
    album = library.create_album("Spring")
    cropped = corpus / "pillow-heif" / "heif" / "L_10__29x100.heif"
    library.add(album.id, cropped)
    library.add(album.id, a_jpeg())
    closed = library.share(album.id).token
    granted = library.share(album.id, hidden_pixels=True).token
    for _ in range(2):  # whoever asks first, and once it is made
        shared = library.open(closed)
        with pytest.raises(NotGranted, match="cropped"):
            shared.file(shared.photos[0], Rendition.FULL)
        assert shared.file(shared.photos[0], Rendition.DISPLAY).size
        assert shared.file(shared.photos[1], Rendition.FULL).size
        wide = library.open(granted)
        data = wide.file(wide.photos[0], Rendition.FULL).read()
        found = {finding.category for finding in inspect(data).findings}
        assert Category.HIDDEN_PIXELS in found
        narrower = library.open(narrow(granted, scopes=library.open(closed)._grant.scopes))
        with pytest.raises(NotGranted):
            narrower.file(narrower.photos[0], Rendition.FULL)


def test_files_of_equal_places_are_made_once_and_others_apart() -> None:
    library = a_library()
    library._gate = attrs.evolve(library._gate, places_in_files=True)
    album = library.create_album("Spring")
    own = library.add(album.id, a_jpeg(LISBON), name="x.jpg")
    keys = set()
    for precision in (*Precision, *Precision):
        shared = library.open(library.share(album.id, location=precision).token)
        keys.add(shared.file(shared.photos[0], Rendition.FULL)._key)
    # A neighbourhood is not written: what is exact and what is of the city is one file.
    assert len(keys) == 4
    assert all(key.startswith(f"{album.id}/{own.id}/full.") for key in keys)
    assert Telling().variant == ""


def test_a_guess_is_shown_and_never_written() -> None:
    library = a_library()
    album = library.create_album("Spring")
    own = library.add(album.id, a_jpeg(LISBON), name="x.jpg")
    assert own.place is not None
    guessed = attrs.evolve(own, place=attrs.evolve(own.place, source="inferred"))
    library._albums.put(library.album(album.id).with_photo(guessed))
    shared = library.open(library.share(album.id).token)
    place = shared.photos[0].place
    assert place is not None
    assert place.inferred
    assert b"Lisbon" not in shared.file(shared.photos[0], Rendition.FULL).read()


def test_a_document_that_knows_a_position_does_not_let_a_files_own_words_through() -> None:
    """The file says Sintra in words and has no position; the document was given one."""
    said = 'photoshop:City="Sintra" photoshop:Country="Portugal"'
    packet = xmp(f'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" {said}')
    data = jpeg(jfif(), packet, *picture(size=40))
    # A policy alone lets them stay.
    assert b"Sintra" in strip(data, Policy(location=Precision.CITY)).data
    library = a_library()
    album = library.create_album("Spring")
    own = library.add(album.id, data, name="x.jpg")
    other = library.add(album.id, a_jpeg(LISBON), name="y.jpg")
    forged = attrs.evolve(own, coordinates=other.coordinates, place=other.place)
    library._albums.put(library.album(album.id).with_photo(forged))
    shared = library.open(library.share(album.id, location=Precision.COUNTRY).token)
    assert b"Sintra" not in shared.file(shared.photos[0], Rendition.FULL).read()


def test_a_photo_that_may_not_be_taken_whole_has_no_link_to_that(tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    own = library.add(album.id, a_jpeg(LISBON), name="x.jpg")
    library._albums.add_photo(album.id, attrs.evolve(own, id=new_id(), cropped=True))

    plain = library.open(library.share(album.id).token)
    granted = library.open(library.share(album.id, hidden_pixels=True).token)
    none = library.open(library.share(album.id, download=False).token)

    assert [plain.gives_whole(photo) for photo in plain.photos] == [True, False]
    assert [granted.gives_whole(photo) for photo in granted.photos] == [True, True]
    assert [none.gives_whole(photo) for photo in none.photos] == [False, False]


def test_a_cropped_photo_is_known_for_one_when_it_is_added(corpus: Path, tmp_path: Path) -> None:
    library = Library.at(tmp_path)
    album = library.create_album("Spring")
    (plain,) = corpus.rglob("HMD_Nokia_8.3_5G.heif")
    (cropped,) = corpus.rglob("RGB_8_chroma444.heif")

    assert not library.add(album.id, plain).cropped
    assert library.add(album.id, cropped).cropped
