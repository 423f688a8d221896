"""What every adapter is asked: uploads that are refused, and a disk that is full."""

from __future__ import annotations

import importlib
import io
import warnings
from typing import Any, Final

import pytest

from photoprivacy import Limits
from photoprivacy.integrations import _upload
from photoprivacy.testing import sample_photo

SMALL: Final = Limits(max_bytes=400_000)

#: Bytes, the field they come in, and what the answer says.
REFUSED: Final = (
    pytest.param(b"not a photo", "photo", 422, "unsupported-format", id="text"),
    pytest.param(b"%PDF-1.7\n", "photo", 422, "unsupported-format", id="pdf"),
    pytest.param(b"\xff\xd8\xff\xe0", "photo", 422, "truncated-image", id="cut"),
    pytest.param(sample_photo() + bytes(400_000), "photo", 413, "too-large", id="too large"),
    pytest.param(bytes(2_000_000), "photo", 413, "too-large", id="far too large"),
)


def assert_problem(answer: Any, status: int, code: str) -> None:
    """Check that an answer is problem details (RFC 9457) with a status and a reason."""
    problem = answer.json() if callable(answer.json) else answer.json
    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["type"]) == (code, "about:blank")
    assert problem["title"]
    assert problem["detail"]


def fill_the_disk(patch: pytest.MonkeyPatch) -> None:
    """Let clean copies go to a disk that is full: Linux has a device for that."""
    patch.setattr(_upload, "Spool", lambda **_: io.FileIO("/dev/full", "r+"))


def starlette_client(app: Any) -> Any:
    """Return Starlette's own test client."""
    with warnings.catch_warnings():
        # Newer ones would rather have another client of HTTP.
        warnings.simplefilter("ignore")
        return importlib.import_module("starlette.testclient").TestClient(app)
