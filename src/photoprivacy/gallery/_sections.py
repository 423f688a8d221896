"""Sections, places and trips: which photos of an album stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from photoprivacy.gallery._languages import Language
from photoprivacy.gallery._photos import PhotoView, ratio
from photoprivacy.gallery._place_names import PlaceNames
from photoprivacy.gallery._shown import Shown
from photoprivacy.geo import Place, Precision
from photoprivacy.library import SharedPhoto

#: Names that a line says before it says what they lie in.
_MOST_NAMES: Final = 3
#: Rows' heights up to which a section shares its row with others.
_SHORT: Final = 3.4


@attrs.frozen(kw_only=True, repr=False)
class PlaceView:
    """A place of the album; the last one may be for photos that have none."""

    number: int
    title: str
    within: str
    count: int
    first: int
    place: Place | None


@attrs.frozen(kw_only=True, repr=False)
class TripView:
    """A trip of the album."""

    number: int
    title: str
    when: str
    count: int
    first: int


@attrs.frozen(kw_only=True, repr=False)
class Section:
    """Photos that stand below one heading.

    Attributes:
        number: From 1.
        title: Its heading.
        facts: What is said below that.
        heading: Whether the heading is seen.
        first: The number of its first photo.
        photos: All of them.
        drawn: Those that the page brings along; the script asks for the others.
        span: How many rows' heights wide it is, if it shares its row with others; else 0.
    """

    number: int
    title: str
    facts: tuple[str, ...]
    heading: bool
    first: int
    photos: tuple[SharedPhoto, ...]
    drawn: tuple[PhotoView, ...]
    span: float

    @property
    def id(self) -> str:
        """Its name within the page."""
        return f"part-{self.number}"

    @property
    def count(self) -> int:
        """How many photos it has."""
        return len(self.photos)

    @property
    def before(self) -> int:
        """How many photos there are before those that are drawn."""
        return self.drawn[0].number - self.first if self.drawn else self.count

    @property
    def after(self) -> int:
        """How many there are after them."""
        return self.count - self.before - len(self.drawn)


def span(photos: Sequence[SharedPhoto]) -> float:
    """Return how many rows' heights wide *photos* are side by side, or 0 for a row and more."""
    # No photo counts for less than half a row's height, so that seven are too many.
    total = round(sum(ratio(photo) for photo in photos[:7]), 2)
    return total if total <= _SHORT else 0


#: A group of photos: its place, if it is one's, and its members in the order they were taken.
Group = tuple[Place | None, Sequence[SharedPhoto]]


def by_place(photos: Iterable[SharedPhoto]) -> list[Group]:
    """Return *photos* by city: in the order of time, those without a place last."""
    groups: dict[str, list[SharedPhoto]] = {}
    for photo in photos:
        groups.setdefault(key(photo), []).append(photo)
    for members in groups.values():
        members.sort(key=rank)
    ordered = sorted(groups.items(), key=lambda group: (not group[0], rank(group[1][0])))
    return [(_city(members[0]), members) for _, members in ordered]


def by_day(photos: Iterable[SharedPhoto]) -> list[tuple[str, list[SharedPhoto]]]:
    """Return *photos* by day, or by what is told of it, those without one last."""
    groups: dict[str, list[SharedPhoto]] = {}
    for photo in sorted(photos, key=rank):
        groups.setdefault((photo.taken or "")[:10], []).append(photo)
    return sorted(groups.items(), key=lambda group: (not group[0], rank(group[1][0])))


def trips(
    album: Shown, language: Language, names: PlaceNames, numbers: dict[str, int]
) -> tuple[tuple[TripView, ...], dict[str, int]]:
    """Return the trips that are neither a place nor the whole album, and each photo's.

    Args:
        album: Whose.
        language: In which words.
        names: What places are called in them.
        numbers: Photo's name → its position on the page.
    """
    every = Counter(key(photo) for photo in album.photos)
    # A trip that is a place, or the whole album, is one that the page shows already.
    found = [
        trip
        for trip in album.trips
        if trip.count < len(numbers) and {trip.count} != {every[one.key] for one in trip.places}
    ]
    views = tuple(
        TripView(
            number=number,
            title=language.comma.join(_around(trip.places, names)),
            when=language.span(trip.first, trip.last),
            count=trip.count,
            first=min(numbers[photo.id] for photo in trip.photos),
        )
        for number, trip in enumerate(found, 1)
    )
    return views, {
        photo.id: number for number, trip in enumerate(found, 1) for photo in trip.photos
    }


def said(places: Iterable[Place], names: PlaceNames, language: Language) -> str:
    """Return up to three of *places* in words, more as the countries that they lie in."""
    return language.comma.join(_around(tuple(places), names))


def _around(places: Sequence[Place], names: PlaceNames) -> list[str]:
    towns = list(dict.fromkeys(names.title(place) for place in places))
    if len(towns) <= _MOST_NAMES:
        return towns
    wide = (place.at(Precision.COUNTRY) for place in places)
    lands = list(dict.fromkeys(names.title(place) for place in wide if place))
    return lands if len(lands) <= _MOST_NAMES else [*lands[:_MOST_NAMES], "…"]


def key(photo: SharedPhoto) -> str:
    """Return what photos of one place have in common."""
    place = photo.place
    # As `Place.at` cuts it: a neighbourhood would cut a day in one city into pieces.
    return "/".join(place.key.split("/")[:3]) if place and place.country_code else ""


def _city(photo: SharedPhoto) -> Place | None:
    return photo.place.at(Precision.CITY) if photo.place else None


def rank(photo: SharedPhoto) -> int:
    """Return the position in which it was taken, also where it is not told when."""
    return photo.rank
