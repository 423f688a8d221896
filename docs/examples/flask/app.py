"""Takes photos in, stores clean copies, and shows albums behind links.

Run it from this folder: flask run
"""

import os
from pathlib import Path

from flask import Flask, request

from photoprivacy import Library
from photoprivacy.integrations.flask import PhotoPrivacy, clean_file

DATA = Path(os.environ.get("DATA", "data"))
UPLOADS = DATA / "uploads"
UPLOADS.mkdir(parents=True, exist_ok=True)

library = Library.at(DATA / "albums")
app = Flask(__name__)
PhotoPrivacy(app, library=library, prefix="/s")


@app.post("/photos")
def add() -> tuple[dict[str, str], int]:
    with clean_file(request.files["photo"]) as photo:
        photo.save(UPLOADS / photo.name)
    return {"stored": photo.name}, 201


@app.post("/albums")
def share() -> tuple[dict[str, str], int]:
    photo = clean_file(request.files["photo"])
    album = library.create_album("From the app")
    # The clean copy, which knows no place: an app that may keep originals adds the upload itself.
    library.add(album.id, photo.data)
    return {"link": f"/s/{library.share(album.id).token}/"}, 201
