"""What a page asks of an album: a `SharedAlbum` answers, and so does a copy of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from photoprivacy.library import Rendition, SharedPhoto
from photoprivacy.places import Trip
from photoprivacy.sharing import Expiry


class Shown(Protocol):
    """An album that can be shown; everything in it came through the gate."""

    @property
    def id(self) -> str:
        """A name that only this share uses."""

    @property
    def title(self) -> str:
        """The owner's title."""

    @property
    def description(self) -> str:
        """The owner's words."""

    @property
    def expires(self) -> Expiry:
        """When it ends."""

    @property
    def photos(self) -> Sequence[SharedPhoto]:
        """Its photos, in the owner's order."""

    @property
    def cover(self) -> SharedPhoto | None:
        """The photo that stands for it."""

    @property
    def trips(self) -> Sequence[Trip[SharedPhoto]]:
        """Its trips."""

    @property
    def finest(self) -> Rendition:
        """The largest size that may be opened."""

    @property
    def allows_download(self) -> bool:
        """Whether photos may be taken in full resolution."""

    def gives_whole(self, photo: SharedPhoto) -> bool:
        """Return whether *photo* may be taken in full resolution."""
