"""Coordinates to named places, and photos to groups of places. Offline: asks nobody."""

from __future__ import annotations

from photoprivacy.places._gazetteer import Gazetteer
from photoprivacy.places._grouping import (
    Located,
    Placed,
    PlaceGroup,
    PlaceTree,
    group_by_place,
)
from photoprivacy.places._naming import place_of

__all__ = [
    "Gazetteer",
    "Located",
    "PlaceGroup",
    "PlaceTree",
    "Placed",
    "group_by_place",
    "place_of",
]
