"""Uploads in FastAPI and Starlette."""

from __future__ import annotations

import asyncio
import io

import pytest
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from photoprivacy import Limits
from photoprivacy.integrations.starlette import CleanUpload, clean_upload
from photoprivacy.testing import assert_clean, sample_photo

DEFAULT = Limits()


def taken(data: bytes, limits: Limits = DEFAULT) -> CleanUpload:
    upload = UploadFile(io.BytesIO(data), filename="photo.jpg")
    return asyncio.run(clean_upload(upload, limits=limits))


def test_an_upload_is_clean_before_the_handler_sees_it() -> None:
    upload = taken(sample_photo())

    assert_clean(upload.data)
    assert upload.format == "jpeg"


def test_what_is_no_photo_is_unprocessable() -> None:
    with pytest.raises(HTTPException) as caught:
        taken(b"not a photo")

    assert caught.value.status_code == 422


def test_what_is_too_large_is_refused_by_its_size() -> None:
    with pytest.raises(HTTPException) as caught:
        taken(sample_photo(), Limits(max_bytes=100))

    assert caught.value.status_code == 413
