"""Pages from templates, every value escaped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from photoprivacy.errors import MissingExtra
from photoprivacy.gallery._page import Page
from photoprivacy.gallery._static import StaticFiles

if TYPE_CHECKING:
    import jinja2

# One answer for unknown, revoked and expired: it says nothing about which.
_GONE: Final = (
    "This link does not open anything",
    "It may have ended, or a part of it got lost on the way. Ask whoever sent it for a new one.",
)
_MISSING: Final = (
    "This photo is not here",
    "It was taken out of the album, or the link does not reach it.",
)
_AWAY: Final = (
    "The album cannot be reached right now",
    "The link is fine. Try again in a little while.",
)
_BUSY: Final = (
    "Too many tries at once",
    "Others are trying passwords on this link. Go back and try again in a moment.",
)
_OUTSIDE: Final = (
    "Open the link that you were sent",
    "This address works only in the browser that opened that link, while it keeps its cookie.",
)
_PACKING: Final = "The archive is being packed"
_LOCKED: Final = ("A password opens this album", "Whoever sent you the link knows it.")


class Pages:
    """The pages a recipient can see.

    Args:
        static: Where pages find their style sheet and script.

    Raises:
        MissingExtra: The extra ``gallery`` is not installed.
    """

    def __init__(self, static: StaticFiles) -> None:
        try:
            import jinja2
        except ImportError:
            raise MissingExtra("gallery") from None
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_pages")
        self._templates: jinja2.Environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["asset"] = static.name
        self._script = static.built

    def album(self, shown: Page) -> str:
        """Return the album's page. *base*, everywhere here: the way to where the app is mounted."""
        return self._render("album.html", base="../", album=shown, script=self._script)

    def locked(self, *, base: str, page: str = "./", wrong: bool = False) -> str:
        """Return the page that asks for the password, and tells nothing about the album.

        Args:
            base: The way to where the app is mounted.
            page: The way to the album's page, which takes the password.
            wrong: Whether one was given that is not it.
        """
        heading, words = _LOCKED
        return self._render(
            "locked.html", base=base, heading=heading, words=words, emblem="lock", wrong=wrong,
            page=page,
        )  # fmt: skip

    def busy(self, *, base: str) -> str:
        """Return the page for a password that was not looked at."""
        return self._notice(_BUSY, base)

    def gone(self, *, base: str) -> str:
        """Return the page for a link that opens nothing."""
        return self._notice(_GONE, base)

    def missing(self, *, base: str) -> str:
        """Return the page for a photo that is not in the album."""
        return self._notice(_MISSING, base)

    def outside(self, *, base: str) -> str:
        """Return the page for an album's own address, where the browser knows nothing of it."""
        return self._notice(_OUTSIDE, base)

    def packing(self, *, base: str, done: int, total: int) -> str:
        """Return the page that is shown until an archive is ready; it is loaded again by itself."""
        words = f"{done:,} of {total:,} files are ready. The download begins by itself."
        return self._notice((_PACKING, words), base)

    def away(self, *, base: str) -> str:
        """Return the page for a store that does not answer."""
        return self._notice(_AWAY, base)

    def _notice(self, text: tuple[str, str], base: str) -> str:
        heading, words = text
        return self._render("notice.html", base=base, heading=heading, words=words, emblem="photo")

    def _render(self, name: str, **values: object) -> str:
        return self._templates.get_template(name).render(**values)
