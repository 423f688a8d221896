"""Albums in Django's database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Count, F

from photoprivacy.albums import Album, Photo
from photoprivacy.integrations.django._steps import Steps, locked
from photoprivacy.integrations.django.models import StoredAlbum, StoredPhoto
from photoprivacy.library import AlbumSummary
from photoprivacy.library import _documents as documents
from photoprivacy.library._stores import same_album, same_photo

_REMEMBERED: Final = 16
_TOGETHER: Final = 500
_NEXT: Final = F("change") + 1


class DjangoAlbums:
    """An `AlbumStore` in one of Django's databases.

    Args:
        using: Its name in ``DATABASES``, the default one by default.
    """

    def __init__(self, using: str | None = None) -> None:
        self._steps = Steps(using)
        # A page of photos asks for its album once a photo: read it once a change.
        self._read: dict[str, tuple[tuple[int, int], Album]] = {}

    def list(self) -> tuple[AlbumSummary, ...]:
        """Return what a list of all albums shows, the oldest first."""
        with self._steps.step() as using:
            counted = StoredAlbum.objects.using(using).annotate(count=Count("photos"))
            rows = list(counted.order_by("pk").values_list("head", "count"))
        return tuple(documents.summary_of(head, count) for head, count in rows)

    def get(self, album_id: str, /) -> Album | None:
        """Return an album with its photos, or ``None``."""
        with self._steps.step() as using:
            return self._album(using, album_id)

    def photo(self, album_id: str, photo_id: str, /) -> Photo | None:
        """Return one photo of an album, or ``None``."""
        with self._steps.step() as using:
            text = _photo(using, album_id, photo_id).values_list("document", flat=True).first()
        return None if text is None else documents.photo_of(text)

    def page(self, album_id: str, start: int, count: int, /) -> tuple[Photo, ...]:
        """Return up to *count* photos of an album in its order, from the one at *start*."""
        first = max(0, start)
        with self._steps.step() as using:
            texts = list(_texts(using, album_id)[first : first + max(0, count)])
        return documents.photos_of(texts)

    def put(self, album: Album, /) -> None:
        """Create an album, or replace it whatever it holds."""

        def once() -> None:
            with self._steps.step() as using:
                _put(using, album)

        self._steps.insist(once)

    def replace(self, seen: Album, album: Album, /) -> bool:
        """Replace *seen* by *album*; ``False`` if it is not *seen* any more."""
        same_album(seen, album)
        with self._steps.step() as using:
            if not locked(_named(using, album.id), change=_NEXT):
                return False
            now = self._album(using, album.id)
            if now is not seen and now != seen:
                return False
            if [photo.id for photo in seen.photos] != [photo.id for photo in album.photos]:
                _put(using, album)
                return True
            _named(using, album.id).update(head=documents.head_text(album))
            for old, photo in zip(seen.photos, album.photos, strict=True):
                if photo is not old:
                    text = documents.photo_text(photo)
                    _photo(using, album.id, photo.id).update(document=text)
            return True

    def add_photo(self, album_id: str, photo: Photo, /) -> bool:
        """Append a photo, or put it in its namesake's place; ``False`` without such an album."""
        with self._steps.step() as using:
            if not locked(_named(using, album_id), change=_NEXT):
                return False
            text = documents.photo_text(photo)
            if not _photo(using, album_id, photo.id).update(document=text):
                _insert(using, _named(using, album_id).get().pk, (photo,))
            return True

    def replace_photo(self, album_id: str, seen: Photo, photo: Photo, /) -> bool:
        """Replace *seen* by *photo*; ``False`` if it is not *seen* any more."""
        same_photo(seen, photo)
        with self._steps.step() as using:
            locked(_named(using, album_id), change=_NEXT)
            rows = _photo(using, album_id, seen.id)
            text = rows.values_list("document", flat=True).first()
            if text is None or documents.photo_of(text) != seen:
                return False
            rows.update(document=documents.photo_text(photo))
            return True

    def remove_photo(self, album_id: str, photo_id: str, /) -> bool:
        """Take a photo out, of cover and sections too; ``False`` if it is not there."""
        with self._steps.step() as using:
            locked(_named(using, album_id), change=_NEXT)
            gone, _ = _photo(using, album_id, photo_id).delete()
            head = _named(using, album_id).values_list("head", flat=True).first()
            without = None if head is None else documents.head_without(head, photo_id)
            if without is not None:
                _named(using, album_id).update(head=without)
            return bool(gone)

    def delete(self, album_id: str, /) -> bool:
        """Forget an album; ``False`` if it is not there."""
        with self._steps.step() as using:
            if not locked(_named(using, album_id), change=_NEXT):
                return False
            _named(using, album_id).delete()
            return True

    def _album(self, using: str, album_id: str) -> Album | None:
        # Read between two looks at the counter: databases differ in what a transaction sees of
        # others' work meanwhile.
        row = _named(using, album_id).values_list("pk", "change", "head").first()
        while row is not None:
            *seen, head = row
            version = (seen[0], seen[1])
            known = self._read.get(album_id)
            if known is not None and known[0] == version:
                return known[1]
            texts = list(_texts(using, album_id))
            row = _named(using, album_id).values_list("pk", "change", "head").first()
            if row is not None and (row[0], row[1]) == version:
                album = documents.album_of(head, texts)
                if len(self._read) >= _REMEMBERED:
                    self._read.clear()
                self._read[album_id] = version, album
                return album
        self._read.pop(album_id, None)
        return None


def _named(using: str, album_id: str) -> Any:
    return StoredAlbum.objects.using(using).filter(album_id=album_id)


def _photo(using: str, album_id: str, photo_id: str) -> Any:
    rows = StoredPhoto.objects.using(using)
    # By a subquery: an UPDATE and a DELETE over a join are not the same everywhere.
    album = StoredAlbum.objects.using(using).filter(album_id=album_id).values("pk")
    return rows.filter(album__in=album, photo_id=photo_id)


def _texts(using: str, album_id: str) -> Any:
    rows = StoredPhoto.objects.using(using).filter(album__album_id=album_id)
    return rows.order_by("pk").values_list("document", flat=True)


def _insert(using: str, number: int, photos: Iterable[Photo]) -> None:
    rows = [
        StoredPhoto(album_id=number, photo_id=photo.id, document=documents.photo_text(photo))
        for photo in photos
    ]
    StoredPhoto.objects.using(using).bulk_create(rows, batch_size=_TOGETHER)


def _put(using: str, album: Album) -> None:
    head = documents.head_text(album)
    if locked(_named(using, album.id), head=head, change=_NEXT):
        number = _named(using, album.id).get().pk
    else:
        number = StoredAlbum.objects.using(using).create(album_id=album.id, head=head).pk
    StoredPhoto.objects.using(using).filter(album=number).delete()
    _insert(using, number, album.photos)


__all__ = ["DjangoAlbums"]
