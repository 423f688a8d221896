"""Where photos, albums and shares meet: the owner's side."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Iterable
from typing import Self

import attrs

from photoprivacy._inspect import Report
from photoprivacy._source import Source, read_source
from photoprivacy._strip import strip
from photoprivacy._time import CapturedAt
from photoprivacy.albums import Album, Photo
from photoprivacy.albums._model import check_moment
from photoprivacy.errors import (
    GeocoderUnavailable,
    InvalidAlbum,
    MalformedImage,
    PlaceError,
    StoreError,
)
from photoprivacy.geo import Geocoder, Place, Precision
from photoprivacy.library._admit import Shown, admit
from photoprivacy.library._attempts import Allowance, AttemptStore, MemoryAttempts, SqliteAttempts
from photoprivacy.library._derive import Deriver, original_key
from photoprivacy.library._folder import FolderBlobs, load_keys, private_folder
from photoprivacy.library._gate import Gate, SharedAlbum
from photoprivacy.library._homes import FileHomes, HomeStore, MemoryHomes
from photoprivacy.library._password import PasswordCheck
from photoprivacy.library._sqlite import Database, SqliteAlbums, SqliteShares
from photoprivacy.library._stores import AlbumStore, BlobStore, ShareRecord, ShareStore
from photoprivacy.library._uses import Audit, nobody
from photoprivacy.limits import Limits
from photoprivacy.places import HomeZone
from photoprivacy.policy import TimePrecision
from photoprivacy.renditions import check_drawn
from photoprivacy.sharing import Expiry, Scope, Share, ShareSigner

_WEEK = dt.timedelta(days=7)


class Library:
    """Albums, their photos and their links. Safe to use from several threads.

    Args:
        blobs: Where files go.
        albums: Where albums go.
        shares: Where shares and epochs go.
        signer: Who signs links.
        homes: Where the owner's home zones go; in memory by default.
        attempts: Where wrong passwords are counted; in memory by default, each process its own.
        allowance: How many wrong passwords a link listens to.
        audit: Is told of every use of a link, before anything is given out.
        geocoder: Who names places; the offline `Gazetteer` by default.
        limits: How much work one photo may cause.
    """

    def __init__(  # noqa: PLR0913 - what an app may bring, each by its name
        self,
        blobs: BlobStore,
        albums: AlbumStore,
        shares: ShareStore,
        signer: ShareSigner,
        *,
        homes: HomeStore | None = None,
        attempts: AttemptStore | None = None,
        allowance: Allowance = Allowance(),  # noqa: B008 - frozen
        audit: Audit = nobody,
        geocoder: Geocoder | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self._blobs = blobs
        self._albums = albums
        self._shares = shares
        self._signer = signer
        self._geocoder = geocoder
        self._limits = limits
        self._passwords = PasswordCheck()
        self._homes = MemoryHomes() if homes is None else homes
        self._gate = Gate(
            blobs=blobs,
            albums=albums,
            shares=shares,
            deriver=Deriver(blobs, limits),
            homes=self._homes,
            passwords=self._passwords,
            attempts=MemoryAttempts() if attempts is None else attempts,
            allowance=allowance,
            audit=audit,
        )

    @classmethod
    def at(
        cls,
        folder: str | os.PathLike[str],
        *,
        audit: Audit = nobody,
        geocoder: Geocoder | None = None,
        limits: Limits = Limits(),
    ) -> Self:
        """Return the library kept in *folder*: files, a SQLite database, and its keys.

        Everything is made when missing, readable by its owner only.

        Raises:
            StoreError: The folder holds a damaged or newer library.
            OSError: The disk says no.
        """
        root = os.fspath(folder)
        os.makedirs(root, mode=0o700, exist_ok=True)
        private = private_folder(os.path.join(root, "private"))
        database = Database(os.path.join(private, "library.sqlite3"))
        try:
            signer = ShareSigner(load_keys(os.path.join(private, "keys.json")))
        except (ValueError, TypeError):
            raise StoreError("the file of signing keys is damaged") from None
        return cls(
            FolderBlobs(os.path.join(root, "blobs")),
            SqliteAlbums(database),
            SqliteShares(database),
            signer,
            homes=FileHomes(os.path.join(private, "homes.json")),
            attempts=SqliteAttempts(os.path.join(private, "attempts.sqlite3")),
            audit=audit,
            geocoder=geocoder,
            limits=limits,
        )

    # Albums and photos

    def create_album(self, title: str) -> Album:
        """Return a new, empty album.

        Raises:
            InvalidAlbum: The title does not fit.
            StoreError: The store says no.
        """
        album = Album(title=title)
        # The epoch first: an album without one would take neither photos nor links.
        self._shares.renew(album.id, secrets.randbits(64))
        self._albums.put(album)
        return album

    def albums(self) -> tuple[Album, ...]:
        """Return all albums, the oldest first."""
        return self._albums.list()

    def album(self, album_id: str) -> Album:
        """Return an album with its photos.

        Raises:
            StoreError: There is no such album.
        """
        album = self._albums.get(_named(album_id))
        if album is None:
            raise StoreError("there is no such album")
        return album

    def save(self, album: Album) -> None:
        """Replace an album by an edited one: another title, order, cover, captions.

        Raises:
            StoreError: There is no such album, or the edited one has other photos.
        """
        old = self.album(album.id)
        if {photo.id for photo in old.photos} != {photo.id for photo in album.photos}:
            raise StoreError("photos come and go by add and remove")
        self._albums.put(album)

    def add(self, album_id: str, source: Source, *, name: str | None = None) -> Photo:
        """Put a photo into an album. The original is kept untouched, for its owner only.

        Args:
            album_id: Which album.
            source: A path, bytes, or a binary file open for reading.
            name: Its file name, for the owner; by default that of the path.

        Raises:
            UnsupportedFormat: It is no photo that we read, or one that cannot be shown, such as
                a video. Nothing was stored.
            MalformedImage: It is too damaged. Nothing was stored.
            CannotStrip: No clean copy of it is known to be lossless. Nothing was stored.
            StoreError: There is no such album, or the store says no.
            OSError: The disk says no.
        """
        data = read_source(source, self._limits)
        report = self._read(data)
        check_drawn(data, report.format)
        if name is None:
            name = os.path.basename(source) if isinstance(source, str | os.PathLike) else ""
        photo = Photo(
            sha256=hashlib.sha256(data).hexdigest(),
            format=report.format.value,
            size=len(data),
            width=report.width,
            height=report.height,
            orientation=report.orientation,
            captured_at=_usable(report.captured_at),
            place=self._place(report),
            coordinates=report.coordinates,
            name=os.fsencode(os.fspath(name)).decode("utf-8", "replace")[:255],
        )
        if self._shares.epoch(_named(album_id)) is None:
            raise StoreError("there is no such album")
        self._blobs.put(original_key(album_id, photo.id), data)
        try:
            added = self._albums.add_photo(album_id, photo)
        except BaseException:
            with contextlib.suppress(Exception):
                self._blobs.remove(f"{album_id}/{photo.id}")
            raise
        if not added:
            self._blobs.remove(f"{album_id}/{photo.id}")
            raise StoreError("there is no such album")
        return photo

    def remove(self, album_id: str, photo_id: str) -> None:
        """Take a photo out of an album, and delete its original and all that was made of it.

        Raises:
            StoreError: There is no such photo.
        """
        if not self._albums.remove_photo(_named(album_id), _named(photo_id)):
            raise StoreError("there is no such photo")
        self._blobs.remove(f"{album_id}/{photo_id}")

    def delete_album(self, album_id: str) -> None:
        """Delete an album, its photos and its links.

        Raises:
            StoreError: There is no such album.
        """
        # The links first: whatever happens next, nobody looks any more.
        self._shares.forget(_named(album_id))
        if not self._albums.delete(album_id):
            raise StoreError("there is no such album")
        self._blobs.remove(album_id)

    def correct_place(self, album_id: str, photo_id: str, place: Place) -> Photo:
        """Replace the place of a photo by the owner's own, which wins from then on.

        ``Place()`` says that it is to have none. The photo's position stays as it is, and so
        does the home zone that holds it.

        Raises:
            StoreError: There is no such photo.
        """
        album = self.album(album_id)
        photo = album.photo(_named(photo_id))
        if photo is None:
            raise StoreError("there is no such photo")
        corrected = attrs.evolve(photo, place=attrs.evolve(place, source="owner"))
        self._albums.put(album.with_photo(corrected))
        return corrected

    # Homes

    @property
    def homes(self) -> tuple[HomeZone, ...]:
        """The owner's home zones. Recipients are told a region at best inside them."""
        return self._homes.zones()

    def set_homes(self, zones: Iterable[HomeZone]) -> None:
        """Replace the home zones: for every album and every link, from the next opening on.

        A zone that is taken away shows what it hid, also to those who have a link already.
        """
        self._homes.put(zones)

    def suggest_homes(self) -> tuple[HomeZone, ...]:
        """Return zones around where the owner seems to live, by the photos of all albums.

        They are suggestions: nothing is hidden before `set_homes`.
        """
        from photoprivacy.places import suggest_homes

        return suggest_homes(photo for album in self.albums() for photo in album.photos)

    # Links

    def share(  # noqa: PLR0913 - what a link may say, each by its name
        self,
        album_id: str,
        *,
        expires: dt.timedelta | Expiry = _WEEK,
        location: Precision = Precision.CITY,
        time: TimePrecision = TimePrecision.DAY,
        download: bool = True,
        captions: bool = True,
        video: bool = False,
        hidden_pixels: bool = False,
        password: str | None = None,
    ) -> Share:
        """Return a new link to an album.

        Args:
            album_id: Which album.
            expires: How long it works, or until when (aware); `Never` must be spelled.
            location: How sharply places are told. A file in full resolution carries the place
                that the page shows, and no position but that of its town.
            time: How sharply times are told. Files never carry a time.
            download: Whether photos may be taken, cleaned, in full resolution.
            captions: Whether captions and descriptions are shown.
            video: Whether the moving part of a photo goes with it in full resolution.
            hidden_pixels: Whether photos may be taken in full resolution although pixels that
                were cropped away are still in them.
            password: What recipients must know besides the link.

        Raises:
            StoreError: There is no such album.
            ValueError: *expires* has no time zone or lies in the past, a precision is none, or
                the password is empty.
        """
        now = dt.datetime.now(dt.UTC)
        if isinstance(expires, dt.timedelta):
            expires = now + expires
        if isinstance(expires, dt.datetime) and expires.utcoffset() is not None and expires <= now:
            raise ValueError("expires lies in the past: the link would be dead")
        location, time = Precision(location), TimePrecision(time)
        epoch = self._shares.epoch(_named(album_id))
        if epoch is None or self._albums.get(album_id) is None:
            raise StoreError("there is no such album")
        scopes = Scope.VIEW
        scopes |= Scope.DOWNLOAD if download else Scope(0)
        scopes |= Scope.CAPTIONS if captions else Scope(0)
        scopes |= Scope.VIDEO if video else Scope(0)
        scopes |= Scope.HIDDEN_PIXELS if hidden_pixels else Scope(0)
        share = self._signer.issue(
            album_id,
            epoch=epoch,
            expires=expires,
            scopes=scopes,
            location=location,
            time=time,
            needs_unlock=password is not None,
        )
        self._shares.add(
            ShareRecord(
                id=share.id,
                album_id=album_id,
                key_id=self._signer.current,
                scopes=scopes,
                expires=share.expires,
                location=location,
                time=time,
                password=None if password is None else self._passwords.hash(password),
            )
        )
        return share

    def shares(self, album_id: str) -> tuple[Share, ...]:
        """Return an album's links that were not revoked, the oldest first."""
        epoch = self._shares.epoch(_named(album_id))
        if epoch is None:
            return ()
        return tuple(
            self._signer.issue(
                album_id,
                epoch=epoch,
                expires=record.expires,
                scopes=record.scopes,
                location=record.location,
                time=record.time,
                needs_unlock=record.password is not None,
                share_id=record.id,
                key_id=record.key_id,
            )
            for record in self._shares.list(album_id)
            # Signed by a key that is gone: that link does not open any more.
            if self._signer.knows(record.key_id)
        )

    def revoke(self, share_id: str) -> bool:
        """End one link, now. Return whether it was there."""
        return self._shares.revoke(_named(share_id))

    def revoke_all(self, album_id: str) -> None:
        """End all links of an album, now.

        Raises:
            StoreError: There is no such album.
        """
        self.album(album_id)
        self._shares.renew(album_id, secrets.randbits(64))

    def open(
        self,
        token: str,
        *,
        password: str | None = None,
        proof: str | None = None,
        client: str = "",
    ) -> SharedAlbum:
        """Return what the recipient of a link sees. The only way in.

        Args:
            token: What came with the link; anything at all.
            password: What the recipient typed, if anything.
            proof: What `SharedAlbum.unlock_proof` gave earlier, instead of the password.
            client: Where the recipient asks from, for counting wrong passwords: an address that
                was not just claimed. Empty, only those of all recipients together are counted.

        Raises:
            ExpiredToken: The link's time is over.
            InvalidToken: It is not a link of ours, was revoked, or its album is gone.
            ShareLocked: It needs its password, another one, or patience (``retry_after``).
            NotGranted: It does not show the album.
        """
        shown = Shown(password=password, proof=proof, client=client)
        return admit(self._gate, self._signer, token, shown)

    def _read(self, data: bytes) -> Report:
        """Return what *data* tells, once a clean copy of it was made: recipients get no other."""
        report = strip(data, limits=self._limits).before
        if report.width < 1 or report.height < 1:
            raise MalformedImage(report.format.value, 0, "holds no picture")
        return report

    def _place(self, report: Report) -> Place | None:
        at = report.coordinates
        if at is None or at.suspect:
            return None
        from photoprivacy.places import GeopyGeocoder, place_of

        geocoder, homes = self._geocoder, self._homes.zones()
        if isinstance(geocoder, GeopyGeocoder):
            geocoder = geocoder.avoiding(homes)
        elif any(zone.hides(None, at=at) for zone in homes):
            geocoder = None  # nobody but the offline gazetteer is asked about home
        try:
            try:
                return place_of(at, geocoder)
            except GeocoderUnavailable:
                # A service that is away is no reason to have no name.
                return place_of(at)
        except PlaceError:
            # A photo whose place has no name for now is still a photo.
            return None


def _named(identity: object) -> str:
    """Return *identity* if it is one: handing over the album itself is easily done."""
    if not isinstance(identity, str):
        msg = f"albums, photos and shares are named by their id, not by a {type(identity).__name__}"
        raise TypeError(msg)
    return identity


def _usable(taken: CapturedAt | None) -> CapturedAt | None:
    """Return *taken* if an album can hold it: files claim offsets no clock has."""
    if taken is None:
        return None
    try:
        check_moment("captured_at", taken)
    except InvalidAlbum:
        return None if taken.local.tzinfo else CapturedAt(local=taken.local, source="")
    return taken
