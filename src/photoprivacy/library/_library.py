"""Where photos, albums and shares meet: the owner's side."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from typing import Final, Self

from photoprivacy.errors import StoreError
from photoprivacy.geo import Geocoder, Precision
from photoprivacy.library._admit import Shown, admit
from photoprivacy.library._albums import Albums, named
from photoprivacy.library._attempts import Allowance, AttemptStore, MemoryAttempts, SqliteAttempts
from photoprivacy.library._database import Database
from photoprivacy.library._derive import Deriver
from photoprivacy.library._folder import FolderBlobs, private_folder
from photoprivacy.library._gate import Gate
from photoprivacy.library._homes import FileHomes, HomeStore, MemoryHomes
from photoprivacy.library._keys import own_keys
from photoprivacy.library._password import PasswordCheck
from photoprivacy.library._pool import PostgresDatabase
from photoprivacy.library._postgres import PostgresAlbums, PostgresShares
from photoprivacy.library._postgres_counts import PostgresAttempts, PostgresHomes
from photoprivacy.library._shared import SharedAlbum
from photoprivacy.library._sqlite import SqliteAlbums, SqliteShares
from photoprivacy.library._stores import AlbumStore, BlobStore, ShareRecord, ShareStore
from photoprivacy.library._uses import Audit, nobody
from photoprivacy.limits import Limits
from photoprivacy.policy import TimePrecision
from photoprivacy.renditions import Draw
from photoprivacy.sharing import Expiry, NeverType, Rendition, Scope, Share, ShareSigner

_WEEK: Final = dt.timedelta(days=7)
#: Bytes of thumbnails, display copies and clean copies that are kept.
_ROOM: Final = 20 * 10**9


class Library(Albums):
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
        places_in_files: Whether a file in full resolution carries the place that the page shows.
            Without, files tell nothing at all.
        geocoder: Who names places; the offline `Gazetteer` by default.
        limits: How much work one photo may cause.
        draw: Who decodes pictures: `photoprivacy.renditions.Workers`, processes without keys,
            files or network, by default; `photoprivacy.renditions.draw` does it in this one.
        room: Bytes of what is derived that are kept, ``None`` for any number. What was not used
            for longest goes, and is made again when it is asked for; originals never go.

    `Library.at` keeps one in a folder, `Library.on` in a PostgreSQL database.
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
        places_in_files: bool = False,
        geocoder: Geocoder | None = None,
        limits: Limits = Limits(),
        draw: Draw | None = None,
        room: int | None = _ROOM,
    ) -> None:
        kept = MemoryHomes() if homes is None else homes
        super().__init__(blobs, albums, shares, homes=kept, geocoder=geocoder, limits=limits)
        self._signer = signer
        self._passwords = PasswordCheck()
        self._gate = Gate(
            blobs=blobs,
            albums=albums,
            shares=shares,
            deriver=Deriver(blobs, limits, draw=draw, most=room),
            homes=kept,
            passwords=self._passwords,
            attempts=MemoryAttempts() if attempts is None else attempts,
            allowance=allowance,
            audit=audit,
            places_in_files=places_in_files,
        )

    @classmethod
    def at(  # noqa: PLR0913 - what an app may bring, each by its name
        cls,
        folder: str | os.PathLike[str],
        *,
        allowance: Allowance = Allowance(),  # noqa: B008 - frozen
        audit: Audit = nobody,
        places_in_files: bool = False,
        geocoder: Geocoder | None = None,
        limits: Limits = Limits(),
        draw: Draw | None = None,
        room: int | None = _ROOM,
        durable: bool = True,
    ) -> Self:
        """Return the library kept in *folder*: files, a SQLite database, and its keys.

        Everything is made when missing, readable by its owner only.

        Args:
            folder: Where.
            allowance: How many wrong passwords a link listens to.
            audit: Is told of every use of a link, before anything is given out.
            places_in_files: Whether a file in full resolution carries the place that the page
                shows. Without, files tell nothing at all.
            geocoder: Who names places; the offline `Gazetteer` by default.
            limits: How much work one photo may cause.
            draw: Who decodes pictures, as above.
            room: Bytes of what is derived that are kept, as above.
            durable: Whether each change waits until the disk has it. Without, the last changes
                may be lost when the power goes; never when a process is killed.

        Raises:
            StoreError: The folder holds a damaged or newer library, or others may read its keys.
            OSError: The disk says no.
        """
        root = os.fspath(folder)
        os.makedirs(root, mode=0o700, exist_ok=True)
        private = private_folder(os.path.join(root, "private"))
        homes = FileHomes(os.path.join(private, "homes.json"), must_exist=True)
        keys = os.path.join(private, "keys.json")
        if not os.path.exists(keys):
            homes.begin()  # a file that is missing later was lost
        database = Database(os.path.join(private, "library.sqlite3"), durable=durable)
        return cls(
            FolderBlobs(os.path.join(root, "blobs"), durable=durable),
            SqliteAlbums(database),
            SqliteShares(database),
            ShareSigner(own_keys(keys)),
            homes=homes,
            attempts=SqliteAttempts(os.path.join(private, "attempts.sqlite3")),
            allowance=allowance,
            audit=audit,
            places_in_files=places_in_files,
            geocoder=geocoder,
            limits=limits,
            draw=draw,
            room=room,
        )

    @classmethod
    def on(  # noqa: PLR0913 - what an app may bring, each by its name
        cls,
        database: PostgresDatabase,
        blobs: BlobStore,
        signer: ShareSigner,
        *,
        allowance: Allowance = Allowance(),  # noqa: B008 - frozen
        audit: Audit = nobody,
        places_in_files: bool = False,
        geocoder: Geocoder | None = None,
        limits: Limits = Limits(),
        draw: Draw | None = None,
        room: int | None = _ROOM,
    ) -> Self:
        """Return the library kept in a PostgreSQL database, but for its files and keys.

        Albums, links, guesses at passwords and home zones stand in it, so that they hold for all
        processes on all machines.

        Args:
            database: Where everything goes but files.
            blobs: Where files go, such as `ObjectBlobs`, or `FolderBlobs` on a disk that all
                machines have.
            signer: Who signs links: the same keys everywhere.
            allowance: How many wrong passwords a link listens to.
            audit: Is told of every use of a link, before anything is given out.
            places_in_files: As in `at`.
            geocoder: Who names places; the offline `Gazetteer` by default.
            limits: How much work one photo may cause.
            draw: Who decodes pictures, as above.
            room: Bytes of what is derived that are kept, as above.
        """
        return cls(
            blobs,
            PostgresAlbums(database),
            PostgresShares(database),
            signer,
            homes=PostgresHomes(database),
            attempts=PostgresAttempts(database),
            allowance=allowance,
            audit=audit,
            places_in_files=places_in_files,
            geocoder=geocoder,
            limits=limits,
            draw=draw,
            room=room,
        )

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
        rendition: Rendition = Rendition.FULL,
        not_before: dt.timedelta | dt.datetime | None = None,
        password: str | None = None,
    ) -> Share:
        """Return a new link to an album.

        Args:
            album_id: Which album.
            expires: How long it works from when it begins, or until when (aware); `Never` must
                be spelled.
            location: How sharply places are told on the page. A file in full resolution carries
                no place, or, in a library with ``places_in_files``, the one that the page shows,
                with no position but that of its town.
            time: How sharply times are told. Files never carry a time.
            download: Whether photos may be taken, cleaned, in full resolution.
            captions: Whether captions and descriptions are shown.
            video: Whether the moving part of a photo goes with it in full resolution.
            hidden_pixels: Whether photos may be taken in full resolution although pixels that
                were cropped away are still in them.
            rendition: The largest size that recipients get: below ``FULL``, no photo may be
                taken in full resolution, whatever *download* says.
            not_before: How long from now it begins to work, or when (aware); at once by default.
                Until then it answers as a link that is not there.
            password: What recipients must know besides the link.

        Raises:
            StoreError: There is no such album.
            ValueError: *expires* or *not_before* has no time zone, the link would end before it
                begins, has ended already or would outlast the year 9999, a precision or a size is
                none, or the password is empty.
        """
        begins, expires = _times(not_before, expires)
        location, time = Precision(location), TimePrecision(time)
        rendition = Rendition(rendition)
        epoch = self._shares.epoch(named(album_id))
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
            rendition=rendition,
            not_before=begins,
        )
        self._shares.add(
            ShareRecord(
                id=share.id,
                album_id=album_id,
                epoch=epoch,
                key_id=self._signer.current,
                scopes=scopes,
                expires=share.expires,
                location=location,
                time=time,
                password=None if password is None else self._passwords.hash(password),
                rendition=rendition,
                not_before=share.not_before,
            )
        )
        return share

    def shares(self, album_id: str) -> tuple[Share, ...]:
        """Return an album's links that were not revoked, the oldest first."""
        epoch = self._shares.epoch(named(album_id))
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
                rendition=record.rendition,
                not_before=record.not_before,
                share_id=record.id,
                key_id=record.key_id,
            )
            for record in self._shares.list(album_id)
            # Signed by a key that is gone, or in another epoch: that link does not open any more.
            if self._signer.knows(record.key_id) and record.epoch == epoch
        )

    def revoke(self, share_id: str) -> bool:
        """End one link, now. Return whether it was there."""
        return self._shares.revoke(named(share_id))

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


def _times(
    not_before: dt.timedelta | dt.datetime | None, expires: dt.timedelta | Expiry
) -> tuple[dt.datetime | None, Expiry]:
    """Return when a link begins, ``None`` for at once, and when it ends.

    Raises:
        ValueError: It would never open.
    """
    now = dt.datetime.now(dt.UTC)
    begins = _later(now, not_before) if isinstance(not_before, dt.timedelta) else not_before
    if begins is not None and begins.utcoffset() is None:
        raise ValueError("not_before needs a time zone: whose noon is it?")
    if begins is not None and begins <= now:
        begins = None
    given: object = expires
    if not isinstance(given, dt.timedelta | dt.datetime | NeverType):
        raise TypeError("expires is a timedelta, an aware datetime, or Never")
    if isinstance(expires, dt.timedelta):
        expires = _later(begins or now, expires)
    if isinstance(expires, dt.datetime) and expires.utcoffset() is not None:
        if expires <= now:
            raise ValueError("expires lies in the past: the link would be dead")
        if begins is not None and expires <= begins:
            raise ValueError("the link would end before it begins")
    return begins, expires


def _later(moment: dt.datetime, by: dt.timedelta) -> dt.datetime:
    try:
        return moment + by
    except OverflowError:
        raise ValueError("a link begins and ends before the year 10000") from None
