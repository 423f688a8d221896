"""Where on Earth: values only. Nothing here looks anything up."""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Callable, Iterable
from typing import Final, Protocol, Self

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

    @classmethod
    def from_exif(
        cls,
        latitude: Iterable[_Number],
        latitude_ref: str,
        longitude: Iterable[_Number],
        longitude_ref: str,
    ) -> Self:
        """Return the point that Exif's GPS tags spell (Exif 3.0, 4.6.6: 0x0001 to 0x0004).

        Args:
            latitude: Degrees, and maybe minutes and seconds, as numbers or as pairs of a
                numerator and a denominator.
            latitude_ref: ``"N"`` or ``"S"``.
            longitude: As *latitude*.
            longitude_ref: ``"E"`` or ``"W"``.

        Raises:
            ValueError: A hemisphere is missing, a number is none, or the point is not on Earth.

        >>> at = Coordinates.from_exif((48, 51, (3024, 100)), "N", (2, 17, 40), "E")
        >>> round(at.latitude, 4)
        48.8584
        """
        return cls(
            latitude=_signed(_sexagesimal(latitude), latitude_ref, "NS"),
            longitude=_signed(_sexagesimal(longitude), longitude_ref, "EW"),
        )

    @classmethod
    def from_xmp(cls, latitude: str, longitude: str) -> Self:
        """Return the point that two GPSCoordinate texts spell (ISO 16684-2, exif namespace).

        Raises:
            ValueError: A text is none, names no hemisphere, or the point is not on Earth.

        >>> round(Coordinates.from_xmp("48,51.504N", "2,17,40E").latitude, 4)
        48.8584
        """
        return cls(latitude=_gps_text(latitude, "NS"), longitude=_gps_text(longitude, "EW"))

    @classmethod
    def from_iso6709(cls, text: str) -> Self:
        """Return the point that ISO 6709, Annex H spells, its height and system left aside.

        Degrees, degrees and minutes, or degrees, minutes and seconds, by the number of digits:
        ``"+48.8584+002.2945/"``, ``"+4851.504+00217.670/"``, ``"+485130.2+0021740.2+35CRS…/"``.

        Raises:
            ValueError: The text spells no point, or one that is not on Earth.

        >>> round(Coordinates.from_iso6709("+4851.504+00217.670/").latitude, 4)
        48.8584
        """
        found = _ISO_6709.match(text.strip())
        if found is None:
            raise ValueError("not a point by ISO 6709")
        return cls(latitude=_packed(found[1], 2), longitude=_packed(found[2], 3))

    @property
    def suspect(self) -> bool:
        """Whether this is exactly (0, 0), which devices write when they know nothing."""
        return self.latitude == 0 and self.longitude == 0


#: A number, or a numerator over a denominator.
_Number = float | tuple[float, float]

#: Sign and digits of a latitude and of a longitude, then a height, a system, or the end.
_ISO_6709: Final = re.compile(r"([+-]\d{1,6}(?:\.\d{0,20})?)([+-]\d{1,7}(?:\.\d{0,20})?)", re.ASCII)
_GPS_TEXT: Final = re.compile(
    r"(\d{1,3}),(\d{1,2}(?:\.\d{1,20})?)(?:,(\d{1,2}(?:\.\d{1,20})?))?([NSEW])", re.ASCII
)


def _sexagesimal(parts: Iterable[_Number]) -> float:
    """Return degrees from degrees, minutes and seconds, of which the later may be missing."""
    total, numbers = 0.0, list(parts)
    if not 1 <= len(numbers) <= 3:
        raise ValueError("a coordinate is degrees, minutes and seconds")
    for number, unit in zip(numbers, (1, 60, 3600), strict=False):
        top, bottom = number if isinstance(number, tuple) else (number, 1)
        if bottom == 0 and top == 0 and unit == 3600:
            continue  # seconds of 0/0 are how some devices say that there are none
        # Some round 59.99 seconds up to 60, which is the next minute and no mistake.
        if bottom == 0 or not 0 <= top / bottom <= (180 if unit == 1 else 60):
            raise ValueError("a part of a coordinate is out of range")
        total += top / bottom / unit
    return total


def _signed(value: float, reference: str, letters: str) -> float:
    letter = reference.strip("\x00 ")[:1].upper()
    if not letter or letter not in letters:
        # Without a hemisphere a number names two places.
        raise ValueError("a coordinate without its hemisphere")
    return -value if letter == letters[1] else value


def _gps_text(text: str, letters: str) -> float:
    found = _GPS_TEXT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a coordinate as XMP writes it")
    parts = [float(part) for part in found.groups()[:3] if part is not None]
    return _signed(_sexagesimal(parts), found[4], letters)


def _packed(text: str, width: int) -> float:
    """Return degrees from ``"+DD.D"``, ``"+DDMM.M"`` or ``"+DDMMSS.S"``; longitudes have DDD."""
    sign, digits = text[0], text[1:]
    whole = len(digits.partition(".")[0])
    if whole <= width:  # some write fewer digits of a degree than the standard asks for
        value = float(digits)
    elif whole == width + 2:
        value = _sexagesimal((float(digits[:width]), float(digits[width:])))
    elif whole == width + 4:
        value = _sexagesimal(
            (float(digits[:width]), float(digits[width : width + 2]), float(digits[width + 2 :]))
        )
    else:
        raise ValueError("not a point by ISO 6709")
    return -value if sign == "-" else value


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
        if parts[0] != self.country_code:
            # Somebody's own spelling: how sharp its beginning is, nobody knows.
            parts = _key_of(self).split("/")
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
