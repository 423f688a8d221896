"""Albums behind links, and a client without a browser."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from gallery.client import Client
from library.photos import LISBON, PARIS, a_jpeg
from photoprivacy.gallery import Gallery
from photoprivacy.gallery._links import slot_of
from photoprivacy.geo import Coordinates, Place
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner

LISBON_TOWN = Place(
    country_code="PT",
    country="Portugal",
    region="Lisbon",
    city="Lisbon",
    neighbourhood="Alfama",
    key="PT/14/2267057/8010490",
    coordinates=Coordinates(latitude=38.72509, longitude=-9.1498),
    timezone="Europe/Lisbon",
)
PARIS_TOWN = Place(
    country_code="FR",
    country="France",
    region="Île-de-France",
    city="Paris",
    key="FR/11/2988507",
    coordinates=Coordinates(latitude=48.85341, longitude=2.3488),
    timezone="Europe/Paris",
)


class TwoTowns:
    """A geocoder that knows two towns: the page's tests are not the gazetteer's."""

    def reverse(self, at: Coordinates, /) -> Place | None:
        return PARIS_TOWN if at.latitude > 45 else LISBON_TOWN


def slot(link: str) -> str:
    """Return the address under which a browser sees the album of *link*."""
    return f"/{slot_of(link.strip('/'))}/"


def door(link: str) -> str:
    """Return the address at which a browser is given what opens the album of *link*."""
    return slot(link) + link.strip("/")


@attrs.frozen(kw_only=True)
class Shown:
    """A library with one album of four photos."""

    library: Library
    album_id: str
    client: Client

    def link(self, **grant: object) -> str:
        return f"/{self.library.share(self.album_id, **grant).token}/"  # type: ignore[arg-type]


@pytest.fixture
def shown() -> Shown:
    library = Library(
        MemoryBlobs(),
        MemoryAlbums(),
        MemoryShares(),
        ShareSigner({1: b"k" * 32}),
        geocoder=TwoTowns(),
    )
    album = library.create_album("Spring & <b>sun</b>")
    for at, orientation, when in (
        (PARIS, 1, "2024:05:03 09:00:00"),
        (LISBON, 6, "2024:05:01 12:30:05"),
        (LISBON, 1, "2024:05:02 12:30:05"),
        (None, 1, None),
    ):
        library.add(album.id, a_jpeg(at, orientation=orientation, when=when), name="IMG_MARIA.jpg")
    return Shown(
        library=library,
        album_id=album.id,
        client=Client(Gallery(library)),
    )


@pytest.fixture
def captioned(shown: Shown) -> Callable[[str], None]:
    def caption(words: str) -> None:
        album = shown.library.album(shown.album_id)
        photo = attrs.evolve(album.photos[0], caption=words)
        shown.library.save(album.with_photo(photo))

    return caption
