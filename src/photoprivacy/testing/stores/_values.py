"""Albums, photos and shares that ask much of a store."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from photoprivacy._time import CapturedAt
from photoprivacy.albums import Album, Part, PartKind, Photo, Section, new_id
from photoprivacy.geo import Coordinates, Place, Precision
from photoprivacy.library import ShareRecord
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Never, Rendition, Scope

#: Texts that quote, end, escape or look like something else somewhere.
ODD = "'\"; DROP \\ :name %s {} \0 \r\n\t é 漢字 \U0001f600 \ufeff</script>"


def a_photo(**changes: Any) -> Photo:
    """Return a photo with every field filled in."""
    fields: dict[str, Any] = {
        "sha256": secrets.token_hex(32),
        "coded_sha256": secrets.token_hex(32),
        "format": "heic",
        "size": 2**53 - 1,
        "width": 4000,
        "height": 3000,
        "orientation": 6,
        "captured_at": CapturedAt(
            local=dt.datetime(2024, 5, 1, 12, 30, 5, 250_000),  # noqa: DTZ001 - local by design
            offset=-dt.timedelta(hours=3, minutes=30),
            source="exif:DateTimeOriginal",
        ),
        "place": Place(
            country_code="PT",
            country="Portugal",
            city="Lisbon",
            coordinates=Coordinates(latitude=38.71667, longitude=-9.13333),
        ),
        "coordinates": Coordinates(latitude=0.1 + 0.2, longitude=-1 / 3),
        "name": ODD,
        "caption": ODD * 20,
        "alt": "",
        "people": (ODD, ""),
        "parts": (
            Part(kind=PartKind.MOTION, sha256="0" * 64, format="mov", size=0, extra={"x": [1]}),
        ),
        "extra": {"future": {"deep": [None, True, 1.5, ODD]}, "place": {"county": ODD}},
    }
    return Photo(**(fields | changes))


def an_album(count: int = 3) -> Album:
    """Return an album with so many photos and every field filled in."""
    photos = tuple(a_photo(caption=str(number)) for number in range(count))
    first = photos[0].id if photos else None
    return Album(
        title=ODD,
        description=ODD,
        photos=photos,
        cover=first,
        sections=(Section(title=ODD, photos=(first,) if first else (), extra={"x": 1}),),
        extra={"later": ODD},
    )


def a_share(album_id: str, epoch: int, **changes: Any) -> ShareRecord:
    """Return a share of an album in its epoch."""
    fields: dict[str, Any] = {
        "id": new_id()[:16],
        "album_id": album_id,
        "epoch": epoch,
        "key_id": 255,
        "scopes": Scope.VIEW | Scope.CAPTIONS,
        "expires": dt.datetime(2199, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
        "location": Precision.REGION,
        "time": TimePrecision.MONTH,
        "password": ODD,
        "rendition": Rendition.DISPLAY,
        "not_before": dt.datetime(2099, 12, 31, 23, 59, 59, tzinfo=dt.UTC),
    }
    return ShareRecord(**(fields | changes))


def never_ending(album_id: str, epoch: int) -> ShareRecord:
    """Return a share without end, scopes and password."""
    return a_share(album_id, epoch, expires=Never, scopes=Scope(0), password=None, not_before=None)
