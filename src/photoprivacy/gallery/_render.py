"""Pages from templates, every value escaped."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

from photoprivacy import rights
from photoprivacy.errors import MissingExtra
from photoprivacy.gallery._languages import Language
from photoprivacy.gallery._locator import Land, locator
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._page import Page, photos_json, places_geojson
from photoprivacy.gallery._static import StaticFiles
from photoprivacy.gallery._theme import Theme

if TYPE_CHECKING:
    import jinja2

#: What there is of an album besides its photos' files, and of which media type.
PARTS: Final = {
    "/": "text/html; charset=utf-8",
    "/album.css": "text/css; charset=utf-8",
    "/map.svg": "image/svg+xml",
    "/photos.json": "application/json",
    "/places.json": "application/geo+json",
}


class Pages:
    """The pages a recipient can see.

    Each is said in a language, and told *base*: the way from its address to where the app is
    mounted.

    Args:
        static: Where pages find their style sheet and script; a theme's files are added.
        options: How pages are made.

    Raises:
        MissingExtra: The extra ``gallery`` is not installed.
    """

    def __init__(self, static: StaticFiles, options: Options) -> None:
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
        theme = options.theme or Theme()
        logo = f"logo{theme.logo_suffix}" if theme.logo else ""
        if options.theme:
            static.add("theme.css", theme.css.encode())
        if theme.logo:
            static.add(logo, theme.logo)
        self._templates.globals.update(
            asset=static.name,
            signals=rights.tags(),
            themed=options.theme is not None,
            paper=theme.paper,
            night=theme.night,
            logo=logo,
            logo_name=theme.name,
        )
        self._script = static.built
        self._land = static.land
        self._tiles = json.dumps(options.tiles.plain()) if options.tiles else ""

    def album(self, shown: Page, language: Language) -> str:
        """Return the album's page."""
        drawn = {photo.number for section in shown.sections for photo in section.drawn}

        def link(number: int) -> str:
            away = "" if number in drawn else f"?from={number}"
            return f"{away}#photo-{number}"

        return self._render(
            "album.html",
            language,
            base="../",
            album=shown,
            script=self._script,
            locates=self._land is not None,
            words=json.dumps(language.scripted(), ensure_ascii=False, separators=(",", ":")),
            named=_named(shown, language),
            tiles=self._tiles,
            link=link,
        )

    def part(self, name: str, shown: Page, language: Language) -> str | None:
        """Return one of `PARTS`; ``None`` where there is nothing to draw."""
        if name == "/":
            return self.album(shown, language)
        if name == "/album.css":
            return shown.css
        if name == "/map.svg":
            return self.map(shown, language)
        told = photos_json(shown) if name == "/photos.json" else places_geojson(shown)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    def map(self, shown: Page, language: Language) -> str | None:
        """Return the small map of the album's places; ``None`` where there is nothing to draw."""
        if self._land is None or not shown.map:
            return None
        title = language.say("locator_alt", names=_named(shown, language))
        return locator(shown.places, Land.parse(self._land), title)

    def locked(
        self, *, base: str, language: Language, page: str = "./", wrong: bool = False
    ) -> str:
        """Return the page that asks for the password, and tells nothing about the album.

        Args:
            base: The way to where the app is mounted.
            language: In which words.
            page: The way to the album's page, which takes the password.
            wrong: Whether one was given that is not it.
        """
        return self._render(
            "locked.html", language, base=base, heading=language.say("locked"), kind="lock",
            words=language.say("locked_words"), wrong=wrong, page=page,
        )  # fmt: skip

    def cookieless(self, *, base: str, language: Language, page: str) -> str:
        """Return the page for a locked album where the browser gave no cookie back.

        It asks for no password: nothing would remember that it was given.

        Args:
            base: The way to where the app is mounted.
            language: In which words.
            page: The way to the album's page, where cookies are tried once more.
        """
        return self._notice("cookies", base, language, again=page, kind="lock")

    def busy(self, *, base: str, language: Language) -> str:
        """Return the page for a password that was not looked at."""
        return self._notice("busy", base, language)

    def crowded(self, *, base: str, language: Language) -> str:
        """Return the page for a file that too many wait for."""
        return self._notice("crowded", base, language)

    def gone(self, *, base: str, language: Language) -> str:
        """Return the page for a link that opens nothing: it says nothing about why."""
        return self._notice("gone", base, language)

    def missing(self, *, base: str, language: Language) -> str:
        """Return the page for a photo that is not in the album."""
        return self._notice("missing", base, language)

    def outside(self, *, base: str, language: Language) -> str:
        """Return the page for an album's own address, where the browser knows nothing of it."""
        return self._notice("outside", base, language)

    def packing(self, *, base: str, language: Language, done: int, total: int) -> str:
        """Return the page that is shown until an archive is ready; it is loaded again by itself."""
        ready = {"done": language.number(done), "total": language.number(total)}
        return self._render(
            "notice.html", language, base=base, heading=language.say("packing"), kind="photo",
            words=language.say("packing_words", **ready),
        )  # fmt: skip

    def away(self, *, base: str, language: Language) -> str:
        """Return the page for a store that does not answer."""
        return self._notice("away", base, language)

    def _notice(
        self, message: str, base: str, language: Language, *, again: str = "", kind: str = "photo"
    ) -> str:
        return self._render(
            "notice.html", language, base=base, heading=language.say(message), kind=kind,
            words=language.say(f"{message}_words"), again=again,
        )  # fmt: skip

    def _render(self, name: str, language: Language, **values: object) -> str:
        template = self._templates.get_template(name)
        return template.render(language=language, t=language.say, **values)


def _named(shown: Page, language: Language) -> str:
    return language.comma.join(one.title for one in shown.places if one.place)
