"""What a recipient holds: an album and its files, each derived from what was granted."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Final

import attrs

from photoprivacy.albums import Album, Photo
from photoprivacy.containers import Format
from photoprivacy.errors import InvalidToken, NotGranted
from photoprivacy.library import _proof
from photoprivacy.library._derive import served_format
from photoprivacy.library._files import Packed, SharedFile, derived
from photoprivacy.library._gate import Gate
from photoprivacy.library._stores import ShareRecord
from photoprivacy.library._telling import Telling
from photoprivacy.library._uses import UseKind
from photoprivacy.library._views import SharedPhoto, finest, opaque_id, place_told, seen
from photoprivacy.library._wants import Want, format_of, motion_part, wanted
from photoprivacy.sharing import Expiry, Grant, Rendition, Scope

if TYPE_CHECKING:
    from photoprivacy.places import HomeZone, PlaceTree, Trip

#: Pictures of more pixels than this are drawn one at a time.
_BIG: Final = 40_000_000


@attrs.frozen(kw_only=True, eq=False)
class SharedAlbum:
    """An album as a recipient sees it. It comes from `Library.open` alone.

    Attributes:
        title: The owner's title.
        description: The owner's words, if granted.
        id: A name that only this share uses.
        expires: When the link ends.
    """

    title: str = attrs.field(repr=False)
    description: str = attrs.field(repr=False)
    id: str
    expires: Expiry
    _grant: Grant = attrs.field(repr=False)
    _gate: Gate = attrs.field(repr=False)
    _album: Album = attrs.field(repr=False)
    _password: str | None = attrs.field(repr=False)
    _names: dict[object, dict[str, str]] = attrs.field(factory=dict, init=False, repr=False)

    @functools.cached_property
    def photos(self) -> tuple[SharedPhoto, ...]:
        """The photos, in the owner's order."""
        known = self._gate.deriver.seen
        album = self._album
        photos = ((photo, known(album.id, photo.id).color) for photo in album.photos)
        shown = seen(self._grant, photos, self._zones)
        moving = self._moving
        return tuple(attrs.evolve(one, moves=True) if one.id in moving else one for one in shown)

    @functools.cached_property
    def _zones(self) -> tuple[HomeZone, ...]:
        return tuple(self._gate.homes.zones())

    @property
    def cover(self) -> SharedPhoto | None:
        """The photo that the owner chose to stand for the album, if the link opens it."""
        own = self._album.cover and self._album.photo(self._album.cover)
        identity = opaque_id(self._grant, own) if own else ""
        return next((photo for photo in self.photos if photo.id == identity), None)

    @functools.cached_property
    def places(self) -> PlaceTree[SharedPhoto]:
        """The photos by place, from granted places only."""
        from photoprivacy.places import group_by_place

        return group_by_place(self.photos)

    @functools.cached_property
    def trips(self) -> tuple[Trip[SharedPhoto], ...]:
        """The trips among the photos, from granted places and days only."""
        from photoprivacy.places import find_trips

        return find_trips(self.photos)

    @property
    def allows_download(self) -> bool:
        """Whether photos may be taken in full resolution."""
        return self.finest is Rendition.FULL

    @property
    def finest(self) -> Rendition:
        """The largest size that may be opened."""
        return finest(self._grant)

    def shows_as(self, other: SharedAlbum) -> bool:
        """Return whether this shows exactly what *other* showed, but for what drawing tells."""
        mine = (self._grant, self._zones, self._album)
        return mine == (other._grant, other._zones, other._album)

    def gives_whole(self, photo: SharedPhoto) -> bool:
        """Return whether *photo* may be taken in full resolution.

        Not where pixels outside a crop are still in it, unless the owner granted those too.
        """
        whole = self.finest is Rendition.FULL
        return whole and photo.id in self._known and photo.id not in self._cropped

    @functools.cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(photo.id for photo in self.photos)

    @functools.cached_property
    def _cropped(self) -> frozenset[str]:
        """Names of photos that hold pixels which were not granted."""
        if Scope.HIDDEN_PIXELS in self._grant.scopes:
            return frozenset()
        cropped = (photo for photo in self._album.photos if photo.cropped)
        return frozenset(opaque_id(self._grant, photo) for photo in cropped)

    def gives_video(self, photo: SharedPhoto, *, beside: bool = False) -> bool:
        """Return whether the moving part of *photo* may be taken, as a file of its own.

        Where it lies inside the photo, that is known from the time its thumb was made. It shows
        more than a crop does: without those pixels there is no video either.

        Args:
            photo: Which.
            beside: Whether it must lie beside the photo, as that of a Live Photo does.
        """
        lies_beside = self._moving.get(photo.id) if photo.id in self._known else None
        return lies_beside is not None and (lies_beside or not beside)

    @functools.cached_property
    def _moving(self) -> dict[str, bool]:
        """Names of photos whose moving part is granted → whether it lies beside them."""
        if self.finest is not Rendition.FULL or Scope.VIDEO not in self._grant.scopes:
            return {}
        known, cropped = self._gate.deriver.seen, self._cropped
        found: dict[str, bool] = {}
        for own in self._album.photos:
            beside = motion_part(own) is not None
            name = opaque_id(self._grant, own)
            if name not in cropped and (beside or known(self._album.id, own.id).moving):
                found[name] = beside
        return found

    def file(
        self,
        photo: SharedPhoto | str,
        rendition: Rendition,
        *,
        media_type: str | None = None,
        moving: bool = False,
    ) -> SharedFile:
        """Return a clean file of a photo. Whether the link still stands is asked anew.

        Args:
            photo: One of `photos`, or its ``id``.
            rendition: Which size.
            media_type: ``"image/jpeg"`` (the default) or ``"image/webp"``, for sizes that are
                drawn anew.
            moving: Whether its moving part, of full resolution, is asked for instead.

        Raises:
            ExpiredToken: The link's time is over.
            InvalidToken: The link was revoked.
            ShareLocked: The password was changed.
            NotGranted: The photo is not in this album, or the grant is not that fine.
            CannotStrip: No clean copy of it is known to be lossless.
            UnsupportedFormat: It cannot be drawn.
            MalformedImage: It is damaged where that matters.
            StoreError: The store is damaged; `OriginalGone` where it is the photo alone.
        """
        file = self._file(photo, rendition, media_type, moving=moving, make=True)
        assert not isinstance(file, str)  # noqa: S101 - it was made
        return file

    def video(self, photo: SharedPhoto | str) -> SharedFile:
        """Return the clean video of a Live or motion photo, without sound: `file`, *moving*."""
        return self.file(photo, Rendition.FULL, moving=True)

    def file_or_line(
        self,
        photo: SharedPhoto | str,
        rendition: Rendition,
        *,
        media_type: str | None = None,
        moving: bool = False,
    ) -> SharedFile | str:
        """Return what `file` does if that is made already; else in which line to wait for it.

        Raises:
            The same as `file`, for what could not be made before.
        """
        return self._file(photo, rendition, media_type, moving=moving, make=False)

    def _file(
        self,
        photo: SharedPhoto | str,
        rendition: Rendition,
        media_type: str | None,
        *,
        moving: bool,
        make: bool,
    ) -> SharedFile | str:
        gate = self._gate
        # Asked anew: since the album was opened, the owner may have taken something back.
        grant = gate.still(self._grant, self._password)
        identity = photo if isinstance(photo, str) else photo.id
        try:
            own, want = self._want(grant, identity, rendition, media_type, moving=moving)
            found = gate.deriver.found(self._album.id, own, want)
            if found is None and not make:
                return self._line(own, want)
            key, size = found or derived(gate, self._album.id, own, want)
        except NotGranted:
            gate.report(UseKind.REFUSED, grant, rendition=rendition)
            raise
        kind = _format_of(own, want)
        # A number among all photos of a place is asked for where a file is saved under it.
        stem = self._stem(grant, identity) if rendition is Rendition.FULL else "photo"
        gate.report(UseKind.FILE, grant, own, rendition)
        return SharedFile(
            name=f"{stem}{kind.suffix}",
            media_type=kind.media_type,
            size=size,
            etag=_etag(grant, own, key),
            gate=gate,
            grant=self._grant,
            left=grant,
            password=self._password,
            key=key,
            own=own,
            want=want,
        )

    def packed(self, photo: SharedPhoto | str, *, moving: bool = False) -> Packed:
        """Return how a photo in full resolution, or its moving part, goes into an archive.

        A clean copy is made where none was made before. It gives nothing out yet, so nobody is
        told of a use; `file` does both.

        Raises:
            The same as `file`.
        """
        gate, identity = self._gate, photo if isinstance(photo, str) else photo.id
        grant = gate.still(self._grant, self._password)
        own, want = self._want(grant, identity, Rendition.FULL, None, moving=moving)
        key, size, crc32 = gate.deriver.summed(self._album.id, own, want)
        if gate.albums.photo(self._album.id, own.id) is None:
            gate.blobs.remove(f"{self._album.id}/{own.id}")
            raise NotGranted("this photo is not here any more")
        return Packed(
            photo=identity,
            moving=moving,
            name=f"{self._stem(grant, identity)}{_format_of(own, want).suffix}",
            size=size,
            crc32=crc32,
            etag=_etag(grant, own, key),
        )

    def make(
        self, photo: SharedPhoto | str, rendition: Rendition, media_type: str | None = None
    ) -> None:
        """Make a file ready before it is asked for. It gives nothing out: nobody is told of a use.

        Raises:
            The same as `file`.
        """
        grant = self._gate.still(self._grant, self._password)
        identity = photo if isinstance(photo, str) else photo.id
        own, want = self._want(grant, identity, rendition, media_type, moving=False)
        derived(self._gate, self._album.id, own, want)

    def line(
        self,
        photo: SharedPhoto | str,
        rendition: Rendition,
        *,
        media_type: str | None = None,
        moving: bool = False,
    ) -> str | None:
        """Return in which line to wait for a file that must be made first; ``None`` if it is there.

        Files of one line are made one at a time: the same file is then made once, and big
        pictures, which take gigabytes while they are drawn, one after the other.

        Raises:
            NotGranted: The photo is not in this album, or the grant is not that fine.
        """
        identity = photo if isinstance(photo, str) else photo.id
        own, want = self._want(self._grant, identity, rendition, media_type, moving=moving)
        made = self._gate.deriver.is_made(self._album.id, own, want)
        return None if made else self._line(own, want)

    def _line(self, own: Photo, want: Want) -> str:
        big = want.rendition is not Rendition.FULL and own.width * own.height > _BIG
        return "big" if big else want.key(self._album.id, own)

    def unlock_proof(self, lasting: dt.timedelta = dt.timedelta(hours=1)) -> str:
        """Return what opens this share again without its password, for a cookie.

        It is bound to this share and this password, and ends after *lasting*.
        """
        return _proof.made(self._grant, self._password, self._gate.clock.now(), lasting)

    def _want(
        self,
        grant: Grant,
        identity: str,
        rendition: Rendition,
        media_type: str | None,
        *,
        moving: bool,
    ) -> tuple[Photo, Want]:
        """Return the owner's photo, and what may be derived of it."""
        own = self._owned(identity)
        if (Rendition.FULL if moving else rendition) > finest(grant):
            raise NotGranted("this link does not open that size")
        if not moving:
            return own, wanted(rendition, media_type, self._telling(grant, own, rendition))
        if Scope.VIDEO not in grant.scopes:
            raise NotGranted("this link does not give out what moves")
        if own.cropped and Scope.HIDDEN_PIXELS not in grant.scopes:
            raise NotGranted("this link does not give out what was cropped away")
        telling = Telling(hidden_pixels=Scope.HIDDEN_PIXELS in grant.scopes)
        return own, Want(rendition=Rendition.FULL, moving=True, telling=telling)

    def _telling(self, grant: Grant, own: Photo, rendition: Rendition) -> Telling:
        """Return what a file tells besides its picture: at most the place that the page shows."""
        if rendition is not Rendition.FULL:
            return Telling()
        return Telling(
            # A place that a file does not know of is not brought into it.
            place=place_told(grant, own, self._gate.homes.zones())
            if self._gate.places_in_files and own.coordinates is not None
            else None,
            video=Scope.VIDEO in grant.scopes,
            hidden_pixels=Scope.HIDDEN_PIXELS in grant.scopes,
        )

    def _stem(self, grant: Grant, identity: str) -> str:
        zones = tuple(self._gate.homes.zones())
        names = self._names.get((grant, zones))
        if names is None:
            shown = seen(grant, ((photo, "") for photo in self._album.photos), zones)
            names = {one.id: one.name.rpartition(".")[0] for one in shown}
            self._names.clear()
            self._names[grant, zones] = names
        return names[identity]

    def _owned(self, identity: str) -> Photo:
        grant, gate = self._grant, self._gate
        if grant.photo is None or grant.photo == identity:
            photo = gate.names.owned(grant, self._album, identity)
            # As it is now: since the album was opened it may have been changed or deleted.
            own = gate.albums.photo(self._album.id, photo.id) if photo is not None else None
            if own is not None:
                return own
        raise NotGranted("this link does not open that photo")


def _format_of(own: Photo, want: Want) -> Format:
    if want.webp:
        return Format.WEBP
    if want.moving:
        part = motion_part(own)
        return next((format_of(one) for one in own.parts if one.id == part), Format.MP4)
    return served_format(own, want.rendition)


def _etag(grant: Grant, own: Photo, key: str) -> str:
    return grant.opaque("file", f"{own.id}/{key.rpartition('/')[2]}")


def opened(gate: Gate, grant: Grant, record: ShareRecord) -> SharedAlbum:
    """Return the album of a grant whose lock was opened.

    Raises:
        InvalidToken: The album is gone.
        NotGranted: The grant does not allow to look.
    """
    if Scope.VIEW not in grant.scopes:
        raise NotGranted("this link does not show the album")
    album = gate.albums.get(grant.album_id)
    if album is None:
        raise InvalidToken
    return SharedAlbum(
        title=album.title,
        description=album.description if Scope.CAPTIONS in grant.scopes else "",
        id=grant.opaque("album", album.id),
        expires=grant.expires,
        grant=grant,
        gate=gate,
        album=album,
        password=record.password,
    )
