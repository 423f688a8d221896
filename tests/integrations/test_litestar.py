"""Uploads in Litestar, through its own test client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from litestar import Litestar, Response, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.testing import TestClient

from photoprivacy import Limits, inspect
from photoprivacy.integrations.litestar import clean_upload
from photoprivacy.testing import assert_clean, sample_photo

Form = Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]


@pytest.fixture
def client() -> Iterator[TestClient[Any]]:
    @post("/photos", status_code=200)
    async def add(data: Form) -> Response[bytes]:
        upload = await clean_upload(data, limits=Limits(max_bytes=400_000))
        return Response(upload.data, media_type=upload.format.media_type)

    with TestClient(Litestar([add])) as client:
        yield client


def sent(client: TestClient[Any], data: bytes) -> tuple[int, bytes]:
    answer = client.post("/photos", files={"data": ("photo.jpg", data)})
    return answer.status_code, answer.content


def test_an_upload_is_clean_before_the_handler_sees_it(client: TestClient[Any]) -> None:
    photo = sample_photo()
    assert inspect(photo).coordinates is not None
    status, clean = sent(client, photo)

    assert status == 200
    assert_clean(clean)


def test_what_is_no_photo_is_unprocessable(client: TestClient[Any]) -> None:
    assert sent(client, b"not a photo")[0] == 422


def test_what_is_too_large_is_refused_by_its_size(client: TestClient[Any]) -> None:
    assert sent(client, sample_photo() + bytes(400_000))[0] == 413
