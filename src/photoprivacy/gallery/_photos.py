"""One photo of the page: words, shape and size, from what is shared of it."""

from __future__ import annotations

import attrs

from photoprivacy.gallery._languages import Language
from photoprivacy.gallery._place_names import PlaceNames
from photoprivacy.gallery._shown import Shown
from photoprivacy.library import SIZES, Rendition, SharedPhoto


@attrs.frozen(kw_only=True, repr=False)
class PhotoView:
    """One photo of the page.

    Attributes:
        number: Its position on the page, from 1.
        id: Its name in addresses.
        alt: What is read out in its stead.
        caption: The owner's words.
        where: Its place in words.
        when: Its day in words.
        place: The number of its place, as in `Page.places`; 0 for none.
        trip: The number of its trip; 0 for none.
        ratio: Width by height, of the row's share that it takes.
        color: Three digits.
        largest: The largest size to look at.
        width: Pixels across of that one.
        height: Pixels down of that one.
        thumb_width: Pixels across of the smallest one.
        whole: Whether it may be taken in full resolution.
        moves: Whether a video belongs to it that may be played.
    """

    number: int
    id: str
    alt: str
    caption: str
    where: str
    when: str
    place: int
    trip: int
    ratio: float
    color: str
    largest: str
    width: int
    height: int
    thumb_width: int
    whole: bool
    moves: bool

    @property
    def anchor(self) -> str:
        """Its name within the page, for links to it."""
        return f"photo-{self.number}"

    @property
    def classes(self) -> str:
        """Its shape and colour, which album.css knows."""
        return f"r{round(self.ratio * 100)} c{self.color}"

    @property
    def sizes(self) -> str:
        """How wide it is shown, for browsers to choose a rendition by."""
        # A row is 29vw high up to 250 pixels; photos grow a little to fill it.
        return (
            f"(max-width: 862px) {min(100, round(self.ratio * 36))}vw, {round(self.ratio * 310)}px"
        )


@attrs.frozen(kw_only=True)
class Viewer:
    """Makes views of an album's photos in one language."""

    album: Shown
    language: Language
    names: PlaceNames
    largest: Rendition = attrs.field(
        init=False,
        default=attrs.Factory(lambda self: min(self.album.finest, Rendition.DISPLAY), True),
    )

    def view(self, photo: SharedPhoto, *, number: int, place: int, trip: int) -> PhotoView:
        """Return the view of *photo*."""
        language = self.language
        where = ""
        if photo.place:
            parts = self.names.title(photo.place), self.names.within(photo.place)
            where = language.comma.join(part for part in parts if part)
        when = language.day(photo.taken) if photo.taken else ""
        told = language.comma.join(part for part in (where, when) if part)
        largest = self.largest
        width, height = _fit(photo, SIZES[largest])
        drawn = (
            language.say("photo_from", told=told) if told else language.say("photo_number", number)
        )
        return PhotoView(
            number=number,
            id=photo.id,
            alt=photo.alt or photo.caption or drawn,
            caption=photo.caption,
            where=where,
            when=when,
            place=place,
            trip=trip,
            ratio=ratio(photo),
            color=short(photo.color),
            largest=largest.value,
            width=width,
            height=height,
            thumb_width=_fit(photo, SIZES[Rendition.THUMB])[0],
            whole=self.album.gives_whole(photo),
            moves=moves(photo),
        )


def moves(photo: SharedPhoto) -> bool:
    """Return whether a video belongs to *photo* that may be played."""
    return bool(getattr(photo, "moves", False))


def ratio(photo: SharedPhoto) -> float:
    """Return width by height: a panorama must not be a line, nor a scroll a column."""
    return round(min(max(photo.width / photo.height, 0.5), 3.0), 2)


def short(color: str) -> str:
    """Return a colour of four bits a channel: few classes for many photos."""
    digits = color.removeprefix("#")
    if len(digits) != 6:
        return "888"
    return "".join(f"{min(15, (int(digits[i : i + 2], 16) + 8) // 17):x}" for i in (0, 2, 4))


def _fit(photo: SharedPhoto, edge: int) -> tuple[int, int]:
    longest = max(photo.width, photo.height)
    scale = min(1.0, edge / longest)
    return max(1, round(photo.width * scale)), max(1, round(photo.height * scale))
