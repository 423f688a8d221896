"""Takes photos in, stores clean copies, and shows albums behind links.

Run it from this folder: litestar run
"""

import os
from pathlib import Path

from litestar import Litestar, post
from litestar.di import NamedDependency

from photoprivacy import Library
from photoprivacy.integrations.litestar import CleanUpload, PhotoPrivacy, clean_upload

DATA = Path(os.environ.get("DATA", "data"))
UPLOADS = DATA / "uploads"
UPLOADS.mkdir(parents=True, exist_ok=True)

library = Library.at(DATA / "albums")


@post("/photos", dependencies={"photo": clean_upload("photo")}, sync_to_thread=True)
def add(photo: NamedDependency[CleanUpload]) -> dict[str, str]:
    photo.save(UPLOADS / photo.name)
    return {"stored": photo.name}


@post("/albums", dependencies={"photo": clean_upload("photo")}, sync_to_thread=True)
def share(photo: NamedDependency[CleanUpload]) -> dict[str, str]:
    album = library.create_album("From the app")
    # The clean copy, which knows no place: an app that may keep originals adds the upload itself.
    library.add(album.id, photo.data)
    return {"link": f"/s/{library.share(album.id).token}/"}


app = Litestar(
    [add, share],
    plugins=[PhotoPrivacy(library=library, prefix="/s")],
    request_max_body_size=100_000_000,
)
