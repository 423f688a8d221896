"""Photos by place: groups from stable keys, so that adding photos never renames a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Generic

import attrs

from photoprivacy.geo import Coordinates, Geocoder, Place, PlaceLevel, Precision
from photoprivacy.places._moments import P, found, taken

#: Without a level: more groups than this in one are split by region, or the smallest left over,
#: and a city of more photos than this falls into its parts.
_MANY: Final = 12
#: Without a level: where there are many groups, one of fewer photos is left over.
_FEW: Final = 3

#: level → (precision that cuts a place there, parts of its key)
_LEVELS: Final = {
    PlaceLevel.COUNTRY: (Precision.COUNTRY, 1),
    PlaceLevel.REGION: (Precision.REGION, 2),
    PlaceLevel.CITY: (Precision.CITY, 3),
    PlaceLevel.NEIGHBOURHOOD: (Precision.EXACT, 4),
}


@attrs.frozen(kw_only=True)
class Elsewhere(Generic[P]):
    """The photos of a place that are in none of its groups. They have no count and no point.

    Attributes:
        title: ``"elsewhere in Bavaria"``.
        photos: In the order they came.
    """

    title: str = attrs.field(repr=False)
    photos: tuple[P, ...]


@attrs.frozen(kw_only=True)
class PlaceGroup(Generic[P]):
    """The photos of one place.

    Attributes:
        place: The place, told no finer than this group's level.
        level: Which level that is.
        photos: Its photos, those of smaller groups included, in the order they came.
        children: Smaller groups inside.
        elsewhere: Photos in none of these, or ``None`` where there are none or no groups.
    """

    place: Place
    level: PlaceLevel
    photos: tuple[P, ...]
    children: tuple[PlaceGroup[P], ...] = ()
    elsewhere: Elsewhere[P] | None = None

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

    @property
    def point(self) -> Coordinates | None:
        """The place's own point in the gazetteer, never one of photos; none for a region."""
        return self.place.coordinates

    @property
    def span(self) -> tuple[str, str] | None:
        """First and last day as ISO 8601 dates, as sharply as the photos say."""
        days = [text[:10] for photo in self.photos if (text := taken(photo))]
        return (min(days), max(days)) if days else None

    @property
    def cover(self) -> P:
        """The photo to stand for the place: the first that is a little wider than high."""
        ordered = sorted(self.photos, key=lambda photo: (not taken(photo), taken(photo)))
        return next((photo for photo in ordered if _wide(photo)), ordered[0])


@attrs.frozen(kw_only=True)
class PlaceTree(Generic[P]):
    """Photos grouped by place.

    Attributes:
        groups: The top groups, the largest first, then by name.
        nowhere: Photos without a place, in the order they came.
    """

    groups: tuple[PlaceGroup[P], ...] = ()
    nowhere: tuple[P, ...] = ()
    _photos: Sequence[P] = attrs.field(default=(), repr=False, eq=False)
    _places: Sequence[Place | None] = attrs.field(default=(), repr=False, eq=False)
    _level: PlaceLevel | None = attrs.field(default=None, repr=False, eq=False)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all groups: to be given to `group_by_place` the next time."""
        return frozenset(group.key for group in self.walk())

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

    def merge(self, other: PlaceTree[P]) -> PlaceTree[P]:
        """Return the tree of both trees' photos. No group of either is lost.

        The same photo in both is there twice.
        """
        photos = [*self._photos, *other._photos]
        places = [*self._places, *other._places]
        return _tree(photos, places, self._level, self.keys | other.keys)

    def to_geojson(self) -> dict[str, object]:
        """Return the smallest groups that have a point as a GeoJSON collection (RFC 7946).

        A point is the place's own in the gazetteer, never one of a photo. What is elsewhere
        is no feature and has no count.
        """
        features = []
        for group in self.walk():
            at = group.point
            if at is not None and not group.children:
                features.append(
                    {
                        "type": "Feature",
                        # RFC 7946, 3.1.1: longitude first.
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
    photos: Iterable[P],
    *,
    geocoder: Geocoder | None = None,
    level: PlaceLevel | None = None,
    kept: Iterable[str] = (),
) -> PlaceTree[P]:
    """Return *photos* grouped by country, region, city and neighbourhood.

    A group is decided by its place's key alone, so the order of photos does not matter and
    photos that come later change no group's name.

    Args:
        photos: Anything with a ``place`` or with ``coordinates``.
        geocoder: Names the positions of photos without a place; the offline `Gazetteer`
            by default.
        level: The finest level of groups. Without one, it follows the number of photos:
            countries split into cities, or into regions where there are many cities; cities
            with many photos split further; where there are many groups, the smallest are left
            over as `Elsewhere`.
        kept: Keys of groups that are there already (`PlaceTree.keys`) and stay whatever the
            number of photos, so that a gallery does not change its headings at every upload.

    Raises:
        PlaceError: A place could not be looked up.
    """
    return _tree(*found(photos, geocoder), level, frozenset(kept))


@attrs.frozen
class _Bundle:
    """The photos of one key, by their number."""

    place: Place
    parts: list[str]
    numbers: list[int]


def _tree(
    photos: Sequence[P],
    places: Sequence[Place | None],
    level: PlaceLevel | None,
    kept: frozenset[str],
) -> PlaceTree[P]:
    known: dict[str, Place] = {}
    numbers: dict[str, list[int]] = {}
    nowhere: list[int] = []
    for number, place in enumerate(places):
        if place is None:
            nowhere.append(number)
            continue
        key = place.key
        first = known.get(key)
        if first is None:
            known[key], numbers[key] = place, [number]
            continue
        numbers[key].append(number)
        if first is not place and first != place:
            # Whatever the order of photos, the same one of several spellings stands for a key.
            known[key] = min(first, place, key=_spelling)
    bundles = []
    for key, place in known.items():
        if place.country_code:
            own = attrs.evolve(place, source="")
            bundles.append(_Bundle(own, key.split("/"), numbers[key]))
        else:
            nowhere += numbers[key]
    return PlaceTree(
        groups=_Grouping(photos, level, kept).groups(bundles, PlaceLevel.COUNTRY),
        nowhere=tuple(photos[number] for number in sorted(nowhere)),
        photos=photos,
        places=places,
        level=level,
    )


def _spelling(place: Place) -> tuple[object, ...]:
    at = place.coordinates
    names = (place.country, place.region, place.city, place.neighbourhood, place.timezone)
    return (place.source, at is None, *names, (at.latitude, at.longitude) if at else ())


@attrs.frozen
class _Grouping(Generic[P]):
    numbered: Sequence[P]
    level: PlaceLevel | None
    kept: frozenset[str]

    def groups(self, bundles: list[_Bundle], level: PlaceLevel) -> tuple[PlaceGroup[P], ...]:
        """Return the groups of *bundles* at *level*, each split further where that helps."""
        return tuple(
            self.group(members, level) for members in _sorted(_divided(bundles, level), level)
        )

    def group(self, members: list[_Bundle], level: PlaceLevel) -> PlaceGroup[P]:
        precision, _ = _LEVELS[level]
        place = min((one.place for one in members), key=_spelling).at(precision)
        assert place is not None  # noqa: S101 - it has a country, and a precision
        children = self.children(members, level)
        inside = {key for child, _ in children for key in child}
        rest = [one for one in members if "/".join(one.parts) not in inside]
        elsewhere = None
        if children and rest:
            elsewhere = Elsewhere(title=f"elsewhere in {place.title}", photos=self.photos(rest))
        return PlaceGroup(
            place=place,
            level=level,
            photos=self.photos(members),
            children=tuple(group for _, group in children),
            elsewhere=elsewhere,
        )

    def photos(self, members: list[_Bundle]) -> tuple[P, ...]:
        if len(members) == 1:
            order = members[0].numbers
        else:
            # Runs in order already: sorting merges them.
            order = sorted(number for one in members for number in one.numbers)
        return tuple(map(self.numbered.__getitem__, order))

    def children(
        self, members: list[_Bundle], level: PlaceLevel
    ) -> list[tuple[frozenset[str], PlaceGroup[P]]]:
        """Return the groups inside, each with the keys of its photos."""
        below = self.below(members, level)
        if below is None:
            return []
        inner = _sorted(_divided(members, below), below)
        if self.level is None and len(inner) > _MANY:
            parts = _LEVELS[below][1]
            main = [one for one in inner if _count(one) >= _FEW or self.keeps(one, parts)]
            inner = main or inner
        return [
            (frozenset("/".join(place.parts) for place in one), self.group(one, below))
            for one in inner
        ]

    def keeps(self, members: list[_Bundle], parts: int) -> bool:
        """Return whether a group, or one inside it, is there already."""
        return any(
            "/".join(one.parts[:length]) in self.kept
            for one in members
            for length in range(parts, len(one.parts) + 1)
        )

    def below(self, members: list[_Bundle], level: PlaceLevel) -> PlaceLevel | None:
        """Return the level at which a group of *level* is split, or ``None``."""
        if level is PlaceLevel.NEIGHBOURHOOD:
            return None
        following = list(PlaceLevel)[level.rank + 1]
        if self.level is not None:
            return following if level < self.level else None
        if level is PlaceLevel.COUNTRY:
            # People say "Lisbon", not "Lisbon District": regions only where there are many cities.
            cities, regions = (
                _divided(members, one) for one in (PlaceLevel.CITY, PlaceLevel.REGION)
            )
            many = not cities or (len(cities) > _MANY and len(regions) > 1)
            return following if many or self.kept & regions.keys() else PlaceLevel.CITY
        if level is PlaceLevel.CITY:
            parts = _divided(members, following)
            many = _count(members) > _MANY and len(parts) > 1
            return following if many or self.kept & parts.keys() else None
        return following


def _divided(bundles: list[_Bundle], level: PlaceLevel) -> dict[str, list[_Bundle]]:
    """Return key → bundles, of those that are told as finely as *level*."""
    parts = _LEVELS[level][1]
    divided: dict[str, list[_Bundle]] = {}
    for one in bundles:
        told = one.place.level
        if level is PlaceLevel.REGION and not one.place.region:
            continue  # small countries have a division without a name
        if len(one.parts) >= parts and told is not None and told >= level:
            divided.setdefault("/".join(one.parts[:parts]), []).append(one)
    return divided


def _sorted(divided: dict[str, list[_Bundle]], level: PlaceLevel) -> list[list[_Bundle]]:
    """Return groups, the largest first, then by name."""

    def order(item: tuple[str, list[_Bundle]]) -> tuple[int, str, str]:
        key, members = item
        place = min((one.place for one in members), key=_spelling).at(_LEVELS[level][0])
        return -_count(members), place.title if place else "", key

    return [members for _, members in sorted(divided.items(), key=order)]


def _count(members: list[_Bundle]) -> int:
    return sum(len(one.numbers) for one in members)


def _wide(photo: object) -> bool:
    width, height = getattr(photo, "width", 0), getattr(photo, "height", 0)
    if getattr(photo, "orientation", 1) >= 5:  # Exif 2.32, 4.6.4: 5 to 8 swap rows and columns
        width, height = height, width
    return (
        isinstance(width, int) and isinstance(height, int) and 1.2 * height <= width <= 2.4 * height
    )
