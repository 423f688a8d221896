"""A place for photos that do not know theirs: from the same camera, just before and just after."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from typing import Final

import attrs

from photoprivacy._time import CapturedAt
from photoprivacy.geo import Geocoder, Place, Precision
from photoprivacy.places._moments import P, found

#: How long before and after another photo's place counts.
_WITHIN: Final = dt.timedelta(hours=2)


def infer_places(
    photos: Iterable[P],
    *,
    geocoder: Geocoder | None = None,
    camera: Callable[[P], Hashable] | None = None,
    within: dt.timedelta = _WITHIN,
) -> list[Place | None]:
    """Return a place for each photo, in their order: its own, or one inferred.

    A place is inferred where the same camera took photos in one and the same city before and
    after. It is that city, without a neighbourhood, and says so (`Place.inferred`). Positions
    are never inferred. Nothing here reaches a file: files are told what they say themselves.

    Args:
        photos: Anything with a place or a position, and with a ``captured_at``.
        geocoder: Names positions; the offline `Gazetteer` by default.
        camera: Which camera took a photo, ``None`` for unknown; by default the photo's
            ``camera``.
        within: How long before and after.

    Raises:
        PlaceError: A place could not be looked up.
    """
    which = camera if camera is not None else _camera
    shots, places = found(photos, geocoder)
    known: dict[Hashable, list[tuple[dt.datetime, int]]] = {}
    asked: list[tuple[Hashable, dt.datetime, int]] = []
    for number, (photo, place) in enumerate(zip(shots, tuple(places), strict=True)):
        body, moment = which(photo), getattr(photo, "captured_at", None)
        if body is None or not isinstance(moment, CapturedAt):
            continue
        # One camera, one clock: its own time, whatever the zone, orders its photos.
        local = moment.local.replace(tzinfo=None)
        if place is None:
            asked.append((body, local, number))
        elif place.city and not place.inferred:
            known.setdefault(body, []).append((local, number))
    for row in known.values():
        row.sort()
    for body, local, number in asked:
        row = known.get(body, [])
        after = bisect.bisect_left(row, (local, -1))
        if not 0 < after < len(row):
            continue
        (before_at, before), (after_at, following) = row[after - 1], row[after]
        one, other = (_city(places[index]) for index in (before, following))
        near = local - before_at <= within and after_at - local <= within
        if near and one is not None and other is not None and one.key == other.key:
            places[number] = attrs.evolve(one, source="inferred")
    return places


def _city(place: Place | None) -> Place | None:
    return place.at(Precision.CITY) if place else None


def _camera(photo: object) -> Hashable:
    camera = getattr(photo, "camera", None)
    # A report's camera without a name could be anyone's.
    if camera is None or not (getattr(camera, "model", camera) or ""):
        return None
    return camera if isinstance(camera, Hashable) else None
