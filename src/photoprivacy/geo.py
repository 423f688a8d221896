"""Where on Earth: values only. Nothing here looks anything up."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from typing import Protocol, Self

import attrs


class OrderedEnum(enum.Enum):
    """Members compare by position: the first one says least."""

    @property
    def rank(self) -> int:
        """Position among the members, from 0."""
        return list(type(self)).index(self)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the member whose value is *text*, in upper or lower case.

        Raises:
            ValueError: There is no such member.
        """
        try:
            return cls(text.strip().lower())
        except ValueError:
            msg = f"one of: {', '.join(member.value for member in cls)}"
            raise ValueError(msg) from None

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.rank <= other.rank if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.rank > other.rank if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.rank >= other.rank if isinstance(other, type(self)) else NotImplemented


class Precision(OrderedEnum):
    """How sharply a location may be told, from not at all to exactly.

    >>> Precision.parse("city") < Precision.EXACT
    True
    """

    NONE = "none"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    EXACT = "exact"


class PlaceLevel(OrderedEnum):
    """The levels by which places nest."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    NEIGHBOURHOOD = "neighbourhood"


def _degrees(limit: float) -> Callable[[object, attrs.Attribute[float], object], None]:
    def check(_instance: object, attribute: attrs.Attribute[float], value: object) -> None:
        # bool is an int; neither a latitude nor a longitude.
        if isinstance(value, bool) or not isinstance(value, int | float):
            msg = f"{attribute.name} is a number of degrees"
            raise TypeError(msg)
        if not math.isfinite(value) or abs(value) > limit:
            # Never wrapped: 181° is a mistake, not -179°. The value itself is private.
            msg = f"{attribute.name} is outside ±{limit:g} degrees or not finite"
            raise ValueError(msg)

    return check


@attrs.frozen(kw_only=True)
class Coordinates:
    """A point on Earth in WGS 84 degrees, hidden in its own ``repr``.

    Attributes:
        latitude: Degrees north of the equator, -90 to 90.
        longitude: Degrees east of Greenwich, -180 to 180. Never wrapped.

    Raises:
        ValueError: A coordinate is out of range, infinite or NaN.
        TypeError: A coordinate is not a number.

    >>> Coordinates(latitude=48.8584, longitude=2.2945)
    Coordinates(…)
    """

    latitude: float = attrs.field(validator=_degrees(90), repr=False)
    longitude: float = attrs.field(validator=_degrees(180), repr=False)

    def __repr__(self) -> str:
        return "Coordinates(…)"

    @property
    def suspect(self) -> bool:
        """Whether this is exactly (0, 0), which devices write when they know nothing."""
        return self.latitude == 0 and self.longitude == 0


def _key_of(place: Place) -> str:
    """Return a key made of names, for those who have no table with numbers in it."""
    names = (place.country_code, place.region, place.city, place.neighbourhood)
    parts = [name.replace("/", "-") for name in names]
    while parts and not parts[-1]:
        parts.pop()
    return "/".join(parts) if place.country_code else ""


@attrs.frozen(kw_only=True, repr=False)
class Place:
    """A named place, as far as it may be told. Its names are hidden in its ``repr``.

    Attributes:
        country_code: ISO 3166-1 alpha-2, or ``""``.
        country: Name of the country, or ``""``.
        region: First-order division (state, province, Land), or ``""``.
        city: City, town or village, or ``""``.
        neighbourhood: Section of that city, or ``""``.
        key: Stable identifier cut at the same level: ``"FR"``, ``"FR/11"``, ``"FR/11/2988507"``;
            made of the names when none is given.
        coordinates: The place's own point in the gazetteer. Never a photo's point.
        timezone: IANA name, or ``""``.
        source: Who says so: ``""`` for a geocoder, ``"owner"`` for a correction by hand,
            ``"inferred"`` for a guess from photos taken just before and after.
    """

    country_code: str = ""
    country: str = ""
    region: str = ""
    city: str = ""
    neighbourhood: str = ""
    key: str = ""
    coordinates: Coordinates | None = None
    timezone: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", _key_of(self))

    def __repr__(self) -> str:
        return f"Place(…, level={self.level.value!r})" if self.level else "Place()"

    @property
    def level(self) -> PlaceLevel | None:
        """The finest level that has a name, or ``None`` when nothing is named."""
        if self.neighbourhood:
            return PlaceLevel.NEIGHBOURHOOD
        if self.city:
            return PlaceLevel.CITY
        if self.region:
            return PlaceLevel.REGION
        return PlaceLevel.COUNTRY if self.country_code else None

    @property
    def inferred(self) -> bool:
        """Whether this is a guess. It is shown as one, and never written into a file."""
        return self.source == "inferred"

    @property
    def title(self) -> str:
        """The name a person would use: the finest one there is."""
        return self.neighbourhood or self.city or self.region or self.country

    def at(self, precision: Precision) -> Place | None:
        """Return this place told no sharper than *precision*; ``None`` for `Precision.NONE`.

        A region or a country carries no point and no time zone: a pin in the
        middle of a region marks a stranger's house, and a time zone can be
        narrower than the region itself.
        """
        if precision is Precision.NONE or not self.country_code:
            return None
        parts = self.key.split("/")
        # That it is a guess is told, that the owner corrected it is not.
        source = self.source if self.inferred else ""
        if precision is Precision.COUNTRY:
            return Place(
                country_code=self.country_code,
                country=self.country,
                key=parts[0],
                source=source,
            )
        if precision is Precision.REGION:
            return Place(
                country_code=self.country_code,
                country=self.country,
                region=self.region,
                key="/".join(parts[:2]) if self.region else parts[0],
                source=source,
            )
        if precision is Precision.CITY:
            key = "/".join(parts[:3])
            return attrs.evolve(self, neighbourhood="", key=key, timezone="", source=source)
        return self if self.source == source else attrs.evolve(self, source=source)


class Geocoder(Protocol):
    """Anything that can name a point. `Gazetteer` is one, `GeopyGeocoder` another."""

    def reverse(self, at: Coordinates, /) -> Place | None:
        """Return the place of a point, or ``None`` when nothing has a name there.

        The place's own point belongs to the place: the middle of its town, never the point
        that was asked for, nor an address beside it. Where a geocoder other than `Gazetteer`
        answers with a point so near, photos are named and not pinned.

        Raises:
            PlaceError: The place could not be looked up.
        """
        ...
