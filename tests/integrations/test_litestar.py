"""Uploads in Litestar, through its own test client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from litestar import Litestar, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.testing import TestClient

from integrations.uploads import REFUSED, SMALL, assert_problem, fill_the_disk
from photoprivacy.integrations.litestar import (
    CleanUpload,
    PhotoPrivacy,
    clean_file,
    clean_upload,
)
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner
from photoprivacy.testing import assert_clean, sample_photo

Form = Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]
taken: list[CleanUpload] = []


@post("/photos", dependencies={"photo": clean_upload("photo", limits=SMALL)})
async def add(photo: NamedDependency[CleanUpload]) -> str:
    taken.append(photo)
    return photo.name


@post("/files")
async def add_file(data: Form) -> str:
    upload = await clean_file(data, limits=SMALL)
    taken.append(upload)
    return upload.name


@pytest.fixture
def client() -> Iterator[TestClient[Any]]:
    taken.clear()
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    plugin = PhotoPrivacy(library=library, prefix="/ours")
    app = Litestar([add, add_file], plugins=[plugin], request_max_body_size=1_000_000)
    with TestClient(app) as client:
        yield client


def sent(client: TestClient[Any], data: bytes, field: str = "photo", to: str = "/photos") -> Any:
    return client.post(to, files={field: ("photo.jpg", data)})


@pytest.mark.parametrize("to", ["/photos", "/files"])
def test_an_upload_is_clean_before_the_handler_sees_it(client: TestClient[Any], to: str) -> None:
    answer = sent(client, sample_photo(format="png"), to=to)
    [photo] = taken

    assert (answer.status_code, answer.text) == (201, photo.name)
    assert photo.format == "png"
    assert_clean(photo.data)


@pytest.mark.parametrize("to", ["/photos", "/files"])
@pytest.mark.parametrize(("data", "field", "status", "code"), REFUSED)
def test_a_refusal_is_a_problem_with_a_reason(
    client: TestClient[Any], data: bytes, field: str, status: int, code: str, to: str
) -> None:
    assert_problem(sent(client, data, field, to), status, code)
    assert taken == []


def test_a_form_without_the_file_is_refused(client: TestClient[Any]) -> None:
    assert_problem(sent(client, sample_photo(), "other"), 422, "no-file")
    assert_problem(client.post("/photos", data={"photo": "a word"}), 422, "no-file")


def test_a_full_disk_is_told_and_nothing_is_kept(
    client: TestClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_the_disk(monkeypatch)

    assert_problem(sent(client, sample_photo()), 507, "no-room")
    assert taken == []


def test_a_gallery_is_mounted_where_it_is_said(client: TestClient[Any]) -> None:
    answer = client.get("/ours/" + "x" * 40 + "/")

    assert answer.status_code == 404
    assert "This link does not open anything" in answer.text


@pytest.mark.parametrize(
    "head",
    [
        'form-data; name="photo"',  # bytes that are no text
        "form-data; name=photo; filename*=utf-8''%ff",
        "form-data; name=photo; filename*=nothing''a.jpg",
    ],
)
def test_a_form_that_cannot_be_read_is_refused(client: TestClient[Any], head: str) -> None:
    lines = (b"--b", f"Content-Disposition: {head}".encode(), b"", sample_photo(), b"--b--", b"")
    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = client.post("/photos", content=b"\r\n".join(lines), headers=kind)

    assert_problem(answer, 400, "no-form")
    assert taken == []
