"""What whoever runs a gallery may choose about its pages: checked here, once."""

from __future__ import annotations

import re
import urllib.parse
from typing import Final, Literal

import attrs

from photoprivacy.gallery._theme import Theme

#: By what the photos of an album are grouped.
Grouping = Literal["place", "day"]
GROUPINGS: Final[tuple[Grouping, ...]] = ("place", "day")

_TEMPLATE: Final = re.compile(r"https?://[\w.:\[\]-]+/[\w./{}~%?&=@+,-]*", re.ASCII)
_PLACEHOLDER: Final = re.compile(r"\{(.*?)\}")


@attrs.frozen(kw_only=True)
class MapTiles:
    """A map server of the operator's choice, for streets below the places.

    Nothing is asked of it before a recipient presses a button that says who then sees their
    address. Album pages allow pictures from its origin, and from no other.

    Attributes:
        url: Where tiles are: ``"https://tiles.example/{z}/{x}/{y}.png"``.
        attribution: Whom to name on the map, as plain text.
        max_zoom: The closest zoom to show, 1 to 19. Towns are shown, not photos' own points:
            closer than 12 there is little to see.
        origin_as_referrer: Whether the tile server is told the origin of the page, which some
            ask for (that of OpenStreetMap does). The address of the album is never told.

    Raises:
        ValueError: *url* is no such address, or *max_zoom* none that maps have.
    """

    url: str
    attribution: str
    max_zoom: int = 12
    origin_as_referrer: bool = False

    def __attrs_post_init__(self) -> None:
        names = sorted(_PLACEHOLDER.findall(self.url))
        # One fixed host: what stands in a Content-Security-Policy is not for a template to say.
        if not _TEMPLATE.fullmatch(self.url) or [n for n in names if n != "r"] != ["x", "y", "z"]:
            msg = "url is like https://tiles.example/{z}/{x}/{y}.png"
            raise ValueError(msg)
        if not 1 <= self.max_zoom <= 19:
            msg = "max_zoom is from 1 to 19"
            raise ValueError(msg)

    @property
    def origin(self) -> str:
        """The origin that pictures may come from (RFC 6454)."""
        parts = urllib.parse.urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """Whom recipients read about."""
        return urllib.parse.urlsplit(self.url).hostname or ""

    def plain(self) -> dict[str, object]:
        """Return what the script needs to know."""
        return {
            "url": self.url,
            "host": self.host,
            "attribution": self.attribution,
            "maxZoom": self.max_zoom,
            "referrerPolicy": "origin" if self.origin_as_referrer else "no-referrer",
        }


@attrs.frozen(kw_only=True)
class Options:
    """How pages are made.

    Attributes:
        sections: By what photos are grouped.
        theme: Colours and logo.
        tiles: A map server to offer.
        webp: Whether renditions are served as WebP too, as ``p/{photo}/thumb.webp``.
        zips: Whether ``album.zip`` and ``place-{n}.zip`` are served.
    """

    sections: Grouping = "place"
    theme: Theme | None = None
    tiles: MapTiles | None = None
    webp: bool = False
    zips: bool = False

    def __attrs_post_init__(self) -> None:
        if self.sections not in GROUPINGS:
            msg = f"sections is one of: {', '.join(GROUPINGS)}"
            raise ValueError(msg)
