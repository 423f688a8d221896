"""Uploads in Flask, through its own test client."""

from __future__ import annotations

import io

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from photoprivacy import Limits, inspect
from photoprivacy.integrations.flask import clean_file
from photoprivacy.testing import assert_clean, sample_photo


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)

    @app.post("/photos")
    def add() -> Response:
        upload = clean_file(request.files["photo"], limits=Limits(max_bytes=100_000))
        return Response(upload.data, mimetype=upload.format.media_type)

    return app.test_client()


def sent(client: FlaskClient, data: bytes) -> tuple[int, bytes]:
    answer = client.post("/photos", data={"photo": (io.BytesIO(data), "photo.jpg")})
    return answer.status_code, answer.data


def test_an_upload_is_clean_before_the_view_sees_it(client: FlaskClient) -> None:
    photo = sample_photo()
    assert inspect(photo).coordinates is not None
    status, clean = sent(client, photo)

    assert status == 200
    assert_clean(clean)


def test_what_is_no_photo_is_unprocessable(client: FlaskClient) -> None:
    assert sent(client, b"not a photo")[0] == 422


def test_what_is_too_large_is_refused_by_its_size(client: FlaskClient) -> None:
    assert sent(client, sample_photo() + bytes(100_000))[0] == 413
