"""What recipients see of a photo: built anew from what was granted, field by field."""

from __future__ import annotations

import hmac
import re
import unicodedata
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from photoprivacy._time import CapturedAt
from photoprivacy.albums import Album, Photo
from photoprivacy.geo import Place
from photoprivacy.library._derive import served_format
from photoprivacy.places import HomeZone, told
from photoprivacy.policy import TimePrecision
from photoprivacy.sharing import Grant, Rendition, Scope

# How much of an ISO 8601 time is told: the length of its prefix.
_PREFIX: Final = {
    TimePrecision.YEAR: 4,
    TimePrecision.MONTH: 7,
    TimePrecision.DAY: 10,
    TimePrecision.EXACT: 19,
}


#: Names that are remembered before they are forgotten, all at once.
_MOST_KNOWN: Final = 200_000

#: Letters that are no letter with a mark (Unicode 15, UnicodeData) → how they are spelled without.
_LETTERS: Final = str.maketrans("øØđĐðÐłŁħĦŧŦ\u0131ŋ", "oOdDdDlLhHtTin") | str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th"}
)


@attrs.frozen(kw_only=True)
class SharedPhoto:
    """A photo as recipients see it. There is no way back from it to the owner's `Photo`.

    Attributes:
        id: A name that only this share uses.
        width: Pixels across, as seen.
        height: Pixels down, as seen.
        place: Where it was taken, as sharply as granted.
        taken: When it was taken, as sharply as granted: ``"2024"``, ``"2024-05"``,
            ``"2024-05-01"`` or ``"2024-05-01T12:30:00"``, in local time, without a zone.
        name: A neutral file name, from granted values only: ``"lisbon-03.jpg"``.
        caption: The owner's words, if granted.
        alt: The owner's description, if granted.
        color: Average colour, ``"#rrggbb"``; grey while it is not known.
        format: The format of its finest granted file.
        rank: Its position in the order in which the album's photos were taken, from 0 and
            without gaps; photos without a time come last, in the owner's order. It says
            nothing of how much time went by.
        moves: Whether its moving part may be taken as a file of its own, `SharedAlbum.video`, as
            far as that is known.
    """

    id: str
    width: int
    height: int
    place: Place | None = attrs.field(default=None, repr=False)
    taken: str | None = attrs.field(default=None, repr=False)
    name: str = attrs.field(repr=False)
    caption: str = attrs.field(default="", repr=False)
    alt: str = attrs.field(default="", repr=False)
    color: str
    format: str
    rank: int = 0
    moves: bool = False


def finest(grant: Grant) -> Rendition:
    """Return the finest rendition that *grant* opens."""
    if Scope.DOWNLOAD in grant.scopes:
        return grant.rendition
    return min(grant.rendition, Rendition.DISPLAY)


def seen(
    grant: Grant, photos: Iterable[tuple[Photo, str]], homes: Iterable[HomeZone] = ()
) -> Iterator[SharedPhoto]:
    """Yield what *grant* shows of *photos*, each given with its colour.

    Inside the owner's *homes* places are told more coarsely, whatever was granted; all that
    is made of places (names, groups, trips, points) is made of what is told here.
    """
    homes = tuple(homes)
    counts: Counter[str] = Counter()
    captions = Scope.CAPTIONS in grant.scopes
    named = [(opaque_id(grant, photo), photo, color) for photo, color in photos]
    granted = [one for one in named if grant.photo is None or grant.photo == one[0]]
    digits = max(2, len(str(len(granted))))
    order = sorted(range(len(granted)), key=lambda number: _moment(granted[number][1]))
    ranks = {number: rank for rank, number in enumerate(order)}
    for number, (identity, photo, color) in enumerate(granted):
        place = place_told(grant, photo, homes)
        stem = _slug(place)
        counts[stem] += 1
        kind = served_format(photo, finest(grant))
        turned = photo.orientation >= 5  # Exif 2.32, 4.6.4: 5 to 8 swap rows and columns
        yield SharedPhoto(
            id=identity,
            width=photo.height if turned else photo.width,
            height=photo.width if turned else photo.height,
            place=place,
            taken=_cut(photo.captured_at, grant.time),
            name=f"{stem}-{counts[stem]:0{digits}}{kind.suffix}",
            caption=photo.caption if captions else "",
            alt=photo.alt if captions else "",
            color=color,
            format=kind.value,
            rank=ranks[number],
        )


def place_told(grant: Grant, photo: Photo, homes: Iterable[HomeZone]) -> Place | None:
    """Return the place that *grant*'s recipients are told: on the page, and in the file."""
    return told(photo.place, grant.location, at=photo.coordinates, homes=homes)


def opaque_id(grant: Grant, photo: Photo) -> str:
    """Return the identifier by which *grant*'s recipients know *photo*."""
    return grant.opaque("photo", photo.id)


class Names:
    """Remembers which photo a share's name for it means, and proves it by a single digest."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._all_of: dict[str, weakref.ref[Album]] = {}

    def owned(self, grant: Grant, album: Album, identity: str) -> Photo | None:
        """Return the photo of *album* that *grant*'s recipients know as *identity*."""
        known = self._all_of.get(grant.share_id)
        # Whoever makes names up has all photos named once, and not for each of them.
        if identity not in self._known and (known is None or known() is not album):
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
                self._all_of.clear()
            self._known.update((opaque_id(grant, photo), photo.id) for photo in album.photos)
            self._all_of[grant.share_id] = weakref.ref(album)
        own = self._known.get(identity)
        found = next((photo for photo in album.photos if photo.id == own), None)
        return found if found is not None and _means(grant, found, identity) else None


def _means(grant: Grant, photo: Photo, identity: str) -> bool:
    known = opaque_id(grant, photo).encode()
    return hmac.compare_digest(known, identity.encode("utf-8", "replace"))


def _moment(photo: Photo) -> tuple[bool, str]:
    taken = photo.captured_at
    return taken is None, taken.local.isoformat() if taken else ""


def _cut(taken: CapturedAt | None, precision: TimePrecision) -> str | None:
    if taken is None or precision is TimePrecision.NONE:
        return None
    return taken.local.isoformat(timespec="seconds")[: _PREFIX[precision]]


def _slug(place: Place | None) -> str:
    """Return a file name's stem for a granted place: plain letters every system takes."""
    if place is None:
        return "photo"
    decomposed = unicodedata.normalize("NFKD", (place.city or place.title).translate(_LETTERS))
    plain = decomposed.encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "photo"
