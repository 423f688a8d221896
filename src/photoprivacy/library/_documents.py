"""What databases keep of albums and shares: text, and the way back from it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from photoprivacy.albums import MIGRATIONS, Album, Photo, photo_from_dict, photo_to_dict
from photoprivacy.albums._checks import MAX_TEXT, check_text, check_whole
from photoprivacy.albums._json import written
from photoprivacy.albums._migrate import migrated
from photoprivacy.albums._plain import album_from_dict, head_to_dict
from photoprivacy.errors import InvalidAlbum, StoreError
from photoprivacy.geo import Precision
from photoprivacy.library._stores import AlbumSummary, ShareRecord
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Expiry, Never, NeverType, Rendition, Scope

_FIRST: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LAST: Final = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
_EPOCH: Final = re.compile("[0-9a-f]{16}")


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except InvalidAlbum as error:
        other = error.path == "schema"
        what = "was written by another version" if other else "is damaged"
        raise StoreError(f"a document in the store {what}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreError("a document in the store is damaged") from None


def head_text(album: Album) -> str:
    """Return what is kept of an album besides its photos."""
    return written(head_to_dict(album))


def photo_text(photo: Photo) -> str:
    """Return what is kept of a photo."""
    return written(photo_to_dict(photo))


def photo_of(text: str) -> Photo:
    """Return the photo that *text* keeps.

    Raises:
        StoreError: It keeps none.
    """
    with _damage():
        return photo_from_dict(json.loads(text))


def photos_of(texts: Iterable[str]) -> tuple[Photo, ...]:
    """Return the photos that *texts* keep.

    Raises:
        StoreError: One of them keeps none.
    """
    with _damage():
        return tuple([photo_from_dict(plain) for plain in _all(texts)])


def album_of(head: str, photos: Iterable[str]) -> Album:
    """Return the album that a head and its photos keep.

    Raises:
        StoreError: They keep none.
    """
    with _damage():
        plain: dict[str, Any] = json.loads(head)
        plain["photos"] = _all(photos)
        return album_from_dict(migrated(plain, MIGRATIONS))


def _all(texts: Iterable[str]) -> list[Any]:
    # One call for all of them: a call a photo takes twice as long.
    values: list[Any] = json.loads(f"[{','.join(texts)}]")
    return values


def summary_of(head: str, count: int) -> AlbumSummary:
    """Return what a list shows of the album with that head.

    Raises:
        StoreError: The head is damaged.
    """
    with _damage():
        plain = json.loads(head)
        plain["photos"], plain["sections"], cover = [], [], plain.pop("cover", None)
        album = album_from_dict(migrated(plain, MIGRATIONS))
        return AlbumSummary(id=album.id, title=album.title, cover=cover, count=count)


def head_without(head: str, photo_id: str) -> str | None:
    """Return *head* without a photo in cover and sections, ``None`` if it names it nowhere.

    Raises:
        StoreError: The head is damaged.
    """
    if photo_id not in head:  # it stands there as it is: hexadecimal digits are never escaped
        return None
    with _damage():
        plain: dict[str, Any] = json.loads(head)
        if plain.get("cover") == photo_id:
            plain["cover"] = None
        for section in plain.get("sections", ()):
            section["photos"] = [one for one in section["photos"] if one != photo_id]
        return written(plain)


def share_text(record: ShareRecord) -> str:
    """Return what is kept of a share besides its identifiers and its epoch."""
    never = isinstance(record.expires, NeverType)
    return written(
        {
            "key": record.key_id,
            "scopes": record.scopes.value,
            "expires": None if never else record.expires.isoformat(),  # type: ignore[union-attr]
            "location": record.location.value,
            "time": record.time.value,
            "password": record.password,
            "rendition": record.rendition.value,
            "not_before": None if record.not_before is None else record.not_before.isoformat(),
        }
    )


def share_of(share_id: str, album_id: str, epoch: object, text: str) -> ShareRecord:
    """Return the share that a row keeps.

    Raises:
        StoreError: It keeps none.
    """
    with _damage():
        plain = json.loads(text)
        password = plain["password"]
        return ShareRecord(
            id=share_id,
            album_id=album_id,
            epoch=epoch_of(epoch),
            key_id=check_whole("key", plain["key"], 0, 255),
            scopes=Scope(check_whole("scopes", plain["scopes"], 0, 2**16 - 1)),
            expires=_expiry(plain["expires"]),
            location=Precision(plain["location"]),
            time=TimePrecision(plain["time"]),
            password=None if password is None else check_text("password", password, MAX_TEXT),
            # Records of before there were these said nothing of them.
            rendition=Rendition(plain.get("rendition", Rendition.FULL.value)),
            not_before=_moment(plain.get("not_before")),
        )


def _expiry(value: str | None) -> Expiry:
    moment = _moment(value)
    return Never if moment is None else moment


def _moment(value: str | None) -> dt.datetime | None:
    if value is None:
        return None
    moment = dt.datetime.fromisoformat(value)
    # Compared with a time without a zone, or counted in seconds, others would fail later.
    if not _FIRST <= moment <= _LAST:
        raise ValueError("a link begins and ends when a token can tell")
    return moment


def epoch_text(epoch: int) -> str:
    """Return an epoch as text: databases' integers have 63 bits and a sign."""
    return f"{epoch:016x}"


def epoch_of(text: object) -> int:
    """Return the epoch that *text* keeps.

    Raises:
        StoreError: It keeps none.
    """
    if not isinstance(text, str) or _EPOCH.fullmatch(text) is None:
        raise StoreError("an epoch in the store is damaged")
    return int(text, 16)
