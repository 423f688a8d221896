"""Access logs without the keys to albums."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Final

#: As long as a token is, and made of what tokens are made of. Slots and photos' names are shorter.
_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{60,512}(?![A-Za-z0-9_-])")
_SAID: Final = "[link]"


def redacted(text: str) -> str:
    """Return *text* with what looks like a token taken out.

    >>> redacted("GET /s/" + "A" * 86 + "/ HTTP/1.1")
    'GET /s/[link]/ HTTP/1.1'
    """
    return _TOKEN.sub(_SAID, text)


class RedactTokens(logging.Filter):
    """A filter for a server's access log: the tokens of links do not get into it.

    Put it on the handlers of ``uvicorn.access`` or ``gunicorn.access``, and on those of errors:
    a filter on a logger does not see what its children log.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact *record*, and let it through."""
        if isinstance(record.args, Mapping):
            # gunicorn hands over everything that a format may name: it is put together here.
            record.msg, record.args = redacted(record.getMessage()), ()
            return True
        record.msg = _of(record.msg)
        if record.args:
            # uvicorn's formatter takes its arguments one by one: they stay apart.
            record.args = tuple(_of(value) for value in record.args)
        if record.exc_info and record.exc_text is None:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        return True


def _of(value: object) -> object:
    """Return a value without tokens; numbers and other things as they are, unless they tell one."""
    if isinstance(value, str):
        return redacted(value)
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    plain = redacted(text)
    return value if plain == text else plain
