"""Colours, logos and map servers of whoever runs a gallery."""

from __future__ import annotations

import re

import pytest

from gallery.client import Client
from gallery.conftest import Shown
from photoprivacy.gallery import Gallery, MapTiles, Theme
from photoprivacy.gallery._drawing import draws_only
from photoprivacy.gallery._theme import _contrast, _rgb

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="28"><path d="M0 0"/></svg>'
TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.mark.parametrize("accent", ["#000000", "#ffffff", "#ffe14d", "#1565c0", "#808080"])
def test_any_accent_can_be_read_on_light_and_on_dark_pages(accent: str) -> None:
    theme = Theme(accent=accent)
    pairs = re.findall(r"--paper:(#\w{6});--accent:(#\w{6});--on-accent:(#\w{6})", theme.css)
    assert len(pairs) == 2
    for paper, ink, on in pairs:
        assert _contrast(_rgb(paper), _rgb(ink)) >= 4.5
        assert _contrast(_rgb(ink), _rgb(on)) >= 4.5


def test_a_colour_that_is_legible_already_stays_as_it_is() -> None:
    assert "--accent:#1565c0" in Theme(accent="#1565c0").css.split("@media")[0]


@pytest.mark.parametrize(
    "given",
    [
        {"accent": "red"},
        {"accent": "#12345"},
        {"accent": "#123456;}body{display:none"},
        {"accent": "#123456\n"},
        {"paper": "#333333"},
        {"night": "#dddddd"},
        {"logo": b"GIF89a"},
        {"logo": b"<html><svg>"},
        {"logo": SVG + b" " * 300_000},
        {"logo": b""},
    ],
)
def test_what_is_no_colour_and_no_logo_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is a|is too"):
        Theme(**given)  # type: ignore[arg-type]


def test_every_page_wears_the_theme_and_its_policy_stays_as_strict(shown: Shown) -> None:
    theme = Theme(accent="#1565c0", logo=SVG, name='The "Studio" <b>')
    client = Client(Gallery(shown.library, theme=theme))
    plain = shown.client.get(shown.link()).headers["content-security-policy"]
    for path in (shown.link(), shown.link(password="x"), f"/{'A' * 60}/"):
        answer = client.get(path)
        assert answer.headers["content-security-policy"] == plain
        [sheet] = re.findall(r'href="([^"]*theme-\w{8}\.css)"', answer.text)
        [logo] = re.findall(r'src="([^"]*logo-\w{8}\.svg)"', answer.text)
        assert 'alt="The &#34;Studio&#34; &lt;b&gt;"' in answer.text
        for name, kind in ((sheet, "text/css; charset=utf-8"), (logo, "image/svg+xml")):
            file = client.get("/-/assets/" + name.rpartition("/")[2])
            assert file.status_code == 200
            assert file.headers["content-type"] == kind
            assert file.headers["x-content-type-options"] == "nosniff"
            policy = file.headers["content-security-policy"]
            assert ("sandbox;" in policy) is (kind == "image/svg+xml")
            assert "default-src 'none'" in policy
            assert ("script-src" in policy) is (kind != "image/svg+xml")


def drawn(inside: str, *, before: str = "", attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>\n{before}<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" {attributes}>{inside}</svg>'
    ).encode()


@pytest.mark.parametrize(
    "logo",
    [
        drawn("<script>alert(1)</script>"),
        drawn('<script href="https://x.example/"/>'),
        drawn('<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'),
        drawn('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
        drawn("", attributes='onload="alert(1)"'),
        drawn('<rect width="9" height="9" OnClick="alert(1)"/>'),
        drawn("<foreignObject><p/></foreignObject>"),
        drawn('<a href="javascript:alert(1)"><rect width="9" height="9"/></a>'),
        drawn('<animate attributeName="href" values="javascript:alert(1)"/>'),
        drawn('<image href="https://x.example/x.png"/>'),
        drawn('<image xlink:href="//x.example/x.png"/>'),
        drawn('<use href="other.svg#mark"/>'),
        drawn('<image href="data:image/svg+xml,%3Csvg/%3E"/>'),
        drawn('<rect style="fill:url(https://x.example/x.svg#a)"/>'),
        drawn("<rect fill=\"url( '//x.example/#a')\"/>"),
        drawn("<style>@import 'https://x.example/x.css'</style>"),
        drawn("<style>rect{fill:\\75rl(//x.example/#a)}</style>"),
        drawn("<style>@imp<!-- -->ort 'https://x.example/x.css'</style>"),
        drawn("", before='<?xml-stylesheet href="https://x.example/x.xsl" type="text/xsl"?>'),
        drawn("&a;", before='<!DOCTYPE svg [<!ENTITY a "aaaaaaaa">]>'),
        drawn('<rect fill="\\75rl(//x.example/#a)"/>'),
        drawn("", attributes='xml:base="https://x.example/"'),
        drawn("<rect>"),
        drawn("")[:-3],
    ],
)
def test_a_logo_that_does_more_than_draw_is_refused(logo: bytes) -> None:
    assert not draws_only(logo)
    if b"DOCTYPE" not in logo:  # which is no logo to begin with
        bare = logo.removeprefix(b'<?xml version="1.0"?>\n')
        for data in (bare, logo) if b"xsl" not in logo else (bare,):
            with pytest.raises(ValueError, match="does more than draw"):
                Theme(logo=data)


def test_a_logo_as_drawing_programs_write_it_is_taken() -> None:
    inside = """
      <!-- Made by hand --><title>Studio</title>
      <metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
      <i:namedview xmlns:i="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" i:at="C:\\x.svg"/>
      <style>.a{fill:url(#g)} .b{stroke:#000}</style>
      <linearGradient id="g"><stop offset="1" style="stop-color:#f00"/></linearGradient>
      <g clip-path="url('#c')"><use xlink:href="#p"/><path id="p" class="a" d="M0 0h9v9z"/></g>
      <image href="data:image/png;base64,iVBORw0KGgo=" width="9" height="9"/><text x="1">Å</text>
    """
    assert Theme(logo=drawn(inside)).logo_suffix == ".svg"
    assert Theme(logo=drawn(inside).split(b"?>\n")[1]).logo_suffix == ".svg"


def test_a_map_server_is_allowed_on_the_albums_page_alone(shown: Shown) -> None:
    tiles = MapTiles(url=TILES, attribution="© <mappers>")
    client = Client(Gallery(shown.library, map_tiles=tiles))
    answer = client.get(shown.link())
    policy = answer.headers["content-security-policy"]
    assert "img-src 'self' https://tiles.example;" in policy
    assert policy.count("tiles.example") == 1
    assert "&lt;mappers&gt;" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    for path in (shown.link(password="x"), f"/{'A' * 60}/", f"{shown.link()}album.css"):
        assert "tiles.example" not in client.get(path).headers["content-security-policy"]
    assert "tiles.example" not in shown.client.get(shown.link()).text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tiles.example/{z}/{x}/{y}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example; script-src *//{z}/{x}/{y}",
        "https://user@tiles.example/{z}/{x}/{y}",
        "javascript:{z}{x}{y}",
        "https://tiles.example/{z}/{x}/{y}\n",
    ],
)
def test_an_address_that_is_no_map_servers_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url is like"):
        MapTiles(url=url, attribution="")


def test_no_map_is_closer_than_maps_are() -> None:
    for zoom in (0, 20):
        with pytest.raises(ValueError, match="max_zoom"):
            MapTiles(url=TILES, attribution="", max_zoom=zoom)


def test_sections_are_by_place_or_by_day(shown: Shown) -> None:
    with pytest.raises(ValueError, match="sections is one of: place, day"):
        Gallery(shown.library, sections="mood")  # type: ignore[arg-type]
