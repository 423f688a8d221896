"""Trips: photos away from home that belong together in time and space, named by their places."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Generic

import attrs

from photoprivacy.geo import Place, Precision
from photoprivacy.places._home import HomeZone
from photoprivacy.places._moments import P, found, instant, position, taken

#: Away without a photo for longer, and in another country then: another trip.
_CHANGE: Final = dt.timedelta(hours=36)
#: Away without a photo for longer: another trip, wherever it goes on.
_PAUSE: Final = dt.timedelta(days=5)
#: Who stays longer lives there.
_LONGEST: Final = dt.timedelta(days=92)
#: Without a home: whoever takes so many photos, on so many days, over so long, lives there.
_PHOTOS, _DAYS, _RANGE = 10, 5, dt.timedelta(days=90)
#: No gap between these days may be longer than this part of their range (two visits are no home).
_GAP: Final = 0.6
#: A place of less than this part of a trip's photos does not name it.
_SHARE: Final = 0.1
#: So many names are said; more are said as what they lie in.
_NAMES: Final = 3


@attrs.frozen(kw_only=True)
class Trip(Generic[P]):
    """Photos of one trip, with a night away from home at least.

    Attributes:
        title: ``"Lisbon and Sintra"``, ``"Japan"``.
        first: Its first day as an ISO 8601 date.
        last: Its last day.
        places: Where it went, in that order, each once, told as cities at the finest.
        photos: In the order they were taken, those without a place included.
    """

    title: str = attrs.field(repr=False)
    first: str = attrs.field(repr=False)
    last: str = attrs.field(repr=False)
    places: tuple[Place, ...] = attrs.field(repr=False)
    photos: tuple[P, ...]

    @property
    def count(self) -> int:
        """How many photos there are."""
        return len(self.photos)


@attrs.frozen
class _Shot(Generic[P]):
    at: dt.datetime
    day: str
    photo: P
    place: Place | None


def find_trips(
    photos: Iterable[P], *, home: HomeZone | Iterable[HomeZone] | None = None
) -> tuple[Trip[P], ...]:
    """Return the trips among *photos*, the oldest first.

    Photos are ordered by time; a stay away from home goes on until a photo of home, until five
    days without a photo, or until the next photo after a day and a half is of another country.
    It is a trip if it has a night in it. Photos without a day or without a place start none.

    Args:
        photos: Anything with a place or a position, and with a time: an owner's photos or a
            recipient's, whose trips then follow from what that recipient may see.
        home: Where the owner lives, on the owner's side. Without it, places with photos on
            many days over months count as home.

    Raises:
        PlaceError: The table of places is missing or damaged.
    """
    shots = _shots(photos)
    zones = (home,) if isinstance(home, HomeZone) else tuple(home or ())
    usual = frozenset() if zones else _usual(shots)
    trips = []
    stay: list[_Shot[P]] = []
    pending: list[_Shot[P]] = []
    for shot in shots:
        if shot.place is None:
            if stay:
                pending.append(shot)
            continue
        at_home = _key(shot.place) in usual or any(
            zone.hides(shot.place, at=position(shot.photo)) for zone in zones
        )
        if stay and (at_home or _parted(stay[-1], shot)):
            trips += _trip(stay)
            stay, pending = [], []
        if not at_home:
            # Between two photos of the trip, one without a place belongs to it.
            stay += [*pending, shot]
            pending = []
    return tuple(trips + _trip(stay))


def _shots(photos: Iterable[P]) -> list[_Shot[P]]:
    shots = []
    for photo, place in zip(*found(photos, None), strict=True):
        at = instant(photo, place)
        if at is not None:
            shots.append(_Shot(at, taken(photo)[:10], photo, place))
    return sorted(shots, key=lambda shot: shot.at)


def _parted(last: _Shot[P], shot: _Shot[P]) -> bool:
    gap = shot.at - last.at
    if gap > _PAUSE:
        return True
    one, other = (each.place.country_code if each.place else "" for each in (last, shot))
    return gap > _CHANGE and one != other


def _usual(shots: Sequence[_Shot[P]]) -> frozenset[str]:
    """Return the keys of places where someone lives, by the photos alone."""
    days: dict[str, list[str]] = {}
    for shot in shots:
        if shot.place is not None:
            days.setdefault(_key(shot.place), []).append(shot.day)
    usual = set()
    for key, found_days in days.items():
        distinct = [dt.date.fromisoformat(day) for day in sorted(set(found_days))]
        span = distinct[-1] - distinct[0]
        gaps = [later - one for one, later in itertools.pairwise(distinct)]
        if (
            len(found_days) >= _PHOTOS
            and len(distinct) >= _DAYS
            and span >= _RANGE
            and max(gaps) <= span * _GAP
        ):
            usual.add(key)
    return frozenset(usual)


def _trip(stay: Sequence[_Shot[P]]) -> list[Trip[P]]:
    if not stay or stay[0].day == stay[-1].day or stay[-1].at - stay[0].at > _LONGEST:
        return []
    places: dict[str, Place] = {}
    counts: Counter[str] = Counter()
    for shot in stay:
        place = shot.place.at(Precision.CITY) if shot.place else None
        if place is not None:
            places.setdefault(place.key, attrs.evolve(place, source=""))
            counts[place.key] += 1
    return [
        Trip(
            title=_title(list(places.values()), counts),
            first=min(shot.day for shot in stay),
            last=max(shot.day for shot in stay),
            places=tuple(places.values()),
            photos=tuple(shot.photo for shot in stay),
        )
    ]


def _title(places: Sequence[Place], counts: Counter[str]) -> str:
    total = counts.total()
    main = [place for place in places if counts[place.key] >= _SHARE * total] or list(places)
    main.sort(key=lambda place: (-counts[place.key], place.key))
    countries = _names(main, "country")
    if len(countries) != 1:
        return _joined(countries)
    if len(cities := _names(main, "title")) <= _NAMES:
        return _joined(cities)
    regions = _names(main, "region")
    return regions[0] if len(regions) == 1 else countries[0]


def _names(places: Iterable[Place], part: str) -> list[str]:
    return list(dict.fromkeys(name for place in places if (name := getattr(place, part))))


def _joined(names: Sequence[str]) -> str:
    """Return names as a person says them.

    >>> _joined(["Lisbon", "Sintra"]), _joined(["A", "B", "C", "D"])
    ('Lisbon and Sintra', 'A, B, C and elsewhere')
    """
    said = list(names) if len(names) <= _NAMES else [*names[:_NAMES], "elsewhere"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _key(place: Place) -> str:
    return "/".join(place.key.split("/")[:3])
