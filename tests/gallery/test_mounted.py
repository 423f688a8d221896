"""The gallery inside other people's apps: every address of a page answers."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from a2wsgi import ASGIMiddleware
from flask import Flask
from litestar import Litestar, asgi
from starlette.applications import Starlette
from starlette.routing import Mount
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from gallery.client import Client
from gallery.conftest import Shown, slot
from gallery.test_app import Tags
from photoprivacy.gallery import Gallery

Ask = Callable[[str], httpx.Response]


def starlette(gallery: Gallery) -> Ask:
    return Client(Starlette(routes=[Mount("/below/here", app=gallery)])).get


def litestar(gallery: Gallery) -> Ask:
    mounted = asgi("/below/here", is_mount=True, copy_scope=True)(gallery.__call__)
    return Client(Litestar([mounted])).get


def flask(gallery: Gallery) -> Ask:
    app: Any = Flask(__name__)
    any_app: Any = gallery
    inner: Any = ASGIMiddleware(any_app)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/below/here": inner})
    client = httpx.Client(
        transport=httpx.WSGITransport(app), base_url="http://gallery.test", follow_redirects=True
    )
    return client.get


@pytest.mark.parametrize("mounted", [starlette, litestar, flask])
def test_every_address_is_relative_and_answers_wherever_the_app_is_mounted(
    shown: Shown, mounted: Callable[[Gallery], Ask]
) -> None:
    get = mounted(Gallery(shown.library))
    link = shown.link()
    answer = get(f"/below/here{link}")
    page = answer.url.path
    assert page == f"/below/here{slot(link)}"
    tags = Tags(answer.text)
    addresses = set(tags.values("href", "src", "data-map-css", "data-lightbox-css", "data-world"))
    addresses |= {part.split()[0] for one in tags.values("srcset") for part in one.split(",")}
    addresses = {one for one in addresses if not one.startswith("#")} | {
        "places.json",
        "photos.json",
    }

    assert len(addresses) >= 4 * 3 + 4
    for address in addresses:
        parts = urllib.parse.urlsplit(address)
        assert not parts.scheme
        assert not parts.netloc
        assert not parts.path.startswith("/")
        assert get(urllib.parse.urljoin(page, address)).status_code == 200, address
    assert get(page + "places.json/").status_code == 404
    away = get(page.rstrip("/"))
    assert away.history[0].status_code == 307
    assert away.url.path == page


def test_an_error_in_another_app_finds_its_style_sheet(shown: Shown) -> None:
    get = litestar(Gallery(shown.library))
    for path in ("/below/here/nothing", "/below/here/nothing/at/all"):
        answer = get(path)
        assert answer.status_code == 404
        [sheet] = [one for one in Tags(answer.text).values("href") if ".css" in one]
        assert get(urllib.parse.urljoin(path, sheet)).status_code == 200
