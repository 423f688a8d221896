"""Access logs do not hold what opens albums."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from photoprivacy.gallery import RedactTokens
from photoprivacy.sharing import Never, ShareSigner, narrow

TOKEN = ShareSigner({1: b"k" * 32}).issue("0" * 32, epoch=1, expires=Never).token
SLOT, PHOTO = "1AIE5p67xEXM7tHV5wN7eQ", "e1128c70ca86f00513937415ea43e64b"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RedactTokens())
    logger = logging.Logger("test")  # noqa: LOG001 - one that nobody else knows
    logger.addHandler(handler)
    yield logger, written
    handler.close()


@pytest.mark.parametrize(
    "token",
    [TOKEN, narrow(TOKEN, photo="0" * 32), narrow(TOKEN, expires=Never)],
    ids=["whole", "of a photo", "of a time"],
)
@pytest.mark.parametrize("path", ["/s/{}/", "/{}", "/s/slot/{}", "/s/{}/p/0/thumb?a=1"])
def test_the_lines_of_uvicorn_have_no_token(
    log: tuple[logging.Logger, io.StringIO], token: str, path: str
) -> None:
    from uvicorn.logging import AccessFormatter

    logger, written = log
    logger.handlers[0].setFormatter(
        AccessFormatter("%(client_addr)s %(request_line)s %(status_code)s")
    )
    asked = path.format(token).replace("%2F", "/") if path.startswith("%") else path.format(token)
    logger.info('%s - "%s %s HTTP/%s" %d', "192.0.2.1:5", "GET", asked, "1.1", 200)
    assert "[link]" in written.getvalue()
    assert token not in written.getvalue()
    assert "192.0.2.1:5" in written.getvalue()
    assert "200" in written.getvalue()


def test_the_lines_of_gunicorn_have_no_token(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    atoms = {"h": "192.0.2.1", "r": f"GET /s/{TOKEN}/ HTTP/1.1", "s": "200", "f": f"/{TOKEN}/"}
    logger.info('%(h)s "%(r)s" %(s)s "%(f)s"', atoms)
    assert written.getvalue() == '192.0.2.1 "GET /s/[link]/ HTTP/1.1" 200 "/[link]/"\n'


def test_a_traceback_has_no_token_either(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    error = ValueError(f"no route for /{TOKEN}/")
    logger.error("failed at %r", [f"/{TOKEN}/"], exc_info=error)
    assert "ValueError: no route" in written.getvalue()
    assert TOKEN not in written.getvalue()
    assert written.getvalue().count("[link]") == 2


def test_what_opens_nothing_stays_readable(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.info("GET /s/%s/p/%s/thumb %d %.1f %s", SLOT, PHOTO, 200, 0.5, None)
    assert written.getvalue() == f"GET /s/{SLOT}/p/{PHOTO}/thumb 200 0.5 None\n"
