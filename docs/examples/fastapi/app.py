"""Takes photos in, stores clean copies, and shows albums behind links.

Run it from this folder: uvicorn app:app
"""

import os
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI

from photoprivacy import Library
from photoprivacy.integrations.fastapi import PROBLEMS, CleanUpload, clean_upload, install

DATA = Path(os.environ.get("DATA", "data"))
UPLOADS = DATA / "uploads"
UPLOADS.mkdir(parents=True, exist_ok=True)

library = Library.at(DATA / "albums")
app = FastAPI()
install(app, library=library, prefix="/s")


@app.post("/photos", status_code=201, responses=PROBLEMS)
def add(photo: Annotated[CleanUpload, Depends(clean_upload("photo"))]) -> dict[str, str]:
    photo.save(UPLOADS / photo.name)
    return {"stored": photo.name}


@app.post("/albums", status_code=201, responses=PROBLEMS)
def share(photo: Annotated[CleanUpload, Depends(clean_upload("photo"))]) -> dict[str, str]:
    album = library.create_album("From the app")
    # The clean copy, which knows no place: an app that may keep originals adds the upload itself.
    library.add(album.id, photo.data)
    return {"link": f"/s/{library.share(album.id).token}/"}
