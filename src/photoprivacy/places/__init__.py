"""Coordinates to named places, and photos to groups of places. Offline: asks nobody."""

from __future__ import annotations

from photoprivacy.places._gazetteer import Gazetteer
from photoprivacy.places._grouping import Elsewhere, PlaceGroup, PlaceTree, group_by_place
from photoprivacy.places._home import HomeZone, told
from photoprivacy.places._inferred import infer_places
from photoprivacy.places._moments import Located, Placed
from photoprivacy.places._naming import place_of
from photoprivacy.places._online import GeopyGeocoder
from photoprivacy.places._suggest import suggest_homes
from photoprivacy.places._trips import Trip, find_trips

__all__ = [
    "Elsewhere",
    "Gazetteer",
    "GeopyGeocoder",
    "HomeZone",
    "Located",
    "PlaceGroup",
    "PlaceTree",
    "Placed",
    "Trip",
    "find_trips",
    "group_by_place",
    "infer_places",
    "place_of",
    "suggest_homes",
    "told",
]
