"""Albums, their photos and their files: what the owner does with them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from typing import Final

import attrs

from photoprivacy._source import Source, read_source
from photoprivacy.albums import Album, PartKind, Photo, new_id
from photoprivacy.containers import sniff
from photoprivacy.errors import StoreError
from photoprivacy.geo import Geocoder, Place
from photoprivacy.library._homes import HomeStore
from photoprivacy.library._ingest import Ingest, kept_aside, name_of
from photoprivacy.library._stores import AlbumStore, AlbumSummary, BlobStore, ShareStore
from photoprivacy.library._tidy import tidied
from photoprivacy.library._wants import motion_key, original_key, part_key, sum_key
from photoprivacy.limits import Limits
from photoprivacy.places import HomeZone

_HOUR: Final = dt.timedelta(hours=1)
#: How often an edit is made anew because somebody else's came first.
_TRIES: Final = 50
#: Further than any album goes; databases count no further than 63 bits.
_FAR: Final = 2**31 - 1


class Albums:
    """What a `Library` does with albums and photos.

    Args:
        blobs: Where files go.
        albums: Where albums go.
        shares: Where epochs go.
        homes: Where the owner's home zones go.
        geocoder: Who names places; the offline `Gazetteer` by default.
        limits: How much work one photo may cause.
    """

    def __init__(
        self,
        blobs: BlobStore,
        albums: AlbumStore,
        shares: ShareStore,
        *,
        homes: HomeStore,
        geocoder: Geocoder | None,
        limits: Limits,
    ) -> None:
        self._blobs = blobs
        self._albums = albums
        self._shares = shares
        self._homes = homes
        self._limits = limits
        self._ingest = Ingest(geocoder=geocoder, homes=homes, limits=limits)

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

    def albums(self) -> tuple[AlbumSummary, ...]:
        """Return what a list of all albums shows, the oldest first."""
        return self._albums.list()

    def album(self, album_id: str) -> Album:
        """Return an album with its photos.

        Raises:
            StoreError: There is no such album.
        """
        album = self._albums.get(named(album_id))
        if album is None:
            raise StoreError("there is no such album")
        return album

    def page(self, album_id: str, start: int, count: int) -> tuple[Photo, ...]:
        """Return up to *count* photos of an album from the one at *start*, without the others."""
        return self._albums.page(named(album_id), min(start, _FAR), min(count, _FAR))

    def save(self, album: Album) -> None:
        """Replace an album by an edited one: another title, order, cover, captions.

        What others changed since *album* was read is overwritten; `edit` overwrites nothing.

        Raises:
            StoreError: There is no such album, or the edited one has other photos.
        """
        self.edit(album.id, lambda _: album)

    def edit(self, album_id: str, change: Callable[[Album], Album]) -> Album:
        """Replace an album by what *change* makes of it, and return that.

        When somebody else's change comes first, *change* is called anew, with what is there then.

        Raises:
            StoreError: There is no such album, or *change* returned one with other photos.
        """
        for _ in range(_TRIES):
            seen = self.album(album_id)
            album = change(seen)
            if {photo.id for photo in seen.photos} != {photo.id for photo in album.photos}:
                raise StoreError("photos come and go by add and remove")
            if self._albums.replace(seen, album):
                return album
        raise StoreError("others kept changing the album")

    def edit_photo(self, album_id: str, photo_id: str, change: Callable[[Photo], Photo]) -> Photo:
        """Replace one photo by what *change* makes of it, and return that: as `edit`.

        Raises:
            StoreError: There is no such photo.
        """
        for _ in range(_TRIES):
            seen = self._albums.photo(named(album_id), named(photo_id))
            if seen is None:
                raise StoreError("there is no such photo")
            photo = change(seen)
            if self._albums.replace_photo(album_id, seen, photo):
                return photo
        raise StoreError("others kept changing the photo")

    def correct_place(self, album_id: str, photo_id: str, place: Place) -> Photo:
        """Replace the place of a photo by the owner's own, which wins from then on.

        ``Place()`` says that it is to have none. The photo's position stays as it is, and so
        does the home zone that holds it.

        Raises:
            StoreError: There is no such photo.
        """
        owners = attrs.evolve(place, source="owner")
        return self.edit_photo(album_id, photo_id, lambda seen: attrs.evolve(seen, place=owners))

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
        sniff(data)
        if self._shares.epoch(named(album_id)) is None:
            raise StoreError("there is no such album")
        photo_id = new_id()
        folder = f"{album_id}/{photo_id}"
        key = original_key(album_id, photo_id)
        with kept_aside(self._blobs, key, data, unless=folder) as (aside, kept):
            photo = self._ingest.photo(photo_id, data, name_of(source, name), aside)
            kept()
            if not self._albums.add_photo(album_id, photo):
                raise StoreError("there is no such album")
        return photo

    def add_part(
        self,
        album_id: str,
        photo_id: str,
        source: Source,
        kind: PartKind,
        *,
        name: str | None = None,
    ) -> Photo:
        """Put one more file to a photo: a Live Photo's video, a raw file, a frame of its burst.

        It is kept untouched, for its owner only. Of a video (`PartKind.MOTION`) a link that was
        made with ``video=True`` gives out a clean copy; of the others none gives out anything.

        Args:
            album_id: Which album.
            photo_id: Which photo.
            source: A path, bytes, or a binary file open for reading.
            kind: What it is to the photo.
            name: Its file name, for the owner; by default that of the path.

        Returns:
            The photo with its new part at the end.

        Raises:
            UnsupportedFormat: It is not what *kind* says. Nothing was stored.
            MalformedImage: It is too damaged to tell. Nothing was stored.
            CannotStrip: It is a video of which no clean copy is known to be lossless. Nothing was
                stored.
            StoreError: There is no such photo, or the store says no.
            OSError: The disk says no.
        """
        data = read_source(source, self._limits)
        part = self._ingest.part(new_id(), data, PartKind(kind), name_of(source, name))
        if self._albums.photo(named(album_id), named(photo_id)) is None:
            raise StoreError("there is no such photo")
        key = part_key(album_id, photo_id, part.id)
        with kept_aside(self._blobs, key, data, unless=key) as (_, kept):
            kept()
            return self.edit_photo(album_id, photo_id, lambda photo: photo.with_part(part))

    def remove_part(self, album_id: str, photo_id: str, part_id: str) -> Photo:
        """Take a part from a photo, delete its file, and return the photo.

        Raises:
            StoreError: There is no such photo.
            InvalidAlbum: It has no such part.
        """
        photo = self.edit_photo(album_id, photo_id, lambda seen: seen.without_part(part_id))
        self._blobs.remove(part_key(album_id, photo_id, part_id))
        for cropped in (False, True):
            video = motion_key(album_id, photo_id, part_id, cropped=cropped)
            self._blobs.remove(video)
            self._blobs.remove(sum_key(video))
        return photo

    def remove(self, album_id: str, photo_id: str) -> None:
        """Take a photo out of an album, and delete its original and all that was made of it.

        Raises:
            StoreError: There is no such photo.
        """
        if not self._albums.remove_photo(named(album_id), named(photo_id)):
            raise StoreError("there is no such photo")
        self._blobs.remove(f"{album_id}/{photo_id}")

    def delete_album(self, album_id: str) -> None:
        """Delete an album, its photos and its links.

        Raises:
            StoreError: There is no such album.
        """
        # The links first: whatever happens next, nobody looks any more.
        self._shares.forget(named(album_id))
        if not self._albums.delete(named(album_id)):
            raise StoreError("there is no such album")
        self._blobs.remove(album_id)

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

        albums = (self._albums.get(summary.id) for summary in self.albums())
        return suggest_homes(photo for album in albums if album for photo in album.photos)

    def tidy(self, *, older: dt.timedelta = _HOUR) -> int:
        """Delete files that no album names, and return how many.

        A process that is killed while it adds or deletes leaves some behind. Nothing refers to
        them and no link opens them; they are only still there. Albums are believed: after one of
        a backup took their store's place, what it does not know yet is deleted too.

        Args:
            older: How long ago they were last written, at the least: what somebody is adding at
                this moment stays.

        Raises:
            StoreError: The store says no, or there is no album at all although there are files:
                then their store was lost, perhaps. Nothing was deleted.
            OSError: The disk says no.
        """
        return tidied(self._blobs, self._albums, dt.datetime.now(dt.UTC) - older)


def named(identity: object) -> str:
    """Return *identity* if it is one: handing over the album itself is easily done."""
    if not isinstance(identity, str):
        kind = type(identity).__name__
        msg = f"albums, photos and shares are named by their id, not by values of type {kind}"
        raise TypeError(msg)
    # Nothing is named by other letters, and halves of letters are more than databases take.
    return identity if identity.isascii() else ""
