"""The gallery by itself, and mounted in each framework, on a real server."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

from photoprivacy.gallery import Gallery
from photoprivacy.gallery._serve import serve
from photoprivacy.library import Library


@contextlib.contextmanager
def by_itself(library: Library) -> Iterator[str]:
    with serve(Gallery(library)) as base:
        yield base


@contextlib.contextmanager
def in_starlette(library: Library) -> Iterator[str]:
    from starlette.applications import Starlette

    from photoprivacy.integrations.starlette import install

    app = Starlette()
    install(app, library=library, prefix="/below/here")
    with serve(app) as base:
        yield f"{base}/below/here"


@contextlib.contextmanager
def in_fastapi(library: Library) -> Iterator[str]:
    from fastapi import FastAPI

    from photoprivacy.integrations.fastapi import install

    app = FastAPI()
    install(app, library=library)
    with serve(app) as base:
        yield f"{base}/s"


@contextlib.contextmanager
def in_litestar(library: Library) -> Iterator[str]:
    from litestar import Litestar

    from photoprivacy.integrations.litestar import PhotoPrivacy

    with serve(Litestar(plugins=[PhotoPrivacy(library=library)])) as base:
        yield f"{base}/s"


@contextlib.contextmanager
def in_flask(library: Library) -> Iterator[str]:
    from flask import Flask

    from photoprivacy.integrations.flask import PhotoPrivacy

    app = Flask(__name__)
    PhotoPrivacy(app, library=library)
    with served_by_wsgi(app) as base:
        yield f"{base}/s"


@contextlib.contextmanager
def in_django(library: Library) -> Iterator[str]:
    with of_django(library) as application, served_by_wsgi(application) as base:
        yield f"{base}/s"


@contextlib.contextmanager
def in_django_under_asgi(library: Library) -> Iterator[str]:
    from django.core.asgi import get_asgi_application

    with of_django(library), serve(get_asgi_application()) as base:
        yield f"{base}/s"


@contextlib.contextmanager
def of_django(library: Library) -> Iterator[Any]:
    """Let Django serve the gallery of *library*, and yield it as a WSGI application."""
    from integrations import django_setup

    assert django_setup.OWNERS.name  # it is set up
    from django.core.wsgi import get_wsgi_application
    from django.test import override_settings
    from django.urls import path

    from photoprivacy.integrations.django.stores import gallery_view

    class Addresses:
        urlpatterns = (path("s/<path:rest>", gallery_view(library)),)

    with override_settings(ROOT_URLCONF=Addresses):
        yield get_wsgi_application()


@contextlib.contextmanager
def served_by_wsgi(app: Any) -> Iterator[str]:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_: object, **__: object) -> None:
            """Say nothing: addresses are the keys to albums."""

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


MOUNTS: Final[dict[str, Callable[[Library], AbstractContextManager[str]]]] = {
    "by itself": by_itself,
    "starlette": in_starlette,
    "fastapi": in_fastapi,
    "litestar": in_litestar,
    "flask": in_flask,
    "django": in_django,
    "django under ASGI": in_django_under_asgi,
}
