"""Points' names, from whichever geocoder is asked, and never the points themselves."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import attrs

from photoprivacy.geo import Coordinates, Geocoder, Place
from photoprivacy.places._gazetteer import Gazetteer
from photoprivacy.places._online import GeopyGeocoder
from photoprivacy.places._table import distance_km

#: A town's own point is somewhere in it. One as near as this to what was asked is an address.
_NEAR_KM: Final = 0.5


def place_of(at: Coordinates, geocoder: Geocoder | None = None) -> Place | None:
    """Return the place of a point, without a point of its own that would give it away.

    Args:
        at: Which point.
        geocoder: Who names it; the offline `Gazetteer` by default, whose points are towns'.

    Raises:
        PlaceError: The place could not be looked up.
    """
    return places_of((at,), geocoder)[0]


def places_of(
    points: Sequence[Coordinates], geocoder: Geocoder | None = None
) -> list[Place | None]:
    """Return the places of many points, in their order. See `place_of`.

    Raises:
        PlaceError: A place could not be looked up.
    """
    if geocoder is None:
        geocoder = _gazetteer()
    if isinstance(geocoder, Gazetteer | GeopyGeocoder):
        return geocoder.reverse_many(points)
    # (0, 0) is nowhere, and nobody is asked about it.
    distinct = dict.fromkeys(at for at in points if not at.suspect)
    known = {at: _without_address(at, geocoder.reverse(at)) for at in distinct}
    return [known.get(at) for at in points]


def _without_address(at: Coordinates, place: Place | None) -> Place | None:
    if place is None or place.coordinates is None:
        return place
    own = place.coordinates
    away = distance_km(at.latitude, at.longitude, own.latitude, own.longitude)
    return attrs.evolve(place, coordinates=None) if away < _NEAR_KM else place


@functools.cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()
