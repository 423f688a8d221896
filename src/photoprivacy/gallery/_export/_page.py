"""The gallery's page, made to stand in a folder. All that knows of its template is here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

import attrs

from photoprivacy.gallery._languages import Language
from photoprivacy.gallery._options import Options
from photoprivacy.gallery._page import DRAWN, Page, page, photos_json
from photoprivacy.gallery._render import Pages
from photoprivacy.gallery._shown import Shown
from photoprivacy.gallery._static import StaticFiles

# What the page may load: what is beside it. A folder on a disk is 'self' too.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{tiles}; "
    "media-src 'self'; base-uri 'none'; form-action 'none'"
)
_ASSETS: Final = "../-/assets/"
_ASSET: Final = re.compile(r'"\.\./-/assets/([\w.-]+)"')
_FILE: Final = re.compile(r'(?<=["\s])p/([\w-]+)/(thumb|display|full|video)(?=["\s])')
_DOWNLOAD: Final = re.compile(r'href="p/([\w-]+)/full" download ')
_FROM: Final = re.compile(r'(?<=href=")\?from=([0-9]+)(?=#)')
_MODULE: Final = re.compile(r'<script type="module" src="[^"]*"></script>')
_CHARSET: Final = '<meta charset="utf-8">'
_LICENCES: Final = "THIRD_PARTY_LICENSES.txt"


@attrs.frozen(kw_only=True)
class Beside:
    """Where the files of one photo stand in the folder; ``""`` for what is not there.

    Attributes:
        thumb: The smallest size.
        large: The largest one to look at, which may be the same.
        full: The download.
        video: What moves.
        saved: The name under which the download is saved.
    """

    thumb: str
    large: str
    full: str
    video: str
    saved: str

    def at(self, what: str) -> str:
        """Return where *what* of the page's own addresses stands."""
        return str(getattr(self, {"display": "large"}.get(what, what)))


def page_files(
    album: Shown, names: dict[str, Beside], options: Options, language: Language
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the page: name and bytes.

    A page brings along 480 photos, as it does where it is served, and its script draws the
    others. Who has none goes on to ``from-481.html``.

    Args:
        album: What it shows.
        names: Photo → where its files stand.
        options: How it is made.
        language: In which words.

    Raises:
        MissingExtra: The extra ``gallery`` is not installed.
        ValueError: The template has changed, and this module has not.
    """
    static = StaticFiles()
    pages = Pages(static, options)
    shown = page(album, options, language)
    tiles = f" {options.tiles.origin}" if options.tiles else ""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(tiles=tiles)}">'
    htmls: dict[str, bytes] = {}
    assets: set[str] = set()
    for first in range(1, max(2, shown.count + 1), DRAWN):
        part = shown if first == 1 else page(album, options, language, first=first)
        text = pages.album(part, language)
        assets |= set(_ASSET.findall(text)) - _modules(text)
        htmls[_page_name(first)] = _standing(text, names, static, meta).encode()
    if static.built:
        assets |= {static.name("classic.js"), _LICENCES}
        assets |= {name for name in static.names() if name.endswith(".png")}
    for name in sorted(assets):
        data = static.raw(name)
        if data is None:
            raise ValueError("the page asks for what is not there")
        if name.endswith(".json"):
            yield f"assets/{name}.js", _script(name, data.decode())
        else:
            yield f"assets/{name}", data
    yield "album.css", shown.css.encode()
    drawn = pages.map(shown, language)
    if drawn is not None:
        yield "map.svg", drawn.encode()
    if static.built:
        places = pages.part("/places.json", shown, language)
        if places is not None:
            yield "places.json.js", _script("places.json", places)
        if shown.partial:
            yield "photos.json.js", _script("photos.json", _listed(shown, names))
    # Last: what they ask for is there. And index.html, by which all begins, very last.
    yield from reversed(htmls.items())


def _standing(text: str, names: dict[str, Beside], static: StaticFiles, meta: str) -> str:
    """Return a served page's *text* with addresses of files beside it."""

    def saved(match: re.Match[str]) -> str:
        one = names.get(match[1])
        return f'href="{one.full}" download="{one.saved}" ' if one and one.full else match[0]

    def file(match: re.Match[str]) -> str:
        one = names.get(match[1])
        return (one.at(match[2]) if one else "") or match[0]

    if static.built:
        classic = f'<script defer src="{_ASSETS}{static.name("classic.js")}"></script>'
        text = _MODULE.sub(classic, text)
    text = _DOWNLOAD.sub(saved, text)
    text = _FILE.sub(file, text)
    text = _FROM.sub(lambda match: _page_name(int(match[1])), text)
    text = text.replace(_CHARSET, f"{_CHARSET}\n{meta}", 1)
    text = _ASSET.sub(r'"assets/\1"', text)
    if meta not in text or 'type="module"' in text:
        raise ValueError("the page is not as it was")
    return text


def _page_name(number: int) -> str:
    """Return the page that brings along the photo of that *number*."""
    first = (number - 1) // DRAWN * DRAWN + 1
    return "index.html" if first == 1 else f"from-{first}.html"


def _listed(shown: Page, names: dict[str, Beside]) -> str:
    # Addresses are not made of names here: what the script draws is told where each file is.
    files = [attrs.astuple(names[photo.id]) for photo in shown.photos]
    told = photos_json(shown) | {"files": files}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _modules(text: str) -> set[str]:
    return {name for tag in _MODULE.findall(text) for name in _ASSET.findall(tag)}


def _script(name: str, data: str) -> bytes:
    """Return JSON as a script: a page opened from the disk may not fetch, and may load this."""
    # U+2028 and U+2029 end lines in scripts of old (ECMA-262 before 2019), not in JSON.
    text = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(globalThis.photoprivacyData??={{}})[{json.dumps(name)}]={text};\n".encode()
