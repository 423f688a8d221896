"""What the album's page shows, derived from a `SharedAlbum` and nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from photoprivacy.gallery._languages import Language
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._photos import PhotoView, Viewer, ratio, short
from photoprivacy.gallery._place_names import PlaceNames
from photoprivacy.gallery._sections import (
    PlaceView,
    Section,
    TripView,
    by_day,
    by_place,
    key,
    said,
    span,
    trips,
)
from photoprivacy.gallery._shown import Shown
from photoprivacy.library import SharedPhoto

_View = Callable[[SharedPhoto, int], PhotoView]

#: Photos from which browsers are told to lay out what is seen only.
_LARGE: Final = 200
#: Photos that one page brings along; the script asks for the others, links lead to them.
DRAWN: Final = 480


@attrs.frozen(kw_only=True, repr=False)
class Page:
    """The whole page."""

    title: str
    description: str
    facts: tuple[str, ...]
    until: str
    allows_download: bool
    allows_zip: bool
    webp: bool
    grouping: str
    sections: tuple[Section, ...]
    places: tuple[PlaceView, ...]
    trips: tuple[TripView, ...]
    cover: PhotoView | None
    css: str
    css_version: str
    _view: _View

    @property
    def photos(self) -> Iterator[PhotoView]:
        """All photos, in the order of the page."""
        for section in self.sections:
            for number, photo in enumerate(section.photos, section.first):
                yield self._view(photo, number)

    @property
    def count(self) -> int:
        """How many photos there are."""
        return sum(section.count for section in self.sections)

    @property
    def large(self) -> bool:
        """Whether the browser should lay out what is seen only."""
        return self.count > _LARGE

    @property
    def partial(self) -> bool:
        """Whether the page brings along a part of its photos only."""
        return any(section.before or section.after for section in self.sections)

    @property
    def map(self) -> bool:
        """Whether any place has a point."""
        return any(one.place and one.place.coordinates for one in self.places)


def page(album: Shown, options: Options, language: Language, *, first: int = 1) -> Page:
    """Return the page of *album*.

    Args:
        album: What is shared.
        options: How it is shown.
        language: In which words.
        first: The number of the photo from which on photos are brought along.
    """
    names = PlaceNames(language.code)
    towns = by_place(album.photos)
    numbered = {key(members[0]): n for n, (_, members) in enumerate(towns, 1)}
    several = len(towns) > 1
    groups = _by_day(album, language, names) if options.sections == "day" else [
        (
            names.title(place) if place else language.say("elsewhere" if several else "all_photos"),
            [names.within(place) if place else "", None, _when(photos, language)],
            bool(place) or several,
            photos,
        )
        for place, photos in towns
    ]  # fmt: skip
    ordered = [photo for *_, photos in groups for photo in photos]
    numbers = {photo.id: number for number, photo in enumerate(ordered, 1)}
    gone_on, of_trip = trips(album, language, names, numbers)
    viewer = Viewer(album=album, language=language, names=names)

    def view(photo: SharedPhoto, number: int) -> PhotoView:
        at, trip = numbered[key(photo)], of_trip.get(photo.id, 0)
        return viewer.view(photo, number=number, place=at, trip=trip)

    sections, start = [], 1
    for index, (title, facts, heading, photos) in enumerate(groups, 1):
        told = (language.say("photos", len(photos)) if fact is None else fact for fact in facts)
        part = range(max(start, first), min(start + len(photos), first + DRAWN))
        sections.append(
            Section(
                number=index,
                title=title,
                facts=tuple(fact for fact in told if fact),
                heading=heading,
                first=start,
                photos=tuple(photos),
                drawn=tuple(view(photos[number - start], number) for number in part),
                span=span(photos),
            )
        )
        start += len(photos)
    places = tuple(
        PlaceView(
            number=number,
            title=names.title(place) if place else language.say("elsewhere"),
            within=names.within(place) if place else "",
            count=len(photos),
            first=min(numbers[photo.id] for photo in photos),
            place=place,
        )
        for number, (place, photos) in enumerate(towns, 1)
    )
    named = sum(1 for one in places if one.place)
    summary = (
        language.say("photos", len(ordered)) if ordered else "",
        language.say("places", named) if named > 1 else "",
        _when(ordered, language),
    )
    css = _css(sections)
    cover = _cover(album, ordered)
    return Page(
        title=album.title or language.say("album"),
        description=album.description,
        facts=tuple(fact for fact in summary if fact),
        until=_until(album.expires, language) if isinstance(album.expires, dt.datetime) else "",
        allows_download=album.allows_download,
        allows_zip=options.zips and album.allows_download and bool(ordered),
        webp=options.webp,
        grouping=options.sections,
        sections=tuple(sections),
        places=places if named else (),
        trips=gone_on,
        cover=view(cover, numbers[cover.id]) if cover else None,
        css=css,
        # Under the share's own name, or two links of one album would have one address in common.
        css_version=hashlib.sha256(f"{album.id}{css}".encode()).hexdigest()[:8],
        view=view,
    )


def begins(number: int, count: int) -> int:
    """Return the number of the photo that the page with photo *number* begins with.

    Pages begin where others end, whatever was asked for: an album has few of them.

    Args:
        number: Of a photo, from one; one that there is not stands for the last.
        count: Photos in the album.
    """
    before = min(number, max(1, count)) - 1
    return 1 + before - before % DRAWN


_Group = tuple[str, list[str | None], bool, Sequence[SharedPhoto]]


def _by_day(album: Shown, language: Language, names: PlaceNames) -> list[_Group]:
    groups: list[_Group] = []
    days = by_day(album.photos)
    for day, photos in days:
        title = language.say("all_photos" if len(days) == 1 else "undated")
        places = {key(photo): photo.place for photo in photos if photo.place}
        facts = [said(places.values(), names, language), None]
        groups.append(
            (language.day(day) if day else title, facts, bool(day) or len(days) > 1, photos)
        )
    return groups


def places_geojson(shown: Page) -> dict[str, Any]:
    """Return the page's places as GeoJSON: towns' own points and counts, never photos' points.

    A place too coarse to have a point is a feature without a geometry (RFC 7946, 3.2).
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": _point(one),
                "properties": {
                    "title": one.title,
                    "within": one.within,
                    "count": one.count,
                    "place": one.number,
                },
            }
            for one in shown.places
        ],
    }


def _point(one: PlaceView) -> dict[str, Any] | None:
    at = one.place.coordinates if one.place else None
    return {"type": "Point", "coordinates": [at.longitude, at.latitude]} if at else None


def photos_json(shown: Page) -> dict[str, Any]:
    """Return every photo of the page, for the script to draw those that it did not bring along.

    Words and shapes that many photos share stand in tables, and photos name their rows.
    """
    words: dict[str, int] = {"": 0}
    shapes: dict[tuple[object, ...], int] = {}
    rows = []
    for photo in shown.photos:
        shape = (f"r{round(photo.ratio * 100)}", photo.width, photo.height, photo.thumb_width,
                 photo.sizes)  # fmt: skip
        row: list[object] = [
            photo.id,
            shapes.setdefault(shape, len(shapes)),
            photo.color,
            words.setdefault(photo.where, len(words)),
            words.setdefault(photo.when, len(words)),
            photo.place,
            photo.trip,
            photo.whole + 2 * photo.moves,
            words.setdefault(photo.alt, len(words)),
        ]
        rows.append([*row, photo.caption] if photo.caption else row)
    return {"words": list(words), "shapes": list(shapes), "photos": rows}


def _css(sections: Iterable[Section]) -> str:
    """Return the classes that the page uses: inline styles are not allowed."""
    rules: set[str] = set()
    shapes: set[float] = set()
    colors: set[str] = set()
    for section in sections:
        if section.span:
            rules.add(f".s{round(section.span * 100)}{{--s:{section.span:g}}}")
        for photo in section.photos:
            shapes.add(ratio(photo))
            colors.add(short(photo.color))
    rules |= {f".r{round(one * 100)}{{--r:{one:g}}}" for one in shapes}
    rules |= {f".c{one}{{--c:#{one}}}" for one in colors}
    return "\n".join(sorted(rules)) + "\n"


def _cover(album: Shown, photos: Iterable[SharedPhoto]) -> SharedPhoto | None:
    """Return the owner's choice, or the first photo that fills a wide space well."""
    wide = (photo for photo in photos if 1.2 <= ratio(photo) <= 2.4)
    return album.cover or next(wide, None)


def _when(photos: Iterable[SharedPhoto], language: Language) -> str:
    times = sorted(photo.taken for photo in photos if photo.taken)
    return language.span(times[0], times[-1]) if times else ""


def _until(moment: dt.datetime, language: Language) -> str:
    """Return when a link ends: the day, and the minute where that day is near."""
    left = moment - dt.datetime.now(dt.UTC)
    told = moment.astimezone(dt.UTC)
    day = language.day(told.date().isoformat())
    if left >= dt.timedelta(days=2):
        return day
    return language.say("until_time", day=day, time=f"{told:%H:%M}")
