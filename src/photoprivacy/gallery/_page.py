"""What the album's page shows, derived from a `SharedAlbum` and nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from photoprivacy.gallery._dates import day, span
from photoprivacy.geo import Place, Precision
from photoprivacy.library import SIZES, Rendition, SharedAlbum, SharedPhoto

_LARGE: Final = 200  # photos from which browsers are told to lay out what is seen only


@attrs.frozen(kw_only=True, repr=False)
class PhotoView:
    """One photo of the page."""

    number: int
    id: str
    name: str
    alt: str
    caption: str
    where: str
    when: str
    classes: str
    sizes: str
    thumb_width: int
    largest: str
    display_width: int
    display_height: int
    whole: bool
    moves: bool

    @property
    def anchor(self) -> str:
        """Its name within the page, for links to it."""
        return f"photo-{self.number}"


@attrs.frozen(kw_only=True, repr=False)
class Section:
    """The photos of one place."""

    number: int
    title: str
    within: str
    facts: tuple[str, ...]
    heading: bool
    place: Place | None
    photos: tuple[PhotoView, ...]

    @property
    def id(self) -> str:
        """Its name within the page."""
        return f"place-{self.number}"


@attrs.frozen(kw_only=True, repr=False)
class Page:
    """The whole page."""

    title: str
    description: str
    facts: tuple[str, ...]
    until: str
    allows_download: bool
    sections: tuple[Section, ...]
    cover: PhotoView | None
    css: str
    css_version: str

    @property
    def large(self) -> bool:
        """Whether the browser should lay out what is seen only."""
        return sum(len(section.photos) for section in self.sections) > _LARGE

    @property
    def map(self) -> bool:
        """Whether any place has a point."""
        return any(one.place and one.place.coordinates for one in self.sections)


def page(album: SharedAlbum) -> Page:
    """Return the page of *album*: by place in the order of time, photos without one last."""
    sections: list[Section] = []
    number = 0
    groups = _by_place(album.photos)
    for index, (place, photos) in enumerate(groups, 1):
        views = tuple(
            _photo(number + i, photo, album.finest, whole=album.gives_whole(photo))
            for i, photo in enumerate(photos, 1)
        )
        number += len(views)
        title, within = _names(place)
        facts = [within, _count(len(views), "photo"), _when(photos)]
        sections.append(
            Section(
                number=index,
                title=title if place or len(groups) > 1 else "Photos",
                within=within,
                facts=tuple(fact for fact in facts if fact),
                heading=bool(place) or len(groups) > 1,
                place=place,
                photos=views,
            )
        )
    named = sum(1 for section in sections if section.place)
    facts = [
        _count(number, "photo") if number else "",
        _count(named, "place") if named > 1 else "",
        _when(album.photos),
    ]
    views = tuple(view for section in sections for view in section.photos)
    css = _css(album.photos)
    return Page(
        title=album.title or "Shared album",
        description=album.description,
        facts=tuple(fact for fact in facts if fact),
        until=_until(album.expires) if isinstance(album.expires, dt.datetime) else "",
        allows_download=album.allows_download,
        sections=tuple(sections),
        cover=_cover(views),
        css=css,
        # Under the share's own name, or two links of one album would have one address in common.
        css_version=hashlib.sha256(f"{album.id}{css}".encode()).hexdigest()[:8],
    )


def places_geojson(shown: Page) -> dict[str, Any]:
    """Return the page's places as GeoJSON: towns' own points and counts, never photos' points.

    A place too coarse to have a point is a feature without a geometry (RFC 7946, 3.2).
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": _point(section.place),
                "properties": {
                    "title": section.title,
                    "within": section.within,
                    "count": len(section.photos),
                    "section": section.id,
                },
            }
            for section in shown.sections
        ],
    }


def _point(place: Place | None) -> dict[str, Any] | None:
    at = place.coordinates if place else None
    return {"type": "Point", "coordinates": [at.longitude, at.latitude]} if at else None


def _by_place(photos: Iterable[SharedPhoto]) -> list[tuple[Place | None, list[SharedPhoto]]]:
    groups: dict[str, tuple[Place | None, list[SharedPhoto]]] = {}
    for photo in photos:
        # A neighbourhood would cut a day in one city into pieces.
        place = photo.place.at(Precision.CITY) if photo.place else None
        groups.setdefault(place.key if place else "", (place, []))[1].append(photo)
    for _, members in groups.values():
        members.sort(key=_moment)
    return sorted(groups.values(), key=lambda group: (group[0] is None, _moment(group[1][0])))


def _moment(photo: SharedPhoto) -> int:
    # The order in which they were taken, also where it is not told when.
    return photo.rank


def _photo(number: int, photo: SharedPhoto, finest: Rendition, *, whole: bool) -> PhotoView:
    title, within = _names(photo.place)
    where = ", ".join(part for part in (title, within) if part) if photo.place else ""
    when = day(photo.taken) if photo.taken else ""
    told = ", ".join(part for part in (where, when) if part)
    largest = min(finest, Rendition.DISPLAY)
    width, height = _fit(photo, SIZES[largest])
    ratio = _ratio(photo)
    return PhotoView(
        number=number,
        id=photo.id,
        name=photo.name,
        alt=photo.alt or photo.caption or (f"Photo from {told}" if told else f"Photo {number}"),
        caption=photo.caption,
        where=where,
        when=when,
        classes=f"r{round(ratio * 100)} c{_short(photo.color)}",
        # A row is 29vw high up to 250 pixels; photos grow a little to fill it.
        sizes=f"(max-width: 862px) {min(100, round(ratio * 36))}vw, {round(ratio * 310)}px",
        thumb_width=_fit(photo, SIZES[Rendition.THUMB])[0],
        largest=largest.value,
        display_width=width,
        display_height=height,
        whole=whole,
        moves=photo.moves,
    )


def _names(place: Place | None) -> tuple[str, str]:
    """Return a place's own name and what it lies in."""
    if place is None:
        return "Elsewhere", ""
    parts = [place.neighbourhood, place.city, place.region, place.country]
    title = place.title
    # "Luxembourg · Luxembourg · Luxembourg" says it once; regions are said only for regions' sake.
    around = [place.city if place.neighbourhood else "", place.country]
    around = [name for name in around if name and name != title]
    return title or next(filter(None, parts), place.country_code), ", ".join(around)


def _fit(photo: SharedPhoto, edge: int) -> tuple[int, int]:
    longest = max(photo.width, photo.height)
    scale = min(1.0, edge / longest)
    return max(1, round(photo.width * scale)), max(1, round(photo.height * scale))


def _ratio(photo: SharedPhoto) -> float:
    # A panorama must not be a line, nor a scroll a column.
    return round(min(max(photo.width / photo.height, 0.5), 3.0), 2)


def _short(color: str) -> str:
    """Return a colour of four bits a channel: few classes for many photos."""
    digits = color.removeprefix("#")
    if len(digits) != 6:
        return "888"
    return "".join(f"{min(15, (int(digits[i : i + 2], 16) + 8) // 17):x}" for i in (0, 2, 4))


def _css(photos: Iterable[SharedPhoto]) -> str:
    """Return the classes that the page's photos use: inline styles are not allowed."""
    rules: set[str] = set()
    for photo in photos:
        ratio = _ratio(photo)
        color = _short(photo.color)
        rules.add(f".r{round(ratio * 100)}{{--r:{ratio:g}}}")
        rules.add(f".c{color}{{--c:#{color}}}")
    return "\n".join(sorted(rules)) + "\n"


def _cover(views: Sequence[PhotoView]) -> PhotoView | None:
    wide = (one for one in views if 1.2 <= one.display_width / one.display_height <= 2.4)
    return next(wide, None)


def _when(photos: Iterable[SharedPhoto]) -> str:
    times = sorted(photo.taken for photo in photos if photo.taken)
    return span(times[0], times[-1]) if times else ""


def _until(moment: dt.datetime) -> str:
    """Return when a link ends: the day, and the minute where that day is near."""
    left = moment - dt.datetime.now(dt.UTC)
    told = moment.astimezone(dt.UTC)
    minute = f", {told:%H:%M} UTC" if left < dt.timedelta(days=2) else ""
    return f"{day(told.date().isoformat())}{minute}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
