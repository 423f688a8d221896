"""Uploads in Starlette, through its own test client."""

from __future__ import annotations

import errno
import io
import tempfile
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.uploads import REFUSED, SMALL, assert_problem, fill_the_disk, starlette_client
from photoprivacy.integrations import _upload
from photoprivacy.integrations.starlette import CleanUpload, LimitBody, clean_file, install
from photoprivacy.testing import assert_clean, sample_photo

Taken = list[CleanUpload]


def an_app(taken: Taken) -> Starlette:
    async def add(request: Request) -> Response:
        async with request.form() as form:
            upload = await clean_file(form.get("photo"), limits=SMALL)
        taken.append(upload)
        return JSONResponse({"name": upload.name})

    app = Starlette(routes=[Route("/photos", add, methods=["POST"])])
    install(app, limits=SMALL)
    return app


def sent(
    data: bytes, *, field: str = "photo", name: str = "photo.jpg", kind: str = "image/jpeg"
) -> tuple[httpx.Response, Taken]:
    taken: Taken = []
    answer = starlette_client(an_app(taken)).post("/photos", files={field: (name, data, kind)})
    return answer, taken


def test_an_upload_is_clean_before_the_handler_sees_it() -> None:
    answer, [upload] = sent(sample_photo())

    assert answer.status_code == 200
    assert_clean(upload.data)
    assert upload.format == "jpeg"
    assert upload.size == len(upload.data)


def test_a_big_one_is_clean_too_and_waits_on_disk() -> None:
    data = sample_photo(size=(4000, 3000), format="png")
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as file:
        file.write(data)
        upload = anyio.run(clean_file, UploadFile(file))  # type: ignore[arg-type]

    assert len(data) > 1 << 20
    assert upload.size > 1 << 20
    assert b"".join(upload.chunks()) == upload.data
    assert_clean(upload.data)


@pytest.mark.parametrize(("data", "field", "status", "code"), REFUSED)
def test_a_refusal_is_a_problem_with_a_reason(
    data: bytes, field: str, status: int, code: str
) -> None:
    answer, taken = sent(data, field=field)

    assert_problem(answer, status, code)
    assert taken == []


def test_a_field_of_text_is_no_file() -> None:
    taken: Taken = []
    client = starlette_client(an_app(taken))

    assert_problem(client.post("/photos", data={"photo": "a word"}), 422, "no-file")
    assert_problem(sent(sample_photo(), field="other")[0], 422, "no-file")


def test_a_type_and_a_name_that_lie_are_not_believed() -> None:
    _, [upload] = sent(sample_photo(format="png"), name="photo.html", kind="text/html")

    assert (upload.format, upload.format.media_type) == ("png", "image/png")
    assert upload.name.endswith(".png")
    assert upload.filename == "photo.html"
    assert "photo.html" not in repr(upload)


def test_two_of_one_name_are_stored_beside_each_other(tmp_path: Any) -> None:
    for _ in range(2):
        _, [upload] = sent(sample_photo())
        upload.save(tmp_path / upload.name)
        with pytest.raises(FileExistsError):
            upload.save(tmp_path / upload.name)
    stored = list(tmp_path.iterdir())

    assert len(stored) == 2
    for path in stored:
        assert_clean(path)


def test_a_body_that_announces_too_much_is_not_read() -> None:
    answer, _ = sent(b"x" * 2_000_000)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["connection"] == "close"


# Starlette 0.45 leaves a file of a form that it gave up on to be closed by chance.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_that_turns_out_to_be_too_much_is_read_no_further() -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
        yield head
        for _ in range(10_000):
            read += 65_536
            yield bytes(65_536)

    taken: Taken = []
    answer = asgi_answer(an_app(taken), endless())
    assert answer["status"] == 413
    assert dict(answer["headers"])[b"content-type"] == b"application/problem+json"
    assert read < 2_000_000
    assert taken == []


def asgi_answer(app: Any, pieces: AsyncIterator[bytes]) -> Any:
    """Return how an answer starts to a body that comes in *pieces*, of a length nobody knows."""
    started: list[Any] = []

    async def receive() -> dict[str, Any]:
        piece = await anext(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Any) -> None:
        started.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/photos",
        "query_string": b"",
        "headers": [(b"content-type", b"multipart/form-data; boundary=b")],
    }

    async def ask() -> None:
        await app(scope, receive, send)

    anyio.run(ask)
    return started[0]


async def reads_all(_scope: Any, receive: Any, send: Any) -> None:
    """An app that knows nothing of refusals."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"taken"})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
def test_an_app_of_another_kind_has_too_large_a_body_refused_for_it() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield bytes(65_536)

    answer = asgi_answer(LimitBody(reads_all, max_bytes=400_000), pieces())
    assert answer["status"] == 413
    assert dict(answer["headers"])[b"content-type"] == b"application/problem+json"


def test_a_length_of_digits_without_end_is_too_much() -> None:
    started: list[Any] = []

    async def send(message: Any) -> None:
        started.append(message)

    async def ask() -> None:
        nothing: Any = None
        scope = {"type": "http", "headers": [(b"content-length", b"9" * 5000)]}
        await LimitBody(reads_all, max_bytes=400_000)(scope, nothing, send)

    anyio.run(ask)
    assert started[0]["status"] == 413


def test_a_clean_copy_is_not_written_to() -> None:
    _, [upload] = sent(sample_photo())

    for write in (
        lambda: upload.file.write(sample_photo()),
        lambda: upload.file.writelines([sample_photo()]),
        lambda: upload.file.truncate(0),
    ):
        upload.file.seek(0)
        with pytest.raises(io.UnsupportedOperation):
            write()
    assert_clean(upload.data)


def test_other_traffic_passes_the_limit() -> None:
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    async def ask() -> None:
        nothing: Any = None
        await LimitBody(app, max_bytes=1)({"type": "lifespan"}, nothing, nothing)

    anyio.run(ask)
    assert seen == ["lifespan"]


def test_a_full_disk_is_told_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_the_disk(monkeypatch)
    answer, taken = sent(sample_photo())

    assert_problem(answer, 507, "no-room")
    assert taken == []


def test_an_error_of_the_disks_that_is_none_of_the_uploads_is_not_told_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> None:
        raise OSError(errno.EIO, "broken", "/secret/path")

    monkeypatch.setattr(_upload, "Spool", broken)
    with pytest.raises(OSError, match="broken"):
        sent(sample_photo())
