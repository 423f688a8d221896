"""The gallery's page, made to stand in a folder. All that knows of its template is here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from photoprivacy.gallery._page import Page, places_geojson
from photoprivacy.gallery._render import Pages
from photoprivacy.gallery._static import StaticFiles

#: What the page may load: what is beside it. A folder on a disk is 'self' too.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_ASSETS: Final = "../-/assets/"
_ASSET: Final = re.compile(r'"\.\./-/assets/([\w.-]+)"')
_FILE: Final = re.compile(r'(?<=["\s])p/([\w-]+)/(thumb|display|full)(?=["\s])')
_MODULE: Final = re.compile(r'<script type="module" src="[^"]*"></script>')
_CHARSET: Final = '<meta charset="utf-8">'
_LICENCES: Final = "THIRD_PARTY_LICENSES.txt"


def page_files(shown: Page, names: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the page: name and bytes.

    Args:
        shown: What it shows.
        names: (photo, rendition) → where its file stands in the folder.

    Raises:
        MissingExtra: The extra ``gallery`` is not installed.
        ValueError: The template has changed, and this module has not.
    """
    static = StaticFiles()
    text = Pages(static).album(shown)
    assets = set(_ASSET.findall(text)) - _modules(text)
    if static.built:
        classic = static.name("classic.js")
        text = _MODULE.sub(f'<script defer src="{_ASSETS}{classic}"></script>', text)
        assets |= {classic, _LICENCES}
        assets |= {name for name in static.names() if name.endswith(".png")}
    text = _FILE.sub(lambda match: names.get((match[1], match[2]), match[0]), text)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    text = text.replace(_CHARSET, f"{_CHARSET}\n{meta}", 1)
    text = _ASSET.sub(r'"assets/\1"', text)
    if meta not in text or 'type="module"' in text:
        raise ValueError("the page is not as it was")
    for name in sorted(assets):
        data = static.raw(name)
        if data is None:
            raise ValueError("the page asks for what is not there")
        if name.endswith(".json"):
            yield f"assets/{name}.js", _script(name, data.decode())
        else:
            yield f"assets/{name}", data
    yield "album.css", shown.css.encode()
    yield "places.json.js", _script("places.json", json.dumps(places_geojson(shown)))
    # Last: what it asks for is there.
    yield "index.html", text.encode()


def _modules(text: str) -> set[str]:
    return {name for tag in _MODULE.findall(text) for name in _ASSET.findall(tag)}


def _script(name: str, data: str) -> bytes:
    """Return JSON as a script: a page opened from the disk may not fetch, and may load this."""
    # U+2028 and U+2029 end lines in scripts of old (ECMA-262 before 2019), not in JSON.
    text = data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(globalThis.photoprivacyData??={{}})[{json.dumps(name)}]={text};\n".encode()
