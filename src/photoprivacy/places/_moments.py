"""What a photo itself says of where and when: read off owners' and recipients' photos alike."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Protocol, TypeVar, runtime_checkable

from photoprivacy._time import CapturedAt
from photoprivacy.geo import Coordinates, Geocoder, Place
from photoprivacy.places._naming import places_of


@runtime_checkable
class Placed(Protocol):
    """A photo whose place is known already."""

    @property
    def place(self) -> Place | None:
        """Where it was taken, or ``None``."""
        ...


@runtime_checkable
class Located(Protocol):
    """A photo whose position is known."""

    @property
    def coordinates(self) -> Coordinates | None:
        """Where it was taken, or ``None``."""
        ...


P = TypeVar("P", bound=Placed | Located)


def position(photo: object) -> Coordinates | None:
    """Return where a photo was taken, exactly, if it says."""
    at = getattr(photo, "coordinates", None)
    return at if isinstance(at, Coordinates) and not at.suspect else None


def found(photos: Iterable[P], geocoder: Geocoder | None) -> tuple[list[P], list[Place | None]]:
    """Return photos, and their places: their own, or what *geocoder* says of their position.

    Raises:
        PlaceError: A place could not be looked up.
    """
    known = list(photos)
    places: list[Place | None] = [getattr(photo, "place", None) for photo in known]
    unnamed = [
        (number, at)
        for number, place in enumerate(places)
        if place is None and (at := getattr(known[number], "coordinates", None)) is not None
    ]
    if unnamed:
        answers = places_of([at for _, at in unnamed], geocoder)
        for (number, _), place in zip(unnamed, answers, strict=True):
            places[number] = place
    return known, places


def taken(photo: object) -> str:
    """Return when a photo was taken as local ISO 8601 time, as sharply as it says, or ``""``.

    An owner's photo has a `CapturedAt`, a recipient's a text cut to what was granted.
    """
    moment = getattr(photo, "captured_at", None)
    if isinstance(moment, CapturedAt):
        return moment.local.replace(tzinfo=None).isoformat(timespec="seconds")
    text = getattr(photo, "taken", None)
    return text if isinstance(text, str) else ""


def instant(photo: object, place: Place | None) -> dt.datetime | None:
    """Return when a photo was taken by the clock of Greenwich, or ``None`` without a day.

    Where the photo does not know its clock's offset, its place's time zone says it.
    """
    text = taken(photo)
    if len(text) < len("2024-05-01"):
        return None
    try:
        local = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    moment = getattr(photo, "captured_at", None)
    offset = moment.offset if isinstance(moment, CapturedAt) else None
    if offset is None and place is not None and place.timezone:
        try:
            offset = zoneinfo.ZoneInfo(place.timezone).utcoffset(local)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            offset = None  # a system without time zones
    try:
        return local - (offset or dt.timedelta())
    except OverflowError:
        return local
