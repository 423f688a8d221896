"""Uploads in Flask, through its own test client."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import EnvironBuilder

from integrations.uploads import REFUSED, SMALL, assert_problem, fill_the_disk
from photoprivacy.integrations.flask import CleanUpload, PhotoPrivacy, clean_file
from photoprivacy.library import Library, MemoryAlbums, MemoryBlobs, MemoryShares
from photoprivacy.sharing import ShareSigner
from photoprivacy.testing import assert_clean, sample_photo

taken: list[CleanUpload] = []


@pytest.fixture
def app() -> Flask:
    taken.clear()
    app = Flask(__name__)

    @app.post("/photos")
    def add() -> str:
        upload = clean_file(request.files["photo"], limits=SMALL)
        taken.append(upload)
        return upload.name

    return app


@pytest.fixture
def client(app: Flask) -> Any:
    PhotoPrivacy().init_app(app)
    PhotoPrivacy(app, limits=SMALL)
    return app.test_client()


def sent(client: Any, data: bytes, field: str = "photo", name: str = "photo.jpg") -> Any:
    given = {field: (io.BytesIO(data), name)}
    with contextlib.closing(EnvironBuilder("/photos", method="POST", data=given)) as builder:
        environ = builder.get_environ()
        answer = client.open(environ)
    environ["wsgi.input"].close()  # a big body of the client's own stands on disk
    return answer


def test_an_upload_is_clean_before_the_view_sees_it(client: Any) -> None:
    answer = sent(client, sample_photo(format="png"), name="a.html")
    [upload] = taken

    assert (answer.status_code, answer.text) == (200, upload.name)
    assert upload.name.endswith(".png")
    assert_clean(upload.data)


def test_the_extension_leaves_a_limit_of_the_apps_alone(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 7
    PhotoPrivacy(app)

    assert app.config["MAX_CONTENT_LENGTH"] == 7
    assert_problem(sent(app.test_client(), sample_photo()), 413, "too-large")


@pytest.mark.parametrize(("data", "field", "status", "code"), REFUSED)
def test_a_refusal_is_a_problem_with_a_reason(
    app: Flask, data: bytes, field: str, status: int, code: str
) -> None:
    PhotoPrivacy(app, limits=SMALL)

    assert_problem(sent(app.test_client(), data, field), status, code)
    assert taken == []


def test_a_form_without_the_file_is_a_problem_too(app: Flask) -> None:
    @app.post("/maybe")
    def maybe() -> str:
        return clean_file(request.files.get("photo")).name

    assert_problem(app.test_client().post("/maybe"), 422, "no-file")


def test_without_the_extension_a_refusal_is_the_same_problem(app: Flask) -> None:
    assert_problem(sent(app.test_client(), b"not a photo"), 422, "unsupported-format")


def test_a_full_disk_is_told_and_nothing_is_kept(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_the_disk(monkeypatch)

    assert_problem(sent(client, sample_photo()), 507, "no-room")
    assert taken == []


def test_a_gallery_is_mounted_where_it_is_said(app: Flask) -> None:
    library = Library(MemoryBlobs(), MemoryAlbums(), MemoryShares(), ShareSigner({1: b"k" * 32}))
    PhotoPrivacy(app, library=library, prefix="/ours")
    answer = app.test_client().get("/ours/" + "x" * 40 + "/")

    assert answer.status_code == 404
    assert "This link does not open anything" in answer.text
