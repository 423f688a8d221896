"""The server behind the command line."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from typing import Any

import pytest

from photoprivacy.gallery._serve import serve


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_it_answers_while_the_context_lasts_and_not_after() -> None:
    with serve(hello) as base:
        assert base.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(base, timeout=10) as answer:
            assert answer.read() == b"hello"
            assert "server" not in answer.headers
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(base, timeout=2)


def test_an_address_in_use_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve(hello, port=port):
            pytest.fail("it must not start")
