"""Online geocoders, for apps that choose one by hand: told as little as can be."""

from __future__ import annotations

import copy
import math
import os
import random
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from photoprivacy.errors import GeocoderUnavailable
from photoprivacy.geo import Coordinates, Geocoder, Place
from photoprivacy.places._answers import BadAnswer, place_from
from photoprivacy.places._asked import AnswerCache
from photoprivacy.places._gazetteer import Gazetteer
from photoprivacy.places._home import HomeZone

#: Width of the cells whose centres are sent: 0.05 degrees are about 5 km.
_CELL: Final = 0.05
#: Finer cells would be positions.
_FINEST: Final = 0.01
#: Seconds between two requests of this process, to whomever: the policy of OpenStreetMap's
#: Nominatim ("an absolute maximum of 1 request per second", over all users of an application).
_PACE: Final = 1.0
#: Longest answer that is read, in bytes.
_LONGEST: Final = 1 << 20
#: Nominatim's zoom that answers with a city's parts and not with a house.
_ZOOM: Final = 14


class GeopyGeocoder:
    """Names points by an online service, through any geopy geocoder.

    Nothing of this library makes one by itself. The offline `Gazetteer` is asked first; at
    sea, and in a home zone, nothing is sent. What is sent are centres of coarse cells, each
    once, in shuffled order, one request a second for the whole process; never a position,
    a time or a file name. The service's names are taken where it agrees with the gazetteer
    about the country; points and time zones stay the gazetteer's.

    A service that asks for less (HTTP 429) or refuses (403) is left alone from then on: until
    the time it named, or for good. Redirects are not followed: a cell is sent to the service
    that was chosen, and to nobody it names.

    Safe to use from several threads.

    Args:
        geocoder: A synchronous geopy geocoder (``Nominatim``, ``Photon``, ``Pelias``, …) with
            a user agent of the app's own.
        cache: A SQLite file that keeps answers; without one they live as long as this value.
        cell: Width of cells in degrees, 0.01 at the finest.
        homes: Zones whose photos are never asked about.
        language: In which language to answer, if the service speaks several.
        offline: Who is asked first.

    Raises:
        ValueError: The user agent is geopy's own, or the cells are finer than 0.01 degrees.
        TypeError: The geocoder is not a synchronous geocoder of geopy.
        PlaceError: The cache is damaged.
    """

    def __init__(
        self,
        geocoder: Any,
        *,
        cache: str | os.PathLike[str] | None = None,
        cell: float = _CELL,
        homes: Iterable[HomeZone] = (),
        language: str = "",
        offline: Geocoder | None = None,
    ) -> None:
        if not _FINEST <= cell <= 10:
            raise ValueError("cell is a width from 0.01 to 10 degrees")
        self._geocoder = _checked(geocoder)
        self._cell = cell
        self._homes = tuple(homes)
        self._offline = Gazetteer() if offline is None else offline
        self._words = _words(geocoder, language)
        kind = type(geocoder).__name__
        service = f"{kind} {getattr(geocoder, 'domain', '')} {language} {cell:g}"
        self._cache = AnswerCache(cache, service)
        self._standing = _Standing()

    def __repr__(self) -> str:
        return f"GeopyGeocoder({type(self._geocoder).__name__})"

    def reverse(self, at: Coordinates, /) -> Place | None:
        """Return the place of a point.

        Raises:
            GeocoderUnavailable: The service did not answer, refused, or answered nonsense.
            PlaceError: The cache or the table of places is damaged.
        """
        return self.reverse_many((at,))[0]

    def reverse_many(self, points: Iterable[Coordinates]) -> list[Place | None]:
        """Return the places of many points, in their order; each cell is asked about once.

        What was answered before an error is kept: asking again goes on where it stopped.

        Raises:
            GeocoderUnavailable: The service did not answer, refused, or answered nonsense.
            PlaceError: The cache or the table of places is damaged.
        """
        known = list(points)
        places = self._named_offline(known)
        cells = [
            self._cell_of(at) if place is not None and self._askable(at, place) else None
            for at, place in zip(known, places, strict=True)
        ]
        answers: dict[tuple[int, int], Place | None] = {}
        unknown = []
        for cell in dict.fromkeys(cell for cell in cells if cell is not None):
            kept = self._cache.get(f"{cell[0]}/{cell[1]}")
            if kept is None:
                unknown.append(cell)
            else:
                answers[cell] = kept[0]
        # In the order of photos, requests would draw a way.
        random.SystemRandom().shuffle(unknown)
        for cell in unknown:
            answers[cell] = self._ask(cell)
        return [
            place if cell is None else _merged(place, answers[cell])
            for place, cell in zip(places, cells, strict=True)
        ]

    def avoiding(self, homes: Iterable[HomeZone]) -> GeopyGeocoder:
        """Return this geocoder with further zones that it never asks about.

        Both are one in everything else: answers, pace, and whether the service refused.
        """
        other = copy.copy(self)
        other._homes = (*self._homes, *homes)  # noqa: SLF001 - its own kind
        return other

    def close(self) -> None:
        """Close the cache's file."""
        self._cache.close()

    def _named_offline(self, points: Sequence[Coordinates]) -> list[Place | None]:
        if isinstance(self._offline, Gazetteer):
            return self._offline.reverse_many(points)
        return [self._offline.reverse(at) for at in points]

    def _askable(self, at: Coordinates, place: Place) -> bool:
        north, east = self._cell_of(at)
        box = (north, north + 1, east, east + 1)
        # A cell that only touches a zone is not asked about either.
        return not any(
            zone.hides(place, at=at) or zone.cell.touches(*(edge * self._cell for edge in box))
            for zone in self._homes
        )

    def _cell_of(self, at: Coordinates) -> tuple[int, int]:
        return math.floor(at.latitude / self._cell), math.floor(at.longitude / self._cell)

    def _ask(self, cell: tuple[int, int]) -> Place | None:
        north, east = ((number + 0.5) * self._cell for number in cell)
        with _turn:
            self._standing.check()
            _turn.wait()
            place = self._answer(round(min(north, 90.0), 6), round(min(east, 180.0), 6))
        self._cache.put(f"{cell[0]}/{cell[1]}", place)
        return place

    def _answer(self, latitude: float, longitude: float) -> Place | None:
        from geopy import exc

        try:
            found = self._geocoder.reverse((latitude, longitude), exactly_one=True, **self._words)
            return None if found is None else place_from(getattr(found, "raw", None))
        except exc.GeocoderRateLimited as error:
            raise self._standing.stop("the geocoder asks for less", error.retry_after) from None
        except (exc.GeocoderInsufficientPrivileges, exc.GeocoderAuthenticationFailure):
            raise self._standing.stop("the geocoder refuses to answer") from None
        except exc.GeocoderQuotaExceeded:
            raise self._standing.stop("the geocoder's quota is used up") from None
        except exc.GeocoderTimedOut:
            raise GeocoderUnavailable("the geocoder took too long") from None
        except (exc.GeocoderParseError, BadAnswer):
            raise GeocoderUnavailable("the geocoder answered what no geocoder says") from None
        except exc.GeopyError:
            # Its message may hold the address, and that the cell.
            raise GeocoderUnavailable("the geocoder cannot be reached") from None
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            # What geopy's own readers raise about answers out of schema.
            raise GeocoderUnavailable("the geocoder answered what no geocoder says") from None


class _Standing:
    """Whether a service may be asked: it may say not to, for a while or for good."""

    def __init__(self) -> None:
        self._why = ""
        self._after: float | None = None
        self._until = -math.inf

    def check(self) -> None:
        """Raise again what the service said, as long as it holds."""
        if time.monotonic() < self._until:
            raise GeocoderUnavailable(self._why, retry_after=self._after)

    def stop(self, why: str, retry_after: float | None = None) -> GeocoderUnavailable:
        """Return the error to raise, and ask no more until then."""
        self._why, self._after = why, retry_after
        self._until = math.inf if retry_after is None else time.monotonic() + retry_after
        return GeocoderUnavailable(why, retry_after=retry_after)


class _Turn:
    """One request at a time, and a second between them, for the whole process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = -math.inf

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *error: object) -> None:
        self._lock.release()

    def wait(self) -> None:
        """Wait until a second after the last request. Inside the turn only."""
        left = self._last + _PACE - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._last = time.monotonic()


#: The one state of this module: services count requests by process, not by value.
_turn: Final = _Turn()


def _merged(offline: Place | None, online: Place | None) -> Place | None:
    """Return the service's names with the gazetteer's point and time zone.

    The centre of a cell can lie across a border: who is asked about Windsor and answers
    Detroit is not believed.
    """
    if offline is None or online is None:
        return offline
    if online.country_code not in {"", offline.country_code}:
        return offline
    # A key made of the service's names; the gazetteer's point only where it is that town's.
    point = offline.coordinates if online.city in {"", offline.city} else None
    return attrs.evolve(
        online,
        country_code=offline.country_code,
        country=online.country or offline.country,
        coordinates=point if online.city else None,
        timezone=offline.timezone,
        key="",
    )


def _checked(geocoder: Any) -> Any:
    """Return *geocoder* with an adapter that follows no redirect, if it is fit to be asked."""
    from geopy.adapters import BaseSyncAdapter, RequestsAdapter, URLLibAdapter
    from geopy.geocoders import options

    adapter = getattr(geocoder, "adapter", None)
    if not isinstance(adapter, BaseSyncAdapter) or not hasattr(geocoder, "reverse"):
        raise TypeError("geocoder is a synchronous geocoder of geopy that can reverse")
    agent = str(getattr(geocoder, "headers", {}).get("User-Agent", ""))
    if not agent or agent == options.default_user_agent or agent.startswith("geopy/"):
        raise ValueError("the geocoder needs a user agent of the app's own")
    # An adapter that the app wrote itself stays: it knows what it does.
    if type(adapter) in {RequestsAdapter, URLLibAdapter}:
        geocoder.adapter = _strict(geocoder.proxies, geocoder.ssl_context)
    return geocoder


def _strict(proxies: Any, ssl_context: Any) -> Any:
    import urllib.request

    from geopy.adapters import URLLibAdapter

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: Any, **_words: Any) -> None:
            """Follow nothing; urllib then reports the redirect as an error."""

    class Strict(URLLibAdapter):  # type: ignore[misc] # geopy is not typed
        def __init__(self) -> None:
            super().__init__(proxies=proxies, ssl_context=ssl_context)
            handlers: list[urllib.request.BaseHandler] = [
                urllib.request.HTTPSHandler(context=ssl_context),
                NoRedirect(),
            ]
            if proxies is not None:
                handlers.append(urllib.request.ProxyHandler(proxies))
            self.urlopen = urllib.request.build_opener(*handlers).open

        def _decode_page(self, page: Any) -> str:
            data = page.read(_LONGEST + 1)
            if len(data) > _LONGEST:
                raise BadAnswer("the answer is too long")
            return str(data.decode(page.headers.get_content_charset() or "utf-8", "replace"))

    return Strict()


def _words(geocoder: Any, language: str) -> dict[str, object]:
    """Return the options that this geocoder's ``reverse`` takes."""
    import inspect

    taken = inspect.signature(geocoder.reverse).parameters
    wanted = {"language": language or None, "zoom": _ZOOM, "addressdetails": True}
    return {name: value for name, value in wanted.items() if name in taken and value is not None}
