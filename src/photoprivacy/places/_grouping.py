"""Photos by place: groups from stable keys, so that adding photos never renames a group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, Protocol, TypeVar, runtime_checkable

import attrs

from photoprivacy.geo import Coordinates, Geocoder, Place, PlaceLevel, Precision
from photoprivacy.places._naming import place_of

#: Without a level: a group that holds more photos than this is worth splitting.
_MANY: Final = 12


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

#: level → (precision that cuts a place there, parts of its key)
_LEVELS: Final = {
    PlaceLevel.COUNTRY: (Precision.COUNTRY, 1),
    PlaceLevel.REGION: (Precision.REGION, 2),
    PlaceLevel.CITY: (Precision.CITY, 3),
    PlaceLevel.NEIGHBOURHOOD: (Precision.EXACT, 4),
}


@attrs.frozen(kw_only=True)
class PlaceGroup(Generic[P]):
    """The photos of one place.

    Attributes:
        place: The place, told no finer than this group's level.
        level: Which level that is.
        photos: Its photos, those of smaller groups included, in the order they came.
        children: Smaller groups inside. Photos in none of them are elsewhere in this place.
    """

    place: Place
    level: PlaceLevel
    photos: tuple[P, ...]
    children: tuple[PlaceGroup[P], ...] = ()

    @property
    def key(self) -> str:
        """The place's stable key: ``"FR"``, ``"FR/11"``, ``"FR/11/2988507"``."""
        return self.place.key

    @property
    def title(self) -> str:
        """The name a person would use."""
        return self.place.title

    @property
    def count(self) -> int:
        """How many photos there are."""
        return len(self.photos)


@attrs.frozen(kw_only=True)
class PlaceTree(Generic[P]):
    """Photos grouped by place.

    Attributes:
        groups: The top groups, the largest first, then by name.
        nowhere: Photos without a place, in the order they came.
    """

    groups: tuple[PlaceGroup[P], ...] = ()
    nowhere: tuple[P, ...] = ()

    def walk(self) -> Iterator[PlaceGroup[P]]:
        """Yield every group, each before its children."""
        queue = list(reversed(self.groups))
        while queue:
            group = queue.pop()
            yield group
            queue.extend(reversed(group.children))

    def find(self, key: str) -> PlaceGroup[P] | None:
        """Return the group of that key."""
        return next((group for group in self.walk() if group.key == key), None)

    def to_geojson(self) -> dict[str, object]:
        """Return the smallest groups that have a point as a GeoJSON collection (RFC 7946).

        A point is the place's own in the gazetteer, never one of a photo.
        """
        features = []
        for group in self.walk():
            at = group.place.coordinates
            if at is not None and not group.children:
                features.append(
                    {
                        "type": "Feature",
                        "geometry": {"type": "Point", "coordinates": [at.longitude, at.latitude]},
                        "properties": {
                            "key": group.key,
                            "title": group.title,
                            "country": group.place.country,
                            "count": group.count,
                        },
                    }
                )
        return {"type": "FeatureCollection", "features": features}


def group_by_place(
    photos: Iterable[P], *, geocoder: Geocoder | None = None, level: PlaceLevel | None = None
) -> PlaceTree[P]:
    """Return *photos* grouped by country, region, city and neighbourhood.

    A group is decided by its place's key alone, so the order of photos does not matter and
    photos that come later change no group's name.

    Args:
        photos: Anything with a ``place`` or with ``coordinates``.
        geocoder: Names the positions of photos without a place; the offline `Gazetteer`
            by default.
        level: The finest level of groups. Without one, it follows the number of photos:
            countries split into cities, and a country or city with many photos further.

    Raises:
        PlaceError: A place could not be looked up.
    """
    placed: list[tuple[P, Place]] = []
    nowhere: list[P] = []
    look_up = _once(geocoder)
    for photo in photos:
        place = _place_of(photo, look_up)
        if place is None or place.level is None:
            nowhere.append(photo)
        else:
            placed.append((photo, place))
    groups = _split(placed, PlaceLevel.COUNTRY, level)
    return PlaceTree(groups=groups, nowhere=tuple(nowhere))


def _once(geocoder: Geocoder | None) -> Callable[[Coordinates], Place | None]:
    """Return a look-up that asks *geocoder* once a point."""
    known: dict[Coordinates, Place | None] = {}

    def look_up(at: Coordinates) -> Place | None:
        if at not in known:
            known[at] = place_of(at, geocoder)
        return known[at]

    return look_up


def _place_of(photo: P, look_up: Callable[[Coordinates], Place | None]) -> Place | None:
    if isinstance(photo, Placed):
        place = photo.place
        if place is not None or not isinstance(photo, Located):
            return place
    at = getattr(photo, "coordinates", None)
    return look_up(at) if isinstance(at, Coordinates) else None


def _split(
    placed: list[tuple[P, Place]], level: PlaceLevel, finest: PlaceLevel | None
) -> tuple[PlaceGroup[P], ...]:
    """Return the groups of *placed* at *level*, each split further where that helps."""
    precision, parts = _LEVELS[level]
    found: dict[str, list[tuple[P, Place]]] = {}
    for photo, place in placed:
        key = place.key.split("/")
        if len(key) >= parts and place.level is not None and place.level >= level:
            found.setdefault("/".join(key[:parts]), []).append((photo, place))
    groups = []
    for members in found.values():
        cut = members[0][1].at(precision)
        if cut is not None:
            groups.append(
                PlaceGroup(
                    place=cut,
                    level=level,
                    photos=tuple(photo for photo, _ in members),
                    children=_children(members, level, finest),
                )
            )
    return tuple(sorted(groups, key=lambda group: (-group.count, group.title, group.key)))


def _children(
    members: list[tuple[P, Place]], level: PlaceLevel, finest: PlaceLevel | None
) -> tuple[PlaceGroup[P], ...]:
    order = list(PlaceLevel)
    if finest is not None:
        return _split(members, order[level.rank + 1], finest) if level < finest else ()
    if level is PlaceLevel.NEIGHBOURHOOD:
        return ()
    if level is PlaceLevel.COUNTRY:
        # People say "Lisbon", not "Lisbon District": regions only where there are many cities.
        cities = _split(members, PlaceLevel.CITY, PlaceLevel.CITY)
        regions = _split(members, PlaceLevel.REGION, PlaceLevel.REGION)
        if len(cities) <= _MANY or len(regions) < 2:
            return tuple(attrs.evolve(city, children=_deeper(city, members)) for city in cities)
        return _split(members, PlaceLevel.REGION, None)
    if level is PlaceLevel.REGION:
        return _split(members, PlaceLevel.CITY, None)
    parts = _split(members, PlaceLevel.NEIGHBOURHOOD, None)
    return parts if len(members) > _MANY and len(parts) > 1 else ()


def _deeper(city: PlaceGroup[P], members: list[tuple[P, Place]]) -> tuple[PlaceGroup[P], ...]:
    own = [(photo, place) for photo, place in members if f"{place.key}/".startswith(f"{city.key}/")]
    return _children(own, PlaceLevel.CITY, None)
