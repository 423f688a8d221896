"""The one gate for recipients: all they see is derived from a `SharedAlbum`."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Final

import attrs

from photoprivacy.albums import Album, Part, Photo
from photoprivacy.containers import Format
from photoprivacy.errors import (
    InvalidToken,
    NotGranted,
    StoreError,
)
from photoprivacy.library import _proof
from photoprivacy.library._derive import motion_key, served_format
from photoprivacy.library._standing import Gate
from photoprivacy.library._stores import ShareRecord
from photoprivacy.library._telling import Telling
from photoprivacy.library._uses import UseKind
from photoprivacy.library._views import (
    SharedPhoto,
    finest,
    motion,
    opaque_id,
    place_told,
    seen,
)
from photoprivacy.sharing import Expiry, Grant, Rendition, Scope

if TYPE_CHECKING:
    from photoprivacy.places import HomeZone, PlaceTree, Trip


#: Pictures of more pixels than this are drawn one at a time.
_BIG: Final = 40_000_000


@attrs.frozen(kw_only=True)
class SharedFile:
    """A clean file for a recipient.

    Attributes:
        name: A neutral file name.
        media_type: For example ``"image/jpeg"``.
        size: Length in bytes.
        etag: Changes with the bytes; another share of the same photo has another one.
    """

    name: str = attrs.field(repr=False)
    media_type: str
    size: int
    etag: str
    _gate: Gate = attrs.field(repr=False, eq=False)
    _grant: Grant = attrs.field(repr=False, eq=False)
    _left: Grant = attrs.field(repr=False, eq=False)
    _password: str | None = attrs.field(repr=False, eq=False)
    _key: str = attrs.field(repr=False, eq=False)

    def read(self, start: int = 0, stop: int | None = None) -> bytes:
        """Return the bytes from *start* to *stop*, or to the end.

        Whether the link still stands is asked anew: a download ends where it is revoked.

        Raises:
            ExpiredToken: The link's time is over.
            InvalidToken: The link was revoked.
            ShareLocked: The password was changed.
            NotGranted: The owner has taken something back from the link.
            StoreError: The photo was deleted meanwhile.
            ValueError: *start* or *stop* is negative.
        """
        if start < 0 or (stop is not None and stop < 0):
            msg = "start and stop count from the beginning"
            raise ValueError(msg)
        if self._gate.still(self._grant, self._password) != self._left:
            raise NotGranted("this link gives less by now")
        data = self._gate.blobs.read(self._key, start, stop)
        if data is None:
            raise StoreError("the photo was deleted")
        return data


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

    @functools.cached_property
    def photos(self) -> tuple[SharedPhoto, ...]:
        """The photos, in the owner's order."""
        color = self._gate.deriver.color
        album = self._album
        photos = ((photo, color(album.id, photo.id)) for photo in album.photos)
        return tuple(seen(self._grant, photos, self._zones))

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
        """Return whether this shows exactly what *other* showed, but for photos' colours."""
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

    def file(self, photo: SharedPhoto | str, rendition: Rendition) -> SharedFile:
        """Return a clean file of a photo. Whether the link still stands is asked anew.

        Args:
            photo: One of `photos`, or its ``id``.
            rendition: Which size.

        Raises:
            ExpiredToken: The link's time is over.
            InvalidToken: The link was revoked.
            ShareLocked: The password was changed.
            NotGranted: The photo is not in this album, or the grant is not that fine.
            CannotStrip: No clean copy of it is known to be lossless.
            StoreError: The store is damaged.
        """
        gate = self._gate
        # Asked anew: since the album was opened, the owner may have taken something back.
        grant = gate.still(self._grant, self._password)
        identity = photo if isinstance(photo, str) else photo.id
        try:
            own, key, size = self._derived(grant, identity, rendition)
        except NotGranted:
            gate.report(UseKind.REFUSED, grant, rendition=rendition)
            raise
        kind = served_format(own, rendition)
        # A number among all photos of a place is asked for where a file is saved under it.
        stem = self._stem(grant, identity) if rendition is Rendition.FULL else "photo"
        gate.report(UseKind.FILE, grant, own, rendition)
        return SharedFile(
            name=f"{stem}{kind.suffix}",
            media_type=kind.media_type,
            size=size,
            etag=grant.opaque("file", f"{own.id}/{key.rpartition('/')[2]}"),
            gate=gate,
            grant=self._grant,
            left=grant,
            password=self._password,
            key=key,
        )

    def video(self, photo: SharedPhoto | str) -> SharedFile:
        """Return the clean video of a photo, without sound: the other half of a Live Photo.

        Args:
            photo: One of `photos` that moves, or its ``id``.

        Raises:
            NotGranted: The photo is not in this album, has no video, or the link gives none out.
            The same as `file`.
        """
        gate = self._gate
        grant = gate.still(self._grant, self._password)
        identity = photo if isinstance(photo, str) else photo.id
        try:
            own, part, key, size = self._moving(grant, identity)
        except NotGranted:
            gate.report(UseKind.REFUSED, grant, rendition=Rendition.FULL)
            raise
        kind = Format(part.format)
        gate.report(UseKind.FILE, grant, own, Rendition.FULL)
        return SharedFile(
            name=f"{self._stem(grant, identity)}{kind.suffix}",
            media_type=kind.media_type,
            size=size,
            etag=grant.opaque("file", f"{own.id}/{key.rpartition('/')[2]}"),
            gate=gate,
            grant=self._grant,
            left=grant,
            password=self._password,
            key=key,
        )

    def line(self, photo: SharedPhoto | str, rendition: Rendition) -> str | None:
        """Return in which line to wait for a file that must be made first; ``None`` if it is there.

        Files of one line are made one at a time: the same file is then made once, and big
        pictures, which take gigabytes while they are drawn, one after the other.

        Raises:
            NotGranted: The photo is not in this album.
        """
        own = self._owned(photo if isinstance(photo, str) else photo.id)
        telling = self._telling(self._grant, own, rendition)
        if self._gate.deriver.is_made(self._album.id, own, rendition, telling):
            return None
        big = rendition is not Rendition.FULL and own.width * own.height > _BIG
        return "big" if big else f"{self._album.id}/{own.id}/{rendition.value}"

    def unlock_proof(self, lasting: dt.timedelta = dt.timedelta(hours=1)) -> str:
        """Return what opens this share again without its password, for a cookie.

        It is bound to this share and this password, and ends after *lasting*.
        """
        return _proof.made(self._grant, self._password, self._gate.clock.now(), lasting)

    def _derived(self, grant: Grant, identity: str, rendition: Rendition) -> tuple[Photo, str, int]:
        own, gate = self._owned(identity), self._gate
        if rendition > finest(grant):
            raise NotGranted("this link does not open that size")
        telling = self._telling(grant, own, rendition)
        key, size = gate.deriver.derived(self._album.id, own, rendition, telling)
        self._still_there(own)
        return own, key, size

    def _moving(self, grant: Grant, identity: str) -> tuple[Photo, Part, str, int]:
        own = self._owned(identity)
        part = motion(grant, own)
        if part is None:
            raise NotGranted("this link gives no video of that photo")
        self._still_there(own, part)
        key, size = self._gate.deriver.motion(self._album.id, own, part)
        self._still_there(own, part)
        return own, part, key, size

    def _still_there(self, own: Photo, part: Part | None = None) -> None:
        """Take away again what was made of a photo, or a part, that was deleted meanwhile."""
        gate, now = self._gate, self._gate.albums.photo(self._album.id, own.id)
        if now is None:
            gate.blobs.remove(f"{self._album.id}/{own.id}")
        elif part is None or any(one.id == part.id for one in now.parts):
            return
        else:
            gate.blobs.remove(motion_key(self._album.id, own.id, part.id))
        raise NotGranted("this photo is not here any more")

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
        told = self._stems.get((grant, zones))
        if told is None:
            # Who takes a whole album asks for every name: all are counted at once, and again
            # when the owner has changed what is told.
            photos = ((photo, "") for photo in self._album.photos)
            told = {one.id: one.name.rpartition(".")[0] for one in seen(grant, photos, zones)}
            self._stems.clear()
            self._stems[grant, zones] = told
        return told[identity]

    @functools.cached_property
    def _stems(self) -> dict[tuple[Grant, tuple[HomeZone, ...]], dict[str, str]]:
        return {}

    def _owned(self, identity: str) -> Photo:
        grant, gate = self._grant, self._gate
        if grant.photo is None or grant.photo == identity:
            photo = gate.names.owned(grant, self._album, identity)
            # Deleted since the album was opened?
            if photo is not None and gate.albums.photo(self._album.id, photo.id) is not None:
                return photo
        raise NotGranted("this link does not open that photo")


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
