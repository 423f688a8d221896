"""Takes photos in, stores clean copies, and shows albums behind links.

Run it from this folder: uvicorn app:app
"""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from photoprivacy import Library
from photoprivacy.integrations.starlette import clean_file, install

DATA = Path(os.environ.get("DATA", "data"))
UPLOADS = DATA / "uploads"
UPLOADS.mkdir(parents=True, exist_ok=True)

library = Library.at(DATA / "albums")


async def add(request: Request) -> JSONResponse:
    async with request.form() as form:
        photo = await clean_file(form.get("photo"))
    await run_in_threadpool(photo.save, UPLOADS / photo.name)
    return JSONResponse({"stored": photo.name}, 201)


async def share(request: Request) -> JSONResponse:
    async with request.form() as form:
        photo = await clean_file(form.get("photo"))
    return JSONResponse({"link": await run_in_threadpool(linked, photo.data)}, 201)


def linked(data: bytes) -> str:
    album = library.create_album("From the app")
    # The clean copy, which knows no place: an app that may keep originals adds the upload itself.
    library.add(album.id, data)
    return f"/s/{library.share(album.id).token}/"


app = Starlette(
    routes=[
        Route("/photos", add, methods=["POST"]),
        Route("/albums", share, methods=["POST"]),
    ]
)
install(app, library=library, prefix="/s")
