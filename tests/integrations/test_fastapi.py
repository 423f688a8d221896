"""Uploads in FastAPI, by its own test client, and what its page of the API says of them."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Form

from integrations.uploads import REFUSED, SMALL, assert_problem, fill_the_disk, starlette_client
from photoprivacy import Policy
from photoprivacy.integrations.fastapi import PROBLEMS, CleanUpload, clean_upload, install
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner
from photoprivacy.testing import assert_clean, sample_photo

taken: list[CleanUpload] = []
app = FastAPI()
install(app, limits=SMALL)


@app.post("/photos", responses=PROBLEMS)
async def add(
    photo: Annotated[CleanUpload, Depends(clean_upload("photo", limits=SMALL))],
) -> str:
    taken.append(photo)
    return photo.name


@app.post("/pairs")
async def pair(
    front: Annotated[CleanUpload, Depends(clean_upload("front-side", limits=SMALL))],
    back: Annotated[CleanUpload, Depends(clean_upload("back", Policy.PUBLISH))],
    title: Annotated[str, Form()],
) -> str:
    taken.extend((front, back))
    return title


@pytest.fixture(autouse=True)
def nothing_taken() -> None:
    taken.clear()


def sent(data: bytes, field: str = "photo") -> httpx.Response:
    answer: httpx.Response = starlette_client(app).post(
        "/photos", files={field: ("photo.jpg", data)}
    )
    return answer


def test_an_upload_is_clean_before_the_handler_sees_it() -> None:
    answer = sent(sample_photo(format="heic"))
    [photo] = taken

    assert (answer.status_code, answer.json()) == (200, photo.name)
    assert photo.format == "heic"
    assert_clean(photo.data)


def test_two_uploads_and_a_word_come_in_one_form() -> None:
    files = {"front-side": ("a.jpg", sample_photo()), "back": ("a.jpg", sample_photo())}
    answer = starlette_client(app).post("/pairs", files=files, data={"title": "Tram"})
    front, back = taken

    assert answer.json() == "Tram"
    assert_clean(front.data)
    assert_clean(back.data, Policy.PUBLISH)
    assert front.data != back.data
    assert front.name != back.name


@pytest.mark.parametrize(("data", "field", "status", "code"), REFUSED)
def test_a_refusal_is_a_problem_with_a_reason(
    data: bytes, field: str, status: int, code: str
) -> None:
    assert_problem(sent(data, field), status, code)
    assert taken == []


def test_a_form_without_the_file_is_refused_by_fastapi() -> None:
    answer = sent(sample_photo(), "other")

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "photo"]


def test_a_full_disk_is_told_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)

    assert_problem(sent(sample_photo()), 507, "no-room")
    assert taken == []


def body(schema: dict[str, Any], path: str) -> dict[str, Any]:
    form = schema["paths"][path]["post"]["requestBody"]
    assert form["required"]
    [name] = [form["content"]["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]]
    found: dict[str, Any] = schema["components"]["schemas"][name]
    return found


def test_the_page_of_the_api_shows_a_file_to_choose() -> None:
    schema = starlette_client(app).get("/openapi.json").json()
    found = body(schema, "/photos")
    photo = found["properties"]["photo"]

    assert found["required"] == ["photo"]
    assert photo["type"] == "string"
    # 3.1 spells a file by its media type, 3.0 by a format.
    assert "binary" in (photo.get("format"), "binary" if "contentMediaType" in photo else None)
    assert set(body(schema, "/pairs")["properties"]) == {"front-side", "back", "title"}
    refused = schema["paths"]["/photos"]["post"]["responses"]
    assert "application/problem+json" in refused["413"]["content"]


def test_a_gallery_is_mounted_where_it_is_said() -> None:
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    other = FastAPI()
    install(other, library=library, prefix="/photos-of-ours")
    answer = starlette_client(other).get("/photos-of-ours/" + "x" * 40 + "/")

    assert answer.status_code == 404
    assert "This link does not open anything" in answer.text
